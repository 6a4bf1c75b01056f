//! Asking: every question once, some of them at a time.

pub(crate) mod cleaning;
#[cfg(test)]
pub(crate) mod fake;
#[cfg(test)]
mod tests;

use crate::needs::{Line, Number, Numbers, Unanswered};
use dashboard::{Filled, Trouble, TroubleKind};
use futures::future::{BoxFuture, FutureExt};
use futures::stream::{self, StreamExt};
use model::Time;
use promql::ast::Expr;
use std::sync::Arc;

/// Questions of one dashboard at a time. More would only keep the other dashboards waiting.
const MOST_AT_ONCE: usize = 8;

/// A question to whoever evaluates.
#[derive(Clone, Debug)]
pub(crate) struct Question {
    pub(crate) expr: Arc<Expr>,
    pub(crate) when: When,
}

/// At which moments.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum When {
    At(Time),
    Over { from: Time, to: Time, step_ms: i64 },
}

/// Series, those of a single moment with one point each; or why there are none.
pub(crate) type Answer = Result<Vec<Line>, Unanswered>;

/// The answers to all questions, in their order.
pub(crate) async fn answers(numbers: &Arc<dyn Numbers>, questions: &[Question]) -> Vec<Answer> {
    let asked = questions.iter().enumerate().map(|(place, question)| one(Arc::clone(numbers), place, question.clone()).boxed());
    let asked: Vec<BoxFuture<'static, (usize, Answer)>> = asked.collect();
    let mut found: Vec<(usize, Answer)> = stream::iter(asked).buffer_unordered(MOST_AT_ONCE).collect().await;
    found.sort_by_key(|(place, _)| *place);
    found.into_iter().map(|(_, answer)| answer).collect()
}

async fn one(numbers: Arc<dyn Numbers>, place: usize, question: Question) -> (usize, Answer) {
    let answer: Answer = match question.when {
        When::At(at) => {
            numbers.instant(&question.expr, at).await.map(|found| found.into_iter().map(|one| point(one, at)).collect())
        }
        When::Over { from, to, step_ms } => numbers.range(&question.expr, from, to, step_ms).await,
    };
    (place, answer)
}

fn point(number: Number, at: Time) -> Line {
    Line { labels: number.labels, points: vec![(at.0, number.value)] }
}

/// Why a query has no answer, for its reader. Bytes at fault are told in what the author wrote.
pub(crate) fn unanswered(query: usize, written: &str, filled: &Filled, why: &Unanswered) -> Trouble {
    let (kind, message, span) = match why {
        Unanswered::Refused { message, span } => {
            (TroubleKind::Refused, message.as_str(), span.map(|span| filled.back(span.start, span.end)))
        }
        Unanswered::TooMuch(message) => (TroubleKind::TooMuch, message.as_str(), None),
        Unanswered::TooSlow(message) => (TroubleKind::TooSlow, message.as_str(), None),
        Unanswered::Busy => (TroubleKind::Busy, "", None),
        Unanswered::Unavailable => (TroubleKind::Unavailable, "", None),
    };
    Trouble { query, kind, expr: written.to_owned(), message: message.to_owned(), span }
}
