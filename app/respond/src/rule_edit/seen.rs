//! What the draft would have done: asked of the server whenever the writer pauses, kept on the screen until the next answer.

use super::fields::{Spec, holds, place};
use super::input::input_id;
use crate::rule::backtest::told;
use crate::rule::states::band;
use crate::rule::{NARROW, WIDE};
use crate::words::locale;
use crate::words::rules::{RuleWords, rule_words};
use api::rules::{FieldNote, RuleForm, RuleFormView, RulePreview, RuleSave, rule_preview};
use api::viewer::Viewer;
use chart::{Plot, Size};
use figures::Locale;
use leptos::form::FromFormData;
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::web_sys::FormData;
use std::time::Duration;
use ui::attempt::{Named, Wrong};
use ui::chart::{ChartFigure, Legend};
use ui::context::use_look;
use ui::part::Part;

/// Half a number is always wrong: the draft is judged when the writer pauses.
const PAUSE: Duration = Duration::from_millis(500);
/// The note of a draft that was begun from a version that is not in force any more.
const VERSION: &str = "version";

/// What is known of the draft. All handles, so it is copied freely.
#[derive(Clone, Copy)]
pub struct Seen {
    form: NodeRef<html::Form>,
    /// The draft as it was judged last.
    draft: RwSignal<RuleForm>,
    preview: RwSignal<RulePreview>,
    plot: RwSignal<Plot>,
    has_plot: RwSignal<bool>,
    /// Whether somebody tried to save or preview: then what is missing is told too.
    was_tried: RwSignal<bool>,
    waiting: StoredValue<Option<TimeoutHandle>>,
    turn: StoredValue<u32>,
    said: &'static RuleWords,
    locale: Locale,
}

impl Seen {
    /// What the server has judged already.
    pub fn new(view: &RuleFormView, form: NodeRef<html::Form>, was_tried: bool) -> Self {
        let look = use_look();
        let mut preview: RulePreview = view.preview.clone();
        let plot: Option<Plot> = preview.plot.take();
        let seen = Self {
            form,
            draft: RwSignal::new(view.form.clone()),
            preview: RwSignal::new(preview),
            has_plot: RwSignal::new(plot.is_some()),
            plot: RwSignal::new(plot.unwrap_or_else(|| Plot::new(0, 1, look.zone.clone(), look.locale))),
            was_tried: RwSignal::new(was_tried),
            waiting: StoredValue::new(None),
            turn: StoredValue::new(0),
            said: rule_words(),
            locale: look.locale,
        };
        on_cleanup(move || {
            if let Some(waiting) = seen.waiting.try_get_value().flatten() {
                waiting.clear();
            }
        });
        seen
    }

    /// Something was written anywhere in the form.
    pub fn written(self) {
        if let Some(waiting) = self.waiting.get_value() {
            waiting.clear();
        }
        let judge = move || {
            // The screen may be gone by now.
            if self.draft.try_get_untracked().is_some() {
                self.ask();
            }
        };
        self.waiting.set_value(set_timeout_with_handle(judge, PAUSE).ok());
    }

    /// Judges the draft now, and tells what is missing.
    pub fn judge(self) {
        self.was_tried.set(true);
        self.ask();
    }

    /// Why it was not saved.
    pub fn refuse(self, wrong: Vec<FieldNote>) {
        self.was_tried.set(true);
        self.preview.update(|preview| preview.wrong = wrong);
    }

    fn ask(self) {
        let Some(draft) = self.filled_in() else { return };
        let turn: u32 = self.turn.get_value().wrapping_add(1);
        self.turn.set_value(turn);
        spawn_local(async move {
            let answer = rule_preview(draft.clone()).await;
            if let (Ok(found), Some(true)) = (answer, self.turn.try_get_value().map(|now| now == turn)) {
                self.show(draft, found);
            }
        });
    }

    /// What the form holds.
    fn filled_in(self) -> Option<RuleForm> {
        let form = self.form.get_untracked()?;
        let data: FormData = FormData::new_with_form(&form).ok()?;
        RuleSave::from_form_data(&data).ok().map(|sent| sent.draft)
    }

