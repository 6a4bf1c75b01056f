//! Columns of the head: times as differences of differences, values as XOR with the one before.
//!
//! The scheme of "Gorilla: A Fast, Scalable, In-Memory Time Series Database" (Pelkonen et al., VLDB 2015) with the buckets of
//! Prometheus' `tsdb/chunkenc/xor.go`. Lives in memory only, hence it has no version. Every bit of time and value comes back.

use crate::duplicates::Raw;

/// Differences of differences that fit into so many bits, and the prefix that says so, shortest first.
const BUCKETS: [(u64, u32, u32); 3] = [(0b10, 2, 14), (0b110, 3, 17), (0b1110, 4, 20)];
/// Five bits hold the count of leading zeros.
const MOST_LEADING: u32 = 31;
/// No window of significant bits is known yet.
const NO_WINDOW: u32 = u32::MAX;

/// Appends samples; the times may be anything, but rising ones are small.
#[derive(Clone, Debug)]
pub(crate) struct Encoder {
    bits: BitWriter,
    n: u32,
    first: i64,
    state: State,
}

/// What both directions remember of the sample before.
#[derive(Clone, Copy, Debug)]
struct State {
    at: i64,
    delta: i64,
    value: u64,
    leading: u32,
    trailing: u32,
}

impl State {
    fn new() -> Self {
        Self { at: 0, delta: 0, value: 0, leading: NO_WINDOW, trailing: 0 }
    }
}

impl Encoder {
    pub(crate) fn new() -> Self {
        Self { bits: BitWriter::default(), n: 0, first: 0, state: State::new() }
    }

    /// How many samples it holds.
    pub(crate) fn len(&self) -> u32 {
        self.n
    }

    /// The sample pushed first; 0 when empty.
    pub(crate) fn first_at(&self) -> i64 {
        self.first
    }

    /// The sample pushed last; zeros when empty.
    pub(crate) fn last(&self) -> Raw {
        (self.state.at, self.state.value)
    }

    /// The bytes so far; [`decode`] reads them with [`Encoder::len`].
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bits.bytes
    }

    /// Bytes on the heap.
    pub(crate) fn heap_bytes(&self) -> usize {
        self.bits.bytes.capacity()
    }

    pub(crate) fn push(&mut self, at: i64, value: u64) {
        if self.n == 0 {
            self.first = at;
            self.bits.put(at as u64, 64);
            self.bits.put(value, 64);
        } else {
            self.put_time(at);
            self.put_value(value);
        }
        self.state.at = at;
        self.state.value = value;
        self.n += 1;
    }

    fn put_time(&mut self, at: i64) {
        let delta: i64 = at.wrapping_sub(self.state.at);
        let change: i64 = delta.wrapping_sub(self.state.delta);
        self.state.delta = delta;
        if change == 0 {
            return self.bits.put(0, 1);
        }
        for (prefix, prefix_bits, bits) in BUCKETS {
            let half: i64 = 1 << (bits - 1);
            if (-half..half).contains(&change) {
                self.bits.put(prefix, prefix_bits);
                return self.bits.put(change as u64, bits);
            }
        }
        self.bits.put(0b1111, 4);
        self.bits.put(change as u64, 64);
    }

    fn put_value(&mut self, value: u64) {
        let change: u64 = value ^ self.state.value;
        if change == 0 {
            return self.bits.put(0, 1);
        }
        let leading: u32 = change.leading_zeros().min(MOST_LEADING);
        let trailing: u32 = change.trailing_zeros();
        let state: &mut State = &mut self.state;
        let fits: bool = state.leading != NO_WINDOW && leading >= state.leading && trailing >= state.trailing;
        if fits {
            self.bits.put(0b10, 2);
        } else {
            state.leading = leading;
            state.trailing = trailing;
            self.bits.put(0b11, 2);
            self.bits.put(u64::from(leading), 5);
            // 1..=64 significant bits in six: 64 is written as 0.
            self.bits.put(u64::from(64 - leading - trailing), 6);
        }
        self.bits.put(change >> self.state.trailing, 64 - self.state.leading - self.state.trailing);
    }
}

/// The `n` samples of `bytes`; ends early where the bytes do.
pub(crate) fn decode(bytes: &[u8], n: u32) -> Decoder<'_> {
    Decoder { bits: BitReader { bytes, at: 0 }, left: n, begun: false, state: State::new() }
}

/// See [`decode`].
pub(crate) struct Decoder<'a> {
    bits: BitReader<'a>,
    left: u32,
    begun: bool,
    state: State,
}

impl Iterator for Decoder<'_> {
    type Item = Raw;

    fn next(&mut self) -> Option<Raw> {
        if self.left == 0 {
            return None;
        }
        self.left -= 1;
        if self.begun {
            self.get_time()?;
            self.get_value()?;
        } else {
            self.begun = true;
            self.state.at = self.bits.get(64)? as i64;
            self.state.value = self.bits.get(64)?;
        }
        Some((self.state.at, self.state.value))
    }
}

