//! The keys of a rule that say nothing about what it measures: missing data, delays, repetition, words for people.

use super::absence::{Absence, NoData, SHORTEST_TIMEFRAME_MS};
use super::group::Defaults;
use super::reader::{Reader, scalar_text};
use super::renotify::Renotify;
use super::{Mode, Text, template};
use crate::state::Level;
use model::Severity;
use promql::ast::{Expr, ExprKind};
use promql::duration::{DurationExpr, QueryWindow};
use promql::visit;
use std::collections::BTreeMap;
use yaml::{At, Node, Step};

const NO_DATA_KEYS: &[&str] = &["policy", "timeframe", "resolve_after", "severity"];
const RENOTIFY_KEYS: &[&str] = &["interval", "on", "most", "message"];
const NO_DATA: &str = "keep, ok or notify";

/// More than a person reads.
const MAX_ANNOTATIONS: usize = 32;
/// Tags of one rule.
const MAX_TAGS: usize = 32;
/// A tag or a team fits a line.
const MAX_WORD: usize = 200;
/// What is delayed longer is no alert any more.
const MAX_DELAY_MS: i64 = 24 * 3_600_000;
/// Data that are missing longer than a week were not missed.
const MAX_ABSENCE_MS: i64 = 30 * 24 * 3_600_000;
/// To page more often is noise.
const MIN_RENOTIFY_MS: i64 = 60_000;
/// As many alerts of one rule as can ever be stored at once.
const MAX_LIMIT: u32 = 10_000;

/// What was read.
pub(super) struct Settings {
    pub(super) absence: Absence,
    pub(super) new_group_delay_ms: i64,
    pub(super) evaluation_delay_ms: i64,
    pub(super) limit: Option<u32>,
    pub(super) renotify: Option<Renotify>,
    pub(super) annotations: BTreeMap<String, Text>,
    pub(super) tags: Vec<String>,
    pub(super) priority: Option<u8>,
    pub(super) runbook_url: Option<String>,
    pub(super) owner: Option<String>,
}

