//! Why a monitor has no counterpart here.

use crate::rules::levels::OutOfOrder;
use promql::error::ParseError;

/// What of a monitor can't be mapped. Shown to whoever imports it, with the monitor's name before it.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub(super) enum Unmapped {
    #[error("monitors of the type \"{kind}\" have no counterpart here")]
    Kind { kind: String },
    /// A part of a query that means something only there.
    #[error("{what} \"{found}\" has no counterpart here")]
    Foreign { what: &'static str, found: String },
    #[error("\"{found}\" behind the filter has no counterpart here")]
    Behind { found: String },
    #[error("expected a query such as avg(last_5m):avg:metric{{env:production}} by {{host}} > 500, found {found}")]
    Query { found: String },
    #[error("{expr}: {said}", said = described(.expr, .errors))]
    Expression { expr: String, errors: Vec<ParseError> },
    #[error("the query compares with {compared}, and thresholds.critical is {critical}")]
    Threshold { compared: f64, critical: f64 },
    #[error(transparent)]
    OutOfOrder(#[from] OutOfOrder),
    #[error("on_missing_data \"{policy}\" is not known here")]
    MissingData { policy: String },
    #[error("the timeframe of missing data must lie between a second and the end of the alert")]
    Timeframe,
}

impl Unmapped {
    pub(super) fn foreign(what: &'static str, found: &str) -> Self {
        Self::Foreign { what, found: found.to_owned() }
    }

    pub(super) fn query(found: &str) -> Self {
        Self::Query { found: found.to_owned() }
    }
}

fn described(expr: &str, errors: &[ParseError]) -> String {
    errors.iter().map(|error| error.describe(expr)).collect::<Vec<String>>().join("; ")
}
