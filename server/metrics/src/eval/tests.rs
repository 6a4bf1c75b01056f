//! The engine's behaviour where the conformance files are silent, and its refusals.

use std::time::{Duration, Instant};

use async_trait::async_trait;
use model::Time;
use model::labels::Labels;
use promql::ast::{Expr, Matcher};
use proptest::prelude::*;

use super::buckets::{Bucket, fraction, quantile};
use super::failure::EvalError;
use super::grid::{Grid, Shift, subquery_grid};
use super::sorting::natural;
use super::sums::{self, Accumulator, Least, Mean, Sum, Variance, accumulate};
use super::{Answer, Engine, Query, Until, Value};
use crate::duplicates::STALE_NAN;
use crate::error::Error;
use crate::matchers;
use crate::source::{Point, SeriesData, Source};

/// A source that holds what it was given.
struct Fixed(Vec<SeriesData>);

#[async_trait]
impl Source for Fixed {
    async fn select(&self, matchers: &[Matcher], from: Time, to: Time) -> Result<Vec<SeriesData>, Error> {
        let tests: Vec<matchers::Test> = matchers::compile(matchers)?;
        let selected = self.0.iter().filter(|one| tests.iter().all(|test| test.accepts(one.labels.get(&test.name))));
        Ok(selected
            .map(|one| SeriesData {
                labels: one.labels.clone(),
                points: one.points.iter().copied().filter(|point| from.0 <= point.at && point.at <= to.0).collect(),
            })
            .collect())
    }
}

const MINUTE_MS: i64 = 60_000;

fn series(labels: &[(&str, &str)], values: &[f64]) -> SeriesData {
    let points: Vec<Point> =
        values.iter().zip(0_i64..).map(|(value, index)| Point { at: index * MINUTE_MS, value: *value }).collect();
    SeriesData { labels: Labels::new(labels.iter().copied()), points }
}

fn expr(text: &str) -> Expr {
    promql::parse(text).expect("the expression parses")
}

async fn instant(source: &Fixed, text: &str, minute: i64) -> Result<Answer, EvalError> {
    Engine::default().instant(source, &expr(text), Time(minute * MINUTE_MS)).await
}

async fn range(source: &Fixed, text: &str, minutes: i64) -> Result<Answer, EvalError> {
    Engine::default().range(source, &expr(text), Time(0), Time(minutes * MINUTE_MS), MINUTE_MS).await
}

/// `labels=value` per element, as the engine orders them.
fn written(answer: &Answer) -> Vec<String> {
    match &answer.value {
        Value::Vector(samples) => samples.iter().map(|one| format!("{}={}", one.labels, one.value)).collect(),
        Value::Matrix(series) => series
            .iter()
            .map(|one| {
                let points: Vec<String> =
                    one.points.iter().map(|point| format!("{}@{}", point.value, point.at / MINUTE_MS)).collect();
                format!("{}={}", one.labels, points.join(" "))
            })
            .collect(),
        Value::Scalar(value) => vec![value.to_string()],
        Value::String(text) => vec![text.clone()],
    }
}

#[tokio::test]
async fn windows_are_open_on_the_left_and_closed_on_the_right() {
    let source: Fixed = Fixed(vec![series(&[("__name__", "m")], &[1.0, 2.0, 3.0, 4.0])]);
    let answer: Answer = range(&source, "sum_over_time(m[2m])", 4).await.expect("an answer");
    assert_eq!(written(&answer), ["{}=1@0 3@1 5@2 7@3 4@4"]);
}

#[tokio::test]
async fn a_stale_marker_ends_a_series_and_is_skipped_by_ranges() {
    let stale: f64 = f64::from_bits(STALE_NAN);
    let source: Fixed = Fixed(vec![series(&[("__name__", "m")], &[1.0, stale, 3.0])]);
    let answer: Answer = range(&source, "m", 3).await.expect("an answer");
    assert_eq!(written(&answer), ["m=1@0 3@2 3@3"]);
    let counted: Answer = instant(&source, "count_over_time(m[5m])", 2).await.expect("an answer");
    assert_eq!(written(&counted), ["{}=2"]);
}

