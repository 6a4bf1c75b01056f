//! The field: one textarea, below it the same text painted, behind it a list of what could be written.
//!
//! Without a script it is a textarea in a form, and nothing else. With one its own ink becomes transparent and the painted text shows
//! through; while a word is composed (Japanese input) it is the other way round, because the browser marks what is being converted in
//! the field's own ink.

mod list;

use crate::complete::{Place, place};
use crate::mistake::{Mistake, mistakes};
use crate::offer::{Offer, offers};
use crate::paint::{byte_at, field_text, painted, units_at};
use crate::suggest::Suggestions;
use api::explore::LONGEST_EXPRESSION;
use figures::Locale;
use leptos::ev::KeyboardEvent;
use leptos::html;
use leptos::prelude::*;
use list::{OfferList, option_id, scroll_to};
use std::time::Duration;
use ui::context::use_look;

/// How a field is called, and what describes it. One field to a screen: its list has a name of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Called {
    pub id: &'static str,
    /// What the form sends it as.
    pub name: &'static str,
    /// The ids of what explains it, divided by blanks.
    pub described_by: &'static str,
    pub placeholder: &'static str,
}

/// Half a word is always wrong: mistakes are looked for when the writer pauses.
const PAUSE: Duration = Duration::from_millis(400);
/// What browsers call every key while a word is composed, even those that forget to say that one is.
const COMPOSING: u32 = 229;

/// The field and everything around it. All handles, so it is copied freely.
#[derive(Clone, Copy)]
pub struct Editor {
    /// What is written.
    pub text: RwSignal<String>,
    /// What is wrong with it, as far as the language itself tells.
    pub mistakes: RwSignal<Vec<Mistake>>,
    /// What the server found wrong, and with which text.
    pub refused: RwSignal<Option<(String, Mistake)>>,
    called: Called,
    asked: Memo<String>,
    field: NodeRef<html::Textarea>,
    is_alive: RwSignal<bool>,
    is_composing: RwSignal<bool>,
    place: RwSignal<Option<Place>>,
    offers: Memo<Vec<Offer>>,
    chosen: RwSignal<Option<usize>>,
    waiting: StoredValue<Option<TimeoutHandle>>,
    on_run: Callback<String>,
    on_write: Callback<()>,
    locale: Locale,
}

impl Editor {
    /// A field that shows what is `asked`, also when that changes. `on_run` is given the text when it is to be run, `on_write` is called
    /// when something was written.
    pub fn new(asked: Memo<String>, called: Called, on_run: Callback<String>, on_write: Callback<()>) -> Self {
        let (first, locale) = (asked.get_untracked(), use_look().locale);
        let place: RwSignal<Option<Place>> = RwSignal::new(None);
        let suggestions = Suggestions::new(place);
        let editor = Self {
            mistakes: RwSignal::new(mistakes(&first, locale)),
            text: RwSignal::new(first),
            refused: RwSignal::new(None),
            called,
            asked,
            field: NodeRef::new(),
            is_alive: RwSignal::new(false),
            is_composing: RwSignal::new(false),
            place,
            offers: Memo::new(move |_| found(place, suggestions)),
            chosen: RwSignal::new(None),
            waiting: StoredValue::new(None),
            on_run,
            on_write,
            locale,
        };
        editor.follow_address();
        editor
    }

    /// Shows what the address asks when it changes (an example, the way back), and keeps what was written before there was a script.
    fn follow_address(self) {
        Effect::new(move |before: Option<String>| {
            let asked: String = self.asked.get();
            match before {
                None => self.wake(),
                Some(before) if before != asked => self.show(&asked),
                Some(_) => {}
            }
            asked
        });
        on_cleanup(move || {
            if let Some(waiting) = self.waiting.try_get_value().flatten() {
                waiting.clear();
            }
        });
    }

    fn wake(self) {
        self.is_alive.set(true);
        let Some(field) = self.field.get_untracked() else { return };
        let written: String = field.value();
        if self.text.with_untracked(|text| *text != written) {
            self.text.set(written);
            self.judge();
        }
    }

    /// Replaces the text, unless it is that already.
    fn show(self, text: &str) {
        if let Some(field) = self.field.get_untracked().filter(|field| field.value() != text) {
            field.set_value(text);
        }
        self.text.set(text.to_owned());
        self.close();
        self.judge();
    }

    /// Something was written.
    fn write(self, text: String) {
        self.text.set(text);
        if !self.mistakes.with_untracked(Vec::is_empty) {
            self.mistakes.set(Vec::new());
        }
        self.judge_later();
        self.on_write.run(());
        if !self.is_composing.get_untracked() {
            self.look(false);
        }
    }

