//! What a sink was told, and when: the book against which every page is counted.

use super::message::Message;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

/// Messages that are kept; a bench sends far fewer.
const MOST: usize = 500_000;

/// One request.
#[derive(Clone, Debug)]
pub struct Received {
    pub message: Message,
    pub at: Instant,
    /// Whether it was answered with a yes. One that was not must come again.
    pub taken: bool,
}

/// Every request, in the order in which they came.
#[derive(Debug, Default)]
pub struct Ledger {
    all: Vec<Received>,
    /// Those whose signature does not hold.
    pub forged: usize,
    /// Those that are no message.
    pub unreadable: usize,
}

/// What was found of pages that were expected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Found {
    pub expected: usize,
    /// Expected, and never taken.
    pub lost: usize,
    /// Taken once more under the key under which they were taken before.
    pub repeated: usize,
    /// The same alert called for under another key.
    pub doubled: usize,
}

impl Found {
    /// Of a hundred pages, how many came once too often.
    pub fn duplicates_percent(&self) -> f64 {
        100.0 * (self.repeated + self.doubled) as f64 / self.expected as f64
    }
}

impl Ledger {
    /// Writes one down.
    pub fn put(&mut self, received: Received) {
        if self.all.len() < MOST {
            self.all.push(received);
        }
    }

    /// Every request.
    pub fn all(&self) -> &[Received] {
        &self.all
    }

    /// What summoned somebody and was taken.
    pub fn calls(&self) -> impl Iterator<Item = &Received> {
        self.all.iter().filter(|received| received.taken && received.message.calls())
    }

    /// When each alert was called for first.
    pub fn first_calls(&self) -> BTreeMap<u64, Instant> {
        let mut first: BTreeMap<u64, Instant> = BTreeMap::new();
        for received in self.calls() {
            for number in &received.message.numbers {
                first.entry(*number).or_insert(received.at);
            }
        }
        first
    }

    /// When each alert was called for last.
    pub fn last_calls(&self) -> BTreeMap<u64, Instant> {
        let calls = self.calls().flat_map(|received| received.message.numbers.iter().map(move |number| (*number, received.at)));
        calls.collect()
    }

    /// Whether all of these were called for.
    pub fn has_all(&self, numbers: &BTreeSet<u64>) -> bool {
        let first: BTreeMap<u64, Instant> = self.first_calls();
        numbers.iter().all(|number| first.contains_key(number))
    }

    /// Compares with what was expected: one page for each alert.
    pub fn compare(&self, expected: &BTreeSet<u64>) -> Found {
        let mut times: BTreeMap<&str, usize> = BTreeMap::new();
        let mut keys: BTreeMap<u64, BTreeSet<&str>> = BTreeMap::new();
        for received in self.calls() {
            *times.entry(received.message.key.as_str()).or_default() += 1;
            for number in &received.message.numbers {
                keys.entry(*number).or_default().insert(received.message.key.as_str());
            }
        }
        Found {
            expected: expected.len(),
            lost: expected.iter().filter(|number| !keys.contains_key(number)).count(),
            repeated: times.values().map(|n| n - 1).sum(),
            doubled: keys.values().map(|keys| keys.len() - 1).sum(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn received(key: &str, kind: &str, number: u64, taken: bool) -> Received {
        let message = Message {
            key: key.to_owned(),
            kind: kind.to_owned(),
            numbers: BTreeSet::from([number]),
            n_alerts: 1,
            group: String::new(),
            name: String::new(),
        };
        Received { message, at: Instant::now(), taken }
    }

    #[test]
    fn what_never_came_is_lost_and_what_came_twice_is_told_apart_by_its_key() {
        let mut ledger = Ledger::default();
        for one in [
            received("a", "fired", 1, false),
            received("a", "fired", 1, true),
            received("a", "fired", 1, true),
            received("b", "fired", 2, true),
            received("c", "fired", 2, true),
            received("d", "resolved", 3, true),
        ] {
            ledger.put(one);
        }
        let found = ledger.compare(&BTreeSet::from([1, 2, 3, 4]));
        assert_eq!(found, Found { expected: 4, lost: 2, repeated: 1, doubled: 1 });
        assert_eq!(found.duplicates_percent(), 50.0);
        assert!(ledger.has_all(&BTreeSet::from([1, 2])) && !ledger.has_all(&BTreeSet::from([1, 3])));
        assert!(ledger.first_calls()[&1] <= ledger.last_calls()[&1]);
    }
}
