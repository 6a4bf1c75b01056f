//! How values move: counters with varied increments, gauges that swing, and what never moves. The same seed gives the same values.

use std::f64::consts::TAU;

/// Ticks of one swing of a gauge: an hour at 15 s.
const SWING: f64 = 240.0;
/// Counters have run for up to so many ticks before the first.
const OLDEST: u64 = 1_000_000;
/// Bits of a number that an `f64` holds exactly.
const MANTISSA_BITS: u32 = 53;

/// The value of a series over time.
#[derive(Clone, Copy, Debug)]
pub enum Motion {
    Still(f64),
    /// Grows by `pace` a tick in the mean, and never falls. `parts` is into how many a unit is divided: 100 for hundredths.
    Counter {
        pace: f64,
        parts: f64,
        seed: u64,
    },
    /// Swings about `mean`.
    Gauge {
        mean: f64,
        parts: f64,
        seed: u64,
    },
}

impl Motion {
    /// The value after `tick` ticks.
    pub fn value(self, tick: u64) -> f64 {
        match self {
            Self::Still(value) => value,
            Self::Counter { pace, parts, seed } => {
                // Noise below one tick, so that no value is less than the one before.
                let ticks: f64 = (seed % OLDEST + tick) as f64 + share(seed, tick);
                (ticks * pace * parts).floor() / parts
            }
            Self::Gauge { mean, parts, seed } => {
                let phase: f64 = tick as f64 / SWING + share(seed, 0);
                let value: f64 = mean * (1.0 + 0.2 * (phase * TAU).sin() + 0.02 * share(seed, tick));
                (value * parts).floor() / parts
            }
        }
    }
}

/// A number that follows from another and has nothing to do with it (splitmix64).
pub fn mixed(seed: u64) -> u64 {
    let mut z: u64 = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// A number of 0 to 1 (exclusive) that belongs to a seed and a tick.
pub fn share(seed: u64, tick: u64) -> f64 {
    let bits: u64 = mixed(seed ^ tick.wrapping_mul(0x9e37_79b9_7f4a_7c15)) >> (u64::BITS - MANTISSA_BITS);
    bits as f64 / (1_u64 << MANTISSA_BITS) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counters_never_fall_and_move() {
        for seed in 0..50 {
            let motion = Motion::Counter { pace: 0.3, parts: 100.0, seed };
            assert!((0..500).all(|tick| motion.value(tick + 1) >= motion.value(tick)), "{seed}");
            assert!(motion.value(500) > motion.value(0), "{seed}");
        }
    }

    #[test]
    fn gauges_stay_near_their_mean_and_are_repeatable() {
        let motion = Motion::Gauge { mean: 1_000.0, parts: 1.0, seed: 7 };
        assert!((0..1_000).all(|tick| (700.0..=1_300.0).contains(&motion.value(tick))));
        assert_eq!(motion.value(77), motion.value(77));
        assert!((0..100).any(|tick| motion.value(tick) != motion.value(tick + 1)));
    }
}
