//! Tells the server how wide the window is, so that the next first paint draws its charts in the right size.

use leptos::prelude::*;
use wasm_bindgen::JsCast;

/// Below this many CSS pixels a window is narrow, as in the style sheets (40rem).
const NARROW_PX: f64 = 640.0;

/// Writes the `width` cookie once the screen lives. A year, for this site only, no secret.
pub fn tell() {
    Effect::new(move |_: Option<()>| {
        let width = window().inner_width().ok().and_then(|width| width.as_f64()).unwrap_or(NARROW_PX);
        let word = if width < NARROW_PX { "narrow" } else { "wide" };
        if let Ok(document) = document().dyn_into::<web_sys::HtmlDocument>() {
            // Fails only where cookies are off, and then the first size stays a guess.
            let _ = document.set_cookie(&format!("width={word}; path=/; max-age=31536000; samesite=lax"));
        }
    });
}
