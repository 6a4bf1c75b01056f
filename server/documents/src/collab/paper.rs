//! A text as the library holds it: one document of yrs with one text in it, counted in UTF-16 as every editor counts.

use super::difference::{self, Edit};
use super::frame::Clocks;
use super::known::Known;
use super::sketch::{ROOT, Stretch};
use sha2::{Digest, Sha256};
use yrs::updates::decoder::Decode;
use yrs::updates::encoder::Encode;
use yrs::{ClientID, Doc, GetString, OffsetKind, Options, ReadTxn, StateVector, Text, TextRef, Transact, Update};

/// An update that can't be read, or builds on what is not there.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a change of a text can't be applied: {reason}")]
pub(crate) struct Unreadable {
    pub(crate) reason: String,
}

fn unreadable(error: impl std::fmt::Display) -> Unreadable {
    Unreadable { reason: error.to_string() }
}

/// See the module.
pub(crate) struct Paper {
    doc: Doc,
    text: TextRef,
}

impl Paper {
    /// An empty one. Whoever types in it does so as an editor nobody ever was: two processes with one number would type over each other.
    pub(crate) fn new() -> Self {
        let mut options: Options = Options::with_client_id(ClientID::new(u64::from(rand::random::<u32>())));
        options.offset_kind = OffsetKind::Utf16;
        // What applies changes must never make any of its own.
        options.cleanup_formatting = false;
        let doc: Doc = Doc::with_options(options);
        let text: TextRef = doc.get_or_insert_text(ROOT);
        Self { doc, text }
    }

    /// Takes a change, version 1.
    pub(crate) fn apply(&self, update: &[u8]) -> Result<(), Unreadable> {
        self.apply_all(std::iter::once(update))
    }

    /// Takes changes in their order.
    pub(crate) fn apply_all<'a>(&self, updates: impl Iterator<Item = &'a [u8]>) -> Result<(), Unreadable> {
        let mut txn = self.doc.transact_mut();
        for update in updates {
            txn.apply_update(Update::decode_v1(update).map_err(unreadable)?).map_err(unreadable)?;
        }
        if txn.has_missing_updates() {
            return Err(Unreadable { reason: "it builds on what is not there".to_owned() });
        }
        Ok(())
    }

    /// Takes a snapshot, version 2.
    pub(crate) fn apply_snapshot(&self, snapshot: &[u8]) -> Result<(), Unreadable> {
        let mut txn = self.doc.transact_mut();
        txn.apply_update(Update::decode_v2(snapshot).map_err(unreadable)?).map_err(unreadable)?;
        if txn.has_missing_updates() {
            return Err(Unreadable { reason: "the snapshot has gaps".to_owned() });
        }
        Ok(())
    }

    pub(crate) fn text(&self) -> String {
        self.text.get_string(&self.doc.transact())
    }

    /// Its length in units of UTF-16.
    pub(crate) fn len(&self) -> u32 {
        self.text.len(&self.doc.transact())
    }

    /// What these clocks do not know, with all that is deleted.
    pub(crate) fn beyond(&self, clocks: &Clocks) -> Vec<u8> {
        let known: StateVector = clocks.iter().map(|(client, clock)| (ClientID::new(*client), *clock)).collect();
        self.doc.transact().encode_diff_v1(&known)
    }

    /// How far its clocks go, as the protocol writes it.
    pub(crate) fn state_vector(&self) -> Vec<u8> {
        self.doc.transact().state_vector().encode_v1()
    }

    /// All of it, version 2.
    pub(crate) fn snapshot(&self) -> Vec<u8> {
        self.doc.transact().encode_diff_v2(&StateVector::default())
    }

    /// All of it, version 1.
    pub(crate) fn whole(&self) -> Vec<u8> {
        self.doc.transact().encode_diff_v1(&StateVector::default())
    }

    pub(crate) fn known(&self) -> Known {
        let snapshot = self.doc.transact().snapshot();
        let mut known = Known::default();
        for (client, clock) in snapshot.state_map.iter() {
            known.reach(client.get(), *clock);
        }
        for (client, ranges) in snapshot.delete_set.iter() {
            for range in ranges.iter() {
                known.delete(&Stretch { client: client.get(), from: range.start, until: range.end });
            }
        }
        known
    }

    /// The change that makes its text `wanted`, with as little as can be; `None` when it is so already. This paper stays as it is.
    pub(crate) fn edit(&self, wanted: &str) -> Option<Vec<u8>> {
        let edits: Vec<Edit> = difference::edits(&self.text(), wanted);
        if edits.is_empty() {
            return None;
        }
        let copy = Self::new();
        copy.apply(&self.whole()).ok()?;
        let mut txn = copy.doc.transact_mut();
        // From the end to the beginning, so that the places before stay where they are.
        for edit in edits.iter().rev() {
            if edit.n_removed > 0 {
                copy.text.remove_range(&mut txn, edit.at, edit.n_removed);
            }
            copy.text.insert(&mut txn, edit.at, &edit.inserted);
        }
        Some(txn.encode_update_v1())
    }
}

