//! From YAML to checked groups. Reads on after a problem, so that one run shows them all.

use super::condition::Condition;
use super::template::{self, Template};
use super::yaml::{self, Node, Place, Step};
use super::{Checked, Empty, Group, Problem, Rule, RuleErrors, RuleFile, Text, carried};
use figures::Unit;
use model::Severity;
use model::ids::RuleId;
use model::labels::{Labels, METRIC_NAME};
use promql::ast::{Expr, ExprKind, ValueType};
use std::collections::HashMap;

const FILE_KEYS: &[&str] = &["groups"];
const GROUP_KEYS: &[&str] = &["name", "interval", "rules"];
const RULE_KEYS: &[&str] =
    &["id", "name", "summary", "expr", "condition", "unit", "for", "keep_firing_for", "severity", "runbook", "labels"];
const TEXT_KEYS: &[&str] = &["ja", "en"];

/// As often as the collector samples.
const DEFAULT_INTERVAL_MS: i64 = 15_000;
/// More often than every second is more than any collector samples.
const MIN_INTERVAL_MS: i64 = 1_000;
const MAX_INTERVAL_MS: i64 = 3_600_000;
/// Longer ids don't fit a line of a phone.
const MAX_ID: usize = 64;
/// Enough of a wrong value to recognise it.
const SHOWN: usize = 40;

/// Where a name was given first: file and line.
type Taken = HashMap<String, String>;

/// Reads all files; ids and group names are unique over all of them.
pub(super) fn parse(files: &[RuleFile], empty: Empty) -> Result<Checked, RuleErrors> {
    let mut groups: Vec<Group> = Vec::new();
    let mut problems: Vec<Problem> = Vec::new();
    let mut warnings: Vec<Problem> = Vec::new();
    let mut rule_ids: Taken = Taken::new();
    let mut group_names: Taken = Taken::new();
    for file in files {
        let mut reader = Reader { file, empty, problems: Vec::new(), warnings: Vec::new(), rule_ids, group_names };
        groups.append(&mut reader.file());
        reader.problems.sort_by_key(|problem| (problem.line, problem.column));
        problems.append(&mut reader.problems);
        reader.warnings.sort_by_key(|warning| (warning.line, warning.column));
        warnings.append(&mut reader.warnings);
        rule_ids = reader.rule_ids;
        group_names = reader.group_names;
    }
    if problems.is_empty() { Ok(Checked { groups, warnings }) } else { Err(RuleErrors(problems)) }
}

/// A part of the document and the way to it.
#[derive(Clone)]
struct At<'n> {
    node: &'n Node,
    path: Vec<Step>,
}

impl<'n> At<'n> {
    fn child(&self, key: &str) -> Option<At<'n>> {
        let Node::Mapping(entries) = self.node else {
            return None;
        };
        let (_, node) = entries.iter().find(|(name, _)| name == key)?;
        Some(At { node, path: self.with(Step::Key(key.to_owned())) })
    }

    fn with(&self, step: Step) -> Vec<Step> {
        let mut path: Vec<Step> = self.path.clone();
        path.push(step);
        path
    }
}

struct Reader<'f> {
    file: &'f RuleFile,
    empty: Empty,
    problems: Vec<Problem>,
    warnings: Vec<Problem>,
    rule_ids: Taken,
    group_names: Taken,
}

