//! Figures for looking back: how fast people answered, who was woken, what was noise, and whether the load is shared.
//!
//! Plain functions over plain slices. What is counted is handed back as places in the slice it came from, so that every number on a screen
//! opens its list.

pub mod fairness;
pub mod nights;
pub mod noise;

use crate::Time;
use serde::{Deserialize, Serialize};

/// Durations in figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figures {
    pub n: usize,
    pub mean_ms: i64,
    pub median_ms: i64,
    /// Nine of ten are not longer.
    pub p90_ms: i64,
    pub worst_ms: i64,
}

/// Figures of some durations; none of none. The median of an even number is the mean of the two in the middle; the ninetieth percentile
/// is the nearest rank.
#[must_use]
pub fn figures(durations_ms: &[i64]) -> Option<Figures> {
    let mut sorted: Vec<i64> = durations_ms.to_vec();
    sorted.sort_unstable();
    let n: usize = sorted.len();
    let worst_ms: i64 = *sorted.last()?;
    let sum: i128 = sorted.iter().map(|ms| i128::from(*ms)).sum();
    let mean: i128 = sum / i128::try_from(n).unwrap_or(1);
    let (low, high) = (sorted[(n - 1) / 2], sorted[n / 2]);
    let rank: usize = (n * 9).div_ceil(10);
    Some(Figures {
        n,
        mean_ms: i64::try_from(mean).unwrap_or(worst_ms),
        median_ms: low + high.saturating_sub(low) / 2,
        p90_ms: sorted[rank - 1],
        worst_ms,
    })
}

/// What is counted of one alert or incident.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Handled {
    /// Fired, or declared.
    pub began_at: Time,
    pub acknowledged_at: Option<Time>,
    pub resolved_at: Option<Time>,
}

/// How long something took, over a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Took {
    pub figures: Option<Figures>,
    /// Places of those that are counted, the slowest first.
    pub counted: Vec<usize>,
    /// Places of those that can't be counted: it has not happened.
    pub not_yet: Vec<usize>,
}

/// Mean time to acknowledge. What was resolved without an acknowledgement is not counted: nobody answered it.
#[must_use]
pub fn time_to_acknowledge(handled: &[Handled]) -> Took {
    took(handled, |one| one.acknowledged_at)
}

/// Mean time to resolve.
#[must_use]
pub fn time_to_resolve(handled: &[Handled]) -> Took {
    took(handled, |one| one.resolved_at)
}

fn took(handled: &[Handled], end: fn(&Handled) -> Option<Time>) -> Took {
    let mut counted: Vec<(i64, usize)> = Vec::new();
    let mut not_yet: Vec<usize> = Vec::new();
    for (place, one) in handled.iter().enumerate() {
        match end(one) {
            // A clock that went backwards must not make a mean better.
            Some(at) => counted.push((at.since(one.began_at).max(0), place)),
            None => not_yet.push(place),
        }
    }
    counted.sort_by_key(|(ms, place)| (std::cmp::Reverse(*ms), *place));
    let durations: Vec<i64> = counted.iter().map(|(ms, _)| *ms).collect();
    Took { figures: figures(&durations), counted: counted.into_iter().map(|(_, place)| place).collect(), not_yet }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn figures_are_those_of_the_books() {
        for (durations, mean, median, p90) in [
            (vec![7i64], 7, 7, 7),
            (vec![1, 3], 2, 2, 3),
            (vec![5, 1, 3], 3, 3, 5),
            ((1..=10).collect(), 5, 5, 9),
            ((1..=11).collect(), 6, 6, 10),
            ((1..=100).collect(), 50, 50, 90),
        ] {
            let found: Figures = figures(&durations).unwrap();
            assert_eq!((found.mean_ms, found.median_ms, found.p90_ms), (mean, median, p90), "{durations:?}");
            assert_eq!((found.n, found.worst_ms), (durations.len(), *durations.iter().max().unwrap()));
        }
        assert_eq!(figures(&[]), None);
        assert_eq!(figures(&[i64::MAX, i64::MAX]).unwrap().mean_ms, i64::MAX);
    }

    #[test]
    fn every_number_opens_its_list() {
        let one = |began: i64, acknowledged: Option<i64>, resolved: Option<i64>| Handled {
            began_at: Time(began),
            acknowledged_at: acknowledged.map(Time),
            resolved_at: resolved.map(Time),
        };
        let handled =
            [one(0, Some(60), Some(600)), one(100, None, Some(400)), one(200, Some(500), None), one(300, Some(290), None)];
        let acknowledged: Took = time_to_acknowledge(&handled);
        assert_eq!((acknowledged.counted, acknowledged.not_yet), (vec![2, 0, 3], vec![1]));
        assert_eq!(acknowledged.figures.map(|figures| figures.mean_ms), Some(120));
        let resolved: Took = time_to_resolve(&handled);
        assert_eq!((resolved.counted, resolved.not_yet), (vec![0, 1], vec![2, 3]));
        assert_eq!(resolved.figures.map(|figures| figures.mean_ms), Some(450));
        assert_eq!(time_to_resolve(&[]).figures, None);
    }

    proptest! {
        #[test]
        fn figures_lie_between_the_least_and_the_worst(durations in proptest::collection::vec(0i64..1_000_000, 1..60)) {
            let found: Figures = figures(&durations).unwrap();
            let least: i64 = *durations.iter().min().unwrap();
            prop_assert!(least <= found.median_ms && found.median_ms <= found.p90_ms && found.p90_ms <= found.worst_ms);
            prop_assert!(least <= found.mean_ms && found.mean_ms <= found.worst_ms);
            let n_within: usize = durations.iter().filter(|ms| **ms <= found.p90_ms).count();
            prop_assert!(n_within * 10 >= durations.len() * 9);
        }
    }
}
