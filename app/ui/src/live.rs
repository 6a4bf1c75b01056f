//! The live stream: one event source for the tab, whatever the number of listeners.
//!
//! The server sends named events with growing ids. A source that lost its line reconnects by itself and says the last id
//! it saw; one that was closed (a pause, new topics, an error the browser does not retry) is opened anew with `since=`.
//! When that id is too old the server sends `reset`: who listens to it fetches everything again. A hidden tab keeps its
//! stream, a paused one has none.
//!
//! The server says something at least every quarter of a minute. A line that is silent for much longer is dead, whatever the browser
//! thinks of it (a laptop that slept, a network that went away without a word), and is opened anew. Where the browser itself says that
//! its network is gone, nobody waits for that silence.

use std::time::Duration;

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;

/// The event that says: the ids you know are gone, fetch again.
pub const RESET: &str = "reset";
/// The event that says: the server is about to close this line on purpose, come back at once.
pub const BYE: &str = "bye";

/// The first and the longest wait before a closed source is opened again.
const FIRST_WAIT_MS: u64 = 1_000;
const LONGEST_WAIT_MS: u64 = 30_000;
/// After a goodbye: shorter than the source's own retry (2 s), longer than leaving a screen takes.
const DISMISSED_WAIT: Duration = Duration::from_millis(900);
/// Three times as long as the server is ever silent, and some.
const SILENT_MS: i64 = 50_000;
/// How often that is looked at.
const DOUBT: Duration = Duration::from_secs(5);

#[derive(Clone, Debug)]
struct Handler {
    id: u32,
    name: String,
    run: Callback<String>,
}

/// The stream of the tab; the shell provides it as a context and calls [`LiveStream::listen`] once.
#[derive(Clone, Copy, Debug)]
pub struct LiveStream {
    /// Whether the line is open.
    pub connected: RwSignal<bool>,
    /// Whether the line broke, or never came about, and is being sought again. A pause is no loss.
    pub lost: RwSignal<bool>,
    /// Whether the reader stopped it (WCAG 2.2.2).
    pub paused: RwSignal<bool>,
    /// When the line last spoke, by the browser's clock, epoch milliseconds.
    pub last_event_ms: RwSignal<Option<i64>>,
    /// Moves when the line is open again after a gap (a loss, a pause, a goodbye), not when only the topics changed.
    pub reopened: RwSignal<u32>,
    handlers: StoredValue<Vec<Handler>>,
    next_id: StoredValue<u32>,
    since: StoredValue<String>,
    n_failures: StoredValue<u32>,
    has_gap: StoredValue<bool>,
    is_dismissed: StoredValue<bool>,
    attempt: RwSignal<u32>,
}

impl Default for LiveStream {
    fn default() -> Self {
        Self::after("")
    }
}

impl LiveStream {
    /// A stream that is not open yet. It will go on after the id `since`, the newest one the first screen knows; with an empty one it
    /// starts at the server's present.
    #[must_use]
    pub fn after(since: &str) -> Self {
        Self {
            connected: RwSignal::new(false),
            lost: RwSignal::new(false),
            paused: RwSignal::new(false),
            last_event_ms: RwSignal::new(None),
            reopened: RwSignal::new(0),
            handlers: StoredValue::new(Vec::new()),
            next_id: StoredValue::new(0),
            since: StoredValue::new(since.to_owned()),
            n_failures: StoredValue::new(0),
            has_gap: StoredValue::new(false),
            is_dismissed: StoredValue::new(false),
            attempt: RwSignal::new(0),
        }
    }

    /// Runs `run` with the data of every event of this name, for as long as the calling component lives.
    pub fn on(&self, name: &str, run: Callback<String>) {
        let stream = *self;
        let id = self.next_id.get_value();
        self.next_id.set_value(id.wrapping_add(1));
        self.handlers.update_value(|list| list.push(Handler { id, name: name.to_owned(), run }));
        on_cleanup(move || {
            // The stream may be gone before the component.
            let _ = stream.handlers.try_update_value(|list| list.retain(|handler| handler.id != id));
        });
    }

