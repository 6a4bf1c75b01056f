//! What can go wrong, one line each.

use std::io;
use std::path::{Path, PathBuf};

/// Why there is no site.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("{}", crate::USAGE)]
    Usage,

    #[error("could not {what} {path}: {source}")]
    Io { what: &'static str, path: PathBuf, source: io::Error },

    #[error("{path} could not be made fit for a browser: {reason}")]
    Module { path: PathBuf, reason: String },

    #[error("wasm-opt, which makes the module small, {reason}: npm ci --prefix end2end installs it")]
    Optimiser { reason: String },

    #[error("the style sheet is wrong: {0}")]
    Style(String),
}

impl Error {
    /// For `map_err`, where something was done to a path.
    pub fn io(what: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_path_buf();
        move |source| Self::Io { what, path, source }
    }
}
