//! Slows guessing down without ever locking anybody out.
//!
//! Failures are counted per account, per address and overall, in Postgres, so that replicas share them. An attempt is charged before it
//! is judged and given back when it was right: a thousand attempts at once can't slip through between looking and counting. An attempt
//! during a delay is turned away before argon2 and changes nothing, so the delay can't be kept alive. A browser that once signed in has
//! its own bucket and looks at no other: a flood against an account does not reach its owner.

use crate::error::Error;
use crate::{secret, store};
use kernel::{Db, Tx};
use model::Time;
use model::ids::PersonId;
use std::collections::HashMap;
use std::net::IpAddr;

const MINUTE_MS: i64 = 60_000;
/// A row this old counts for nothing under any policy: the longest delay and the longest window are far shorter.
const SWEEP_AFTER_MS: i64 = 60 * MINUTE_MS;

/// How many failures within how long start a delay, and how it grows.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Policy {
    pub limit: i32,
    pub window_ms: i64,
    pub first_delay_ms: i64,
    pub longest_delay_ms: i64,
}

/// One account, one device: five failures in 5 min, then 1 s doubling to 15 min (security reference, section 3).
const ACCOUNT: Policy = Policy { limit: 5, window_ms: 5 * MINUTE_MS, first_delay_ms: 1_000, longest_delay_ms: 15 * MINUTE_MS };
/// One address: four times as many, since a whole office may sit behind it.
const ADDRESS: Policy = Policy { limit: 20, ..ACCOUNT };
/// Overall: bounds what argon2 costs us under a flood. Its delay stays short, since it meets everybody without a known device.
const GLOBAL: Policy = Policy { limit: 200, longest_delay_ms: 2_000, ..ACCOUNT };

/// The bucket whose row every decision locks first.
pub(crate) const GLOBAL_BUCKET: &str = "global";

/// A bucket and the policy it follows.
#[derive(Clone, Debug)]
pub(crate) struct Limit {
    bucket: String,
    policy: Policy,
    /// A success empties it; the others only get this one attempt back, else an attacker's own sign-ins would refill them.
    emptied_by_success: bool,
}

impl Limit {
    /// What an attempt to sign in is measured against. `known_device` is the digest of a device token of that very person.
    pub fn of_sign_in(email_key: &str, address: IpAddr, known_device: Option<&[u8; 32]>) -> Vec<Self> {
        if let Some(digest) = known_device {
            return vec![Self { bucket: format!("device:{}", hex(digest)), policy: ACCOUNT, emptied_by_success: true }];
        }
        // A digest, because what is typed into the wrong field may be a password.
        let account = format!("account:{}", hex(&secret::digest(email_key)));
        vec![
            Self { bucket: account, policy: ACCOUNT, emptied_by_success: true },
            Self { bucket: format!("address:{}", network(address)), policy: ADDRESS, emptied_by_success: false },
            Self { bucket: GLOBAL_BUCKET.to_owned(), policy: GLOBAL, emptied_by_success: false },
        ]
    }

    /// What a change of password is measured against.
    pub fn of_password_change(person: PersonId) -> Self {
        Self { bucket: format!("password:{person}"), policy: ACCOUNT, emptied_by_success: true }
    }
}

/// How full a bucket is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Level {
    pub failures: i32,
    pub since: Time,
    pub delays: i32,
    pub until: Option<Time>,
}

impl Level {
    /// Of a bucket without failures.
    pub fn empty(now: Time) -> Self {
        Self { failures: 0, since: now, delays: 0, until: None }
    }

    /// One attempt more, or how many milliseconds it has to wait.
    pub fn charge(self, policy: &Policy, now: Time) -> Result<Self, i64> {
        if let Some(until) = self.until.filter(|until| *until > now) {
            return Err(until.since(now));
        }
        let mut level = self.calmed(policy, now);
        level.failures = level.failures.saturating_add(1);
        if level.failures >= policy.limit {
            level.delays = level.delays.saturating_add(1);
            level.until = Some(now.plus_ms(delay_ms(policy, level.delays)));
        }
        Ok(level)
    }

