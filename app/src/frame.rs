//! The frame around every screen: rail, bar, tab bar, palette, shortcut sheet, toasts.

mod bar;
mod nav;
mod width;

use crate::live;
use crate::palette;
use crate::words::{self, Words};
use api::Viewer;
use api::pulse::use_pulse;
use bar::TopBar;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use nav::{Rail, TabBar};
use ui::callout::Banner;
use ui::keys::Keys;
use ui::live::LiveStream;
use ui::now::provide_now;
use ui::palette::CommandPalette;
use ui::shortcuts::ShortcutSheet;
use ui::sprite::IconSprite;
use ui::toasts::{ToastRegion, Toasts};

/// Draws the frame and what belongs to all screens.
#[component]
pub fn Frame(viewer: Viewer, children: Children) -> impl IntoView {
    let words = words::of(viewer.locale);
    let stream = expect_context::<LiveStream>();
    let toasts = Toasts::new();
    let keys = Keys::new(viewer.shortcuts);
    let (palette_open, sheet_open) = (RwSignal::new(false), RwSignal::new(false));
    provide_context(toasts);
    provide_context(keys);
    provide_now();
    live::follow(stream, use_pulse());
    bind(keys, stream, palette_open, sheet_open);
    width::tell();
    let (entries, groups) = palette::stored(words);
    view! {
        <IconSprite />
        <a class="skip" href="#main">{words.skip}</a>
        <div class="frame">
            <Rail viewer=viewer words=words />
            <TopBar words=words stream=stream palette=palette_open />
            <main class="frame__main" id="main" tabindex="-1">
                <FormTrouble words=words />
                {children()}
            </main>
            <TabBar words=words />
        </div>
        <CommandPalette entries=entries open=palette_open />
        <ShortcutSheet groups=groups open=sheet_open><p class="mute">{words.keys_off}</p></ShortcutSheet>
        <ToastRegion toasts=toasts />
    }
}

fn bind(keys: Keys, stream: LiveStream, palette: RwSignal<bool>, sheet: RwSignal<bool>) {
    keys.bind("Mod+k", Callback::new(move |()| palette.update(|open| *open = !*open)));
    keys.bind("?", Callback::new(move |()| sheet.update(|open| *open = !*open)));
    keys.bind("p", Callback::new(move |()| stream.paused.update(|paused| *paused = !*paused)));
    keys.listen();
}

/// A form that failed without script comes back with its error in the address: say so.
#[component]
fn FormTrouble(words: &'static Words) -> impl IntoView {
    let query = use_query_map();
    let failed = move || query.with(|query| query.get("__err").is_some());
    move || failed().then(|| view! { <Banner>{words.failed_form}</Banner> })
}
