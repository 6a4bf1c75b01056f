//! A file of holidays that a browser sends. It waits until somebody has looked at what it would change.

use crate::apis::Door;
use crate::context::Visitor;
use crate::house_error::{chain, honest};
use crate::wiring::House;
use ::api::ApiError;
use ::api::kept::NAME;
use ::api::pay::HolidayFileTake;
use axum::extract::{Multipart, State};
use axum::response::{IntoResponse, Redirect, Response};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE;
use figures::Locale;
use identity::RefusedForm;
use leptos::server_fn::ServerFn;
use model::access::ChangeSchedules;
use model::links;
use oncall::pay::files::{MAX_FILE_BYTES, SentFile};
use uuid::Uuid;

/// Parts of a form that are looked at: ours has two.
const MOST_PARTS: usize = 8;
const MOST_NAME: usize = 64;

/// Takes the form with the fields `calendar` and `file`, and sends the browser to what the file would change; or back, with the reason.
pub async fn file(State(house): State<House>, visitor: Visitor, form: Multipart) -> Response {
    let door = Door { house, visitor };
    match received(&door, form).await {
        Ok(id) => Redirect::to(&links::holidays_file(&id.to_string())).into_response(),
        Err(error) => back(&door, &error).await,
    }
}

async fn received(door: &Door, form: Multipart) -> Result<Uuid, ApiError> {
    let grant = door.admit::<ChangeSchedules>()?;
    let locale: Locale = door.visitor.viewer.locale;
    let shown = |error: oncall::Error| super::refusals::refused(error, locale);
    let sent: SentFile = parts(form).await.ok_or_else(|| super::refusals::not_sent(locale))?;
    if sent.bytes.len() <= MAX_FILE_BYTES {
        // What can't be read need not wait.
        door.house.oncall.schedules().read_holidays(&sent.calendar, &sent.bytes).await.map_err(shown)?;
    }
    door.house.pay.send_file(&grant, &sent).await.map_err(shown)
}

/// The file and what it is for. `None` when there is none, or the form breaks off.
async fn parts(mut form: Multipart) -> Option<SentFile> {
    let mut sent = SentFile { calendar: String::new(), bytes: Vec::new() };
    for _ in 0..MOST_PARTS {
        let Some(field) = form.next_field().await.ok()? else { break };
        let name: String = field.name().unwrap_or_default().to_owned();
        let bytes = field.bytes().await.ok()?;
        match name.as_str() {
            "calendar" => sent.calendar = String::from_utf8_lossy(&bytes).chars().take(MOST_NAME).collect(),
            "file" => sent.bytes = bytes.to_vec(),
            _ => {}
        }
    }
    (!sent.bytes.is_empty()).then_some(sent)
}

/// Back to the screen, which finds the reason as it finds that of any form.
async fn back(door: &Door, error: &ApiError) -> Response {
    let (Some(session), Ok(reason)) = (door.visitor.session, serde_json::to_vec(error)) else { return honest(error) };
    let form = RefusedForm { call: HolidayFileTake::PATH.to_owned(), refusal: URL_SAFE.encode(reason), fields: Vec::new() };
    match door.house.identity.keep_refused(session, &form).await {
        Ok(Some(id)) => Redirect::to(&format!("{}?{NAME}={id}", links::HOLIDAYS)).into_response(),
        Ok(None) => honest(error),
        Err(failure) => {
            tracing::warn!(error = chain(&failure), "a refused form could not be kept");
            honest(error)
        }
    }
}
