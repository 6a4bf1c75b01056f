//! A text as it will be read, while it is written. Safe as every text of ours is; it changes nothing.

use super::{door, refused};
use crate::context::Visitor;
use crate::wiring::House;
use api::ApiError;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{Html, IntoResponse, Response};
use model::access::ReadDocuments;

/// `POST /documents/{id}/preview`, with the text as `text/plain`.
pub async fn preview(State(house): State<House>, visitor: Visitor, Path(id): Path<String>, text: String) -> Response {
    match drawn(house, visitor, &id, &text).await {
        Ok(html) => ([(header::CACHE_CONTROL, "no-store")], Html(html)).into_response(),
        Err(error) => refused(&error),
    }
}

async fn drawn(house: House, visitor: Visitor, id: &str, text: &str) -> Result<String, ApiError> {
    let door = door(house, visitor);
    door.0.admit::<ReadDocuments>()?;
    let (page, _) = door.found(id).await?;
    door.drawn(&page, text).await
}
