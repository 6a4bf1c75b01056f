//! A panel as a table or as a picture, with the span and the values its reader has chosen.

use super::asked::{self, AskedPanel};
use super::picture::sheet;
use super::{door, download, refused};
use crate::apis::dashboards::keeping::refusals::shown;
use crate::context::Visitor;
use crate::house_error::unavailable;
use crate::pictures;
use crate::wiring::House;
use api::ApiError;
use api::dashboards::keeping::trouble::KeepingTrouble;
use axum::extract::{Path, RawQuery, State};
use axum::response::Response;
use chart::DisplayList;
use dashboard::{Dashboard, ShownPanel};
use model::access::ReadConsole;
use tokio::sync::Semaphore;

/// What Excel needs to read UTF-8.
const BYTE_ORDER_MARK: &str = "\u{feff}";
/// Bitmaps that are made at a time: each takes a core for some milliseconds, and some tens of megabytes.
static TURNS: Semaphore = Semaphore::const_new(2);

/// `GET /d/{slug}/panel.csv`
pub(super) async fn csv(
    State(house): State<House>,
    visitor: Visitor,
    Path(slug): Path<String>,
    RawQuery(query): RawQuery,
) -> Response {
    match table(&house, visitor, &slug, &query.unwrap_or_default()).await {
        Ok((name, text)) => download("text/csv; charset=utf-8", &name, "csv", text.into_bytes()),
        Err(error) => refused(&error),
    }
}

async fn table(house: &House, visitor: Visitor, slug: &str, query: &str) -> Result<(String, String), ApiError> {
    let (dashboard, wanted): (Dashboard, AskedPanel) = wanted(house, visitor, slug, query).await?;
    let found: Option<String> = house.dashboards.csv(&dashboard, &wanted.asked, &wanted.key).await.map_err(shown)?;
    let text: String = found.ok_or_else(|| lost(&wanted.key))?;
    let marked: String = if text.starts_with(BYTE_ORDER_MARK) { text } else { format!("{BYTE_ORDER_MARK}{text}") };
    Ok((name(slug, &wanted.key), marked))
}

/// `GET /d/{slug}/panel.svg`
pub(super) async fn svg(
    State(house): State<House>,
    visitor: Visitor,
    Path(slug): Path<String>,
    RawQuery(query): RawQuery,
) -> Response {
    match drawn(&house, visitor, &slug, &query.unwrap_or_default()).await {
        Ok(drawn) => {
            let text: String = pictures::vector::svg(&drawn.list, &drawn.title);
            download("image/svg+xml", &drawn.name, "svg", text.into_bytes())
        }
        Err(error) => refused(&error),
    }
}

/// `GET /d/{slug}/panel.png`
pub(super) async fn png(
    State(house): State<House>,
    visitor: Visitor,
    Path(slug): Path<String>,
    RawQuery(query): RawQuery,
) -> Response {
    match painted(&house, visitor, &slug, &query.unwrap_or_default()).await {
        Ok((name, bytes)) => download("image/png", &name, "png", bytes),
        Err(error) => refused(&error),
    }
}

async fn painted(house: &House, visitor: Visitor, slug: &str, query: &str) -> Result<(String, Vec<u8>), ApiError> {
    let Drawn { name, list, .. } = drawn(house, visitor, slug, query).await?;
    let turn = TURNS.acquire().await.map_err(|error| unavailable(&error))?;
    let painting = tokio::task::spawn_blocking(move || {
        // Held until it is done, also when nobody waits for it any more.
        let _turn = turn;
        pictures::png_of(&list).map(|png| png.bytes().to_vec())
    });
    let bytes: Option<Vec<u8>> = painting.await.map_err(|error| unavailable(&error))?;
    Ok((name, bytes.ok_or_else(no_picture)?))
}

/// A panel laid out.
struct Drawn {
    /// Of the file.
    name: String,
    title: String,
    list: DisplayList,
}

async fn drawn(house: &House, visitor: Visitor, slug: &str, query: &str) -> Result<Drawn, ApiError> {
    let (dashboard, wanted): (Dashboard, AskedPanel) = wanted(house, visitor, slug, query).await?;
    let found: Option<ShownPanel> = house.dashboards.show_panel(&dashboard, &wanted.asked, &wanted.key).await.map_err(shown)?;
    let panel: ShownPanel = found.ok_or_else(|| lost(&wanted.key))?;
    let list: DisplayList = sheet(&panel, f64::from(wanted.asked.width_px)).ok_or_else(no_picture)?;
    Ok(Drawn { name: name(slug, &wanted.key), title: panel.title, list })
}

async fn wanted(house: &House, visitor: Visitor, slug: &str, query: &str) -> Result<(Dashboard, AskedPanel), ApiError> {
    let door = door(house, visitor);
    door.admit::<ReadConsole>()?;
    let wanted: AskedPanel = asked::read(query, &door.visitor, house.clock.now());
    let dashboard: Dashboard = house.dashboards.one(slug).await.map_err(shown)?.dashboard;
    Ok((dashboard, wanted))
}

fn name(slug: &str, key: &str) -> String {
    format!("{slug}-{key}")
}

fn lost(key: &str) -> ApiError {
    ApiError::NotFound { what: format!("panel {key}") }
}

fn no_picture() -> ApiError {
    KeepingTrouble::NoPicture.refused("panel", "a panel of which there is a picture: no number, table or text")
}
