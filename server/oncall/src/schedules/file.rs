//! Schedules as files: `schedules:`, a list. As with policies, all files are read and checked at once; every file tells its first mistake of
//! form with its place, and what the files mean wrongly is told all at once. Who has an address is asked when they are applied.

use super::almanacs::Almanacs;
use super::definition::{Definition, MAX_SCHEDULES};
use super::resolve;
use super::written::{WrittenMember, WrittenSchedule};
use crate::policies::file::{FileErrors, MAX_BYTES, PolicyFile, Problem};
use model::ids::PersonId;
use serde::Deserialize;
use serde::de::IgnoredAny;
use std::collections::HashSet;
use uuid::Uuid;

/// What files say, read and checked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WrittenSchedules {
    pub schedules: Vec<WrittenSchedule>,
    /// Where it stands, to point at what is found wrong later.
    files: Vec<PolicyFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    schedules: Vec<WrittenSchedule>,
    /// May stand in the same file; [`crate::policies::file`] reads them.
    #[serde(default, rename = "policies")]
    _policies: IgnoredAny,
}

/// Whether a file is about schedules: the key stands at the beginning of a line.
#[must_use]
pub fn is_schedules(text: &str) -> bool {
    text.lines().any(|line| line.starts_with("schedules:"))
}

/// Reads and checks files that belong together.
///
/// # Errors
/// Every problem found.
pub fn read(files: &[PolicyFile]) -> Result<WrittenSchedules, FileErrors> {
    let mut problems: Vec<Problem> = Vec::new();
    let mut read = WrittenSchedules { schedules: Vec::new(), files: files.to_vec() };
    for file in files {
        match one(file) {
            Ok(schedules) => read.schedules.extend(schedules),
            Err(problem) => problems.push(problem),
        }
    }
    let mut names: HashSet<&str> = HashSet::new();
    let almanacs = Almanacs::default();
    for schedule in &read.schedules {
        if !names.insert(&schedule.name) {
            let said: String = format!("expected each schedule once, found \"{}\" again", schedule.name);
            problems.push(read.at(&schedule.name, said));
        }
        problems.extend(wrong(schedule, &almanacs).map(|said| read.at(&schedule.name, said)));
        let addresses = schedule.layers.iter().flat_map(|layer| layer.rotation.members.iter().flat_map(addresses));
        for address in addresses.filter(|address| !address.contains('@')) {
            let said: String = format!("schedule {}: expected an e-mail address, found \"{address}\"", schedule.name);
            problems.push(read.at(address, said));
        }
    }
    if read.schedules.len() > MAX_SCHEDULES {
        let said: String = format!("expected at most {MAX_SCHEDULES} schedules, found {}", read.schedules.len());
        problems.push(read.at("schedules", said));
    }
    if problems.is_empty() { Ok(read) } else { Err(FileErrors(problems)) }
}

fn one(file: &PolicyFile) -> Result<Vec<WrittenSchedule>, Problem> {
    let problem = |line: usize, column: usize, message: String| Problem { file: file.name.clone(), line, column, message };
    if file.text.len() > MAX_BYTES {
        return Err(problem(1, 1, format!("expected at most {MAX_BYTES} bytes, found {}", file.text.len())));
    }
    let written: Result<Written, serde_yaml_ng::Error> = serde_yaml_ng::from_str::<Written>(&file.text);
    written.map(|written| written.schedules).map_err(|error| {
        let (line, column) = error.location().map_or((1, 1), |place| (place.line(), place.column()));
        problem(line, column, error.to_string())
    })
}

/// What is wrong with it, whoever its people are.
fn wrong(schedule: &WrittenSchedule, almanacs: &Almanacs) -> Option<String> {
    let anybody = |_: &str| Some(PersonId(Uuid::nil()));
    let definition: Option<Definition> = resolve::definition(schedule, &anybody, almanacs).ok();
    let refused = definition.and_then(|definition| definition.trimmed().check().err());
    refused.map(|refused| format!("schedule {}: {refused}", schedule.name))
}

fn addresses(member: &WrittenMember) -> Vec<&str> {
    match member {
        WrittenMember::Person(address) => vec![address.as_str()],
        WrittenMember::Group(addresses) => addresses.iter().map(String::as_str).collect(),
        WrittenMember::Nobody => Vec::new(),
    }
}

impl WrittenSchedules {
    /// A problem at the first place where `word` stands: names and addresses are unique enough for that.
    pub(super) fn at(&self, word: &str, message: String) -> Problem {
        for file in &self.files {
            for (line, text) in (1..).zip(file.text.lines()) {
                if let Some(at) = text.find(word).filter(|_| !word.is_empty()) {
                    let column: usize = text.get(..at).map_or(0, |before| before.chars().count()) + 1;
                    return Problem { file: file.name.clone(), line, column, message };
                }
            }
        }
        let file: String = self.files.first().map(|file| file.name.clone()).unwrap_or_default();
        Problem { file, line: 1, column: 1, message }
    }

