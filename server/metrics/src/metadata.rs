//! What metrics mean: type, help and unit as senders tell them. For people who read and for completion; nothing is computed with it.
//!
//! In memory only and bounded: it comes again with the next scrape or the next minute of remote write. A name may have several
//! meanings, because two programs may use it; the newest few are kept.

use std::collections::HashMap;
use std::sync::RwLock;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::{Metrics, lock};

/// Names kept. A large installation has a few thousand.
const MOST_NAMES: usize = 20_000;
/// Meanings kept for one name.
const MOST_MEANINGS: usize = 3;
/// Bytes of a name, a help text and a unit; a name that is longer is left out, the others are cut.
const LONGEST_NAME: usize = 1_024;
const LONGEST_HELP: usize = 1_024;
const LONGEST_UNIT: usize = 64;

/// The type of a metric, as `OpenMetrics` names them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Kind {
    /// Not told.
    #[default]
    Unknown,
    /// Only grows, but for restarts.
    Counter,
    /// Goes up and down.
    Gauge,
    /// Counts by upper bounds.
    Histogram,
    /// As a histogram, of what is now.
    GaugeHistogram,
    /// Quantiles computed by the sender.
    Summary,
    /// Facts in labels, its value is 1.
    Info,
    /// One of several states.
    StateSet,
}

impl Kind {
    /// As Prometheus' HTTP API writes it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Counter => "counter",
            Self::Gauge => "gauge",
            Self::Histogram => "histogram",
            Self::GaugeHistogram => "gaugehistogram",
            Self::Summary => "summary",
            Self::Info => "info",
            Self::StateSet => "stateset",
        }
    }

    /// By the number that remote write 1.0 and 2.0 use. Source: `MetricMetadata.MetricType`, `Metadata.MetricType`.
    #[must_use]
    pub const fn from_wire(number: u64) -> Self {
        match number {
            1 => Self::Counter,
            2 => Self::Gauge,
            3 => Self::Histogram,
            4 => Self::GaugeHistogram,
            5 => Self::Summary,
            6 => Self::Info,
            7 => Self::StateSet,
            _ => Self::Unknown,
        }
    }
}

/// What one sender means by a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Meaning {
    /// Its type.
    pub kind: Kind,
    /// A sentence, or nothing.
    pub help: String,
    /// A unit such as `seconds`, or nothing.
    pub unit: String,
}

/// What is known of all names.
#[derive(Debug, Default)]
pub struct Metadata {
    names: RwLock<HashMap<String, Known>>,
    /// Grows with every note, so that the name nobody notes any more is known.
    notes: AtomicU64,
}

#[derive(Debug)]
struct Known {
    /// The newest first.
    meanings: Vec<Meaning>,
    noted: AtomicU64,
}

impl Metadata {
    /// Remembers what `name` means. What is known already costs a look-up.
    pub fn note(&self, name: &str, kind: Kind, help: &str, unit: &str) {
        if name.is_empty() || name.len() > LONGEST_NAME {
            return;
        }
        let (help, unit) = (cut(help, LONGEST_HELP), cut(unit, LONGEST_UNIT));
        let note: u64 = self.notes.fetch_add(1, Ordering::Relaxed);
        if let Some(known) = lock::read(&self.names).get(name) {
            known.noted.store(note, Ordering::Relaxed);
            if known.meanings.first().is_some_and(|first| first.kind == kind && first.help == help && first.unit == unit) {
                return;
            }
        }
        let meaning = Meaning { kind, help: help.to_owned(), unit: unit.to_owned() };
        enter(&mut lock::write(&self.names), name, meaning, note);
    }

    /// The names in order with their meanings, the newest first: `limit` names at most, or only `metric`.
    #[must_use]
    pub fn all(&self, limit: Option<usize>, metric: Option<&str>) -> Vec<(String, Vec<Meaning>)> {
        let names = lock::read(&self.names);
        let mut found: Vec<(&String, &Known)> = match metric {
            Some(metric) => names.get_key_value(metric).into_iter().collect(),
            None => names.iter().collect(),
        };
        found.sort_unstable_by_key(|(name, _)| *name);
        found.truncate(limit.unwrap_or(usize::MAX));
        found.into_iter().map(|(name, known)| (name.clone(), known.meanings.clone())).collect()
    }
}

impl Metrics {
    /// What senders told about their metrics.
    #[must_use]
    pub fn metadata(&self) -> &Metadata {
        &self.ingest.metadata
    }
}

fn enter(names: &mut HashMap<String, Known>, name: &str, meaning: Meaning, note: u64) {
    if let Some(known) = names.get_mut(name) {
        known.meanings.retain(|other| *other != meaning);
        known.meanings.insert(0, meaning);
        known.meanings.truncate(MOST_MEANINGS);
        return;
    }
    if names.len() >= MOST_NAMES {
        forget_some(names);
    }
    names.insert(name.to_owned(), Known { meanings: vec![meaning], noted: AtomicU64::new(note) });
}

/// Forgets the tenth that was not noted for longest, so that the walk over all is rare.
fn forget_some(names: &mut HashMap<String, Known>) {
    let mut noted: Vec<u64> = names.values().map(|known| known.noted.load(Ordering::Relaxed)).collect();
    noted.sort_unstable();
    let border: u64 = noted.get(MOST_NAMES / 10).copied().unwrap_or(u64::MAX);
    names.retain(|_, known| known.noted.load(Ordering::Relaxed) >= border);
}

/// The longest beginning of at most `most` bytes that is whole characters.
fn cut(text: &str, most: usize) -> &str {
    let mut end: usize = text.len().min(most);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(metadata: &Metadata, name: &str) -> Vec<String> {
        let found: Vec<(String, Vec<Meaning>)> = metadata.all(None, Some(name));
        found.into_iter().flat_map(|(_, meanings)| meanings).map(|meaning| meaning.help).collect()
    }

    #[test]
    fn the_newest_few_meanings_of_a_name_are_kept() {
        let metadata = Metadata::default();
        for help in ["a", "b", "c", "d", "c"] {
            metadata.note("up", Kind::Gauge, help, "");
        }
        assert_eq!(words(&metadata, "up"), ["c", "d", "b"]);
        assert_eq!(words(&metadata, "down"), Vec::<String>::new());
        metadata.note("", Kind::Gauge, "nameless", "");
        assert_eq!(metadata.all(None, None).len(), 1);
    }

    #[test]
    fn names_come_in_order_and_within_the_limit() {
        let metadata = Metadata::default();
        for name in ["c", "a", "b"] {
            metadata.note(name, Kind::Counter, "help", "seconds");
        }
        let names: Vec<String> = metadata.all(Some(2), None).into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["a", "b"]);
    }

    #[test]
    fn memory_is_bounded_and_what_is_noted_again_stays() {
        let metadata = Metadata::default();
        for number in 0..MOST_NAMES + 5 {
            metadata.note(&format!("metric_{number}"), Kind::Gauge, "", "");
            metadata.note("metric_0", Kind::Gauge, "", "");
        }
        assert!(metadata.all(None, None).len() <= MOST_NAMES);
        assert_eq!(metadata.all(None, Some("metric_0")).len(), 1);
        assert!(metadata.all(None, Some("metric_1")).is_empty());
    }

    #[test]
    fn long_texts_are_cut_between_characters() {
        let metadata = Metadata::default();
        metadata.note("up", Kind::Gauge, &"あ".repeat(1_000), "");
        let help: String = words(&metadata, "up").remove(0);
        assert_eq!(help.len(), 1_023);
    }
}
