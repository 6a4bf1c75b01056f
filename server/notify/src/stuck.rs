//! Pages that a channel was asked to take and did not: those it is asked again, and those it refused. Straight from the outbox, so that a
//! channel which fails the pages of this minute is known before anybody tests it.

use crate::Notify;
use crate::deliveries::DeliveryId;
use crate::error::Error;
use crate::health::WEEK_MS;
use crate::store;
use model::Time;

/// The pages of one channel in use that nobody took.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stuck {
    pub channel: String,
    /// How many wait for another attempt.
    pub waiting: i64,
    /// How many it refused for good since something last got through, within [`WEEK_MS`].
    pub refused: i64,
    /// The one of them that was asked for first, and when that was.
    pub oldest: DeliveryId,
    pub asked_at: Time,
    /// What its last attempt failed of.
    pub error: String,
    /// When the next attempt of any of them is made; `None` when that is under way, or all were refused.
    pub next_at: Option<Time>,
    /// Since when nothing gets through; `None` when other pages were taken meanwhile, so that it is these and not the channel.
    pub failing_since: Option<Time>,
}

impl Notify {
    /// Every channel in use that has pages nobody took, by name.
    ///
    /// # Errors
    /// The database's.
    pub async fn stuck(&self) -> Result<Vec<Stuck>, Error> {
        Ok(store::stuck::list(&self.db, self.clock.now().plus_ms(-WEEK_MS)).await?)
    }
}

impl Stuck {
    /// These and others of the same channel.
    pub(crate) fn and(self, other: Self) -> Self {
        let (waiting, refused) = (self.waiting + other.waiting, self.refused + other.refused);
        let next_at: Option<Time> = earlier(self.next_at, other.next_at);
        let failing_since: Option<Time> = earlier(self.failing_since, other.failing_since);
        let first: Self = if self.asked_at <= other.asked_at { self } else { other };
        Self { waiting, refused, next_at, failing_since, ..first }
    }
}

/// Of two moments, as far as there are any.
fn earlier(one: Option<Time>, other: Option<Time>) -> Option<Time> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stuck(waiting: i64, refused: i64, asked_at: i64) -> Stuck {
        Stuck {
            channel: "chat".to_owned(),
            waiting,
            refused,
            oldest: DeliveryId(uuid::Uuid::from_u128(7)),
            asked_at: Time(asked_at),
            error: format!("of {asked_at}"),
            next_at: None,
            failing_since: None,
        }
    }

    #[test]
    fn what_waits_and_what_was_refused_are_told_together_and_the_oldest_speaks() {
        let waiting = Stuck { next_at: Some(Time(90)), ..stuck(2, 0, 20) };
        let refused = Stuck { failing_since: Some(Time(15)), ..stuck(0, 3, 10) };
        for both in [waiting.clone().and(refused.clone()), refused.and(waiting)] {
            assert_eq!((both.waiting, both.refused, both.asked_at, both.error.as_str()), (2, 3, Time(10), "of 10"));
            assert_eq!((both.next_at, both.failing_since), (Some(Time(90)), Some(Time(15))));
        }
    }

    #[test]
    fn the_earlier_of_what_there_is_counts() {
        let (early, late) = (Some(Time(1)), Some(Time(2)));
        let all = [earlier(early, late), earlier(late, early), earlier(None, early), earlier(early, None)];
        assert_eq!((all, earlier(None, None)), ([early; 4], None));
    }
}
