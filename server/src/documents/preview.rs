//! A text as it will be read, while it is written. Safe as every text of ours is; it changes nothing.

use super::{door, refused};
use crate::apis::documents::refusals;
use crate::context::Visitor;
use crate::wiring::House;
use api::ApiError;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{Html, IntoResponse, Response};
use documents::collab::{MOST_TEXT_BYTES, Refused};
use model::access::ReadDocuments;
use model::ids::DocumentId;

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
    small_enough(page.id, text)?;
    door.drawn(&page, text).await
}

/// What no document holds is not drawn either.
fn small_enough(id: DocumentId, text: &str) -> Result<(), ApiError> {
    let (n_bytes, max): (usize, usize) = (text.len(), MOST_TEXT_BYTES);
    if n_bytes > max {
        return Err(refusals::shown(Refused::TooLarge { id, n_bytes, max }.into()));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn what_is_larger_than_any_document_is_not_drawn() {
        let id = DocumentId(Uuid::nil());
        assert_eq!(small_enough(id, &"a".repeat(MOST_TEXT_BYTES)), Ok(()));
        let refused = small_enough(id, &"a".repeat(MOST_TEXT_BYTES + 1));
        assert!(matches!(refused, Err(ApiError::Invalid { .. })), "{refused:?}");
    }
}
