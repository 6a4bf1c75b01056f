//! The command line.

use crate::config;
use alerting::Empty;
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
    /// Apply rules, routes, escalation policies and on-call schedules from a directory of YAML files: all of them, or nothing. What a
    /// schedule changes takes effect at its next handoffs.
    Apply {
        /// The directory. Each file says by its keys what it is about: groups; routes, calendars, inhibitions, silences; policies,
        /// schedules. Of what no file tells nothing is changed.
        dir: PathBuf,
        /// Only check, and print what applying would change; change nothing.
        #[arg(long, visible_alias = "dry-run")]
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
    /// Rules: bring them from Prometheus or Datadog, test them, export those in force.
    Rules {
        #[command(subcommand)]
        what: crate::rules::RulesCommand,
    },
    /// On call: bring schedules and escalation policies from Grafana OnCall, Opsgenie or PagerDuty, export those in force.
    Oncall {
        #[command(subcommand)]
        what: crate::schedules::OncallCommand,
    },
    /// Dashboards: bring them from Grafana, export those in force.
    Dashboards {
        #[command(subcommand)]
        what: crate::dashboards::command::DashboardsCommand,
    },
    /// The configuration.
    Config {
        #[command(subcommand)]
        what: ConfigCommand,
    },
    /// Print a fresh one-time set-up link while nobody has signed up yet.
    SetUpLink,
    /// Watch a Mimamori server from another machine, and page by channels of your own when it fails. Needs no database.
    Watch(crate::watch::outside::WatchArgs),
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
                crate::apply::run(&checked?, &dir, check, empty).await
            }
            What::Db { what } => crate::database::command(checked?, what).await,
            What::Metrics { what } => crate::comparison::run(&checked?, what).await,
            What::Rules { what } => crate::rules::run(what, checked.map_err(Into::into)).await,
            What::Oncall { what } => crate::schedules::run(what, checked.map_err(Into::into)).await,
            What::Dashboards { what } => crate::dashboards::command::run(what, checked.map_err(Into::into)).await,
            What::Config { what: ConfigCommand::Check } => {
                print!("{}", config::explain(&found));
                crate::keys::ready(&checked?.secrets)?;
                println!("configuration is valid");
                Ok(())
            }
            What::SetUpLink => crate::serve::print_set_up_link(checked?).await,
            What::Watch(args) => crate::watch::outside::run(args).await,
        }
    }
}

impl Common {
    fn file(&self) -> Option<PathBuf> {
        let here = PathBuf::from("mimamori.toml");
        self.config.clone().or_else(|| here.exists().then_some(here))
    }
}
