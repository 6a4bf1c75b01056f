//! Dashboards for programs: YAML out with a token of the scope `read`, and in with one of `dashboards:write`.
//!
//! 1. What is put says all of its dashboard. What says the same as before makes no version.
//! 2. The answer to one carries its version as an ETag (RFC 9110, section 8.8.3). With `If-Match` nothing is written over that somebody else saved.
//! 3. Several that are put together are checked together, and written one after the other. None is ever removed.

use super::export::{YAML, everything};
use super::putting::{Put, put, standing};
use crate::apis::machine;
use crate::house_error::{chain, for_programs, unavailable_for_programs};
use crate::wiring::House;
use axum::extract::rejection::StringRejection;
use axum::extract::{DefaultBodyLimit, Path, Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, put as put_at};
use axum::{Extension, Json, Router};
use dashboard::Dashboard;
use dashboards::file::{self, DashboardFile, FromFile, MAX_BYTES, to_yaml};
use dashboards::{Error, Stored};
use kernel::Grant;
use model::access::{EditDashboards, ReadConsole};
use serde::Deserialize;
use serde_json::{Map, Value, json};

/// All of them.
pub const PATH: &str = "/api/v1/dashboards";
/// One of them, by the end of its address.
const ONE: &str = "/api/v1/dashboards/{slug}";
/// Characters of a comment.
const MOST_COMMENT: usize = 500;

/// For programs with a token; who they are was found out before.
pub fn routes(house: &House) -> Router {
    let out =
        Router::new().route(PATH, get(all)).route(ONE, get(one)).layer(from_fn_with_state((), machine::require::<ReadConsole>));
    let into = Router::new()
        .route(PATH, put_at(put_all))
        .route(ONE, put_at(put_one))
        .layer(from_fn_with_state((), machine::require::<EditDashboards>))
        .layer(DefaultBodyLimit::max(MAX_BYTES));
    out.merge(into).with_state(house.clone())
}

/// What stands behind the question mark.
#[derive(Debug, Deserialize)]
struct Asked {
    /// Why, for whoever reads the history.
    #[serde(default)]
    comment: String,
}

impl Asked {
    fn comment(&self) -> String {
        self.comment.trim().chars().take(MOST_COMMENT).collect()
    }
}

async fn all(State(house): State<House>) -> Response {
    match everything(&house.dashboards).await {
        Ok(all) => ([(header::CONTENT_TYPE, YAML)], to_yaml(&all)).into_response(),
        Err(error) => refused(&error),
    }
}

async fn one(State(house): State<House>, Path(slug): Path<String>) -> Response {
    match house.dashboards.one(&slug).await {
        Ok(Stored { dashboard, version, .. }) => {
            let body = ([(header::CONTENT_TYPE, YAML)], to_yaml(std::slice::from_ref(&dashboard)));
            tagged(body.into_response(), version)
        }
        Err(error) => refused(&error),
    }
}

async fn put_all(
    State(house): State<House>,
    Extension(grant): Extension<Grant<EditDashboards>>,
    Query(asked): Query<Asked>,
    sent: Result<String, StringRejection>,
) -> Response {
    let found: Vec<Dashboard> = match read(sent) {
        Ok(found) => found,
        Err(refusal) => return *refusal,
    };
    let mut told: Map<String, Value> =
        ["added", "changed", "same"].into_iter().map(|word| (word.to_owned(), json!([]))).collect();
    for dashboard in &found {
        match put(&house.dashboards, &grant, dashboard, &asked.comment()).await {
            Ok(done) => {
                if let Some(Value::Array(slugs)) = told.get_mut(done.as_str()) {
                    slugs.push(json!(dashboard.slug));
                }
            }
            Err(error) => return refused(&error),
        }
    }
    Json(Value::Object(told)).into_response()
}

