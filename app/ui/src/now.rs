//! The running clock of the screen: the server's "now", moved on by the browser.

use std::time::Duration;

use leptos::prelude::*;

use crate::context::use_look;

/// How often it moves: what it drives is written in seconds at the finest.
const TICK: Duration = Duration::from_millis(1_000);

/// Now, epoch milliseconds by the server's clock. Moves once a second in the browser, stands still on the server.
#[derive(Clone, Copy, Debug)]
pub struct Now(pub RwSignal<i64>);

/// Starts the clock and provides it. The shell calls it once, after the look is provided. The browser's own clock may be
/// wrong: only what passes on it is added to the server's time.
pub fn provide_now() -> Now {
    let started_ms = use_look().now_ms;
    let now = Now(RwSignal::new(started_ms));
    provide_context(now);
    Effect::new(move |_: Option<()>| {
        let skew_ms = js_sys::Date::now() as i64 - started_ms;
        let tick = move || {
            // The interval may fire once more while the screen goes.
            let _ = now.0.try_set(js_sys::Date::now() as i64 - skew_ms);
        };
        if let Ok(handle) = set_interval_with_handle(tick, TICK) {
            on_cleanup(move || handle.clear());
        }
    });
    now
}

/// The screen's clock; outside of any shell one that stands at the look's "now".
#[must_use]
pub fn use_now() -> Now {
    use_context::<Now>().unwrap_or_else(|| Now(RwSignal::new(use_look().now_ms)))
}
