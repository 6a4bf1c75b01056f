//! The memory that all scrapes share. Each has limits of its own, but what thirty-two of them may take together is more than there is.
//!
//! An answer waits for its share before it is asked for: as much as the target needed before, twice over, and all that its job allows when
//! that was not enough. What is read from it takes its share as it grows, and a scrape that finds none fails.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::error::ScrapeError;
use crate::allowance::{Allowance, Memory};

/// The unit in which memory is given.
const UNIT: usize = 64 << 10;
/// Of all answers that are being read.
pub(super) const MOST_BYTES: usize = 256 << 20;
/// What a target is taken to need of which nothing is known, or little.
const LEAST_BYTES: usize = 1 << 20;

/// The share of one answer, until it is dropped.
pub(super) type Share = OwnedSemaphorePermit;

/// What is left for scrapes.
#[derive(Debug)]
pub(super) struct Budget {
    answers: Arc<Semaphore>,
    harvests: Memory,
}

impl Budget {
    pub(super) fn new() -> Self {
        Self { answers: Arc::new(Semaphore::new(MOST_BYTES / UNIT)), harvests: Memory::new() }
    }

    /// Waits until there is room for an answer of so many bytes, at most [`MOST_BYTES`].
    pub(super) async fn answer(&self, bytes: usize) -> Result<Share, ScrapeError> {
        let units: usize = bytes.min(MOST_BYTES).div_ceil(UNIT);
        let units: u32 = u32::try_from(units).map_err(|_| ScrapeError::Closed)?;
        Arc::clone(&self.answers).acquire_many_owned(units).await.map_err(|_| ScrapeError::Closed)
    }

    /// Of what is read from an answer: nothing yet.
    pub(super) fn harvest(&self) -> Allowance {
        self.harvests.allowance()
    }
}

/// How large the next answer may be without asking twice: twice the last one, and no more than `most`.
pub(super) fn expected(last: usize, most: usize) -> usize {
    last.saturating_mul(2).max(LEAST_BYTES).min(most)
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::FutureExt;

    #[test]
    fn a_target_is_taken_to_need_twice_what_it_needed() {
        assert_eq!(expected(0, 64 << 20), LEAST_BYTES);
        assert_eq!(expected(3 << 20, 64 << 20), 6 << 20);
        assert_eq!(expected(60 << 20, 64 << 20), 64 << 20);
        assert_eq!(expected(usize::MAX, 100), 100);
    }

    #[tokio::test]
    async fn answers_wait_for_each_other() {
        let budget = Budget::new();
        let first: Share = budget.answer(MOST_BYTES - UNIT).await.unwrap();
        let small: Share = budget.answer(UNIT).await.unwrap();
        assert!(budget.answer(1).now_or_never().is_none(), "more was given than there is");
        drop(small);
        assert!(budget.answer(1).now_or_never().is_some());
        drop(first);
        // More than there is at all is all there is.
        assert!(budget.answer(usize::MAX).now_or_never().is_some());
    }
}
