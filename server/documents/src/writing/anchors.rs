//! Places that stay with their letters: Yjs' relative positions, in its own binary form (`yjs/src/utils/RelativePosition.js`).
//!
//! What an editor sends is read here before the library sees it: a position names a letter of the text, by editor and clock, or the text's own
//! beginning or end; anything else is refused.

use super::Refused;
use crate::collab::lib0::Reader;
use crate::collab::sketch::ROOT;

/// Bytes of one end.
pub const MAX_ANCHOR: usize = 64;

/// Both ends of a span: from the first letter to the last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Anchors {
    pub start: Vec<u8>,
    pub end: Vec<u8>,
}

/// What somebody wants to hang something on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// The text as a whole.
    Whole,
    /// What was chosen in an editor.
    Anchored(Anchors),
    /// These words, where they come first: for whoever has no editor.
    Words(String),
}

/// Where a span is now, in units of UTF-16, as editors count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    pub from: u32,
    pub until: u32,
}

/// On which side of its letter a place is; of the text itself: its end, or its beginning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    /// What is written there stays outside of a span that begins here.
    Before,
    /// What is written there stays outside of a span that ends here.
    Behind,
}

/// A letter, or where the text itself begins or ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Letter {
    Of { client: u64, clock: u32 },
    Text,
}

/// One end, as it was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct End {
    pub(crate) letter: Letter,
    pub(crate) side: Side,
}

/// Yjs' kinds of position.
const OF_LETTER: u64 = 0;
const OF_ROOT: u64 = 1;
/// A signed whole number of lib0 says so by this bit of its first byte; older editors leave the number out.
const NEGATIVE: u8 = 0x40;

impl End {
    /// Reads what an editor, or the database, has.
    pub(crate) fn read(bytes: &[u8]) -> Result<Self, Refused> {
        if bytes.len() > MAX_ANCHOR {
            return Err(Refused::BadAnchor);
        }
        let mut reader = Reader::new(bytes);
        let letter: Letter = match reader.number() {
            Ok(OF_LETTER) => match (reader.number(), reader.small()) {
                (Ok(client), Ok(clock)) => Letter::Of { client, clock },
                _ => return Err(Refused::BadAnchor),
            },
            Ok(OF_ROOT) if reader.text() == Ok(ROOT) => Letter::Text,
            _ => return Err(Refused::BadAnchor),
        };
        // Yjs sticks to the letter behind a place unless the number is negative.
        let side: Side = match reader.is_done() {
            true => Side::Before,
            false => match reader.byte() {
                Ok(byte) if byte < 0x80 && byte & NEGATIVE == 0 => Side::Before,
                Ok(byte) if byte < 0x80 => Side::Behind,
                _ => return Err(Refused::BadAnchor),
            },
        };
        reader.end().map_err(|_| Refused::BadAnchor)?;
        Ok(Self { letter, side })
    }
}

impl Anchors {
    /// Both ends, read.
    pub(crate) fn ends(&self) -> Result<(End, End), Refused> {
        Ok((End::read(&self.start)?, End::read(&self.end)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::{any, prop, proptest};

    #[test]
    fn positions_are_read_as_yjs_writes_them() {
        let of = |client: u64, clock: u32, side: Side| Ok(End { letter: Letter::Of { client, clock }, side });
        let text = |side: Side| Ok(End { letter: Letter::Text, side });
        for (bytes, expected) in [
            (&[0, 0x87, 0x01, 0x05, 0x00][..], of(135, 5, Side::Before)),
            (&[0, 7, 5, 0x41][..], of(7, 5, Side::Behind)),
            (&[0, 7, 5][..], of(7, 5, Side::Before)),
            (&[1, 4, b'b', b'o', b'd', b'y', 0x41][..], text(Side::Behind)),
            (&[1, 4, b'b', b'o', b'd', b'y', 0][..], text(Side::Before)),
        ] {
            assert_eq!(End::read(bytes), expected, "{bytes:?}");
        }
    }

    #[test]
    fn what_is_no_position_of_the_text_is_refused() {
        for bytes in [
            &[][..],
            &[0],
            &[0, 7],
            &[0, 7, 5, 0x80],
            &[0, 7, 5, 0, 0],
            &[0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f, 5, 0],
            &[0, 7, 0xff, 0xff, 0xff, 0xff, 0x0f, 0],
            &[1, 4, b'n', b'o', b't', b'e', 0],
            &[1, 60, b'b'],
            &[2, 7, 5, 0],
            &[0; MAX_ANCHOR + 1],
        ] {
            assert_eq!(End::read(bytes), Err(Refused::BadAnchor), "{bytes:?}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_without_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..80)) {
            let _ = End::read(&bytes);
        }
    }
}
