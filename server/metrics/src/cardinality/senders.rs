//! What every sender wrote since this process began: so that somebody sees whether data arrives, and what was refused of it.
//!
//! Kept in memory, for people only; nothing is decided by it (that is [`crate::quota`]). With several replicas each knows what it took.

use std::collections::HashMap;
use std::sync::Mutex;

use model::Time;
use uuid::Uuid;

use crate::lock;
use crate::quota::Sender;
use crate::sample::{Reason, Written};

/// Senders kept at once; many times the tokens of a large installation. The one that rested longest is forgotten.
const MOST_SENDERS: usize = 10_000;
/// Characters of a sender's name.
const LONGEST_NAME: usize = 100;
/// Whole minutes that the mean is taken of.
const MINUTES: i64 = 5;
/// The same, and the minute that is under way.
const SLOTS: usize = 6;
const MINUTE_MS: i64 = 60_000;

/// All senders that were met.
#[derive(Debug, Default)]
pub struct Senders {
    known: Mutex<HashMap<Uuid, Known>>,
}

/// One of them.
#[derive(Debug)]
struct Known {
    name: String,
    met_at: Time,
    seen_at: Time,
    wrote_at: Option<Time>,
    accepted: u64,
    refused: u64,
    refusal: Option<Reason>,
    /// Samples of a minute, and which minute that is, by its remainder.
    minutes: [(i64, u64); SLOTS],
}

/// What a sender wrote, for people.
#[derive(Clone, Debug, PartialEq)]
pub struct SenderFigures {
    /// The token.
    pub id: Uuid,
    /// What it is called, as far as whoever mounted the doors told; else empty.
    pub name: String,
    /// When samples of it were last taken.
    pub wrote_at: Option<Time>,
    /// Samples a minute, the mean of up to five whole minutes.
    pub per_minute: f64,
    /// Samples taken since this process began.
    pub accepted: u64,
    /// Samples refused since then.
    pub refused: u64,
    /// Why samples were refused the last time.
    pub refusal: Option<Reason>,
    /// Series counted towards its limit; `None` where it has none.
    pub series: Option<u64>,
}

impl Senders {
    /// Remembers what a sender is called. Cheap, to be told with every request.
    pub fn meet(&self, id: Uuid, name: &str, now: Time) {
        let mut known = lock::mutex(&self.known);
        let sender: &mut Known = entry(&mut known, id, now);
        if sender.name.is_empty() {
            sender.name = name.chars().take(LONGEST_NAME).collect();
        }
    }

    /// Counts what became of a write.
    pub fn note(&self, id: Uuid, written: &Written, now: Time) {
        let mut known = lock::mutex(&self.known);
        let sender: &mut Known = entry(&mut known, id, now);
        sender.accepted += written.accepted;
        sender.refused += written.n_rejected();
        if let Some(worst) = written.rejected.iter().max_by_key(|rejected| rejected.count) {
            sender.refusal = Some(worst.reason);
        }
        if written.accepted > 0 {
            sender.wrote_at = Some(now);
            sender.count(now, written.accepted);
        }
    }

    /// All that wrote anything or were refused, whoever wrote last first.
    #[must_use]
    pub fn all(&self, now: Time) -> Vec<SenderFigures> {
        let known = lock::mutex(&self.known);
        let wrote = known.iter().filter(|(_, sender)| sender.accepted + sender.refused > 0);
        let mut all: Vec<SenderFigures> = wrote.map(|(id, sender)| sender.figures(*id, now)).collect();
        all.sort_by(|left, right| right.wrote_at.cmp(&left.wrote_at).then_with(|| left.id.cmp(&right.id)));
        all
    }
}

impl crate::Metrics {
    /// Where doors tell who comes and what became of it.
    #[must_use]
    pub fn senders(&self) -> &Senders {
        &self.senders
    }

    /// What every sender wrote, as far as this process took it.
    #[must_use]
    pub fn sender_figures(&self) -> Vec<SenderFigures> {
        let all = self.senders.all(self.now()).into_iter();
        all.map(|figures| SenderFigures { series: self.ingest.quotas.used(figures.id), ..figures }).collect()
    }

    /// Counts what became of a write, when it is known whose it was.
    pub(crate) fn note_sender(&self, sender: Option<Sender>, written: &Written) {
        if let Some(sender) = sender {
            self.senders.note(sender.id, written, self.now());
        }
    }
}

