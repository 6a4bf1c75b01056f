//! A calendar in words: 「月〜金曜 22:00〜翌06:00（祝日を除く）」, "Mon–Fri, 22:00–06:00 (next day), not on public holidays". Pure.

use api::silences::{CalendarView, HolidayView, WindowView};
use figures::Locale;

const DAYS: [(&str, &str, &str); 7] = [
    ("mon", "月", "Mon"),
    ("tue", "火", "Tue"),
    ("wed", "水", "Wed"),
    ("thu", "木", "Thu"),
    ("fri", "金", "Fri"),
    ("sat", "土", "Sat"),
    ("sun", "日", "Sun"),
];
const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// A calendar in words. Its zone is said where it is not the reader's.
#[must_use]
pub fn said(calendar: &CalendarView, zone: &str, locale: Locale) -> String {
    let windows: Vec<String> = calendar.windows.iter().map(|window| window_said(window, locale)).collect();
    let separator: &str = match locale {
        Locale::Ja => "、",
        Locale::En => "; ",
    };
    let text: String = windows.join(separator);
    if calendar.zone == zone { text } else { format!("{text} ({})", calendar.zone) }
}

fn window_said(window: &WindowView, locale: Locale) -> String {
    match locale {
        Locale::Ja => window_ja(window),
        Locale::En => window_en(window),
    }
}

fn window_ja(window: &WindowView) -> String {
    let mut on: Vec<String> = Vec::new();
    on.extend(listed(&window.months, "・", |entry| format!("{}月", span(entry, "..", "〜", str::to_owned))));
    on.extend(listed(&window.days, "・", day_ja));
    on.extend(
        listed(&window.weekdays, "・", |entry| span(entry, "-", "〜", |day| weekday(day, Locale::Ja))).map(|days| days + "曜"),
    );
    let days: String = if on.is_empty() { "毎日".to_owned() } else { on.join(" ") };
    let times: String = listed(&window.times, "・", |entry| times(entry, "〜", "翌", "")).unwrap_or_else(|| "終日".to_owned());
    let holidays: &str = match window.holidays {
        None => "",
        Some(HolidayView::Only) => "（祝日のみ）",
        Some(HolidayView::Except) => "（祝日を除く）",
    };
    format!("{days} {times}{holidays}")
}

fn window_en(window: &WindowView) -> String {
    let mut on: Vec<String> = Vec::new();
    on.extend(listed(&window.weekdays, ", ", |entry| span(entry, "-", "–", |day| weekday(day, Locale::En))));
    on.extend(listed(&window.days, ", ", day_en));
    on.extend(listed(&window.months, ", ", |entry| span(entry, "..", "–", month_en)));
    let days: String = if on.is_empty() { "every day".to_owned() } else { on.join(" · ") };
    let all_day = || "all day".to_owned();
    let times: String = listed(&window.times, " and ", |entry| times(entry, "–", "", " (next day)")).unwrap_or_else(all_day);
    let holidays: &str = match window.holidays {
        None => "",
        Some(HolidayView::Only) => ", on public holidays only",
        Some(HolidayView::Except) => ", not on public holidays",
    };
    format!("{days}, {times}{holidays}")
}

/// Entries one after the other; nothing without any.
fn listed(entries: &[String], separator: &str, say: impl Fn(&str) -> String) -> Option<String> {
    let said: Vec<String> = entries.iter().map(|entry| say(entry)).collect();
    (!said.is_empty()).then(|| said.join(separator))
}

/// `mon-fri` as its ends; an entry of one as that.
fn span(entry: &str, written: &str, between: &str, say: impl Fn(&str) -> String) -> String {
    match entry.split_once(written) {
        Some((first, last)) => format!("{}{between}{}", say(first), say(last)),
        None => say(entry),
    }
}

fn weekday(day: &str, locale: Locale) -> String {
    let known = DAYS.iter().find(|(written, _, _)| *written == day);
    known.map_or(day, |(_, ja, en)| if locale == Locale::Ja { *ja } else { *en }).to_owned()
}

