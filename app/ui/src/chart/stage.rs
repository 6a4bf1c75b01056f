//! What one chart knows while it is on the screen. Everything in it is a handle, so it is copied freely.

use ::chart::{Frame, Plot, Size};
use leptos::prelude::*;

use crate::chart::crosshair::{Crosshair, use_crosshair};
use crate::context::{Look, use_look};

/// A drag in progress, in pixels from the left edge of the stage.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Drag {
    pub(crate) from_px: f64,
    pub(crate) to_px: f64,
}

/// One chart on the screen.
#[derive(Clone, Copy)]
pub(crate) struct Stage {
    pub(crate) plot: Signal<Plot>,
    /// The size it has on the screen; the server's until the browser measured.
    pub(crate) size: RwSignal<Size>,
    pub(crate) frame: Memo<Frame>,
    pub(crate) crosshair: Crosshair,
    pub(crate) drag: RwSignal<Option<Drag>>,
    pub(crate) on_zoom: Option<Callback<(i64, i64)>>,
    pub(crate) on_back: Option<Callback<()>>,
    pub(crate) table_open: RwSignal<bool>,
    /// Whether it says aloud what the needle shows: only the chart whose keys move it does, or twelve would talk at once.
    pub(crate) is_speaking: RwSignal<bool>,
    look: StoredValue<Look>,
}

impl Stage {
    pub(crate) fn new(
        plot: Signal<Plot>,
        size: Size,
        on_zoom: Option<Callback<(i64, i64)>>,
        on_back: Option<Callback<()>>,
        table_open: RwSignal<bool>,
    ) -> Self {
        let size: RwSignal<Size> = RwSignal::new(size);
        let frame: Memo<Frame> = Memo::new(move |_| plot.with(|plot| Frame::of(plot, size.get())));
        Self {
            plot,
            size,
            frame,
            crosshair: use_crosshair(),
            drag: RwSignal::new(None),
            on_zoom,
            on_back,
            table_open,
            is_speaking: RwSignal::new(false),
            look: StoredValue::new(use_look()),
        }
    }

    /// Where the chosen span begins and how wide it is, in pixels.
    pub(crate) fn drag_span(&self) -> Option<(f64, f64)> {
        let drag = self.drag.get()?;
        Some((drag.from_px.min(drag.to_px), (drag.to_px - drag.from_px).abs()))
    }

    /// Time and values at the needle, in words; empty while the chart is silent.
    pub(crate) fn said(&self) -> String {
        if !self.is_speaking.get() {
            return String::new();
        }
        let Some(at_ms) = self.crosshair.at_ms.get() else { return String::new() };
        self.plot.with(|plot| self.look.with_value(|look| reading(plot, at_ms, look)))
    }

    pub(crate) fn fall_silent(&self) {
        self.is_speaking.set(false);
    }

    /// Undoes the last zoom, where the screen can.
    pub(crate) fn go_back(&self) {
        if let Some(on_back) = self.on_back {
            on_back.run(());
        }
    }
}

/// `14:05:00, user 58.3%, system 15.4%`
fn reading(plot: &Plot, at_ms: i64, look: &Look) -> String {
    let mut parts = vec![::figures::clock_time(at_ms, &look.zone)];
    for series in &plot.series {
        if let Some(value) = ::chart::value_at(&series.points, at_ms, plot.gap_ms) {
            let written = ::figures::value(value, plot.y.unit, look.locale).joined();
            parts.push(format!("{} {written}", series.name));
        }
    }
    parts.join(", ")
}