    fn judge_later(self) {
        if let Some(waiting) = self.waiting.get_value() {
            waiting.clear();
        }
        let judge = move || {
            // The screen may be gone by now.
            if self.text.try_get_untracked().is_some() {
                self.judge();
            }
        };
        self.waiting.set_value(set_timeout_with_handle(judge, PAUSE).ok());
    }

    fn judge(self) {
        let found: Vec<Mistake> = self.text.with_untracked(|text| mistakes(text, self.locale));
        self.mistakes.set(found);
    }

    /// Runs what is written.
    pub fn run(self) {
        self.close();
        self.judge();
        self.on_run.run(self.text.get_untracked());
    }

    /// Sees what could stand at the caret, and offers it. `is_wished`: somebody asked for it.
    fn look(self, is_wished: bool) {
        let place: Option<Place> = self.caret().map(|caret| self.text.with_untracked(|text| place(text, byte_at(text, caret))));
        let place: Option<Place> = place.filter(|place| is_wished || place.is_eager());
        let is_begun: bool = place.as_ref().is_some_and(|place| !place.typed.is_empty());
        self.chosen.set(is_begun.then_some(0));
        self.place.set(place);
    }

    /// Where the caret is, if nothing is selected.
    fn caret(self) -> Option<u32> {
        let field = self.field.get_untracked()?;
        let start: u32 = field.selection_start().ok().flatten()?;
        let end: u32 = field.selection_end().ok().flatten()?;
        (start == end).then_some(start)
    }

    /// Offers nothing any more.
    pub fn close(self) {
        if self.place.with_untracked(Option::is_some) {
            self.place.set(None);
        }
    }

    /// Whether anything is offered.
    fn is_open(self) -> bool {
        !self.offers.with(Vec::is_empty)
    }

    /// The offer that Enter takes; the list may have become shorter since it was chosen.
    fn current(self) -> Option<usize> {
        let n_offers: usize = self.offers.with(Vec::len);
        self.chosen.get().and_then(|chosen| n_offers.checked_sub(1).map(|last| chosen.min(last)))
    }

    fn step(self, is_down: bool) {
        let n_offers: usize = self.offers.with_untracked(Vec::len);
        let next: usize = stepped(self.chosen.get_untracked(), n_offers, is_down);
        self.chosen.set(Some(next));
        scroll_to(next);
    }

    /// Writes an offer; false where there is none of that number.
    fn take(self, index: Option<usize>) -> bool {
        let offer: Option<Offer> = index.and_then(|index| self.offers.with_untracked(|offers| offers.get(index).cloned()));
        let (Some(offer), Some(place), Some(field)) = (offer, self.place.get_untracked(), self.field.get_untracked()) else {
            return false;
        };
        let (text, at) = self.text.with_untracked(|text| replaced(text, &place, &offer.insert));
        field.set_value(&text);
        let caret: u32 = units_at(&text, at);
        // Fails only for a field that holds no text.
        let _ = field.set_selection_range(caret, caret);
        let _ = field.focus();
        self.write(text);
        true
    }

    fn press(self, event: &KeyboardEvent) {
        if event.is_composing() || event.key_code() == COMPOSING {
            return;
        }
        let (key, has_command) = (event.key(), event.ctrl_key() || event.meta_key());
        let is_done: bool = match key.as_str() {
            "Enter" if has_command => {
                self.run();
                true
            }
            " " if event.ctrl_key() => self.look_on_wish(),
            "ArrowDown" if event.alt_key() => self.look_on_wish(),
            _ if has_command || event.alt_key() => false,
            key => self.press_in_list(key, event.shift_key()),
        };
        if is_done {
            event.prevent_default();
        }
    }

    fn look_on_wish(self) -> bool {
        self.look(true);
        true
    }

    /// The keys that belong to the list while it is open. Whether the key did something there.
    fn press_in_list(self, key: &str, has_shift: bool) -> bool {
        let n_offers: usize = self.offers.with_untracked(Vec::len);
        if n_offers == 0 {
            return false;
        }
        let chosen: Option<usize> = self.chosen.get_untracked().map(|chosen| chosen.min(n_offers - 1));
        match key {
            "ArrowDown" => self.step(true),
            "ArrowUp" => self.step(false),
            "Enter" if !has_shift => return self.take(chosen),
            "Tab" if !has_shift => return self.take(chosen.or(Some(0))),
            "Escape" => self.close(),
            "ArrowLeft" | "ArrowRight" | "Home" | "End" | "PageUp" | "PageDown" => {
                self.close();
                return false;
            }
            _ => return false,
        }
        true
    }

    /// The text as it is seen below the field.
    fn picture(self) -> String {
        let wrong: Vec<(usize, usize)> = self.mistakes.with(|found| found.iter().map(|one| (one.start, one.end)).collect());
        self.text.with(|text| match self.refused.with(|refused| refused_span(refused.as_ref(), text)) {
            Some(span) if wrong.is_empty() => painted(text, &[span]),
            _ => painted(text, &wrong),
        })
    }

