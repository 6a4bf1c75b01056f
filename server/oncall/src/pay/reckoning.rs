//! From records to what somebody is paid for a month, and why. Pure: the same records give the same sheet, today and in a year.
//!
//! A month is cut into periods in which rules and weeks stay the same. In each, standby is priced by the rule of its duty, and work by the
//! rule for everybody. Who stands by for two duties at once is paid once, by the rule that pays more an hour. Overtime is counted through
//! the whole month.

use super::month::{first_day, plus};
use super::once::{bounded, once};
use super::work::{LONG_WORK_MS, WorkRow};
use chrono::NaiveDate;
use model::Time;
use model::business_time::{BusinessCalendar, local};
use model::ids::PersonId;
use model::pay::report::{self, PayWarning, Total};
use model::pay::{BadRule, Category, Duty, Month, PayBasis, PayRule, Segment, priced};
use model::rota::Span;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// The rule for work, and for standby of duties without a rule of their own.
pub const EVERYBODY: &str = "everybody";
const MINUTE_MS: i64 = 60_000;

/// How time of a duty becomes yen, from a day on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleVersion {
    /// `primary`, `secondary` …, or [`EVERYBODY`].
    pub role: String,
    /// 0: nobody has said anything, so nothing is paid.
    pub version: i64,
    pub effective_from: NaiveDate,
    pub rule: PayRule,
    pub changed_by: String,
    pub changed_at: Time,
}

impl RuleVersion {
    /// Where nobody has said anything.
    #[must_use]
    pub fn unsaid() -> Self {
        Self {
            role: EVERYBODY.to_owned(),
            version: 0,
            effective_from: NaiveDate::default(),
            rule: PayRule::default(),
            changed_by: String::new(),
            changed_at: Time(0),
        }
    }
}

/// When the company works, from a day on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Week {
    pub version: i64,
    pub effective_from: NaiveDate,
    pub calendar: BusinessCalendar,
}

/// Somebody stood by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standby {
    pub person: PersonId,
    /// The name of the schedule.
    pub schedule: String,
    pub role: String,
    pub span: Span,
}

/// Overtime besides on-call work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OtherOvertime {
    pub month: Month,
    pub person: PersonId,
    pub minutes: i32,
}

/// All that pay is worked out from, over some months.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Records {
    pub standby: Vec<Standby>,
    pub work: Vec<WorkRow>,
    pub overtime: Vec<OtherOvertime>,
    pub rules: Vec<RuleVersion>,
    /// At least one.
    pub weeks: Vec<Week>,
    pub names: BTreeMap<PersonId, String>,
}

/// Time that one rule prices.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    pub rule: RuleVersion,
    /// Ascending.
    pub segments: Vec<Segment>,
}

/// What somebody should know before a month is paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Warning {
    /// So much time is paid below article 37.
    BelowFloor { ms: i64 },
    /// Nothing is paid for an hour.
    NoBase { basis: PayBasis },
    /// Rounding cuts off.
    RoundsDown,
    /// Nobody said which day is the statutory holiday.
    NoStatutoryDay,
    /// So much work goes on, and is paid when it has ended.
    Unfinished { n: u32 },
    /// So much work was noted that took strangely long, and that nobody has looked at.
    Long { n: u32 },
}

/// What somebody is paid for a month, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sheet {
    pub person: PersonId,
    /// As they were called then.
    pub name: String,
    pub groups: Vec<Group>,
    pub standby: Total,
    pub worked: Total,
    pub other_overtime_min: i64,
    pub warnings: Vec<Warning>,
}

impl Sheet {
    /// Of somebody of whom there is nothing.
    #[must_use]
    pub fn empty(person: PersonId, name: String) -> Self {
        Self {
            person,
            name,
            groups: Vec::new(),
            standby: Total::default(),
            worked: Total::default(),
            other_overtime_min: 0,
            warnings: Vec::new(),
        }
    }

    /// What is paid for the month itself.
    #[must_use]
    pub fn paid(&self) -> Paid {
        Paid {
            standby_ms: self.standby.ms(),
            standby_yen: self.standby.yen,
            worked_ms: self.worked.ms(),
            worked_yen: self.worked.yen,
        }
    }

