//! What is answered when things go wrong before the console can render: no database, or a panic. Whoever can show a screen gets one,
//! in both languages, without script and with nothing to load but the style sheet; programs get JSON.

use crate::security::NoScript;
use crate::{context, cookies, house_error};
use axum::extract::Request;
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};
use axum_extra::extract::cookie::CookieJar;
use figures::Locale;
use futures::FutureExt;
use std::panic::AssertUnwindSafe;

/// Who has to be told, kept while the request is worked on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asker {
    /// Somebody who reads, in this language.
    Person(Locale),
    /// A script of our own screens.
    Screen,
    /// A program under `/api/`.
    Program,
}

impl Asker {
    /// By address and `Accept`: a form without script posts to `/call/…` too, and its answer is shown.
    #[must_use]
    pub fn of(path: &str, headers: &HeaderMap) -> Self {
        let is_for_programs = ["/api", "/prometheus", "/v1"]
            .iter()
            .any(|door| path.strip_prefix(door).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')));
        if is_for_programs {
            return Self::Program;
        }
        let is_called = path.starts_with("/call/") || path == api::live::PATH;
        if is_called && !context::wants_html(headers) {
            return Self::Screen;
        }
        Self::Person(cookies::locale(&CookieJar::from_headers(headers), headers))
    }
}

/// The database can't be reached: say so, and that it heals by itself.
#[must_use]
pub fn no_database(asker: Asker) -> Response {
    let retry = [(header::RETRY_AFTER, "5")];
    match asker {
        Asker::Program => house_error::unavailable_for_programs(),
        Asker::Screen => house_error::honest(&api::ApiError::Unavailable),
        Asker::Person(locale) => {
            let body = manage::plain::trouble(locale, &crate::signin::style_href());
            without_script((StatusCode::SERVICE_UNAVAILABLE, retry, Html(body)).into_response())
        }
    }
}

/// Turns a panic into an answer. What it said is in the log already: Rust's panic hook writes it.
pub async fn catch_panics(request: Request, next: Next) -> Response {
    let asker = Asker::of(request.uri().path(), request.headers());
    match AssertUnwindSafe(next.run(request)).catch_unwind().await {
        Ok(response) => response,
        Err(_) => broken(asker),
    }
}

/// We have a fault of our own.
fn broken(asker: Asker) -> Response {
    let status = StatusCode::INTERNAL_SERVER_ERROR;
    match asker {
        Asker::Program => house_error::for_programs(status, "internal", "the server has a fault"),
        Asker::Screen => {
            let reason = "the server has a fault".to_owned();
            house_error::honest(&api::ApiError::Transport { reason })
        }
        Asker::Person(locale) => without_script((status, Html(fault(locale))).into_response()),
    }
}

fn without_script(mut response: Response) -> Response {
    response.extensions_mut().insert(NoScript);
    response
}

/// Written without the components of the console: it may be one of those that panicked.
fn fault(locale: Locale) -> String {
    let (lang, style) = (locale.as_str(), crate::signin::style_href());
    format!(
        r#"<!DOCTYPE html>
<html lang="{lang}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>見守り Mimamori</title>
<link rel="icon" href="/favicon.svg" type="image/svg+xml"><link rel="stylesheet" href="{style}"></head>
<body><div class="bare"><div class="signin"><main class="signin__main">
<h1 class="signin__title" lang="ja">画面を表示できませんでした</h1>
<p lang="ja">サーバー内部の不具合です。監視は続いています。もう一度開き直してください。</p>
<p lang="en">This screen could not be shown because of a fault in the server. Monitoring goes on. Please open it again.</p>
<p><a href="/">見守り Mimamori</a></p>
</main></div></div></body>
</html>
"#
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::Router;
    use axum::body::Body;
    use axum::middleware::from_fn;
    use axum::routing::get;
    use tower::ServiceExt;

    fn accepting(kind: &str) -> HeaderMap {
        [(header::ACCEPT, kind.parse().unwrap())].into_iter().collect()
    }

    #[test]
    fn whoever_can_show_a_screen_gets_one() {
        let html = accepting("text/html,*/*");
        let json = accepting("application/json");
        for (path, headers, expected) in [
            ("/", &html, Asker::Person(Locale::Ja)),
            ("/call/alert_acknowledge", &html, Asker::Person(Locale::Ja)),
            ("/call/alert_acknowledge", &json, Asker::Screen),
            ("/live", &json, Asker::Screen),
            ("/api/v1/write", &html, Asker::Program),
        ] {
            assert_eq!(Asker::of(path, headers), expected, "{path}");
        }
    }

    async fn fails() -> &'static str {
        panic!("as asked for")
    }

    #[tokio::test]
    async fn a_panic_is_answered_to_people_and_to_programs() {
        let router: Router = Router::new().route("/", get(fails)).route("/api/x", get(fails)).layer(from_fn(catch_panics));
        for (path, kind) in [("/", "text/html"), ("/api/x", "application/json")] {
            let request = Request::builder().uri(path).header("accept", "text/html").body(Body::empty()).unwrap();
            let answer = router.clone().oneshot(request).await.unwrap();
            assert_eq!(answer.status(), StatusCode::INTERNAL_SERVER_ERROR);
            assert!(answer.headers()["content-type"].to_str().unwrap().starts_with(kind), "{path}");
        }
    }
}
