//! `mimamori rules`: bring rules from elsewhere, and test them.

use alerting::RuleFile;
use alerting::import::{self, Imported};
use clap::Subcommand;
use std::path::{Path, PathBuf};

type Failure = Box<dyn std::error::Error + Send + Sync>;

#[derive(Debug, Subcommand)]
pub enum RulesCommand {
    /// Read rules of Prometheus (YAML) or monitors of Datadog (JSON), and print them as a file that can be applied. What can't be mapped
    /// is listed on standard error.
    Import {
        /// The file.
        file: PathBuf,
    },
    /// Run unit tests of rules, in the format of `promtool test rules`.
    Test {
        /// The files of tests.
        #[arg(required = true)]
        files: Vec<PathBuf>,
    },
}

/// Does it.
///
/// # Errors
/// One line, or one a mistake, that says what went wrong.
pub async fn run(what: RulesCommand) -> Result<(), Failure> {
    match what {
        RulesCommand::Import { file } => import(&file),
        RulesCommand::Test { files } => crate::rules_test::run(&files).await,
    }
}

fn import(path: &Path) -> Result<(), Failure> {
    let text: String = std::fs::read_to_string(path).map_err(|error| format!("can't read {}: {error}", path.display()))?;
    let imported: Imported = import::read(&RuleFile { name: path.display().to_string(), text })?;
    for line in &imported.unmapped {
        eprintln!("not mapped: {line}");
    }
    for line in &imported.offers {
        eprintln!("could be better: {line}");
    }
    if imported.groups.is_empty() {
        return Err(format!("nothing of {} can be applied here", path.display()).into());
    }
    print!("{}", imported.yaml());
    Ok(())
}
