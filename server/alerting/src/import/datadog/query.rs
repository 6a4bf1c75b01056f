//! `avg(last_5m):avg:api.response_time{env:production} by {host} > 500`.

use super::unmapped::Unmapped;
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
pub(super) fn read(text: &str) -> Result<Query, Unmapped> {
    let (measured, condition): (&str, Condition) = compared(text.trim())?;
    let (time, rest): (&str, &str) = measured.split_once("):").ok_or_else(|| Unmapped::query(text))?;
    let (over_time, window_ms): (&str, i64) = over_time(time)?;
    let (space, rest): (&str, &str) = rest.split_once(':').ok_or_else(|| Unmapped::query(text))?;
    if !["avg", "sum", "min", "max"].contains(&space.trim()) {
        return Err(Unmapped::foreign("the function or space aggregation", space.trim()));
    }
    let (metric, rest): (&str, &str) = rest.split_once('{').ok_or_else(|| Unmapped::query(text))?;
    let (filters, rest): (&str, &str) = rest.split_once('}').ok_or_else(|| Unmapped::query(text))?;
    let groups: Vec<String> = groups(rest.trim())?;
    let by: String = if groups.is_empty() { String::new() } else { format!(" by ({})", groups.join(", ")) };
    let metric: String = metric_name(metric)?;
    let step: &str = if window_ms <= FINE_UP_TO_MS { "15s" } else { "1m" };
    let window: String = promql::numbers::format_duration(u64::try_from(window_ms).unwrap_or(0));
    let expr: String = format!("{over_time}({}{by} ({metric}{})[{window}:{step}])", space.trim(), matchers(filters)?);
    if let Err(errors) = promql::parse(&expr) {
        return Err(Unmapped::Expression { expr, errors });
    }
    Ok(Query { metric, expr, condition, window_ms })
}

/// Parts a query at its comparison.
fn compared(text: &str) -> Result<(&str, Condition), Unmapped> {
    let at: usize = text.rfind(['>', '<']).ok_or_else(|| Unmapped::query(text))?;
    let condition: Condition = text[at..].parse().map_err(|_| Unmapped::query(text))?;
    Ok((text[..at].trim(), condition))
}

/// `avg(last_5m`
fn over_time(text: &str) -> Result<(&'static str, i64), Unmapped> {
    let (function, window): (&str, &str) = text.split_once('(').ok_or_else(|| Unmapped::query(text))?;
    let over: &str = match function.trim() {
        "avg" => "avg_over_time",
        "max" => "max_over_time",
        "min" => "min_over_time",
        "sum" => "sum_over_time",
        other => return Err(Unmapped::foreign("the function or time aggregation", other)),
    };
    let span: &str = window.trim().strip_prefix("last_").ok_or_else(|| Unmapped::foreign("the window", window))?;
    // `1mo` is no duration here, and `last_1h, shifted` no window.
    let ms: Option<i64> = promql::numbers::parse_duration_ms(span).ok().and_then(|ms| i64::try_from(ms).ok());
    let ms: i64 = ms.filter(|ms| *ms > 0).ok_or_else(|| Unmapped::foreign("the window", span))?;
    Ok((over, ms))
}

/// Dots are no part of a name in PromQL.
fn metric_name(text: &str) -> Result<String, Unmapped> {
    let is_plain = |character: char| character.is_ascii_alphanumeric() || "._-".contains(character);
    let text: &str = text.trim();
    if text.is_empty() || !text.chars().all(is_plain) {
        return Err(Unmapped::foreign("the function or arithmetic in", text));
    }
    Ok(text.replace(['.', '-'], "_"))
}

/// A tag's name as a label's.
pub(super) fn label(name: &str) -> String {
    name.trim().replace(['.', '-', '/'], "_")
}

fn groups(text: &str) -> Result<Vec<String>, Unmapped> {
    if text.is_empty() {
        return Ok(Vec::new());
    }
    let listed: &str = text
        .strip_prefix("by")
        .and_then(|rest| rest.trim().strip_prefix('{'))
        .and_then(|rest| rest.strip_suffix('}'))
        .ok_or_else(|| Unmapped::Behind { found: text.to_owned() })?;
    Ok(listed.split(',').map(label).filter(|name| !name.is_empty()).collect())
}

/// `env:production,!host:db*` as `{env="production", host!~"db.*"}`.
fn matchers(text: &str) -> Result<String, Unmapped> {
    let mut written: Vec<String> = Vec::new();
    for filter in text.split(',').map(str::trim).filter(|filter| !filter.is_empty() && *filter != "*") {
        written.push(matcher(filter)?);
    }
    Ok(if written.is_empty() { String::new() } else { format!("{{{}}}", written.join(", ")) })
}

fn matcher(filter: &str) -> Result<String, Unmapped> {
    let refused = || Unmapped::foreign("the filter", filter);
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
