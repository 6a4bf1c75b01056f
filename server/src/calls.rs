//! What becomes of a server function's answer before it leaves: an honest status for a refusal, and a screen for a secret.
//!
//! Leptos answers every refusal with 500 and the reason as JSON, and every form that was sent without a script with a redirect. The
//! reason stays as it is, and so do the redirects (what they carry is `kept`'s); but a redirect can carry no secret, so an answer that is
//! shown exactly once becomes a screen of its own.

use crate::house_error::honest;
use crate::security::NoScript;
use crate::{context, kept, signin};
use api::ApiError;
use api::identity::{PersonInvite, ShownOnce, TokenMake};
use api::integrations::{IntegrationMake, IntegrationRekey};
use api::oncall::FeedMake;
use api::viewer::Viewer;
use api::wire::Packing;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::Request;
use axum::http::response::Parts;
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use leptos::server_fn::error::SERVER_FN_ERROR_HEADER;
use leptos::server_fn::{Decodes, ServerFn};
use manage::plain::{self, Secret};
use uuid::Uuid;

/// Refusals and secrets are short.
const MOST: usize = 64 * 1024;

/// What was asked, kept while it is answered. No `Debug`: people write anything into forms.
#[derive(Clone, PartialEq, Eq)]
pub struct Asked {
    path: String,
    /// By a form that a browser sent itself, and whose answer it will show.
    by_form: bool,
    /// What such a form sent, as far as it may be kept.
    typed: Vec<(String, String)>,
    /// The number under which the same form had been refused before.
    number: Option<Uuid>,
}

impl Asked {
    /// Of a request to `/call/…` of at most `most` bytes, with the request as it came. `None` of one that is larger, or that broke off.
    pub async fn of(request: Request, most: usize) -> Option<(Self, Request)> {
        let path: String = request.uri().path().to_owned();
        let by_form: bool = context::wants_html(request.headers());
        let number: Option<Uuid> = kept::number_before(request.headers());
        let (parts, body) = request.into_parts();
        let bytes: Bytes = to_bytes(body, most).await.ok()?;
        let typed = if by_form { kept::typed(&path, &String::from_utf8_lossy(&bytes)) } else { Vec::new() };
        Some((Self { path, by_form, typed, number }, Request::from_parts(parts, Body::from(bytes))))
    }

    /// The server function that was called.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Whether a browser sent it itself.
    #[must_use]
    pub fn by_form(&self) -> bool {
        self.by_form
    }

    /// What the form sent, as far as it may be kept.
    #[must_use]
    pub fn typed(&self) -> &[(String, String)] {
        &self.typed
    }

    /// The number under which the same form had been refused before.
    #[must_use]
    pub fn number(&self) -> Option<Uuid> {
        self.number
    }

    /// The secret that a success answers with, if it is one.
    fn secret(&self) -> Option<Secret> {
        let secrets = [
            (PersonInvite::PATH, Secret::Invitation),
            (TokenMake::PATH, Secret::Token),
            (IntegrationMake::PATH, Secret::Integration),
            (IntegrationRekey::PATH, Secret::Integration),
            (FeedMake::PATH, Secret::Calendar),
        ];
        secrets.into_iter().find(|(path, _)| *path == self.path).map(|(_, secret)| secret)
    }
}

/// Finishes what a server function answered.
pub async fn finish(asked: &Asked, viewer: &Viewer, answer: Response) -> Response {
    let is_refusal = answer.headers().contains_key(SERVER_FN_ERROR_HEADER);
    let is_redirect = answer.status().is_redirection();
    match (is_refusal, is_redirect) {
        (true, false) => refused(answer).await,
        (false, true) if asked.by_form => match asked.secret() {
            Some(secret) => shown_once(secret, viewer, answer).await,
            None => answer,
        },
        // Leptos says so for a name that no server function has.
        (false, false) if answer.status() == StatusCode::BAD_REQUEST => honest(&ApiError::NotFound { what: asked.path.clone() }),
        _ => answer,
    }
}

/// The status that belongs to the reason in the body. A body that is no reason stays the fault that Leptos took it for.
async fn refused(answer: Response) -> Response {
    let Some((parts, body)) = read(answer).await else { return fault() };
    match serde_json::from_slice::<ApiError>(&body) {
        Ok(error) => honest(&error),
        Err(_) => Response::from_parts(parts, Body::from(body)),
    }
}

