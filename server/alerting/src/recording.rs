//! Recording rules: what an expression gives, written as a metric of its own. Pure.
//!
//! As in Prometheus (prometheus/prometheus `rules/recording.go`, `rules/group.go`): the rule's name and labels go before those of the
//! result; two results with the same labels, or more than the limit, are an error, and then nothing is written and nothing ends; a series
//! that was written at the tick before and is not any more ends with a stale marker. What is written stands at the moment that was asked.

use crate::needs::{Measured, Sample};
use crate::rules::Rule;
use crate::series::STALE_NAN;
use model::Time;
use model::labels::{Labels, METRIC_NAME};
use promql::ast::{Expr, ExprKind, MatchOp, VectorSelector};
use promql::visit;
use std::collections::{BTreeMap, BTreeSet};

/// Series of one rule that says no limit of its own, and the most that any may have. More is a label too many in its expression.
pub const MOST_SERIES: usize = 10_000;
/// Reads metrics that it does not name.
const READS_UNNAMED: &str = "info";

/// The series that a rule wrote.
pub type SeriesSet = BTreeSet<Labels>;

/// What a tick of a rule writes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Recorded {
    /// Values, and markers where a series ends.
    pub samples: Vec<Sample>,
    /// Those that have a value.
    pub series: SeriesSet,
}

/// Why nothing was written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unrecordable {
    #[error("the expression gives more than one value for the series {labels}")]
    Duplicate { labels: Labels },
    #[error("the expression gives {n} series, more than {max}")]
    TooMany { n: usize, max: usize },
}

/// What the tick that asked for `at` writes. `before` is what the rule wrote at its tick before.
///
/// # Errors
/// [`Unrecordable`]; then all stays as it was.
pub fn record(rule: &Rule, before: &SeriesSet, measured: &[Measured], at: Time) -> Result<Recorded, Unrecordable> {
    let mut values: BTreeMap<Labels, f64> = BTreeMap::new();
    for one in measured {
        let labels: Labels = labelled(rule, &one.labels);
        if values.contains_key(&labels) {
            return Err(Unrecordable::Duplicate { labels });
        }
        values.insert(labels, one.value);
    }
    let (n, max): (usize, usize) = (values.len(), limit(rule));
    if n > max {
        return Err(Unrecordable::TooMany { n, max });
    }
    let series: SeriesSet = values.keys().cloned().collect();
    let ended: Vec<Labels> = before.difference(&series).cloned().collect();
    let mut samples: Vec<Sample> = values.into_iter().map(|(labels, value)| Sample { labels, at, value }).collect();
    samples.extend(ended.into_iter().map(|labels| end(labels, at)));
    Ok(Recorded { samples, series })
}

/// The marker that ends a series.
#[must_use]
pub fn end(labels: Labels, at: Time) -> Sample {
    Sample { labels, at, value: f64::from_bits(STALE_NAN) }
}

fn labelled(rule: &Rule, measured: &Labels) -> Labels {
    let mut labels: Labels = measured.clone();
    labels.set(METRIC_NAME.to_owned(), rule.name.en.clone());
    for (name, value) in rule.labels.iter() {
        labels.set(name.to_owned(), value.to_owned());
    }
    labels
}

fn limit(rule: &Rule) -> usize {
    let own: Option<usize> = rule.limit.and_then(|limit| usize::try_from(limit).ok());
    own.unwrap_or(MOST_SERIES).min(MOST_SERIES)
}

/// Whether an expression may read one of these metrics. Errs towards yes: whoever asks then writes first what it has.
#[must_use]
pub fn may_read(expr: &Expr, metrics: &BTreeSet<String>) -> bool {
    if metrics.is_empty() {
        return false;
    }
    let mut reads_unnamed: bool = false;
    visit::walk(expr, &mut |node: &Expr| {
        if let ExprKind::Call(call) = &node.kind
            && call.func.name == READS_UNNAMED
        {
            reads_unnamed = true;
        }
    });
    reads_unnamed || visit::selectors(expr).into_iter().any(|selector| may_select(selector, metrics))
}

