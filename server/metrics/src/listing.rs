//! What series and labels there are, out of the index. A list has an end: who wants more narrows the selectors.
//!
//! The index knows on which day a series was last written, not when it began, so lists know a beginning and no end.

use std::collections::BTreeSet;
use std::sync::Arc;

use model::Time;
use model::labels::Labels;
use promql::ast::{MatchOp, Matcher, Span};

use crate::Metrics;
use crate::error::Error;
use crate::eval::Until;
use crate::labels;
use crate::lock;
use crate::lookup::{Found, Lookup};
use crate::matchers::{self, Test};
use crate::series::{Day, day_of};
use crate::state::State;

/// Entries of one list: as many as Grafana asks for by itself.
pub const MOST: usize = 40_000;

/// What a list is made of.
#[derive(Clone, Debug)]
pub struct Scope {
    /// A series has to satisfy all matchers of any of them; none of them means every series.
    pub selectors: Vec<Vec<Matcher>>,
    /// Only series with samples on the day of this moment or later.
    pub since: Time,
    /// Entries of the list, at most [`MOST`].
    pub most: usize,
}

impl Default for Scope {
    fn default() -> Self {
        Self { selectors: Vec::new(), since: Time(0), most: MOST }
    }
}

/// A list, sorted, each entry once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listing<T> {
    /// The first ones, at most as many as were asked for.
    pub found: Vec<T>,
    /// Whether there is more than that.
    pub is_cut: bool,
}

/// The first entries of a list in the making; holds one too many at most.
struct First<T> {
    found: BTreeSet<T>,
    most: usize,
    is_cut: bool,
}

impl<T: Ord> First<T> {
    fn new(most: usize) -> Self {
        Self { found: BTreeSet::new(), most: most.min(MOST), is_cut: false }
    }

    fn add(&mut self, item: T) {
        self.found.insert(item);
        if self.found.len() > self.most {
            self.found.pop_last();
            self.is_cut = true;
        }
    }

    fn finish(self) -> Listing<T> {
        Listing { found: self.found.into_iter().collect(), is_cut: self.is_cut }
    }
}

impl First<String> {
    /// Takes a word unless it is empty; a known one costs nothing, nor does one behind the end.
    fn note(&mut self, word: &str) {
        if word.is_empty() || self.found.contains(word) {
            return;
        }
        let is_behind: bool = self.found.len() >= self.most && self.found.last().is_none_or(|last| word > last.as_str());
        if is_behind {
            self.is_cut = true;
        } else {
            self.add(word.to_owned());
        }
    }
}

impl Metrics {
    /// The labels of the series.
    ///
    /// # Errors
    /// [`Error::Regex`], [`Error::Overloaded`], and the evaluator's when nobody waits any more.
    pub async fn series(&self, scope: Scope) -> Result<Listing<Labels>, Error> {
        if let Some(remote) = self.remote() {
            return remote.series(&self.queries, &scope).await;
        }
        let selected: Selected = Selected::of(&scope)?;
        let state: Arc<State> = Arc::clone(&self.state);
        let look = move |until: Until| -> Result<Listing<Labels>, Error> {
            let mut first: First<Labels> = First::new(scope.most);
            selected.visit(&state, &until, |canonical| first.add(labels::to_labels(canonical)))?;
            Ok(first.finish())
        };
        self.queries.compute(look).await
    }

    /// The names of all labels; with selectors, of the series that satisfy any of them.
    ///
    /// # Errors
    /// As [`Metrics::series`].
    pub async fn label_names(&self, selectors: &[Vec<Matcher>]) -> Result<Listing<String>, Error> {
        self.label_names_in(Scope { selectors: selectors.to_vec(), ..Scope::default() }).await
    }

    /// The names of the labels that the series have.
    ///
    /// # Errors
    /// As [`Metrics::series`].
    pub async fn label_names_in(&self, scope: Scope) -> Result<Listing<String>, Error> {
        if let Some(remote) = self.remote() {
            return remote.label_names(&self.queries, &scope).await;
        }
        let selected: Selected = Selected::of(&scope)?;
        let state: Arc<State> = Arc::clone(&self.state);
        let look = move |until: Until| -> Result<Listing<String>, Error> {
            let mut first: First<String> = First::new(scope.most);
            if selected.is_everything(&state) {
                lock::read(&state.index).label_names().iter().for_each(|name| first.note(name));
            } else {
                let take = |canonical: &[u8]| labels::pairs(canonical).for_each(|(name, _)| first.note(name));
                selected.visit(&state, &until, take)?;
            }
            Ok(first.finish())
        };
        self.queries.compute(look).await
    }

