//! `POST /hooks/pagerduty/<channel>`: what happened in PagerDuty to an incident that a page of ours opened.
//!
//! What a person did there is done here, under their name. What PagerDuty did by itself is left alone, because most of it is the echo of
//! what we told it, and an incident that it closes for its age may still burn; only an acknowledgement that ran out there is taken back.

use super::{away, header, refused, stranger, who, words};
use crate::wiring::House;
use alerting::Error;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use figures::Locale;
use kernel::{Denied, Grant};
use model::access::AnswerAlert;
use model::ids::AlertId;
use notify::channels::pagerduty::heard::{Happened, Heard};
use notify::incoming::IncomingError;

/// Why it could not be done now: PagerDuty tells it again.
#[derive(Debug, thiserror::Error)]
enum Undone {
    #[error("look up what PagerDuty tells of")]
    Notify(#[from] notify::Error),
    #[error("do what was done in PagerDuty")]
    Alerting(#[from] Error),
    #[error(transparent)]
    Denied(#[from] Denied),
}

/// Answers one request.
pub async fn heard(State(house): State<House>, Path(channel): Path<String>, headers: HeaderMap, body: Bytes) -> Response {
    let signatures: &str = header(&headers, "x-pagerduty-signature");
    let locale: Locale = match house.notify.pagerduty_signed(&channel, signatures, &body).await {
        Ok(locale) => locale,
        Err(IncomingError::Malformed { expected }) => {
            let said: String = format!("x-pagerduty-signature: expected {expected}\n");
            return stranger((StatusCode::BAD_REQUEST, said).into_response());
        }
        Err(error) => return refused(&error),
    };
    let Some(heard) = Heard::read(&body) else {
        return StatusCode::OK.into_response();
    };
    match once(&house, &channel, &heard, locale).await {
        Ok(()) => StatusCode::OK.into_response(),
        Err(error) => away(&error),
    }
}

/// Does it unless it was done before. It is noted afterwards: what fails half-way is told again, and every act can be done twice.
async fn once(house: &House, channel: &str, heard: &Heard, locale: Locale) -> Result<(), Undone> {
    if house.notify.is_heard(channel, &heard.id).await? {
        return Ok(());
    }
    let actor = who::named("PagerDuty ", heard.by.as_deref().unwrap_or_default(), channel);
    let grant: Grant<AnswerAlert> = kernel::authorize::<AnswerAlert>(&actor, None)?;
    for alert in house.notify.alerts_of(channel, &heard.key).await? {
        match act_on(house, &grant, alert, heard, locale).await {
            // It was resolved meanwhile, or is older than our memory: there is nothing to do.
            Ok(()) | Err(Error::NotFound(_) | Error::NotFiring { .. }) => {}
            Err(error) => return Err(error.into()),
        }
    }
    house.notify.note_heard(channel, &heard.id).await?;
    Ok(())
}

async fn act_on(house: &House, grant: &Grant<AnswerAlert>, alert: AlertId, heard: &Heard, locale: Locale) -> Result<(), Error> {
    match &heard.happened {
        Happened::Unacknowledged => house.alerting.unacknowledge(grant, alert).await.map(|_| ()),
        Happened::Reassigned(to) if !to.is_empty() => house.alerting.comment(grant, alert, words::reassigned(to, locale)).await,
        Happened::Acknowledged if heard.by.is_some() => house.alerting.acknowledge(grant, alert, None).await.map(|_| ()),
        Happened::Resolved if heard.by.is_some() => house.alerting.resolve(grant, alert, None).await.map(|_| ()),
        Happened::Reassigned(_) | Happened::Acknowledged | Happened::Resolved => Ok(()),
    }
}
