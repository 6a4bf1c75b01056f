//! Getting at the database: the one of `DATABASE_URL`, or the embedded one; and `mimamori db …`.

use crate::config::Config;
use crate::house_error::chain;
use clap::Subcommand;
use kernel::Db;
use postgres::{Source, Supervisor, Tools};
use std::path::PathBuf;
use std::process::ExitStatus;
use std::time::Duration;

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// How often a database that is not there yet is asked again.
const MIGRATE_RETRY: Duration = Duration::from_secs(1);

/// What Postgres says while it recovers (`cannot_connect_now`).
const STARTING_UP: &str = "57P03";

/// A database and, when it is ours, the one who keeps it running.
pub struct Database {
    pub db: Db,
    pub supervisor: Option<Supervisor>,
}

/// `mimamori db …`
#[derive(Debug, Subcommand)]
pub enum DbCommand {
    /// Print the database's URL.
    Url,
    /// Open psql.
    Psql {
        /// What psql gets besides the connection.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        args: Vec<String>,
    },
    /// Write a dump (pg_dump's custom format).
    Dump { file: PathBuf },
    /// Restore a dump into this database. The server must be stopped.
    Restore { file: PathBuf },
}

/// Opens the database for the server. The embedded one is started and supervised.
///
/// # Errors
/// One line: what is missing, or what holds the data directory.
pub async fn open(config: &Config) -> Result<Database, Failure> {
    let (url, supervisor) = match &config.source {
        Source::Url(url) => (url.clone(), None),
        Source::Embedded(embedded) => {
            let supervisor = postgres::start(embedded.clone()).await?;
            (supervisor.url(), Some(supervisor))
        }
    };
    let db = Db::lazy(&url, config.database_connections)?;
    Ok(Database { db, supervisor })
}

/// Brings the schema up to date, waiting for a database that is not there yet.
///
/// # Errors
/// When a migration itself fails: waiting would not help.
pub async fn migrate(db: &Db) -> Result<(), Failure> {
    loop {
        match db.migrate().await {
            Ok(()) => return Ok(()),
            Err(error) if is_absence(&error) => {
                tracing::warn!(error = chain(&error), "waiting for the database");
                tokio::time::sleep(MIGRATE_RETRY).await;
            }
            Err(error) => return Err(format!("the schema could not be brought up to date: {error}").into()),
        }
    }
}

fn is_absence(error: &sqlx::migrate::MigrateError) -> bool {
    let sqlx::migrate::MigrateError::Execute(error) = error else { return false };
    match error {
        sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut => true,
        sqlx::Error::Database(said) => said.code().as_deref() == Some(STARTING_UP),
        _ => false,
    }
}

/// `mimamori db …`: beside a running server, or starting the embedded Postgres for as long as it takes.
///
/// # Errors
/// When the database can't be reached or the tool fails.
pub async fn command(config: Config, what: DbCommand) -> Result<(), Failure> {
    let beside = Beside::open(&config).await?;
    let result = run(&config.source, &beside, what).await;
    beside.close().await?;
    result
}

async fn run(source: &Source, beside: &Beside, what: DbCommand) -> Result<(), Failure> {
    match what {
        DbCommand::Url => {
            println!("{}", beside.url);
            Ok(())
        }
        DbCommand::Psql { args } => finish("psql", beside.tools(source).await?.psql().args(args).status()?),
        DbCommand::Dump { file } => finish("pg_dump", beside.tools(source).await?.dump(&file)?.status()?),
        DbCommand::Restore { file } => finish("pg_restore", beside.tools(source).await?.restore(&file)?.status()?),
    }
}

fn finish(tool: &str, status: ExitStatus) -> Result<(), Failure> {
    if status.success() { Ok(()) } else { Err(format!("{tool} failed: {status}").into()) }
}

/// The database for a command beside the server: a running one is used as it is.
pub struct Beside {
    pub url: String,
    supervisor: Option<Supervisor>,
}

impl Beside {
    /// Finds the database that the server uses, or starts it.
    ///
    /// # Errors
    /// When there is none.
    pub async fn open(config: &Config) -> Result<Self, Failure> {
        let embedded = match &config.source {
            Source::Url(url) => return Ok(Self { url: url.clone(), supervisor: None }),
            Source::Embedded(embedded) => embedded,
        };
        if let Some(url) = postgres::running_url(embedded).await? {
            return Ok(Self { url, supervisor: None });
        }
        let supervisor = postgres::start(embedded.clone()).await?;
        Ok(Self { url: supervisor.url(), supervisor: Some(supervisor) })
    }

    /// psql, dump and restore for it. Looked up only for those who need them: other commands work without.
    async fn tools(&self, source: &Source) -> Result<Tools, Failure> {
        match (source, &self.supervisor) {
            (_, Some(supervisor)) => Ok(supervisor.tools()),
            (Source::Url(url), None) => Ok(Tools::for_url(url)?),
            (Source::Embedded(embedded), None) => {
                let running = postgres::running(embedded).await?;
                running.map(|(_, tools)| tools).ok_or_else(|| "the embedded Postgres has just been stopped: try again".into())
            }
        }
    }

    /// Stops what [`Beside::open`] started.
    ///
    /// # Errors
    /// When the embedded Postgres does not stop.
    pub async fn close(self) -> Result<(), Failure> {
        if let Some(supervisor) = self.supervisor {
            supervisor.stop().await?;
        }
        Ok(())
    }
}
