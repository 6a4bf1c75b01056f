//! What an answer to an alert came to, said where it leads back to. `public/toasts.js` makes a toast of it.

use crate::words::answers::answer_words;
use crate::words::{Words, words};
use api::alerting::AlertUndoTake;
use api::told::Told;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::hooks::use_query_map;
use model::ids::AlertId;
use ui::button::{Button, Rank};
use ui::callout::{Callout, Tone};
use ui::context::use_look;

/// What the address says was just done; nothing where it says nothing of this kind.
#[must_use]
pub fn told() -> Option<AnyView> {
    use_query_map().with_untracked(|query| query.get("done")).and_then(|word| Told::of(&word)).map(drawn)
}

fn drawn(told: Told) -> AnyView {
    let text: String = said(told);
    let taken: Option<AlertId> = if let Told::Taken(id) = told { Some(id) } else { None };
    let acts = move || taken.map(undo);
    view! {
        <div class="told">
            <Callout tone=Tone::Back acts=acts>{text}</Callout>
        </div>
    }
    .into_any()
}

fn said(told: Told) -> String {
    let words: &'static Words = words();
    match told {
        Told::Taken(id) => (words.taken)(&id.to_string()),
        Told::Held(id) => (words.already_held)(&id.to_string()),
        Told::GivenBack => words.said_given_back.to_owned(),
        Told::NotYours => words.said_not_yours.to_owned(),
        Told::Prolonged => answer_words().said_prolonged.to_owned(),
        Told::Commented => words.said_comment.to_owned(),
        Told::Resolved => words.said_resolved.to_owned(),
    }
}

/// The way back. It takes nothing from anybody else: only what is still one's own is given back.
fn undo(id: AlertId) -> AnyView {
    let word: &'static str = use_look().words().undo;
    view! {
        <form method="post" action=AlertUndoTake::url()>
            <input type="hidden" name="id" value=id.0.to_string() />
            <Button kind="submit" rank=Rank::Row>{word}</Button>
        </form>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::drawn;
    use api::told::Told;
    use leptos::prelude::*;
    use model::ids::AlertId;

    #[test]
    fn only_what_was_taken_can_be_taken_back() {
        let owner = Owner::new();
        owner.set();
        let taken = drawn(Told::Taken(AlertId(7))).to_html();
        for part in ["data-said", "A-7 を引き受けました。", "/call/alert_undo_take", "元に戻す"] {
            assert!(taken.contains(part), "{part}: {taken}");
        }
        let held = drawn(Told::Held(AlertId(7))).to_html();
        assert!(held.contains("A-7") && !held.contains("<form"), "{held}");
    }
}
