//! The newest points of a board, evaluated once for everybody who looks at it.

use api::live::{BoardTick, EXPLORE_TOPIC};
use model::Time;
use std::collections::HashMap;
use std::sync::{Arc, Mutex as Lock, PoisonError};
use std::time::Duration;
use tokio::sync::Mutex;
use tokio::time::Instant;

/// Samples may be committed many times a second; a board moves at most this often, and shows each of them within this time.
const APART_MS: i64 = 500;
/// So many times as long as it took, a question of Explore rests: a board was looked at by its author, but what somebody tries out may be
/// heavy, and is no reason to keep a processor busy.
const RESTS: i64 = 20;
/// Its longest rest, which is as long as its screen waits until it is drawn anew.
const LONGEST_REST_MS: i64 = 30_000;
/// Boards remembered. Beyond it all are forgotten, which costs each of them one evaluation.
const LIMIT: usize = 64;

/// The last evaluation of one board; held while the next one runs, so that nobody runs it twice.
type Slot = Arc<Mutex<Option<Last>>>;

struct Last {
    at: Time,
    /// Until the next one.
    rest_ms: i64,
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
            Some(last) => last.at.plus_ms(last.rest_ms).max(at),
            None => at,
        };
        let early = u64::try_from(due.since(at)).unwrap_or(0);
        if early > 0 {
            pause(Duration::from_millis(early)).await;
        }
        let begun = Instant::now();
        let tick = evaluate(due).await.map(Arc::new);
        *last = Some(Last { at: due, rest_ms: rest_ms(host, begun.elapsed()), tick: tick.clone() });
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

/// How long after an evaluation the next one may follow, in milliseconds.
fn rest_ms(topic: &str, took: Duration) -> i64 {
    if !topic.starts_with(EXPLORE_TOPIC) {
        return APART_MS;
    }
    let took_ms = i64::try_from(took.as_millis()).unwrap_or(i64::MAX);
    took_ms.saturating_mul(RESTS).clamp(APART_MS, LONGEST_REST_MS)
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

    #[test]
    fn what_somebody_tries_out_rests_longer_the_longer_it_took() {
        let rest = |topic: &str, took_ms: u64| rest_ms(topic, Duration::from_millis(took_ms));
        assert_eq!((rest("explore:q=up", 1), rest("explore:q=up", 100)), (APART_MS, 2_000));
        assert_eq!((rest("explore:q=up", 60_000), rest("dash:http?", 60_000)), (LONGEST_REST_MS, APART_MS));
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
