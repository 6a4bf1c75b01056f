//! `mimamori dashboards`: bring dashboards from Grafana, and export those in force.

use super::export::everything;
use super::sent::{Sent, told_apart};
use crate::config::Config;
use crate::rules::write_into;
use crate::wiring::{Errand, Failure};
use alerting::RuleFile;
use clap::Subcommand;
use dashboard::Dashboard;
use dashboards::file::to_yaml;
use dashboards::grafana::MAX_BYTES;
use std::collections::HashSet;
use std::path::{Path, PathBuf};

#[derive(Debug, Subcommand)]
pub enum DashboardsCommand {
    /// Read dashboards of Grafana (JSON, as it is exported and as its API answers), and print them as one file that can be applied. What
    /// can't be mapped is listed on standard error, with its place and the reason.
    Import {
        /// The files; those of ours are taken as they are.
        #[arg(required = true)]
        files: Vec<PathBuf>,
    },
    /// Write every dashboard, shipped or changed in the console, as files that can be applied: one each, called after its address.
    Export {
        /// The directory; files of the same name in it are overwritten, others stay. Without it everything is printed as one file.
        dir: Option<PathBuf>,
    },
}

/// Does it.
///
/// # Errors
/// One line, or one a mistake, that says what went wrong.
pub async fn run(what: DashboardsCommand, config: Result<Config, Failure>) -> Result<(), Failure> {
    match what {
        DashboardsCommand::Import { files } => import(&files),
        DashboardsCommand::Export { dir } => export(&config?, dir.as_deref()).await,
    }
}

fn import(files: &[PathBuf]) -> Result<(), Failure> {
    let (text, unmapped): (String, Vec<String>) = imported(files)?;
    for line in unmapped {
        eprintln!("not mapped: {line}");
    }
    print!("{text}");
    Ok(())
}

/// One file of ours that says the same, and what could not be said.
fn imported(files: &[PathBuf]) -> Result<(String, Vec<String>), Failure> {
    let (mut all, mut unmapped): (Vec<Dashboard>, Vec<String>) = (Vec::new(), Vec::new());
    let mut slugs: HashSet<String> = HashSet::new();
    for path in files {
        let name: String = path.display().to_string();
        let sent: Sent = told_apart(&name, &text_of(path, &name)?).map_err(|error| told(&name, &error.to_string()))?;
        match sent {
            Sent::Grafana(import) => {
                unmapped.extend(
                    import.not_mapped.iter().map(|note| format!("{name}: {}: {}: {}", note.path, note.what, note.why.en)),
                );
                let slug: String = free(&import.dashboard.slug, &slugs);
                all.push(Dashboard { slug, ..import.dashboard });
            }
            Sent::Ours(found) => all.extend(found),
        }
        slugs.extend(all.iter().map(|one| one.slug.clone()));
    }
    match twice(&all) {
        Some(slug) => Err(format!("expected each slug once, found {slug:?} in several files").into()),
        None => Ok((to_yaml(&all), unmapped)),
    }
}

fn text_of(path: &Path, name: &str) -> Result<String, Failure> {
    let failed = |error: std::io::Error| format!("can't read {name}: {error}");
    let n_bytes: u64 = std::fs::metadata(path).map_err(failed)?.len();
    if n_bytes > MAX_BYTES as u64 {
        return Err(format!("{name}: expected at most {MAX_BYTES} bytes, found {n_bytes}").into());
    }
    Ok(std::fs::read_to_string(path).map_err(failed)?)
}

/// Mistakes of our own files name it already.
fn told(name: &str, mistake: &str) -> String {
    if mistake.starts_with(name) { mistake.to_owned() } else { format!("{name}: {mistake}") }
}

/// The same, or with a number behind it.
fn free(wish: &str, taken: &HashSet<String>) -> String {
    let numbered = (2_u32..).map(|number| format!("{wish}-{number}"));
    std::iter::once(wish.to_owned()).chain(numbered).find(|slug| !taken.contains(slug)).unwrap_or_else(|| wish.to_owned())
}

fn twice(all: &[Dashboard]) -> Option<&str> {
    let mut seen: HashSet<&str> = HashSet::new();
    all.iter().map(|one| one.slug.as_str()).find(|slug| !seen.insert(*slug))
}

async fn export(config: &Config, dir: Option<&Path>) -> Result<(), Failure> {
    let errand = Errand::begin(config).await?;
    let found: Result<Vec<Dashboard>, dashboards::Error> = everything(&errand.dashboards).await;
    errand.end().await?;
    let found: Vec<Dashboard> = found?;
    match dir {
        Some(dir) => write_into(dir, &files(&found)),
        None => {
            print!("{}", to_yaml(&found));
            Ok(())
        }
    }
}

/// A file each.
fn files(all: &[Dashboard]) -> Vec<RuleFile> {
    let file = |one: &Dashboard| RuleFile { name: format!("{}.yaml", one.slug), text: to_yaml(std::slice::from_ref(one)) };
    all.iter().map(file).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use tempfile::TempDir;

    const GRAFANA: &str = r#"{"title": "Web", "annotations": {"list": [{"name": "Deploys"}]},
        "panels": [{"type": "timeseries", "title": "Up", "targets": [{"expr": "up"}]}]}"#;

    fn imports(texts: &[&str]) -> Result<(String, Vec<String>), Failure> {
        let dir: TempDir = tempfile::tempdir().unwrap();
        let write = |(place, text): (usize, &&str)| {
            let path: PathBuf = dir.path().join(format!("{place}.json"));
            std::fs::write(&path, text).unwrap();
            path
        };
        let paths: Vec<PathBuf> = texts.iter().enumerate().map(write).collect();
        imported(&paths)
    }

    fn slugs(text: &str) -> Vec<String> {
        let Ok(Sent::Ours(all)) = told_apart("printed", text) else { panic!("{text}") };
        all.into_iter().map(|one| one.slug).collect()
    }

    #[test]
    fn dashboards_of_grafana_become_one_file_of_ours_and_what_could_not_be_said_is_listed() {
        let (text, unmapped) = imports(&[GRAFANA, GRAFANA]).unwrap();
        assert_eq!(slugs(&text), ["web", "web-2"]);
        assert_eq!(unmapped.len(), 2);
        assert!(unmapped[0].contains("0.json: annotations.list[0]: Deploys: "), "{unmapped:?}");
    }

    #[test]
    fn our_own_are_taken_as_they_are_and_no_slug_twice() {
        let (text, unmapped) = imports(&[GRAFANA]).unwrap();
        assert_eq!(unmapped.len(), 1);
        assert_eq!(imports(&[&text]).unwrap(), (text.clone(), Vec::new()));
        assert_eq!(slugs(&imports(&[&text, GRAFANA]).unwrap().0), ["web", "web-2"]);
        assert!(imports(&[&text, &text]).unwrap_err().to_string().contains("\"web\""));
        assert!(imports(&["{}"]).unwrap_err().to_string().contains("0.json: expected a Grafana dashboard"));
    }

    #[test]
    fn every_dashboard_is_a_file_called_after_its_address() {
        let all: Vec<Dashboard> = dashboards::boards::shipped().unwrap().into_iter().map(|one| one.dashboard).collect();
        let files: Vec<RuleFile> = files(&all);
        assert_eq!(files.len(), all.len());
        for (file, dashboard) in files.iter().zip(&all) {
            assert_eq!(file.name, format!("{}.yaml", dashboard.slug));
            assert_eq!(slugs(&file.text), std::slice::from_ref(&dashboard.slug));
        }
    }
}
