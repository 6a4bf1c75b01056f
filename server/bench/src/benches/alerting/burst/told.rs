//! When each alert of a storm was told. A message has room to list fifty alerts, but says how many it is about: nothing ends during the
//! storm, so a group's messages are about ever more, and its tenth alert was told by the first message about ten or more.

use super::Waves;
use crate::benches::alerting::sink::ledger::Ledger;
use std::collections::BTreeMap;
use std::time::Instant;

/// How it went.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Told {
    /// From sending an alert to the message that tells of it.
    pub took_s: Vec<f64>,
    /// Alerts that no message tells of.
    pub lost: usize,
}

/// What a ledger says of the alerts of each system.
pub fn told(ledger: &Ledger, waves: &Waves) -> Told {
    let mut messages: BTreeMap<&str, Vec<(Instant, usize)>> = BTreeMap::new();
    for call in ledger.calls() {
        messages.entry(call.message.group.as_str()).or_default().push((call.at, call.message.n_alerts));
    }
    let mut all = Told::default();
    for (system, sent) in waves {
        of_group(messages.get(system.as_str()).map_or(&[], Vec::as_slice), sent, &mut all);
    }
    all
}

fn of_group(messages: &[(Instant, usize)], sent: &[Instant], all: &mut Told) {
    for (index, began) in sent.iter().enumerate() {
        match messages.iter().find(|(_, n_alerts)| *n_alerts > index) {
            Some((at, _)) => all.took_s.push(at.saturating_duration_since(*began).as_secs_f64()),
            None => all.lost += 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn an_alert_was_told_by_the_first_message_about_enough_of_them() {
        let began = Instant::now();
        let after = |s: u64| began + Duration::from_secs(s);
        let mut all = Told::default();
        of_group(&[(after(5), 2), (after(20), 3)], &[began, after(1), after(2), after(3)], &mut all);
        assert_eq!(all, Told { took_s: vec![5.0, 4.0, 18.0], lost: 1 });
    }
}
