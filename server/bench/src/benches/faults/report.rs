//! The report: what was done, what was counted, and each fault by itself, as Markdown. It is written anew after every case, so that a run
//! that is interrupted leaves what it has.

use super::Outcome;
use crate::error::Error;
use crate::line::Line;
use crate::samples::now;
use crate::table;
use std::fs;
use std::path::{Path, PathBuf};

/// Where it goes, unless another file is named.
pub const OUT: &str = "target/faults.md";
const HEAD: &str = "# What becomes of pages when something dies\n\nWritten by `./dev bench faults`: the release build, with Postgres and the load \
    on the same machine. Two replicas over one Postgres page a provider that checks every signature and books every request by its \
    idempotency key. *Lost* is a page that had to come and never was taken; *sent twice* is one that was taken again under the same key.\n";
/// What is not done, and why.
const ABSENT: &str = "\n## Not measured\n\nA clock of the database that is set: all replicas follow it, and jump together.\n";
/// What was done, by case.
const HOW: &[(&str, &str)] = &[
    (
        "breakglass",
        "Postgres is stopped for good. Every replica must say so by itself, over the channels it remembers, and say when it is back.",
    ),
    (
        "clocks",
        "The machine's clock of one replica is set by an hour, forward and back, while alerts come in (a file says by how much it is wrong; \
         whoever starts with a wrong one is killed first). Samples beyond a threshold are sent right after it. Nothing may be lost, told \
         twice, or wait.",
    ),
    (
        "deadman",
        "A replica, both, or the database dies and stays dead. The other replica must miss the first; `mimamori watch`, looking at the \
         first replica from outside, must miss the others. No rule says so.",
    ),
    (
        "disk",
        "Postgres' data lies on a small file system of its own, which is filled to the last byte for a while. What can't be confirmed is \
         repeated by its sender; what was confirmed must be told.",
    ),
    (
        "kills",
        "`kill -9` of a random replica while alerts come in. Right after it, samples beyond a threshold are sent for eight groups of rules \
         to the other one: the takeover is over when all eight have paged. Only then the dead one is started again.",
    ),
    (
        "network",
        "A replica in a network namespace of its own; its packets to and from Postgres vanish, first in both directions, then in one, with \
         every connection left open. The other replica must take over.",
    ),
    ("postgres", "`kill -9` of Postgres while alerts come in, with both replicas alive. Its keeper starts it again."),
    (
        "provider",
        "The provider hangs, fails, takes and hangs up, or refuses connections. There is a second one, the channel of last resort. \
         *Twice* is not counted here: who takes a page and does not answer gets it again, under the same key.",
    ),
    (
        "quiet",
        "Nothing is wrong, and nobody may be paged: by rules that watch steady series and their absence, by the server's own rules, by its watch.",
    ),
    (
        "race",
        "Alerts are acknowledged around the moment in which their page is due. After the acknowledgement was confirmed, no page may come \
         later than a second.",
    ),
];

/// What one case found.
#[derive(Clone, Debug)]
pub struct Section {
    pub case: String,
    pub outcome: Outcome,
}

/// All cases so far.
#[derive(Clone, Debug)]
pub struct Report {
    out: PathBuf,
    sections: Vec<Section>,
}

impl Report {
    /// An empty one, to be written to `out`.
    #[must_use]
    pub fn new(out: PathBuf) -> Self {
        Self { out, sections: Vec::new() }
    }

    /// Adds what a case found, and writes the file.
    ///
    /// # Errors
    /// When it can't be written.
    pub fn put(&mut self, section: Section) -> Result<(), Error> {
        self.sections.push(section);
        let directory: &Path = self.out.parent().unwrap_or(Path::new(""));
        if !directory.as_os_str().is_empty() {
            fs::create_dir_all(directory).map_err(Error::io("make the directory of the report"))?;
        }
        fs::write(&self.out, self.text()).map_err(Error::io("write the report"))?;
        eprintln!("   the report is in {}", self.out.display());
        Ok(())
    }

    fn text(&self) -> String {
        let mut text: String = HEAD.to_owned();
        let day: String = crate::benches::alerting::storm::rfc3339(now()).chars().take(10).collect();
        let cores: usize = std::thread::available_parallelism().map_or(1, |cores| cores.get());
        text.push_str(&format!("\nMeasured on {day} (UTC), {cores} processors.\n"));
        for section in &self.sections {
            text.push_str(&section.text());
        }
        text.push_str(ABSENT);
        text
    }
}

impl Section {
    fn text(&self) -> String {
        let case: &str = &self.case;
        let how: &str = HOW.iter().find(|(named, _)| *named == case).map_or("", |(_, how)| *how);
        let mut text: String = format!("\n## {case}\n\n{how}\n");
        if !self.outcome.lines.is_empty() {
            let lines: Vec<String> = self.outcome.lines.iter().map(Line::to_json).collect();
            let (table, _) = table::read(lines.join("\n").as_bytes());
            text.push_str(&format!("\n{table}"));
        }
        if !self.outcome.notes.is_empty() {
            let notes: Vec<String> = self.outcome.notes.iter().map(|note| format!("- {note}\n")).collect();
            text.push_str(&format!("\n{}", notes.concat()));
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::benches::faults::{CASES, lower};

    #[test]
    fn every_case_says_what_is_done() {
        assert!(CASES.iter().all(|case| HOW.iter().any(|(named, _)| named == case)));
        assert_eq!(CASES.len(), HOW.len());
    }

    #[test]
    fn the_report_grows_with_every_case() {
        let place = tempfile::tempdir().unwrap();
        let out = place.path().join("a/faults.md");
        let mut report = Report::new(out.clone());
        let lines = vec![lower("kills", "pages lost", 0.0, "pages").with_goal(0.0)];
        report.put(Section { case: "kills".to_owned(), outcome: Outcome { lines, notes: vec!["1: 12 s".to_owned()] } }).unwrap();
        let first = fs::read_to_string(&out).unwrap();
        report.put(Section { case: "disk".to_owned(), outcome: Outcome::skipped("it needs root") }).unwrap();
        let second = fs::read_to_string(&out).unwrap();
        assert!(first.contains("| faults | kills: pages lost | 0 pages | ≤ 0 pages |") && first.contains("\n- 1: 12 s\n"));
        assert!(second.contains("## kills") && second.contains("- Not measured: it needs root.\n"));
    }
}
