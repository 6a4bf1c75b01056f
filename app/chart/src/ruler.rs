//! The ruler: a day as a scale with a needle, and what happened along it.

use figures::{Locale, Zone};

use crate::display::number;
use crate::escape::escape;
use crate::layout::hair;
use crate::text;
use crate::time_ticks::clock_instants;

const HEIGHT: f64 = 64.0;
/// The line everything hangs from.
const BASE: f64 = 30.0;
/// The baseline of the words above and of the labels below.
const WORDS: f64 = 17.0;
const LABELS: f64 = 52.0;
const WORD_PX: f64 = 12.0;
/// Labels nearer to the needle than this give way to the time on it.
const NEEDLE_AIR: f64 = 30.0;

const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 60 * MINUTE_MS;
const DAY_MS: i64 = 24 * HOUR_MS;

/// A span of hours around now.
#[derive(Clone, Debug, PartialEq)]
pub struct Ruler {
    pub from_ms: i64,
    pub to_ms: i64,
    /// Where the needle stands. Outside the span there is none.
    pub now_ms: i64,
    /// CSS pixels: 1232 on a desk, 358 on a phone.
    pub width: f64,
    pub zone: Zone,
    pub locale: Locale,
    pub spans: Vec<RulerSpan>,
    pub marks: Vec<RulerMark>,
    /// What a screen reader says.
    pub label: String,
}

/// A stretch during which something was wrong.
#[derive(Clone, Debug, PartialEq)]
pub struct RulerSpan {
    pub from_ms: i64,
    pub to_ms: i64,
    /// 0 (worst) to 3.
    pub severity: u8,
    /// `P1 INC-041`; may be empty.
    pub word: String,
}

/// An instant at which something happened or will.
#[derive(Clone, Debug, PartialEq)]
pub struct RulerMark {
    pub ms: i64,
    pub kind: RulerMarkKind,
    /// May be empty.
    pub word: String,
}

/// How an instant is marked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RulerMarkKind {
    /// A pole: a handover, a backup.
    Event,
    /// A small arrow.
    Deploy,
    /// A dashed pole: something ahead.
    Planned,
}

/// A ruler as a complete `<svg class="ruler">`. Words that would run into each other are left out, those nearest
/// to now stay; the list beside the ruler has them all.
#[must_use]
pub fn ruler(day: &Ruler) -> String {
    let mut out = format!(
        r#"<svg class="ruler" viewBox="0 0 {} {}" role="img" aria-label="{}">"#,
        short(day.width),
        short(HEIGHT),
        escape(&day.label)
    );
    if day.to_ms > day.from_ms && day.width > 0.0 {
        scale(day, &mut out);
        happenings(day, &mut out);
        needle(day, &mut out);
    }
    out.push_str("</svg>");
    out
}

fn short(value: f64) -> String {
    number(value as f32)
}

impl Ruler {
    fn x(&self, ms: i64) -> f64 {
        (ms - self.from_ms) as f64 / (self.to_ms - self.from_ms) as f64 * self.width
    }

    fn shows(&self, ms: i64) -> bool {
        ms >= self.from_ms && ms <= self.to_ms
    }

    fn px(&self, length_ms: i64) -> f64 {
        length_ms as f64 / (self.to_ms - self.from_ms) as f64 * self.width
    }
}

/// Distances of major, medium and minor ticks, and of labels.
struct Divisions {
    major_ms: i64,
    medium_ms: i64,
    minor_ms: i64,
    label_ms: i64,
}

/// As fine as its labels allow.
fn divisions(day: &Ruler) -> Divisions {
    let (major_ms, medium_ms, minor_ms, label_ms) = if day.px(HOUR_MS) >= 150.0 {
        (HOUR_MS, HOUR_MS / 2, 5 * MINUTE_MS, HOUR_MS / 2)
    } else if day.px(HOUR_MS) >= 36.0 {
        (HOUR_MS, HOUR_MS / 2, 15 * MINUTE_MS, HOUR_MS)
    } else if day.px(HOUR_MS) >= 12.0 {
        (3 * HOUR_MS, HOUR_MS, HOUR_MS / 2, 3 * HOUR_MS)
    } else if day.px(HOUR_MS) >= 6.0 {
        (6 * HOUR_MS, 3 * HOUR_MS, HOUR_MS, 6 * HOUR_MS)
    } else {
        (DAY_MS, 12 * HOUR_MS, 6 * HOUR_MS, DAY_MS)
    };
    Divisions { major_ms, medium_ms, minor_ms, label_ms }
}

