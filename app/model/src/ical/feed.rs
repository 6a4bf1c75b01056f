//! Who is on call, as a calendar to subscribe to.

use super::text::{escaped, put};
use crate::rota::{DutyRole, Segment, Source, Span};
use crate::time::Time;
use figures::Civil;

/// Calendars ask again after a quarter of an hour, those that heed it (RFC 7986, 5.7; the other line is Outlook's name for it).
const REFRESH: &str = "PT15M";

/// A calendar that is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Feed {
    /// What subscribers see above it.
    pub name: String,
    /// When the newest change to it was made. The same schedule has the same bytes.
    pub stamp: Time,
    pub entries: Vec<Entry>,
}

/// One shift.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The same for the same shift in every answer: [`uid`].
    pub uid: String,
    /// Grows with every change, or calendars keep what they have: the version of the schedule.
    pub sequence: u32,
    pub start: Time,
    pub end: Time,
    pub summary: String,
    /// May be empty.
    pub description: String,
    /// The screen that shows it.
    pub url: Option<String>,
}

/// The file. Entries don't make their person busy.
#[must_use]
pub fn write(feed: &Feed) -> String {
    let mut out: String = String::new();
    put(&mut out, "BEGIN", "VCALENDAR");
    put(&mut out, "VERSION", "2.0");
    put(&mut out, "PRODID", "-//Mimamori//On call//EN");
    put(&mut out, "CALSCALE", "GREGORIAN");
    put(&mut out, "METHOD", "PUBLISH");
    put(&mut out, "NAME", &escaped(&feed.name));
    put(&mut out, "X-WR-CALNAME", &escaped(&feed.name));
    put(&mut out, "REFRESH-INTERVAL;VALUE=DURATION", REFRESH);
    put(&mut out, "X-PUBLISHED-TTL", REFRESH);
    feed.entries.iter().for_each(|entry| put_entry(&mut out, entry, feed.stamp));
    put(&mut out, "END", "VCALENDAR");
    out
}

/// The name of a shift in all answers: the schedule, the role, the person, what put them there, and when it began. A segment that was there
/// before the window has no beginning that would stay; so windows begin well before what subscribers look at.
#[must_use]
pub fn uid(schedule: &str, segment: &Segment, window: Span, host: &str) -> String {
    let who: String = segment.person().map_or_else(|| "nobody".to_owned(), |person| person.to_string());
    let source: String = match segment.source {
        Some(Source::Layer(layer)) => layer.to_string(),
        Some(Source::Override(change)) => change.to_string(),
        None => "gap".to_owned(),
    };
    let is_open: bool = segment.start <= window.start;
    let begun: String = if is_open { "open".to_owned() } else { (segment.start.0 / 1_000).to_string() };
    format!("{schedule}-{}-{who}-{source}-{begun}@{host}", role(&segment.role))
}

/// A team's own word may be any text; what stays is its letters' numbers.
fn role(role: &DutyRole) -> String {
    match role {
        DutyRole::Primary => "primary".to_owned(),
        DutyRole::Secondary => "secondary".to_owned(),
        DutyRole::Shadow => "shadow".to_owned(),
        DutyRole::Custom(word) => word.chars().map(|letter| format!("{:x}.", u32::from(letter))).collect(),
    }
}

fn put_entry(out: &mut String, entry: &Entry, stamp: Time) {
    put(out, "BEGIN", "VEVENT");
    put(out, "UID", &escaped(&entry.uid));
    put(out, "DTSTAMP", &utc(stamp));
    put(out, "LAST-MODIFIED", &utc(stamp));
    put(out, "SEQUENCE", &entry.sequence.to_string());
    put(out, "DTSTART", &utc(entry.start));
    put(out, "DTEND", &utc(entry.end));
    put(out, "SUMMARY", &escaped(&entry.summary));
    if !entry.description.is_empty() {
        put(out, "DESCRIPTION", &escaped(&entry.description));
    }
    if let Some(url) = &entry.url {
        put(out, "URL", &url.replace(char::is_control, ""));
    }
    put(out, "TRANSP", "TRANSPARENT");
    put(out, "END", "VEVENT");
}

/// `20261130T010000Z`
fn utc(at: Time) -> String {
    let Civil { year, month, day, hour, minute, second, .. } = Civil::from_wall_ms(at.0);
    format!("{year:04}{month:02}{day:02}T{hour:02}{minute:02}{second:02}Z")
}