#[tokio::test]
async fn an_ordinary_nan_is_a_value() {
    let source: Fixed = Fixed(vec![series(&[("__name__", "m")], &[f64::NAN])]);
    let answer: Answer = instant(&source, "m", 0).await.expect("an answer");
    assert_eq!(written(&answer), ["m=NaN"]);
}

#[tokio::test]
async fn a_counter_reset_counts_as_a_start_from_zero() {
    let source: Fixed = Fixed(vec![series(&[("__name__", "m_total")], &[0.0, 10.0, 4.0, 6.0])]);
    // 10, a reset to 4, then 2 more: 16 within three minutes; the left border is covered by the zero crossing.
    let answer: Answer = instant(&source, "increase(m_total[4m])", 3).await.expect("an answer");
    assert_eq!(written(&answer), ["{}=16"]);
    let resets: Answer = instant(&source, "resets(m_total[4m])", 3).await.expect("an answer");
    assert_eq!(written(&resets), ["{}=1"]);
}

#[tokio::test]
async fn a_gap_to_the_border_is_covered_by_half_a_spacing_when_it_is_too_long() {
    let source: Fixed = Fixed(vec![series(&[("__name__", "m")], &[100.0, 110.0, 120.0])]);
    // Samples at 0, 1 and 2; the window reaches from -8 to 2, so half a minute is added on the left.
    let answer: Answer = instant(&source, "delta(m[10m])", 2).await.expect("an answer");
    assert_eq!(written(&answer), ["{}=25"]);
}

#[tokio::test]
async fn rate_of_what_does_not_sound_like_a_counter_is_noted_with_its_place() {
    let source: Fixed = Fixed(vec![series(&[("__name__", "m")], &[1.0, 2.0])]);
    let expr: Expr = expr("1 +\n rate(m[5m])");
    let text: &str = "1 +\n rate(m[5m])";
    let query: Query<'_> = Query { expr: &expr, text, start: Time(MINUTE_MS), end: Time(MINUTE_MS), step_ms: 0 };
    let answer: Answer = Engine::default().answer(&source, &query).await.expect("an answer");
    let note: &str = "PromQL info: metric might not be a counter, name does not end in _total/_sum/_count/_bucket: \"m\" (2:7)";
    assert_eq!(answer.infos, [note]);
    assert!(answer.warnings.is_empty());
}

#[tokio::test]
async fn ambiguous_matches_fail_and_name_the_series() {
    let source: Fixed = Fixed(vec![
        series(&[("__name__", "many"), ("a", "1"), ("b", "x")], &[1.0]),
        series(&[("__name__", "many"), ("a", "1"), ("b", "y")], &[2.0]),
        series(&[("__name__", "one"), ("a", "1")], &[3.0]),
    ]);
    let error: EvalError = instant(&source, "one * on(a) many", 0).await.expect_err("two on the right");
    assert_eq!(
        error.to_string(),
        "found duplicate series for the match group {a=\"1\"} on the right hand-side of the operation: \
         [{__name__=\"many\", a=\"1\", b=\"x\"}, {__name__=\"many\", a=\"1\", b=\"y\"}];\
         many-to-many matching not allowed: matching labels must be unique on one side"
    );
    let error: EvalError = instant(&source, "many * on(a) one", 0).await.expect_err("two on the left");
    assert!(matches!(error, EvalError::ManyToOne { .. }), "{error}");
    let answer: Answer = instant(&source, "many * on(a) group_left one", 0).await.expect("said so");
    assert_eq!(written(&answer), ["{a=\"1\",b=\"x\"}=3", "{a=\"1\",b=\"y\"}=6"]);
}

#[tokio::test]
async fn group_left_copies_labels_and_must_stay_unique() {
    let source: Fixed = Fixed(vec![
        series(&[("__name__", "many"), ("a", "1"), ("b", "x")], &[1.0]),
        series(&[("__name__", "many"), ("a", "1"), ("b", "y")], &[2.0]),
        series(&[("__name__", "one"), ("a", "1"), ("b", "z")], &[3.0]),
    ]);
    let error: EvalError = instant(&source, "many * on(a) group_left(b) one", 0).await.expect_err("both results are the same");
    assert!(matches!(error, EvalError::GroupingNotUnique { .. }), "{error}");
}

