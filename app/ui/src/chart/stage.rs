//! What one chart knows while it is on the screen. Everything in it is a handle, so it is copied freely.

use ::chart::{Cut, DisplayList, Frame, Glide, Plot, Pyramids, Size};
use leptos::prelude::*;

use crate::chart::crosshair::{Crosshair, use_crosshair};
use crate::chart::hands::{Aside, Hands};
use crate::context::{Look, use_look};

/// What a drag does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Grip {
    /// Chooses a span to look at.
    Choose,
    /// Moves the span along.
    Pan,
}

/// A drag in progress, in pixels from the left edge of the stage; on the strip of the value axis from its top.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Drag {
    pub(crate) grip: Grip,
    pub(crate) from_px: f64,
    pub(crate) to_px: f64,
}

impl Drag {
    /// To the right, or down, is more than zero.
    pub(crate) fn way_px(&self) -> f64 {
        self.to_px - self.from_px
    }
}

/// A finger on the chart: where it came down and where it is, in pixels from the left edge of the stage.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Finger {
    pub(crate) id: i32,
    pub(crate) from_px: f64,
    pub(crate) to_px: f64,
}

/// One chart on the screen.
#[derive(Clone, Copy)]
pub(crate) struct Stage {
    plot: Signal<Plot>,
    aside: Aside,
    /// The size it has on the screen; the server's until the browser measured.
    pub(crate) size: RwSignal<Size>,
    /// The frame of all values.
    pub(crate) whole: Memo<Frame>,
    /// The part of the value axis that is looked at, of this chart alone; without one, all of it.
    pub(crate) cut: RwSignal<Option<Cut>>,
    /// How far the picture stays behind the newest sample, so that it goes on evenly.
    pub(crate) glide: RwSignal<Glide>,
    /// What is drawn in: the part of the whole, where the edge has come to.
    pub(crate) frame: Memo<Frame>,
    /// Of a plot with very many points: a redraw need not look at each.
    pyramids: StoredValue<Pyramids>,
    pub(crate) crosshair: Crosshair,
    pub(crate) drag: RwSignal<Option<Drag>>,
    /// A drag on the strip of the value axis.
    pub(crate) axis_drag: RwSignal<Option<Drag>>,
    pub(crate) fingers: StoredValue<Vec<Finger>>,
    /// Where was pressed without a drag, until the click that follows.
    pub(crate) pressed_px: StoredValue<Option<f64>>,
    pub(crate) hands: Hands,
    pub(crate) table_open: RwSignal<bool>,
    /// Whether it says aloud what the needle shows: only the chart whose keys move it does, or twelve would talk at once.
    pub(crate) is_speaking: RwSignal<bool>,
    pub(crate) look: StoredValue<Look>,
}

impl Stage {
    pub(crate) fn new(plot: Signal<Plot>, aside: Aside, size: Size, hands: Hands, table_open: RwSignal<bool>) -> Self {
        let size: RwSignal<Size> = RwSignal::new(size);
        let pyramids: StoredValue<Pyramids> = StoredValue::new(Pyramids::default());
        let whole: Memo<Frame> = Memo::new(move |_| {
            with_rest(plot, aside, |plot| {
                pyramids.update_value(|pyramids| pyramids.follow(plot));
                pyramids.with_value(|pyramids| Frame::over(plot, size.get(), pyramids))
            })
        });
        let cut: RwSignal<Option<Cut>> = RwSignal::new(None);
        let glide: RwSignal<Glide> = RwSignal::new(Glide::default());
        let frame: Memo<Frame> = Memo::new(move |_| {
            let frame = whole.get().behind(glide.get().behind_ms);
            match cut.get() {
                Some(part) => frame.cut(part, plot.with(|plot| plot.y.unit)),
                None => frame,
            }
        });
        Self {
            plot,
            aside,
            size,
            whole,
            cut,
            glide,
            frame,
            pyramids,
            crosshair: use_crosshair(),
            drag: RwSignal::new(None),
            axis_drag: RwSignal::new(None),
            fingers: StoredValue::new(Vec::new()),
            pressed_px: StoredValue::new(None),
            hands,
            table_open,
            is_speaking: RwSignal::new(false),
            look: StoredValue::new(use_look()),
        }
    }

    /// Follows what is drawn, without reading it.
    pub(crate) fn track(&self) {
        self.plot.track();
        let _ = self.aside.is_empty();
        self.size.track();
        self.cut.track();
        self.glide.track();
    }

    /// The span of the plot.
    pub(crate) fn span(&self) -> (i64, i64) {
        self.plot.with(|plot| (plot.from_ms, plot.to_ms))
    }