    /// All segments of all rules, in the order of time.
    #[must_use]
    pub fn segments(&self) -> Vec<Segment> {
        let mut segments: Vec<Segment> = self.groups.iter().flat_map(|group| group.segments.iter().cloned()).collect();
        segments.sort_by_key(|segment| (segment.span.start, segment.basis, segment.span.end));
        segments
    }
}

/// Time and yen, of a month or of the difference between two accounts of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Paid {
    pub standby_ms: i64,
    pub standby_yen: i64,
    pub worked_ms: i64,
    pub worked_yen: i64,
}

impl Paid {
    /// Both together.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self {
            standby_ms: self.standby_ms.saturating_add(other.standby_ms),
            standby_yen: self.standby_yen.saturating_add(other.standby_yen),
            worked_ms: self.worked_ms.saturating_add(other.worked_ms),
            worked_yen: self.worked_yen.saturating_add(other.worked_yen),
        }
    }

    /// What this is more than `other`.
    #[must_use]
    pub fn minus(self, other: Self) -> Self {
        Self {
            standby_ms: self.standby_ms.saturating_sub(other.standby_ms),
            standby_yen: self.standby_yen.saturating_sub(other.standby_yen),
            worked_ms: self.worked_ms.saturating_sub(other.worked_ms),
            worked_yen: self.worked_yen.saturating_sub(other.worked_yen),
        }
    }

    /// Of standby and work.
    #[must_use]
    pub fn yen(self) -> i64 {
        self.standby_yen.saturating_add(self.worked_yen)
    }
}

/// A difference that is paid with a later month.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Correction {
    pub of: Month,
    pub paid: Paid,
}

/// A stretch of a month in which rules and weeks stay the same.
struct Period<'a> {
    span: Span,
    day: NaiveDate,
    calendar: &'a BusinessCalendar,
}

impl Records {
    /// The week in force on a day: of those that count from then or before the newest, else the first there is.
    #[must_use]
    pub fn week_on(&self, day: NaiveDate) -> Option<&Week> {
        let counting = self.weeks.iter().filter(|week| week.effective_from <= day);
        counting.max_by_key(|week| week.version).or_else(|| self.weeks.iter().min_by_key(|week| week.version))
    }

    /// A month by the wall clock of the week in which it begins.
    #[must_use]
    pub fn span_of(&self, month: Month) -> Option<Span> {
        month.span(&self.week_on(first_day(month))?.calendar)
    }

    fn name_of(&self, person: PersonId) -> String {
        self.names.get(&person).cloned().unwrap_or_else(|| person.to_string())
    }

    fn rule_of(&self, role: &str, day: NaiveDate) -> Option<&RuleVersion> {
        let counting = self.rules.iter().filter(|version| version.role == role && version.effective_from <= day);
        counting.max_by_key(|version| version.version)
    }

    /// The rule that prices a duty on a day.
    #[must_use]
    pub fn rule_on(&self, role: &str, day: NaiveDate) -> RuleVersion {
        let found: Option<&RuleVersion> = self.rule_of(role, day).or_else(|| self.rule_of(EVERYBODY, day));
        found.cloned().unwrap_or_else(RuleVersion::unsaid)
    }

    fn periods(&self, month: Month) -> Vec<Period<'_>> {
        let (Some(whole), first) = (self.span_of(month), first_day(month)) else { return Vec::new() };
        let next: NaiveDate = first_day(plus(month, 1));
        let changes = self.rules.iter().map(|version| version.effective_from);
        let changes = changes.chain(self.weeks.iter().map(|week| week.effective_from));
        let mut days: BTreeSet<NaiveDate> = changes.filter(|day| first < *day && *day < next).collect();
        days.insert(first);
        let mut periods: Vec<Period<'_>> = Vec::new();
        for day in days {
            let Some(week) = self.week_on(day) else { continue };
            let start: Time = if day == first { whole.start } else { week.calendar.zone().first(local(day, 0)) };
            if let Some(before) = periods.last_mut() {
                before.span.end = start;
            }
            periods.push(Period { span: Span::new(start, whole.end), day, calendar: &week.calendar });
        }
        periods
    }
}

