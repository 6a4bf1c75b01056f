//! What is answered from the first moment on: we listen before there is a database, and say so until the house is put up.

use crate::security::{self, Rules};
use crate::trouble::{self, Asker};
use crate::{health, routes};
use axum::Router;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use leptos::prelude::LeptosOptions;
use std::convert::Infallible;
use std::sync::{Arc, PoisonError, RwLock};
use tower::ServiceExt;

/// The router that answers now. Cheap to clone; all clones change together.
#[derive(Clone)]
pub struct Front(Arc<RwLock<Router>>);

impl Front {
    /// With the router that answers first.
    #[must_use]
    pub fn new(router: Router) -> Self {
        Self(Arc::new(RwLock::new(router)))
    }

    /// From the next request on, `router` answers.
    pub fn put(&self, router: Router) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = router;
    }

    /// Answers one request.
    ///
    /// # Errors
    /// Never.
    pub async fn answer(self, request: Request) -> Result<Response, Infallible> {
        let router: Router = self.0.read().unwrap_or_else(PoisonError::into_inner).clone();
        router.oneshot(request).await
    }
}

/// While the database is awaited: alive but not ready, with files so that the trouble screen has its style.
pub fn router(rules: Rules, leptos: &LeptosOptions) -> Router {
    Router::new()
        .route("/livez", get(health::livez))
        .route("/startupz", get(health::livez))
        .route("/readyz", get(not_ready))
        .merge(routes::files(leptos))
        .fallback(waiting)
        .layer(from_fn_with_state(rules, security::headers))
}

async fn not_ready() -> Response {
    (StatusCode::SERVICE_UNAVAILABLE, "database unavailable\n").into_response()
}

async fn waiting(request: Request) -> Response {
    trouble::no_database(Asker::of(request.uri().path(), request.headers()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;

    async fn ask(front: &Front, path: &str, accept: &str) -> (StatusCode, String) {
        let request = Request::builder().uri(path).header("accept", accept).body(Body::empty()).unwrap();
        let answer = front.clone().answer(request).await.unwrap();
        let kind = answer.headers().get("content-type").map_or("", |kind| kind.to_str().unwrap());
        (answer.status(), kind.split(';').next().unwrap_or_default().to_owned())
    }

    #[tokio::test]
    async fn before_the_database_everybody_is_told_and_afterwards_the_house_answers() {
        let rules = Rules { public_url: "http://127.0.0.1:3000".into() };
        let front = Front::new(router(rules, &LeptosOptions::builder().output_name("mimamori").build()));
        let (away, plain) = (StatusCode::SERVICE_UNAVAILABLE, "text/plain".to_owned());
        assert_eq!(ask(&front, "/livez", "*/*").await, (StatusCode::OK, plain.clone()));
        assert_eq!(ask(&front, "/readyz", "*/*").await, (away, plain.clone()));
        assert_eq!(ask(&front, "/alerts", "text/html").await, (away, "text/html".to_owned()));
        assert_eq!(ask(&front, "/api/v1/write", "*/*").await, (away, "application/json".to_owned()));
        front.put(Router::new().route("/readyz", get(health::livez)));
        assert_eq!(ask(&front, "/readyz", "*/*").await, (StatusCode::OK, plain));
    }
}
