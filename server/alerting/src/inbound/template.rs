//! Texts that are filled in from JSON: `{{/alert/name}} on {{/host}}`.
//!
//! A place is a JSON Pointer (RFC 6901) into the alert; with `$` before it, into the whole body. A text that begins with `/` or `$/`
//! is one place. What is not there is left empty. Nothing here decides, loops or asks.

use super::Wrong;
use super::reader::{MAX_WORD, word};
use serde_json::Value;

/// Longer templates are nobody's.
const MAX_TEMPLATE: usize = 2_000;

/// A checked template.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Template(Vec<Piece>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Text(String),
    Place { of_body: bool, pointer: String },
}

/// What templates are filled in from.
#[derive(Clone, Copy)]
pub(super) struct Source<'a> {
    /// The alert.
    pub(super) item: &'a Value,
    pub(super) body: &'a Value,
}

impl Template {
    /// Reads a template that stands in `field` of a mapping.
    pub(super) fn read(text: &str, field: &str) -> Result<Self, Wrong> {
        let text: &str = text.trim();
        if text.len() > MAX_TEMPLATE {
            return Err(Wrong::new(field, "at most 2000 bytes"));
        }
        if text.starts_with('/') || text.starts_with("$/") {
            return Ok(Self(vec![place(text, field)?]));
        }
        let mut pieces: Vec<Piece> = Vec::new();
        let mut rest: &str = text;
        while let Some((before, after)) = rest.split_once("{{") {
            let (inside, behind) = after.split_once("}}").ok_or_else(|| Wrong::new(field, "a }} after each {{"))?;
            if !before.is_empty() {
                pieces.push(Piece::Text(before.to_owned()));
            }
            pieces.push(place(inside.trim(), field)?);
            rest = behind;
        }
        if !rest.is_empty() {
            pieces.push(Piece::Text(rest.to_owned()));
        }
        Ok(Self(pieces))
    }

    /// Nothing was written.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The text, filled in, and not much longer than [`MAX_WORD`]: what is made of it is shorter.
    pub(super) fn fill(&self, source: Source<'_>) -> String {
        let mut text: String = String::new();
        for piece in &self.0 {
            if text.len() >= MAX_WORD {
                break;
            }
            match piece {
                Piece::Text(plain) => text.push_str(plain),
                Piece::Place { .. } => text.push_str(&piece.value(source).map(word).unwrap_or_default()),
            }
        }
        text
    }

    /// What stands at the place, if the template is one place and nothing else.
    pub(super) fn found<'a>(&self, source: Source<'a>) -> Option<&'a Value> {
        match &self.0[..] {
            [piece] => piece.value(source),
            _ => None,
        }
    }
}

impl Piece {
    fn value<'a>(&self, source: Source<'a>) -> Option<&'a Value> {
        match self {
            Self::Text(_) => None,
            Self::Place { of_body: true, pointer } => source.body.pointer(pointer),
            Self::Place { of_body: false, pointer } => source.item.pointer(pointer),
        }
    }
}

fn place(text: &str, field: &str) -> Result<Piece, Wrong> {
    let (of_body, pointer): (bool, &str) = text.strip_prefix('$').map_or((false, text), |rest| (true, rest));
    if !pointer.is_empty() && !pointer.starts_with('/') {
        return Err(Wrong::new(field, "a place like /alert/name, or $/name for one in the whole body"));
    }
    if !of_body && pointer.is_empty() {
        return Err(Wrong::new(field, "a place between {{ and }}"));
    }
    Ok(Piece::Place { of_body, pointer: pointer.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::{MAX_WORD, Source, Template};
    use serde_json::json;

    fn filled(text: &str) -> Result<String, String> {
        let body = json!({"team": "支払", "alerts": [{"name": "Disk", "host": {"id": 7}, "a/b": true, "gone": null}]});
        let template = Template::read(text, "name").map_err(|wrong| wrong.to_string())?;
        Ok(template.fill(Source { item: &body["alerts"][0], body: &body }))
    }

    #[test]
    fn places_are_filled_in() {
        for (text, expected) in [
            ("/name", "Disk"),
            (" /name ", "Disk"),
            ("{{/name}} on {{ /host/id }}", "Disk on 7"),
            ("$/team", "支払"),
            ("{{$/team}}/{{/name}}", "支払/Disk"),
            ("/host", "{\"id\":7}"),
            ("/a~1b", "true"),
            ("{{/gone}}{{/nothing}}", ""),
            ("plain }} text", "plain }} text"),
            ("", ""),
        ] {
            assert_eq!(filled(text).as_deref(), Ok(expected), "{text}");
        }
    }

    #[test]
    fn a_place_that_is_named_often_fills_a_text_once() {
        let template = Template::read(&"{{$/a}}".repeat(200), "name").unwrap();
        let body = json!({ "a": "x".repeat(1_000_000) });
        assert_eq!(template.fill(Source { item: &body, body: &body }).len(), MAX_WORD);
    }

    #[test]
    fn what_is_no_template_is_refused() {
        for (text, expected) in [
            ("{{/name", "name: expected a }} after each {{"),
            ("{{name}}", "name: expected a place like /alert/name, or $/name for one in the whole body"),
            ("{{}}", "name: expected a place between {{ and }}"),
        ] {
            assert_eq!(filled(text), Err(expected.to_owned()), "{text}");
        }
        assert_eq!(filled(&"x".repeat(2_001)), Err("name: expected at most 2000 bytes".to_owned()));
    }
}
