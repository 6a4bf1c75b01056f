//! Bytes under a checksum, and compressed where that gains something.
//!
//! Sealed bytes are the checksum (eight bytes, [`hash64`] of the rest, little-endian), the size they have when expanded, twice, and one
//! more when they are compressed (LEB128), and the bytes.

use std::cell::RefCell;

use zstd::bulk::Decompressor;

use crate::chunk::Damage;
use crate::hash::{CHECKSUM_SEED, hash64};
use crate::wire::{Reader, put_uvarint};

/// zstd's fastest ordinary level: level 3 gained nothing on planes.
const LEVEL: i32 = 1;

thread_local! {
    /// Making one costs as much as expanding a few kilobytes, and blocks are read by the thousand.
    static EXPANDER: RefCell<Option<Decompressor<'static>>> = const { RefCell::new(None) };
}

/// The bytes compressed, when that makes them smaller.
pub(super) fn squeeze(bytes: &[u8]) -> Option<Vec<u8>> {
    zstd::bulk::compress(bytes, LEVEL).ok().filter(|squeezed| squeezed.len() < bytes.len())
}

/// What was squeezed. Takes `size` bytes of memory, so that must be bounded by the caller.
pub(super) fn expand(squeezed: &[u8], size: usize) -> Result<Vec<u8>, Damage> {
    let bytes: Vec<u8> = EXPANDER.with_borrow_mut(|kept| with_expander(kept, squeezed, size)).map_err(|_| Damage::Compression)?;
    if bytes.len() == size { Ok(bytes) } else { Err(Damage::Compression) }
}

fn with_expander(kept: &mut Option<Decompressor<'static>>, squeezed: &[u8], size: usize) -> std::io::Result<Vec<u8>> {
    let mut expander: Decompressor<'static> = match kept.take() {
        Some(expander) => expander,
        None => Decompressor::new()?,
    };
    let expanded: Vec<u8> = expander.decompress(squeezed, size)?;
    // One that failed is not used again.
    *kept = Some(expander);
    Ok(expanded)
}

/// The checksum of everything here.
pub(super) fn checksum(bytes: &[u8]) -> u64 {
    hash64(CHECKSUM_SEED, bytes)
}

/// Puts the checksum before the bytes.
pub(super) fn signed(bytes: &[u8]) -> Vec<u8> {
    let mut out: Vec<u8> = Vec::with_capacity(8 + bytes.len());
    out.extend_from_slice(&checksum(bytes).to_le_bytes());
    out.extend_from_slice(bytes);
    out
}

/// The bytes behind a checksum that fits.
pub(super) fn verified(signed: &[u8]) -> Result<&[u8], Damage> {
    let mut reader: Reader<'_> = Reader::new(signed);
    let expected: u64 = reader.u64_le().ok_or(Damage::Checksum)?;
    let bytes: &[u8] = reader.take(reader.left()).ok_or(Damage::Checksum)?;
    if checksum(bytes) == expected { Ok(bytes) } else { Err(Damage::Checksum) }
}

/// Seals bytes.
pub(crate) fn seal(bytes: &[u8]) -> Vec<u8> {
    let squeezed: Option<Vec<u8>> = squeeze(bytes);
    let mut out: Vec<u8> = Vec::new();
    put_uvarint(&mut out, ((bytes.len() as u64) << 1) | u64::from(squeezed.is_some()));
    out.extend_from_slice(squeezed.as_deref().unwrap_or(bytes));
    signed(&out)
}

/// The bytes that were sealed, of which there are `most` at most.
pub(crate) fn open(sealed: &[u8], most: usize) -> Result<Vec<u8>, Damage> {
    let mut reader: Reader<'_> = Reader::new(verified(sealed)?);
    let head: u64 = reader.uvarint().ok_or(Damage::Columns)?;
    let bytes: &[u8] = reader.take(reader.left()).ok_or(Damage::Columns)?;
    let size: usize = usize::try_from(head >> 1).map_err(|_| Damage::Columns)?;
    if size > most {
        return Err(Damage::Compression);
    }
    match head & 1 {
        1 => expand(bytes, size),
        _ if bytes.len() == size => Ok(bytes.to_vec()),
        _ => Err(Damage::Columns),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn sealed_bytes_come_back(bytes: Vec<u8>, zeros in 0_usize..300) {
            let bytes: Vec<u8> = [bytes, vec![0; zeros]].concat();
            let sealed: Vec<u8> = seal(&bytes);
            prop_assert!(sealed.len() <= bytes.len() + 18);
            prop_assert_eq!(open(&sealed, bytes.len()), Ok(bytes));
        }

        #[test]
        fn a_flipped_bit_is_noticed(bytes: Vec<u8>, at: prop::sample::Index, bit in 0_u32..8) {
            let mut sealed: Vec<u8> = seal(&bytes);
            let at: usize = at.index(sealed.len());
            sealed[at] ^= 1 << bit;
            prop_assert_eq!(open(&sealed, bytes.len()), Err(Damage::Checksum));
        }

        #[test]
        fn any_bytes_under_a_fitting_checksum_never_panic(bytes: Vec<u8>) {
            let _: Result<Vec<u8>, Damage> = open(&signed(&bytes), 10_000);
            let _: Result<Vec<u8>, Damage> = open(&bytes, 10_000);
        }
    }

    #[test]
    fn what_would_be_too_large_is_refused_before_memory_is_taken() {
        let sealed: Vec<u8> = seal(&[0; 5_000]);
        assert!(sealed.len() < 100);
        assert_eq!(open(&sealed, 4_999), Err(Damage::Compression));
        let mut claim: Vec<u8> = Vec::new();
        put_uvarint(&mut claim, u64::MAX);
        assert_eq!(open(&signed(&claim), 1 << 20), Err(Damage::Compression));
    }
}
