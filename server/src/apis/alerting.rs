//! The alerting room's door: Now, alerts, one alert, rules, and what people do about them.

mod detail;
mod now;
mod shape;
mod sparks;

use crate::apis::Door;
use crate::house_error::unavailable;
use ::api::ApiError;
use ::api::alerting::{AlertDetail, AlertList, AlertQuery, AlertingApi, NowView, OpenCount, RuleRow, Taken};
use alerting::{Error, Filter, Show};
use async_trait::async_trait;
use model::Severity;
use model::access::{AnswerAlert, ReadConsole};
use model::ids::{AlertId, RuleId};

/// Answers the screens of `respond`.
pub struct Adapter(pub Door);

/// Rows of one screenful.
const SCREENFUL: usize = 50;
/// Open alerts come whole, by urgency and not by number: this many at most.
const MOST_OPEN: i64 = 500;

/// What a screen may see of this room's errors.
pub fn shown(error: Error) -> ApiError {
    match error {
        Error::NotFound(id) => ApiError::NotFound { what: format!("alert {id}") },
        Error::NotFiring { .. } => ApiError::Denied { reason: error.to_string() },
        Error::EmptyComment | Error::LongComment { .. } => {
            ApiError::Invalid { field: "comment".to_owned(), expected: error.to_string() }
        }
        Error::Rules(_) | Error::Database(_) | Error::Corrupt { .. } | Error::Encode { .. } | Error::Lease(_) => {
            unavailable(&error)
        }
    }
}

#[async_trait]
impl AlertingApi for Adapter {
    async fn now(&self) -> Result<NowView, ApiError> {
        self.0.admit::<ReadConsole>()?;
        now::view(&self.0).await
    }

    async fn alerts(&self, query: AlertQuery) -> Result<AlertList, ApiError> {
        self.0.admit::<ReadConsole>()?;
        let filter = filter(&query)?;
        let room = &self.0.house.alerting;
        let mut found = room.alerts(&filter).await.map_err(shown)?;
        let tally = room.tally().await.map_err(shown)?;
        let has_more = !is_whole(filter.show) && found.len() > SCREENFUL;
        if has_more {
            found.truncate(SCREENFUL);
        }
        let more = found.last().filter(|_| has_more).map(|row| row.id.0);
        let mut rows: Vec<_> = found.into_iter().map(shape::row).collect();
        sparks::fill(&self.0.house, &mut rows).await;
        Ok(AlertList { rows, tally: shape::tally(&tally), pending: shape::count(tally.pending), more })
    }

    async fn alert(&self, id: AlertId) -> Result<AlertDetail, ApiError> {
        self.0.admit::<ReadConsole>()?;
        detail::view(&self.0, id).await
    }

    async fn rules(&self) -> Result<Vec<RuleRow>, ApiError> {
        self.0.admit::<ReadConsole>()?;
        let rules = self.0.house.alerting.rules().await.map_err(shown)?;
        Ok(rules.into_iter().map(shape::rule).collect())
    }

    async fn open_count(&self) -> Result<OpenCount, ApiError> {
        self.0.admit::<ReadConsole>()?;
        let tally = self.0.house.alerting.tally().await.map_err(shown)?;
        let (unanswered, held) = tally.by_severity.iter().fold((0, 0), |sum, one| (sum.0 + one.unanswered, sum.1 + one.held));
        Ok(OpenCount { unanswered: shape::count(unanswered), held: shape::count(held) })
    }

    async fn acknowledge(&self, id: AlertId, comment: Option<String>) -> Result<Taken, ApiError> {
        let grant = self.0.admit::<AnswerAlert>()?;
        let taken = self.0.house.alerting.acknowledge(&grant, id, comment).await.map_err(shown)?;
        Ok(Taken { id, by: taken.held.by, already: taken.already })
    }

    async fn unacknowledge(&self, id: AlertId) -> Result<(), ApiError> {
        let grant = self.0.admit::<AnswerAlert>()?;
        self.0.house.alerting.unacknowledge(&grant, id).await.map(|_| ()).map_err(shown)
    }

    async fn undo_take(&self, id: AlertId) -> Result<bool, ApiError> {
        let grant = self.0.admit::<AnswerAlert>()?;
        self.0.house.alerting.unacknowledge_own(&grant, id).await.map_err(shown)
    }

    async fn comment(&self, id: AlertId, comment: String) -> Result<(), ApiError> {
        let grant = self.0.admit::<AnswerAlert>()?;
        self.0.house.alerting.comment(&grant, id, comment).await.map_err(shown)
    }

    async fn resolve(&self, id: AlertId, comment: Option<String>) -> Result<(), ApiError> {
        let grant = self.0.admit::<AnswerAlert>()?;
        self.0.house.alerting.resolve(&grant, id, comment).await.map(|_| ()).map_err(shown)
    }
}

/// Whether these alerts come whole, by urgency, instead of a screenful at a time, newest first.
fn is_whole(show: Show) -> bool {
    matches!(show, Show::Open | Show::Unanswered)
}

/// The room's filter for what the address asks. One row more than a screenful tells whether there are more.
fn filter(query: &AlertQuery) -> Result<Filter, ApiError> {
    let show = match query.show.as_str() {
        "" => Show::Open,
        word => Show::from_word(word).ok_or_else(|| invalid("show", "open, unanswered, held, pending, resolved or all"))?,
    };
    let severity = match query.severity.as_deref() {
        None | Some("") => None,
        Some(word) => Some(Severity::from_word(word).ok_or_else(|| invalid("severity", "p0, p1, p2 or p3"))?),
    };
    Ok(Filter {
        show,
        severity,
        rule: query.rule.clone().filter(|id| !id.is_empty()).map(RuleId),
        search: query.search.clone().filter(|text| !text.trim().is_empty()),
        before: query.before.map(AlertId),
        limit: if is_whole(show) { MOST_OPEN } else { SCREENFUL as i64 + 1 },
        ..Filter::default()
    })
}

fn invalid(field: &str, expected: &str) -> ApiError {
    ApiError::Invalid { field: field.to_owned(), expected: expected.to_owned() }
}
