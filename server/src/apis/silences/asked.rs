//! A silence as a form writes it: matchers as text, a span by its word or on the reader's wall clock, days of the week with times. Pure.

use ::api::silences::{SilenceAsk, Trouble};
use alerting::calendar::window::{Times, Weekdays, Window};
use alerting::calendar::{Calendar, Zone};
use alerting::routes::matcher_list;
use alerting::routes::matchers::{BadMatcher, MAX_MATCHERS, Matcher};
use alerting::routing::changing::Longer;
use alerting::silences::Kind;
use chrono::NaiveDateTime;
use figures::Civil;
use model::Time;

const MINUTE_MS: i64 = 60_000;
const DAY_MS: i64 = 24 * 60 * MINUTE_MS;
/// When work begins: the end of "until tomorrow morning".
const MORNING: u32 = 9;
/// Spans by their word in the form.
const SPANS: [(&str, i64); 4] = [("30m", 30 * MINUTE_MS), ("2h", 120 * MINUTE_MS), ("8h", 480 * MINUTE_MS), ("24h", DAY_MS)];
/// What a form says that names no span.
const USUAL: &str = "2h";
const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// What keeps a part of the form from being read, with what was found there.
pub type Found = (Trouble, String);

/// From when until when.
pub type Ends = (Time, Time);

/// Whether it is planned; everything that is not said to be is none.
#[must_use]
pub fn kind(ask: &SilenceAsk) -> Kind {
    Kind::from_word(&ask.kind).unwrap_or_default()
}

/// The matchers: at least one, and not so wide that nobody hears of anything.
///
/// # Errors
/// What is wrong with them.
pub fn matchers(ask: &SilenceAsk) -> Result<Vec<Matcher>, Found> {
    let read: Vec<Matcher> = matcher_list::read(&ask.matchers).map_err(|error| (Trouble::Matcher, piece_of(error)))?;
    if read.is_empty() || read.len() > MAX_MATCHERS {
        return Err((Trouble::Matchers, read.len().to_string()));
    }
    // What accepts the empty value also accepts what has no such label: nearly everything.
    if read.iter().all(|matcher| matcher.accepts("")) {
        return Err((Trouble::Everything, matcher_list::print(&read)));
    }
    Ok(read)
}

/// The text that is no matcher.
fn piece_of(error: BadMatcher) -> String {
    match error {
        BadMatcher::Form(piece) | BadMatcher::Name(piece) => piece,
        BadMatcher::Long { n } => n.to_string(),
        BadMatcher::Pattern { sign, value } => format!("{sign}{value}"),
    }
}

/// From when until when, by the reader's clock.
///
/// # Errors
/// A moment that is none.
pub fn ends(ask: &SilenceAsk, zone: &figures::Zone, now: Time) -> Result<Ends, Found> {
    match ask.span.as_str() {
        "custom" => Ok((moment(&ask.from, zone)?, moment(&ask.until, zone)?)),
        "morning" => Ok((now, next_morning(zone, now))),
        word => Ok((now, now.plus_ms(length(if word.is_empty() { USUAL } else { word })?))),
    }
}

/// How much longer, by the word of a form.
///
/// # Errors
/// A word that is none.
pub fn longer(span: &str, zone: &figures::Zone, now: Time) -> Result<Longer, Found> {
    if span == "morning" { Ok(Longer::Until(next_morning(zone, now))) } else { length(span).map(Longer::ByMs) }
}

fn length(word: &str) -> Result<i64, Found> {
    let known = SPANS.iter().find(|(name, _)| *name == word).map(|(_, ms)| *ms);
    known.ok_or_else(|| (Trouble::Moment, word.to_owned()))
}

/// Nine o'clock of the next day of the reader's calendar.
fn next_morning(zone: &figures::Zone, now: Time) -> Time {
    let tomorrow: Civil = Civil::from_wall_ms(zone.civil(now.0).wall_ms().saturating_add(DAY_MS));
    let nine = Civil { hour: MORNING, ..Civil::midnight(tomorrow.year, tomorrow.month, tomorrow.day) };
    Time(zone.instant(nine))
}

/// As `<input type="datetime-local">` sends it (HTML, 2.3.5.5): with seconds only where somebody chose some.
fn moment(text: &str, zone: &figures::Zone) -> Result<Time, Found> {
    let forms = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"];
    let read = forms.iter().find_map(|form| NaiveDateTime::parse_from_str(text.trim(), form).ok());
    let wall: NaiveDateTime = read.ok_or_else(|| (Trouble::Moment, text.to_owned()))?;
    Ok(Time(zone.instant(Civil::from_wall_ms(wall.and_utc().timestamp_millis()))))
}

/// The days on which it holds, and from when until when on each; `None` when no day is ticked.
///
/// # Errors
/// Times that are none, or only one of two.
pub fn calendar(ask: &SilenceAsk, zone: &figures::Zone) -> Result<Option<Calendar>, Found> {
    let wrong = || (Trouble::Times, ask.repeat.join(" "));
    let ticked: Vec<bool> = DAYS.iter().map(|day| ask.repeat.iter().any(|word| word == day)).collect();
    if !ticked.contains(&true) {
        return Ok(None);
    }
    let written: Vec<&str> = ask.repeat.iter().map(String::as_str).filter(|word| word.contains(':')).collect();
    let times: Vec<Times> = match written[..] {
        [] => Vec::new(),
        [from, until] => vec![format!("{from}-{until}").parse::<Times>().map_err(|_| wrong())?],
        _ => return Err(wrong()),
    };
    let weekdays: Vec<Weekdays> = runs(&ticked).iter().filter_map(|run| run.parse::<Weekdays>().ok()).collect();
    let zone: Zone = Zone::try_from(zone.name.clone()).map_err(|_| wrong())?;
    Ok(Some(Calendar { zone, windows: vec![Window { times, weekdays, ..Window::default() }] }))
}

