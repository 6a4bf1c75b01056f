//! The head's only food: batches that are committed.
//!
//! At start those are read back that no chunk stands for yet, at most the last hours. Then the batches of every other writer are followed, each writer by its
//! own numbers: a number that is missing is waited for. One sequence over all writers would not do, because its order is
//! not the order of commits and a reader would step over what commits late. Our own batches come straight from the writer.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use kernel::{Clock, Db, Tx};
use model::Time;
use tokio::time::MissedTickBehavior;
use uuid::Uuid;

use crate::batch::{self, BatchSample, Damage};
use crate::compact::bucket::{WINDOW_MS, bucket_of};
use crate::config::Config;
use crate::error::Error;
use crate::head::HeadSample;
use crate::lock;
use crate::own::add;
use crate::series::{Day, day_of};
use crate::state::State;
use crate::store;
use crate::store::batches::StoredBatch;
use crate::store::writers::WriterRow;

/// What another replica took is seen here after at most this long.
const POLL: Duration = Duration::from_millis(250);
/// Batches of one writer fetched at once: a few megabytes.
const BATCHES_PER_FETCH: i64 = 16;
/// Clocks of replicas may differ by so much.
const CLOCK_SKEW_MS: i64 = 600_000;
/// A missing batch is waited for this long. It can only be missing for good when its partition was dropped meanwhile.
const GAP_PATIENCE_MS: i64 = 60_000;
/// Series asked for by one statement.
const SERIES_PER_STATEMENT: usize = 5_000;

/// Follows the other writers.
pub(crate) struct Tail {
    db: Db,
    clock: Arc<dyn Clock>,
    state: Arc<State>,
    me: Uuid,
    /// Writers silent for longer have nothing that the head would take.
    silence_ms: i64,
    cursors: HashMap<Uuid, Cursor>,
}

/// How far one writer has been followed.
#[derive(Clone, Copy, Debug, Default)]
struct Cursor {
    wseq: i64,
    gap_since: Option<Time>,
}

impl Tail {
    /// Reads every series, and the batches that reach into the head, as of one moment; then stands right behind that moment. The head
    /// begins no earlier than it must: what stands in chunks is not read back.
    pub(crate) async fn open(db: Db, clock: Arc<dyn Clock>, state: Arc<State>, me: Uuid, config: &Config) -> Result<Self, Error> {
        let rested: Day = day_of(clock.now().0).saturating_sub(config.rest_after_days());
        let mut tx: Tx = store::writers::snapshot(&db).await?;
        let floor: i64 = raise_floor(&mut tx, &state).await?;
        let since: Time = Time(floor).plus_ms(-config.future_ms - CLOCK_SKEW_MS);
        let writers: Vec<WriterRow> = store::writers::all(&mut tx).await?;
        {
            let state: &State = &state;
            store::series::all(&mut tx, rested, |series| state.take_series(&series)).await?;
            store::batches::replay(&mut tx, since, floor, |stored| replay(state, &stored)).await?;
        }
        tx.commit().await?;
        for writer in &writers {
            state.note_applied(writer.id, writer.last_wseq);
        }
        let cursors = writers.iter().map(|writer| (writer.id, Cursor { wseq: writer.last_wseq, gap_since: None })).collect();
        let silence_ms: i64 = config.head_ms.saturating_add(config.future_ms + CLOCK_SKEW_MS);
        Ok(Self { db, clock, state, me, silence_ms, cursors })
    }

    /// Forever; the owner aborts it.
    pub(crate) async fn run(mut self) {
        let mut ticks = tokio::time::interval(POLL);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut failing: bool = false;
        loop {
            ticks.tick().await;
            let outcome: Result<(), Error> = self.poll().await;
            if let (Err(error), false) = (&outcome, failing) {
                tracing::warn!(error = error as &dyn std::error::Error, "other writers' batches can't be read");
            }
            failing = outcome.is_err();
        }
    }

    async fn poll(&mut self) -> Result<(), Error> {
        let since: Time = self.clock.now().plus_ms(-self.silence_ms);
        for writer in store::writers::others(&self.db, self.me, since).await? {
            while self.wseq(writer.id) < writer.last_wseq && self.follow(writer.id).await? {}
        }
        Ok(())
    }

