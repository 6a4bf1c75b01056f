//! The law as a table of clauses, and the two rules that make further days.

use super::{FIRST_YEAR, HolidayKind};
use chrono::{Datelike, NaiveDate, Weekday};

/// What a day is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) name_ja: &'static str,
    pub(super) name_en: &'static str,
    pub(super) kind: HolidayKind,
}

/// Which day of a year.
#[derive(Clone, Copy)]
enum When {
    /// Month and day.
    Date(u32, u32),
    /// Month, and which Monday of it.
    Monday(u32, u32),
    /// 春分の日.
    Spring,
    /// 秋分の日.
    Autumn,
}

/// A holiday that comes every year, from a year to a year.
struct Clause {
    when: When,
    since: i32,
    until: i32,
    ja: &'static str,
    en: &'static str,
}

const fn clause(when: When, since: i32, until: i32, ja: &'static str, en: &'static str) -> Clause {
    Clause { when, since, until, ja, en }
}

/// A day of one year only.
struct Act {
    date: (i32, u32, u32),
    ja: &'static str,
    en: &'static str,
}

const fn act(year: i32, month: u32, day: u32, ja: &'static str, en: &'static str) -> Act {
    Act { date: (year, month, day), ja, en }
}

const ALWAYS: i32 = FIRST_YEAR;
const STILL: i32 = i32::MAX;
const BIRTHDAY: (&str, &str) = ("天皇誕生日", "The Emperor's Birthday");
const GREENERY: (&str, &str) = ("みどりの日", "Greenery Day");
const MARINE: (&str, &str) = ("海の日", "Marine Day");
const MOUNTAIN: (&str, &str) = ("山の日", "Mountain Day");
const SPORTS: (&str, &str) = ("スポーツの日", "Sports Day");
const HEALTH: (&str, &str) = ("体育の日", "Health and Sports Day");
const ADULTS: (&str, &str) = ("成人の日", "Coming of Age Day");
const AGED: (&str, &str) = ("敬老の日", "Respect for the Aged Day");
const WEDDING: (&str, &str) = ("結婚の儀", "Wedding of the Crown Prince");
/// As the Cabinet Office's file names the two days of the accession in 2019.
const TREATED: &str = "休日（祝日扱い）";

/// Article 2 over the years. Mondays came with 平成10年法律第141号 (2000) and 平成13年法律第59号 (2003).
const CLAUSES: [Clause; 26] = [
    clause(When::Date(1, 1), ALWAYS, STILL, "元日", "New Year's Day"),
    clause(When::Date(1, 15), ALWAYS, 1999, ADULTS.0, ADULTS.1),
    clause(When::Monday(1, 2), 2000, STILL, ADULTS.0, ADULTS.1),
    clause(When::Date(2, 11), 1967, STILL, "建国記念の日", "National Foundation Day"),
    clause(When::Date(2, 23), 2020, STILL, BIRTHDAY.0, BIRTHDAY.1),
    clause(When::Spring, ALWAYS, STILL, "春分の日", "Vernal Equinox Day"),
    clause(When::Date(4, 29), ALWAYS, 1988, BIRTHDAY.0, BIRTHDAY.1),
    clause(When::Date(4, 29), 1989, 2006, GREENERY.0, GREENERY.1),
    clause(When::Date(4, 29), 2007, STILL, "昭和の日", "Showa Day"),
    clause(When::Date(5, 3), ALWAYS, STILL, "憲法記念日", "Constitution Memorial Day"),
    clause(When::Date(5, 4), 2007, STILL, GREENERY.0, GREENERY.1),
    clause(When::Date(5, 5), ALWAYS, STILL, "こどもの日", "Children's Day"),
    clause(When::Date(7, 20), 1996, 2002, MARINE.0, MARINE.1),
    clause(When::Monday(7, 3), 2003, 2019, MARINE.0, MARINE.1),
    clause(When::Monday(7, 3), 2022, STILL, MARINE.0, MARINE.1),
    clause(When::Date(8, 11), 2016, 2019, MOUNTAIN.0, MOUNTAIN.1),
    clause(When::Date(8, 11), 2022, STILL, MOUNTAIN.0, MOUNTAIN.1),
    clause(When::Date(9, 15), 1966, 2002, AGED.0, AGED.1),
    clause(When::Monday(9, 3), 2003, STILL, AGED.0, AGED.1),
    clause(When::Autumn, ALWAYS, STILL, "秋分の日", "Autumnal Equinox Day"),
    clause(When::Date(10, 10), 1966, 1999, HEALTH.0, HEALTH.1),
    clause(When::Monday(10, 2), 2000, 2019, HEALTH.0, HEALTH.1),
    clause(When::Monday(10, 2), 2022, STILL, SPORTS.0, SPORTS.1),
    clause(When::Date(11, 3), ALWAYS, STILL, "文化の日", "Culture Day"),
    clause(When::Date(11, 23), ALWAYS, STILL, "勤労感謝の日", "Labour Thanksgiving Day"),
    clause(When::Date(12, 23), 1989, 2018, BIRTHDAY.0, BIRTHDAY.1),
];

