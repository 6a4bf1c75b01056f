//! Which samples of a request are taken: labels checked, series looked up, times compared with the clock.
//!
//! Pure but for the limits it reserves. The clock alone judges times, so that replicas decide alike.

use std::collections::HashMap;
use std::sync::Arc;

use model::Time;

use crate::config::Config;
use crate::exemplars::{self, Exemplar, Marked};
use crate::labels;
use crate::own::add;
use crate::quota::ActiveSeries;
use crate::sample::{Reason, Written};
use crate::series::{Day, Index, Slot, day_of};
use crate::state::{Reservation, State};

/// Labels of new series that one request may bring. A body names its labels at most once each, except where a protocol shares them
/// between series (symbols, resources): there a small body could unfold into gigabytes.
const MOST_NEW_BYTES: usize = 64 << 20;

/// A series of a request: one that is known, or the number of one that the writer has to enter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Key {
    Known(Slot),
    New(u32),
}

/// A sample that was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Row {
    pub(crate) key: Key,
    pub(crate) at: i64,
    pub(crate) bits: u64,
}

/// What is left of a request.
#[derive(Debug)]
pub(crate) struct Admitted {
    pub(crate) rows: Vec<Row>,
    pub(crate) exemplars: Vec<Marked>,
    /// Canonical labels of the series to enter or to confirm; [`Key::New`] counts into it.
    pub(crate) new: Vec<Vec<u8>>,
    pub(crate) written: Written,
    pub(crate) reservation: Reservation,
}

/// Goes through one request, series by series.
pub(crate) struct Admission<'a> {
    state: &'a State,
    index: &'a Index,
    config: &'a Config,
    now: i64,
    oldest: i64,
    newest: i64,
    confirm_before: Day,
    labels: Vec<u8>,
    current: Current,
    /// The sender's series, when they are counted, and whether the current one is.
    active: Option<&'a mut ActiveSeries>,
    is_counted: bool,
    new_by_labels: HashMap<Vec<u8>, u32>,
    new_bytes: usize,
    admitted: Admitted,
}

/// The series that samples belong to at the moment.
#[derive(Clone, Copy, Debug)]
enum Current {
    Key(Key),
    /// Known, but not written for so long that another replica may be forgetting it.
    Stale,
    Unknown,
    Refused(Reason),
}

impl<'a> Admission<'a> {
    pub(crate) fn new(state: &'a Arc<State>, index: &'a Index, config: &'a Config, now: Time) -> Self {
        let reservation: Reservation = Reservation::new(state);
        Self {
            state,
            index,
            config,
            now: now.0,
            oldest: now.0.saturating_sub(config.out_of_order_ms),
            newest: now.0.saturating_add(config.future_ms),
            confirm_before: day_of(now.0).saturating_sub(config.confirm_after_days()),
            labels: Vec::new(),
            current: Current::Refused(Reason::NoMetricName),
            active: None,
            is_counted: false,
            new_by_labels: HashMap::new(),
            new_bytes: 0,
            admitted: Admitted {
                rows: Vec::new(),
                exemplars: Vec::new(),
                new: Vec::new(),
                written: Written::default(),
                reservation,
            },
        }
    }

    /// Counts the series among those of their sender.
    pub(crate) fn counted(mut self, active: Option<&'a mut ActiveSeries>) -> Self {
        self.active = active;
        self
    }

    /// How many samples were refused until now.
    pub(crate) fn n_rejected(&self) -> u64 {
        self.admitted.written.n_rejected()
    }