fn entry(known: &mut HashMap<Uuid, Known>, id: Uuid, now: Time) -> &mut Known {
    if known.len() >= MOST_SENDERS && !known.contains_key(&id) {
        let rested: Option<Uuid> = known.iter().min_by_key(|(_, sender)| sender.seen_at).map(|(id, _)| *id);
        if let Some(rested) = rested {
            known.remove(&rested);
        }
    }
    let sender: &mut Known = known.entry(id).or_insert_with(|| Known::new(now));
    sender.seen_at = now;
    sender
}

impl Known {
    fn new(now: Time) -> Self {
        Self {
            name: String::new(),
            met_at: now,
            seen_at: now,
            wrote_at: None,
            accepted: 0,
            refused: 0,
            refusal: None,
            minutes: [(i64::MIN, 0); SLOTS],
        }
    }

    fn count(&mut self, now: Time, n: u64) {
        let minute: i64 = now.0.div_euclid(MINUTE_MS);
        let slot: &mut (i64, u64) = &mut self.minutes[slot_of(minute)];
        if slot.0 != minute {
            *slot = (minute, 0);
        }
        slot.1 += n;
    }

    /// Of the whole minutes since it was met; within its first minute what came so far.
    fn per_minute(&self, now: Time) -> f64 {
        let (this, first) = (now.0.div_euclid(MINUTE_MS), self.met_at.0.div_euclid(MINUTE_MS));
        let whole: i64 = this.saturating_sub(first).clamp(0, MINUTES);
        let begin: i64 = if whole == 0 { this } else { this - whole };
        let end: i64 = if whole == 0 { this + 1 } else { this };
        let counted = self.minutes.iter().filter(|(minute, _)| (begin..end).contains(minute));
        counted.map(|(_, n)| *n).sum::<u64>() as f64 / whole.max(1) as f64
    }

    fn figures(&self, id: Uuid, now: Time) -> SenderFigures {
        SenderFigures {
            id,
            name: self.name.clone(),
            wrote_at: self.wrote_at,
            per_minute: self.per_minute(now),
            accepted: self.accepted,
            refused: self.refused,
            refusal: self.refusal,
            series: None,
        }
    }
}

fn slot_of(minute: i64) -> usize {
    usize::try_from(minute.rem_euclid(SLOTS as i64)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: Time = Time(1_795_348_800_000);

    fn id(number: u128) -> Uuid {
        Uuid::from_u128(number)
    }

    fn taken(accepted: u64) -> Written {
        Written { accepted, ..Written::default() }
    }

    #[test]
    fn samples_a_minute_are_the_mean_of_whole_minutes() {
        let senders = Senders::default();
        senders.note(id(1), &taken(30), NOON);
        assert_eq!(senders.all(NOON.plus_ms(5_000))[0].per_minute, 30.0);
        for minute in 1..8 {
            senders.note(id(1), &taken(60), NOON.plus_ms(minute * MINUTE_MS));
        }
        let at = |minutes: i64| senders.all(NOON.plus_ms(minutes * MINUTE_MS))[0].per_minute;
        assert_eq!(at(7), 60.0);
        assert_eq!(at(8), 60.0);
        assert_eq!(at(10), 36.0);
        assert_eq!(at(60), 0.0);
    }

    #[test]
    fn what_was_refused_is_told_with_its_reason_and_a_name_alone_is_no_sender() {
        let senders = Senders::default();
        senders.meet(id(1), "grafana", NOON);
        senders.meet(id(2), "shop", NOON);
        let mut written: Written = taken(0);
        written.reject(Reason::TooOld, 1, String::new);
        written.reject(Reason::TooManySenderSeries, 5, String::new);
        senders.note(id(2), &written, NOON);
        let all: Vec<SenderFigures> = senders.all(NOON);
        assert_eq!(all.len(), 1);
        assert_eq!((all[0].name.as_str(), all[0].refused, all[0].wrote_at), ("shop", 6, None));
        assert_eq!(all[0].refusal, Some(Reason::TooManySenderSeries));
    }

    #[test]
    fn who_wrote_last_stands_first_and_memory_is_bounded() {
        let senders = Senders::default();
        for number in 0..=MOST_SENDERS {
            let at: Time = NOON.plus_ms(i64::try_from(number).unwrap());
            senders.note(id(number as u128), &taken(1), at);
        }
        let all: Vec<SenderFigures> = senders.all(NOON);
        assert_eq!((all.len(), all[0].id), (MOST_SENDERS, id(MOST_SENDERS as u128)));
        assert!(all.iter().all(|sender| sender.id != id(0)));
    }
}
