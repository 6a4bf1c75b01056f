//! A living plot: each tick of a stream appends its values, and the span moves along.

use crate::plot::{Plot, Series};

impl Plot {
    /// Appends a moment's values to the series of those names, and slides the span so that its length stays. A moment that is past changes
    /// nothing. Says whether the plot has a series for every value: a new one comes only with the whole plot.
    pub fn append(&mut self, at_ms: i64, values: &[(String, f64)]) -> bool {
        if at_ms <= self.to_ms {
            return true;
        }
        let slide_ms = at_ms - self.to_ms;
        self.from_ms += slide_ms;
        self.to_ms += slide_ms;
        let mut is_whole = true;
        for (name, value) in values {
            match self.series.iter_mut().find(|series| !series.is_past() && series.name == *name) {
                Some(series) => push(series, at_ms, *value, self.from_ms),
                None => is_whole = false,
            }
        }
        is_whole
    }
}

/// One point before the left edge stays, so that the line still enters from there.
fn push(series: &mut Series, at_ms: i64, value: f64, from_ms: i64) {
    if series.points.last().is_none_or(|(last, _)| *last < at_ms) {
        series.points.push((at_ms, value));
    }
    let n_past = series.points.iter().take_while(|(ms, _)| *ms < from_ms).count();
    series.points.drain(..n_past.saturating_sub(1));
}

#[cfg(test)]
mod tests {
    use figures::{Locale, Zone};

    use crate::plot::{Plot, Series};

    fn plot() -> Plot {
        let series = Series { name: "used".to_owned(), style: 1, points: vec![(0, 1.0), (50, 2.0), (100, 3.0)], fill: false };
        let mut plot = Plot::new(0, 100, Zone::utc(), Locale::Ja);
        plot.series = vec![series];
        plot
    }

    fn values(name: &str) -> Vec<(String, f64)> {
        vec![(name.to_owned(), 9.0)]
    }

    #[test]
    fn a_tick_appends_and_the_span_keeps_its_length() {
        let mut plot = plot();
        assert!(plot.append(160, &values("used")));
        assert_eq!((plot.from_ms, plot.to_ms), (60, 160));
        assert_eq!(plot.series[0].points, [(50, 2.0), (100, 3.0), (160, 9.0)]);
    }

    #[test]
    fn an_old_tick_changes_nothing() {
        let (mut moved, still) = (plot(), plot());
        assert!(moved.append(100, &values("used")));
        assert_eq!(moved, still);
    }

    #[test]
    fn a_line_that_only_the_stream_knows_is_missed() {
        assert!(!plot().append(160, &values("new")));
    }
}
