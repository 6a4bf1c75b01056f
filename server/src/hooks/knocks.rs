//! How often somebody may come to a door that asks for no session, before it is known who that is.
//!
//! Every address has a bucket. A request takes one out of it and puts it back when whoever sent it was recognized; a wrong key or a forged
//! signature costs it. So what strangers can make us do is bounded, at once and for ever, and who has a key hardly ever meets a limit.
//! Whoever meets it is told to come again with 503, after which every tool repeats: it may be a good one beside a bad one.
//!
//! Tokens of programs are guessed at the same cost, and out of the same bucket. But behind one address there may be a whole office, and a
//! stranger who empties its bucket must not lock its agents out: a token that was good before is looked at whatever the bucket holds, and
//! is forgotten as soon as it is not good any more. What is remembered is its hash.
//!
//! Per process, and forgotten with it.

use crate::address;
use crate::wiring::House;
use alerting::inbound::http::answers::Stranger;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use model::Time;
use ring::digest::{SHA256, digest};
use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, PoisonError};

/// Requests of one address that are under way, or were in vain lately.
const BURST: f64 = 96.0;
/// Requests in vain that an address may go on with for ever, a second.
const PER_SECOND: f64 = 10.0;
/// Addresses that are known at once. All others share one bucket while there are as many.
const MOST_ADDRESSES: usize = 10_000;
/// Addresses that rest are forgotten at most so often: to look through them takes a while.
const FORGET_EVERY_MS: i64 = 1_000;
/// Good tokens that are remembered.
const MOST_TOKENS: usize = 10_000;
/// When there are as many, those that were not shown for so long make room.
const TOKEN_RESTS_MS: i64 = 3_600_000;
/// In IPv6 everybody has as many addresses as they like, but few networks.
const NETWORK: u128 = !0 << 64;
const RETRY_AFTER_S: u64 = 5;

/// The buckets of all addresses. Cheap to clone; all clones are one.
#[derive(Clone, Default)]
pub struct Knocks(Arc<Mutex<Buckets>>);

#[derive(Default)]
struct Buckets {
    of: HashMap<IpAddr, Bucket>,
    others: Option<Bucket>,
    forgot_at: Option<Time>,
    /// Tokens that were good when they were shown last, and when that was.
    good: HashMap<Print, Time>,
}

/// The hash of a token: nobody can come in with it.
type Print = [u8; 32];

#[derive(Clone, Copy, Debug)]
struct Bucket {
    left: f64,
    at: Time,
}

impl Bucket {
    fn full(now: Time) -> Self {
        Self { left: BURST, at: now }
    }

    /// A clock that went back fills nothing.
    fn fill(&mut self, now: Time) {
        let passed_s: f64 = now.since(self.at).clamp(0, 60_000) as f64 / 1_000.0;
        self.left = (self.left + passed_s * PER_SECOND).min(BURST);
        self.at = now;
    }
}

impl Buckets {
    /// The bucket of an address, or that of all who have none.
    fn bucket(&mut self, address: IpAddr, now: Time) -> &mut Bucket {
        if self.of.len() >= MOST_ADDRESSES && !self.of.contains_key(&address) {
            self.forget(now);
            if self.of.len() >= MOST_ADDRESSES {
                return self.others.get_or_insert(Bucket::full(now));
            }
        }
        self.of.entry(address).or_insert(Bucket::full(now))
    }

    /// Forgets whose bucket would be full by now.
    fn forget(&mut self, now: Time) {
        if self.forgot_at.is_some_and(|at| (0..FORGET_EVERY_MS).contains(&now.since(at))) {
            return;
        }
        self.forgot_at = Some(now);
        self.of.retain(|_, bucket| {
            bucket.fill(now);
            bucket.left < BURST
        });
    }
}

impl Knocks {
    /// Takes one request out of the bucket of an address. `false` when it is empty.
    fn take(&self, address: IpAddr, now: Time) -> bool {
        self.with(address, now, |bucket| {
            let may: bool = bucket.left >= 1.0;
            if may {
                bucket.left -= 1.0;
            }
            may
        })
    }

    /// Puts one back.
    fn put_back(&self, address: IpAddr, now: Time) {
        self.with(address, now, |bucket| bucket.left = (bucket.left + 1.0).min(BURST));
    }

    /// Whether a token may be looked at that is shown from this address. To be followed by [`Knocks::was_good`] or [`Knocks::was_bad`], or
    /// by [`Knocks::was_asked_in_vain`] when nobody could tell.
    pub fn may_show(&self, address: IpAddr, token: &str, now: Time) -> bool {
        self.take(address, now) || self.is_good(token)
    }

    /// The token was good.
    pub fn was_good(&self, address: IpAddr, token: &str, now: Time) {
        self.put_back(address, now);
        let mut buckets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.good.len() >= MOST_TOKENS {
            buckets.good.retain(|_, shown_at| now.since(*shown_at).abs() < TOKEN_RESTS_MS);
        }
        let has_room: bool = buckets.good.len() < MOST_TOKENS;
        let print: Print = print(token);
        if has_room || buckets.good.contains_key(&print) {
            buckets.good.insert(print, now);
        }
    }

