//! The Cabinet Office's file of holidays (内閣府「国民の祝日について」, `syukujitsu.csv`), read and written as text.
//!
//! It is published in code page 932 (and was in UTF-8); bytes become text before they come here. One line has a date (`2026/9/21`) and a
//! name; substitutes and sandwiched days are both named 休日, so the kind is told by the days around.

use super::{FIRST_YEAR, Holiday, HolidayKind, law};
use chrono::{Datelike, NaiveDate, Weekday};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// Lines of a file. The Cabinet Office's has about 1,050.
pub const MAX_LINES: usize = 5_000;
/// Characters of a name.
pub const MAX_NAME: usize = 60;
/// The last year that may be read: a typing error such as 20226 is no year.
pub const LAST_YEAR: i32 = 2150;
/// The law has had no fewer since 1955. A file replaces whole years, so a year with less is a part of one.
const FEWEST: usize = 9;
/// What the file calls days that are no 国民の祝日 themselves.
const MADE: &str = "休日";
const HEAD: &str = "国民の祝日・休日月日,国民の祝日・休日名称";

/// Why a file can't be taken. Lines count from 1.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadFile {
    #[error("the file has {n} lines, expected at most {MAX_LINES}")]
    Long { n: usize },
    #[error("line {line}: expected a date and a name such as 2026/9/21,敬老の日, found \"{found}\"")]
    Line { line: usize, found: String },
    #[error("line {line}: \"{found}\" is no date from {FIRST_YEAR} to {LAST_YEAR}, expected one such as 2026/9/21")]
    Date { line: usize, found: String },
    #[error("line {line}: {date} stands there a second time")]
    Twice { line: usize, date: NaiveDate },
    #[error("the year {year} has {n} holidays, expected at least {FEWEST}: a file replaces whole years")]
    Part { year: i32, n: usize },
    #[error("the file has no holiday")]
    Empty,
}

/// The holidays in a file, in order, none of them provisional. The head is optional, and so is a byte order mark.
///
/// # Errors
/// The first line that is wrong, or what is wrong with the whole.
pub fn read(text: &str) -> Result<Vec<Holiday>, BadFile> {
    let text: &str = text.strip_prefix('\u{feff}').unwrap_or(text);
    let n: usize = text.lines().count();
    if n > MAX_LINES {
        return Err(BadFile::Long { n });
    }
    let mut named: BTreeMap<NaiveDate, String> = BTreeMap::new();
    for (index, line) in text.lines().enumerate().filter(|(index, line)| !is_skipped(*index, line)) {
        let (date, name) = entry(index + 1, line)?;
        if named.insert(date, name).is_some() {
            return Err(BadFile::Twice { line: index + 1, date });
        }
    }
    check_years(&named)?;
    Ok(named.iter().map(|(date, name)| holiday(*date, name, &named)).collect())
}

/// Blank lines, and a head that has no digit where a date would stand.
fn is_skipped(index: usize, line: &str) -> bool {
    let is_blank: bool = line.trim().trim_matches(',').is_empty();
    is_blank || (index == 0 && !line.contains(|letter: char| letter.is_ascii_digit()))
}

fn entry(line: usize, text: &str) -> Result<(NaiveDate, String), BadFile> {
    let wrong = || BadFile::Line { line, found: shortened(text) };
    let (date, rest) = text.split_once(',').ok_or_else(wrong)?;
    // Some publish further columns; they are left out.
    let name: &str = unquoted(rest.split(',').next().unwrap_or_default());
    if name.is_empty() || name.chars().count() > MAX_NAME || name.contains(['"', '\u{fffd}']) {
        return Err(wrong());
    }
    let found: &str = unquoted(date);
    let date: Option<NaiveDate> = date_of(found).filter(|date| (FIRST_YEAR..=LAST_YEAR).contains(&date.year()));
    let date: NaiveDate = date.ok_or_else(|| BadFile::Date { line, found: shortened(found) })?;
    Ok((date, name.to_owned()))
}

