//! A folder of Markdown files, in and out, as a zip.

use super::{door, is_person, refused};
use crate::apis::documents::refusals::shown;
use crate::context::Visitor;
use crate::wiring::House;
use api::ApiError;
use api::documents::form::DocumentTrouble;
use axum::extract::{Multipart, Query, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Redirect, Response};
use documents::pages::Space;
use documents::pages::folder::Imported;
use documents::pages::folder::turns::Turn;
use kernel::Grant;
use model::access::{ManageDocuments, ReadDocuments};
use model::ids::{DocumentId, SpaceId};
use model::links;
use model::links::documents as ways;
use serde::Deserialize;

/// Parts of a form that are looked at: ours has three.
const MOST_PARTS: usize = 8;
/// Characters of a field that names something.
const MOST_NAME: usize = 400;
/// Files that stayed outside and are named.
const MOST_NAMED: usize = 10;

/// What was sent.
#[derive(Default)]
struct Sent {
    space: String,
    parent: String,
    zip: Vec<u8>,
}

/// `POST /documents/import`
pub async fn import(State(house): State<House>, visitor: Visitor, headers: HeaderMap, form: Multipart) -> Response {
    match imported(&house, visitor, form).await {
        Ok(imported) => Redirect::to(&way(&imported)).into_response(),
        Err(ApiError::Invalid { field, .. }) if is_person(&headers) => {
            Redirect::to(&format!("{}?refused={}", ways::IMPORT, links::encode(&field))).into_response()
        }
        Err(error) => refused(&error),
    }
}

async fn imported(house: &House, visitor: Visitor, form: Multipart) -> Result<Imported, ApiError> {
    let door = door(house.clone(), visitor);
    let grant: Grant<ManageDocuments> = door.0.admit::<ManageDocuments>()?;
    // What has not come yet takes no memory.
    let turn: Turn = house.documents.folder_turn().await.map_err(shown)?;
    let sent: Sent = parts(form).await.ok_or_else(|| DocumentTrouble::NoFile.refused("file", "a zip of at most 64 MiB"))?;
    let gone = || DocumentTrouble::Gone.refused("space", "the number of a space");
    let space: SpaceId = sent.space.parse().map_err(|_| gone())?;
    let (space, parent): (SpaceId, Option<DocumentId>) = match sent.parent.trim() {
        "" => (space, None),
        slug => {
            let (page, _) = door.found(slug).await?;
            (page.space, Some(page.id))
        }
    };
    house.documents.import_folder(&grant, turn, space, parent, sent.zip).await.map_err(shown)
}

async fn parts(mut form: Multipart) -> Option<Sent> {
    let mut sent = Sent::default();
    for _ in 0..MOST_PARTS {
        let Some(field) = form.next_field().await.ok()? else { break };
        let name: String = field.name().unwrap_or_default().to_owned();
        let bytes = field.bytes().await.ok()?;
        let text = || String::from_utf8_lossy(&bytes).chars().take(MOST_NAME).collect::<String>();
        match name.as_str() {
            "space" => sent.space = text(),
            "parent" => sent.parent = text(),
            "file" => sent.zip = bytes.to_vec(),
            _ => {}
        }
    }
    (!sent.zip.is_empty()).then_some(sent)
}

/// The screen with what came in.
fn way(imported: &Imported) -> String {
    let (n_left, n_altered): (usize, usize) = (imported.left_out.len(), imported.altered.len());
    let names = imported.left_out.iter().take(MOST_NAMED).map(|(name, _)| format!("&name={}", links::encode(name)));
    let names: String = names.collect();
    let (made, rewritten, attached): (usize, usize, usize) = (imported.n_made, imported.n_rewritten, imported.n_attached);
    format!("{}?made={made}&rewritten={rewritten}&attached={attached}&left={n_left}&altered={n_altered}{names}", ways::IMPORT)
}

/// Which part of which space goes out.
#[derive(Debug, Deserialize)]
pub struct Asked {
    #[serde(default)]
    space: String,
    #[serde(default)]
    below: String,
}

/// `GET /documents/export`
pub async fn export(State(house): State<House>, visitor: Visitor, Query(asked): Query<Asked>) -> Response {
    match packed(&house, visitor, &asked).await {
        Ok((name, zip)) => answer(&name, zip),
        Err(error) => refused(&error),
    }
}

async fn packed(house: &House, visitor: Visitor, asked: &Asked) -> Result<(String, Vec<u8>), ApiError> {
    let door = door(house.clone(), visitor);
    let grant: Grant<ReadDocuments> = door.0.admit::<ReadDocuments>()?;
    let spaces: Vec<Space> = house.documents.spaces(grant.actor()).await.map_err(shown)?;
    let lost = || ApiError::NotFound { what: format!("space {}", asked.space) };
    let (space, below, name): (SpaceId, Option<DocumentId>, String) = match asked.below.as_str() {
        "" => {
            let space: &Space = spaces.iter().find(|space| space.slug == asked.space).ok_or_else(lost)?;
            (space.id, None, space.slug.clone())
        }
        slug => {
            let (page, _) = door.found(slug).await?;
            (page.space, Some(page.id), page.slug)
        }
    };
    let zip: Vec<u8> = house.documents.export_folder(grant.actor(), space, below).await.map_err(shown)?;
    Ok((name, zip))
}

fn answer(name: &str, zip: Vec<u8>) -> Response {
    let mut response: Response = zip.into_response();
    // RFC 8187: Japanese names are said in UTF-8.
    let named: String = format!("attachment; filename=\"documents.zip\"; filename*=UTF-8''{}.zip", links::encode(name));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/zip"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Ok(named) = HeaderValue::from_str(&named) {
        headers.insert(header::CONTENT_DISPOSITION, named);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;
    use documents::pages::folder::LeftOut;

    #[test]
    fn the_screen_is_told_what_came_in() {
        let left_out = vec![("手順 1.exe".to_owned(), LeftOut::NotAllowed("exe".to_owned()))];
        let imported = Imported { n_made: 3, n_rewritten: 1, left_out, ..Imported::default() };
        let expected = "/documents/import?made=3&rewritten=1&attached=0&left=1&altered=0&name=%E6%89%8B%E9%A0%86%201.exe";
        assert_eq!(way(&imported), expected);
    }
}
