//! Answering several alerts at once: a form that the ticked boxes of the list belong to. It is sent as it is, with a script or without; what
//! became of it shows in the list it comes back to.

use crate::words::answers::answer_words;
use crate::words::{viewer, words};
use api::alerting::{AlertAcknowledgeAll, AlertRow, AlertUnacknowledgeAll, SPANS};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use model::Role;
use model::alert::{AlertState, MAX_COMMENT};
use ui::button::{Button, Rank};
use ui::field::Field;

/// The id of the form, for the boxes.
pub const FORM: &str = "several";

/// Whether there is anything to tick for whoever looks.
pub fn is_offered(rows: &[AlertRow]) -> bool {
    viewer().may(Role::Responder) && rows.iter().any(|row| row.state == AlertState::Firing)
}

/// The form, closed until it is wanted. While it is open or something is ticked the list stands still (`data-hold`), so that no row moves
/// under the pointer.
pub fn several() -> AnyView {
    let (words, own) = (answer_words(), words());
    let option = |value: &'static str, label: &'static str| view! { <option value=value>{label}</option> };
    let spans = SPANS.into_iter().map(|(word, _)| option(word, (words.span)(word))).collect_view();
    view! {
        <details class="alert-list__several">
            <summary class="link">{words.several}</summary>
            <form class="alert-list__filters" id=FORM method="post" action=AlertAcknowledgeAll::url() data-hold="">
                <p class="mute">{words.several_hint}</p>
                <Field id="several-span" label=words.span_label.to_owned() hint=words.span_hint>
                    <select class="input" id="several-span" name="span">
                        {option("", words.span_whole)}
                        {spans}
                    </select>
                </Field>
                <Field id="several-comment" label=own.comment.to_owned()>
                    <input
                        class="input"
                        id="several-comment"
                        name="comment"
                        type="text"
                        autocomplete="off"
                        maxlength=MAX_COMMENT.to_string()
                    />
                </Field>
                <Button kind="submit" rank=Rank::Main>{words.take_several}</Button>
                <button class="button" type="submit" formaction=AlertUnacknowledgeAll::url()>{words.give_back_several}</button>
            </form>
        </details>
    }
    .into_any()
}