fn may_select(selector: &VectorSelector, metrics: &BTreeSet<String>) -> bool {
    let matchers = selector.all_matchers();
    let mut names = matchers.iter().filter(|matcher| matcher.name == METRIC_NAME && matcher.op == MatchOp::Eq);
    names.all(|matcher| metrics.contains(&matcher.value))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::record::Recording;
    use model::ids::RuleId;

    fn rule(labels: &[(&str, &str)], limit: Option<u32>) -> Rule {
        Recording {
            id: RuleId("r".to_owned()),
            metric: "job:up:sum".to_owned(),
            expr: "up".to_owned(),
            labels: Labels::new(labels.iter().copied()),
            evaluation_delay_ms: 0,
            limit,
            tags: Vec::new(),
            owner: None,
        }
        .rule()
    }

    fn measured(job: &str, host: &str, value: f64) -> Measured {
        Measured { labels: Labels::new([("__name__", "up"), ("job", job), ("host", host)]), value }
    }

    fn written(recorded: &Recorded) -> Vec<String> {
        let value = |sample: &Sample| {
            if sample.value.to_bits() == STALE_NAN { "stale".to_owned() } else { sample.value.to_string() }
        };
        recorded.samples.iter().map(|sample| format!("{} {} @{}", sample.labels, value(sample), sample.at.0)).collect()
    }

    #[test]
    fn the_name_and_labels_of_the_rule_go_before_those_of_the_result() {
        let rule = rule(&[("host", "all"), ("by", "rule")], None);
        let recorded = record(&rule, &SeriesSet::new(), &[measured("a", "x", 2.0)], Time(7)).unwrap();
        assert_eq!(written(&recorded), ["job:up:sum{by=\"rule\",host=\"all\",job=\"a\"} 2 @7"]);
    }

    #[test]
    fn a_series_that_vanishes_ends_once() {
        let rule = rule(&[], None);
        let first = record(&rule, &SeriesSet::new(), &[measured("a", "x", 1.0), measured("b", "x", 2.0)], Time(0)).unwrap();
        let second = record(&rule, &first.series, &[measured("b", "x", f64::NAN)], Time(15)).unwrap();
        let expected = ["job:up:sum{host=\"x\",job=\"b\"} NaN @15", "job:up:sum{host=\"x\",job=\"a\"} stale @15"];
        assert_eq!(written(&second), expected);
        let third = record(&rule, &second.series, &[], Time(30)).unwrap();
        assert_eq!(written(&third), ["job:up:sum{host=\"x\",job=\"b\"} stale @30"]);
        assert_eq!(record(&rule, &third.series, &[], Time(45)), Ok(Recorded::default()));
    }

    #[test]
    fn what_can_not_be_told_apart_and_what_is_too_much_is_not_written() {
        let both = [measured("a", "x", 1.0), measured("a", "y", 1.0)];
        let merged = record(&rule(&[("host", "all")], None), &SeriesSet::new(), &both, Time(0));
        assert!(matches!(merged, Err(Unrecordable::Duplicate { .. })), "{merged:?}");
        let limited = record(&rule(&[], Some(1)), &SeriesSet::new(), &both, Time(0));
        assert_eq!(limited, Err(Unrecordable::TooMany { n: 2, max: 1 }));
        assert!(record(&rule(&[], Some(2)), &SeriesSet::new(), &both, Time(0)).is_ok());
        assert_eq!(super::limit(&rule(&[], Some(1_000_000))), MOST_SERIES);
    }

    #[test]
    fn an_expression_reads_what_it_names_and_may_read_what_it_does_not_name() {
        let metrics: BTreeSet<String> = BTreeSet::from(["a:b".to_owned(), "c".to_owned()]);
        for (expr, reads) in [
            ("a:b", true),
            ("sum(rate(c[5m])) / d", true),
            ("max_over_time((c > 1)[1h:1m])", true),
            ("{__name__=\"a:b\"}", true),
            ("{__name__=~\"a:.*\"}", true),
            ("{job=\"x\"}", true),
            ("d", false),
            ("sum by (c) (d{c=\"a:b\"})", false),
            ("{__name__=\"d\", job=\"x\"}", false),
            ("time()", false),
        ] {
            let tree: Expr = promql::parse(expr).unwrap();
            assert_eq!(may_read(&tree, &metrics), reads, "{expr}");
            assert!(!may_read(&tree, &BTreeSet::new()), "{expr}");
        }
    }
}
