//! Months, rules and days off, shaped for their screens.

use super::input::{clock_text, percent, weekday_word};
use ::api::pay::{
    HolidayChange, HolidayFileView, HolidayRow, HolidaysView, PayCorrection, PayHead, PayNote, PayPersonView, PayRow,
    PayRuleForm, PayRuleView, PayRulesView, PaySegment, PayState, PayWait, WeekForm, WorkChange, WorkView,
};
use chrono::{Datelike, NaiveDate};
use model::Time;
use model::business_time::{BusinessCalendar, Hours};
use model::holidays::{Difference, Holiday, HolidayCalendar};
use model::ids::{AlertId, IncidentId, PersonId};
use model::links;
use model::pay::{Month, PayBasis, PayRule, Segment};
use model::rota::Span;
use model::rota::local::Local;
use oncall::pay::month::{plus, text};
use oncall::pay::months::{MonthSheet, PersonMonth, PersonSheet};
use oncall::pay::reckoning::{Correction, EVERYBODY, Group, RuleVersion, Sheet, Warning};
use oncall::pay::week::WeekVersion;
use oncall::pay::work::{LONG_WORK_MS, WorkRow};
use oncall::schedules::holidays::{CalendarRow, HolidayReading};
use std::collections::BTreeSet;

/// Duties there usually are.
const USUAL_ROLES: [&str; 4] = [EVERYBODY, "primary", "secondary", "shadow"];

/// Which month it is, and how it stands.
pub fn head(sheet: &MonthSheet, this: Month, is_admin: bool) -> PayHead {
    let after: String = if sheet.month < this { text(plus(sheet.month, 1)) } else { String::new() };
    PayHead { month: text(sheet.month), before: text(plus(sheet.month, -1)), after, state: state(sheet), is_admin }
}

fn state(sheet: &MonthSheet) -> PayState {
    if let Some(closed) = &sheet.closed {
        return PayState::Closed { by: closed.by.clone(), at: closed.at };
    }
    if !sheet.is_over {
        return PayState::Running;
    }
    if let Some(next) = sheet.next.filter(|next| *next != sheet.month) {
        return PayState::Waiting(PayWait::Order(text(next)));
    }
    let end: Option<Time> = sheet.month.span(&sheet.calendar).map(|span| span.end);
    match sheet.written_until.zip(end).filter(|(until, end)| until < end) {
        Some((until, _)) => PayState::Waiting(PayWait::Standby(until)),
        None => PayState::Over,
    }
}

/// Somebody's month, summed up.
pub fn row(one: &PersonMonth) -> PayRow {
    let sheet: &Sheet = &one.sheet;
    PayRow {
        person: sheet.person,
        name: sheet.name.clone(),
        standby_ms: sheet.standby.category_ms,
        standby_yen: sheet.standby.yen,
        worked_ms: sheet.worked.category_ms,
        worked_yen: sheet.worked.yen,
        corrected_yen: one.corrections.iter().map(|correction| correction.paid.yen()).sum(),
        yen: one.yen(),
        notes: sheet.warnings.iter().map(note).collect(),
    }
}

fn note(warning: &Warning) -> PayNote {
    match *warning {
        Warning::BelowFloor { ms } => PayNote::BelowFloor(ms),
        Warning::NoBase { basis: PayBasis::Standby } => PayNote::NoStandbyYen,
        Warning::NoBase { basis: PayBasis::Worked } => PayNote::NoWorkedYen,
        Warning::RoundsDown => PayNote::RoundsDown,
        Warning::NoStatutoryDay => PayNote::NoStatutoryDay,
        Warning::Unfinished { n } => PayNote::Unfinished(n),
        Warning::Long { n } => PayNote::Long(n),
    }
}

/// One person's month, with the proof of everything.
pub fn person(found: &PersonSheet, person: PersonId, this: Month, is_admin: bool) -> PayPersonView {
    let nothing = PersonMonth { sheet: Sheet::empty(person, found.name.clone()), corrections: Vec::new() };
    let one: &PersonMonth = found.month.people.first().unwrap_or(&nothing);
    let calendar: &BusinessCalendar = &found.month.calendar;
    PayPersonView {
        head: head(&found.month, this, is_admin),
        row: row(one),
        other_overtime_min: one.sheet.other_overtime_min,
        corrections: one.corrections.iter().map(correction).collect(),
        segments: segments(&one.sheet, calendar),
        work: found.work.iter().map(|work| worked(work, calendar)).collect(),
        zone: calendar.zone().zone.clone(),
    }
}

fn correction(correction: &Correction) -> PayCorrection {
    PayCorrection {
        month: text(correction.of),
        standby_ms: correction.paid.standby_ms,
        worked_ms: correction.paid.worked_ms,
        yen: correction.paid.yen(),
    }
}

fn segments(sheet: &Sheet, calendar: &BusinessCalendar) -> Vec<PaySegment> {
    let all = sheet.groups.iter().flat_map(|group| group.segments.iter().map(move |segment| (group, segment)));
    let mut ordered: Vec<(&Group, &Segment)> = all.collect();
    ordered.sort_by_key(|(_, segment)| (segment.span.start, segment.basis, segment.span.end));
    ordered.into_iter().map(|(group, one)| segment(group, one, calendar)).collect()
}

