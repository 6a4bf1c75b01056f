//! Somebody who writes a paper: edits made by counting, so that every run has the same.
//!
//! The trace B4 of crdt-benchmarks is what one person typed in months: 182,315 letters and 77,463 deletions, one at a time. It is not shipped
//! here, so this one only has its shape: the same counts, and runs of typing and of going back that are so long that Yjs writes the whole in
//! some 160 kB, as it does with the real one.

/// One edit at a place in UTF-16.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Edit {
    pub(super) at: u32,
    pub(super) n_removed: u32,
    pub(super) inserted: String,
}

const N_INSERTS: u64 = 182_315;
const N_DELETES: u64 = 77_463;
/// Of a run, on the average.
const TYPED_IN_A_ROW: u64 = 76;
const DELETED_IN_A_ROW: u64 = 28;
/// Of a hundred runs, so many end with going elsewhere, and of a hundred of those, so many with going far.
const GOES: u64 = 15;
const GOES_FAR: u64 = 20;
/// Otherwise it is so near, on either side.
const NEAR: u64 = 200;
const LETTERS: &str = " etaoinsrhldcumfpgwybvk";

/// All of them.
pub(super) fn edits() -> Vec<Edit> {
    let mut typist = Typist { dice: Dice(1), n_inserts: N_INSERTS, n_deletes: N_DELETES, len: 0, caret: 0, edits: Vec::new() };
    while typist.n_inserts + typist.n_deletes > 0 {
        if typist.goes_back() {
            typist.delete()
        } else {
            typist.write()
        }
        typist.go();
    }
    typist.edits
}

struct Typist {
    dice: Dice,
    n_inserts: u64,
    n_deletes: u64,
    len: u64,
    caret: u64,
    edits: Vec<Edit>,
}

impl Typist {
    /// What is left of each says which it is: so both end together.
    fn goes_back(&mut self) -> bool {
        if self.n_deletes == 0 || self.caret == 0 {
            return self.n_inserts == 0;
        }
        let (typing, deleting): (u64, u64) = (self.n_inserts * DELETED_IN_A_ROW, self.n_deletes * TYPED_IN_A_ROW);
        self.dice.below(typing + deleting) < deleting
    }

    fn write(&mut self) {
        let n: u64 = self.dice.run(TYPED_IN_A_ROW).min(self.n_inserts);
        for _ in 0..n {
            let letter: &str = self.dice.letter();
            self.put(0, letter);
            self.caret += 1;
        }
        self.n_inserts -= n;
        self.len += n;
    }

    fn delete(&mut self) {
        if self.caret == 0 {
            self.caret = self.len;
        }
        let n: u64 = self.dice.run(DELETED_IN_A_ROW).min(self.n_deletes).min(self.caret);
        for _ in 0..n {
            self.caret -= 1;
            self.put(1, "");
        }
        self.n_deletes -= n;
        self.len -= n;
    }

    fn put(&mut self, n_removed: u32, inserted: &str) {
        let at: u32 = u32::try_from(self.caret).unwrap_or(u32::MAX);
        self.edits.push(Edit { at, n_removed, inserted: inserted.to_owned() });
    }

    fn go(&mut self) {
        if self.dice.below(100) >= GOES {
            return;
        }
        self.caret = if self.dice.below(100) < GOES_FAR {
            self.dice.below(self.len + 1)
        } else {
            (self.caret + self.dice.below(2 * NEAR + 1)).saturating_sub(NEAR).min(self.len)
        };
    }
}

/// Numbers that look like chance and are the same every time (splitmix64).
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed: u64 = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % limit
    }

    /// At least one, and so many on the average.
    fn run(&mut self, mean: u64) -> u64 {
        let mut n: u64 = 1;
        while self.below(mean) != 0 {
            n += 1;
        }
        n
    }

    fn letter(&mut self) -> &'static str {
        let n_letters: u64 = LETTERS.len() as u64;
        let at: usize = usize::try_from(self.below(n_letters)).unwrap_or_default();
        &LETTERS[at..=at]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_has_the_counts_of_the_real_one_and_every_place_is_in_the_text() {
        let edits: Vec<Edit> = edits();
        let n_inserts: usize = edits.iter().filter(|edit| edit.n_removed == 0 && edit.inserted.len() == 1).count();
        let n_deletes: usize = edits.iter().filter(|edit| edit.n_removed == 1 && edit.inserted.is_empty()).count();
        assert_eq!((n_inserts, n_deletes, edits.len()), (182_315, 77_463, 259_778));
        let mut len: u32 = 0;
        for edit in &edits {
            assert!(edit.at + edit.n_removed <= len, "{edit:?} of {len}");
            len = len - edit.n_removed + u32::from(edit.n_removed == 0);
        }
        assert_eq!(len, 104_852);
    }

    #[test]
    fn it_is_the_same_every_time() {
        let (one, again): (Vec<Edit>, Vec<Edit>) = (edits(), edits());
        assert!(one == again);
    }
}