/// A sheet for everybody of whom there is something in a month, by name.
///
/// # Errors
/// A rule that can't be used, or more duties than a month has.
pub fn sheets(records: &Records, month: Month) -> Result<Vec<Sheet>, BadRule> {
    let Some(whole) = records.span_of(month) else { return Ok(Vec::new()) };
    let mut people: BTreeSet<PersonId> = BTreeSet::new();
    people.extend(records.standby.iter().filter(|standby| !standby.span.and(whole).is_empty()).map(|standby| standby.person));
    people.extend(records.work.iter().filter(|work| work.touches(whole)).map(|work| work.person));
    people.extend(records.overtime.iter().filter(|other| other.month == month && other.minutes > 0).map(|other| other.person));
    let mut sheets: Vec<Sheet> = Vec::new();
    for person in people {
        sheets.push(sheet(records, month, person)?);
    }
    sheets.sort_by(|one, other| (&one.name, one.person).cmp(&(&other.name, other.person)));
    Ok(sheets)
}

/// What one person is paid for a month.
///
/// # Errors
/// As [`sheets`].
pub fn sheet(records: &Records, month: Month, person: PersonId) -> Result<Sheet, BadRule> {
    let other = records.overtime.iter().find(|other| other.month == month && other.person == person);
    let other_overtime_min: i64 = other.map_or(0, |other| i64::from(other.minutes));
    let periods: Vec<Period<'_>> = records.periods(month);
    let groups: Vec<Group> = groups(records, &periods, person, other_overtime_min * MINUTE_MS)?;
    let mut warnings: Vec<Warning> = warnings_of_pay(&groups);
    if let Some(whole) = records.span_of(month) {
        warnings.extend(warnings_of_work(records, person, whole));
    }
    Ok(Sheet {
        person,
        name: records.name_of(person),
        standby: sum(&groups, PayBasis::Standby),
        worked: sum(&groups, PayBasis::Worked),
        groups,
        other_overtime_min,
        warnings,
    })
}

