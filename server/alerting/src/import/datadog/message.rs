//! The message of a monitor: a template with the handles of whoever is told.

use crate::rules::template::Template;
use figures::Unit;

/// What a message comes to.
#[derive(Default)]
pub(super) struct Message {
    /// Its first line.
    pub(super) summary: Option<String>,
    /// All of it, without handles.
    pub(super) body: Option<String>,
    /// Where the text says it behind `{{value}}`.
    pub(super) unit: Unit,
}

/// Units that are written behind a value, the longer ones first.
const UNITS: [(&str, Unit); 4] = [("ms", Unit::Milliseconds), ("%", Unit::Percent), ("％", Unit::Percent), ("s", Unit::Seconds)];

/// Reads a message; `notes` takes the handles and what the template can't say here.
pub(super) fn read(text: &str, notes: &mut Vec<String>) -> Message {
    let mut handles: Vec<String> = Vec::new();
    let lines: Vec<String> = text.lines().map(|line| without_handles(line, &mut handles)).collect();
    if !handles.is_empty() {
        notes.push(format!("{} are channels: name them in routes", handles.join(", ")));
    }
    let (body, unit): (String, Unit) = with_unit(lines.join("\n").trim());
    if body.is_empty() {
        return Message { unit, ..Message::default() };
    }
    if let Err(error) = Template::read(&body) {
        notes.push(format!("the message was kept as plain text: {error}"));
        return Message { summary: None, body: Some(plain(&body)), unit };
    }
    Message { summary: first_line(&body), body: Some(body), unit }
}

/// The first line that is a whole template by itself and says something.
fn first_line(body: &str) -> Option<String> {
    let says_something = |line: &&str| !line.trim().is_empty() && !line.trim_start().starts_with("{{#");
    body.lines().filter(says_something).find(|line| Template::read(line).is_ok()).map(|line| line.trim().to_owned())
}

/// A line without `@slack-alerts` and its like. An address in running text is no handle.
fn without_handles(line: &str, handles: &mut Vec<String>) -> String {
    let mut kept: Vec<&str> = Vec::new();
    for word in line.split(' ') {
        if word.len() > 1 && word.starts_with('@') {
            handles.push(word.to_owned());
        } else {
            kept.push(word);
        }
    }
    kept.join(" ").trim_end().to_owned()
}

/// Takes the unit behind `{{value}}` out of a text: figures bring their own.
fn with_unit(text: &str) -> (String, Unit) {
    const VALUE: &str = "{{value}}";
    for (word, unit) in UNITS {
        let written: String = format!("{VALUE}{word}");
        let goes_on = |rest: &str| rest.starts_with(|next: char| next.is_ascii_alphanumeric());
        let found: bool = text.match_indices(&written).any(|(at, _)| !goes_on(&text[at + written.len()..]));
        if found {
            return (text.replace(&written, VALUE), unit);
        }
    }
    (text.to_owned(), Unit::None)
}

/// A text in which nothing is filled in.
pub(super) fn plain(text: &str) -> String {
    text.replace("{{", "{ {").replace("}}", "} }")
}
