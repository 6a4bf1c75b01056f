//! A definition as a file: what [`super::file::read`] reads back as the same.
//!
//! Written by hand and not by serde, because people read it: lists of words stand in one line, what says nothing is left out, and only
//! what YAML would misread is quoted.

use super::Route;
use super::file::{Definition, NamedCalendar};
use super::matchers::Matcher;
use crate::calendar::window::{Holidays, Window};
use crate::inhibition::Inhibition;
use crate::silences::FileSilence;

/// Words that YAML, in one of its versions, takes for something else than a text.
const RESERVED: [&str; 9] = ["true", "false", "yes", "no", "on", "off", "null", "y", "n"];

/// The file of a definition, its keys in the order in which one is read.
#[must_use]
pub fn print(definition: &Definition) -> String {
    let mut lines: Vec<String> = Vec::new();
    lines.extend(list_of("calendars", definition.calendars.iter().map(calendar)));
    if let Some(root) = &definition.routes {
        lines.extend(nested("routes", route(root)));
    }
    lines.extend(list_of("inhibitions", definition.inhibitions.iter().map(inhibition)));
    lines.extend(list_of("silences", definition.silences.iter().map(silence)));
    if lines.is_empty() {
        lines.push("{}".to_owned());
    }
    lines.join("\n") + "\n"
}

fn route(route: &Route) -> Vec<String> {
    let mut lines: Vec<String> = vec![pair("name", &route.name)];
    lines.extend(words("match", &matchers(&route.matchers)));
    if route.goes_on {
        lines.push("continue: true".to_owned());
    }
    lines.extend(route.channels.as_ref().map(|names| line("channels", names)));
    lines.extend(route.escalation.as_ref().map(|policy| pair("escalation", policy)));
    lines.extend(route.group_by.as_ref().map(|names| line("group_by", names)));
    let durations =
        [("group_wait", route.group_wait), ("group_interval", route.group_interval), ("repeat_interval", route.repeat_interval)];
    lines.extend(
        durations.into_iter().filter_map(|(key, some)| some.map(|duration| format!("{key}: {}", String::from(duration)))),
    );
    lines.extend(route.send_resolved.map(|is_told| format!("send_resolved: {is_told}")));
    lines.extend(words("mute_during", &route.mute_during));
    lines.extend(words("active_during", &route.active_during));
    lines.extend(list_of("routes", route.routes.iter().map(self::route)));
    lines
}

fn calendar(calendar: &NamedCalendar) -> Vec<String> {
    let mut lines: Vec<String> = vec![pair("name", &calendar.name), pair("zone", &String::from(calendar.zone))];
    if calendar.windows.is_empty() {
        lines.push("windows: []".to_owned());
    }
    lines.extend(list_of("windows", calendar.windows.iter().map(window)));
    lines
}

fn window(window: &Window) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    lines.extend(words("times", &texts(&window.times)));
    lines.extend(words("weekdays", &texts(&window.weekdays)));
    lines.extend(words("days_of_month", &texts(&window.days_of_month)));
    lines.extend(words("months", &texts(&window.months)));
    lines.extend(window.holidays.map(|holidays| {
        let word: &str = match holidays {
            Holidays::Only => "only",
            Holidays::Except => "except",
        };
        format!("holidays: {word}")
    }));
    lines
}

fn inhibition(inhibition: &Inhibition) -> Vec<String> {
    let sides = [("source", &inhibition.source), ("target", &inhibition.target)];
    let mut lines: Vec<String> = vec![pair("name", &inhibition.name)];
    lines.extend(sides.into_iter().map(|(key, side)| line(key, &matchers(side))));
    lines.extend(words("equal", &inhibition.equal));
    lines
}

fn silence(silence: &FileSilence) -> Vec<String> {
    let mut lines: Vec<String> = vec![pair("name", &silence.name), pair("kind", silence.kind.as_str())];
    lines.push(line("match", &matchers(&silence.matchers)));
    lines.push(pair("from", &silence.from));
    lines.push(pair("until", &silence.until));
    lines.extend(silence.during.as_ref().map(|during| pair("during", during)));
    lines.push(pair("comment", &silence.comment));
    lines
}

fn matchers(matchers: &[Matcher]) -> Vec<String> {
    texts(matchers)
}

fn texts<T: ToString>(entries: &[T]) -> Vec<String> {
    entries.iter().map(ToString::to_string).collect()
}

/// `key: value`.
fn pair(key: &str, value: &str) -> String {
    format!("{key}: {}", scalar(value))
}

/// `key: [a, b]`, also of none.
fn line(key: &str, values: &[String]) -> String {
    let values: Vec<String> = values.iter().map(|value| scalar(value)).collect();
    format!("{key}: [{}]", values.join(", "))
}

/// The same, but none is left out.
fn words(key: &str, values: &[String]) -> Option<String> {
    (!values.is_empty()).then(|| line(key, values))
}

/// A key over a list of things; nothing for none.
fn list_of(key: &str, things: impl Iterator<Item = Vec<String>>) -> Vec<String> {
    let items: Vec<String> = things.flat_map(item).collect();
    if items.is_empty() { Vec::new() } else { nested(key, items) }
}

fn nested(key: &str, lines: Vec<String>) -> Vec<String> {
    let inside = lines.into_iter().map(|line| format!("  {line}"));
    std::iter::once(format!("{key}:")).chain(inside).collect()
}

/// One thing of a list: a dash before its first line.
fn item(lines: Vec<String>) -> Vec<String> {
    if lines.is_empty() {
        return vec!["- {}".to_owned()];
    }
    lines
        .into_iter()
        .enumerate()
        .map(|(index, line)| if index == 0 { format!("- {line}") } else { format!("  {line}") })
        .collect()
}

/// A text that YAML reads as this text: as it stands, in single quotes, or, where nothing else helps, escaped in double ones.
fn scalar(text: &str) -> String {
    if is_plain(text) {
        text.to_owned()
    } else if text.chars().all(is_printable) {
        format!("'{}'", text.replace('\'', "''"))
    } else {
        format!("\"{}\"", text.chars().map(escaped).collect::<String>())
    }
}

fn is_plain(text: &str) -> bool {
    let begins: bool = text.starts_with(|first: char| first.is_alphabetic() || first == '_');
    let is_word: bool = text.chars().all(|character| character.is_alphanumeric() || matches!(character, '_' | '-' | '/' | '.'));
    begins && is_word && text.chars().all(is_printable) && !RESERVED.contains(&text.to_lowercase().as_str())
}

/// What may stand in a YAML file as it is (YAML 1.2, 5.1), less what its version 1.1 takes for a line break.
fn is_printable(character: char) -> bool {
    match character {
        '\u{2028}' | '\u{2029}' | '\u{feff}' => false,
        ' '..='~' | '\u{a0}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' => true,
        other => other >= '\u{10000}',
    }
}

fn escaped(character: char) -> String {
    match character {
        '"' => "\\\"".to_owned(),
        '\\' => "\\\\".to_owned(),
        '\n' => "\\n".to_owned(),
        printable if is_printable(printable) => printable.to_string(),
        other => format!("\\U{:08X}", u32::from(other)),
    }
}

#[cfg(test)]
mod tests;
