//! The reading of a plan: one selection after the other, each part by part.

use std::ops::ControlFlow;

use tokio::time::timeout_at;

use super::Engine;
use super::failure::EvalError;
use super::folds;
use super::plan::{Plan, Reduce, Selection};
use super::select;
use super::series::{Budget, Deadline, Series};
use super::window::{self, Layout};
use crate::error::Error;
use crate::source::{Demand, FoldedSeries, Part, SeriesData, Source, Taker};

/// A step takes as much memory as so many samples.
const SAMPLES_PER_FOLD: usize = 7;

/// What came of a selection.
#[derive(Debug)]
pub(super) enum Fetched {
    /// The samples themselves.
    Samples(Vec<SeriesData>),
    /// What each series came to, see [`Reduce`].
    Columns(Vec<Series>),
}

impl Fetched {
    /// Takes the samples out.
    pub fn take_samples(&mut self) -> Vec<SeriesData> {
        match self {
            Self::Samples(series) => std::mem::take(series),
            Self::Columns(_) => Vec::new(),
        }
    }

    /// Takes the columns out; `None` when there are samples instead.
    pub fn take_columns(&mut self) -> Option<Vec<Series>> {
        match self {
            Self::Samples(_) => None,
            Self::Columns(series) => Some(std::mem::take(series)),
        }
    }
}

/// Reads what the plan lists.
///
/// # Errors
/// Those of the budget, and the source's.
pub(super) async fn fetch(
    source: &dyn Source,
    plan: &Plan,
    engine: &Engine,
    budget: &mut Budget,
) -> Result<Vec<Fetched>, EvalError> {
    let mut fetched: Vec<Fetched> = Vec::with_capacity(plan.selections.len());
    for selection in &plan.selections {
        fetched.push(fetch_one(source, selection, engine, budget).await?);
    }
    Ok(fetched)
}

async fn fetch_one(
    source: &dyn Source,
    selection: &Selection,
    engine: &Engine,
    budget: &mut Budget,
) -> Result<Fetched, EvalError> {
    budget.deadline.check()?;
    let deadline: Deadline = budget.deadline.clone();
    let demand: Demand<'_> = selection.demand(engine.with_rolls);
    let fetched: Fetched = match selection.reduce {
        Some(_) => Fetched::Columns(Vec::new()),
        None => Fetched::Samples(Vec::new()),
    };
    let mut fetching: Fetching<'_> = Fetching { selection, lookback_ms: engine.lookback_ms, budget, fetched, failure: None };
    let outcome: Result<(), Error> = match &deadline.0 {
        None => source.read(&demand, &mut fetching).await,
        Some(until) => {
            let read = timeout_at(until.at().into(), source.read(&demand, &mut fetching)).await;
            read.map_err(|_| EvalError::TimedOut)?
        }
    };
    if let Some(failure) = fetching.failure {
        return Err(failure);
    }
    outcome.map_err(storage)?;
    Ok(fetching.fetched)
}

/// A source that looks at the clock says what the engine would say.
fn storage(error: Error) -> EvalError {
    match error {
        Error::Eval(eval) => *eval,
        other => EvalError::Storage(Box::new(other)),
    }
}

/// One selection while it is read.
struct Fetching<'a> {
    selection: &'a Selection,
    lookback_ms: i64,
    budget: &'a mut Budget,
    fetched: Fetched,
    failure: Option<EvalError>,
}

impl Taker for Fetching<'_> {
    fn take(&mut self, part: Part) -> ControlFlow<()> {
        match self.keep(part) {
            Ok(()) => ControlFlow::Continue(()),
            Err(failure) => {
                self.failure = Some(failure);
                ControlFlow::Break(())
            }
        }
    }
}

impl Fetching<'_> {
    fn keep(&mut self, part: Part) -> Result<(), EvalError> {
        let reduced: Vec<Series> = match (self.selection.reduce, part) {
            (Some(reduce), Part::Samples(series)) => self.reduce_samples(reduce, series)?,
            (Some(reduce), Part::Folds(series)) => self.reduce_folds(reduce, series)?,
            (None, Part::Samples(series)) => return self.hold(series),
            // A source gives steps only where they were asked for.
            (None, Part::Folds(_)) => Vec::new(),
        };
        if let Fetched::Columns(columns) = &mut self.fetched {
            columns.extend(reduced);
        }
        Ok(())
    }

    fn hold(&mut self, series: Vec<SeriesData>) -> Result<(), EvalError> {
        for one in &series {
            self.budget.take(one.points.len())?;
        }
        if let Fetched::Samples(held) = &mut self.fetched {
            held.extend(series);
        }
        Ok(())
    }

    fn reduce_samples(&mut self, reduce: Reduce, series: Vec<SeriesData>) -> Result<Vec<Series>, EvalError> {
        self.budget.room(series.iter().map(|one| one.points.len()).sum())?;
        self.budget.take(series.len().saturating_mul(self.selection.grid.len))?;
        match reduce {
            Reduce::Newest(take) => {
                let Selection { shift, grid, .. } = self.selection;
                Ok(select::instant(series, *shift, self.lookback_ms, grid, take))
            }
            Reduce::Over(function) => window::slide(function, select::tracks(series), &[], &self.layout()),
        }
    }

    fn reduce_folds(&mut self, reduce: Reduce, series: Vec<FoldedSeries>) -> Result<Vec<Series>, EvalError> {
        let n_folds: usize = series.iter().map(|one| one.folds.len()).sum();
        self.budget.room(n_folds.saturating_mul(SAMPLES_PER_FOLD))?;
        self.budget.take(series.len().saturating_mul(self.selection.grid.len))?;
        match reduce {
            Reduce::Newest(take) => folds::instant(series, take, &self.layout()),
            Reduce::Over(function) => folds::slide(function, series, &self.layout()),
        }
    }

    fn layout(&self) -> Layout {
        let Selection { grid, shift, range_ms, .. } = self.selection;
        Layout { grid: *grid, shift: *shift, range_ms: *range_ms, deadline: self.budget.deadline.clone() }
    }
}
