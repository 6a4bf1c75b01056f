//! What both formats share: a name with labels in braces.

use std::borrow::Cow;

use super::cursor::Cursor;
use super::{ExpositionError, Line, Wrong, short};

/// Whether white space may stand where none is needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Spacing {
    Free,
    Strict,
}

impl Spacing {
    fn skip(self, cursor: &mut Cursor<'_>) {
        if self == Self::Free {
            cursor.blanks();
        }
    }
}

/// Reads `name{label="value"}` or `{"name",label="value"}` into `line`; says whether there were braces.
pub(super) fn read<'a>(cursor: &mut Cursor<'a>, spacing: Spacing, line: &mut Line<'a>) -> Result<bool, ExpositionError> {
    line.labels.clear();
    let start: Cursor<'a> = cursor.clone();
    let name: &'a str = cursor.name(true);
    if !name.is_empty() {
        line.labels.push((Cow::Borrowed("__name__"), Cow::Borrowed(name)));
    }
    let before_braces: Cursor<'a> = cursor.clone();
    spacing.skip(cursor);
    let has_braces: bool = cursor.eat('{');
    if !has_braces && name.is_empty() {
        return Err(start.expected("the name of a metric"));
    }
    if has_braces {
        labels(cursor, spacing, &mut line.labels, true)?;
    } else {
        // Whoever reads the value wants to see the space before it.
        *cursor = before_braces;
    }
    line.labels.sort_unstable_by(|left, right| left.0.cmp(&right.0));
    unique(&start, &line.labels)?;
    if line.labels.iter().any(|(name, value)| name == "__name__" && !value.is_empty()) {
        Ok(has_braces)
    } else {
        Err(start.wrong(Wrong::NoName))
    }
}

fn unique(start: &Cursor<'_>, labels: &[(Cow<'_, str>, Cow<'_, str>)]) -> Result<(), ExpositionError> {
    match labels.windows(2).find(|pair| pair[0].0 == pair[1].0) {
        Some(pair) => Err(start.wrong(Wrong::Twice(short(&pair[0].0)))),
        None => Ok(()),
    }
}

/// Reads up to and with the closing brace; the opening one is behind us. A quoted name may stand alone where `named` says so.
pub(super) fn labels<'a>(
    cursor: &mut Cursor<'a>,
    spacing: Spacing,
    labels: &mut Vec<(Cow<'a, str>, Cow<'a, str>)>,
    named: bool,
) -> Result<(), ExpositionError> {
    spacing.skip(cursor);
    while !cursor.eat('}') {
        let label: (Cow<'a, str>, Cow<'a, str>) = label(cursor, spacing, named)?;
        labels.push(label);
        spacing.skip(cursor);
        let goes_on: bool = cursor.eat(',');
        spacing.skip(cursor);
        if !goes_on && cursor.peek() != Some('}') {
            return Err(cursor.expected("a comma or a closing brace"));
        }
    }
    Ok(())
}

fn label<'a>(cursor: &mut Cursor<'a>, spacing: Spacing, named: bool) -> Result<(Cow<'a, str>, Cow<'a, str>), ExpositionError> {
    let start: Cursor<'a> = cursor.clone();
    let is_quoted: bool = cursor.peek() == Some('"');
    let name: Cow<'a, str> = if is_quoted { cursor.quoted("the name of a label")? } else { Cow::Borrowed(cursor.name(false)) };
    if name.is_empty() {
        return Err(start.expected("the name of a label"));
    }
    spacing.skip(cursor);
    if cursor.eat('=') {
        spacing.skip(cursor);
        let value: Cow<'a, str> = cursor.quoted("the value of a label in double quotes")?;
        return Ok((name, value));
    }
    if is_quoted && named { Ok((Cow::Borrowed("__name__"), name)) } else { Err(cursor.expected("an equals sign")) }
}
