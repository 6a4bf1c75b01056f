//! `mimamori rules`: see what is shipped, bring rules from elsewhere, test them, and export those in force.

use crate::config::Config;
use crate::wiring::Errand;
use alerting::catalogue::{self, Shipped};
use alerting::import::{self, Imported};
use alerting::rules::printer;
use alerting::{RuleFile, RuleRow};
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
    /// List the rules that are shipped; or print one shipped file, to be written into the directory that is applied.
    Catalogue {
        /// The name of a file, such as application.yaml.
        file: Option<String>,
    },
    /// Run unit tests of rules, in the format of `promtool test rules`.
    Test {
        /// The files of tests.
        #[arg(required = true)]
        files: Vec<PathBuf>,
    },
    /// Write every rule in force, also what was changed in the console, as files that can be applied.
    Export {
        /// The directory; files of the same name in it are overwritten, others stay. Without it everything is printed.
        dir: Option<PathBuf>,
    },
}

/// Does it.
///
/// # Errors
/// One line, or one a mistake, that says what went wrong.
pub async fn run(what: RulesCommand, config: Result<Config, Failure>) -> Result<(), Failure> {
    match what {
        RulesCommand::Export { dir } => export(&config?, dir.as_deref()).await,
        RulesCommand::Import { file } => import(&file),
        RulesCommand::Catalogue { file } => catalogue(file.as_deref()),
        RulesCommand::Test { files } => crate::rules_test::run(&files).await,
    }
}

fn catalogue(file: Option<&str>) -> Result<(), Failure> {
    let Some(name) = file else {
        print!("{}", catalogue::listing()?);
        return Ok(());
    };
    let names = || catalogue::FILES.iter().map(|shipped| shipped.name).collect::<Vec<&str>>().join(", ");
    let shipped: &Shipped = catalogue::find(name).ok_or_else(|| format!("no file {name:?} is shipped; there are {}", names()))?;
    print!("{}", shipped.text);
    Ok(())
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

async fn export(config: &Config, dir: Option<&Path>) -> Result<(), Failure> {
    let errand = Errand::begin(config).await?;
    let rules = errand.alerting.rules().await;
    errand.end().await?;
    let rules: Vec<RuleRow> = rules?;
    let files: Vec<RuleFile> = printer::files(&rules);
    match dir {
        Some(dir) => write_into(dir, &files),
        None => {
            print!("{}", printed(&files));
            Ok(())
        }
    }
}

/// Writes files into a directory, which is made where it is not there, and prints their paths.
///
/// # Errors
/// When it can't be written.
pub fn write_into(dir: &Path, files: &[RuleFile]) -> Result<(), Failure> {
    std::fs::create_dir_all(dir).map_err(|error| format!("can't make {}: {error}", dir.display()))?;
    for file in files {
        let path: PathBuf = dir.join(&file.name);
        std::fs::write(&path, &file.text).map_err(|error| format!("can't write {}: {error}", path.display()))?;
        println!("{}", path.display());
    }
    Ok(())
}

/// All files as one stream of YAML documents, each under its name.
fn printed(files: &[RuleFile]) -> String {
    files.iter().map(|file| format!("# {}\n---\n{}", file.name, file.text)).collect()
}
