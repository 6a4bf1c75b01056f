//! Which series satisfy matchers, and which values a label has: out of the index, in steps.
//!
//! Whoever writes waits while the index is read, so under one lock only as much is taken out of it as takes some tens of microseconds.
//! What is asked for by name and value is settled there, by the postings; regular expressions, which may take as long as they like, run
//! when the lock is free again, and only on what is left. Between two steps it is asked whether somebody still waits.
//!
//! Series may come and go between steps: one that was there all the time is found, one that came or went meanwhile may be. Slots are
//! never used again, so none is taken for another.

use std::sync::{Arc, RwLock};

use crate::error::Error;
use crate::eval::Until;
use crate::matchers::Test;
use crate::series::{Day, Entry, Index, Slot, ValueCount};
use crate::{labels, lock};

/// Series, or values of a label, that are taken out under one lock.
const AT_ONCE: usize = 2_048;
/// So many are tested before it is asked whether somebody still waits: on the longest value a regular expression may take a good part
/// of a millisecond.
const TESTED_AT_ONCE: usize = 64;

/// A series that was found.
#[derive(Clone, Debug)]
pub(crate) struct Found {
    pub(crate) slot: Slot,
    pub(crate) id: i64,
    pub(crate) labels: Arc<[u8]>,
    /// As in [`Entry`].
    pub(crate) last_day: Day,
}

impl Found {
    fn of(index: &Index, slot: Slot) -> Option<Self> {
        let entry: &Entry = index.entry(slot)?;
        Some(Self { slot, id: entry.id, labels: Arc::clone(&entry.labels), last_day: entry.last_day })
    }
}

/// Looks into the index for somebody.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lookup<'a> {
    pub(crate) index: &'a RwLock<Index>,
    /// Until when somebody waits; `None` is for ever.
    pub(crate) until: Option<&'a Until>,
}

impl Lookup<'_> {
    /// Shows the series that satisfy every test, in order of slot, some at a time. The index is not locked meanwhile.
    ///
    /// # Errors
    /// [`Error::Eval`] when nobody waits any more.
    pub(crate) fn series(&self, tests: &[Test], mut take: impl FnMut(Vec<Found>)) -> Result<(), Error> {
        let (literals, mut others): (Vec<&Test>, Vec<&Test>) = tests.iter().partition(|test| test.literal().is_some());
        let candidates: Vec<Slot> = self.candidates(&literals, &mut others)?;
        for slots in candidates.chunks(AT_ONCE) {
            let taken: Vec<Found> = with_all(&lock::read(self.index), slots, &literals);
            take(self.fitting(taken, |found| satisfies(&found.labels, &others))?);
        }
        Ok(())
    }

    /// Shows the values of a label in order, some at a time. The index is not locked meanwhile.
    ///
    /// # Errors
    /// As [`Lookup::series`], and those of `take`.
    pub(crate) fn values(&self, name: &str, mut take: impl FnMut(Vec<ValueCount>) -> Result<(), Error>) -> Result<(), Error> {
        let mut last: Option<Box<str>> = None;
        loop {
            self.check()?;
            let some: Vec<ValueCount> = lock::read(self.index).values_after(name, last.as_deref(), AT_ONCE);
            let Some((value, _)) = some.last() else { return Ok(()) };
            last = Some(value.clone());
            take(some)?;
        }
    }

    /// A small superset of what is selected: the shortest posting of a literal, else the union of one test's values, else all. The test
    /// that made the union is taken out of `others`, because all of it satisfy it.
    fn candidates(&self, literals: &[&Test], others: &mut Vec<&Test>) -> Result<Vec<Slot>, Error> {
        if !literals.is_empty() {
            return Ok(self.shortest(literals));
        }
        match others.iter().position(|test| !test.accepts_absence()) {
            Some(at) => self.union(others.remove(at)),
            None => {
                let end: usize = lock::read(self.index).end();
                Ok((0..end).filter_map(|slot| Slot::try_from(slot).ok()).collect())
            }
        }
    }

    fn shortest(&self, literals: &[&Test]) -> Vec<Slot> {
        let index = lock::read(self.index);
        let postings: Vec<&[Slot]> = postings(&index, literals);
        postings.into_iter().min_by_key(|posting| posting.len()).map_or_else(Vec::new, <[Slot]>::to_vec)
    }

    fn union(&self, test: &Test) -> Result<Vec<Slot>, Error> {
        let mut slots: Vec<Slot> = Vec::new();
        self.values(&test.name, |some| {
            let accepted: Vec<ValueCount> = self.fitting(some, |(value, _)| test.accepts(value))?;
            let index = lock::read(self.index);
            for (value, _) in &accepted {
                slots.extend_from_slice(index.posting(&test.name, value));
            }
            Ok(())
        })?;
        slots.sort_unstable();
        Ok(slots)
    }

    /// Those that are accepted, as long as somebody waits.
    fn fitting<T>(&self, all: Vec<T>, accepts: impl Fn(&T) -> bool) -> Result<Vec<T>, Error> {
        let mut fitting: Vec<T> = Vec::with_capacity(all.len());
        for (number, one) in all.into_iter().enumerate() {
            if number.is_multiple_of(TESTED_AT_ONCE) {
                self.check()?;
            }
            if accepts(&one) {
                fitting.push(one);
            }
        }
        Ok(fitting)
    }

    fn check(&self) -> Result<(), Error> {
        match self.until {
            Some(until) => until.check().map_err(Error::from),
            None => Ok(()),
        }
    }
}

