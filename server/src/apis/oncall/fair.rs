//! Whether the load of a schedule is shared: everybody's hours by what hours they are.
//!
//! Of what has been; of a schedule that is new, of what will be.

use super::Adapter;
use super::refusals::shown;
use super::shape::People;
use ::api::ApiError;
use ::api::oncall::schedule::{FairLine, FairView};
use model::Time;
use model::business_time::BusinessCalendar;
use model::holidays::{Holiday, HolidayCalendar};
use model::ids::PersonId;
use model::pay::cut::{Piece, pieces};
use model::pay::{Category, Duty, PayBasis, PayRule};
use model::rota::offsets::Offsets;
use model::rota::readiness::people;
use model::rota::{DutyRole, Segment, Span};
use oncall::schedules::definition::ScheduleRow;
use oncall::schedules::looking::Rendering;

const DAY_MS: i64 = 86_400_000;
/// How far back it is looked, and else ahead.
const DAYS: i64 = 90;

impl Adapter {
    /// The panel of one schedule.
    pub(super) async fn fair(&self, row: &ScheduleRow) -> Result<FairView, ApiError> {
        let now: Time = self.moment();
        let past = Span::new(now.plus_ms(-DAYS * DAY_MS), now);
        let ahead = Span::new(now, now.plus_ms(DAYS * DAY_MS));
        let mut window: Span = past;
        let mut seen: Rendering = self.room().render(row.id, window).await.map_err(shown)?;
        if people(&seen.segments).is_empty() {
            window = ahead;
            seen = self.room().render(row.id, window).await.map_err(shown)?;
        }
        let clock: Offsets = self.clock(row);
        let lines: Vec<FairLine> =
            shares(&seen.segments, window, &office(clock, &seen.holidays), &People { named: &seen.people, me: self.me() });
        Ok(FairView { from: window.start, until: window.end, lines })
    }
}

/// Business time with the holidays of the schedule.
fn office(clock: Offsets, holidays: &[Holiday]) -> BusinessCalendar {
    let days = holidays
        .iter()
        .fold(HolidayCalendar::none(), |days, holiday| days.with_company_day(holiday.date, &holiday.name_ja, &holiday.name_en));
    BusinessCalendar::office(clock, days)
}

/// Everybody's hours, by name. A shadow learns and carries no load.
fn shares(segments: &[Segment], window: Span, calendar: &BusinessCalendar, names: &People<'_>) -> Vec<FairLine> {
    let relied_on: Vec<Segment> = segments.iter().filter(|segment| segment.role != DutyRole::Shadow).cloned().collect();
    let share = |person: PersonId| share(&relied_on, person, window, calendar, names);
    let mut lines: Vec<FairLine> = people(&relied_on).into_iter().map(share).collect();
    lines.sort_by(|one, other| one.person.name.cmp(&other.person.name));
    lines
}

fn share(segments: &[Segment], person: PersonId, window: Span, calendar: &BusinessCalendar, names: &People<'_>) -> FairLine {
    let own = segments.iter().filter(|segment| segment.person() == Some(person));
    let duties: Vec<Duty> =
        own.map(|segment| Duty { span: segment.span(), basis: PayBasis::Standby, source: String::new() }).collect();
    let cut: Vec<Piece> = pieces(&duties, window, &PayRule::default(), calendar);
    let of = |categories: &[Category]| -> i64 {
        cut.iter().filter(|piece| categories.contains(&piece.category)).map(|piece| piece.span.length_ms()).sum()
    };
    FairLine {
        person: names.name(person),
        business_ms: of(&[Category::Business]),
        evening_ms: of(&[Category::Evening]),
        night_ms: of(&[Category::WeekdayNight]),
        holiday_ms: of(&[Category::OffDay, Category::OffNight]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::rota::Who;
    use uuid::Uuid;

    const HOUR: i64 = 3_600_000;

    /// 2026-09-21 10:00 in Tokyo, a Monday and a holiday.
    const MONDAY: Time = Time(1_789_952_400_000);

    #[test]
    fn a_week_with_three_holidays_is_cut_as_the_reference_cuts_it() {
        let person = PersonId(Uuid::from_u128(7));
        let segment = |role: DutyRole| Segment {
            role,
            start: MONDAY,
            end: MONDAY.plus_ms(168 * HOUR),
            who: Who::Person(person),
            source: None,
        };
        let clock = Offsets { zone: "Asia/Tokyo".to_owned(), first_s: 9 * 3_600, changes: Vec::new() };
        let window = Span::new(MONDAY, MONDAY.plus_ms(168 * HOUR));
        let calendar: BusinessCalendar = office(clock, &model::holidays::of_year(2026));
        let names = People { named: &[], me: None };
        let both = [segment(DutyRole::Primary), segment(DutyRole::Secondary), segment(DutyRole::Shadow)];
        let lines: Vec<FairLine> = shares(&both, window, &calendar, &names);
        assert_eq!(lines.len(), 1);
        assert_eq!(lines[0].parts().map(|ms| ms / HOUR), [19, 20, 19, 110]);
        assert!(shares(&[segment(DutyRole::Shadow)], window, &calendar, &names).is_empty());
    }
}
