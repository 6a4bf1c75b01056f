//! The one error that crosses the door. Safe to show: it says what happened, never what lies inside.

use leptos::server_fn::codec::JsonEncoding;
use leptos::server_fn::error::{FromServerFnError, ServerFnErrorErr};
use serde::{Deserialize, Serialize};

/// Why the server did not do it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum ApiError {
    /// No valid session: sign in again.
    #[error("not signed in, or the sign-in has expired")]
    SignedOut,
    /// Signed in, but may not; the reason names the role that is needed.
    #[error("{reason}")]
    Denied { reason: String },
    /// There is no such thing (any more).
    #[error("{what} was not found")]
    NotFound { what: String },
    /// The input is wrong: which field, and what was expected.
    #[error("{field}: {expected}")]
    Invalid { field: String, expected: String },
    /// The database can't be reached; it heals by itself.
    #[error("the database can't be reached")]
    Unavailable,
    /// Too many requests; try again later.
    #[error("too many attempts: try again in {seconds} s")]
    TryLater { seconds: u32 },
    /// The call did not reach the server or was not understood.
    #[error("{reason}")]
    Transport { reason: String },
}

impl FromServerFnError for ApiError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        Self::Transport { reason: error.to_string() }
    }
}
