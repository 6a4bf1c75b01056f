//! Schedules of every kind there is, and the almanac they need.

use crate::error::Error;
use chrono::{Offset, TimeZone};
use model::Time;
use model::ids::{LayerId, OverrideId, PersonId};
use model::rota::almanac::{Almanac, Holidays};
use model::rota::local::{DAY_S, Local};
use model::rota::offsets::Offsets;
use model::rota::{
    AdvanceOn, DutyRole, Layer, Member, Mode, OnHoliday, Override, OverrideSource, Restriction, RestrictionKind, Rotation,
    Schedule, Span, Unit, Weekdays,
};
use uuid::Uuid;

/// Clocks of every kind: none that change, whole hours, half ones, two hours, both hemispheres.
pub const ZONES: [&str; 12] = [
    "Asia/Tokyo",
    "America/New_York",
    "America/Chicago",
    "America/Sao_Paulo",
    "America/Havana",
    "Europe/Berlin",
    "Europe/London",
    "Africa/Casablanca",
    "Asia/Kolkata",
    "Australia/Lord_Howe",
    "Pacific/Chatham",
    "Antarctica/Troll",
];
/// 2026-05-04, a Monday, 09:00: months before and after it have a change of the clock.
const ANCHOR: Local = Local(20_577 * DAY_S + 9 * 3_600);
const PEOPLE: u128 = 5;

/// Half a year before the anchor to half a year after it.
pub fn year() -> Span {
    let anchor: Time = Time(ANCHOR.0 * 1_000);
    Span::new(anchor.plus_ms(-183 * DAY_S * 1_000), anchor.plus_ms(183 * DAY_S * 1_000))
}

/// One zone, and every eleventh day a holiday.
///
/// # Errors
/// When there is no such zone.
pub fn almanac(zone: &str) -> Result<Almanac, Error> {
    let tz: chrono_tz::Tz = zone.parse().map_err(|_| Error::unreadable("a zone", zone))?;
    let around: Span = Span::new(year().start.plus_ms(-DAY_S * 1_000), year().end.plus_ms(DAY_S * 1_000));
    let offset_s = |at: Time| tz.offset_from_utc_datetime(&at.to_utc().naive_utc()).fix().local_minus_utc();
    let days: Vec<i32> = (20_300..20_800).step_by(11).collect();
    Ok(Almanac { zones: vec![Offsets::sampled(zone, around, offset_s)], holidays: Holidays::new(1, days) })
}

/// Six layers, three of each role. `seed` moves anchors, members and ranks.
pub fn schedule(zone: &str, seed: u32) -> Schedule {
    let office = restriction(RestrictionKind::NotHoliday, 9, 18, Weekdays::MONDAY_TO_FRIDAY);
    let night = restriction(RestrictionKind::Daily, 18, 9, Weekdays::ALL);
    let feast = restriction(RestrictionKind::Holiday, 0, 0, Weekdays::ALL);
    let layers: Vec<Layer> = vec![
        layer(zone, seed, 1, DutyRole::Primary, Unit::Week, vec![]),
        layer(zone, seed, 2, DutyRole::Primary, Unit::Day, vec![office, night]),
        layer(zone, seed, 3, DutyRole::Primary, Unit::Hour, vec![night, feast]),
        layer(zone, seed, 4, DutyRole::Secondary, Unit::Month, vec![]),
        layer(zone, seed, 5, DutyRole::Secondary, Unit::Day, vec![office]),
        layer(zone, seed, 6, DutyRole::Secondary, Unit::Week, vec![feast]),
    ];
    Schedule { zone: zone.to_owned(), layers, required: Vec::new() }
}

/// Layers with greater ids have smaller ranks, so that those with restrictions lie on top; the third adds.
fn layer(zone: &str, seed: u32, id: u32, role: DutyRole, unit: Unit, restrictions: Vec<Restriction>) -> Layer {
    let rotation: Rotation = Rotation {
        unit,
        every: if unit == Unit::Hour { 8 } else { 1 + seed % 2 },
        anchor: Local(ANCHOR.0 + i64::from(seed % 7) * 1_800),
        zone: zone.to_owned(),
        members: (0..PEOPLE).map(|person| Member::Person(person_id(person + u128::from(seed % 3)))).collect(),
        offset: if role == DutyRole::Secondary { 1 } else { 0 },
        advance_on: if id == 5 { AdvanceOn::WorkedShift } else { AdvanceOn::Period },
        on_holiday: [OnHoliday::Keep, OnHoliday::Keep, OnHoliday::HolidayLayer][(seed + id) as usize % 3],
    };
    Layer {
        id: LayerId(Uuid::from_u128(u128::from(seed) * 100 + u128::from(id))),
        role,
        rank: -i32::try_from(id).unwrap_or_default(),
        mode: if id == 3 { Mode::Add } else { Mode::Cut },
        effective_from: Time(0),
        effective_until: None,
        rotation,
        restrictions,
    }
}

/// An override every ninth day, of a person or of whoever it is.
pub fn overrides(seed: u32) -> Vec<Override> {
    let one = |n: u32| {
        let start: Time = year().start.plus_ms((i64::from(n) * 9 * 24 + i64::from(seed % 24)) * 3_600_000);
        let of_anybody: bool = n.is_multiple_of(2);
        Override {
            id: OverrideId(Uuid::from_u128(u128::from(n))),
            role: if n.is_multiple_of(3) { DutyRole::Secondary } else { DutyRole::Primary },
            start,
            end: start.plus_ms((4 + i64::from(n % 30)) * 3_600_000),
            from: (!of_anybody).then(|| person_id(u128::from(n) % PEOPLE)),
            to: (!n.is_multiple_of(5)).then(|| person_id(90 + u128::from(n % 4))),
            created_at: Time(i64::from(n * 7 % 11)),
            source: OverrideSource::Manual,
        }
    };
    (0..40).map(one).collect()
}

fn person_id(n: u128) -> PersonId {
    PersonId(Uuid::from_u128(n + 1))
}

fn restriction(kind: RestrictionKind, start_hour: u32, end_hour: u32, weekdays: Weekdays) -> Restriction {
    Restriction { kind, start_s: start_hour * 3_600, end_s: end_hour * 3_600, weekdays }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_zone_is_known_and_the_anchor_is_a_monday() {
        for zone in ZONES {
            let almanac: Almanac = almanac(zone).unwrap();
            assert!(schedule(zone, 1).zones().iter().all(|name| almanac.zone(name).is_some()), "{zone}");
        }
        assert_eq!(ANCHOR.to_string(), "2026-05-04T09:00");
        assert!(almanac("Mars/Base").is_err());
    }
}
