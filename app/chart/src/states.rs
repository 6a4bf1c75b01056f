//! The state timeline: a lane for each thing, and on it the stretches of its states.
//!
//! A lane's name stands on the lane. What is fine has no words; every other stretch is named on itself where that fits, else beside it
//! where nothing else is, else only when it is pointed at.

use figures::Locale;

use crate::axes;
use crate::display::{Anchor, DisplayList, Size};
use crate::draw::record;
use crate::figure::{Lane, StateSpan, States};
use crate::layout::{Frame, LABEL_PX, hair};
use crate::marks;
use crate::paint::Paint;
use crate::pen::{DrawError, Drawn, Pen};
use crate::scale::Bounds;
use crate::summary::{joined, over_time};
use crate::text;

/// A lane is as high as there is room, between these.
const LEAST_LANE_PX: f64 = 14.0;
const MOST_LANE_PX: f64 = 28.0;
/// Between two lanes.
const AIR_PX: f64 = 3.0;
/// Before words on a lane.
const INDENT_PX: f64 = 4.0;
/// The share of a lane its name may take.
const NAME_SHARE: f64 = 0.35;
/// A stretch narrower than this can't be pointed at, and says nothing.
const LEAST_POINTED_PX: f64 = 3.0;
/// More lanes than this are counted rather than read out.
const MOST_SPOKEN: usize = 6;

pub(crate) fn draw(states: &States, size: Size) -> DisplayList {
    let frame = Frame::around(size, (states.from_ms, states.to_ms), |_| (Bounds::linear(0.0, 1.0, 1.0), Vec::new()));
    record(frame.size, |sheet| paint(&Pen::new(sheet), states, &frame))
}

fn paint(pen: &Pen<'_>, states: &States, frame: &Frame) -> Drawn {
    axes::time_axis(pen, frame, &states.zone, states.locale)?;
    if states.lanes.is_empty() {
        let all = [(frame.from_ms, frame.to_ms)];
        marks::gaps(pen, &all, frame)?;
        return marks::gap_word(pen, &all, states.locale, frame);
    }
    let height = frame.bottom - frame.top;
    let most = ((height / LEAST_LANE_PX) as usize).max(1);
    // The last row says how many are left out.
    let n_shown = if states.lanes.len() > most { most - 1 } else { states.lanes.len() };
    let n_rows = if n_shown < states.lanes.len() { most } else { n_shown };
    let lane_px = (height / n_rows as f64).min(MOST_LANE_PX);
    for (index, lane) in states.lanes.iter().take(n_shown).enumerate() {
        let top = (frame.top + index as f64 * lane_px).round();
        let bottom = (frame.top + (index + 1) as f64 * lane_px).round() - AIR_PX;
        Row { pen, states, frame, top, bottom }.draw(lane)?;
    }
    if n_shown < states.lanes.len() {
        let baseline = frame.top + n_shown as f64 * lane_px + lane_px / 2.0 + 2.5;
        let words = rest(states.lanes.len() - n_shown, states.locale);
        pen.text((frame.left + INDENT_PX, baseline), Anchor::Start, &words, Paint::Tick)?;
    }
    Ok(())
}

fn rest(n_rest: usize, locale: Locale) -> String {
    match locale {
        Locale::Ja => format!("ほか{n_rest}件"),
        Locale::En => format!("{n_rest} more"),
    }
}

/// A lane in its place.
struct Row<'a> {
    pen: &'a Pen<'a>,
    states: &'a States,
    frame: &'a Frame,
    top: f64,
    bottom: f64,
}

/// A stretch in its place.
struct Stretch<'a> {
    span: &'a StateSpan,
    left: f64,
    right: f64,
}

