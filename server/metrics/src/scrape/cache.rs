//! Which series a target showed last, so that those that vanish can be ended.

use std::collections::HashMap;

/// The series of one target by their canonical labels.
#[derive(Debug, Default)]
pub(super) struct Cache {
    /// With the number of the scrape that showed it last.
    series: HashMap<Box<[u8]>, u64>,
    scrape: u64,
}

/// What changed with a scrape.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Change {
    /// Series that were not there before.
    pub(super) n_added: usize,
    /// Series that were there before.
    pub(super) vanished: Vec<Box<[u8]>>,
}

impl Cache {
    /// Takes what a scrape showed; nothing, when it failed.
    pub(super) fn turn<'a>(&mut self, seen: impl Iterator<Item = &'a [u8]>) -> Change {
        self.scrape += 1;
        let scrape: u64 = self.scrape;
        let mut n_added: usize = 0;
        for series in seen {
            match self.series.get_mut(series) {
                Some(last) => *last = scrape,
                None => {
                    n_added += 1;
                    self.series.insert(series.into(), scrape);
                }
            }
        }
        let vanished: Vec<Box<[u8]>> = self.series.extract_if(|_, last| *last != scrape).map(|(series, _)| series).collect();
        Change { n_added, vanished }
    }

    /// Forgets all without ending them: another replica goes on.
    pub(super) fn forget(&mut self) {
        self.series = HashMap::new();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn turn(cache: &mut Cache, seen: &[&str]) -> (usize, Vec<String>) {
        let change: Change = cache.turn(seen.iter().map(|series| series.as_bytes()));
        let mut vanished: Vec<String> =
            change.vanished.iter().map(|series| String::from_utf8_lossy(series).into_owned()).collect();
        vanished.sort();
        (change.n_added, vanished)
    }

    #[test]
    fn what_is_not_shown_any_more_vanishes_once() {
        let mut cache = Cache::default();
        assert_eq!(turn(&mut cache, &["a", "b", "c", "a"]), (3, vec![]));
        assert_eq!(turn(&mut cache, &["a", "d"]), (1, vec!["b".to_owned(), "c".to_owned()]));
        assert_eq!(turn(&mut cache, &["a", "b"]), (1, vec!["d".to_owned()]));
        assert_eq!(turn(&mut cache, &[]), (0, vec!["a".to_owned(), "b".to_owned()]));
        assert_eq!(turn(&mut cache, &[]), (0, vec![]));
    }

    #[test]
    fn what_is_forgotten_does_not_vanish() {
        let mut cache = Cache::default();
        turn(&mut cache, &["a"]);
        cache.forget();
        assert_eq!(turn(&mut cache, &[]), (0, vec![]));
    }
}
