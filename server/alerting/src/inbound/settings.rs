//! What people may say about an integration, checked.

use super::Wrong;
use super::reader::clean;
use model::Severity;
use std::collections::BTreeMap;

/// The longest name, in characters.
pub const MAX_NAME: usize = 100;
/// Lines of a list of words or labels.
pub const MOST_LINES: usize = 50;
/// The longest word or label, in characters.
const MAX_WORD: usize = 200;
/// A time-out in minutes: long enough for a sender that repeats each minute, at most a month.
const MINUTES: std::ops::RangeInclusive<u32> = 1..=43_200;

/// How what an integration sends is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    pub name: String,
    pub default_severity: Severity,
    /// The sender's word, in lower case, to ours.
    pub severities: BTreeMap<String, Severity>,
    /// The sender's label to ours; an empty one drops it.
    pub labels: BTreeMap<String, String>,
    pub timeout_ms: Option<i64>,
}

/// The same as a form has it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Written {
    pub name: String,
    /// `p0` … `p3`.
    pub default_severity: String,
    /// Lines like `page = P1`.
    pub severities: String,
    /// Lines like `instance = host`, or `pod =` to drop it.
    pub labels: String,
    /// Minutes; empty for none.
    pub timeout: String,
}

impl Settings {
    /// Checks what was written.
    ///
    /// # Errors
    /// Everything that is wrong, each with the name of its field, in the order of the form.
    pub fn read(written: &Written) -> Result<Self, Vec<Wrong>> {
        let mut wrong: Vec<Wrong> = Vec::new();
        let name: Option<String> = taken(name(&written.name), &mut wrong);
        let default_severity: Option<Severity> = taken(default_severity(&written.default_severity), &mut wrong);
        let severities: Option<BTreeMap<String, Severity>> = taken(severities(&written.severities), &mut wrong);
        let labels: Option<Vec<(String, String)>> = taken(lines(&written.labels, "labels"), &mut wrong);
        let timeout_ms = taken(timeout(&written.timeout), &mut wrong);
        match (name, default_severity, severities, labels, timeout_ms) {
            (Some(name), Some(default_severity), Some(severities), Some(labels), Some(timeout_ms)) => {
                Ok(Self { name, default_severity, severities, labels: labels.into_iter().collect(), timeout_ms })
            }
            _ => Err(wrong),
        }
    }

    /// As a form has it.
    #[must_use]
    pub fn written(&self) -> Written {
        let severities = self.severities.iter().map(|(word, severity)| format!("{word} = {}", severity.code()));
        let labels = self.labels.iter().map(|(from, to)| format!("{from} = {to}").trim_end().to_owned());
        Written {
            name: self.name.clone(),
            default_severity: self.default_severity.code().to_owned(),
            severities: severities.collect::<Vec<String>>().join("\n"),
            labels: labels.collect::<Vec<String>>().join("\n"),
            timeout: self.timeout_ms.map(|ms| (ms / 60_000).to_string()).unwrap_or_default(),
        }
    }
}

/// What was read; what was not is put to the others.
fn taken<T>(read: Result<T, Wrong>, wrong: &mut Vec<Wrong>) -> Option<T> {
    read.map_err(|one| wrong.push(one)).ok()
}

fn name(text: &str) -> Result<String, Wrong> {
    let name: String = clean(text, MAX_NAME + 1);
    let fits: bool = !name.is_empty() && name.chars().count() <= MAX_NAME;
    if fits { Ok(name) } else { Err(Wrong::new("name", "1 to 100 characters")) }
}

fn default_severity(code: &str) -> Result<Severity, Wrong> {
    Severity::from_word(code.trim()).ok_or_else(|| Wrong::new("default_severity", "P0, P1, P2 or P3"))
}

fn severities(text: &str) -> Result<BTreeMap<String, Severity>, Wrong> {
    let mut severities: BTreeMap<String, Severity> = BTreeMap::new();
    for (word, code) in lines(text, "severities")? {
        let severity: Option<Severity> = Severity::from_word(&code);
        let wrong = || Wrong::new("severities", &format!("P0, P1, P2 or P3 after {word} ="));
        severities.insert(word.to_lowercase(), severity.ok_or_else(wrong)?);
    }
    Ok(severities)
}

