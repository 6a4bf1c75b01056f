//! Calendars of holidays: what is built in for Japan, the years that were read from the Cabinet Office's file in its place, and days off of
//! the company's own. A change of one never reaches back: the schedules that keep it write down their past first.

use super::almanacs::Kept;
use super::definition::{JAPAN, NO_HOLIDAYS, ScheduleId, check_name, check_title};
use super::refused::Refused;
use super::telling::{self, CALENDAR_REMOVED, CALENDAR_SAVED, HOLIDAYS_IMPORTED};
use super::{By, Schedules};
use crate::error::Error;
use crate::needs::{self, Staffer};
use crate::store;
use crate::store::schedules::{Selection, calendars};
use chrono::{Datelike, NaiveDate};
use encoding_rs::SHIFT_JIS;
use kernel::{Grant, Tx};
use model::access::ChangeSchedules;
use model::holidays::csv;
use model::holidays::{Difference, Holiday, HolidayCalendar, MAX_COMPANY_DAYS, differences};
use model::{Actor, Time};
use serde_json::{Value, json};
use std::sync::{PoisonError, RwLock};

/// Calendars of one installation.
pub const MOST_CALENDARS: usize = 50;
/// Bytes of a file of holidays; the Cabinet Office's has about 20,000.
pub const MOST_BYTES: usize = 1_000_000;

/// A calendar as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CalendarRow {
    /// What schedules call it.
    pub name: String,
    pub title_ja: String,
    pub title_en: String,
    /// Whether public holidays of Japan count.
    pub is_japan: bool,
    /// Whole years, read from the Cabinet Office's file.
    pub read: Vec<Holiday>,
    /// Days off of the company's own.
    pub company: Vec<Holiday>,
    pub version: i64,
    pub changed_by: String,
    pub changed_at: Time,
}

/// A calendar as somebody writes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewCalendar {
    pub name: String,
    pub title_ja: String,
    pub title_en: String,
    pub is_japan: bool,
}

/// A file of holidays, before it is taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HolidayReading {
    pub holidays: Vec<Holiday>,
    /// Where it differs from what the calendar has now.
    pub differences: Vec<Difference>,
}

impl CalendarRow {
    /// Its days.
    #[must_use]
    pub fn days(&self) -> HolidayCalendar {
        let mut days: HolidayCalendar = if self.is_japan { HolidayCalendar::japan() } else { HolidayCalendar::none() };
        days = days.with_read(self.read.clone());
        for day in &self.company {
            days = days.with_company_day(day.date, &day.name_ja, &day.name_en);
        }
        days
    }

    /// As the maths takes it.
    #[must_use]
    pub(super) fn kept(&self) -> Kept {
        Kept { name: self.name.clone(), version: self.version, days: self.days() }
    }
}

impl Schedules {
    /// Every calendar, by name. Beside them there is [`NO_HOLIDAYS`].
    ///
    /// # Errors
    /// The database's.
    pub async fn calendars(&self) -> Result<Vec<CalendarRow>, Error> {
        let mut tx: Tx = self.db.begin().await?;
        calendars::list(&mut tx, None).await
    }

    /// The one of that name.
    ///
    /// # Errors
    /// The database's.
    pub async fn calendar(&self, name: &str) -> Result<Option<CalendarRow>, Error> {
        let mut tx: Tx = self.db.begin().await?;
        Ok(calendars::list(&mut tx, Some(name)).await?.pop())
    }

