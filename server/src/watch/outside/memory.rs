//! What the watcher remembers: since when it fails, and who was told. Pure, and a file that holds it.

use crate::breakglass::ledger::replace;
use crate::watch::voice::References;
use model::Time;
use serde::{Deserialize, Serialize};
use std::io;
use std::path::PathBuf;

/// An end that nobody takes for so long is not told any more.
const OVER_FOR_MS: i64 = 3_600_000;
/// The file holds a few references.
const MOST_BYTES: u64 = 1_024 * 1_024;

/// When what is done.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    pub(super) every_ms: i64,
    pub(super) after_ms: i64,
    pub(super) again_ms: i64,
}

/// What is to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Act {
    Nothing,
    /// Page, for the first time or again.
    Page,
    /// Tell that it is over.
    Over,
}

/// What is remembered.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Memory {
    pub(super) failing_since: Option<Time>,
    /// The last look while it fails.
    seen_at: Option<Time>,
    pub(super) reason: String,
    told_at: Option<Time>,
    pub(super) n_told: u32,
    /// Since when it has been well while somebody still believes that it fails.
    well_since: Option<Time>,
    pub(super) references: References,
}

impl Memory {
    /// Takes notice of a look.
    pub(super) fn step(&mut self, seen: Result<(), String>, limits: &Limits, now: Time) -> Act {
        match seen {
            Ok(()) => self.well(now),
            Err(reason) => self.fails(reason, limits, now),
        }
    }

    fn well(&mut self, now: Time) -> Act {
        if self.n_told == 0 {
            *self = Self::default();
            return Act::Nothing;
        }
        self.well_since.get_or_insert(now);
        Act::Over
    }

    fn fails(&mut self, reason: String, limits: &Limits, now: Time) -> Act {
        // Whoever was not watching does not know that it failed all the time.
        let most_gap_ms: i64 = limits.every_ms.saturating_mul(3).max(60_000);
        let was_away: bool = self.seen_at.is_some_and(|at| !(0..=most_gap_ms).contains(&now.since(at)));
        if self.failing_since.is_none() || (was_away && self.n_told == 0) {
            self.failing_since = Some(now);
        }
        (self.seen_at, self.well_since, self.reason) = (Some(now), None, reason);
        let is_long: bool = self.failing_since.is_some_and(|since| now.since(since) >= limits.after_ms);
        // Also when the clock was set back since.
        let is_due: bool = self.told_at.is_none_or(|at| now.since(at).abs() >= limits.again_ms);
        if is_long && is_due { Act::Page } else { Act::Nothing }
    }

    /// Somebody took the page.
    pub(super) fn told(&mut self, taken: References, now: Time) {
        (self.told_at, self.n_told) = (Some(now), self.n_told.saturating_add(1));
        for (channel, reference) in taken {
            // What follows belongs to the first message.
            let first: &mut Option<String> = self.references.entry(channel).or_default();
            *first = first.take().or(reference);
        }
    }

    /// These were told that it is over, and some of them took it. It is forgotten when nobody is left, or when it has taken too long.
    pub(super) fn ended(&mut self, asked: &[String], taken: &References, limits: &Limits, now: Time) {
        self.references.retain(|channel, _| asked.contains(channel) && !taken.contains_key(channel));
        let patience_ms: i64 = OVER_FOR_MS.max(limits.every_ms);
        let is_long: bool = self.well_since.is_some_and(|since| now.since(since).abs() >= patience_ms);
        if self.references.is_empty() || is_long {
            *self = Self::default();
        }
    }
}

/// Keeps the memory on disk.
pub(super) struct Store {
    path: PathBuf,
    written: Option<Memory>,
}

impl Store {
    pub(super) fn new(path: PathBuf) -> Self {
        Self { path, written: None }
    }

    /// What an earlier watcher left. A file that can't be read is said and counts as none: watching matters more.
    pub(super) fn read(&self) -> Memory {
        let size: u64 = match std::fs::metadata(&self.path) {
            Ok(found) => found.len(),
            Err(_) => return Memory::default(),
        };
        let read: Option<Memory> =
            std::fs::read(&self.path).ok().filter(|_| size <= MOST_BYTES).and_then(|bytes| serde_json::from_slice(&bytes).ok());
        read.unwrap_or_else(|| {
            eprintln!("mimamori watch: {} can't be read and is begun anew", self.path.display());
            Memory::default()
        })
    }

