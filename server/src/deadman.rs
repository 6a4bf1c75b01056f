//! The outbound heartbeat: every half minute somebody outside is told that all is well, and when nothing comes any more, pages.
//!
//! It goes only while evaluator, notifier and outbox do their work and the database takes writes (`watch/condition.rs`); what does not go
//! says more than any message could, because it needs nothing of ours to work. The body says what was found well, for whoever looks at it.
//! A dead man's switch of a monitoring service takes it as it is.

use crate::house_error::chain;
use crate::watch::condition::Condition;
use crate::wiring::House;
use kernel::Ticks;
use kernel::outbound::reach::Reach;
use kernel::outbound::{Answer, Client, Outbound, OutboundError, Request, Settings};
use model::Time;
use reqwest::Method;
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderValue};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

const EVERY: Duration = Duration::from_secs(30);
const PATIENCE: Duration = Duration::from_secs(10);
/// Nobody reads the answer.
const MOST_ANSWER: usize = 64 * 1_024;

/// What became of one beat.
#[derive(Debug)]
pub enum Beaten {
    /// It was taken.
    Taken,
    /// Something stands still: nothing was sent.
    HeldBack(Vec<&'static str>),
    /// It was sent, and not taken.
    Missed(String),
}

/// Tells somebody outside.
pub struct Heart {
    house: House,
    client: Client,
    url: String,
}

impl Heart {
    /// Beating to that address, which may be on the internet or in a network that channels may reach.
    ///
    /// # Errors
    /// When there is no way out.
    pub fn new(house: House, url: &str) -> Result<Self, OutboundError> {
        let reach = Reach { listed: house.config.channels_allow.clone(), ..Reach::default() };
        let client: Client = Outbound::new(reach).client(&Settings::default())?;
        Ok(Self { house, client, url: url.to_owned() })
    }

    /// Beats until `stop`. What changes is logged once.
    pub async fn run(self, stop: CancellationToken) {
        let mut ticks = Ticks::every(EVERY, stop);
        let mut said = String::new();
        while ticks.next().await {
            let now_said: String = self.beat().await.describe();
            if now_said != said {
                tracing::info!("{now_said}");
                said = now_said;
            }
        }
    }

    /// One beat, if all is well.
    pub async fn beat(&self) -> Beaten {
        let now: Time = self.house.clock.now();
        let Some(condition) = self.house.pulse.condition() else {
            return Beaten::HeldBack(vec!["unwatched"]);
        };
        let ailing: Vec<&'static str> = condition.ailments(now).into_iter().map(|ailment| ailment.as_str()).collect();
        if !ailing.is_empty() {
            return Beaten::HeldBack(ailing);
        }
        match self.client.send(self.request(&condition, now)).await {
            Ok(Answer { status, .. }) if status.is_success() => Beaten::Taken,
            Ok(answer) => Beaten::Missed(format!("it answered {}", answer.status)),
            // The address is a secret.
            Err(OutboundError::Url { .. }) => Beaten::Missed("its address can't be used".to_owned()),
            Err(error) => Beaten::Missed(chain(&error)),
        }
    }

    fn request(&self, condition: &Condition, now: Time) -> Request {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        Request {
            method: Method::POST,
            url: self.url.clone(),
            headers,
            body: condition.report(now).to_string().into_bytes(),
            timeout: PATIENCE,
            max_bytes: MOST_ANSWER,
        }
    }
}

impl Beaten {
    fn describe(&self) -> String {
        match self {
            Self::Taken => "the outbound heartbeat is heard".to_owned(),
            Self::HeldBack(ailing) => format!("the outbound heartbeat is held back: {} stands still", ailing.join(", ")),
            Self::Missed(why) => format!("the outbound heartbeat is not heard: {why}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::watch::condition::LATE_MS;
    use crate::watch::tests::{START, Sink, house};
    use kernel::TestClock;
    use serde_json::Value;
    use sqlx::PgPool;
    use std::sync::Arc;

    #[sqlx::test(migrator = "kernel::MIGRATOR")]
    async fn it_goes_only_while_all_is_well(pool: PgPool) {
        let (sink, clock) = (Sink::open().await, Arc::new(TestClock::new(START)));
        let house: House = house(pool, &clock, "a").await;
        let heart = Heart::new(house.clone(), &sink.url).unwrap();
        assert!(matches!(heart.beat().await, Beaten::HeldBack(ailing) if ailing == ["unwatched"]), "nobody has looked yet");

        let well = Condition {
            at: START,
            started_at: START,
            written_at: START,
            lag_ms: None,
            passed_at: Some(START),
            looked_at: Some(START),
            oldest_due: None,
            escalation_due: None,
            n_failing_channels: 0,
            unheard_since: None,
        };
        house.pulse.note(well.clone());
        assert!(matches!(heart.beat().await, Beaten::Taken));
        let heard: Vec<Value> = sink.heard();
        assert_eq!((heard.len(), &heard[0]["healthy"]), (1, &Value::Bool(true)));

        house.pulse.note(Condition { oldest_due: Some(START.plus_ms(-LATE_MS - 1)), ..well.clone() });
        assert!(matches!(heart.beat().await, Beaten::HeldBack(ailing) if ailing == ["deliveries"]));
        house.pulse.note(Condition { n_failing_channels: 1, unheard_since: Some(START), ..well.clone() });
        assert!(matches!(heart.beat().await, Beaten::HeldBack(ailing) if ailing == ["channels"]), "a page would reach nobody");
        house.pulse.note(well);
        clock.advance_ms(60_000);
        assert!(matches!(heart.beat().await, Beaten::HeldBack(_)), "nobody has looked for a minute");
        assert_eq!(sink.heard().len(), 1);
    }
}