    /// Makes a calendar, or changes how it is called and whether public holidays of Japan count. `version` is that of the one that was
    /// looked at, `None` makes a new one.
    ///
    /// # Errors
    /// [`Refused::Taken`], [`Refused::Stale`], [`Refused::NoCalendar`], [`Refused::CalendarHeld`] … The database's.
    pub async fn save_calendar(
        &self,
        grant: &Grant<ChangeSchedules>,
        new: &NewCalendar,
        version: Option<i64>,
    ) -> Result<i64, Error> {
        let actor: &Actor = grant.actor();
        check_name(&new.name)?;
        check_title(&new.title_ja)?;
        check_title(&new.title_en)?;
        if new.name == NO_HOLIDAYS || (new.name == JAPAN && !new.is_japan) {
            return Err(Refused::CalendarHeld(new.name.clone()).into());
        }
        let staff: Vec<Staffer> = self.everybody().await?;
        let by = By { actor: grant.actor(), staff: &staff };
        let mut tx: Tx = self.db.begin().await?;
        let held: Vec<ScheduleId> = self.held_of_calendar(&mut tx, &new.name).await?;
        let found: Option<i64> = calendars::lock(&mut tx, &new.name).await?;
        check_version(&new.name, version, found)?;
        if found.is_none() && calendars::list(&mut tx, None).await?.len() >= MOST_CALENDARS {
            return Err(Refused::TooMany(MOST_CALENDARS).into());
        }
        let row = CalendarRow {
            name: new.name.clone(),
            title_ja: new.title_ja.trim().to_owned(),
            title_en: new.title_en.trim().to_owned(),
            is_japan: new.is_japan,
            read: Vec::new(),
            company: Vec::new(),
            version: found.unwrap_or(0) + 1,
            changed_by: actor.name().to_owned(),
            changed_at: self.clock.now(),
        };
        calendars::write(&mut tx, &row).await?;
        let body = json!({ "name": row.name, "version": row.version, "is_japan": row.is_japan });
        self.changed_calendar(&mut tx, &held, CALENDAR_SAVED, &row.name, by, body).await?;
        tx.commit().await?;
        self.read_book().await?;
        Ok(row.version)
    }

