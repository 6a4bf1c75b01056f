//! The on-call room's door to pay, business hours and days off. Texts about what is wrong stand on this side.

pub mod download;
mod input;
mod refusals;
mod shape;
pub mod upload;

use crate::apis::Door;
use ::api::ApiError;
use ::api::pay::{
    HolidayFileView, HolidaysQuery, HolidaysView, PayApi, PayMonthView, PayPersonView, PayRuleForm, PayRulesView, WeekForm,
};
use async_trait::async_trait;
use chrono::NaiveDate;
use figures::Locale;
use model::Role;
use model::access::{ChangeSchedules, ClosePay, CorrectWork, ManagePay, ReadConsole, ReadPay};
use model::business_time::BusinessCalendar;
use model::ids::PersonId;
use model::links;
use model::pay::Month;
use model::rota::Span;
use oncall::pay::files::SentFile;
use oncall::pay::month;
use oncall::pay::months::{MonthSheet, PersonSheet};
use oncall::pay::reckoning::{EVERYBODY, RuleVersion};
use oncall::pay::week::WeekVersion;
use oncall::pay::work::{NewCorrection, WorkId};
use oncall::schedules::holidays::{CalendarRow, HolidayReading};
use oncall::{Error, Pay, Schedules};
use uuid::Uuid;

/// Answers the screens about pay.
pub struct Adapter(pub Door);

impl Adapter {
    fn room(&self) -> &Pay {
        &self.0.house.pay
    }

    fn schedules(&self) -> &Schedules {
        self.0.house.oncall.schedules()
    }

    fn locale(&self) -> Locale {
        self.0.visitor.viewer.locale
    }

    fn may(&self, role: Role) -> bool {
        self.0.visitor.actor.as_ref().is_some_and(|actor| actor.role >= role)
    }

    /// A room's refusal in the reader's language.
    fn shown(&self, error: Error) -> ApiError {
        refusals::refused(error, self.locale())
    }

    fn month_of(&self, text: &str) -> Result<Month, ApiError> {
        month::parse(text).map_err(|refused| self.shown(refused.into()))
    }

    async fn this_month(&self) -> Result<Month, ApiError> {
        self.room().this_month().await.map_err(|error| self.shown(error))
    }

    /// What a form says of a stretch of time, by the company's wall clock.
    async fn span(&self, from: &str, until: &str) -> Result<Span, ApiError> {
        let calendar: BusinessCalendar = self.room().business_calendar().await.map_err(|error| self.shown(error))?;
        input::span(from, until, &calendar, self.locale())
    }

    async fn today(&self) -> Result<NaiveDate, ApiError> {
        let calendar: BusinessCalendar = self.room().business_calendar().await.map_err(|error| self.shown(error))?;
        Ok(calendar.day_at(self.0.house.clock.now()).unwrap_or_default())
    }

    /// The week that counts today, and the newest one.
    async fn weeks(&self, today: NaiveDate) -> Result<(WeekVersion, WeekVersion), ApiError> {
        let weeks: Vec<WeekVersion> = self.room().weeks().await.map_err(|error| self.shown(error))?;
        let newest: WeekVersion = weeks.first().cloned().unwrap_or_else(WeekVersion::usual);
        let counting: Option<WeekVersion> = weeks.into_iter().find(|week| week.effective_from <= today);
        Ok((counting.unwrap_or_else(|| newest.clone()), newest))
    }

    /// A file that waits, as it would change the calendar.
    async fn file(&self, id: &str) -> Result<Option<HolidayFileView>, ApiError> {
        let Ok(grant) = self.0.admit::<ChangeSchedules>() else { return Ok(None) };
        let Ok(known) = id.parse::<Uuid>() else { return Ok(None) };
        let sent: SentFile = self.room().sent_file(&grant, known).await.map_err(|error| self.shown(error))?;
        let reading = self.schedules().read_holidays(&sent.calendar, &sent.bytes).await;
        let reading: HolidayReading = reading.map_err(|error| self.shown(error))?;
        Ok(Some(shape::file(id, &reading)))
    }
}

#[async_trait]
impl PayApi for Adapter {
    async fn month(&self, month: String) -> Result<PayMonthView, ApiError> {
        let grant = self.0.admit::<ReadPay>()?;
        let this: Month = self.this_month().await?;
        let of: Month = if month.is_empty() { this } else { self.month_of(&month)? };
        let sheet: MonthSheet = self.room().month(&grant, of).await.map_err(|error| self.shown(error))?;
        let rules: Vec<RuleVersion> = self.room().rules().await.map_err(|error| self.shown(error))?;
        Ok(PayMonthView {
            head: shape::head(&sheet, this, self.may(Role::Admin)),
            rows: sheet.people.iter().map(shape::row).collect(),
            has_rules: !rules.is_empty(),
        })
    }

    async fn person(&self, month: String, person: String) -> Result<PayPersonView, ApiError> {
        let grant = self.0.admit::<ReadPay>()?;
        let of: Month = self.month_of(&month)?;
        let nobody = || ApiError::NotFound { what: format!("the person {person:?}") };
        let id: PersonId = person.parse::<PersonId>().map_err(|_| nobody())?;
        let this: Month = self.this_month().await?;
        let found: PersonSheet = self.room().person_month(&grant, of, id).await.map_err(|error| self.shown(error))?;
        Ok(shape::person(&found, id, this, self.may(Role::Admin)))
    }

