//! Schedules as files write them: people by e-mail address, times as a wall clock shows them.

use super::definition::{JAPAN, USUAL_MOST_HOURS};
use crate::policies::Zone;
use model::rota::local::Local;
use model::rota::{AdvanceOn, Mode, OnHoliday, Restriction, RestrictionKind, Unit, Weekdays};
use serde::de::{self, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use std::fmt;

/// In place of a person: deliberately nobody.
pub const NOBODY: &str = "nobody";

/// A schedule of a file.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WrittenSchedule {
    /// What policies call it.
    pub name: String,
    #[serde(default)]
    pub title: Title,
    /// The name of the team that looks after it.
    #[serde(default)]
    pub owner: Option<String>,
    pub zone: Zone,
    /// A calendar of holidays.
    #[serde(default = "japan")]
    pub calendar: String,
    /// On call for more hours than this in seven days is told.
    #[serde(default = "usual_hours")]
    pub most_hours: u32,
    /// When somebody must be there; without any, always.
    #[serde(default)]
    pub required: Vec<WrittenTime>,
    pub layers: Vec<WrittenLayer>,
}

/// What people read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Title {
    #[serde(default)]
    pub ja: String,
    #[serde(default)]
    pub en: String,
}

/// A layer of a file.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WrittenLayer {
    #[serde(default)]
    pub name: String,
    #[serde(default = "primary")]
    pub role: String,
    #[serde(default)]
    pub rank: i32,
    #[serde(default)]
    pub mode: WrittenMode,
    /// It counts from here on only, and until there only, on the clock of its rotation.
    #[serde(default)]
    pub from: Option<At>,
    #[serde(default)]
    pub until: Option<At>,
    pub rotation: WrittenRotation,
    /// When it counts; without any, always.
    #[serde(default)]
    pub times: Vec<WrittenTime>,
}

/// Who takes turns.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WrittenRotation {
    pub unit: WrittenUnit,
    #[serde(default = "one")]
    pub every: u32,
    /// The first handoff, such as `2026-11-30T10:00`.
    pub start: At,
    /// That of the schedule, unless another is named.
    #[serde(default)]
    pub zone: Option<Zone>,
    pub members: Vec<WrittenMember>,
    /// Who begins: a secondary has the primary's members and offset 1.
    #[serde(default)]
    pub offset: i32,
    #[serde(default)]
    pub advance: WrittenAdvance,
    #[serde(default)]
    pub holidays: WrittenHolidays,
}

/// A part of a day.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WrittenTime {
    /// On which days it begins: every day, or, where days are named, on those.
    #[serde(default)]
    pub on: Option<WrittenOn>,
    #[serde(default)]
    pub days: Vec<Day>,
    pub from: Clock,
    /// One that is not after `from` is of the next day.
    pub to: Clock,
}

impl WrittenTime {
    /// As the maths takes it.
    #[must_use]
    pub fn restriction(&self) -> Restriction {
        let kind: RestrictionKind = match (self.on, self.days.is_empty()) {
            (Some(WrittenOn::Daily), _) | (None, true) => RestrictionKind::Daily,
            (Some(WrittenOn::Weekly), _) | (None, false) => RestrictionKind::Weekly,
            (Some(WrittenOn::Holiday), _) => RestrictionKind::Holiday,
            (Some(WrittenOn::NotHoliday), _) => RestrictionKind::NotHoliday,
        };
        let bits: u8 = self.days.iter().fold(0, |bits, day| bits | day.bit());
        let weekdays: Weekdays = if bits == 0 { Weekdays::ALL } else { Weekdays(bits) };
        Restriction { kind, start_s: self.from.0, end_s: self.to.0, weekdays }
    }

