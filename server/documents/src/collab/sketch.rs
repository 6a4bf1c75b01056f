//! An update as it is before anybody believes it: what it brings, what it builds on, what it takes away.
//!
//! Yjs' format, version 1 (`yjs/src/utils/encoding.js`, `structs/*.js`): blocks by editor, each with the editor's clock, then what is deleted.
//! Ours holds one plain text, so a block is text, a deletion, or nothing: formats, embedded things, maps and other roots are refused. That
//! way what reaches the library can be neither half a frame nor something it does not expect.

use super::known::Known;
use super::lib0::{Malformed, Reader};
use std::collections::BTreeMap;

/// The one text of a document.
pub(crate) const ROOT: &str = "body";

const GC: u8 = 0;
const SKIP: u8 = 10;
const KIND: u8 = 0x1f;
const DELETED: u8 = 1;
const STRING: u8 = 4;
const HAS_ORIGIN: u8 = 0x80;
const HAS_RIGHT_ORIGIN: u8 = 0x40;
const HAS_KEY: u8 = 0x20;

/// A stretch of one editor's clock: from, and up to but without.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stretch {
    pub(crate) client: u64,
    pub(crate) from: u32,
    pub(crate) until: u32,
}

/// What an update would do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Sketch {
    /// In the order of the update.
    pub(crate) inserts: Vec<Stretch>,
    /// What it says is gone, and what it brings only as gone.
    pub(crate) deletes: Vec<Stretch>,
    /// Blocks it names as neighbours: editor and clock.
    pub(crate) neighbours: Vec<(u64, u32)>,
    /// Of the text it brings, in UTF-8.
    pub(crate) n_bytes: usize,
    /// It brings a carriage return or a NUL, which no text of ours has.
    pub(crate) has_foreign: bool,
}

/// What is to be done with an update.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Everything in it is known.
    Nothing,
    News,
    /// It builds on what is not known.
    Gap,
}

impl Sketch {
    pub(crate) fn read(update: &[u8]) -> Result<Self, Malformed> {
        let mut reader = Reader::new(update);
        let mut sketch = Self::default();
        let mut clients: Vec<u64> = Vec::new();
        for _ in 0..reader.number()? {
            let client: u64 = sketch.read_blocks(&mut reader)?;
            clients.push(client);
        }
        clients.sort_unstable();
        if clients.windows(2).any(|pair| pair[0] == pair[1]) {
            return Err(Malformed { expected: "each editor once" });
        }
        sketch.read_deletes(&mut reader)?;
        reader.end()?;
        Ok(sketch)
    }

    fn read_blocks(&mut self, reader: &mut Reader<'_>) -> Result<u64, Malformed> {
        let n_blocks: u64 = reader.number()?;
        if n_blocks == 0 {
            return Err(Malformed { expected: "blocks of an editor that is named" });
        }
        let client: u64 = reader.number()?;
        let mut clock: u32 = reader.small()?;
        for _ in 0..n_blocks {
            let len: u32 = self.read_block(reader, client, clock)?;
            clock =
                clock.checked_add(len).filter(|clock| *clock < 1 << 31).ok_or(Malformed { expected: "a clock below 2^31" })?;
        }
        Ok(client)
    }

    /// Reads one block and says how long it is.
    fn read_block(&mut self, reader: &mut Reader<'_>, client: u64, clock: u32) -> Result<u32, Malformed> {
        let info: u8 = reader.byte()?;
        let len: u32 = match info {
            GC | SKIP => reader.small()?,
            _ => self.read_item(reader, info)?,
        };
        if len == 0 {
            return Err(Malformed { expected: "a block of some length" });
        }
        let stretch = Stretch { client, from: clock, until: clock.saturating_add(len) };
        if info != SKIP {
            self.insert(stretch);
        }
        if info == GC || (info != SKIP && info & KIND == DELETED) {
            self.deletes.push(stretch);
        }
        Ok(len)
    }

    /// Neighbouring stretches are one: a long offline session has many blocks.
    fn insert(&mut self, stretch: Stretch) {
        match self.inserts.last_mut() {
            Some(last) if last.client == stretch.client && last.until == stretch.from => last.until = stretch.until,
            _ => self.inserts.push(stretch),
        }
    }

    fn read_item(&mut self, reader: &mut Reader<'_>, info: u8) -> Result<u32, Malformed> {
        if info & HAS_ORIGIN != 0 {
            self.neighbours.push((reader.number()?, reader.small()?));
        }
        if info & HAS_RIGHT_ORIGIN != 0 {
            self.neighbours.push((reader.number()?, reader.small()?));
        }
        if info & (HAS_ORIGIN | HAS_RIGHT_ORIGIN) == 0 {
            // Yjs writes whether a root's name follows as a whole number.
            if reader.number()? != 1 || reader.text()? != ROOT {
                return Err(Malformed { expected: "the text named body" });
            }
        }
        if info & HAS_KEY != 0 {
            return Err(Malformed { expected: "text, which has no keys" });
        }
        self.read_content(reader, info & KIND)
    }

