//! What a form or an address says, as the room takes it. Pure.

use ::api::ApiError;
use ::api::error::Mistake;
use ::api::oncall::form::DutyTrouble;
use ::api::oncall::schedule::GridView;
use chrono_tz::Tz;
use figures::{Civil, civil_from_days};
use model::Time;
use model::ids::PersonId;
use model::rota::local::{Local, weekday};
use model::rota::offsets::Offsets;
use model::rota::{DutyRole, Span};
use oncall::schedules::definition::role_of;

/// What is wrong, at which field of a form.
pub type Found = (DutyTrouble, &'static str);
/// How far from now a timetable is shown: clocks are known a little further.
const FAR_DAYS: i64 = 390;

/// A moment on a wall clock.
pub fn moment(text: &str, clock: &Offsets, field: &'static str) -> Result<Time, Found> {
    let local: Local = text.parse().map_err(|_| (DutyTrouble::Moment, field))?;
    Ok(clock.first(local))
}

/// From when until when.
pub fn span(from: &str, until: &str, clock: &Offsets) -> Result<Span, Vec<Found>> {
    match (moment(from, clock, "from"), moment(until, clock, "until")) {
        (Ok(from), Ok(until)) if from < until => Ok(Span::new(from, until)),
        (Ok(_), Ok(_)) => Err(vec![(DutyTrouble::Window, "until")]),
        (from, until) => Err([from.err(), until.err()].into_iter().flatten().collect()),
    }
}

/// Somebody who was chosen; `nobody` is nobody.
pub fn person(text: &str) -> Result<Option<PersonId>, Found> {
    if text == "nobody" {
        return Ok(None);
    }
    text.parse::<PersonId>().map(Some).map_err(|_| (DutyTrouble::Person, "person"))
}

/// A role.
pub fn role(text: &str) -> Result<DutyRole, Found> {
    if text.trim().is_empty() { Err((DutyTrouble::Role, "role")) } else { Ok(role_of(text)) }
}

/// The refusal of everything that is wrong.
pub fn refused(found: &[Found]) -> ApiError {
    let one = |(trouble, field): &Found| trouble.refused(field, "something that can be read").mistakes();
    let all: Vec<Mistake> = found.iter().flat_map(one).collect();
    ApiError::of_mistakes(all).unwrap_or_else(|| DutyTrouble::Other.refused("", "something else"))
}

/// The clock of a zone around a stretch of time.
pub fn clock(zone: Tz, within: Span) -> Offsets {
    use chrono::Offset;
    Offsets::sampled(zone.name(), within, |at| at.to_utc().with_timezone(&zone).offset().fix().local_minus_utc())
}

/// The days that are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grid {
    /// Days since 1970-01-01: the first is a Monday, the last is not among them.
    pub first: i64,
    pub last: i64,
    /// The day that was asked for, and one step before and after.
    pub at: i64,
    pub before: i64,
    pub after: i64,
}

/// Which days a view shows round the day that an address names, or round today.
pub fn grid(view: GridView, at: &str, today: i64) -> Grid {
    let asked: Option<i64> = format!("{at}T00:00").parse::<Local>().ok().map(Local::day);
    let at: i64 = asked.unwrap_or(today).clamp(today - FAR_DAYS, today + FAR_DAYS);
    match view {
        GridView::Week => Grid { first: monday(at), last: monday(at) + 7, at, before: at - 7, after: at + 7 },
        // The week before is seen too: what has just been is asked for as often as what comes.
        GridView::Weeks => Grid { first: monday(at) - 7, last: monday(at) + 21, at, before: at - 28, after: at + 28 },
        GridView::Month => month(at),
    }
}

fn month(at: i64) -> Grid {
    let (year, month, _) = civil_from_days(at);
    let of = |n: i64| -> i64 {
        let first: i64 = figures::days_from_civil(year, month, 1);
        Local(first * model::rota::local::DAY_S).plus_months(n).day()
    };
    Grid { first: monday(of(0)), last: monday(of(1) - 1) + 7, at, before: of(-1), after: of(1) }
}

fn monday(day: i64) -> i64 {
    day - i64::from(weekday(day))
}

/// `2026-11-30`.
pub fn day_text(day: i64) -> String {
    let (year, month, day) = civil_from_days(day);
    format!("{year:04}-{month:02}-{day:02}")
}

/// `2026-11-30T10:00`, as a field of a form has it.
pub fn wall(civil: Civil) -> String {
    format!("{:04}-{:02}-{:02}T{:02}:{:02}", civil.year, civil.month, civil.day, civil.hour, civil.minute)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokyo() -> Offsets {
        Offsets { zone: "Asia/Tokyo".to_owned(), first_s: 9 * 3_600, changes: Vec::new() }
    }

    fn day(text: &str) -> i64 {
        format!("{text}T00:00").parse::<Local>().unwrap().day()
    }

    #[test]
    fn moments_are_of_the_clock_of_the_schedule() {
        let clock: Offsets = tokyo();
        let span: Span = span("1970-01-02T09:00", "1970-01-02T10:00", &clock).unwrap();
        assert_eq!((span.start, span.length_ms()), (Time(86_400_000), 3_600_000));
        assert_eq!(super::span("x", "", &clock).unwrap_err().len(), 2);
        let turned = super::span("1970-01-02T10:00", "1970-01-02T09:00", &clock).unwrap_err();
        assert_eq!(turned, [(DutyTrouble::Window, "until")]);
    }

    #[test]
    fn weeks_begin_on_monday_and_months_are_whole_weeks() {
        // 2026-11-25 is a Wednesday.
        let today: i64 = day("2026-11-25");
        let week: Grid = grid(GridView::Week, "", today);
        assert_eq!((day_text(week.first), week.last - week.first), ("2026-11-23".to_owned(), 7));
        let weeks: Grid = grid(GridView::Weeks, "2026-12-01", today);
        assert_eq!((day_text(weeks.first), weeks.last - weeks.first), ("2026-11-23".to_owned(), 28));
        let month: Grid = grid(GridView::Month, "2026-02-14", today);
        assert_eq!((day_text(month.first), day_text(month.last)), ("2026-01-26".to_owned(), "2026-03-02".to_owned()));
        assert_eq!((day_text(month.before), day_text(month.after)), ("2026-01-01".to_owned(), "2026-03-01".to_owned()));
    }

    #[test]
    fn an_address_from_another_century_shows_what_is_known() {
        let today: i64 = day("2026-11-25");
        let far: Grid = grid(GridView::Week, "1950-01-01", today);
        assert_eq!(far.at, today - FAR_DAYS);
        assert_eq!(grid(GridView::Week, "soon", today).at, today);
    }

    #[test]
    fn clocks_that_change_are_known() {
        let within = Span::new(Time(1_790_000_000_000), Time(1_796_000_000_000));
        let clock: Offsets = clock(chrono_tz::America::New_York, within);
        // 2026-11-01 06:00 UTC.
        assert_eq!(clock.changes.iter().map(|change| change.at).collect::<Vec<Time>>(), [Time(1_793_512_800_000)]);
    }

    #[test]
    fn whoever_is_chosen_is_an_id_or_nobody() {
        assert_eq!(person("nobody"), Ok(None));
        assert_eq!(person("").unwrap_err(), (DutyTrouble::Person, "person"));
        assert_eq!(refused(&[(DutyTrouble::Role, "role"), (DutyTrouble::Person, "person")]).mistakes().len(), 2);
    }
}