    /// The token was good for nothing, any more or ever.
    pub fn was_bad(&self, token: &str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).good.remove(&print(token));
    }

    /// It could not be found out: that is nobody's guess.
    pub fn was_asked_in_vain(&self, address: IpAddr, now: Time) {
        self.put_back(address, now);
    }

    fn is_good(&self, token: &str) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).good.contains_key(&print(token))
    }

    fn with<T>(&self, address: IpAddr, now: Time, change: impl FnOnce(&mut Bucket) -> T) -> T {
        // A panic elsewhere leaves nothing half-written here.
        let mut buckets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let bucket: &mut Bucket = buckets.bucket(network(address), now);
        bucket.fill(now);
        change(bucket)
    }
}

fn print(token: &str) -> Print {
    let mut print: Print = [0; 32];
    print.copy_from_slice(digest(&SHA256, token.as_bytes()).as_ref());
    print
}

/// What counts as one: an address of IPv4, a network of IPv6.
fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & NETWORK)),
    }
}

/// Lets a request pass as long as its address has not come in vain too often.
pub async fn limit(State(house): State<House>, request: Request, next: Next) -> Response {
    let clock = &house.clock;
    let address: IpAddr = address::client(&request, &house.config.trusted_proxies);
    if !house.knocks.take(address, clock.now()) {
        let retry_after = [(header::RETRY_AFTER, HeaderValue::from(RETRY_AFTER_S))];
        return (StatusCode::SERVICE_UNAVAILABLE, retry_after, "too many requests in vain: try again later\n").into_response();
    }
    let answer: Response = next.run(request).await;
    if answer.extensions().get::<Stranger>().is_none() {
        house.knocks.put_back(address, clock.now());
    }
    answer
}

#[cfg(test)]
mod tests {
    use super::{Knocks, MOST_ADDRESSES, MOST_TOKENS, TOKEN_RESTS_MS, network};
    use model::Time;
    use std::net::{IpAddr, Ipv4Addr};

    fn v4(n: u32) -> IpAddr {
        IpAddr::V4(Ipv4Addr::from_bits(n))
    }

    fn taken(knocks: &Knocks, address: IpAddr, now: Time) -> usize {
        (0..1_000).filter(|_| knocks.take(address, now)).count()
    }

    #[test]
    fn what_is_in_vain_is_bounded_and_what_is_known_is_not() {
        let knocks = Knocks::default();
        assert_eq!(taken(&knocks, v4(1), Time(0)), 96);
        assert_eq!(taken(&knocks, v4(2), Time(0)), 96, "another address");
        assert_eq!(taken(&knocks, v4(1), Time(2_000)), 20);
        assert_eq!(taken(&knocks, v4(1), Time(1_000)), 0, "a clock that goes back");
        for _ in 0..1_000 {
            assert!(knocks.take(v4(3), Time(0)));
            knocks.put_back(v4(3), Time(0));
        }
    }

    #[test]
    fn who_guesses_tokens_is_stopped_and_a_good_one_from_the_same_address_passes() {
        let knocks = Knocks::default();
        assert!(knocks.may_show(v4(1), "good", Time(0)));
        knocks.was_good(v4(1), "good", Time(0));
        let guessed: usize = (0..1_000).filter(|n| knocks.may_show(v4(1), &format!("guess {n}"), Time(0))).count();
        assert_eq!(guessed, 96);
        assert!((0..1_000).all(|_| knocks.may_show(v4(1), "good", Time(0))), "however often");
        assert!(!knocks.may_show(v4(1), "good too", Time(0)), "nobody knows it yet");
        assert!(knocks.may_show(v4(2), "good too", Time(0)), "elsewhere it is found out");
        knocks.was_good(v4(2), "good too", Time(0));
        assert!(knocks.may_show(v4(1), "good too", Time(0)));
        knocks.was_bad("good");
        assert!(!knocks.may_show(v4(1), "good", Time(0)), "it was revoked");
    }

    #[test]
    fn so_many_good_tokens_are_remembered_and_those_that_rest_make_room() {
        let knocks = Knocks::default();
        for n in 0..MOST_TOKENS {
            knocks.was_good(v4(1), &format!("{n}"), Time(0));
        }
        knocks.was_good(v4(1), "late", Time(1));
        assert!(!knocks.is_good("late") && knocks.is_good("0"));
        knocks.was_good(v4(1), "late", Time(TOKEN_RESTS_MS));
        assert!(knocks.is_good("late") && !knocks.is_good("0"));
    }

    #[test]
    fn a_network_of_ipv6_is_one() {
        let [one, same, other] = ["2001:db8::1", "2001:db8::2:1", "2001:db8:0:1::1"].map(|text| text.parse::<IpAddr>().unwrap());
        assert_eq!(network(one), network(same));
        assert_ne!(network(one), network(other));
    }

    #[test]
    fn many_addresses_share_what_is_left_and_are_forgotten() {
        let knocks = Knocks::default();
        let most: u32 = u32::try_from(MOST_ADDRESSES).unwrap();
        assert!((0..most).all(|n| knocks.take(v4(n), Time(0))));
        let late: usize = (most..most + 1_000).filter(|n| knocks.take(v4(*n), Time(0))).count();
        assert_eq!(late, 96);
        assert!(knocks.take(v4(most), Time(5_000)), "those who rested were forgotten");
        assert_eq!(knocks.0.lock().unwrap().of.len(), 1);
    }
}