/// Days made or moved by an act of their own. The Olympic games moved three days of 2020, and of 2021 again (令和2年法律第68号).
const ACTS: [Act; 12] = [
    act(1959, 4, 10, WEDDING.0, WEDDING.1),
    act(1989, 2, 24, "大喪の礼", "Funeral of Emperor Showa"),
    act(1990, 11, 12, "即位礼正殿の儀", "Enthronement Ceremony"),
    act(1993, 6, 9, WEDDING.0, WEDDING.1),
    act(2019, 5, 1, TREATED, "Accession of the Emperor"),
    act(2019, 10, 22, TREATED, "Enthronement Ceremony"),
    act(2020, 7, 23, MARINE.0, MARINE.1),
    act(2020, 7, 24, SPORTS.0, SPORTS.1),
    act(2020, 8, 10, MOUNTAIN.0, MOUNTAIN.1),
    act(2021, 7, 22, MARINE.0, MARINE.1),
    act(2021, 7, 23, SPORTS.0, SPORTS.1),
    act(2021, 8, 8, MOUNTAIN.0, MOUNTAIN.1),
];

/// 昭和48年法律第10号, in force from this day: a Sunday's holiday is made up for.
const SUBSTITUTES_SINCE: (i32, u32, u32) = (1973, 4, 12);
/// 昭和60年法律第103号, in force from this day: a day between two national holidays is off.
const SANDWICHES_SINCE: (i32, u32, u32) = (1985, 12, 27);
/// 平成17年法律第43号, in force from this year: a substitute passes over national holidays that follow.
const SUBSTITUTES_PASS_SINCE: i32 = 2007;

/// What the law makes of `day`; nothing before [`FIRST_YEAR`].
pub(super) fn on(day: NaiveDate) -> Option<Found> {
    if let Some((name_ja, name_en)) = national(day) {
        return Some(Found { name_ja, name_en, kind: HolidayKind::National });
    }
    if is_substitute(day) {
        return Some(Found { name_ja: "振替休日", name_en: "Substitute holiday", kind: HolidayKind::Substitute });
    }
    let sandwich = Found { name_ja: "国民の休日", name_en: "Citizens' holiday", kind: HolidayKind::Sandwich };
    is_sandwich(day).then_some(sandwich)
}

/// The English name of a national holiday that the Cabinet Office's file names in Japanese on `day`.
pub(super) fn name_en(day: NaiveDate, name_ja: &str) -> Option<&'static str> {
    let by_day = national(day).filter(|(ja, _)| *ja == name_ja).map(|(_, en)| en);
    by_day.or_else(|| CLAUSES.iter().find(|clause| clause.ja == name_ja).map(|clause| clause.en))
}

/// Names of the national holiday on `day`.
fn national(day: NaiveDate) -> Option<(&'static str, &'static str)> {
    let date: (i32, u32, u32) = (day.year(), day.month(), day.day());
    let by_act = ACTS.iter().find(|act| act.date == date).map(|act| (act.ja, act.en));
    by_act.or_else(|| {
        let holds = |clause: &&Clause| clause.since <= day.year() && day.year() <= clause.until && falls(clause.when, day);
        CLAUSES.iter().find(holds).map(|clause| (clause.ja, clause.en))
    })
}

fn falls(when: When, day: NaiveDate) -> bool {
    match when {
        When::Date(month, date) => (day.month(), day.day()) == (month, date),
        When::Monday(month, which) => day.month() == month && day.weekday() == Weekday::Mon && (day.day() - 1) / 7 + 1 == which,
        When::Spring => day.month() == 3 && equinox(day.year(), [20_835_700, 20_843_100, 21_851_000]) == day.day(),
        When::Autumn => day.month() == 9 && equinox(day.year(), [23_258_800, 23_248_800, 24_248_800]) == day.day(),
    }
}

/// The day of the month, by the formula of 新こよみ便利帳 (海上保安庁水路部), in millionths of a day; its base changes in 1980 and in
/// 2100. It gives every day that was gazetted from 1955 to 2027. Beyond 2150 nobody vouches for it; 0 is no day.
fn equinox(year: i32, bases: [i64; 3]) -> u32 {
    let [until_1979, until_2099, later] = bases;
    let base: i64 = match year {
        ..1980 => until_1979,
        1980..2100 => until_2099,
        _ => later,
    };
    let years: i64 = i64::from(year) - 1980;
    let day: i64 = (base + 242_194 * years).div_euclid(1_000_000) - years.div_euclid(4);
    u32::try_from(day).unwrap_or(0)
}

/// 振替休日: until 2006 the Monday after a national holiday; since 2007 the first day after it that is none itself.
fn is_substitute(day: NaiveDate) -> bool {
    if !is_since(day, SUBSTITUTES_SINCE) {
        return false;
    }
    if day.year() < SUBSTITUTES_PASS_SINCE {
        return day.weekday() == Weekday::Mon && is_national(day.pred_opt());
    }
    let mut before: Option<NaiveDate> = day.pred_opt();
    while is_national(before) {
        if before.is_some_and(|before| before.weekday() == Weekday::Sun) {
            return true;
        }
        before = before.and_then(|before| before.pred_opt());
    }
    false
}

/// 国民の休日: a day between two national holidays; until 2006 no Sunday.
fn is_sandwich(day: NaiveDate) -> bool {
    let may_be: bool = day.year() >= SUBSTITUTES_PASS_SINCE || day.weekday() != Weekday::Sun;
    is_since(day, SANDWICHES_SINCE) && may_be && is_national(day.pred_opt()) && is_national(day.succ_opt())
}

fn is_national(day: Option<NaiveDate>) -> bool {
    day.is_some_and(|day| national(day).is_some())
}

fn is_since(day: NaiveDate, first: (i32, u32, u32)) -> bool {
    (day.year(), day.month(), day.day()) >= first
}
