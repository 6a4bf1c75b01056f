//! The end of a run: asked for, with what is still open, and with what came of it.

use super::Acts;
use crate::report::{attempt, was_tried};
use crate::screen::hidden;
use crate::words::documents::document_words;
use api::documents::run::OutcomeView;
use api::documents::view::RunBrief;
use leptos::form::ActionForm;
use leptos::prelude::*;
use ui::attempt::{Attempt, Named};
use ui::button::Button;
use ui::field::field_error;

/// Where what came of it is chosen.
const OUTCOME: &str = "run-outcome";

/// What opens the question, and the question.
pub fn ending(run: &RunBrief, acts: Acts) -> AnyView {
    let words = document_words();
    let n_left: u32 = run.n.saturating_sub(run.n_done);
    let asked: String = if n_left == 0 { words.run_end_all.to_owned() } else { (words.run_end_left)(n_left) };
    let note = Named::new("note", "run-outcome-note", words.run_note);
    let attempt: Attempt = attempt(acts.end, vec![Named::new("outcome", OUTCOME, words.run_outcome), note.clone()]);
    let is_open: bool = was_tried(&attempt);
    let fields = view! {
        {attempt.refused()}
        {hidden("run", &run.id.0.to_string())}
        <p>{asked}</p>
        {outcomes(&attempt, n_left)}
        {attempt.area(note, words.run_note_hint.to_owned(), "")}
        <p class="form__foot"><Button kind="submit">{words.run_end_do}</Button></p>
    };
    view! {
        <details class="folio__add" open=is_open>
            <summary class="button">{words.run_end}</summary>
            <ActionForm action=acts.end attr:class="form">{fields}</ActionForm>
        </details>
    }
    .into_any()
}

/// One of three. Where every step is behind it, it probably worked; else whoever ends it has to say.
fn outcomes(attempt: &Attempt, n_left: u32) -> AnyView {
    let words = document_words();
    let usual: &'static str = if n_left == 0 { "worked" } else { "" };
    let chosen: String = attempt.typed.text("outcome", usual);
    let boxes: Vec<AnyView> = OutcomeView::ALL
        .into_iter()
        .zip(words.run_outcomes)
        .map(|((_, value), word)| radio(value, word, value == chosen))
        .collect();
    view! {
        <fieldset class="checkoff__outcomes" id=OUTCOME tabindex="-1">
            <legend class="field__label">{words.run_outcome}</legend>
            {boxes}
            {field_error(OUTCOME, attempt.wrong_at(OUTCOME))}
        </fieldset>
    }
    .into_any()
}

fn radio(value: &'static str, word: &'static str, is_chosen: bool) -> AnyView {
    view! {
        <label class="tick">
            <input type="radio" name="outcome" value=value required=true checked=is_chosen />
            {word}
        </label>
    }
    .into_any()
}
