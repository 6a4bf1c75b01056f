//! The palette: one line to write in, and below it where that leads. A combobox with a list box (ARIA authoring practices).
//!
//! What it always leads to is filtered here, at once; what has to be asked for is handed in, comes when it comes, and stands behind, so
//! that nothing moves under the finger.

use leptos::html;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use wasm_bindgen::JsCast;

use crate::context::use_look;
use crate::dialog::{close_on_veil, follow};
use crate::icon::{Icon, IconName};
use crate::words::Words;

/// More than this nobody reads; writing another letter is faster.
const MAX_SHOWN: usize = 50;
/// Places that are remembered as taken lately.
const MAX_RECENT: usize = 20;

/// One place the palette leads to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaletteEntry {
    /// What it is called.
    pub label: String,
    /// What else tells it apart; shown behind it.
    pub hint: String,
    /// Where it is.
    pub href: String,
    /// Other words it is found by: its name in the other language, its reading.
    pub keywords: String,
    /// The head it stands under. Entries of a group stand together.
    pub group: String,
}

impl PaletteEntry {
    fn is_found_by(&self, words: &[String]) -> bool {
        let text = format!("{} {} {}", self.label, self.hint, self.keywords).to_lowercase();
        words.iter().all(|word| text.contains(word.as_str()))
    }
}

/// How far the asking is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum PaletteState {
    /// Everything that can be found is there.
    #[default]
    Settled,
    /// More may come.
    Asking,
    /// Asking failed: what could not be searched, in the reader's words.
    Failed(String),
}

/// The entries that hold every word of the query, the best of each group first, at most fifty.
#[must_use]
pub fn find(entries: &[PaletteEntry], query: &str) -> Vec<PaletteEntry> {
    found(entries, query, &[])
}

fn found(entries: &[PaletteEntry], query: &str, recent: &[String]) -> Vec<PaletteEntry> {
    let words: Vec<String> = split(query);
    let holding = entries.iter().filter(|entry| entry.is_found_by(&words)).cloned().collect();
    let mut list: Vec<PaletteEntry> = ranked(holding, query, recent);
    list.truncate(MAX_SHOWN);
    list
}

fn split(query: &str) -> Vec<String> {
    query.to_lowercase().split_whitespace().map(str::to_owned).collect()
}

/// The best of each group first: what begins like the query, then what has words that begin like its words, then the rest; of equals what
/// was taken lately. Groups stay where they are.
fn ranked(mut list: Vec<PaletteEntry>, query: &str, recent: &[String]) -> Vec<PaletteEntry> {
    let words: Vec<String> = split(query);
    let mut groups: Vec<String> = Vec::new();
    for entry in &list {
        if !groups.contains(&entry.group) {
            groups.push(entry.group.clone());
        }
    }
    list.sort_by_cached_key(|entry| {
        let group: Option<usize> = groups.iter().position(|group| *group == entry.group);
        let taken: usize = recent.iter().position(|href| *href == entry.href).unwrap_or(usize::MAX);
        (group, rank(entry, &words), taken)
    });
    list
}

fn rank(entry: &PaletteEntry, words: &[String]) -> u8 {
    let (label, keywords) = (entry.label.to_lowercase(), entry.keywords.to_lowercase());
    let begin = |text: &str| words.iter().all(|word| begins_a_word(text, word));
    if label.starts_with(&words.join(" ")) {
        0
    } else if begin(&label) {
        1
    } else if begin(&keywords) {
        2
    } else {
        3
    }
}

fn begins_a_word(text: &str, word: &str) -> bool {
    let is_first = |at: usize| text[..at].chars().next_back().is_none_or(|before| !before.is_alphanumeric());
    text.match_indices(word).any(|(at, _)| is_first(at))
}

