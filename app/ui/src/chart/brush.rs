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
}

/// Paints a picture and says whether it could: without the script the server's picture stays.
pub(crate) fn paint(canvas: &web_sys::HtmlCanvasElement, list: &DisplayList) -> bool {
    let (ops, text) = ::chart::encode(list);
    paint_on(canvas, &ops, &text, list.width, list.height, window().device_pixel_ratio()).is_ok()
}
