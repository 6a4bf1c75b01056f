//! One window of a calendar: on which days, and between which times.
//!
//! Fields as Alertmanager's `time_intervals` (prometheus/alertmanager `timeinterval/timeinterval.go`): all that are given must agree; in
//! a list one is enough. Beyond it, a span of times may pass midnight, and public holidays of Japan can be asked for or left out.

use super::MINUTES_OF_DAY;
use chrono::{Datelike, NaiveDate};
use model::holidays;
use serde::de::Visitor;
use serde::{Deserialize, Deserializer, Serialize};
use std::fmt;
use std::str::FromStr;

const WEEKDAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
/// Entries of one field.
const MAX_ENTRIES: usize = 64;

/// Times of day and the days on which they begin. A field without entries restricts nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Window {
    /// `22:00-06:00`; none means the whole day.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub times: Vec<Times>,
    /// `mon-fri`, `sun`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub weekdays: Vec<Weekdays>,
    /// `1`, `8..14`, `-1` (the last), `-3..-1`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub days_of_month: Vec<DaysOfMonth>,
    /// `4`, `12..1`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub months: Vec<Months>,
    /// Public holidays of Japan: only those, or none of those.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub holidays: Option<Holidays>,
}

/// What a window has to do with public holidays of Japan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Holidays {
    Only,
    Except,
}

impl Window {
    /// Whether it begins on `day`.
    #[must_use]
    pub fn is_on(&self, day: NaiveDate) -> bool {
        let on_weekday: bool = self.weekdays.is_empty() || self.weekdays.iter().any(|some| some.has(day));
        let on_day: bool = self.days_of_month.is_empty() || self.days_of_month.iter().any(|some| some.has(day));
        let in_month: bool = self.months.is_empty() || self.months.iter().any(|some| some.has(day));
        let fits_holidays: bool = match self.holidays {
            None => true,
            Some(Holidays::Only) => holidays::is_holiday(day),
            Some(Holidays::Except) => !holidays::is_holiday(day),
        };
        on_weekday && on_day && in_month && fits_holidays
    }

    /// From and until, in minutes of the day it begins on; more than a day's minutes lie on the next.
    #[must_use]
    pub fn times_of_day(&self) -> Vec<(u32, u32)> {
        if self.times.is_empty() {
            return vec![(0, MINUTES_OF_DAY)];
        }
        self.times.iter().map(|times| times.minutes()).collect()
    }

    /// Whether some field has more entries than anybody means.
    #[must_use]
    pub fn is_too_large(&self) -> bool {
        let n: usize = self.times.len().max(self.weekdays.len()).max(self.days_of_month.len()).max(self.months.len());
        n > MAX_ENTRIES
    }
}

/// A text that is no entry of a window.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected {expected}, found \"{found}\"")]
pub struct BadEntry {
    expected: &'static str,
    found: String,
}

fn bad(expected: &'static str, found: &str) -> BadEntry {
    BadEntry { expected, found: found.to_owned() }
}

/// A text, or a number that is meant as one: whoever writes `-1` in YAML needs no quotes.
pub(crate) struct Word(pub(crate) String);

impl<'de> Deserialize<'de> for Word {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ReadWord)
    }
}

struct ReadWord;

impl Visitor<'_> for ReadWord {
    type Value = Word;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text or a whole number")
    }

    fn visit_str<E>(self, text: &str) -> Result<Word, E> {
        Ok(Word(text.to_owned()))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Word, E> {
        Ok(Word(number.to_string()))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Word, E> {
        Ok(Word(number.to_string()))
    }
}

/// Entries travel as they are written.
macro_rules! written {
    ($($name:ident),*) => {$(
        impl TryFrom<Word> for $name {
            type Error = BadEntry;

            fn try_from(word: Word) -> Result<Self, BadEntry> {
                word.0.parse()
            }
        }

        impl From<$name> for String {
            fn from(entry: $name) -> Self {
                entry.to_string()
            }
        }
    )*};
}

written!(Times, Weekdays, DaysOfMonth, Months);

/// A span of times of day. An end that is not later than the beginning lies on the next day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Word", into = "String")]
pub struct Times {
    from: u32,
    until: u32,
}

impl Times {
    const EXPECTED: &'static str = "times such as 22:00-06:00";

    fn minutes(self) -> (u32, u32) {
        if self.until > self.from { (self.from, self.until) } else { (self.from, self.until + MINUTES_OF_DAY) }
    }
}

impl FromStr for Times {
    type Err = BadEntry;

    fn from_str(text: &str) -> Result<Self, BadEntry> {
        let wrong = || bad(Self::EXPECTED, text);
        let (from, until) = text.split_once('-').ok_or_else(wrong)?;
        let (from, until) = (minute(from).ok_or_else(wrong)?, minute(until).ok_or_else(wrong)?);
        // 24:00 ends a day and begins none.
        if from == MINUTES_OF_DAY { Err(wrong()) } else { Ok(Self { from, until }) }
    }
}

fn minute(text: &str) -> Option<u32> {
    let (hours, minutes) = text.trim().split_once(':')?;
    if hours.is_empty()
        || hours.len() > 2
        || minutes.len() != 2
        || !(hours.to_owned() + minutes).bytes().all(|digit| digit.is_ascii_digit())
    {
        return None;
    }
    let (hours, minutes): (u32, u32) = (hours.parse().ok()?, minutes.parse().ok()?);
    let in_day: bool = minutes < 60 && hours * 60 + minutes <= MINUTES_OF_DAY;
    in_day.then_some(hours * 60 + minutes)
}

impl fmt::Display for Times {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (from, until) = (self.from, self.until);
        write!(f, "{:02}:{:02}-{:02}:{:02}", from / 60, from % 60, until / 60, until % 60)
    }
}