    /// Turns to the series with these labels: the samples that follow are its.
    pub(crate) fn series<'b>(&mut self, labels: impl Iterator<Item = (&'b [u8], &'b [u8])>) {
        self.current = match labels::canonical(labels, self.config.label_limits(), &mut self.labels) {
            Err(bad) => Current::Refused(Reason::from(bad)),
            Ok(()) => self.look_up(),
        };
        self.is_counted = false;
    }

    /// Turns to a series that can't be taken whatever its samples are.
    pub(crate) fn bad_series(&mut self, reason: Reason) {
        self.labels.clear();
        self.current = Current::Refused(reason);
    }

    fn look_up(&self) -> Current {
        let Some(slot) = self.index.find(&self.labels) else { return Current::Unknown };
        match self.index.entry(slot) {
            Some(entry) if entry.last_day >= self.confirm_before => Current::Key(Key::Known(slot)),
            _ => Current::Stale,
        }
    }

    /// Takes or refuses one sample.
    pub(crate) fn sample(&mut self, at: i64, bits: u64) {
        match self.place(at) {
            Ok(key) => self.admitted.rows.push(Row { key, at, bits }),
            Err(reason) => self.reject(reason, 1),
        }
    }

    /// Takes an exemplar of the current series, or leaves it: that is counted, and no refusal.
    pub(crate) fn exemplar(&mut self, exemplar: &Exemplar<'_>) {
        match self.marked(exemplar) {
            Some(marked) => self.admitted.exemplars.push(marked),
            None => add(&self.state.own.refused_exemplars, 1),
        }
    }

    fn marked(&mut self, exemplar: &Exemplar<'_>) -> Option<Marked> {
        let key: Key = self.existing()?;
        let n: usize = self.admitted.exemplars.len();
        let is_in_time: bool = (self.oldest..=self.newest).contains(&exemplar.at);
        if !is_in_time {
            return None;
        }
        exemplars::mark(&self.state.exemplars, &self.labels, key, exemplar, self.now, n)
    }

    /// The current series, if there is one without the exemplar.
    fn existing(&mut self) -> Option<Key> {
        match self.current {
            Current::Key(key) => Some(key),
            Current::Stale => Some(self.enter()),
            Current::Unknown => self.new_by_labels.get(&self.labels).map(|number| Key::New(*number)),
            Current::Refused(_) => None,
        }
    }

    /// Refuses `n` samples of the current series.
    pub(crate) fn reject(&mut self, reason: Reason, n: u64) {
        let labels: &[u8] = &self.labels;
        self.admitted.written.reject(reason, n, || labels::describe(labels));
    }

    fn place(&mut self, at: i64) -> Result<Key, Reason> {
        if let Current::Refused(reason) = self.current {
            return Err(reason);
        }
        if at < self.oldest {
            return Err(Reason::TooOld);
        }
        if at > self.newest {
            return Err(Reason::TooNew);
        }
        self.count()?;
        let key: Key = match self.current {
            Current::Refused(reason) => return Err(reason),
            Current::Key(key) => key,
            Current::Stale => self.enter(),
            Current::Unknown => self.enter_within_limit()?,
        };
        self.current = Current::Key(key);
        Ok(key)
    }

    fn count(&mut self) -> Result<(), Reason> {
        if self.is_counted {
            return Ok(());
        }
        if self.active.as_mut().is_some_and(|active| !active.admit(&self.labels)) {
            self.current = Current::Refused(Reason::TooManySenderSeries);
            return Err(Reason::TooManySenderSeries);
        }
        self.is_counted = true;
        Ok(())
    }

    fn enter_within_limit(&mut self) -> Result<Key, Reason> {
        let known: bool = self.new_by_labels.contains_key(&self.labels);
        if !known && self.new_bytes + self.labels.len() > MOST_NEW_BYTES {
            return Err(Reason::TooManySeries);
        }
        if !known && !self.admitted.reservation.take_series(self.index.len(), self.config.max_series) {
            return Err(Reason::TooManySeries);
        }
        Ok(self.enter())
    }

    /// The number of the current series among the new ones; a request may name the same series several times.
    fn enter(&mut self) -> Key {
        if let Some(number) = self.new_by_labels.get(&self.labels) {
            return Key::New(*number);
        }
        let number: u32 = u32::try_from(self.admitted.new.len()).expect("a request's body holds far fewer series");
        self.new_by_labels.insert(self.labels.clone(), number);
        self.new_bytes += self.labels.len();
        self.admitted.new.push(self.labels.clone());
        Key::New(number)
    }

    pub(crate) fn finish(mut self) -> Admitted {
        self.admitted.written.accepted = self.admitted.rows.len() as u64;
        self.admitted.written.exemplars = self.admitted.exemplars.len() as u64;
        self.admitted
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::head::Head;
    use crate::quota::{Quotas, Sender};

    const DAY_MS: i64 = 86_400_000;
    const NOW: Time = Time(100 * DAY_MS);

    fn state() -> Arc<State> {
        let mut index = Index::new(1);
        let mut canonical: Vec<u8> = Vec::new();
        labels::push(&mut canonical, b"__name__", b"known");
        index.insert(7, &canonical, 100);
        canonical.clear();
        labels::push(&mut canonical, b"__name__", b"resting");
        index.insert(8, &canonical, 80);
        Arc::new(State::new(index, Head::new(0)))
    }

    fn admit(state: &Arc<State>, config: &Config, samples: &[(&str, i64)]) -> Admitted {
        let index = crate::lock::read(&state.index);
        let mut admission = Admission::new(state, &index, config, NOW);
        for (name, age_ms) in samples {
            admission.series([("__name__".as_bytes(), name.as_bytes())].into_iter());
            admission.sample(NOW.0 - age_ms, 1);
        }
        admission.finish()
    }

    #[test]
    fn known_resting_and_new_series_get_their_keys() {
        let admitted: Admitted = admit(&state(), &Config::default(), &[("known", 0), ("resting", 0), ("new", 0), ("new", 5)]);
        let keys: Vec<Key> = admitted.rows.iter().map(|row| row.key).collect();
        assert_eq!(keys, [Key::Known(0), Key::New(0), Key::New(1), Key::New(1)]);
        assert_eq!(admitted.new.len(), 2);
        assert_eq!(admitted.written, Written { accepted: 4, ..Written::default() });
    }

    #[test]
    fn good_samples_of_a_partly_bad_request_are_kept() {
        let config = Config::default();
        let samples =
            [("known", config.out_of_order_ms + 1), ("known", -config.future_ms - 1), ("", 0), ("known", config.out_of_order_ms)];
        let admitted: Admitted = admit(&state(), &config, &samples);
        let reasons: Vec<Reason> = admitted.written.rejected.iter().map(|rejected| rejected.reason).collect();
        assert_eq!(reasons, [Reason::TooOld, Reason::TooNew, Reason::EmptyLabel]);
        assert_eq!((admitted.written.accepted, admitted.written.n_rejected()), (1, 3));
        assert_eq!(admitted.written.rejected[0].example, "known");
    }

    #[test]
    fn a_senders_series_are_limited_and_its_known_ones_pass() {
        let state: Arc<State> = state();
        let quotas = Quotas::default();
        let sender = Sender { id: uuid::Uuid::from_u128(1), max_series: Some(1), samples_per_second: None };
        let admit = |name: &str| {
            let counted = quotas.counted(Some(&sender), NOW).unwrap();
            let mut series = counted.series();
            let index = crate::lock::read(&state.index);
            let config = Config::default();
            let mut admission = Admission::new(&state, &index, &config, NOW).counted(Some(&mut *series));
            admission.series([("__name__".as_bytes(), name.as_bytes())].into_iter());
            admission.sample(NOW.0, 1);
            admission.sample(NOW.0, 2);
            admission.finish().written
        };
        assert_eq!(admit("one").accepted, 2);
        assert_eq!(admit("one").accepted, 2);
        let refused: Written = admit("known");
        assert_eq!((refused.accepted, refused.n_rejected()), (0, 2));
        assert_eq!(refused.rejected[0].reason, Reason::TooManySenderSeries);
    }

    #[test]
    fn the_limit_on_series_counts_those_that_wait_and_spares_the_known() {
        let state: Arc<State> = state();
        let config = Config { max_series: 3, ..Config::default() };
        let first: Admitted = admit(&state, &config, &[("one", 0), ("known", 0)]);
        let second: Admitted = admit(&state, &config, &[("two", 0), ("known", 0)]);
        assert_eq!(first.written.accepted, 2);
        assert_eq!(second.written.accepted, 1);
        assert_eq!(second.written.rejected[0].reason, Reason::TooManySeries);
        drop(first);
        assert_eq!(admit(&state, &config, &[("two", 0)]).written.accepted, 1);
    }

    #[test]
    fn exemplars_go_with_series_that_are_there() {
        let state: Arc<State> = state();
        let config = Config::default();
        let index = crate::lock::read(&state.index);
        let mut admission = Admission::new(&state, &index, &config, NOW);
        let mut mark = |name: &str, age_ms: i64, with_sample: bool| {
            admission.series([("__name__".as_bytes(), name.as_bytes())].into_iter());
            if with_sample {
                admission.sample(NOW.0, 1);
            }
            admission.exemplar(&Exemplar { at: NOW.0 - age_ms, bits: 1, labels: &[(b"trace_id", b"7")] });
        };
        mark("known", 0, false);
        mark("new", 0, true);
        mark("new", 0, false);
        mark("unknown", 0, false);
        mark("", 0, true);
        mark("known", config.out_of_order_ms + 1, false);
        mark("known", 1, false);
        let admitted: Admitted = admission.finish();
        let keys: Vec<Key> = admitted.exemplars.iter().map(|marked| marked.key).collect();
        assert_eq!(keys, [Key::Known(0), Key::New(0), Key::New(0)]);
        assert_eq!((admitted.written.accepted, admitted.written.exemplars, admitted.written.n_rejected()), (1, 3, 1));
        let left: u64 = state.own.refused_exemplars.load(std::sync::atomic::Ordering::Relaxed);
        assert_eq!(left, 4, "of no series, of a bad one, too old, and older than the newest");
    }
}
