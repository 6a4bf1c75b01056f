//! From YAML to checked groups. Reads on after a problem, so that one run shows them all.

use super::condition::Condition;
use super::group::Defaults;
use super::levels::{self, OutOfOrder, Warning};
use super::reader::{Reader, Spot, Taken, scalar_text};
use super::settings::Settings;
use super::template::{self, Template};
use super::{Checked, Empty, Group, Mode, Problem, Rule, RuleErrors, RuleFile, Text, carried, go};
use figures::Unit;
use model::Severity;
use model::ids::RuleId;
use model::labels::{Labels, METRIC_NAME};
use promql::ast::{Expr, ExprKind, ValueType};
use yaml::{At, Node, Place, Step};

const FILE_KEYS: &[&str] = &["groups"];
const RULE_KEYS: &[&str] = &[
    "id",
    "name",
    "summary",
    "expr",
    "mode",
    "condition",
    "recovery",
    "warning",
    "unit",
    "for",
    "keep_firing_for",
    "severity",
    "no_data",
    "new_group_delay",
    "evaluation_delay",
    "limit",
    "renotify",
    "runbook",
    "runbook_url",
    "labels",
    "annotations",
    "tags",
    "priority",
    "owner",
];
const WARNING_KEYS: &[&str] = &["condition", "severity", "for", "recovery"];

/// Longer ids don't fit a line of a phone.
pub(super) const MAX_ID: usize = 64;

/// What a rule measures and when that is too much.
struct Judgement {
    expr: String,
    condition: Condition,
    recovery: Option<f64>,
    warning: Option<Warning>,
}