fn segment(group: &Group, segment: &Segment, calendar: &BusinessCalendar) -> PaySegment {
    let (from, until) = walls(segment.span, calendar);
    PaySegment {
        from,
        until,
        ms: segment.ms(),
        basis: segment.basis,
        category: segment.category,
        is_statutory: segment.is_statutory,
        base_yen: segment.base_yen,
        parts: segment.parts.clone(),
        premium_bp: segment.premium_bp,
        is_paid: segment.is_paid,
        floor_bp: segment.floor_bp,
        is_below: segment.is_below_floor(),
        yen: segment.yen,
        sources: segment.sources.clone(),
        rule: group.rule.role.clone(),
        version: group.rule.version,
    }
}

fn walls(span: Span, calendar: &BusinessCalendar) -> (Local, Local) {
    (calendar.zone().local(span.start), calendar.zone().local(span.end))
}

fn worked(work: &WorkRow, calendar: &BusinessCalendar) -> WorkView {
    let counted: Option<Span> = work.counted();
    let changes = work.corrections.iter().map(|change| {
        let (from, until) = walls(change.span, calendar);
        let (reason, by) = (change.reason.clone(), change.by.clone());
        WorkChange { from, until, is_left_out: change.is_left_out, reason, by, at: change.at }
    });
    WorkView {
        id: work.id.to_string(),
        label: work.label.clone(),
        href: href(&work.source),
        from: calendar.zone().local(work.started_at),
        until: work.ended_at.map(|end| calendar.zone().local(end)),
        is_by_hand: work.is_by_hand,
        counted: counted.map(|span| walls(span, calendar)),
        counted_ms: counted.map_or(0, Span::length_ms),
        is_unfinished: work.is_unfinished(),
        is_long: work.corrections.is_empty() && counted.is_some_and(|span| span.length_ms() > LONG_WORK_MS),
        changes: changes.collect(),
    }
}

/// Where something that was worked on can be looked at.
fn href(source: &str) -> Option<String> {
    let (kind, number) = source.split_once('/')?;
    let number: i64 = number.parse::<i64>().ok()?;
    match kind {
        "alert" => Some(links::alert(AlertId(number))),
        "incident" => Some(links::incident(IncidentId(number))),
        _ => None,
    }
}

/// The rules, and what a new one of `role` begins with.
pub fn rules(rules: &[RuleVersion], role: &str, today: NaiveDate, is_admin: bool) -> PayRulesView {
    let newest: Option<&RuleVersion> = rules.iter().filter(|known| known.role == role).max_by_key(|known| known.version);
    // A duty without a rule of its own begins with the one it has now.
    let like: Option<&RuleVersion> =
        newest.or_else(|| rules.iter().filter(|known| known.role == EVERYBODY).max_by_key(|known| known.version));
    let usual = RuleVersion { rule: PayRule::default(), ..RuleVersion::unsaid() };
    let draft = form(role, newest.map_or(0, |known| known.version), today, &like.unwrap_or(&usual).rule);
    let in_force = |version: &RuleVersion| {
        let counting = rules.iter().filter(|known| known.role == version.role && known.effective_from <= today);
        counting.map(|known| known.version).max() == Some(version.version)
    };
    let view = |version: &RuleVersion| PayRuleView {
        form: form(&version.role, version.version, version.effective_from, &version.rule),
        version: version.version,
        is_in_force: in_force(version),
        by: version.changed_by.clone(),
        at: version.changed_at,
    };
    let mut roles: Vec<String> = USUAL_ROLES.map(str::to_owned).to_vec();
    let others: BTreeSet<String> = rules.iter().map(|known| known.role.clone()).chain([role.to_owned()]).collect();
    roles.extend(others.into_iter().filter(|other| !USUAL_ROLES.contains(&other.as_str())));
    PayRulesView { rules: rules.iter().map(view).collect(), draft, roles, is_admin }
}

fn form(role: &str, expected: i64, from: NaiveDate, rule: &PayRule) -> PayRuleForm {
    let days: Vec<String> = rule.statutory_days.iter().map(ToString::to_string).collect();
    let premiums = &rule.premiums;
    PayRuleForm {
        role: role.to_owned(),
        expected,
        effective_from: from.to_string(),
        standby_yen: rule.standby_yen_per_hour.to_string(),
        worked_yen: rule.worked_yen_per_hour.to_string(),
        stacking: rule.stacking.as_str().to_owned(),
        evening: percent(premiums.evening_bp),
        night: percent(premiums.night_bp),
        holiday: percent(premiums.holiday_bp),
        overtime: percent(premiums.overtime_bp),
        long_overtime: percent(premiums.long_overtime_bp),
        statutory_holiday: percent(premiums.statutory_holiday_bp),
        statutory_night: percent(premiums.statutory_night_bp),
        night_from: clock_text(rule.night.from),
        night_until: clock_text(rule.night.until),
        statutory_weekday: weekday_word(rule.statutory_weekday).to_owned(),
        statutory_days: days.join(" "),
        pays_business_time: rule.pays_business_time,
        dedup: rule.dedup,
        rounding: rule.rounding.mode.as_str().to_owned(),
        each_segment: rule.rounding.each_segment,
    }
}

