//! What the values of an expression are measured in, as far as its metrics' names and its functions tell.
//!
//! Names follow Prometheus' conventions (prometheus.io/docs/practices/naming): the base unit at the end, `_total` behind it for counters. A
//! guess is never forced: where two units meet and nothing follows, the values are bare numbers.

use figures::Unit;
use promql::ast::{Aggregate, AggregateOp, Binary, Call, Expr, ExprKind, METRIC_NAME, MatchOp, VectorSelector};
use promql::operators::BinaryOp;

/// What is known of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Measure {
    Of(Unit),
    /// A share of a whole: 0.5 is a half.
    Ratio,
    /// A plain number that leaves the measure of others alone.
    Number(Factor),
    Unknown,
}

/// The numbers that mean something to a measure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Factor {
    One,
    Eight,
    Hundred,
    Thousand,
    Other,
}

/// The unit of an expression.
#[must_use]
pub fn of(expr: &Expr) -> Unit {
    match measure(expr) {
        Measure::Of(unit) => unit,
        Measure::Ratio | Measure::Number(_) | Measure::Unknown => Unit::None,
    }
}

fn measure(expr: &Expr) -> Measure {
    match &expr.unparen().kind {
        ExprKind::NumberLiteral(number) => Measure::Number(factor(number.value)),
        ExprKind::StringLiteral(_) | ExprKind::Paren(_) => Measure::Unknown,
        ExprKind::VectorSelector(selector) => of_metric(name(selector)),
        ExprKind::MatrixSelector(matrix) => of_metric(name(&matrix.selector)),
        ExprKind::Subquery(subquery) => measure(&subquery.expr),
        ExprKind::Call(call) => of_call(call),
        ExprKind::Aggregate(aggregate) => of_aggregate(aggregate),
        ExprKind::Binary(binary) => of_binary(binary),
        ExprKind::Unary(unary) => measure(&unary.expr),
    }
}

fn factor(value: f64) -> Factor {
    let known = [(1.0, Factor::One), (8.0, Factor::Eight), (100.0, Factor::Hundred), (1_000.0, Factor::Thousand)];
    known.into_iter().find(|(number, _)| (value - number).abs() < f64::EPSILON).map_or(Factor::Other, |(_, factor)| factor)
}

fn name(selector: &VectorSelector) -> &str {
    let is_name = |matcher: &&promql::ast::Matcher| matcher.name == METRIC_NAME && matcher.op == MatchOp::Eq;
    let inside = || selector.matchers.iter().find(is_name).map(|matcher| matcher.value.as_str());
    selector.name.as_deref().or_else(inside).unwrap_or_default()
}

/// By the end of a metric's name. A moment ("boot time") is no length of time.
fn of_metric(name: &str) -> Measure {
    let is_counter: bool = name.ends_with("_total");
    let base: &str = name.strip_suffix("_total").or_else(|| name.strip_suffix("_sum")).unwrap_or(name);
    let is_moment: bool = !is_counter && (base.ends_with("_time_seconds") || base.ends_with("_timestamp_seconds"));
    let ends = |word: &str| base.ends_with(word);
    if is_moment {
        Measure::Unknown
    } else if ends("_bytes") {
        Measure::Of(Unit::Bytes)
    } else if ends("_seconds") {
        Measure::Of(Unit::Seconds)
    } else if ends("_milliseconds") {
        Measure::Of(Unit::Milliseconds)
    } else if ends("_percent") {
        Measure::Of(Unit::Percent)
    } else if ends("_ratio") {
        Measure::Ratio
    } else if is_counter || ends("_count") || ends("_bucket") {
        Measure::Of(Unit::Count)
    } else {
        Measure::Unknown
    }
}

fn of_call(call: &Call) -> Measure {
    let first = || call.args.first().map_or(Measure::Unknown, measure);
    match call.func.name {
        "rate" | "irate" | "deriv" => per_second(first()),
        "histogram_quantile" => call.args.get(1).map_or(Measure::Unknown, of_buckets),
        "quantile_over_time" => call.args.get(1).map_or(Measure::Unknown, measure),
        "count_over_time" | "changes" | "resets" => Measure::Of(Unit::Count),
        "increase" | "delta" | "idelta" | "avg_over_time" | "min_over_time" | "max_over_time" | "sum_over_time"
        | "last_over_time" | "stddev_over_time" | "predict_linear" | "abs" | "ceil" | "floor" | "round" | "clamp"
        | "clamp_min" | "clamp_max" | "sort" | "sort_desc" | "scalar" | "vector" | "label_replace" | "label_join" => first(),
        _ => Measure::Unknown,
    }
}

/// Seconds a second are a share: of a processor, of the time a disk was busy.
fn per_second(measure: Measure) -> Measure {
    match measure {
        Measure::Of(Unit::Bytes) => Measure::Of(Unit::BytesPerSecond),
        Measure::Of(Unit::Count) => Measure::Of(Unit::PerSecond),
        Measure::Of(Unit::Seconds) => Measure::Ratio,
        _ => Measure::Unknown,
    }
}

/// A quantile is measured in what its buckets bound.
fn of_buckets(expr: &Expr) -> Measure {
    let selectors = promql::visit::selectors(expr);
    let bucket: &str = selectors.first().map_or("", |selector| name(selector));
    bucket.strip_suffix("_bucket").map_or(Measure::Unknown, of_metric)
}

