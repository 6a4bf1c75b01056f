//! Public holidays of Japan from 1955 on, by the law on them (国民の祝日に関する法律, 昭和23年法律第178号) with all its changes, and the
//! calendar a team keeps: those, what it read from the Cabinet Office's file, and days off of its own.
//!
//! Equinoxes are gazetted each February for the next year, and single acts move days. So what stands in a year beyond the gazette is
//! `provisional` until that year is read from the file (`csv`).
//!
//! Absent: the years from 1948 to 1954 (the Cabinet Office's file does not have them either), holidays of other countries (a team
//! elsewhere keeps none of Japan's and adds its own days).

mod law;

pub mod csv;

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// The first year that is known.
pub const FIRST_YEAR: i32 = 1955;
/// The last year whose equinoxes were gazetted when this was written (官報, February 2026).
pub const GAZETTED_UNTIL: i32 = 2027;
/// Days off that a team may add of its own, over all years.
pub const MAX_COMPANY_DAYS: usize = 1_000;

/// Why a day is off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum HolidayKind {
    /// 国民の祝日, and single days that an act treats as one.
    National,
    /// 振替休日: in place of a national holiday on a Sunday.
    Substitute,
    /// 国民の休日: between two national holidays.
    Sandwich,
    /// A day off of the company's own.
    Company,
}

impl HolidayKind {
    /// The word in the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::National => "national",
            Self::Substitute => "substitute",
            Self::Sandwich => "sandwich",
            Self::Company => "company",
        }
    }

    /// The kind of that word, if there is one.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::National, Self::Substitute, Self::Sandwich, Self::Company].into_iter().find(|kind| kind.as_str() == word)
    }
}

/// A day off, with its name in both languages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holiday {
    pub date: NaiveDate,
    pub name_ja: Cow<'static, str>,
    pub name_en: Cow<'static, str>,
    pub kind: HolidayKind,
    /// Worked out beyond what was gazetted.
    pub provisional: bool,
}

/// Whether `day` is a public holiday of Japan by the law: by itself, as a substitute, or between two others.
#[must_use]
pub fn is_holiday(day: NaiveDate) -> bool {
    law::on(day).is_some()
}

/// What the law makes of `day`.
#[must_use]
pub fn on(day: NaiveDate) -> Option<Holiday> {
    let found: law::Found = law::on(day)?;
    Some(Holiday {
        date: day,
        name_ja: Cow::Borrowed(found.name_ja),
        name_en: Cow::Borrowed(found.name_en),
        kind: found.kind,
        provisional: day.year() > GAZETTED_UNTIL,
    })
}

/// All of a year by the law, in order.
#[must_use]
pub fn of_year(year: i32) -> Vec<Holiday> {
    let first: Option<NaiveDate> = NaiveDate::from_ymd_opt(year, 1, 1);
    let days = first.into_iter().flat_map(|first| first.iter_days().take_while(move |day| day.year() == year));
    days.filter_map(on).collect()
}

/// The holidays a team keeps.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HolidayCalendar {
    /// Whether public holidays of Japan count.
    japan: bool,
    /// Years read from the Cabinet Office's file: each stands in place of what the law makes of it.
    read: BTreeMap<i32, Vec<Holiday>>,
    company: BTreeMap<NaiveDate, Holiday>,
}

impl HolidayCalendar {
    /// Public holidays of Japan by the law.
    #[must_use]
    pub fn japan() -> Self {
        Self { japan: true, read: BTreeMap::new(), company: BTreeMap::new() }
    }

    /// None.
    #[must_use]
    pub fn none() -> Self {
        Self { japan: false, read: BTreeMap::new(), company: BTreeMap::new() }
    }

    /// With what the Cabinet Office's file says (see [`csv::read`]): every year in it is final.
    #[must_use]
    pub fn with_read(mut self, read: Vec<Holiday>) -> Self {
        let mut years: BTreeMap<i32, Vec<Holiday>> = BTreeMap::new();
        for holiday in read {
            years.entry(holiday.date.year()).or_default().push(Holiday { provisional: false, ..holiday });
        }
        for holidays in years.values_mut() {
            holidays.sort_by_key(|holiday| holiday.date);
        }
        self.read.extend(years);
        self
    }

