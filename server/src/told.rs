//! What a form did, for the screen that it comes back to: read from the answer, which a browser that was sent on does not see.

use crate::calls::Asked;
use api::alerting::{AlertAcknowledge, AlertComment, AlertProlong, AlertResolve, AlertUnacknowledge, AlertUndoTake, Taken};
use api::channels::{ChannelRemove, ChannelSave};
use api::escalations::AlertPassOn;
use api::identity::{
    MemberAdd, MemberRemove, PasswordChange, PersonRole, SessionRevoke, SessionsRevokeOthers, TeamDelete, TokenRevoke,
};
use api::integrations::{IntegrationChange, IntegrationMapping, IntegrationRemove};
use api::pager::PagerTest;
use api::push::{BrowserRemove, BrowserTest};
use api::rules::{RuleAdopt, RulePutBack};
use api::silences::{SilenceEnd, SilenceExtend};
use api::told::Told;
use api::wire::Packing;
use leptos::server_fn::{Decodes, ServerFn};
use serde::de::DeserializeOwned;

/// Acts of which nothing more is to be said than that they were done.
const PLAIN: [&str; 22] = [
    AlertComment::PATH,
    AlertPassOn::PATH,
    AlertResolve::PATH,
    AlertUnacknowledge::PATH,
    BrowserRemove::PATH,
    BrowserTest::PATH,
    ChannelRemove::PATH,
    ChannelSave::PATH,
    IntegrationChange::PATH,
    IntegrationMapping::PATH,
    IntegrationRemove::PATH,
    MemberAdd::PATH,
    MemberRemove::PATH,
    PagerTest::PATH,
    PasswordChange::PATH,
    PersonRole::PATH,
    RulePutBack::PATH,
    SessionRevoke::PATH,
    SessionsRevokeOthers::PATH,
    SilenceEnd::PATH,
    TeamDelete::PATH,
    TokenRevoke::PATH,
];
/// Stands for "it was taken on already", and for "it was not yours".
const HELD: &str = "alert_held";
const NOT_YOURS: &str = "alert_not_yours";

/// What a call that succeeded did; `None` where the screen itself shows it.
#[must_use]
pub fn told(asked: &Asked, body: &[u8]) -> Option<Told> {
    let path: &str = asked.path();
    if PLAIN.contains(&path) {
        return Some(Told::new(path, ""));
    }
    match path {
        AlertAcknowledge::PATH => {
            let taken: Taken = answer(body)?;
            Some(Told::new(if taken.already { HELD } else { path }, taken.id.to_string()))
        }
        AlertProlong::PATH => Some(mine(path, body)?),
        AlertUndoTake::PATH => Some(mine(AlertUnacknowledge::PATH, body)?),
        RuleAdopt::PATH => Some(Told::new(path, answer::<u32>(body)?.to_string())),
        SilenceExtend::PATH => Some(Told::new(path, answer::<i64>(body)?.to_string())),
        _ => None,
    }
}

/// Done, if it was the reader's to do.
fn mine(call: &str, body: &[u8]) -> Option<Told> {
    let was_mine: bool = answer(body)?;
    Some(Told::new(if was_mine { call } else { NOT_YOURS }, ""))
}

fn answer<T: DeserializeOwned>(body: &[u8]) -> Option<T> {
    <Packing as Decodes<T>>::decode(body.to_vec().into()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use leptos::server_fn::Encodes;
    use model::ids::AlertId;

    fn word(path: &str, answer: &impl serde::Serialize) -> Option<String> {
        let body = <Packing as Encodes<_>>::encode(answer).unwrap();
        told(&Asked::for_test(path), &body).map(|told| told.word())
    }

    #[test]
    fn it_is_told_who_was_first_and_what_was_not_ones_own() {
        let taken = |already: bool| Taken { id: AlertId(12), by: "佐藤".to_owned(), already };
        assert_eq!(word(AlertAcknowledge::PATH, &taken(false)).as_deref(), Some("alert_acknowledge.A-12"));
        assert_eq!(word(AlertAcknowledge::PATH, &taken(true)).as_deref(), Some("alert_held.A-12"));
        assert_eq!(word(AlertUndoTake::PATH, &true).as_deref(), Some("alert_unacknowledge"));
        assert_eq!(word(AlertUndoTake::PATH, &false).as_deref(), Some("alert_not_yours"));
        assert_eq!(word(SilenceExtend::PATH, &7_i64).as_deref(), Some("silence_extend.7"));
        assert_eq!(word(AlertComment::PATH, &()).as_deref(), Some("alert_comment"));
    }

    #[test]
    fn what_the_screen_shows_by_itself_is_not_told() {
        assert_eq!(word("/call/team_make", &()), None);
        assert_eq!(told(&Asked::for_test(AlertAcknowledge::PATH), &[]), None, "an answer that can't be read");
    }
}
