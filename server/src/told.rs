//! What an answer to an alert came to, as the word that its screen says it by. Other acts lead to a screen of their own accord and name
//! their word there; these lead back to wherever an alert stood, so the word is put into the way back here.

use api::alerting::{AlertAcknowledge, AlertComment, AlertProlong, AlertResolve, AlertUnacknowledge, AlertUndoTake, Taken};
use api::told::Told;
use api::wire::Packing;
use leptos::server_fn::{Decodes, ServerFn};

/// Whether an answer to this call is told of.
#[must_use]
pub fn is_told(call: &str) -> bool {
    let all = [
        AlertAcknowledge::PATH,
        AlertComment::PATH,
        AlertProlong::PATH,
        AlertResolve::PATH,
        AlertUnacknowledge::PATH,
        AlertUndoTake::PATH,
    ];
    all.contains(&call)
}

/// What is told of it. `answer` is what the server function answered, packed.
#[must_use]
pub fn told(call: &str, answer: &[u8]) -> Option<Told> {
    if call == AlertAcknowledge::PATH {
        let taken: Taken = read(answer)?;
        return Some(if taken.already { Told::Held(taken.id) } else { Told::Taken(taken.id) });
    }
    if call == AlertUndoTake::PATH || call == AlertProlong::PATH {
        let was_mine: bool = read(answer)?;
        let done: Told = if call == AlertProlong::PATH { Told::Prolonged } else { Told::GivenBack };
        return Some(if was_mine { done } else { Told::NotYours });
    }
    let plain = [
        (AlertComment::PATH, Told::Commented),
        (AlertResolve::PATH, Told::Resolved),
        (AlertUnacknowledge::PATH, Told::GivenBack),
    ];
    plain.into_iter().find(|(path, _)| *path == call).map(|(_, told)| told)
}

fn read<T>(answer: &[u8]) -> Option<T>
where
    Packing: Decodes<T>,
{
    <Packing as Decodes<T>>::decode(axum::body::Bytes::copy_from_slice(answer)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use leptos::server_fn::Encodes;
    use model::ids::AlertId;

    fn packed(answer: &impl serde::Serialize) -> Vec<u8> {
        <Packing as Encodes<_>>::encode(answer).unwrap().to_vec()
    }

    #[test]
    fn what_an_answer_came_to_is_told() {
        let taken = |already: bool| packed(&Taken { id: AlertId(7), by: "Hana".to_owned(), already });
        for (call, answer, expected) in [
            (AlertAcknowledge::PATH, taken(false), Told::Taken(AlertId(7))),
            (AlertAcknowledge::PATH, taken(true), Told::Held(AlertId(7))),
            (AlertUndoTake::PATH, packed(&true), Told::GivenBack),
            (AlertUndoTake::PATH, packed(&false), Told::NotYours),
            (AlertProlong::PATH, packed(&true), Told::Prolonged),
            (AlertComment::PATH, packed(&()), Told::Commented),
        ] {
            assert!(is_told(call), "{call}");
            assert_eq!(told(call, &answer), Some(expected), "{call}");
        }
        assert!(!is_told("/call/team_make") && told("/call/team_make", &[]).is_none());
    }
}
