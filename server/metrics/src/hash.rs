//! A fast 64-bit hash by folded multiplication (the scheme of wyhash), for the index and as the checksum of a batch.
//!
//! Not cryptographic. The index compares full labels on every hit and salts with a number of the process; the checksum finds
//! damage, not forgery.

use std::hash::{BuildHasherDefault, Hasher};

/// Odd numbers without pattern: the fractional digits of √2 and √3.
const FIRST: u64 = 0x6a09_e667_f3bc_c909;
const SECOND: u64 = 0xbb67_ae85_84ca_a73b;

/// The seed of checksums. Part of the batch format: never change it.
pub(crate) const CHECKSUM_SEED: u64 = 0;

/// Hashes `bytes`. The result for [`CHECKSUM_SEED`] is stored on disk, so the function must stay as it is.
pub(crate) fn hash64(seed: u64, bytes: &[u8]) -> u64 {
    let mut state: u64 = fold(seed ^ FIRST, (bytes.len() as u64) ^ SECOND);
    let mut words = bytes.chunks_exact(8);
    for word in &mut words {
        let word: [u8; 8] = word.try_into().expect("chunks_exact yields eight bytes");
        state = fold(state ^ u64::from_le_bytes(word), FIRST).wrapping_add(SECOND);
    }
    let mut last = [0_u8; 8];
    let rest: &[u8] = words.remainder();
    last[..rest.len()].copy_from_slice(rest);
    fold(state ^ u64::from_le_bytes(last), SECOND)
}

fn fold(left: u64, right: u64) -> u64 {
    let wide: u128 = u128::from(left) * u128::from(right);
    (wide as u64) ^ ((wide >> 64) as u64)
}

/// Hashes one integer key: database ids and hashes, both made by us.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Mix(u64);

/// For maps whose key is one integer.
pub(crate) type BuildMix = BuildHasherDefault<Mix>;

impl Hasher for Mix {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        self.0 = hash64(self.0, bytes);
    }

    fn write_u64(&mut self, value: u64) {
        self.0 = fold(value ^ FIRST, SECOND);
    }

    fn write_i64(&mut self, value: i64) {
        self.write_u64(value as u64);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn length_seed_and_every_byte_count() {
        let one: u64 = hash64(CHECKSUM_SEED, b"cpu_seconds_total");
        assert_ne!(one, hash64(CHECKSUM_SEED, b"cpu_seconds_totam"));
        assert_ne!(one, hash64(1, b"cpu_seconds_total"));
        assert_ne!(hash64(CHECKSUM_SEED, b"a"), hash64(CHECKSUM_SEED, b"a\0"));
        assert_eq!(one, hash64(CHECKSUM_SEED, b"cpu_seconds_total"));
    }
}
