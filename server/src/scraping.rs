//! Scraping as this installation wants it: the file that names the targets, what may be reached, and which replica's turn it is.

use crate::wiring::Failure;
use async_trait::async_trait;
use jobs::leases::RENEW_EVERY_MS;
use jobs::{Lease, Leases};
use kernel::outbound::Outbound;
use kernel::outbound::reach::Reach;
use kernel::{Clock, Db};
use metrics::Metrics;
use metrics::scrape::config::ScrapeConfig;
use metrics::scrape::needs::Turn;
use metrics::scrape::{Scraper, Ways};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

use crate::config::Samples;
use crate::house_error::chain;

const LEASE: &str = "metrics.scrape";
/// When somebody leads who does not.
const NEVER: i64 = i64::MIN;

/// Begins to scrape what `settings` name; `None` when they name nothing.
///
/// # Errors
/// When the file can't be read, or is not what it should be: with its line and column.
pub async fn open(
    settings: &Samples,
    metrics: Arc<Metrics>,
    db: Db,
    clock: Arc<dyn Clock>,
    shutdown: CancellationToken,
) -> Result<Option<Arc<Scraper>>, Failure> {
    let Some(path) = &settings.scrape_file else { return Ok(None) };
    let config = read(path)?;
    let turn = Leading::begin(db, clock.clone(), shutdown);
    let scraper = Scraper::open(metrics, config, clock, ways(settings), Arc::new(turn)).await?;
    Ok(Some(scraper))
}

/// What may be reached. A target is named by whoever writes the file, a redirect by whoever answers.
fn ways(settings: &Samples) -> Ways {
    let listed = settings.scrape_allow.clone();
    let doors = settings.scrape_loopback.clone();
    let targets = Reach { private: settings.scrape_private, loopback: false, doors, listed: listed.clone() };
    let redirects = if settings.scrape_redirects_inside { targets.clone() } else { Reach { listed, ..Reach::default() } };
    Ways { targets: Outbound::new(targets), redirects: Outbound::new(redirects) }
}

fn read(path: &Path) -> Result<ScrapeConfig, Failure> {
    let text = std::fs::read_to_string(path).map_err(|error| format!("can't read {}: {error}", path.display()))?;
    ScrapeConfig::parse(&text).map_err(|error| format!("{}: {}", path.display(), chain(&error)).into())
}

/// One replica scrapes, for as long as it holds the lease.
struct Leading {
    /// Until when we lead, in milliseconds since the Unix epoch.
    until: Arc<AtomicI64>,
    clock: Arc<dyn Clock>,
}

impl Leading {
    fn begin(db: Db, clock: Arc<dyn Clock>, shutdown: CancellationToken) -> Self {
        let until = Arc::new(AtomicI64::new(NEVER));
        let leases = Leases::new(db, kernel::ids::new_uuid().to_string());
        tokio::spawn(lead(leases, clock.clone(), Arc::clone(&until), shutdown));
        Self { until, clock }
    }
}

#[async_trait]
impl Turn for Leading {
    /// The lead ends with the lease, also while nobody can tell us so: another replica may have it by then.
    async fn mine(&self, _target_hash: u64) -> bool {
        self.clock.now().0 < self.until.load(Ordering::Relaxed)
    }
}

/// Takes the lease, renews it, and gives it back in the end.
async fn lead(leases: Leases, clock: Arc<dyn Clock>, until: Arc<AtomicI64>, shutdown: CancellationToken) {
    let mut ticks = tokio::time::interval(Duration::from_millis(RENEW_EVERY_MS.unsigned_abs()));
    let mut lease: Option<Lease> = None;
    loop {
        tokio::select! {
            _ = ticks.tick() => {}
            () = shutdown.cancelled() => break,
        }
        let now = clock.now();
        let asked = match &lease {
            Some(held) => leases.renew(held, now).await.map(Some),
            None => leases.acquire(LEASE, now).await,
        };
        lease = kept(lease, asked);
        until.store(lease.as_ref().map_or(NEVER, |held| held.until.0), Ordering::Relaxed);
    }
    until.store(NEVER, Ordering::Relaxed);
    if let Some(held) = lease
        && let Err(error) = leases.release(&held, clock.now()).await
    {
        tracing::warn!(error = chain(&error), "can't give back the lease of scraping");
    }
}