/// The base line, what lies ahead, ticks and labels.
fn scale(day: &Ruler, out: &mut String) {
    if day.shows(day.now_ms) {
        let x = day.x(day.now_ms);
        let (x, y, width) = (short(x), short(BASE - 6.0), short(day.width - x));
        out.push_str(&format!(r#"<rect class="ruler__ahead" x="{x}" y="{y}" width="{width}" height="6"/>"#));
    }
    let (base, width) = (short(BASE + 0.5), short(day.width));
    out.push_str(&format!(r#"<path class="ruler__base" d="M0 {base}H{width}"/>"#));
    let divisions = divisions(day);
    let (mut minor, mut major) = (String::new(), String::new());
    for ms in clock_instants(day.from_ms, day.to_ms, divisions.minor_ms, &day.zone) {
        let start = format!("M{} {}", short(hair(day.x(ms))), short(BASE));
        let wall_ms = day.zone.civil(ms).wall_ms();
        if wall_ms.rem_euclid(divisions.major_ms) == 0 {
            major.push_str(&format!("{start}v9"));
        } else {
            let length = if wall_ms.rem_euclid(divisions.medium_ms) == 0 { 6 } else { 3 };
            minor.push_str(&format!("{start}v{length}"));
        }
    }
    out.push_str(&format!(r#"<path class="ruler__tick" d="{minor}"/>"#));
    out.push_str(&format!(r#"<path class="ruler__tick ruler__tick--major" d="{major}"/>"#));
    labels(day, divisions.label_ms, out);
}

fn labels(day: &Ruler, label_ms: i64, out: &mut String) {
    for ms in clock_instants(day.from_ms, day.to_ms, label_ms, &day.zone) {
        let x = hair(day.x(ms));
        let is_under_needle = day.shows(day.now_ms) && (x - day.x(day.now_ms)).abs() < NEEDLE_AIR;
        if is_under_needle || x < 12.0 || x > day.width - 12.0 {
            continue;
        }
        let civil = day.zone.civil(ms);
        let is_midnight = civil.hour == 0 && civil.minute == 0;
        let (class, label) = if is_midnight {
            (r#" class="ruler__word""#, figures::month_day(ms, &day.zone, day.locale))
        } else if label_ms < HOUR_MS {
            ("", figures::short_time(ms, &day.zone))
        } else {
            ("", civil.hour.to_string())
        };
        out.push_str(&format!(
            r#"<text{class} x="{}" y="{}" text-anchor="middle">{}</text>"#,
            short(x),
            short(LABELS),
            escape(&label)
        ));
    }
}

/// Spans and marks with their words; the room for words goes to spans first, then to what is nearest to now.
fn happenings(day: &Ruler, out: &mut String) {
    let mut room = Room { width: day.width, taken: Vec::new() };
    if day.shows(day.now_ms) {
        let x = day.x(day.now_ms);
        room.taken.push((x - 3.0, x + 3.0));
    }
    for span in day.spans.iter().filter(|span| span.to_ms >= day.from_ms && span.from_ms <= day.to_ms) {
        span_marks(day, span, &mut room, out);
    }
    let mut marks: Vec<&RulerMark> = day.marks.iter().filter(|mark| day.shows(mark.ms)).collect();
    for mark in marks.iter().filter(|mark| mark.kind != RulerMarkKind::Deploy) {
        let x = day.x(mark.ms);
        room.taken.push((x - 2.0, x + 2.0));
    }
    marks.sort_by_key(|mark| (mark.ms - day.now_ms).abs());
    for mark in marks {
        mark_strokes(day, mark, out);
        mark_word(day, mark, &mut room, out);
    }
}

fn span_marks(day: &Ruler, span: &RulerSpan, room: &mut Room, out: &mut String) {
    let severity = span.severity.min(3);
    let left = day.x(span.from_ms.max(day.from_ms));
    let right = day.x(span.to_ms.min(day.to_ms));
    out.push_str(&format!(
        r#"<rect class="ruler__band--{severity}" x="{}" y="{}" width="{}" height="6"/>"#,
        short(left),
        short(BASE - 6.0),
        short((right - left).max(2.0))
    ));
    let width = text::width(&span.word, WORD_PX, true) + 15.0;
    if span.word.is_empty() || !room.take((left - 4.0 - width, left - 4.0)) {
        return;
    }
    let shape = severity_shape(severity, left - 4.0 - width + 5.0, WORDS - 4.5);
    out.push_str(&format!(r#"<path class="ruler__shape{severity}" d="{shape}"/>"#));
    out.push_str(&format!(
        r#"<text class="ruler__sev{severity}" x="{}" y="{}" text-anchor="end">{}</text>"#,
        short(left - 4.0),
        short(WORDS),
        escape(&span.word)
    ));
}

/// The outline of a severity's shape, about ten pixels wide around a centre.
fn severity_shape(severity: u8, x: f64, y: f64) -> String {
    let at = |dx: f64, dy: f64| format!("M{} {}", short(x + dx), short(y + dy));
    match severity {
        0 => format!("{}h8v8h-8Z", at(-4.0, -4.0)),
        1 => format!("{}l5 9h-10Z", at(0.0, -4.5)),
        2 => format!("{}l5.5 5.5-5.5 5.5-5.5-5.5Z", at(0.0, -5.5)),
        _ => format!("{}a4 4 0 1 1 0 8a4 4 0 1 1 0-8Z", at(0.0, -4.0)),
    }
}

fn mark_strokes(day: &Ruler, mark: &RulerMark, out: &mut String) {
    let x = short(hair(day.x(mark.ms)));
    let (base, top) = (short(BASE), short(BASE - 22.0));
    out.push_str(&match mark.kind {
        RulerMarkKind::Event => format!(r#"<path class="ruler__mark" d="M{x} {base}V{top}"/>"#),
        RulerMarkKind::Deploy => {
            format!(r#"<path class="ruler__mark" d="M{x} {base}v-7m-2.5 2.5 2.5-2.5 2.5 2.5"/>"#)
        }
        RulerMarkKind::Planned => {
            format!(r#"<path class="ruler__line" stroke-dasharray="2 2" d="M{x} {base}V{top}"/>"#)
        }
    });
}

/// The word to the right of its mark, else to the left, else none.
fn mark_word(day: &Ruler, mark: &RulerMark, room: &mut Room, out: &mut String) {
    if mark.word.is_empty() {
        return;
    }
    let x = day.x(mark.ms);
    let width = text::width(&mark.word, WORD_PX, false);
    let (place, anchor) = if room.take((x + 5.6, x + 5.6 + width)) {
        (x + 5.6, "")
    } else if room.take((x - 5.6 - width, x - 5.6)) {
        (x - 5.6, r#" text-anchor="end""#)
    } else {
        return;
    };
    let class = match mark.kind {
        RulerMarkKind::Deploy => "ruler__word",
        RulerMarkKind::Event | RulerMarkKind::Planned => "ruler__word ruler__word--soft",
    };
    let (place, y) = (short(place), short(WORDS));
    out.push_str(&format!(r#"<text class="{class}" x="{place}" y="{y}"{anchor}>{}</text>"#, escape(&mark.word)));
}

fn needle(day: &Ruler, out: &mut String) {
    if !day.shows(day.now_ms) {
        return;
    }
    let x = short(hair(day.x(day.now_ms)));
    let time = figures::short_time(day.now_ms, &day.zone);
    out.push_str(&format!(r#"<path class="ruler__needle" d="M{x} 4V42"/>"#));
    out.push_str(&format!(r#"<path class="ruler__knob" d="M{x} 41l4 6h-8Z"/>"#));
    out.push_str(&format!(r#"<text class="ruler__now" x="{x}" y="60" text-anchor="middle">{time}</text>"#));
}

/// The row of words: which parts of it are taken.
struct Room {
    width: f64,
    taken: Vec<(f64, f64)>,
}

impl Room {
    /// Takes a stretch if it is free and inside.
    fn take(&mut self, wish: (f64, f64)) -> bool {
        let is_inside = wish.0 >= 0.0 && wish.1 <= self.width;
        let is_free = is_inside && self.taken.iter().all(|other| wish.1 <= other.0 || other.1 <= wish.0);
        if is_free {
            self.taken.push(wish);
        }
        is_free
    }
}

#[cfg(test)]
mod tests;
