//! What one sender may send: samples a second, and series at once.
//!
//! Whoever mounts the doors tells who sends by a [`Sender`] in the request's extensions; without one nothing is limited here. The rate is a
//! bucket of tokens that may go into debt: a request is taken whole when the bucket is not empty, and what it held beyond is paid
//! back before the next one. So a request of any size passes once, and the mean is kept. The series are those that the sender wrote in
//! this hour and the one before. Both live in the memory of one process: with several replicas each grants the whole. A process keeps
//! [`MOST_SENDERS`] accounts and forgets the one that rested longest.

use std::collections::HashMap;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};

use model::Time;
use uuid::Uuid;

use crate::hash::{BuildMix, hash64};
use crate::lock;

/// Accounts kept at once; many times the tokens of a large installation.
const MOST_SENDERS: usize = 10_000;
/// A full bucket holds so many seconds of the rate, so that a scrape interval's worth may come at once.
const BURST_S: f64 = 15.0;
/// Nobody is told to stay away longer, whatever the debt.
const LONGEST_WAIT_S: u64 = 300;
const HOUR_MS: i64 = 3_600_000;

/// Who sends and what they may: an [`axum::Extension`] beside the grant. Limits that are `None` do not exist.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sender {
    /// The token.
    pub id: Uuid,
    /// Series that may be written within about an hour.
    pub max_series: Option<usize>,
    /// Samples a second in the mean.
    pub samples_per_second: Option<u32>,
}

/// All accounts.
#[derive(Debug, Default)]
pub(crate) struct Quotas {
    accounts: Mutex<HashMap<Uuid, Arc<Account>>>,
}

/// One sender's.
#[derive(Debug)]
pub(crate) struct Account {
    used_at: AtomicI64,
    bucket: Mutex<Bucket>,
    series: Mutex<ActiveSeries>,
}

impl Quotas {
    /// Whether the sender may come now; else in how many seconds. Only [`Quotas::take`] decides.
    pub(crate) fn check(&self, sender: &Sender, now: Time) -> Result<(), u64> {
        let Some(rate) = sender.samples_per_second else { return Ok(()) };
        let account: Arc<Account> = self.account(sender.id, now);
        lock::mutex(&account.bucket).check(f64::from(rate), now)
    }

    /// Takes `n` samples out of the sender's bucket, into debt if need be; from one that is empty nothing, but says in how many seconds to
    /// come again. Both are one step, so that of requests that come at once only one goes into debt.
    pub(crate) fn take(&self, sender: &Sender, n: u64, now: Time) -> Result<(), u64> {
        let Some(rate) = sender.samples_per_second else { return Ok(()) };
        let account: Arc<Account> = self.account(sender.id, now);
        lock::mutex(&account.bucket).take(f64::from(rate), n as f64, now)
    }

    /// Series that count towards a sender's limit; `None` where they are not counted. For people.
    pub(crate) fn used(&self, id: Uuid) -> Option<u64> {
        let account: Arc<Account> = lock::mutex(&self.accounts).get(&id).map(Arc::clone)?;
        let series = lock::mutex(&account.series);
        (series.most > 0).then(|| series.seen.len() as u64)
    }

    fn account(&self, id: Uuid, now: Time) -> Arc<Account> {
        let mut accounts = lock::mutex(&self.accounts);
        if let Some(account) = accounts.get(&id) {
            account.used_at.store(now.0, Ordering::Relaxed);
            return Arc::clone(account);
        }
        if accounts.len() >= MOST_SENDERS {
            let rested: Option<Uuid> =
                accounts.iter().min_by_key(|(_, account)| account.used_at.load(Ordering::Relaxed)).map(|(id, _)| *id);
            if let Some(rested) = rested {
                accounts.remove(&rested);
            }
        }
        let account: Arc<Account> = Arc::new(Account {
            used_at: AtomicI64::new(now.0),
            bucket: Mutex::new(Bucket { tokens: None, at: now }),
            series: Mutex::new(ActiveSeries::default()),
        });
        accounts.insert(id, Arc::clone(&account));
        account
    }

    /// The account whose series have to be counted; `None` when the sender may write as many as the room holds.
    pub(crate) fn counted(&self, sender: Option<&Sender>, now: Time) -> Option<Counted> {
        let sender: &Sender = sender?;
        let most: usize = sender.max_series?;
        Some(Counted { account: self.account(sender.id, now), most, now })
    }
}

/// An account whose series are counted for one request.
#[derive(Debug)]
pub(crate) struct Counted {
    account: Arc<Account>,
    most: usize,
    now: Time,
}

impl Counted {
    /// The sender's series, ready for this hour and this limit.
    pub(crate) fn series(&self) -> std::sync::MutexGuard<'_, ActiveSeries> {
        let mut series = lock::mutex(&self.account.series);
        series.turn(self.now, self.most);
        series
    }
}

#[derive(Debug)]
struct Bucket {
    /// `None` until the first request, because only a request tells the rate.
    tokens: Option<f64>,
    at: Time,
}

impl Bucket {
    fn refill(&mut self, rate: f64, now: Time) -> f64 {
        let full: f64 = rate * BURST_S;
        let elapsed_s: f64 = now.since(self.at).max(0) as f64 / 1_000.0;
        let tokens: f64 = self.tokens.map_or(full, |tokens| (tokens + elapsed_s * rate).min(full));
        self.tokens = Some(tokens);
        self.at = self.at.max(now);
        tokens
    }