impl Reader<'_> {
    pub(super) fn settings(&mut self, at: &At<'_>, mode: Mode, expr: Option<&str>, defaults: &Defaults) -> Option<Settings> {
        let absence: Option<Absence> = self.absence(at, mode, expr);
        let new_group_delay_ms: Option<i64> = self.span(at, "new_group_delay", 0, 0, MAX_DELAY_MS);
        let evaluation_delay_ms: Option<i64> = self.evaluation_delay(at, defaults);
        let limit: Option<Option<u32>> = self.limit(at);
        let renotify: Option<Option<Renotify>> = self.renotify(at, mode);
        let annotations: Option<BTreeMap<String, Text>> = self.annotations(at, mode);
        let tags: Option<Vec<String>> = self.tags(at);
        let priority: Option<Option<u8>> = self.priority(at);
        let runbook_url: Option<Option<String>> = self.runbook_url(at, mode);
        let owner: Option<Option<String>> = self.owner(at);
        Some(Settings {
            absence: absence?,
            new_group_delay_ms: new_group_delay_ms?,
            evaluation_delay_ms: evaluation_delay_ms?,
            limit: limit?.or(defaults.limit),
            renotify: renotify?,
            annotations: annotations?,
            tags: tags?,
            priority: priority?,
            runbook_url: runbook_url?,
            owner: owner?,
        })
    }

    pub(super) fn evaluation_delay(&mut self, at: &At<'_>, defaults: &Defaults) -> Option<i64> {
        self.span(at, "evaluation_delay", defaults.evaluation_delay_ms, 0, MAX_DELAY_MS)
    }

    /// A duration in bounds, or what holds without one.
    fn span(&mut self, at: &At<'_>, key: &str, otherwise: i64, least: i64, most: i64) -> Option<i64> {
        let Some(found) = at.child(key) else {
            return Some(otherwise);
        };
        let ms: i64 = self.duration(&found)?;
        if (least..=most).contains(&ms) {
            return Some(ms);
        }
        self.wrong(&found, &format!("a duration from {} to {}", written(least), written(most)));
        None
    }

    /// The policy alone, or a mapping.
    fn absence(&mut self, at: &At<'_>, mode: Mode, expr: Option<&str>) -> Option<Absence> {
        let usual: Absence = match mode {
            Mode::Value => expr.map_or_else(Absence::default, usual_absence),
            Mode::Match | Mode::Record => Absence::default(),
        };
        let Some(found) = at.child("no_data") else {
            return Some(usual);
        };
        if mode == Mode::Match {
            self.say_at_key(&found, "expected no no_data with mode: match, where no result means that it is fine".to_owned());
            return None;
        }
        if !matches!(found.node, Node::Mapping(_)) {
            return Some(Absence { policy: self.policy(&found)?, ..usual });
        }
        if !self.mapping(&found, NO_DATA_KEYS) {
            return None;
        }
        let policy: At<'_> = self.required(&found, "policy")?;
        let resolve_after_ms: i64 = self.span(&found, "resolve_after", usual.resolve_after_ms, 1_000, MAX_ABSENCE_MS)?;
        let timeframe_ms: i64 = self.span(&found, "timeframe", usual.timeframe_ms, 1_000, MAX_ABSENCE_MS)?;
        if timeframe_ms >= resolve_after_ms {
            self.say(&found, "expected a timeframe shorter than resolve_after: else nobody would ever be told".to_owned());
            return None;
        }
        let severity: Option<Severity> = match found.child("severity") {
            None => None,
            Some(_) => Some(self.severity(&found)?),
        };
        Some(Absence { policy: self.policy(&policy)?, timeframe_ms, resolve_after_ms, severity })
    }

    fn policy(&mut self, at: &At<'_>) -> Option<NoData> {
        let policy: Option<NoData> = scalar_text(at.node).and_then(|text| NoData::from_word(&text));
        if policy.is_none() {
            self.wrong(at, NO_DATA);
        }
        policy
    }

    /// A whole number in bounds; `Some(None)` where there is none.
    fn whole(&mut self, at: &At<'_>, key: &str, least: u32, most: u32) -> Option<Option<u32>> {
        let Some(found) = at.child(key) else {
            return Some(None);
        };
        let number: Option<u32> = scalar_text(found.node).and_then(|text| text.parse::<u32>().ok());
        let number: Option<u32> = number.filter(|number| (least..=most).contains(number));
        if number.is_none() {
            self.wrong(&found, &format!("a whole number from {least} to {most}"));
        }
        number.map(Some)
    }

    pub(super) fn limit(&mut self, at: &At<'_>) -> Option<Option<u32>> {
        // Prometheus writes 0 for no limit of its own.
        let limit: Option<u32> = self.whole(at, "limit", 0, MAX_LIMIT)?;
        Some(limit.filter(|limit| *limit > 0))
    }

    fn priority(&mut self, at: &At<'_>) -> Option<Option<u8>> {
        let priority: Option<u32> = self.whole(at, "priority", 1, 5)?;
        Some(priority.and_then(|priority| u8::try_from(priority).ok()))
    }

    fn renotify(&mut self, at: &At<'_>, mode: Mode) -> Option<Option<Renotify>> {
        let Some(found) = at.child("renotify") else {
            return Some(None);
        };
        if !self.mapping(&found, RENOTIFY_KEYS) {
            return None;
        }
        self.required(&found, "interval")?;
        let interval_ms: i64 = self.span(&found, "interval", MIN_RENOTIFY_MS, MIN_RENOTIFY_MS, MAX_ABSENCE_MS)?;
        let on: Vec<Level> = self.levels(&found)?;
        let most: Option<u32> = self.whole(&found, "most", 1, 1_000)?;
        let message: Text = match found.child("message") {
            None => Text::default(),
            Some(message) => self.worded(&message, mode)?,
        };
        Some(Some(Renotify { interval_ms, on, most, message }))
    }

    /// At which levels it is said again; critical alone unless others are named.
    fn levels(&mut self, at: &At<'_>) -> Option<Vec<Level>> {
        const EXPECTED: &str = "a list of critical, warning and no_data";
        let Some(found) = at.child("on") else {
            return Some(vec![Level::Critical]);
        };
        let mut levels: Vec<Level> = Vec::new();
        for one in self.list(&found, EXPECTED) {
            let Some(level) = scalar_text(one.node).and_then(|text| Level::from_word(&text)) else {
                self.wrong(&one, "critical, warning or no_data");
                return None;
            };
            if !levels.contains(&level) {
                levels.push(level);
            }
        }
        if levels.is_empty() {
            self.wrong(&found, EXPECTED);
            return None;
        }
        Some(levels)
    }

    fn annotations(&mut self, at: &At<'_>, mode: Mode) -> Option<BTreeMap<String, Text>> {
        let Some(found) = at.child("annotations") else {
            return Some(BTreeMap::new());
        };
        let Node::Mapping(entries) = found.node else {
            self.wrong(&found, "a mapping of names to texts");
            return None;
        };
        if entries.len() > MAX_ANNOTATIONS {
            self.say(&found, format!("expected at most {MAX_ANNOTATIONS} annotations, found {}", entries.len()));
            return None;
        }
        let mut read: BTreeMap<String, Text> = BTreeMap::new();
        for (name, node) in entries {
            let one = At { node, path: found.with(Step::Key(name.clone())) };
            if !template::is_label_name(name) {
                self.say_at_key(&one, format!("expected an annotation's name, found \"{name}\""));
                return None;
            }
            read.insert(name.clone(), self.worded(&one, mode)?);
        }
        Some(read)
    }

    pub(super) fn tags(&mut self, at: &At<'_>) -> Option<Vec<String>> {
        let Some(found) = at.child("tags") else {
            return Some(Vec::new());
        };
        let listed: Vec<At<'_>> = self.list(&found, "a list of tags");
        if listed.len() > MAX_TAGS {
            self.say(&found, format!("expected at most {MAX_TAGS} tags, found {}", listed.len()));
            return None;
        }
        let mut tags: Vec<String> = Vec::with_capacity(listed.len());
        for one in &listed {
            tags.push(self.word(one, "a tag")?);
        }
        Some(tags)
    }

    fn word(&mut self, at: &At<'_>, what: &str) -> Option<String> {
        let word: Option<String> = scalar_text(at.node).filter(|text| (1..=MAX_WORD).contains(&text.chars().count()));
        if word.is_none() {
            self.wrong(at, &format!("{what} of 1 to {MAX_WORD} characters"));
        }
        word
    }

    pub(super) fn owner(&mut self, at: &At<'_>) -> Option<Option<String>> {
        match at.child("owner") {
            None => Some(None),
            Some(owner) => self.word(&owner, "a team").map(Some),
        }
    }

    fn runbook_url(&mut self, at: &At<'_>, mode: Mode) -> Option<Option<String>> {
        let Some(found) = at.child("runbook_url") else {
            return Some(None);
        };
        let url: String = self.plain(&found, "an address")?;
        if !url.starts_with("https://") && !url.starts_with("http://") {
            self.wrong(&found, "an address that begins with https:// or http://");
            return None;
        }
        self.template(&found, &url, mode)?;
        Some(Some(url))
    }
}