fn groups(records: &Records, periods: &[Period<'_>], person: PersonId, other_ms: i64) -> Result<Vec<Group>, BadRule> {
    let mut overtime_ms: i64 = other_ms;
    let mut groups: Vec<Group> = Vec::new();
    for period in periods {
        for (rule, duties) in duties(records, period, person) {
            let duties: Vec<Duty> = bounded(duties);
            let segments: Vec<Segment> = priced(&duties, period.span, &rule.rule, period.calendar, overtime_ms)?;
            overtime_ms = overtime_ms.saturating_add(overtime(&segments));
            put(&mut groups, rule, segments);
        }
    }
    Ok(groups)
}

/// One person's duties in a period by the rule that prices them, the one that pays standby best first; each moment of standby once, unless
/// the rule wants it as often as there are schedules.
fn duties(records: &Records, period: &Period<'_>, person: PersonId) -> Vec<(RuleVersion, Vec<Duty>)> {
    let mut by_rule: Vec<(RuleVersion, Vec<Duty>)> = Vec::new();
    let work = records.work.iter().filter(|work| work.person == person);
    for (work, span) in work.filter_map(|work| work.counted().map(|span| (work, span.and(period.span)))) {
        let duty = Duty { span, basis: PayBasis::Worked, source: work.label.clone() };
        add(&mut by_rule, records.rule_on(EVERYBODY, period.day), duty);
    }
    for standby in records.standby.iter().filter(|standby| standby.person == person) {
        let span: Span = standby.span.and(period.span);
        let source: String = format!("{} ({})", standby.schedule, standby.role);
        add(&mut by_rule, records.rule_on(&standby.role, period.day), Duty { span, basis: PayBasis::Standby, source });
    }
    by_rule.sort_by(|(one, _), (other, _)| {
        let dearest = other.rule.standby_yen_per_hour.cmp(&one.rule.standby_yen_per_hour);
        dearest.then_with(|| one.role.cmp(&other.role))
    });
    once(&mut by_rule);
    by_rule
}

fn add(by_rule: &mut Vec<(RuleVersion, Vec<Duty>)>, rule: RuleVersion, duty: Duty) {
    if duty.span.is_empty() {
        return;
    }
    match by_rule.iter_mut().find(|(known, _)| known.role == rule.role && known.version == rule.version) {
        Some((_, duties)) => duties.push(duty),
        None => by_rule.push((rule, vec![duty])),
    }
}

/// Overtime in these segments, as the law counts it towards the 60 hours.
fn overtime(segments: &[Segment]) -> i64 {
    let is_overtime =
        |segment: &&Segment| segment.basis == PayBasis::Worked && !segment.is_statutory && segment.category != Category::Business;
    segments.iter().filter(is_overtime).map(Segment::ms).sum()
}

fn put(groups: &mut Vec<Group>, rule: RuleVersion, segments: Vec<Segment>) {
    if segments.is_empty() {
        return;
    }
    match groups.iter_mut().find(|group| group.rule.role == rule.role && group.rule.version == rule.version) {
        Some(group) => group.segments.extend(segments),
        None => groups.push(Group { rule, segments }),
    }
}

fn sum(groups: &[Group], basis: PayBasis) -> Total {
    let totals = groups.iter().map(|group| report::total(&group.segments, &group.rule.rule, Some(basis)));
    totals.fold(Total::default(), plus_total)
}

fn plus_total(one: Total, other: Total) -> Total {
    let mut category_ms: [i64; 5] = one.category_ms;
    for (ms, more) in category_ms.iter_mut().zip(other.category_ms) {
        *ms += more;
    }
    Total { category_ms, yen: one.yen.saturating_add(other.yen), below_floor_ms: one.below_floor_ms + other.below_floor_ms }
}

/// Each once; what is below the floor is added up.
fn warnings_of_pay(groups: &[Group]) -> Vec<Warning> {
    let mut below_ms: i64 = 0;
    let mut others: Vec<Warning> = Vec::new();
    for group in groups {
        let has_work: bool = group.segments.iter().any(|segment| segment.basis == PayBasis::Worked);
        for warning in report::warnings(&group.segments, &group.rule.rule) {
            let other: Option<Warning> = match warning {
                PayWarning::BelowFloor { ms } => {
                    below_ms += ms;
                    None
                }
                PayWarning::NoBase { basis } => Some(Warning::NoBase { basis }),
                PayWarning::RoundsDown => Some(Warning::RoundsDown),
                // Standby is no work: no floor holds for it.
                PayWarning::NoStatutoryDay => has_work.then_some(Warning::NoStatutoryDay),
            };
            others.extend(other.filter(|other| !others.contains(other)));
        }
    }
    let below: Option<Warning> = (below_ms > 0).then_some(Warning::BelowFloor { ms: below_ms });
    below.into_iter().chain(others).collect()
}

fn warnings_of_work(records: &Records, person: PersonId, whole: Span) -> Vec<Warning> {
    let own: Vec<&WorkRow> = records.work.iter().filter(|work| work.person == person && work.touches(whole)).collect();
    let n =
        |is_so: fn(&WorkRow) -> bool| -> u32 { u32::try_from(own.iter().filter(|work| is_so(work)).count()).unwrap_or(u32::MAX) };
    let n_unfinished: u32 = n(WorkRow::is_unfinished);
    let n_long: u32 = n(|work| work.corrections.is_empty() && work.counted().is_some_and(|span| span.length_ms() > LONG_WORK_MS));
    let unfinished: Option<Warning> = (n_unfinished > 0).then_some(Warning::Unfinished { n: n_unfinished });
    let long: Option<Warning> = (n_long > 0).then_some(Warning::Long { n: n_long });
    unfinished.into_iter().chain(long).collect()
}

/// What was paid for closed months, corrections of later ones included.
pub type PaidBefore = BTreeMap<(Month, PersonId), Paid>;

/// What these closed months come to now, less what was paid for them: who gets what with the next month that is closed.
///
/// # Errors
/// As [`sheets`].
pub fn corrections(
    records: &Records,
    paid: &PaidBefore,
    closed: &[Month],
) -> Result<BTreeMap<PersonId, Vec<Correction>>, BadRule> {
    let mut found: BTreeMap<PersonId, Vec<Correction>> = BTreeMap::new();
    for month in closed {
        let mut now: BTreeMap<PersonId, Paid> =
            sheets(records, *month)?.iter().map(|sheet| (sheet.person, sheet.paid())).collect();
        for (_, person) in paid.keys().filter(|(of, _)| of == month) {
            now.entry(*person).or_default();
        }
        for (person, now) in now {
            let before: Paid = paid.get(&(*month, person)).copied().unwrap_or_default();
            let difference: Paid = now.minus(before);
            if difference != Paid::default() {
                found.entry(person).or_default().push(Correction { of: *month, paid: difference });
            }
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests;
