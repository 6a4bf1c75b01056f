//! The palette: one line to write in, and below it where that leads. A combobox with a list box (ARIA authoring practices).

use leptos::html;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use wasm_bindgen::JsCast;

use crate::context::use_look;
use crate::dialog::{close_on_veil, follow};
use crate::icon::{Icon, IconName};

/// More than this nobody reads; writing another letter is faster.
const MAX_SHOWN: usize = 50;

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

/// The entries that hold every word of the query, in their order, at most fifty.
#[must_use]
pub fn find(entries: &[PaletteEntry], query: &str) -> Vec<PaletteEntry> {
    let words: Vec<String> = query.to_lowercase().split_whitespace().map(str::to_owned).collect();
    entries.iter().filter(|entry| entry.is_found_by(&words)).take(MAX_SHOWN).cloned().collect()
}

/// The palette as a dialog, open while `open` is true.
#[component]
pub fn CommandPalette(
    /// Everything it can lead to.
    #[prop(into)]
    entries: Signal<Vec<PaletteEntry>>,
    /// Whether it is open.
    open: RwSignal<bool>,
) -> impl IntoView {
    let node: NodeRef<html::Dialog> = NodeRef::new();
    follow(node, open);
    let body = move || open.get().then(|| view! { <PaletteBody entries=entries open=open /> });
    view! {
        <dialog
            class="dialog palette"
            node_ref=node
            aria-label=use_look().words().find
            on:close=move |_| open.set(false)
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
    open: RwSignal<bool>,
}

impl Search {
    fn new(entries: Signal<Vec<PaletteEntry>>, open: RwSignal<bool>) -> Self {
        let query: RwSignal<String> = RwSignal::new(String::new());
        let found = Memo::new(move |_| entries.with(|list| query.with(|text| find(list, text))));
        Self { query, found, chosen: RwSignal::new(0), open }
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
        let link = document().get_element_by_id(&option_id(self.chosen.get_untracked()));
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

/// The next choice, round the ends.
fn next_chosen(chosen: usize, n_found: usize, is_down: bool) -> usize {
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
fn PaletteBody(entries: Signal<Vec<PaletteEntry>>, open: RwSignal<bool>) -> impl IntoView {
    let words = use_look().words();
    let search = Search::new(entries, open);
    let input: NodeRef<html::Input> = NodeRef::new();
    Effect::new(move |_: Option<()>| focus_next_frame(input));
    let is_none = move || search.found.with(Vec::is_empty);
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
                aria-expanded="true"
                aria-autocomplete="list"
                aria-controls="palette-list"
                aria-activedescendant=move || option_id(search.chosen.get())
                placeholder=words.find_hint
                on:input=move |event| search.write(event_target_value(&event))
                on:keydown=move |event| search.press(&event)
            />
        </div>
        <div class="palette__list" id="palette-list" role="listbox" aria-label=words.find>
            {move || options(search)}
        </div>
        {move || is_none().then(|| view! { <p class="palette__none" role="status">{words.nothing_found}</p> })}
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
    let is_chosen = move || if search.chosen.get() == index { "true" } else { "false" };
    view! {
        <a
            class="palette__one"
            id=option_id(index)
            role="option"
            tabindex="-1"
            href=entry.href
            aria-selected=is_chosen
            on:click=move |_| search.open.set(false)
        >
            {entry.label}
            <span class="palette__hint">{entry.hint}</span>
        </a>
    }
}

#[cfg(test)]
mod tests {
    use super::{PaletteEntry, find, next_chosen};

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
    fn choosing_goes_round_the_ends() {
        assert_eq!(next_chosen(2, 3, true), 0);
        assert_eq!(next_chosen(0, 3, false), 2);
        assert_eq!(next_chosen(0, 0, true), 0);
    }
}
