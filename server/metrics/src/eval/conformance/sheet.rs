//! Series written down by hand, as a source: what tests of rules are evaluated over.

use async_trait::async_trait;
use model::Time;
use model::labels::Labels;
use promql::ast::Matcher;

use super::memory::Memory;
use super::notation::{self, Sample};
use super::script::Loaded;
use crate::error::Error;
use crate::source::{SeriesData, Source};

/// A sheet of series. Native histograms and start timestamps are refused.
#[derive(Debug, Default)]
pub struct Sheet(Memory);

impl Sheet {
    /// Adds a series as it is written: `up{job="a"}` and `0 1 _ 1x5 0+10x4 stale`, its first value at `start`, the others `step_ms` apart.
    ///
    /// # Errors
    /// What can't be read.
    pub fn load(&mut self, series: &str, values: &str, start: Time, step_ms: i64) -> Result<(), String> {
        let (labels, rest): (Labels, &str) = notation::series(series)?;
        if !rest.is_empty() {
            return Err(format!("expected nothing behind the labels of {series}, found {rest}"));
        }
        let mut points: Vec<(i64, Sample)> = Vec::new();
        for (sample, index) in notation::samples(values)?.into_iter().zip(0_i64..) {
            match sample {
                Sample::Native => return Err(format!("native histograms are not supported: {series}")),
                Sample::Gap => {}
                Sample::Float(_) => points.push((start.plus_ms(index.saturating_mul(step_ms)).0, sample)),
            }
        }
        self.0.load(&[Loaded { labels, points, started: false }]);
        Ok(())
    }

    /// Adds one sample.
    pub fn put(&mut self, labels: Labels, at: Time, value: f64) {
        let points: Vec<(i64, Sample)> = vec![(at.0, Sample::Float(value))];
        self.0.load(&[Loaded { labels, points, started: false }]);
    }
}

#[async_trait]
impl Source for Sheet {
    async fn select(&self, matchers: &[Matcher], from: Time, to: Time) -> Result<Vec<SeriesData>, Error> {
        self.0.select(matchers, from, to).await
    }
}
