//! The command line.

use crate::config::{self, Config};
use clap::{Args, Parser, Subcommand};
use std::path::PathBuf;

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Mimamori watches over a service and the people who run it.
#[derive(Debug, Parser)]
#[command(name = "mimamori", version, about)]
pub struct Command {
    #[command(subcommand)]
    what: Option<What>,
    #[command(flatten)]
    common: Common,
}

#[derive(Debug, Args)]
struct Common {
    /// The configuration file (TOML). Without it: mimamori.toml in this directory, if there is one.
    #[arg(long, global = true, env = "MIMAMORI_CONFIG")]
    config: Option<PathBuf>,
    /// Run the embedded Postgres even in production or on a public address.
    #[arg(long, global = true)]
    i_know_embedded: bool,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Run the server (the default).
    Serve,
    /// Push this host's metrics to a Mimamori server.
    Agent(crate::agent::AgentArgs),
    /// Apply rules from a directory of YAML files: all of them, or nothing.
    Apply {
        /// The directory.
        dir: PathBuf,
        /// Only check, change nothing.
        #[arg(long)]
        check: bool,
    },
    /// The database: its URL, a shell, a dump, a restore.
    Db {
        #[command(subcommand)]
        what: crate::database::DbCommand,
    },
    /// The configuration.
    Config {
        #[command(subcommand)]
        what: ConfigCommand,
    },
    /// Print a fresh one-time set-up link while nobody has signed up yet.
    SetUpLink,
}

#[derive(Debug, Subcommand)]
enum ConfigCommand {
    /// Check every value, and say what it means and where it came from.
    Check,
}

impl Command {
    /// Does it.
    ///
    /// # Errors
    /// One line that says what went wrong.
    pub async fn run(self) -> Result<(), Failure> {
        let file = self.common.file();
        let found = config::gather(file.as_deref(), &|name| std::env::var(name).ok())?;
        let checked = config::check(&found, self.common.i_know_embedded);
        match self.what.unwrap_or(What::Serve) {
            What::Serve => crate::serve::run(checked?).await,
            What::Agent(args) => crate::agent::run(args).await,
            What::Apply { dir, check } => apply(checked?, dir, check).await,
            What::Db { what } => crate::database::command(checked?, what).await,
            What::Config { what: ConfigCommand::Check } => {
                print!("{}", config::explain(&found));
                checked.map(|_| println!("configuration is valid")).map_err(Into::into)
            }
            What::SetUpLink => crate::serve::print_set_up_link(checked?).await,
        }
    }
}

impl Common {
    fn file(&self) -> Option<PathBuf> {
        let here = PathBuf::from("mimamori.toml");
        self.config.clone().or_else(|| here.exists().then_some(here))
    }
}

async fn apply(config: Config, dir: PathBuf, check: bool) -> Result<(), Failure> {
    let files = crate::wiring::rule_files(&dir)?;
    let n_files = files.len();
    if check {
        alerting::Alerting::check(&files)?;
        println!("{n_files} files are valid");
        return Ok(());
    }
    let worker = model::Actor::worker("apply");
    let grant = kernel::authorize::<model::access::ApplyRules>(&worker, None)?;
    let errand = crate::wiring::Errand::begin(&config).await?;
    let applied = errand.alerting.apply(&grant, files).await;
    errand.end().await?;
    let applied = applied?;
    println!(
        "{n_files} files: {} rules added, {} changed, {} removed, {} unchanged",
        applied.added, applied.changed, applied.removed, applied.unchanged
    );
    Ok(())
}