#[tokio::test]
async fn names_leave_last_and_equal_results_fail() {
    let source: Fixed = Fixed(vec![series(&[("__name__", "a_total")], &[1.0]), series(&[("__name__", "b_total")], &[2.0])]);
    let all: &str = "{__name__=~\"._total\"}";
    let by_name: Answer = instant(&source, &format!("count(sum by (__name__) (-{all}))"), 0).await.expect("two groups");
    assert_eq!(written(&by_name), ["{}=2"]);
    let named: Answer = instant(&source, &format!("label_replace(-{all}, \"was\", \"$1\", \"__name__\", \"(.)_total\")"), 0)
        .await
        .expect("kept apart");
    assert_eq!(written(&named), ["{was=\"a\"}=-1", "{was=\"b\"}=-2"]);
    let error: EvalError = instant(&source, &format!("-{all}"), 0).await.expect_err("two without a name");
    assert!(matches!(error, EvalError::SameLabelset), "{error}");
}

#[tokio::test]
async fn comparisons_keep_names_and_bool_drops_them() {
    let source: Fixed = Fixed(vec![series(&[("__name__", "m")], &[1.0, 5.0])]);
    assert_eq!(written(&range(&source, "m > 2", 1).await.expect("an answer")), ["m=5@1"]);
    assert_eq!(written(&range(&source, "m > bool 2", 1).await.expect("an answer")), ["{}=0@0 1@1"]);
}

#[tokio::test]
async fn topk_ranks_nan_last_and_keeps_names() {
    let source: Fixed = Fixed(vec![
        series(&[("__name__", "m"), ("a", "1")], &[f64::NAN]),
        series(&[("__name__", "m"), ("a", "2")], &[2.0]),
        series(&[("__name__", "m"), ("a", "3")], &[3.0]),
    ]);
    let answer: Answer = instant(&source, "topk(2, m)", 0).await.expect("an answer");
    assert_eq!(written(&answer), ["m{a=\"3\"}=3", "m{a=\"2\"}=2"]);
    let all: Answer = instant(&source, "bottomk(9, m)", 0).await.expect("an answer");
    assert_eq!(written(&all), ["m{a=\"2\"}=2", "m{a=\"3\"}=3", "m{a=\"1\"}=NaN"]);
    let error: EvalError = instant(&source, "topk(NaN, m)", 0).await.expect_err("no number of series");
    assert_eq!(error.to_string(), "Parameter value is NaN");
}

#[tokio::test]
async fn count_values_writes_numbers_without_exponents() {
    let source: Fixed = Fixed(vec![
        series(&[("__name__", "m"), ("a", "1")], &[1e21]),
        series(&[("__name__", "m"), ("a", "2")], &[0.5]),
        series(&[("__name__", "m"), ("a", "3")], &[0.5]),
    ]);
    let answer: Answer = instant(&source, "count_values(\"v\", m)", 0).await.expect("an answer");
    assert_eq!(written(&answer), ["{v=\"1000000000000000000000\"}=1", "{v=\"0.5\"}=2"]);
}

#[tokio::test]
async fn subqueries_look_at_multiples_of_their_step() {
    let source: Fixed = Fixed(vec![series(&[("__name__", "m")], &[1.0, 2.0, 3.0, 4.0, 5.0])]);
    let answer: Answer = instant(&source, "sum_over_time(m[3m:2m])", 4).await.expect("an answer");
    assert_eq!(written(&answer), ["{}=8"]);
    let pinned: Answer = range(&source, "max_over_time(m[2m:1m] @ 120)", 1).await.expect("an answer");
    assert_eq!(written(&pinned), ["{}=3@0 3@1"]);
}

