//! Whose letters are whose: stretches of the numbers that each editor gives its letters. What comes first counts, so whoever sends somebody
//! else's letters again gets none of them.

use super::sheet::Letters;
use model::Time;
use model::ids::PersonId;
use std::collections::BTreeMap;

/// What somebody types within this time is one stretch.
pub(crate) const TOGETHER_MS: i64 = 10 * 60_000;

/// Letters of one editor, from one and up to but without another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Stretch {
    pub(crate) client: u64,
    pub(crate) clock: u32,
    pub(crate) until: u32,
    pub(crate) person: Option<PersonId>,
    /// When the first of them was typed.
    pub(crate) at: Time,
}

/// A part of a text with who wrote it, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    pub text: String,
    pub by: Option<Writer>,
}

/// Somebody who wrote something at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Writer {
    /// None: one of our own workers.
    pub person: Option<PersonId>,
    /// To ten minutes.
    pub at: Time,
}

/// The last stretch of each editor, to go on from.
#[derive(Clone, Debug, Default)]
pub(crate) struct Claims {
    last: BTreeMap<u64, Stretch>,
    /// New ones, and old ones that grew.
    changed: BTreeMap<(u64, u32), Stretch>,
}

impl Claims {
    /// Going on from what is remembered of these editors.
    pub(crate) fn new(last: Vec<Stretch>) -> Self {
        Self { last: last.into_iter().map(|stretch| (stretch.client, stretch)).collect(), changed: BTreeMap::new() }
    }

    /// Somebody's change brought these letters. Those that are somebody's stay theirs.
    pub(crate) fn claim(&mut self, new: &Stretch) {
        let last: Option<&Stretch> = self.last.get(&new.client);
        let clock: u32 = last.map_or(new.clock, |last| last.until.max(new.clock));
        if clock >= new.until {
            return;
        }
        let grown: Stretch = match last {
            Some(last) if last.until == clock && goes_on(last, new) => Stretch { until: new.until, ..last.clone() },
            _ => Stretch { clock, ..new.clone() },
        };
        self.changed.insert((grown.client, grown.clock), grown.clone());
        self.last.insert(grown.client, grown);
    }

    /// What has to be remembered, in order.
    pub(crate) fn into_changed(self) -> Vec<Stretch> {
        self.changed.into_values().collect()
    }
}

fn goes_on(last: &Stretch, new: &Stretch) -> bool {
    last.person == new.person && (0..TOGETHER_MS).contains(&new.at.since(last.at))
}

/// A text with its writers. Neighbours of one writer and time are one part.
pub(crate) fn written(letters: &[Letters], stretches: &[Stretch]) -> Vec<Written> {
    let mut by_editor: BTreeMap<u64, BTreeMap<u32, &Stretch>> = BTreeMap::new();
    for stretch in stretches {
        by_editor.entry(stretch.client).or_default().insert(stretch.clock, stretch);
    }
    let mut parts: Vec<Written> = Vec::new();
    for run in letters {
        let of: Option<&BTreeMap<u32, &Stretch>> = by_editor.get(&run.client);
        let mut clock: u32 = run.clock;
        for letter in run.text.chars() {
            put(&mut parts, letter, of.and_then(|of| writer(of, clock)));
            clock = clock.saturating_add(u32::try_from(letter.len_utf16()).unwrap_or(1));
        }
    }
    parts
}

fn writer(of: &BTreeMap<u32, &Stretch>, clock: u32) -> Option<Writer> {
    let (_, stretch) = of.range(..=clock).next_back()?;
    (clock < stretch.until).then_some(Writer { person: stretch.person, at: stretch.at })
}

fn put(parts: &mut Vec<Written>, letter: char, by: Option<Writer>) {
    match parts.last_mut() {
        Some(last) if is_one(last.by, by) => last.text.push(letter),
        _ => parts.push(Written { text: letter.to_string(), by }),
    }
}

/// One person within ten minutes, in either direction.
fn is_one(one: Option<Writer>, other: Option<Writer>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => one.person == other.person && one.at.since(other.at).abs() < TOGETHER_MS,
        (None, None) => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::{prop, prop_assert, prop_assert_eq, proptest};
    use uuid::Uuid;

    fn stretch(client: u64, clock: u32, until: u32, who: u128, minute: i64) -> Stretch {
        Stretch { client, clock, until, person: Some(PersonId(Uuid::from_u128(who))), at: Time(minute * 60_000) }
    }

    #[test]
    fn who_comes_first_keeps_their_letters() {
        let mut claims = Claims::new(vec![stretch(7, 0, 4, 1, 0)]);
        claims.claim(&stretch(7, 0, 4, 2, 1));
        claims.claim(&stretch(7, 2, 6, 1, 5));
        claims.claim(&stretch(7, 6, 8, 2, 6));
        claims.claim(&stretch(7, 8, 9, 2, 16));
        claims.claim(&stretch(3, 0, 2, 1, 1));
        let expected = [stretch(3, 0, 2, 1, 1), stretch(7, 0, 6, 1, 0), stretch(7, 6, 8, 2, 6), stretch(7, 8, 9, 2, 16)];
        assert_eq!(claims.into_changed(), expected);
    }

    #[test]
    fn each_letter_has_its_writer_and_the_unknown_has_none() {
        let letters = |client: u64, clock: u32, text: &str| Letters { client, clock, text: text.to_owned() };
        let text = [letters(7, 1, "𠮷か"), letters(3, 0, "b"), letters(7, 4, "cd"), letters(9, 0, "?")];
        let known = [stretch(7, 0, 3, 1, 0), stretch(7, 3, 6, 2, 3), stretch(3, 0, 1, 2, 4)];
        let found: Vec<(String, Option<i64>)> =
            written(&text, &known).into_iter().map(|part| (part.text, part.by.map(|by| by.at.0 / 60_000))).collect();
        let part = |text: &str, minute: Option<i64>| (text.to_owned(), minute);
        assert_eq!(found, [part("𠮷", Some(0)), part("かbcd", Some(3)), part("?", None)]);
    }

    proptest! {
        #[test]
        fn claims_never_overlap_and_nothing_is_lost(given in prop::collection::vec((0_u64..3, 0_u32..20, 1_u32..6, 0_u128..3, 0_i64..30), 0..40)) {
            let mut claims = Claims::default();
            for (client, clock, len, who, minute) in &given {
                claims.claim(&stretch(*client, *clock, clock + len, *who, *minute));
            }
            let found: Vec<Stretch> = claims.into_changed();
            for pair in found.windows(2) {
                prop_assert!(pair[0].client != pair[1].client || pair[0].until <= pair[1].clock, "{pair:?}");
            }
            for client in 0..3 {
                let furthest = |of: &[(u64, u32)]| of.iter().filter(|(one, _)| *one == client).map(|(_, until)| *until).max();
                let given: Vec<(u64, u32)> = given.iter().map(|(client, clock, len, _, _)| (*client, clock + len)).collect();
                let kept: Vec<(u64, u32)> = found.iter().map(|stretch| (stretch.client, stretch.until)).collect();
                prop_assert_eq!(furthest(&given), furthest(&kept));
            }
        }

        #[test]
        fn parts_put_together_are_the_text(texts in prop::collection::vec("[a𠮷か\n]{0,8}", 0..6)) {
            let letters: Vec<Letters> = texts.iter().zip(0..).map(|(text, n)| Letters { client: n % 2, clock: 5, text: text.clone() }).collect();
            let found: String = written(&letters, &[stretch(0, 6, 9, 1, 0)]).into_iter().map(|part| part.text).collect();
            prop_assert_eq!(found, texts.concat());
        }
    }
}
