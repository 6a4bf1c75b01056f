//! The notify room's door to the delivery log.

use crate::apis::Door;
use crate::apis::channels::shape::count;
use crate::apis::recipients::Recipients;
use crate::house_error::unavailable;
use ::api::ApiError;
use ::api::deliveries::{AttemptView, DeliveriesApi, DeliveryDetail, DeliveryList, DeliveryQuery, DeliveryRow, DeliveryState};
use ::api::error::Expected;
use async_trait::async_trait;
use figures::Locale;
use model::access::ReadConsole;
use model::ids::AlertId;
use notify::personal::Reach;
use notify::{AttemptRow, DeliveryId, Filter, State};

/// Answers the screens about deliveries.
pub struct Adapter(pub Door);

/// Deliveries of one screenful.
const SHOWN: usize = 50;

fn shown(error: notify::Error) -> ApiError {
    unavailable(&error)
}

#[async_trait]
impl DeliveriesApi for Adapter {
    async fn list(&self, query: DeliveryQuery) -> Result<DeliveryList, ApiError> {
        self.0.admit::<ReadConsole>()?;
        let filter: Filter = filter(&query, self.0.visitor.viewer.locale)?;
        let room = &self.0.house.notify;
        let mut rows: Vec<notify::DeliveryRow> = room.deliveries(&filter).await.map_err(shown)?;
        let goes_on: bool = rows.len() > SHOWN;
        rows.truncate(SHOWN);
        let more: Option<i64> = rows.last().filter(|_| goes_on).map(|row| row.seq);
        let channels: Vec<String> = room.channels().await.map_err(shown)?.into_iter().map(|row| row.name).collect();
        let rows: Vec<DeliveryRow> = self.shaped(rows).await;
        Ok(DeliveryList { rows, more, channels })
    }

    async fn detail(&self, id: String) -> Result<DeliveryDetail, ApiError> {
        self.0.admit::<ReadConsole>()?;
        let absent = || ApiError::NotFound { what: format!("the delivery {id:?}") };
        let number: DeliveryId = id.parse().map_err(|_| absent())?;
        let found: Option<notify::DeliveryDetail> = self.0.house.notify.delivery(number).await.map_err(shown)?;
        let found: notify::DeliveryDetail = found.ok_or_else(absent)?;
        let group: String = found.row.group.clone();
        let attempts: Vec<AttemptView> = found.attempts.into_iter().map(attempt).collect();
        let row: DeliveryRow = self.shaped(vec![found.row]).await.pop().ok_or_else(absent)?;
        Ok(DeliveryDetail { row, group, attempts })
    }
}

impl Adapter {
    /// Rows as shown, with the people among those who were paged.
    async fn shaped(&self, rows: Vec<notify::DeliveryRow>) -> Vec<DeliveryRow> {
        let is_personal = |row: &&notify::DeliveryRow| Reach::of_channel(&row.channel).is_some();
        let personal: Vec<DeliveryId> = rows.iter().filter(is_personal).map(|row| row.id).collect();
        let recipients: Recipients = Recipients::of(&self.0.house, &personal).await;
        let locale: Locale = self.0.visitor.viewer.locale;
        rows.into_iter().map(|one| row(one, &recipients, locale)).collect()
    }
}

/// One more than is shown, to know whether there are more.
fn filter(query: &DeliveryQuery, locale: Locale) -> Result<Filter, ApiError> {
    let state: Option<State> = match query.state.as_str() {
        "" => None,
        word => Some(State::from_word(word).ok_or_else(|| wrong("state", "due, sending, sent, failed, superseded"))?),
    };
    let alert: Option<AlertId> = match query.alert.trim() {
        "" => None,
        text => Some(text.parse::<AlertId>().map_err(|_| wrong_number(locale))?),
    };
    let channel: Option<String> = Some(query.channel.clone()).filter(|name| !name.is_empty());
    let limit: i64 = i64::try_from(SHOWN + 1).unwrap_or(i64::MAX);
    Ok(Filter { state, alert, channel, before: query.before, limit, ..Filter::default() })
}

fn wrong(field: &str, expected: &str) -> ApiError {
    ApiError::Invalid { field: field.to_owned(), expected: Expected::other(expected) }
}

fn wrong_number(locale: Locale) -> ApiError {
    match locale {
        Locale::Ja => wrong("アラート", "A-7 または 7 のような番号"),
        Locale::En => wrong("Alert", "a number such as A-7 or 7"),
    }
}

fn row(row: notify::DeliveryRow, recipients: &Recipients, locale: Locale) -> DeliveryRow {
    DeliveryRow {
        is_personal: Reach::of_channel(&row.channel).is_some(),
        id: row.id.to_string(),
        key: row.key,
        kind: row.kind.as_str().to_owned(),
        channel: recipients.said(Some(row.id), &row.channel, locale),
        passed_from: Some(row.origin).filter(|origin| *origin != row.channel),
        alerts: row.alerts,
        why: row.why,
        state: state(row.state),
        withdrawn: row.withdrawn.map(|why| why.as_str().to_owned()),
        at: row.at,
        due_at: row.due_at,
        ended_at: row.ended_at,
        attempts: count(i64::from(row.attempts)),
        answer: row.answer,
    }
}

fn state(state: State) -> DeliveryState {
    match state {
        State::Due => DeliveryState::Due,
        State::Sending => DeliveryState::Sending,
        State::Sent => DeliveryState::Sent,
        State::Failed => DeliveryState::Failed,
        State::Superseded => DeliveryState::Superseded,
    }
}

fn attempt(row: AttemptRow) -> AttemptView {
    AttemptView {
        attempt: count(i64::from(row.attempt)),
        worker: row.worker,
        began_at: row.began_at,
        ended_at: row.ended_at,
        outcome: row.outcome,
        detail: row.detail,
        took_ms: row.took_ms,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query(channel: &str, state: &str, alert: &str) -> DeliveryQuery {
        let text = str::to_owned;
        DeliveryQuery { channel: text(channel), state: text(state), alert: text(alert), before: None }
    }

    #[test]
    fn the_address_is_the_filter() {
        let read = filter(&query("ops", "failed", " a-7 "), Locale::En).unwrap();
        assert_eq!((read.channel.as_deref(), read.state, read.alert), (Some("ops"), Some(State::Failed), Some(AlertId(7))));
        let any = filter(&query("", "", ""), Locale::En).unwrap();
        assert_eq!((any.channel, any.state, any.alert, any.limit), (None, None, None, 51));
    }

    #[test]
    fn what_is_no_number_and_no_state_is_refused_with_what_was_expected() {
        assert_eq!(filter(&query("", "", "seven"), Locale::En), Err(wrong("Alert", "a number such as A-7 or 7")));
        assert!(filter(&query("", "queued", ""), Locale::Ja).is_err());
    }

    #[test]
    fn states_are_called_the_same_on_both_sides() {
        let both: Vec<(&str, &str)> =
            State::ALL.into_iter().zip(DeliveryState::ALL).map(|(there, here)| (there.as_str(), here.as_str())).collect();
        assert!(both.iter().all(|(there, here)| there == here), "{both:?}");
    }
}