    /// Takes a calendar away that no schedule keeps.
    ///
    /// # Errors
    /// [`Refused::CalendarHeld`], [`Refused::NoCalendar`]. The database's.
    pub async fn remove_calendar(&self, grant: &Grant<ChangeSchedules>, name: &str) -> Result<(), Error> {
        let staff: Vec<Staffer> = self.everybody().await?;
        let by = By { actor: grant.actor(), staff: &staff };
        let mut tx: Tx = self.db.begin().await?;
        calendars::lock(&mut tx, name).await?.ok_or_else(|| Refused::NoCalendar(name.to_owned()))?;
        let selection = Selection { calendar: Some(name), ..Selection::default() };
        if name == JAPAN || !store::schedules::list(&mut tx, selection).await?.is_empty() {
            return Err(Refused::CalendarHeld(name.to_owned()).into());
        }
        calendars::remove(&mut tx, name).await?;
        self.changed_calendar(&mut tx, &[], CALENDAR_REMOVED, name, by, json!({ "name": name })).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Reads the Cabinet Office's file without taking it: UTF-8 or code page 932.
    ///
    /// # Errors
    /// [`Refused::Holidays`] says what is wrong with it, with its line; [`Refused::Encoding`], [`Refused::NoCalendar`]. The database's.
    pub async fn read_holidays(&self, name: &str, bytes: &[u8]) -> Result<HolidayReading, Error> {
        let holidays: Vec<Holiday> = csv::read(&text(bytes)?).map_err(Refused::from)?;
        let row: CalendarRow = self.calendar(name).await?.ok_or_else(|| Refused::NoCalendar(name.to_owned()))?;
        let differences: Vec<Difference> = differences(&row.days(), &holidays);
        Ok(HolidayReading { holidays, differences })
    }

    /// Takes the Cabinet Office's file: each year in it stands in place of what was known of it, and is provisional no more.
    ///
    /// # Errors
    /// As [`Schedules::read_holidays`].
    pub async fn import_holidays(
        &self,
        grant: &Grant<ChangeSchedules>,
        name: &str,
        bytes: &[u8],
    ) -> Result<HolidayReading, Error> {
        let holidays: Vec<Holiday> = csv::read(&text(bytes)?).map_err(Refused::from)?;
        let staff: Vec<Staffer> = self.everybody().await?;
        let by = By { actor: grant.actor(), staff: &staff };
        let mut tx: Tx = self.db.begin().await?;
        let (held, row): (Vec<ScheduleId>, CalendarRow) = self.held_calendar(&mut tx, name, grant.actor()).await?;
        let differences: Vec<Difference> = differences(&row.days(), &holidays);
        calendars::replace_years(&mut tx, name, &holidays).await?;
        calendars::write(&mut tx, &row).await?;
        let mut years: Vec<i32> = holidays.iter().map(|holiday| holiday.date.year()).collect();
        years.dedup();
        let body = json!({
            "name": name,
            "version": row.version,
            "first_year": years.first(),
            "last_year": years.last(),
            "n_different": differences.len(),
        });
        self.changed_calendar(&mut tx, &held, HOLIDAYS_IMPORTED, name, by, body).await?;
        tx.commit().await?;
        self.read_book().await?;
        Ok(HolidayReading { holidays, differences })
    }

    /// Adds a day off of the company's own, or names it anew.
    ///
    /// # Errors
    /// [`Refused::NoCalendar`], [`Refused::Title`], [`Refused::TooMany`]. The database's.
    pub async fn add_company_day(
        &self,
        grant: &Grant<ChangeSchedules>,
        name: &str,
        day: NaiveDate,
        name_ja: &str,
        name_en: &str,
    ) -> Result<(), Error> {
        let (ja, en): (&str, &str) = (name_ja.trim(), name_en.trim());
        check_title(ja)?;
        check_title(en)?;
        if ja.is_empty() || !(model::holidays::FIRST_YEAR..=csv::LAST_YEAR).contains(&day.year()) {
            return Err(Refused::Title(ja.to_owned()).into());
        }
        let staff: Vec<Staffer> = self.everybody().await?;
        let by = By { actor: grant.actor(), staff: &staff };
        let mut tx: Tx = self.db.begin().await?;
        let (held, row): (Vec<ScheduleId>, CalendarRow) = self.held_calendar(&mut tx, name, grant.actor()).await?;
        if row.company.len() >= MAX_COMPANY_DAYS {
            return Err(Refused::TooMany(MAX_COMPANY_DAYS).into());
        }
        let en: &str = if en.is_empty() { ja } else { en };
        calendars::write_company_day(&mut tx, name, day, ja, en).await?;
        calendars::write(&mut tx, &row).await?;
        let body = json!({ "name": name, "version": row.version, "added": day.to_string(), "day_ja": ja, "day_en": en });
        self.changed_calendar(&mut tx, &held, CALENDAR_SAVED, name, by, body).await?;
        tx.commit().await?;
        self.read_book().await
    }

    /// Takes a day off of the company's own away.
    ///
    /// # Errors
    /// [`Refused::NoDay`], [`Refused::NoCalendar`]. The database's.
    pub async fn remove_company_day(&self, grant: &Grant<ChangeSchedules>, name: &str, day: NaiveDate) -> Result<(), Error> {
        let staff: Vec<Staffer> = self.everybody().await?;
        let by = By { actor: grant.actor(), staff: &staff };
        let mut tx: Tx = self.db.begin().await?;
        let (held, row): (Vec<ScheduleId>, CalendarRow) = self.held_calendar(&mut tx, name, grant.actor()).await?;
        if !calendars::remove_company_day(&mut tx, name, day).await? {
            return Err(Refused::NoDay.into());
        }
        calendars::write(&mut tx, &row).await?;
        let body = json!({ "name": name, "version": row.version, "removed": day.to_string() });
        self.changed_calendar(&mut tx, &held, CALENDAR_SAVED, name, by, body).await?;
        tx.commit().await?;
        self.read_book().await
    }

    /// The schedules that keep a calendar, their rows held and their past written down.
    async fn held_of_calendar(&self, tx: &mut Tx, name: &str) -> Result<Vec<ScheduleId>, Error> {
        let now: Time = self.clock.now();
        let selection = Selection { calendar: Some(name), ..Selection::default() };
        let rows = store::schedules::list(tx, selection).await?;
        let mut ids: Vec<ScheduleId> = rows.into_iter().map(|row| row.id).collect();
        ids.sort_unstable();
        for id in &ids {
            self.held(tx, *id, now).await?;
        }
        Ok(ids)
    }

    /// The same, and the calendar itself, held, with its next version.
    async fn held_calendar(&self, tx: &mut Tx, name: &str, actor: &Actor) -> Result<(Vec<ScheduleId>, CalendarRow), Error> {
        let held: Vec<ScheduleId> = self.held_of_calendar(tx, name).await?;
        calendars::lock(tx, name).await?.ok_or_else(|| Refused::NoCalendar(name.to_owned()))?;
        let found: Option<CalendarRow> = calendars::list(tx, Some(name)).await?.pop();
        let row: CalendarRow = found.ok_or_else(|| Refused::NoCalendar(name.to_owned()))?;
        let (version, changed_by, changed_at) = (row.version + 1, actor.name().to_owned(), self.clock.now());
        Ok((held, CalendarRow { version, changed_by, changed_at, ..row }))
    }

    /// Tells it, and looks at the schedules anew.
    async fn changed_calendar(
        &self,
        tx: &mut Tx,
        held: &[ScheduleId],
        kind: &'static str,
        name: &str,
        by: By<'_>,
        body: Value,
    ) -> Result<(), Error> {
        let now: Time = self.clock.now();
        telling::about(tx, kind, format!("holidays/{name}"), by.actor, body, now).await?;
        for id in held {
            store::schedules::revise(tx, *id, now).await?;
            self.look_at(tx, *id, by.staff, now).await?;
        }
        Ok(())
    }

    /// Learns the days of the calendar `japan`, if they are others by now.
    pub(super) async fn read_book(&self) -> Result<(), Error> {
        let mut tx: Tx = self.db.begin().await?;
        let version: Option<i64> = calendars::version(&mut tx, JAPAN).await?;
        if version.is_some_and(|version| version != self.book.version())
            && let Some(row) = calendars::list(&mut tx, Some(JAPAN)).await?.pop()
        {
            self.book.learn(row.version, row.days());
        }
        Ok(())
    }
}

/// The holidays that escalations, clocks and pay go by: those of the calendar `japan`, as they were at the last look.
#[derive(Debug)]
pub struct HolidayBook {
    known: RwLock<(i64, HolidayCalendar)>,
}

impl Default for HolidayBook {
    /// Those built in, of a version that no calendar has.
    fn default() -> Self {
        Self { known: RwLock::new((0, HolidayCalendar::japan())) }
    }
}

impl HolidayBook {
    /// All of it, for whoever reckons with it for longer.
    #[must_use]
    pub fn days(&self) -> HolidayCalendar {
        self.known.read().unwrap_or_else(PoisonError::into_inner).1.clone()
    }

