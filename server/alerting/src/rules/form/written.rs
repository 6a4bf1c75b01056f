//! A form as the text of a file, and the field of each of its lines.

use super::{DASHBOARD, Form, MAX_ROWS, Wrong, id_of};
use crate::rules::Problem;

/// Where the keys of the rule stand.
const RULE: usize = 4;
const INNER: usize = 6;

/// A file of one rule.
pub(super) struct Written {
    pub(super) text: String,
    /// The field of each line, the first line first.
    fields: Vec<String>,
}

impl Written {
    fn line(&mut self, field: &str, text: &str) {
        self.text.push_str(text);
        self.text.push('\n');
        self.fields.push(field.to_owned());
    }

    fn key(&mut self, depth: usize, key: &str, field: &str, value: &str) {
        let indent: String = " ".repeat(depth);
        self.line(field, &format!("{indent}{key}: {}", quoted(value)));
    }

    /// A problem at the field of its line.
    pub(super) fn said(&self, problem: &Problem) -> Wrong {
        let field: Option<&String> = problem.line.checked_sub(1).and_then(|index| self.fields.get(index));
        Wrong { field: field.map_or_else(|| "id".to_owned(), Clone::clone), message: problem.message.clone() }
    }
}

/// Writes it down. What is required is written even when it is empty, so that it is missed at its field.
pub(super) fn of(form: &Form) -> Written {
    let form = Reading(form);
    let mut written = Written { text: String::new(), fields: Vec::new() };
    written.line("group", "groups:");
    written.line("group", &format!("- name: {}", quoted(form.get("group").trim())));
    if form.has("interval") {
        written.key(2, "interval", "interval", form.get("interval"));
    }
    written.line("id", "  rules:");
    let id: String = if form.has("id") { form.get("id").trim().to_owned() } else { id_of(form.get("name.en")) };
    written.line("id", &format!("  - id: {}", quoted(&id)));
    both(&mut written, form, RULE, "name", "name");
    both(&mut written, form, RULE, "summary", "summary");
    written.key(RULE, "expr", "expr", form.get("expr"));
    judged(&mut written, form);
    plain(&mut written, form);
    renotify(&mut written, form);
    if form.has("runbook.ja") || form.has("runbook.en") {
        both(&mut written, form, RULE, "runbook", "runbook");
    }
    labels(&mut written, form);
    annotations(&mut written, form);
    tags(&mut written, form);
    written
}

/// A form whose absent fields are empty.
#[derive(Clone, Copy)]
struct Reading<'f>(&'f Form);

impl<'f> Reading<'f> {
    fn get(self, field: &str) -> &'f str {
        self.0.get(field).map_or("", String::as_str)
    }

    fn has(self, field: &str) -> bool {
        !self.get(field).trim().is_empty()
    }
}

/// A text in both languages. What is written in one only stands for the other.
fn both(written: &mut Written, form: Reading<'_>, depth: usize, key: &str, field: &str) {
    let (in_ja, in_en) = (format!("{field}.ja"), format!("{field}.en"));
    let (ja, en): (&str, &str) = match (form.has(&in_ja), form.has(&in_en)) {
        (true, false) => (form.get(&in_ja), form.get(&in_ja)),
        (false, true) => (form.get(&in_en), form.get(&in_en)),
        _ => (form.get(&in_ja), form.get(&in_en)),
    };
    written.line(&in_ja, &format!("{}{key}:", " ".repeat(depth)));
    written.key(depth + 2, "ja", &in_ja, ja);
    written.key(depth + 2, "en", &in_en, en);
}

