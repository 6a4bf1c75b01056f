//! "Is my pager working?", in figures and in one verdict.

use crate::deliveries::{DeliveryId, State};
use crate::error::Error;
use crate::history;
use crate::store;
use crate::stuck::Stuck;
use kernel::{Db, facts};
use model::Time;

/// What counts as recent.
pub const RECENT_MS: i64 = 86_400_000;
/// How long a proof that the pager works is one.
pub const WEEK_MS: i64 = 7 * RECENT_MS;
/// What is due for longer than this is nobody's: then the worker itself is what somebody should be paged about.
pub const OVERDUE_MS: i64 = 15_000;

/// What waits to be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Queue {
    pub due: i64,
    pub sending: i64,
    /// Since when the delivery has been due that waits longest for a worker.
    pub oldest_due: Option<Time>,
    /// When the oldest page was asked for that no provider has taken yet.
    pub oldest_unsent_page: Option<Time>,
}

/// A delivery that was sent or failed, and when that was clear.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ended {
    pub id: DeliveryId,
    /// [`State::Sent`] or [`State::Failed`].
    pub state: State,
    pub at: Time,
}

/// How a channel does.
#[derive(Clone, Debug, PartialEq)]
pub struct ChannelHealth {
    pub name: String,
    pub kind: String,
    pub enabled: bool,
    /// Within [`RECENT_MS`].
    pub sent: i64,
    /// Within [`RECENT_MS`]: never got through.
    pub failed: i64,
    /// Within [`WEEK_MS`].
    pub sent_week: i64,
    /// Within [`WEEK_MS`]: never got through.
    pub failed_week: i64,
    /// From asking to the provider's yes, of the recent ones.
    pub p50_ms: Option<f64>,
    pub p99_ms: Option<f64>,
    pub last_sent_at: Option<Time>,
    pub last_failed_at: Option<Time>,
    /// What an attempt failed of last, whenever that was.
    pub last_error: Option<String>,
    /// The last delivery that came to an end, whenever that was.
    pub last: Option<Ended>,
    /// The last test within [`WEEK_MS`] that came to an end: a page that is sent to see whether pages arrive.
    pub last_test: Option<Ended>,
    /// The pages it was asked to take and did not, when it is in use and there are any.
    pub stuck: Option<Stuck>,
}

impl ChannelHealth {
    /// Whether it is in use and its last delivery never got through, or what it is asked to deliver now does not.
    #[must_use]
    pub fn is_failing(&self) -> bool {
        let has_failed: bool = self.last.is_some_and(|last| last.state == State::Failed);
        let fails_now: bool = self.stuck.as_ref().is_some_and(|stuck| stuck.failing_since.is_some());
        self.enabled && (has_failed || fails_now)
    }

    /// Whether it was ever asked to deliver anything, as far as that is known.
    fn is_tried(&self) -> bool {
        self.last.is_some() || self.stuck.is_some()
    }
}

/// How fast pages reach their providers, from the moment they are asked for. Tests and notices don't count.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Speed {
    /// Pages within [`RECENT_MS`] that this is taken from.
    pub n: i64,
    pub p50_ms: Option<f64>,
    pub p99_ms: Option<f64>,
}

/// What one process did for deliveries that ended within [`RECENT_MS`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProcessHealth {
    /// Names the process and the start of it.
    pub name: String,
    pub attempts: i64,
    /// Attempts that it began and whose end it never wrote down.
    pub lost: i64,
    pub last_attempt_at: Time,
}

/// Pages that reached nobody: every channel refused them, or there was none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Undelivered {
    /// Within [`RECENT_MS`], counted by alert.
    pub n: i64,
    /// When that was clear of the last one.
    pub at: Time,
}

