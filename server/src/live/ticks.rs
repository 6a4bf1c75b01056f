//! The newest points of a board, evaluated once for everybody who looks at it.

use api::live::BoardTick;
use model::Time;
use std::collections::HashMap;
use std::sync::{Arc, Mutex as Lock, PoisonError};
use tokio::sync::Mutex;

/// Samples may be committed many times a second; a board moves at most this often.
const APART_MS: i64 = 2_000;
/// Boards remembered. Beyond it all are forgotten, which costs each of them one evaluation.
const LIMIT: usize = 64;

/// The last evaluation of one board; held while the next one runs, so that nobody runs it twice.
type Slot = Arc<Mutex<Option<Last>>>;

struct Last {
    at: Time,
    /// `None`: the host has no data.
    tick: Option<Arc<BoardTick>>,
}

/// The last tick of every board somebody looks at. Cheap to clone.
#[derive(Clone, Default)]
pub struct Ticks {
    slots: Arc<Lock<HashMap<String, Slot>>>,
}

impl Ticks {
    /// The tick of `host` for the commit at `at`: evaluated now, or the one that somebody else had evaluated for it or shortly before.
    pub async fn of<F>(&self, host: &str, at: Time, evaluate: F) -> Option<Arc<BoardTick>>
    where
        F: Future<Output = Option<BoardTick>> + Send,
    {
        let slot = self.slot(host);
        let mut last = slot.lock().await;
        if let Some(last) = last.as_ref().filter(|last| at.since(last.at) < APART_MS) {
            return last.tick.clone();
        }
        let tick = evaluate.await.map(Arc::new);
        *last = Some(Last { at, tick: tick.clone() });
        tick
    }

    fn slot(&self, host: &str) -> Slot {
        // A panic between two lines below leaves a valid map.
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        if slots.len() >= LIMIT && !slots.contains_key(host) {
            slots.clear();
        }
        slots.entry(host.to_owned()).or_default().clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};

    async fn ask(ticks: &Ticks, host: &str, at: i64, evaluations: &AtomicUsize) -> Option<i64> {
        let evaluate = async {
            evaluations.fetch_add(1, Ordering::Relaxed);
            Some(BoardTick { host: host.to_owned(), at: Time(at), panels: Vec::new() })
        };
        ticks.of(host, Time(at), evaluate).await.map(|tick| tick.at.0)
    }

    #[tokio::test]
    async fn a_board_is_evaluated_once_a_commit_and_not_more_often_than_every_two_seconds() {
        let (ticks, evaluations) = (Ticks::default(), AtomicUsize::new(0));
        for (at, expected) in [(10_000, 10_000), (10_000, 10_000), (11_999, 10_000), (12_000, 12_000), (11_000, 12_000)] {
            assert_eq!(ask(&ticks, "app-02", at, &evaluations).await, Some(expected));
        }
        assert_eq!(evaluations.load(Ordering::Relaxed), 2);
        ask(&ticks, "app-03", 12_000, &evaluations).await;
        assert_eq!(evaluations.load(Ordering::Relaxed), 3);
    }

    #[tokio::test]
    async fn only_so_many_boards_are_remembered() {
        let (ticks, evaluations) = (Ticks::default(), AtomicUsize::new(0));
        for number in 0..=LIMIT {
            ask(&ticks, &format!("host-{number}"), 1, &evaluations).await;
        }
        assert!(ticks.slots.lock().unwrap().len() <= LIMIT);
    }
}
