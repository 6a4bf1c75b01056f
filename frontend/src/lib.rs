//! The browser's entry: begin beside what the server painted. Nothing else, ever.

use wasm_bindgen::prelude::wasm_bindgen;

/// Called by the script of the document once the module is there.
#[wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    app::start();
}
