//! "Can't, pass on", by the same link: whoever was paged says so, with the comment as the reason, and the next step pages at once.

use crate::house_error::chain;
use crate::wiring::House;
use alerting::AlertDetail;
use model::Actor;
use model::access::AnswerAlert;
use notify::DeliveryRow;
use oncall::{Error, RunRow, State};

/// What the button sends as `act`.
pub(super) const PASS: &str = "pass";

/// What became of it.
pub(super) enum Passed {
    Done,
    /// Nobody is being paged for any of it.
    NotEscalating,
    LongReason,
    /// The database is away.
    Away,
}

/// Whether somebody could be paged instead: an escalation of the first alert goes on. When that can't be told there is no button.
pub(super) async fn is_possible(house: &House, alerts: &[AlertDetail]) -> bool {
    let Some(first) = alerts.first() else { return false };
    match house.oncall.runs_of_alert(first.row.id).await {
        Ok(runs) => runs.iter().any(|run: &RunRow| run.state == State::Running),
        Err(error) => {
            tracing::warn!(error = chain(&error), "whether an alert escalates can't be told");
            false
        }
    }
}

/// Passes on every alert of the page for which somebody is being paged.
pub(super) async fn pass_on(house: &House, actor: &Actor, delivery: &DeliveryRow, reason: &str) -> Passed {
    let Ok(grant) = kernel::authorize::<AnswerAlert>(actor, None) else { return Passed::NotEscalating };
    let mut n_passed: usize = 0;
    for id in &delivery.alerts {
        match house.oncall.pass_on(&grant, *id, reason).await {
            Ok(_) => n_passed += 1,
            Err(Error::NotEscalating(_)) => {}
            Err(Error::LongReason { .. }) => return Passed::LongReason,
            Err(error) => {
                tracing::error!(error = chain(&error), "an alert could not be passed on by a link");
                return Passed::Away;
            }
        }
    }
    if n_passed == 0 { Passed::NotEscalating } else { Passed::Done }
}
