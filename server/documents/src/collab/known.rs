//! What a document knows: how far each editor's clock went, and what is deleted. With what waits to be saved in it, so that fast typing does
//! not look like a gap, and what is sent twice is not kept twice.

use super::sketch::{Sketch, Stretch};
use std::collections::BTreeMap;

/// Stretches of one clock that touch nowhere, from their beginnings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Stretches(BTreeMap<u32, u32>);

impl Stretches {
    fn insert(&mut self, mut from: u32, mut until: u32) {
        if from >= until {
            return;
        }
        // Every stretch that begins before the end of this one and does not end before its beginning becomes part of it.
        let touched: Vec<u32> =
            self.0.range(..=until).rev().take_while(|(_, end)| **end >= from).map(|(begin, _)| *begin).collect();
        for begin in touched {
            if let Some(end) = self.0.remove(&begin) {
                from = from.min(begin);
                until = until.max(end);
            }
        }
        self.0.insert(from, until);
    }

    fn covers(&self, from: u32, until: u32) -> bool {
        from >= until || self.0.range(..=from).next_back().is_some_and(|(_, end)| *end >= until)
    }
}

/// See the module.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Known {
    clocks: BTreeMap<u64, u32>,
    deleted: BTreeMap<u64, Stretches>,
}

impl Known {
    /// Up to where an editor's blocks are there.
    pub(crate) fn clock(&self, client: u64) -> u32 {
        self.clocks.get(&client).copied().unwrap_or_default()
    }

    pub(crate) fn is_deleted(&self, stretch: &Stretch) -> bool {
        let of = self.deleted.get(&stretch.client);
        of.map_or(stretch.from >= stretch.until, |stretches| stretches.covers(stretch.from, stretch.until))
    }

    pub(crate) fn reach(&mut self, client: u64, until: u32) {
        let clock: &mut u32 = self.clocks.entry(client).or_default();
        *clock = (*clock).max(until);
    }

    pub(crate) fn delete(&mut self, stretch: &Stretch) {
        self.deleted.entry(stretch.client).or_default().insert(stretch.from, stretch.until);
    }

    /// Knows what an update brings, too.
    pub(crate) fn learn(&mut self, sketch: &Sketch) {
        sketch.inserts.iter().for_each(|stretch| self.reach(stretch.client, stretch.until));
        sketch.deletes.iter().for_each(|stretch| self.delete(stretch));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::{prop, prop_assert_eq, proptest};

    proptest! {
        #[test]
        fn stretches_are_the_set_of_their_numbers(
            given in prop::collection::vec((0_u32..40, 0_u32..12), 0..20),
            from in 0_u32..50,
            len in 0_u32..12,
        ) {
            let mut stretches = Stretches::default();
            let mut numbers: std::collections::BTreeSet<u32> = std::collections::BTreeSet::new();
            for (begin, n) in given {
                stretches.insert(begin, begin + n);
                numbers.extend(begin..begin + n);
            }
            prop_assert_eq!(stretches.covers(from, from + len), (from..from + len).all(|one| numbers.contains(&one)));
            let kept: u32 = stretches.0.iter().map(|(begin, end)| end - begin).sum();
            prop_assert_eq!(usize::try_from(kept).unwrap(), numbers.len(), "none counts twice");
        }
    }

    #[test]
    fn a_clock_never_goes_back() {
        let mut known = Known::default();
        known.reach(7, 5);
        known.reach(7, 3);
        assert_eq!((known.clock(7), known.clock(8)), (5, 0));
    }
}
