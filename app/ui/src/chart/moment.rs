//! One moment as a thing to take along: what a press, or Enter at the needle, opens there.
//!
//! What is said and copied is decided here; `public/moment.js` draws the menu, moves in it and closes it. The needle stays meanwhile.
//! Absent: addresses. Where a figure's question is asked anew stands at the figure ([`crate::figure::ServedFigure`]).

use ::chart::{Frame, Plot};
use leptos::ev::{KeyboardEvent, MouseEvent};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

use crate::chart::stage::{Stage, values};
use crate::context::Look;

/// Stands between the words that are handed to the script: Unicode's unit separator, which nobody writes.
const SEPARATOR: &str = "\u{1f}";
/// A question around a moment shows at least so much on each side: less would be a few samples.
const LEAST_AROUND_MS: i64 = 5 * 60_000;

#[wasm_bindgen]
extern "C" {
    /// Opens the menu at a place of a chart, in CSS pixels; the times are epoch milliseconds. `ended` is called once, when it is closed.
    /// Fails while the script is not there.
    #[wasm_bindgen(js_namespace = mimamoriMoment, js_name = open, catch)]
    fn open_menu(
        stage: &web_sys::Element,
        x_px: f64,
        y_px: f64,
        said: &str,
        from_ms: f64,
        to_ms: f64,
        ended: &JsValue,
    ) -> Result<(), JsValue>;
}

impl Stage {
    /// A press that was no drag opens the menu. The second of a double press does not: that one goes back.
    pub(crate) fn clicked(&self, event: &MouseEvent) {
        let pressed_px = self.pressed_px.get_value();
        self.pressed_px.set_value(None);
        let Some(x_px) = pressed_px.filter(|_| event.detail() < 2) else { return };
        let frame = self.frame.get_untracked();
        let cursor = self.peek(|plot| ::chart::nearest_in(plot, &frame, x_px)).flatten();
        if let Some(cursor) = cursor {
            self.open(event, cursor.ms, f64::from(event.offset_y()));
        }
    }

    /// Opens the menu where the needle stands, if it stands on this chart.
    pub(crate) fn open_at_needle(&self, event: &KeyboardEvent) {
        let frame = self.frame.get_untracked();
        let is_here = |ms: i64| self.peek(|plot| (plot.from_ms..=plot.to_ms).contains(&ms)).unwrap_or(false);
        if let Some(ms) = self.crosshair.at_ms.get_untracked().filter(|ms| is_here(*ms)) {
            self.open(event, ms, (frame.top + frame.bottom) / 2.0);
        }
    }

    /// Without the script a moment can at least be held.
    fn open(&self, event: &web_sys::Event, ms: i64, y_px: f64) {
        let Some(element) = event.current_target().and_then(|target| target.dyn_into::<web_sys::Element>().ok()) else { return };
        let (frame, crosshair) = (self.frame.get_untracked(), self.crosshair);
        let is_held = crosshair.held_ms.get_untracked() == Some(ms);
        let words = self.peek(|plot| self.look.with_value(|look| said(plot, ms, is_held, look)));
        let Some(words) = words else { return };
        let (from_ms, to_ms) = around(&frame, ms);
        let ended = Closure::<dyn FnMut(bool, bool)>::once_into_js(move |does_hold: bool, is_back: bool| {
            if !crosshair.go_on() {
                return;
            }
            if does_hold {
                crosshair.hold_or_release(ms);
            } else if !is_back {
                crosshair.leave();
            }
        });
        // The newest sample may lie behind the edge that a living chart is drawn to.
        let x_px = frame.x(ms).min(frame.right);
        match open_menu(&element, x_px, y_px, &words, from_ms as f64, to_ms as f64, &ended) {
            Ok(()) => crosshair.stay(ms),
            Err(_) => crosshair.hold_or_release(ms),
        }
    }
}

/// The words of the menu in the order in which the script takes them apart.
fn said(plot: &Plot, at_ms: i64, is_held: bool, look: &Look) -> String {
    let words = look.words();
    let name: String = (words.moment_menu)(&::chart::moment(plot, at_ms));
    let copied: String = copied(plot, at_ms, look);
    let hold: &str = if is_held { words.moment_release } else { words.moment_hold };
    [name.as_str(), words.moment_copy, copied.as_str(), words.moment_copied, words.moment_not_copied, words.moment_around, hold]
        .join(SEPARATOR)
}

/// What is copied: the time, exact and with its offset because it will be read elsewhere, and a line for each value.
fn copied(plot: &Plot, at_ms: i64, look: &Look) -> String {
    let mut lines: Vec<String> = vec![::figures::iso(at_ms, &look.zone)];
    lines.extend(values(plot, at_ms, look));
    lines.join("\n")
}

/// The span that is asked around a moment: half as long as what is shown.
fn around(frame: &Frame, at_ms: i64) -> (i64, i64) {
    let each_ms = (frame.to_ms.saturating_sub(frame.from_ms) / 4).max(LEAST_AROUND_MS);
    (at_ms.saturating_sub(each_ms).max(0), at_ms.saturating_add(each_ms))
}

#[cfg(test)]
mod tests {
    use super::{LEAST_AROUND_MS, SEPARATOR, around, copied, said};
    use crate::context::Look;
    use ::chart::{Frame, Plot, Series, Size};
    use ::figures::{Locale, Zone};

    const HOUR_MS: i64 = 3_600_000;

    fn plot() -> Plot {
        let series = |name: &str, points: Vec<(i64, f64)>| Series { name: name.to_owned(), style: 1, points, fill: false };
        let ends = vec![(0, 1.0), (HOUR_MS, 2.0)];
        let series = vec![series("used", ends), series("new", Vec::new())];
        Plot { series, ..Plot::new(0, HOUR_MS, Zone::utc(), Locale::Ja) }
    }

    #[test]
    fn what_is_copied_is_the_exact_time_and_a_line_for_each_value() {
        let look = Look { zone: Zone::fixed("Asia/Tokyo", "JST", 540), ..Look::default() };
        let copied: String = copied(&plot(), HOUR_MS, &look);
        let lines: Vec<&str> = copied.lines().collect();
        assert_eq!(lines[0], "1970-01-01T10:00:00+09:00");
        assert!(lines.len() == 2 && lines[1].starts_with("used 2"), "a series without a value has no line: {lines:?}");
    }

    #[test]
    fn a_held_moment_can_be_let_go() {
        let look = Look::default();
        let last = |is_held: bool| {
            let said: String = said(&plot(), HOUR_MS, is_held, &look);
            let words: Vec<&str> = said.split(SEPARATOR).collect();
            assert_eq!(words.len(), 7, "the script takes apart as many: {words:?}");
            words[6].to_owned()
        };
        assert_eq!([last(false), last(true)], [look.words().moment_hold, look.words().moment_release]);
    }

    #[test]
    fn a_question_around_a_moment_shows_half_of_what_is_shown() {
        let frame = |to_ms: i64| Frame::of(&Plot::new(0, to_ms, Zone::utc(), Locale::Ja), Size { width: 300.0, height: 100.0 });
        assert_eq!(around(&frame(24 * HOUR_MS), 12 * HOUR_MS), (6 * HOUR_MS, 18 * HOUR_MS));
        assert_eq!(around(&frame(60_000), HOUR_MS), (HOUR_MS - LEAST_AROUND_MS, HOUR_MS + LEAST_AROUND_MS));
        assert_eq!(around(&frame(HOUR_MS), 0).0, 0, "nothing was before the epoch");
    }
}
