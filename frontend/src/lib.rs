//! The browser's entry: hydrate what the server painted. Nothing else, ever.

use wasm_bindgen::prelude::wasm_bindgen;

/// Called by the hydration script once the module is there.
#[wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_body(app::App);
}