/// Everything the palette shows and says. Handed on as one thing.
#[derive(Clone, Copy)]
struct Matter {
    entries: Signal<Vec<PaletteEntry>>,
    asked: Signal<Vec<PaletteEntry>>,
    state: Signal<PaletteState>,
    query: RwSignal<String>,
    /// The places that were taken in this tab, the last one first.
    recent: StoredValue<Vec<String>>,
    hint: &'static str,
}

/// The palette as a dialog, open while `open` is true.
#[component]
pub fn CommandPalette(
    /// Everything it can always lead to; filtered by what is written.
    #[prop(into)]
    entries: Signal<Vec<PaletteEntry>>,
    /// What was found for what is written, as it is to be shown.
    #[prop(into)]
    asked: Signal<Vec<PaletteEntry>>,
    /// How far that is.
    #[prop(into)]
    state: Signal<PaletteState>,
    /// What is written.
    query: RwSignal<String>,
    /// What can be written, shown while nothing is.
    #[prop(optional)]
    hint: Option<&'static str>,
    /// Whether it is open.
    open: RwSignal<bool>,
) -> impl IntoView {
    let node: NodeRef<html::Dialog> = NodeRef::new();
    follow(node, open);
    let hint = hint.unwrap_or(use_look().words().find_hint);
    let recent: StoredValue<Vec<String>> = StoredValue::new(Vec::new());
    let matter = Matter { entries, asked, state, query, recent, hint };
    let body = move || open.get().then(|| view! { <PaletteBody matter=matter open=open /> });
    view! {
        <dialog
            class="dialog palette"
            node_ref=node
            aria-label=use_look().words().find
            on:close=move |_| {
                open.set(false);
                query.set(String::new());
            }
            on:click=move |event| close_on_veil(&event, open)
        >
            {body}
        </dialog>
    }
}

/// What is written, what it finds, and which of it Enter would take.
#[derive(Clone, Copy)]
struct Search {
    query: RwSignal<String>,
    found: Memo<Vec<PaletteEntry>>,
    chosen: RwSignal<usize>,
    recent: StoredValue<Vec<String>>,
    open: RwSignal<bool>,
}

impl Search {
    fn new(matter: Matter, open: RwSignal<bool>) -> Self {
        let found = Memo::new(move |_| {
            let (text, recent) = (matter.query.get(), matter.recent.get_value());
            let here: Vec<PaletteEntry> = matter.entries.with(|list| found(list, &text, &recent));
            together(here, ranked(matter.asked.get(), &text, &recent))
        });
        Self { query: matter.query, found, chosen: RwSignal::new(0), recent: matter.recent, open }
    }

    /// A place is gone to: it stands before its equals from now on.
    fn leave(&self, href: &str) {
        self.recent.update_value(|recent| {
            recent.retain(|known| known != href);
            recent.insert(0, href.to_owned());
            recent.truncate(MAX_RECENT);
        });
        self.open.set(false);
    }

    /// Which entry Enter would take; the list may have become shorter since it was chosen.
    fn current(&self) -> Option<usize> {
        current(self.chosen.get(), self.found.with(Vec::len))
    }

    fn write(&self, text: String) {
        self.query.set(text);
        self.chosen.set(0);
    }

    fn step(&self, is_down: bool) {
        let n_found = self.found.with_untracked(Vec::len);
        self.chosen.update(|chosen| *chosen = next_chosen(*chosen, n_found, is_down));
        scroll_to(self.chosen.get_untracked());
    }

    /// Enter takes the chosen link by pressing it, so that the router sees what it always sees.
    fn take(&self) {
        let n_found = self.found.with_untracked(Vec::len);
        let Some(index) = current(self.chosen.get_untracked(), n_found) else { return };
        let link = document().get_element_by_id(&option_id(index));
        if let Some(element) = link.and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok()) {
            element.click();
        }
    }

    fn press(&self, event: &leptos::ev::KeyboardEvent) {
        if event.is_composing() {
            return;
        }
        match event.key().as_str() {
            "ArrowDown" => self.step(true),
            "ArrowUp" => self.step(false),
            "Enter" => self.take(),
            _ => return,
        }
        event.prevent_default();
    }
}

