//! Pay for being on call, and the days and hours it is reckoned by, as screens see them. A calculation aid, not legal advice.
//!
//! Times of the day are the company's wall clock, because a night's premium begins at its 22:00 whoever looks.

use crate::error::ApiError;
use crate::wire::Packed;
use async_trait::async_trait;
use leptos::prelude::*;
use model::Time;
use model::ids::PersonId;
use model::pay::premium::Part;
use model::pay::{Category, PayBasis};
use model::rota::local::Local;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Whether a month may still change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PayState {
    /// It is not over.
    Running,
    /// It is over, and an administrator may close it.
    Over,
    /// It is over, but not to be closed now: why.
    Waiting(PayWait),
    /// It stays as it is.
    Closed { by: String, at: Time },
}

/// Why a month that is over is not closed yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PayWait {
    /// Another is next: `2026-09`.
    Order(String),
    /// Standby is written down only until then.
    Standby(Time),
}

/// What somebody should know before a month is paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PayNote {
    /// So many milliseconds are paid below article 37.
    BelowFloor(i64),
    NoStandbyYen,
    NoWorkedYen,
    RoundsDown,
    NoStatutoryDay,
    /// So much work goes on.
    Unfinished(u32),
    /// So much work took strangely long.
    Long(u32),
}

/// Somebody's month, summed up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PayRow {
    pub person: PersonId,
    pub name: String,
    /// By category, in the order of [`Category::ALL`].
    pub standby_ms: [i64; 5],
    pub standby_yen: i64,
    pub worked_ms: [i64; 5],
    pub worked_yen: i64,
    /// What is paid with it for earlier months.
    pub corrected_yen: i64,
    pub yen: i64,
    pub notes: Vec<PayNote>,
}

/// Which month it is, and those beside it, each as `2026-09`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PayHead {
    pub month: String,
    pub before: String,
    /// Empty where the next month has not begun.
    pub after: String,
    pub state: PayState,
    /// The viewer sees everybody, sets rules and closes months.
    pub is_admin: bool,
}

/// A month.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PayMonthView {
    pub head: PayHead,
    /// By name.
    pub rows: Vec<PayRow>,
    /// Somebody has said how much an hour is worth.
    pub has_rules: bool,
}

/// A stretch of time with one price, and the proof of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaySegment {
    pub from: Local,
    pub until: Local,
    pub ms: i64,
    pub basis: PayBasis,
    pub category: Category,
    pub is_statutory: bool,
    pub base_yen: u32,
    pub parts: Vec<Part>,
    pub premium_bp: u32,
    /// The base itself is paid here, and not by the salary.
    pub is_paid: bool,
    pub floor_bp: u32,
    pub is_below: bool,
    pub yen: i64,
    pub sources: Vec<String>,
    /// The duty whose rule it is, and which version.
    pub rule: String,
    pub version: i64,
}

/// What is paid for an earlier month.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PayCorrection {
    pub month: String,
    pub standby_ms: i64,
    pub worked_ms: i64,
    pub yen: i64,
}

/// When somebody worked, as somebody says it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkChange {
    pub from: Local,
    pub until: Local,
    pub is_left_out: bool,
    pub reason: String,
    pub by: String,
    pub at: Time,
}

/// Somebody worked on something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkView {
    pub id: String,
    /// As people say it: `A-12`.
    pub label: String,
    /// Where it can be looked at.
    pub href: Option<String>,
    /// As it was first noted.
    pub from: Local,
    pub until: Option<Local>,
    pub is_by_hand: bool,
    /// What is paid of it; nothing while it goes on, and of what was no work.
    pub counted: Option<(Local, Local)>,
    pub counted_ms: i64,
    pub is_unfinished: bool,
    pub is_long: bool,
    /// The oldest first; the last one counts.
    pub changes: Vec<WorkChange>,
}

/// One person's month.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PayPersonView {
    pub head: PayHead,
    pub row: PayRow,
    pub other_overtime_min: i64,
    pub corrections: Vec<PayCorrection>,
    pub segments: Vec<PaySegment>,
    pub work: Vec<WorkView>,
    /// The zone of all its wall clocks.
    pub zone: String,
}

/// A rule as a form has it; shares are percent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PayRuleForm {
    /// A duty, or `everybody`.
    pub role: String,
    /// The version that was looked at; 0 for none.
    pub expected: i64,
    /// `2026-10-01`.
    pub effective_from: String,
    pub standby_yen: String,
    pub worked_yen: String,
    /// `max`, `sum`, `statutory`.
    pub stacking: String,
    pub evening: String,
    pub night: String,
    pub holiday: String,
    pub overtime: String,
    pub long_overtime: String,
    pub statutory_holiday: String,
    pub statutory_night: String,
    /// `22:00`.
    pub night_from: String,
    pub night_until: String,
    /// `mon` … `sun`, or empty.
    pub statutory_weekday: String,
    /// Days, separated by blanks or commas.
    pub statutory_days: String,
    pub pays_business_time: bool,
    pub dedup: bool,
    /// `half_up`, `up`, `down`.
    pub rounding: String,
    pub each_segment: bool,
}

