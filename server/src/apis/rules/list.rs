//! The list of rules, filtered, and the catalogue's files that are not in force.

use crate::apis::Door;
use crate::apis::alerting::{shape, shown};
use ::api::ApiError;
use ::api::Text;
use ::api::error::Expected;
use ::api::rules::{CatalogueFile, RuleLine, RuleList, RuleQuery};
use alerting::catalogue::{self, Shipped};
use alerting::rules::{self, Mode};
use alerting::{Group, Rule, RuleRow};
use figures::Unit;
use model::Severity;
use model::access::ApplyRules;
use std::collections::{BTreeSet, HashSet};

/// What a rule's state may be asked to be.
const STATES: [&str; 4] = ["firing", "error", "off", "edited"];
/// What kinds of rule may be asked for.
const KINDS: [&str; 2] = ["alert", "recording"];
/// Of an expression, in the list.
const SHOWN: usize = 160;

/// The rules that `query` asks for.
pub async fn view(door: &Door, query: &RuleQuery) -> Result<RuleList, ApiError> {
    check(query)?;
    let rows: Vec<RuleRow> = door.house.alerting.rules().await.map_err(shown)?;
    let in_force: HashSet<&str> = rows.iter().map(|row| row.rule.id.0.as_str()).collect();
    let (catalogue, preview) = (offered(&in_force), looked_at(&query.catalogue, &in_force));
    let mut groups: Vec<String> = Vec::new();
    for row in &rows {
        if groups.last() != Some(&row.group) {
            groups.push(row.group.clone());
        }
    }
    let owners: BTreeSet<String> = rows.iter().filter_map(|row| row.rule.owner.clone()).collect();
    let total: u32 = u32::try_from(rows.len()).unwrap_or(u32::MAX);
    Ok(RuleList {
        rules: rows.iter().filter(|row| matches(query, row)).map(line).collect(),
        total,
        groups,
        owners: owners.into_iter().collect(),
        catalogue,
        preview,
        can_edit: door.admit::<ApplyRules>().is_ok(),
    })
}

fn check(query: &RuleQuery) -> Result<(), ApiError> {
    let wrong = |field: &str, expected: &str| ApiError::Invalid { field: field.to_owned(), expected: Expected::other(expected) };
    if !query.severity.is_empty() && Severity::from_word(&query.severity).is_none() {
        return Err(wrong("severity", "p0, p1, p2 or p3"));
    }
    if !query.state.is_empty() && !STATES.contains(&query.state.as_str()) {
        return Err(wrong("state", "firing, error, off or edited"));
    }
    if !query.kind.is_empty() && !KINDS.contains(&query.kind.as_str()) {
        return Err(wrong("kind", "alert or recording"));
    }
    Ok(())
}

fn matches(query: &RuleQuery, row: &RuleRow) -> bool {
    let rule: &Rule = &row.rule;
    let is_any = |wanted: &str, found: &str| wanted.is_empty() || wanted == found;
    is_any(&query.group, &row.group)
        && is_any(&query.owner, rule.owner.as_deref().unwrap_or_default())
        && is_any(&query.kind, if rule.records().is_some() { KINDS[1] } else { KINDS[0] })
        && (query.severity.is_empty() || severity(rule) == Severity::from_word(&query.severity))
        && stands(&query.state, row)
        && holds(&query.q, row)
}

/// Nobody is called for what a rule records.
fn severity(rule: &Rule) -> Option<Severity> {
    Some(rule.severity).filter(|_| rule.records().is_none())
}

fn stands(state: &str, row: &RuleRow) -> bool {
    match state {
        "firing" => row.open > 0,
        "error" => row.error.is_some(),
        "off" => row.evaluated_at.is_none(),
        "edited" => row.edited.is_some(),
        _ => true,
    }
}

/// Whether every word stands somewhere in what names the rule or what it measures. Case does not count.
fn holds(q: &str, row: &RuleRow) -> bool {
    let rule: &Rule = &row.rule;
    let tags: String = rule.tags.join(" ");
    let texts = [&rule.id.0, &rule.name.ja, &rule.name.en, &rule.expr, &row.group, &tags];
    let all: String = texts.map(|text| text.to_lowercase()).join("\n");
    q.to_lowercase().split_whitespace().all(|word| all.contains(word))
}

/// A rule of the list.
pub fn line(row: &RuleRow) -> RuleLine {
    let rule: &Rule = &row.rule;
    RuleLine {
        group: row.group.clone(),
        interval_ms: row.interval_ms,
        evaluated_at: row.evaluated_at,
        series: row.series.map(shape::count),
        error: row.error.clone(),
        open: shape::count(row.open),
        is_edited: row.edited.is_some(),
        ..shipped_line(rule)
    }
}

/// A rule that is not in force.
fn shipped_line(rule: &Rule) -> RuleLine {
    RuleLine {
        id: rule.id.clone(),
        name: text(&rule.name),
        group: String::new(),
        interval_ms: 0,
        is_recording: rule.records().is_some(),
        condition: condition(rule),
        for_ms: rule.for_ms,
        severity: rule.severity,
        priority: rule.priority,
        owner: rule.owner.clone(),
        evaluated_at: None,
        series: None,
        error: None,
        open: 0,
        is_edited: false,
    }
}

/// A text of the room as one of the screens.
pub fn text(text: &alerting::Text) -> Text {
    Text { ja: text.ja.clone(), en: text.en.clone() }
}

/// `>= 80 %`; nothing where any result is a breach; of a recording rule what it evaluates.
fn condition(rule: &Rule) -> String {
    match rule.mode {
        Mode::Match => String::new(),
        Mode::Record => beginning(&rule.expr),
        Mode::Value => with_unit(rule.condition.to_string(), rule.unit),
    }
}

