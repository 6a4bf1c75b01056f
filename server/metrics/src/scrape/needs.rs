//! What scraping needs of the world: to know whose turn it is.

use async_trait::async_trait;

/// Shares the targets among replicas, so that each is scraped by one only.
#[async_trait]
pub trait Turn: Send + Sync {
    /// Whether this replica scrapes the target with this hash now. Asked before each scrape. Two that both say yes for a moment do no
    /// harm: equal samples are one sample, and of two values for one time the same one wins everywhere.
    async fn mine(&self, target_hash: u64) -> bool;
}

/// For a single replica: everything is ours.
#[derive(Clone, Copy, Debug, Default)]
pub struct Alone;

#[async_trait]
impl Turn for Alone {
    async fn mine(&self, _target_hash: u64) -> bool {
        true
    }
}
