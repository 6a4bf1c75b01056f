//! Cutting: a person's duties into pieces that lie in one local day and one category each.

use super::{Category, Duty, PayBasis, PayRule};
use crate::Time;
use crate::business_time::{BusinessCalendar, day_at, local};
use crate::rota::{Span, spans};
use chrono::NaiveDate;

const MINUTES_OF_DAY: u32 = 1_440;

/// A stretch that has one price.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    pub span: Span,
    pub basis: PayBasis,
    pub day: NaiveDate,
    pub category: Category,
    pub sources: Vec<String>,
}

/// All pieces of a person's duties within a span, ascending; standby before work where both begin together.
#[must_use]
pub fn pieces(duties: &[Duty], within: Span, rule: &PayRule, calendar: &BusinessCalendar) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    for basis in [PayBasis::Standby, PayBasis::Worked] {
        let of_basis = duties.iter().filter(|duty| duty.basis == basis);
        let held: Vec<(Span, &str)> = of_basis.map(|duty| (duty.span.and(within).held(), duty.source.as_str())).collect();
        for (stretch, own) in stretches(&held, rule.dedup) {
            for (day, part) in days_of(stretch, calendar) {
                for (span, category) in cut_day(day, part, rule, calendar) {
                    let sources: Vec<String> = own.map_or_else(|| sources_of(span, &held), |own| vec![own.to_owned()]);
                    pieces.push(Piece { span, basis, day, category, sources });
                }
            }
        }
    }
    pieces.sort_by_key(|piece| (piece.span.start, piece.basis, piece.span.end));
    pieces
}

/// What is paid: each duty for itself with its own source, or what all cover together.
fn stretches<'a>(held: &[(Span, &'a str)], dedup: bool) -> Vec<(Span, Option<&'a str>)> {
    if !dedup {
        return held.iter().filter(|(span, _)| !span.is_empty()).map(|(span, source)| (*span, Some(*source))).collect();
    }
    let merged: Vec<Span> = spans::merged(held.iter().map(|(span, _)| *span).collect());
    merged.into_iter().map(|span| (span, None)).collect()
}

fn sources_of(span: Span, held: &[(Span, &str)]) -> Vec<String> {
    let inside = held.iter().filter(|(part, _)| !part.is_empty() && !part.and(span).is_empty());
    let mut sources: Vec<String> = inside.map(|(_, source)| (*source).to_owned()).collect();
    sources.sort_unstable();
    sources.dedup();
    sources
}

/// The local days a span touches, with what it has of each.
fn days_of(span: Span, calendar: &BusinessCalendar) -> Vec<(NaiveDate, Span)> {
    let mut days: Vec<(NaiveDate, Span)> = Vec::new();
    let mut next: Option<NaiveDate> = day_at(calendar.zone(), span.start);
    while let Some(day) = next {
        let begin: Time = calendar.zone().first(local(day, 0));
        if begin >= span.end {
            break;
        }
        next = day.succ_opt();
        let end: Time = next.map_or(span.end, |next| calendar.zone().first(local(next, 0)));
        let part: Span = span.and(Span::new(begin, end));
        if !part.is_empty() {
            days.push((day, part));
        }
    }
    days
}

/// One day's part of a span, cut at the hours of the calendar and at the ends of the night; parts of one category that touch are one.
fn cut_day(day: NaiveDate, span: Span, rule: &PayRule, calendar: &BusinessCalendar) -> Vec<(Span, Category)> {
    let business: Vec<Span> = calendar.spans_of(day);
    let mut cuts: Vec<Time> = vec![span.start, span.end];
    cuts.extend(business.iter().flat_map(|open| [open.start, open.end]));
    for minute in [rule.night.from, rule.night.until] {
        cuts.extend([calendar.zone().first(local(day, minute)), calendar.zone().last(local(day, minute))]);
    }
    // Where a clock jumps, a night may begin or end in the jump.
    cuts.extend(calendar.zone().changes.iter().map(|change| change.at));
    cuts.retain(|at| span.start <= *at && *at <= span.end);
    cuts.sort_unstable();
    cuts.dedup();
    let is_working_day: bool = calendar.is_working_day(day);
    let mut parts: Vec<(Span, Category)> = Vec::new();
    for pair in cuts.windows(2) {
        let part = Span::new(pair[0], pair[1]);
        let category: Category = category(part.start, is_working_day, &business, rule, calendar);
        match parts.last_mut() {
            Some((last, same)) if *same == category => last.end = part.end,
            _ => parts.push((part, category)),
        }
    }
    parts
}

/// Night comes before business time: whoever works regularly at night has the night's premium too.
fn category(at: Time, is_working_day: bool, business: &[Span], rule: &PayRule, calendar: &BusinessCalendar) -> Category {
    let second: i64 = calendar.zone().local(at).second_of_day();
    let minute: u32 = u32::try_from(second / 60).unwrap_or(0) % MINUTES_OF_DAY;
    match (is_working_day, rule.night.has(minute)) {
        (true, true) => Category::WeekdayNight,
        (false, true) => Category::OffNight,
        (false, false) => Category::OffDay,
        (true, false) if business.iter().any(|open| open.covers(at)) => Category::Business,
        (true, false) => Category::Evening,
    }
}
