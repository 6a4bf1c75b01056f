//! A postmortem leaves the house: as a file of Markdown, as a sheet to print, and by a link for those who have it.
//!
//! 1. Files and sheets are for signed-in people, who get what they may see; what they may not see is not found.
//! 2. By a link anybody reads what was written down when it was shared. The key in the address is all that is asked: who guesses is slowed down
//!    like everybody who knocks in vain (`hooks::knocks`), and a link that ended looks like one that never was.
//! 3. None of these carries a script, and none is kept by a cache.

use crate::apis::Door;
use crate::apis::postmortems::refusals::shown;
use crate::context::Visitor;
use crate::house_error::{honest, unavailable};
use crate::security::NoScript;
use crate::signin::style_href;
use crate::trouble::{self, Asker};
use crate::wiring::House;
use ::api::ApiError;
use alerting::inbound::http::answers::Stranger;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use documents::postmortems::paper::{self, Frame};
use figures::Locale;
use model::Actor;
use model::access::ReadDocuments;
use model::ids::IncidentId;
use serde::Deserialize;

/// A file of Markdown: `?form=stored` or `?form=expanded`.
pub const EXPORT: &str = "/postmortems/{incident}/export";
/// A sheet.
pub const PRINT: &str = "/postmortems/{incident}/print";
/// What outsiders read; [`model::links::shared`] writes the same.
pub const SHARED: &str = "/shared/{token}";

/// In which form.
#[derive(Debug, Deserialize)]
pub struct Asked {
    #[serde(default)]
    form: String,
}

/// `GET /postmortems/{incident}/export`
pub async fn export(
    State(house): State<House>,
    visitor: Visitor,
    Path(incident): Path<String>,
    Query(asked): Query<Asked>,
) -> Response {
    match markdown(&house, visitor, &incident, asked.form == "expanded").await {
        Ok((id, text)) => file(id, text),
        Err(error) => honest(&error),
    }
}

async fn markdown(house: &House, visitor: Visitor, incident: &str, is_expanded: bool) -> Result<(IncidentId, String), ApiError> {
    let door = Door { house: house.clone(), visitor };
    let (actor, id): (&Actor, IncidentId) = (reader(&door)?, named(incident)?);
    let text: String = if is_expanded {
        house.documents.export_postmortem_expanded(actor, id).await.map_err(shown)?
    } else {
        house.documents.export_postmortem(actor, id).await.map_err(shown)?
    };
    Ok((id, text))
}

fn file(id: IncidentId, text: String) -> Response {
    let mut response: Response = text.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/markdown; charset=utf-8"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Ok(name) = HeaderValue::from_str(&format!("attachment; filename=\"postmortem-{id}.md\"")) {
        headers.insert(header::CONTENT_DISPOSITION, name);
    }
    response
}

/// `GET /postmortems/{incident}/print`
pub async fn print(State(house): State<House>, visitor: Visitor, Path(incident): Path<String>) -> Response {
    match sheet(&house, visitor, &incident).await {
        Ok(html) => plain(StatusCode::OK, html),
        Err(error) => honest(&error),
    }
}

async fn sheet(house: &House, visitor: Visitor, incident: &str) -> Result<String, ApiError> {
    let door = Door { house: house.clone(), visitor };
    let (actor, id): (&Actor, IncidentId) = (reader(&door)?, named(incident)?);
    house.documents.print_postmortem(actor, id, &style_href()).await.map_err(shown)
}

/// `GET /shared/{token}`, for requests of anybody.
pub async fn shared(State(house): State<House>, visitor: Visitor, Path(token): Path<String>) -> Response {
    let locale: Locale = visitor.viewer.locale;
    match house.documents.shared_postmortem(&token, &style_href()).await {
        Ok(Some(html)) => plain(StatusCode::OK, html),
        Ok(None) => nowhere(locale),
        Err(error) => {
            // Logged there; what lies inside is nothing for strangers.
            let _ = unavailable(&error);
            trouble::no_database(Asker::Person(locale))
        }
    }
}

/// Whoever may read documents.
fn reader(door: &Door) -> Result<&Actor, ApiError> {
    door.admit::<ReadDocuments>()?;
    door.visitor.actor.as_ref().ok_or(ApiError::SignedOut)
}

fn named(incident: &str) -> Result<IncidentId, ApiError> {
    incident.parse::<IncidentId>().map_err(|_| ApiError::NotFound { what: format!("postmortem {incident}") })
}

/// Nothing keeps it, nothing runs in it, and no search engine lists it.
fn plain(status: StatusCode, html: String) -> Response {
    let mut response = (status, [(header::CACHE_CONTROL, "no-store")], Html(html)).into_response();
    response.headers_mut().insert("x-robots-tag", HeaderValue::from_static("noindex"));
    response.extensions_mut().insert(NoScript);
    response
}

/// A link that never was, or is no more: nobody learns which.
fn nowhere(locale: Locale) -> Response {
    let (title, said): (&str, &str) = match locale {
        Locale::Ja => ("このリンクは使えません", "期限が切れたか、共有が止められました。送ってくれた人に確かめてください。"),
        Locale::En => ("This link does not work", "It has ended or was revoked. Ask whoever sent it to you."),
    };
    let style: String = style_href();
    let frame = Frame { title, head: &[], style_href: &style, locale };
    let mut response: Response = plain(StatusCode::NOT_FOUND, paper::document(&frame, &format!("<p>{said}</p>")));
    response.extensions_mut().insert(Stranger);
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_called_after_its_incident_and_kept_by_nobody() {
        let response: Response = file(IncidentId(42), "# 見出し\n".to_owned());
        let headers = response.headers();
        assert_eq!(headers[header::CONTENT_DISPOSITION], "attachment; filename=\"postmortem-I-42.md\"");
        assert_eq!(headers[header::CONTENT_TYPE], "text/markdown; charset=utf-8");
        assert_eq!(headers[header::CACHE_CONTROL], "no-store");
    }

    #[test]
    fn who_guesses_a_link_counts_as_a_stranger() {
        let response: Response = nowhere(Locale::Ja);
        assert_eq!(response.status(), StatusCode::NOT_FOUND);
        assert!(response.extensions().get::<Stranger>().is_some() && response.extensions().get::<NoScript>().is_some());
        assert!(plain(StatusCode::OK, String::new()).extensions().get::<Stranger>().is_none());
    }

    #[test]
    fn what_is_no_number_is_not_found() {
        assert_eq!(named("I-42"), Ok(IncidentId(42)));
        assert!(matches!(named("../x"), Err(ApiError::NotFound { .. })));
    }
}
