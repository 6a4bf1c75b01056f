//! The command line.

use crate::config::{self, Config};
use crate::house_error::chain;
use crate::wiring::{Errand, rule_files};
use alerting::{Alerting, Checked, Empty, Plan};
use clap::{Args, Parser, Subcommand};
use std::path::{Path, PathBuf};

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
        /// Only check, and print what applying would change; change nothing.
        #[arg(long)]
        check: bool,
        /// Also take files without groups and groups without rules. What they watched is watched no more.
        #[arg(long)]
        allow_empty: bool,
    },
    /// The database: its URL, a shell, a dump, a restore.
    Db {
        #[command(subcommand)]
        what: crate::database::DbCommand,
    },
    /// Metrics: compare our answers with a remote engine's.
    Metrics {
        #[command(subcommand)]
        what: crate::comparison::MetricsCommand,
    },
    /// Rules: bring them from Prometheus or Datadog, test them.
    Rules {
        #[command(subcommand)]
        what: crate::rules::RulesCommand,
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
            What::Apply { dir, check, allow_empty } => {
                let empty = if allow_empty { Empty::Allowed } else { Empty::Refused };
                apply(checked?, &dir, check, empty).await
            }
            What::Db { what } => crate::database::command(checked?, what).await,
            What::Metrics { what } => crate::comparison::run(&checked?, what).await,
            What::Rules { what } => crate::rules::run(what).await,
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

/// `mimamori apply`: says what changes, and does it unless it is only to `check`.
async fn apply(config: Config, dir: &Path, check: bool, empty: Empty) -> Result<(), Failure> {
    let files = rule_files(dir)?;
    let checked = Alerting::check(&files, empty)?;
    for warning in &checked.warnings {
        eprintln!("warning: {warning}");
    }
    let plan = if check { planned(&config, &checked).await? } else { applied(&config, &checked).await? };
    println!("{plan}");
    if check {
        println!("{} files are valid; nothing was changed", files.len());
    }
    Ok(())
}

/// What applying would change. Where there is no database yet, everything would be new.
async fn planned(config: &Config, checked: &Checked) -> Result<Plan, Failure> {
    let Some(errand) = Errand::look(config).await? else { return Ok(Plan::of_new(checked)) };
    let plan = errand.alerting.plan(checked).await;
    errand.end().await?;
    plan.map_err(|error| format!("the files are valid, but what they change can't be told: {}", chain(&error)).into())
}

async fn applied(config: &Config, checked: &Checked) -> Result<Plan, Failure> {
    let worker = model::Actor::worker("apply");
    let grant = kernel::authorize::<model::access::ApplyRules>(&worker, None)?;
    let errand = Errand::begin(config).await?;
    let applied = errand.alerting.apply_checked(&grant, checked).await;
    errand.end().await?;
    Ok(applied?)
}
