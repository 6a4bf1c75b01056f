//! Single-key shortcuts: one listener, a registry, and the rule when they are silent.
//!
//! They are silent while something is being written, inside a dialog, and altogether when the reader switched them off
//! (WCAG 2.1.4). Chords with the command key stay, since no one types them by accident.

use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

/// One key and what it does.
#[derive(Clone, Debug)]
struct Binding {
    id: u32,
    name: String,
    run: Callback<()>,
}

/// The shortcuts of the tab; the shell provides it as a context and calls [`Keys::listen`] once.
#[derive(Clone, Copy, Debug)]
pub struct Keys {
    /// Whether single keys act.
    pub is_on: RwSignal<bool>,
    /// Whether the command key is ⌘. Not before hydration: the server can't know the keyboard.
    pub is_mac: RwSignal<bool>,
    bindings: StoredValue<Vec<Binding>>,
    next_id: StoredValue<u32>,
}

impl Keys {
    /// No shortcuts yet.
    #[must_use]
    pub fn new(is_on: bool) -> Self {
        Self {
            is_on: RwSignal::new(is_on),
            is_mac: RwSignal::new(false),
            bindings: StoredValue::new(Vec::new()),
            next_id: StoredValue::new(0),
        }
    }

    /// A key with the command key, as it is called on the reader's keyboard: `⌘K` or `Ctrl K`.
    #[must_use]
    pub fn chord(&self, key: &str) -> String {
        if self.is_mac.get() { format!("⌘{key}") } else { format!("Ctrl {key}") }
    }

    /// Binds a key for as long as the calling component lives. `name` is the key as the browser names it (`j`, `?`,
    /// `Escape`), with `Mod+` before it for Ctrl or ⌘ (`Mod+k`). The latest binding of a key wins, so that a screen goes
    /// before the shell.
    pub fn bind(&self, name: &str, run: Callback<()>) {
        let keys = *self;
        let id = self.next_id.get_value();
        self.next_id.set_value(id.wrapping_add(1));
        self.bindings.update_value(|list| list.push(Binding { id, name: name.to_owned(), run }));
        on_cleanup(move || {
            // The registry may be gone before the component.
            let _ = keys.bindings.try_update_value(|list| list.retain(|binding| binding.id != id));
        });
    }

    /// Starts listening. In the browser only; on the server nothing happens.
    pub fn listen(&self) {
        let keys = *self;
        Effect::new(move |_: Option<()>| {
            let navigator = window().navigator();
            let (platform, agent) = (navigator.platform().unwrap_or_default(), navigator.user_agent().unwrap_or_default());
            keys.is_mac.set(has_command_key(&platform, &agent));
            let handle = window_event_listener(ev::keydown, move |event| keys.press(&event));
            on_cleanup(move || handle.remove());
        });
    }

    fn press(&self, event: &ev::KeyboardEvent) {
        let has_command = event.ctrl_key() || event.meta_key();
        if event.default_prevented() || event.alt_key() || event.is_composing() {
            return;
        }
        if !has_command && (!self.is_on.get_untracked() || is_spoken_for(event)) {
            return;
        }
        let name = name_of(&event.key(), has_command);
        if let Some(run) = self.bound(&name) {
            event.prevent_default();
            let _ = run.try_run(());
        }
    }

    fn bound(&self, name: &str) -> Option<Callback<()>> {
        self.bindings.with_value(|list| list.iter().rev().find(|binding| binding.name == name).map(|binding| binding.run))
    }
}

/// Whether a platform's keyboards have a ⌘. The platform is asked first, because an agent names many things it is not.
fn has_command_key(platform: &str, agent: &str) -> bool {
    let asked = if platform.is_empty() { agent } else { platform };
    ["Mac", "iPhone", "iPad", "iPod"].iter().any(|name| asked.contains(name))
}

/// The name a key press is bound by.
fn name_of(key: &str, has_command: bool) -> String {
    if has_command { format!("Mod+{}", key.to_lowercase()) } else { key.to_owned() }
}

/// What a key is written into, or what has keys of its own.
const OWNERS: &str = "input, textarea, select, [contenteditable], dialog[open], [role=\"application\"]";
/// What Enter and the space bar press.
const PRESSED: &str = "a[href], button, summary";

/// Whether the press belongs to something else than the sheet.
fn is_spoken_for(event: &ev::KeyboardEvent) -> bool {
    let Some(element) = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok()) else {
        return false;
    };
    let is_inside = |selector: &str| element.closest(selector).is_ok_and(|found| found.is_some());
    let is_pressing = matches!(event.key().as_str(), "Enter" | " ");
    is_inside(OWNERS) || (is_pressing && is_inside(PRESSED))
}

#[cfg(test)]
mod tests {
    use super::{Keys, has_command_key, name_of};
    use leptos::prelude::*;

    #[test]
    fn chords_are_named_alike_on_every_platform() {
        for (key, has_command, expected) in [("j", false, "j"), ("?", false, "?"), ("K", true, "Mod+k")] {
            assert_eq!(name_of(key, has_command), expected);
        }
    }

    #[test]
    fn the_command_key_is_called_as_on_the_readers_keyboard() {
        let owner = Owner::new();
        owner.set();
        let keys = Keys::new(true);
        assert_eq!(keys.chord("K"), "Ctrl K");
        keys.is_mac.set(true);
        assert_eq!(keys.chord("K"), "⌘K");
        for (platform, agent, expected) in [
            ("MacIntel", "", true),
            ("iPad", "", true),
            ("", "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)", true),
            ("Win32", "like Macintosh", false),
            ("Linux x86_64", "", false),
            ("", "", false),
        ] {
            assert_eq!(has_command_key(platform, agent), expected, "{platform} {agent}");
        }
    }

    #[test]
    fn the_latest_binding_of_a_key_wins_and_ends_with_its_component() {
        let owner = Owner::new();
        owner.set();
        let keys = Keys::new(true);
        let shell = Callback::new(|()| ());
        keys.bind("a", shell);
        let screen = owner.child();
        let inner = screen.with(|| {
            let inner = Callback::new(|()| ());
            keys.bind("a", inner);
            inner
        });
        assert!(keys.bound("a").is_some_and(|run| run.matches(&inner)));
        screen.cleanup();
        assert!(keys.bound("a").is_some_and(|run| run.matches(&shell)));
    }
}