/// The whole picture.
#[derive(Clone, Debug, PartialEq)]
pub struct Health {
    pub queue: Queue,
    pub channels: Vec<ChannelHealth>,
    pub speed: Speed,
    /// Which processes sent lately, the last one first.
    pub processes: Vec<ProcessHealth>,
    pub undelivered: Option<Undelivered>,
    /// When this process last looked for work and could reach the database; `None` before the first look.
    pub looked_at: Option<Time>,
    pub now: Time,
}

/// Whether a page would arrive, as far as anybody can know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// There is no channel at all.
    NoChannel,
    /// Every channel is switched off.
    AllOff,
    /// This process doesn't look for pages; `None` when it never has.
    Asleep { since: Option<Time> },
    /// Something has been due for so long that no process can be working.
    Overdue { since: Time },
    /// Every channel in use fails: its last delivery never got through, or what it is asked to deliver now does not.
    Failing,
    /// A page reached nobody, and nothing has got through by any channel since.
    Unheard { since: Time },
    /// Nothing says that it doesn't work, and nothing has got through for a week.
    Unproven,
    /// The last proof: a provider took a delivery, and has not failed since.
    Works { channel: String, at: Time },
}

impl Health {
    /// Whether something has been due for so long that no worker can be working.
    #[must_use]
    pub fn is_overdue(&self) -> bool {
        self.queue.oldest_due.is_some_and(|due| self.now.since(due) > OVERDUE_MS)
    }

    /// The share of recent deliveries that got through, 0 to 1; `None` without any.
    #[must_use]
    pub fn success_rate(&self) -> Option<f64> {
        let sent: i64 = self.channels.iter().map(|channel| channel.sent).sum();
        let failed: i64 = self.channels.iter().map(|channel| channel.failed).sum();
        share(sent, failed)
    }

    /// The same of a week.
    #[must_use]
    pub fn success_rate_of_week(&self) -> Option<f64> {
        let sent: i64 = self.channels.iter().map(|channel| channel.sent_week).sum();
        let failed: i64 = self.channels.iter().map(|channel| channel.failed_week).sum();
        share(sent, failed)
    }

    /// The worst that is known, else the last proof.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        if self.channels.is_empty() {
            return Verdict::NoChannel;
        }
        if !self.channels.iter().any(|channel| channel.enabled) {
            return Verdict::AllOff;
        }
        if self.looked_at.is_none_or(|at| self.now.since(at) > OVERDUE_MS) {
            return Verdict::Asleep { since: self.looked_at };
        }
        if let Some(since) = self.queue.oldest_due.filter(|_| self.is_overdue()) {
            return Verdict::Overdue { since };
        }
        self.by_what_arrived()
    }

    fn by_what_arrived(&self) -> Verdict {
        let used: Vec<&ChannelHealth> = self.channels.iter().filter(|channel| channel.enabled && channel.is_tried()).collect();
        if !used.is_empty() && used.iter().all(|channel| channel.is_failing()) {
            return Verdict::Failing;
        }
        if let Some(since) = self.unheard_since() {
            return Verdict::Unheard { since };
        }
        let well = used.iter().filter(|channel| !channel.is_failing());
        let proofs = well.filter_map(|channel| channel.last_sent_at.map(|at| (at, channel.name.clone())));
        match proofs.max().filter(|(at, _)| self.now.since(*at) <= WEEK_MS) {
            Some((at, channel)) => Verdict::Works { channel, at },
            None => Verdict::Unproven,
        }
    }
}

impl Health {
    /// When a page reached nobody, if nothing got through since by a channel that is in use.
    fn unheard_since(&self) -> Option<Time> {
        let at: Time = self.undelivered?.at;
        let used = self.channels.iter().filter(|channel| channel.enabled);
        let last_sent: Option<Time> = used.filter_map(|channel| channel.last_sent_at).max();
        if last_sent.is_some_and(|sent| sent >= at) { None } else { Some(at) }
    }
}

/// 0 to 1; `None` of nothing.
#[must_use]
pub fn share(sent: i64, failed: i64) -> Option<f64> {
    let all: i64 = sent + failed;
    (all > 0).then(|| sent as f64 / all as f64)
}