    /// The values of one label that the series have.
    ///
    /// # Errors
    /// As [`Metrics::series`].
    pub async fn label_values(&self, name: &str, scope: Scope) -> Result<Listing<String>, Error> {
        if let Some(remote) = self.remote() {
            return remote.label_values(&self.queries, name, &scope).await;
        }
        let mut selected: Selected = Selected::of(&scope)?;
        let of_label: Vec<Test> = matchers::compile(&[present(name)])?;
        let (state, name): (Arc<State>, String) = (Arc::clone(&self.state), name.to_owned());
        let look = move |until: Until| -> Result<Listing<String>, Error> {
            let mut first: First<String> = First::new(scope.most);
            if selected.is_everything(&state) {
                let lookup = Lookup { index: &state.index, until: Some(&until) };
                lookup.values(&name, |some| {
                    some.iter().for_each(|(value, _)| first.note(value));
                    Ok(())
                })?;
                return Ok(first.finish());
            }
            if selected.selectors.is_empty() {
                // The postings of the label are shorter than the list of all series.
                selected.selectors.push(of_label);
            }
            selected.visit(&state, &until, |canonical| first.note(labels::get(canonical, &name)))?;
            Ok(first.finish())
        };
        self.queries.compute(look).await
    }
}

fn present(name: &str) -> Matcher {
    Matcher { op: MatchOp::Ne, name: name.to_owned(), value: String::new(), span: Span::default() }
}

/// A scope, ready to be looked for.
struct Selected {
    selectors: Vec<Vec<Test>>,
    day: Day,
}

impl Selected {
    fn of(scope: &Scope) -> Result<Self, Error> {
        let compiled: Result<Vec<Vec<Test>>, Error> =
            scope.selectors.iter().map(|matchers| matchers::compile(matchers)).collect();
        Ok(Self { selectors: compiled?, day: day_of(scope.since.0) })
    }

    /// Whether every series is selected, so that the postings alone know the answer.
    fn is_everything(&self, state: &State) -> bool {
        self.selectors.is_empty() && lock::read(&state.index).last_seen_before(self.day).is_empty()
    }

    /// Shows the labels of every selected series, a series of several selectors several times. Ends early when nobody waits.
    fn visit(&self, state: &State, until: &Until, mut see: impl FnMut(&[u8])) -> Result<(), Error> {
        let all: [Vec<Test>; 1] = [Vec::new()];
        let selectors: &[Vec<Test>] = if self.selectors.is_empty() { &all } else { self.selectors.as_slice() };
        let lookup = Lookup { index: &state.index, until: Some(until) };
        for tests in selectors {
            lookup.series(tests, |found| self.show(state, found, &mut see))?;
        }
        Ok(())
    }

    fn show(&self, state: &State, mut found: Vec<Found>, see: &mut impl FnMut(&[u8])) {
        self.keep_recent(state, &mut found);
        found.iter().for_each(|series| see(&series.labels));
    }

    fn keep_recent(&self, state: &State, found: &mut Vec<Found>) {
        let head = lock::read(&state.head);
        found.retain(|series| series.last_day >= self.day || head.holds(series.slot));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first(most: usize, words: &[&str]) -> Listing<String> {
        let mut first: First<String> = First::new(most);
        words.iter().for_each(|word| first.note(word));
        first.finish()
    }

    fn listing(found: &[&str], is_cut: bool) -> Listing<String> {
        Listing { found: found.iter().map(|word| (*word).to_owned()).collect(), is_cut }
    }

    #[test]
    fn a_list_holds_the_first_and_says_when_it_is_cut() {
        assert_eq!(first(2, &["b", "a", "b", ""]), listing(&["a", "b"], false));
        assert_eq!(first(2, &["b", "c", "a"]), listing(&["a", "b"], true));
        assert_eq!(first(2, &["a", "b", "c"]), listing(&["a", "b"], true));
        assert_eq!(first(0, &["a"]), listing(&[], true));
    }

    #[test]
    fn a_list_is_never_longer_than_the_most() {
        assert_eq!(First::<String>::new(usize::MAX).most, MOST);
    }
}
