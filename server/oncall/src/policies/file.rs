//! Policies as files: `policies:`, a list. All files together are read and checked at once; every file tells its first mistake of form with
//! its place, and what the files mean wrongly is told all at once.

use super::{MAX_POLICIES, MAX_STEPS, MAX_TARGETS, Policy, Step, Target, When};
use serde::Deserialize;
use serde::de::IgnoredAny;
use std::collections::HashSet;
use std::fmt;

/// Names are shown in lists and stand in routes.
const MAX_NAME: usize = 64;
/// What else is named: a team, a person, a schedule.
const MAX_WORD: usize = 254;
/// No team writes a larger one.
pub const MAX_BYTES: usize = 1_000_000;

/// A file as given to `apply`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyFile {
    /// As shown in errors: usually its path.
    pub name: String,
    /// YAML.
    pub text: String,
}

/// What is wrong, and where. Line and column count from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    pub file: String,
    pub line: usize,
    pub column: usize,
    pub message: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}: {}", self.file, self.line, self.column, self.message)
    }
}

/// Everything that is wrong; nothing was applied.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct FileErrors(pub Vec<Problem>);

impl fmt::Display for FileErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines: Vec<String> = self.0.iter().map(ToString::to_string).collect();
        f.write_str(&lines.join("\n"))
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    policies: Vec<Policy>,
    /// May stand in the same file; [`crate::schedules::file`] reads them.
    #[serde(default, rename = "schedules")]
    _schedules: IgnoredAny,
}

/// Whether a file is about policies: the key stands at the beginning of a line.
#[must_use]
pub fn is_policies(text: &str) -> bool {
    text.lines().any(|line| line.starts_with("policies:"))
}

/// Reads and checks files that belong together.
///
/// # Errors
/// Every problem found.
pub fn read(files: &[PolicyFile]) -> Result<Vec<Policy>, FileErrors> {
    let mut checks = Checks { files, problems: Vec::new(), names: HashSet::new() };
    let mut all: Vec<Policy> = Vec::new();
    for file in files {
        checks.read(file, &mut all);
    }
    if all.len() > MAX_POLICIES {
        let n: usize = all.len();
        checks.say("policies", format!("expected at most {MAX_POLICIES} policies, found {n}"));
    }
    if checks.problems.is_empty() { Ok(all) } else { Err(FileErrors(checks.problems)) }
}

/// The same checks on one policy that a form wrote down.
///
/// # Errors
/// Every problem found; places mean nothing.
pub fn check(policy: &Policy) -> Result<(), FileErrors> {
    let mut checks = Checks { files: &[], problems: Vec::new(), names: HashSet::new() };
    checks.policy(policy);
    if checks.problems.is_empty() { Ok(()) } else { Err(FileErrors(checks.problems)) }
}

struct Checks<'f> {
    files: &'f [PolicyFile],
    problems: Vec<Problem>,
    names: HashSet<String>,
}