    /// The graph stays the same element, so that whoever walks through it keeps their place.
    fn show(self, draft: RuleForm, mut found: RulePreview) {
        // That somebody was faster does not pass by writing on.
        let kept: Option<FieldNote> =
            self.preview.with_untracked(|before| before.wrong.iter().find(|note| note.field == VERSION).cloned());
        found.wrong.extend(kept);
        let plot: Option<Plot> = found.plot.take();
        let has_plot: bool = plot.is_some();
        if let Some(plot) = plot {
            self.plot.set(plot);
        }
        if self.has_plot.get_untracked() != has_plot {
            self.has_plot.set(has_plot);
        }
        self.draft.set(draft);
        self.preview.set(found);
    }

    /// What is wrong at a field: of one that is still empty only once somebody tried.
    pub fn wrong_at(self, field: &str) -> Option<String> {
        let is_empty: bool = self.draft.with(|draft| draft.get(field).is_none_or(String::is_empty));
        if is_empty && !self.was_tried.get() {
            return None;
        }
        self.preview.with(|preview| preview.wrong.iter().find(|note| note.field == field).map(|note| self.sentence(note)))
    }

    /// Everything that is wrong, with the field and what is said there.
    pub fn wrong(self) -> Vec<Wrong> {
        let one = |note: &FieldNote| Wrong { at: named(&note.field, self.said), said: self.sentence(note) };
        self.preview.with(|preview| preview.wrong.iter().map(one).collect())
    }

    /// Whether something is wrong at one of these fields.
    pub fn is_wrong_in(self, parts: &'static [Spec]) -> bool {
        let fields: Vec<String> = self.preview.with(|preview| preview.wrong.iter().map(|note| note.field.clone()).collect());
        fields.iter().any(|field| holds(parts, place(field)) && self.wrong_at(field).is_some())
    }

    /// What is likely not meant at a field.
    pub fn warning_at(self, field: &str) -> Option<String> {
        self.preview.with(|preview| preview.warnings.iter().find(|note| note.field == field).map(|note| note.said.clone()))
    }

    /// In Japanese what is expected is said first, and the room's own words stand behind it. Of the expression the field itself says
    /// more, where it stands.
    fn sentence(self, note: &FieldNote) -> String {
        let expected: &'static str = (self.said.expected)(&note.field);
        // Of a field that was left empty there is no more to say.
        let is_missing: bool = note.said.ends_with("\"\"") || note.said.ends_with(" \"");
        if (note.field == "expr" || is_missing) && !expected.is_empty() {
            return expected.to_owned();
        }
        if self.locale == Locale::En || expected.is_empty() {
            note.said.clone()
        } else {
            format!("{expected}（{}）", note.said)
        }
    }

    /// Whether somebody else was faster.
    pub fn is_stale(self) -> bool {
        self.preview.with(|preview| preview.wrong.iter().any(|note| note.field == VERSION))
    }

    /// Whether something is wrong that was meant to be saved.
    pub fn needs_another_look(self) -> bool {
        self.was_tried.get() && self.preview.with(|preview| !preview.wrong.is_empty())
    }
}

/// Where a field of the draft stands; what is no field of the form is about all of it.
fn named(field: &str, said: &RuleWords) -> Option<Named> {
    let (label, _) = (said.field)(field);
    (!label.is_empty()).then(|| Named::new(field, &input_id(place(field)), label))
}

/// The draft's last day: graph, states, a sentence, and how an alert would have read.
pub fn pane(seen: Seen) -> AnyView {
    let said = rule_words();
    let size: Size = if expect_context::<Viewer>().narrow { NARROW } else { WIDE };
    let label = Signal::derive(move || seen.plot.with(|plot| chart::spoken(plot, said.preview)));
    let graph = move || {
        seen.has_plot.get().then(|| {
            view! {
                <ChartFigure plot=seen.plot size=size label=label />
                {move || seen.preview.with(|found| seen.plot.with(|plot| band(plot, size, &found.states)))}
                <Legend plot=seen.plot />
            }
            .into_any()
        })
    };
    let would = move || {
        let is_judged: bool = seen.has_plot.get();
        is_judged.then(|| seen.preview.with(|found| told(&found.would, found.unit, false)))
    };
    let reads = move || {
        let sentence: Option<String> =
            seen.preview.with(|found| found.sentence.as_ref().map(|text| text.read(locale()).to_owned()));
        sentence.map(|text| view! { <p class="soft">{said.sentence} " " <q>{text}</q></p> }.into_any())
    };
    view! {
        <aside class="rule-form__seen">
            <Part title=said.preview.to_owned()>
                <p class="mute">{said.preview_hint}</p>
                <div role="status">{would} {reads}</div>
                {graph}
            </Part>
        </aside>
    }
    .into_any()
}
