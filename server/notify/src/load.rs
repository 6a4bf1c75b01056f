//! How much of this process each channel keeps busy, so that a provider which hangs, or asks for patience, holds up no other.

use model::Time;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Requests to one channel at a time. With one claim on top it is never more than thirty.
const AT_ONCE: usize = 10;

#[derive(Clone, Copy, Debug, Default)]
struct One {
    in_flight: usize,
    held_until: Time,
}

/// By name of channel.
#[derive(Debug, Default)]
pub(crate) struct Load {
    channels: Mutex<BTreeMap<String, One>>,
}

/// One request under way; it is over when this is dropped, however that comes about.
#[derive(Debug)]
pub(crate) struct Slot {
    load: Arc<Load>,
    channel: String,
}

impl Load {
    /// Begins a request.
    pub(crate) fn begin(self: &Arc<Self>, channel: &str) -> Slot {
        self.locked().entry(channel.to_owned()).or_default().in_flight += 1;
        Slot { load: Arc::clone(self), channel: channel.to_owned() }
    }

    /// Leaves the channel alone until then: its provider asked for it.
    pub(crate) fn hold(&self, channel: &str, until: Time) {
        let mut channels = self.locked();
        let one: &mut One = channels.entry(channel.to_owned()).or_default();
        one.held_until = one.held_until.max(until);
    }

    /// The channels that get nothing more now.
    pub(crate) fn busy(&self, now: Time) -> Vec<String> {
        let mut channels = self.locked();
        channels.retain(|_, one| one.in_flight > 0 || one.held_until > now);
        let busy = channels.iter().filter(|(_, one)| one.in_flight >= AT_ONCE || one.held_until > now);
        busy.map(|(name, _)| name.clone()).collect()
    }

    /// Whether some channel gets nothing more because of what is under way.
    pub(crate) fn is_full(&self) -> bool {
        self.locked().values().any(|one| one.in_flight >= AT_ONCE)
    }

    fn locked(&self) -> MutexGuard<'_, BTreeMap<String, One>> {
        self.channels.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        if let Some(one) = self.load.locked().get_mut(&self.channel) {
            one.in_flight = one.in_flight.saturating_sub(1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_channel_with_enough_to_do_gets_nothing_more_until_something_is_over() {
        let load: Arc<Load> = Arc::default();
        let mut slots: Vec<Slot> = (0..AT_ONCE).map(|_| load.begin("ops")).collect();
        let other: Slot = load.begin("mail");
        assert_eq!(load.busy(Time(0)), ["ops"]);
        assert!(load.is_full());
        slots.pop();
        assert!(load.busy(Time(0)).is_empty() && !load.is_full());
        drop((slots, other));
        assert!(load.busy(Time(0)).is_empty() && load.locked().is_empty(), "nothing is remembered for ever");
    }

    #[test]
    fn a_provider_that_asked_for_patience_gets_it() {
        let load: Arc<Load> = Arc::default();
        load.hold("ops", Time(5_000));
        load.hold("ops", Time(3_000));
        assert_eq!(load.busy(Time(4_999)), ["ops"]);
        assert!(load.busy(Time(5_000)).is_empty());
    }
}
