//! Who asks: the person in front of the screen, or the screen by itself.
//!
//! A screen fetches again by timers and by what the stream says. Such requests must not keep a sign-in alive in front of an empty
//! chair. Every call of the program goes through the window's `fetch`, so here, in one place, those that are sent while nobody has
//! touched anything for a moment are marked by a header. The cause of a request does not matter, the person does: what a click or a
//! key asks for is never marked, and a timer that happens to fire while somebody types keeps alive only what they keep alive anyway.

use std::cell::Cell;
use std::rc::Rc;

use js_sys::{Function, Promise, Reflect};
use leptos::prelude::*;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};

/// What hands do. `popstate` is the browser's own way back, which no key or pointer inside the sheet tells of.
const HANDS: [&str; 7] = ["pointerdown", "keydown", "click", "input", "wheel", "touchstart", "popstate"];
/// What is asked for within this time of a touch is asked for by the person: debounced typing, a slow screen, a second try.
const PERSON_MS: f64 = 5_000.0;

/// Marks the requests that no person asked for with `header: 1`, from hydration on. Call once a tab; on the server nothing happens.
pub fn mark_background(header: &'static str) {
    Effect::new(move |_: Option<()>| {
        let touched_ms: Rc<Cell<f64>> = Rc::new(Cell::new(js_sys::Date::now()));
        for name in HANDS {
            let touched_ms = Rc::clone(&touched_ms);
            let handle = window_event_listener_untyped(name, move |event| {
                // A click that a program makes is no hand.
                if event.is_trusted() {
                    touched_ms.set(js_sys::Date::now());
                }
            });
            on_cleanup(move || handle.remove());
        }
        intercept(header, touched_ms);
    });
}

/// Whether nobody is there.
fn is_background(now_ms: f64, touched_ms: f64) -> bool {
    (now_ms - touched_ms).abs() > PERSON_MS
}

/// Puts a function of ours before the window's `fetch`. It stays as long as the document: a tab hydrates once.
fn intercept(header: &'static str, touched_ms: Rc<Cell<f64>>) {
    let name = JsValue::from_str("fetch");
    let scope: JsValue = window().into();
    let Ok(fetch) = Reflect::get(&scope, &name) else { return };
    let Ok(fetch) = fetch.dyn_into::<Function>() else { return };
    let outer = scope.clone();
    let marked = Closure::<dyn Fn(JsValue, JsValue) -> JsValue>::new(move |request: JsValue, options: JsValue| -> JsValue {
        if is_background(js_sys::Date::now(), touched_ms.get()) {
            // Fails for what is no request of ours (a bare address), and that goes as it is.
            let _ = mark(&request, header);
        }
        let sent: Result<JsValue, JsValue> = fetch.call2(&scope, &request, &options);
        sent.unwrap_or_else(|error| Promise::reject(&error).into())
    });
    // Fails only for a window that can't be written to, and then everything counts as use, as it would without us.
    let _ = Reflect::set(&outer, &name, marked.as_ref());
    marked.forget();
}

fn mark(request: &JsValue, header: &str) -> Result<(), JsValue> {
    let headers: JsValue = Reflect::get(request, &JsValue::from_str("headers"))?;
    let set: Function = Reflect::get(&headers, &JsValue::from_str("set"))?.dyn_into::<Function>()?;
    let done: Result<JsValue, JsValue> = set.call2(&headers, &JsValue::from_str(header), &JsValue::from_str("1"));
    done.map(|_| ())
}

#[cfg(test)]
mod tests {
    use super::is_background;

    #[test]
    fn what_follows_a_touch_is_the_persons() {
        for (now_ms, touched_ms, expected) in
            [(10_000.0, 10_000.0, false), (15_000.0, 10_000.0, false), (15_001.0, 10_000.0, true), (1_000.0, 90_000.0, true)]
        {
            assert_eq!(is_background(now_ms, touched_ms), expected, "{now_ms} {touched_ms}");
        }
    }
}