/// Ticked days as people write them: `mon-fri`, `sun`. All seven restrict nothing.
fn runs(ticked: &[bool]) -> Vec<String> {
    if ticked.iter().all(|is_on| *is_on) {
        return Vec::new();
    }
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for day in (0..DAYS.len()).filter(|day| ticked.get(*day) == Some(&true)) {
        match runs.last_mut() {
            Some(run) if run.1 + 1 == day => run.1 = day,
            _ => runs.push((day, day)),
        }
    }
    let word = |(first, last): (usize, usize)| {
        if first == last { DAYS[first].to_owned() } else { format!("{}-{}", DAYS[first], DAYS[last]) }
    };
    runs.into_iter().map(word).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR_MS: i64 = 60 * MINUTE_MS;
    /// 2026-11-22 23:30 in Tokyo, a Sunday.
    const NOW: Time = Time(1_795_357_800_000);

    fn tokyo() -> figures::Zone {
        figures::Zone::fixed("Asia/Tokyo", "JST", 540)
    }

    fn spanning(span: &str, from: &str, until: &str) -> Result<Ends, Found> {
        let ask = SilenceAsk { span: span.to_owned(), from: from.to_owned(), until: until.to_owned(), ..SilenceAsk::default() };
        ends(&ask, &tokyo(), NOW)
    }

    fn on(repeat: &[&str]) -> Result<Option<Calendar>, Found> {
        let repeat = repeat.iter().map(|word| (*word).to_owned()).collect();
        calendar(&SilenceAsk { repeat, ..SilenceAsk::default() }, &tokyo())
    }

    fn matching(text: &str) -> Result<Vec<Matcher>, Found> {
        matchers(&SilenceAsk { matchers: text.to_owned(), ..SilenceAsk::default() })
    }

    #[test]
    fn a_span_is_read_by_the_clock_of_the_reader() {
        assert_eq!(tokyo().civil(NOW.0).hour, 23);
        assert_eq!(spanning("30m", "", ""), Ok((NOW, NOW.plus_ms(30 * MINUTE_MS))));
        assert_eq!(spanning("", "", ""), Ok((NOW, NOW.plus_ms(2 * HOUR_MS))));
        let nine = NOW.plus_ms(9 * HOUR_MS + 30 * MINUTE_MS);
        assert_eq!(spanning("morning", "", ""), Ok((NOW, nine)));
        let ends = spanning("custom", "2026-11-23T00:30", "2026-11-23T09:00:00");
        assert_eq!(ends, Ok((NOW.plus_ms(HOUR_MS), nine)));
    }

    #[test]
    fn moments_that_are_none_are_told() {
        assert_eq!(spanning("soon", "", ""), Err((Trouble::Moment, "soon".to_owned())));
        assert_eq!(spanning("custom", "2026-11-23T00:30", ""), Err((Trouble::Moment, String::new())));
        assert_eq!(spanning("custom", "2026-02-30T00:30", "x"), Err((Trouble::Moment, "2026-02-30T00:30".to_owned())));
        assert_eq!(longer("custom", &tokyo(), NOW), Err((Trouble::Moment, "custom".to_owned())));
        assert_eq!(longer("2h", &tokyo(), NOW), Ok(Longer::ByMs(2 * HOUR_MS)));
    }

    #[test]
    fn days_and_times_make_a_calendar() {
        assert_eq!(on(&["", ""]), Ok(None));
        assert_eq!(on(&["02:00", "03:00"]), Ok(None), "without a day it holds all the time");
        let nights = on(&["mon", "tue", "wed", "fri", "22:00", "06:00"]).unwrap().unwrap();
        let window = &nights.windows[0];
        let told = |texts: Vec<String>| texts.join(" ");
        assert_eq!(told(window.times.iter().map(ToString::to_string).collect()), "22:00-06:00");
        assert_eq!(told(window.weekdays.iter().map(ToString::to_string).collect()), "mon-wed fri");
        assert_eq!(String::from(nights.zone), "Asia/Tokyo");
        let daily = on(&["mon", "tue", "wed", "thu", "fri", "sat", "sun", "", ""]).unwrap().unwrap();
        assert_eq!(daily.windows, [Window::default()]);
    }

    #[test]
    fn half_a_time_is_told() {
        for repeat in [&["mon", "22:00", ""][..], &["mon", "22:00", "26:00"], &["mon", "22:00", "23:00", "01:00"]] {
            assert!(matches!(on(repeat), Err((Trouble::Times, _))), "{repeat:?}");
        }
    }

    #[test]
    fn matchers_that_would_silence_everything_are_refused() {
        assert_eq!(matching(""), Err((Trouble::Matchers, "0".to_owned())));
        assert_eq!(matching("host=a, oops"), Err((Trouble::Matcher, "oops".to_owned())));
        assert_eq!(matching("host=~\".*\""), Err((Trouble::Everything, "host=~\".*\"".to_owned())));
        assert_eq!(matching("host=a, team!=web").map(|all| all.len()), Ok(2));
    }
}