async fn put_one(
    State(house): State<House>,
    Extension(grant): Extension<Grant<EditDashboards>>,
    Path(slug): Path<String>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
    sent: Result<String, StringRejection>,
) -> Response {
    let found: Vec<Dashboard> = match read(sent) {
        Ok(found) => found,
        Err(refusal) => return *refusal,
    };
    let [dashboard] = found.as_slice() else {
        return invalid(&format!("expected one dashboard, found {}", found.len()));
    };
    if dashboard.slug != slug {
        return invalid(&format!("expected the slug {slug:?} of the address, found {:?}", dashboard.slug));
    }
    match put_on(&house, &grant, dashboard, &headers, &asked.comment()).await {
        Ok(Some(done)) => {
            let status: StatusCode = if matches!(done, Put::Added(_)) { StatusCode::CREATED } else { StatusCode::OK };
            let body = Json(json!({ "slug": slug, "version": done.version(), "result": done.as_str() }));
            tagged((status, body).into_response(), done.version())
        }
        Ok(None) => stale("it does not stand at that version any more"),
        Err(error) => refused(&error),
    }
}

/// `None` where it does not stand as the program thinks it does.
async fn put_on(
    house: &House,
    grant: &Grant<EditDashboards>,
    dashboard: &Dashboard,
    headers: &HeaderMap,
    comment: &str,
) -> Result<Option<Put>, Error> {
    let Some(wanted) = headers.get(header::IF_MATCH) else {
        return put(&house.dashboards, grant, dashboard, comment).await.map(Some);
    };
    let Some(stored) = standing(&house.dashboards, &dashboard.slug).await? else { return Ok(None) };
    if wanted.as_bytes() != b"*" && wanted.as_bytes() != tag(stored.version).as_bytes() {
        return Ok(None);
    }
    if stored.dashboard == *dashboard {
        return Ok(Some(Put::Same(stored.version)));
    }
    match house.dashboards.save(grant, dashboard, Some(stored.version), comment).await {
        Ok(version) => Ok(Some(Put::Changed(version))),
        Err(Error::Stale { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

/// A file of ours, with every mistake in the refusal. Boxed: an answer is large.
fn read(sent: Result<String, StringRejection>) -> Result<Vec<Dashboard>, Box<Response>> {
    let text: String = sent.map_err(|rejection| Box::new(unreadable(rejection.status(), &rejection.body_text())))?;
    let files = [DashboardFile { name: "body".to_owned(), text }];
    let found: Vec<FromFile> = file::read(&files).map_err(|problems| Box::new(invalid(&problems.to_string())))?;
    Ok(found.into_iter().map(|one| one.dashboard).collect())
}

fn unreadable(status: StatusCode, message: &str) -> Response {
    let code: &str = if status == StatusCode::PAYLOAD_TOO_LARGE { "too_large" } else { "bad_request" };
    for_programs(status, code, message)
}

fn invalid(message: &str) -> Response {
    for_programs(StatusCode::UNPROCESSABLE_ENTITY, "invalid", message)
}

fn stale(message: &str) -> Response {
    for_programs(StatusCode::PRECONDITION_FAILED, "stale", message)
}

fn tag(version: i64) -> String {
    format!("\"{version}\"")
}

fn tagged(mut response: Response, version: i64) -> Response {
    if let Ok(tag) = HeaderValue::from_str(&tag(version)) {
        response.headers_mut().insert(header::ETAG, tag);
    }
    response
}

fn refused(error: &Error) -> Response {
    match error {
        Error::NotFound { .. } => for_programs(StatusCode::NOT_FOUND, "not_found", &error.to_string()),
        Error::Taken { .. } | Error::Stale { .. } => for_programs(StatusCode::CONFLICT, "conflict", &error.to_string()),
        Error::Unlawful { .. } => invalid(&error.to_string()),
        _ => {
            tracing::error!(error = chain(error), "dashboards could not be told or taken");
            unavailable_for_programs()
        }
    }
}

#[cfg(test)]
mod tests;
