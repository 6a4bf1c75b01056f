//! What the module asks of the scripts in `public`, and what they ask of it. Every call fails where a script could not be had: then the screen
//! stays as it was loaded, and links and forms are the browser's.

use wasm_bindgen::closure::Closure;
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

#[wasm_bindgen]
extern "C" {
    /// Draws the screen anew where it stands.
    #[wasm_bindgen(js_namespace = mimamoriScreen, js_name = refresh, catch)]
    pub fn refresh() -> Result<(), JsValue>;

    /// Leads to another view of the same screen: the page does not scroll.
    #[wasm_bindgen(js_namespace = mimamoriScreen, js_name = turn, catch)]
    pub fn turn(address: &str) -> Result<(), JsValue>;

    /// Gives `screen.js` what to call when a screen was drawn.
    #[wasm_bindgen(js_namespace = mimamoriScreen, js_name = onPut, catch)]
    pub fn on_put(put: &Closure<dyn Fn()>) -> Result<(), JsValue>;

    /// Says how the line to the server is ([`crate::line::Line::code`]), and what time it was when it last spoke.
    #[wasm_bindgen(js_namespace = mimamoriFrame, js_name = line, catch)]
    pub fn line(code: &str, since: &str) -> Result<(), JsValue>;

    /// Gives `frame.js` what to call when the reader stops the stream, or lets it go on.
    #[wasm_bindgen(js_namespace = mimamoriFrame, js_name = onPause, catch)]
    pub fn on_pause(pause: &Closure<dyn Fn()>) -> Result<(), JsValue>;

    /// Counts the open alerts again, where the screen itself is not drawn anew.
    #[wasm_bindgen(js_namespace = mimamoriFrame, js_name = recount, catch)]
    pub fn recount() -> Result<(), JsValue>;
}
