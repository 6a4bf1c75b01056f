//! The few shapes of lib0 that the protocol is written in: variable unsigned integers, and buffers with their length before them.
//!
//! Whatever a client sends is read here first, with every length held against what is really there: nothing is reserved that a frame only
//! promises. Source: `dmonad/lib0`, `encoding.js` and `decoding.js`.

/// A frame that is not what it says it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the bytes are no message: expected {expected}")]
pub(crate) struct Malformed {
    pub(crate) expected: &'static str,
}

/// JavaScript has no larger whole number.
const LARGEST: u64 = (1 << 53) - 1;

/// Reads from the beginning to the end.
#[derive(Clone, Debug)]
pub(crate) struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    /// Where the next byte is.
    pub(crate) fn at(&self) -> usize {
        self.at
    }

    pub(crate) fn is_done(&self) -> bool {
        self.at == self.bytes.len()
    }

    /// Nothing may be left.
    pub(crate) fn end(&self) -> Result<(), Malformed> {
        if self.is_done() { Ok(()) } else { Err(Malformed { expected: "nothing more" }) }
    }

    pub(crate) fn byte(&mut self) -> Result<u8, Malformed> {
        let byte: u8 = *self.bytes.get(self.at).ok_or(Malformed { expected: "one more byte" })?;
        self.at += 1;
        Ok(byte)
    }

    /// A variable unsigned integer, seven bits a byte, the lowest first.
    pub(crate) fn number(&mut self) -> Result<u64, Malformed> {
        let mut value: u64 = 0;
        for shift in (0..63).step_by(7) {
            let byte: u8 = self.byte()?;
            value |= u64::from(byte & 0x7f) << shift;
            if value > LARGEST {
                break;
            }
            if byte < 0x80 {
                return Ok(value);
            }
        }
        Err(Malformed { expected: "a whole number below 2^53" })
    }

    /// The same where only numbers below 2^31 make sense: clocks and lengths, which are added to each other.
    pub(crate) fn small(&mut self) -> Result<u32, Malformed> {
        let value: u64 = self.number()?;
        match u32::try_from(value) {
            Ok(value) if value < 1 << 31 => Ok(value),
            _ => Err(Malformed { expected: "a number below 2^31" }),
        }
    }

    /// A buffer with its length before it.
    pub(crate) fn buffer(&mut self) -> Result<&'a [u8], Malformed> {
        let short = Malformed { expected: "as many bytes as the length says" };
        let len: usize = usize::try_from(self.number()?).map_err(|_| short)?;
        let end: usize = self.at.checked_add(len).ok_or(short)?;
        let found: &'a [u8] = self.bytes.get(self.at..end).ok_or(short)?;
        self.at = end;
        Ok(found)
    }

    pub(crate) fn text(&mut self) -> Result<&'a str, Malformed> {
        std::str::from_utf8(self.buffer()?).map_err(|_| Malformed { expected: "text in UTF-8" })
    }
}

/// Writes a variable unsigned integer.
pub(crate) fn put_number(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(u8::try_from(value & 0x7f).unwrap_or_default() | 0x80);
        value >>= 7;
    }
    out.push(u8::try_from(value).unwrap_or_default());
}

/// Writes a buffer with its length before it.
pub(crate) fn put_buffer(out: &mut Vec<u8>, bytes: &[u8]) {
    put_number(out, u64::try_from(bytes.len()).unwrap_or_default());
    out.extend_from_slice(bytes);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::{any, prop, prop_assert, prop_assert_eq, proptest};

    #[test]
    fn numbers_are_written_as_yjs_writes_them() {
        for (value, bytes) in [
            (0, vec![0]),
            (127, vec![0x7f]),
            (128, vec![0x80, 1]),
            (300, vec![0xac, 2]),
            (LARGEST, vec![255, 255, 255, 255, 255, 255, 255, 15]),
        ] {
            let mut out: Vec<u8> = Vec::new();
            put_number(&mut out, value);
            assert_eq!(out, bytes, "{value}");
            assert_eq!(Reader::new(&bytes).number(), Ok(value));
        }
    }

    #[test]
    fn what_lies_about_its_length_is_refused() {
        assert!(Reader::new(&[]).number().is_err());
        assert!(Reader::new(&[0x80]).number().is_err());
        assert!(Reader::new(&[0xff; 12]).number().is_err());
        assert!(Reader::new(&[5, 1, 2]).buffer().is_err());
        assert!(Reader::new(&[255, 255, 255, 255, 255, 255, 255, 15, 1]).buffer().is_err());
        assert!(Reader::new(&[255, 255, 255, 255, 15]).small().is_err(), "2^32 - 1 plus something would run over");
        assert!(Reader::new(&[2, 0xc3, 0x28]).text().is_err());
        let mut rest = Reader::new(&[1, 7, 9]);
        assert_eq!(rest.buffer(), Ok(&[7][..]));
        assert!(rest.end().is_err());
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_without_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
            let mut reader = Reader::new(&bytes);
            let _ = reader.number();
            let _ = reader.text();
            let _ = reader.small();
            prop_assert!(reader.at() <= bytes.len());
        }

        #[test]
        fn buffers_come_back(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            let mut out: Vec<u8> = Vec::new();
            put_buffer(&mut out, &bytes);
            let mut reader = Reader::new(&out);
            prop_assert_eq!(reader.buffer(), Ok(&bytes[..]));
            prop_assert!(reader.is_done());
        }
    }
}
