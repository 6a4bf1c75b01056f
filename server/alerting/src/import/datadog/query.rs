//! `avg(last_5m):avg:api.response_time{env:production} by {host} > 500`.

use crate::rules::condition::Condition;
use promql::strings::quote;

/// Longer ranges are read every minute, shorter ones as often as the collector samples.
const FINE_UP_TO_MS: i64 = 3_600_000;

/// A query as PromQL, and what it is compared with.
pub(super) struct Query {
    pub(super) metric: String,
    pub(super) expr: String,
    pub(super) condition: Condition,
    pub(super) window_ms: i64,
}

/// Reads a query.
pub(super) fn read(text: &str) -> Result<Query, String> {
    let (measured, condition): (&str, Condition) = compared(text.trim())?;
    let (time, rest): (&str, &str) = measured.split_once("):").ok_or_else(|| refused(text))?;
    let (over_time, window_ms): (&str, i64) = over_time(time)?;
    let (space, rest): (&str, &str) = rest.split_once(':').ok_or_else(|| refused(text))?;
    if !["avg", "sum", "min", "max"].contains(&space.trim()) {
        return Err(format!("the function or space aggregation \"{}\" has no counterpart here", space.trim()));
    }
    let (metric, rest): (&str, &str) = rest.split_once('{').ok_or_else(|| refused(text))?;
    let (filters, rest): (&str, &str) = rest.split_once('}').ok_or_else(|| refused(text))?;
    let groups: Vec<String> = groups(rest.trim())?;
    let by: String = if groups.is_empty() { String::new() } else { format!(" by ({})", groups.join(", ")) };
    let metric: String = metric_name(metric)?;
    let step: &str = if window_ms <= FINE_UP_TO_MS { "15s" } else { "1m" };
    let window: String = promql::numbers::format_duration(u64::try_from(window_ms).unwrap_or(0));
    let expr: String = format!("{over_time}({}{by} ({metric}{})[{window}:{step}])", space.trim(), matchers(filters)?);
    promql::parse(&expr).map_err(|errors| {
        let reasons: Vec<String> = errors.iter().map(|error| error.describe(&expr)).collect();
        format!("{expr}: {}", reasons.join("; "))
    })?;
    Ok(Query { metric, expr, condition, window_ms })
}

fn refused(text: &str) -> String {
    format!("expected a query such as avg(last_5m):avg:metric{{env:production}} by {{host}} > 500, found {text}")
}

/// Parts a query at its comparison.
fn compared(text: &str) -> Result<(&str, Condition), String> {
    let at: usize = text.rfind(['>', '<']).ok_or_else(|| refused(text))?;
    let condition: Condition = text[at..].parse().map_err(|_| refused(text))?;
    Ok((text[..at].trim(), condition))
}

/// `avg(last_5m`
fn over_time(text: &str) -> Result<(&'static str, i64), String> {
    let (function, window): (&str, &str) = text.split_once('(').ok_or_else(|| refused(text))?;
    let over: &str = match function.trim() {
        "avg" => "avg_over_time",
        "max" => "max_over_time",
        "min" => "min_over_time",
        "sum" => "sum_over_time",
        other => return Err(format!("the function or time aggregation \"{other}\" has no counterpart here")),
    };
    let span: &str =
        window.trim().strip_prefix("last_").ok_or_else(|| format!("the window \"{window}\" has no counterpart here"))?;
    // `1mo` is no duration here, and `last_1h, shifted` no window.
    let ms: Option<i64> = promql::numbers::parse_duration_ms(span).ok().and_then(|ms| i64::try_from(ms).ok());
    let ms: i64 = ms.filter(|ms| *ms > 0).ok_or_else(|| format!("the window \"{span}\" has no counterpart here"))?;
    Ok((over, ms))
}

/// Dots are no part of a name in PromQL.
fn metric_name(text: &str) -> Result<String, String> {
    let is_plain = |character: char| character.is_ascii_alphanumeric() || "._-".contains(character);
    let text: &str = text.trim();
    if text.is_empty() || !text.chars().all(is_plain) {
        return Err(format!("the function or arithmetic in \"{text}\" has no counterpart here"));
    }
    Ok(text.replace(['.', '-'], "_"))
}

/// A tag's name as a label's.
pub(super) fn label(name: &str) -> String {
    name.trim().replace(['.', '-', '/'], "_")
}

fn groups(text: &str) -> Result<Vec<String>, String> {
    if text.is_empty() {
        return Ok(Vec::new());
    }
    let listed: &str = text
        .strip_prefix("by")
        .and_then(|rest| rest.trim().strip_prefix('{'))
        .and_then(|rest| rest.strip_suffix('}'))
        .ok_or_else(|| format!("\"{text}\" behind the filter has no counterpart here"))?;
    Ok(listed.split(',').map(label).filter(|name| !name.is_empty()).collect())
}

/// `env:production,!host:db*` as `{env="production", host!~"db.*"}`.
fn matchers(text: &str) -> Result<String, String> {
    let mut written: Vec<String> = Vec::new();
    for filter in text.split(',').map(str::trim).filter(|filter| !filter.is_empty() && *filter != "*") {
        written.push(matcher(filter)?);
    }
    Ok(if written.is_empty() { String::new() } else { format!("{{{}}}", written.join(", ")) })
}

fn matcher(filter: &str) -> Result<String, String> {
    let refused = || format!("the filter \"{filter}\" has no counterpart here");
    if filter.contains([' ', '(', '$']) {
        return Err(refused());
    }
    let (negated, plain): (bool, &str) = filter.strip_prefix(['!', '-']).map_or((false, filter), |rest| (true, rest));
    let (name, value): (&str, &str) = plain.split_once(':').ok_or_else(refused)?;
    let name: String = label(name);
    if !value.contains('*') {
        let sign: &str = if negated { "!=" } else { "=" };
        return Ok(format!("{name}{sign}{}", quote(value)));
    }
    let pattern: Vec<String> = value.split('*').map(escaped).collect();
    let sign: &str = if negated { "!~" } else { "=~" };
    Ok(format!("{name}{sign}{}", quote(&pattern.join(".*"))))
}

/// A text as a regular expression that means it literally.
fn escaped(text: &str) -> String {
    let mut pattern: String = String::with_capacity(text.len());
    for character in text.chars() {
        if r"\.+*?()|[]{}^$".contains(character) {
            pattern.push('\\');
        }
        pattern.push(character);
    }
    pattern
}
