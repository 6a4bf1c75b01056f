//! The newest points of a board, evaluated once for everybody who looks at it.

use api::live::BoardTick;
use model::Time;
use std::collections::HashMap;
use std::sync::{Arc, Mutex as Lock, PoisonError};
use std::time::Duration;
use tokio::sync::Mutex;

/// Samples may be committed many times a second; a board moves at most this often, and shows each of them within this time.
const APART_MS: i64 = 500;
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
    /// The tick of `host` that shows the commit at `at`: evaluated now, or a little later when the last one was just now, or the one that
    /// somebody else had evaluated meanwhile. `pause` waits.
    pub async fn of<P, F>(
        &self,
        host: &str,
        at: Time,
        pause: impl FnOnce(Duration) -> P,
        evaluate: impl FnOnce(Time) -> F,
    ) -> Option<Arc<BoardTick>>
    where
        P: Future<Output = ()> + Send,
        F: Future<Output = Option<BoardTick>> + Send,
    {
        let slot = self.slot(host);
        let mut last = slot.lock().await;
        let due = match last.as_ref() {
            Some(last) if last.at >= at => return last.tick.clone(),
            Some(last) => last.at.plus_ms(APART_MS).max(at),
            None => at,
        };
        let early = u64::try_from(due.since(at)).unwrap_or(0);
        if early > 0 {
            pause(Duration::from_millis(early)).await;
        }
        let tick = evaluate(due).await.map(Arc::new);
        *last = Some(Last { at: due, tick: tick.clone() });
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
    use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

    #[derive(Default)]
    struct Counted {
        evaluations: AtomicUsize,
        paused_ms: AtomicU64,
    }

    async fn ask(ticks: &Ticks, host: &str, at: i64, counted: &Counted) -> Option<i64> {
        let pause = |time: Duration| {
            counted.paused_ms.fetch_add(u64::try_from(time.as_millis()).unwrap(), Ordering::Relaxed);
            std::future::ready(())
        };
        let evaluate = |at: Time| {
            counted.evaluations.fetch_add(1, Ordering::Relaxed);
            std::future::ready(Some(BoardTick { topic: host.to_owned(), at, panels: Vec::new() }))
        };
        ticks.of(host, Time(at), pause, evaluate).await.map(|tick| tick.at.0)
    }

    #[tokio::test]
    async fn every_commit_is_shown_soon_and_boards_are_not_evaluated_more_often_than_need_be() {
        let (ticks, counted) = (Ticks::default(), Counted::default());
        for (at, expected) in
            [(10_000, 10_000), (10_000, 10_000), (10_200, 10_500), (10_400, 10_500), (12_000, 12_000), (11_000, 12_000)]
        {
            assert_eq!(ask(&ticks, "app-02", at, &counted).await, Some(expected));
        }
        assert_eq!(counted.evaluations.load(Ordering::Relaxed), 3);
        assert_eq!(counted.paused_ms.load(Ordering::Relaxed), 300);
        ask(&ticks, "app-03", 12_000, &counted).await;
        assert_eq!(counted.evaluations.load(Ordering::Relaxed), 4);
    }

    #[tokio::test]
    async fn only_so_many_boards_are_remembered() {
        let (ticks, counted) = (Ticks::default(), Counted::default());
        for number in 0..=LIMIT {
            ask(&ticks, &format!("host-{number}"), 1, &counted).await;
        }
        assert!(ticks.slots.lock().unwrap().len() <= LIMIT);
    }
}
