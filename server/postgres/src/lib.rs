#![doc = include_str!("../README.md")]
#![deny(unsafe_code)]

mod account;
mod address;
mod binaries;
mod cluster;
mod error;
mod keeper;
mod layout;
mod lock;
mod log;
mod pidfile;
mod retry;
mod settings;
mod spawn;
mod supervisor;
mod tools;
mod wheel;

#[cfg(test)]
mod tests;

pub use error::Error;
pub use supervisor::{Health, Supervisor};
pub use tools::Tools;

use std::path::PathBuf;

/// The database and the database user of an embedded Postgres.
pub const DATABASE: &str = "mimamori";

/// Where the database comes from.
#[derive(Clone, Debug)]
pub enum Source {
    /// A Postgres that somebody else runs, as a `postgres://` URL.
    Url(String),
    /// One that we run beside the server.
    Embedded(EmbeddedConfig),
}

/// What an embedded Postgres needs to know.
#[derive(Clone, Debug)]
pub struct EmbeddedConfig {
    /// The directory everything is kept in; made when absent. See the crate's table.
    pub data_dir: PathBuf,
    /// The directory with `postgres` and `initdb`. `None`: searched for.
    pub bin_dir: Option<PathBuf>,
}

impl Source {
    /// `DATABASE_URL` wins (an empty one counts as absent); else the embedded one, unless this server `must_be_real`: it runs in
    /// production or listens on a public address, and nobody passed `--i-know-embedded`.
    ///
    /// # Errors
    /// [`Error::RealDatabaseNeeded`].
    pub fn choose(database_url: Option<String>, embedded: EmbeddedConfig, must_be_real: bool) -> Result<Self, Error> {
        match database_url.filter(|url| !url.trim().is_empty()) {
            Some(url) => Ok(Self::Url(url)),
            None if must_be_real => Err(Error::RealDatabaseNeeded),
            None => Ok(Self::Embedded(embedded)),
        }
    }
}

/// Starts the embedded Postgres: finds or fetches its binaries, makes the cluster at the first start, and returns when it accepts
/// connections. That takes 0.1 s, at the first start 1.5 s, after a crash as long as its recovery needs.
///
/// # Errors
/// Every variant of [`Error`] but [`Error::RealDatabaseNeeded`] and [`Error::NoClients`]; each is one line that says what to do.
pub async fn start(config: EmbeddedConfig) -> Result<Supervisor, Error> {
    Supervisor::start(config).await
}

/// The URL of an embedded Postgres that another process runs in `config`'s directory; `None` when none does. Needs no client programs.
///
/// # Errors
/// What keeps us from its directory or its password.
pub async fn running_url(config: &EmbeddedConfig) -> Result<Option<String>, Error> {
    let config = config.clone();
    let looked = tokio::task::spawn_blocking(move || tools::url_of_running(&config)).await;
    looked.map_err(|_| Error::Interrupted)?
}

/// The URL and the tools of an embedded Postgres that another process runs in `config`'s directory (`mimamori db psql` beside the
/// server); `None` when none does. Starts nothing and fetches nothing.
///
/// # Errors
/// What keeps us from its directory, its password or its programs.
pub async fn running(config: &EmbeddedConfig) -> Result<Option<(String, Tools)>, Error> {
    let config = config.clone();
    let looked = tokio::task::spawn_blocking(move || Tools::of_running(&config)).await;
    let tools = looked.map_err(|_| Error::Interrupted)??;
    Ok(tools.map(|tools| (tools.url(), tools)))
}
