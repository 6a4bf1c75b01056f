//! Heartbeats: a job, a backup or another Mimamori says again and again that it lives, and an alert fires when it does not.
//!
//! A ping needs no body. It moves the moment at which the silence is too long (`integration.silent_at`), and ends the alert, if one burns.
//! When that moment has passed one alert fires, and the moment is taken away in the same transaction: so it fires once, however many
//! processes look. Nothing is expected before the first ping, nor while the integration is switched off.
//!
//! Whoever could not hear can't judge: after a start, an outage of the database or a sleep of the machine this process listens for the whole
//! of a grace time before it calls anybody silent.

use super::take::{self, Request};
use super::{Act, Inbound, InboundAlert, Integration, Taken, pagerduty};
use crate::error::Error;
use crate::rules::Text;
use crate::store::inbound::{Fresh, Row};
use crate::store::integrations;
use kernel::{Db, Tx};
use model::Time;
use model::ids::{IntegrationId, RuleId};
use model::labels::Labels;
use serde_json::json;

/// Of a heartbeat that was made without one: how long it may be silent.
pub(super) const USUAL_GRACE_MS: i64 = 600_000;
/// The one alert that a heartbeat has.
const KEY: &str = "heartbeat";
/// A look that comes later than this after the one before: we were away.
const MOST_GAP_MS: i64 = 20_000;
const MINUTE_MS: i64 = 60_000;

/// Since when this process could hear whatever was sent to it.
#[derive(Debug, Default)]
pub(super) struct Ears {
    since: Option<Time>,
    looked_at: Option<Time>,
}

impl Ears {
    /// Since when we have listened without a break, at a look at `now`.
    pub(super) fn look(&mut self, now: Time) -> Time {
        let was_away: bool = self.looked_at.is_none_or(|at| !(0..=MOST_GAP_MS).contains(&now.since(at)));
        self.looked_at = Some(now);
        let since: Time = self.since.filter(|_| !was_away).unwrap_or(now);
        self.since = Some(since);
        since
    }

    /// We could not listen.
    pub(super) fn interrupted(&mut self) {
        self.looked_at = None;
    }
}

/// Takes a ping.
pub(super) async fn ping(inbound: &Inbound, integration: &Integration) -> Result<Taken, Error> {
    let heard = InboundAlert { summary: "ping".to_owned(), ..pagerduty::answered(Act::Resolve, KEY.to_owned()) };
    take::alerts(&inbound.db, inbound.clock.now(), integration, vec![heard], &Request::default()).await
}

/// Raises an alert for each that is silent for too long, as far as somebody who has listened since `since` can tell. Says how many those were.
/// Fails when we could not listen.
pub(super) async fn miss(db: &Db, now: Time, since: Time) -> Result<usize, Error> {
    let mut n: usize = 0;
    for id in integrations::silent(db, now, now.since(since)).await? {
        match miss_one(db, id, now).await {
            Ok(is_new) => n += usize::from(is_new),
            // The next look tries again; the others are not kept from being missed.
            Err(error) => {
                tracing::warn!(error = &error as &dyn std::error::Error, integration = %id, "a heartbeat that is silent could not be told of");
            }
        }
    }
    Ok(n)
}

async fn miss_one(db: &Db, id: IntegrationId, now: Time) -> Result<bool, Error> {
    let Some(integration) = integrations::one(db, id).await? else {
        return Ok(false);
    };
    let mut tx: Tx = db.begin().await?;
    let Some(silent_at) = integrations::take_silence(&mut tx, id, now).await? else {
        return Ok(false);
    };
    take::raise(&mut tx, &integration, missed(&integration, silent_at), now).await?;
    tx.commit().await?;
    Ok(true)
}

fn missed(integration: &Integration, silent_at: Time) -> Fresh {
    let (name, grace_ms): (&str, i64) = (&integration.name, integration.timeout_ms.unwrap_or(USUAL_GRACE_MS));
    let minutes: i64 = grace_ms / MINUTE_MS;
    let summary = Text {
        ja: format!("{name} のハートビートが {minutes} 分以上届いていません"),
        en: format!("No heartbeat from {name} for {minutes} min or more"),
    };
    Fresh {
        key: KEY.to_owned(),
        rule: RuleId(format!("{}/{name}", integration.slug)),
        name: name.to_owned(),
        labels: integration.labels_of(&Labels::new([("alertname", name)])),
        since: silent_at.plus_ms(-grace_ms),
        row: Row {
            summary,
            annotations: json!({}),
            severity: integration.default_severity,
            value: None,
            url: None,
            started_at: None,
            ends_at: None,
            // It is silence that raised it.
            silent_at: None,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::Ears;
    use model::Time;

    #[test]
    fn who_was_away_listens_anew() {
        let mut ears = Ears::default();
        assert_eq!(ears.look(Time(1_000)), Time(1_000));
        assert_eq!(ears.look(Time(3_000)), Time(1_000));
        assert_eq!(ears.look(Time(23_001)), Time(23_001), "a machine that slept");
        assert_eq!(ears.look(Time(20_000)), Time(20_000), "a clock that was set back");
        ears.interrupted();
        assert_eq!(ears.look(Time(21_000)), Time(21_000), "a database that was away");
    }
}
