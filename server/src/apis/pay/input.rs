//! What forms about pay say, read: everything that is wrong with one is told at once.

use super::refusals::{invalid, said};
use ::api::ApiError;
use ::api::error::Mistake;
use ::api::pay::{HolidayFileView, PayRuleForm, WeekForm};
use chrono::{Datelike, NaiveDate, Weekday};
use figures::Locale;
use model::Time;
use model::business_time::{BusinessCalendar, Hours};
use model::pay::yen::{Rounding, RoundingMode};
use model::pay::{Night, PayRule, Premiums, Stacking};
use model::rota::Span;
use model::rota::local::Local;
use oncall::pay::month;
use oncall::pay::week::WeekVersion;

/// Years that the calendar can show.
const YEARS: std::ops::RangeInclusive<i32> = model::holidays::FIRST_YEAR..=model::holidays::csv::LAST_YEAR;
const WEEKDAYS: [(&str, Weekday); 7] = [
    ("mon", Weekday::Mon),
    ("tue", Weekday::Tue),
    ("wed", Weekday::Wed),
    ("thu", Weekday::Thu),
    ("fri", Weekday::Fri),
    ("sat", Weekday::Sat),
    ("sun", Weekday::Sun),
];

/// The word of a weekday in forms; empty for none.
pub fn weekday_word(weekday: Option<Weekday>) -> &'static str {
    let found = WEEKDAYS.into_iter().find(|(_, known)| Some(*known) == weekday);
    found.map_or("", |(word, _)| word)
}

/// Reads fields, and gathers what is wrong.
struct Reader {
    locale: Locale,
    wrong: Vec<Mistake>,
}

impl Reader {
    fn new(locale: Locale) -> Self {
        Self { locale, wrong: Vec::new() }
    }

    fn note(&mut self, field: &str, ja: &str, en: &str) {
        let expected = ::api::error::Expected::other(&said(self.locale, ja.to_owned(), en.to_owned()));
        self.wrong.push(Mistake::new(field, expected));
    }

    fn yen(&mut self, field: &str, text: &str) -> u32 {
        let digits: String = text.trim().chars().filter(|one| !matches!(one, ',' | '¥' | '円')).collect();
        if digits.is_empty() {
            return 0;
        }
        digits.parse::<u32>().unwrap_or_else(|_| {
            self.note(field, "円の整数で入力してください（例: 2000）。", "Write whole yen, such as 2000.");
            0
        })
    }

    /// `50`, `12.5`, with or without a percent sign.
    fn share(&mut self, field: &str, text: &str) -> u32 {
        basis_points(text.trim().trim_end_matches(['%', '％'])).unwrap_or_else(|| {
            self.note(field, "割合を % で入力してください（例: 50、12.5）。", "Write a share in percent, such as 50 or 12.5.");
            0
        })
    }

    fn clock(&mut self, field: &str, text: &str) -> u32 {
        clock(text).unwrap_or_else(|| {
            self.note(field, "時刻を 22:00 の形で入力してください。", "Write a time of day such as 22:00.");
            0
        })
    }

    fn day(&mut self, field: &str, text: &str) -> NaiveDate {
        month::day(text).unwrap_or_else(|_| {
            self.note(field, "日付を 2026-10-01 の形で入力してください。", "Write a day such as 2026-10-01.");
            NaiveDate::default()
        })
    }

    fn word<T>(&mut self, field: &str, found: Option<T>, usual: T) -> T {
        found.unwrap_or_else(|| {
            self.note(field, "一覧から選んでください。", "Choose one of the list.");
            usual
        })
    }

    fn done<T>(self, read: T) -> Result<T, ApiError> {
        match ApiError::of_mistakes(self.wrong) {
            None => Ok(read),
            Some(error) => Err(error),
        }
    }
}

/// Ten-thousandths of a text in percent with at most two decimals.
fn basis_points(text: &str) -> Option<u32> {
    let (whole, part) = text.trim().split_once('.').unwrap_or((text.trim(), ""));
    let is_number: bool =
        whole.len() <= 4 && part.len() <= 2 && whole.bytes().chain(part.bytes()).all(|one| one.is_ascii_digit());
    if !is_number || whole.is_empty() {
        return None;
    }
    let whole: u32 = whole.parse().ok()?;
    let part: u32 = format!("{part:0<2}").parse().ok()?;
    Some(whole * 100 + part)
}

