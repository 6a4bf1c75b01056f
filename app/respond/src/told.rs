//! What was just done, for the screen that a form of this wing comes back to.

use crate::words::answers::answer_words;
use crate::words::duty::duty_words;
use crate::words::rules::rule_words;
use crate::words::silences::silence_words;
use crate::words::words;
use api::alerting::AlertUndoTake;
use api::told::Told;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use model::ids::AlertId;
use ui::button::{Button, Rank};
use ui::callout::{Callout, Tone};
use ui::context::use_look;

/// The call that takes an alert on.
const TAKEN: &str = "alert_acknowledge";

/// The note that says it, with the way back; `None` when it is not of this wing.
#[must_use]
pub fn told(told: &Told) -> Option<AnyView> {
    let taken: Option<AlertId> = if told.call == TAKEN { told.of.parse().ok() } else { None };
    let text: String = said(&told.call, &told.of)?;
    let acts = move || taken.map(undo);
    Some(view! { <Callout tone=Tone::Back acts=acts>{text}</Callout> }.into_any())
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

fn said(call: &str, of: &str) -> Option<String> {
    let (words, answers, silences) = (words(), answer_words(), silence_words());
    let said: &str = match call {
        "alert_comment" => words.said_comment,
        "alert_not_yours" => words.said_not_yours,
        "alert_pass_on" => duty_words().said_passed,
        "alert_prolong" => answers.said_prolonged,
        "alert_resolve" => words.said_resolved,
        "alert_unacknowledge" => words.said_given_back,
        "rule_put_back" => rule_words().said_put_back,
        "silence_end" => silences.said_ended,
        TAKEN => return Some((words.taken)(&of.parse::<AlertId>().ok()?.to_string())),
        "alert_held" => return Some((words.already_held)(&of.parse::<AlertId>().ok()?.to_string())),
        "rule_adopt" => return Some((rule_words().adopted)(of.parse().ok()?)),
        "silence_extend" => return Some((silences.said_extended)(of.parse().ok()?)),
        _ => return None,
    };
    Some(said.to_owned())
}

#[cfg(test)]
mod tests {
    use super::told;
    use api::told::Told;
    use leptos::prelude::*;

    fn html(word: &str) -> Option<String> {
        told(&Told::read(word)).map(|view| view.to_html())
    }

    #[test]
    fn an_alert_that_was_taken_on_can_be_given_back_at_once() {
        let owner = Owner::new();
        owner.set();
        let taken: String = html("alert_acknowledge.A-12").unwrap_or_default();
        assert!(taken.contains("A-12") && taken.contains("alert_undo_take") && taken.contains(r#"value="12""#), "{taken}");
        let held: String = html("alert_held.A-12").unwrap_or_default();
        assert!(held.contains("A-12") && !held.contains("<form"), "{held}");
    }

    #[test]
    fn what_an_address_makes_up_is_not_said() {
        let owner = Owner::new();
        owner.set();
        for word in ["", "alert_acknowledge", "alert_held.<b>", "rule_adopt.many", "silence_extend", "noted", "person_role"] {
            assert_eq!(html(word), None, "{word}");
        }
    }
}
