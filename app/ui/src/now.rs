//! The running clock of the screen: the browser's, corrected by the server's.
//!
//! Ages are computed from it, and a browser's clock may be wrong by hours. So it only measures what passes; how far the server is ahead
//! of it is what the stream tells again and again ([`Now::heard`]), and until then what the first render knew.

use std::time::Duration;

use leptos::prelude::*;

use crate::context::use_look;

/// How often it moves: what it drives is written in seconds at the finest.
const TICK: Duration = Duration::from_millis(1_000);
/// Beyond this a difference is no delay on the way but a clock that was set, or a screen that was kept for long before it was shown.
const STEP_MS: i64 = 2_000;

/// Now, epoch milliseconds by the server's clock. Moves once a second in the browser, stands still on the server.
#[derive(Clone, Copy, Debug)]
pub struct Now(
    pub RwSignal<i64>,
    /// How far the server's clock is ahead of the browser's, in milliseconds.
    StoredValue<i64>,
);

impl Now {
    fn at(ms: i64) -> Self {
        Self(RwSignal::new(ms), StoredValue::new(0))
    }

    /// The server said just now what time it is, epoch milliseconds.
    pub fn heard(&self, server_ms: i64) {
        let sample_ms = server_ms - browser_ms();
        // The clock may be gone before the stream.
        let _ = self.1.try_update_value(|ahead_ms| *ahead_ms = better(*ahead_ms, sample_ms));
    }

    /// A moment of the browser's clock by the server's.
    #[must_use]
    pub fn by_server(&self, browser_ms: i64) -> i64 {
        browser_ms + self.1.try_get_value().unwrap_or(0)
    }

    fn tick(&self) {
        // The interval may fire once more while the screen goes.
        let _ = self.0.try_set(self.by_server(browser_ms()));
    }
}

/// The browser's clock.
fn browser_ms() -> i64 {
    js_sys::Date::now() as i64
}

/// What is known after another sample. A word takes time on its way, so every sample is too low by that time and the highest is the
/// best; one that is far off means that a clock has been set.
fn better(ahead_ms: i64, sample_ms: i64) -> i64 {
    if (sample_ms - ahead_ms).abs() > STEP_MS { sample_ms } else { ahead_ms.max(sample_ms) }
}

/// Starts the clock and provides it. The shell calls it once, after the look is provided, and hands it what the stream says
/// ([`Now::heard`]).
pub fn provide_now() -> Now {
    let started_ms = use_look().now_ms;
    let now = Now::at(started_ms);
    provide_context(now);
    Effect::new(move |_: Option<()>| {
        now.1.set_value(started_ms - browser_ms());
        if let Ok(handle) = set_interval_with_handle(move || now.tick(), TICK) {
            on_cleanup(move || handle.clear());
        }
    });
    now
}

/// The screen's clock; outside of any shell one that stands at the look's "now".
#[must_use]
pub fn use_now() -> Now {
    use_context::<Now>().unwrap_or_else(|| Now::at(use_look().now_ms))
}

#[cfg(test)]
mod tests {
    use super::better;

    #[test]
    fn the_fastest_word_is_the_truest_and_a_far_one_means_a_clock_that_was_set() {
        for (ahead_ms, sample_ms, expected) in [
            (-300, -80, -80),
            (-80, -900, -80),
            (0, 2_000, 2_000),
            (0, -2_000, 0),
            (0, -2_001, -2_001),
            (5, 3_600_000, 3_600_000),
        ] {
            assert_eq!(better(ahead_ms, sample_ms), expected, "{ahead_ms} {sample_ms}");
        }
    }
}
