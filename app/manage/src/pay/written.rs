//! Yen, hours and moments as these screens write them.

use model::rota::local::Local;

/// `¥11,250`, `−¥3,000`.
pub fn yen(n: i64) -> String {
    let sign: &str = if n < 0 { "\u{2212}" } else { "" };
    format!("{sign}¥{}", ::figures::count(n.saturating_abs()))
}

/// `168:00`; what is shorter than a minute is cut off.
pub fn hours(ms: i64) -> String {
    let sign: &str = if ms < 0 { "\u{2212}" } else { "" };
    let minutes: i64 = ms.saturating_abs() / 60_000;
    format!("{sign}{}:{:02}", minutes / 60, minutes % 60)
}

/// Ten-thousandths as a percentage: `50%`, `12.5%`.
pub fn percent(bp: u32) -> String {
    let text: String = format!("{}.{:02}", bp / 100, bp % 100);
    format!("{}%", text.trim_end_matches('0').trim_end_matches('.'))
}

/// `09/23 21:30` by the company's wall clock. Days of a month are told by their month.
pub fn moment(at: Local) -> String {
    let text: String = at.to_string();
    let (day, clock) = text.split_once('T').unwrap_or((&text, ""));
    format!("{} {clock}", day.get(5..).unwrap_or(day).replace('-', "/"))
}

/// `09/23 21:30–01:15`; the second day where it is another.
pub fn stretch(from: Local, until: Local) -> String {
    if from.day() == until.day() {
        let end: String = moment(until);
        return format!("{}–{}", moment(from), end.split_once(' ').map_or(end.as_str(), |(_, clock)| clock));
    }
    format!("{}–{}", moment(from), moment(until))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_and_time_are_written_short() {
        assert_eq!([yen(11_250), yen(-3_000), yen(0)], ["¥11,250", "−¥3,000", "¥0"]);
        assert_eq!([hours(604_800_000), hours(-5_400_000), hours(59_999)], ["168:00", "−1:30", "0:00"]);
        assert_eq!([percent(5_000), percent(1_250), percent(0)], ["50%", "12.5%", "0%"]);
    }

    #[test]
    fn a_stretch_names_its_second_day_only_where_it_is_another() {
        let at = |text: &str| -> Local { text.parse().unwrap() };
        assert_eq!(stretch(at("2026-09-23T21:30"), at("2026-09-23T22:00")), "09/23 21:30–22:00");
        assert_eq!(stretch(at("2026-09-23T22:00"), at("2026-09-24T01:15")), "09/23 22:00–09/24 01:15");
    }
}
