//! A month's pay: sums, warnings, and a file with the proof of every segment (RFC 4180).

use super::premium::{Part, PartKind};
use super::yen::{Exact, RoundingMode};
use super::{Category, Month, PayBasis, PayRule, Segment};
use crate::Time;
use crate::rota::offsets::Offsets;
use figures::Locale;
use serde::{Deserialize, Serialize};

/// Sums over segments.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Total {
    /// By category, in the order of [`Category::ALL`].
    pub category_ms: [i64; 5],
    /// What is paid.
    pub yen: i64,
    /// How much time is paid below the legal floor.
    pub below_floor_ms: i64,
}

impl Total {
    /// All of it.
    #[must_use]
    pub fn ms(&self) -> i64 {
        self.category_ms.iter().sum()
    }

    /// Time of one category.
    #[must_use]
    pub fn of(&self, category: Category) -> i64 {
        self.category_ms[category as usize]
    }
}

/// The sum of the segments of one basis, or of both.
#[must_use]
pub fn total(segments: &[Segment], rule: &PayRule, basis: Option<PayBasis>) -> Total {
    let mut total = Total::default();
    let mut exact = Exact::default();
    for segment in segments.iter().filter(|segment| basis.is_none_or(|basis| segment.basis == basis)) {
        total.category_ms[segment.category as usize] += segment.ms();
        total.below_floor_ms += if segment.is_below_floor() { segment.ms() } else { 0 };
        total.yen = total.yen.saturating_add(segment.yen);
        exact = exact.plus(segment.exact());
    }
    if !rule.rounding.each_segment {
        total.yen = exact.rounded(rule.rounding.mode);
    }
    total
}

/// What is wrong enough to say before a month is closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PayWarning {
    /// So much time is paid below article 37.
    BelowFloor { ms: i64 },
    /// The base is 0, so nothing is paid.
    NoBase { basis: PayBasis },
    /// Rounding cuts off.
    RoundsDown,
    /// Nobody said which day is the statutory holiday, so floors are those of overtime.
    NoStatutoryDay,
}

/// All that is to be warned of.
#[must_use]
pub fn warnings(segments: &[Segment], rule: &PayRule) -> Vec<PayWarning> {
    let mut warnings: Vec<PayWarning> = Vec::new();
    let below: i64 = total(segments, rule, None).below_floor_ms;
    warnings.extend((below > 0).then_some(PayWarning::BelowFloor { ms: below }));
    for basis in [PayBasis::Standby, PayBasis::Worked] {
        let is_unpaid: bool = rule.base_yen(basis) == 0 && segments.iter().any(|segment| segment.basis == basis);
        warnings.extend(is_unpaid.then_some(PayWarning::NoBase { basis }));
    }
    warnings.extend((rule.rounding.mode == RoundingMode::Down).then_some(PayWarning::RoundsDown));
    let has_day: bool = rule.statutory_weekday.is_some() || !rule.statutory_days.is_empty();
    warnings.extend((!has_day).then_some(PayWarning::NoStatutoryDay));
    warnings
}

/// One person's part of a file.
#[derive(Clone, Copy, Debug)]
pub struct PersonPay<'a> {
    pub name: &'a str,
    pub segments: &'a [Segment],
}

const COLUMNS: usize = 17;
const HEAD_EN: [&str; COLUMNS] = [
    "month",
    "person",
    "basis",
    "date",
    "from",
    "until",
    "duration",
    "category",
    "statutory holiday",
    "yen per hour",
    "premiums",
    "premium %",
    "paid %",
    "legal floor %",
    "below floor",
    "yen",
    "sources",
];
const HEAD_JA: [&str; COLUMNS] = [
    "月",
    "氏名",
    "区分",
    "日付",
    "開始",
    "終了",
    "時間",
    "時間帯",
    "法定休日",
    "時給（円）",
    "割増の内訳",
    "割増率（%）",
    "支給率（%）",
    "法定下限（%）",
    "下限未満",
    "金額（円）",
    "根拠",
];

