//! The hands: pointer, wheel and keyboard. Whatever a drag does, a key does too, and a button (`tools.rs`).

use ::chart::{Frame, Plot, Stride};
use leptos::ev::{KeyboardEvent, PointerEvent, WheelEvent};
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use crate::chart::stage::{Drag, Finger, Grip, Stage};

/// A press that moves less than this is a press, not a drag.
pub(crate) const DRAG_FROM_PX: f64 = 4.0;
/// Samples an arrow with Shift walks over.
const FAST_STEPS: u32 = 10;
/// What one turn of the wheel, or one press of a key, makes of the span.
pub(crate) const NEARER: f64 = 0.5;
pub(crate) const FARTHER: f64 = 2.0;

impl Stage {
    pub(crate) fn pointer_moved(&self, event: &PointerEvent) {
        let x_px = f64::from(event.offset_x());
        let frame = self.frame.get_untracked();
        self.fingers.update_value(|fingers| {
            for finger in fingers.iter_mut().filter(|finger| finger.id == event.pointer_id()) {
                finger.to_px = x_px;
            }
        });
        match self.peek(|plot| ::chart::nearest_in(plot, &frame, x_px)).flatten() {
            Some(cursor) => self.crosshair.point(cursor.ms),
            None => self.crosshair.leave(),
        }
        if self.drag.get_untracked().is_some() {
            self.drag.update(|drag| {
                if let Some(drag) = drag {
                    drag.to_px = x_px;
                }
            });
        }
    }

    /// Begins a drag; with Shift it moves the span. A finger scrubs instead: it hides what it would choose. Two fingers zoom.
    pub(crate) fn pointer_pressed(&self, event: &PointerEvent) {
        if event.pointer_type() == "touch" {
            let x_px = f64::from(event.offset_x());
            let finger = Finger { id: event.pointer_id(), from_px: x_px, to_px: x_px };
            self.fingers.update_value(|fingers| fingers.push(finger));
            return;
        }
        if event.button() != 0 {
            return;
        }
        if let Some(element) = event.current_target().and_then(|target| target.dyn_into::<web_sys::Element>().ok()) {
            // Fails only when the pointer is already gone, and then there is nothing to hold.
            let _ = element.set_pointer_capture(event.pointer_id());
        }
        let x_px = f64::from(event.offset_x());
        let grip = if event.shift_key() { Grip::Pan } else { Grip::Choose };
        self.drag.set(Some(Drag { grip, from_px: x_px, to_px: x_px }));
    }

    /// Ends a drag: a short one was a press, a long one shows another span.
    pub(crate) fn pointer_released(&self) {
        let Some(drag) = self.drag.get_untracked() else { return };
        self.drag.set(None);
        let frame = self.frame.get_untracked();
        if drag.way_px().abs() < DRAG_FROM_PX {
            self.press(drag.to_px);
            return;
        }
        match drag.grip {
            Grip::Choose => {
                let (one_ms, other_ms) = (frame.ms_at(drag.from_px), frame.ms_at(drag.to_px));
                self.show_span(one_ms.min(other_ms), one_ms.max(other_ms));
            }
            Grip::Pan => self.pan(frame.ms_at(drag.from_px).saturating_sub(frame.ms_at(drag.to_px))),
        }
    }

    /// A finger went up: two that moved apart or together have chosen a span, one that did not move has pressed.
    pub(crate) fn finger_lifted(&self, event: &PointerEvent) {
        let fingers = self.fingers.get_value();
        self.fingers.update_value(|fingers| fingers.retain(|finger| finger.id != event.pointer_id()));
        if let [one, other] = fingers[..] {
            self.fingers.update_value(Vec::clear);
            if let Some((from_ms, to_ms)) = pinched(&self.frame.get_untracked(), one, other) {
                self.show_span(from_ms, to_ms);
            }
        } else if let [only] = fingers[..]
            && (only.to_px - only.from_px).abs() < DRAG_FROM_PX
        {
            self.press(only.to_px);
        }
    }

    /// The click that follows acts on it (`moment.rs`): what opened under a finger would be pressed by that click.
    fn press(&self, x_px: f64) {
        self.pressed_px.set_value(Some(x_px));
    }

    pub(crate) fn pointer_left(&self) {
        if self.drag.get_untracked().is_none() {
            self.crosshair.leave();
        }
    }