    /// The last attempt was not a failure after all; a delay that it started is lifted.
    pub fn given_back(self, policy: &Policy) -> Self {
        let failures = (self.failures - 1).max(0);
        let delays = if failures < policy.limit { 0 } else { (self.delays - 1).max(0) };
        Self { failures, delays, until: None, ..self }
    }

    /// Empty again after a quiet window: counted from the first failure, or, once there were delays, from the end of the last.
    fn calmed(self, policy: &Policy, now: Time) -> Self {
        let quiet_from = self.until.unwrap_or(self.since);
        if self.failures == 0 || now.since(quiet_from) >= policy.window_ms { Self::empty(now) } else { self }
    }
}

fn delay_ms(policy: &Policy, delays: i32) -> i64 {
    let doublings = u32::try_from(delays - 1).unwrap_or(0).min(30);
    (policy.first_delay_ms << doublings).min(policy.longest_delay_ms)
}

/// Lets an attempt through and charges it to every limit, or says how long to wait and changes nothing.
///
/// # Errors
/// `TryLater`, or the database's.
pub(crate) async fn admit(db: &Db, limits: &[Limit], now: Time) -> Result<(), Error> {
    let mut tx = db.begin().await?;
    let levels = locked_levels(&mut tx, limits, now).await?;
    let mut wait_ms = 0;
    let mut charged: Vec<(&str, Level)> = Vec::new();
    for limit in limits {
        match level_of(&levels, limit, now).charge(&limit.policy, now) {
            Ok(level) => charged.push((limit.bucket.as_str(), level)),
            Err(left_ms) => wait_ms = left_ms.max(wait_ms),
        }
    }
    if wait_ms > 0 {
        tx.rollback().await?;
        return Err(Error::TryLater { seconds: whole_seconds(wait_ms) });
    }
    for (bucket, level) in charged {
        store::throttle::save(&mut tx, bucket, &level, now).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// An attempt that was never judged (no permit, no database) is no failure.
///
/// # Errors
/// The database's.
pub(crate) async fn take_back(db: &Db, limits: &[Limit], now: Time) -> Result<(), Error> {
    let mut tx = db.begin().await?;
    let levels = locked_levels(&mut tx, limits, now).await?;
    for limit in limits {
        let level = level_of(&levels, limit, now).given_back(&limit.policy);
        store::throttle::save(&mut tx, &limit.bucket, &level, now).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// After a success: empties the account's or device's bucket, gives the attempt back to the others, sweeps what no longer counts.
///
/// # Errors
/// The database's.
pub(crate) async fn forgive(tx: &mut Tx, limits: &[Limit], now: Time) -> Result<(), Error> {
    let levels = locked_levels(tx, limits, now).await?;
    for limit in limits {
        if limit.emptied_by_success {
            store::throttle::empty(tx, &limit.bucket).await?;
        } else {
            let level = level_of(&levels, limit, now).given_back(&limit.policy);
            store::throttle::save(tx, &limit.bucket, &level, now).await?;
        }
    }
    store::throttle::sweep(tx, now.plus_ms(-SWEEP_AFTER_MS)).await?;
    Ok(())
}

/// The global row is locked first by everybody, so decisions happen one after another: two first failures can't both be the first.
async fn locked_levels(tx: &mut Tx, limits: &[Limit], now: Time) -> Result<HashMap<String, Level>, Error> {
    store::throttle::lock(tx, now).await?;
    let buckets: Vec<String> = limits.iter().map(|limit| limit.bucket.clone()).collect();
    Ok(store::throttle::levels(tx, &buckets).await?)
}

fn level_of(levels: &HashMap<String, Level>, limit: &Limit, now: Time) -> Level {
    levels.get(&limit.bucket).copied().unwrap_or_else(|| Level::empty(now))
}

/// A delay of 1 ms is announced as 1 s: whoever comes back then is let in.
fn whole_seconds(ms: i64) -> u32 {
    u32::try_from((ms + 999) / 1_000).unwrap_or(u32::MAX)
}

/// What one customer of a provider holds: an IPv4 address, or an IPv6 /64.
fn network(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(v4) => v4.to_string(),
        IpAddr::V6(v6) => {
            let [a, b, c, d, ..] = v6.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Attempts that fail at these moments; the level after the last, or its wait.
    fn after(moments_ms: &[i64]) -> Result<Level, i64> {
        let mut level = Level::empty(Time(0));
        for at in moments_ms {
            level = level.charge(&ACCOUNT, Time(*at))?;
        }
        Ok(level)
    }

    #[test]
    fn the_fifth_failure_in_five_minutes_starts_a_delay_of_a_second() {
        assert_eq!(after(&[0, 1, 2, 3]).unwrap().until, None);
        assert_eq!(after(&[0, 1, 2, 3, 4]).unwrap().until, Some(Time(1_004)));
        assert_eq!(after(&[0, 1, 2, 3, 4, 5]), Err(999));
    }

    #[test]
    fn five_failures_over_more_than_five_minutes_start_none() {
        let level = after(&[0, 1, 2, 3, 5 * MINUTE_MS]).unwrap();
        assert_eq!((level.failures, level.until), (1, None));
    }

    #[test]
    fn delays_double_to_a_quarter_of_an_hour_and_no_further() {
        let mut level = after(&[0, 0, 0, 0]).unwrap();
        let mut now = Time(0);
        let mut waits_s = Vec::new();
        for _ in 0..13 {
            level = level.charge(&ACCOUNT, now).unwrap();
            let until = level.until.unwrap();
            waits_s.push(until.since(now) / 1_000);
            now = until;
        }
        assert_eq!(waits_s, [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900]);
    }

    #[test]
    fn a_quiet_window_after_the_last_delay_forgets_everything() {
        let level = after(&[0, 0, 0, 0, 0]).unwrap();
        let nearly = level.charge(&ACCOUNT, Time(1_000 + 5 * MINUTE_MS - 1)).unwrap();
        assert_eq!(nearly.delays, 2);
        let calm = level.charge(&ACCOUNT, Time(1_000 + 5 * MINUTE_MS)).unwrap();
        assert_eq!((calm.failures, calm.delays, calm.until), (1, 0, None));
    }

    #[test]
    fn an_attempt_that_is_given_back_leaves_no_trace() {
        let four = after(&[0, 0, 0, 0]).unwrap();
        assert_eq!(four.charge(&ACCOUNT, Time(1)).unwrap().given_back(&ACCOUNT), four);
        assert_eq!(Level::empty(Time(0)).given_back(&ACCOUNT), Level::empty(Time(0)));
    }

    #[test]
    fn a_known_device_has_a_bucket_of_its_own_and_no_other() {
        let address = IpAddr::from([192, 0, 2, 1]);
        let known = Limit::of_sign_in("hana@example.com", address, Some(&[7; 32]));
        assert_eq!(known.len(), 1);
        assert!(known[0].bucket.starts_with("device:0707"));
        let unknown = Limit::of_sign_in("hana@example.com", address, None);
        assert_eq!(unknown.len(), 3);
        assert!(unknown.iter().all(|limit| !limit.bucket.contains("hana")));
    }

    #[test]
    fn addresses_are_counted_by_what_one_customer_holds() {
        for (address, expected) in
            [("192.0.2.1", "192.0.2.1"), ("::ffff:192.0.2.1", "192.0.2.1"), ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64")]
        {
            assert_eq!(network(address.parse().unwrap()), expected);
        }
    }

    #[test]
    fn waits_are_announced_in_whole_seconds_rounded_up() {
        assert_eq!([1, 1_000, 1_001].map(whole_seconds), [1, 1, 2]);
    }
}
