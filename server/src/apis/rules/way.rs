//! Where a browser goes after a form that it sent itself. A script finds its way by the answer.

use crate::context::wants_html;
use ::api::ApiError;
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header};
use leptos::context::use_context;
use leptos_axum::ResponseOptions;

/// The answer that is being made. Taken before anything is awaited, while it is certain whose context this is.
pub struct Way {
    response: Option<ResponseOptions>,
    by_form: bool,
}

impl Way {
    /// Of the request in whose context this is called.
    pub fn here() -> Self {
        let by_form: bool = use_context::<Parts>().is_some_and(|parts| wants_html(&parts.headers));
        Self { response: use_context::<ResponseOptions>(), by_form }
    }

    /// Whether a browser sent the form by itself.
    pub fn by_form(&self) -> bool {
        self.by_form
    }

    /// Sends the browser on.
    pub fn to(&self, path: &str) {
        // Addresses of the console are ASCII: whatever is not is percent-encoded.
        if let (Some(response), true, Ok(path)) = (&self.response, self.by_form, HeaderValue::from_str(path)) {
            response.insert_header(header::LOCATION, path);
            response.set_status(StatusCode::FOUND);
        }
    }

    /// The screen says it in words; the answer says it to whatever reads no words.
    pub fn not_found_if<T>(&self, found: &Result<T, ApiError>) {
        if let (Err(ApiError::NotFound { .. }), Some(response)) = (found, &self.response) {
            response.set_status(StatusCode::NOT_FOUND);
        }
    }
}
