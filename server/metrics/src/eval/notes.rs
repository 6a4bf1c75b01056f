//! Annotations: what a query warns of although it has an answer. The wording is Prometheus' (`util/annotations`).

use std::collections::HashSet;

use promql::ast::Span;
use promql::error::line_col;

/// How serious a note is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Level {
    Warning,
    Info,
}

/// The notes of one query, each kept once.
#[derive(Debug, Default)]
pub(super) struct Notes {
    list: Vec<(Level, String, usize)>,
    seen: HashSet<(Level, String, usize)>,
    forced: Vec<Forced>,
}

/// What had to be repaired in the buckets given to one `histogram_quantile`, over all steps and groups of one metric.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Forced {
    /// The metric; may be empty.
    pub metric: String,
    /// Where the argument starts.
    pub start: usize,
    /// First and last moment, in milliseconds.
    pub times_ms: (i64, i64),
    /// Lowest and highest upper bound that was touched.
    pub bounds: (f64, f64),
    /// The largest decrease that was levelled.
    pub max_diff: f64,
    /// How many histograms were repaired.
    pub count: usize,
}

impl Notes {
    /// `sort` and its like in a range query.
    pub fn sort_in_range(&mut self, span: Span) {
        let text: &str = "sort is ineffective for range queries since results are always ordered by labels";
        self.add(Level::Warning, text.to_owned(), span.start);
    }

    /// A quantile outside 0 … 1.
    pub fn invalid_quantile(&mut self, quantile: f64, span: Span) {
        let got: String = go_number(quantile);
        let text: String = format!("quantile value should be between 0 and 1, got {got}");
        self.add(Level::Warning, text, span.start);
    }

    /// A bucket whose `le` is missing or is not a number.
    pub fn bad_bucket_label(&mut self, metric: &str, value: &str, span: Span) {
        let mut text: String = format!("bucket label \"le\" is missing or has a malformed value of {value:?}");
        if !metric.is_empty() {
            text.push_str(&format!(" for metric name {metric:?}"));
        }
        self.add(Level::Warning, text, span.start);
    }

    /// `rate` or `increase` over a metric that does not sound like a counter.
    pub fn possible_non_counter(&mut self, metric: &str, span: Span) {
        let text: String = format!("metric might not be a counter, name does not end in _total/_sum/_count/_bucket: {metric:?}");
        self.add(Level::Info, text, span.start);
    }

    /// Buckets that shrank with growing bounds.
    pub fn forced_monotonic(&mut self, new: Forced) {
        let same = |old: &Forced| old.metric == new.metric && old.start == new.start;
        let Some(at) = self.forced.iter().position(same) else {
            self.forced.push(new);
            return;
        };
        let old: &mut Forced = &mut self.forced[at];
        old.times_ms = (old.times_ms.0.min(new.times_ms.0), old.times_ms.1.max(new.times_ms.1));
        old.bounds = (old.bounds.0.min(new.bounds.0), old.bounds.1.max(new.bounds.1));
        old.max_diff = old.max_diff.max(new.max_diff);
        old.count += new.count;
    }

    /// Warnings and infos as text with their positions in `query`.
    pub fn written(mut self, query: &str) -> (Vec<String>, Vec<String>) {
        for forced in std::mem::take(&mut self.forced) {
            self.add(Level::Info, forced_text(&forced), forced.start);
        }
        let mut warnings: Vec<String> = Vec::new();
        let mut infos: Vec<String> = Vec::new();
        for (level, text, start) in self.list {
            let (line, column): (usize, usize) = position(query, start);
            match level {
                Level::Warning => {
                    warnings.push(format!("PromQL warning: {text} ({line}:{column})"));
                }
                Level::Info => infos.push(format!("PromQL info: {text} ({line}:{column})")),
            }
        }
        (warnings, infos)
    }

    fn add(&mut self, level: Level, text: String, start: usize) {
        let note: (Level, String, usize) = (level, text, start);
        if self.seen.insert(note.clone()) {
            self.list.push(note);
        }
    }
}

fn position(query: &str, start: usize) -> (usize, usize) {
    if query.is_empty() { (1, start + 1) } else { line_col(query, start) }
}

fn forced_text(forced: &Forced) -> String {
    let mut text: String = "input to histogram_quantile needed to be fixed for monotonicity (see \
        https://prometheus.io/docs/prometheus/latest/querying/functions/#histogram_quantile)"
        .to_owned();
    if !forced.metric.is_empty() {
        text.push_str(&format!(" for metric name {:?}", forced.metric));
    }
    text.push_str(&format!(
        ", from buckets {} to {}, with a max diff of {}, over {} samples from {} to {}",
        go_number(forced.bounds.0),
        go_number(forced.bounds.1),
        two_digits(forced.max_diff),
        forced.count,
        rfc3339(forced.times_ms.0),
        rfc3339(forced.times_ms.1),
    ));
    text
}

fn rfc3339(at_ms: i64) -> String {
    model::Time(at_ms).to_utc().format("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// A number as Go's `%g` writes it.
pub(super) fn go_number(value: f64) -> String {
    if value.is_nan() {
        return "NaN".to_owned();
    }
    if value.is_infinite() {
        return (if value > 0.0 { "+Inf" } else { "-Inf" }).to_owned();
    }
    if value == 0.0 || (1e-4..1e6).contains(&value.abs()) {
        return format!("{value}");
    }
    go_exponent(&format!("{value:e}"))
}

/// Go's `%.2g`: two significant digits, trailing zeros cut.
fn two_digits(value: f64) -> String {
    if !value.is_finite() || value == 0.0 {
        return go_number(value);
    }
    let rounded: f64 = format!("{value:.1e}").parse().unwrap_or(value);
    if (1e-4..1e2).contains(&rounded.abs()) { format!("{rounded}") } else { go_exponent(&format!("{rounded:e}")) }
}

/// Rust writes `1e-7`, Go `1e-07`.
fn go_exponent(text: &str) -> String {
    let Some((digits, exponent)) = text.split_once('e') else {
        return text.to_owned();
    };
    let (sign, size): (&str, &str) = match exponent.strip_prefix('-') {
        Some(size) => ("-", size),
        None => ("+", exponent),
    };
    format!("{digits}e{sign}{size:0>2}")
}