    /// Opens the stream in the browser and keeps it open. `topics` is the value of the query parameter of that name, already
    /// encoded; `names` are the events that may come, besides [`RESET`] and [`BYE`]. On the server nothing happens.
    pub fn listen(&self, topics: Signal<String>, names: &'static [&'static str]) {
        let stream = *self;
        Effect::new(move |previous: Option<Option<Connection>>| {
            drop(previous);
            stream.attempt.track();
            let asked = topics.get();
            if stream.paused.get() {
                stream.has_gap.set_value(true);
                stream.connected.set(false);
                stream.lost.set(false);
                return None;
            }
            // A goodbye excuses the old line's silence; a new one that fails is a loss like any other.
            stream.is_dismissed.set_value(false);
            Connection::open(stream, &address(&asked, &stream.since.get_value()), names)
        });
        Effect::new(move |_: Option<()>| {
            if let Ok(handle) = set_interval_with_handle(move || stream.doubt(), DOUBT) {
                on_cleanup(move || handle.clear());
            }
        });
        Effect::new(move |_: Option<()>| {
            let gone = window_event_listener_untyped("offline", move |_| stream.unplugged());
            let back = window_event_listener_untyped("online", move |_| stream.plugged());
            on_cleanup(move || {
                gone.remove();
                back.remove();
            });
        });
    }

    /// The browser has no network any more: an open line is sought anew at once, not after its silence.
    fn unplugged(&self) {
        if self.connected.try_get_untracked().unwrap_or(false) {
            self.failed(true);
        }
    }

    /// The browser has a network again: the next try is now, however many have failed.
    fn plugged(&self) {
        if self.lost.try_get_untracked().unwrap_or(false) {
            self.n_failures.set_value(0);
            self.attempt.update(|number| *number = number.wrapping_add(1));
        }
    }

    /// Gives up a line that says it is open and is silent.
    fn doubt(&self) {
        // The interval may fire once more while the console goes.
        let is_connected = self.connected.try_get_untracked().unwrap_or(false);
        let last_ms = self.last_event_ms.try_get_untracked().flatten();
        if is_connected && last_ms.is_some_and(|last_ms| is_dead(browser_ms(), last_ms)) {
            self.failed(true);
        }
    }

    fn opened(&self) {
        self.is_dismissed.set_value(false);
        self.n_failures.set_value(0);
        self.last_event_ms.set(Some(browser_ms()));
        self.lost.set(false);
        self.connected.set(true);
        if self.has_gap.get_value() {
            self.has_gap.set_value(false);
            self.reopened.update(|number| *number = number.wrapping_add(1));
        }
    }

    /// The server closes this line on purpose: a new one takes its place soon, and nobody reads "disconnected" meanwhile. Not at once:
    /// a tab that has just signed out is about to leave, and would only be refused.
    fn dismissed(&self) {
        self.has_gap.set_value(true);
        self.is_dismissed.set_value(true);
        let attempt = self.attempt;
        set_timeout(
            move || {
                let _ = attempt.try_update(|number| *number = number.wrapping_add(1));
            },
            DISMISSED_WAIT,
        );
    }

    /// A source that is still connecting retries by itself; a closed one never does.
    fn failed(&self, is_closed: bool) {
        if self.is_dismissed.get_value() {
            return;
        }
        self.connected.set(false);
        self.lost.set(true);
        self.has_gap.set_value(true);
        if !is_closed {
            return;
        }
        let n_failures = self.n_failures.get_value();
        self.n_failures.set_value(n_failures.saturating_add(1));
        let attempt = self.attempt;
        set_timeout(
            move || {
                let _ = attempt.try_update(|number| *number = number.wrapping_add(1));
            },
            Duration::from_millis(wait_ms(n_failures)),
        );
    }

    fn received(&self, name: &str, event_id: String, data: &str) {
        if !event_id.is_empty() {
            self.since.set_value(event_id);
        }
        self.last_event_ms.set(Some(browser_ms()));
        if name == BYE {
            self.dismissed();
        }
        for run in self.bound(name) {
            let _ = run.try_run(data.to_owned());
        }
    }

    fn bound(&self, name: &str) -> Vec<Callback<String>> {
        self.handlers.with_value(|list| list.iter().filter(|handler| handler.name == name).map(|handler| handler.run).collect())
    }
}

/// The browser's clock.
fn browser_ms() -> i64 {
    js_sys::Date::now() as i64
}

/// Whether a line that spoke last at `last_ms` has been silent for too long. A browser's clock that was set back proves nothing.
fn is_dead(now_ms: i64, last_ms: i64) -> bool {
    now_ms - last_ms > SILENT_MS
}

/// Where the stream is. Without a last id the server starts at its present.
fn address(topics: &str, since: &str) -> String {
    if since.is_empty() { format!("/live?topics={topics}") } else { format!("/live?topics={topics}&since={since}") }
}

/// Twice as long after every failure, up to half a minute.
fn wait_ms(n_failures: u32) -> u64 {
    FIRST_WAIT_MS.saturating_mul(1_u64 << n_failures.min(10)).min(LONGEST_WAIT_MS)
}

/// An open source and the functions it calls; dropping it closes the line.
struct Connection {
    source: web_sys::EventSource,
    _on_event: Closure<dyn FnMut(web_sys::MessageEvent)>,
    _on_open: Closure<dyn FnMut()>,
    _on_error: Closure<dyn FnMut()>,
}

impl Connection {
    fn open(stream: LiveStream, address: &str, names: &[&str]) -> Option<Self> {
        let source = web_sys::EventSource::new(address).ok()?;
        let on_event = Closure::<dyn FnMut(web_sys::MessageEvent)>::new(move |event: web_sys::MessageEvent| {
            let data = event.data().as_string().unwrap_or_default();
            stream.received(&event.type_(), event.last_event_id(), &data);
        });
        for name in names.iter().chain([&RESET, &BYE]) {
            // Fails only for a listener that is not a function.
            let _ = source.add_event_listener_with_callback(name, on_event.as_ref().unchecked_ref());
        }
        let on_open = Closure::<dyn FnMut()>::new(move || stream.opened());
        source.set_onopen(Some(on_open.as_ref().unchecked_ref()));
        let line = source.clone();
        let on_error = Closure::<dyn FnMut()>::new(move || {
            stream.failed(line.ready_state() == web_sys::EventSource::CLOSED);
        });
        source.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        Some(Self { source, _on_event: on_event, _on_open: on_open, _on_error: on_error })
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.source.set_onopen(None);
        self.source.set_onerror(None);
        self.source.close();
    }
}

#[cfg(test)]
mod tests {
    use super::{address, is_dead, wait_ms};

    #[test]
    fn a_reopened_stream_says_where_it_was() {
        assert_eq!(address("alerts,hosts", ""), "/live?topics=alerts,hosts");
        assert_eq!(address("alerts", "42"), "/live?topics=alerts&since=42");
    }

    #[test]
    fn a_line_is_given_up_after_three_silences() {
        assert!(is_dead(150_001, 100_000));
        assert!(!is_dead(150_000, 100_000) && !is_dead(1_000, 100_000));
    }

    #[test]
    fn waits_double_up_to_half_a_minute() {
        let waits: Vec<u64> = [0, 1, 4, 5, 40].into_iter().map(wait_ms).collect();
        assert_eq!(waits, [1_000, 2_000, 16_000, 30_000, 30_000]);
    }
}
