//! What people see of a month: everybody's for administrators, one's own for everybody else.

use super::closing::{Closed, oldest_of};
use super::month::{self, first_day, plus};
use super::reckoning::{self, Correction, PaidBefore, Records, Sheet};
use super::refused::Refused;
use super::work::WorkRow;
use super::{Pay, check_may};
use crate::error::Error;
use crate::needs::Staffer;
use crate::store;
use chrono::NaiveDate;
use kernel::{Grant, Tx};
use model::access::ReadPay;
use model::business_time::BusinessCalendar;
use model::ids::PersonId;
use model::pay::Month;
use model::rota::Span;
use model::{Actor, Role, Time};
use std::collections::BTreeMap;

/// Somebody's month, with what is paid with it for earlier ones.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonMonth {
    pub sheet: Sheet,
    pub corrections: Vec<Correction>,
}

impl PersonMonth {
    /// Everything that is paid with the month.
    #[must_use]
    pub fn yen(&self) -> i64 {
        let corrected: i64 = self.corrections.iter().map(|correction| correction.paid.yen()).sum();
        self.sheet.paid().yen().saturating_add(corrected)
    }
}

/// A month as somebody may see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MonthSheet {
    pub month: Month,
    /// `None`: it is worked out anew at each look.
    pub closed: Option<Closed>,
    /// The month that may be closed next, if any was closed.
    pub next: Option<Month>,
    /// Whether it is over, by the wall clock of the company.
    pub is_over: bool,
    /// Until when standby is written down; `None` where there are no schedules.
    pub written_until: Option<Time>,
    /// By whose wall clock its days are told.
    pub calendar: BusinessCalendar,
    /// By name.
    pub people: Vec<PersonMonth>,
}

/// One person's month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonSheet {
    /// With this person alone.
    pub month: MonthSheet,
    pub name: String,
    /// All that was noted and corrected, the oldest first. Of a closed month it may have changed since.
    pub work: Vec<WorkRow>,
}

/// What people are called.
pub(super) type Names = BTreeMap<PersonId, String>;

/// What was read for one month and the closed ones before it.
pub(super) struct Reading {
    pub(super) records: Records,
    pub(super) paid: PaidBefore,
    /// Closed months that are worked out anew for this one; none unless it is the next to be closed.
    pub(super) closed: Vec<Month>,
    newest: Option<Month>,
}

impl Pay {
    /// The month it is now, by the wall clock of the company.
    ///
    /// # Errors
    /// The database's.
    pub async fn this_month(&self) -> Result<Month, Error> {
        let calendar: BusinessCalendar = self.business_calendar().await?;
        let today: NaiveDate = calendar.day_at(self.clock.now()).unwrap_or_default();
        Ok(month::of_day(today))
    }

    /// A month: of everybody for administrators, else one's own.
    ///
    /// # Errors
    /// [`Refused::Rule`] says what can't be priced. The database's.
    pub async fn month(&self, grant: &Grant<ReadPay>, of: Month) -> Result<MonthSheet, Error> {
        let names: Names = self.names().await?;
        let mut tx: Tx = self.db.begin().await?;
        let reading: Reading = self.read(&mut tx, of, names).await?;
        let mut sheet: MonthSheet = self.sheet_of(&mut tx, &reading, of).await?;
        sheet.people.retain(|one| may_see(grant.actor(), one.sheet.person));
        Ok(sheet)
    }

    /// One person's month with their worked time.
    ///
    /// # Errors
    /// [`Refused::NotYours`]; [`Refused::NoPerson`] for somebody nobody knows and of whom nothing is there. The database's.
    pub async fn person_month(&self, grant: &Grant<ReadPay>, of: Month, person: PersonId) -> Result<PersonSheet, Error> {
        check_may(grant.actor(), person)?;
        let names: Names = self.names().await?;
        let mut tx: Tx = self.db.begin().await?;
        let reading: Reading = self.read(&mut tx, of, names).await?;
        let mut month: MonthSheet = self.sheet_of(&mut tx, &reading, of).await?;
        month.people.retain(|one| one.sheet.person == person);
        let known: Option<&String> = reading.records.names.get(&person);
        let was: Option<String> = month.people.first().map(|one| one.sheet.name.clone());
        let name: String = known.cloned().or(was).ok_or(Refused::NoPerson)?;
        let whole: Option<Span> = reading.records.span_of(of);
        let is_shown = |work: &WorkRow| work.person == person && whole.is_some_and(|whole| work.touches(whole));
        let mut work: Vec<WorkRow> = reading.records.work;
        work.retain(is_shown);
        work.sort_by_key(|work| (work.started_at, work.id));
        Ok(PersonSheet { month, name, work })
    }