    /// With Ctrl the wheel goes nearer and farther, where the pointer stands; without it the page scrolls.
    pub(crate) fn wheel_turned(&self, event: &WheelEvent) {
        if !event.ctrl_key() || self.hands.on_zoom.is_none() {
            return;
        }
        event.prevent_default();
        let at_ms = self.frame.get_untracked().ms_at(f64::from(event.offset_x()));
        self.scale(if event.delta_y() < 0.0 { NEARER } else { FARTHER }, at_ms);
    }

    pub(crate) fn key_pressed(&self, event: &KeyboardEvent) {
        if event.ctrl_key() || event.meta_key() || event.alt_key() {
            return;
        }
        let n_steps = if event.shift_key() { FAST_STEPS } else { 1 };
        match event.key().as_str() {
            "ArrowLeft" => self.walk(Stride::Previous, n_steps),
            "ArrowRight" => self.walk(Stride::Next, n_steps),
            "PageUp" => self.walk(Stride::PageBack, 1),
            "PageDown" => self.walk(Stride::PageForward, 1),
            "Home" => self.walk(Stride::First, 1),
            "End" => self.walk(Stride::Last, 1),
            "+" => self.nearer(),
            "-" => self.farther(),
            "<" | "," => self.pan(-self.quarter_ms()),
            ">" | "." => self.pan(self.quarter_ms()),
            "Backspace" => self.go_back(),
            "Enter" => self.open_at_needle(event),
            "m" => self.hold(),
            "t" => self.show_table(),
            "Escape" => self.let_go(),
            key => {
                if !self.axis_key(key) {
                    return;
                }
            }
        }
        event.prevent_default();
    }

    /// To another sample; without samples nowhere. The first press comes from the end that the key walks away from.
    fn walk(&self, stride: Stride, n_steps: u32) {
        let here_ms = self.crosshair.at_ms.get_untracked();
        let there_ms = self.peek(|plot| {
            let start_ms = here_ms.unwrap_or_else(|| start_of(plot, stride));
            let first_ms = ::chart::stride(plot, start_ms, stride)?;
            Some((1..n_steps).fold(first_ms, |at_ms, _| ::chart::stride(plot, at_ms, stride).unwrap_or(at_ms)))
        });
        self.is_speaking.set(true);
        if let Some(ms) = there_ms.flatten() {
            self.crosshair.at_ms.set(Some(ms));
        }
    }

    /// Holds the moment of the needle, to be compared with; without a needle lets go of the one that is held.
    pub(crate) fn hold(&self) {
        let held_ms = self.crosshair.held_ms.get_untracked();
        if let Some(ms) = self.crosshair.at_ms.get_untracked().or(held_ms) {
            self.crosshair.hold_or_release(ms);
        }
    }

    /// Half the span, around the needle.
    pub(crate) fn nearer(&self) {
        self.scale(NEARER, self.middle_ms());
    }

    /// Twice the span.
    pub(crate) fn farther(&self) {
        self.scale(FARTHER, self.middle_ms());
    }

    /// Opens the table, or closes it.
    pub(crate) fn show_table(&self) {
        self.table_open.update(|is_open| *is_open = !*is_open);
    }

    /// What a key zooms on: the needle, or the middle.
    fn middle_ms(&self) -> i64 {
        let frame = self.frame.get_untracked();
        let needle = self.crosshair.at_ms.get_untracked().filter(|ms| (frame.from_ms..=frame.to_ms).contains(ms));
        needle.unwrap_or(frame.from_ms + (frame.to_ms - frame.from_ms) / 2)
    }

    fn quarter_ms(&self) -> i64 {
        let frame = self.frame.get_untracked();
        (frame.to_ms - frame.from_ms) / 4
    }

    /// A span `factor` times as long, in which `at_ms` stays where it stands.
    fn scale(&self, factor: f64, at_ms: i64) {
        let (from_ms, to_ms) = scaled(&self.frame.get_untracked(), factor, at_ms);
        self.show_span(from_ms, to_ms);
    }

    fn pan(&self, by_ms: i64) {
        let frame = self.frame.get_untracked();
        self.show_span(frame.from_ms.saturating_add(by_ms), frame.to_ms.saturating_add(by_ms));
    }

