//! What applying a set of rules changes, rule by rule. Pure: `apply --check` prints it, `apply` prints it and does it.

use crate::rulebook::Edited;
use crate::rules::absence::Absence;
use crate::rules::levels::Warning;
use crate::rules::renotify::Renotify;
use crate::rules::{Checked, Rule};
use model::ids::RuleId;
use std::collections::HashMap;
use std::fmt;

/// What is longer stands on a line of its own.
const ONE_LINE: usize = 40;
/// Enough of a text to see what became of it.
const SHOWN: usize = 160;

/// A rule and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Placed {
    pub(crate) rule: Rule,
    pub(crate) group: String,
    pub(crate) interval_ms: i64,
    /// Set where it stands as somebody left it in the console.
    pub(crate) edited: Option<Edited>,
}

impl Placed {
    /// Whether both say the same, whoever wrote them.
    pub(crate) fn says(&self, other: &Self) -> bool {
        self.rule == other.rule && self.group == other.group && self.interval_ms == other.interval_ms
    }
}

/// What changes between two sets of rules.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Difference<'a> {
    pub(crate) added: Vec<&'a Placed>,
    /// As it was, as it will be.
    pub(crate) changed: Vec<(&'a Placed, &'a Placed)>,
    pub(crate) removed: Vec<&'a Placed>,
    pub(crate) unchanged: Vec<&'a Placed>,
}

/// The same in words, for whoever applies.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    pub added: Vec<RuleId>,
    pub changed: Vec<Changed>,
    /// Their open alerts end, and what they recorded.
    pub removed: Vec<RuleId>,
    /// Of the removed, the recording rules: they have no alerts.
    pub ended_recordings: Vec<RuleId>,
    pub unchanged: Vec<RuleId>,
    /// What people did in the console since, and what is lost by this: of changed and of removed rules.
    pub overwrites: Vec<Overwrite>,
}

/// A rule that somebody made or changed in the console, and that will not stand as they left it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Overwrite {
    pub id: RuleId,
    pub edited: Edited,
}

/// A rule that stays and is another one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changed {
    pub id: RuleId,
    pub what: Vec<Change>,
    /// It measures or judges something else from now on: its open alerts end.
    pub ends_alerts: bool,
}

/// One key of a rule, as it was and as it will be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    pub key: &'static str,
    pub from: String,
    pub to: String,
}

/// Compares two sets of rules.
pub(crate) fn difference<'a>(before: &'a [Placed], after: &'a [Placed]) -> Difference<'a> {
    let mut old: HashMap<&RuleId, &'a Placed> = before.iter().map(|placed| (&placed.rule.id, placed)).collect();
    let mut difference = Difference::default();
    for placed in after {
        match old.remove(&placed.rule.id) {
            None => difference.added.push(placed),
            Some(same) if same.says(placed) => difference.unchanged.push(placed),
            Some(changed) => difference.changed.push((changed, placed)),
        }
    }
    difference.removed = before.iter().filter(|placed| old.contains_key(&placed.rule.id)).collect();
    difference
}

impl Difference<'_> {
    /// In words.
    pub(crate) fn plan(&self) -> Plan {
        let ids = |rules: &[&Placed]| rules.iter().map(|placed| placed.rule.id.clone()).collect::<Vec<RuleId>>();
        let changed = |(old, new): &(&Placed, &Placed)| Changed {
            id: new.rule.id.clone(),
            what: changes(old, new),
            ends_alerts: !new.rule.judges_like(&old.rule),
        };
        Plan {
            added: ids(&self.added),
            changed: self.changed.iter().map(changed).collect(),
            removed: ids(&self.removed),
            ended_recordings: self.ended_recordings(),
            unchanged: ids(&self.unchanged),
            overwrites: self.overwrites(),
        }
    }

    fn ended_recordings(&self) -> Vec<RuleId> {
        let recordings = self.removed.iter().filter(|placed| placed.rule.records().is_some());
        recordings.map(|placed| placed.rule.id.clone()).collect()
    }

    fn overwrites(&self) -> Vec<Overwrite> {
        let lost = self.changed.iter().map(|(old, _)| *old).chain(self.removed.iter().copied());
        let overwrite = |old: &Placed| old.edited.clone().map(|edited| Overwrite { id: old.rule.id.clone(), edited });
        lost.filter_map(overwrite).collect()
    }
}

/// The keys in which two rules differ.
pub(crate) fn changes(old: &Placed, new: &Placed) -> Vec<Change> {
    let pairs = written(old).into_iter().zip(written(new));
    let changed = pairs.filter(|((_, from), (_, to))| from != to);
    changed.map(|((key, from), (_, to))| Change { key, from, to }).collect()
}