#[tokio::test]
async fn what_is_not_covered_is_refused_by_name() {
    let source: Fixed = Fixed(Vec::new());
    for (text, said) in [
        ("histogram_quantiles(m, \"q\", 0.5)", "the function histogram_quantiles() is not supported"),
        ("m >/ 1", "the native histogram operator >/ is not supported"),
        ("rate(m[5m] anchored)", "the modifier anchored is not supported"),
        ("m + fill(0) m", "the modifier fill is not supported"),
        ("limitk(1, m)", "limitk() is not supported"),
        ("info(m)", "the function info() is not supported"),
    ] {
        let error: EvalError = instant(&source, text, 0).await.expect_err("not covered");
        assert_eq!(error.to_string(), said);
        assert!(error.span().is_some());
    }
}

#[tokio::test]
async fn an_answer_that_comes_too_late_is_refused() {
    let source: Fixed = Fixed(vec![series(&[("__name__", "m")], &[1.0, 2.0, 3.0])]);
    let late: Engine = Engine { deadline: Some(Until::new(Instant::now())), ..Engine::default() };
    for text in ["m", "1 + 1", "rate(m[3m])"] {
        let error: EvalError = late.instant(&source, &expr(text), Time(2 * MINUTE_MS)).await.expect_err("no time is left");
        assert!(matches!(error, EvalError::TimedOut), "{text}: {error}");
    }
    let until: Until = Until::new(Instant::now() + Duration::from_secs(3_600));
    let early: Engine = Engine { deadline: Some(until.clone()), ..Engine::default() };
    let answer: Answer = early.instant(&source, &expr("m"), Time(2 * MINUTE_MS)).await.expect("there is an hour left");
    assert_eq!(written(&answer), ["m=3"]);
    until.abandon();
    let error: EvalError = early.instant(&source, &expr("m"), Time(2 * MINUTE_MS)).await.expect_err("nobody waits");
    assert!(matches!(error, EvalError::Abandoned), "{error}");
}

#[tokio::test]
async fn functions_of_native_histograms_find_none_among_numbers() {
    let source: Fixed = Fixed(vec![series(&[("__name__", "m")], &[1.0])]);
    for function in ["histogram_avg", "histogram_count", "histogram_stddev", "histogram_stdvar", "histogram_sum"] {
        let answer: Answer = instant(&source, &format!("{function}(m)"), 0).await.expect("an empty answer");
        assert!(written(&answer).is_empty(), "{function}");
    }
    let counted: Answer = instant(&source, "histogram_count(m) or vector(7)", 0).await.expect("an answer");
    assert_eq!(written(&counted), ["{}=7"]);
}

#[tokio::test]
async fn labels_that_double_with_every_call_are_refused() {
    let long: String = "x".repeat(1_000);
    let source: Fixed = Fixed(vec![series(&[("__name__", "m"), ("a", long.as_str())], &[1.0])]);
    let doubled = |text: &str| format!("label_join({text}, \"a\", \"\", \"a\", \"a\")");
    let once: Answer = instant(&source, &doubled("m"), 0).await.expect("two thousand characters are fine");
    assert_eq!(written(&once), [format!("m{{a=\"{long}{long}\"}}=1")]);
    let many: String = (0..20).fold("m".to_owned(), |text, _| doubled(&text));
    let error: EvalError = instant(&source, &many, 0).await.expect_err("a billion are not");
    assert!(matches!(error, EvalError::TooLongLabel { .. }), "{error}");
    let replaced: String = format!("label_replace(m, \"a\", \"{}\", \"a\", \"(.*)\")", "$1".repeat(2_000));
    let error: EvalError = instant(&source, &replaced, 0).await.expect_err("nor is what a template makes");
    assert!(matches!(error, EvalError::TooLongLabel { .. }), "{error}");
}

