//! Turns: only so many computations at once, each for only so long.
//!
//! A turn ends with its computation, not with its caller: whoever disconnects leaves a thread behind, and would otherwise make
//! room for the next. That thread is told at once, so that it soon ends.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

use crate::error::Error;
use crate::eval::Until;

/// Waiting longer for a turn helps nobody: the caller gets an error that says so.
const PATIENCE: Duration = Duration::from_secs(2);

/// Hands out turns.
#[derive(Debug)]
pub(crate) struct Turns {
    permits: Arc<Semaphore>,
    patience: Duration,
    longest: Duration,
}

impl Turns {
    /// `n` at once, each for at most `longest`.
    pub(crate) fn new(n: usize, longest: Duration) -> Self {
        Self { permits: Arc::new(Semaphore::new(n)), patience: PATIENCE, longest }
    }

    /// Computes on a thread on which nobody else waits. `work` is told until when its outcome is wanted, and ends itself then:
    /// after the longest time a turn may take, or as soon as the caller stops waiting.
    ///
    /// # Errors
    /// [`Error::Overloaded`] when no turn came soon, [`Error::Closed`] when the computation broke off, and those of `work`.
    pub(crate) async fn compute<T: Send + 'static>(
        &self,
        work: impl FnOnce(Until) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let permit: OwnedSemaphorePermit = self.turn().await?;
        let until: Until = Until::new(Instant::now() + self.longest);
        let _waiting: Waiting = Waiting(until.clone());
        let computing = tokio::task::spawn_blocking(move || {
            let outcome: Result<T, Error> = work(until);
            drop(permit);
            outcome
        });
        computing.await.map_err(|_| Error::Closed)?
    }

    async fn turn(&self) -> Result<OwnedSemaphorePermit, Error> {
        match timeout(self.patience, Arc::clone(&self.permits).acquire_owned()).await {
            Ok(permit) => permit.map_err(|_| Error::Closed),
            Err(_) => Err(Error::Overloaded),
        }
    }
}

/// The caller, as long as it waits: dropped together with the future it waits for.
struct Waiting(Until);

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.abandon();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_turn_lasts_as_long_as_its_computation_not_as_long_as_its_caller() {
        let turns = Turns { patience: Duration::from_millis(1), ..Turns::new(1, Duration::from_secs(20)) };
        let (end, ended) = std::sync::mpsc::channel::<()>();
        let (begin, begun) = tokio::sync::oneshot::channel::<()>();
        let (tell, told) = tokio::sync::oneshot::channel::<bool>();
        let caller = turns.compute(move |until| {
            begin.send(()).unwrap();
            ended.recv().unwrap();
            tell.send(until.check().is_err()).unwrap();
            Ok(())
        });
        tokio::select! {
            outcome = caller => panic!("nobody ended it: {outcome:?}"),
            begun = begun => begun.unwrap(),
        }
        // The caller is gone, its computation is not.
        assert!(matches!(turns.compute(|_| Ok(())).await, Err(Error::Overloaded)));
        end.send(()).unwrap();
        assert!(told.await.unwrap(), "the computation was not told that its caller is gone");
        drop(turns.permits.acquire().await.unwrap());
        assert_eq!(turns.compute(|_| Ok(7)).await.unwrap(), 7);
    }
}