impl Checks<'_> {
    fn read(&mut self, file: &PolicyFile, all: &mut Vec<Policy>) {
        let problem = |line: usize, column: usize, message: String| Problem { file: file.name.clone(), line, column, message };
        if file.text.len() > MAX_BYTES {
            self.problems.push(problem(1, 1, format!("expected at most {MAX_BYTES} bytes, found {}", file.text.len())));
            return;
        }
        match serde_yaml_ng::from_str::<Written>(&file.text) {
            Ok(written) => {
                for policy in &written.policies {
                    self.policy(policy);
                }
                all.extend(written.policies);
            }
            Err(error) => {
                let (line, column) = error.location().map_or((1, 1), |place| (place.line(), place.column()));
                self.problems.push(problem(line, column, error.to_string()));
            }
        }
    }

    fn policy(&mut self, policy: &Policy) {
        let name: &str = &policy.name;
        if !is_name(name) || name == NONE {
            self.say(name, format!("expected a name of letters, digits, - and _ that is not {NONE}, found \"{name}\""));
        }
        if !self.names.insert(name.to_owned()) {
            self.say(name, format!("expected each policy once, found \"{name}\" again"));
        }
        if let Some(owner) = policy.owner.as_deref().filter(|owner| !is_word(owner)) {
            self.say(name, format!("policy {name}: expected the name of a team, found \"{owner}\""));
        }
        let n: usize = policy.steps.len();
        if n == 0 || n > MAX_STEPS {
            self.say(name, format!("policy {name}: expected 1 to {MAX_STEPS} steps, found {n}"));
        }
        for (number, step) in (1..).zip(&policy.steps) {
            self.step(name, number, step);
        }
    }

    fn step(&mut self, name: &str, number: usize, step: &Step) {
        let n: usize = step.notify.len();
        if n == 0 || n > MAX_TARGETS {
            self.say(name, format!("policy {name}, step {number}: expected 1 to {MAX_TARGETS} entries in notify, found {n}"));
        }
        if step.when != When::Always && step.zone.is_none() {
            let when: &str = step.when.as_str();
            self.say(name, format!("policy {name}, step {number}: expected a zone, because it fires only at {when} times"));
        }
        for target in &step.notify {
            let words: [&str; 2] = match target {
                Target::Person(email) => [email, email],
                Target::Schedule { schedule, role } => [schedule, role],
                Target::Team(team) => [team, team],
                Target::Everyone => continue,
                Target::Channel(channel) => [channel, channel],
            };
            if let Some(word) = words.into_iter().find(|word| !is_word(word)) {
                self.say(name, format!("policy {name}, step {number}: expected a name, found \"{word}\""));
            }
            if matches!(target, Target::Person(email) if !email.contains('@')) {
                self.say(words[0], format!("policy {name}, step {number}: expected an e-mail address, found \"{}\"", words[0]));
            }
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

/// In a route it means that nobody escalates.
pub const NONE: &str = "none";

fn is_name(name: &str) -> bool {
    let n: usize = name.chars().count();
    (1..=MAX_NAME).contains(&n) && name.chars().all(|character| character.is_alphanumeric() || matches!(character, '-' | '_'))
}

fn is_word(word: &str) -> bool {
    let n: usize = word.chars().count();
    (1..=MAX_WORD).contains(&n) && word.trim() == word && !word.chars().any(char::is_control)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policies::{AckMode, OnEmpty, Passes};

    const FILE: &str = "\
policies:
  - name: payments
    owner: 決済チーム
    passes: 3
    steps:
      - wait: 5m
        notify:
          - schedule: payments
      - wait: 10m
        when: business
        zone: Asia/Tokyo
        ack: all
        on_empty: fallback
        notify:
          - schedule: payments
            role: secondary
          - person: hana@example.jp
          - team: 決済チーム
      - wait: 15m
        notify: [{everyone: true}, {channel: ops}]
";

    fn file(text: &str) -> PolicyFile {
        PolicyFile { name: "policies.yaml".to_owned(), text: text.to_owned() }
    }

    fn problems(text: &str) -> Vec<String> {
        read(&[file(text)]).unwrap_err().0.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_file_is_read_as_it_is_meant() {
        let policies: Vec<Policy> = read(&[file(FILE)]).unwrap();
        let policy: &Policy = &policies[0];
        assert_eq!((policy.passes, policy.owner.as_deref()), (Passes::Times(3), Some("決済チーム")));
        let waits: Vec<i64> = policy.steps.iter().map(|step| step.wait.ms).collect();
        assert_eq!(waits, [300_000, 600_000, 900_000]);
        let primary = Target::Schedule { schedule: "payments".to_owned(), role: "primary".to_owned() };
        assert_eq!(policy.steps[0].notify, [primary]);
        assert_eq!((policy.steps[1].ack, policy.steps[1].when), (AckMode::All, When::Business));
        assert_eq!(policy.steps[1].on_empty, OnEmpty::Fallback);
        assert_eq!(policy.steps[2].notify, [Target::Everyone, Target::Channel("ops".to_owned())]);
    }

    #[test]
    fn every_mistake_is_told_with_its_place() {
        let base = "policies:\n  - name: a\n    steps:\n      - wait: 5m\n        notify: [{team: ops}]\n";
        for (from, to, place, said) in [
            ("wait: 5m", "wait: 5 minutes", "policies.yaml:4", "expected a wait from 30s to 24h"),
            ("wait: 5m", "wait: 1s", "policies.yaml:4", "expected a wait from 30s to 24h"),
            ("{team: ops}", "{team: ops, channel: ops}", "policies.yaml:5", "expected one of person"),
            ("{team: ops}", "{crew: ops}", "policies.yaml:5", "unknown field `crew`"),
            ("    steps", "    passes: 0\n    steps", "policies.yaml:3", "a number from 1 to 100, or forever"),
            ("        notify", "        zone: Mars/Olympus\n        notify", "policies.yaml:4", "expected an IANA zone"),
        ] {
            let found: Vec<String> = problems(&base.replace(from, to));
            assert!(found[0].starts_with(place) && found[0].contains(said), "{found:?}");
        }
    }

    #[test]
    fn what_files_mean_wrongly_is_told_all_at_once() {
        let text = "\
policies:
  - name: none
    steps: []
  - name: b
    steps:
      - {wait: 5m, when: night, notify: [{person: hana}]}
  - name: b
    steps:
      - {wait: 5m, notify: []}
";
        let found: Vec<String> = problems(text);
        assert_eq!(
            found,
            [
                "policies.yaml:2:11: expected a name of letters, digits, - and _ that is not none, found \"none\"",
                "policies.yaml:2:11: policy none: expected 1 to 20 steps, found 0",
                "policies.yaml:4:11: policy b, step 1: expected a zone, because it fires only at night times",
                "policies.yaml:6:51: policy b, step 1: expected an e-mail address, found \"hana\"",
                "policies.yaml:4:11: expected each policy once, found \"b\" again",
                "policies.yaml:4:11: policy b, step 1: expected 1 to 50 entries in notify, found 0",
            ]
        );
    }

    #[test]
    fn only_files_with_the_key_are_about_policies() {
        assert!(is_policies("# x\npolicies:\n") && !is_policies("routes:\n  policies: 1\n"));
    }

    #[test]
    fn schedules_may_stand_in_the_same_file_and_nothing_else() {
        let with = |more: &str| read(&[file(&format!("{FILE}{more}"))]);
        assert_eq!(with("schedules:\n  - name: a\n").unwrap(), read(&[file(FILE)]).unwrap());
        let said: String = with("routes: {name: all}\n").unwrap_err().to_string();
        assert!(said.contains("unknown field `routes`, expected `policies` or `schedules`"), "{said}");
    }
}