/// A line for every segment, lines ended by CR and LF. Whoever opens it in Excel needs a byte order mark before it, which is not text and
/// so not here.
#[must_use]
pub fn csv(month: Month, people: &[PersonPay<'_>], zone: &Offsets, locale: Locale) -> String {
    let head: [&str; COLUMNS] = match locale {
        Locale::Ja => HEAD_JA,
        Locale::En => HEAD_EN,
    };
    let mut text: String = line(&head.map(str::to_owned));
    for person in people {
        for segment in person.segments {
            text.push_str(&line(&cells(month, person.name, segment, zone, locale)));
        }
    }
    text
}

fn cells(month: Month, name: &str, segment: &Segment, zone: &Offsets, locale: Locale) -> [String; COLUMNS] {
    let yes_or_no = |is_so: bool| words(if is_so { ["はい", "yes"] } else { ["いいえ", "no"] }, locale).to_owned();
    let parts: Vec<String> = segment.parts.iter().map(|part| part_text(part, locale)).collect();
    let paid_bp: u32 = if segment.is_paid { super::WHOLE_BP } else { 0 };
    [
        format!("{:04}-{:02}", month.year, month.month),
        name.to_owned(),
        words(basis_words(segment.basis), locale).to_owned(),
        segment.day.to_string(),
        clock(zone, segment.span.start),
        clock(zone, segment.span.end),
        duration(segment.ms()),
        words(category_words(segment.category), locale).to_owned(),
        yes_or_no(segment.is_statutory),
        segment.base_yen.to_string(),
        parts.join(" + "),
        percent(segment.premium_bp),
        percent(paid_bp.saturating_add(segment.premium_bp)),
        percent(segment.floor_bp),
        yes_or_no(segment.is_below_floor()),
        segment.yen.to_string(),
        segment.sources.join("; "),
    ]
}

fn part_text(part: &Part, locale: Locale) -> String {
    format!("{} {}%", words(part_words(part.kind), locale), percent(part.bp))
}

/// `2026-09-23T21:30+09:00`: with the offset, because one hour of an autumn night comes twice.
fn clock(zone: &Offsets, at: Time) -> String {
    let minutes: i32 = zone.offset_at(at) / 60;
    let sign: &str = if minutes < 0 { "-" } else { "+" };
    format!("{}{sign}{:02}:{:02}", zone.local(at), minutes.abs() / 60, minutes.abs() % 60)
}

/// `2:00:00`.
fn duration(ms: i64) -> String {
    let seconds: i64 = ms / 1_000;
    format!("{}:{:02}:{:02}", seconds / 3_600, seconds / 60 % 60, seconds % 60)
}

/// Ten-thousandths as percent: `50`, `12.5`, `0.25`.
fn percent(bp: u32) -> String {
    let text: String = format!("{}.{:02}", bp / 100, bp % 100);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn words(both: [&'static str; 2], locale: Locale) -> &'static str {
    let [ja, en] = both;
    match locale {
        Locale::Ja => ja,
        Locale::En => en,
    }
}

fn basis_words(basis: PayBasis) -> [&'static str; 2] {
    match basis {
        PayBasis::Standby => ["待機", "standby"],
        PayBasis::Worked => ["実働", "worked"],
    }
}

fn category_words(category: Category) -> [&'static str; 2] {
    match category {
        Category::Business => ["営業時間", "business time"],
        Category::Evening => ["平日朝夕", "weekday evening or early morning"],
        Category::WeekdayNight => ["平日深夜", "weekday night"],
        Category::OffDay => ["休日日中", "weekend or holiday, day"],
        Category::OffNight => ["休日深夜", "weekend or holiday, night"],
    }
}

fn part_words(kind: PartKind) -> [&'static str; 2] {
    match kind {
        PartKind::Evening => ["平日朝夕", "evening"],
        PartKind::Night => ["深夜", "night"],
        PartKind::Holiday => ["休日", "holiday"],
        PartKind::Overtime => ["時間外", "overtime"],
        PartKind::LongOvertime => ["時間外（月60時間超）", "overtime over 60 h"],
        PartKind::StatutoryHoliday => ["法定休日", "statutory holiday"],
    }
}

fn line(cells: &[String; COLUMNS]) -> String {
    let written: Vec<String> = cells.iter().map(|text| cell(text)).collect();
    written.join(",") + "\r\n"
}

/// One cell. What a spreadsheet would take for a formula gets an apostrophe before it (OWASP, CSV injection), in full width too.
fn cell(text: &str) -> String {
    const FORMULAS: [char; 10] = ['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠'];
    let harmless: String = if text.starts_with(FORMULAS) { format!("'{text}") } else { text.to_owned() };
    let is_plain: bool = !harmless.contains([',', '"', '\r', '\n', ';']) && harmless.trim() == harmless;
    if is_plain { harmless } else { format!("\"{}\"", harmless.replace('"', "\"\"")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_quoted_and_harmless() {
        for (text, expected) in [
            ("佐藤 健", "佐藤 健"),
            ("a,b", "\"a,b\""),
            ("say \"no\"", "\"say \"\"no\"\"\""),
            ("one\ntwo", "\"one\ntwo\""),
            ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
            ("＝1+1", "'＝1+1"),
            ("-2,3", "\"'-2,3\""),
            ("", ""),
        ] {
            assert_eq!(cell(text), expected);
        }
    }

    #[test]
    fn shares_and_durations_are_written_short() {
        for (bp, expected) in [(0, "0"), (5_000, "50"), (1_250, "12.5"), (25, "0.25"), (10_000, "100")] {
            assert_eq!(percent(bp), expected);
        }
        assert_eq!((duration(7_200_000), duration(4_503_000)), ("2:00:00".to_owned(), "1:15:03".to_owned()));
    }
}
