//! What series and labels there are, out of the index. A list has an end: who wants more narrows the selectors.

use std::collections::BTreeSet;
use std::sync::Arc;

use model::Time;
use model::labels::Labels;
use promql::ast::Matcher;

use crate::Metrics;
use crate::error::Error;
use crate::labels;
use crate::lock;
use crate::matchers::{self, Test};
use crate::series::{Day, day_of};
use crate::state::State;

/// Entries of one list.
pub const MOST: usize = 10_000;

/// A list, sorted, each entry once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listing<T> {
    /// At most [`MOST`].
    pub found: Vec<T>,
    /// Whether there is more than that.
    pub is_cut: bool,
}

impl<T> Listing<T> {
    fn of(found: impl IntoIterator<Item = T>) -> Self {
        let mut found: Vec<T> = found.into_iter().take(MOST + 1).collect();
        let is_cut: bool = found.len() > MOST;
        found.truncate(MOST);
        Self { found, is_cut }
    }
}

impl Metrics {
    /// The labels of series that satisfy all matchers of any selector and had samples on the day of `since` or later.
    ///
    /// # Errors
    /// [`Error::Regex`], [`Error::Overloaded`].
    pub async fn series(&self, selectors: &[Vec<Matcher>], since: Time) -> Result<Listing<Labels>, Error> {
        let selectors: Vec<Vec<Test>> = compile(selectors)?;
        let state: Arc<State> = Arc::clone(&self.state);
        let day: Day = day_of(since.0);
        let look = move || {
            let mut found: BTreeSet<Labels> = BTreeSet::new();
            visit(&state, &selectors, day, |canonical| {
                found.insert(labels::to_labels(canonical));
                found.len() <= MOST
            });
            Listing::of(found)
        };
        self.queries.compute(move |_| Ok(look())).await
    }

    /// The names of all labels; with selectors, of the series that satisfy any of them.
    ///
    /// # Errors
    /// As [`Metrics::series`].
    pub async fn label_names(&self, selectors: &[Vec<Matcher>]) -> Result<Listing<String>, Error> {
        let selectors: Vec<Vec<Test>> = compile(selectors)?;
        let state: Arc<State> = Arc::clone(&self.state);
        let look = move || {
            if selectors.is_empty() {
                return Listing::of(lock::read(&state.index).label_names());
            }
            let mut found: BTreeSet<String> = BTreeSet::new();
            visit(&state, &selectors, day_of(0), |canonical| {
                labels::pairs(canonical).for_each(|(name, _)| note(&mut found, name));
                found.len() <= MOST
            });
            Listing::of(found)
        };
        self.queries.compute(move |_| Ok(look())).await
    }

    /// The values of one label; with selectors, of the series that satisfy any of them.
    ///
    /// # Errors
    /// As [`Metrics::series`].
    pub async fn label_values(&self, name: &str, selectors: &[Vec<Matcher>]) -> Result<Listing<String>, Error> {
        let selectors: Vec<Vec<Test>> = compile(selectors)?;
        let state: Arc<State> = Arc::clone(&self.state);
        let name: String = name.to_owned();
        let look = move || {
            if selectors.is_empty() {
                return Listing::of(lock::read(&state.index).label_values(&name));
            }
            let mut found: BTreeSet<String> = BTreeSet::new();
            visit(&state, &selectors, day_of(0), |canonical| {
                note(&mut found, labels::get(canonical, &name));
                found.len() <= MOST
            });
            Listing::of(found)
        };
        self.queries.compute(move |_| Ok(look())).await
    }
}

fn compile(selectors: &[Vec<Matcher>]) -> Result<Vec<Vec<Test>>, Error> {
    selectors.iter().map(|matchers| matchers::compile(matchers)).collect()
}

/// Keeps a word unless it is empty; a known one costs nothing.
fn note(found: &mut BTreeSet<String>, word: &str) {
    if !word.is_empty() && !found.contains(word) {
        found.insert(word.to_owned());
    }
}

/// Shows the labels of every series of any selector that had samples on `day` or later, until `go_on` has enough.
fn visit(state: &State, selectors: &[Vec<Test>], day: Day, mut go_on: impl FnMut(&[u8]) -> bool) {
    let index = lock::read(&state.index);
    let head = lock::read(&state.head);
    for tests in selectors {
        for slot in index.select(tests) {
            let Some(entry) = index.entry(slot).filter(|entry| entry.last_day >= day || head.holds(slot)) else { continue };
            if !go_on(&entry.labels) {
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_says_when_it_is_cut() {
        let whole: Listing<usize> = Listing::of(0..MOST);
        assert_eq!((whole.found.len(), whole.is_cut), (MOST, false));
        let cut: Listing<usize> = Listing::of(0..MOST + 1);
        assert_eq!((cut.found.len(), cut.is_cut), (MOST, true));
    }
}