/// The secret on a screen of its own, with the way back. Nothing of it is kept: the headers of the house forbid storing it.
async fn shown_once(secret: Secret, viewer: &Viewer, answer: Response) -> Response {
    let Some((parts, body)) = read(answer).await else { return fault() };
    let Ok(shown) = <Packing as Decodes<ShownOnce>>::decode(body.clone()) else {
        return Response::from_parts(parts, Body::from(body));
    };
    let html = plain::shown_once(&signin::look_of(viewer), secret, &shown.secret);
    let mut response = (StatusCode::OK, [(header::CACHE_CONTROL, "no-store")], Html(html)).into_response();
    response.extensions_mut().insert(NoScript);
    response
}

/// The answer to what [`Asked::of`] could not read.
#[must_use]
pub fn too_large(most: usize) -> Response {
    let said = format!("this request could not be read, or has more than {most} bytes, so nothing was changed\n");
    (StatusCode::PAYLOAD_TOO_LARGE, said).into_response()
}

/// An answer with its whole body. `None` when it could not be read.
pub async fn read(answer: Response) -> Option<(Parts, Bytes)> {
    let (parts, body) = answer.into_parts();
    match to_bytes(body, MOST).await {
        Ok(bytes) => Some((parts, bytes)),
        Err(error) => {
            tracing::error!(%error, "the answer of a server function could not be read back");
            None
        }
    }
}

/// Something that must not happen did.
pub fn fault() -> Response {
    honest(&ApiError::Transport { reason: "the server has a fault".to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use api::error::Denial;
    use leptos::server_fn::Encodes;
    use model::Time;

    impl Asked {
        /// A form that was sent to `path`.
        pub fn for_test(path: &str) -> Self {
            asked(path, true)
        }
    }

    fn asked(path: &str, by_form: bool) -> Asked {
        Asked { path: path.to_owned(), by_form, typed: Vec::new(), number: None }
    }

    /// As Leptos answers it: refusals are JSON, everything else is packed.
    fn answer(status: StatusCode, is_refusal: bool, body: &impl serde::Serialize) -> Response {
        let packed = || <Packing as Encodes<_>>::encode(body).unwrap();
        let body = if is_refusal { Bytes::from(serde_json::to_vec(body).unwrap()) } else { packed() };
        let mut response = (status, [(header::LOCATION, "http://127.0.0.1:3000/people")], body).into_response();
        if is_refusal {
            response.headers_mut().insert(SERVER_FN_ERROR_HEADER, "/call/person_role".parse().unwrap());
        }
        response
    }

    async fn text(response: Response) -> String {
        String::from_utf8(to_bytes(response.into_body(), MOST).await.unwrap().to_vec()).unwrap()
    }

    #[tokio::test]
    async fn a_refusal_gets_the_status_of_its_reason_and_keeps_its_body() {
        let error = ApiError::Denied { reason: Denial::LastAdmin };
        let viewer = Viewer::stranger(Time(0));
        let leptos = answer(StatusCode::INTERNAL_SERVER_ERROR, true, &error);
        let said = finish(&asked("/call/person_role", false), &viewer, leptos).await;
        assert_eq!(said.status(), StatusCode::CONFLICT);
        assert_eq!(serde_json::from_str::<ApiError>(&text(said).await).unwrap(), error);
    }

    #[tokio::test]
    async fn a_form_without_script_is_redirected_unless_its_answer_is_a_secret() {
        let viewer = Viewer::stranger(Time(0));
        let made = ShownOnce { secret: "mmr_api_x_y".to_owned() };
        let (role, token) = (asked("/call/person_role", true), asked(TokenMake::PATH, true));
        let done = finish(&role, &viewer, answer(StatusCode::FOUND, false, &())).await;
        assert_eq!(done.status(), StatusCode::FOUND);
        let shown = finish(&token, &viewer, answer(StatusCode::FOUND, false, &made)).await;
        assert_eq!((shown.status(), shown.headers().get(header::LOCATION)), (StatusCode::OK, None));
        assert_eq!(shown.headers()[header::CACHE_CONTROL], "no-store");
        assert!(text(shown).await.contains("mmr_api_x_y"));
        let error = ApiError::Denied { reason: Denial::LastAdmin };
        let refused = finish(&token, &viewer, answer(StatusCode::FOUND, true, &error)).await;
        assert_eq!(refused.status(), StatusCode::FOUND);
    }

    #[tokio::test]
    async fn a_name_that_no_function_has_is_not_found() {
        let leptos = (StatusCode::BAD_REQUEST, "Could not find a server function").into_response();
        let said = finish(&asked("/call/nothing", false), &Viewer::stranger(Time(0)), leptos).await;
        assert_eq!(said.status(), StatusCode::NOT_FOUND);
        assert!(text(said).await.contains("/call/nothing"));
    }
}
