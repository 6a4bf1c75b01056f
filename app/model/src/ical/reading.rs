//! Shifts from a calendar somebody keeps elsewhere.

use super::text::{Line, Property, property, unescaped, unfolded};
use crate::rota::almanac::Almanac;
use crate::rota::local::{DAY_S, Local, day_of};
use crate::rota::offsets::Offsets;
use crate::time::Time;
use serde::{Deserialize, Serialize};

/// A file of more bytes isn't read: ten thousand shifts are less.
pub const MAX_BYTES: usize = 4 * 1_024 * 1_024;
/// Entries of one file.
pub const MAX_ENTRIES: usize = 10_000;
/// Refusals that are told; a file of more is another kind of file.
pub const MAX_REFUSED: usize = 200;
/// Components in components: a calendar has entries, and entries have alarms.
const MAX_DEPTH: usize = 8;
/// What makes an entry repeat.
const REPEATING: [&str; 5] = ["RRULE", "RDATE", "EXRULE", "EXDATE", "RECURRENCE-ID"];

/// Why a file isn't read at all.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotRead {
    #[error("expected at most {MAX_BYTES} bytes, found {0}")]
    TooLong(usize),
    #[error("expected an iCalendar file that begins with BEGIN:VCALENDAR")]
    NotACalendar,
    #[error("expected at most {MAX_ENTRIES} entries, found more in line {0}")]
    TooMany(usize),
    #[error("components are nested too deep in line {0}")]
    TooDeep(usize),
}

/// A file as it was understood.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    /// By their line. Of two with the same UID the one with the greater SEQUENCE, or the later one.
    pub shifts: Vec<Shift>,
    pub refused: Vec<Refused>,
}

/// One entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shift {
    pub uid: String,
    pub sequence: u32,
    pub start: Time,
    pub end: Time,
    pub summary: String,
    /// Addresses of the people in it, in small letters, without those who declined.
    pub mails: Vec<String>,
    /// `STATUS:CANCELLED`: what it made before is taken back.
    pub is_cancelled: bool,
    /// Where its entry begins.
    pub line: usize,
}

/// An entry that isn't a shift, and where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refused {
    pub line: usize,
    pub why: Refusal,
}

/// Why an entry isn't a shift.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum Refusal {
    #[error("{0} makes the entry repeat: write every shift as an entry of its own")]
    Repeats(String),
    #[error("DURATION instead of DTEND is not read: write the end")]
    Duration,
    #[error("{0} is missing")]
    Missing(String),
    #[error("{0} is no date or time")]
    NotATime(String),
    #[error("the time zone \"{0}\" is unknown: expected an IANA name such as Asia/Tokyo")]
    UnknownZone(String),
    #[error("it ends before it begins")]
    Backwards,
}

/// The zones a file names, each once: an almanac for [`read`] needs them. Names that are none are among them.
#[must_use]
pub fn zones(file: &str) -> Vec<String> {
    let properties = unfolded(file.get(..MAX_BYTES).unwrap_or(file)).into_iter().filter_map(|line| property(&line.text));
    let mut zones: Vec<String> = properties
        .filter_map(|property| property.parameter("TZID").map(|zone| zone.trim_start_matches('/').to_owned()))
        .collect();
    zones.sort_unstable();
    zones.dedup();
    zones
}

/// Reads a file. Times without a zone, and whole days, are of `zone`; others of the zones of `almanac`.
///
/// # Errors
/// When it is no calendar, or larger than anybody's. An entry that can't be a shift is in the reading, with its line.
pub fn read(file: &str, almanac: &Almanac, zone: &Offsets) -> Result<Reading, NotRead> {
    if file.len() > MAX_BYTES {
        return Err(NotRead::TooLong(file.len()));
    }
    let entries: Vec<Entry> = entries(unfolded(file.trim_start_matches('\u{feff}')))?;
    let mut reading: Reading = Reading::default();
    for entry in &entries {
        match shift(entry, almanac, zone) {
            Ok(shift) => reading.shifts.push(shift),
            Err(refused) if reading.refused.len() < MAX_REFUSED => reading.refused.push(refused),
            Err(_) => {}
        }
    }
    reading.shifts = newest(reading.shifts);
    Ok(reading)
}

