//! Points in time, always on a 24-hour clock, always in a zone the caller names.

use crate::civil::{Civil, Weekday};
use crate::locale::Locale;
use crate::zone::Zone;

const MONTHS_EN: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// The time with seconds: `14:05:07`.
#[must_use]
pub fn clock_time(ms: i64, zone: &Zone) -> String {
    let Civil { hour, minute, second, .. } = zone.civil(ms);
    format!("{hour:02}:{minute:02}:{second:02}")
}

/// The time to the minute: `14:05`.
#[must_use]
pub fn short_time(ms: i64, zone: &Zone) -> String {
    let Civil { hour, minute, .. } = zone.civil(ms);
    format!("{hour:02}:{minute:02}")
}

/// The day without its year: `11/22`, `22 Nov`.
#[must_use]
pub fn month_day(ms: i64, zone: &Zone, locale: Locale) -> String {
    let civil = zone.civil(ms);
    match locale {
        Locale::Ja => format!("{}/{}", civil.month, civil.day),
        Locale::En => format!("{} {}", civil.day, month_en(civil.month)),
    }
}

/// The month with its year: `2026年11月`, `Nov 2026`.
#[must_use]
pub fn month_line(ms: i64, zone: &Zone, locale: Locale) -> String {
    let civil = zone.civil(ms);
    match locale {
        Locale::Ja => format!("{}年{}月", civil.year, civil.month),
        Locale::En => format!("{} {}", month_en(civil.month), civil.year),
    }
}

/// Day and time, for rows: `11/22 14:05`, `22 Nov, 14:05`.
#[must_use]
pub fn day_time(ms: i64, zone: &Zone, locale: Locale) -> String {
    let separator = match locale {
        Locale::Ja => " ",
        Locale::En => ", ",
    };
    format!("{}{separator}{}", month_day(ms, zone, locale), short_time(ms, zone))
}

/// Everything, for headings and titles: `2026年11月22日(日) 14:05`, `Sun 22 Nov 2026, 14:05`.
#[must_use]
pub fn full_time(ms: i64, zone: &Zone, locale: Locale) -> String {
    let civil = zone.civil(ms);
    let time = short_time(ms, zone);
    match locale {
        Locale::Ja => format!("{}年{} {time}", civil.year, date_line(ms, zone, locale)),
        Locale::En => format!("{} {}, {time}", date_line(ms, zone, locale), civil.year),
    }
}

/// The day with its weekday: `11月22日(日)`, `Sun 22 Nov`.
#[must_use]
pub fn date_line(ms: i64, zone: &Zone, locale: Locale) -> String {
    let civil = zone.civil(ms);
    let weekday = weekday_name(civil.weekday(), locale);
    match locale {
        Locale::Ja => format!("{}月{}日({weekday})", civil.month, civil.day),
        Locale::En => format!("{weekday} {} {}", civil.day, month_en(civil.month)),
    }
}

/// RFC 3339 with the zone's numeric offset, to the second: `2026-11-22T14:05:07+09:00`. Valid in
/// `<time datetime>`.
#[must_use]
pub fn iso(ms: i64, zone: &Zone) -> String {
    let civil = zone.civil(ms);
    let offset = zone.offset_at(ms);
    let sign = if offset < 0 { '-' } else { '+' };
    let (offset_hours, offset_minutes) = (offset.abs() / 60, offset.abs() % 60);
    format!(
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}{sign}{offset_hours:02}:{offset_minutes:02}",
        civil.year, civil.month, civil.day, civil.hour, civil.minute, civil.second
    )
}

fn month_en(month: u32) -> &'static str {
    MONTHS_EN[(month as usize).saturating_sub(1).min(11)]
}

fn weekday_name(weekday: Weekday, locale: Locale) -> &'static str {
    let (ja, en) = match weekday {
        Weekday::Monday => ("月", "Mon"),
        Weekday::Tuesday => ("火", "Tue"),
        Weekday::Wednesday => ("水", "Wed"),
        Weekday::Thursday => ("木", "Thu"),
        Weekday::Friday => ("金", "Fri"),
        Weekday::Saturday => ("土", "Sat"),
        Weekday::Sunday => ("日", "Sun"),
    };
    match locale {
        Locale::Ja => ja,
        Locale::En => en,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-11-22T05:05:07Z, a Sunday; 14:05:07 in Tokyo.
    const SUNDAY_MS: i64 = 1_795_323_907_000;

    fn tokyo() -> Zone {
        Zone::fixed("Asia/Tokyo", "JST", 540)
    }

    #[test]
    fn one_instant_in_every_form() {
        let zone = tokyo();
        assert_eq!(clock_time(SUNDAY_MS, &zone), "14:05:07");
        assert_eq!(short_time(SUNDAY_MS, &zone), "14:05");
        assert_eq!(iso(SUNDAY_MS, &zone), "2026-11-22T14:05:07+09:00");
        for (locale, day_time_text, full, line, month) in [
            (Locale::Ja, "11/22 14:05", "2026年11月22日(日) 14:05", "11月22日(日)", "2026年11月"),
            (Locale::En, "22 Nov, 14:05", "Sun 22 Nov 2026, 14:05", "Sun 22 Nov", "Nov 2026"),
        ] {
            assert_eq!(day_time(SUNDAY_MS, &zone, locale), day_time_text);
            assert_eq!(full_time(SUNDAY_MS, &zone, locale), full);
            assert_eq!(date_line(SUNDAY_MS, &zone, locale), line);
            assert_eq!(month_line(SUNDAY_MS, &zone, locale), month);
        }
    }

    #[test]
    fn offsets_west_and_of_half_hours_are_written() {
        assert_eq!(iso(0, &Zone::fixed("America/St_Johns", "NST", -210)), "1969-12-31T20:30:00-03:30");
        assert_eq!(iso(0, &Zone::utc()), "1970-01-01T00:00:00+00:00");
    }

    #[test]
    fn the_day_is_the_zones_day() {
        let late_ms = SUNDAY_MS + 10 * 3_600_000;
        assert_eq!(month_day(late_ms, &tokyo(), Locale::Ja), "11/23");
        assert_eq!(month_day(late_ms, &Zone::utc(), Locale::Ja), "11/22");
    }
}