/// A version of a rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PayRuleView {
    pub form: PayRuleForm,
    pub version: i64,
    /// It counts today.
    pub is_in_force: bool,
    pub by: String,
    pub at: Time,
}

/// The rules.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PayRulesView {
    /// By duty, the newest first.
    pub rules: Vec<PayRuleView>,
    /// What a new one begins with: the newest of the duty that is asked for, else what is usual.
    pub draft: PayRuleForm,
    /// Duties of schedules, to choose from.
    pub roles: Vec<String>,
    pub is_admin: bool,
}

/// Business hours as a form has them: `09:00-12:00, 13:00-18:00`, empty for a day off.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct WeekForm {
    pub expected: i64,
    pub effective_from: String,
    pub zone: String,
    /// The name of a calendar of holidays.
    pub calendar: String,
    pub mon: String,
    pub tue: String,
    pub wed: String,
    pub thu: String,
    pub fri: String,
    pub sat: String,
    pub sun: String,
}

impl WeekForm {
    /// The hours of each day, Monday first, with the name of the field.
    #[must_use]
    pub fn days(&self) -> [(&'static str, &str); 7] {
        [
            ("mon", &self.mon),
            ("tue", &self.tue),
            ("wed", &self.wed),
            ("thu", &self.thu),
            ("fri", &self.fri),
            ("sat", &self.sat),
            ("sun", &self.sun),
        ]
    }
}

/// A day off.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HolidayRow {
    /// `2026-09-23`.
    pub day: String,
    /// 0 for Monday to 6.
    pub weekday: u8,
    pub name_ja: String,
    pub name_en: String,
    /// `national`, `substitute`, `sandwich`, `company`.
    pub kind: String,
    /// Beyond what was gazetted.
    pub is_provisional: bool,
}

/// A day of which a file and the calendar think differently.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HolidayChange {
    pub day: String,
    pub weekday: u8,
    /// What it is called now, and in the file; nothing where it is no holiday.
    pub now: Option<String>,
    pub then: Option<String>,
}

/// A file that waits to be taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HolidayFileView {
    pub id: String,
    pub n_days: u32,
    pub first_year: i32,
    pub last_year: i32,
    pub changes: Vec<HolidayChange>,
}

/// Days off of a year, and the hours of a week.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HolidaysView {
    pub year: i32,
    /// The year it is now.
    pub this_year: i32,
    /// What is known of the year may still change.
    pub is_provisional: bool,
    /// The calendar that business time keeps, and its name for people.
    pub calendar: String,
    pub title_ja: String,
    pub title_en: String,
    pub days: Vec<HolidayRow>,
    pub week: WeekForm,
    pub week_version: i64,
    pub week_by: String,
    /// Calendars to choose from.
    pub calendars: Vec<String>,
    pub file: Option<HolidayFileView>,
    /// The viewer may change days off.
    pub may_change_days: bool,
    /// The viewer may change business hours.
    pub may_change_week: bool,
}

/// Which year, and which file, `/holidays` shows; the same words stand in the address.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HolidaysQuery {
    /// Empty for this year.
    pub year: String,
    /// The id of a file that waits; empty for none.
    pub file: String,
}

/// Answers the screens about pay.
#[async_trait]
pub trait PayApi: Send + Sync {
    /// `month` empty: this one.
    async fn month(&self, month: String) -> Result<PayMonthView, ApiError>;
    async fn person(&self, month: String, person: String) -> Result<PayPersonView, ApiError>;
    async fn correct_work(&self, id: String, from: String, until: String, left_out: bool, reason: String)
    -> Result<(), ApiError>;
    async fn add_work(
        &self,
        person: PersonId,
        from: String,
        until: String,
        label: String,
        reason: String,
    ) -> Result<(), ApiError>;
    async fn set_overtime(&self, month: String, person: PersonId, hours: String) -> Result<(), ApiError>;
    async fn close(&self, month: String) -> Result<(), ApiError>;
    /// `role` empty: the rule for everybody.
    async fn rules(&self, role: String) -> Result<PayRulesView, ApiError>;
    async fn save_rule(&self, rule: PayRuleForm) -> Result<(), ApiError>;
    async fn holidays(&self, query: HolidaysQuery) -> Result<HolidaysView, ApiError>;
    async fn save_week(&self, week: WeekForm) -> Result<(), ApiError>;
    async fn add_day(&self, calendar: String, day: String, name_ja: String, name_en: String) -> Result<(), ApiError>;
    async fn remove_day(&self, calendar: String, day: String) -> Result<(), ApiError>;
    /// Takes a file that waits; the browser is sent to its first year.
    async fn take_file(&self, file: String) -> Result<(), ApiError>;
    /// Forgets it; the browser is sent back to the list.
    async fn forget_file(&self, file: String) -> Result<(), ApiError>;
}