fn judged(written: &mut Written, form: Reading<'_>) {
    if form.get("mode") == "match" {
        written.key(RULE, "mode", "mode", "match");
        return;
    }
    let sign: &str = if form.has("condition.sign") { form.get("condition.sign") } else { ">=" };
    written.key(RULE, "condition", "condition.threshold", &format!("{sign} {}", form.get("condition.threshold")));
    optional(written, form, RULE, "recovery", "recovery");
    if form.has("warning.threshold") {
        written.line("warning.threshold", "    warning:");
        written.key(INNER, "condition", "warning.threshold", &format!("{sign} {}", form.get("warning.threshold")));
        for key in ["severity", "for", "recovery"] {
            optional(written, form, INNER, key, &format!("warning.{key}"));
        }
    }
    if form.has("no_data.policy") {
        written.line("no_data.timeframe", "    no_data:");
        for key in ["policy", "timeframe", "resolve_after", "severity"] {
            optional(written, form, INNER, key, &format!("no_data.{key}"));
        }
    }
}

fn optional(written: &mut Written, form: Reading<'_>, depth: usize, key: &str, field: &str) {
    if form.has(field) {
        written.key(depth, key, field, form.get(field));
    }
}

fn plain(written: &mut Written, form: Reading<'_>) {
    written.key(RULE, "severity", "severity", form.get("severity"));
    let keys =
        ["unit", "for", "keep_firing_for", "new_group_delay", "evaluation_delay", "limit", "runbook_url", "priority", "owner"];
    for key in keys {
        optional(written, form, RULE, key, key);
    }
}

fn renotify(written: &mut Written, form: Reading<'_>) {
    if !form.has("renotify.interval") {
        return;
    }
    written.line("renotify.interval", "    renotify:");
    written.key(INNER, "interval", "renotify.interval", form.get("renotify.interval"));
    let levels = ["critical", "warning", "no_data"].into_iter();
    let on: Vec<String> = levels.filter(|level| form.has(&format!("renotify.on.{level}"))).map(quoted).collect();
    if !on.is_empty() {
        written.line("renotify.on.critical", &format!("      on: [{}]", on.join(", ")));
    }
    optional(written, form, INNER, "most", "renotify.most");
    if form.has("renotify.message.ja") || form.has("renotify.message.en") {
        both(written, form, INNER, "message", "renotify.message");
    }
}

fn labels(written: &mut Written, form: Reading<'_>) {
    let rows: Vec<usize> = (0..MAX_ROWS).filter(|index| form.has(&format!("label.{index}.name"))).collect();
    if rows.is_empty() {
        return;
    }
    written.line("label.0.name", "    labels:");
    for index in rows {
        let name: String = quoted(form.get(&format!("label.{index}.name")).trim());
        written.key(INNER, &name, &format!("label.{index}.name"), form.get(&format!("label.{index}.value")));
    }
}

fn annotations(written: &mut Written, form: Reading<'_>) {
    let rows: Vec<usize> = (0..MAX_ROWS).filter(|index| form.has(&format!("annotation.{index}.name"))).collect();
    if rows.is_empty() && !form.has("dashboard") {
        return;
    }
    written.line("annotation.0.name", "    annotations:");
    for index in rows {
        let field: String = format!("annotation.{index}");
        let name: String = quoted(form.get(&format!("{field}.name")).trim());
        both(written, form, INNER, &name, &field);
    }
    if form.has("dashboard") {
        written.key(INNER, DASHBOARD, "dashboard", form.get("dashboard").trim());
    }
}

/// One a line.
fn tags(written: &mut Written, form: Reading<'_>) {
    let tags: Vec<String> = form.get("tags").lines().map(str::trim).filter(|tag| !tag.is_empty()).map(quoted).collect();
    if !tags.is_empty() {
        written.line("tags", &format!("    tags: [{}]", tags.join(", ")));
    }
}

/// A text in double quotes on one line: what YAML could take for a line break, or not print, is escaped (YAML 1.1, section 5.7).
/// A browser writes the line breaks of a form as CR LF.
fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for character in text.replace("\r\n", "\n").chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            _ if character.is_control()
                || matches!(character, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}') =>
            {
                out.push_str(&format!("\\u{:04x}", u32::from(character)));
            }
            _ => out.push(character),
        }
    }
    out.push('"');
    out
}
