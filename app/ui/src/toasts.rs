//! Toasts: what just happened, said politely, with the way back where there is one. Never more than a few: what is said again is counted,
//! and the oldest makes room.

use std::time::Duration;

use leptos::prelude::*;

use crate::context::use_look;
use crate::icon::{Icon, IconName};

/// How long a plain toast stays.
const PLAIN_FOR: Duration = Duration::from_millis(6_000);
/// How long the way back stands open: long enough to read it, notice the mistake and reach the button.
const UNDO_FOR: Duration = Duration::from_millis(10_000);
/// More would cover the sheet, and nobody reads them.
const MOST: usize = 3;

/// One toast.
#[derive(Clone, Debug)]
pub struct Toast {
    id: u32,
    text: String,
    is_failure: bool,
    undo: Option<Callback<()>>,
    /// How often it was said.
    n_times: u32,
}

impl Toast {
    /// What may be taken back is never put together: each has its own way.
    fn says(&self, text: &str, is_failure: bool) -> bool {
        self.undo.is_none() && self.is_failure == is_failure && self.text == text
    }
}

/// Adds a toast, or counts it to the one that says the same. Answers with its number and how often it was said.
fn put(list: &mut Vec<Toast>, toast: Toast) -> (u32, u32) {
    let same: Option<usize> =
        if toast.undo.is_none() { list.iter().position(|one| one.says(&toast.text, toast.is_failure)) } else { None };
    let mut newest: Toast = toast;
    if let Some(index) = same {
        let before: Toast = list.remove(index);
        newest = Toast { n_times: before.n_times.saturating_add(1), ..before };
    }
    let known: (u32, u32) = (newest.id, newest.n_times);
    list.push(newest);
    while list.len() > MOST {
        // First what goes away by itself and offers nothing, then the oldest; never the one that was just said.
        let older = &list[..list.len() - 1];
        let index: usize = older.iter().position(|one| !one.is_failure && one.undo.is_none()).unwrap_or(0);
        list.remove(index);
    }
    known
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
        let said = self.add(text.into(), false, None);
        self.dismiss_after(said, PLAIN_FOR);
    }

    /// Says that something was done and offers to take it back.
    pub fn push_undoable(&self, text: impl Into<String>, undo: Callback<()>) {
        let said = self.add(text.into(), false, Some(undo));
        self.dismiss_after(said, UNDO_FOR);
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

    fn add(&self, text: String, is_failure: bool, undo: Option<Callback<()>>) -> (u32, u32) {
        let id = self.next_id.get_value();
        self.next_id.set_value(id.wrapping_add(1));
        let toast = Toast { id, text, is_failure, undo, n_times: 1 };
        let mut said: (u32, u32) = (id, 1);
        self.list.update(|list| said = put(list, toast));
        said
    }

    /// Unless it was said again meanwhile: then the later time counts.
    fn dismiss_after(self, said: (u32, u32), stay: Duration) {
        let (id, n_times) = said;
        let dismiss = move || {
            // A timer may outlive the tab's toasts.
            let _ = self.list.try_update(|list| list.retain(|toast| toast.id != id || toast.n_times != n_times));
        };
        set_timeout(dismiss, stay);
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
            <For each=move || toasts.list.get() key=|toast: &Toast| (toast.id, toast.n_times) let:toast>
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
    let again = (toast.n_times > 1).then(|| view! { <span class="toast__times">{(words.times)(toast.n_times)}</span> });
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
            <p class="toast__text">{toast.text} {again}</p>
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

#[cfg(test)]
mod tests {
    use super::{MOST, Toast, put};
    use leptos::prelude::*;

    fn toast(id: u32, text: &str, is_failure: bool) -> Toast {
        Toast { id, text: text.to_owned(), is_failure, undo: None, n_times: 1 }
    }

    fn texts(list: &[Toast]) -> Vec<&str> {
        list.iter().map(|toast| toast.text.as_str()).collect()
    }

    #[test]
    fn what_is_said_again_is_counted() {
        let mut list: Vec<Toast> = Vec::new();
        assert_eq!(put(&mut list, toast(0, "no line", true)), (0, 1));
        assert_eq!(put(&mut list, toast(1, "saved", false)), (1, 1));
        assert_eq!(put(&mut list, toast(2, "no line", true)), (0, 2));
        // The same words about something else than a failure are something else.
        assert_eq!(put(&mut list, toast(3, "no line", false)), (3, 1));
        assert_eq!(texts(&list), ["saved", "no line", "no line"]);
    }

    #[test]
    fn there_are_never_more_than_a_few_and_failures_stay_longest() {
        let mut list: Vec<Toast> = Vec::new();
        for (id, text) in [(0, "a"), (1, "b")] {
            put(&mut list, toast(id, text, true));
        }
        put(&mut list, toast(2, "saved", false));
        put(&mut list, toast(3, "c", true));
        assert_eq!(texts(&list), ["a", "b", "c"]);
        put(&mut list, toast(4, "saved again", false));
        assert_eq!((texts(&list), list.len()), (vec!["b", "c", "saved again"], MOST));
    }

    #[test]
    fn a_way_back_is_never_put_together_with_another() {
        let owner = Owner::new();
        owner.set();
        let mut list: Vec<Toast> = Vec::new();
        for id in 0..2 {
            put(&mut list, Toast { undo: Some(Callback::new(|()| ())), ..toast(id, "taken", false) });
        }
        assert_eq!(list.len(), 2);
    }
}