/// Every key of a rule with its value, in the order in which one writes them.
fn written(placed: &Placed) -> Vec<(&'static str, String)> {
    let rule: &Rule = &placed.rule;
    let mut keys: Vec<(&'static str, String)> = vec![
        ("group", placed.group.clone()),
        ("interval", duration(placed.interval_ms)),
        ("name.ja", rule.name.ja.clone()),
        ("name.en", rule.name.en.clone()),
        ("summary.ja", rule.summary.ja.clone()),
        ("summary.en", rule.summary.en.clone()),
        ("expr", rule.expr.clone()),
        ("mode", rule.mode.as_str().to_owned()),
        ("condition", rule.condition.to_string()),
        ("recovery", optional(rule.recovery.as_ref())),
        ("warning", rule.warning.as_ref().map(warning).unwrap_or_default()),
        ("unit", rule.unit.as_str().to_owned()),
        ("for", duration(rule.for_ms)),
        ("keep_firing_for", duration(rule.keep_firing_for_ms)),
        ("severity", rule.severity.code().to_owned()),
    ];
    keys.extend(further(rule));
    keys
}

/// The keys that say nothing about what is measured.
fn further(rule: &Rule) -> Vec<(&'static str, String)> {
    vec![
        ("no_data", absence(rule)),
        ("new_group_delay", duration(rule.new_group_delay_ms)),
        ("evaluation_delay", duration(rule.evaluation_delay_ms)),
        ("limit", optional(rule.limit.as_ref())),
        ("renotify", rule.renotify.as_ref().map(renotify).unwrap_or_default()),
        ("runbook.ja", rule.runbook.ja.clone()),
        ("runbook.en", rule.runbook.en.clone()),
        ("runbook_url", rule.runbook_url.clone().unwrap_or_default()),
        ("labels", rule.labels.to_string()),
        ("annotations", annotations(rule)),
        ("tags", rule.tags.join(", ")),
        ("priority", optional(rule.priority.as_ref())),
        ("owner", rule.owner.clone().unwrap_or_default()),
    ]
}

fn duration(ms: i64) -> String {
    promql::numbers::format_duration(u64::try_from(ms).unwrap_or(0))
}

fn optional<T: fmt::Display>(value: Option<&T>) -> String {
    value.map(T::to_string).unwrap_or_default()
}

fn warning(warning: &Warning) -> String {
    let recovery: String = warning.recovery.map(|recovery| format!(", recovery {recovery}")).unwrap_or_default();
    format!("{} for {}, {}{recovery}", warning.condition, duration(warning.for_ms), warning.severity.code())
}

fn absence(rule: &Rule) -> String {
    let absence: &Absence = &rule.absence;
    let severity: String = absence.severity.map(|severity| format!(", {}", severity.code())).unwrap_or_default();
    let (timeframe, end): (String, String) = (duration(absence.timeframe_ms), duration(absence.resolve_after_ms));
    format!("{} after {timeframe}, resolved after {end}{severity}", absence.policy.as_str())
}

fn renotify(renotify: &Renotify) -> String {
    let on: Vec<&str> = renotify.on.iter().map(|level| level.as_str()).collect();
    let most: String = renotify.most.map(|most| format!(", {most} times")).unwrap_or_default();
    let every: String = duration(renotify.interval_ms);
    format!("every {every} while {}{most}: {} / {}", on.join(", "), renotify.message.ja, renotify.message.en)
}

fn annotations(rule: &Rule) -> String {
    let written = rule.annotations.iter().map(|(name, text)| format!("{name}: {} / {}", text.ja, text.en));
    written.collect::<Vec<String>>().join("; ")
}

impl Plan {
    /// Where nothing was ever applied.
    #[must_use]
    pub fn of_new(checked: &Checked) -> Self {
        difference(&[], &checked.placed()).plan()
    }

    /// The line about what somebody did in the console, if that is lost.
    fn overwritten(&self, f: &mut fmt::Formatter<'_>, id: &RuleId) -> fmt::Result {
        let Some(lost) = self.overwrites.iter().find(|overwrite| overwrite.id == *id) else {
            return Ok(());
        };
        let at: String = lost.edited.at.to_utc().format("%Y-%m-%d %H:%M").to_string();
        writeln!(f, "             overwrites what {} did in the console at {at} UTC", lost.edited.by)
    }

    /// Whether applying it changes nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.added.is_empty() && self.changed.is_empty() && self.removed.is_empty()
    }
}

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for id in &self.added {
            writeln!(f, "added      {id}")?;
        }
        for changed in &self.changed {
            writeln!(f, "changed    {}", changed.id)?;
            for change in &changed.what {
                write!(f, "{change}")?;
            }
            if changed.ends_alerts {
                writeln!(f, "             its open alerts end")?;
            }
            self.overwritten(f, &changed.id)?;
        }
        for id in &self.removed {
            let ends: &str = if self.ended_recordings.contains(id) { "its series end" } else { "its open alerts end" };
            writeln!(f, "removed    {id}, {ends}")?;
            self.overwritten(f, id)?;
        }
        for id in &self.unchanged {
            writeln!(f, "unchanged  {id}")?;
        }
        let [added, changed, removed, unchanged] =
            [self.added.len(), self.changed.len(), self.removed.len(), self.unchanged.len()];
        write!(f, "{added} added, {changed} changed, {removed} removed, {unchanged} unchanged")
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (key, from, to) = (self.key, shown(&self.from), shown(&self.to));
        if from == to {
            // Beyond what is shown, or only in its blanks.
            return writeln!(f, "             {key}: another text");
        }
        if from.chars().count() <= ONE_LINE && to.chars().count() <= ONE_LINE {
            return writeln!(f, "             {key}: {from} → {to}");
        }
        writeln!(f, "             {key}:\n               was {from}\n               is  {to}")
    }
}

