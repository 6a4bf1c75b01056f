//! OpenMetrics 1.0.0.

use super::cursor::{Cursor, unescape};
use super::series::{self, Spacing};
use super::{Current, ExpositionError, Line, LineExemplar, Note, Sink, Wrong, number, short};
use crate::metadata::Kind;

/// Reads every line; the last must be `# EOF`.
pub(super) fn read(text: &str, sink: &mut dyn Sink) -> Result<(), ExpositionError> {
    let mut current = Current::default();
    let mut line: Line<'_> = Line::default();
    let mut is_over: bool = false;
    let mut last = Cursor::new("", 1);
    for (index, written) in text.strip_suffix('\n').unwrap_or(text).split('\n').enumerate() {
        let mut cursor = Cursor::new(written, index + 1);
        last = cursor.clone();
        if is_over {
            return Err(cursor.wrong(Wrong::AfterEof));
        }
        if written == "# EOF" {
            is_over = true;
        } else if cursor.eat('#') {
            comment(&mut cursor, &mut current, sink)?;
        } else {
            sample(&mut cursor, &mut line)?;
            current.normalise(&mut line);
            sink.sample(&line);
        }
    }
    if is_over { Ok(()) } else { Err(last.wrong(Wrong::NoEof)) }
}

/// `# TYPE`, `# HELP`, `# UNIT`; there are no others.
fn comment(cursor: &mut Cursor<'_>, current: &mut Current, sink: &mut dyn Sink) -> Result<(), ExpositionError> {
    let start: Cursor<'_> = cursor.clone();
    cursor.need(' ', "a space")?;
    match cursor.word() {
        "TYPE" => {
            let name: String = metric(cursor)?;
            let here: Cursor<'_> = cursor.clone();
            let kind: Kind = cursor.rest().parse::<Kind>().map_err(|wrong: Wrong| here.wrong(wrong))?;
            sink.note(&name, Note::Kind(kind));
            *current = Current { name, kind };
        }
        "HELP" => {
            let name: String = metric(cursor)?;
            sink.note(&name, Note::Help(unescape(cursor.rest())));
        }
        "UNIT" => {
            let name: String = metric(cursor)?;
            let unit: &str = cursor.rest();
            let is_ending: bool = name.strip_suffix(unit).is_some_and(|front| front.ends_with('_') || unit.is_empty());
            if !is_ending {
                return Err(cursor.wrong(Wrong::Unit { unit: short(unit), name: short(&name) }));
            }
            sink.note(&name, Note::Unit(unit));
        }
        _ => return Err(start.expected("# TYPE, # HELP, # UNIT or # EOF")),
    }
    Ok(())
}

/// ` name ` in a comment, bare or quoted, with the spaces around it.
fn metric(cursor: &mut Cursor<'_>) -> Result<String, ExpositionError> {
    cursor.need(' ', "a space")?;
    let start: Cursor<'_> = cursor.clone();
    let name: String = if cursor.peek() == Some('"') {
        cursor.quoted("the name of a metric")?.into_owned()
    } else {
        cursor.name(true).to_owned()
    };
    if name.is_empty() {
        return Err(start.expected("the name of a metric"));
    }
    cursor.need(' ', "a space")?;
    Ok(name)
}

fn sample<'a>(cursor: &mut Cursor<'a>, line: &mut Line<'a>) -> Result<(), ExpositionError> {
    series::read(cursor, Spacing::Strict, line)?;
    cursor.need(' ', "a space and a value")?;
    line.value = value(cursor)?;
    line.at_ms = None;
    line.exemplar = None;
    if cursor.is_end() {
        return Ok(());
    }
    cursor.need(' ', "a space or the end of the line")?;
    if cursor.peek() != Some('#') {
        line.at_ms = Some(timestamp(cursor)?);
        if cursor.is_end() {
            return Ok(());
        }
        cursor.need(' ', "a space or the end of the line")?;
    }
    line.exemplar = Some(exemplar(cursor)?);
    Ok(())
}

/// `# {labels} value [timestamp]`
fn exemplar<'a>(cursor: &mut Cursor<'a>) -> Result<LineExemplar<'a>, ExpositionError> {
    let mut exemplar: LineExemplar<'a> = LineExemplar::default();
    if !cursor.eat_text("# {") {
        return Err(cursor.expected("an exemplar such as # {trace_id=\"1\"} 0.5"));
    }
    series::labels(cursor, Spacing::Strict, &mut exemplar.labels, false)?;
    cursor.need(' ', "a space and the value of the exemplar")?;
    exemplar.value = value(cursor)?;
    if cursor.is_end() {
        return Ok(exemplar);
    }
    cursor.need(' ', "a space or the end of the line")?;
    exemplar.at_ms = Some(timestamp(cursor)?);
    if cursor.is_end() { Ok(exemplar) } else { Err(cursor.expected("the end of the line")) }
}

fn value(cursor: &mut Cursor<'_>) -> Result<f64, ExpositionError> {
    let here: Cursor<'_> = cursor.clone();
    let word: &str = cursor.word();
    if word.is_empty() {
        return Err(here.expected("a value"));
    }
    number::float(word).ok_or_else(|| here.wrong(Wrong::Number(short(word))))
}

/// Seconds with a fraction, kept to the millisecond.
fn timestamp(cursor: &mut Cursor<'_>) -> Result<i64, ExpositionError> {
    let here: Cursor<'_> = cursor.clone();
    let word: &str = cursor.word();
    let at_ms: Option<i64> = number::float(word).and_then(number::seconds_to_ms);
    at_ms.ok_or_else(|| here.wrong(Wrong::Timestamp(short(word))))
}
