//! The chart: one model, drawn once, shown three ways.
//!
//! A [`Plot`] says what there is to see; the server fills it, the browser redraws it. [`display()`] lays it out and
//! draws it through plotters onto a backend that only records, so the answer is a [`DisplayList`]: paths, texts
//! and circles that name a role ([`Paint`]) and never a colour. [`svg()`] writes that list as text for the first
//! paint, [`encode`] packs it for the few lines of JavaScript that replay it on a canvas, and golden tests
//! compare it as text.
//!
//! Invariants: nothing here measures in the browser, reads a clock or fails; every coordinate is in CSS pixels;
//! a hole in the data is drawn as a hole.
//!
//! Absent on purpose: colours (the style sheet has them), legends and tooltips (they are HTML), logarithmic
//! scales and heat maps (not needed by any screen yet).

mod canvas;
mod cross;
mod decimate;
mod display;
mod draw;
mod escape;
mod layout;
mod locate;
mod marks;
mod moments;
mod paint;
mod pen;
mod plot;
mod recorder;
mod ruler;
mod runs;
mod scale;
mod shape;
mod spark;
mod stack;
mod summary;
mod svg;
mod text;
mod time_ticks;
mod value_ticks;
mod wire;

pub use canvas::encode;
pub use cross::cross;
pub use decimate::m4;
pub use display::{Anchor, DisplayList, Op, Size};
pub use draw::display;
pub use layout::Frame;
pub use locate::{Cursor, Stride, nearest, nearest_in, stride, value_at};
pub use paint::Paint;
pub use plot::{Band, Limit, Marker, MarkerKind, Plot, Point, Scale, Series};
pub use ruler::{Ruler, RulerMark, RulerMarkKind, RulerSpan, ruler};
pub use runs::{gaps, runs, shared_gaps};
pub use scale::Bounds;
pub use spark::spark;
pub use summary::{Statistics, spoken, statistics};
pub use svg::{svg, svg_of};
pub use text::width;
pub use time_ticks::{TimeTick, time_ticks};
pub use value_ticks::{ValueTick, value_ticks};