/// Reads all files; ids and group names are unique over all of them.
pub(super) fn parse(files: &[RuleFile], empty: Empty) -> Result<Checked, RuleErrors> {
    let mut groups: Vec<Group> = Vec::new();
    let mut problems: Vec<Problem> = Vec::new();
    let mut warnings: Vec<Problem> = Vec::new();
    let mut rule_ids: Taken = Taken::new();
    let mut group_names: Taken = Taken::new();
    for file in files {
        let mut reader = Reader { file, files, empty, problems: Vec::new(), warnings: Vec::new(), rule_ids, group_names };
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

impl Reader<'_> {
    fn file(&mut self) -> Vec<Group> {
        let root: Node = match yaml::read(&self.file.text) {
            Ok(root) => root,
            Err(broken) => {
                self.problem(broken.place, broken.message);
                return Vec::new();
            }
        };
        let at = At::root(&root);
        if !self.mapping(&at, FILE_KEYS) {
            return Vec::new();
        }
        let Some(groups) = self.required(&at, "groups") else {
            return Vec::new();
        };
        self.filled_list(&groups, "a list of groups").iter().filter_map(|group| self.group(group)).collect()
    }

    pub(super) fn rule(&mut self, at: &At<'_>, defaults: &Defaults) -> Option<Rule> {
        if !self.mapping(at, RULE_KEYS) {
            return None;
        }
        let said: Option<Mode> = self.mode(at);
        let mode: Mode = said.unwrap_or_default();
        let id: Option<RuleId> = self.rule_id(at);
        let name: Option<Text> = self.rule_name(at);
        let summary: Option<Text> = self.summary(at, mode);
        let severity: Option<Severity> = self.severity(at);
        let for_ms: Option<i64> = self.duration_or_zero(at, "for");
        let judgement: Option<Judgement> = self.judgement(at, mode, severity, for_ms);
        let unit: Option<Unit> = self.unit(at);
        let keep_firing_for_ms: Option<i64> = self.duration_or_zero(at, "keep_firing_for");
        let runbook: Option<Text> = self.runbook(at);
        let labels: Option<Labels> = self.labels(at, mode, &defaults.labels);
        let expr: Option<&str> = judgement.as_ref().map(|judgement| judgement.expr.as_str());
        let settings: Option<Settings> = self.settings(at, mode, expr, defaults);
        let (judgement, settings): (Judgement, Settings) = (judgement?, settings?);
        let rule = Rule {
            id: id?,
            name: name?,
            summary: summary?,
            expr: judgement.expr,
            mode: said?,
            condition: judgement.condition,
            recovery: judgement.recovery,
            warning: judgement.warning,
            unit: unit?,
            for_ms: for_ms?,
            keep_firing_for_ms: keep_firing_for_ms?,
            severity: severity?,
            runbook: runbook?,
            labels: labels?,
            absence: settings.absence,
            new_group_delay_ms: settings.new_group_delay_ms,
            evaluation_delay_ms: settings.evaluation_delay_ms,
            limit: settings.limit,
            renotify: settings.renotify,
            annotations: settings.annotations,
            tags: settings.tags,
            priority: settings.priority,
            runbook_url: settings.runbook_url,
            owner: settings.owner,
        };
        self.warn_of_holes(at, &rule);
        Some(rule)
    }

    fn mode(&mut self, at: &At<'_>) -> Option<Mode> {
        let Some(mode) = at.child("mode") else {
            return Some(Mode::Value);
        };
        match scalar_text(mode.node).as_deref() {
            Some("value") => Some(Mode::Value),
            Some("match") => Some(Mode::Match),
            _ => {
                self.wrong(&mode, "value or match");
                None
            }
        }
    }

    /// A label that no alert of this rule can have would leave a hole in its sentence.
    fn warn_of_holes(&mut self, at: &At<'_>, rule: &Rule) {
        if rule.mode == Mode::Match {
            return;
        }
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

    pub(super) fn rule_id(&mut self, at: &At<'_>) -> Option<RuleId> {
        const EXPECTED: &str = "an id of lower-case letters, digits and hyphens, at most 64";
        let id: At<'_> = self.required(at, "id")?;
        let text: String = self.plain(&id, EXPECTED)?;
        let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        if text.len() > MAX_ID || !text.bytes().all(allowed) {
            self.wrong(&id, EXPECTED);
            return None;
        }
        let spot: Spot = self.spot(&id);
        let taken: Option<Spot> = self.rule_ids.insert(text.clone(), spot);
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

    fn summary(&mut self, at: &At<'_>, mode: Mode) -> Option<Text> {
        let summary: At<'_> = self.required(at, "summary")?;
        self.worded(&summary, mode)
    }

    /// A template in one language or in both.
    pub(super) fn worded(&mut self, at: &At<'_>, mode: Mode) -> Option<Text> {
        let text: Text = self.text(at)?;
        for (language, template) in [("ja", &text.ja), ("en", &text.en)] {
            let part: At<'_> = at.child(language).unwrap_or_else(|| at.clone());
            self.template(&part, template, mode)?;
        }
        Some(text)
    }

    /// Checks a template in the language of the rule's mode.
    pub(super) fn template(&mut self, at: &At<'_>, text: &str, mode: Mode) -> Option<()> {
        let mistake: Option<String> = match mode {
            Mode::Record => None,
            Mode::Value => Template::read(text).err().map(|error| error.to_string()),
            Mode::Match => go::Template::read(text).err().map(|error| error.to_string()),
        };
        match mistake {
            None => Some(()),
            Some(mistake) => {
                self.say(at, mistake);
                None
            }
        }
    }

    fn runbook(&mut self, at: &At<'_>) -> Option<Text> {
        match at.child("runbook") {
            None => Some(Text::default()),
            Some(runbook) => self.text(&runbook),
        }
    }

    fn judgement(&mut self, at: &At<'_>, mode: Mode, severity: Option<Severity>, for_ms: Option<i64>) -> Option<Judgement> {
        let expr: Option<String> = self.expr(at, mode);
        if mode == Mode::Match {
            self.refuse_thresholds(at)?;
            return Some(Judgement { expr: expr?, condition: Condition::ANY, recovery: None, warning: None });
        }
        let condition: Condition = self.condition(at)?;
        let recovery: Option<f64> = self.recovery(at)?;
        let like = Warning { condition, severity: milder(severity?), for_ms: for_ms?, recovery: None };
        let warning: Option<Warning> = self.warning(at, like)?;
        if let Err(error) = levels::in_order(condition, recovery, warning.as_ref()) {
            let key: &str = if error == OutOfOrder::Recovery && recovery.is_some() { "recovery" } else { "warning" };
            let place: At<'_> = at.child(key).unwrap_or_else(|| at.clone());
            self.say(&place, error.to_string());
            return None;
        }
        Some(Judgement { expr: expr?, condition, recovery, warning })
    }

    /// What is there is a breach: a threshold would never be asked.
    fn refuse_thresholds(&mut self, at: &At<'_>) -> Option<()> {
        for key in ["condition", "recovery", "warning"] {
            if let Some(found) = at.child(key) {
                self.say_at_key(&found, format!("expected no {key} with mode: match, where any result is a breach"));
                return None;
            }
        }
        Some(())
    }

    fn recovery(&mut self, at: &At<'_>) -> Option<Option<f64>> {
        let Some(recovery) = at.child("recovery") else {
            return Some(None);
        };
        let number: Option<f64> = scalar_text(recovery.node).and_then(|text| text.parse::<f64>().ok());
        let number: Option<f64> = number.filter(|number| number.is_finite());
        if number.is_none() {
            self.wrong(&recovery, "a number: the threshold behind which it is over");
        }
        number.map(Some)
    }

    /// A condition alone, or a mapping. What it leaves out is as in `like`.
    fn warning(&mut self, at: &At<'_>, like: Warning) -> Option<Option<Warning>> {
        let Some(warning) = at.child("warning") else {
            return Some(None);
        };
        if !matches!(warning.node, Node::Mapping(_)) {
            let condition: Condition = self.condition_of(&warning)?;
            return Some(Some(Warning { condition, ..like }));
        }
        if !self.mapping(&warning, WARNING_KEYS) {
            return None;
        }
        let condition: Condition = self.condition(&warning)?;
        let severity: Severity = if warning.child("severity").is_some() { self.severity(&warning)? } else { like.severity };
        let for_ms: i64 = if warning.child("for").is_some() { self.duration_or_zero(&warning, "for")? } else { like.for_ms };
        Some(Some(Warning { condition, severity, for_ms, recovery: self.recovery(&warning)? }))
    }

    pub(super) fn expr(&mut self, at: &At<'_>, mode: Mode) -> Option<String> {
        let expr: At<'_> = self.required(at, "expr")?;
        let text: String = self.plain(&expr, "a PromQL expression")?;
        match promql::parse(&text) {
            Ok(tree) => self.measures(&expr, &text, &tree, mode).then_some(text),
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
    fn measures(&mut self, at: &At<'_>, text: &str, tree: &Expr, mode: Mode) -> bool {
        let value_type: ValueType = tree.value_type();
        if !matches!(value_type, ValueType::Scalar | ValueType::Vector) {
            let found: &str = value_type.words();
            self.say(at, format!("expected an expression that gives an instant vector or a scalar, found a {found}"));
            return false;
        }
        if mode == Mode::Value
            && let ExprKind::Binary(binary) = &tree.unparen().kind
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
        self.condition_of(&condition)
    }

    fn condition_of(&mut self, at: &At<'_>) -> Option<Condition> {
        let parsed: Option<Condition> = scalar_text(at.node).and_then(|text| text.parse::<Condition>().ok());
        if parsed.is_none() {
            self.wrong(at, "one of >=, >, <=, < and a number, such as \">= 80\"");
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

    pub(super) fn severity(&mut self, at: &At<'_>) -> Option<Severity> {
        let severity: At<'_> = self.required(at, "severity")?;
        let parsed: Option<Severity> = scalar_text(severity.node).and_then(|text| Severity::from_word(&text));
        if parsed.is_none() {
            self.wrong(&severity, "P0, P1, P2 or P3");
        }
        parsed
    }

    fn labels(&mut self, at: &At<'_>, mode: Mode, outer: &Labels) -> Option<Labels> {
        let Some(labels) = at.child("labels") else {
            return Some(outer.clone());
        };
        let Node::Mapping(entries) = labels.node else {
            self.wrong(&labels, "a mapping of label names to values");
            return None;
        };
        let mut read: Labels = outer.clone();
        for (name, node) in entries {
            let label = At { node, path: labels.with(Step::Key(name.clone())) };
            let value: String = self.label(&label, name, mode)?;
            read.set(name.clone(), value);
        }
        Some(read)
    }

    fn label(&mut self, at: &At<'_>, name: &str, mode: Mode) -> Option<String> {
        if !template::is_label_name(name) || name == METRIC_NAME {
            self.say_at_key(at, format!("expected a label's name, found \"{name}\""));
            return None;
        }
        let Some(value) = scalar_text(at.node) else {
            self.wrong(at, "a text");
            return None;
        };
        self.template(at, &value, mode)?;
        let uses_figures: bool = match mode {
            Mode::Record => false,
            Mode::Value => Template::read(&value).is_ok_and(|template| template.uses_figures()),
            Mode::Match => go::Template::read(&value).is_ok_and(|template| template.uses_value()),
        };
        if uses_figures {
            let why: &str = "with the value in it every change of the value would be another alert";
            self.say(at, format!("expected a text that names labels only, found \"{value}\": {why}"));
            return None;
        }
        Some(value)
    }
}

/// What a warning is when it does not say: one step less than critical.
fn milder(severity: Severity) -> Severity {
    match severity {
        Severity::P0 => Severity::P1,
        Severity::P1 => Severity::P2,
        Severity::P2 | Severity::P3 => Severity::P3,
    }
}
