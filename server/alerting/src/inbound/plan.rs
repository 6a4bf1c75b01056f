//! What an alert that was sent means for what is known of it. Pure.

use super::{Act, InboundAlert};
use crate::rules::Text;
use crate::state::ResolveReason;
use model::alert::AlertState;
use model::ids::{AlertId, RuleId};
use model::labels::Labels;
use model::{Severity, Time};

/// The newest alert of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Known {
    pub(crate) id: AlertId,
    pub(crate) key: String,
    pub(crate) rule: RuleId,
    pub(crate) name: Text,
    pub(crate) labels: Labels,
    pub(crate) state: AlertState,
    pub(crate) reason: Option<ResolveReason>,
    pub(crate) severity: Severity,
    pub(crate) is_held: bool,
    pub(crate) started_at: Option<Time>,
}

/// What is to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// A new alert.
    Open,
    /// It goes on, maybe in other words.
    Update,
    Hold,
    End,
    /// Nothing: known already, late, or about an alert that nobody raised.
    Leave,
}

/// Decides about one alert.
///
/// While it fires, a beginning before the one that is known is believed too: Alertmanager behind a pair of Prometheus takes on the
/// earlier of their two moments, and keeps it to the end.
pub(super) fn step(known: Option<&Known>, alert: &InboundAlert, now: Time) -> Step {
    let Some(known) = known else {
        return if alert.act == Act::Fire { Step::Open } else { Step::Leave };
    };
    let is_firing: bool = known.state == AlertState::Firing;
    match alert.act {
        Act::Fire if is_firing => Step::Update,
        Act::Fire if is_late(alert, known, now) => Step::Leave,
        Act::Fire => Step::Open,
        Act::Acknowledge if is_firing && !known.is_held => Step::Hold,
        Act::Resolve if is_firing && !is_end_of_another(alert, known) => Step::End,
        Act::Acknowledge | Act::Resolve => Step::Leave,
    }
}

/// The end of an earlier firing than the one that is known, which it was overtaken by: it began before, and did not last until then.
fn is_end_of_another(alert: &InboundAlert, known: &Known) -> bool {
    let (Some(sent), Some(began)) = (alert.started_at, known.started_at) else { return false };
    sent < began && alert.ends_at.is_none_or(|end| end <= began)
}

/// Of the firing that is over, or of one before it. Where silence has ended it that was only our guess, and who speaks again is right; so is
/// a sender who names an end that is still to come, because the one that passed was only until when it had promised to speak again.
/// One resolved by hand stays resolved while its sender goes on about the same firing.
fn is_late(alert: &InboundAlert, known: &Known, now: Time) -> bool {
    let goes_on: bool = alert.ends_at.is_some_and(|end| end > now);
    let is_sure: bool = match known.reason {
        Some(ResolveReason::Recovered) => !goes_on,
        Some(ResolveReason::ByHand) => true,
        _ => false,
    };
    is_sure && matches!((alert.started_at, known.started_at), (Some(sent), Some(known)) if sent <= known)
}

#[cfg(test)]
mod tests {
    use super::{Known, Step, step};
    use crate::inbound::{Act, InboundAlert};
    use crate::rules::Text;
    use crate::state::ResolveReason;
    use model::alert::AlertState;
    use model::ids::{AlertId, RuleId};
    use model::labels::Labels;
    use model::{Severity, Time};
    use std::collections::BTreeMap;

    const NOW: Time = Time(1_000);

    fn sent(act: Act, started_at: Option<i64>) -> InboundAlert {
        InboundAlert {
            key: "k".to_owned(),
            act,
            name: "n".to_owned(),
            summary: "s".to_owned(),
            severity: String::new(),
            labels: Labels::default(),
            annotations: BTreeMap::new(),
            url: None,
            value: None,
            started_at: started_at.map(Time),
            ends_at: None,
        }
    }

    fn known(state: AlertState, reason: Option<ResolveReason>, started_at: Option<i64>) -> Known {
        Known {
            id: AlertId(1),
            key: "k".to_owned(),
            rule: RuleId("a/n".to_owned()),
            name: Text::default(),
            labels: Labels::default(),
            state,
            reason,
            severity: Severity::P2,
            is_held: false,
            started_at: started_at.map(Time),
        }
    }

    #[test]
    fn what_nobody_raised_only_fires() {
        for (act, expected) in [(Act::Fire, Step::Open), (Act::Acknowledge, Step::Leave), (Act::Resolve, Step::Leave)] {
            assert_eq!(step(None, &sent(act, Some(5)), NOW), expected, "{act:?}");
        }
    }

    #[test]
    fn what_fires_goes_on_is_held_or_ends() {
        let firing = known(AlertState::Firing, None, Some(5));
        for (act, at, expected) in [
            (Act::Fire, Some(5), Step::Update),
            (Act::Fire, Some(6), Step::Update),
            (Act::Fire, None, Step::Update),
            (Act::Fire, Some(4), Step::Update),
            (Act::Acknowledge, None, Step::Hold),
            (Act::Resolve, Some(5), Step::End),
            (Act::Resolve, None, Step::End),
            (Act::Resolve, Some(4), Step::Leave),
        ] {
            assert_eq!(step(Some(&firing), &sent(act, at), NOW), expected, "{act:?} {at:?}");
        }
        let held = Known { is_held: true, ..firing };
        assert_eq!(step(Some(&held), &sent(Act::Acknowledge, None), NOW), Step::Leave);
    }

    #[test]
    fn what_is_over_fires_again_unless_it_is_late() {
        let over = |reason: ResolveReason| known(AlertState::Resolved, Some(reason), Some(5));
        for (reason, at, expected) in [
            (ResolveReason::Recovered, Some(5), Step::Leave),
            (ResolveReason::Recovered, Some(4), Step::Leave),
            (ResolveReason::Recovered, Some(6), Step::Open),
            (ResolveReason::Recovered, None, Step::Open),
            (ResolveReason::ByHand, Some(5), Step::Leave),
            (ResolveReason::NoData, Some(5), Step::Open),
        ] {
            assert_eq!(step(Some(&over(reason)), &sent(Act::Fire, at), NOW), expected, "{reason:?} {at:?}");
        }
        assert_eq!(step(Some(&over(ResolveReason::Recovered)), &sent(Act::Resolve, Some(6)), NOW), Step::Leave);
    }

    #[test]
    fn an_end_counts_for_the_firing_that_it_lies_in() {
        let firing = known(AlertState::Firing, None, Some(5));
        for (end, expected) in [(Some(4), Step::Leave), (Some(5), Step::Leave), (Some(6), Step::End), (None, Step::Leave)] {
            let over = InboundAlert { ends_at: end.map(Time), ..sent(Act::Resolve, Some(3)) };
            assert_eq!(step(Some(&firing), &over, NOW), expected, "{end:?}");
        }
    }

    #[test]
    fn who_names_an_end_to_come_goes_on_unless_a_person_ended_it() {
        let over = |reason: ResolveReason| known(AlertState::Resolved, Some(reason), Some(5));
        for (reason, end, expected) in [
            (ResolveReason::Recovered, NOW.plus_ms(1), Step::Open),
            (ResolveReason::Recovered, NOW, Step::Leave),
            (ResolveReason::ByHand, NOW.plus_ms(1), Step::Leave),
        ] {
            let again = InboundAlert { ends_at: Some(end), ..sent(Act::Fire, Some(5)) };
            assert_eq!(step(Some(&over(reason)), &again, NOW), expected, "{reason:?} {end:?}");
        }
    }
}
