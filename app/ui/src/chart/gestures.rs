//! The hands: pointer and keyboard. Whatever a drag does, a key does too (WCAG 2.5.7).

use ::chart::{Plot, Stride};
use leptos::ev::{KeyboardEvent, PointerEvent};
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use crate::chart::stage::{Drag, Stage};

/// A press that moves less than this is a press, not a drag.
const DRAG_FROM_PX: f64 = 4.0;
/// Samples an arrow with Shift walks over.
const FAST_STEPS: u32 = 10;

impl Stage {
    pub(crate) fn pointer_moved(&self, event: &PointerEvent) {
        let x_px = f64::from(event.offset_x());
        let frame = self.frame.get_untracked();
        match self.plot.with_untracked(|plot| ::chart::nearest_in(plot, &frame, x_px)) {
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

    /// Begins a drag. A finger scrubs instead: it hides what it would choose.
    pub(crate) fn pointer_pressed(&self, event: &PointerEvent) {
        if event.button() != 0 || event.pointer_type() == "touch" {
            return;
        }
        if let Some(element) = event.current_target().and_then(|target| target.dyn_into::<web_sys::Element>().ok()) {
            // Fails only when the pointer is already gone, and then there is nothing to hold.
            let _ = element.set_pointer_capture(event.pointer_id());
        }
        let x_px = f64::from(event.offset_x());
        self.drag.set(Some(Drag { from_px: x_px, to_px: x_px }));
    }

    /// Ends a drag: a short one pins the needle, a long one chooses a span.
    pub(crate) fn pointer_released(&self) {
        let Some(drag) = self.drag.get_untracked() else { return };
        self.drag.set(None);
        let frame = self.frame.get_untracked();
        let is_long = (drag.to_px - drag.from_px).abs() >= DRAG_FROM_PX;
        match (is_long, self.on_zoom) {
            (false, _) => {
                let near = self.plot.with_untracked(|plot| ::chart::nearest_in(plot, &frame, drag.to_px));
                if let Some(cursor) = near {
                    self.crosshair.pin_or_release(cursor.ms);
                }
            }
            (true, Some(on_zoom)) => {
                let (one_ms, other_ms) = (frame.ms_at(drag.from_px), frame.ms_at(drag.to_px));
                on_zoom.run((one_ms.min(other_ms), one_ms.max(other_ms)));
            }
            (true, None) => {}
        }
    }

    pub(crate) fn pointer_left(&self) {
        if self.drag.get_untracked().is_none() {
            self.crosshair.leave();
        }
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
            "+" => self.zoom_in(),
            "-" => self.go_back(),
            "t" => self.table_open.update(|is_open| *is_open = !*is_open),
            "Escape" => self.let_go(),
            _ => return,
        }
        event.prevent_default();
    }

    /// To another sample; without samples nowhere. The first press comes from the end that the key walks away from.
    fn walk(&self, stride: Stride, n_steps: u32) {
        let here_ms = self.crosshair.at_ms.get_untracked();
        let there_ms = self.plot.with_untracked(|plot| {
            let start_ms = here_ms.unwrap_or_else(|| start_of(plot, stride));
            let first_ms = ::chart::stride(plot, start_ms, stride)?;
            Some((1..n_steps).fold(first_ms, |at_ms, _| ::chart::stride(plot, at_ms, stride).unwrap_or(at_ms)))
        });
        self.is_speaking.set(true);
        if let Some(ms) = there_ms {
            self.crosshair.at_ms.set(Some(ms));
        }
    }

    /// Half the span, round the needle or the middle.
    fn zoom_in(&self) {
        let Some(on_zoom) = self.on_zoom else { return };
        let frame = self.frame.get_untracked();
        let quarter_ms = (frame.to_ms - frame.from_ms) / 4;
        let middle_ms = self.crosshair.at_ms.get_untracked().unwrap_or(frame.from_ms + 2 * quarter_ms);
        let from_ms = middle_ms.saturating_sub(quarter_ms).max(frame.from_ms);
        on_zoom.run((from_ms, middle_ms.saturating_add(quarter_ms).min(frame.to_ms)));
    }

    /// Escape undoes one thing: a drag, a needle, a zoom.
    fn let_go(&self) {
        if self.drag.get_untracked().is_some() {
            self.drag.set(None);
        } else if self.crosshair.at_ms.get_untracked().is_some() {
            self.crosshair.clear();
        } else {
            self.go_back();
        }
    }
}

/// Just outside the end of the span that a key begins from.
fn start_of(plot: &Plot, stride: Stride) -> i64 {
    match stride {
        Stride::Next | Stride::PageForward | Stride::First => plot.from_ms.saturating_sub(1),
        Stride::Previous | Stride::PageBack | Stride::Last => plot.to_ms.saturating_add(1),
    }
}