    /// Whether a hand is on the chart: then nothing moves away under it.
    pub(crate) fn is_held(&self) -> bool {
        let has_drag =
            self.drag.try_get_untracked().flatten().is_some() || self.axis_drag.try_get_untracked().flatten().is_some();
        has_drag || self.fingers.try_with_value(|fingers| !fingers.is_empty()).unwrap_or(false)
    }

    /// Reads the plot as it is drawn: without the series that are put aside.
    pub(crate) fn with_plot<R>(&self, read: impl FnOnce(&Plot) -> R) -> R {
        with_rest(self.plot, self.aside, read)
    }

    /// The same outside of any effect; `None` when the chart has left the screen.
    pub(crate) fn peek<R>(&self, read: impl FnOnce(&Plot) -> R) -> Option<R> {
        let aside: Aside = self.aside;
        self.plot.try_with_untracked(|plot| match untrack(|| aside.without(plot)) {
            Some(rest) => read(&rest),
            None => read(plot),
        })
    }

    /// The picture at the size it has; `None` when the chart has left the screen.
    pub(crate) fn picture(&self) -> Option<DisplayList> {
        let frame: Frame = self.frame.try_get_untracked()?;
        self.peek(|plot| self.pyramids.with_value(|pyramids| ::chart::display_in(plot, &frame, pyramids)))
    }

    /// Where the chosen span begins and how wide it is, in pixels.
    pub(crate) fn drag_span(&self) -> Option<(f64, f64)> {
        let drag = self.drag.get().filter(|drag| drag.grip == Grip::Choose)?;
        Some((drag.from_px.min(drag.to_px), drag.way_px().abs()))
    }

    /// How far the picture is pulled aside, in pixels.
    pub(crate) fn pull_px(&self) -> f64 {
        self.drag.get().filter(|drag| drag.grip == Grip::Pan).map_or(0.0, |drag| drag.way_px())
    }

    /// Time and values at the needle, in words; empty while the chart is silent.
    pub(crate) fn said(&self) -> String {
        if !self.is_speaking.get() {
            return String::new();
        }
        let Some(at_ms) = self.crosshair.at_ms.get() else { return String::new() };
        let frame = self.frame.get();
        self.with_plot(|plot| {
            let mut parts = self.look.with_value(|look| reading(plot, at_ms, look));
            parts.extend(::chart::happened(plot, &frame, at_ms));
            parts.join(", ")
        })
    }

    /// Which part of the value axis is looked at, in words; empty while the chart is silent or shows all of it.
    pub(crate) fn said_of_axis(&self) -> String {
        if !self.is_speaking.get() || self.cut.get().is_none() {
            return String::new();
        }
        let bounds = self.frame.get().bounds;
        let unit = self.plot.with(|plot| plot.y.unit);
        self.look.with_value(|look| {
            let [low, high] = [bounds.low, bounds.high].map(|end| ::figures::value(end, unit, look.locale).joined());
            (look.words().axis_part)(&low, &high)
        })
    }

    pub(crate) fn fall_silent(&self) {
        self.is_speaking.set(false);
    }

    /// Undoes the last zoom, where the screen can.
    pub(crate) fn go_back(&self) {
        if let Some(on_back) = self.hands.on_back {
            on_back.run(());
        }
    }

    /// Shows another span, where the screen can. One that has no length is none.
    pub(crate) fn show_span(&self, from_ms: i64, to_ms: i64) {
        if let Some(on_zoom) = self.hands.on_zoom.filter(|_| from_ms < to_ms) {
            on_zoom.run((from_ms, to_ms));
        }
    }
}

fn with_rest<R>(plot: Signal<Plot>, aside: Aside, read: impl FnOnce(&Plot) -> R) -> R {
    plot.with(|plot| match aside.without(plot) {
        Some(rest) => read(&rest),
        None => read(plot),
    })
}

/// `14:05:00`, `user 58.3%`, `system 15.4%`
fn reading(plot: &Plot, at_ms: i64, look: &Look) -> Vec<String> {
    let mut parts = vec![::chart::moment(plot, at_ms)];
    parts.extend(values(plot, at_ms, look));
    parts
}

/// `user 58.3%`, `system 15.4%`: of every series that has a value there.
pub(crate) fn values(plot: &Plot, at_ms: i64, look: &Look) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    for series in &plot.series {
        if let Some(value) = ::chart::value_at(&series.points, at_ms, plot.gap_ms) {
            let written = ::figures::value(value, plot.y.unit, look.locale).joined();
            parts.push(format!("{} {written}", series.name));
        }
    }
    parts
}