    fn version(&self) -> i64 {
        self.known.read().unwrap_or_else(PoisonError::into_inner).0
    }

    fn learn(&self, version: i64, days: HolidayCalendar) {
        *self.known.write().unwrap_or_else(PoisonError::into_inner) = (version, days);
    }
}

impl needs::Holidays for HolidayBook {
    fn is_holiday(&self, day: NaiveDate) -> bool {
        self.known.read().unwrap_or_else(PoisonError::into_inner).1.is_holiday(day)
    }
}

/// A file as text: UTF-8, or code page 932 as the Cabinet Office publishes it.
fn text(bytes: &[u8]) -> Result<String, Refused> {
    if bytes.len() > MOST_BYTES {
        return Err(Refused::TooMany(MOST_BYTES));
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Ok(text.to_owned());
    }
    // What the WHATWG calls Shift_JIS is code page 932.
    let (text, _, has_errors) = SHIFT_JIS.decode(bytes);
    if has_errors { Err(Refused::Encoding) } else { Ok(text.into_owned()) }
}

fn check_version(name: &str, expected: Option<i64>, found: Option<i64>) -> Result<(), Refused> {
    match (expected, found) {
        (None, None) => Ok(()),
        (None, Some(_)) => Err(Refused::Taken(name.to_owned())),
        (Some(_), None) => Err(Refused::NoCalendar(name.to_owned())),
        (Some(expected), Some(found)) if expected == found => Ok(()),
        (Some(expected), Some(found)) => Err(Refused::Stale { expected, found }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_read_in_either_encoding() {
        let file: String = csv::write(&model::holidays::of_year(2026));
        let (cp932, _, _) = SHIFT_JIS.encode(&file);
        assert_ne!(cp932.as_ref(), file.as_bytes());
        assert_eq!(text(&cp932).unwrap(), text(file.as_bytes()).unwrap());
        assert_eq!(text(&[0x81, 0xff, 0xff]), Err(Refused::Encoding));
        assert!(matches!(text(&vec![b'1'; MOST_BYTES + 1]), Err(Refused::TooMany(_))));
    }
}