    fn read_content(&mut self, reader: &mut Reader<'_>, kind: u8) -> Result<u32, Malformed> {
        match kind {
            DELETED => reader.small(),
            STRING => {
                let text: &str = reader.text()?;
                self.n_bytes += text.len();
                self.has_foreign |= text.contains(['\r', '\0']);
                u32::try_from(text.encode_utf16().count()).map_err(|_| Malformed { expected: "text below 4 GiB" })
            }
            _ => Err(Malformed { expected: "text or a deletion" }),
        }
    }

    fn read_deletes(&mut self, reader: &mut Reader<'_>) -> Result<(), Malformed> {
        for _ in 0..reader.number()? {
            let client: u64 = reader.number()?;
            for _ in 0..reader.number()? {
                let (from, len) = (reader.small()?, reader.small()?);
                let until: u32 =
                    from.checked_add(len).filter(|until| *until < 1 << 31).ok_or(Malformed { expected: "a clock below 2^31" })?;
                if len > 0 {
                    self.deletes.push(Stretch { client, from, until });
                }
            }
        }
        Ok(())
    }

    /// What it would mean to whoever knows that much.
    pub(crate) fn verdict(&self, known: &Known) -> Verdict {
        // A frame may name a hundred thousand editors: each is found without looking through the others.
        let mut ahead: BTreeMap<u64, u32> = BTreeMap::new();
        for stretch in &self.inserts {
            let reached: u32 = reach(known, &ahead, stretch.client);
            if stretch.from > reached {
                return Verdict::Gap;
            }
            if stretch.until > reached {
                ahead.insert(stretch.client, stretch.until);
            }
        }
        let is_missing = |client: u64, until: u32| until > reach(known, &ahead, client);
        let lacks_neighbour = self.neighbours.iter().any(|(client, clock)| is_missing(*client, clock.saturating_add(1)));
        if lacks_neighbour || self.deletes.iter().any(|stretch| is_missing(stretch.client, stretch.until)) {
            return Verdict::Gap;
        }
        if ahead.is_empty() && self.deletes.iter().all(|stretch| known.is_deleted(stretch)) {
            return Verdict::Nothing;
        }
        Verdict::News
    }

    /// How much it deletes of what there was before it.
    pub(crate) fn n_deleted(&self) -> u64 {
        self.deletes.iter().map(|stretch| u64::from(stretch.until - stretch.from)).sum()
    }

    /// The editor it was typed in.
    pub(crate) fn client(&self) -> Option<u64> {
        self.inserts.first().map(|stretch| stretch.client)
    }
}

/// Up to where an editor's blocks are there, with those of the update itself.
fn reach(known: &Known, ahead: &BTreeMap<u64, u32>, client: u64) -> u32 {
    ahead.get(&client).copied().unwrap_or_else(|| known.clock(client))
}

#[cfg(test)]
mod tests {
    use super::super::lib0::{put_buffer, put_number};
    use super::super::paper::Paper;
    use super::*;
    use proptest::prelude::{any, prop, prop_assert, prop_assert_eq, proptest};

    fn typed(text: &str) -> Vec<u8> {
        Paper::new().edit(text).unwrap()
    }

    #[test]
    fn an_update_says_what_it_brings() {
        let paper = Paper::new();
        let first: Vec<u8> = paper.edit("障害𠮷👨\u{200d}👩").unwrap();
        let sketch = Sketch::read(&first).unwrap();
        let len = u32::try_from("障害𠮷👨\u{200d}👩".encode_utf16().count()).unwrap();
        assert_eq!(sketch.inserts.iter().map(|stretch| (stretch.from, stretch.until)).collect::<Vec<_>>(), [(0, len)]);
        assert_eq!((sketch.n_bytes, sketch.has_foreign, sketch.n_deleted()), ("障害𠮷👨\u{200d}👩".len(), false, 0));
        paper.apply(&first).unwrap();
        let second = Sketch::read(&paper.edit("障").unwrap()).unwrap();
        assert_eq!((second.inserts.len(), second.n_deleted()), (0, u64::from(len - 1)));
    }

    #[test]
    fn news_is_told_from_what_is_known_and_from_what_builds_on_the_unknown() {
        let paper = Paper::new();
        let first: Vec<u8> = paper.edit("ab").unwrap();
        let mut known = Known::default();
        let sketch = Sketch::read(&first).unwrap();
        assert_eq!(sketch.verdict(&known), Verdict::News);
        known.learn(&sketch);
        assert_eq!(sketch.verdict(&known), Verdict::Nothing);
        paper.apply(&first).unwrap();
        let second: Vec<u8> = paper.edit("axb").unwrap();
        let third: Vec<u8> = paper.edit("b").unwrap();
        for update in [second, third] {
            let sketch = Sketch::read(&update).unwrap();
            assert_eq!(sketch.verdict(&known), Verdict::News);
            assert_eq!(sketch.verdict(&Known::default()), Verdict::Gap);
        }
    }

