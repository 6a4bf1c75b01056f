//! Integers of 64 bits as planes of bytes: first the lowest byte of each, then the second of each, as far as any has one.

use crate::chunk::byte;
use crate::wire::Reader;

/// Appends the number of planes and the planes.
pub(super) fn put(out: &mut Vec<u8>, words: &[u64]) {
    let all: u64 = words.iter().fold(0, |all, word| all | *word);
    let n_planes: u32 = (u64::BITS - all.leading_zeros()).div_ceil(8);
    out.push(n_planes as u8);
    out.reserve(words.len() * n_planes as usize);
    for plane in 0..n_planes {
        out.extend(words.iter().map(|word| (*word >> (8 * plane)) as u8));
    }
}

/// The `n` integers. They take memory without taking input when no plane is there, so `n` must be bounded by the caller.
pub(super) fn get(reader: &mut Reader<'_>, n: usize) -> Option<Vec<u64>> {
    let n_planes: usize = usize::from(byte(reader)?);
    if n_planes > 8 {
        return None;
    }
    let planes: &[u8] = reader.take(n_planes.checked_mul(n)?)?;
    let mut words: Vec<u64> = vec![0; n];
    for (plane, bytes) in planes.chunks_exact(n.max(1)).enumerate() {
        let shift: usize = 8 * plane;
        for (word, byte) in words.iter_mut().zip(bytes) {
            *word |= u64::from(*byte) << shift;
        }
    }
    Some(words)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn words_come_back(words in proptest::collection::vec(any::<u64>(), 0..100), shift in 0_u32..64) {
            let words: Vec<u64> = words.into_iter().map(|word| word >> shift).collect();
            let mut bytes: Vec<u8> = Vec::new();
            put(&mut bytes, &words);
            let mut reader = Reader::new(&bytes);
            prop_assert_eq!(get(&mut reader, words.len()), Some(words));
            prop_assert!(reader.is_empty());
        }

        #[test]
        fn damage_never_panics(bytes: Vec<u8>, n in 0_usize..200) {
            let _: Option<Vec<u64>> = get(&mut Reader::new(&bytes), n);
        }
    }

    #[test]
    fn too_many_planes_are_refused() {
        assert_eq!(get(&mut Reader::new(&[9; 40]), 4), None);
        assert_eq!(get(&mut Reader::new(&[2, 1, 1, 1]), 2), None);
    }
}
