//! Scraping as this installation wants it: the file that names the targets, what may be reached, and which replica's turn it is.

use crate::wiring::Failure;
use async_trait::async_trait;
use jobs::leases::RENEW_EVERY_MS;
use jobs::{Lease, Leases};
use kernel::outbound::Outbound;
use kernel::outbound::reach::Reach;
use kernel::{Clock, Db};
use metrics::Metrics;
use metrics::scrape::Scraper;
use metrics::scrape::config::ScrapeConfig;
use metrics::scrape::needs::Turn;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

use crate::config::Samples;
use crate::house_error::chain;

const LEASE: &str = "metrics.scrape";

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
    let reach =
        Reach { private: settings.scrape_private, loopback: settings.scrape_private, listed: settings.scrape_allow.clone() };
    let turn = Leading::begin(db, clock.clone(), shutdown);
    let scraper = Scraper::open(metrics, config, clock, Outbound::new(reach), Arc::new(turn)).await?;
    Ok(Some(scraper))
}

fn read(path: &Path) -> Result<ScrapeConfig, Failure> {
    let text = std::fs::read_to_string(path).map_err(|error| format!("can't read {}: {error}", path.display()))?;
    ScrapeConfig::parse(&text).map_err(|error| format!("{}: {}", path.display(), chain(&error)).into())
}

/// One replica scrapes, for as long as it holds the lease.
struct Leading {
    leads: Arc<AtomicBool>,
}

impl Leading {
    fn begin(db: Db, clock: Arc<dyn Clock>, shutdown: CancellationToken) -> Self {
        let leads = Arc::new(AtomicBool::new(false));
        let leases = Leases::new(db, kernel::ids::new_uuid().to_string());
        tokio::spawn(lead(leases, clock, Arc::clone(&leads), shutdown));
        Self { leads }
    }
}

#[async_trait]
impl Turn for Leading {
    async fn mine(&self, _target_hash: u64) -> bool {
        self.leads.load(Ordering::Relaxed)
    }
}

/// Takes the lease, renews it, and gives it back in the end. A database that can't be asked ends the lead: nothing could be written
/// anyway.
async fn lead(leases: Leases, clock: Arc<dyn Clock>, leads: Arc<AtomicBool>, shutdown: CancellationToken) {
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
        lease = asked.unwrap_or_else(|error| {
            tracing::warn!(error = chain(&error), "can't hold the lease of scraping");
            None
        });
        leads.store(lease.is_some(), Ordering::Relaxed);
    }
    leads.store(false, Ordering::Relaxed);
    if let Some(held) = lease
        && let Err(error) = leases.release(&held, clock.now()).await
    {
        tracing::warn!(error = chain(&error), "can't give back the lease of scraping");
    }
}
