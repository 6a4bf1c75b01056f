//! The canvases: when they are painted, and at what size.
//!
//! Both follow their signals, at most once an animation frame. Nothing here runs on the server.

use ::chart::{Cursor, DisplayList, Size};
use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;

use crate::chart::brush;
use crate::chart::glide;
use crate::chart::stage::Stage;

/// The elements a chart is painted on.
#[derive(Clone, Copy)]
pub(crate) struct Layers {
    pub(crate) stage: NodeRef<html::Div>,
    pub(crate) data: NodeRef<html::Canvas>,
    pub(crate) needle: NodeRef<html::Canvas>,
    /// Whether the canvas has taken the place of the server's picture.
    pub(crate) is_painted: RwSignal<bool>,
    /// Whether it is in sight, or nearly: what nobody sees is not painted.
    pub(crate) is_seen: RwSignal<bool>,
}

impl Layers {
    pub(crate) fn new() -> Self {
        Self {
            stage: NodeRef::new(),
            data: NodeRef::new(),
            needle: NodeRef::new(),
            is_painted: RwSignal::new(false),
            is_seen: RwSignal::new(false),
        }
    }
}

/// Starts following: the size of the stage, the data, the needle.
pub(crate) fn mount(stage: Stage, layers: Layers) {
    Effect::new(move |previous: Option<Option<SizeWatch>>| {
        drop(previous);
        layers.stage.get().and_then(|element| SizeWatch::start(element, stage.size))
    });
    Effect::new(move |previous: Option<Option<SightWatch>>| {
        drop(previous);
        layers.stage.get().and_then(|element| SightWatch::start(&element, layers.is_seen))
    });
    let theme = theme_changes();
    follow_data(stage, layers, theme);
    follow_needle(stage, layers, theme);
    glide::follow(stage, layers);
}

/// Moves when the colours of the console do (`public/chart.js` tells).
fn theme_changes() -> RwSignal<u32> {
    let changes: RwSignal<u32> = RwSignal::new(0);
    Effect::new(move |_: Option<()>| {
        let heard = window_event_listener_untyped("mimamori-theme", move |_| {
            let _ = changes.try_update(|count| *count = count.wrapping_add(1));
        });
        on_cleanup(move || heard.remove());
    });
    changes
}

fn follow_data(stage: Stage, layers: Layers, theme: RwSignal<u32>) {
    let is_due: StoredValue<bool> = StoredValue::new(false);
    Effect::new(move |_: Option<()>| {
        if !layers.is_seen.get() {
            return;
        }
        stage.track();
        theme.track();
        let Some(canvas) = layers.data.get() else { return };
        once_a_frame(is_due, move || {
            if stage.picture().is_some_and(|list| brush::paint(&canvas, &list)) {
                let _ = layers.is_painted.try_set(true);
            }
        });
    });
}

fn follow_needle(stage: Stage, layers: Layers, theme: RwSignal<u32>) {
    let is_due: StoredValue<bool> = StoredValue::new(false);
    Effect::new(move |was_drawn: Option<bool>| {
        let is_empty = stage.crosshair.at_ms.get().is_none() && stage.crosshair.held_ms.get().is_none();
        if is_empty && was_drawn != Some(true) {
            return false;
        }
        if !layers.is_seen.get() {
            return was_drawn == Some(true);
        }
        stage.frame.track();
        theme.track();
        let Some(canvas) = layers.needle.get() else { return false };
        once_a_frame(is_due, move || {
            if let Some(list) = needle(stage) {
                brush::paint(&canvas, &list);
            }
        });
        !is_empty
    });
}

/// The needle as a picture: line, dots on the series, the time; first the one that is held. Empty while nothing points.
fn needle(stage: Stage) -> Option<DisplayList> {
    let frame = stage.frame.try_get_untracked()?;
    let (at, held) = (stage.crosshair.at_ms.try_get_untracked()?, stage.crosshair.held_ms.try_get_untracked()?);
    let mut picture = nothing(frame.size);
    for ms in held.into_iter().chain(at.filter(|ms| Some(*ms) != held)) {
        if (frame.from_ms..=frame.to_ms).contains(&ms) {
            let drawn = stage.peek(|plot| ::chart::cross(plot, &frame, &Cursor::at(plot, ms)))?;
            picture.ops.extend(drawn.ops);
        }
    }
    Some(picture)
}

fn nothing(size: Size) -> DisplayList {
    DisplayList { width: size.width as f32, height: size.height as f32, ops: Vec::new() }
}

/// Runs a painter in the next animation frame, unless one already waits for it. The painter reads its signals when it
/// runs, so the one that waits paints the newest state.
fn once_a_frame(is_due: StoredValue<bool>, paint: impl FnOnce() + 'static) {
    if is_due.get_value() {
        return;
    }
    is_due.set_value(true);
    request_animation_frame(move || {
        // The chart may have left the screen in the meantime; then nothing is painted.
        if is_due.try_set_value(false).is_none() {
            paint();
        }
    });
}

/// Measures the stage whenever its size changes; dropping it stops.
struct SizeWatch {
    observer: web_sys::ResizeObserver,
    _callback: Closure<dyn FnMut()>,
}

impl SizeWatch {
    fn start(element: web_sys::HtmlDivElement, size: RwSignal<Size>) -> Option<Self> {
        let watched = element.clone();
        let callback = Closure::<dyn FnMut()>::new(move || measure(&watched, size));
        let observer = web_sys::ResizeObserver::new(callback.as_ref().unchecked_ref()).ok()?;
        observer.observe(&element);
        Some(Self { observer, _callback: callback })
    }
}

impl Drop for SizeWatch {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}

/// How far outside of the window a chart is painted already, so that scrolling finds it there.
const NEARLY: &str = "200px";

/// Tells whether the stage is in sight; dropping it stops.
struct SightWatch {
    observer: web_sys::IntersectionObserver,
    _callback: Closure<dyn FnMut(js_sys::Array)>,
}

impl SightWatch {
    fn start(element: &web_sys::HtmlDivElement, is_seen: RwSignal<bool>) -> Option<Self> {
        let callback = Closure::<dyn FnMut(js_sys::Array)>::new(move |entries: js_sys::Array| {
            let newest = entries.pop().unchecked_into::<web_sys::IntersectionObserverEntry>();
            let is_in_sight = newest.is_intersecting();
            if is_seen.try_get_untracked().is_some_and(|before| before != is_in_sight) {
                is_seen.set(is_in_sight);
            }
        });
        let options = web_sys::IntersectionObserverInit::new();
        options.set_root_margin(NEARLY);
        let observer = web_sys::IntersectionObserver::new_with_options(callback.as_ref().unchecked_ref(), &options).ok()?;
        observer.observe(element);
        Some(Self { observer, _callback: callback })
    }
}

impl Drop for SightWatch {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}

/// A stage that is not shown has no size, and keeps the last one.
fn measure(element: &web_sys::HtmlDivElement, size: RwSignal<Size>) {
    let rect = element.get_bounding_client_rect();
    let measured = Size { width: rect.width(), height: rect.height() };
    let is_new = size.try_get_untracked().is_some_and(|known| known != measured);
    if measured.width >= 1.0 && measured.height >= 1.0 && is_new {
        size.set(measured);
    }
}