/// A year of the calendar that business time keeps, and the newest hours of the week, to be changed.
pub fn holidays(
    calendars: &[CalendarRow],
    week: &WeekVersion,
    newest: &WeekVersion,
    year: i32,
    today: NaiveDate,
) -> HolidaysView {
    let found: Option<&CalendarRow> = calendars.iter().find(|row| row.name == week.calendar);
    let days: HolidayCalendar = found.map_or_else(HolidayCalendar::none, CalendarRow::days);
    HolidaysView {
        year,
        this_year: today.year(),
        is_provisional: days.is_provisional(year),
        calendar: week.calendar.clone(),
        title_ja: found.map(|row| row.title_ja.clone()).unwrap_or_default(),
        title_en: found.map(|row| row.title_en.clone()).unwrap_or_default(),
        days: days.of_year(year).iter().map(holiday).collect(),
        week: week_form(newest),
        week_version: newest.version,
        week_by: newest.changed_by.clone(),
        calendars: calendars.iter().map(|row| row.name.clone()).collect(),
        file: None,
        may_change_days: false,
        may_change_week: false,
    }
}

fn holiday(holiday: &Holiday) -> HolidayRow {
    HolidayRow {
        day: holiday.date.to_string(),
        weekday: weekday(holiday.date),
        name_ja: holiday.name_ja.to_string(),
        name_en: holiday.name_en.to_string(),
        kind: holiday.kind.as_str().to_owned(),
        is_provisional: holiday.provisional,
    }
}

fn weekday(day: NaiveDate) -> u8 {
    u8::try_from(day.weekday().num_days_from_monday()).unwrap_or(0)
}

fn week_form(week: &WeekVersion) -> WeekForm {
    let text = |hours: &Vec<Hours>| hours.iter().map(ToString::to_string).collect::<Vec<String>>().join(", ");
    let [mon, tue, wed, thu, fri, sat, sun] = week.hours.each_ref().map(text);
    let effective_from: String = if week.version == 0 { String::new() } else { week.effective_from.to_string() };
    let (zone, calendar) = (week.zone.clone(), week.calendar.clone());
    WeekForm { expected: week.version, effective_from, zone, calendar, mon, tue, wed, thu, fri, sat, sun }
}

/// A file that waits, with what it would change.
pub fn file(id: &str, reading: &HolidayReading) -> HolidayFileView {
    let years: Vec<i32> = reading.holidays.iter().map(|holiday| holiday.date.year()).collect();
    HolidayFileView {
        id: id.to_owned(),
        n_days: u32::try_from(reading.holidays.len()).unwrap_or(u32::MAX),
        first_year: years.first().copied().unwrap_or(0),
        last_year: years.last().copied().unwrap_or(0),
        changes: reading.differences.iter().map(change).collect(),
    }
}

fn change(difference: &Difference) -> HolidayChange {
    let name = |holiday: &Option<Holiday>| holiday.as_ref().map(|holiday| holiday.name_ja.to_string());
    HolidayChange {
        day: difference.date.to_string(),
        weekday: weekday(difference.date),
        now: name(&difference.by_law),
        then: name(&difference.read),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(role: &str, version: i64, from: &str) -> RuleVersion {
        let effective_from: NaiveDate = from.parse().unwrap();
        RuleVersion { role: role.to_owned(), version, effective_from, ..RuleVersion::unsaid() }
    }

    #[test]
    fn the_newest_rule_that_counts_is_in_force_and_the_form_begins_with_the_newest() {
        let all =
            [version("everybody", 2, "2026-12-01"), version("everybody", 1, "2026-01-01"), version("lead", 1, "2026-01-01")];
        let view: PayRulesView = rules(&all, "everybody", "2026-11-22".parse().unwrap(), true);
        let in_force: Vec<bool> = view.rules.iter().map(|rule| rule.is_in_force).collect();
        assert_eq!(in_force, [false, true, true]);
        assert_eq!((view.draft.expected, view.draft.role.as_str()), (2, "everybody"));
        assert_eq!(view.roles, ["everybody", "primary", "secondary", "shadow", "lead"]);
        assert_eq!(rules(&all, "primary", "2026-11-22".parse().unwrap(), true).draft.expected, 0);
    }

    #[test]
    fn alerts_lead_to_their_screen() {
        assert_eq!(href("alert/12").as_deref(), Some("/alerts/A-12"));
        assert_eq!(href("incident/7").as_deref(), Some("/incidents/I-7"));
        assert_eq!((href("hand/12"), href("alert/x")), (None, None));
    }

    #[test]
    fn the_usual_week_fills_its_form() {
        let form: WeekForm = week_form(&WeekVersion::usual());
        assert_eq!((form.mon.as_str(), form.sun.as_str(), form.effective_from.as_str()), ("09:00-18:00", "", ""));
    }
}
