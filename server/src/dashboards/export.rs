//! Dashboards as files that can be applied.

use super::{door, download, refused};
use crate::apis::dashboards::keeping::refusals::shown;
use crate::context::Visitor;
use crate::wiring::House;
use api::ApiError;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use dashboard::Dashboard;
use dashboards::file::to_yaml;
use dashboards::{Dashboards, Error};
use model::access::ReadConsole;
use serde::Deserialize;

/// RFC 9512.
pub(super) const YAML: &str = "application/yaml";

/// Which version; none: the newest.
#[derive(Debug, Deserialize)]
pub(super) struct Asked {
    version: Option<i64>,
}

/// `GET /d/{slug}/export`
pub(super) async fn file(
    State(house): State<House>,
    visitor: Visitor,
    Path(slug): Path<String>,
    Query(asked): Query<Asked>,
) -> Response {
    match found(&house, visitor, &slug, asked.version).await {
        Ok(dashboard) => download(YAML, &dashboard.slug, "yaml", to_yaml(std::slice::from_ref(&dashboard)).into_bytes()),
        Err(error) => refused(&error),
    }
}

async fn found(house: &House, visitor: Visitor, slug: &str, version: Option<i64>) -> Result<Dashboard, ApiError> {
    door(house, visitor).admit::<ReadConsole>()?;
    match version {
        Some(version) => Ok(house.dashboards.version(slug, version).await.map_err(shown)?.dashboard),
        None => Ok(house.dashboards.one(slug).await.map_err(shown)?.dashboard),
    }
}

/// All of them, by their addresses.
pub(super) async fn everything(room: &Dashboards) -> Result<Vec<Dashboard>, Error> {
    let mut slugs: Vec<String> = room.all(None).await?.into_iter().map(|one| one.slug).collect();
    slugs.sort();
    let mut all: Vec<Dashboard> = Vec::with_capacity(slugs.len());
    for slug in slugs {
        match room.one(&slug).await {
            Ok(stored) => all.push(stored.dashboard),
            // It was thrown away meanwhile.
            Err(Error::NotFound { .. }) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(all)
}
