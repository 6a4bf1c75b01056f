//! The module in the browser: the tab's one stream, the clock, and the hands of charts. It draws nothing else; screens are the server's, and
//! their conveniences small scripts.

use crate::figures::{Figures, is_living};
use crate::line::Line;
use crate::live;
use crate::opening::{ATTRIBUTE, Opening};
use crate::script;
use api::pulse::Pulse;
use figures::{Locale, Zone};
use leptos::mount::mount_to_body;
use leptos::prelude::*;
use ui::context::Look;
use ui::live::LiveStream;
use ui::now::{Now, provide_now};
use wasm_bindgen::closure::Closure;

/// The element that the server fills, and the scripts after it.
const SERVED: &str = "[data-served]";

/// Begins. Called once, when the module is there; what it sets going lives as long as the document. It mounts nothing but its own life.
pub fn start() {
    mount_to_body(begin);
}

fn begin() {
    // A document of another kind, or of another build: it stays as it was loaded.
    let Some(opening) = opening() else { return };
    let Opening { locale, zone, now, cursor } = opening;
    provide_context(Look { locale, zone: zone.clone(), now_ms: now.0, ..Look::default() });
    let (stream, pulse, clock) = (LiveStream::after(&cursor), Pulse::new(), provide_now());
    provide_context(pulse);
    live::follow(stream, pulse, clock);
    move_clock(clock, zone.clone(), locale);
    tell_line(stream, clock, now.0, zone);
    hear_pause(stream);
    follow_pulse(pulse);
    follow_figures();
}

fn opening() -> Option<Opening> {
    let frame = element(&format!("[{ATTRIBUTE}]"))?;
    Opening::read(&frame.get_attribute(ATTRIBUTE)?)
}

fn element(selector: &str) -> Option<web_sys::Element> {
    document().query_selector(selector).ok().flatten()
}

/// Date and time in the bar, as `frame::bar` has written them.
fn move_clock(now: Now, zone: Zone, locale: Locale) {
    Effect::new(move |_: Option<()>| {
        let ms = now.0.get();
        write(".topbar__date", &figures::date_line(ms, &zone, locale));
        write(".topbar__clock b", &figures::clock_time(ms, &zone));
        if let Some(time) = element(".topbar__clock") {
            // Fails only for a name that is none.
            let _ = time.set_attribute("datetime", &figures::iso(ms, &zone));
        }
    });
}

fn write(selector: &str, text: &str) {
    if let Some(found) = element(selector).filter(|found| found.text_content().as_deref() != Some(text)) {
        found.set_text_content(Some(text));
    }
}

/// Tells the frame how the line is. What the server painted is data too, until the stream has said something newer.
fn tell_line(stream: LiveStream, now: Now, opened_ms: i64, zone: Zone) {
    let state = Memo::new(move |_| Line::of(stream.paused.get(), stream.connected.get(), stream.lost.get()));
    Effect::new(move |_: Option<()>| {
        let last_ms = stream.last_event_ms.get_untracked().map_or(opened_ms, |ms| now.by_server(ms));
        let _ = script::line(state.get().code(), &figures::clock_time(last_ms, &zone));
    });
}

fn hear_pause(stream: LiveStream) {
    let pause: Closure<dyn Fn()> = Closure::new(move || stream.paused.update(|paused| *paused = !*paused));
    let _ = script::on_pause(&pause);
    pause.forget();
}

/// Draws the screen anew when something changed. One whose figures go on by themselves only after a gap in the stream, and now and then
/// when an alert has changed: it costs a query a panel. Then only the count of open alerts is right at once.
fn follow_pulse(pulse: Pulse) {
    Effect::new(move |before: Option<[u32; 4]>| {
        let now = [pulse.reconnected.get(), pulse.slow.get(), pulse.alerts.get(), pulse.house.get()];
        let (Some(before), Some(holder)) = (before, element(SERVED)) else { return now };
        let [is_back, is_due, has_changed, _] = [0, 1, 2, 3].map(|index| now[index] != before[index]);
        if !is_living(&holder) || is_back || (is_due && has_changed) {
            let _ = script::refresh();
            return now;
        }
        if has_changed {
            let _ = script::recount();
        }
        // That an alert has changed is remembered until the screen may be drawn anew.
        if is_due { now } else { [now[0], now[1], before[2], now[3]] }
    });
}

/// Takes the screen's charts over, now and whenever it is drawn anew.
fn follow_figures() {
    let drawn = RwSignal::new(0_u32);
    let put: Closure<dyn Fn()> = Closure::new(move || drawn.update(|count| *count = count.wrapping_add(1)));
    let _ = script::on_put(&put);
    put.forget();
    let figures = Figures::new(Callback::new(|()| {
        let _ = script::refresh();
    }));
    Effect::new(move |_: Option<()>| {
        let _ = drawn.get();
        if let Some(holder) = element(SERVED) {
            untrack(|| figures.look_over(&holder));
        }
    });
}
