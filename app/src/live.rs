//! The tab's one live stream, turned into the signals that the screen and its charts depend on.

use api::live::{ALERT, BOARD, BoardTick, CLOCK, HOUSE, RESET};
use api::pulse::Pulse;
use api::wire::unpacked_text;
use leptos::prelude::*;
use std::time::Duration;
use ui::live::LiveStream;
use ui::now::Now;

/// Changes come in bursts (a storm of alerts, fifty rules applied at once): no screen is fetched more often than this.
const CALM: Duration = Duration::from_secs(1);
/// How often figures are fetched again that no event announces.
const SLOW: Duration = Duration::from_secs(15);

/// Opens the stream and moves the pulse and the clock by it.
pub fn follow(stream: LiveStream, pulse: Pulse, now: Now) {
    let (alerts, house) = (Calm::new(pulse.alerts), Calm::new(pulse.house));
    stream.on(ALERT, alerts.on_event());
    stream.on(HOUSE, house.on_event());
    stream.on(RESET, alerts.on_event());
    stream.on(RESET, house.on_event());
    stream.on(
        BOARD,
        Callback::new(move |data: String| {
            if let Some(tick) = unpacked_text::<BoardTick>(&data) {
                pulse.board.set(Some(tick));
            }
        }),
    );
    stream.on(
        CLOCK,
        Callback::new(move |data: String| {
            if let Ok(server_ms) = data.parse::<i64>() {
                now.heard(server_ms);
            }
        }),
    );
    Effect::new(move |_: Option<()>| {
        let n_times = stream.reopened.get();
        if n_times > 0 {
            pulse.reconnected.set(n_times);
        }
    });
    move_slowly(stream, pulse);
    stream.listen(pulse.topics.into(), &[ALERT, HOUSE, BOARD, CLOCK]);
}

/// Moves `pulse.slow` while somebody looks: not in a hidden tab, not while paused.
fn move_slowly(stream: LiveStream, pulse: Pulse) {
    Effect::new(move |_: Option<()>| {
        let tick = move || {
            // The interval may fire once more while the console goes.
            let is_paused = stream.paused.try_get_untracked().unwrap_or(true);
            if !is_paused && !document().hidden() {
                let _ = pulse.slow.try_update(|count| *count = count.wrapping_add(1));
            }
        };
        if let Ok(handle) = set_interval_with_handle(tick, SLOW) {
            on_cleanup(move || handle.clear());
        }
    });
}

/// A counter that steps at once when all was quiet, and during a burst once at the end of every [`CALM`].
#[derive(Clone, Copy)]
struct Calm {
    counter: RwSignal<u32>,
    is_waiting: StoredValue<bool>,
    is_due: StoredValue<bool>,
}

impl Calm {
    fn new(counter: RwSignal<u32>) -> Self {
        Self { counter, is_waiting: StoredValue::new(false), is_due: StoredValue::new(false) }
    }

    fn on_event(self) -> Callback<String> {
        Callback::new(move |_: String| self.step())
    }

    fn step(self) {
        if self.is_waiting.get_value() {
            self.is_due.set_value(true);
            return;
        }
        self.counter.update(|count| *count = count.wrapping_add(1));
        self.is_waiting.set_value(true);
        set_timeout(move || self.wake(), CALM);
    }

    fn wake(self) {
        // The timer may outlive the console.
        let Some(is_due) = self.is_due.try_get_value() else { return };
        self.is_waiting.set_value(false);
        self.is_due.set_value(false);
        if is_due {
            self.step();
        }
    }
}
