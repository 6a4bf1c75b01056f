//! A file that is brought in: Grafana's JSON or YAML of ours, sent or pasted. What was not mapped stands on the screen it leads to; what was
//! refused comes back on the screen it was sent from, with the text that had been pasted and every reason.

use super::putting::{Put, put, standing};
use super::sent::{Sent, Unread, told_apart};
use super::{door, refused};
use crate::apis::dashboards::keeping::MOST_NAMED;
use crate::apis::dashboards::keeping::refusals::shown;
use crate::context::Visitor;
use crate::house_error::{status_of, unavailable};
use crate::routes::{self, AppState};
use api::ApiError;
use api::dashboards::keeping::view::{FileLine, NotBrought, TriedToBring};
use axum::body::Body;
use axum::extract::{FromRequest, Multipart, Request, State};
use axum::http::{Extensions, HeaderMap, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Redirect, Response};
use dashboard::Dashboard;
use dashboards::file::FileProblems;
use dashboards::grafana::{MAX_BYTES, Unreadable};
use dashboards::{Dashboards, Error};
use kernel::Grant;
use leptos::context::provide_context;
use model::access::EditDashboards;
use model::links;
use model::links::dashboards as ways;

/// Parts of a form that are looked at: ours has four.
const MOST_PARTS: usize = 8;
/// Characters of the comment.
const MOST_COMMENT: usize = 500;
/// Mistakes of a file that are told.
const MOST_LINES: usize = 100;

/// What was sent.
#[derive(Default)]
struct Form {
    file: Vec<u8>,
    text: String,
    comment: String,
    /// Whether a dashboard that stands at the same address gets a new version.
    is_over: bool,
}

/// What a request says besides its body; the nonce of the answer's scripts is in it.
struct Around {
    headers: HeaderMap,
    extensions: Extensions,
}

/// `POST /dashboards/import`
pub(super) async fn bring(State(state): State<AppState>, visitor: Visitor, request: Request) -> Response {
    let grant: Grant<EditDashboards> = match door(&state.house, visitor.clone()).admit::<EditDashboards>() {
        Ok(grant) => grant,
        Err(error) => return refused(&error),
    };
    let around = Around { headers: request.headers().clone(), extensions: request.extensions().clone() };
    let form: Multipart = match Multipart::from_request(request, &state).await {
        Ok(form) => form,
        Err(rejection) => return rejection.into_response(),
    };
    let Some(form) = parts(form).await else {
        return back(state, visitor, around, Form::default(), NotBrought::TooLarge).await;
    };
    match brought(&state.house.dashboards, &grant, &form).await {
        Ok(way) => Redirect::to(&way).into_response(),
        Err(why) => back(state, visitor, around, form, why).await,
    }
}

/// `None` where the form breaks off, or is too large.
async fn parts(mut multipart: Multipart) -> Option<Form> {
    let mut form = Form::default();
    for _ in 0..MOST_PARTS {
        let Some(field) = multipart.next_field().await.ok()? else { break };
        let name: String = field.name().unwrap_or_default().to_owned();
        let bytes = field.bytes().await.ok()?;
        // A field ends its lines as Windows does; a text of ours doesn't.
        let text = || String::from_utf8_lossy(&bytes).replace("\r\n", "\n");
        match name.as_str() {
            "file" => form.file = bytes.to_vec(),
            "text" => form.text = text(),
            "comment" => form.comment = text().trim().chars().take(MOST_COMMENT).collect(),
            "over" => form.is_over = !bytes.is_empty(),
            _ => {}
        }
    }
    Some(form)
}

/// Where it leads to.
async fn brought(room: &Dashboards, grant: &Grant<EditDashboards>, form: &Form) -> Result<String, NotBrought> {
    let text: String = wanted(form)?;
    let reading = tokio::task::spawn_blocking(move || told_apart("", &text));
    let sent: Sent = reading.await.map_err(|error| NotBrought::Refused(unavailable(&error)))?.map_err(unread)?;
    match sent {
        Sent::Grafana(import) => {
            let (slug, version) = room.import(grant, &import, &form.comment).await.map_err(not_brought)?;
            Ok(format!("{}?made={}&version={version}", ways::IMPORT, links::encode(&slug)))
        }
        Sent::Ours(all) => written(room, grant, &all, form).await,
    }
}

/// The file, or what was pasted.
fn wanted(form: &Form) -> Result<String, NotBrought> {
    let text: String = if form.file.is_empty() {
        form.text.clone()
    } else {
        String::from_utf8(form.file.clone()).map_err(|_| NotBrought::NotText)?
    };
    if text.trim().is_empty() {
        return Err(NotBrought::Nothing);
    }
    if text.len() > MAX_BYTES { Err(NotBrought::TooLarge) } else { Ok(text) }
}

