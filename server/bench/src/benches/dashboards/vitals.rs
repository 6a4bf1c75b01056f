//! What a document is felt like, from what the browser noted: INP and CLS as the library `web-vitals` works them out.
//!
//! Sources: "Interaction to Next Paint (INP)" and "Cumulative Layout Shift (CLS)", web.dev; "Event Timing API", W3C.

use super::BENCH;
use crate::error::Error;
use crate::line::{Line, percentile};
use serde::Deserialize;
use std::collections::BTreeMap;

/// Of so many interactions one may be worse: a rare hiccup is not what a reader feels.
const FORGIVEN: usize = 50;
/// Whatever is shorter than this the browser does not note.
const LEAST_MS: f64 = 16.0;
/// Shifts that follow each other belong together: so near one to the next, and so long at most.
const NEAR_MS: f64 = 1_000.0;
const WINDOW_MS: f64 = 5_000.0;
/// A processor that was made four times slower may measure as less beside other work; below this it was not made slower at all.
const LEAST_SLOWDOWN: f64 = 2.0;

/// Something that a hand did, or a part of it: what is pressed is also let go.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Event {
    /// Of the interaction it is a part of.
    id: u64,
    /// Until the next frame.
    ms: f64,
    /// `keydown`, `click` …
    what: String,
}

/// Something that moved by itself.
#[derive(Clone, Copy, Debug, Deserialize)]
pub(super) struct Shift {
    at_ms: f64,
    value: f64,
}

/// What hands felt of a document.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Felt {
    events: Vec<Event>,
    /// All of them, the quick ones too.
    n_interactions: usize,
    /// From each move of the pointer over a chart until the frame that shows it.
    moves: Vec<f64>,
}

impl Felt {
    /// INP, how long moves took, and how many there were of either.
    ///
    /// # Errors
    /// When nothing was felt: then nothing was touched, and no figure means anything.
    pub(super) fn lines(&self, said: &str, goal_ms: Option<f64>) -> Result<Vec<Line>, Error> {
        if self.n_interactions == 0 || self.moves.is_empty() {
            return Err(Error::TooLate { what: "an interaction in the browser" });
        }
        let lower = |what: &str, value: f64| {
            let line = Line::lower(BENCH, &format!("{said}: {what}"), value, "ms");
            match goal_ms {
                Some(goal) => line.with_goal(goal),
                None => line,
            }
        };
        let n_interactions: f64 = self.n_interactions as f64;
        if let Some(worst) = self.worst() {
            eprintln!("   {said}: the slowest was a {} of {:.0} ms", worst.what, worst.ms);
        }
        Ok(vec![
            lower("INP", self.inp()),
            lower("a move of the pointer until its frame, p98", percentile(&self.moves, 0.98)),
            Line::higher(BENCH, &format!("{said}: interactions"), n_interactions, "interactions"),
        ])
    }

    fn worst(&self) -> Option<&Event> {
        self.events.iter().max_by(|one, other| one.ms.total_cmp(&other.ms))
    }

    /// Of each interaction its slowest part; of all the slowest, or one of the next where there were many.
    fn inp(&self) -> f64 {
        let mut slowest: BTreeMap<u64, f64> = BTreeMap::new();
        for event in &self.events {
            let known: &mut f64 = slowest.entry(event.id).or_default();
            *known = known.max(event.ms);
        }
        let mut all: Vec<f64> = slowest.into_values().collect();
        all.sort_by(|one, other| other.total_cmp(one));
        let place: usize = (self.n_interactions / FORGIVEN).min(all.len().saturating_sub(1));
        all.get(place).copied().unwrap_or(LEAST_MS)
    }
}

/// The worst window of shifts.
pub(super) fn cls(shifts: &[Shift]) -> f64 {
    let (mut worst, mut sum): (f64, f64) = (0.0, 0.0);
    let (mut first_ms, mut last_ms): (f64, f64) = (f64::NEG_INFINITY, f64::NEG_INFINITY);
    for shift in shifts {
        if shift.at_ms - last_ms >= NEAR_MS || shift.at_ms - first_ms >= WINDOW_MS {
            (sum, first_ms) = (0.0, shift.at_ms);
        }
        sum += shift.value;
        last_ms = shift.at_ms;
        worst = worst.max(sum);
    }
    worst
}

/// Whether the browser's processor was made slower, which the figures say.
///
/// # Errors
/// When it was not.
pub(super) fn was_slow(slowdown: f64) -> Result<(), Error> {
    eprintln!("   the browser was {slowdown:.1} times slower");
    if slowdown >= LEAST_SLOWDOWN {
        return Ok(());
    }
    Err(Error::unreadable("how much slower the browser was made", &slowdown.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::benches::browser::read;

    fn felt(events: &[(u64, f64)], n_interactions: usize) -> Felt {
        let event = |(id, ms): &(u64, f64)| Event { id: *id, ms: *ms, what: "click".to_owned() };
        Felt { events: events.iter().map(event).collect(), n_interactions, moves: vec![8.0] }
    }

    #[test]
    fn an_interaction_is_as_slow_as_its_slowest_part_and_one_of_fifty_is_forgiven() {
        let events = [(7, 24.0), (7, 80.0), (8, 64.0), (9, 32.0)];
        assert_eq!(felt(&events, 3).inp(), 80.0);
        assert_eq!(felt(&events, 49).inp(), 80.0);
        assert_eq!(felt(&events, 50).inp(), 64.0);
        assert_eq!(felt(&events, 149).inp(), 32.0);
        assert_eq!(felt(&events, 1_000).inp(), 32.0, "those that were quick were not noted");
        assert_eq!(felt(&[], 5).inp(), LEAST_MS);
    }

    #[test]
    fn where_nothing_was_touched_there_is_no_figure() {
        assert!(felt(&[], 0).lines("a", Some(100.0)).is_err());
        let lines = felt(&[(1, 120.0)], 1).lines("a", Some(100.0)).unwrap();
        assert_eq!((lines[0].case.as_str(), lines[0].ok, lines[1].ok), ("a: INP", false, true));
        assert_eq!(felt(&[(1, 120.0)], 1).lines("a", None).unwrap()[0].goal, None);
    }

    #[test]
    fn shifts_add_up_within_their_window() {
        let shift = |at_ms: f64, value: f64| Shift { at_ms, value };
        assert_eq!(cls(&[]), 0.0);
        assert_eq!(cls(&[shift(0.0, 0.25), shift(900.0, 0.5), shift(1_900.0, 0.5)]), 0.75, "a second of rest ends a window");
        let steady: Vec<Shift> = (0..12).map(|at| shift(f64::from(at) * 500.0, 0.125)).collect();
        assert_eq!(cls(&steady), 1.25, "five seconds are the longest window");
    }

    #[test]
    fn what_the_browser_says_is_read_and_nonsense_is_not() {
        let said = r#"{"events":[{"id":7120,"ms":24,"what":"keydown"}],"moves":[12.5],"n_interactions":3,"slowdown":4.1}"#;
        let felt: Felt = read(said).unwrap();
        assert_eq!((felt.n_interactions, felt.events[0].id, felt.moves[0]), (3, 7_120, 12.5));
        assert!(read::<Felt>("null").is_err() && read::<Felt>("").is_err());
        assert!(was_slow(3.6).is_ok() && was_slow(1.1).is_err() && was_slow(f64::NAN).is_err());
    }
}
