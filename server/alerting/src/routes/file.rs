//! Routes, calendars, inhibitions and silences as files: `routes:`, `calendars:`, `inhibitions:`, `silences:`.
//!
//! They are applied together and replace what was applied before; what people silenced by hand stays. Every file tells its first
//! mistake of form, with its place; what the files together get wrong (a calendar that nobody wrote) is told all at once.

use super::matchers::MAX_MATCHERS;
use super::{BY_ALL, Calendars, Route, Tree};
use crate::calendar::window::{Window, Word};
use crate::calendar::{Calendar, MAX_WINDOWS, Zone};
use crate::inhibition::Inhibition;
use crate::rules::template::is_label_name;
use crate::rules::{Problem, RuleErrors, RuleFile};
use crate::silences::FileSilence;
use serde::{Deserialize, Serialize};
use std::collections::HashSet;

/// Routes of one tree.
pub const MAX_ROUTES: usize = 1_000;
/// A tree deeper than this is not readable any more.
pub const MAX_DEPTH: usize = 12;
/// Calendars, inhibitions, and silences of files, each.
pub const MAX_LISTED: usize = 500;
/// Channels or labels of one route.
const MAX_NAMES: usize = 32;
/// Names are shown in a tree, and stand in paths.
const MAX_NAME: usize = 64;
/// Less often than weekly is never.
const LONGEST_MS: i64 = 7 * 24 * 3_600_000;

/// A duration in milliseconds, written as Prometheus does: `30s`, `4h`, `0`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Word", into = "String")]
pub struct Duration(pub i64);

/// A text that is no duration.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected a duration from 0s to 7d such as 30s or 4h, found \"{0}\"")]
pub struct NotADuration(String);

impl TryFrom<Word> for Duration {
    type Error = NotADuration;

    fn try_from(word: Word) -> Result<Self, NotADuration> {
        let text: String = word.0;
        let ms: Option<i64> = match text.trim() {
            "" => None,
            "0" => Some(0),
            some => promql::numbers::parse_duration_ms(some).ok().and_then(|ms| i64::try_from(ms).ok()),
        };
        ms.filter(|ms| (0..=LONGEST_MS).contains(ms)).map(Self).ok_or(NotADuration(text))
    }
}

impl From<Duration> for String {
    fn from(duration: Duration) -> Self {
        promql::numbers::format_duration(u64::try_from(duration.0).unwrap_or(0))
    }
}

/// A calendar with its name, as it is written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NamedCalendar {
    pub name: String,
    pub zone: Zone,
    pub windows: Vec<Window>,
}

/// Everything that was applied, as it is written and stored.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Definition {
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub calendars: Vec<NamedCalendar>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub routes: Option<Route>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub inhibitions: Vec<Inhibition>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub silences: Vec<FileSilence>,
}

impl Definition {
    /// Calendars by name.
    #[must_use]
    pub fn calendars(&self) -> Calendars {
        let named = |one: &NamedCalendar| (one.name.clone(), Calendar { zone: one.zone, windows: one.windows.clone() });
        self.calendars.iter().map(named).collect()
    }

    /// The tree of its routes; of none, the root that holds without them.
    #[must_use]
    pub fn tree(&self) -> Tree {
        let unwritten: Route = Route::unwritten();
        Tree::new(self.routes.as_ref().unwrap_or(&unwritten), self.calendars())
    }
}

/// Whether a file is about routing, and not about rules: one of our keys stands at the beginning of a line.
#[must_use]
pub fn is_routing(text: &str) -> bool {
    let begins = |line: &str| ["routes:", "calendars:", "inhibitions:", "silences:"].iter().any(|key| line.starts_with(key));
    text.lines().any(begins) && !text.lines().any(|line| line.starts_with("groups:"))
}

/// Reads and checks files that belong together.
///
/// # Errors
/// Every problem found.
pub fn read(files: &[RuleFile]) -> Result<Definition, RuleErrors> {
    let mut all = Definition::default();
    let mut checks = Checks { files, problems: Vec::new() };
    for file in files {
        match serde_yaml_ng::from_str::<Definition>(&file.text) {
            Ok(read) => checks.join(&mut all, read, file),
            Err(error) => {
                let (line, column) = error.location().map_or((1, 1), |place| (place.line(), place.column()));
                checks.problems.push(Problem { file: file.name.clone(), line, column, message: error.to_string() });
            }
        }
    }
    checks.all(&all);
    if checks.problems.is_empty() { Ok(all) } else { Err(RuleErrors(checks.problems)) }
}

struct Checks<'f> {
    files: &'f [RuleFile],
    problems: Vec<Problem>,
}