fn of_aggregate(aggregate: &Aggregate) -> Measure {
    match aggregate.op {
        AggregateOp::Count | AggregateOp::CountValues => Measure::Of(Unit::Count),
        AggregateOp::Group | AggregateOp::Stdvar => Measure::Unknown,
        _ => measure(&aggregate.expr),
    }
}

fn of_binary(binary: &Binary) -> Measure {
    if binary.return_bool {
        return Measure::Unknown;
    }
    let (left, right) = (measure(&binary.lhs), measure(&binary.rhs));
    match binary.op {
        BinaryOp::Add | BinaryOp::Sub => added(left, right),
        BinaryOp::Mul => multiplied(left, right),
        BinaryOp::Div => divided(left, right),
        BinaryOp::And | BinaryOp::Unless => left,
        BinaryOp::Or => {
            if left == right {
                left
            } else {
                Measure::Unknown
            }
        }
        op if op.is_comparison() => {
            if matches!(left, Measure::Number(_)) {
                right
            } else {
                left
            }
        }
        _ => Measure::Unknown,
    }
}

fn added(left: Measure, right: Measure) -> Measure {
    match (left, right) {
        (Measure::Number(_), Measure::Number(_)) => Measure::Number(Factor::Other),
        (Measure::Number(_), measure) | (measure, Measure::Number(_)) => measure,
        (left, right) if left == right => left,
        _ => Measure::Unknown,
    }
}

fn multiplied(left: Measure, right: Measure) -> Measure {
    match (left, right) {
        (Measure::Number(_), Measure::Number(_)) => Measure::Number(Factor::Other),
        (Measure::Number(factor), measure) | (measure, Measure::Number(factor)) => scaled(measure, factor),
        (Measure::Ratio, measure) | (measure, Measure::Ratio) => measure,
        _ => Measure::Unknown,
    }
}

fn scaled(measure: Measure, factor: Factor) -> Measure {
    match (measure, factor) {
        (measure, Factor::One) => measure,
        (Measure::Ratio, Factor::Hundred) => Measure::Of(Unit::Percent),
        (Measure::Of(Unit::BytesPerSecond), Factor::Eight) => Measure::Of(Unit::BitsPerSecond),
        (Measure::Of(Unit::Seconds), Factor::Thousand) => Measure::Of(Unit::Milliseconds),
        _ => Measure::Unknown,
    }
}

fn divided(left: Measure, right: Measure) -> Measure {
    match (left, right) {
        (Measure::Number(_), Measure::Number(_)) => Measure::Number(Factor::Other),
        (measure, Measure::Number(Factor::One)) => measure,
        (Measure::Of(Unit::Percent), Measure::Number(Factor::Hundred)) => Measure::Ratio,
        (Measure::Of(left), Measure::Of(right)) if left == right => Measure::Ratio,
        (Measure::Of(Unit::Bytes), Measure::Of(Unit::Seconds)) => Measure::Of(Unit::BytesPerSecond),
        (Measure::Of(Unit::Count), Measure::Of(Unit::Seconds)) => Measure::Of(Unit::PerSecond),
        _ => Measure::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::of;
    use figures::Unit;

    #[test]
    fn units_follow_from_names_and_functions() {
        for (q, unit) in [
            ("node_memory_MemAvailable_bytes", Unit::Bytes),
            ("{__name__=\"a_bytes\"} offset 5m", Unit::Bytes),
            ("sum by (host) (rate(node_network_receive_bytes_total[5m]))", Unit::BytesPerSecond),
            ("8 * rate(node_network_receive_bytes_total[5m])", Unit::BitsPerSecond),
            ("rate(http_requests_total[5m]) > 0", Unit::PerSecond),
            ("increase(http_requests_total[1h])", Unit::Count),
            ("count by (host) (up)", Unit::Count),
            ("100 * (1 - avg by (host) (rate(node_cpu_seconds_total{mode=\"idle\"}[1m])))", Unit::Percent),
            ("100 * (1 - a_bytes / b_bytes)", Unit::Percent),
            ("a_bytes / b_bytes", Unit::None),
            ("a_bytes - b_bytes", Unit::Bytes),
            ("a_bytes - b_seconds", Unit::None),
            ("a_bytes * 1024", Unit::None),
            ("a_seconds * 1000", Unit::Milliseconds),
            ("histogram_quantile(0.9, sum by (le) (rate(http_request_duration_seconds_bucket[5m])))", Unit::Seconds),
            ("rate(a_seconds_sum[5m]) / rate(a_seconds_count[5m])", Unit::None),
            ("node_boot_time_seconds", Unit::None),
            ("time() - node_boot_time_seconds", Unit::None),
            ("100 * rate(node_disk_io_time_seconds_total[5m])", Unit::Percent),
            ("max_over_time(a_bytes[1h:1m])", Unit::Bytes),
            ("quantile_over_time(0.5, a_seconds[1h])", Unit::Seconds),
            ("topk(3, a_bytes) or b_bytes", Unit::Bytes),
            ("a_bytes > bool 5", Unit::None),
            ("5 < a_bytes", Unit::Bytes),
            ("stdvar(a_bytes)", Unit::None),
            ("node_load1", Unit::None),
            ("1", Unit::None),
            ("\"bytes\"", Unit::None),
        ] {
            let expr = promql::parse(q).unwrap();
            assert_eq!(of(&expr), unit, "{q}");
        }
    }
}
