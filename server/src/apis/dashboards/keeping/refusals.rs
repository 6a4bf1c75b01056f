//! What a screen may see of what was refused about dashboards, and where in a form it is put right.

use crate::house_error::unavailable;
use ::api::ApiError;
use ::api::dashboards::keeping::trouble::KeepingTrouble;
use dashboards::Error;

/// What a screen may see of the room's errors.
pub fn shown(error: Error) -> ApiError {
    let trouble: KeepingTrouble = match &error {
        Error::NotFound { .. } => return ApiError::NotFound { what: "that dashboard".to_owned() },
        Error::Taken { .. } => KeepingTrouble::Taken,
        Error::Stale { .. } => KeepingTrouble::Stale,
        Error::Unlawful { .. } => KeepingTrouble::Unlawful,
        Error::Span { .. } => KeepingTrouble::Span,
        _ => return unavailable(&error),
    };
    trouble.refused("", &error.to_string())
}
