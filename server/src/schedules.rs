//! `mimamori oncall`: bring on-call schedules and escalation policies from elsewhere, and export those in force.

use crate::config::Config;
use crate::rules::write_into;
use crate::wiring::{Errand, Failure};
use alerting::RuleFile;
use clap::Subcommand;
use kernel::{Clock, SystemClock};
use model::Time;
use oncall::PolicyFile;
use oncall::schedules::import::{self, Imported, MAX_BYTES};
use std::path::{Path, PathBuf};

#[derive(Debug, Subcommand)]
pub enum OncallCommand {
    /// Read an export of Grafana OnCall, Opsgenie or PagerDuty (JSON, as their APIs answer), and print its schedules and escalation
    /// policies as a file that can be applied. What can't be mapped is listed on standard error.
    Import {
        /// The file: one answer, or one object with several by their names (schedules, users, escalation_policies …). People are named by
        /// e-mail address, so the users belong in it.
        file: PathBuf,
    },
    /// Write every schedule and escalation policy in force, also what was changed in the console, as files that can be applied.
    Export {
        /// The directory; files of the same name in it are overwritten, others stay. Without it everything is printed as one file.
        dir: Option<PathBuf>,
    },
}

/// Does it.
///
/// # Errors
/// One line, or one a mistake, that says what went wrong.
pub async fn run(what: OncallCommand, config: Result<Config, Failure>) -> Result<(), Failure> {
    match what {
        OncallCommand::Import { file } => import(&file),
        OncallCommand::Export { dir } => export(&config?, dir.as_deref()).await,
    }
}

fn import(path: &Path) -> Result<(), Failure> {
    let (text, unmapped): (String, Vec<String>) = imported(path, SystemClock.now())?;
    for line in unmapped {
        eprintln!("not mapped: {line}");
    }
    print!("{text}");
    Ok(())
}

/// The file of ours that says the same, and what could not be said.
fn imported(path: &Path, now: Time) -> Result<(String, Vec<String>), Failure> {
    let shown: String = path.display().to_string();
    let failed = |error: std::io::Error| format!("can't read {shown}: {error}");
    let n_bytes: u64 = std::fs::metadata(path).map_err(failed)?.len();
    if n_bytes > MAX_BYTES as u64 {
        return Err(format!("{shown}: expected at most {MAX_BYTES} bytes, found {n_bytes}").into());
    }
    let text: String = std::fs::read_to_string(path).map_err(failed)?;
    let imported: Imported = import::read(&PolicyFile { name: shown.clone(), text }, now)?;
    let files: Vec<PolicyFile> = imported.files();
    if files.is_empty() {
        let why: String = imported.unmapped.iter().map(|line| format!("\nnot mapped: {line}")).collect();
        return Err(format!("nothing of {shown} can be applied here{why}").into());
    }
    Ok((joined(files.into_iter().map(|file| file.text)), imported.unmapped))
}

async fn export(config: &Config, dir: Option<&Path>) -> Result<(), Failure> {
    let errand = Errand::begin(config).await?;
    let files: Result<Vec<RuleFile>, Failure> = exported(&errand).await;
    errand.end().await?;
    let files: Vec<RuleFile> = files?;
    match dir {
        Some(dir) => write_into(dir, &files),
        None => {
            print!("{}", joined(files.into_iter().map(|file| file.text)));
            Ok(())
        }
    }
}

async fn exported(errand: &Errand) -> Result<Vec<RuleFile>, Failure> {
    let schedules: String = errand.schedules.print().await?;
    let policies: String = errand.policies.print().await?;
    let file = |name: &str, text: String| RuleFile { name: name.to_owned(), text };
    Ok(vec![file("schedules.yaml", schedules), file("policies.yaml", policies)])
}

/// Schedules and policies may stand in one file, each under its key.
fn joined(texts: impl Iterator<Item = String>) -> String {
    texts.collect::<Vec<String>>().join("\n")
}

#[cfg(test)]
mod tests;
