//! A living plot: each tick of a stream appends its values, and the span moves along.
//!
//! Ticks may be denser than the samples of a plot. Then the newest sample of a step moves along with them, so that a line has no more points
//! at its end than elsewhere, and no statistics weigh the last minutes more than the hours before.

use crate::plot::{Plot, Point, Series};

impl Plot {
    /// Appends a moment's values to the series of those names, and slides the span so that its length stays. A moment that is past changes
    /// nothing. Of several values of one name the first belongs to the first series of that name. Says whether the plot has a series for
    /// every value: a new one comes only with the whole plot.
    pub fn append(&mut self, at_ms: i64, values: &[(String, f64)]) -> bool {
        if at_ms <= self.to_ms {
            return true;
        }
        let slide_ms = at_ms - self.to_ms;
        self.from_ms += slide_ms;
        self.to_ms += slide_ms;
        let (from_ms, step_ms) = (self.from_ms, self.gap_ms / GAP_STEPS);
        let mut is_whole = true;
        for (index, (name, value)) in values.iter().enumerate() {
            let n_before = values[..index].iter().filter(|(before, _)| before == name).count();
            match self.series.iter_mut().filter(|series| !series.is_past() && series.name == *name).nth(n_before) {
                Some(series) => push(series, (at_ms, *value), from_ms, step_ms),
                None => is_whole = false,
            }
        }
        is_whole
    }
}

/// A plot has a gap where so many samples are missing.
const GAP_STEPS: i64 = 3;

/// One point before the left edge stays, so that the line still enters from there.
fn push(series: &mut Series, (at_ms, value): Point, from_ms: i64, step_ms: i64) {
    match series.points.last_mut() {
        Some(last) if last.0 >= at_ms => {}
        Some(last) if is_moving(last.0, at_ms, step_ms) => *last = (at_ms, value),
        _ => series.points.push((at_ms, value)),
    }
    let n_past = series.points.iter().take_while(|(ms, _)| *ms < from_ms).count();
    series.points.drain(..n_past.saturating_sub(1));
}

/// Whether the last sample lies in the middle of the step in which the tick lies too: a tick before made it.
fn is_moving(last_ms: i64, at_ms: i64, step_ms: i64) -> bool {
    step_ms > 1 && last_ms.rem_euclid(step_ms) != 0 && last_ms.div_euclid(step_ms) == at_ms.div_euclid(step_ms)
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
    fn ticks_that_are_denser_than_the_samples_move_the_last_one() {
        let mut plot = plot();
        plot.gap_ms = 3 * 50;
        for at_ms in [103, 110, 149, 150, 151, 160] {
            assert!(plot.append(at_ms, &values("used")));
        }
        let times: Vec<i64> = plot.series[0].points.iter().map(|point| point.0).collect();
        assert_eq!(times, [50, 100, 149, 150, 160]);
    }

    #[test]
    fn two_lines_of_one_name_both_go_on() {
        let mut plot = plot();
        plot.series.push(plot.series[0].clone());
        let both = [("used".to_owned(), 7.0), ("used".to_owned(), 8.0)];
        assert!(plot.append(160, &both));
        assert_eq!(
            plot.series.iter().map(|series| series.points.last().copied()).collect::<Vec<_>>(),
            [Some((160, 7.0)), Some((160, 8.0))]
        );
        assert!(!plot.append(170, &[both.as_slice(), &both[..1]].concat()));
    }

    #[test]
    fn a_line_that_only_the_stream_knows_is_missed() {
        assert!(!plot().append(160, &values("new")));
    }
}