fn written(ms: i64) -> String {
    promql::numbers::format_duration(u64::try_from(ms).unwrap_or(0))
}

/// What missing data mean for a measuring rule that says nothing about them.
pub(super) fn usual_absence(expr: &str) -> Absence {
    Absence { timeframe_ms: timeframe_ms(Some(expr)), ..Absence::default() }
}

/// How long data may be missing unless the rule says otherwise: twice what the expression looks back on.
fn timeframe_ms(expr: Option<&str>) -> i64 {
    let Some(tree) = expr.and_then(|text| promql::parse(text).ok()) else {
        return SHORTEST_TIMEFRAME_MS;
    };
    let most: i64 = MAX_ABSENCE_MS / 4;
    let doubled: i64 = longest_window_ms(&tree).min(most).saturating_mul(2);
    // An alert of missing data must come before the day after which they are forgotten.
    doubled.clamp(SHORTEST_TIMEFRAME_MS, crate::state::RESOLVE_ABSENT_AFTER_MS / 2)
}

/// The longest range or subquery of an expression; 0 without any.
fn longest_window_ms(tree: &Expr) -> i64 {
    let mut longest: i64 = 0;
    visit::walk(tree, &mut |node: &Expr| {
        let range: Option<&DurationExpr> = match &node.kind {
            ExprKind::MatrixSelector(matrix) => Some(&matrix.range),
            ExprKind::Subquery(subquery) => Some(&subquery.range),
            _ => None,
        };
        let window = QueryWindow { step_ms: 0, range_ms: 0 };
        longest = longest.max(range.and_then(|range| range.resolve(window).ok()).unwrap_or(0));
    });
    longest
}

#[cfg(test)]
mod tests {
    use super::timeframe_ms;

    #[test]
    fn missing_data_are_waited_for_twice_as_long_as_is_looked_back() {
        let minute = 60_000;
        for (expr, minutes) in [
            ("up", 10),
            ("rate(a[5m])", 10),
            ("rate(a[30m]) / rate(b[1h])", 120),
            ("max_over_time(rate(a[5m])[2h:1m])", 240),
            ("rate(a[7d])", 720),
        ] {
            assert_eq!(timeframe_ms(Some(expr)), minutes * minute, "{expr}");
        }
        assert_eq!(timeframe_ms(None), 10 * minute);
    }
}
