//! The moments that a panel's points stand at.

use crate::asked::Window;
use crate::evaluating::When;
use dashboard::{COLUMNS, Kind};
use model::Time;

const SECOND_MS: i64 = 1_000;
const HOUR_MS: i64 = 3_600_000;
/// Steps that a reader can count with. Longer ones are whole hours.
const STEPS_S: [i64; 12] = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800];
/// Points of a line: fewer show nothing, and more than a screen has pixels only weigh.
const LEAST_POINTS: i64 = 60;
const MOST_POINTS: i64 = 600;
/// A column of a heat map is that wide, or its cells could not be told apart.
const COLUMN_PX: i64 = 8;
const LEAST_COLUMNS: i64 = 24;
/// Where the sheet is narrower than this, panels stand below each other, each as wide as the sheet.
const NARROW_PX: u32 = 640;

/// Points from `from` to `to`, both whole steps, so that asking again draws the same points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Grid {
    pub(crate) from: Time,
    pub(crate) to: Time,
    pub(crate) step_ms: i64,
}

impl Grid {
    /// As dense as a panel of that many columns is wide.
    pub(crate) fn of(window: &Window, kind: &Kind, columns: u8, width_px: u32) -> Self {
        let share: i64 = if width_px < NARROW_PX { i64::from(COLUMNS) } else { i64::from(columns) };
        let panel_px: i64 = i64::from(width_px) * share / i64::from(COLUMNS);
        let n_points: i64 = match kind {
            Kind::HeatMap => (panel_px / COLUMN_PX).clamp(LEAST_COLUMNS, MOST_POINTS),
            _ => panel_px.clamp(LEAST_POINTS, MOST_POINTS),
        };
        let step_ms: i64 = step_ms(window.length_ms(), n_points);
        let whole = |at: Time| Time(at.0 - at.0.rem_euclid(step_ms));
        Self { from: whole(window.from), to: whole(window.to), step_ms }
    }

    /// When to ask for it, so long ago.
    pub(crate) fn asked(&self, ago_ms: i64) -> When {
        When::Over { from: self.from.plus_ms(-ago_ms), to: self.to.plus_ms(-ago_ms), step_ms: self.step_ms }
    }

    pub(crate) fn n_columns(&self) -> usize {
        usize::try_from(self.to.since(self.from) / self.step_ms).unwrap_or(0) + 1
    }

    /// The column of a moment.
    pub(crate) fn column(&self, ms: i64) -> Option<usize> {
        let column: usize = usize::try_from((ms - self.from.0).div_euclid(self.step_ms)).ok()?;
        (column < self.n_columns()).then_some(column)
    }
}

/// The shortest of the countable steps that makes no more than `n_points` of them.
fn step_ms(length_ms: i64, n_points: i64) -> i64 {
    let least: i64 = ((length_ms + n_points - 1) / n_points).max(SECOND_MS);
    let countable = STEPS_S.into_iter().map(|seconds| seconds * SECOND_MS).find(|step| *step >= least);
    countable.unwrap_or_else(|| (least + HOUR_MS - 1) / HOUR_MS * HOUR_MS)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grid(length_ms: i64, kind: &Kind, columns: u8, width_px: u32) -> Grid {
        let to = Time(1_795_000_001_000);
        let window = Window { from: to.plus_ms(-length_ms), to, range: String::new() };
        Grid::of(&window, kind, columns, width_px)
    }

    #[test]
    fn steps_are_round_and_as_dense_as_a_panel_is_wide() {
        for (length_ms, columns, width_px, step_ms) in [
            (1_000, 12, 1_160, 1_000),
            (900_000, 12, 1_160, 2_000),
            (3_600_000, 12, 1_160, 10_000),
            (3_600_000, 24, 1_160, 10_000),
            (3_600_000, 6, 1_160, 15_000),
            (3_600_000, 1, 1_160, 60_000),
            (3_600_000, 6, 360, 10_000),
            (86_400_000, 12, 1_160, 300_000),
            (7 * 86_400_000, 12, 1_160, 1_800_000),
            (315_576_000_000, 12, 1_160, 547_200_000),
            (315_576_000_000, 24, u32::MAX, 529_200_000),
        ] {
            let grid = grid(length_ms, &Kind::default(), columns, width_px);
            assert_eq!(grid.step_ms, step_ms, "{length_ms} {columns} {width_px}");
            assert_eq!((grid.from.0 % step_ms, grid.to.0 % step_ms), (0, 0));
            assert!(grid.n_columns() <= 602, "{}", grid.n_columns());
        }
    }

    #[test]
    fn columns_of_a_heat_map_are_wide_enough_to_be_seen() {
        let grid = grid(3_600_000, &Kind::HeatMap, 12, 1_160);
        assert_eq!((grid.step_ms, grid.n_columns()), (60_000, 61));
        assert_eq!(grid.column(grid.from.0), Some(0));
        assert_eq!(grid.column(grid.to.0), Some(60));
        assert_eq!((grid.column(grid.from.0 - 1), grid.column(grid.to.0 + 60_000)), (None, None));
    }
}
