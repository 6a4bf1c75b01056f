//! The alerting room's door: Now, alerts, one alert, rules, and what people do about them.

mod detail;
mod now;
pub mod rows;
pub mod shape;
pub mod sparks;
mod told_documents;

use crate::apis::Door;
use crate::house_error::unavailable;
use ::api::ApiError;
use ::api::alerting::{self as wanted, AlertDetail, AlertList, AlertQuery, AlertingApi, Answered, NowView, OpenCount, Taken};
use ::api::error::{Denial, Expected};
use alerting::rulebook::Refused;
use alerting::{AlertRow, Error, Filter, Place, Several, Show};
use async_trait::async_trait;
use axum::http::StatusCode;
use leptos::context::use_context;
use leptos_axum::ResponseOptions;
use model::Severity;
use model::access::{AnswerAlert, ReadConsole};
use model::alert::MAX_COMMENT;
use model::ids::{AlertId, RuleId};

/// Answers the screens of `respond`.
pub struct Adapter(pub Door);

/// Rows of one screenful: of a list by number, and of one by urgency, where whoever looks wants to see as much as can be read.
const SCREENFUL: usize = 50;
const SCREENFUL_BY_URGENCY: usize = 200;

/// What a screen may see of this room's errors.
pub fn shown(error: Error) -> ApiError {
    match error {
        Error::NotFound(id) => ApiError::NotFound { what: format!("alert {id}") },
        Error::NotFiring { id, state } => ApiError::Denied { reason: Denial::NotFiring { alert: id, state } },
        Error::EmptyComment | Error::LongComment { .. } => {
            let most = u32::try_from(MAX_COMMENT).unwrap_or(u32::MAX);
            ApiError::Invalid { field: "comment".to_owned(), expected: Expected::Characters { least: 1, most } }
        }
        Error::Lasting { .. } => invalid("span", "30m, 1h, 4h, 8h or nothing"),
        Error::Many { .. } => invalid("ids", "at most a screenful of alerts"),
        Error::Rulebook(Refused::Gone(rule)) => ApiError::NotFound { what: format!("rule {rule}") },
        Error::Rulebook(refused) => ApiError::Denied { reason: Denial::Other { said: refused.to_string() } },
        Error::Silence(refused) => ApiError::Denied { reason: Denial::Other { said: refused.to_string() } },
        Error::NoIntegration(id) => ApiError::NotFound { what: format!("integration {id}") },
        Error::Inbound(wrong) => ApiError::Invalid { field: wrong.field, expected: Expected::Other { said: wrong.expected } },
        Error::Rules(_)
        | Error::Database(_)
        | Error::Corrupt { .. }
        | Error::Encode { .. }
        | Error::Full(_)
        | Error::Lease(_)
        | Error::Pager(_) => unavailable(&error),
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
        let tally = self.0.house.alerting.tally().await.map_err(shown)?;
        let screenful =
            if filter.show.by_urgency() { self.by_urgency(&filter, &tally).await? } else { self.by_number(&filter).await? };
        let mut shown_rows = rows::of(&self.0.house, screenful.rows).await?;
        // A list is worth showing without its small lines.
        let rules = self.0.house.alerting.rules().await.unwrap_or_default();
        rows::compare(&mut shown_rows, &rules);
        sparks::fill(&self.0.house, &rules, &mut shown_rows).await;
        Ok(AlertList {
            rows: shown_rows,
            tally: shape::tally(&tally),
            pending: shape::count(tally.pending),
            muted: shape::count(tally.muted),
            more: screenful.more,
            next: screenful.next,
            rest: screenful.rest,
        })
    }

    async fn alert(&self, id: AlertId) -> Result<AlertDetail, ApiError> {
        self.0.admit::<ReadConsole>()?;
        // Asked before anything is awaited, while the render that asks is surely the one whose context this is.
        let response = use_context::<ResponseOptions>();
        let found = detail::view(&self.0, id).await;
        if let (Err(ApiError::NotFound { .. }), Some(response)) = (&found, response) {
            // The screen says it in words; the answer says it to whatever reads no words.
            response.set_status(StatusCode::NOT_FOUND);
        }
        found
    }

    async fn open_count(&self) -> Result<OpenCount, ApiError> {
        self.0.admit::<ReadConsole>()?;
        let tally = self.0.house.alerting.tally().await.map_err(shown)?;
        let (unanswered, held) = tally.by_severity.iter().fold((0, 0), |sum, one| (sum.0 + one.unanswered, sum.1 + one.held));
        Ok(OpenCount { unanswered: shape::count(unanswered), held: shape::count(held) })
    }

    async fn acknowledge(&self, id: AlertId, comment: Option<String>, span: String) -> Result<Taken, ApiError> {
        let grant = self.0.admit::<AnswerAlert>()?;
        let lasting_ms = lasting(&span)?;
        let taken = self.0.house.alerting.acknowledge_for(&grant, id, comment, lasting_ms).await.map_err(shown)?;
        Ok(Taken { id, by: taken.held.by, already: taken.already })
    }

    async fn acknowledge_all(&self, ids: Vec<AlertId>, comment: Option<String>, span: String) -> Result<Answered, ApiError> {
        let grant = self.0.admit::<AnswerAlert>()?;
        let lasting_ms = lasting(&span)?;
        let ids = chosen(ids)?;
        self.0.house.alerting.acknowledge_all(&grant, &ids, comment, lasting_ms).await.map(answered).map_err(shown)
    }

    async fn prolong(&self, id: AlertId, span: String) -> Result<bool, ApiError> {
        let grant = self.0.admit::<AnswerAlert>()?;
        let lasting_ms = lasting(&span)?;
        self.0.house.alerting.prolong(&grant, id, lasting_ms).await.map(|held| held.is_some()).map_err(shown)
    }

    async fn unacknowledge_all(&self, ids: Vec<AlertId>) -> Result<Answered, ApiError> {
        let grant = self.0.admit::<AnswerAlert>()?;
        let ids = chosen(ids)?;
        self.0.house.alerting.unacknowledge_all(&grant, &ids).await.map(answered).map_err(shown)
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

/// For how long somebody wants an alert.
fn lasting(span: &str) -> Result<Option<i64>, ApiError> {
    wanted::span_ms(span).ok_or_else(|| invalid("span", "30m, 1h, 4h, 8h or nothing"))
}

/// The alerts that were ticked, each once; a form in which none was means nothing.
fn chosen(mut ids: Vec<AlertId>) -> Result<Vec<AlertId>, ApiError> {
    ids.sort_unstable();
    ids.dedup();
    if ids.is_empty() { Err(invalid("ids", "at least one alert")) } else { Ok(ids) }
}

fn answered(several: Several) -> Answered {
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    Answered { done: count(several.done.len()), left: count(several.n_left), gone: count(several.n_gone) }
}

/// What stands on the screen, and where the list goes on.
#[derive(Default)]
struct Screenful {
    rows: Vec<AlertRow>,
    more: Option<i64>,
    next: Option<String>,
    rest: u32,
}

impl Adapter {
    /// What needs somebody most first: the rest is counted, because nobody may think that this is all.
    async fn by_urgency(&self, filter: &Filter, tally: &alerting::Tally) -> Result<Screenful, ApiError> {
        let room = &self.0.house.alerting;
        let (rows, n_all) = match filter.counted_by(tally) {
            Some(n_all) => (room.alerts(filter).await.map_err(shown)?, n_all),
            None => room.alerts_counted(filter).await.map_err(shown)?,
        };
        let n_rows = i64::try_from(rows.len()).unwrap_or(i64::MAX);
        let rest = shape::count(n_all.saturating_sub(n_rows));
        let next = rows.last().filter(|_| rest > 0).map(|row| Place::of(row).to_string());
        Ok(Screenful { rows, next, rest, ..Screenful::default() })
    }

    /// The newest first: one row more than a screenful tells whether there are more.
    async fn by_number(&self, filter: &Filter) -> Result<Screenful, ApiError> {
        let mut rows = self.0.house.alerting.alerts(filter).await.map_err(shown)?;
        let has_more = rows.len() > SCREENFUL;
        rows.truncate(SCREENFUL);
        let more = rows.last().filter(|_| has_more).map(|row| row.id.0);
        Ok(Screenful { rows, more, ..Screenful::default() })
    }
}

/// The room's filter for what the address asks.
fn filter(query: &AlertQuery) -> Result<Filter, ApiError> {
    let show = match query.show.as_str() {
        "" => Show::Open,
        word => {
            Show::from_word(word).ok_or_else(|| invalid("show", "open, unanswered, held, silenced, pending, resolved or all"))?
        }
    };
    let severity = match query.severity.as_deref() {
        None | Some("") => None,
        Some(word) => Some(Severity::from_word(word).ok_or_else(|| invalid("severity", "p0, p1, p2 or p3"))?),
    };
    let after = match query.after.as_deref() {
        None | Some("") => None,
        Some(word) => Some(Place::from_word(word).ok_or_else(|| invalid("after", "a place in the list, as its link has it"))?),
    };
    let limit = if show.by_urgency() { SCREENFUL_BY_URGENCY as i64 } else { SCREENFUL as i64 + 1 };
    Ok(Filter {
        show,
        severity,
        rule: query.rule.clone().filter(|id| !id.is_empty()).map(RuleId),
        search: query.search.clone().filter(|text| !text.trim().is_empty()),
        before: query.before.map(AlertId),
        after,
        limit,
        ..Filter::default()
    })
}

fn invalid(field: &str, expected: &str) -> ApiError {
    ApiError::Invalid { field: field.to_owned(), expected: Expected::other(expected) }
}
