//! Expressions that show what a row of the screen is about. Pure.

use metrics::metadata::Kind;
use promql::ast::METRIC_NAME;
use promql::strings::quote;

/// Lines that can still be told apart; of more the greatest are drawn.
const MOST_LINES: u64 = 20;

/// Shows a metric as its kind is read: a counter by its rate, the buckets of a histogram by a quantile.
#[must_use]
pub fn of_metric(metric: &str, kind: Kind, series: u64) -> String {
    let selector: String = selector(metric);
    if is_bucket(metric, kind) {
        return format!("histogram_quantile(0.99, sum by (le) (rate({selector}[5m])))");
    }
    let shown: String = if is_counter(metric, kind) { format!("rate({selector}[5m])") } else { selector };
    few(&shown, series)
}

/// The series of a metric by one of its labels.
#[must_use]
pub fn by_label(metric: &str, label: &str, values: u64) -> String {
    few(&format!("count by ({}) ({})", name(label), selector(metric)), values)
}

/// All series by a label.
#[must_use]
pub fn of_label(label: &str, values: u64) -> String {
    let label: String = name(label);
    few(&format!("count by ({label}) ({{{label}!=\"\"}})"), values)
}

/// Which metrics have a label of this value.
#[must_use]
pub fn of_pair(label: &str, value: &str) -> String {
    format!("topk(10, count by ({METRIC_NAME}) ({{{}={}}}))", name(label), quote(value))
}

/// The name under which a sender tells what a metric means: a histogram's series have names of their own.
#[must_use]
pub fn family(metric: &str) -> &str {
    ["_bucket", "_count", "_sum", "_total"].into_iter().find_map(|suffix| metric.strip_suffix(suffix)).unwrap_or(metric)
}

fn few(expression: &str, lines: u64) -> String {
    if lines > MOST_LINES { format!("topk(10, {expression})") } else { expression.to_owned() }
}

fn is_bucket(metric: &str, kind: Kind) -> bool {
    metric.ends_with("_bucket") && matches!(kind, Kind::Histogram | Kind::Unknown)
}

fn is_counter(metric: &str, kind: Kind) -> bool {
    let is_part: bool = metric.ends_with("_count") || metric.ends_with("_sum");
    match kind {
        Kind::Counter => true,
        Kind::Histogram | Kind::Summary => is_part,
        Kind::Unknown => metric.ends_with("_total") || is_part,
        _ => false,
    }
}

fn selector(metric: &str) -> String {
    let is_plain: bool = is_word(metric, |character| character == ':');
    if is_plain { metric.to_owned() } else { format!("{{{}}}", quote(metric)) }
}

fn name(label: &str) -> String {
    if is_word(label, |_| false) { label.to_owned() } else { quote(label) }
}

fn is_word(text: &str, is_more: fn(char) -> bool) -> bool {
    let is_first = |character: char| character.is_ascii_alphabetic() || character == '_' || is_more(character);
    let mut characters = text.chars();
    characters.next().is_some_and(is_first) && characters.all(|character| is_first(character) || character.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_metric_is_shown_as_its_kind_is_read() {
        for (metric, kind, series, expected) in [
            ("node_load1", Kind::Gauge, 3, "node_load1"),
            ("node_load1", Kind::Unknown, 300, "topk(10, node_load1)"),
            ("http_requests_total", Kind::Unknown, 3, "rate(http_requests_total[5m])"),
            ("requests", Kind::Counter, 21, "topk(10, rate(requests[5m]))"),
            ("d_bucket", Kind::Histogram, 900, "histogram_quantile(0.99, sum by (le) (rate(d_bucket[5m])))"),
            ("d_bucket", Kind::GaugeHistogram, 9, "d_bucket"),
            ("d_sum", Kind::Summary, 9, "rate(d_sum[5m])"),
            ("d", Kind::Summary, 9, "d"),
            ("open_count", Kind::Gauge, 9, "open_count"),
            ("見守り 数", Kind::Gauge, 1, "{\"見守り 数\"}"),
        ] {
            assert_eq!(of_metric(metric, kind, series), expected);
        }
    }

    #[test]
    fn every_expression_is_promql_whatever_the_names() {
        for odd in ["up", "a:b", "le", "a.b", "a\"} or x{y=\"", "back\\slash\n", "1st", "", "見"] {
            for expression in [of_metric(odd, Kind::Counter, 1), by_label("up", odd, 90), of_label(odd, 1), of_pair(odd, odd)] {
                // A name of nothing can't be selected; there is no such metric and no such label.
                let parsed = promql::parse(&expression);
                assert!(odd.is_empty() || parsed.is_ok(), "{expression}: {:?}", parsed.err());
            }
        }
    }

    #[test]
    fn series_of_a_histogram_belong_to_one_family() {
        assert_eq!((family("d_bucket"), family("d_sum"), family("a_total"), family("load1")), ("d", "d", "a", "load1"));
    }
}
