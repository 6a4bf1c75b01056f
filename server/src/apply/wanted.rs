//! The files of a directory: read, told apart by what stands in them, and checked.

use crate::wiring::Failure;
use alerting::routes::file::{Definition, is_routing};
use alerting::routing::Routing;
use alerting::{Alerting, Checked, Empty, RuleFile};
use dashboards::file::{DashboardFile, FromFile};
use oncall::policies::file::is_policies;
use oncall::schedules::file::{WrittenSchedules, is_schedules};
use oncall::{Policies, Policy, PolicyFile, Schedules};
use std::fmt;
use std::path::{Path, PathBuf};

/// The YAML files of a directory, by name.
///
/// # Errors
/// When the directory or a file can't be read, or there is no YAML in it.
pub fn files(dir: &Path) -> Result<Vec<RuleFile>, Failure> {
    let entries = std::fs::read_dir(dir).map_err(|error| format!("can't read {}: {error}", dir.display()))?;
    let mut paths: Vec<PathBuf> = entries.filter_map(|entry| entry.ok().map(|entry| entry.path())).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "yaml" || extension == "yml"));
    paths.sort();
    if paths.is_empty() {
        return Err(format!("there is no .yaml file in {}", dir.display()).into());
    }
    paths.iter().map(|path| file(path)).collect()
}

fn file(path: &Path) -> Result<RuleFile, Failure> {
    let text: String = std::fs::read_to_string(path).map_err(|error| format!("can't read {}: {error}", path.display()))?;
    Ok(RuleFile { name: path.display().to_string(), text })
}

/// What files say. Of what none of them tells nothing is changed.
#[derive(Debug)]
pub struct Wanted {
    pub rules: Option<Checked>,
    pub routing: Option<Definition>,
    pub policies: Option<Vec<Policy>>,
    pub schedules: Option<WrittenSchedules>,
    pub dashboards: Option<Vec<FromFile>>,
}

/// Files by what they are about. One may be about policies and schedules, as imports print them.
#[derive(Default)]
struct Sorted {
    rules: Vec<RuleFile>,
    routing: Vec<RuleFile>,
    policies: Vec<PolicyFile>,
    schedules: Vec<PolicyFile>,
    dashboards: Vec<DashboardFile>,
}

impl Sorted {
    fn take(&mut self, file: RuleFile) {
        let copy = || PolicyFile { name: file.name.clone(), text: file.text.clone() };
        let (has_policies, has_schedules): (bool, bool) = (is_policies(&file.text), is_schedules(&file.text));
        if has_policies {
            self.policies.push(copy());
        }
        if has_schedules {
            self.schedules.push(copy());
        }
        if has_policies || has_schedules {
            return;
        }
        if dashboards::file::is_ours(&file.text) {
            self.dashboards.push(DashboardFile { name: file.name, text: file.text });
            return;
        }
        if is_routing(&file.text) { self.routing.push(file) } else { self.rules.push(file) }
    }
}

impl Wanted {
    /// Reads and checks files that belong together.
    ///
    /// # Errors
    /// Every mistake of all files, a line each.
    pub fn of(files: Vec<RuleFile>, empty: Empty) -> Result<Self, Failure> {
        let mut sorted = Sorted::default();
        files.into_iter().for_each(|file| sorted.take(file));
        let mut mistakes: Vec<String> = Vec::new();
        let wanted = Self {
            rules: read(&sorted.rules, |files| Alerting::check(files, empty), &mut mistakes),
            routing: read(&sorted.routing, Routing::check, &mut mistakes),
            policies: read(&sorted.policies, Policies::check, &mut mistakes),
            schedules: read(&sorted.schedules, Schedules::check_files, &mut mistakes),
            dashboards: read(&sorted.dashboards, dashboards::file::read, &mut mistakes),
        };
        if mistakes.is_empty() { Ok(wanted) } else { Err(mistakes.join("\n").into()) }
    }
}

/// What files say; nothing where there are none. What is wrong with them goes to the mistakes, each once: a file about two kinds is read twice.
fn read<F, T, E: fmt::Display>(files: &[F], check: impl Fn(&[F]) -> Result<T, E>, mistakes: &mut Vec<String>) -> Option<T> {
    if files.is_empty() {
        return None;
    }
    match check(files) {
        Ok(said) => Some(said),
        Err(wrong) => {
            for line in wrong.to_string().lines() {
                if !mistakes.iter().any(|known| known == line) {
                    mistakes.push(line.to_owned());
                }
            }
            None
        }
    }
}
