//! The day as a ruler: what fired, and the needle at now.

use crate::words::{locale, words};
use chart::{Ruler as Drawing, RulerSpan};
use leptos::prelude::*;
use model::ids::AlertId;
use model::{Severity, Time};
use ui::context::use_look;
use ui::spark::Ruler;

const HOUR_MS: i64 = 3_600_000;
/// How far the ruler reaches back; it reaches a ninth of that ahead.
const BACK_MS: i64 = 18 * HOUR_MS;
const BACK_NARROW_MS: i64 = 6 * HOUR_MS;

/// Firings of the last hours on one line.
#[component]
pub fn Day(spans: Vec<(Time, Option<Time>, Severity, AlertId)>, now: Time) -> impl IntoView {
    let look = use_look();
    let now = now.0;
    let narrow = expect_context::<api::Viewer>().narrow;
    let spans = spans.into_iter().map(|(from, to, severity, id)| RulerSpan {
        from_ms: from.0,
        to_ms: to.map_or(now, |at| at.0),
        severity: severity.level(),
        word: id.to_string(),
    });
    let back = if narrow { BACK_NARROW_MS } else { BACK_MS };
    let drawing = Drawing {
        from_ms: now - back,
        to_ms: now + back / 9,
        now_ms: now,
        width: if narrow { 358.0 } else { 1232.0 },
        zone: look.zone,
        locale: locale(),
        spans: spans.collect(),
        marks: Vec::new(),
        label: words().day.to_owned(),
    };
    let svg = chart::ruler(&drawing);
    view! { <Ruler drawing=svg /> }
}
