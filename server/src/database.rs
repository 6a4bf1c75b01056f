//! Getting at the database: the one of `DATABASE_URL`, or the embedded one; and `mimamori db …`.

use crate::config::Config;
use clap::Subcommand;
use kernel::Db;
use postgres::{EmbeddedConfig, Supervisor};
use std::path::PathBuf;
use std::process::ExitStatus;
use std::time::Duration;

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// How often a database that is not there yet is asked again.
const MIGRATE_RETRY: Duration = Duration::from_secs(1);

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
    let (url, supervisor) = match &config.database_url {
        Some(url) => (url.clone(), None),
        None => {
            let supervisor = postgres::start(embedded(config)).await?;
            (supervisor.url(), Some(supervisor))
        }
    };
    let db = Db::lazy(&url, config.database_connections)?;
    Ok(Database { db, supervisor })
}

fn embedded(config: &Config) -> EmbeddedConfig {
    EmbeddedConfig { data_dir: config.data_dir.clone(), bin_dir: None }
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
                tracing::warn!(%error, "waiting for the database");
                tokio::time::sleep(MIGRATE_RETRY).await;
            }
            Err(error) => return Err(format!("the schema could not be brought up to date: {error}").into()),
        }
    }
}

fn is_absence(error: &sqlx::migrate::MigrateError) -> bool {
    use sqlx::Error::{Io, PoolTimedOut};
    matches!(error, sqlx::migrate::MigrateError::Execute(Io(_) | PoolTimedOut))
}

/// `mimamori db …`: beside a running server, or starting the embedded Postgres for as long as it takes.
///
/// # Errors
/// When the database can't be reached or the tool fails.
pub async fn command(config: Config, what: DbCommand) -> Result<(), Failure> {
    let beside = Beside::open(&config).await?;
    let result = run(&beside, what).await;
    beside.close().await?;
    result
}

async fn run(beside: &Beside, what: DbCommand) -> Result<(), Failure> {
    let tools = &beside.tools;
    match what {
        DbCommand::Url => {
            println!("{}", beside.url);
            Ok(())
        }
        DbCommand::Psql { args } => finish("psql", tools.psql().args(args).status()?),
        DbCommand::Dump { file } => finish("pg_dump", tools.dump(&file)?.status()?),
        DbCommand::Restore { file } => finish("pg_restore", tools.restore(&file)?.status()?),
    }
}

fn finish(tool: &str, status: ExitStatus) -> Result<(), Failure> {
    if status.success() { Ok(()) } else { Err(format!("{tool} failed: {status}").into()) }
}

/// The database for a command beside the server: a running one is used as it is.
pub struct Beside {
    pub url: String,
    tools: postgres::Tools,
    supervisor: Option<Supervisor>,
}

impl Beside {
    /// Finds the database that the server uses, or starts it.
    ///
    /// # Errors
    /// When there is none.
    pub async fn open(config: &Config) -> Result<Self, Failure> {
        if let Some(url) = &config.database_url {
            return Ok(Self { url: url.clone(), tools: postgres::Tools::for_url(url)?, supervisor: None });
        }
        if let Some((url, tools)) = postgres::running(&embedded(config)).await? {
            return Ok(Self { url, tools, supervisor: None });
        }
        let supervisor = postgres::start(embedded(config)).await?;
        Ok(Self { url: supervisor.url(), tools: supervisor.tools(), supervisor: Some(supervisor) })
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
