//! A text that was written without the editor: sent whole, with the version it was written on. What others wrote meanwhile is merged; where nobody
//! knows any more what it was written on, both texts come back on the screen it was sent from, with 409.

use super::{door, refused};
use crate::apis::documents::refusals::shown;
use crate::context::Visitor;
use crate::house_error::status_of;
use crate::routes::{self, AppState};
use api::ApiError;
use api::documents::form::DocumentTrouble;
use api::documents::view::ConflictView;
use axum::body::Body;
use axum::extract::{FromRequest, Multipart, Path, Request, State};
use axum::http::{Extensions, HeaderMap, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Redirect, Response};
use documents::pages::PageRow;
use kernel::Grant;
use leptos::context::provide_context;
use model::access::WriteDocuments;
use model::links::documents as ways;

/// Parts of a form that are looked at: ours has two.
const MOST_PARTS: usize = 8;

/// What was sent.
struct Sent {
    text: String,
    base_seq: Option<i64>,
}

/// `POST /documents/{id}/edit`
pub async fn save(State(state): State<AppState>, visitor: Visitor, Path(id): Path<String>, request: Request) -> Response {
    let asked = Asked { headers: request.headers().clone(), extensions: request.extensions().clone() };
    let sent: Option<Sent> = match Multipart::from_request(request, &state).await {
        Ok(form) => parts(form).await,
        Err(rejection) => return rejection.into_response(),
    };
    let Some(sent) = sent else {
        return refused(&DocumentTrouble::TooLarge.refused("text", "a text of at most 1 MiB"));
    };
    match saved(&state, visitor.clone(), &id, &sent).await {
        Ok(way) => Redirect::to(&way).into_response(),
        Err(error) => back(state, visitor, &id, asked, sent, &error).await,
    }
}

/// What a request says besides its body; the nonce of the answer's scripts is in it.
struct Asked {
    headers: HeaderMap,
    extensions: Extensions,
}

async fn saved(state: &AppState, visitor: Visitor, id: &str, sent: &Sent) -> Result<String, ApiError> {
    let door = door(state.house.clone(), visitor);
    let grant: Grant<WriteDocuments> = door.0.admit::<WriteDocuments>()?;
    let (page, _): (PageRow, _) = door.found(id).await?;
    state.house.documents.write_text(&grant, page.id, &sent.text, sent.base_seq).await.map_err(shown)?;
    door.way_of(page.id, "saved").await
}

/// The text and its version. `None` where the form breaks off, or is too large.
async fn parts(mut form: Multipart) -> Option<Sent> {
    let (mut text, mut base_seq): (Option<String>, Option<i64>) = (None, None);
    for _ in 0..MOST_PARTS {
        let Some(field) = form.next_field().await.ok()? else { break };
        let name: String = field.name().unwrap_or_default().to_owned();
        let said: String = field.text().await.ok()?;
        match name.as_str() {
            // A field ends its lines as Windows does; a text of ours doesn't.
            "text" => text = Some(said.replace("\r\n", "\n").replace('\r', "\n").replace('\0', "")),
            "base_seq" => base_seq = said.trim().parse().ok(),
            _ => {}
        }
    }
    text.map(|text| Sent { text, base_seq })
}

/// The screen it was sent from, with what was written and why it was not taken.
async fn back(state: AppState, visitor: Visitor, id: &str, asked: Asked, sent: Sent, error: &ApiError) -> Response {
    let ApiError::Invalid { field, .. } = error else { return refused(error) };
    let conflict = ConflictView { wanted: sent.text, field: field.clone() };
    let status: StatusCode = status_of(error);
    let Some(request) = screen_request(id, asked) else { return refused(error) };
    let with = move || provide_context(conflict.clone());
    let mut response: Response = routes::screen_with(state, visitor, request, with).await;
    if response.status() == StatusCode::OK {
        *response.status_mut() = status;
    }
    response
}

/// The screen as it would be asked for.
fn screen_request(id: &str, asked: Asked) -> Option<Request> {
    let uri: Uri = ways::edit(id).parse().ok()?;
    let mut request: Request = Request::new(Body::empty());
    *request.method_mut() = Method::GET;
    *request.uri_mut() = uri;
    *request.headers_mut() = asked.headers;
    *request.extensions_mut() = asked.extensions;
    for name in [header::CONTENT_TYPE, header::CONTENT_LENGTH] {
        request.headers_mut().remove(name);
    }
    Some(request)
}
