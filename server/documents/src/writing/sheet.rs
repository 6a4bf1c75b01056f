//! A text spread out, so that each letter can be pointed at: where a letter stands now, which letter stands at a place, and whose they are.
//!
//! It is a copy of the open text: nothing that is done here can change that.

use super::Refused;
use super::anchors::{Anchors, End, Letter, Side, Span};
use crate::Documents;
use crate::collab;
use crate::collab::load::{self, Loaded};
use crate::collab::paper::Paper;
use crate::collab::sketch::ROOT;
use crate::error::Error;
use model::ids::DocumentId;
use yrs::types::text::YChange;
use yrs::updates::decoder::Decode;
use yrs::updates::encoder::Encode;
use yrs::{
    Any, Assoc, ClientID, Doc, ID, IndexScope, IndexedSequence, OffsetKind, Options, Out, ReadTxn, Snapshot, StickyIndex, Text,
    TextRef, Transact, Update,
};

/// Letters that one editor typed one after the other, and that still stand together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Letters {
    pub(crate) client: u64,
    /// The number of the first of them; each unit of UTF-16 has one.
    pub(crate) clock: u32,
    pub(crate) text: String,
}

impl Documents {
    /// Asks something of a text that is spread out, and of the number of its newest change; beside everything else, for a large text takes a
    /// while.
    pub(crate) async fn on_sheet<T, F>(&self, id: DocumentId, ask: F) -> Result<T, Error>
    where
        T: Send + 'static,
        F: FnOnce(&Sheet, i64) -> Result<T, Error> + Send + 'static,
    {
        let Loaded { paper, seq } = load::open(&self.db, id).await?;
        let asked = tokio::task::spawn_blocking(move || ask(&Sheet::of(id, &paper)?, seq)).await;
        asked.unwrap_or_else(|_| Err(collab::Refused::Later(id).into()))
    }
}

/// See the module.
pub(crate) struct Sheet {
    doc: Doc,
    body: TextRef,
    /// The text in UTF-16.
    units: Vec<u16>,
}

impl Sheet {
    /// Of a text as it is; what the library wrote a moment ago it can read.
    pub(crate) fn of(id: DocumentId, paper: &Paper) -> Result<Self, Error> {
        let mut options: Options = Options::with_client_id(ClientID::new(1));
        options.offset_kind = OffsetKind::Utf16;
        options.cleanup_formatting = false;
        let doc: Doc = Doc::with_options(options);
        let body: TextRef = doc.get_or_insert_text(ROOT);
        let corrupt = || Error::Corrupt {
            table: "collab_update",
            column: "bin",
            row: id.to_string(),
            expected: "changes that the library can read",
        };
        let whole: Update = Update::decode_v1(&paper.whole()).map_err(|_| corrupt())?;
        doc.transact_mut().apply_update(whole).map_err(|_| corrupt())?;
        Ok(Self { doc, body, units: paper.text().encode_utf16().collect() })
    }

    /// Where a span is; `None` when nothing is left of it, or its letters are not there.
    pub(crate) fn span(&self, anchors: &Anchors) -> Result<Option<Span>, Refused> {
        let (start, end): (End, End) = anchors.ends()?;
        let (Some(from), Some(until)) = (self.place(start), self.place(end)) else { return Ok(None) };
        let (from, until): (usize, usize) = (self.whole_before(from), self.whole_behind(until));
        Ok(span(from, until))
    }

    /// The words of a span.
    pub(crate) fn words(&self, span: Span) -> String {
        let (from, until): (usize, usize) = (size(span.from), size(span.until));
        String::from_utf16_lossy(self.units.get(from..until).unwrap_or_default())
    }

    /// The text with other words in place of a span.
    pub(crate) fn replaced(&self, span: Span, words: &str) -> String {
        let (before, behind) = (self.units.get(..size(span.from)), self.units.get(size(span.until)..));
        let text = |units: Option<&[u16]>| String::from_utf16_lossy(units.unwrap_or_default());
        text(before) + words + &text(behind)
    }

    /// Where these words come first.
    pub(crate) fn find(&self, words: &str) -> Option<Span> {
        let text: String = String::from_utf16_lossy(&self.units);
        let at: usize = text.find(words)?;
        let from: usize = text.get(..at)?.encode_utf16().count();
        span(from, from + words.encode_utf16().count())
    }

    /// The letters of a span, to find it again.
    pub(crate) fn anchors(&self, span: Span) -> Option<Anchors> {
        let txn = self.doc.transact();
        let start: StickyIndex = self.body.sticky_index(&txn, span.from, Assoc::After)?;
        let end: StickyIndex = self.body.sticky_index(&txn, span.until, Assoc::Before)?;
        Some(Anchors { start: start.encode_v1(), end: end.encode_v1() })
    }

    /// All letters in their order; put together they are the text.
    pub(crate) fn letters(&self) -> Vec<Letters> {
        let mut txn = self.doc.transact_mut();
        let (now, nothing): (Snapshot, Snapshot) = (txn.snapshot(), Snapshot::default());
        // Compared with nothing, all of it was added, and the library says by whom.
        let found = self.body.diff_range(&mut txn, Some(&now), Some(&nothing), YChange::identity);
        let letters = found.into_iter().filter_map(|part| match (part.insert, part.ychange) {
            (Out::Any(Any::String(text)), Some(change)) => {
                Some(Letters { client: change.id.client.get(), clock: change.id.clock, text: text.to_string() })
            }
            _ => None,
        });
        letters.collect()
    }

