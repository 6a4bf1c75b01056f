//! A row of a week as cells: each a number of columns, a column an hour. Pure.
//!
//! A day of the schedule's clock has 23, 24 or 25 columns; half an hour more or less is rounded. People who are on call together stand in
//! lanes, one below the other. Whatever is shown has at least one column, so a turn of minutes is seen.

use api::oncall::schedule::{DayView, ShiftView};
use model::Time;

const HOUR_MS: i64 = 3_600_000;

/// Days that stand side by side.
pub const WEEK: usize = 7;

/// A stretch of a lane.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cell {
    pub columns: u32,
    /// Which of the row's shifts; `None` where there is none.
    pub shift: Option<usize>,
}

/// The columns of a day.
#[must_use]
pub fn hours(day: &DayView) -> u32 {
    let hours: i64 = (day.until.since(day.from) + HOUR_MS / 2) / HOUR_MS;
    u32::try_from(hours.clamp(1, 48)).unwrap_or(24)
}

/// The columns of a week.
#[must_use]
pub fn columns(days: &[DayView]) -> u32 {
    days.iter().map(hours).sum()
}

/// The column in which a moment begins; the ends of the week where it lies outside.
#[must_use]
pub fn column(days: &[DayView], at: Time) -> u32 {
    let mut before: u32 = 0;
    for day in days {
        if at < day.until {
            let (past, length): (i64, i64) = (at.since(day.from).max(0), day.until.since(day.from).max(1));
            let n: i64 = (past * i64::from(hours(day)) + length / 2) / length;
            return before + u32::try_from(n).unwrap_or(0);
        }
        before += hours(day);
    }
    before
}

/// Which shifts stand in which lane, each lane by time. Only those that reach into the week.
#[must_use]
pub fn lanes(days: &[DayView], shifts: &[ShiftView]) -> Vec<Vec<usize>> {
    let (Some(first), Some(last)) = (days.first(), days.last()) else { return Vec::new() };
    let mut seen: Vec<usize> =
        (0..shifts.len()).filter(|index| shifts[*index].until > first.from && shifts[*index].from < last.until).collect();
    seen.sort_by_key(|index| (shifts[*index].from, shifts[*index].until));
    let mut lanes: Vec<Vec<usize>> = Vec::new();
    for index in seen {
        let is_free = |lane: &&mut Vec<usize>| lane.last().is_none_or(|before| shifts[*before].until <= shifts[index].from);
        match lanes.iter_mut().find(is_free) {
            Some(lane) => lane.push(index),
            None => lanes.push(vec![index]),
        }
    }
    if lanes.is_empty() { vec![Vec::new()] } else { lanes }
}

/// A lane as cells that fill the week.
#[must_use]
pub fn cells(days: &[DayView], shifts: &[ShiftView], lane: &[usize]) -> Vec<Cell> {
    let total: u32 = columns(days);
    let mut cells: Vec<Cell> = Vec::new();
    let mut done: u32 = 0;
    for index in lane {
        let Some(shift) = shifts.get(*index) else { continue };
        let begins: u32 = column(days, shift.from).max(done);
        let ends: u32 = column(days, shift.until).max(begins + 1).min(total);
        if begins >= total {
            break;
        }
        if begins > done {
            cells.push(Cell { columns: begins - done, shift: None });
        }
        cells.push(Cell { columns: ends - begins, shift: Some(*index) });
        done = ends;
    }
    if done < total {
        cells.push(Cell { columns: total - done, shift: None });
    }
    cells
}

#[cfg(test)]
mod tests {
    use super::*;
    use api::oncall::WhoView;

    fn week(lengths: [i64; 7]) -> Vec<DayView> {
        let mut at: i64 = 0;
        let day = |(weekday, length): (u8, i64)| {
            let from: i64 = at;
            at += length;
            DayView {
                from: Time(from * HOUR_MS),
                until: Time(at * HOUR_MS),
                year: 2026,
                month: 11,
                day: 2 + u32::from(weekday),
                weekday,
                holiday: None,
                is_today: false,
            }
        };
        (0_u8..).zip(lengths).map(day).collect()
    }

    /// Hours of the week.
    fn shift(from: i64, until: i64) -> ShiftView {
        ShiftView { from: Time(from * HOUR_MS), until: Time(until * HOUR_MS), who: WhoView::Nobody, source: None, is_away: false }
    }

    fn drawn(cells: &[Cell]) -> Vec<(u32, Option<usize>)> {
        cells.iter().map(|cell| (cell.columns, cell.shift)).collect()
    }

    #[test]
    fn a_week_is_filled_and_what_reaches_out_of_it_is_cut() {
        let (days, shifts) = (week([24; 7]), [shift(-100, 10), shift(10, 178), shift(200, 300)]);
        assert_eq!(lanes(&days, &shifts), [[0, 1]]);
        assert_eq!(drawn(&cells(&days, &shifts, &[0, 1])), [(10, Some(0)), (158, Some(1))]);
        assert_eq!(drawn(&cells(&days, &shifts, &[])), [(168, None)]);
    }

    #[test]
    fn days_of_changing_clocks_have_their_own_length() {
        let days = week([24, 23, 25, 24, 24, 24, 24]);
        assert_eq!((columns(&days), hours(&days[1]), hours(&days[2])), (168, 23, 25));
        assert_eq!((column(&days, days[2].from), column(&days, days[3].from)), (47, 72));
        let half = DayView { until: Time(49 * HOUR_MS / 2), ..days[0].clone() };
        assert_eq!(hours(&half), 25);
    }

    #[test]
    fn people_together_stand_in_lanes_and_minutes_are_seen() {
        let days = week([24; 7]);
        let together = [shift(0, 48), shift(24, 72), shift(48, 96)];
        assert_eq!(lanes(&days, &together), [vec![0, 2], vec![1]]);
        let minutes = ShiftView { from: Time(5 * 60_000), until: Time(10 * 60_000), ..shift(0, 1) };
        let shifts = [minutes, ShiftView { from: Time(10 * 60_000), ..shift(0, 24) }];
        assert_eq!(drawn(&cells(&days, &shifts, &[0, 1])), [(1, Some(0)), (23, Some(1)), (144, None)]);
        assert_eq!(lanes(&days, &[]), [Vec::<usize>::new()]);
    }

    #[test]
    fn cells_always_fill_the_week() {
        let days = week([24, 25, 24, 23, 24, 24, 24]);
        for step in 1_i64..40 {
            let shifts: Vec<ShiftView> = (0..60).map(|n| shift(n * step - 20, (n + 1) * step - 20)).collect();
            for lane in lanes(&days, &shifts) {
                let sum: u32 = cells(&days, &shifts, &lane).iter().map(|cell| cell.columns).sum();
                assert_eq!(sum, columns(&days), "{step}");
            }
        }
    }
}
