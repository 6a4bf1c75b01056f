//! The frame around every screen: rail, bar, strip, tab bar, palette, shortcut sheet, toasts.

mod bar;
mod nav;
mod strip;
mod width;

use crate::live;
use crate::palette::{self, Finder};
use crate::served::lead_router;
use crate::words;
use api::Viewer;
use api::kept::forget_kept;
use api::live::BACKGROUND;
use api::pulse::use_pulse;
use bar::TopBar;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_location, use_navigate};
use model::links;
use nav::{Rail, TabBar};
use strip::LineStrip;
use ui::context::Here;
use ui::keys::Keys;
use ui::live::LiveStream;
use ui::live::presence::mark_background;
use ui::now::provide_now;
use ui::palette::CommandPalette;
use ui::shortcuts::ShortcutSheet;
use ui::sprite::IconSprite;
use ui::toasts::ToastRegion;

/// Draws the frame and what belongs to all screens.
#[component]
pub fn Frame(viewer: Viewer, children: Children) -> impl IntoView {
    let words = words::of(viewer.locale);
    let stream = expect_context::<LiveStream>();
    let keys = Keys::new(viewer.shortcuts);
    // For the scripts of the screens: whether single keys act.
    let single_keys = viewer.shortcuts.then_some("");
    let (palette_open, sheet_open) = (RwSignal::new(false), RwSignal::new(false));
    provide_context(keys);
    provide_here();
    forget_with_the_screen();
    lead_router();
    keep_addresses_short();
    let now = provide_now();
    mark_background(BACKGROUND);
    live::follow(stream, use_pulse(), now);
    bind(keys, stream, palette_open, sheet_open);
    width::tell();
    let open = nav::open_count();
    let (entries, groups) = palette::stored(words, keys);
    let finder = Finder::new(words, viewer.locale);
    view! {
        <IconSprite />
        <a class="skip" href="#main">{words.skip}</a>
        <div class="frame" data-keys=single_keys>
            <Rail viewer=viewer.clone() words=words open=open />
            <TopBar words=words stream=stream keys=keys palette=palette_open />
            <LineStrip words=words stream=stream />
            <main class="frame__main" id="main" tabindex="-1">
                {children()}
            </main>
            <TabBar viewer=viewer words=words open=open />
        </div>
        <CommandPalette
            entries=entries
            asked=finder.found()
            state=finder.state()
            query=finder.query
            hint=words.find_hint
            open=palette_open
        />
        <ShortcutSheet groups=groups open=sheet_open><p class="mute">{words.keys_off}</p></ShortcutSheet>
        <ToastRegion />
    }
}

fn bind(keys: Keys, stream: LiveStream, palette: RwSignal<bool>, sheet: RwSignal<bool>) {
    keys.bind("Mod+k", Callback::new(move |()| palette.update(|open| *open = !*open)));
    keys.bind("?", Callback::new(move |()| sheet.update(|open| *open = !*open)));
    keys.bind("p", Callback::new(move |()| stream.paused.update(|paused| *paused = !*paused)));
    keys.listen();
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

/// What a form left empty goes out of its address. Without a script the server sends the browser on.
fn keep_addresses_short() {
    let (location, navigate) = (use_location(), use_navigate());
    Effect::new(move |_: Option<()>| {
        let Some(query) = location.search.with(|search| links::without_empty(search)) else { return };
        let path: String = location.pathname.get_untracked();
        let to: String = if query.is_empty() { path } else { format!("{path}?{query}") };
        navigate(&to, NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() });
    });
}

/// What was refused without a script belongs to the screen it was sent from.
fn forget_with_the_screen() {
    let path = use_location().pathname;
    Effect::new(move |before: Option<String>| {
        let now: String = path.get();
        if before.is_some_and(|before| before != now) {
            forget_kept();
        }
        now
    });
}