    /// Everything that `of` is worked out from; if it is the next month to be closed, with the closed ones before it.
    pub(super) async fn read(&self, tx: &mut Tx, of: Month, names: Names) -> Result<Reading, Error> {
        let newest: Option<Month> = store::pay::months::newest(tx).await?;
        let is_next: bool = newest.is_some_and(|newest| plus(newest, 1) == of);
        let first: Month = newest.filter(|_| is_next).map_or(of, oldest_of);
        let closed: Vec<Month> =
            if is_next { store::pay::months::closed_between(tx, first, plus(of, -1)).await? } else { Vec::new() };
        let first: Month = closed.first().copied().unwrap_or(of);
        let paid: PaidBefore = if is_next { store::pay::months::paid_since(tx, first).await? } else { PaidBefore::new() };
        let records: Records = self.records(tx, first, of, names).await?;
        Ok(Reading { records, paid, closed, newest })
    }

    /// What everybody is called. To be asked before a transaction begins.
    pub(super) async fn names(&self) -> Result<Names, Error> {
        let staff: Vec<Staffer> = self.staff.everybody().await?;
        Ok(staff.into_iter().map(|staffer| (staffer.id, staffer.name)).collect())
    }

    async fn records(&self, tx: &mut Tx, first: Month, last: Month, names: Names) -> Result<Records, Error> {
        let mut records =
            Records { rules: store::pay::rules::all(tx).await?, weeks: self.weeks_in(tx).await?, names, ..Records::default() };
        let (Some(begin), Some(end)) = (records.span_of(first), records.span_of(last)) else {
            return Err(Refused::Month(month::text(last)).into());
        };
        let within = Span::new(begin.start, end.end);
        records.standby = store::pay::standby::within(tx, within).await?;
        records.work = store::pay::work::within(tx, within).await?;
        records.overtime = store::pay::work::overtime(tx, first_day(first), first_day(last)).await?;
        Ok(records)
    }

    async fn sheet_of(&self, tx: &mut Tx, reading: &Reading, of: Month) -> Result<MonthSheet, Error> {
        let closed: Option<Closed> = store::pay::months::closed(tx, of).await?;
        let people: Vec<PersonMonth> = match &closed {
            Some(_) => store::pay::months::sheets(tx, of).await?,
            None => open_people(reading, of)?,
        };
        let wrong = || Refused::Month(month::text(of));
        let whole: Span = reading.records.span_of(of).ok_or_else(wrong)?;
        let calendar = reading.records.week_on(first_day(of)).map(|week| week.calendar.clone()).ok_or_else(wrong)?;
        Ok(MonthSheet {
            month: of,
            closed,
            next: reading.newest.map(|newest| plus(newest, 1)),
            is_over: whole.end <= self.clock.now(),
            written_until: store::pay::standby::written_until(tx).await?,
            calendar,
            people,
        })
    }
}

/// Everybody of whom there is something in a month that is not closed, or for whom an earlier one has changed.
pub(super) fn open_people(reading: &Reading, of: Month) -> Result<Vec<PersonMonth>, Refused> {
    let mut corrections: BTreeMap<PersonId, Vec<Correction>> = reading.corrections()?;
    let sheets: Vec<Sheet> = reckoning::sheets(&reading.records, of).map_err(Refused::Rule)?;
    let mut people: Vec<PersonMonth> = Vec::new();
    for sheet in sheets {
        let corrections: Vec<Correction> = corrections.remove(&sheet.person).unwrap_or_default();
        people.push(PersonMonth { sheet, corrections });
    }
    for (person, corrections) in corrections {
        let name: String = reading.records.names.get(&person).cloned().unwrap_or_else(|| person.to_string());
        people.push(PersonMonth { sheet: Sheet::empty(person, name), corrections });
    }
    people.sort_by(|one, other| (&one.sheet.name, one.sheet.person).cmp(&(&other.sheet.name, other.sheet.person)));
    Ok(people)
}

fn may_see(actor: &Actor, person: PersonId) -> bool {
    actor.role >= Role::Admin || actor.person_id() == Some(person)
}
