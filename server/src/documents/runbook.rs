//! `/r/<alertname>`: the short way that a rule's `runbook_url` names. It leads to the runbook; where there is none, to the form that makes it
//! from the template.

use super::{door, refused};
use crate::apis::documents::refusals::shown;
use crate::context::Visitor;
use crate::wiring::House;
use api::ApiError;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use documents::pages::runbooks::Runbook;
use kernel::Grant;
use model::access::ReadDocuments;
use model::links::documents as ways;

/// `GET /r/{alertname}`
pub async fn find(State(house): State<House>, visitor: Visitor, Path(alertname): Path<String>) -> Response {
    match way(&house, visitor, &alertname).await {
        Ok(way) => Redirect::to(&way).into_response(),
        Err(error) => refused(&error),
    }
}

async fn way(house: &House, visitor: Visitor, alertname: &str) -> Result<String, ApiError> {
    let door = door(house.clone(), visitor);
    let grant: Grant<ReadDocuments> = door.0.admit::<ReadDocuments>()?;
    let found: Runbook = house.documents.runbook(grant.actor(), alertname).await.map_err(shown)?;
    let page = match found {
        Runbook::Pages(pages) => pages.into_iter().next(),
        Runbook::None { .. } => None,
    };
    Ok(page.map_or_else(|| ways::new_runbook(alertname), |page| ways::document(&page.slug)))
}
