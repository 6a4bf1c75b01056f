//! A group in a file: its name, its interval, and what its rules have where they say nothing themselves.

use super::reader::{Reader, Spot};
use super::{Group, Rule};
use model::labels::Labels;
use yaml::At;

const GROUP_KEYS: &[&str] = &["name", "interval", "query_offset", "limit", "labels", "rules"];

/// As often as the collector samples.
const DEFAULT_INTERVAL_MS: i64 = 15_000;
/// More often than every second is more than any collector samples.
const MIN_INTERVAL_MS: i64 = 1_000;
const MAX_INTERVAL_MS: i64 = 3_600_000;

/// What the rules of a group have where they say nothing themselves.
#[derive(Clone, Debug, Default)]
pub(super) struct Defaults {
    pub(super) evaluation_delay_ms: i64,
    pub(super) limit: Option<u32>,
    pub(super) labels: Labels,
}

impl Reader<'_> {
    pub(super) fn group(&mut self, at: &At<'_>) -> Option<Group> {
        if !self.mapping(at, GROUP_KEYS) {
            return None;
        }
        let name: Option<String> = self.group_name(at);
        let interval_ms: Option<i64> = self.interval(at);
        let defaults: Defaults = self.defaults(at).unwrap_or_default();
        let rules: Option<Vec<Rule>> = self.required(at, "rules").map(|rules| {
            let rules: Vec<At<'_>> = self.filled_list(&rules, "a list of rules");
            rules.iter().filter_map(|rule| self.member(rule, &defaults)).collect()
        });
        Some(Group { name: name?, file: self.file.name.clone(), interval_ms: interval_ms?, rules: rules? })
    }

    /// A rule of either kind.
    fn member(&mut self, at: &At<'_>, defaults: &Defaults) -> Option<Rule> {
        if at.child("record").is_some() { self.recording(at, defaults) } else { self.rule(at, defaults) }
    }

    fn group_name(&mut self, at: &At<'_>) -> Option<String> {
        let name: At<'_> = self.required(at, "name")?;
        let text: String = self.plain(&name, "a name")?;
        let spot: Spot = self.spot(&name);
        let taken: Option<Spot> = self.group_names.insert(text.clone(), spot);
        self.refuse_second(&name, taken, "a group's name that is not taken")?;
        Some(text)
    }

    fn interval(&mut self, at: &At<'_>) -> Option<i64> {
        let Some(interval) = at.child("interval") else {
            return Some(DEFAULT_INTERVAL_MS);
        };
        let interval_ms: i64 = self.duration(&interval)?;
        if (MIN_INTERVAL_MS..=MAX_INTERVAL_MS).contains(&interval_ms) {
            return Some(interval_ms);
        }
        self.wrong(&interval, "a duration from 1s to 1h");
        None
    }

    fn defaults(&mut self, at: &At<'_>) -> Option<Defaults> {
        let evaluation_delay_ms: Option<i64> = self.duration_or_zero(at, "query_offset");
        let limit: Option<Option<u32>> = self.limit(at);
        let labels: Option<Labels> = self.plain_labels(at, &Labels::default());
        Some(Defaults { evaluation_delay_ms: evaluation_delay_ms?, limit: limit?, labels: labels? })
    }
}
