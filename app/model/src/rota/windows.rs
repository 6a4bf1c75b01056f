//! When restrictions let a layer count, and when holidays don't.

use super::almanac::Holidays;
use super::local::{DAY_S, Local, weekday};
use super::offsets::Offsets;
use super::spans::{common, merged};
use super::{Restriction, RestrictionKind, Span};
use crate::time::Time;

/// A window lasts a day at most, and a clock jumps by a day at most.
const DAYS_BEFORE: i64 = 2;

/// The windows of any of `restrictions` within `span`, as a list. Windows that touch or overlap, as they do inside a fold, are one.
pub(super) fn windows(restrictions: &[Restriction], zone: &Offsets, holidays: &Holidays, span: Span) -> Vec<Span> {
    let mut found: Vec<Span> = Vec::new();
    for day in zone.local(span.start).day() - DAYS_BEFORE..=zone.local(span.end).day() {
        let today = restrictions.iter().filter(|restriction| begins(restriction, day, holidays));
        found.extend(today.map(|restriction| window(restriction, day, zone)));
    }
    common(&merged(found), &[span])
}

fn begins(restriction: &Restriction, day: i64, holidays: &Holidays) -> bool {
    let is_weekday: bool = restriction.weekdays.has(weekday(day));
    match restriction.kind {
        RestrictionKind::Daily => true,
        RestrictionKind::Weekly => is_weekday,
        RestrictionKind::Holiday => is_weekday && holidays.has(day),
        RestrictionKind::NotHoliday => is_weekday && !holidays.has(day),
    }
}

/// The window that begins on a day. Its ends are resolved apart: where a gap swallows it, or turns it round, it is empty.
fn window(restriction: &Restriction, day: i64, zone: &Offsets) -> Span {
    let (start_s, end_s): (i64, i64) = (i64::from(restriction.start_s).min(DAY_S), i64::from(restriction.end_s).min(DAY_S));
    let end_day: i64 = if end_s <= start_s { day + 1 } else { day };
    Span::new(zone.first(Local(day * DAY_S + start_s)), zone.last(Local(end_day * DAY_S + end_s)))
}

/// Holidays within `span`, each from a time of its day to the same time of the next, as a list.
pub(super) fn holidays(holidays: &Holidays, zone: &Offsets, second_of_day: i64, span: Span) -> Vec<Span> {
    let (first, last): (i64, i64) = (zone.local(span.start).day() - DAYS_BEFORE, zone.local(span.end).day());
    let at = |day: i64| -> Time { zone.first(Local(day * DAY_S + second_of_day)) };
    let found: Vec<Span> = holidays.between(first, last).map(|day| Span::new(at(day), at(day + 1))).collect();
    common(&merged(found), &[span])
}
