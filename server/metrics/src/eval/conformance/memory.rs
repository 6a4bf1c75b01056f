//! A source in memory, filled by `load`.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use model::Time;
use model::labels::Labels;
use promql::ast::Matcher;

use super::notation::Sample;
use super::script::Loaded;
use crate::error::Error;
use crate::matchers;
use crate::source::{Point, SeriesData, Source};

/// Series by their labels, points by their times.
#[derive(Debug, Default)]
pub(super) struct Memory {
    series: BTreeMap<Labels, BTreeMap<i64, Sample>>,
    /// The series that were given start timestamps.
    started: BTreeSet<Labels>,
    unsupported_touched: AtomicBool,
}

impl Memory {
    /// Adds points to what is there.
    pub fn load(&mut self, loaded: &[Loaded]) {
        for one in loaded {
            if one.started {
                self.started.insert(one.labels.clone());
            }
            self.series.entry(one.labels.clone()).or_default().extend(one.points.iter().copied());
        }
    }

    /// Whether a native histogram, or a series with start timestamps, was read since the last time this was called: the
    /// engine knows neither.
    pub fn take_unsupported_touched(&self) -> bool {
        self.unsupported_touched.swap(false, Ordering::Relaxed)
    }
}

#[async_trait]
impl Source for Memory {
    async fn select(&self, matchers: &[Matcher], from: Time, to: Time) -> Result<Vec<SeriesData>, Error> {
        let tests: Vec<matchers::Test> = matchers::compile(matchers)?;
        let mut found: Vec<SeriesData> = Vec::new();
        if from > to {
            return Ok(found);
        }
        for (labels, samples) in &self.series {
            if !tests.iter().all(|test| test.accepts(labels.get(&test.name))) {
                continue;
            }
            let mut points: Vec<Point> = Vec::new();
            for (at, sample) in samples.range(from.0..=to.0) {
                match sample {
                    Sample::Float(value) => points.push(Point { at: *at, value: *value }),
                    Sample::Native => self.unsupported_touched.store(true, Ordering::Relaxed),
                    Sample::Gap => {}
                }
            }
            if self.started.contains(labels) && !points.is_empty() {
                self.unsupported_touched.store(true, Ordering::Relaxed);
            }
            found.push(SeriesData { labels: labels.clone(), points });
        }
        Ok(found)
    }
}