/// What is here first, then what was asked for, no place twice, at most fifty.
fn together(here: Vec<PaletteEntry>, asked: Vec<PaletteEntry>) -> Vec<PaletteEntry> {
    let mut list = here;
    for entry in asked {
        let is_there = list.iter().any(|known| known.href == entry.href && known.label == entry.label);
        if !is_there {
            list.push(entry);
        }
    }
    list.truncate(MAX_SHOWN);
    list
}

/// The choice in a list of so many.
fn current(chosen: usize, n_found: usize) -> Option<usize> {
    n_found.checked_sub(1).map(|last| chosen.min(last))
}

/// The next choice, round the ends.
fn next_chosen(chosen: usize, n_found: usize, is_down: bool) -> usize {
    let chosen = chosen.min(n_found.saturating_sub(1));
    match (n_found, is_down) {
        (0, _) => 0,
        (_, true) => (chosen + 1) % n_found,
        (_, false) => (chosen + n_found - 1) % n_found,
    }
}

fn option_id(index: usize) -> String {
    format!("palette-{index}")
}

fn scroll_to(index: usize) {
    if let Some(element) = document().get_element_by_id(&option_id(index)) {
        element.scroll_into_view_with_bool(false);
    }
}

#[component]
fn PaletteBody(matter: Matter, open: RwSignal<bool>) -> impl IntoView {
    let words = use_look().words();
    let search = Search::new(matter, open);
    let input: NodeRef<html::Input> = NodeRef::new();
    Effect::new(move |_: Option<()>| focus_next_frame(input));
    let has_any = move || if search.current().is_some() { "true" } else { "false" };
    view! {
        <div class="palette__find">
            <Icon name=IconName::Search />
            <input
                class="palette__input"
                node_ref=input
                type="text"
                role="combobox"
                autocomplete="off"
                spellcheck="false"
                aria-label=words.find
                aria-expanded=has_any
                aria-autocomplete="list"
                aria-controls="palette-list"
                aria-activedescendant=move || search.current().map(option_id)
                placeholder=matter.hint
                on:input=move |event| search.write(event_target_value(&event))
                on:keydown=move |event| search.press(&event)
            />
        </div>
        <div class="palette__list" id="palette-list" role="listbox" aria-label=words.find>
            {move || options(search)}
        </div>
        <p class="palette__none" role="status">{move || said(search, matter.state, words)}</p>
    }
}

/// What is said below the list: that something failed, that more is coming while nothing is there, that there is nothing.
fn said(search: Search, state: Signal<PaletteState>, words: &'static Words) -> String {
    match (state.get(), search.current()) {
        (PaletteState::Failed(what), _) => what,
        (PaletteState::Asking, None) => words.loading.to_owned(),
        (PaletteState::Settled, None) => words.nothing_found.to_owned(),
        (PaletteState::Asking | PaletteState::Settled, Some(_)) => String::new(),
    }
}

/// The dialog opens in the same turn; a frame later its field can take the focus.
fn focus_next_frame(input: NodeRef<html::Input>) {
    if let Some(element) = input.get() {
        request_animation_frame(move || {
            let _ = element.focus();
        });
    }
}

fn options(search: Search) -> Vec<AnyView> {
    let mut group = String::new();
    let mut rows: Vec<AnyView> = Vec::new();
    for (index, entry) in search.found.get().into_iter().enumerate() {
        if entry.group != group {
            group.clone_from(&entry.group);
            rows.push(view! { <p class="palette__group" role="presentation">{group.clone()}</p> }.into_any());
        }
        rows.push(view! { <PaletteOption index=index entry=entry search=search /> }.into_any());
    }
    rows
}

