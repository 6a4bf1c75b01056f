//! The line in which people write: a note, or a correction of a line, whose original stays. Graphs are kept from here too.

use super::detail::Acts;
use super::refusal::{Places, attempt};
use super::said::moment_text;
use crate::oncall::said::hidden;
use crate::words::incidents::incident_words;
use api::incidents::line::EntryView;
use api::incidents::view::IncidentView;
use leptos::form::ActionForm;
use leptos::prelude::*;
use model::links;
use ui::attempt::{Attempt, Named, Typed};
use ui::button::{Button, ButtonLink, Rank};
use ui::field::Line;
use ui::part::Part;

/// The part: the note, and folded in the graph.
pub fn compose(view: &IncidentView, acts: Acts) -> AnyView {
    let words = incident_words();
    let correcting: Option<&EntryView> = view.story.correcting.as_deref();
    let title: &'static str = if correcting.is_some() { words.correct_title } else { words.note_title };
    let (note, graph): (AnyView, AnyView) = (note(view, correcting, acts), graph(view, acts));
    view! { <Part title=title.to_owned() id="compose">{note}{graph}</Part> }.into_any()
}

fn note(view: &IncidentView, correcting: Option<&EntryView>, acts: Acts) -> AnyView {
    let words = incident_words();
    let places: Places = vec![Named::new("text", "note-text", words.note_label), Named::new("at", "note-at", words.happened_at)];
    let attempt: Attempt = attempt(acts.note, places);
    let of: String = correcting.map(|line| line.id.to_string()).unwrap_or_default();
    let typed: Typed = attempt.typed.only(&[("note[corrects]", of.as_str())]);
    let attempt = Attempt { typed, wrong: attempt.wrong };
    let fields: [AnyView; 2] = [hidden("note[id]", &view.line.id.0.to_string()), hidden("note[corrects]", &of)];
    let original = correcting.map(|line| original(view, line));
    let at: AnyView = attempt.line(Line {
        kind: "datetime-local",
        hint: words.happened_hint.to_owned(),
        ..Line::new("note-at", "note[at]", words.happened_at)
    });
    let word: &'static str = if correcting.is_some() { words.correct_do } else { words.note_do };
    view! {
        <ActionForm action=acts.note attr:class="case__note">
            {attempt.refused()}
            {fields.into_iter().collect_view()}
            {original}
            {attempt.area(Named::new("note[text]", "note-text", words.note_label), words.note_hint.to_owned(), "")}
            <details class="case__more"><summary class="button button--quiet">{words.happened_earlier}</summary>{at}</details>
            <div class="form__foot"><Button kind="submit">{word}</Button></div>
        </ActionForm>
    }
    .into_any()
}

/// What is corrected, as it stands and as it will stay.
fn original(view: &IncidentView, line: &EntryView) -> AnyView {
    let words = incident_words();
    let said: String = format!("{} {}", moment_text(line.at), line.text);
    let back: String = links::incident(view.line.id);
    view! {
        <p class="case__original"><q>{said}</q></p>
        <p class="field__hint">{words.correct_hint}</p>
        <p><ButtonLink href=back rank=Rank::Quiet>{words.correct_not}</ButtonLink></p>
    }
    .into_any()
}

/// A graph that is kept as it is now: samples go after a while, and this stays.
fn graph(view: &IncidentView, acts: Acts) -> AnyView {
    let words = incident_words();
    let places: Places = vec![
        Named::new("title", "graph-title", words.graph_title),
        Named::new("query", "graph-query", words.graph_query),
        Named::new("until", "graph-until", words.until_label),
    ];
    let attempt: Attempt = attempt(acts.freeze, places);
    let is_open: bool = attempt.typed.fields().is_some();
    let id: AnyView = hidden("graph[id]", &view.line.id.0.to_string());
    let query = Line { is_code: true, required: true, ..Line::new("graph-query", "graph[query]", words.graph_query) };
    let title = Line { required: true, most: Some(200), ..Line::new("graph-title", "graph[title]", words.graph_title) };
    let from = Line { kind: "datetime-local", ..Line::new("graph-from", "graph[from]", words.from_label) };
    let until = Line { kind: "datetime-local", ..Line::new("graph-until", "graph[until]", words.until_label) };
    view! {
        <details class="case__more" open=is_open>
            <summary class="button button--quiet">{words.freeze}</summary>
            <ActionForm action=acts.freeze attr:class="form">
                {attempt.refused()}
                <p class="field__hint">{words.freeze_hint}</p>
                {id}
                {attempt.line(title)}
                {attempt.line(query)}
                {attempt.line(from)}
                {attempt.line(until)}
                <div class="form__foot"><Button kind="submit">{words.freeze_do}</Button></div>
            </ActionForm>
        </details>
    }
    .into_any()
}