    /// The other way round.
    #[must_use]
    pub fn of(restriction: &Restriction) -> Self {
        let on: WrittenOn = match restriction.kind {
            RestrictionKind::Daily => WrittenOn::Daily,
            RestrictionKind::Weekly => WrittenOn::Weekly,
            RestrictionKind::Holiday => WrittenOn::Holiday,
            RestrictionKind::NotHoliday => WrittenOn::NotHoliday,
        };
        let is_every_day: bool = restriction.weekdays == Weekdays::ALL || restriction.weekdays.0 == 0;
        let named = Day::ALL.into_iter().filter(|day| restriction.weekdays.0 & day.bit() != 0);
        let days: Vec<Day> = if is_every_day { Vec::new() } else { named.collect() };
        Self { on: Some(on), days, from: Clock(restriction.start_s), to: Clock(restriction.end_s) }
    }
}

/// A member of a rotation: an e-mail address, several at once, or nobody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WrittenMember {
    Person(String),
    Group(Vec<String>),
    Nobody,
}

impl<'de> Deserialize<'de> for WrittenMember {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ReadMember)
    }
}

struct ReadMember;

impl<'de> Visitor<'de> for ReadMember {
    type Value = WrittenMember;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an e-mail address, a list of them, or {NOBODY}")
    }

    fn visit_str<E: de::Error>(self, word: &str) -> Result<WrittenMember, E> {
        match word {
            NOBODY => Ok(WrittenMember::Nobody),
            word if word.contains('@') => Ok(WrittenMember::Person(word.to_owned())),
            _ => Err(E::invalid_value(de::Unexpected::Str(word), &self)),
        }
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<WrittenMember, A::Error> {
        let mut people: Vec<String> = Vec::new();
        while let Some(person) = list.next_element::<String>()? {
            people.push(person);
        }
        Ok(WrittenMember::Group(people))
    }
}

/// A wall-clock time, such as `2026-11-30T10:00`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct At(pub Local);

impl TryFrom<String> for At {
    type Error = model::rota::local::NotLocal;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse::<Local>().map(Self)
    }
}

/// A time of day, in seconds since midnight: `09:00`, up to `24:00`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Clock(pub u32);

/// A text that is no time of day.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected a time of day from 00:00 to 24:00, found {0:?}")]
pub struct NotAClock(String);

impl TryFrom<String> for Clock {
    type Error = NotAClock;

    fn try_from(text: String) -> Result<Self, NotAClock> {
        match seconds(&text) {
            Some(seconds) => Ok(Self(seconds)),
            None => Err(NotAClock(text.chars().take(20).collect())),
        }
    }
}

impl fmt::Display for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (minutes, seconds): (u32, u32) = (self.0 / 60, self.0 % 60);
        write!(f, "{:02}:{:02}", minutes / 60, minutes % 60)?;
        if seconds == 0 { Ok(()) } else { write!(f, ":{seconds:02}") }
    }
}

/// `9:00`, `09:00`, `09:00:00`.
fn seconds(text: &str) -> Option<u32> {
    let number = |part: &str| part.parse::<u32>().ok().filter(|_| (1..=2).contains(&part.len()));
    let mut parts = text.trim().split(':');
    let (hour, minute): (u32, u32) = (number(parts.next()?)?, number(parts.next()?)?);
    let second: u32 = match parts.next() {
        Some(part) => number(part)?,
        None => 0,
    };
    let total: u32 = hour * 3_600 + minute * 60 + second;
    let is_clock: bool = minute < 60 && second < 60 && total <= 86_400 && parts.next().is_none();
    is_clock.then_some(total)
}

