//! The way to the few lines of script that walk a display list over a canvas (`public/chart.js`).

use ::chart::DisplayList;
use leptos::prelude::window;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// Paints operations on a canvas of a size in CSS pixels, at so many device pixels each. The script knows the theme's
    /// colours. Fails while the script is not there.
    #[wasm_bindgen(js_namespace = mimamoriChart, js_name = paint, catch)]
    fn paint_on(
        canvas: &web_sys::HtmlCanvasElement,
        ops: &[f32],
        text: &str,
        width: f32,
        height: f32,
        device_pixel_ratio: f64,
    ) -> Result<(), JsValue>;

    /// Whether anything may move by itself here and now.
    #[wasm_bindgen(js_namespace = mimamoriChart, js_name = moves, catch)]
    fn moves_on() -> Result<bool, JsValue>;
}

/// Whether a picture may go on by itself: the tab is looked at, and nobody asked for stillness.
pub(crate) fn may_move() -> bool {
    moves_on().unwrap_or(false)
}

/// Paints a picture and says whether it could: without the script the server's picture stays.
pub(crate) fn paint(canvas: &web_sys::HtmlCanvasElement, list: &DisplayList) -> bool {
    let (ops, text) = ::chart::encode(list);
    paint_on(canvas, &ops, &text, list.width, list.height, window().device_pixel_ratio()).is_ok()
}