/// Ten-thousandths as percent: `50`, `12.5`.
pub fn percent(bp: u32) -> String {
    let text: String = format!("{}.{:02}", bp / 100, bp % 100);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// Minutes since midnight of `22:00`.
fn clock(text: &str) -> Option<u32> {
    let (hours, minutes) = text.trim().split_once(':')?;
    let is_clock: bool = (1..=2).contains(&hours.len())
        && minutes.len() == 2
        && hours.bytes().chain(minutes.bytes()).all(|one| one.is_ascii_digit());
    let (hours, minutes): (u32, u32) = (hours.parse().ok()?, minutes.parse().ok()?);
    (is_clock && hours < 24 && minutes < 60).then_some(hours * 60 + minutes)
}

/// `22:00`.
pub fn clock_text(minute: u32) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

/// A rule as its form says it, and from which day on it counts.
pub fn rule(form: &PayRuleForm, locale: Locale) -> Result<(NaiveDate, PayRule), ApiError> {
    let mut reader = Reader::new(locale);
    let from: NaiveDate = reader.day("effective_from", &form.effective_from);
    let rule = PayRule {
        worked_yen_per_hour: reader.yen("worked_yen", &form.worked_yen),
        standby_yen_per_hour: reader.yen("standby_yen", &form.standby_yen),
        premiums: premiums(&mut reader, form),
        stacking: reader.word("stacking", Stacking::from_word(&form.stacking), Stacking::Max),
        night: Night {
            from: reader.clock("night_from", &form.night_from),
            until: reader.clock("night_until", &form.night_until),
        },
        statutory_weekday: statutory_weekday(&mut reader, &form.statutory_weekday),
        statutory_days: statutory_days(&mut reader, &form.statutory_days),
        pays_business_time: form.pays_business_time,
        dedup: form.dedup,
        rounding: Rounding {
            mode: reader.word("rounding", RoundingMode::from_word(&form.rounding), RoundingMode::HalfUp),
            each_segment: form.each_segment,
        },
    };
    reader.done((from, rule))
}

fn premiums(reader: &mut Reader, form: &PayRuleForm) -> Premiums {
    Premiums {
        evening_bp: reader.share("evening", &form.evening),
        night_bp: reader.share("night", &form.night),
        holiday_bp: reader.share("holiday", &form.holiday),
        overtime_bp: reader.share("overtime", &form.overtime),
        long_overtime_bp: reader.share("long_overtime", &form.long_overtime),
        statutory_holiday_bp: reader.share("statutory_holiday", &form.statutory_holiday),
        statutory_night_bp: reader.share("statutory_night", &form.statutory_night),
    }
}

fn statutory_weekday(reader: &mut Reader, word: &str) -> Option<Weekday> {
    if word.is_empty() {
        return None;
    }
    let found: Option<Weekday> = WEEKDAYS.into_iter().find(|(known, _)| *known == word).map(|(_, weekday)| weekday);
    Some(reader.word("statutory_weekday", found, Weekday::Sun))
}

fn statutory_days(reader: &mut Reader, text: &str) -> Vec<NaiveDate> {
    let written = text.split(|one: char| one.is_whitespace() || matches!(one, ',' | '、')).filter(|day| !day.is_empty());
    let mut days: Vec<NaiveDate> = Vec::new();
    for day in written {
        match month::day(day) {
            Ok(day) => days.push(day),
            Err(_) => {
                let ja: String = format!("「{day}」は日付ではありません。2026-12-31 の形で入力してください。");
                reader.note("statutory_days", &ja, &format!("“{day}” is no day. Write days such as 2026-12-31."));
                return days;
            }
        }
    }
    days
}

/// Business hours as their form says them.
pub fn week(form: &WeekForm, locale: Locale) -> Result<WeekVersion, ApiError> {
    let mut reader = Reader::new(locale);
    let effective_from: NaiveDate = reader.day("effective_from", &form.effective_from);
    let mut hours: [Vec<Hours>; 7] = std::array::from_fn(|_| Vec::new());
    for (day, (field, text)) in hours.iter_mut().zip(form.days()) {
        let written = text.split([',', '、']).map(str::trim).filter(|stretch| !stretch.is_empty());
        let read: Result<Vec<Hours>, _> = written.map(str::parse::<Hours>).collect();
        match read {
            Ok(read) => *day = read,
            Err(_) => reader.note(
                field,
                "09:00-18:00 の形で入力してください。分かれるときはコンマで区切り、休みなら空にします。",
                "Write hours such as 09:00-18:00, several with commas, nothing for a day off.",
            ),
        }
    }
    let (zone, calendar): (String, String) = (form.zone.trim().to_owned(), form.calendar.trim().to_owned());
    let usual = WeekVersion::usual();
    reader.done(WeekVersion { effective_from, zone, calendar, hours, ..usual })
}

/// A stretch of time by the company's wall clock. Of a time that comes twice the first is meant, unless it would end before it begins.
pub fn span(from: &str, until: &str, calendar: &BusinessCalendar, locale: Locale) -> Result<Span, ApiError> {
    let (begin, end): (Option<Local>, Option<Local>) = (from.parse::<Local>().ok(), until.parse::<Local>().ok());
    let mut reader = Reader::new(locale);
    let (ja, en) = ("日時を 2026-09-23T21:30 の形で入力してください。", "Write a day and a time such as 2026-09-23T21:30.");
    if begin.is_none() {
        reader.note("from", ja, en);
    }
    if end.is_none() {
        reader.note("until", ja, en);
    }
    let (begin, end): (Local, Local) = reader.done((begin.unwrap_or_default(), end.unwrap_or_default()))?;
    let start: Time = calendar.zone().first(begin);
    let first: Time = calendar.zone().first(end);
    Ok(Span::new(start, if first <= start { calendar.zone().last(end) } else { first }))
}

/// Minutes of `58`, `58:30`.
pub fn minutes(text: &str, locale: Locale) -> Result<i32, ApiError> {
    let text: &str = text.trim();
    let (hours, minutes) = text.split_once(':').unwrap_or((text, "0"));
    let read: Option<(i32, i32)> = hours.parse::<i32>().ok().zip(minutes.parse::<i32>().ok());
    let is_one = |(hours, minutes): &(i32, i32)| (0..=744).contains(hours) && (0..60).contains(minutes);
    let (ja, en) = ("時間を 58 または 58:30 の形で入力してください。", "Write hours such as 58 or 58:30.");
    let (hours, minutes) = read.filter(is_one).ok_or_else(|| invalid("hours", &said(locale, ja.to_owned(), en.to_owned())))?;
    Ok(hours * 60 + minutes)
}

/// A day of a form's field.
pub fn day(field: &str, text: &str, locale: Locale) -> Result<NaiveDate, ApiError> {
    let mut reader = Reader::new(locale);
    let day: NaiveDate = reader.day(field, text);
    reader.done(day)
}

/// The year that is asked for; of a file that waits its first with a difference; else this one.
pub fn year(text: &str, file: Option<&HolidayFileView>, today: NaiveDate) -> i32 {
    let asked: Option<i32> = text.trim().parse::<i32>().ok().filter(|year| YEARS.contains(year));
    let of_file: Option<i32> = file.and_then(|file| file.changes.first()).and_then(|change| change.day.get(..4)?.parse().ok());
    asked.or(of_file).unwrap_or(today.year())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form() -> PayRuleForm {
        let text = |text: &str| text.to_owned();
        PayRuleForm {
            role: text("everybody"),
            effective_from: text("2026-10-01"),
            standby_yen: text("500"),
            worked_yen: text("2,000円"),
            stacking: text("sum"),
            evening: text("50"),
            night: text("12.5%"),
            holiday: text("50"),
            overtime: text("25"),
            long_overtime: text("50"),
            statutory_holiday: text("35"),
            statutory_night: text("25"),
            night_from: text("22:00"),
            night_until: text("5:00"),
            statutory_weekday: text("sun"),
            statutory_days: text("2026-12-31、2027-01-02"),
            rounding: text("half_up"),
            ..PayRuleForm::default()
        }
    }

    #[test]
    fn a_rule_is_read_as_it_is_written() {
        let (from, rule) = rule(&form(), Locale::Ja).unwrap();
        assert_eq!((from.to_string().as_str(), rule.worked_yen_per_hour, rule.premiums.night_bp), ("2026-10-01", 2_000, 1_250));
        assert_eq!((rule.night.from, rule.night.until, rule.statutory_weekday), (1_320, 300, Some(Weekday::Sun)));
        assert_eq!((rule.statutory_days.len(), weekday_word(rule.statutory_weekday)), (2, "sun"));
        for bp in [0, 1, 50, 1_250, 5_000, 10_000] {
            assert_eq!(basis_points(&percent(bp)), Some(bp));
        }
    }

    #[test]
    fn everything_that_is_wrong_is_told_at_once() {
        let bad = PayRuleForm {
            worked_yen: "two".to_owned(),
            night: "-1".to_owned(),
            night_from: "25:00".to_owned(),
            stacking: "pile".to_owned(),
            statutory_days: "soon".to_owned(),
            effective_from: String::new(),
            ..form()
        };
        let fields: Vec<String> = rule(&bad, Locale::En).unwrap_err().mistakes().into_iter().map(|one| one.field).collect();
        assert_eq!(fields, ["effective_from", "worked_yen", "night", "stacking", "night_from", "statutory_days"]);
    }

    #[test]
    fn hours_of_a_week_and_of_overtime_are_read() {
        let form = WeekForm {
            effective_from: "2026-10-01".to_owned(),
            mon: "09:00-12:00, 13:00-18:00".to_owned(),
            ..WeekForm::default()
        };
        assert_eq!(week(&form, Locale::En).unwrap().hours.map(|hours| hours.len()), [2, 0, 0, 0, 0, 0, 0]);
        let odd = WeekForm { tue: "9 to 5".to_owned(), ..form };
        assert_eq!(week(&odd, Locale::En).unwrap_err().mistakes()[0].field, "tue");
        assert_eq!((minutes("58", Locale::En), minutes(" 58:30 ", Locale::En)), (Ok(3_480), Ok(3_510)));
        assert!(["", "-1", "1:60", "800", "x"].iter().all(|text| minutes(text, Locale::En).is_err()));
    }
}
