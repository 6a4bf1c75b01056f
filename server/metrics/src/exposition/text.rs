//! Prometheus' own text format.

use super::cursor::{Cursor, unescape};
use super::series::{self, Spacing};
use super::{Current, ExpositionError, Line, Note, Sink, Wrong, number, short};
use crate::metadata::Kind;

/// Reads every line.
pub(super) fn read(text: &str, sink: &mut dyn Sink) -> Result<(), ExpositionError> {
    let mut current = Current::default();
    let mut line: Line<'_> = Line::default();
    for (index, written) in text.split('\n').enumerate() {
        let mut cursor = Cursor::new(written, index + 1);
        cursor.blanks();
        if cursor.is_end() {
            continue;
        }
        if cursor.eat('#') {
            comment(&mut cursor, &mut current, sink)?;
            continue;
        }
        sample(&mut cursor, &mut line)?;
        current.normalise(&mut line);
        sink.sample(&line);
    }
    Ok(())
}

/// `# HELP`, `# TYPE`, or words for people.
fn comment(cursor: &mut Cursor<'_>, current: &mut Current, sink: &mut dyn Sink) -> Result<(), ExpositionError> {
    cursor.blanks();
    match cursor.word() {
        "HELP" => {
            let name: String = metric(cursor)?;
            cursor.blanks();
            sink.note(&name, Note::Help(unescape(cursor.rest())));
        }
        "TYPE" => {
            let name: String = metric(cursor)?;
            cursor.blanks();
            let here: Cursor<'_> = cursor.clone();
            let kind: Kind = cursor.word().parse::<Kind>().map_err(|wrong: Wrong| here.wrong(wrong))?;
            end(cursor)?;
            sink.note(&name, Note::Kind(kind));
            *current = Current { name, kind };
        }
        _ => {}
    }
    Ok(())
}

/// The name in a comment, bare or quoted.
fn metric(cursor: &mut Cursor<'_>) -> Result<String, ExpositionError> {
    cursor.blanks();
    let start: Cursor<'_> = cursor.clone();
    let name: String = if cursor.peek() == Some('"') {
        cursor.quoted("the name of a metric")?.into_owned()
    } else {
        cursor.name(true).to_owned()
    };
    let is_whole: bool = cursor.is_end() || matches!(cursor.peek(), Some(' ' | '\t'));
    if name.is_empty() || !is_whole { Err(start.expected("the name of a metric")) } else { Ok(name) }
}

fn sample<'a>(cursor: &mut Cursor<'a>, line: &mut Line<'a>) -> Result<(), ExpositionError> {
    let has_braces: bool = series::read(cursor, Spacing::Free, line)?;
    if !cursor.blanks() && !has_braces {
        return Err(cursor.expected("a space and a value"));
    }
    let here: Cursor<'a> = cursor.clone();
    let word: &'a str = cursor.word();
    if word.is_empty() {
        return Err(here.expected("a value"));
    }
    line.value = number::float(word).ok_or_else(|| here.wrong(Wrong::Number(short(word))))?;
    cursor.blanks();
    line.at_ms = timestamp(cursor)?;
    end(cursor)
}

/// Milliseconds, when there are any.
fn timestamp(cursor: &mut Cursor<'_>) -> Result<Option<i64>, ExpositionError> {
    if cursor.is_end() {
        return Ok(None);
    }
    let here: Cursor<'_> = cursor.clone();
    let word: &str = cursor.word();
    match word.parse::<i64>() {
        Ok(at_ms) => Ok(Some(at_ms)),
        Err(_) => Err(here.wrong(Wrong::Timestamp(short(word)))),
    }
}

fn end(cursor: &mut Cursor<'_>) -> Result<(), ExpositionError> {
    cursor.blanks();
    if cursor.is_end() { Ok(()) } else { Err(cursor.expected("the end of the line")) }
}
