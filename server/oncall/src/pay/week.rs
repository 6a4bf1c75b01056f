//! Business time: in which zone and hours the company works, and whose holidays it keeps. Everybody who reckons in business time asks here.

use super::reckoning::Week;
use super::refused::Refused;
use super::rules::MAX_VERSIONS;
use super::{Pay, tell};
use crate::error::Error;
use crate::history;
use crate::schedules::holidays::CalendarRow;
use crate::store;
use chrono::NaiveDate;
use kernel::{Grant, Tx};
use model::Time;
use model::access::ManagePay;
use model::business_time::{BusinessCalendar, Hours};
use model::holidays::HolidayCalendar;
use model::rota::offsets::Offsets;
use serde_json::json;
use std::sync::Arc;

/// The zone of whoever has said nothing.
const USUAL_ZONE: &str = "Asia/Tokyo";
/// The calendar of whoever has said nothing: public holidays of Japan.
pub const USUAL_CALENDAR: &str = "japan";

/// A week as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WeekVersion {
    /// 0: nobody has said anything.
    pub version: i64,
    pub effective_from: NaiveDate,
    /// An IANA name.
    pub zone: String,
    /// The name of a calendar of holidays.
    pub calendar: String,
    /// Monday first.
    pub hours: [Vec<Hours>; 7],
    pub changed_by: String,
    pub changed_at: Time,
}

impl WeekVersion {
    /// Where nobody has said anything: as the requirement documents have it, Monday to Friday 09:00 to 18:00 in Tokyo.
    #[must_use]
    pub fn usual() -> Self {
        let office = BusinessCalendar::office(Offsets::default(), HolidayCalendar::none());
        Self {
            version: 0,
            effective_from: NaiveDate::default(),
            zone: USUAL_ZONE.to_owned(),
            calendar: USUAL_CALENDAR.to_owned(),
            hours: std::array::from_fn(|weekday| office.hours_of(weekday).to_vec()),
            changed_by: String::new(),
            changed_at: Time(0),
        }
    }
}

impl Pay {
    /// Every version, the newest first; never none.
    ///
    /// # Errors
    /// The database's.
    pub async fn weeks(&self) -> Result<Vec<WeekVersion>, Error> {
        let mut tx: Tx = self.db.begin().await?;
        written(&mut tx).await
    }

    /// Business time as it counts today, for whoever reckons in it.
    ///
    /// # Errors
    /// The database's.
    pub async fn business_calendar(&self) -> Result<BusinessCalendar, Error> {
        let mut tx: Tx = self.db.begin().await?;
        let weeks: Vec<WeekVersion> = written(&mut tx).await?;
        let now: Time = self.clock.now();
        let counts = |week: &&WeekVersion| -> bool {
            let zone: Option<Arc<Offsets>> = self.almanacs.zone(&week.zone);
            zone.and_then(|zone| model::business_time::day_at(&zone, now)).is_some_and(|today| week.effective_from <= today)
        };
        let week: WeekVersion = weeks.iter().find(counts).or(weeks.last()).cloned().unwrap_or_else(WeekVersion::usual);
        self.calendar_of(&mut tx, &week).await
    }

    /// Writes another version, which counts from a day on. `expected` is the version that was looked at. Says the new one.
    ///
    /// # Errors
    /// [`Refused::Zone`], [`Refused::NoCalendar`], [`Refused::Hours`], [`Refused::Stale`], [`Refused::TooManyVersions`]. The database's.
    pub async fn save_week(&self, grant: &Grant<ManagePay>, week: &WeekVersion, expected: i64) -> Result<i64, Error> {
        let now: Time = self.clock.now();
        let mut tx: Tx = self.db.begin().await?;
        store::pay::months::lock(&mut tx).await?;
        if self.almanacs.zone(&week.zone).is_none() {
            return Err(Refused::Zone(week.zone.chars().take(64).collect()).into());
        }
        BusinessCalendar::new(Offsets::default(), week.hours.clone(), HolidayCalendar::none()).map_err(Refused::Hours)?;
        if holidays(&mut tx, &week.calendar).await?.is_none() {
            return Err(Refused::NoCalendar(week.calendar.chars().take(64).collect()).into());
        }
        let before: Vec<WeekVersion> = store::pay::weeks::all(&mut tx).await?;
        let found: i64 = before.first().map_or(0, |newest| newest.version);
        if found != expected {
            return Err(Refused::Stale { expected, found }.into());
        }
        if before.len() >= MAX_VERSIONS {
            return Err(Refused::TooManyVersions.into());
        }
        let changed_by: String = grant.actor().name().to_owned();
        let row = WeekVersion { version: found + 1, changed_by, changed_at: now, ..week.clone() };
        store::pay::weeks::insert(&mut tx, &row).await?;
        let body = json!({ "version": row.version, "zone": row.zone, "effective_from": row.effective_from });
        tell(&mut tx, history::WEEK_SAVED, "business-week".to_owned(), grant.actor(), body, now).await?;
        tx.commit().await?;
        Ok(row.version)
    }

    /// Every version with its holidays, ready to be reckoned with; never none.
    pub(super) async fn weeks_in(&self, tx: &mut Tx) -> Result<Vec<Week>, Error> {
        let mut weeks: Vec<Week> = Vec::new();
        for week in written(tx).await? {
            let calendar: BusinessCalendar = self.calendar_of(tx, &week).await?;
            weeks.push(Week { version: week.version, effective_from: week.effective_from, calendar });
        }
        Ok(weeks)
    }

    async fn calendar_of(&self, tx: &mut Tx, week: &WeekVersion) -> Result<BusinessCalendar, Error> {
        let found: Option<HolidayCalendar> = holidays(tx, &week.calendar).await?;
        let holidays: HolidayCalendar = found.ok_or_else(|| Refused::NoCalendar(week.calendar.clone()))?;
        let zone: Arc<Offsets> = self.almanacs.zone(&week.zone).ok_or_else(|| Refused::Zone(week.zone.clone()))?;
        let made = BusinessCalendar::new(Offsets::clone(&zone), week.hours.clone(), holidays);
        Ok(made.map_err(Refused::Hours)?)
    }
}

/// The days off of a calendar, if there is one of that name.
async fn holidays(tx: &mut Tx, calendar: &str) -> Result<Option<HolidayCalendar>, Error> {
    let row: Option<CalendarRow> = store::schedules::calendars::list(tx, Some(calendar)).await?.pop();
    Ok(row.map(|row| row.days()))
}

/// What was written, the newest first; what is usual, where nothing was.
async fn written(tx: &mut Tx) -> Result<Vec<WeekVersion>, Error> {
    let mut weeks: Vec<WeekVersion> = store::pay::weeks::all(tx).await?;
    if weeks.is_empty() {
        weeks.push(WeekVersion::usual());
    }
    Ok(weeks)
}

#[cfg(test)]
mod tests {
    use super::WeekVersion;

    #[test]
    fn the_usual_week_is_that_of_the_requirement_documents() {
        let usual = WeekVersion::usual();
        let hours: Vec<String> =
            usual.hours.iter().map(|hours| hours.iter().map(ToString::to_string).collect::<String>()).collect();
        assert_eq!(hours, ["09:00-18:00", "09:00-18:00", "09:00-18:00", "09:00-18:00", "09:00-18:00", "", ""]);
        assert_eq!((usual.zone.as_str(), usual.calendar.as_str()), ("Asia/Tokyo", "japan"));
    }
}
