//! Files of documents: sent by a form, and handed out with headers under which a browser runs nothing of them.

use super::{door, is_person, refused};
use crate::apis::documents::refusals::shown;
use crate::context::Visitor;
use crate::security::OwnPolicy;
use crate::wiring::House;
use api::ApiError;
use api::documents::form::DocumentTrouble;
use axum::extract::{Multipart, Path, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use bytes::Bytes;
use documents::pages::attachments::Handed;
use kernel::Grant;
use model::access::{ReadDocuments, WriteDocuments};
use model::ids::AttachmentId;
use model::links;
use model::links::documents as ways;

/// Parts of a form that are looked at: ours has one.
const MOST_PARTS: usize = 4;

/// A file that was sent.
struct Sent {
    name: String,
    bytes: Bytes,
}

/// `POST /documents/{id}/files`
pub async fn attach(
    State(house): State<House>,
    visitor: Visitor,
    Path(id): Path<String>,
    headers: HeaderMap,
    form: Multipart,
) -> Response {
    match attached(house, visitor, &id, form).await {
        Ok(slug) => Redirect::to(&format!("{}#files", ways::done(&slug, "attached"))).into_response(),
        Err(ApiError::Invalid { field, .. }) if is_person(&headers) => {
            Redirect::to(&format!("{}?refused={}", ways::document(&id), links::encode(&field))).into_response()
        }
        Err(error) => refused(&error),
    }
}

async fn attached(house: House, visitor: Visitor, id: &str, form: Multipart) -> Result<String, ApiError> {
    let door = door(house.clone(), visitor);
    let grant: Grant<WriteDocuments> = door.0.admit::<WriteDocuments>()?;
    let (page, _) = door.found(id).await?;
    let sent: Sent = parts(form).await.ok_or_else(|| DocumentTrouble::NoFile.refused("file", "a file of at most 25 MiB"))?;
    house.documents.attach(&grant, page.id, &sent.name, &sent.bytes).await.map_err(shown)?;
    Ok(page.slug)
}

async fn parts(mut form: Multipart) -> Option<Sent> {
    for _ in 0..MOST_PARTS {
        let field = form.next_field().await.ok()??;
        if field.name() != Some("file") {
            continue;
        }
        let name: String = field.file_name().unwrap_or_default().to_owned();
        let bytes: Bytes = field.bytes().await.ok()?;
        return (!bytes.is_empty() && !name.is_empty()).then_some(Sent { name, bytes });
    }
    None
}

/// `GET /documents/files/{file}`
pub async fn file(State(house): State<House>, visitor: Visitor, Path(file): Path<String>, headers: HeaderMap) -> Response {
    match handed(&house, visitor, &file).await {
        Ok(handed) => answer(handed, &headers),
        Err(error) => refused(&error),
    }
}

async fn handed(house: &House, visitor: Visitor, file: &str) -> Result<Handed, ApiError> {
    let lost = || ApiError::NotFound { what: format!("file {file}") };
    let door = door(house.clone(), visitor);
    let grant: Grant<ReadDocuments> = door.0.admit::<ReadDocuments>()?;
    let id: AttachmentId = file.parse().map_err(|_| lost())?;
    match house.documents.attachment(grant.actor(), id).await {
        Ok(handed) => Ok(handed),
        Err(documents::Error::Pages(documents::pages::Refused::NoAttachment(_))) => Err(lost()),
        Err(error) => Err(shown(error)),
    }
}

fn answer(handed: Handed, asked: &HeaderMap) -> Response {
    let etag: String = handed.attachment.etag();
    let is_known: bool = asked.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok()) == Some(etag.as_str());
    let kept: Vec<(&'static str, String)> = handed.attachment.headers();
    let mut response: Response = if is_known { StatusCode::NOT_MODIFIED.into_response() } else { handed.bytes.into_response() };
    for (name, value) in kept {
        if let Ok(value) = HeaderValue::from_str(&value) {
            response.headers_mut().insert(HeaderName::from_static(name), value);
        }
    }
    response.extensions_mut().insert(OwnPolicy);
    response
}
