//! The smallest pieces of every binary form here: LEB128 integers, zigzag, and a reader that never runs past its end.

/// Appends `value` as LEB128, one to ten bytes.
pub(crate) fn put_uvarint(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push((value & 0x7f) as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

/// Maps small negative and positive integers to small unsigned ones.
pub(crate) fn zigzag(value: i64) -> u64 {
    ((value << 1) ^ (value >> 63)) as u64
}

/// The inverse of [`zigzag`].
pub(crate) fn unzigzag(value: u64) -> i64 {
    ((value >> 1) as i64) ^ -((value & 1) as i64)
}

/// Walks over bytes that may be damaged: `None` means that they end too early or make no sense.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    /// How many bytes are left.
    pub(crate) fn left(&self) -> usize {
        self.rest.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// The next LEB128 integer; refuses what does not fit into 64 bits.
    pub(crate) fn uvarint(&mut self) -> Option<u64> {
        let mut value: u64 = 0;
        for (at, &byte) in self.rest.iter().enumerate().take(10) {
            let part: u64 = u64::from(byte & 0x7f);
            if at == 9 && byte > 1 {
                return None;
            }
            value |= part << (7 * at);
            if byte < 0x80 {
                self.rest = &self.rest[at + 1..];
                return Some(value);
            }
        }
        None
    }

    /// The next `n` bytes.
    pub(crate) fn take(&mut self, n: usize) -> Option<&'a [u8]> {
        if n > self.rest.len() {
            return None;
        }
        let (taken, rest) = self.rest.split_at(n);
        self.rest = rest;
        Some(taken)
    }

    /// A length as LEB128 and that many bytes.
    pub(crate) fn delimited(&mut self) -> Option<&'a [u8]> {
        let n: u64 = self.uvarint()?;
        self.take(usize::try_from(n).ok()?)
    }

    /// The next eight bytes, little-endian.
    pub(crate) fn u64_le(&mut self) -> Option<u64> {
        let bytes: [u8; 8] = self.take(8)?.try_into().ok()?;
        Some(u64::from_le_bytes(bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn integers_come_back(value: u64, signed: i64) {
            let mut bytes: Vec<u8> = Vec::new();
            put_uvarint(&mut bytes, value);
            let mut reader = Reader::new(&bytes);
            prop_assert_eq!(reader.uvarint(), Some(value));
            prop_assert!(reader.is_empty());
            prop_assert_eq!(unzigzag(zigzag(signed)), signed);
        }
    }

    #[test]
    fn too_short_and_too_long_integers_are_refused() {
        assert_eq!(Reader::new(&[0x80]).uvarint(), None);
        assert_eq!(Reader::new(&[0xff; 11]).uvarint(), None);
        assert_eq!(Reader::new(&[5, 1, 2]).delimited(), None);
    }
}
