//! `POST /hooks/slack`: the buttons of our messages.
//!
//! Slack wants an answer within three seconds and tells whoever pressed that something is wrong when there is none. So the work has its
//! own task: what is not done by then is done a moment later, and the message shows it. The message itself is changed by the notice that
//! every acknowledgement sends; here only refusals are said, to whoever pressed.

use super::who::{self, Found};
use super::{header, refused, words};
use crate::house_error::chain;
use crate::wiring::House;
use alerting::Error;
use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use figures::Locale;
use kernel::Grant;
use model::access::AnswerAlert;
use model::ids::AlertId;
use notify::channels::slack::pressed::{Act, COMMENT, Pressed};
use notify::incoming::{Signed, SlackApp};
use serde_json::json;
use std::time::Duration;

/// Well within Slack's three seconds.
const PATIENCE: Duration = Duration::from_millis(2_500);

/// Answers one request.
pub async fn pressed(State(house): State<House>, headers: HeaderMap, body: Bytes) -> Response {
    let signed = Signed {
        timestamp: header(&headers, "x-slack-request-timestamp"),
        signature: header(&headers, "x-slack-signature"),
        body: &body,
    };
    let app: SlackApp = match house.notify.slack_signed(&signed).await {
        Ok(app) => app,
        Err(error) => return refused(&error),
    };
    let Some(pressed) = Pressed::read(&body) else {
        return StatusCode::OK.into_response();
    };
    let work = tokio::spawn(async move { answer(&house, &app, &pressed).await });
    match tokio::time::timeout(PATIENCE, work).await {
        Ok(Ok(answer)) => answer,
        // It goes on by itself; or it panicked, which the log says.
        Ok(Err(_)) | Err(_) => StatusCode::OK.into_response(),
    }
}

async fn answer(house: &House, app: &SlackApp, pressed: &Pressed) -> Response {
    let locale: Locale = app.locale;
    if pressed.act == Act::AskComment {
        ask(house, app, pressed).await;
        return StatusCode::OK.into_response();
    }
    let refusals: Vec<String> = match who::of_slack(house, app, pressed).await {
        Ok(Found::May(grant)) => act(house, &grant, pressed, locale).await,
        Ok(Found::MayNot) => vec![words::not_allowed(locale).to_owned()],
        Ok(Found::Disabled) => vec![words::disabled(locale).to_owned()],
        Err(error) => {
            tracing::error!(error = chain(&error), "who pressed in Slack could not be found out");
            vec![words::away(locale).to_owned()]
        }
    };
    if refusals.is_empty() {
        return StatusCode::OK.into_response();
    }
    tell(house, app, pressed, &refusals.join("\n")).await
}

async fn ask(house: &House, app: &SlackApp, pressed: &Pressed) {
    let Some(trigger) = &pressed.trigger else { return };
    if let Err(error) = app.ask_for_comment(trigger, &pressed.alerts, house.clock.now()).await {
        tracing::warn!(%error, channel = app.channel, "the window for a comment could not be opened");
        let said: &str = words::away(app.locale);
        whisper(house, app, pressed, said).await;
    }
}

/// Does it to every alert, and returns what was refused.
async fn act(house: &House, grant: &Grant<AnswerAlert>, pressed: &Pressed, locale: Locale) -> Vec<String> {
    let mut refusals: Vec<String> = Vec::new();
    for alert in &pressed.alerts {
        if let Err(error) = act_on(house, grant, *alert, &pressed.act).await {
            let said: String = refusal(&error, locale);
            if !refusals.contains(&said) {
                refusals.push(said);
            }
        }
    }
    refusals
}

async fn act_on(house: &House, grant: &Grant<AnswerAlert>, alert: AlertId, act: &Act) -> Result<(), Error> {
    match act {
        Act::Acknowledge => house.alerting.acknowledge(grant, alert, None).await.map(|_| ()),
        Act::Unacknowledge => house.alerting.unacknowledge(grant, alert).await.map(|_| ()),
        Act::Comment(said) => house.alerting.comment(grant, alert, said.clone()).await,
        Act::AskComment => Ok(()),
    }
}

fn refusal(error: &Error, locale: Locale) -> String {
    match error {
        Error::NotFound(alert) => words::not_found(&alert.to_string(), locale),
        Error::NotFiring { id, state } => words::not_firing(&id.to_string(), *state, locale),
        Error::EmptyComment | Error::LongComment { .. } => words::comment_length(locale),
        other => {
            tracing::error!(error = chain(other), "an answer from Slack could not be recorded");
            words::away(locale).to_owned()
        }
    }
}

/// Says what was refused: in the window if there is one, else to whoever pressed alone.
async fn tell(house: &House, app: &SlackApp, pressed: &Pressed, said: &str) -> Response {
    if matches!(pressed.act, Act::Comment(_)) {
        return Json(json!({ "response_action": "errors", "errors": { COMMENT: said } })).into_response();
    }
    whisper(house, app, pressed, said).await;
    StatusCode::OK.into_response()
}

async fn whisper(house: &House, app: &SlackApp, pressed: &Pressed, said: &str) {
    let Some(response_url) = &pressed.response_url else { return };
    if let Err(error) = app.whisper(response_url, said, house.clock.now()).await {
        tracing::warn!(%error, channel = app.channel, "whoever pressed in Slack could not be told why nothing happened");
    }
}
