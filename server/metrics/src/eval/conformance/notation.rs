//! How the files write times, numbers, labels and rows of samples.

use model::labels::{Labels, METRIC_NAME};
use promql::strings::unquote;

use crate::duplicates::STALE_NAN;

/// Most samples one token may stand for: far more than any case has, far less than memory.
const MOST_REPEATED: usize = 10_000_000;

/// One place in a row.
#[derive(Debug, Clone, Copy)]
pub(super) enum Sample {
    Float(f64),
    /// A native histogram, whatever it holds.
    Native,
    Gap,
}

impl PartialEq for Sample {
    /// Bit by bit, so that a NaN equals itself.
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Float(a), Self::Float(b)) => a.to_bits() == b.to_bits(),
            (Self::Native, Self::Native) | (Self::Gap, Self::Gap) => true,
            _ => false,
        }
    }
}

/// `5m`, `10s53ms`, or a number of seconds; in milliseconds.
pub(super) fn time(text: &str) -> Result<i64, String> {
    let text: &str = text.trim();
    if let Ok(seconds) = text.parse::<f64>() {
        return Ok((seconds * 1000.0).round() as i64);
    }
    let (negative, text): (bool, &str) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let duration_ms: u64 = promql::numbers::parse_duration_ms(text).map_err(|error| format!("{text}: {error}"))?;
    let duration_ms: i64 = i64::try_from(duration_ms).map_err(|error| error.to_string())?;
    Ok(if negative { -duration_ms } else { duration_ms })
}

/// A number, `Inf` and `NaN` in any case, a sign before it.
pub(super) fn number(text: &str) -> Option<f64> {
    let (sign, digits): (f64, &str) = match text.as_bytes().first()? {
        b'-' => (-1.0, &text[1..]),
        b'+' => (1.0, &text[1..]),
        _ => (1.0, text),
    };
    promql::numbers::parse_number(digits).map(|value| sign * value)
}

/// The text of a quoted string.
pub(super) fn quoted(text: &str) -> Result<String, String> {
    unquote(text).map(|unquoted| unquoted.text).map_err(|error| format!("{text}: {}", error.message))
}

/// `name{a="b", …} rest`, or `{"name", "a"="b", …} rest`.
pub(super) fn series(line: &str) -> Result<(Labels, &str), String> {
    let end: usize = line.find(|next: char| matches!(next, '{' | '@') || next.is_whitespace()).unwrap_or(line.len());
    let (name, after): (&str, &str) = line.split_at(end);
    let mut labels: Labels = Labels::default();
    labels.set(METRIC_NAME.to_owned(), name.to_owned());
    let mut rest: &str = after.trim_start();
    // Two braces begin a histogram.
    if let Some(mut inside) = rest.strip_prefix('{').filter(|inside| !inside.starts_with('{')) {
        loop {
            inside = inside.trim_start_matches([',', ' ', '\t']);
            if let Some(after) = inside.strip_prefix('}') {
                rest = after;
                break;
            }
            inside = label(inside, &mut labels).ok_or_else(|| format!("labels of {line}"))?;
        }
    }
    Ok((labels, rest.trim()))
}

/// Reads one label into the set; what follows it. A quoted text on its own is the metric's name.
fn label<'a>(text: &'a str, labels: &mut Labels) -> Option<&'a str> {
    let is_quoted: bool = text.starts_with(['"', '\'', '`']);
    let end: usize = if is_quoted { closing_quote(text)? } else { text.find(|next: char| next == '=' || next.is_whitespace())? };
    let name: String = if is_quoted { quoted(&text[..end]).ok()? } else { text[..end].to_owned() };
    let rest: &str = text[end..].trim_start();
    let Some(value) = rest.strip_prefix('=') else {
        labels.set(METRIC_NAME.to_owned(), name);
        return is_quoted.then_some(rest);
    };
    let value: &str = value.trim_start();
    let end: usize = closing_quote(value)?;
    labels.set(name, quoted(&value[..end]).ok()?);
    Some(&value[end..])
}

/// One past the quote that ends the string `text` starts with.
fn closing_quote(text: &str) -> Option<usize> {
    let quote: char = text.chars().next().filter(|first| matches!(first, '"' | '\'' | '`'))?;
    let mut escaped: bool = false;
    for (at, next) in text.char_indices().skip(1) {
        if escaped {
            escaped = false;
        } else if next == '\\' && quote != '`' {
            escaped = true;
        } else if next == quote {
            return Some(at + 1);
        }
    }
    None
}

/// A row: `1 2`, `_`, `_x3`, `stale`, `5x2`, `0+10x4`, `{{…}}x5`.
pub(super) fn samples(text: &str) -> Result<Vec<Sample>, String> {
    let mut row: Vec<Sample> = Vec::new();
    let mut rest: &str = text.trim();
    while !rest.is_empty() {
        if rest.starts_with("{{") {
            rest = native(rest, &mut row)?;
        } else {
            let end: usize = rest.find(char::is_whitespace).unwrap_or(rest.len());
            run(&rest[..end], &mut row)?;
            rest = &rest[end..];
        }
        rest = rest.trim_start();
    }
    Ok(row)
}

