//! Two values for one series and one time: the one rule by which a winner is found, everywhere and for good.
//!
//! A number beats a stale marker; between the rest the greater bit pattern wins. The rule looks at nothing but the two values, so
//! it does not matter in which order replicas, restarts or later rewrites meet them: all end with the same sample, and no
//! origin has to be kept beside each sample to decide it.

/// Bits of the NaN that says "this series has ended". Source: Prometheus, `model/value/value.go`, `StaleNaN`.
pub const STALE_NAN: u64 = 0x7ff0_0000_0000_0002;

/// A sample as stored: milliseconds since the Unix epoch, and the bits of the value.
pub(crate) type Raw = (i64, u64);

/// The value that stays. Commutative, associative, idempotent.
pub(crate) fn winner(left: u64, right: u64) -> u64 {
    match (left == STALE_NAN, right == STALE_NAN) {
        (true, _) => right,
        (_, true) => left,
        _ => left.max(right),
    }
}

/// Sorts by time and leaves one sample per time. Returns how many samples lost against a different value.
pub(crate) fn sort_unique(samples: &mut Vec<Raw>) -> u64 {
    // As they come from chunks, nearly always.
    if samples.is_sorted_by(|left, right| left.0 < right.0) {
        return 0;
    }
    samples.sort_unstable();
    let mut conflicts: u64 = 0;
    samples.dedup_by(|later, kept| {
        if later.0 != kept.0 {
            return false;
        }
        conflicts += u64::from(later.1 != kept.1);
        kept.1 = winner(kept.1, later.1);
        true
    });
    conflicts
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_order_of_arrival_does_not_matter(one: u64, two: u64, three: u64) {
            prop_assert_eq!(winner(one, two), winner(two, one));
            prop_assert_eq!(winner(winner(one, two), three), winner(one, winner(two, three)));
            prop_assert_eq!(winner(one, one), one);
        }
    }

    #[test]
    fn a_number_beats_a_stale_marker_and_conflicts_are_counted() {
        assert_eq!(winner(STALE_NAN, 1.0_f64.to_bits()), 1.0_f64.to_bits());
        let mut samples: Vec<Raw> = vec![(2, 7), (1, 3), (2, 9), (2, 9), (1, STALE_NAN)];
        assert_eq!(sort_unique(&mut samples), 2);
        assert_eq!(samples, [(1, 3), (2, 9)]);
    }
}