/// Of a text, to know a snapshot that can't be trusted.
pub(crate) fn hash(text: &str) -> Vec<u8> {
    Sha256::digest(text.as_bytes()).to_vec()
}

/// A text as ours are: lines end with a line feed alone, and there is no NUL. A carriage return would put editors out of step.
pub(crate) fn clean(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n").replace('\0', "")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::{prop, prop_assert_eq, proptest};

    fn of(text: &str) -> Paper {
        let paper = Paper::new();
        if let Some(update) = paper.edit(text) {
            paper.apply(&update).unwrap();
        }
        paper
    }

    #[test]
    fn edits_of_two_at_once_are_both_kept() {
        let (one, other) = (of("障害の概要"), Paper::new());
        other.apply(&one.whole()).unwrap();
        let (first, second) = (one.edit("障害の概要です").unwrap(), other.edit("【P1】障害の概要").unwrap());
        for paper in [&one, &other] {
            paper.apply(&first).unwrap();
            paper.apply(&second).unwrap();
            assert_eq!(paper.text(), "【P1】障害の概要です");
        }
        assert_eq!(one.known(), other.known());
        assert_eq!(one.edit("【P1】障害の概要です"), None);
    }

    #[test]
    fn a_snapshot_is_the_same_text_and_the_same_knowledge() {
        let paper = of("a𠮷b👨\u{200d}👩\nが");
        paper.apply(&paper.edit("a👨\u{200d}👩\nか\u{3099}").unwrap()).unwrap();
        let again = Paper::new();
        again.apply_snapshot(&paper.snapshot()).unwrap();
        assert_eq!((again.text(), again.known(), again.len()), (paper.text(), paper.known(), paper.len()));
        assert_eq!(again.len(), u32::try_from(paper.text().encode_utf16().count()).unwrap());
    }

    #[test]
    fn what_builds_on_the_unknown_is_not_taken() {
        let paper = of("ab");
        let update = paper.edit("axb").unwrap();
        assert!(Paper::new().apply(&update).is_err());
        assert!(Paper::new().apply(&[9, 9]).is_err());
    }

    #[test]
    fn line_ends_are_line_feeds() {
        assert_eq!(clean("a\r\nb\rc\0\n\r\n"), "a\nb\nc\n\n");
    }

    proptest! {
        #[test]
        fn a_paper_becomes_what_was_wanted(steps in prop::collection::vec("[ab\n𠮷か゛👩]{0,20}", 1..6)) {
            let paper = Paper::new();
            for wanted in steps {
                if let Some(update) = paper.edit(&wanted) {
                    paper.apply(&update).unwrap();
                }
                prop_assert_eq!(paper.text(), wanted);
            }
        }
    }
}
