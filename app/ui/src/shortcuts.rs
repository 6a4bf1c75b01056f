//! The sheet of keys, behind `?`.

use leptos::prelude::*;

use crate::context::use_look;
use crate::dialog::Dialog;

/// What opens it names it by.
pub const ID: &str = "keys";

/// One key and what it does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shortcut {
    pub key: Key,
    /// What it does.
    pub what: &'static str,
}

/// A key as it stands on the keyboard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    Single(&'static str),
    /// Together with the command key, which the browser alone knows: `Ctrl K`, and `⌘K` after `public/frame.js`.
    Chord(&'static str),
}

/// Keys that belong together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShortcutGroup {
    pub title: &'static str,
    pub shortcuts: Vec<Shortcut>,
}

/// All keys, in a dialog.
#[component]
pub fn ShortcutSheet(
    /// What there is.
    groups: Vec<ShortcutGroup>,
    /// What stands below: how to switch them off.
    children: Children,
) -> impl IntoView {
    view! {
        <Dialog id=ID title=use_look().words().keys>
            <div class="shortcuts">{groups.into_iter().map(|group| view! { <Group group=group /> }).collect_view()}</div>
            {children()}
        </Dialog>
    }
}

#[component]
fn Group(group: ShortcutGroup) -> impl IntoView {
    let rows = group.shortcuts.into_iter().map(|shortcut| view! { <Row shortcut=shortcut /> }).collect_view();
    view! {
        <section>
            <h3 class="shortcuts__head">{group.title}</h3>
            <ul>{rows}</ul>
        </section>
    }
}

#[component]
fn Row(shortcut: Shortcut) -> impl IntoView {
    let (name, chord) = match shortcut.key {
        Key::Single(key) => (key.to_owned(), None),
        Key::Chord(key) => (format!("Ctrl {key}"), Some(key)),
    };
    view! {
        <li class="shortcuts__one">
            {shortcut.what}
            <kbd data-chord=chord>{name}</kbd>
        </li>
    }
}