/// An expression on one line, as far as it is shown.
fn beginning(expr: &str) -> String {
    let line: String = expr.split_whitespace().collect::<Vec<&str>>().join(" ");
    match line.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

/// A number or a condition with the symbol of its unit.
pub fn with_unit(figure: String, unit: Unit) -> String {
    let symbol: &str = unit.symbol();
    if symbol.is_empty() { figure } else { format!("{figure} {symbol}") }
}

/// The shipped files of which something is not in force.
fn offered(in_force: &HashSet<&str>) -> Vec<CatalogueFile> {
    let file = |shipped: &Shipped| {
        let n_rules: usize = absent(shipped, in_force).len();
        CatalogueFile { name: stem(shipped).to_owned(), n_rules: u32::try_from(n_rules).unwrap_or(u32::MAX) }
    };
    catalogue::FILES.iter().map(file).filter(|file| file.n_rules > 0).collect()
}

fn looked_at(name: &str, in_force: &HashSet<&str>) -> Option<Vec<RuleLine>> {
    let shipped: &Shipped = catalogue::find(name)?;
    Some(absent(shipped, in_force).iter().map(shipped_line).collect())
}

fn stem(shipped: &Shipped) -> &'static str {
    shipped.name.strip_suffix(".yaml").unwrap_or(shipped.name)
}

/// Its rules that are not in force. A shipped file is valid: a test says so.
fn absent(shipped: &Shipped, in_force: &HashSet<&str>) -> Vec<Rule> {
    let groups: Vec<Group> = rules::check(&[shipped.file()]).unwrap_or_default();
    let all = groups.into_iter().flat_map(|group| group.rules);
    all.filter(|rule| !in_force.contains(rule.id.0.as_str())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use alerting::Edited;
    use model::Time;

    fn row(id: &str) -> RuleRow {
        let shipped = catalogue::find("infrastructure").unwrap();
        let group = rules::check(&[shipped.file()]).unwrap().remove(0);
        let rule = group.rules.into_iter().find(|rule| rule.id.0 == id).unwrap();
        RuleRow {
            rule,
            group: group.name,
            file: group.file,
            interval_ms: group.interval_ms,
            missed: 0,
            evaluated_at: Some(Time(0)),
            took_ms: None,
            series: None,
            errors: 0,
            error: None,
            open: 0,
            version: 1,
            edited: None,
        }
    }

    #[test]
    fn rules_are_found_by_their_words_and_by_how_they_are() {
        let quiet = row("cpu-usage");
        let loud = RuleRow { open: 2, error: Some("too slow".to_owned()), evaluated_at: None, ..row("disk-usage") };
        let edited = Some(Edited { by: "Hana".to_owned(), at: Time(0) });
        let loud = RuleRow { edited, rule: Rule { owner: Some("web".to_owned()), ..loud.rule }, ..loud };
        let asked = |query: RuleQuery| (matches(&query, &quiet), matches(&query, &loud));
        let q = |text: &str| RuleQuery { q: text.to_owned(), ..RuleQuery::default() };
        assert_eq!(asked(RuleQuery::default()), (true, true));
        assert_eq!(
            (asked(q("CPU usage")), asked(q("ディスク")), asked(q("cpu disk"))),
            ((true, false), (false, true), (false, false))
        );
        for state in STATES {
            assert_eq!(asked(RuleQuery { state: state.to_owned(), ..RuleQuery::default() }), (false, true), "{state}");
        }
        assert_eq!(asked(RuleQuery { owner: "web".to_owned(), ..RuleQuery::default() }), (false, true));
        assert!(check(&RuleQuery { state: "odd".to_owned(), ..RuleQuery::default() }).is_err());
    }

    #[test]
    fn recording_rules_are_a_kind_of_their_own() {
        let text = "groups:\n- name: g\n  rules:\n  - record: job:up:sum\n    expr: |\n      sum by (job)\n        (up)\n";
        let file = alerting::RuleFile { name: "r.yaml".to_owned(), text: text.to_owned() };
        let rule = rules::check(&[file]).unwrap().remove(0).rules.remove(0);
        let (alert, recording) = (row("cpu-usage"), RuleRow { rule, series: Some(3), ..row("cpu-usage") });
        let asked = |query: RuleQuery| (matches(&query, &alert), matches(&query, &recording));
        let kind = |kind: &str| RuleQuery { kind: kind.to_owned(), ..RuleQuery::default() };
        assert_eq!(
            (asked(kind("")), asked(kind("alert")), asked(kind("recording"))),
            ((true, true), (true, false), (false, true))
        );
        let severe = RuleQuery { severity: "p3".to_owned(), ..RuleQuery::default() };
        assert_eq!(asked(severe), (true, false), "a recording rule has no severity");
        let line: RuleLine = line(&recording);
        assert_eq!((line.is_recording, line.condition.as_str(), line.series), (true, "sum by (job) (up)", Some(3)));
        assert!(check(&kind("odd")).is_err());
    }

    #[test]
    fn a_file_is_offered_until_all_of_it_is_in_force() {
        let none = HashSet::new();
        assert_eq!(offered(&none).len(), catalogue::FILES.len());
        let rules = absent(catalogue::find("capacity").unwrap(), &none);
        let all: HashSet<&str> = rules.iter().map(|rule| rule.id.0.as_str()).collect();
        assert!(offered(&all).iter().all(|file| file.name != "capacity"));
        assert_eq!(looked_at("capacity", &none).map(|lines| lines.len()), Some(rules.len()));
        assert_eq!(looked_at("", &none), None);
    }
}
