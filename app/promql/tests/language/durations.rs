//! What durations come to.

use promql::ast::ExprKind;
use promql::duration::{DurationError, DurationExpr, QueryWindow};
use promql::numbers::{format_duration, parse_duration_ms};

const WINDOW: QueryWindow = QueryWindow { step_ms: 30_000, range_ms: 600_000 };

fn range(text: &str) -> DurationExpr {
    let input: String = format!("foo[{text}]");
    match promql::parse(&input).expect(text).kind {
        ExprKind::MatrixSelector(matrix) => matrix.range,
        other => panic!("not a range: {other:?}"),
    }
}

#[test]
fn durations_come_to_milliseconds() {
    let table: [(&str, i64); 18] = [
        ("5m", 300_000),
        ("300", 300_000),
        ("1.001", 1001),
        ("0.0015", 1),
        ("1y", 31_536_000_000),
        ("5m / 2", 150_000),
        ("5m - 10", 290_000),
        ("2 * 3m + 1s", 361_000),
        ("2 * (3m + 1s)", 362_000),
        ("2 ^ 3", 8000),
        ("-2 + 5", 3000),
        ("10 % 4", 2000),
        ("step()", 30_000),
        ("range() / step()", 20_000),
        ("min_of(step(), 1m)", 30_000),
        ("max_of(step(), 1m)", 60_000),
        ("max_of(-1, min_of(3, 5))", 3000),
        ("1s * 0.3", 300),
    ];
    for (text, expected) in table {
        assert_eq!(range(text).resolve(WINDOW), Ok(expected), "{text}");
    }
}

#[test]
fn durations_that_come_to_nothing_are_refused() {
    let table: [(&str, DurationError); 9] = [
        ("5m - 5m", DurationError::NotPositive),
        ("1m - 1h", DurationError::NotPositive),
        ("0.0001", DurationError::NotPositive),
        ("1 / (1 - 1)", DurationError::DivisionByZero),
        ("1 % (1 - 1)", DurationError::ModuloByZero),
        ("10 ^ 10", DurationError::OutOfRange),
        ("10 ^ 400", DurationError::OutOfRange),
        ("(1 - 2) ^ 0.5", DurationError::OutOfRange),
        ("200y + 200y", DurationError::OutOfRange),
    ];
    for (text, expected) in table {
        assert_eq!(range(text).resolve(WINDOW), Err(expected), "{text}");
    }
}

#[test]
fn instant_queries_have_neither_step_nor_range() {
    let instant: QueryWindow = QueryWindow::default();
    assert_eq!(range("step()").resolve(instant), Err(DurationError::NotPositive));
    assert_eq!(range("range() + 1m").resolve(instant), Ok(60_000));
    assert_eq!(range("1m - 2m").resolve_offset(instant), Ok(-60_000));
}

#[test]
fn durations_are_written_as_they_are_read() {
    let table: [(u64, &str); 9] = [
        (0, "0s"),
        (1, "1ms"),
        (300_000, "5m"),
        (5_400_000, "1h30m"),
        (604_800_000, "1w"),
        (691_200_000, "8d"),
        (31_536_000_000, "1y"),
        (31_536_000_001, "365d1ms"),
        (90_061_001, "1d1h1m1s1ms"),
    ];
    for (duration_ms, text) in table {
        assert_eq!(format_duration(duration_ms), text);
        assert_eq!(parse_duration_ms(text), Ok(duration_ms));
    }
}