impl Checks<'_> {
    fn join(&mut self, all: &mut Definition, mut read: Definition, file: &RuleFile) {
        all.calendars.append(&mut read.calendars);
        all.inhibitions.append(&mut read.inhibitions);
        all.silences.append(&mut read.silences);
        match (read.routes, all.routes.is_some()) {
            (Some(_), true) => {
                let message: &str = "expected one tree of routes in all files, found a second";
                self.problems.push(Problem { file: file.name.clone(), line: 1, column: 1, message: message.to_owned() });
            }
            (Some(routes), false) => all.routes = Some(routes),
            (None, _) => {}
        }
    }

    fn all(&mut self, all: &Definition) {
        self.count("calendars", all.calendars.len());
        self.count("inhibitions", all.inhibitions.len());
        self.count("silences", all.silences.len());
        self.names("calendar", &all.calendars.iter().map(|one| one.name.clone()).collect::<Vec<String>>());
        self.names("inhibition", &all.inhibitions.iter().map(|one| one.name.clone()).collect::<Vec<String>>());
        self.names("silence", &all.silences.iter().map(|one| one.name.clone()).collect::<Vec<String>>());
        for calendar in &all.calendars {
            self.windows(&calendar.name, &calendar.windows);
        }
        let calendars: Calendars = all.calendars();
        if let Some(root) = &all.routes {
            self.root(root, &calendars);
        }
        for inhibition in &all.inhibitions {
            if let Err(error) = inhibition.check() {
                self.say(&inhibition.name, format!("inhibition {}: {error}", inhibition.name));
            }
        }
        for silence in &all.silences {
            if let Err(error) = silence.check(&calendars) {
                self.say(&silence.name, format!("silence {}: {error}", silence.name));
            }
        }
    }

    fn windows(&mut self, name: &str, windows: &[Window]) {
        if windows.is_empty() || windows.len() > MAX_WINDOWS || windows.iter().any(Window::is_too_large) {
            let n: usize = windows.len();
            self.say(
                name,
                format!("calendar {name}: expected 1 to {MAX_WINDOWS} windows of at most 64 entries a field, found {n}"),
            );
        }
    }

    fn root(&mut self, root: &Route, calendars: &Calendars) {
        if !root.matchers.is_empty() || root.goes_on {
            self.say(&root.name, "expected the outermost route to take everything, found match or continue".to_owned());
        }
        if !root.mute_during.is_empty() || !root.active_during.is_empty() {
            self.say(&root.name, "expected calendars on routes below the outermost only, or nobody is left to hear".to_owned());
        }
        let mut n_routes: usize = 0;
        self.route(root, &root.name, 1, &mut n_routes, calendars);
        if n_routes > MAX_ROUTES {
            self.say(&root.name, format!("expected at most {MAX_ROUTES} routes, found {n_routes}"));
        }
    }

    fn route(&mut self, route: &Route, path: &str, depth: usize, n_routes: &mut usize, calendars: &Calendars) {
        *n_routes += 1;
        if depth > MAX_DEPTH {
            self.say(&route.name, format!("route {path}: expected at most {MAX_DEPTH} routes inside each other"));
            return;
        }
        if route.matchers.len() > MAX_MATCHERS {
            let n: usize = route.matchers.len();
            self.say(&route.name, format!("route {path}: expected at most {MAX_MATCHERS} matchers, found {n}"));
        }
        self.route_names(route, path, calendars);
        self.names("route", &route.routes.iter().map(|child| child.name.clone()).collect::<Vec<String>>());
        for child in &route.routes {
            self.route(child, &format!("{path}/{}", child.name), depth + 1, n_routes, calendars);
        }
    }

    fn route_names(&mut self, route: &Route, path: &str, calendars: &Calendars) {
        if !is_name(&route.name) {
            self.say(&route.name, format!("expected a name of letters, digits, - and _ for a route, found \"{}\"", route.name));
        }
        for calendar in route.mute_during.iter().chain(&route.active_during).filter(|name| !calendars.contains_key(*name)) {
            self.say(calendar, format!("route {path}: expected the name of a calendar, found \"{calendar}\""));
        }
        let labels: &[String] = route.group_by.as_deref().unwrap_or_default();
        for label in labels.iter().filter(|name| *name != BY_ALL && !is_label_name(name)) {
            self.say(label, format!("route {path}: expected a label's name in group_by, found \"{label}\""));
        }
        let channels: &[String] = route.channels.as_deref().unwrap_or_default();
        for channel in channels.iter().filter(|name| !is_name(name)) {
            self.say(channel, format!("route {path}: expected the name of a channel, found \"{channel}\""));
        }
        if let Some(policy) = route.escalation.as_deref().filter(|name| !is_name(name)) {
            self.say(policy, format!("route {path}: expected the name of an escalation policy, or none, found \"{policy}\""));
        }
        if labels.len().max(channels.len()) > MAX_NAMES {
            self.say(&route.name, format!("route {path}: expected at most {MAX_NAMES} channels and labels"));
        }
    }

    /// Names are names, and each stands once.
    fn names(&mut self, what: &str, names: &[String]) {
        let mut seen: HashSet<&str> = HashSet::new();
        for name in names {
            if !seen.insert(name.as_str()) {
                self.say(name, format!("expected each {what} once, found \"{name}\" again"));
            }
            // Of routes that is told with their path.
            if what != "route" && !is_name(name) {
                self.say(name, format!("expected a name of letters, digits, - and _ for each {what}, found \"{name}\""));
            }
        }
    }

    fn count(&mut self, what: &str, n: usize) {
        if n > MAX_LISTED {
            self.say(what, format!("expected at most {MAX_LISTED} {what}, found {n}"));
        }
    }

    /// At the first place where `word` stands: names are unique enough for that.
    fn say(&mut self, word: &str, message: String) {
        for file in self.files {
            for (line, text) in (1..).zip(file.text.lines()) {
                if let Some(at) = text.find(word).filter(|_| !word.is_empty()) {
                    let column: usize = text.get(..at).map_or(0, |before| before.chars().count()) + 1;
                    self.problems.push(Problem { file: file.name.clone(), line, column, message });
                    return;
                }
            }
        }
        let file: String = self.files.first().map(|file| file.name.clone()).unwrap_or_default();
        self.problems.push(Problem { file, line: 1, column: 1, message });
    }
}

/// Letters of any script, digits, `-` and `_`.
fn is_name(name: &str) -> bool {
    let n: usize = name.chars().count();
    (1..=MAX_NAME).contains(&n) && name.chars().all(|character| character.is_alphanumeric() || matches!(character, '-' | '_'))
}
