//! The frame around every screen: rail, bar, strip, tab bar, palette, shortcut sheet, toasts. Links and forms; `public/frame.js` and
//! `public/palette.js` bring it to life.

mod bar;
mod nav;
mod strip;

use crate::opening::Opening;
use crate::palette;
use crate::words::{self, Words};
use api::Viewer;
use bar::TopBar;
use leptos::prelude::*;
use leptos_router::hooks::use_location;
use nav::{Rail, TabBar};
use strip::LineStrip;
use ui::context::Here;
use ui::palette::CommandPalette;
use ui::shortcuts::ShortcutSheet;
use ui::sprite::IconSprite;
use ui::toasts::ToastRegion;

/// Draws the frame and what belongs to all screens.
#[component]
pub fn Frame(viewer: Viewer, children: Children) -> impl IntoView {
    let words: &'static Words = words::of(viewer.locale);
    // For the scripts of the screens: whether single keys act.
    let single_keys = viewer.shortcuts.then_some("");
    let opening: String = Opening::of(&viewer).written();
    provide_here();
    let open = nav::open_count();
    view! {
        <IconSprite />
        <a class="skip" href="#main">{words.skip}</a>
        <div class="frame" data-keys=single_keys data-opening=opening>
            <Rail viewer=viewer.clone() words=words open=open />
            <TopBar words=words />
            <LineStrip words=words />
            <main class="frame__main" id="main" tabindex="-1">
                {children()}
            </main>
            <TabBar viewer=viewer words=words open=open />
        </div>
        <CommandPalette matter=palette::matter(words) hint=words.find_hint />
        <ShortcutSheet groups=palette::shortcuts(words)><p class="mute">{words.keys_off}</p></ShortcutSheet>
        <ToastRegion />
    }
}

/// Tells the wings where the reader is, for the way back after signing in again.
fn provide_here() {
    let location = use_location();
    let here = move || {
        let (path, search) = (location.pathname.get(), location.search.get());
        if search.is_empty() { path } else { format!("{path}?{search}") }
    };
    provide_context(Here(Signal::derive(here)));
}