/// Those of a file of ours. What is already there is written over only where that was wished, and before anything is.
async fn written(room: &Dashboards, grant: &Grant<EditDashboards>, all: &[Dashboard], form: &Form) -> Result<String, NotBrought> {
    if all.is_empty() {
        return Err(NotBrought::Nothing);
    }
    let mut taken: Vec<String> = Vec::new();
    for dashboard in all {
        let is_there: bool = standing(room, &dashboard.slug).await.map_err(not_brought)?.is_some();
        if is_there && !form.is_over {
            taken.push(dashboard.slug.clone());
        }
    }
    if !taken.is_empty() {
        return Err(NotBrought::Taken(taken));
    }
    let mut pairs: Vec<String> = Vec::new();
    for dashboard in all {
        let _: Put = put(room, grant, dashboard, &form.comment).await.map_err(|error| match error {
            // It is in the trash, or somebody made one meanwhile.
            Error::Taken { .. } => NotBrought::Taken(vec![dashboard.slug.clone()]),
            error => not_brought(error),
        })?;
        pairs.push(format!("made={}", links::encode(&dashboard.slug)));
    }
    pairs.truncate(MOST_NAMED);
    Ok(format!("{}?{}", ways::IMPORT, pairs.join("&")))
}

fn not_brought(error: Error) -> NotBrought {
    match error {
        Error::Unlawful(problems) => NotBrought::Unlawful(problems),
        error => NotBrought::Refused(shown(error)),
    }
}

fn unread(why: Unread) -> NotBrought {
    match why {
        Unread::Grafana(Unreadable::TooLarge(_)) => NotBrought::TooLarge,
        Unread::Grafana(Unreadable::NotJson { line, column, said }) => NotBrought::NotJson { line, column, said },
        Unread::Grafana(Unreadable::NoDashboard(found)) => NotBrought::NoDashboard(found),
        Unread::Ours(FileProblems(problems)) => {
            let line = |one: dashboards::file::FileProblem| FileLine { line: one.line, column: one.column, said: one.message };
            NotBrought::Lines(problems.into_iter().take(MOST_LINES).map(line).collect())
        }
    }
}

/// The screen it was sent from, with what was pasted and why it was not taken.
async fn back(state: AppState, visitor: Visitor, around: Around, form: Form, why: NotBrought) -> Response {
    let status: StatusCode = match &why {
        NotBrought::Refused(error @ (ApiError::Unavailable | ApiError::SignedOut | ApiError::Denied { .. })) => {
            return refused(error);
        }
        NotBrought::Refused(error) => status_of(error),
        NotBrought::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        NotBrought::Taken(_) => StatusCode::CONFLICT,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let Some(request) = screen_request(around) else { return status.into_response() };
    let tried = TriedToBring { text: form.text, comment: form.comment, is_over: form.is_over, why };
    let mut response: Response = routes::screen_with(state, visitor, request, move || provide_context(tried.clone())).await;
    if response.status() == StatusCode::OK {
        *response.status_mut() = status;
    }
    response
}

/// The screen as it would be asked for.
fn screen_request(around: Around) -> Option<Request> {
    let uri: Uri = ways::IMPORT.parse().ok()?;
    let mut request: Request = Request::new(Body::empty());
    *request.method_mut() = Method::GET;
    *request.uri_mut() = uri;
    *request.headers_mut() = around.headers;
    *request.extensions_mut() = around.extensions;
    for name in [header::CONTENT_TYPE, header::CONTENT_LENGTH] {
        request.headers_mut().remove(name);
    }
    Some(request)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(file: &[u8], text: &str) -> Form {
        Form { file: file.to_vec(), text: text.to_owned(), ..Form::default() }
    }

    #[test]
    fn a_file_goes_before_what_was_pasted_and_one_of_them_is_needed() {
        assert_eq!(wanted(&form(b"a: 1", "b")).unwrap(), "a: 1");
        assert_eq!(wanted(&form(b"", "b")).unwrap(), "b");
        assert_eq!(wanted(&form(b"", " \n")).unwrap_err(), NotBrought::Nothing);
        assert_eq!(wanted(&form(&[0xff, 0xfe, 0x7b], "")).unwrap_err(), NotBrought::NotText);
        assert_eq!(wanted(&form(&vec![b'a'; MAX_BYTES + 1], "")).unwrap_err(), NotBrought::TooLarge);
    }

    #[test]
    fn every_mistake_of_a_file_is_told_with_its_place() {
        let NotBrought::Lines(lines) = unread(told_apart("", "dashboards:\n  - slug: Web\n").unwrap_err()) else {
            panic!("no lines")
        };
        assert!(lines.iter().all(|line| line.line == 2 && !line.said.is_empty()), "{lines:?}");
        let broken: NotBrought = unread(told_apart("", "{\"title\": ").unwrap_err());
        assert!(matches!(broken, NotBrought::NotJson { line: 1, .. }), "{broken:?}");
    }
}
