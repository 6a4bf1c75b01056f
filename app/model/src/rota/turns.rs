//! The turns of one layer: which member has which stretch of time.

use super::almanac::Almanac;
use super::offsets::Offsets;
use super::spans::{common, merged, within, without};
use super::{AdvanceOn, Layer, Member, OnHoliday, Rotation, Span, Unit, windows};
use crate::time::Time;

/// Where turns are counted one by one, that many are on either side of the anchor: eleven years of hours, 273 of days. Beyond it the
/// layer is empty; [`super::readiness`] says so long before.
pub(super) const MAX_COUNTED: i64 = 100_000;

/// A member's stretch. Of one layer none overlap.
pub(super) struct Turn<'a> {
    pub span: Span,
    pub member: &'a Member,
}

/// The turns of a layer within a window, ascending. A layer without members, or whose zone the almanac lacks, has none: a gap is seen,
/// and the wrong person isn't.
pub(super) fn turns<'a>(layer: &'a Layer, almanac: &Almanac, window: Span) -> Vec<Turn<'a>> {
    let until: Time = layer.effective_until.unwrap_or(window.end);
    let span: Span = window.held().and(Span::new(layer.effective_from, until));
    let Some(zone) = almanac.zone(&layer.rotation.zone) else { return Vec::new() };
    if span.is_empty() || layer.rotation.members.is_empty() {
        return Vec::new();
    }
    if layer.rotation.counts() { counted(layer, zone, almanac, span) } else { closed(layer, zone, almanac, span) }
}

impl Rotation {
    /// Whether turns are counted one by one, because some may be none.
    pub(super) fn counts(&self) -> bool {
        self.advance_on == AdvanceOn::WorkedShift || self.on_holiday == OnHoliday::Skip
    }

    /// The member of a turn: Euclidean, so the count goes on before the anchor.
    fn member(&self, turn: i64) -> Option<&Member> {
        let n_members: i64 = i64::try_from(self.members.len()).ok().filter(|n| *n > 0)?;
        let index: i64 = turn.saturating_add(i64::from(self.offset)).rem_euclid(n_members);
        usize::try_from(index).ok().and_then(|index| self.members.get(index))
    }

    /// The stretch of the k-th period; empty where a clock left it out.
    fn period(&self, zone: &Offsets, k: i64) -> Span {
        Span::new(self.handoff(zone, k), self.handoff(zone, k + 1))
    }
}

/// Every period is a turn, so the number of the period is that of the turn.
fn closed<'a>(layer: &'a Layer, zone: &Offsets, almanac: &Almanac, span: Span) -> Vec<Turn<'a>> {
    let rotation: &Rotation = &layer.rotation;
    let open: Vec<Span> = open(layer, zone, almanac, span);
    let mut turns: Vec<Turn<'a>> = Vec::new();
    let mut k: i64 = rotation.turn_at(zone, span.start);
    let mut period: Span = rotation.period(zone, k);
    while period.start < span.end {
        let Some(member) = rotation.member(k) else { break };
        turns.extend(within(&open, period.and(span)).map(|span| Turn { span, member }));
        k += 1;
        period = Span::new(period.end, rotation.handoff(zone, k + 1));
    }
    turns
}

/// Only periods in which somebody works are turns: they are counted from the anchor to the window.
fn counted<'a>(layer: &'a Layer, zone: &Offsets, almanac: &Almanac, span: Span) -> Vec<Turn<'a>> {
    let rotation: &Rotation = &layer.rotation;
    let first: i64 = rotation.turn_at(zone, span.start).max(-MAX_COUNTED);
    let last: i64 = rotation.turn_at(zone, span.end.plus_ms(-1)).min(MAX_COUNTED);
    let (low, high): (i64, i64) = (first.min(0), last.max(0));
    let whole: Span = Span::new(rotation.handoff(zone, low), rotation.handoff(zone, high + 1));
    let open: Vec<Span> = open(layer, zone, almanac, whole);
    let judged: Vec<Span> = match rotation.advance_on {
        AdvanceOn::WorkedShift => open.clone(),
        AdvanceOn::Period => free(rotation, zone, almanac, whole),
    };
    let is_worked = |k: i64| -> bool { within(&judged, rotation.period(zone, k)).next().is_some() };
    let mut turn: i64 = -count((low..0).filter(|k| is_worked(*k)));
    let mut turns: Vec<Turn<'a>> = Vec::new();
    for k in low..=last.max(low) {
        if !is_worked(k) {
            continue;
        }
        let part: Span = rotation.period(zone, k).and(span);
        if let Some(member) = rotation.member(turn).filter(|_| !part.is_empty()) {
            turns.extend(within(&open, part).map(|span| Turn { span, member }));
        }
        turn += 1;
    }
    turns
}

fn count(turns: impl Iterator<Item = i64>) -> i64 {
    i64::try_from(turns.count()).unwrap_or(i64::MAX)
}

/// When a layer counts within `span`: in its restrictions, and on holidays as it says. A list.
fn open(layer: &Layer, zone: &Offsets, almanac: &Almanac, span: Span) -> Vec<Span> {
    let free: Vec<Span> = free(&layer.rotation, zone, almanac, span);
    if layer.restrictions.is_empty() {
        return free;
    }
    common(&windows::windows(&layer.restrictions, zone, &almanac.holidays, span), &free)
}

/// When a rotation isn't kept silent by holidays within `span`. A list.
fn free(rotation: &Rotation, zone: &Offsets, almanac: &Almanac, span: Span) -> Vec<Span> {
    let whole: Vec<Span> = merged(vec![span]);
    let second_of_day: i64 = match (rotation.on_holiday, rotation.unit) {
        (OnHoliday::Keep, _) => return whole,
        // A duty that begins on a holiday lasts from handoff time to handoff time; turns of hours have no such time.
        (OnHoliday::Skip, Unit::Day | Unit::Week | Unit::Month) => rotation.anchor.second_of_day(),
        (OnHoliday::Skip, Unit::Hour) | (OnHoliday::HolidayLayer, _) => 0,
    };
    without(&whole, &windows::holidays(&almanac.holidays, zone, second_of_day, span))
}