#[component]
fn PaletteOption(index: usize, entry: PaletteEntry, search: Search) -> impl IntoView {
    let is_chosen = move || if search.current() == Some(index) { "true" } else { "false" };
    let href: String = entry.href.clone();
    view! {
        <a
            class="palette__one"
            id=option_id(index)
            role="option"
            tabindex="-1"
            href=entry.href
            aria-selected=is_chosen
            on:click=move |_| search.leave(&href)
        >
            {entry.label}
            <span class="palette__hint">{entry.hint}</span>
        </a>
    }
}

#[cfg(test)]
mod tests {
    use super::{MAX_SHOWN, PaletteEntry, current, find, found, next_chosen, together};

    fn entry(label: &str, keywords: &str) -> PaletteEntry {
        PaletteEntry {
            label: label.to_owned(),
            hint: String::new(),
            href: "/".to_owned(),
            keywords: keywords.to_owned(),
            group: String::new(),
        }
    }

    #[test]
    fn every_word_must_be_found_somewhere() {
        let entries = [entry("いま", "now ima"), entry("App-02", "host web"), entry("app-03", "host")];
        let labels = |query: &str| find(&entries, query).into_iter().map(|found| found.label).collect::<Vec<_>>();
        assert_eq!(labels(""), ["いま", "App-02", "app-03"]);
        assert_eq!(labels("NOW"), ["いま"]);
        assert_eq!(labels("app host"), ["App-02", "app-03"]);
        assert_eq!(labels("app web x"), Vec::<String>::new());
    }

    #[test]
    fn what_begins_like_the_query_stands_first_then_words_then_the_rest() {
        let list =
            [entry("Deliveries", "log 通知"), entry("My log", ""), entry("Blog", ""), entry("log-01", ""), entry("Login", "")];
        let labels: Vec<String> = find(&list, "LOG").into_iter().map(|found| found.label).collect();
        assert_eq!(labels, ["log-01", "Login", "My log", "Deliveries", "Blog"]);
        let labels: Vec<String> = find(&list, "通").into_iter().map(|found| found.label).collect();
        assert_eq!(labels, ["Deliveries"]);
    }

    #[test]
    fn of_equals_the_one_taken_last_stands_first_and_groups_stay() {
        let at =
            |label: &str, group: &str| PaletteEntry { href: format!("/{label}"), group: group.to_owned(), ..entry(label, "") };
        let list = [at("app-1", "hosts"), at("app-2", "hosts"), at("app-3", "rules"), at("app-4", "rules")];
        let recent = ["/app-4".to_owned(), "/app-2".to_owned()];
        let labels: Vec<String> = found(&list, "app", &recent).into_iter().map(|found| found.label).collect();
        assert_eq!(labels, ["app-2", "app-1", "app-4", "app-3"]);
        let exact: Vec<String> = found(&list, "app-1", &recent).into_iter().map(|found| found.label).collect();
        assert_eq!(exact, ["app-1"]);
    }

    #[test]
    fn choosing_goes_round_the_ends() {
        assert_eq!(next_chosen(2, 3, true), 0);
        assert_eq!(next_chosen(0, 3, false), 2);
        assert_eq!(next_chosen(0, 0, true), 0);
        assert_eq!(next_chosen(7, 3, false), 1, "the list became shorter");
        assert_eq!((current(7, 3), current(0, 3), current(0, 0)), (Some(2), Some(0), None));
    }

    #[test]
    fn what_was_asked_for_stands_behind_and_nothing_stands_twice() {
        let list = together(vec![entry("a", ""), entry("b", "")], vec![entry("b", ""), entry("c", "")]);
        let labels: Vec<&str> = list.iter().map(|entry| entry.label.as_str()).collect();
        assert_eq!(labels, ["a", "b", "c"]);
        let many: Vec<PaletteEntry> = (0..60).map(|number| entry(&number.to_string(), "")).collect();
        assert_eq!(together(Vec::new(), many).len(), MAX_SHOWN);
    }
}
