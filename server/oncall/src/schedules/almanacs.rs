//! How clocks are set and which days are holidays, as the maths wants to be told. Made once and kept: a zone never changes while the process
//! runs, and a calendar only with its version.

use super::definition::NO_HOLIDAYS;
use chrono::Offset;
use chrono_tz::Tz;
use model::Time;
use model::holidays::HolidayCalendar;
use model::holidays::csv::LAST_YEAR;
use model::rota::almanac::{Almanac, Holidays};
use model::rota::offsets::Offsets;
use model::rota::{Schedule, Span};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// 1970-01-01 and 2100-01-01: the zone database knows no rules after it. The same stretch for every question, so that every window of a
/// schedule has the same answers.
const KNOWN: Span = Span { start: Time(0), end: Time(47_482 * 86_400_000) };
/// The first year whose holidays are known.
const FIRST_YEAR: i32 = model::holidays::FIRST_YEAR;
/// Calendars that are remembered; an installation has few.
const MOST_CALENDARS: usize = 50;
/// A margin for whoever is sent a part of it: no clock and no restriction reaches further.
const MARGIN_MS: i64 = 7 * 86_400_000;

/// A calendar as it is kept, with its version.
#[derive(Clone, Debug)]
pub struct Kept {
    pub name: String,
    pub version: i64,
    pub days: HolidayCalendar,
}

impl Kept {
    /// For schedules that keep no holidays, or whose calendar is gone.
    #[must_use]
    pub fn nothing() -> Self {
        Self { name: NO_HOLIDAYS.to_owned(), version: 0, days: HolidayCalendar::none() }
    }
}

/// What was made already. Cheap to clone, shared by clones.
#[derive(Clone, Default)]
pub struct Almanacs {
    zones: Arc<Mutex<BTreeMap<String, Arc<Offsets>>>>,
    holidays: Arc<Mutex<BTreeMap<String, Holidays>>>,
}

impl Almanacs {
    /// What a schedule needs, over all of time.
    #[must_use]
    pub fn of(&self, schedule: &Schedule, calendar: &Kept) -> Almanac {
        let zones = schedule.zones().into_iter().filter_map(|zone| self.zone(&zone));
        Almanac { zones: zones.map(|zone| Offsets::clone(&zone)).collect(), holidays: self.days(calendar) }
    }

    /// A zone's offsets; `None` when there is no such zone.
    #[must_use]
    pub fn zone(&self, name: &str) -> Option<Arc<Offsets>> {
        // Only names of the zone database are kept, so that nobody fills the memory with others.
        let tz: Tz = name.parse::<Tz>().ok()?;
        let mut zones: MutexGuard<'_, BTreeMap<String, Arc<Offsets>>> = held(&self.zones);
        if let Some(known) = zones.get(name) {
            return Some(Arc::clone(known));
        }
        let made: Arc<Offsets> = Arc::new(Offsets::sampled(name, KNOWN, |at| offset_s(tz, at)));
        zones.insert(name.to_owned(), Arc::clone(&made));
        Some(made)
    }

    /// The days of a calendar, in the version it has.
    #[must_use]
    pub fn days(&self, calendar: &Kept) -> Holidays {
        let mut known: MutexGuard<'_, BTreeMap<String, Holidays>> = held(&self.holidays);
        if let Some(found) = known.get(&calendar.name).filter(|found| found.version() == calendar.version) {
            return found.clone();
        }
        let made = Holidays::new(calendar.version, calendar.days.epoch_days(FIRST_YEAR, LAST_YEAR));
        if known.len() >= MOST_CALENDARS {
            known.clear();
        }
        known.insert(calendar.name.clone(), made.clone());
        made
    }
}

/// As little of an almanac as a window of a schedule needs, for sending: its zones from its first anchor on, and the same holidays.
#[must_use]
pub fn for_sending(almanac: &Almanac, schedule: &Schedule, window: Span) -> Almanac {
    let anchor: Time = schedule.first_anchor().map_or(window.start, |local| Time(local.0.saturating_mul(1_000)));
    let within = Span::new(window.start.min(anchor).plus_ms(-MARGIN_MS), window.end.max(anchor).plus_ms(MARGIN_MS));
    let (first, last): (i64, i64) = (within.start.0.div_euclid(86_400_000), within.end.0.div_euclid(86_400_000));
    let days: Vec<i32> = almanac.holidays.between(first, last).filter_map(|day| i32::try_from(day).ok()).collect();
    Almanac {
        zones: almanac.zones.iter().map(|zone| zone.between(within)).collect(),
        holidays: Holidays::new(almanac.holidays.version(), days),
    }
}

/// Seconds east of UTC.
fn offset_s(tz: Tz, at: Time) -> i32 {
    at.to_utc().with_timezone(&tz).offset().fix().local_minus_utc()
}

/// What another thread left when it panicked is whole: each write is one insertion.
fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::rota::local::Local;

    #[test]
    fn a_zone_is_the_zone_database_s() {
        let almanacs = Almanacs::default();
        let berlin: Arc<Offsets> = almanacs.zone("Europe/Berlin").unwrap();
        for (local, offset_s) in [("2026-03-29T01:59", 3_600), ("2026-03-29T03:00", 7_200), ("2026-10-25T12:00", 3_600)] {
            let local: Local = local.parse().unwrap();
            assert_eq!(berlin.offset_at(berlin.first(local)), offset_s, "{local}");
        }
        assert!(almanacs.zone("Mars/Olympus").is_none());
        assert!(Arc::ptr_eq(&berlin, &almanacs.zone("Europe/Berlin").unwrap()), "it is made once");
    }

    #[test]
    fn holidays_are_made_anew_with_their_version() {
        let almanacs = Almanacs::default();
        let japan = |version: i64, days: HolidayCalendar| Kept { name: "japan".to_owned(), version, days };
        let day: i64 = Local::of(2026, 9, 22, 0, 0).unwrap().day();
        assert!(almanacs.days(&japan(1, HolidayCalendar::japan())).has(day));
        assert!(almanacs.days(&japan(1, HolidayCalendar::none())).has(day), "the same version is the same");
        assert!(!almanacs.days(&japan(2, HolidayCalendar::none())).has(day));
    }

    #[test]
    fn what_is_sent_has_the_same_answers_in_its_window() {
        let almanacs = Almanacs::default();
        let zone: Offsets = Offsets::clone(&almanacs.zone("America/New_York").unwrap());
        let whole = Almanac { zones: vec![zone.clone()], holidays: almanacs.days(&Kept::nothing()) };
        let window = Span::new(Time(1_795_348_800_000), Time(1_803_124_800_000));
        let schedule = Schedule { zone: "America/New_York".to_owned(), layers: Vec::new(), required: Vec::new() };
        let sent: Almanac = for_sending(&whole, &schedule, window);
        assert!(sent.zones[0].changes.len() < zone.changes.len());
        for day in 0..90 {
            let at: Time = window.start.plus_ms(day * 86_400_000);
            assert_eq!(sent.zones[0].offset_at(at), zone.offset_at(at));
        }
    }
}