/// Takes the figures.
pub(crate) async fn health(db: &Db, looked_at: Option<Time>, now: Time) -> Result<Health, Error> {
    let day: Time = now.plus_ms(-RECENT_MS);
    let queue: Queue = store::health::queue(db, now).await?;
    let week: Time = now.plus_ms(-WEEK_MS);
    let mut channels: Vec<ChannelHealth> = store::health::channels(db, day, week).await?;
    for stuck in store::stuck::list(db, week).await? {
        if let Some(channel) = channels.iter_mut().find(|channel| channel.name == stuck.channel) {
            channel.stuck = Some(stuck);
        }
    }
    let speed: Speed = store::health::speed(db, day).await?;
    let processes: Vec<ProcessHealth> = store::health::processes(db, day).await?;
    let (n, newest): (i64, Option<Time>) = facts::count_of(db, history::UNDELIVERED, day).await?;
    let undelivered: Option<Undelivered> = newest.map(|at| Undelivered { n, at });
    Ok(Health { queue, channels, speed, processes, undelivered, looked_at, now })
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Time = Time(1_795_305_600_000);

    fn ended(state: State, ago_ms: i64) -> Ended {
        Ended { id: DeliveryId(uuid::Uuid::nil()), state, at: NOW.plus_ms(-ago_ms) }
    }

    fn channel(name: &str, last: Option<Ended>) -> ChannelHealth {
        ChannelHealth {
            name: name.to_owned(),
            kind: "fake".to_owned(),
            enabled: true,
            sent: 0,
            failed: 0,
            sent_week: 0,
            failed_week: 0,
            p50_ms: None,
            p99_ms: None,
            last_sent_at: last.filter(|last| last.state == State::Sent).map(|last| last.at),
            last_failed_at: last.filter(|last| last.state == State::Failed).map(|last| last.at),
            last_error: None,
            last,
            last_test: None,
            stuck: None,
        }
    }

    fn health(channels: Vec<ChannelHealth>) -> Health {
        Health {
            queue: Queue { due: 0, sending: 0, oldest_due: None, oldest_unsent_page: None },
            channels,
            speed: Speed { n: 0, p50_ms: None, p99_ms: None },
            processes: Vec::new(),
            undelivered: None,
            looked_at: Some(NOW.plus_ms(-500)),
            now: NOW,
        }
    }

    fn works(channel: &str, ago_ms: i64) -> Verdict {
        Verdict::Works { channel: channel.to_owned(), at: NOW.plus_ms(-ago_ms) }
    }

    #[test]
    fn what_arrived_last_says_whether_it_works() {
        let (sent, failed) = (State::Sent, State::Failed);
        let off = ChannelHealth { enabled: false, ..channel("off", Some(ended(sent, 1))) };
        for (channels, expected) in [
            (vec![], Verdict::NoChannel),
            (vec![off.clone()], Verdict::AllOff),
            (vec![channel("new", None)], Verdict::Unproven),
            (vec![channel("chat", Some(ended(failed, 5)))], Verdict::Failing),
            (vec![channel("chat", Some(ended(failed, 5))), off], Verdict::Failing),
            (vec![channel("chat", Some(ended(failed, 5))), channel("new", None)], Verdict::Failing),
            (vec![channel("chat", Some(ended(sent, WEEK_MS + 1)))], Verdict::Unproven),
            (vec![channel("chat", Some(ended(sent, WEEK_MS)))], works("chat", WEEK_MS)),
            (vec![channel("chat", Some(ended(failed, 5))), channel("mail", Some(ended(sent, 9)))], works("mail", 9)),
            (vec![channel("chat", Some(ended(sent, 8))), channel("mail", Some(ended(sent, 9)))], works("chat", 8)),
        ] {
            assert_eq!(health(channels.clone()).verdict(), expected, "{channels:?}");
        }
    }

    /// A channel that gets nothing through since then, or other pages when there is no such moment.
    fn retrying(name: &str, last: Option<Ended>, failing_ago_ms: Option<i64>) -> ChannelHealth {
        let stuck = Stuck {
            channel: name.to_owned(),
            waiting: 1,
            refused: 0,
            oldest: DeliveryId(uuid::Uuid::nil()),
            asked_at: NOW.plus_ms(-9),
            error: "503".to_owned(),
            next_at: Some(NOW.plus_ms(5)),
            failing_since: failing_ago_ms.map(|ago_ms| NOW.plus_ms(-ago_ms)),
        };
        ChannelHealth { stuck: Some(stuck), ..channel(name, last) }
    }

    #[test]
    fn a_channel_whose_pages_are_tried_in_vain_fails_before_anybody_tests_it() {
        let sent: Option<Ended> = Some(ended(State::Sent, 60));
        for (channels, expected) in [
            (vec![retrying("chat", None, Some(9))], Verdict::Failing),
            (vec![retrying("chat", sent, Some(9))], Verdict::Failing),
            (vec![retrying("chat", sent, None)], works("chat", 60)),
            (vec![retrying("chat", sent, Some(9)), channel("mail", Some(ended(State::Sent, 70)))], works("mail", 70)),
            (vec![ChannelHealth { enabled: false, ..retrying("chat", sent, Some(9)) }], Verdict::AllOff),
        ] {
            assert_eq!(health(channels.clone()).verdict(), expected, "{channels:?}");
        }
    }

    #[test]
    fn a_page_that_reached_nobody_counts_until_something_gets_through() {
        let sent = |ago_ms: i64| channel("chat", Some(ended(State::Sent, ago_ms)));
        let off = ChannelHealth { enabled: false, ..channel("off", Some(ended(State::Sent, 1))) };
        let unheard = Verdict::Unheard { since: NOW.plus_ms(-50) };
        for (channels, expected) in [
            (vec![sent(40)], works("chat", 40)),
            (vec![sent(50)], works("chat", 50)),
            (vec![sent(60)], unheard.clone()),
            (vec![sent(60), off], unheard.clone()),
            (vec![channel("new", None)], unheard),
            (vec![channel("chat", Some(ended(State::Failed, 5)))], Verdict::Failing),
        ] {
            let undelivered = Some(Undelivered { n: 3, at: NOW.plus_ms(-50) });
            assert_eq!(Health { undelivered, ..health(channels.clone()) }.verdict(), expected, "{channels:?}");
        }
    }

    #[test]
    fn a_worker_that_does_not_look_or_leaves_things_lying_comes_first() {
        let well: Health = health(vec![channel("chat", Some(ended(State::Sent, 9)))]);
        for (looked_at, expected) in [
            (None, Verdict::Asleep { since: None }),
            (Some(NOW.plus_ms(-OVERDUE_MS - 1)), Verdict::Asleep { since: Some(NOW.plus_ms(-OVERDUE_MS - 1)) }),
            (Some(NOW.plus_ms(-OVERDUE_MS)), works("chat", 9)),
        ] {
            assert_eq!(Health { looked_at, ..well.clone() }.verdict(), expected);
        }
        for (since, expected) in [
            (NOW.plus_ms(-OVERDUE_MS), works("chat", 9)),
            (NOW.plus_ms(-OVERDUE_MS - 1), Verdict::Overdue { since: NOW.plus_ms(-OVERDUE_MS - 1) }),
        ] {
            let queue = Queue { oldest_due: Some(since), ..well.queue };
            assert_eq!(Health { queue, ..well.clone() }.verdict(), expected);
        }
    }

    #[test]
    fn a_share_of_nothing_is_nothing() {
        assert_eq!((share(0, 0), share(3, 1), share(0, 2)), (None, Some(0.75), Some(0.0)));
    }
}
