//! The notifier's loop as this binary runs it: that of its room, and every pass that came to an end leaves its moment in the pulse. A pass
//! that fails leaves none: a notifier that only fails stands still, as far as anybody who should be told is concerned.

use super::pulse::Pulse;
use crate::house_error::chain;
use alerting::notifier::{Notifier, Passed};
use kernel::Clock;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;

/// Somebody is told at most this much later than it could be decided.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// Passes in a row, while there are alerts that nobody has put into groups yet.
const MOST_IN_A_ROW: usize = 100;

/// Decides until `stop`. Any number of processes may do this over one database.
pub async fn run(notifier: Notifier, pulse: Pulse, clock: Arc<dyn Clock>, stop: CancellationToken) {
    let mut look = tokio::time::interval(LOOK_EVERY);
    look.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = stop.cancelled() => break,
            _ = look.tick() => {}
        }
        match catch_up(&notifier).await {
            Ok(()) => pulse.passed(clock.now()),
            Err(error) => tracing::warn!(error = chain(&error), "who is to be told could not be decided"),
        }
    }
    // Stopped already, it only gives its lease back, so that another process need not wait for its end.
    notifier.run(stop).await;
}

async fn catch_up(notifier: &Notifier) -> Result<(), alerting::Error> {
    for _ in 0..MOST_IN_A_ROW {
        let passed: Passed = notifier.pass().await?;
        if passed.routed == 0 {
            return Ok(());
        }
    }
    Ok(())
}