    /// Writes it where it changed.
    pub(super) fn keep(&mut self, memory: &Memory) -> io::Result<()> {
        if self.written.as_ref() == Some(memory) {
            return Ok(());
        }
        let bytes: Vec<u8> = serde_json::to_vec(memory)?;
        replace(&self.path, &bytes)?;
        self.written = Some(memory.clone());
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Time = Time(1_795_348_800_000);
    const LIMITS: Limits = Limits { every_ms: 15_000, after_ms: 90_000, again_ms: 900_000 };

    fn failing() -> Result<(), String> {
        Err("no answer".to_owned())
    }

    fn taken() -> References {
        References::from([("duty".to_owned(), Some("ref".to_owned()))])
    }

    /// What each of `n` failing looks leads to; every page is taken.
    fn pages(memory: &mut Memory, from: Time, n: i64) -> Vec<i64> {
        let mut at: Vec<i64> = Vec::new();
        for look in 0..n {
            let now: Time = from.plus_ms(look * LIMITS.every_ms);
            if memory.step(failing(), &LIMITS, now) == Act::Page {
                memory.told(taken(), now);
                at.push(now.since(from) / 1_000);
            }
        }
        at
    }

    #[test]
    fn it_pages_after_its_time_again_every_quarter_of_an_hour_and_says_that_it_is_over() {
        let mut memory = Memory::default();
        assert_eq!(pages(&mut memory, START, 130), [90, 990, 1_890]);
        let now: Time = START.plus_ms(2_000_000);
        assert_eq!(memory.step(Ok(()), &LIMITS, now), Act::Over);
        memory.ended(&["duty".to_owned()], &taken(), &LIMITS, now);
        assert_eq!(memory, Memory::default());
        assert_eq!(memory.step(Ok(()), &LIMITS, now), Act::Nothing);
    }

    #[test]
    fn a_short_failure_pages_nobody() {
        let mut memory = Memory::default();
        assert!(pages(&mut memory, START, 6).is_empty());
        assert_eq!(memory.step(Ok(()), &LIMITS, START), Act::Nothing);
        assert!(pages(&mut memory, START.plus_ms(90_000), 6).is_empty(), "the next one begins anew");
    }

    #[test]
    fn a_page_that_nobody_took_is_tried_with_every_look() {
        let mut memory = Memory::default();
        for n in 0..6 {
            memory.step(failing(), &LIMITS, START.plus_ms(n * 15_000));
        }
        for n in 6..9 {
            assert_eq!(memory.step(failing(), &LIMITS, START.plus_ms(n * 15_000)), Act::Page, "{n}");
        }
    }

    #[test]
    fn a_restart_pages_nobody_twice_and_believes_nothing_it_did_not_see() {
        let dir = tempfile::tempdir().unwrap();
        let path: PathBuf = dir.path().join("state.json");
        let mut memory = Memory::default();
        assert_eq!(pages(&mut memory, START, 8), [90]);
        Store::new(path.clone()).keep(&memory).unwrap();
        let mut again: Memory = Store::new(path.clone()).read();
        assert_eq!(again, memory);
        assert_eq!(again.step(failing(), &LIMITS, START.plus_ms(120_000)), Act::Nothing);

        let mut young = Memory::default();
        young.step(failing(), &LIMITS, START);
        let later: Time = START.plus_ms(3_600_000);
        assert_eq!(young.step(failing(), &LIMITS, later), Act::Nothing, "it was not watched in between");
        std::fs::write(&path, "{ half").unwrap();
        assert_eq!(Store::new(path).read(), Memory::default());
    }

    #[test]
    fn an_end_that_nobody_takes_is_tried_for_an_hour() {
        let mut memory = Memory::default();
        pages(&mut memory, START, 8);
        let duty: [String; 1] = ["duty".to_owned()];
        let now: Time = START.plus_ms(200_000);
        assert_eq!(memory.step(Ok(()), &LIMITS, now), Act::Over);
        memory.ended(&duty, &References::new(), &LIMITS, now);
        assert_eq!(memory.step(Ok(()), &LIMITS, now.plus_ms(15_000)), Act::Over);
        let later: Time = now.plus_ms(OVER_FOR_MS);
        assert_eq!(memory.step(Ok(()), &LIMITS, later), Act::Over);
        memory.ended(&duty, &References::new(), &LIMITS, later);
        assert_eq!(memory, Memory::default());
    }
}