#[tokio::test]
async fn matches_with_more_results_than_the_budget_are_refused() {
    // Every one of ten series meets another partner at every step, and each partner brings a label of its own.
    let many: Vec<SeriesData> =
        (0..10).map(|id: i32| series(&[("__name__", "many"), ("id", id.to_string().as_str())], &[1.0; 10])).collect();
    let ones = (0_i64..10).map(|step: i64| SeriesData {
        labels: Labels::new([("__name__", "one"), ("step", step.to_string().as_str())]),
        points: vec![
            Point { at: step * MINUTE_MS, value: 1.0 },
            Point { at: (step + 1) * MINUTE_MS, value: f64::from_bits(STALE_NAN) },
        ],
    });
    let source: Fixed = Fixed(many.into_iter().chain(ones).collect());
    let text: &str = "many * on() group_left(step) one";
    let whole: Answer = range(&source, text, 9).await.expect("a hundred results fit");
    assert_eq!(written(&whole).len(), 100);
    let small: Engine = Engine { max_samples: 1_000, ..Engine::default() };
    let outcome = small.range(&source, &expr(text), Time(0), Time(9 * MINUTE_MS), MINUTE_MS).await;
    assert!(matches!(outcome, Err(EvalError::TooManySamples)));
}

#[tokio::test]
async fn count_values_needs_a_label_name() {
    let source: Fixed = Fixed(vec![series(&[("__name__", "m")], &[1.0])]);
    let error: EvalError = instant(&source, "count_values(\"\", m)", 0).await.expect_err("no name");
    assert_eq!(error.to_string(), "invalid label name \"\"");
}

#[tokio::test]
async fn too_much_is_refused() {
    let source: Fixed = Fixed(vec![series(&[("__name__", "m")], &[1.0, 2.0, 3.0])]);
    let small: Engine = Engine { max_samples: 4, ..Engine::default() };
    let error: EvalError =
        small.instant(&source, &expr("m[3m] "), Time(2 * MINUTE_MS)).await.map(|_| ()).err().unwrap_or(EvalError::BadStep);
    assert!(matches!(error, EvalError::BadStep), "three samples fit: {error}");
    let three: Answer = small.instant(&source, &expr("m[3m]"), Time(2 * MINUTE_MS)).await.expect("three samples fit");
    assert_eq!(written(&three), ["m=1@0 2@1 3@2"]);
    let error: EvalError = small.instant(&source, &expr("m + m"), Time(0)).await.expect_err("five do not");
    assert!(matches!(error, EvalError::TooManySamples), "{error}");
    let engine: Engine = Engine::default();
    let error: EvalError = engine.range(&source, &expr("m"), Time(0), Time(11_000), 1).await.expect_err("11,001 steps");
    assert!(matches!(error, EvalError::TooManySteps), "{error}");
    let error: EvalError = engine.range(&source, &expr("m"), Time(1), Time(0), 1).await.expect_err("backwards");
    assert!(matches!(error, EvalError::BadRange), "{error}");
    let error: EvalError = engine.range(&source, &expr("m[5m]"), Time(0), Time(0), 1).await.expect_err("a range vector");
    assert!(matches!(error, EvalError::NotForRange { .. }), "{error}");
}

#[test]
fn subquery_grids_start_strictly_after_the_border() {
    let parent: Grid = Grid { first_ms: 100, step_ms: 10, len: 3 };
    let none: Shift = Shift::default();
    assert_eq!(subquery_grid(&parent, none, 40, 30), Some(Grid { first_ms: 90, step_ms: 30, len: 2 }));
    assert_eq!(subquery_grid(&parent, none, 160, 30), Some(Grid { first_ms: -30, step_ms: 30, len: 6 }));
    assert_eq!(subquery_grid(&Grid { len: 1, ..parent }, none, 5, 1000), None);
}

#[test]
fn sums_keep_what_naive_sums_lose() {
    assert_eq!(accumulate::<Sum>([1.0, 1e100, 1.0, -1e100].into_iter()), 2.0);
    assert_eq!(accumulate::<Mean>([f64::MAX, f64::MAX].into_iter()), f64::MAX);
    assert_eq!(accumulate::<Variance>([0.1; 10].into_iter()), 0.0);
    assert_eq!(accumulate::<Least>([f64::NAN, 3.0, f64::NAN, 2.0].into_iter()), 2.0);
    assert_eq!(Sum::default().result().to_bits(), STALE_NAN);
}