fn unquoted(field: &str) -> &str {
    let field: &str = field.trim();
    field.strip_prefix('"').and_then(|field| field.strip_suffix('"')).unwrap_or(field).trim()
}

/// `2026/9/21`, `2026-09-21`.
fn date_of(text: &str) -> Option<NaiveDate> {
    let mut parts = text.split(['/', '-']);
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() || !text.chars().all(|letter| letter.is_ascii_digit() || "/-".contains(letter)) {
        return None;
    }
    NaiveDate::from_ymd_opt(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
}

fn shortened(text: &str) -> String {
    text.chars().take(MAX_NAME).collect()
}

fn check_years(named: &BTreeMap<NaiveDate, String>) -> Result<(), BadFile> {
    let years: BTreeSet<i32> = named.keys().map(|date| date.year()).collect();
    if years.is_empty() {
        return Err(BadFile::Empty);
    }
    let counted = years.into_iter().map(|year| (year, named.keys().filter(|date| date.year() == year).count()));
    match counted.into_iter().find(|(_, n)| *n < FEWEST) {
        Some((year, n)) => Err(BadFile::Part { year, n }),
        None => Ok(()),
    }
}

fn holiday(date: NaiveDate, name: &str, named: &BTreeMap<NaiveDate, String>) -> Holiday {
    let kind: HolidayKind = kind(date, name, named);
    let (ja, en): (Cow<'static, str>, Option<&'static str>) = match kind {
        HolidayKind::Substitute => (Cow::Borrowed("振替休日"), Some("Substitute holiday")),
        HolidayKind::Sandwich => (Cow::Borrowed("国民の休日"), Some("Citizens' holiday")),
        HolidayKind::National | HolidayKind::Company => (Cow::Owned(name.to_owned()), law::name_en(date, name)),
    };
    // A holiday made after this was written has no English name here; its own name is better than none.
    let name_en: Cow<'static, str> = en.map_or_else(|| Cow::Owned(name.to_owned()), Cow::Borrowed);
    Holiday { date, name_ja: ja, name_en, kind, provisional: false }
}

/// A 休日 is a substitute when the named days right before it reach back to a Sunday; else it stands between two.
fn kind(date: NaiveDate, name: &str, named: &BTreeMap<NaiveDate, String>) -> HolidayKind {
    match name {
        "振替休日" => return HolidayKind::Substitute,
        "国民の休日" => return HolidayKind::Sandwich,
        MADE => {}
        _ => return HolidayKind::National,
    }
    let is_named = |day: NaiveDate| named.get(&day).is_some_and(|name| name != MADE);
    let mut before: Option<NaiveDate> = date.pred_opt();
    while let Some(day) = before.filter(|day| is_named(*day)) {
        if day.weekday() == Weekday::Sun {
            return HolidayKind::Substitute;
        }
        before = day.pred_opt();
    }
    HolidayKind::Sandwich
}

/// Holidays as the Cabinet Office writes them, lines ended by CR and LF. Days of the company's own are left out.
#[must_use]
pub fn write(holidays: &[Holiday]) -> String {
    let mut text: String = format!("{HEAD}\r\n");
    for holiday in holidays.iter().filter(|holiday| holiday.kind != HolidayKind::Company) {
        let name: &str = if holiday.kind == HolidayKind::National { holiday.name_ja.as_ref() } else { MADE };
        let date: NaiveDate = holiday.date;
        text.push_str(&format!("{}/{}/{},{name}\r\n", date.year(), date.month(), date.day()));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::super::{GAZETTED_UNTIL, HolidayCalendar, differences, of_year};
    use super::*;

    fn by_law(years: std::ops::RangeInclusive<i32>) -> Vec<Holiday> {
        years.flat_map(of_year).collect()
    }

    #[test]
    fn what_is_written_is_read_again_with_kinds_and_names() {
        let written: Vec<Holiday> = by_law(FIRST_YEAR..=GAZETTED_UNTIL);
        assert_eq!(read(&write(&written)), Ok(written));
    }

    #[test]
    fn the_file_is_read_as_it_is_published() {
        let file: String = write(&by_law(2026..=2026));
        assert!(file.starts_with("国民の祝日・休日月日,国民の祝日・休日名称\r\n2026/1/1,元日\r\n"), "{file}");
        assert!(file.contains("2026/9/21,敬老の日\r\n2026/9/22,休日\r\n2026/9/23,秋分の日\r\n"), "{file}");
        let quoted: String = file.replace("2026/1/1,元日", "\"2026-01-01\",\"元日\",\"\"");
        assert_eq!(read(&format!("\u{feff}{quoted}\n\n,\n")), Ok(by_law(2026..=2026)));
        let headless: String = file.lines().skip(1).collect::<Vec<&str>>().join("\n");
        assert_eq!(read(&headless), Ok(by_law(2026..=2026)));
    }

    #[test]
    fn a_moved_day_replaces_the_provisional_year_and_only_that() {
        let file: String = write(&by_law(2031..=2031)).replace("2031/8/11,山の日", "2031/8/12,山の日");
        let read: Vec<Holiday> = read(&file).unwrap();
        assert!(read.iter().all(|holiday| !holiday.provisional));
        let before = HolidayCalendar::japan();
        let moved: Vec<String> = differences(&before, &read).iter().map(|found| found.date.to_string()).collect();
        assert_eq!(moved, ["2031-08-11", "2031-08-12"]);
        let after: HolidayCalendar = before.clone().with_read(read);
        let day = |text: &str| -> NaiveDate { text.parse().unwrap() };
        assert!(!after.is_holiday(day("2031-08-11")) && after.is_holiday(day("2031-08-12")));
        assert!(before.is_provisional(2031) && !after.is_provisional(2031) && after.is_provisional(2032));
        assert_eq!(after.of_year(2030), before.of_year(2030));
    }

    #[test]
    fn a_holiday_that_is_new_keeps_its_own_name() {
        let file: String = write(&by_law(2031..=2031)) + "2031/6/20,見守りの日\r\n";
        let read: Vec<Holiday> = read(&file).unwrap();
        let found: &Holiday = read.iter().find(|holiday| holiday.name_ja == "見守りの日").unwrap();
        assert_eq!((found.name_en.as_ref(), found.kind), ("見守りの日", HolidayKind::National));
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line() {
        let file: String = write(&by_law(2026..=2026));
        let with = |line: &str| read(&format!("{file}{line}\r\n")).unwrap_err().to_string();
        for (line, expected) in [
            ("2026/13/1,元日", "line 20: \"2026/13/1\" is no date from 1955 to 2150, expected one such as 2026/9/21"),
            ("20226/1/1,元日", "line 20: \"20226/1/1\" is no date from 1955 to 2150, expected one such as 2026/9/21"),
            ("2026/1/1,元日", "line 20: 2026-01-01 stands there a second time"),
            ("2026/1/2", "line 20: expected a date and a name such as 2026/9/21,敬老の日, found \"2026/1/2\""),
            ("2026/1/2,", "line 20: expected a date and a name such as 2026/9/21,敬老の日, found \"2026/1/2,\""),
            ("2028/1/1,元日", "the year 2028 has 1 holidays, expected at least 9: a file replaces whole years"),
        ] {
            assert_eq!(with(line), expected);
        }
        assert_eq!(read("国民の祝日・休日月日,国民の祝日・休日名称\r\n"), Err(BadFile::Empty));
        assert_eq!(read(&"\n".repeat(MAX_LINES + 1)), Err(BadFile::Long { n: MAX_LINES + 1 }));
        assert!(matches!(read("2026/1/1,\u{fffd}\u{fffd}"), Err(BadFile::Line { line: 1, .. })), "the wrong encoding");
    }
}