/// Who answers: put into context by the server.
pub fn room() -> Arc<dyn PayApi> {
    expect_context::<Arc<dyn PayApi>>()
}

/// A month of pay.
#[server(prefix = "/call", endpoint = "pay_month", output = Packed)]
pub async fn pay_month(month: String) -> Result<PayMonthView, ApiError> {
    room().month(month).await
}

/// One person's month.
#[server(prefix = "/call", endpoint = "pay_person", output = Packed)]
pub async fn pay_person(month: String, person: String) -> Result<PayPersonView, ApiError> {
    room().person(month, person).await
}

/// Says when somebody really worked. Times are the company's wall clock.
#[server(prefix = "/call", endpoint = "work_correct", output = Packed)]
pub async fn work_correct(
    id: String,
    #[server(default)] from: String,
    #[server(default)] until: String,
    #[server(default)] left_out: bool,
    reason: String,
) -> Result<(), ApiError> {
    room().correct_work(id, from, until, left_out, reason).await
}

/// Adds worked time that nobody was called for.
#[server(prefix = "/call", endpoint = "work_add", output = Packed)]
pub async fn work_add(person: PersonId, from: String, until: String, label: String, reason: String) -> Result<(), ApiError> {
    room().add_work(person, from, until, label, reason).await
}

/// Says how much overtime somebody has worked besides.
#[server(prefix = "/call", endpoint = "pay_overtime", output = Packed)]
pub async fn pay_overtime(month: String, person: PersonId, hours: String) -> Result<(), ApiError> {
    room().set_overtime(month, person, hours).await
}

/// Closes a month for everybody.
#[server(prefix = "/call", endpoint = "pay_close", output = Packed)]
pub async fn pay_close(month: String) -> Result<(), ApiError> {
    room().close(month).await
}

/// The rules of pay.
#[server(prefix = "/call", endpoint = "pay_rules", output = Packed)]
pub async fn pay_rules(role: String) -> Result<PayRulesView, ApiError> {
    room().rules(role).await
}

/// Writes another version of a rule.
#[server(prefix = "/call", endpoint = "pay_rule_save", output = Packed)]
pub async fn pay_rule_save(rule: PayRuleForm) -> Result<(), ApiError> {
    room().save_rule(rule).await
}

/// Days off and business hours.
#[server(prefix = "/call", endpoint = "holidays", output = Packed)]
pub async fn holidays(query: HolidaysQuery) -> Result<HolidaysView, ApiError> {
    room().holidays(query).await
}

/// Writes other business hours.
#[server(prefix = "/call", endpoint = "week_save", output = Packed)]
pub async fn week_save(week: WeekForm) -> Result<(), ApiError> {
    room().save_week(week).await
}

/// Adds a day off of the company's own.
#[server(prefix = "/call", endpoint = "company_day_add", output = Packed)]
pub async fn company_day_add(
    calendar: String,
    day: String,
    name_ja: String,
    #[server(default)] name_en: String,
) -> Result<(), ApiError> {
    room().add_day(calendar, day, name_ja, name_en).await
}

/// Takes one away.
#[server(prefix = "/call", endpoint = "company_day_remove", output = Packed)]
pub async fn company_day_remove(calendar: String, day: String) -> Result<(), ApiError> {
    room().remove_day(calendar, day).await
}

/// Takes a file of holidays.
#[server(prefix = "/call", endpoint = "holiday_file_take", output = Packed)]
pub async fn holiday_file_take(file: String) -> Result<(), ApiError> {
    room().take_file(file).await
}

/// Forgets it.
#[server(prefix = "/call", endpoint = "holiday_file_forget", output = Packed)]
pub async fn holiday_file_forget(file: String) -> Result<(), ApiError> {
    room().forget_file(file).await
}

#[cfg(test)]
mod tests {
    use super::WeekForm;

    #[test]
    fn a_week_begins_on_monday() {
        let week = WeekForm { mon: "09:00-18:00".to_owned(), sun: "10:00-12:00".to_owned(), ..WeekForm::default() };
        let days: Vec<(&str, &str)> = week.days().into_iter().filter(|(_, hours)| !hours.is_empty()).collect();
        assert_eq!(days, [("mon", "09:00-18:00"), ("sun", "10:00-12:00")]);
    }
}
