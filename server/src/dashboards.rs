//! What browsers and programs send to dashboards and get from them besides screens: files in and out, panels as tables and pictures.

mod asked;
mod bringing;
pub mod command;
mod export;
pub mod machine;
mod panel;
mod picture;
mod putting;
mod sent;

use crate::apis::Door;
use crate::context::Visitor;
use crate::house_error::honest;
use crate::routes::AppState;
use crate::wiring::House;
use api::ApiError;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use dashboards::grafana::MAX_BYTES;
use model::links;

/// What stands around a file in a form; and a field ends its lines with two characters where the text has one.
const AROUND: usize = 1024 * 1024;

/// For signed-in people; who may do what is asked inside.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/dashboards/import", post(bringing::bring).layer(DefaultBodyLimit::max(MAX_BYTES + AROUND)))
        .route("/d/{slug}/export", get(export::file))
        .route("/d/{slug}/panel.csv", get(panel::csv))
        .route("/d/{slug}/panel.svg", get(panel::svg))
        .route("/d/{slug}/panel.png", get(panel::png))
}

fn door(house: &House, visitor: Visitor) -> Door {
    Door { house: house.clone(), visitor }
}

/// A refusal: as a screen for people, where there is one that says it, else as data with its status.
fn refused(error: &ApiError) -> Response {
    honest(error)
}

/// A file to keep, which no cache does.
fn download(kind: &'static str, name: &str, extension: &str, body: Vec<u8>) -> Response {
    let mut response: Response = body.into_response();
    let plain: String = name.chars().map(|letter| if is_plain(letter) { letter } else { '_' }).collect();
    // RFC 6266 with RFC 8187: names that need more than ASCII are said in UTF-8.
    let named: String =
        format!("attachment; filename=\"{plain}.{extension}\"; filename*=UTF-8''{}.{extension}", links::encode(name));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Ok(named) = HeaderValue::from_str(&named) {
        headers.insert(header::CONTENT_DISPOSITION, named);
    }
    response
}

fn is_plain(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_' | '.')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_called_after_what_is_in_it_and_kept_by_no_cache() {
        let response: Response = download("text/csv; charset=utf-8", "web-cpu~蔵/1\"", "csv", Vec::new());
        let headers = response.headers();
        let named = "attachment; filename=\"web-cpu___1_.csv\"; filename*=UTF-8''web-cpu~%E8%94%B5%2F1%22.csv";
        assert_eq!(headers[header::CONTENT_DISPOSITION], named);
        assert_eq!(headers[header::CONTENT_TYPE], "text/csv; charset=utf-8");
        assert_eq!(headers[header::CACHE_CONTROL], "no-store");
    }
}
