//! Screens that the server alone draws. The browser shows what it is sent and carries none of their code, so that its module does not
//! grow with every list and form. Each works by links and plain forms; `public/screen.js` spares the reader the reload.

use crate::figures::{Drawn, Figures, is_living};
use api::pulse::use_pulse;
use leptos::html;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_location, use_navigate};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

/// Draws the screen at a path. Only the server puts one into context: what the browser never calls is not in its module.
#[derive(Clone, Copy, Debug)]
pub struct Painter(pub fn(&str) -> AnyView);

#[wasm_bindgen]
extern "C" {
    /// Fills the element with the screen at an address. Fails where `screen.js` could not be had.
    #[wasm_bindgen(js_namespace = mimamoriScreen, js_name = show, catch)]
    fn show(holder: &web_sys::Element, address: &str) -> Result<(), JsValue>;

    /// Draws the screen anew where it stands.
    #[wasm_bindgen(js_namespace = mimamoriScreen, js_name = refresh, catch)]
    fn refresh(holder: &web_sys::Element) -> Result<(), JsValue>;

    /// Gives `screen.js` what leads to another screen: an address, and whether it replaces the one shown.
    #[wasm_bindgen(js_namespace = mimamoriScreen, js_name = onGo, catch)]
    fn on_go(go: &Closure<dyn Fn(String, bool)>) -> Result<(), JsValue>;

    /// Gives `screen.js` what to call when a screen was put into its holder.
    #[wasm_bindgen(js_namespace = mimamoriScreen, js_name = onPut, catch)]
    fn on_put(put: &Closure<dyn Fn()>) -> Result<(), JsValue>;
}

/// The screen on the server; in the browser the element that holds it, left alone by hydration because it has no children there.
pub fn served() -> AnyView {
    match use_context::<Painter>() {
        Some(Painter(draw)) => {
            let path: String = use_location().pathname.get_untracked();
            Owner::with_no_hydration(move || view! { <div data-served="">{draw(&path)}</div> }.into_any())
        }
        None => holder(),
    }
}

fn holder() -> AnyView {
    let node: NodeRef<html::Div> = NodeRef::new();
    follow_address(node);
    follow_pulse(node);
    follow_figures(node);
    view! { <div data-served="" node_ref=node></div> }.into_any()
}

/// Fills the holder when it is new and empty, and whenever the address changes.
fn follow_address(node: NodeRef<html::Div>) {
    let location = use_location();
    Effect::new(move |shown: Option<Option<String>>| {
        let (path, search, shown) = (location.pathname.get(), location.search.get(), shown.flatten());
        let address = if search.is_empty() { path } else { format!("{path}?{search}") };
        let Some(holder) = node.get() else { return shown };
        let is_there = shown.map_or_else(|| holder.has_child_nodes(), |shown| shown == address);
        if !is_there && show(&holder, &address).is_err() {
            // Without our script the browser itself goes there.
            let _ = window().location().assign(&address);
        }
        Some(address)
    });
}

/// Draws the screen anew when something changed. One whose figures go on by themselves only after a gap in the stream, and now and then
/// when an alert has changed: it costs a query a panel.
fn follow_pulse(node: NodeRef<html::Div>) {
    let pulse = use_pulse();
    Effect::new(move |before: Option<[u32; 4]>| {
        let now = [pulse.reconnected.get(), pulse.slow.get(), pulse.alerts.get(), pulse.house.get()];
        let (Some(before), Some(holder)) = (before, node.get_untracked()) else { return now };
        let [is_back, is_due, has_changed, _] = [0, 1, 2, 3].map(|index| now[index] != before[index]);
        if is_living(&holder) && !is_back && !is_due {
            return if has_changed { [now[0], now[1], before[2], now[3]] } else { now };
        }
        if !is_living(&holder) || is_back || has_changed {
            // Without our script the screen stays as it was loaded.
            let _ = refresh(&holder);
        }
        now
    });
}

/// Takes the screen's charts over, now and whenever it is drawn anew.
fn follow_figures(node: NodeRef<html::Div>) {
    let drawn = use_context::<Drawn>().unwrap_or_else(|| Drawn(RwSignal::new(0)));
    let ask_again = Callback::new(move |()| {
        if let Some(holder) = node.get_untracked() {
            // Without our script the screen stays as it was loaded.
            let _ = refresh(&holder);
        }
    });
    let figures = Figures::new(ask_again);
    Effect::new(move |_: Option<()>| {
        let _ = drawn.0.get();
        if let Some(holder) = node.get() {
            untrack(|| figures.look_over(&holder));
        }
    });
}

/// Lets `screen.js` lead the router. Once, for as long as the console is open: what it calls must outlive every screen it leaves.
pub fn lead_router() {
    let navigate = use_navigate();
    let drawn = Drawn(RwSignal::new(0));
    provide_context(drawn);
    Effect::new(move |_: Option<()>| {
        let put: Closure<dyn Fn()> = Closure::new(move || drawn.0.update(|count| *count = count.wrapping_add(1)));
        // Without our script nothing is put anywhere.
        let _ = on_put(&put);
        put.forget();
        let navigate = navigate.clone();
        let go = move |address: String, is_replaced: bool| {
            navigate(&address, NavigateOptions { replace: is_replaced, scroll: !is_replaced, ..NavigateOptions::default() });
        };
        let go: Closure<dyn Fn(String, bool)> = Closure::new(go);
        // Without our script nobody leads: links and forms are the browser's.
        let _ = on_go(&go);
        go.forget();
    });
}
