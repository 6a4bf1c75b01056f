//! The beat of work that is done again and again until the process stops.

use std::time::Duration;
use tokio::time::{Interval, MissedTickBehavior};
use tokio_util::sync::CancellationToken;

/// Ticks at a distance, the first one at once. Work that took longer than the distance is followed by a tick, and by the next one a whole
/// distance later: what was missed is not made up for.
#[derive(Debug)]
pub struct Ticks {
    ticker: Interval,
    stop: CancellationToken,
}

impl Ticks {
    /// Every `distance`, until `stop`. To be called within a runtime.
    #[must_use]
    pub fn every(distance: Duration, stop: CancellationToken) -> Self {
        let mut ticker: Interval = tokio::time::interval(distance);
        ticker.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Self { ticker, stop }
    }

    /// Waits for the next tick: `while ticks.next().await { … }`. `false` when it is time to stop, also when a tick is due too. May be
    /// dropped at any time without losing a tick.
    pub async fn next(&mut self) -> bool {
        tokio::select! {
            biased;
            () = self.stop.cancelled() => false,
            _ = self.ticker.tick() => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_first_tick_comes_at_once_and_none_after_the_stop() {
        let stop = CancellationToken::new();
        let mut ticks = Ticks::every(Duration::from_secs(3_600), stop.clone());
        assert!(ticks.next().await);
        stop.cancel();
        assert!(!ticks.next().await, "the next tick is an hour away");
        let mut late = Ticks::every(Duration::from_millis(1), stop);
        assert!(!late.next().await, "who is to stop does not begin once more");
    }
}
