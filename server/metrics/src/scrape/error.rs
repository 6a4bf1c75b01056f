//! Why a scrape failed, or could not be set up.

use axum::http::StatusCode;
use kernel::outbound::OutboundError;

use super::target::TargetError;
use crate::error::Error;
use crate::exposition::{ExpositionError, UnknownFormat};

/// What can go wrong between a target and its stored samples.
#[derive(Debug, thiserror::Error)]
pub enum ScrapeError {
    /// No answer.
    #[error("{}", .0.describe())]
    Outbound(#[from] OutboundError),
    /// An answer that is no success.
    #[error("the target answered with {0}")]
    Status(StatusCode),
    /// An answer of another kind.
    #[error(transparent)]
    Format(#[from] UnknownFormat),
    /// An answer that is no text.
    #[error("the answer is not UTF-8")]
    NotUtf8,
    /// A text that can't be read.
    #[error(transparent)]
    Exposition(#[from] ExpositionError),
    /// Too much of something.
    #[error("{what}: more than the limit of {limit}")]
    Limit {
        /// Of what.
        what: &'static str,
        /// How much may be.
        limit: usize,
    },
    /// Other scrapes take all the memory there is for them.
    #[error("too much is being scraped already")]
    Busy,
    /// Relabelling took the name of a metric away.
    #[error("a sample has no name after metric_relabel_configs")]
    NoName,
    /// A secret or certificate can't be read.
    #[error("read {path}: {source}")]
    File {
        /// Which.
        path: String,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// A secret holds something that no header can.
    #[error("the credentials hold letters that can't be sent")]
    Credentials,
    /// The samples could not be stored.
    #[error(transparent)]
    Write(#[from] Error),
    /// What was discovered can't be scraped.
    #[error(transparent)]
    Target(#[from] TargetError),
    /// A job can't be set up.
    #[error("job {job:?}: {source}")]
    Job {
        /// Its name.
        job: String,
        /// Why.
        #[source]
        source: Box<ScrapeError>,
    },
    /// We may not write.
    #[error("write metrics")]
    Denied(#[from] kernel::Denied),
    /// We are shutting down.
    #[error("shutting down")]
    Closed,
}
