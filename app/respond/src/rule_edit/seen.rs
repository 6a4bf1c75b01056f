//! What the server found of the draft: what is wrong in it and where, and what it would have done.

use super::fields::{Spec, holds, place};
use super::input::input_id;
use crate::rule::backtest::told;
use crate::rule::states::band;
use crate::rule::{NARROW, WIDE};
use crate::words::locale;
use crate::words::rules::{RuleWords, rule_words};
use api::rules::{FieldNote, RuleForm, RuleFormView, RulePreview};
use api::viewer::Viewer;
use chart::{Figure, Plot, Size};
use figures::Locale;
use leptos::prelude::*;
use ui::attempt::{Named, Wrong};
use ui::chart::LegendColumn;
use ui::figure::ServedFigure;
use ui::part::Part;

/// The note of a draft that was begun from a version that is not in force any more.
const VERSION: &str = "version";

/// What is known of the draft.
pub struct Seen<'a> {
    draft: &'a RuleForm,
    preview: &'a RulePreview,
    /// Whether somebody tried to save or preview: then what is missing is told too.
    pub was_tried: bool,
    said: &'static RuleWords,
    locale: Locale,
}

impl<'a> Seen<'a> {
    pub fn new(view: &'a RuleFormView, was_tried: bool) -> Self {
        Self { draft: &view.form, preview: &view.preview, was_tried, said: rule_words(), locale: locale() }
    }

    /// What is wrong at a field: of one that is still empty only once somebody tried.
    pub fn wrong_at(&self, field: &str) -> Option<String> {
        let is_empty: bool = self.draft.get(field).is_none_or(String::is_empty);
        if is_empty && !self.was_tried {
            return None;
        }
        self.preview.wrong.iter().find(|note| note.field == field).map(|note| self.sentence(note))
    }

    /// Everything that is wrong, with the field and what is said there.
    pub fn wrong(&self) -> Vec<Wrong> {
        let one = |note: &FieldNote| Wrong { at: named(&note.field, self.said), said: self.sentence(note) };
        self.preview.wrong.iter().map(one).collect()
    }

    /// Whether something is wrong at one of these fields.
    pub fn is_wrong_in(&self, parts: &[Spec]) -> bool {
        let is_here = |note: &&FieldNote| holds(parts, place(&note.field));
        self.preview.wrong.iter().filter(is_here).any(|note| self.wrong_at(&note.field).is_some())
    }

    /// What is likely not meant at a field.
    pub fn warning_at(&self, field: &str) -> Option<String> {
        self.preview.warnings.iter().find(|note| note.field == field).map(|note| note.said.clone())
    }

    /// In Japanese what is expected is said first, and the room's own words stand behind it. Of the expression the field itself says
    /// more, where it stands.
    fn sentence(&self, note: &FieldNote) -> String {
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
    pub fn is_stale(&self) -> bool {
        self.preview.wrong.iter().any(|note| note.field == VERSION)
    }
}

/// Where a field of the draft stands; what is no field of the form is about all of it.
fn named(field: &str, said: &RuleWords) -> Option<Named> {
    let (label, _) = (said.field)(field);
    (!label.is_empty()).then(|| Named::new(field, &input_id(place(field)), label))
}

/// The draft's last day: graph, states, a sentence, and how an alert would have read.
pub fn pane(view: &RuleFormView) -> AnyView {
    let (said, found) = (rule_words(), &view.preview);
    let seen: Option<AnyView> = found.plot.as_ref().map(|plot| graph(plot, found));
    let would: Option<AnyView> = found.plot.as_ref().map(|_| told(&found.would, found.unit, false));
    let reads = found.sentence.as_ref().map(|text| {
        let text: String = text.read(locale()).to_owned();
        view! { <p class="soft">{said.sentence} " " <q>{text}</q></p> }
    });
    view! {
        <aside class="rule-form__seen">
            <Part title=said.preview.to_owned()>
                <p class="mute">{said.preview_hint}</p>
                <div role="status">{would} {reads}</div>
                {seen}
            </Part>
        </aside>
    }
    .into_any()
}

fn graph(plot: &Plot, found: &RulePreview) -> AnyView {
    let size: Size = if expect_context::<Viewer>().narrow { NARROW } else { WIDE };
    let label: String = chart::spoken(plot, rule_words().preview);
    view! {
        <ServedFigure
            key="rule-preview".to_owned()
            figure=Figure::Plot(plot.clone())
            size=size
            label=label
            legend=LegendColumn::USUAL.to_vec()
        />
        {band(plot, size, &found.states)}
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;
    use api::Text;

    fn view(wrong: &[&str]) -> RuleFormView {
        let note = |field: &&str| FieldNote { field: (*field).to_owned(), said: "no".to_owned() };
        RuleFormView {
            id: None,
            name: Text::default(),
            form: RuleForm::from([("for".to_owned(), "soon".to_owned())]),
            version: None,
            groups: Vec::new(),
            owners: Vec::new(),
            preview: RulePreview { wrong: wrong.iter().map(note).collect(), ..RulePreview::default() },
        }
    }

    #[test]
    fn what_is_missing_is_told_once_somebody_tried() {
        let owner = Owner::new();
        owner.set();
        let view = view(&["for", "group"]);
        let (before, after) = (Seen::new(&view, false), Seen::new(&view, true));
        assert!(before.wrong_at("for").is_some() && before.wrong_at("group").is_none());
        assert!(after.wrong_at("group").is_some() && after.wrong().len() == 2 && !after.is_stale());
    }

    #[test]
    fn that_somebody_was_faster_is_about_the_whole_form() {
        let owner = Owner::new();
        owner.set();
        let view = view(&[VERSION]);
        let seen = Seen::new(&view, true);
        assert!(seen.is_stale() && seen.wrong()[0].at.is_none());
    }
}