    fn is_transparent(self) -> bool {
        self.is_alive.get() && !self.is_composing.get()
    }

    fn composed(self, is_composing: bool) {
        self.is_composing.set(is_composing);
        if is_composing {
            self.close();
        } else {
            self.look(false);
        }
    }
}

fn found(place: RwSignal<Option<Place>>, suggestions: Suggestions) -> Vec<Offer> {
    place.with(|place| place.as_ref().map(|place| offers(place, &suggestions.words(place))).unwrap_or_default())
}

/// What the server refused, while the text is still the one it refused.
fn refused_span(refused: Option<&(String, Mistake)>, text: &str) -> Option<(usize, usize)> {
    refused.filter(|(about, _)| about == text).map(|(_, mistake)| (mistake.start, mistake.end))
}

/// The text with an offer in its place, and the byte behind it. An opening parenthesis that stands there already is not written again.
fn replaced(text: &str, place: &Place, insert: &str) -> (String, usize) {
    let (before, behind) = (text.get(..place.start).unwrap_or_default(), text.get(place.end..).unwrap_or_default());
    let behind: &str = if insert.ends_with('(') { behind.strip_prefix('(').unwrap_or(behind) } else { behind };
    let begun: String = format!("{before}{insert}");
    let at: usize = begun.len();
    (begun + behind, at)
}

/// The next choice, round the ends; from no choice to the first or the last.
fn stepped(chosen: Option<usize>, n_offers: usize, is_down: bool) -> usize {
    let last: usize = n_offers.saturating_sub(1);
    match (chosen, is_down) {
        (None, true) => 0,
        (None, false) => last,
        (Some(chosen), true) => {
            if chosen >= last {
                0
            } else {
                chosen + 1
            }
        }
        (Some(chosen), false) => {
            if chosen == 0 {
                last
            } else {
                (chosen - 1).min(last)
            }
        }
    }
}

/// The field with its painted text and its list.
#[component]
pub fn EditorField(editor: Editor) -> impl IntoView {
    let first: String = editor.text.with_untracked(|text| field_text(text));
    let is_wrong = move || !editor.mistakes.with(Vec::is_empty);
    let active = move || editor.current().map(option_id);
    view! {
        <div class="explore__paper" class:explore__paper--painted=move || editor.is_transparent()>
            <pre class="explore__picture" aria-hidden="true" inner_html=move || editor.picture()></pre>
            <textarea
                class="explore__field"
                id=editor.called.id
                name=editor.called.name
                node_ref=editor.field
                rows="2"
                maxlength=LONGEST_EXPRESSION.to_string()
                spellcheck="false"
                autocomplete="off"
                autocapitalize="off"
                placeholder=editor.called.placeholder
                aria-describedby=editor.called.described_by
                aria-invalid=move || is_wrong().then_some("true")
                aria-autocomplete="list"
                aria-haspopup="listbox"
                aria-controls=list::LIST
                aria-activedescendant=active
                inner_html=first
                on:input=move |event| editor.write(event_target_value(&event))
                on:keydown=move |event| editor.press(&event)
                on:click=move |_| editor.close()
                on:blur=move |_| editor.close()
                on:compositionstart=move |_| editor.composed(true)
                on:compositionend=move |_| editor.composed(false)
            ></textarea>
            <OfferList editor=editor />
        </div>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::complete::Expect;

    #[test]
    fn an_offer_takes_the_place_of_what_was_typed() {
        let place = |start: usize, end: usize| Place { expect: Expect::Operand, typed: String::new(), start, end };
        assert_eq!(replaced("ra", &place(0, 2), "rate("), ("rate(".to_owned(), 5));
        assert_eq!(replaced("ra(a[5m])", &place(0, 2), "rate("), ("rate(a[5m])".to_owned(), 5));
        assert_eq!(replaced("見{x=\"a\"}", &place(7, 8), "b"), ("見{x=\"b\"}".to_owned(), 8));
    }

    #[test]
    fn choosing_begins_at_an_end_and_goes_round() {
        for (chosen, is_down, next) in
            [(None, true, 0), (None, false, 2), (Some(2), true, 0), (Some(0), false, 2), (Some(0), true, 1), (Some(9), false, 2)]
        {
            assert_eq!(stepped(chosen, 3, is_down), next, "{chosen:?}");
        }
        assert_eq!(stepped(None, 0, true), 0);
    }

    #[test]
    fn a_refusal_is_forgotten_with_its_text() {
        let mistake = Mistake { start: 0, end: 1, line: 1, column: 1, message: String::new() };
        let refused = ("a + b".to_owned(), mistake);
        assert_eq!(refused_span(Some(&refused), "a + b"), Some((0, 1)));
        assert_eq!(refused_span(Some(&refused), "a + c"), None);
        assert_eq!(refused_span(None, ""), None);
    }
}