/// The lease after it was asked for. One that could not be renewed lasts until its end, unless somebody else has it.
fn kept(held: Option<Lease>, asked: Result<Option<Lease>, jobs::Error>) -> Option<Lease> {
    match asked {
        Ok(found) => found,
        Err(error) => {
            tracing::warn!(error = chain(&error), "can't hold the lease of scraping");
            held.filter(|_| !matches!(error, jobs::Error::LostLease { .. }))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::TestClock;
    use model::Time;
    use std::net::SocketAddr;

    fn settings(private: bool, doors: &[&str], redirects_inside: bool) -> Samples {
        Samples {
            out_of_order_hours: 2,
            compact_after_minutes: 20,
            max_series: 1_000,
            token_max_series: None,
            token_samples_per_second: None,
            ha_labels: None,
            scrape_file: None,
            scrape_private: private,
            scrape_loopback: doors.iter().map(|door| door.parse().unwrap()).collect(),
            scrape_redirects_inside: redirects_inside,
            scrape_allow: vec!["10.9.0.0/16".parse().unwrap()],
        }
    }

    /// Which of a private address, a door of this machine, another one, and a listed address may be reached.
    fn reached(outbound: &Outbound) -> [bool; 4] {
        ["10.1.0.1:80", "127.0.0.1:9100", "127.0.0.1:5432", "10.9.0.1:80"].map(|at| {
            let at: SocketAddr = at.parse().unwrap();
            outbound.reach().may_at(at.ip(), at.port())
        })
    }

    #[test]
    fn private_networks_this_machine_and_redirects_are_set_apart() {
        let one: &[&str] = &["127.0.0.1:9100"];
        let cases: [(bool, &[&str]); 4] = [(false, &[]), (true, &[]), (false, one), (true, one)];
        for (private, doors) in cases {
            let door: bool = !doors.is_empty();
            let closed = ways(&settings(private, doors, false));
            assert_eq!(reached(&closed.targets), [private, door, false, true]);
            assert_eq!(reached(&closed.redirects), [false, false, false, true]);
            assert_eq!(reached(&ways(&settings(private, doors, true)).redirects), [private, door, false, true]);
        }
    }

    #[tokio::test]
    async fn the_lead_ends_with_the_lease() {
        let clock = Arc::new(TestClock::new(Time(1_000)));
        let leading = Leading { until: Arc::new(AtomicI64::new(NEVER)), clock: clock.clone() };
        assert!(!leading.mine(1).await);
        leading.until.store(16_000, Ordering::Relaxed);
        assert!(leading.mine(1).await);
        // Nobody renewed it, and nobody said so.
        clock.advance_ms(15_000);
        assert!(!leading.mine(1).await);
    }

    #[test]
    fn a_lease_that_can_not_be_renewed_is_kept_to_its_end_and_a_lost_one_is_not() {
        let lease = Lease { name: LEASE.to_owned(), owner: "a".to_owned(), epoch: 1, until: Time(5) };
        let unreachable = || Err(jobs::Error::Database(sqlx::Error::PoolTimedOut));
        assert_eq!(kept(Some(lease.clone()), unreachable()), Some(lease.clone()));
        assert_eq!(kept(None, unreachable()), None);
        let lost = Err(jobs::Error::LostLease { name: LEASE.to_owned(), epoch: 1 });
        assert_eq!(kept(Some(lease.clone()), lost), None);
        let renewed = Lease { until: Time(9), ..lease.clone() };
        assert_eq!(kept(Some(lease), Ok(Some(renewed.clone()))), Some(renewed));
    }
}
