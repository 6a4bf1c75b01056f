//! What the reader chose, and the span that is shown: all that fills in a dashboard's texts.

use std::collections::BTreeMap;

/// Prometheus scrapes every 15 s unless told otherwise; a rate needs samples of at least four scrapes to outlast one that failed.
const SCRAPE_MS: i64 = 15_000;

/// Fills in [`crate::interpolate`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Values {
    /// By the variable's name.
    pub chosen: BTreeMap<String, Chosen>,
    /// The span that is shown, in milliseconds since the Unix epoch.
    pub from_ms: i64,
    pub to_ms: i64,
    /// Milliseconds from one point to the next: `$__interval`.
    pub interval_ms: i64,
    /// A window for `rate` in which enough samples lie: `$__rate_interval`.
    pub rate_interval_ms: i64,
}

/// What was chosen of one variable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Chosen {
    /// Of a variable that has one value, or that the reader types: written as it stands, so that a regular expression stays one.
    One(String),
    /// Of a variable that may have several: each is a literal text, also where a single one is chosen.
    Several(Vec<String>),
    /// All, without saying which, because there are too many: what matches anything.
    Any,
}

impl Values {
    /// For a span and its step, with nothing chosen.
    #[must_use]
    pub fn new(from_ms: i64, to_ms: i64, interval_ms: i64) -> Self {
        let rate_interval_ms: i64 = interval_ms.saturating_add(SCRAPE_MS).max(4 * SCRAPE_MS);
        Self { chosen: BTreeMap::new(), from_ms, to_ms, interval_ms, rate_interval_ms }
    }

    /// The same with one variable chosen differently.
    #[must_use]
    pub fn with(&self, name: &str, chosen: Chosen) -> Self {
        let mut values: Self = self.clone();
        values.chosen.insert(name.to_owned(), chosen);
        values
    }

    /// What the house itself fills in: durations as PromQL writes them, and plain numbers.
    pub(crate) fn own(&self, name: &str) -> Option<String> {
        let range_ms: i64 = self.to_ms.saturating_sub(self.from_ms).max(1_000);
        Some(match name {
            "__interval" => duration(self.interval_ms),
            "__interval_ms" => self.interval_ms.max(1).to_string(),
            "__rate_interval" => duration(self.rate_interval_ms),
            "__range" => duration(range_ms / 1_000 * 1_000),
            "__range_s" => (range_ms / 1_000).to_string(),
            "__range_ms" => range_ms.to_string(),
            "__from" => self.from_ms.to_string(),
            "__to" => self.to_ms.to_string(),
            _ => return None,
        })
    }
}

/// A window of nothing is refused by PromQL: a millisecond is the least.
fn duration(ms: i64) -> String {
    promql::numbers::format_duration(u64::try_from(ms.max(1)).unwrap_or(1))
}

impl Chosen {
    /// The values themselves; none for [`Chosen::Any`].
    #[must_use]
    pub fn list(&self) -> Vec<String> {
        match self {
            Self::One(value) => vec![value.clone()],
            Self::Several(values) => values.clone(),
            Self::Any => Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_window_of_a_rate_holds_four_scrapes_and_grows_with_the_step() {
        for (interval_ms, expected) in [(1_000, "1m"), (15_000, "1m"), (300_000, "5m15s")] {
            assert_eq!(Values::new(0, 3_600_000, interval_ms).own("__rate_interval").as_deref(), Some(expected));
        }
    }

    #[test]
    fn a_span_of_nothing_is_still_a_duration() {
        let values = Values::new(5, 5, 0);
        for (name, expected) in [("__range", "1s"), ("__range_s", "1"), ("__interval", "1ms"), ("__interval_ms", "1")] {
            assert_eq!(values.own(name).as_deref(), Some(expected), "{name}");
        }
        assert_eq!(values.own("__else"), None);
    }
}