    /// With a day off of the company's own. Beyond [`MAX_COMPANY_DAYS`] none is added.
    #[must_use]
    pub fn with_company_day(mut self, date: NaiveDate, name_ja: &str, name_en: &str) -> Self {
        if self.company.len() < MAX_COMPANY_DAYS {
            let (name_ja, name_en) = (Cow::Owned(name_ja.to_owned()), Cow::Owned(name_en.to_owned()));
            let day = Holiday { date, name_ja, name_en, kind: HolidayKind::Company, provisional: false };
            self.company.insert(date, day);
        }
        self
    }

    /// What `day` is off for: what the whole country keeps comes before what the company adds.
    #[must_use]
    pub fn on(&self, day: NaiveDate) -> Option<Holiday> {
        self.public(day).or_else(|| self.company.get(&day).cloned())
    }

    /// Whether `day` is off.
    #[must_use]
    pub fn is_holiday(&self, day: NaiveDate) -> bool {
        if self.company.contains_key(&day) {
            return true;
        }
        match self.read.get(&day.year()) {
            Some(read) if self.japan => found_in(read, day).is_some(),
            _ => self.japan && is_holiday(day),
        }
    }

    /// Whether what is known of `year` may still change.
    #[must_use]
    pub fn is_provisional(&self, year: i32) -> bool {
        self.japan && year > GAZETTED_UNTIL && !self.read.contains_key(&year)
    }

    /// All of a year, in order.
    #[must_use]
    pub fn of_year(&self, year: i32) -> Vec<Holiday> {
        let first: Option<NaiveDate> = NaiveDate::from_ymd_opt(year, 1, 1);
        let days = first.into_iter().flat_map(|first| first.iter_days().take_while(move |day| day.year() == year));
        days.filter_map(|day| self.on(day)).collect()
    }

    /// All days off of these years as days since 1970-01-01, ascending: what a rotation's almanac takes. Years outside what the
    /// Cabinet Office's file can have are left out.
    #[must_use]
    pub fn epoch_days(&self, first_year: i32, last_year: i32) -> Vec<i32> {
        let years = first_year.max(FIRST_YEAR)..=last_year.min(csv::LAST_YEAR);
        years.flat_map(|year| self.of_year(year)).map(|holiday| holiday.date.to_epoch_days()).collect()
    }

    fn public(&self, day: NaiveDate) -> Option<Holiday> {
        if !self.japan {
            return None;
        }
        match self.read.get(&day.year()) {
            Some(read) => found_in(read, day).cloned(),
            None => on(day),
        }
    }
}

impl Default for HolidayCalendar {
    fn default() -> Self {
        Self::japan()
    }
}

fn found_in(sorted: &[Holiday], day: NaiveDate) -> Option<&Holiday> {
    sorted.binary_search_by_key(&day, |holiday| holiday.date).ok().and_then(|index| sorted.get(index))
}

/// One day of which a file and the law think differently.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    pub date: NaiveDate,
    pub by_law: Option<Holiday>,
    pub read: Option<Holiday>,
}

/// Where a file's years differ from what the calendar has now, by day and name: what somebody looks at before they take the file.
#[must_use]
pub fn differences(now: &HolidayCalendar, read: &[Holiday]) -> Vec<Difference> {
    let then: HolidayCalendar = now.clone().with_read(read.to_vec());
    let mut years: Vec<i32> = read.iter().map(|holiday| holiday.date.year()).collect();
    years.sort_unstable();
    years.dedup();
    let firsts = years.into_iter().filter_map(|year| NaiveDate::from_ymd_opt(year, 1, 1));
    let days = firsts.flat_map(|first| first.iter_days().take_while(move |day| day.year() == first.year()));
    let compared = days.map(|date| Difference { date, by_law: now.public(date), read: then.public(date) });
    compared.filter(|found| name(found.by_law.as_ref()) != name(found.read.as_ref())).collect()
}

fn name(holiday: Option<&Holiday>) -> Option<&str> {
    holiday.map(|holiday| holiday.name_ja.as_ref())
}

#[cfg(test)]
mod tests;