fn postings<'a>(index: &'a Index, literals: &[&Test]) -> Vec<&'a [Slot]> {
    literals.iter().filter_map(|test| Some(index.posting(&test.name, test.literal()?))).collect()
}

/// Those of `slots` that satisfy every literal, by the postings alone.
fn with_all(index: &Index, slots: &[Slot], literals: &[&Test]) -> Vec<Found> {
    let postings: Vec<&[Slot]> = postings(index, literals);
    let has_all = |slot: Slot| postings.iter().all(|posting| posting.binary_search(&slot).is_ok());
    slots.iter().filter(|slot| has_all(**slot)).filter_map(|slot| Found::of(index, *slot)).collect()
}

fn satisfies(canonical: &[u8], tests: &[&Test]) -> bool {
    tests.iter().all(|test| test.accepts(labels::get(canonical, &test.name)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::EvalError;
    use crate::matchers;
    use promql::ast::{MatchOp, Matcher, Span};
    use proptest::prelude::*;
    use std::time::{Duration, Instant};

    type Pairs<'a> = [(&'a str, &'a str)];

    fn canonical(labels: &Pairs<'_>) -> Vec<u8> {
        let mut out: Vec<u8> = Vec::new();
        for (name, value) in labels {
            labels::push(&mut out, name.as_bytes(), value.as_bytes());
        }
        out
    }

    fn index() -> RwLock<Index> {
        let mut index = Index::new(7);
        index.insert(10, &canonical(&[("__name__", "up"), ("job", "a")]), 5);
        index.insert(11, &canonical(&[("__name__", "up"), ("job", "b"), ("zone", "x")]), 6);
        index.insert(12, &canonical(&[("__name__", "down")]), 7);
        RwLock::new(index)
    }

    /// More than fit under two locks, a value each.
    fn large() -> RwLock<Index> {
        let mut index = Index::new(7);
        for number in 0..2 * AT_ONCE + 10 {
            let id: i64 = i64::try_from(number).unwrap();
            index.insert(id, &canonical(&[("__name__", "up"), ("host", &format!("host-{number:05}"))]), 5);
        }
        RwLock::new(index)
    }

    fn tests_of(matchers: &[(&str, MatchOp, &str)]) -> Vec<Test> {
        let matcher = |(name, op, value): &(&str, MatchOp, &str)| Matcher {
            op: *op,
            name: (*name).to_owned(),
            value: (*value).to_owned(),
            span: Span::default(),
        };
        matchers::compile(&matchers.iter().map(matcher).collect::<Vec<Matcher>>()).unwrap()
    }

    fn slots(index: &RwLock<Index>, tests: &[Test]) -> Vec<Slot> {
        let mut slots: Vec<Slot> = Vec::new();
        let lookup = Lookup { index, until: None };
        lookup.series(tests, |found| slots.extend(found.iter().map(|one| one.slot))).unwrap();
        slots
    }

    fn select(index: &RwLock<Index>, matchers: &[(&str, MatchOp, &str)]) -> Vec<Slot> {
        slots(index, &tests_of(matchers))
    }

    #[test]
    fn matchers_select_by_presence_and_absence() {
        let index: RwLock<Index> = index();
        assert_eq!(select(&index, &[("__name__", MatchOp::Eq, "up")]), [0, 1]);
        assert_eq!(select(&index, &[("__name__", MatchOp::Eq, "up"), ("zone", MatchOp::Eq, "")]), [0]);
        assert_eq!(select(&index, &[("__name__", MatchOp::Eq, "up"), ("job", MatchOp::Eq, "b")]), [1]);
        assert_eq!(select(&index, &[("job", MatchOp::Re, "a|b")]), [0, 1]);
        assert_eq!(select(&index, &[("job", MatchOp::Ne, "a")]), [1, 2]);
        assert_eq!(select(&index, &[("job", MatchOp::Nre, ".+")]), [2]);
        assert_eq!(select(&index, &[("nothing", MatchOp::Eq, "x")]), [] as [Slot; 0]);
        assert_eq!(select(&index, &[]), [0, 1, 2]);
    }

    #[test]
    fn what_is_named_is_settled_before_anything_is_tested() {
        let index: RwLock<Index> = index();
        let tests: Vec<Test> = tests_of(&[("__name__", MatchOp::Eq, "up"), ("zone", MatchOp::Eq, "x")]);
        let literals: Vec<&Test> = tests.iter().collect();
        let taken: Vec<Found> = with_all(&lock::read(&index), &[0, 1, 2], &literals);
        assert_eq!(taken.iter().map(|found| found.id).collect::<Vec<i64>>(), [11]);
        let lookup = Lookup { index: &index, until: None };
        assert_eq!(lookup.shortest(&literals), [1]);
        // The test behind a union has nothing left to say.
        let regex: Vec<Test> = tests_of(&[("job", MatchOp::Re, "a|b"), ("zone", MatchOp::Ne, "y")]);
        let mut others: Vec<&Test> = regex.iter().collect();
        assert_eq!(lookup.candidates(&[], &mut others).unwrap(), [0, 1]);
        assert_eq!(others.iter().map(|test| test.name.as_str()).collect::<Vec<&str>>(), ["zone"]);
    }

    #[test]
    fn writers_need_not_wait_for_the_end() {
        let index: RwLock<Index> = large();
        let lookup = Lookup { index: &index, until: None };
        let (mut steps, mut n): (usize, usize) = (0, 0);
        let series = |found: Vec<Found>| {
            let mut writer = index.try_write().expect("the index is locked while series are shown");
            writer.insert(1_000_000, &canonical(&[("__name__", "new")]), 5);
            steps += 1;
            n += found.len();
        };
        lookup.series(&tests_of(&[("host", MatchOp::Re, "host-.*")]), series).unwrap();
        assert_eq!((steps, n), (3, 2 * AT_ONCE + 10));
        let mut values: Vec<Box<str>> = Vec::new();
        let take = |some: Vec<ValueCount>| {
            drop(index.try_write().expect("the index is locked while values are shown"));
            values.extend(some.into_iter().map(|(value, _)| value));
            Ok(())
        };
        lookup.values("host", take).unwrap();
        assert_eq!((values.len(), values.is_sorted()), (2 * AT_ONCE + 10, true));
    }

    #[test]
    fn a_lookup_ends_with_its_caller_and_in_time() {
        let index: RwLock<Index> = large();
        let until: Until = Until::new(Instant::now() + Duration::from_secs(600));
        let lookup = Lookup { index: &index, until: Some(&until) };
        let mut steps: usize = 0;
        let outcome: Result<(), Error> = lookup.series(&[], |_| {
            steps += 1;
            until.abandon();
        });
        assert!(matches!(outcome, Err(Error::Eval(error)) if matches!(*error, EvalError::Abandoned)));
        assert_eq!(steps, 1);
        let over: Until = Until::new(Instant::now());
        let late = Lookup { index: &index, until: Some(&over) };
        for tests in [tests_of(&[]), tests_of(&[("host", MatchOp::Re, ".+")]), tests_of(&[("__name__", MatchOp::Eq, "up")])] {
            let outcome: Result<(), Error> = late.series(&tests, |_| panic!("nobody waits any more"));
            assert!(matches!(outcome, Err(Error::Eval(error)) if matches!(*error, EvalError::TimedOut)));
        }
    }

    proptest! {
        #[test]
        fn a_lookup_finds_what_testing_every_series_finds(
            series in proptest::collection::vec((0_usize..3, 0_usize..3, 0_usize..3), 0..30),
            wanted in proptest::collection::vec((0_usize..3, 0_usize..4, 0_usize..5), 0..4),
        ) {
            const NAMES: [&str; 3] = ["__name__", "a", "b"];
            const VALUES: [&str; 3] = ["", "x", "y"];
            const OPS: [MatchOp; 4] = [MatchOp::Eq, MatchOp::Ne, MatchOp::Re, MatchOp::Nre];
            const PATTERNS: [&str; 5] = ["", "x", "y", "x|y", ".*"];
            let mut filled = Index::new(3);
            let mut all: Vec<Vec<u8>> = Vec::new();
            for (name, a, b) in series {
                let pairs = [("__name__", ["m", "x", "y"][name]), ("a", VALUES[a]), ("b", VALUES[b])];
                let present: Vec<(&str, &str)> = pairs.into_iter().filter(|(_, value)| !value.is_empty()).collect();
                let labels: Vec<u8> = canonical(&present);
                if !all.contains(&labels) {
                    filled.insert(i64::try_from(all.len()).unwrap(), &labels, 1);
                    all.push(labels);
                }
            }
            let matchers: Vec<(&str, MatchOp, &str)> =
                wanted.into_iter().map(|(name, op, value)| (NAMES[name], OPS[op], PATTERNS[value])).collect();
            let tests: Vec<Test> = tests_of(&matchers);
            let borrowed: Vec<&Test> = tests.iter().collect();
            let fits = |slot: &Slot| satisfies(&all[*slot as usize], &borrowed);
            let expected: Vec<Slot> = (0..u32::try_from(all.len()).unwrap()).filter(fits).collect();
            prop_assert_eq!(slots(&RwLock::new(filled), &tests), expected);
        }
    }
}
