//! The tab's one live stream: opened by the frame, turned into the signals that screens depend on.

use api::live::{ALERT, BOARD, BoardTick, HOUSE, RESET};
use api::pulse::Pulse;
use leptos::prelude::*;
use ui::live::LiveStream;

/// Puts the stream and its pulse into context.
pub fn provide_live() {
    provide_context(LiveStream::new());
    provide_context(Pulse::new());
}

/// Opens the stream and moves the pulse by it. Effects run only in the browser.
pub fn follow(stream: LiveStream, pulse: Pulse) {
    let step = |signal: RwSignal<u32>| Callback::new(move |_: String| signal.update(|count| *count = count.wrapping_add(1)));
    stream.on(ALERT, step(pulse.alerts));
    stream.on(HOUSE, step(pulse.house));
    stream.on(RESET, step(pulse.alerts));
    stream.on(RESET, step(pulse.house));
    stream.on(
        BOARD,
        Callback::new(move |data: String| {
            if let Ok(tick) = serde_json::from_str::<BoardTick>(&data) {
                pulse.board.set(Some(tick));
            }
        }),
    );
    stream.listen(pulse.topics.into(), &[ALERT, HOUSE, BOARD]);
}