impl Row<'_> {
    fn draw(&self, lane: &Lane) -> Drawn {
        let middle = hair((self.top + self.bottom) / 2.0);
        self.pen.line(&[(self.frame.left, middle), (self.frame.right, middle)], Paint::Grid)?;
        let stretches = self.stretches(lane);
        for stretch in &stretches {
            self.bar(lane, stretch)?;
        }
        let name_end = self.name(lane, &stretches)?;
        for (index, stretch) in stretches.iter().enumerate().filter(|(_, stretch)| stretch.span.style != 0) {
            self.label(&stretches, index, stretch, name_end)?;
        }
        Ok(())
    }

    /// What of a lane is in view. Of stretches within one pixel the weightiest stays.
    fn stretches<'l>(&self, lane: &'l Lane) -> Vec<Stretch<'l>> {
        let mut shown: Vec<Stretch<'l>> = Vec::new();
        for span in &lane.spans {
            if span.to_ms <= self.frame.from_ms || span.from_ms >= self.frame.to_ms || span.to_ms <= span.from_ms {
                continue;
            }
            let x = |ms: i64| self.frame.x(ms.clamp(self.frame.from_ms, self.frame.to_ms));
            let left = x(span.from_ms).round().min(self.frame.right - 1.0);
            let right = x(span.to_ms).round().max(left + 1.0);
            match shown.last_mut() {
                Some(last) if left < last.right => {
                    if weight(span.style) > weight(last.span.style) {
                        give_way(last, left);
                        shown.push(Stretch { span, left, right });
                    } else if right > last.right {
                        let left = last.right;
                        shown.push(Stretch { span, left, right });
                    }
                }
                _ => shown.push(Stretch { span, left, right }),
            }
        }
        shown.retain(|stretch| stretch.right > stretch.left);
        shown
    }

    fn bar(&self, lane: &Lane, stretch: &Stretch<'_>) -> Drawn {
        self.pen.rect((stretch.left, self.top), (stretch.right, self.bottom), Paint::state(stretch.span.style))?;
        if stretch.right - stretch.left < LEAST_POINTED_PX {
            return Ok(());
        }
        self.pen.note(&said(self.states, lane, stretch.span))
    }

    /// The name at the left end of its lane, in the colour of words on what lies there. Answers where it ends.
    fn name(&self, lane: &Lane, stretches: &[Stretch<'_>]) -> Result<f64, DrawError> {
        let start = self.frame.left + INDENT_PX;
        let name = text::fit(&lane.name, LABEL_PX, (self.frame.right - self.frame.left) * NAME_SHARE);
        let end = start + text::width(&name, LABEL_PX, false);
        let under = stretches.iter().find(|stretch| stretch.left <= start && stretch.right >= end);
        let paint = under.map_or(Paint::Label, |stretch| word(stretch.span.style));
        self.pen.text((start, self.baseline()), Anchor::Start, &name, paint)?;
        Ok(end + INDENT_PX)
    }

    fn label(&self, stretches: &[Stretch<'_>], index: usize, stretch: &Stretch<'_>, name_end: f64) -> Drawn {
        let style = stretch.span.style;
        let width = text::width(&stretch.span.label, LABEL_PX, word(style) != Paint::Label);
        let inside = (stretch.left + INDENT_PX).max(name_end);
        if inside + width + INDENT_PX <= stretch.right {
            return self.pen.text((inside, self.baseline()), Anchor::Start, &stretch.span.label, word(style));
        }
        let beside = (stretch.right + INDENT_PX).max(name_end);
        let next = stretches[index + 1..].iter().find(|next| next.span.style != 0);
        let end = next.map_or(self.frame.right, |next| next.left);
        if beside + width + INDENT_PX <= end {
            return self.pen.text((beside, self.baseline()), Anchor::Start, &stretch.span.label, Paint::Label);
        }
        Ok(())
    }

    fn baseline(&self) -> f64 {
        (self.top + self.bottom) / 2.0 + 4.0
    }
}

/// A stretch ends where a weightier one begins.
fn give_way(stretch: &mut Stretch<'_>, at: f64) {
    stretch.right = stretch.right.min(at);
}

/// The paint of words on a stretch.
fn word(style: u8) -> Paint {
    match Paint::state(style) {
        Paint::StateSeverity(severity) => Paint::StateWord(severity),
        _ => Paint::Label,
    }
}

/// Severities before colours, colours before what is fine.
fn weight(style: u8) -> u8 {
    match Paint::state(style) {
        Paint::StateSeverity(severity) => 5 - severity.min(3),
        Paint::State(_) => 1,
        _ => 0,
    }
}

/// `agent: stopped, 22 Nov, 14:05 to 22 Nov, 14:08 (3m)`
fn said(states: &States, lane: &Lane, span: &StateSpan) -> String {
    let time = |ms: i64| figures::day_time(ms, &states.zone, states.locale);
    let (from, to) = (time(span.from_ms), time(span.to_ms));
    let length = figures::duration(span.to_ms.saturating_sub(span.from_ms), states.locale);
    match states.locale {
        Locale::Ja => format!("{} {} {from}から{to}まで（{length}）", lane.name, span.label),
        Locale::En => format!("{}: {}, {from} to {to} ({length})", lane.name, span.label),
    }
}

/// The lanes in sentences: the state each is in, and how long it was in those that are not fine.
pub(crate) fn spoken(states: &States, title: &str) -> String {
    let mut sentences = vec![over_time(title, (states.from_ms, states.to_ms), &states.zone, states.locale)];
    if states.lanes.is_empty() {
        sentences.push(marks::no_data(states.locale).to_owned());
    }
    sentences.extend(states.lanes.iter().take(MOST_SPOKEN).map(|lane| lane_sentence(states, lane)));
    if states.lanes.len() > MOST_SPOKEN {
        sentences.push(rest(states.lanes.len() - MOST_SPOKEN, states.locale));
    }
    joined(&sentences, states.locale)
}

fn lane_sentence(states: &States, lane: &Lane) -> String {
    let shares = state_shares(lane, states.from_ms, states.to_ms);
    let in_view = |span: &&StateSpan| span.to_ms > states.from_ms && span.from_ms < states.to_ms;
    let Some(last) = lane.spans.iter().rev().find(in_view) else {
        return match states.locale {
            Locale::Ja => format!("{}は{}", lane.name, marks::no_data(states.locale)),
            Locale::En => format!("{}: {}", lane.name, marks::no_data(states.locale).to_lowercase()),
        };
    };
    let not_fine: Vec<String> = shares
        .iter()
        .filter(|share| share.style != 0)
        .map(|share| match states.locale {
            Locale::Ja => format!("、{}は計{}", share.label, figures::duration(share.length_ms, states.locale)),
            Locale::En => format!(", {} for {}", share.label, figures::duration(share.length_ms, states.locale)),
        })
        .collect();
    match states.locale {
        Locale::Ja => format!("{}は{}{}", lane.name, last.label, not_fine.concat()),
        Locale::En => format!("{}: {}{}", lane.name, last.label, not_fine.concat()),
    }
}

/// How long a lane was in one state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StateShare {
    pub label: String,
    pub style: u8,
    pub length_ms: i64,
}

/// How long a lane was in each of its states within a span, in the order they first occurred.
#[must_use]
pub fn state_shares(lane: &Lane, from_ms: i64, to_ms: i64) -> Vec<StateShare> {
    let mut shares: Vec<StateShare> = Vec::new();
    for span in &lane.spans {
        let length_ms = span.to_ms.min(to_ms).saturating_sub(span.from_ms.max(from_ms));
        if length_ms <= 0 {
            continue;
        }
        match shares.iter_mut().find(|share| share.label == span.label && share.style == span.style) {
            Some(share) => share.length_ms = share.length_ms.saturating_add(length_ms),
            None => shares.push(StateShare { label: span.label.clone(), style: span.style, length_ms }),
        }
    }
    shares
}

#[cfg(test)]
mod tests;