    fn check(&mut self, rate: f64, now: Time) -> Result<(), u64> {
        let tokens: f64 = self.refill(rate, now);
        if tokens > 0.0 {
            return Ok(());
        }
        let wait_s: f64 = if rate > 0.0 { (-tokens / rate).ceil() } else { f64::INFINITY };
        Err((wait_s as u64).clamp(1, LONGEST_WAIT_S))
    }

    fn take(&mut self, rate: f64, n: f64, now: Time) -> Result<(), u64> {
        self.check(rate, now)?;
        self.tokens = self.tokens.map(|tokens| tokens - n);
        Ok(())
    }
}

/// The series of one sender, by the hash of their labels, with the hour of their last sample. Two series of one hash count as one.
#[derive(Debug, Default)]
pub(crate) struct ActiveSeries {
    seen: HashMap<u64, i64, BuildMix>,
    hour: i64,
    most: usize,
}

impl ActiveSeries {
    fn turn(&mut self, now: Time, most: usize) {
        let hour: i64 = now.0.div_euclid(HOUR_MS);
        if hour != self.hour {
            self.seen.retain(|_, seen| *seen >= hour - 1);
            self.hour = hour;
        }
        self.most = most;
    }

    /// Whether a sample of this series may be taken; it counts from now on.
    pub(crate) fn admit(&mut self, canonical: &[u8]) -> bool {
        let hash: u64 = hash64(0, canonical);
        let has_room: bool = self.seen.len() < self.most;
        if let Some(seen) = self.seen.get_mut(&hash) {
            *seen = self.hour;
            return true;
        }
        if has_room {
            self.seen.insert(hash, self.hour);
        }
        has_room
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Time = Time(1_000 * HOUR_MS);

    fn sender(number: u128, samples_per_second: Option<u32>, max_series: Option<usize>) -> Sender {
        Sender { id: Uuid::from_u128(number), max_series, samples_per_second }
    }

    #[test]
    fn a_large_request_passes_once_and_is_paid_back() {
        let quotas = Quotas::default();
        let limited: Sender = sender(1, Some(10), None);
        assert_eq!(quotas.check(&limited, NOW), Ok(()));
        assert_eq!(quotas.take(&limited, 350, NOW), Ok(()));
        assert_eq!(quotas.check(&limited, NOW), Err(20));
        assert_eq!(quotas.check(&limited, NOW.plus_ms(19_000)), Err(1));
        assert_eq!(quotas.check(&limited, NOW.plus_ms(20_100)), Ok(()));
        assert_eq!(quotas.check(&sender(2, Some(10), None), NOW), Ok(()));
    }

    #[test]
    fn of_requests_that_come_at_once_one_goes_into_debt() {
        let quotas = Quotas::default();
        let limited: Sender = sender(1, Some(10), None);
        // Both are let in, and both are read.
        assert_eq!((quotas.check(&limited, NOW), quotas.check(&limited, NOW)), (Ok(()), Ok(())));
        assert_eq!((quotas.take(&limited, 350, NOW), quotas.take(&limited, 350, NOW)), (Ok(()), Err(20)));
        assert_eq!(quotas.take(&limited, 350, NOW.plus_ms(20_100)), Ok(()));
    }

    #[test]
    fn without_a_rate_nobody_waits_and_with_none_everybody() {
        let quotas = Quotas::default();
        let free: Sender = sender(1, None, None);
        assert_eq!(quotas.take(&free, u64::MAX, NOW), Ok(()));
        assert_eq!(quotas.check(&free, NOW), Ok(()));
        assert_eq!(quotas.check(&sender(2, Some(0), None), NOW), Err(LONGEST_WAIT_S));
    }

    #[test]
    fn what_a_sender_used_is_told_where_it_is_counted() {
        let quotas = Quotas::default();
        let limited: Sender = sender(1, None, Some(2));
        assert_eq!(quotas.used(limited.id), None);
        for name in [b"a", b"b", b"a", b"c"] {
            quotas.counted(Some(&limited), NOW).unwrap().series().admit(name);
        }
        assert_eq!(quotas.used(limited.id), Some(2));
        assert_eq!(quotas.take(&sender(2, Some(1), None), 1, NOW), Ok(()));
        assert_eq!(quotas.used(sender(2, None, None).id), None);
    }

    #[test]
    fn series_are_forgotten_after_the_hour_that_follows() {
        let quotas = Quotas::default();
        let limited: Sender = sender(1, None, Some(2));
        let admit = |name: &[u8], now: Time| quotas.counted(Some(&limited), now).unwrap().series().admit(name);
        assert!(admit(b"a", NOW) && admit(b"b", NOW) && admit(b"a", NOW));
        assert!(!admit(b"c", NOW));
        assert!(admit(b"a", NOW.plus_ms(HOUR_MS)));
        assert!(!admit(b"c", NOW.plus_ms(HOUR_MS)));
        assert!(admit(b"c", NOW.plus_ms(2 * HOUR_MS)));
        assert!(!admit(b"b", NOW.plus_ms(2 * HOUR_MS)));
    }

    #[test]
    fn accounts_are_bounded() {
        let quotas = Quotas::default();
        for number in 0..=MOST_SENDERS as u128 {
            let at: Time = NOW.plus_ms(i64::try_from(number).unwrap());
            quotas.take(&sender(number, Some(1), None), 1_000, at).unwrap();
        }
        assert_eq!(lock::mutex(&quotas.accounts).len(), MOST_SENDERS);
        // The first was forgotten, and its debt with it; the second was not.
        assert!(!lock::mutex(&quotas.accounts).contains_key(&Uuid::from_u128(0)));
        assert!(quotas.check(&sender(1, Some(1), None), NOW).is_err());
    }
}