/// `{{…}}`, `{{…}}xN`, `{{…}}+{{…}}xN`
fn native<'a>(text: &'a str, row: &mut Vec<Sample>) -> Result<&'a str, String> {
    let mut rest: &str = text;
    while let Some(inside) = rest.strip_prefix("{{") {
        let (_, after): (&str, &str) = inside.split_once("}}").ok_or("histogram without end")?;
        let next: &str = after.trim_start_matches(['+', '-']);
        rest = if next.starts_with("{{") { next } else { after };
    }
    let end: usize = rest.find(char::is_whitespace).unwrap_or(rest.len());
    let times: usize = match rest[..end].strip_prefix('x') {
        Some(times) => repetitions(times).ok_or_else(|| format!("repetition {times}"))? + 1,
        None => 1,
    };
    row.extend(std::iter::repeat_n(Sample::Native, times));
    Ok(&rest[end..])
}

fn run(token: &str, row: &mut Vec<Sample>) -> Result<(), String> {
    let wrong = || format!("sample {token}");
    match token {
        "_" => row.push(Sample::Gap),
        "stale" => row.push(Sample::Float(f64::from_bits(STALE_NAN))),
        _ => match token.rsplit_once('x') {
            None => row.push(Sample::Float(number(token).ok_or_else(wrong)?)),
            Some((head, times)) => {
                let times: usize = repetitions(times).ok_or_else(wrong)?;
                if head == "_" {
                    row.extend(std::iter::repeat_n(Sample::Gap, times));
                    return Ok(());
                }
                let (mut value, slope): (f64, f64) = start_and_slope(head).ok_or_else(wrong)?;
                for _ in 0..=times {
                    row.push(Sample::Float(value));
                    value += slope;
                }
            }
        },
    }
    Ok(())
}

/// What follows an `x`.
fn repetitions(text: &str) -> Option<usize> {
    text.parse::<usize>().ok().filter(|times| *times <= MOST_REPEATED)
}

/// `a`, `a+b` or `a-b`
fn start_and_slope(text: &str) -> Option<(f64, f64)> {
    if let Some(value) = number(text) {
        return Some((value, 0.0));
    }
    // The sign of the slope is the first one that is neither the number's own nor its exponent's.
    text.char_indices()
        .skip(1)
        .filter(|(_, sign)| matches!(sign, '+' | '-'))
        .find_map(|(at, _)| number(&text[..at]).zip(number(&text[at..])))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_of_samples_are_read_as_upstream_reads_them() {
        let floats = |text: &str| -> Vec<f64> {
            let row: Vec<Sample> = samples(text).expect("a row");
            row.iter().map(|sample| if let Sample::Float(value) = sample { *value } else { -1.0 }).collect()
        };
        assert_eq!(floats("1 _ 3"), [1.0, -1.0, 3.0]);
        assert_eq!(floats("0+10x2 5"), [0.0, 10.0, 20.0, 5.0]);
        assert_eq!(floats("0x2 _x2 300-80x1"), [0.0, 0.0, 0.0, -1.0, -1.0, 300.0, 220.0]);
        assert_eq!(
            floats("1e-2 -Inf Infx1 1e+10+5x1"),
            [0.01, f64::NEG_INFINITY, f64::INFINITY, f64::INFINITY, 1e10, 1e10 + 5.0]
        );
        assert_eq!(samples("{{count:1 sum:2}}+{{count:1}}x2 {{a:[1 2]}}").expect("a row"), [Sample::Native; 4]);
        assert_eq!(samples("stale").expect("a row"), [Sample::Float(f64::from_bits(STALE_NAN))]);
        assert!(samples("0x99999999999").is_err());
        assert!(samples("1 two").is_err());
    }

    #[test]
    fn series_are_read_with_their_labels() {
        let (labels, rest): (Labels, &str) = series("m{a=\"x, }\", b='y'}\t1 2").expect("a series");
        assert_eq!(labels, Labels::new([("__name__", "m"), ("a", "x, }"), ("b", "y")]));
        assert_eq!(rest, "1 2");
        let (labels, rest): (Labels, &str) = series("{\"m.x\", \"a.b\" = \"1\",} {{count:1}}").expect("a series");
        assert_eq!(labels, Labels::new([("__name__", "m.x"), ("a.b", "1")]));
        assert_eq!(rest, "{{count:1}}");
        assert_eq!(series("m {{count:1}}").expect("a series").1, "{{count:1}}");
        assert_eq!(series("m@st -1m").expect("a series"), (Labels::new([("__name__", "m")]), "@st -1m"));
        assert_eq!(series("{} 1").expect("a series"), (Labels::default(), "1"));
        assert!(series("m{a} 1").is_err());
        assert!(series("m{a=\"1\"").is_err());
        assert!(series("m{a=あ1あ} 1").is_err());
    }
}