/// Days of the week, also over its end: `sat-mon`. 0 is Monday.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Word", into = "String")]
pub struct Weekdays {
    first: usize,
    last: usize,
}

impl Weekdays {
    fn has(self, day: NaiveDate) -> bool {
        let number: usize = usize::try_from(day.weekday().num_days_from_monday()).unwrap_or(0);
        within(self.first, self.last, number)
    }
}

/// Whether `number` lies from `first` to `last` on a circle.
fn within(first: usize, last: usize, number: usize) -> bool {
    if first <= last { (first..=last).contains(&number) } else { number >= first || number <= last }
}

impl FromStr for Weekdays {
    type Err = BadEntry;

    fn from_str(text: &str) -> Result<Self, BadEntry> {
        let wrong = || bad("weekdays such as mon-fri or sun", text);
        let (first, last) = text.split_once('-').unwrap_or((text, text));
        Ok(Self { first: weekday(first).ok_or_else(wrong)?, last: weekday(last).ok_or_else(wrong)? })
    }
}

/// `mon` and `monday`, in any case.
fn weekday(text: &str) -> Option<usize> {
    const ENDINGS: [&str; 7] = ["day", "sday", "nesday", "rsday", "day", "urday", "day"];
    let text: String = text.trim().to_ascii_lowercase();
    let full = |number: usize| format!("{}{}", WEEKDAYS[number], ENDINGS[number]);
    (0..WEEKDAYS.len()).find(|number| text == WEEKDAYS[*number] || text == full(*number))
}

impl fmt::Display for Weekdays {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(WEEKDAYS[self.first])?;
        if self.first == self.last { Ok(()) } else { write!(f, "-{}", WEEKDAYS[self.last]) }
    }
}

/// Days of the month; negative ones count from its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Word", into = "String")]
pub struct DaysOfMonth {
    first: i32,
    last: i32,
}

impl DaysOfMonth {
    /// A month that has no such first day has none of them; the last is cut to its end. So `31` is no day of April, and `29..31` is
    /// 29 and 30 there (Alertmanager's clamping).
    fn has(self, day: NaiveDate) -> bool {
        let n_days: i32 = days_in_month(day);
        let from_start = |number: i32| if number < 0 { n_days + 1 + number } else { number };
        let (first, last) = (from_start(self.first), from_start(self.last).min(n_days));
        let number: i32 = i32::try_from(day.day()).unwrap_or(0);
        first <= number && number <= last
    }
}

fn days_in_month(day: NaiveDate) -> i32 {
    let after: Option<NaiveDate> = if day.month() == 12 {
        NaiveDate::from_ymd_opt(day.year() + 1, 1, 1)
    } else {
        NaiveDate::from_ymd_opt(day.year(), day.month() + 1, 1)
    };
    let last: Option<NaiveDate> = after.and_then(|first| first.pred_opt());
    last.and_then(|last| i32::try_from(last.day()).ok()).unwrap_or(31)
}

impl FromStr for DaysOfMonth {
    type Err = BadEntry;

    fn from_str(text: &str) -> Result<Self, BadEntry> {
        let wrong = || bad("days of the month such as 1, 8..14 or -1", text);
        let (first, last) = text.split_once("..").unwrap_or((text, text));
        let number = |text: &str| text.trim().parse::<i32>().ok().filter(|number| *number != 0 && number.abs() <= 31);
        let (first, last) = (number(first).ok_or_else(wrong)?, number(last).ok_or_else(wrong)?);
        // From the end back to the beginning of the same month is nothing. Signs that differ can't be judged without the month.
        let is_backwards: bool = (first < 0) == (last < 0) && first > last;
        if is_backwards { Err(wrong()) } else { Ok(Self { first, last }) }
    }
}

impl fmt::Display for DaysOfMonth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.first)?;
        if self.first == self.last { Ok(()) } else { write!(f, "..{}", self.last) }
    }
}

/// Months, also over the turn of the year: `12..1`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Word", into = "String")]
pub struct Months {
    first: usize,
    last: usize,
}

impl Months {
    fn has(self, day: NaiveDate) -> bool {
        within(self.first, self.last, usize::try_from(day.month()).unwrap_or(0))
    }
}

impl FromStr for Months {
    type Err = BadEntry;

    fn from_str(text: &str) -> Result<Self, BadEntry> {
        let wrong = || bad("months such as 4 or 12..1", text);
        let (first, last) = text.split_once("..").unwrap_or((text, text));
        let number = |text: &str| text.trim().parse::<usize>().ok().filter(|number| (1..=12).contains(number));
        Ok(Self { first: number(first).ok_or_else(wrong)?, last: number(last).ok_or_else(wrong)? })
    }
}

impl fmt::Display for Months {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.first)?;
        if self.first == self.last { Ok(()) } else { write!(f, "..{}", self.last) }
    }
}
