//! What keeps a bench from measuring.

use std::path::PathBuf;

/// Why there is no figure.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("there is no {path}: build the release first")]
    NotBuilt { path: PathBuf },
    #[error("there is no Node, Playwright or Chromium: npm ci --prefix end2end; CHROMIUM names another than Debian's")]
    NoBrowser,
    #[error("could not {what}: {source}")]
    Io { what: &'static str, source: std::io::Error },
    #[error("could not ask the server: {0}")]
    Http(#[from] reqwest::Error),
    #[error("{what} was answered with {status}: {body}")]
    Refused { what: String, status: u16, body: String },
    #[error("{what} was not there in time")]
    TooLate { what: &'static str },
    #[error("the server ended by itself ({status}); its log ends with:\n{log}")]
    Ended { status: String, log: String },
    #[error("{what} can't be read: {found}")]
    Unreadable { what: &'static str, found: String },
    #[error("could not make a remote write body: {0}")]
    Encode(#[from] metrics::Error),
    #[error("Postgres: {0}")]
    Postgres(#[from] postgres::Error),
    #[error("an editor's socket: {0}")]
    Socket(#[from] Box<tokio_tungstenite::tungstenite::Error>),
    #[error("a worker of the bench stopped: {0}")]
    Worker(#[from] tokio::task::JoinError),
}

impl Error {
    /// For `map_err`: what was attempted.
    pub fn io(what: &'static str) -> impl FnOnce(std::io::Error) -> Self {
        move |source| Self::Io { what, source }
    }

    /// For an answer that is not what was expected.
    pub fn unreadable(what: &'static str, found: &str) -> Self {
        let found: String = found.chars().take(300).collect();
        Self::Unreadable { what, found }
    }
}
