//! How a value is written where it comes to stand.

use super::hole::Hole;
use super::place::Place;
use crate::values::{Chosen, Values};

/// What RE2 takes for its own.
const META: &str = "\\.+*?()|[]{}^$";

/// The text for a hole; `None` when it names no variable, or asks for a form there is not.
pub(super) fn written(hole: &Hole, values: &Values, place: Place) -> Option<String> {
    if let Some(own) = values.own(&hole.name) {
        return Some(own);
    }
    let chosen: &Chosen = values.chosen.get(&hole.name)?;
    let bare: String = match hole.form.as_deref() {
        None => usual(chosen, place),
        Some("regex") => alternatives(chosen),
        Some("pipe") => joined(chosen, "|"),
        Some("csv") => joined(chosen, ","),
        Some("raw") => joined(chosen, ","),
        Some("doublequote") => quoted(chosen),
        Some("queryparam") if place == Place::Address => return Some(parameters(&hole.name, chosen)),
        Some(_) => return None,
    };
    Some(fitted(&bare, place))
}

fn usual(chosen: &Chosen, place: Place) -> String {
    match (place, chosen) {
        (_, Chosen::One(value)) => value.clone(),
        (Place::Text, _) => joined(chosen, ", "),
        (Place::Code | Place::Shut | Place::Address, _) => joined(chosen, ","),
        // A single one is compared letter by letter where the label is.
        (Place::Literal(_) | Place::Words(_), Chosen::Several(values)) if values.len() == 1 => values.concat(),
        _ => alternatives(chosen),
    }
}

fn joined(chosen: &Chosen, separator: &str) -> String {
    match chosen {
        Chosen::Any => ".*".to_owned(),
        _ => chosen.list().join(separator),
    }
}

/// `(a|b)`, each escaped; a single one without parentheses.
fn alternatives(chosen: &Chosen) -> String {
    let each: Vec<String> = chosen.list().iter().map(|value| escaped_regex(value)).collect();
    match (chosen, each.len()) {
        (Chosen::Any, _) => ".*".to_owned(),
        (_, 0 | 1) => each.concat(),
        _ => format!("({})", each.join("|")),
    }
}

fn escaped_regex(value: &str) -> String {
    let mut escaped = String::with_capacity(value.len());
    for character in value.chars() {
        if META.contains(character) {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}

fn quoted(chosen: &Chosen) -> String {
    let each: Vec<String> = match chosen {
        Chosen::Any => vec!["\".*\"".to_owned()],
        _ => chosen.list().iter().map(|value| format!("\"{}\"", value.replace('\\', "\\\\").replace('"', "\\\""))).collect(),
    };
    each.join(",")
}

fn parameters(name: &str, chosen: &Chosen) -> String {
    let one = |value: &String| format!("var-{name}={}", model::links::encode(value));
    chosen.list().iter().map(one).collect::<Vec<String>>().join("&")
}

/// Escaped so that it stays within what surrounds it.
fn fitted(bare: &str, place: Place) -> String {
    match place {
        Place::Code | Place::Shut | Place::Text => bare.to_owned(),
        Place::Address => model::links::encode(bare),
        Place::Regex('`') => bare.replace('`', "\\x60"),
        // Nothing in such a string can stand for its own quote. The replacement character keeps the value inside, and matches nothing.
        Place::Literal('`') | Place::Words('`') => bare.replace('`', "\u{fffd}"),
        Place::Literal(quote) | Place::Regex(quote) | Place::Words(quote) => escaped_string(bare, quote),
    }
}

fn escaped_string(bare: &str, quote: char) -> String {
    let mut escaped = String::with_capacity(bare.len());
    for character in bare.chars() {
        match character {
            '\\' => escaped.push_str("\\\\"),
            '\n' => escaped.push_str("\\n"),
            '\r' => escaped.push_str("\\r"),
            '\t' => escaped.push_str("\\t"),
            control if control.is_ascii_control() => escaped.push_str(&format!("\\u{:04x}", u32::from(control))),
            other => {
                if other == quote {
                    escaped.push('\\');
                }
                escaped.push(other);
            }
        }
    }
    escaped
}
