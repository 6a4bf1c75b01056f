//! Keeping house: partitions made ahead and dropped when chunks stand for them or their time is over, series of which nothing is
//! left forgotten.
//!
//! A reconciler: it takes no input but the clock, may run at any time and on any replica, and twice does no harm.

use std::collections::HashSet;

use kernel::Db;
use model::Time;

use crate::compact::bucket::bucket_of;
use crate::compact::class::Classes;
use crate::config::{self, Config};
use crate::error::Error;
use crate::exemplars;
use crate::forward;
use crate::lock;
use crate::series::{Day, Slot, day_of};
use crate::state::State;
use crate::store;
use crate::store::partitions::{BATCH_MS, batch_begin};
use crate::store::series::StoredSeries;

/// Partitions of batches stand ready for twelve hours, so that a database that takes no DDL for a while still takes samples.
const AHEAD: i64 = 24;
/// So many are made before the first write; the rest does not have to keep it waiting.
const AHEAD_AT_START: i64 = 1;
/// Partitions that ended less than this ago stay: a writer whose clock is behind may still fill them, and other replicas follow it there.
const ENDED_MS: i64 = 3_600_000;
/// Batches stay for this long after their chunks were written: a query that began before read of the one must find the other.
const SETTLED_MS: i64 = 600_000;
/// Series named in one statement.
const SERIES_PER_STATEMENT: usize = 5_000;
const DAY_MS: i64 = 86_400_000;

/// What has to be there before the first write: the partitions of this half hour and of the next.
pub(crate) async fn prepare(db: &Db, now: Time) -> Result<(), Error> {
    make_partitions(db, now, AHEAD_AT_START).await
}

async fn make_partitions(db: &Db, now: Time, ahead: i64) -> Result<(), Error> {
    let first: i64 = batch_begin(now);
    for number in 0..=ahead {
        store::partitions::make_batch(db, first.saturating_add(number * BATCH_MS)).await?;
    }
    Ok(())
}

/// Everything there is to do at `now`, but for compaction.
pub(crate) async fn maintain(db: &Db, state: &State, config: &Config, classes: &Classes, now: Time) -> Result<(), Error> {
    make_partitions(db, now, AHEAD).await?;
    drop_batches(db, config, now).await?;
    let today: Day = day_of(now.0);
    let is_expired = |class: i32, day: Day| day < today.saturating_sub(classes.days(class));
    let chunks: usize = store::partitions::drop_chunks(db, is_expired).await?;
    let rolls: usize = store::partitions::drop_rolls(db, today.saturating_sub(config::days(config.roll_days))).await?;
    if chunks + rolls > 0 {
        tracing::info!(chunks, rolls, "metric partitions dropped");
    }
    store::exemplars::forget(db, now.0.saturating_sub(exemplars::KEPT_MS)).await?;
    let rested: Day = today.saturating_sub(config.rest_after_days());
    store::windows::forget(db, bucket_of(i64::from(rested) * DAY_MS)).await?;
    touch_series(db, state, today).await?;
    forget_series(db, state, rested, today.saturating_sub(config.forget_after_days())).await
}

/// Drops batches whose samples stand in chunks, and those older than anything is kept.
pub(crate) async fn drop_batches(db: &Db, config: &Config, now: Time) -> Result<(), Error> {
    let kept: Day = day_of(now.0).saturating_sub(config.longest_retention_days());
    let expired = Time(i64::from(kept) * DAY_MS);
    let mut ended: Time = now.plus_ms(-ENDED_MS);
    if let Some(needed) = forward::oldest_needed(db, config, now).await? {
        ended = ended.min(needed);
    }
    let dropped: usize = store::partitions::drop_batches(db, ended, now.plus_ms(-SETTLED_MS), expired).await?;
    if dropped > 0 {
        tracing::info!(dropped, "metric batch partitions dropped");
    }
    Ok(())
}

/// Tells the table which series still get samples. Once a day and series is enough.
async fn touch_series(db: &Db, state: &State, today: Day) -> Result<(), Error> {
    let behind: Vec<(Slot, i64)> = {
        let index = lock::read(&state.index);
        let head = lock::read(&state.head);
        index.last_seen_before(today).into_iter().filter(|(slot, _)| head.holds(*slot)).collect()
    };
    for some in behind.chunks(SERIES_PER_STATEMENT) {
        let ids: Vec<i64> = some.iter().map(|(_, id)| *id).collect();
        let slots: Vec<Slot> = some.iter().map(|(slot, _)| *slot).collect();
        store::series::touch(db, &ids, today).await?;
        lock::write(&state.index).confirm(&slots, today);
    }
    Ok(())
}

/// Forgets series last seen before `gone` in the table, of which nothing at all is left; and in memory those last seen before
/// `rested`, of which at most roll-ups are left. Another replica may have seen them later: the table knows.
async fn forget_series(db: &Db, state: &State, rested: Day, gone: Day) -> Result<(), Error> {
    store::series::forget(db, gone).await?;
    let suspects: Vec<(Slot, i64)> = lock::read(&state.index).last_seen_before(rested);
    for some in suspects.chunks(SERIES_PER_STATEMENT) {
        let ids: Vec<i64> = some.iter().map(|(_, id)| *id).collect();
        let mut seen: Vec<StoredSeries> = store::series::by_ids(db, &ids).await?;
        seen.retain(|series| series.last_day >= rested);
        let seen_ids: HashSet<i64> = seen.iter().map(|series| series.id).collect();
        let unseen: Vec<Slot> = some.iter().filter(|(_, id)| !seen_ids.contains(id)).map(|(slot, _)| *slot).collect();
        let mut index = lock::write(&state.index);
        for series in &seen {
            index.insert(series.id, &series.labels, series.last_day);
        }
        index.remove(&unseen);
    }
    Ok(())
}