/// A VEVENT with its own properties; those of its alarms are not.
struct Entry {
    line: usize,
    properties: Vec<(usize, Property)>,
}

impl Entry {
    fn find(&self, name: &str) -> Option<(usize, &Property)> {
        self.properties.iter().find(|(_, property)| property.name == name).map(|(line, property)| (*line, property))
    }

    fn text(&self, name: &str) -> String {
        self.find(name).map(|(_, property)| unescaped(&property.value)).unwrap_or_default()
    }
}

fn entries(lines: Vec<Line>) -> Result<Vec<Entry>, NotRead> {
    let mut lines = lines.into_iter();
    let is_calendar = |line: &Line| line.text.trim().eq_ignore_ascii_case("BEGIN:VCALENDAR");
    if !lines.next().as_ref().is_some_and(is_calendar) {
        return Err(NotRead::NotACalendar);
    }
    let mut within: Vec<String> = Vec::new();
    let mut entries: Vec<Entry> = Vec::new();
    for line in lines {
        let Some(property) = property(&line.text) else { continue };
        match property.name.as_str() {
            "BEGIN" if within.len() >= MAX_DEPTH => return Err(NotRead::TooDeep(line.number)),
            "BEGIN" => {
                within.push(property.value.to_ascii_uppercase());
                if within == ["VEVENT"] {
                    entries.push(Entry { line: line.number, properties: Vec::new() });
                }
            }
            "END" => drop(within.pop()),
            _ if within == ["VEVENT"] => {
                if let Some(entry) = entries.last_mut() {
                    entry.properties.push((line.number, property.clone()));
                }
            }
            _ => {}
        }
        if entries.len() > MAX_ENTRIES {
            return Err(NotRead::TooMany(line.number));
        }
    }
    Ok(entries)
}

fn shift(entry: &Entry, almanac: &Almanac, zone: &Offsets) -> Result<Shift, Refused> {
    if let Some((line, name)) = REPEATING.iter().find_map(|name| entry.find(name).map(|(line, _)| (line, *name))) {
        return Err(Refused { line, why: Refusal::Repeats(name.to_owned()) });
    }
    let uid: String = entry.text("UID");
    if uid.is_empty() {
        return Err(missing(entry, "UID"));
    }
    let (start, end): (Time, Time) = span(entry, almanac, zone)?;
    Ok(Shift {
        uid,
        sequence: entry.text("SEQUENCE").trim().parse::<u32>().unwrap_or_default(),
        start,
        end,
        summary: entry.text("SUMMARY"),
        mails: mails(entry),
        is_cancelled: entry.text("STATUS").eq_ignore_ascii_case("CANCELLED"),
        line: entry.line,
    })
}

fn missing(entry: &Entry, name: &str) -> Refused {
    Refused { line: entry.line, why: Refusal::Missing(name.to_owned()) }
}

/// A whole day without an end is that day (RFC 5545, 3.6.1); a time without one is no stretch of time.
fn span(entry: &Entry, almanac: &Almanac, zone: &Offsets) -> Result<(Time, Time), Refused> {
    let (start_line, start) = entry.find("DTSTART").ok_or_else(|| missing(entry, "DTSTART"))?;
    let begins: Time = moment(start_line, start, almanac, zone)?;
    let (line, ends): (usize, Time) = match (entry.find("DTEND"), entry.find("DURATION"), day(&start.value)) {
        (Some((line, end)), _, _) => (line, moment(line, end, almanac, zone)?),
        (None, Some((line, _)), _) => return Err(Refused { line, why: Refusal::Duration }),
        (None, None, Some(day)) => (start_line, zone.first(Local((day + 1) * DAY_S))),
        (None, None, None) => return Err(missing(entry, "DTEND")),
    };
    if ends <= begins { Err(Refused { line, why: Refusal::Backwards }) } else { Ok((begins, ends)) }
}

