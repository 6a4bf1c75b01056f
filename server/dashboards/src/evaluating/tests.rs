//! Questions are asked together, and answered in their order.

use super::*;
use crate::evaluating::fake::{Fake, NOW, line};
use async_trait::async_trait;
use dashboard::{Values, interpolate};
use futures::executor::block_on;
use promql::ast::Span;
use std::sync::atomic::{AtomicUsize, Ordering};

fn question(expr: &str, when: When) -> Question {
    Question { expr: Arc::new(promql::parse(expr).unwrap()), when }
}

#[test]
fn a_moment_is_a_point_and_a_failure_keeps_nobody_else() {
    let over = When::Over { from: NOW.plus_ms(-60_000), to: NOW, step_ms: 15_000 };
    let fake = Fake::default()
        .range("up", vec![line(&[("host", "a")], 15_000, &[1.0, 2.0])])
        .instant("up", &[(&[("host", "a")], 7.0)])
        .fails("down", &Unanswered::Busy);
    let asked = [question("up", When::At(NOW)), question("down", over), question("up", over), question("unheard", over)];
    let found = block_on(answers(&fake.needs().numbers, &asked));
    assert_eq!(found[0].as_ref().unwrap()[0].points, [(NOW.0, 7.0)]);
    assert_eq!(found[1], Err(Unanswered::Busy));
    assert_eq!(found[2].as_ref().unwrap()[0].points, [(NOW.0 - 15_000, 1.0), (NOW.0, 2.0)]);
    assert_eq!(found[3], Ok(Vec::new()));
    assert!(block_on(answers(&fake.needs().numbers, &[])).is_empty());
}

/// Says how many were asked at the same time at most.
#[derive(Default)]
struct Crowd {
    inside: AtomicUsize,
    most: AtomicUsize,
}

#[async_trait]
impl Numbers for Crowd {
    async fn instant(&self, _expr: &Expr, _at: Time) -> Result<Vec<Number>, Unanswered> {
        let inside: usize = self.inside.fetch_add(1, Ordering::Relaxed) + 1;
        self.most.fetch_max(inside, Ordering::Relaxed);
        // Lets the others go on.
        let mut has_waited = false;
        std::future::poll_fn(|context| {
            if std::mem::replace(&mut has_waited, true) {
                return std::task::Poll::Ready(());
            }
            context.waker().wake_by_ref();
            std::task::Poll::Pending
        })
        .await;
        self.inside.fetch_sub(1, Ordering::Relaxed);
        Ok(Vec::new())
    }

    async fn range(&self, _expr: &Expr, _from: Time, _to: Time, _step_ms: i64) -> Result<Vec<Line>, Unanswered> {
        Ok(Vec::new())
    }

    async fn label_values(
        &self,
        _label: &str,
        _selector: &str,
        _span: (Time, Time),
        _most: usize,
    ) -> Result<Vec<String>, Unanswered> {
        Ok(Vec::new())
    }
}

#[test]
fn no_more_than_so_many_are_asked_at_a_time() {
    let crowd: Arc<Crowd> = Arc::default();
    let numbers: Arc<dyn Numbers> = crowd.clone();
    let questions: Vec<Question> = (0..40).map(|nth| question(&format!("up + {nth}"), When::At(NOW))).collect();
    assert_eq!(block_on(answers(&numbers, &questions)).len(), 40);
    assert_eq!(crowd.most.load(Ordering::Relaxed), MOST_AT_ONCE);
}

#[test]
fn a_refusal_is_told_at_its_place_in_what_was_written() {
    let values = Values::new(0, 3_600_000, 15_000);
    let written = "sum(x) / on (a) rate(y[$__range])";
    let filled = interpolate(written, &values);
    let at: usize = filled.text.find("[1h]").unwrap();
    let why = Unanswered::Refused { message: "no".to_owned(), span: Some(Span::new(at, at + 4)) };
    let trouble = unanswered(2, written, &filled, &why);
    let (start, end) = trouble.span.unwrap();
    assert_eq!((&written[start..end], trouble.query, trouble.message.as_str()), ("[$__range]", 2, "no"));
    for (why, kind) in [
        (Unanswered::TooMuch("much".to_owned()), TroubleKind::TooMuch),
        (Unanswered::TooSlow("slow".to_owned()), TroubleKind::TooSlow),
        (Unanswered::Busy, TroubleKind::Busy),
        (Unanswered::Unavailable, TroubleKind::Unavailable),
    ] {
        assert_eq!(unanswered(0, written, &filled, &why).kind, kind);
    }
}