    fn place(&self, end: End) -> Option<usize> {
        let side: Assoc = match end.side {
            Side::Before => Assoc::After,
            Side::Behind => Assoc::Before,
        };
        let index: StickyIndex = match end.letter {
            Letter::Of { client, clock } => StickyIndex::from_id(ID::new(ClientID::new(client), clock), side),
            Letter::Text => StickyIndex::new(IndexScope::Root(ROOT.into()), side),
        };
        let offset = index.get_offset(&self.doc.transact())?;
        Some(size(offset.index).min(self.units.len()))
    }

    /// Not in the middle of a character that takes two units.
    fn whole_before(&self, place: usize) -> usize {
        if self.is_second_half(place) { place.saturating_sub(1) } else { place }
    }

    fn whole_behind(&self, place: usize) -> usize {
        if self.is_second_half(place) { place + 1 } else { place }
    }

    fn is_second_half(&self, place: usize) -> bool {
        self.units.get(place).is_some_and(|unit| (0xdc00..0xe000).contains(unit))
    }
}

fn size(n: u32) -> usize {
    usize::try_from(n).unwrap_or(usize::MAX)
}

fn span(from: usize, until: usize) -> Option<Span> {
    let span = Span { from: u32::try_from(from).ok()?, until: u32::try_from(until).ok()? };
    (span.from < span.until).then_some(span)
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::ids::DocumentId;
    use proptest::prelude::{prop, prop_assert, prop_assert_eq, proptest};
    use uuid::Uuid;

    fn become_text(paper: &Paper, text: &str) {
        if let Some(update) = paper.edit(text) {
            paper.apply(&update).unwrap();
        }
    }

    fn sheet(paper: &Paper) -> Sheet {
        Sheet::of(DocumentId(Uuid::nil()), paper).unwrap()
    }

    fn words(paper: &Paper, anchors: &Anchors) -> Option<String> {
        let sheet: Sheet = sheet(paper);
        sheet.span(anchors).unwrap().map(|span| sheet.words(span))
    }

    fn anchored(paper: &Paper, words: &str) -> Anchors {
        let sheet: Sheet = sheet(paper);
        sheet.anchors(sheet.find(words).unwrap()).unwrap()
    }

    #[test]
    fn an_anchor_stays_with_its_letters() {
        let paper = Paper::new();
        become_text(&paper, "原因は設定漏れ𠮷です");
        let anchors: Anchors = anchored(&paper, "設定漏れ𠮷");
        assert_eq!(words(&paper, &anchors).as_deref(), Some("設定漏れ𠮷"));
        become_text(&paper, "【P1】根本原因は設定漏れ𠮷でした。");
        assert_eq!(words(&paper, &anchors).as_deref(), Some("設定漏れ𠮷"), "what is written around it is not in it");
        become_text(&paper, "【P1】根本原因は設定の漏れ𠮷でした。");
        assert_eq!(words(&paper, &anchors).as_deref(), Some("設定の漏れ𠮷"), "what is written inside is");
        become_text(&paper, "【P1】根本原因はでした。");
        assert_eq!(words(&paper, &anchors), None);
    }

    #[test]
    fn the_ends_of_a_text_can_be_held() {
        let paper = Paper::new();
        become_text(&paper, "ab");
        let anchors: Anchors = anchored(&paper, "ab");
        become_text(&paper, "xaby");
        assert_eq!(words(&paper, &anchors).as_deref(), Some("ab"));
        let whole = Anchors { start: vec![1, 4, b'b', b'o', b'd', b'y', 0x41], end: vec![1, 4, b'b', b'o', b'd', b'y', 0] };
        assert_eq!(words(&paper, &whole).as_deref(), Some("xaby"));
        let unknown = Anchors { start: vec![0, 99, 5, 0], end: vec![0, 99, 6, 0x41] };
        assert_eq!(words(&paper, &unknown), None, "letters that have not come here");
    }

    #[test]
    fn a_span_is_replaced_by_other_words() {
        let paper = Paper::new();
        become_text(&paper, "𠮷は設定漏れ");
        let sheet: Sheet = sheet(&paper);
        assert_eq!(sheet.replaced(sheet.find("設定").unwrap(), "確認"), "𠮷は確認漏れ");
        assert_eq!(sheet.find("無い"), None);
        assert_eq!(sheet.find(""), None, "nothing can be held");
    }

    proptest! {
        #[test]
        fn letters_put_together_are_the_text(steps in prop::collection::vec("[ab\n𠮷か゛👩]{0,20}", 1..6)) {
            let paper = Paper::new();
            for text in &steps {
                become_text(&paper, text);
            }
            let letters: Vec<Letters> = sheet(&paper).letters();
            let text: String = letters.iter().map(|letters| letters.text.as_str()).collect();
            prop_assert_eq!(text, paper.text());
        }

        #[test]
        fn a_span_that_nobody_touches_keeps_its_words(
            before in "[ab\n𠮷か]{0,10}", inside in "[x-z𠮷]{1,6}", after in "[ab\n𠮷か]{0,10}", more in "[cd👩]{0,10}",
        ) {
            let paper = Paper::new();
            become_text(&paper, &format!("{before}{inside}{after}"));
            let sheet: Sheet = sheet(&paper);
            let from: usize = before.encode_utf16().count();
            let span = super::span(from, from + inside.encode_utf16().count()).unwrap();
            let anchors: Anchors = sheet.anchors(span).unwrap();
            prop_assert_eq!(sheet.span(&anchors), Ok(Some(span)));
            become_text(&paper, &format!("{more}{before}{inside}{after}{more}"));
            prop_assert!(words(&paper, &anchors).is_some());
        }
    }
}