/// A date, a time in UTC, a time in a zone, or a time in whatever zone the calendar is of.
fn moment(line: usize, property: &Property, almanac: &Almanac, zone: &Offsets) -> Result<Time, Refused> {
    let value: &str = &property.value;
    let refused = |why: Refusal| Refused { line, why };
    if let Some(day) = day(value) {
        return Ok(zone.first(Local(day * DAY_S)));
    }
    let plain: &str = value.strip_suffix('Z').unwrap_or(value);
    let local: Local = local(plain).ok_or_else(|| refused(Refusal::NotATime(property.name.clone())))?;
    if plain.len() < value.len() {
        return Ok(Time(local.0 * 1_000));
    }
    let Some(name) = property.parameter("TZID") else { return Ok(zone.first(local)) };
    let known: Option<&Offsets> = almanac.zone(name.trim_start_matches('/'));
    known.map(|zone| zone.first(local)).ok_or_else(|| refused(Refusal::UnknownZone(name.chars().take(80).collect())))
}

/// `20261130`
fn day(value: &str) -> Option<i64> {
    let is_date: bool = value.len() == 8 && value.bytes().all(|byte| byte.is_ascii_digit());
    let number: i64 = value.parse::<i64>().ok().filter(|_| is_date)?;
    let (month, day): (u32, u32) = (u32::try_from(number / 100 % 100).ok()?, u32::try_from(number % 100).ok()?);
    day_of(number / 10_000, month, day)
}

/// `20261130T100000`
fn local(value: &str) -> Option<Local> {
    let (date, clock): (&str, &str) = value.split_once('T')?;
    let is_clock: bool = clock.len() == 6 && clock.bytes().all(|byte| byte.is_ascii_digit());
    let number: i64 = clock.parse::<i64>().ok().filter(|_| is_clock)?;
    let (hour, minute, second): (i64, i64, i64) = (number / 10_000, number / 100 % 100, number % 100);
    // A leap second is the last second of its minute: no schedule counts it.
    let is_time: bool = hour < 24 && minute < 60 && second <= 60;
    let day: i64 = day(date).filter(|_| is_time)?;
    Some(Local(day * DAY_S + hour * 3_600 + minute * 60 + second.min(59)))
}

fn mails(entry: &Entry) -> Vec<String> {
    let attendees = entry.properties.iter().map(|(_, property)| property).filter(|property| property.name == "ATTENDEE");
    let coming =
        attendees.filter(|attendee| !attendee.parameter("PARTSTAT").is_some_and(|state| state.eq_ignore_ascii_case("DECLINED")));
    let mut mails: Vec<String> = coming.filter_map(|attendee| mail(&attendee.value)).collect();
    mails.sort_unstable();
    mails.dedup();
    mails
}

/// `mailto:hana@example.jp`
fn mail(address: &str) -> Option<String> {
    let (scheme, mail): (&str, &str) = address.split_once(':')?;
    let is_mail: bool = scheme.eq_ignore_ascii_case("mailto") && mail.contains('@');
    is_mail.then(|| mail.trim().to_lowercase())
}

/// Of each UID the entry with the greatest SEQUENCE, and of equal ones the last; by line.
fn newest(mut shifts: Vec<Shift>) -> Vec<Shift> {
    shifts.sort_by(|one, other| (&one.uid, other.sequence, other.line).cmp(&(&other.uid, one.sequence, one.line)));
    shifts.dedup_by(|later, kept| later.uid == kept.uid);
    shifts.sort_by_key(|shift| shift.line);
    shifts
}
