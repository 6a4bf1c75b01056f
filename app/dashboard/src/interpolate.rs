//! Filling in what the reader chose: `$name`, `${name}`, `${name:regex}`, `[[name]]`, and the house's own `$__interval` and the like.
//!
//! An expression is filled in knowing where a value comes to stand: in a string it is escaped, so that no value leads out of it, and
//! after `=~` several become `(a|b)`, each escaped for the regular expression. Whatever is wrong with the filled-in text can be told
//! at its place in the text as it was written ([`Filled::back`]).

mod hole;
mod place;
#[cfg(test)]
mod tests;
mod write;

use crate::values::Values;
use hole::Hole;
use place::{Place, Walk};
use std::collections::BTreeSet;

/// A text with its values in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filled {
    pub text: String,
    /// What names no variable, or asks for a form there is not. It stands in the text as it was written.
    pub unknown: Vec<Unknown>,
    pieces: Vec<Piece>,
}

/// A name without a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unknown {
    pub name: String,
    /// Bytes of the text as it was written.
    pub start: usize,
    pub end: usize,
    /// Whether it stands in a string that matches no label, where a dollar sign may be meant: `label_replace(…, "$name", …)`.
    pub may_be_meant: bool,
}

/// A stretch of the filled-in text and where it comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Piece {
    filled: usize,
    start: usize,
    end: usize,
    is_value: bool,
}

impl Filled {
    /// The bytes of the text as it was written that became `start..end` of [`Filled::text`]. What lies in a value is the whole name that
    /// it was filled in for.
    #[must_use]
    pub fn back(&self, start: usize, end: usize) -> (usize, usize) {
        let first: usize = self.source(start, false);
        if end <= start {
            return (first, first);
        }
        (first, self.source(end - 1, true).max(first))
    }

    /// Where the character at `offset` begins in the text as written, or with `behind` where it is over.
    fn source(&self, offset: usize, behind: bool) -> usize {
        let after: usize = self.pieces.partition_point(|piece| piece.filled <= offset);
        let Some(piece) = after.checked_sub(1).and_then(|index| self.pieces.get(index)) else {
            return 0;
        };
        let next: usize = self.pieces.get(after).map_or(self.text.len(), |next| next.filled);
        match (piece.is_value, behind) {
            (_, false) if offset >= next => piece.end,
            (true, false) => piece.start,
            (true, true) => piece.end,
            (false, _) => (piece.start + (offset - piece.filled) + usize::from(behind)).min(piece.end),
        }
    }
}

/// Fills in a PromQL expression. What stands in a comment is left alone.
#[must_use]
pub fn interpolate(text: &str, values: &Values) -> Filled {
    let mut walk = Walk::default();
    fill(text, values, &mut |character| walk.pass(character))
}

/// Fills in a title or a text: several values are listed.
#[must_use]
pub fn fill_text(text: &str, values: &Values) -> String {
    fill(text, values, &mut |_| Place::Text).text
}

/// Fills in an address: values are encoded, so that none of them leads elsewhere. `${name:queryparam}` is `var-name=a&var-name=b`.
#[must_use]
pub fn fill_address(text: &str, values: &Values) -> String {
    fill(text, values, &mut |_| Place::Address).text
}

/// The variables that a text names, the house's own left out.
#[must_use]
pub fn named(text: &str) -> BTreeSet<String> {
    let mut names: BTreeSet<String> = BTreeSet::new();
    let mut at: usize = 0;
    while let Some(character) = text.get(at..).and_then(|rest| rest.chars().next()) {
        match hole::at(text, at) {
            Some(found) => {
                at = found.end;
                if !found.name.starts_with("__") {
                    names.insert(found.name);
                }
            }
            None => at += character.len_utf8(),
        }
    }
    names
}

/// `step` is told each character as it is written (`None`: a value), and says where the next one stands.
fn fill(text: &str, values: &Values, step: &mut dyn FnMut(Option<char>) -> Place) -> Filled {
    let mut filled = Filled::default();
    let mut at: usize = 0;
    let mut place: Place = step(None);
    while let Some(character) = text.get(at..).and_then(|rest| rest.chars().next()) {
        let found: Option<Hole> = if place == Place::Shut { None } else { hole::at(text, at) };
        if let Some(hole) = found {
            match write::written(&hole, values, place) {
                Some(value) => filled.value(at, hole.end, &value),
                None => filled.unknown(text, at, &hole, place),
            }
            at = hole.end;
            place = step(None);
        } else {
            let end: usize = at + character.len_utf8();
            filled.as_written(text, at, end);
            at = end;
            place = step(Some(character));
        }
    }
    filled
}

impl Filled {
    fn value(&mut self, start: usize, end: usize, value: &str) {
        self.pieces.push(Piece { filled: self.text.len(), start, end, is_value: true });
        self.text.push_str(value);
    }

    fn as_written(&mut self, text: &str, start: usize, end: usize) {
        match self.pieces.last_mut() {
            Some(piece) if !piece.is_value && piece.end == start => piece.end = end,
            _ => self.pieces.push(Piece { filled: self.text.len(), start, end, is_value: false }),
        }
        self.text.push_str(text.get(start..end).unwrap_or_default());
    }

    fn unknown(&mut self, text: &str, start: usize, hole: &Hole, place: Place) {
        let may_be_meant: bool = matches!(place, Place::Words(_) | Place::Text | Place::Address);
        self.unknown.push(Unknown { name: hole.name.clone(), start, end: hole.end, may_be_meant });
        self.as_written(text, start, hole.end);
    }
}
