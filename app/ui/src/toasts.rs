//! Toasts: what just happened, said politely, with the way back where there is one.

use std::time::Duration;

use leptos::prelude::*;

use crate::context::use_look;
use crate::icon::{Icon, IconName};

/// How long a plain toast stays.
const PLAIN_FOR: Duration = Duration::from_millis(6_000);
/// How long the way back stands open: long enough to read it, notice the mistake and reach the button.
const UNDO_FOR: Duration = Duration::from_millis(10_000);

/// One toast.
#[derive(Clone, Debug)]
pub struct Toast {
    id: u32,
    text: String,
    is_failure: bool,
    undo: Option<Callback<()>>,
}

/// The toasts of the tab; the shell provides it as a context. Push from event handlers and effects only.
#[derive(Clone, Copy, Debug)]
pub struct Toasts {
    list: RwSignal<Vec<Toast>>,
    next_id: StoredValue<u32>,
}

impl Default for Toasts {
    fn default() -> Self {
        Self::new()
    }
}

impl Toasts {
    /// No toasts yet.
    #[must_use]
    pub fn new() -> Self {
        Self { list: RwSignal::new(Vec::new()), next_id: StoredValue::new(0) }
    }

    /// Says that something was done. It goes away by itself.
    pub fn push(&self, text: impl Into<String>) {
        let id = self.add(text.into(), false, None);
        self.dismiss_after(id, PLAIN_FOR);
    }

    /// Says that something was done and offers to take it back.
    pub fn push_undoable(&self, text: impl Into<String>, undo: Callback<()>) {
        let id = self.add(text.into(), false, Some(undo));
        self.dismiss_after(id, UNDO_FOR);
    }

    /// Says that something failed. It stays until it is closed.
    pub fn push_failure(&self, text: impl Into<String>) {
        self.add(text.into(), true, None);
    }

    /// Takes a toast away.
    pub fn dismiss(&self, id: u32) {
        // A timer may outlive the tab's toasts.
        let _ = self.list.try_update(|list| list.retain(|toast| toast.id != id));
    }

    fn add(&self, text: String, is_failure: bool, undo: Option<Callback<()>>) -> u32 {
        let id = self.next_id.get_value();
        self.next_id.set_value(id.wrapping_add(1));
        self.list.update(|list| list.push(Toast { id, text, is_failure, undo }));
        id
    }

    fn dismiss_after(self, id: u32, stay: Duration) {
        set_timeout(move || self.dismiss(id), stay);
    }
}

/// Where the toasts stand. Render it once, in the shell.
#[component]
pub fn ToastRegion(
    /// The same toasts the context holds.
    toasts: Toasts,
) -> impl IntoView {
    view! {
        <div class="toasts" role="region" aria-label=use_look().words().notices aria-live="polite">
            <For each=move || toasts.list.get() key=|toast: &Toast| toast.id let:toast>
                <ToastCard toasts=toasts toast=toast />
            </For>
        </div>
    }
}

#[component]
fn ToastCard(toasts: Toasts, toast: Toast) -> impl IntoView {
    let words = use_look().words();
    let id = toast.id;
    let icon = if toast.is_failure { IconName::Warn } else { IconName::Check };
    let undo_button = toast.undo.map(|undo| {
        let press = move |_| {
            undo.run(());
            toasts.dismiss(id);
        };
        view! {
            <button type="button" class="button button--row" on:click=press>
                {words.undo}
            </button>
        }
    });
    view! {
        <div class="toast" class:toast--failed=toast.is_failure>
            <Icon name=icon />
            <p class="toast__text">{toast.text}</p>
            <div class="toast__acts">
                {undo_button}
                <button
                    type="button"
                    class="button button--quiet"
                    aria-label=words.close
                    on:click=move |_| toasts.dismiss(id)
                >
                    <Icon name=IconName::Close />
                </button>
            </div>
        </div>
    }
}