    /// What is kept of them.
    ///
    /// # Errors
    /// Every address that is nobody's, with its place.
    pub(super) fn definitions(&self, find: &resolve::Find<'_>, almanacs: &Almanacs) -> Result<Vec<Definition>, FileErrors> {
        let mut problems: Vec<Problem> = Vec::new();
        let mut definitions: Vec<Definition> = Vec::new();
        for schedule in &self.schedules {
            match resolve::definition(schedule, find, almanacs) {
                Ok(definition) => definitions.push(definition.trimmed()),
                Err(unknown) => problems.extend(unknown.iter().map(|address| {
                    let said: String = format!("schedule {}: nobody has the address {address}", schedule.name);
                    self.at(address, said)
                })),
            }
        }
        if problems.is_empty() { Ok(definitions) } else { Err(FileErrors(problems)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "\
schedules:
  - name: payments
    title: {ja: 決済, en: Payments}
    owner: 決済チーム
    zone: Asia/Tokyo
    most_hours: 120
    required:
      - {days: [mon, tue, wed, thu, fri], from: \"09:00\", to: \"18:00\"}
    layers:
      - name: weekly
        rotation:
          unit: week
          start: 2026-11-30T10:00
          members: [hana@example.jp, [ken@example.jp, mei@example.jp], nobody]
      - name: backup
        role: secondary
        rotation: {unit: week, start: 2026-11-30T10:00, members: [hana@example.jp, ken@example.jp], offset: 1, holidays: skip}
        times: [{on: not_holiday, from: \"22:00\", to: \"06:00\"}]
        until: 2027-04-01T00:00
";

    fn file(text: &str) -> PolicyFile {
        PolicyFile { name: "schedules.yaml".to_owned(), text: text.to_owned() }
    }

    fn problems(text: &str) -> Vec<String> {
        read(&[file(text)]).unwrap_err().0.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_file_is_read_as_it_is_meant() {
        let read: WrittenSchedules = read(&[file(FILE)]).unwrap();
        let person = |address: &str| address.bytes().next().map(|letter| PersonId(Uuid::from_u128(u128::from(letter))));
        let definition: Definition = read.definitions(&person, &Almanacs::default()).unwrap().remove(0);
        assert_eq!((definition.calendar.as_str(), definition.most_hours), ("japan", 120));
        assert_eq!(definition.people().len(), 3);
        assert_eq!(
            definition.layers[1].until.map(|until| until.to_utc().to_rfc3339()).as_deref(),
            Some("2027-03-31T15:00:00+00:00")
        );
        assert_eq!(definition.layers[1].restrictions[0].start_s, 22 * 3_600);
    }

    #[test]
    fn every_mistake_is_told_with_its_place() {
        for (from, to, place, said) in [
            ("unit: week\n", "unit: fortnight\n", "schedules.yaml:1", "unknown variant `fortnight`"),
            ("start: 2026-11-30T10:00\n", "start: 30.11.2026\n", "schedules.yaml:", "expected a date and a time"),
            ("to: \"18:00\"", "to: \"25:00\"", "schedules.yaml:8", "expected a time of day from 00:00 to 24:00"),
            ("zone: Asia/Tokyo", "zone: Mars/Olympus", "schedules.yaml:", "expected an IANA zone"),
            ("nobody]", "somebody]", "schedules.yaml:", "an e-mail address, a list of them, or nobody"),
            ("    owner", "    team", "schedules.yaml:", "unknown field `team`"),
            ("name: payments", "name: pay ments", "schedules.yaml:2:11", "expected a name of 1 to 64 letters"),
            ("most_hours: 120", "most_hours: 200", "schedules.yaml:2:11", "expected 1 to 168 hours"),
            ("mei@example.jp", "mei", "schedules.yaml:14:55", "expected an e-mail address, found \"mei\""),
        ] {
            let found: Vec<String> = problems(&FILE.replacen(from, to, 1));
            assert!(found.iter().any(|one| one.starts_with(place) && one.contains(said)), "{from}: {found:?}");
        }
    }

    #[test]
    fn addresses_that_are_nobodys_are_told_with_their_place() {
        let read: WrittenSchedules = read(&[file(FILE)]).unwrap();
        let person = |address: &str| (address != "ken@example.jp").then(|| PersonId(Uuid::nil()));
        let found: FileErrors = read.definitions(&person, &Almanacs::default()).unwrap_err();
        assert!(
            found.to_string().starts_with("schedules.yaml:14:39: schedule payments: nobody has the address ken@example.jp"),
            "{found}"
        );
        assert_eq!(found.0.len(), 2);
    }

    #[test]
    fn only_files_with_the_key_are_about_schedules() {
        assert!(is_schedules("# x\nschedules:\n") && !is_schedules("policies:\n  schedules: 1\n"));
    }

    #[test]
    fn policies_may_stand_in_the_same_file_and_nothing_else() {
        let with = |more: &str| read(&[file(&format!("{FILE}{more}"))]);
        assert_eq!(with("policies:\n  - name: a\n").unwrap().schedules, read(&[file(FILE)]).unwrap().schedules);
        let said: String = with("routes: {name: all}\n").unwrap_err().to_string();
        assert!(said.contains("unknown field `routes`, expected `schedules` or `policies`"), "{said}");
    }
}