fn timeout(text: &str) -> Result<Option<i64>, Wrong> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    let minutes: Option<u32> = text.trim().parse::<u32>().ok().filter(|minutes| MINUTES.contains(minutes));
    let minutes: u32 = minutes.ok_or_else(|| Wrong::new("timeout", "1 to 43200 minutes, or nothing"))?;
    Ok(Some(i64::from(minutes) * 60_000))
}

/// Lines like `a = b`; blank ones are left out.
///
/// # Errors
/// [`Wrong`] with the name of the field and the number of the line.
pub fn lines(text: &str, field: &str) -> Result<Vec<(String, String)>, Wrong> {
    let mut pairs: Vec<(String, String)> = Vec::new();
    for (index, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let wrong = || Wrong::new(field, &format!("a word, = and what it means in line {}", index + 1));
        let (left, right) = line.split_once('=').ok_or_else(wrong)?;
        let (left, right): (String, String) = (clean(left, MAX_WORD), clean(right, MAX_WORD));
        if left.is_empty() {
            return Err(wrong());
        }
        pairs.push((left, right));
    }
    if pairs.len() > MOST_LINES {
        return Err(Wrong::new(field, "at most 50 lines"));
    }
    Ok(pairs)
}

#[cfg(test)]
mod tests {
    use super::{Settings, Written};
    use model::Severity;

    fn written() -> Written {
        Written {
            name: " 東京の Prometheus ".to_owned(),
            default_severity: "p2".to_owned(),
            severities: "Page = p1\n\n 警報=P3".to_owned(),
            labels: "instance = host\npod =".to_owned(),
            timeout: "30".to_owned(),
        }
    }

    #[test]
    fn what_was_written_is_read_and_written_again() {
        let settings: Settings = Settings::read(&written()).unwrap();
        assert_eq!((settings.name.as_str(), settings.timeout_ms), ("東京の Prometheus", Some(1_800_000)));
        assert_eq!(settings.severities["page"], Severity::P1);
        assert_eq!((settings.labels["instance"].as_str(), settings.labels["pod"].as_str()), ("host", ""));
        let again: Written = settings.written();
        assert_eq!(again.severities, "page = P1\n警報 = P3");
        assert_eq!(again.labels, "instance = host\npod =");
        assert_eq!(Settings::read(&again).unwrap(), settings);
    }

    #[test]
    fn whatever_is_wrong_is_told_with_its_field() {
        type Spoil = fn(&mut Written);
        let cases: [(Spoil, &str); 7] = [
            (|form| form.name = " ".to_owned(), "name: expected 1 to 100 characters"),
            (|form| form.name = "x".repeat(101), "name: expected 1 to 100 characters"),
            (|form| form.default_severity = "bad".to_owned(), "default_severity: expected P0, P1, P2 or P3"),
            (|form| form.severities = "page = P9".to_owned(), "severities: expected P0, P1, P2 or P3 after page ="),
            (|form| form.labels = "a = b\nhost".to_owned(), "labels: expected a word, = and what it means in line 2"),
            (|form| form.labels = "= b".to_owned(), "labels: expected a word, = and what it means in line 1"),
            (|form| form.timeout = "0".to_owned(), "timeout: expected 1 to 43200 minutes, or nothing"),
        ];
        for (change, expected) in cases {
            let mut form: Written = written();
            change(&mut form);
            let wrong: Vec<String> = Settings::read(&form).unwrap_err().iter().map(ToString::to_string).collect();
            assert_eq!(wrong, [expected]);
        }
    }

    #[test]
    fn everything_that_is_wrong_is_told_at_once() {
        let form = Written { severities: "page".to_owned(), timeout: "x".to_owned(), ..Written::default() };
        let fields: Vec<String> = Settings::read(&form).unwrap_err().into_iter().map(|wrong| wrong.field).collect();
        assert_eq!(fields, ["name", "default_severity", "severities", "timeout"]);
    }
}
