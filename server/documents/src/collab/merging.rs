//! Changes that are told together: one message for all of them. Fifty people who type at once would otherwise read fifty messages each, for
//! every stroke of all of them.

use super::frame::{self, MOST_UPDATE_BYTES};
use super::known::Known;
use super::sketch::{Sketch, Stretch};
use bytes::Bytes;

/// The messages that say these changes, in their order.
pub(crate) fn frames(changes: &[Bytes]) -> Vec<Bytes> {
    let mut frames: Vec<Bytes> = Vec::new();
    let mut rest: &[Bytes] = changes;
    while !rest.is_empty() {
        let (group, behind) = rest.split_at(n_together(rest));
        match merged(group) {
            Some(update) => frames.push(frame::update(&update)),
            None => frames.extend(group.iter().map(|bin| frame::update(bin))),
        }
        rest = behind;
    }
    frames
}

/// How many of the first ones fit into one message; at least one.
fn n_together(changes: &[Bytes]) -> usize {
    let mut n_bytes: usize = 0;
    let fits = |change: &&Bytes| {
        n_bytes += change.len();
        n_bytes <= MOST_UPDATE_BYTES
    };
    changes.iter().take_while(fits).count().max(1)
}

/// All of them as one change; `None` when there is nothing to put together, or it would not say just what they say.
fn merged(changes: &[Bytes]) -> Option<Vec<u8>> {
    if changes.len() < 2 {
        return None;
    }
    let merged: Vec<u8> = yrs::merge_updates_v1(changes).ok()?;
    // Whoever is told less than was written would not find out.
    (extent(std::iter::once(&merged[..]))? == extent(changes.iter().map(|bin| &bin[..]))?).then_some(merged)
}

/// What changes bring and what they take away, whatever their order.
fn extent<'a>(changes: impl Iterator<Item = &'a [u8]>) -> Option<(Known, Known)> {
    let (mut brought, mut gone) = (Known::default(), Known::default());
    let add = |to: &mut Known, stretches: &[Stretch]| stretches.iter().for_each(|stretch| to.delete(stretch));
    for change in changes {
        let sketch: Sketch = Sketch::read(change).ok()?;
        add(&mut brought, &sketch.inserts);
        add(&mut gone, &sketch.deletes);
    }
    Some((brought, gone))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::collab::paper::Paper;
    use proptest::prelude::{prop, prop_assert, prop_assert_eq, proptest};

    /// What leads from each text to the next, each typed by somebody else.
    fn changes(texts: &[String]) -> (Paper, Vec<Bytes>) {
        let paper = Paper::new();
        let mut changes: Vec<Bytes> = Vec::new();
        for text in texts {
            if let Some(change) = paper.edit(text) {
                paper.apply(&change).unwrap();
                changes.push(change.into());
            }
        }
        (paper, changes)
    }

    fn update_of(frame: &Bytes) -> Bytes {
        match frame::read(frame).unwrap() {
            frame::Message::Update(place) => frame.slice(place),
            other => panic!("expected a change, found {other:?}"),
        }
    }

    proptest! {
        #[test]
        fn what_is_told_together_is_what_was_written(
            before in "[ab\n𠮷か゛👩]{0,20}",
            texts in prop::collection::vec("[ab\n𠮷か゛👩]{0,20}", 1..8),
        ) {
            let (reader, (paper, all)) = (Paper::new(), changes(&[vec![before], texts].concat()));
            if let Some((first, later)) = all.split_first() {
                reader.apply(first).unwrap();
                let frames: Vec<Bytes> = frames(later);
                prop_assert!(frames.len() <= 1, "{} changes in {} messages", later.len(), frames.len());
                for frame in &frames {
                    reader.apply(&update_of(frame)).unwrap();
                }
            }
            prop_assert_eq!(reader.text(), paper.text());
            prop_assert_eq!(reader.known(), paper.known());
        }
    }

    #[test]
    fn one_change_is_told_as_it_came_and_many_large_ones_in_several_messages() {
        let large: String = "障".repeat(30_000);
        let texts: Vec<String> = (1..=4).map(|n| large.repeat(n)).collect();
        let (paper, all) = changes(&texts);
        assert_eq!(frames(&all[..1]), [frame::update(&all[0])]);
        let frames: Vec<Bytes> = frames(&all);
        assert_eq!(frames.len(), 2);
        let reader = Paper::new();
        frames.iter().for_each(|frame| reader.apply(&update_of(frame)).unwrap());
        assert_eq!(reader.text(), paper.text());
    }

    #[test]
    fn what_can_not_be_put_together_is_told_one_by_one() {
        let (_, all) = changes(&["a".to_owned(), "ab".to_owned()]);
        let broken: Vec<Bytes> = vec![all[0].clone(), Bytes::from_static(&[9, 9])];
        assert_eq!(frames(&broken).len(), 2);
        assert!(frames(&[]).is_empty());
    }
}
