//! What the tests of rotations share: people with letters for names, zones by chrono-tz, and moments as text.

mod calendar;
mod cases;
mod clocks;
mod counting;
mod layering;
mod looking;
mod oracles;
mod overriding;
mod properties;

use super::almanac::{Almanac, Holidays};
use super::local::Local;
use super::offsets::Offsets;
use super::{
    AdvanceOn, DutyRole, Holder, Layer, Member, Mode, OnHoliday, Override, OverrideSource, Restriction, RestrictionKind,
    Rotation, Schedule, Segment, Span, Unit, Weekdays, Who,
};
use crate::ids::{LayerId, OverrideId, PersonId};
use crate::time::Time;
use chrono::{Offset, TimeZone};
use uuid::Uuid;

/// Zones with clocks of every kind: none that change, whole hours, half ones, two hours, both hemispheres, a day left out.
const ZONES: [&str; 12] = [
    "Asia/Tokyo",
    "America/New_York",
    "Europe/Berlin",
    "Europe/London",
    "Australia/Lord_Howe",
    "America/Sao_Paulo",
    "Pacific/Apia",
    "Asia/Kolkata",
    "Antarctica/Troll",
    "America/Havana",
    "Pacific/Chatham",
    "UTC",
];

fn zone(name: &str) -> Offsets {
    let tz: chrono_tz::Tz = name.parse().unwrap();
    let within: Span = Span::new(utc("1995-01-01T00:00"), utc("2040-01-01T00:00"));
    Offsets::sampled(name, within, |at| tz.offset_from_utc_datetime(&at.to_utc().naive_utc()).fix().local_minus_utc())
}

fn almanac(zones: &[&str]) -> Almanac {
    Almanac { zones: zones.iter().map(|name| zone(name)).collect(), holidays: Holidays::default() }
}

fn with_holidays(zones: &[&str], days: &[&str]) -> Almanac {
    let days: Vec<i32> = days.iter().map(|day| i32::try_from(local(&format!("{day}T00:00")).day()).unwrap()).collect();
    Almanac { holidays: Holidays::new(1, days), ..almanac(zones) }
}

fn local(text: &str) -> Local {
    text.parse().unwrap()
}

fn utc(text: &str) -> Time {
    Time(local(text).0 * 1_000)
}

/// A moment as it is written.
fn written(at: Time) -> String {
    Local(at.0.div_euclid(1_000)).to_string()
}

fn person(letter: char) -> PersonId {
    PersonId(Uuid::from_u128(u128::from(u32::from(letter))))
}

fn letter(who: Who) -> char {
    match who {
        Who::Person(PersonId(id)) => char::from_u32(u32::try_from(id.as_u128()).unwrap()).unwrap(),
        Who::Nobody => '0',
        Who::Gap => '-',
    }
}

fn people(letters: &str) -> Vec<Member> {
    letters.chars().map(|letter| if letter == '0' { Member::Nobody } else { Member::Person(person(letter)) }).collect()
}

fn rotation(unit: Unit, anchor: &str, zone: &str, letters: &str) -> Rotation {
    Rotation {
        unit,
        every: 1,
        anchor: local(anchor),
        zone: zone.to_owned(),
        members: people(letters),
        offset: 0,
        advance_on: AdvanceOn::Period,
        on_holiday: OnHoliday::Keep,
    }
}

fn layer(id: u128, rank: i32, rotation: Rotation) -> Layer {
    Layer {
        id: LayerId(Uuid::from_u128(id)),
        role: DutyRole::Primary,
        rank,
        mode: Mode::Cut,
        effective_from: utc("1995-01-01T00:00"),
        effective_until: None,
        rotation,
        restrictions: Vec::new(),
    }
}

fn schedule(layers: Vec<Layer>) -> Schedule {
    Schedule { zone: "Asia/Tokyo".to_owned(), layers, required: Vec::new() }
}

/// Overrides in the order of their creation: who is replaced, by whom, from when until when.
fn change(created: u32, from: Option<char>, to: Option<char>, start: &str, end: &str) -> Override {
    Override {
        id: OverrideId(Uuid::from_u128(u128::from(created))),
        role: DutyRole::Primary,
        start: utc(start),
        end: utc(end),
        from: from.map(person),
        to: to.map(person),
        created_at: Time(i64::from(created)),
        source: OverrideSource::Manual,
    }
}

fn restriction(kind: RestrictionKind, start: (u32, u32), end: (u32, u32), weekdays: Weekdays) -> Restriction {
    Restriction { kind, start_s: start.0 * 3_600 + start.1 * 60, end_s: end.0 * 3_600 + end.1 * 60, weekdays }
}

fn daily(start: (u32, u32), end: (u32, u32)) -> Restriction {
    restriction(RestrictionKind::Daily, start, end, Weekdays::ALL)
}

/// `A 2026-11-30T10:00 2026-11-30T12:00`, a line a segment; times in UTC.
fn lines(segments: &[Segment]) -> Vec<String> {
    let line = |segment: &Segment| format!("{} {} {}", letter(segment.who), written(segment.start), written(segment.end));
    segments.iter().map(line).collect()
}

fn letters(holders: &[Holder]) -> String {
    holders.iter().map(|holder| letter(holder.who)).collect()
}

fn span(start: &str, end: &str) -> Span {
    Span::new(utc(start), utc(end))
}

/// Numbers that look drawn and are the same in every run (SplitMix64, <https://prng.di.unimi.it/splitmix64.c>).
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed: u64 = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed: u64 = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit
    }

    fn moment_in(&mut self, window: Span) -> Time {
        let length: u64 = window.length_ms().unsigned_abs();
        window.start.plus_ms(i64::try_from(self.below(length)).unwrap())
    }

    fn shuffle<T>(&mut self, list: &mut [T]) {
        for end in (1..list.len()).rev() {
            let other: usize = usize::try_from(self.below(end as u64 + 1)).unwrap();
            list.swap(end, other);
        }
    }
}
