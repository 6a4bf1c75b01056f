//! A world for tests: it evaluates nothing, and answers what it was told to.

use crate::asked::{Ask, Asked};
use crate::needs::{Happened, Happenings, Line, Needs, Number, Numbers, Unanswered};
use async_trait::async_trait;
use chart::{Marker, Stretch};
use dashboard::{Dashboard, Kind, Panel, Query, Row, Said};
use figures::{Locale, Zone};
use model::labels::Labels;
use model::{Severity, Time};
use promql::ast::Expr;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex};

/// When it is in every test: a whole hour.
pub(crate) const NOW: Time = Time(1_794_999_600_000);
pub(crate) const HOUR_MS: i64 = 3_600_000;

/// What it was asked, in words.
type Heard = Arc<Mutex<Vec<String>>>;

/// Answers by the expression as it is printed; nothing to what it was not told about.
#[derive(Clone, Default)]
pub(crate) struct Fake {
    ranges: HashMap<String, Result<Vec<Line>, Unanswered>>,
    instants: HashMap<String, Result<Vec<Number>, Unanswered>>,
    values: HashMap<String, Result<Vec<String>, Unanswered>>,
    pub(crate) flags: Vec<Marker>,
    pub(crate) stretches: Vec<Stretch>,
    pub(crate) open: Vec<(Vec<String>, Severity)>,
    heard: Heard,
}

/// An expression as it is printed.
fn key(expr: &str) -> String {
    promql::parse(expr).unwrap().to_string()
}

impl Fake {
    pub(crate) fn range(mut self, expr: &str, lines: Vec<Line>) -> Self {
        self.ranges.insert(key(expr), Ok(lines));
        self
    }

    pub(crate) fn instant(mut self, expr: &str, numbers: &[(&[(&str, &str)], f64)]) -> Self {
        let number = |(labels, value): &(&[(&str, &str)], f64)| Number { labels: labelled(labels), value: *value };
        self.instants.insert(key(expr), Ok(numbers.iter().map(number).collect()));
        self
    }

    /// No answer, over a span nor at a moment.
    pub(crate) fn fails(mut self, expr: &str, why: &Unanswered) -> Self {
        self.ranges.insert(key(expr), Err(why.clone()));
        self.instants.insert(key(expr), Err(why.clone()));
        self
    }

    pub(crate) fn values(mut self, label: &str, selector: &str, values: Result<Vec<String>, Unanswered>) -> Self {
        self.values.insert(format!("{label} of {selector}"), values);
        self
    }

    pub(crate) fn needs(&self) -> Needs {
        Needs { numbers: Arc::new(self.clone()), happenings: Arc::new(self.clone()) }
    }

    /// What it was asked since it was made, sorted.
    pub(crate) fn heard(&self) -> Vec<String> {
        let mut heard: Vec<String> = self.heard.lock().unwrap().clone();
        heard.sort();
        heard
    }

    fn hear(&self, what: String) {
        self.heard.lock().unwrap().push(what);
    }
}

#[async_trait]
impl Numbers for Fake {
    async fn instant(&self, expr: &Expr, at: Time) -> Result<Vec<Number>, Unanswered> {
        self.hear(format!("{expr} at {}", at.since(NOW)));
        self.instants.get(&expr.to_string()).cloned().unwrap_or_else(|| Ok(Vec::new()))
    }

    async fn range(&self, expr: &Expr, from: Time, to: Time, step_ms: i64) -> Result<Vec<Line>, Unanswered> {
        self.hear(format!("{expr} from {} to {} by {step_ms}", from.since(NOW), to.since(NOW)));
        let found = self.ranges.get(&expr.to_string()).cloned().unwrap_or_else(|| Ok(Vec::new()))?;
        let within = |line: Line| Line {
            points: line.points.into_iter().filter(|(ms, _)| (from.0..=to.0).contains(ms)).collect(),
            labels: line.labels,
        };
        Ok(found.into_iter().map(within).filter(|line| !line.points.is_empty()).collect())
    }

    async fn label_values(
        &self,
        label: &str,
        selector: &str,
        _span: (Time, Time),
        most: usize,
    ) -> Result<Vec<String>, Unanswered> {
        self.hear(format!("{label} of {selector}"));
        let found = self.values.get(&format!("{label} of {selector}")).cloned().unwrap_or_else(|| Ok(Vec::new()));
        found.map(|values| values.into_iter().take(most).collect())
    }
}

#[async_trait]
impl Happenings for Fake {
    async fn happened(&self, from: Time, to: Time, _locale: Locale) -> Happened {
        let flags: Vec<Marker> = self.flags.iter().filter(|flag| (from.0..=to.0).contains(&flag.ms)).cloned().collect();
        Happened { flags, stretches: self.stretches.clone() }
    }

    async fn open(&self) -> Vec<(Vec<String>, Severity)> {
        self.open.clone()
    }
}

pub(crate) fn labelled(pairs: &[(&str, &str)]) -> Labels {
    Labels::new(pairs.iter().copied())
}

/// A series whose last value is now, the others each a step before.
pub(crate) fn line(pairs: &[(&str, &str)], step_ms: i64, values: &[f64]) -> Line {
    let n_values: i64 = i64::try_from(values.len()).unwrap();
    let points = values.iter().zip(1..).map(|(value, nth)| (NOW.0 - (n_values - nth) * step_ms, *value)).collect();
    Line { labels: labelled(pairs), points }
}

/// The last hour, in English.
pub(crate) fn asked() -> Asked {
    Asked {
        span: Ask::Last("1h".to_owned()),
        chosen: BTreeMap::new(),
        open_rows: BTreeSet::new(),
        width_px: 1_160,
        locale: Locale::En,
        zone: Zone::utc(),
        now: NOW,
    }
}

/// The same with values chosen.
pub(crate) fn choosing(pairs: &[(&str, &[&str])]) -> Asked {
    let owned = |values: &[&str]| values.iter().map(|value| (*value).to_owned()).collect();
    let chosen = pairs.iter().map(|(name, values)| ((*name).to_owned(), owned(values))).collect();
    Asked { chosen, ..asked() }
}

pub(crate) fn query(expr: &str, name: &str) -> Query {
    Query { expr: expr.to_owned(), name: name.to_owned(), ..Query::default() }
}

/// A panel of half the width.
pub(crate) fn panel(id: &str, kind: Kind, queries: Vec<Query>) -> Panel {
    Panel { id: id.to_owned(), title: Said::same(id), kind, queries, width: 12, height: 6, ..Panel::default() }
}

/// A dashboard of one row.
pub(crate) fn board(panels: Vec<Panel>) -> Dashboard {
    let rows = vec![Row { panels, ..Row::default() }];
    Dashboard { slug: "board".to_owned(), title: Said::same("Board"), rows, ..Dashboard::default() }
}
