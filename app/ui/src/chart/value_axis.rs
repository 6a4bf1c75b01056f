//! The value axis as a thing to touch: the strip left of the plot, and the word that says that only a part of it is shown.
//!
//! A drag on the strip chooses a part, with Shift it moves the one that is shown; the wheel goes nearer and farther, two presses show all.
//! Keys and buttons do the same. What is chosen belongs to this chart alone and is forgotten with it.

use ::chart::Cut;
use leptos::ev::{MouseEvent, PointerEvent, WheelEvent};
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use crate::chart::gestures::{DRAG_FROM_PX, FARTHER, NEARER};
use crate::chart::stage::{Drag, Grip, Stage};
use crate::chart::surface::Layers;
use crate::context::use_look;
use crate::icon::{Icon, IconName};

/// How far a key moves a part of the axis, of its own length.
const STEP: f64 = 0.25;

impl Stage {
    /// Acts on a key of the value axis. Says whether it was one.
    pub(crate) fn axis_key(&self, key: &str) -> bool {
        match key {
            "y" => self.axis_nearer(),
            "Y" => self.scale_axis(FARTHER, self.middle_px()),
            "0" => self.show_whole_axis(),
            "ArrowUp" if self.is_axis_cut() => self.move_axis(STEP),
            "ArrowDown" if self.is_axis_cut() => self.move_axis(-STEP),
            _ => return false,
        }
        self.is_speaking.set(true);
        true
    }

    /// Whether only a part of the value axis is shown.
    pub(crate) fn is_axis_cut(&self) -> bool {
        self.cut.get_untracked().is_some()
    }

    /// Half of what is shown of the value axis, around the value at the needle.
    pub(crate) fn axis_nearer(&self) {
        self.scale_axis(NEARER, self.middle_px());
    }

    pub(crate) fn show_whole_axis(&self) {
        self.cut.set(None);
    }

    /// Moves the part that is shown, up by a share of its length.
    fn move_axis(&self, by: f64) {
        let (frame, whole) = (self.frame.get_untracked(), self.whole.get_untracked());
        self.cut.set(Cut::moved(&frame, &whole.bounds, by));
    }

    fn scale_axis(&self, factor: f64, y_px: f64) {
        let (frame, whole) = (self.frame.get_untracked(), self.whole.get_untracked());
        let cut = Cut::scaled(&frame, &whole.bounds, factor, y_px);
        if self.cut.get_untracked() != cut {
            self.cut.set(cut);
        }
    }

    /// What a key zooms on: the first line at the needle, without one its end; else the middle.
    fn middle_px(&self) -> f64 {
        let frame = self.frame.get_untracked();
        let at_ms = self.crosshair.at_ms.get_untracked();
        let value = self.peek(|plot| {
            let first = plot.series.iter().find(|series| !series.is_past())?;
            let at_ms = at_ms.or_else(|| first.points.last().map(|point| point.0))?;
            ::chart::value_at(&first.points, at_ms, plot.gap_ms)
        });
        let shown = value.flatten().filter(|value| frame.shows(*value));
        shown.map_or((frame.top + frame.bottom) / 2.0, |value| frame.y(value))
    }

    fn axis_pressed(&self, event: &PointerEvent) {
        event.stop_propagation();
        if event.button() != 0 {
            return;
        }
        if let Some(element) = event.current_target().and_then(|target| target.dyn_into::<web_sys::Element>().ok()) {
            // Fails only when the pointer is already gone, and then there is nothing to hold.
            let _ = element.set_pointer_capture(event.pointer_id());
        }
        let y_px = f64::from(event.offset_y());
        let grip = if event.shift_key() { Grip::Pan } else { Grip::Choose };
        self.axis_drag.set(Some(Drag { grip, from_px: y_px, to_px: y_px }));
    }

    /// A pointer that holds the axis points at nothing else.
    fn axis_dragged(&self, event: &PointerEvent) {
        let Some(drag) = self.axis_drag.get_untracked() else { return };
        event.stop_propagation();
        let y_px = f64::from(event.offset_y());
        if drag.grip == Grip::Pan {
            let frame = self.frame.get_untracked();
            self.move_axis((y_px - drag.to_px) / (frame.bottom - frame.top));
        }
        self.axis_drag.set(Some(Drag { to_px: y_px, ..drag }));
    }

    fn axis_released(&self, event: &PointerEvent) {
        event.stop_propagation();
        let Some(drag) = self.axis_drag.get_untracked() else { return };
        self.axis_drag.set(None);
        if drag.grip == Grip::Choose && drag.way_px().abs() >= DRAG_FROM_PX {
            let chosen = Cut::between(&self.frame.get_untracked(), drag.from_px, drag.to_px);
            self.cut.set(chosen.or(self.cut.get_untracked()));
        }
    }

    fn axis_pressed_twice(&self, event: &MouseEvent) {
        event.stop_propagation();
        self.show_whole_axis();
    }

    fn axis_turned(&self, event: &WheelEvent) {
        event.stop_propagation();
        event.prevent_default();
        self.scale_axis(if event.delta_y() < 0.0 { NEARER } else { FARTHER }, f64::from(event.offset_y()));
    }

    /// Where the chosen part begins and how high it is, in pixels.
    fn axis_span(&self) -> Option<(f64, f64)> {
        let drag = self.axis_drag.get().filter(|drag| drag.grip == Grip::Choose)?;
        Some((drag.from_px.min(drag.to_px), drag.way_px().abs()))
    }
}

/// The strip under the labels of the axis. Only a pointer finds it: keys have their own way.
#[component]
pub(crate) fn AxisStrip(stage: Stage) -> impl IntoView {
    let hint = use_look().words().axis_strip;
    view! {
        <div
            class="chart-figure__axis"
            aria-hidden="true"
            title=hint
            style:width=move || format!("{}px", stage.frame.get().left)
            on:pointerdown=move |event| stage.axis_pressed(&event)
            on:pointermove=move |event| stage.axis_dragged(&event)
            on:pointerup=move |event| stage.axis_released(&event)
            on:pointercancel=move |_| stage.axis_drag.set(None)
            on:dblclick=move |event| stage.axis_pressed_twice(&event)
            on:wheel=move |event| stage.axis_turned(&event)
        ></div>
        {move || {
            stage
                .axis_span()
                .map(|(top_px, height_px)| {
                    view! {
                        <span
                            class="chart-figure__part"
                            style:top=format!("{top_px}px")
                            style:height=format!("{height_px}px")
                        ></span>
                    }
                })
        }}
    }
}

/// Says that only a part of the axis is shown, and shows all of it again.
#[component]
pub(crate) fn AxisNote(stage: Stage, layers: Layers) -> impl IntoView {
    let words = use_look().words();
    let show_all = move |_| {
        stage.show_whole_axis();
        // The button goes: who pressed it by a key stays at the chart. Fails only where there is nothing to focus.
        let _ = layers.stage.get_untracked().map(|element| element.focus());
    };
    move || {
        stage.cut.get().is_some().then(|| {
            view! {
                <div class="chart-figure__cut">
                    <span>{words.axis_is_cut}</span>
                    <button type="button" class="chart-figure__tool" title=words.axis_whole aria-label=words.axis_whole on:click=show_all>
                        <Icon name=IconName::Close />
                    </button>
                </div>
            }
        })
    }
}