impl Reader<'_> {
    fn file(&mut self) -> Vec<Group> {
        let root: Node = match yaml::read(&self.file.text) {
            Ok(root) => root,
            Err(broken) => {
                self.problem(broken.place, broken.message);
                return Vec::new();
            }
        };
        let at = At { node: &root, path: Vec::new() };
        if !self.mapping(&at, FILE_KEYS) {
            return Vec::new();
        }
        let Some(groups) = self.required(&at, "groups") else {
            return Vec::new();
        };
        self.filled_list(&groups, "a list of groups").iter().filter_map(|group| self.group(group)).collect()
    }

    fn group(&mut self, at: &At<'_>) -> Option<Group> {
        if !self.mapping(at, GROUP_KEYS) {
            return None;
        }
        let name: Option<String> = self.group_name(at);
        let interval_ms: Option<i64> = self.interval(at);
        let rules: Option<Vec<Rule>> = self
            .required(at, "rules")
            .map(|rules| self.filled_list(&rules, "a list of rules").iter().filter_map(|rule| self.rule(rule)).collect());
        Some(Group { name: name?, file: self.file.name.clone(), interval_ms: interval_ms?, rules: rules? })
    }

    fn group_name(&mut self, at: &At<'_>) -> Option<String> {
        let name: At<'_> = self.required(at, "name")?;
        let text: String = self.plain(&name, "a name")?;
        let spot: String = self.spot(&name);
        let taken: Option<String> = self.group_names.insert(text.clone(), spot);
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

    fn rule(&mut self, at: &At<'_>) -> Option<Rule> {
        if !self.mapping(at, RULE_KEYS) {
            return None;
        }
        let id: Option<RuleId> = self.rule_id(at);
        let name: Option<Text> = self.rule_name(at);
        let summary: Option<Text> = self.summary(at);
        let expr: Option<String> = self.expr(at);
        let condition: Option<Condition> = self.condition(at);
        let unit: Option<Unit> = self.unit(at);
        let for_ms: Option<i64> = self.duration_or_zero(at, "for");
        let keep_firing_for_ms: Option<i64> = self.duration_or_zero(at, "keep_firing_for");
        let severity: Option<Severity> = self.severity(at);
        let runbook: Option<Text> = self.runbook(at);
        let labels: Option<Labels> = self.labels(at);
        let rule = Rule {
            id: id?,
            name: name?,
            summary: summary?,
            expr: expr?,
            condition: condition?,
            unit: unit?,
            for_ms: for_ms?,
            keep_firing_for_ms: keep_firing_for_ms?,
            severity: severity?,
            runbook: runbook?,
            labels: labels?,
        };
        self.warn_of_holes(at, &rule);
        Some(rule)
    }

    /// A label that no alert of this rule can have would leave a hole in its sentence.
    fn warn_of_holes(&mut self, at: &At<'_>, rule: &Rule) {
        for (keys, name) in carried::holes(rule) {
            let outer: At<'_> = at.child(keys[0]).unwrap_or_else(|| at.clone());
            // One text for both languages has no key for either, and is warned of once.
            if keys[1] == "en" && outer.child("en").is_none() {
                continue;
            }
            let text: At<'_> = outer.child(keys[1]).unwrap_or(outer);
            let place: Place = self.place(&text);
            let message = format!("no alert of this rule has the label \"{name}\": {{{{{name}}}}} will be left empty");
            self.warnings.push(Problem { file: self.file.name.clone(), line: place.line, column: place.column, message });
        }
    }

    fn rule_id(&mut self, at: &At<'_>) -> Option<RuleId> {
        const EXPECTED: &str = "an id of lower-case letters, digits and hyphens, at most 64";
        let id: At<'_> = self.required(at, "id")?;
        let text: String = self.plain(&id, EXPECTED)?;
        let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        if text.len() > MAX_ID || !text.bytes().all(allowed) {
            self.wrong(&id, EXPECTED);
            return None;
        }
        let spot: String = self.spot(&id);
        let taken: Option<String> = self.rule_ids.insert(text.clone(), spot);
        self.refuse_second(&id, taken, "an id that is not taken")?;
        Some(RuleId(text))
    }

    fn rule_name(&mut self, at: &At<'_>) -> Option<Text> {
        let name: At<'_> = self.required(at, "name")?;
        let text: Text = self.text(&name)?;
        let is_plain = |text: &str| Template::read(text).is_ok_and(|template| template.is_plain());
        if is_plain(&text.ja) && is_plain(&text.en) {
            return Some(text);
        }
        self.say(&name, "expected a name without placeholders, found {{ in it: put them into summary".to_owned());
        None
    }

    fn summary(&mut self, at: &At<'_>) -> Option<Text> {
        let summary: At<'_> = self.required(at, "summary")?;
        let text: Text = self.text(&summary)?;
        for (language, template) in [("ja", &text.ja), ("en", &text.en)] {
            if let Err(error) = Template::read(template) {
                let part: At<'_> = summary.child(language).unwrap_or_else(|| summary.clone());
                self.say(&part, error.to_string());
                return None;
            }
        }
        Some(text)
    }

    fn runbook(&mut self, at: &At<'_>) -> Option<Text> {
        match at.child("runbook") {
            None => Some(Text::default()),
            Some(runbook) => self.text(&runbook),
        }
    }

    fn expr(&mut self, at: &At<'_>) -> Option<String> {
        let expr: At<'_> = self.required(at, "expr")?;
        let text: String = self.plain(&expr, "a PromQL expression")?;
        match promql::parse(&text) {
            Ok(tree) => self.measures(&expr, &text, &tree).then_some(text),
            Err(errors) => {
                let scalar: Place = self.place(&expr);
                for error in errors {
                    let place: Place = yaml::inside(&self.file.text, scalar, &text, error.span.start);
                    self.problem(place, format!("in the PromQL expression: {error}"));
                }
                None
            }
        }
    }

    /// Whether an expression measures something. A comparison at its root would drop the values that are no breach, and an alert
    /// could not tell "it is fine again" from "there is no data".
    fn measures(&mut self, at: &At<'_>, text: &str, tree: &Expr) -> bool {
        let value_type: ValueType = tree.value_type();
        if !matches!(value_type, ValueType::Scalar | ValueType::Vector) {
            let found: &str = value_type.words();
            self.say(at, format!("expected an expression that gives an instant vector or a scalar, found a {found}"));
            return false;
        }
        if let ExprKind::Binary(binary) = &tree.unparen().kind
            && binary.op.is_comparison()
            && !binary.return_bool
        {
            let scalar: Place = self.place(at);
            let place: Place = yaml::inside(&self.file.text, scalar, text, binary.rhs.span.start);
            let sign: &str = binary.op.symbol();
            self.problem(
                place,
                format!("expected the measured value, found a comparison: put {sign} and the threshold into condition"),
            );
            return false;
        }
        true
    }

    fn condition(&mut self, at: &At<'_>) -> Option<Condition> {
        let condition: At<'_> = self.required(at, "condition")?;
        let parsed: Option<Condition> = scalar_text(condition.node).and_then(|text| text.parse::<Condition>().ok());
        if parsed.is_none() {
            self.wrong(&condition, "one of >=, >, <=, < and a number, such as \">= 80\"");
        }
        parsed
    }

    fn unit(&mut self, at: &At<'_>) -> Option<Unit> {
        let Some(unit) = at.child("unit") else {
            return Some(Unit::None);
        };
        let parsed: Option<Unit> = scalar_text(unit.node).and_then(|text| Unit::from_word(&text));
        if parsed.is_none() {
            let words: Vec<&str> = Unit::ALL.iter().map(|unit| unit.as_str()).collect();
            self.wrong(&unit, &format!("one of {}", words.join(", ")));
        }
        parsed
    }

    fn severity(&mut self, at: &At<'_>) -> Option<Severity> {
        let severity: At<'_> = self.required(at, "severity")?;
        let parsed: Option<Severity> = scalar_text(severity.node).and_then(|text| Severity::from_word(&text));
        if parsed.is_none() {
            self.wrong(&severity, "P0, P1, P2 or P3");
        }
        parsed
    }

    fn labels(&mut self, at: &At<'_>) -> Option<Labels> {
        let Some(labels) = at.child("labels") else {
            return Some(Labels::default());
        };
        let Node::Mapping(entries) = labels.node else {
            self.wrong(&labels, "a mapping of label names to values");
            return None;
        };
        let mut read: Labels = Labels::default();
        for (name, node) in entries {
            let label = At { node, path: labels.with(Step::Key(name.clone())) };
            let value: String = self.label(&label, name)?;
            read.set(name.clone(), value);
        }
        Some(read)
    }

    fn label(&mut self, at: &At<'_>, name: &str) -> Option<String> {
        if !template::is_label_name(name) || name == METRIC_NAME {
            self.say_at_key(at, format!("expected a label's name, found \"{name}\""));
            return None;
        }
        let Some(value) = scalar_text(at.node) else {
            self.wrong(at, "a text");
            return None;
        };
        match Template::read(&value) {
            Ok(template) if template.uses_figures() => {
                let why: &str = "with the value in it every change of the value would be another alert";
                self.say(at, format!("expected a text that names labels only, found \"{value}\": {why}"));
                None
            }
            Ok(_) => Some(value),
            Err(error) => {
                self.say(at, error.to_string());
                None
            }
        }
    }

    /// One text for both languages, or a mapping of `ja` and `en`.
    fn text(&mut self, at: &At<'_>) -> Option<Text> {
        if let Node::Text(both) = at.node {
            return Some(Text { ja: both.clone(), en: both.clone() });
        }
        if !matches!(at.node, Node::Mapping(_)) {
            self.wrong(at, "a text, or a mapping of ja and en");
            return None;
        }
        if !self.mapping(at, TEXT_KEYS) {
            return None;
        }
        let ja: Option<String> = self.required(at, "ja").and_then(|ja| self.plain(&ja, "a text"));
        let en: Option<String> = self.required(at, "en").and_then(|en| self.plain(&en, "a text"));
        Some(Text { ja: ja?, en: en? })
    }

    fn duration_or_zero(&mut self, at: &At<'_>, key: &str) -> Option<i64> {
        match at.child(key) {
            None => Some(0),
            Some(duration) => self.duration(&duration),
        }
    }

    /// Prometheus' durations; a bare `0` is one.
    fn duration(&mut self, at: &At<'_>) -> Option<i64> {
        let parsed: Option<i64> = match scalar_text(at.node).as_deref() {
            None | Some("") => None,
            Some("0") => Some(0),
            Some(text) => promql::numbers::parse_duration_ms(text).ok().and_then(|ms| i64::try_from(ms).ok()),
        };
        if parsed.is_none() {
            self.wrong(at, "a duration such as 15s, 5m or 1h30m");
        }
        parsed
    }

    fn plain(&mut self, at: &At<'_>, expected: &str) -> Option<String> {
        match at.node {
            Node::Text(text) if !text.trim().is_empty() => Some(text.clone()),
            _ => {
                self.wrong(at, expected);
                None
            }
        }
    }

    fn list<'n>(&mut self, at: &At<'n>, expected: &str) -> Vec<At<'n>> {
        let Node::List(nodes) = at.node else {
            self.wrong(at, expected);
            return Vec::new();
        };
        nodes.iter().enumerate().map(|(index, node)| At { node, path: at.with(Step::Index(index)) }).collect()
    }

    /// A list that watches less when it is empty: that must be meant.
    fn filled_list<'n>(&mut self, at: &At<'n>, expected: &str) -> Vec<At<'n>> {
        if self.empty == Empty::Refused && matches!(at.node, Node::List(nodes) if nodes.is_empty()) {
            self.say(
                at,
                format!("expected {expected} with at least one in it, found none (--allow-empty applies it all the same)"),
            );
        }
        self.list(at, expected)
    }

    /// Whether `at` is a mapping; keys that are not known are told, but don't keep the others from being read.
    fn mapping(&mut self, at: &At<'_>, known: &[&str]) -> bool {
        let Node::Mapping(entries) = at.node else {
            self.wrong(at, &format!("a mapping with the keys {}", known.join(", ")));
            return false;
        };
        for (key, node) in entries.iter().filter(|(key, _)| !known.contains(&key.as_str())) {
            let unknown = At { node, path: at.with(Step::Key(key.clone())) };
            self.say_at_key(&unknown, format!("expected one of the keys {}, found \"{key}\"", known.join(", ")));
        }
        true
    }

    fn required<'n>(&mut self, at: &At<'n>, key: &str) -> Option<At<'n>> {
        let child: Option<At<'n>> = at.child(key);
        if child.is_none() {
            self.say(at, format!("expected the key \"{key}\", found none"));
        }
        child
    }

    fn refuse_second(&mut self, at: &At<'_>, taken: Option<String>, expected: &str) -> Option<()> {
        let Some(first) = taken else {
            return Some(());
        };
        let found: String = described(at.node);
        self.say(at, format!("expected {expected}, found {found}, which stands at {first}"));
        None
    }

    fn wrong(&mut self, at: &At<'_>, expected: &str) {
        let found: String = described(at.node);
        self.say(at, format!("expected {expected}, found {found}"));
    }

    fn say(&mut self, at: &At<'_>, message: String) {
        let place: Place = self.place(at);
        self.problem(place, message);
    }

    fn say_at_key(&mut self, at: &At<'_>, message: String) {
        let place: Place = yaml::locate(&self.file.text, &at.path, true);
        self.problem(place, message);
    }

    fn place(&self, at: &At<'_>) -> Place {
        yaml::locate(&self.file.text, &at.path, false)
    }

    fn spot(&self, at: &At<'_>) -> String {
        format!("{}:{}", self.file.name, self.place(at).line)
    }

    fn problem(&mut self, place: Place, message: String) {
        self.problems.push(Problem { file: self.file.name.clone(), line: place.line, column: place.column, message });
    }
}

/// The text of a scalar, whatever YAML took it for.
fn scalar_text(node: &Node) -> Option<String> {
    match node {
        Node::Text(text) | Node::Number(text) => Some(text.trim().to_owned()),
        Node::Nothing | Node::Flag(_) | Node::List(_) | Node::Mapping(_) => None,
    }
}

fn described(node: &Node) -> String {
    match node {
        Node::Nothing => "nothing".to_owned(),
        Node::Flag(flag) => flag.to_string(),
        Node::Number(number) => format!("the number {number}"),
        Node::Text(text) if text.chars().count() > SHOWN => {
            let beginning: String = text.chars().take(SHOWN).collect();
            format!("\"{beginning}…\"")
        }
        Node::Text(text) => format!("\"{text}\""),
        Node::List(_) => "a list".to_owned(),
        Node::Mapping(_) => "a mapping".to_owned(),
    }
}
