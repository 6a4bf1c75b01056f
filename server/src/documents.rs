//! What browsers send to documents and get from them besides screens: texts without a script, previews, files, folders, and the way to a runbook;
//! and what pipelines tell them.

pub mod changes;
mod files;
mod folder;
mod preview;
mod runbook;
mod saving;

use crate::apis::Door;
use crate::apis::documents::Adapter;
use crate::context::{self, Visitor};
use crate::house_error::honest;
use crate::routes::AppState;
use crate::wiring::House;
use api::ApiError;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::{get, post};
use documents::collab::MOST_TEXT_BYTES;
use documents::pages::attachments::MAX_BYTES;
use documents::pages::folder::packed::MAX_PACKED;

/// What stands around a file in a form.
const AROUND: usize = 64 * 1024;
/// A field ends its lines with two characters where the text has one.
const MOST_TEXT: usize = 2 * MOST_TEXT_BYTES + AROUND;

/// For signed-in people; who may do what is asked inside. A document is named by its address or its number.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/documents/{id}/edit", post(saving::save).layer(DefaultBodyLimit::max(MOST_TEXT)))
        .route("/documents/{id}/preview", post(preview::preview).layer(DefaultBodyLimit::max(MOST_TEXT)))
        .route("/documents/{id}/files", post(files::attach).layer(DefaultBodyLimit::max(MAX_BYTES + AROUND)))
        .route("/documents/files/{file}", get(files::file))
        .route("/documents/import", post(folder::import).layer(DefaultBodyLimit::max(MAX_PACKED + AROUND)))
        .route("/documents/export", get(folder::export))
        .route("/r/{alertname}", get(runbook::find))
}

fn door(house: House, visitor: Visitor) -> Adapter {
    Adapter(Door { house, visitor })
}

/// A refusal: as a screen for people, where there is one that says it, else as data with its status.
fn refused(error: &ApiError) -> Response {
    honest(error)
}

/// Whether a person waits for the answer.
fn is_person(headers: &HeaderMap) -> bool {
    context::wants_html(headers)
}