    /// Escape undoes one thing: a drag, a needle, a part of the value axis, a zoom.
    fn let_go(&self) {
        if self.drag.get_untracked().is_some() || self.axis_drag.get_untracked().is_some() {
            self.drag.set(None);
            self.axis_drag.set(None);
        } else if self.crosshair.at_ms.get_untracked().is_some() {
            self.crosshair.clear();
        } else if self.is_axis_cut() {
            self.show_whole_axis();
        } else {
            self.go_back();
        }
    }
}

/// The ends of a span `factor` times as long as the frame's, in which `at_ms` stays where it stands.
fn scaled(frame: &Frame, factor: f64, at_ms: i64) -> (i64, i64) {
    let (before, after) = (at_ms.saturating_sub(frame.from_ms), frame.to_ms.saturating_sub(at_ms));
    let times = |ms: i64| (ms as f64 * factor).round() as i64;
    (at_ms.saturating_sub(times(before)), at_ms.saturating_add(times(after)))
}

/// The span in which two fingers lie on what they came down on; `None` when they hardly moved, or lie on each other.
fn pinched(frame: &Frame, one: Finger, other: Finger) -> Option<(i64, i64)> {
    let (before_px, after_px) = (other.from_px - one.from_px, other.to_px - one.to_px);
    let moved_px = (one.to_px - one.from_px).abs() + (other.to_px - other.from_px).abs();
    if moved_px < DRAG_FROM_PX || before_px.abs() < 1.0 || before_px * after_px <= 0.0 || after_px.abs() < 1.0 {
        return None;
    }
    let (one_ms, other_ms) = (frame.ms_at(one.from_px) as f64, frame.ms_at(other.from_px) as f64);
    let ms_a_px = (other_ms - one_ms) / after_px;
    let at = |x_px: f64| (one_ms + (x_px - one.to_px) * ms_a_px).round() as i64;
    Some((at(frame.left), at(frame.right)))
}

/// Just outside the end of the span that a key begins from.
fn start_of(plot: &Plot, stride: Stride) -> i64 {
    match stride {
        Stride::Next | Stride::PageForward | Stride::First => plot.from_ms.saturating_sub(1),
        Stride::Previous | Stride::PageBack | Stride::Last => plot.to_ms.saturating_add(1),
    }
}

#[cfg(test)]
mod tests {
    use super::{pinched, scaled};
    use crate::chart::stage::Finger;
    use ::chart::{Frame, Plot, Size};
    use ::figures::{Locale, Zone};

    #[test]
    fn two_fingers_keep_what_they_lie_on() {
        let plot = Plot::new(0, 1_000_000, Zone::utc(), Locale::Ja);
        let frame = Frame::of(&plot, Size { width: 300.0, height: 100.0 });
        let finger = |id: i32, from_px: f64, to_px: f64| Finger { id, from_px, to_px };
        let (from_ms, to_ms) = pinched(&frame, finger(1, 120.0, 80.0), finger(2, 180.0, 260.0)).unwrap();
        assert!((to_ms - from_ms) < 1_000_000 / 2, "apart is nearer: {from_ms} to {to_ms}");
        let zoomed = Frame::of(&Plot::new(from_ms, to_ms, Zone::utc(), Locale::Ja), Size { width: 300.0, height: 100.0 });
        for (from_px, to_px) in [(120.0, 80.0), (180.0, 260.0)] {
            assert!((zoomed.ms_at(to_px) - frame.ms_at(from_px)).abs() <= 1, "{from_px} lies under the finger at {to_px}");
        }
        assert!(pinched(&frame, finger(1, 120.0, 121.0), finger(2, 180.0, 180.0)).is_none());
        assert!(pinched(&frame, finger(1, 120.0, 200.0), finger(2, 180.0, 100.0)).is_none(), "crossed fingers say nothing");
    }

    #[test]
    fn what_is_pointed_at_stays_where_it_stands() {
        let plot = Plot::new(0, 1_000, Zone::utc(), Locale::Ja);
        let frame = Frame::of(&plot, Size { width: 300.0, height: 100.0 });
        assert_eq!(scaled(&frame, 0.5, 200), (100, 600));
        assert_eq!(scaled(&frame, 2.0, 200), (-200, 1_800));
        assert_eq!(scaled(&frame, 0.5, 0), (0, 500));
    }
}
