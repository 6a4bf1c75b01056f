//! Selectors: from the points that were read to columns and tracks.

use std::sync::Arc;

use model::labels::Labels;

use super::grid::{Grid, Shift};
use super::series::{ABSENT, Series, present};
use crate::source::{Point, SeriesData};

/// What an instant selector takes from a sample.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Take {
    /// Its value.
    Value,
    /// Its time in seconds; the metric name then leaves.
    Time,
}

/// One series of a range vector.
#[derive(Debug, Clone)]
pub(super) struct Track {
    /// See [`Series`].
    pub labels: Arc<Labels>,
    /// See [`Series`].
    pub drop_name: bool,
    /// Sorted by time, without staleness markers.
    pub points: Vec<Point>,
}

/// An instant vector: at each moment the newest sample of the lookback window, unless that is a staleness marker.
pub(super) fn instant(fetched: Vec<SeriesData>, shift: Shift, lookback_ms: i64, grid: &Grid, take: Take) -> Vec<Series> {
    fetched
        .into_iter()
        .map(|data| Series {
            values: column(&data.points, shift, lookback_ms, grid, take),
            labels: Arc::new(data.labels),
            drop_name: take == Take::Time,
        })
        .filter(Series::is_present)
        .collect()
}

fn column(points: &[Point], shift: Shift, lookback_ms: i64, grid: &Grid, take: Take) -> Vec<f64> {
    let mut next: usize = 0;
    let mut values: Vec<f64> = Vec::with_capacity(grid.len);
    for index in 0..grid.len {
        let at_ms: i64 = shift.apply(grid.time(index));
        while next < points.len() && points[next].at <= at_ms {
            next += 1;
        }
        let newest: Option<&Point> = next.checked_sub(1).map(|before| &points[before]);
        let fresh: Option<&Point> = newest.filter(|point| point.at > at_ms.saturating_sub(lookback_ms) && present(point.value));
        values.push(fresh.map_or(ABSENT, |point| match take {
            Take::Value => point.value,
            Take::Time => point.at as f64 / 1000.0,
        }));
    }
    values
}

/// The tracks of a range selector.
pub(super) fn tracks(fetched: Vec<SeriesData>) -> Vec<Track> {
    fetched
        .into_iter()
        .map(|mut data| {
            data.points.retain(|point| present(point.value));
            Track { labels: Arc::new(data.labels), drop_name: false, points: data.points }
        })
        .filter(|track| !track.points.is_empty())
        .collect()
}

/// The tracks of a subquery: its columns, without the gaps.
pub(super) fn tracks_of_columns(series: Vec<Series>, grid: &Grid) -> Vec<Track> {
    series
        .into_iter()
        .map(|one| Track { points: points(&one.values, grid), labels: one.labels, drop_name: one.drop_name })
        .filter(|track| !track.points.is_empty())
        .collect()
}

/// The cells of a column that hold a value, with their times.
pub(super) fn points(values: &[f64], grid: &Grid) -> Vec<Point> {
    values
        .iter()
        .enumerate()
        .filter(|(_, value)| present(**value))
        .map(|(index, value)| Point { at: grid.time(index), value: *value })
        .collect()
}