macro_rules! words {
    ($(#[$doc:meta])* $name:ident, $target:ty, $default:ident, { $($variant:ident = $word:literal => $value:path),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
        pub enum $name {
            $(#[serde(rename = $word)] $variant),*
        }

        impl Default for $name {
            fn default() -> Self {
                Self::$default
            }
        }

        impl $name {
            /// The word in files.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),* }
            }

            /// As the maths takes it.
            #[must_use]
            pub fn value(self) -> $target {
                match self { $(Self::$variant => $value),* }
            }

            /// The other way round.
            #[must_use]
            pub fn of(value: $target) -> Self {
                match value { $($value => Self::$variant),* }
            }
        }
    };
}

words!(
    /// How a layer meets the others of its role.
    WrittenMode, Mode, Cut, { Cut = "cut" => Mode::Cut, Add = "add" => Mode::Add }
);
words!(
    /// How long a turn is.
    WrittenUnit, Unit, Week, {
        Hour = "hour" => Unit::Hour,
        Day = "day" => Unit::Day,
        Week = "week" => Unit::Week,
        Month = "month" => Unit::Month,
    }
);
words!(
    /// What moves a rotation on.
    WrittenAdvance, AdvanceOn, Period, {
        Period = "period" => AdvanceOn::Period,
        WorkedShift = "worked_shift" => AdvanceOn::WorkedShift,
    }
);
words!(
    /// What it does on holidays.
    WrittenHolidays, OnHoliday, Keep, {
        Keep = "keep" => OnHoliday::Keep,
        Skip = "skip" => OnHoliday::Skip,
        HolidayLayer = "holiday_layer" => OnHoliday::HolidayLayer,
    }
);

/// On which days a part of a day begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WrittenOn {
    Daily,
    Weekly,
    Holiday,
    NotHoliday,
}

impl WrittenOn {
    /// The word in files.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Daily => "daily",
            Self::Weekly => "weekly",
            Self::Holiday => "holiday",
            Self::NotHoliday => "not_holiday",
        }
    }
}

/// A weekday.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Day {
    Mon,
    Tue,
    Wed,
    Thu,
    Fri,
    Sat,
    Sun,
}

impl Day {
    /// Monday first.
    pub const ALL: [Self; 7] = [Self::Mon, Self::Tue, Self::Wed, Self::Thu, Self::Fri, Self::Sat, Self::Sun];

    /// Its number, 0 for Monday.
    #[must_use]
    pub fn number(self) -> u8 {
        match self {
            Self::Mon => 0,
            Self::Tue => 1,
            Self::Wed => 2,
            Self::Thu => 3,
            Self::Fri => 4,
            Self::Sat => 5,
            Self::Sun => 6,
        }
    }

    /// The word in files.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Mon => "mon",
            Self::Tue => "tue",
            Self::Wed => "wed",
            Self::Thu => "thu",
            Self::Fri => "fri",
            Self::Sat => "sat",
            Self::Sun => "sun",
        }
    }

    fn bit(self) -> u8 {
        1 << self.number()
    }
}

fn japan() -> String {
    JAPAN.to_owned()
}

fn usual_hours() -> u32 {
    USUAL_MOST_HOURS
}

fn primary() -> String {
    "primary".to_owned()
}

fn one() -> u32 {
    1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_of_day_are_read_and_written() {
        for (text, seconds) in [("9:00", 32_400), ("09:30", 34_200), ("24:00", 86_400), ("23:59:59", 86_399)] {
            let clock = Clock::try_from(text.to_owned()).unwrap();
            assert_eq!(clock.0, seconds);
            assert_eq!(Clock::try_from(clock.to_string()), Ok(clock));
        }
        for text in ["24:01", "9", "9:60", "-1:00", "09:00:00:00", ""] {
            assert!(Clock::try_from(text.to_owned()).is_err(), "{text}");
        }
    }

    #[test]
    fn parts_of_days_come_back_as_they_were() {
        for kind in [RestrictionKind::Daily, RestrictionKind::Weekly, RestrictionKind::Holiday, RestrictionKind::NotHoliday] {
            for weekdays in [Weekdays::ALL, Weekdays::WEEKEND, Weekdays::MONDAY_TO_FRIDAY] {
                let restriction = Restriction { kind, start_s: 3_600, end_s: 0, weekdays };
                assert_eq!(WrittenTime::of(&restriction).restriction(), restriction);
            }
        }
    }
}