fn month_en(month: &str) -> String {
    let number: usize = month.parse().unwrap_or(0);
    let name: Option<&&'static str> = number.checked_sub(1).and_then(|index| MONTHS.get(index));
    name.map_or(month, |name| *name).to_owned()
}

/// `22:00-06:00`; an end that is not later lies on the next day.
fn times(entry: &str, between: &str, before_next: &str, after_next: &str) -> String {
    let Some((from, until)) = entry.split_once('-') else { return entry.to_owned() };
    // Two digits each, so they compare as they are written.
    if until > from { format!("{from}{between}{until}") } else { format!("{from}{between}{before_next}{until}{after_next}") }
}

fn day_ja(entry: &str) -> String {
    let one = |day: &str| match day.strip_prefix('-') {
        Some("1") => "末日".to_owned(),
        Some(n) => format!("月末から{n}日目"),
        None => format!("{day}日"),
    };
    match (entry.split_once(".."), last_days(entry)) {
        (_, Some(n)) => format!("月末の{n}日間"),
        (Some((first, last)), None) => format!("{}〜{}", one(first), one(last)),
        (None, None) => one(entry),
    }
}

fn day_en(entry: &str) -> String {
    let one = |day: &str| match day.strip_prefix('-') {
        Some("1") => "the last day".to_owned(),
        Some(n) => format!("day {n} from the end"),
        None => format!("day {day}"),
    };
    match (entry.split_once(".."), last_days(entry)) {
        (_, Some(n)) => format!("the last {n} days"),
        (Some((first, last)), None) => format!("{} to {}", one(first), one(last)),
        (None, None) => one(entry),
    }
}

/// `-3..-1` are the last three days.
fn last_days(entry: &str) -> Option<&str> {
    entry.strip_prefix('-')?.strip_suffix("..-1")
}

#[cfg(test)]
mod tests {
    use super::said;
    use api::silences::{CalendarView, HolidayView, WindowView};
    use figures::Locale;

    fn texts(entries: &[&str]) -> Vec<String> {
        entries.iter().map(|entry| (*entry).to_owned()).collect()
    }

    fn told(window: WindowView) -> (String, String) {
        let calendar = CalendarView { zone: "Asia/Tokyo".to_owned(), windows: vec![window] };
        (said(&calendar, "Asia/Tokyo", Locale::Ja), said(&calendar, "Asia/Tokyo", Locale::En))
    }

    #[test]
    fn a_window_is_said_as_people_say_it() {
        let nights = WindowView {
            times: texts(&["22:00-06:00"]),
            weekdays: texts(&["mon-fri"]),
            holidays: Some(HolidayView::Except),
            ..WindowView::default()
        };
        let table = [
            (WindowView::default(), "毎日 終日", "every day, all day"),
            (nights, "月〜金曜 22:00〜翌06:00（祝日を除く）", "Mon–Fri, 22:00–06:00 (next day), not on public holidays"),
            (
                WindowView { times: texts(&["02:00-03:00", "12:00-13:00"]), ..WindowView::default() },
                "毎日 02:00〜03:00・12:00〜13:00",
                "every day, 02:00–03:00 and 12:00–13:00",
            ),
            (
                WindowView { days: texts(&["-1"]), months: texts(&["4", "12..1"]), ..WindowView::default() },
                "4月・12〜1月 末日 終日",
                "the last day · Apr, Dec–Jan, all day",
            ),
            (
                WindowView { days: texts(&["8..14", "-3..-1", "-2"]), weekdays: texts(&["sun", "wed"]), ..WindowView::default() },
                "8日〜14日・月末の3日間・月末から2日目 日・水曜 終日",
                "Sun, Wed · day 8 to day 14, the last 3 days, day 2 from the end, all day",
            ),
        ];
        for (window, ja, en) in table {
            assert_eq!(told(window), (ja.to_owned(), en.to_owned()));
        }
    }

    #[test]
    fn another_zone_than_the_readers_is_named() {
        let calendar = CalendarView { zone: "America/New_York".to_owned(), windows: vec![WindowView::default(); 2] };
        assert_eq!(said(&calendar, "Asia/Tokyo", Locale::Ja), "毎日 終日、毎日 終日 (America/New_York)");
    }
}