    fn wseq(&self, writer_id: Uuid) -> i64 {
        self.cursors.get(&writer_id).map_or(0, |cursor| cursor.wseq)
    }

    /// Takes the next batches of a writer; false when the next one is missing.
    async fn follow(&mut self, writer_id: Uuid) -> Result<bool, Error> {
        let wseq: i64 = self.wseq(writer_id);
        let batches: Vec<StoredBatch> = store::batches::after(&self.db, writer_id, wseq, BATCHES_PER_FETCH).await?;
        let next: Option<i64> = batches.first().map(|batch| batch.wseq);
        if next != Some(wseq + 1) {
            return Ok(self.wait(writer_id, next));
        }
        for stored in batches {
            if stored.wseq != self.wseq(writer_id) + 1 {
                break;
            }
            self.take(&stored).await?;
            self.stand(writer_id, stored.wseq);
        }
        Ok(true)
    }

    /// Everything up to `wseq` is in the head, or never will be.
    fn stand(&mut self, writer_id: Uuid, wseq: i64) {
        self.cursors.insert(writer_id, Cursor { wseq, gap_since: None });
        self.state.note_applied(writer_id, wseq);
    }

    /// Notes a gap. After long enough steps over it, so that one lost partition does not hide all that came later.
    fn wait(&mut self, writer_id: Uuid, next: Option<i64>) -> bool {
        let now: Time = self.clock.now();
        let cursor: &mut Cursor = self.cursors.entry(writer_id).or_default();
        add(&self.state.own.tail_gaps, 1);
        let since: Time = *cursor.gap_since.get_or_insert(now);
        let Some(next) = next.filter(|_| now.since(since) >= GAP_PATIENCE_MS) else { return false };
        tracing::error!(%writer_id, from = cursor.wseq + 1, to = next - 1, "metric batches are missing");
        self.stand(writer_id, next - 1);
        true
    }

    async fn take(&self, stored: &StoredBatch) -> Result<(), Error> {
        let Some(samples) = self.state.readable(decode(stored)) else { return Ok(()) };
        let (placed, unknown) = self.state.place(&samples);
        self.state.apply(&placed);
        if !unknown.is_empty() {
            self.state.apply(&place_unknown(&self.db, &self.state, unknown).await?);
        }
        add(&self.state.own.tail_batches, 1);
        self.state.announce(stored.received_at);
        Ok(())
    }
}

/// Looks up series that the index does not know, and places their samples. What the table does not know either has no labels any more.
pub(crate) async fn place_unknown(db: &Db, state: &State, samples: Vec<BatchSample>) -> Result<Vec<HeadSample>, Error> {
    let ids: HashSet<i64> = samples.iter().map(|sample| sample.series_id).collect();
    let ids: Vec<i64> = ids.into_iter().collect();
    for some in ids.chunks(SERIES_PER_STATEMENT) {
        for series in store::series::by_ids(db, some).await? {
            state.take_series(&series);
        }
    }
    Ok(state.place(&samples).0)
}

/// Raises the head's floor to where the compacted windows end, and returns it. Only windows without a hole between them count.
async fn raise_floor(tx: &mut Tx, state: &State) -> Result<i64, Error> {
    let floor: i64 = lock::read(&state.head).floor();
    let compacted: HashSet<i64> =
        store::windows::between(tx, bucket_of(floor), i64::MAX).await?.iter().map(|window| window.bucket).collect();
    let mut raised: i64 = floor;
    while compacted.contains(&bucket_of(raised)) {
        raised = bucket_of(raised) + WINDOW_MS;
    }
    lock::write(&state.head).trim(raised);
    Ok(raised)
}

fn replay(state: &State, stored: &StoredBatch) {
    if let Some(samples) = state.readable(decode(stored)) {
        state.apply(&state.place(&samples).0);
        state.announce(stored.received_at);
    }
}

/// Decodes a stored batch; the error names the row.
pub(crate) fn decode(stored: &StoredBatch) -> Result<Vec<BatchSample>, Error> {
    batch::decode(stored.format, &stored.body).map_err(|source: Damage| Error::Damaged {
        table: "metric_batch",
        column: "body",
        row: format!("{}/{}", stored.writer_id, stored.wseq),
        source,
    })
}