impl Decoder<'_> {
    fn get_time(&mut self) -> Option<()> {
        let change: i64 = self.get_change()?;
        self.state.delta = self.state.delta.wrapping_add(change);
        self.state.at = self.state.at.wrapping_add(self.state.delta);
        Some(())
    }

    fn get_change(&mut self) -> Option<i64> {
        if self.bits.get(1)? == 0 {
            return Some(0);
        }
        for (_, _, bits) in BUCKETS {
            if self.bits.get(1)? == 0 {
                let raw: u64 = self.bits.get(bits)?;
                return Some(((raw << (64 - bits)) as i64) >> (64 - bits));
            }
        }
        Some(self.bits.get(64)? as i64)
    }

    fn get_value(&mut self) -> Option<()> {
        if self.bits.get(1)? == 0 {
            return Some(());
        }
        if self.bits.get(1)? == 1 {
            self.state.leading = self.bits.get(5)? as u32;
            let significant: u32 = match self.bits.get(6)? as u32 {
                0 => 64,
                some => some,
            };
            self.state.trailing = 64_u32.checked_sub(self.state.leading + significant)?;
        }
        if self.state.leading == NO_WINDOW {
            return None;
        }
        let significant: u32 = 64 - self.state.leading - self.state.trailing;
        self.state.value ^= self.bits.get(significant)? << self.state.trailing;
        Some(())
    }
}

#[derive(Clone, Debug, Default)]
struct BitWriter {
    bytes: Vec<u8>,
    /// Unused low bits of the last byte.
    free: u32,
}

impl BitWriter {
    /// Appends the `n` low bits of `value`, the highest of them first.
    fn put(&mut self, value: u64, mut n: u32) {
        while n > 0 {
            if self.free == 0 {
                self.bytes.push(0);
                self.free = 8;
            }
            let take: u32 = n.min(self.free);
            let part: u8 = ((value >> (n - take)) & ((1_u64 << take) - 1)) as u8;
            if let Some(last) = self.bytes.last_mut() {
                *last |= part << (self.free - take);
            }
            self.free -= take;
            n -= take;
        }
    }
}

struct BitReader<'a> {
    bytes: &'a [u8],
    /// In bits.
    at: usize,
}

impl BitReader<'_> {
    fn get(&mut self, n: u32) -> Option<u64> {
        let mut value: u64 = 0;
        let mut left: u32 = n;
        while left > 0 {
            let byte: u8 = *self.bytes.get(self.at / 8)?;
            let free: u32 = 8 - (self.at % 8) as u32;
            let take: u32 = left.min(free);
            let part: u64 = u64::from(byte >> (free - take)) & ((1_u64 << take) - 1);
            value = (value << take) | part;
            self.at += take as usize;
            left -= take;
        }
        Some(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::duplicates::STALE_NAN;
    use proptest::prelude::*;

    fn round_trip(samples: &[Raw]) -> Vec<Raw> {
        let mut encoder = Encoder::new();
        for &(at, value) in samples {
            encoder.push(at, value);
        }
        decode(encoder.bytes(), encoder.len()).collect()
    }

    proptest! {
        #[test]
        fn every_bit_comes_back(samples in proptest::collection::vec((any::<i64>(), any::<u64>()), 0..200)) {
            prop_assert_eq!(round_trip(&samples), samples);
        }

        #[test]
        fn ordinary_series_come_back(
            start in 1_700_000_000_000_i64..1_800_000_000_000,
            steps in proptest::collection::vec((1_i64..40_000, -1_000_i64..1_000), 1..200),
        ) {
            let mut at: i64 = start;
            let samples: Vec<Raw> = steps
                .iter()
                .map(|(step, value)| {
                    at += step;
                    (at, (*value as f64 / 10.0).to_bits())
                })
                .collect();
            prop_assert_eq!(round_trip(&samples), samples);
        }

        #[test]
        fn damage_never_panics(bytes: Vec<u8>, n in 0_u32..500) {
            prop_assert!(decode(&bytes, n).count() <= n as usize);
        }
    }

    #[test]
    fn stale_markers_and_nan_payloads_survive() {
        let samples: Vec<Raw> = vec![(0, 1.0_f64.to_bits()), (15, STALE_NAN), (30, 0x7ff8_dead_beef_0001), (45, u64::MAX)];
        assert_eq!(round_trip(&samples), samples);
    }

    #[test]
    fn a_steady_series_costs_two_bits_a_sample() {
        let samples: Vec<Raw> = (0..120).map(|step| (step * 15_000, 5.0_f64.to_bits())).collect();
        let mut encoder = Encoder::new();
        for &(at, value) in &samples {
            encoder.push(at, value);
        }
        assert!(encoder.bytes().len() < 16 + 34, "took {} bytes", encoder.bytes().len());
    }
}
