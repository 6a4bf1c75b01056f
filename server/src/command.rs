//! The command line.

use crate::config::{self, Config};
use crate::house_error::chain;
use crate::policies;
use crate::wiring::{Errand, rule_files};
use alerting::directory::{Changes, Directory};
use alerting::routes;
use alerting::routes::file::Definition;
use alerting::routing::{Planned, Routing};
use alerting::{Alerting, Checked, Empty, Plan, RuleFile};
use clap::{Args, Parser, Subcommand};
use oncall::policies::file::FileErrors;
use std::fmt;
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
    /// Apply rules and routes from a directory of YAML files: all of them, or nothing.
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
    /// Rules: bring them from Prometheus or Datadog, test them, export those in force.
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
                apply(checked?, &dir, check, empty).await
            }
            What::Db { what } => crate::database::command(checked?, what).await,
            What::Metrics { what } => crate::comparison::run(&checked?, what).await,
            What::Rules { what } => crate::rules::run(what, checked.map_err(Into::into)).await,
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

/// `mimamori apply`: says what changes, and does it unless it is only to `check`.
async fn apply(config: Config, dir: &Path, check: bool, empty: Empty) -> Result<(), Failure> {
    let files = rule_files(dir)?;
    let n_files: usize = files.len();
    let (policies, files) = policies::apart(files);
    let (policies, wanted) = both(policies::check(&policies), Wanted::of(&files, empty))?;
    for warning in wanted.rules.iter().flat_map(|rules| &rules.warnings) {
        eprintln!("warning: {warning}");
    }
    // Policies come first: routes name them.
    if let Some(policies) = &policies {
        let plan = if check { policies::planned(&config, policies).await? } else { policies::applied(&config, policies).await? };
        println!("{plan}");
    }
    if !files.is_empty() {
        let plan = if check { planned(&config, &wanted).await? } else { applied(&config, &wanted).await? };
        println!("{}", Shown(plan));
    }
    if check {
        println!("{n_files} files are valid; nothing was changed");
    }
    Ok(())
}

/// Every mistake of all files is told at once.
fn both<A, B>(policies: Result<A, FileErrors>, others: Result<B, Failure>) -> Result<(A, B), Failure> {
    match (policies, others) {
        (Ok(policies), Ok(others)) => Ok((policies, others)),
        (Err(policies), Err(others)) => Err(format!("{policies}\n{others}").into()),
        (Err(policies), Ok(_)) => Err(policies.into()),
        (Ok(_), Err(others)) => Err(others),
    }
}

/// The files of a directory, read and checked. Of what none of them tells nothing is changed.
struct Wanted {
    rules: Option<Checked>,
    routing: Option<Definition>,
}

impl Wanted {
    /// Every mistake of all files is told at once.
    fn of(files: &[RuleFile], empty: Empty) -> Result<Self, Failure> {
        let (routing, rules): (Vec<RuleFile>, Vec<RuleFile>) =
            files.iter().cloned().partition(|file| routes::file::is_routing(&file.text));
        let rules = (!rules.is_empty()).then(|| Alerting::check(&rules, empty)).transpose();
        let routing = (!routing.is_empty()).then(|| Routing::check(&routing)).transpose();
        match (rules, routing) {
            (Ok(rules), Ok(routing)) => Ok(Self { rules, routing }),
            (Err(mut rules), Err(routing)) => {
                rules.0.extend(routing.0);
                Err(rules.into())
            }
            (Err(errors), Ok(_)) | (Ok(_), Err(errors)) => Err(errors.into()),
        }
    }
}

/// What applying the whole directory changes, to be printed.
struct Shown(Changes);

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Changes { rules, routing } = &self.0;
        if let Some(rules) = rules {
            write!(f, "{rules}")?;
        }
        match (rules, routing) {
            (_, None) => Ok(()),
            (None, Some(routing)) => write!(f, "{routing}"),
            (Some(_), Some(routing)) => write!(f, "\n{routing}"),
        }
    }
}

/// What applying would change. Where there is no database yet, everything would be new.
async fn planned(config: &Config, wanted: &Wanted) -> Result<Changes, Failure> {
    let Some(errand) = Errand::look(config).await? else {
        let (rules, routing) = (wanted.rules.as_ref().map(Plan::of_new), wanted.routing.as_ref().map(Planned::of_new));
        return Ok(Changes { rules, routing });
    };
    let plan = plan(&errand, wanted).await;
    errand.end().await?;
    plan.map_err(|error| format!("the files are valid, but what they change can't be told: {}", chain(&error)).into())
}

async fn plan(errand: &Errand, wanted: &Wanted) -> Result<Changes, alerting::Error> {
    let mut changes = Changes::default();
    if let Some(rules) = &wanted.rules {
        changes.rules = Some(errand.alerting.plan(rules).await?);
    }
    if let Some(routing) = &wanted.routing {
        changes.routing = Some(errand.routing.plan(routing).await?);
    }
    Ok(changes)
}

async fn applied(config: &Config, wanted: &Wanted) -> Result<Changes, Failure> {
    let errand = Errand::begin(config).await?;
    let applied = put_in_force(&errand, wanted).await;
    errand.end().await?;
    applied
}

/// Everything was checked before, and all of it is written or nothing.
async fn put_in_force(errand: &Errand, wanted: &Wanted) -> Result<Changes, Failure> {
    let worker = model::Actor::worker("apply");
    let grant = kernel::authorize::<model::access::ApplyRules>(&worker, None)?;
    let directory = Directory { rules: wanted.rules.as_ref(), routing: wanted.routing.as_ref() };
    Ok(errand.alerting.apply_directory(&grant, &directory).await?)
}
