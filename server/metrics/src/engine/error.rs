//! What can go wrong with another machine. All of it may be shown to whoever may read metrics.

use kernel::outbound::OutboundError;

/// Why an engine or a store elsewhere is of no use.
#[derive(Debug, thiserror::Error)]
pub enum RemoteError {
    /// There is no other engine.
    #[error("no remote engine is set: give its address as metrics.engine_url")]
    NotSet,
    /// Requests to it can't be prepared.
    #[error("prepare requests to {url}")]
    Address {
        /// As set.
        url: String,
        /// Why.
        #[source]
        source: OutboundError,
    },
    /// A header can't be sent.
    #[error("the header {name:?} or its value can't be sent")]
    Header {
        /// Which.
        name: String,
    },
    /// Two destinations have one name.
    #[error("two destinations of metrics.forward have the name {name:?}")]
    SameName {
        /// Which.
        name: String,
    },
    /// No answer. Rules show it, so it says why in one line.
    #[error("the remote engine can't be asked: {}", .0.describe())]
    Unreachable(OutboundError),
    /// It understood, and refused.
    #[error("the remote engine refused: {kind}: {message}")]
    Refused {
        /// Its `errorType`.
        kind: String,
        /// Its words, shortened.
        message: String,
    },
    /// It answered with a failure that is not one of Prometheus' API.
    #[error("the remote engine answered {status}: {words}")]
    Status {
        /// HTTP's.
        status: u16,
        /// How the answer begins.
        words: String,
    },
    /// It answered with something else than Prometheus' API does.
    #[error("the remote engine's answer can't be read: {0}")]
    Json(#[from] serde_json::Error),
    /// It answered with success and nothing else.
    #[error("the remote engine's answer holds no data")]
    NoData,
    /// It answered with what we have no place for.
    #[error("the remote engine answered with native histograms, which are not supported")]
    Histograms,
}