#[test]
fn quantiles_interpolate_between_ranks() {
    let table: [(f64, f64); 6] =
        [(-1.0, f64::NEG_INFINITY), (0.0, 0.0), (0.5, 1.0), (0.75, 2.5), (1.0, 4.0), (2.0, f64::INFINITY)];
    for (phi, wanted) in table {
        assert_eq!(sums::quantile(phi, &mut [4.0, 0.0, 1.0]), wanted, "{phi}");
    }
    assert!(sums::quantile(f64::NAN, &mut [1.0]).is_nan());
}

fn buckets(list: &[(f64, f64)]) -> Vec<Bucket> {
    list.iter().map(|(bound, count)| Bucket { bound: *bound, count: *count }).collect()
}

#[test]
fn classic_buckets_follow_the_documented_corners() {
    let plain: [(f64, f64); 3] = [(1.0, 5.0), (2.0, 10.0), (f64::INFINITY, 10.0)];
    assert_eq!(quantile(0.25, buckets(&plain)), (0.5, None));
    assert_eq!(quantile(0.75, buckets(&plain)), (1.5, None));
    let open: [(f64, f64); 3] = [(1.0, 1.0), (2.0, 1.0), (f64::INFINITY, 10.0)];
    assert_eq!(quantile(0.9, buckets(&open)).0, 2.0);
    let below: [(f64, f64); 2] = [(-1.0, 5.0), (f64::INFINITY, 10.0)];
    assert_eq!(quantile(0.1, buckets(&below)).0, -1.0);
    assert!(quantile(0.5, buckets(&[(1.0, 5.0), (2.0, 10.0)])).0.is_nan());
    assert!(quantile(0.5, buckets(&[(f64::INFINITY, 10.0)])).0.is_nan());
    assert!(quantile(0.5, buckets(&[(1.0, 0.0), (f64::INFINITY, 0.0)])).0.is_nan());
    let falling: [(f64, f64); 3] = [(1.0, 6.0), (2.0, 4.0), (f64::INFINITY, 10.0)];
    let repair = quantile(0.5, buckets(&falling)).1.expect("a repair");
    assert_eq!((repair.bounds, repair.max_diff), ((2.0, 2.0), 2.0));
}

#[test]
fn fractions_are_the_share_between_two_values() {
    let plain: [(f64, f64); 3] = [(1.0, 5.0), (2.0, 10.0), (f64::INFINITY, 20.0)];
    assert_eq!(fraction(0.0, 1.0, buckets(&plain)), 0.25);
    assert_eq!(fraction(0.5, 1.5, buckets(&plain)), 0.25);
    assert_eq!(fraction(f64::NEG_INFINITY, f64::INFINITY, buckets(&plain)), 1.0);
    assert_eq!(fraction(2.0, 1.0, buckets(&plain)), 0.0);
}

#[test]
fn label_values_sort_as_people_count() {
    let mut values: Vec<&str> = vec!["4m1000", "10", "4m5", "2", "b", "4m600", "02"];
    values.sort_by(|a, b| natural(a, b));
    assert_eq!(values, ["02", "2", "4m5", "4m600", "4m1000", "10", "b"]);
}

proptest! {
    #[test]
    fn a_subquery_grid_lies_within_its_windows(first in -10_000_i64..10_000, range in 1_i64..5_000, step in 1_i64..700) {
        let parent: Grid = Grid { first_ms: first, step_ms: 1, len: 1 };
        match subquery_grid(&parent, Shift::default(), range, step) {
            Some(grid) => {
                prop_assert!(grid.first_ms > first - range && grid.first_ms <= first - range + step);
                prop_assert!(grid.first_ms % step == 0);
                prop_assert!(grid.last_ms() <= first && grid.last_ms() + step > first);
            }
            None => prop_assert_eq!((first - range).div_euclid(step), first.div_euclid(step)),
        }
    }

    #[test]
    fn a_natural_order_is_an_order(a in "[a-c0-2]{0,5}", b in "[a-c0-2]{0,5}") {
        prop_assert_eq!(natural(&a, &b), natural(&b, &a).reverse());
        prop_assert_eq!(natural(&a, &b).is_eq(), a == b);
    }
}
