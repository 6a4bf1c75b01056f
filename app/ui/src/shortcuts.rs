//! The sheet of keys, behind `?`.

use leptos::prelude::*;

use crate::context::use_look;
use crate::dialog::Dialog;

/// One key and what it does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shortcut {
    /// As it stands on the keyboard: `A`, `⌘K`.
    pub key: String,
    /// What it does.
    pub what: String,
}

/// Keys that belong together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShortcutGroup {
    pub title: String,
    pub shortcuts: Vec<Shortcut>,
}

/// All keys, in a dialog.
#[component]
pub fn ShortcutSheet(
    /// What there is.
    #[prop(into)]
    groups: Signal<Vec<ShortcutGroup>>,
    /// Whether it is open.
    open: RwSignal<bool>,
    /// What stands below: how to switch them off.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let lists = move || groups.get().into_iter().map(|group| view! { <Group group=group /> }).collect_view();
    view! {
        <Dialog title=use_look().words().keys open=open>
            <div class="shortcuts">{lists}</div>
            {children.map(|children| children())}
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
    view! {
        <li class="shortcuts__one">
            {shortcut.what}
            <kbd>{shortcut.key}</kbd>
        </li>
    }
}
