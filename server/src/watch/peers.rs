//! Which replicas have fallen silent. Pure.
//!
//! Only the watcher's own clock counts: a peer is silent when nothing new was heard of it for a minute by that clock, whatever its own says.
//! And who was away himself (no database, a machine that slept) has heard of nobody: he listens for a minute before he judges, so that the
//! end of an outage, at which all come back one after the other, is no alarm.

use model::Time;
use notify::processes::ProcessRow;
use std::collections::BTreeMap;

/// A replica of which nothing was heard for longer is silent.
pub const SILENT_MS: i64 = 60_000;
/// Who was last heard of before that is not told of: nobody waits for it any more.
pub const LATELY_MS: i64 = 3_600_000;
/// A look that comes later than this after the one before: we were away.
const MOST_GAP_MS: i64 = 20_000;

/// What its last word was, and when we heard it.
#[derive(Clone, Copy, Debug)]
struct Heard {
    beat_at: Time,
    at: Time,
}

/// Everybody as this process hears them.
#[derive(Clone, Debug, Default)]
pub struct Peers {
    /// Since when we have been listening without a break.
    since: Option<Time>,
    looked_at: Option<Time>,
    heard: BTreeMap<String, Heard>,
}

impl Peers {
    /// Takes notice of who is there.
    pub fn look(&mut self, rows: &[ProcessRow], now: Time) {
        let was_away: bool = self.looked_at.is_none_or(|at| !(0..=MOST_GAP_MS).contains(&now.since(at)));
        if was_away {
            self.since = Some(now);
            self.heard.clear();
        }
        self.looked_at = Some(now);
        let mut heard: BTreeMap<String, Heard> = BTreeMap::new();
        for row in rows {
            let known: Option<Heard> = self.heard.get(&row.name).copied().filter(|known| known.beat_at == row.beat_at);
            heard.insert(row.name.clone(), known.unwrap_or(Heard { beat_at: row.beat_at, at: now }));
        }
        self.heard = heard;
    }

    /// We could not listen.
    pub fn interrupted(&mut self) {
        self.looked_at = None;
        self.since = None;
    }

    /// Whether we have listened for long enough to judge.
    #[must_use]
    pub fn may_judge(&self, now: Time) -> bool {
        self.since.is_some_and(|since| now.since(since) > SILENT_MS)
    }

    /// Those who are silent and did not say goodbye. One that was started again on its machine is not missed.
    #[must_use]
    pub fn silent<'a>(&self, rows: &'a [ProcessRow], me: &str, now: Time) -> Vec<&'a ProcessRow> {
        let is_silent = |row: &ProcessRow| self.heard.get(&row.name).is_some_and(|heard| now.since(heard.at) > SILENT_MS);
        let missed = rows.iter().filter(|row| row.name != me && row.left_at.is_none() && is_silent(row));
        missed.filter(|row| !has_successor(row, rows)).collect()
    }

    /// Those who speak.
    #[must_use]
    pub fn speaks(&self, name: &str, now: Time) -> bool {
        self.heard.get(name).is_some_and(|heard| now.since(heard.at) <= SILENT_MS)
    }
}

/// Whether a process was started on the same machine after this one was last heard of.
fn has_successor(row: &ProcessRow, rows: &[ProcessRow]) -> bool {
    rows.iter().any(|other| other.name != row.name && other.host == row.host && other.started_at > row.beat_at)
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Time = Time(1_795_348_800_000);
    const LOOK_MS: i64 = 5_000;

    fn row(name: &str, host: &str, started_at: Time, beat_at: Time) -> ProcessRow {
        ProcessRow {
            name: name.to_owned(),
            host: host.to_owned(),
            started_at,
            beat_at,
            evaluated_at: None,
            passed_at: None,
            looked_at: None,
            left_at: None,
        }
    }

    /// The names of those missed after `n_looks`, while `me` beats on and `others` stay as they are.
    fn missed(peers: &mut Peers, others: &[ProcessRow], from: Time, n_looks: i64) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        for n in 0..=n_looks {
            let now: Time = from.plus_ms(n * LOOK_MS);
            let mut rows: Vec<ProcessRow> = others.to_vec();
            rows.push(row("me", "a", START, now));
            peers.look(&rows, now);
            names.clear();
            if peers.may_judge(now) {
                names.extend(peers.silent(&rows, "me", now).into_iter().map(|row| row.name.clone()));
            }
        }
        names
    }

    #[test]
    fn who_is_silent_for_more_than_a_minute_is_missed() {
        let dead = [row("b/1", "b", START, START)];
        assert!(missed(&mut Peers::default(), &dead, START, 12).is_empty(), "a minute is no more than a minute");
        assert_eq!(missed(&mut Peers::default(), &dead, START, 13), ["b/1"]);
    }

    #[test]
    fn a_goodbye_or_a_successor_on_the_same_machine_is_no_silence() {
        let left = ProcessRow { left_at: Some(START), ..row("b/1", "b", START, START) };
        assert!(missed(&mut Peers::default(), &[left], START, 40).is_empty());
        let again = [row("b/1", "b", START, START), row("b/2", "b", START.plus_ms(3_000), START.plus_ms(900_000))];
        let names: Vec<String> = missed(&mut Peers::default(), &again, START, 13);
        assert!(!names.contains(&"b/1".to_owned()), "{names:?}");
        let beside = [row("b/1", "b", START, START), row("b/2", "b", START.plus_ms(-3_000), START)];
        assert_eq!(missed(&mut Peers::default(), &beside, START, 13), ["b/1", "b/2"]);
    }

    #[test]
    fn a_clock_that_is_wrong_over_there_is_no_silence() {
        let mut peers = Peers::default();
        for n in 0..40_i64 {
            let now: Time = START.plus_ms(n * LOOK_MS);
            let rows = [row("me", "a", START, now), row("b/1", "b", START, now.plus_ms(-1_800_000))];
            peers.look(&rows, now);
            assert!(peers.silent(&rows, "me", now).is_empty());
        }
    }

    #[test]
    fn after_an_absence_of_our_own_we_listen_before_we_judge() {
        let mut peers = Peers::default();
        let dead = [row("b/1", "b", START, START)];
        assert_eq!(missed(&mut peers, &dead, START, 13), ["b/1"]);
        peers.interrupted();
        let back: Time = START.plus_ms(13 * LOOK_MS + 1_000);
        assert!(missed(&mut peers, &dead, back, 12).is_empty(), "a database that was gone");
        assert_eq!(missed(&mut peers, &dead, back.plus_ms(13 * LOOK_MS), 0), ["b/1"]);
        let slept: Time = back.plus_ms(3_600_000);
        assert!(missed(&mut peers, &dead, slept, 12).is_empty(), "a machine that slept");
        assert!(missed(&mut peers, &dead, START, 12).is_empty(), "a clock that was set back");
    }
}
