//! How the rooms' errors look at the door: safe to show, logged once, here.

use api::ApiError;

/// Logs what lies inside and says only that the database is away.
pub fn unavailable(error: &(dyn std::error::Error + 'static)) -> ApiError {
    tracing::error!(error, "a room failed");
    ApiError::Unavailable
}