/// A text on one line, as far as it is shown.
fn shown(text: &str) -> String {
    let line: String = text.split_whitespace().collect::<Vec<&str>>().join(" ");
    let cut: Option<usize> = line.char_indices().nth(SHOWN).map(|(end, _)| end);
    match cut {
        Some(end) => format!("{}…", &line[..end]),
        None if line.is_empty() => "nothing".to_owned(),
        None => line,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::{self, RuleFile};

    const RULES: &str = "\
groups:
  - name: machines
    rules:
      - {id: cpu, name: CPU, summary: busy, expr: cpu, condition: \">= 80\", for: 5m, severity: P3}
      - {id: disk, name: Disk, summary: full, expr: disk, condition: \">= 90\", severity: P2}
";

    fn placed(text: &str) -> Vec<Placed> {
        let file = RuleFile { name: "rules.yaml".to_owned(), text: text.to_owned() };
        let groups = rules::check(&[file]).unwrap();
        groups.iter().flat_map(rules::Group::placed).collect()
    }

    fn plan(before: &str, after: &str) -> Plan {
        difference(&placed(before), &placed(after)).plan()
    }

    #[test]
    fn a_plan_says_what_changes_and_what_that_ends() {
        let after = RULES.replace(">= 80", ">= 85").replace("id: disk", "id: disk-usage");
        assert_eq!(
            plan(RULES, &after).to_string(),
            "added      disk-usage\n\
             changed    cpu\n             condition: >= 80 → >= 85\n             its open alerts end\n\
             removed    disk, its open alerts end\n\
             1 added, 1 changed, 1 removed, 0 unchanged"
        );
    }

    #[test]
    fn words_and_places_change_without_ending_anything() {
        let after = RULES.replace("summary: busy", "summary: \"too busy\"").replace("machines", "hosts");
        let plan = plan(RULES, &after);
        assert!(plan.changed.iter().all(|changed| !changed.ends_alerts));
        let keys: Vec<&str> = plan.changed[0].what.iter().map(|change| change.key).collect();
        assert_eq!(keys, ["group", "summary.ja", "summary.en"]);
        assert_eq!(plan.changed[1].what[0], Change { key: "group", from: "machines".to_owned(), to: "hosts".to_owned() });
    }

    #[test]
    fn a_recording_rule_has_no_alerts_to_end() {
        let before = RULES.replace(
            "    rules:\n",
            "    rules:\n      - {record: \"a:b\", expr: a, labels: {x: y}}\n      - {record: c, expr: c}\n",
        );
        let after = before.replace("expr: a, labels: {x: y}", "expr: b").replace("      - {record: c, expr: c}\n", "");
        assert_eq!(
            plan(&before, &after).to_string(),
            "changed    a-b\n             expr: a → b\n             labels: {x=\"y\"} → {}\n\
             removed    c, its series end\n\
             unchanged  cpu\nunchanged  disk\n\
             0 added, 1 changed, 1 removed, 2 unchanged"
        );
    }

    #[test]
    fn the_same_rules_are_no_change() {
        let plan = plan(RULES, RULES);
        assert!(plan.is_empty());
        assert_eq!(plan.to_string(), "unchanged  cpu\nunchanged  disk\n0 added, 0 changed, 0 removed, 2 unchanged");
    }

    #[test]
    fn what_was_done_in_the_console_is_said_before_it_is_overwritten() {
        let edited = Edited { by: "Hana".to_owned(), at: model::Time(1_795_000_020_000) };
        let mark = |mut rules: Vec<Placed>| {
            rules.iter_mut().for_each(|placed| placed.edited = Some(edited.clone()));
            rules
        };
        let (before, same) = (mark(placed(RULES)), placed(RULES));
        assert!(difference(&before, &same).plan().overwrites.is_empty(), "it stands in the files as she left it");
        let after = placed(&RULES.replace(">= 80", ">= 85").replace("id: disk", "id: other"));
        let plan = difference(&before, &after).plan();
        let ids: Vec<&str> = plan.overwrites.iter().map(|overwrite| overwrite.id.0.as_str()).collect();
        assert_eq!(ids, ["cpu", "disk"]);
        let said = plan.to_string();
        assert_eq!(said.matches("overwrites what Hana did in the console at 2026-11-18 11:07 UTC").count(), 2, "{said}");
    }

    #[test]
    fn long_texts_stand_below_each_other_and_are_cut() {
        let long = Change { key: "expr", from: "a".repeat(50), to: "b\n  ".repeat(200) };
        let text = long.to_string();
        assert!(text.contains(&format!("was {}\n", "a".repeat(50))) && text.contains("b b b") && text.ends_with("…\n"), "{text}");
        let beyond = Change { key: "runbook.ja", from: format!("{}1", "x".repeat(200)), to: format!("{}2", "x".repeat(200)) };
        assert_eq!(beyond.to_string(), "             runbook.ja: another text\n");
    }
}
