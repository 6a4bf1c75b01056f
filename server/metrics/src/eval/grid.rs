//! The moments an expression is computed for, and how a selector moves them.

use super::failure::EvalError;

/// Most steps of a range query: more than any screen has pixels, and Prometheus' limit.
const MAX_STEPS: usize = 11_000;

/// Evenly spaced moments: the steps of a query or of a subquery. Never empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Grid {
    /// The first moment, in milliseconds.
    pub first_ms: i64,
    /// Between two moments; above zero whenever there are two.
    pub step_ms: i64,
    /// How many moments, at least one.
    pub len: usize,
}

impl Grid {
    /// The moments from `first_ms` on, as many as do not pass `end_ms`; `None` when the first already does.
    pub fn between(first_ms: i64, end_ms: i64, step_ms: i64) -> Option<Self> {
        let reach_ms: i64 = end_ms.checked_sub(first_ms).filter(|reach| *reach >= 0)?;
        let len: usize = usize::try_from(reach_ms / step_ms.max(1) + 1).ok()?;
        Some(Self { first_ms, step_ms, len })
    }

    /// The moment at `index`, in milliseconds.
    pub fn time(&self, index: usize) -> i64 {
        let steps: i64 = i64::try_from(index).unwrap_or(i64::MAX);
        self.first_ms.saturating_add(self.step_ms.saturating_mul(steps))
    }

    /// The last moment.
    pub fn last_ms(&self) -> i64 {
        self.time(self.len.saturating_sub(1))
    }
}

/// The query itself: what `start()`, `end()`, `step()` and `range()` stand for at any depth.
#[derive(Debug, Clone, Copy)]
pub(super) struct Frame {
    /// The steps.
    pub grid: Grid,
    /// As asked, which may lie after the last step.
    pub end_ms: i64,
    /// Whether it is a range query.
    pub range: bool,
}

impl Frame {
    /// The frame of a query; `step_ms` 0 means instant.
    ///
    /// # Errors
    /// When it ends before it starts or has too many steps.
    pub fn of(start_ms: i64, end_ms: i64, step_ms: i64) -> Result<Self, EvalError> {
        if step_ms < 0 {
            return Err(EvalError::BadStep);
        }
        let grid: Grid = Grid::between(start_ms, end_ms, step_ms.max(1)).ok_or(EvalError::BadRange)?;
        if step_ms == 0 && grid.len != 1 {
            return Err(EvalError::BadStep);
        }
        if grid.len > MAX_STEPS {
            return Err(EvalError::TooManySteps);
        }
        Ok(Self { grid, end_ms, range: step_ms > 0 })
    }
}

/// From the moment of evaluation to the moment looked at: `@` replaces it, `offset` then moves it back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Shift {
    /// `@`
    pub pinned_ms: Option<i64>,
    /// `offset`; negative looks ahead.
    pub offset_ms: i64,
}

impl Shift {
    /// The moment looked at when evaluating at `at_ms`.
    pub fn apply(&self, at_ms: i64) -> i64 {
        self.pinned_ms.unwrap_or(at_ms).saturating_sub(self.offset_ms)
    }
}

/// The grid of a subquery: multiples of `step_ms`, the first strictly after the left border of the window that
/// belongs to the parent's first moment, the last not after the parent's last.
pub(super) fn subquery_grid(parent: &Grid, shift: Shift, range_ms: i64, step_ms: i64) -> Option<Grid> {
    let border_ms: i64 = shift.apply(parent.first_ms).saturating_sub(range_ms);
    let first_ms: i64 = border_ms.div_euclid(step_ms).saturating_add(1).saturating_mul(step_ms);
    Grid::between(first_ms, shift.apply(parent.last_ms()), step_ms)
}