    async fn correct_work(
        &self,
        id: String,
        from: String,
        until: String,
        left_out: bool,
        reason: String,
    ) -> Result<(), ApiError> {
        let grant = self.0.admit::<CorrectWork>()?;
        let lost = || ApiError::NotFound { what: "the worked time".to_owned() };
        let id: WorkId = id.parse::<WorkId>().map_err(|_| lost())?;
        // What was no work needs no times, whatever its fields hold.
        let is_empty: bool = from.trim().is_empty() && until.trim().is_empty();
        let is_said: bool = !left_out && !is_empty;
        let span: Option<Span> = if is_said { Some(self.span(&from, &until).await?) } else { None };
        let new = NewCorrection { span, is_left_out: left_out, reason };
        self.room().correct_work(&grant, id, &new).await.map_err(|error| self.shown(error))
    }

    async fn add_work(
        &self,
        person: PersonId,
        from: String,
        until: String,
        label: String,
        reason: String,
    ) -> Result<(), ApiError> {
        let grant = self.0.admit::<CorrectWork>()?;
        let span: Span = self.span(&from, &until).await?;
        let added = self.room().add_work(&grant, person, &label, span, &reason).await;
        added.map(|_| ()).map_err(|error| self.shown(error))
    }

    async fn set_overtime(&self, month: String, person: PersonId, hours: String) -> Result<(), ApiError> {
        let grant = self.0.admit::<ManagePay>()?;
        let of: Month = self.month_of(&month)?;
        let minutes: i32 = input::minutes(&hours, self.locale())?;
        self.room().set_other_overtime(&grant, of, person, minutes).await.map_err(|error| self.shown(error))
    }

    async fn close(&self, month: String) -> Result<(), ApiError> {
        let grant = self.0.admit::<ClosePay>()?;
        let of: Month = self.month_of(&month)?;
        self.room().close(&grant, of).await.map_err(|error| self.shown(error))
    }

    async fn rules(&self, role: String) -> Result<PayRulesView, ApiError> {
        self.0.admit::<ReadConsole>()?;
        let rules: Vec<RuleVersion> = self.room().rules().await.map_err(|error| self.shown(error))?;
        let role: &str = if role.trim().is_empty() { EVERYBODY } else { role.trim() };
        Ok(shape::rules(&rules, role, self.today().await?, self.may(Role::Admin)))
    }

    async fn save_rule(&self, rule: PayRuleForm) -> Result<(), ApiError> {
        let grant = self.0.admit::<ManagePay>()?;
        let (from, read) = input::rule(&rule, self.locale())?;
        let saved = self.room().save_rule(&grant, &rule.role, from, &read, rule.expected).await;
        saved.map_err(|error| self.shown(error))?;
        leptos_axum::redirect(&links::pay_rule(rule.role.trim()));
        Ok(())
    }

    async fn holidays(&self, query: HolidaysQuery) -> Result<HolidaysView, ApiError> {
        self.0.admit::<ReadConsole>()?;
        let today: NaiveDate = self.today().await?;
        let (week, newest) = self.weeks(today).await?;
        let calendars: Vec<CalendarRow> = self.schedules().calendars().await.map_err(|error| self.shown(error))?;
        let file: Option<HolidayFileView> = if query.file.is_empty() { None } else { self.file(&query.file).await? };
        let year: i32 = input::year(&query.year, file.as_ref(), today);
        let mut view: HolidaysView = shape::holidays(&calendars, &week, &newest, year, today);
        view.file = file;
        view.may_change_days = self.may(Role::Editor);
        view.may_change_week = self.may(Role::Admin);
        Ok(view)
    }

    async fn save_week(&self, week: WeekForm) -> Result<(), ApiError> {
        let grant = self.0.admit::<ManagePay>()?;
        let read: WeekVersion = input::week(&week, self.locale())?;
        self.room().save_week(&grant, &read, week.expected).await.map(|_| ()).map_err(|error| self.shown(error))
    }

    async fn add_day(&self, calendar: String, day: String, name_ja: String, name_en: String) -> Result<(), ApiError> {
        let grant = self.0.admit::<ChangeSchedules>()?;
        let day: NaiveDate = input::day("day", &day, self.locale())?;
        let added = self.schedules().add_company_day(&grant, &calendar, day, &name_ja, &name_en).await;
        added.map_err(|error| self.shown(error))
    }

    async fn remove_day(&self, calendar: String, day: String) -> Result<(), ApiError> {
        let grant = self.0.admit::<ChangeSchedules>()?;
        let day: NaiveDate = input::day("day", &day, self.locale())?;
        self.schedules().remove_company_day(&grant, &calendar, day).await.map_err(|error| self.shown(error))
    }

    async fn take_file(&self, file: String) -> Result<(), ApiError> {
        let grant = self.0.admit::<ChangeSchedules>()?;
        let id: Uuid = file.parse::<Uuid>().map_err(|_| refusals::no_file(self.locale()))?;
        let sent: SentFile = self.room().sent_file(&grant, id).await.map_err(|error| self.shown(error))?;
        let taken = self.schedules().import_holidays(&grant, &sent.calendar, &sent.bytes).await;
        taken.map_err(|error| self.shown(error))?;
        self.room().forget_file(&grant, id).await.map_err(|error| self.shown(error))?;
        leptos_axum::redirect(links::HOLIDAYS);
        Ok(())
    }

    async fn forget_file(&self, file: String) -> Result<(), ApiError> {
        let grant = self.0.admit::<ChangeSchedules>()?;
        let id: Uuid = file.parse::<Uuid>().map_err(|_| refusals::no_file(self.locale()))?;
        self.room().forget_file(&grant, id).await.map_err(|error| self.shown(error))?;
        leptos_axum::redirect(links::HOLIDAYS);
        Ok(())
    }
}
