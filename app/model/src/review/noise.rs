//! Noise: alerts that called somebody, and nobody did anything.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What became of one alert.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// What raised it: a rule's id, an integration's name.
    pub source: String,
    /// Somebody was paged.
    pub did_page: bool,
    /// Somebody acknowledged, commented, resolved it by hand, or made an incident of it.
    pub was_acted_on: bool,
}

/// How much of a source's alerts is noise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Noise {
    pub source: String,
    /// Places of alerts that paged.
    pub paged: Vec<usize>,
    /// Places of those without an action.
    pub idle: Vec<usize>,
}

impl Noise {
    /// How many of ten thousand pages led to nothing.
    #[must_use]
    pub fn share_bp(&self) -> u32 {
        share_bp(self.idle.len(), self.paged.len())
    }
}

/// `part` of `whole` in ten-thousandths; 0 of nothing.
#[must_use]
pub fn share_bp(part: usize, whole: usize) -> u32 {
    let share: u128 = (part.min(whole) as u128 * 10_000).checked_div(whole as u128).unwrap_or(0);
    u32::try_from(share).unwrap_or(10_000)
}

/// Noise by source, the one with the most idle pages first. What paged nobody made no noise, and is not counted.
#[must_use]
pub fn by_source(outcomes: &[Outcome]) -> Vec<Noise> {
    let mut sources: BTreeMap<&str, Noise> = BTreeMap::new();
    for (place, outcome) in outcomes.iter().enumerate().filter(|(_, outcome)| outcome.did_page) {
        let empty = || Noise { source: outcome.source.clone(), paged: Vec::new(), idle: Vec::new() };
        let noise: &mut Noise = sources.entry(outcome.source.as_str()).or_insert_with(empty);
        noise.paged.push(place);
        noise.idle.extend((!outcome.was_acted_on).then_some(place));
    }
    let mut found: Vec<Noise> = sources.into_values().collect();
    // Names decide last, and they come sorted.
    found.sort_by_key(|noise| std::cmp::Reverse((noise.idle.len(), noise.share_bp())));
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(source: &str, did_page: bool, was_acted_on: bool) -> Outcome {
        Outcome { source: source.to_owned(), did_page, was_acted_on }
    }

    #[test]
    fn the_loudest_for_nothing_comes_first() {
        let outcomes = [
            outcome("disk", true, true),
            outcome("cpu", true, false),
            outcome("cpu", true, true),
            outcome("cpu", true, false),
            outcome("cert", true, false),
            outcome("cert", true, false),
            outcome("queue", false, false),
        ];
        let found: Vec<Noise> = by_source(&outcomes);
        let said: Vec<(&str, u32)> = found.iter().map(|noise| (noise.source.as_str(), noise.share_bp())).collect();
        assert_eq!(said, [("cert", 10_000), ("cpu", 6_666), ("disk", 0)]);
        assert_eq!((found[1].paged.as_slice(), found[1].idle.as_slice()), ([1, 2, 3].as_slice(), [1, 3].as_slice()));
        assert!(by_source(&[]).is_empty());
    }

    #[test]
    fn shares_are_of_ten_thousand() {
        for (part, whole, expected) in [(0, 0, 0), (1, 0, 0), (1, 3, 3_333), (3, 3, 10_000), (usize::MAX, usize::MAX, 10_000)] {
            assert_eq!(share_bp(part, whole), expected);
        }
    }
}
