//! The notify room's door to the question whether the pager works.

use crate::apis::Door;
use crate::apis::channels::shape::{count, last_delivery};
use crate::house_error::unavailable;
use ::api::ApiError;
use ::api::pager::{PagerApi, PagerChannel, PagerProcess, PagerView, Verdict};
use async_trait::async_trait;
use model::access::{ManageChannels, ReadConsole};
use notify::health::{ProcessHealth, share};
use notify::{ChannelHealth, ChannelRow, Health};

/// Answers the screen.
pub struct Adapter(pub Door);

fn shown(error: notify::Error) -> ApiError {
    unavailable(&error)
}

impl Adapter {
    async fn channels_in_use(&self) -> Result<Vec<ChannelRow>, ApiError> {
        let mut channels: Vec<ChannelRow> = self.0.house.notify.channels().await.map_err(shown)?;
        channels.retain(|channel| channel.enabled);
        Ok(channels)
    }
}

#[async_trait]
impl PagerApi for Adapter {
    async fn view(&self) -> Result<PagerView, ApiError> {
        self.0.admit::<ReadConsole>()?;
        Ok(view(self.0.house.notify.health().await.map_err(shown)?))
    }

    async fn test_all(&self) -> Result<u32, ApiError> {
        let grant = self.0.admit::<ManageChannels>()?;
        let mut n_tests: u32 = 0;
        for channel in self.channels_in_use().await? {
            match self.0.house.notify.test_channel(&grant, &channel.name).await {
                Ok(_) => n_tests += 1,
                // Removed a moment ago: there is nothing to test any more.
                Err(notify::Error::NoChannel { .. }) => {}
                Err(error) => return Err(shown(error)),
            }
        }
        Ok(n_tests)
    }

    async fn is_set_up(&self) -> Result<bool, ApiError> {
        self.0.admit::<ReadConsole>()?;
        self.0.house.somebody_can_be_told().await.map_err(shown)
    }
}

fn view(health: Health) -> PagerView {
    PagerView {
        now: health.now,
        verdict: verdict(health.verdict()),
        share_day: health.success_rate(),
        share_week: health.success_rate_of_week(),
        looked_at: health.looked_at,
        due: count(health.queue.due),
        sending: count(health.queue.sending),
        oldest_due: health.queue.oldest_due,
        oldest_unsent: health.queue.oldest_unsent_page,
        pages: count(health.speed.n),
        p50_ms: health.speed.p50_ms,
        p99_ms: health.speed.p99_ms,
        channels: health.channels.into_iter().map(channel).collect(),
        processes: health.processes.into_iter().map(process).collect(),
    }
}

fn verdict(verdict: notify::health::Verdict) -> Verdict {
    use notify::health::Verdict as Found;
    match verdict {
        Found::NoChannel => Verdict::NoChannel,
        Found::AllOff => Verdict::AllOff,
        Found::Asleep { since } => Verdict::Asleep(since),
        Found::Overdue { since } => Verdict::Overdue(since),
        Found::Failing => Verdict::Failing,
        Found::Unproven => Verdict::Unproven,
        Found::Works { channel, at } => Verdict::Works(channel, at),
    }
}

fn channel(health: ChannelHealth) -> PagerChannel {
    let has_failed: bool = health.last.is_some_and(|last| last.state == notify::State::Failed);
    PagerChannel {
        enabled: health.enabled,
        last_sent_at: health.last_sent_at,
        test: health.last_test.map(last_delivery),
        share_day: share(health.sent, health.failed),
        share_week: share(health.sent_week, health.failed_week),
        p50_ms: health.p50_ms,
        p99_ms: health.p99_ms,
        trouble: health.last_error.filter(|_| has_failed),
        name: health.name,
    }
}

fn process(health: ProcessHealth) -> PagerProcess {
    PagerProcess {
        name: health.name,
        attempts: count(health.attempts),
        lost: count(health.lost),
        last_attempt_at: health.last_attempt_at,
    }
}