    #[test]
    fn what_is_no_plain_text_is_refused() {
        // One editor (7) at clock 0 with one block: an embedded thing, a format, a map's entry, another root, nothing at all.
        let embed: &[u8] = &[1, 1, 7, 0, 5, 1, 4, b'b', b'o', b'd', b'y', 2, b'{', b'}', 0];
        let format: &[u8] = &[1, 1, 7, 0, 6, 1, 4, b'b', b'o', b'd', b'y', 1, b'b', 1, b'1', 0];
        let entry: &[u8] = &[1, 1, 7, 0, 0x24, 1, 4, b'b', b'o', b'd', b'y', 1, b'k', 1, b'a', 0];
        let other: &[u8] = &[1, 1, 7, 0, 4, 1, 4, b'n', b'o', b't', b'e', 1, b'a', 0];
        let empty: &[u8] = &[1, 1, 7, 0, 4, 1, 4, b'b', b'o', b'd', b'y', 0, 0];
        let twice: &[u8] = &[2, 1, 7, 0, 0, 1, 1, 7, 1, 0, 1, 0];
        let none: &[u8] = &[1, 0, 7, 0, 0];
        for update in [embed, format, entry, other, empty, twice, none] {
            assert!(Sketch::read(update).is_err(), "{update:?}");
        }
        let good: &[u8] = &[1, 1, 7, 0, 4, 1, 4, b'b', b'o', b'd', b'y', 1, b'a', 0];
        assert_eq!(Sketch::read(good).unwrap().client(), Some(7));
    }

    #[test]
    fn half_an_update_is_none() {
        let update: Vec<u8> = typed("切り戻しました\r\n");
        assert!(Sketch::read(&update).unwrap().has_foreign);
        for len in 0..update.len() {
            assert!(Sketch::read(&update[..len]).is_err(), "{len} of {}", update.len());
        }
    }

    /// Letters of two editors, 7 and 8, each behind what it names, or at the beginning.
    fn naming(origins: &[(bool, Option<(bool, u32)>)]) -> Vec<u8> {
        let number = |is_other: bool| if is_other { 8 } else { 7 };
        let mut blocks: BTreeMap<u64, Vec<Vec<u8>>> = BTreeMap::new();
        for (is_other, origin) in origins {
            let mut block: Vec<u8> = vec![if origin.is_some() { STRING | HAS_ORIGIN } else { STRING }];
            match origin {
                Some((is_of_other, clock)) => {
                    put_number(&mut block, number(*is_of_other));
                    put_number(&mut block, u64::from(*clock));
                }
                None => {
                    put_number(&mut block, 1);
                    put_buffer(&mut block, ROOT.as_bytes());
                }
            }
            put_buffer(&mut block, b"a");
            blocks.entry(number(*is_other)).or_default().push(block);
        }
        let mut update: Vec<u8> = vec![u8::try_from(blocks.len()).unwrap()];
        for (client, blocks) in blocks {
            update.extend([u8::try_from(blocks.len()).unwrap(), u8::try_from(client).unwrap(), 0]);
            update.extend(blocks.concat());
        }
        update.push(0);
        update
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_without_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = Sketch::read(&bytes);
        }

        #[test]
        fn what_is_news_is_taken_by_the_library(
            text in "[ -~あ-ん𠮷]{1,30}",
            place in any::<usize>(),
            byte in any::<u8>(),
        ) {
            let mut update: Vec<u8> = typed(&text);
            let at: usize = place % update.len();
            update[at] = byte;
            if let Ok(sketch) = Sketch::read(&update) && sketch.verdict(&Known::default()) == Verdict::News {
                prop_assert!(Paper::new().apply(&update).is_ok(), "{update:?}");
            }
        }

        #[test]
        fn what_is_news_and_can_be_tried_is_all_there_when_it_is_read_again(
            origins in prop::collection::vec((any::<bool>(), prop::option::of((any::<bool>(), 0_u32..3))), 1..5),
        ) {
            let update: Vec<u8> = naming(&origins);
            let (sketch, ahead) = (Sketch::read(&update).unwrap(), Paper::new());
            if sketch.verdict(&Known::default()) == Verdict::News && ahead.apply(&update).is_ok() {
                let again = Paper::new();
                again.apply_all([&update[..], &update[..]].into_iter()).unwrap();
                prop_assert_eq!(again.text(), "a".repeat(origins.len()));
                prop_assert_eq!(sketch.verdict(&ahead.known()), Verdict::Nothing);
            }
        }
    }
}
