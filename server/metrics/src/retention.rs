//! Keeping house: partitions made ahead and dropped after the retention, series of which nothing is left forgotten.
//!
//! A reconciler: it takes no input but the clock, may run at any time and on any replica, and twice does no harm.

use std::collections::HashSet;

use kernel::Db;
use model::Time;

use crate::config::Config;
use crate::error::Error;
use crate::lock;
use crate::series::{Day, Slot, day_of};
use crate::state::State;
use crate::store;
use crate::store::series::StoredSeries;

/// Partitions stand ready for this many days, so that a database that takes no DDL for a while still takes samples.
const DAYS_AHEAD: Day = 3;
/// Series named in one statement.
const SERIES_PER_STATEMENT: usize = 5_000;

/// What has to be there before the first write: the partitions of today and of the days to come.
pub(crate) async fn make_partitions(db: &Db, now: Time) -> Result<(), Error> {
    let today: Day = day_of(now.0);
    for day in today..=today.saturating_add(DAYS_AHEAD) {
        store::partitions::make(db, day).await?;
    }
    Ok(())
}

/// Everything there is to do at `now`.
pub(crate) async fn maintain(db: &Db, state: &State, config: &Config, now: Time) -> Result<(), Error> {
    make_partitions(db, now).await?;
    let today: Day = day_of(now.0);
    let kept: Day = i32::try_from(config.retention_days).unwrap_or(i32::MAX);
    let dropped: usize = store::partitions::drop_before(db, today.saturating_sub(kept)).await?;
    if dropped > 0 {
        tracing::info!(dropped, "metric partitions dropped");
    }
    touch_series(db, state, today).await?;
    forget_series(db, state, today.saturating_sub(config.forget_after_days())).await
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

/// Forgets series last seen before `day`: in the table, and here whatever the table no longer has.
async fn forget_series(db: &Db, state: &State, day: Day) -> Result<(), Error> {
    store::series::forget(db, day).await?;
    let suspects: Vec<(Slot, i64)> = lock::read(&state.index).last_seen_before(day);
    for some in suspects.chunks(SERIES_PER_STATEMENT) {
        let ids: Vec<i64> = some.iter().map(|(_, id)| *id).collect();
        let there: Vec<StoredSeries> = store::series::by_ids(db, &ids).await?;
        let there_ids: HashSet<i64> = there.iter().map(|series| series.id).collect();
        let gone: Vec<Slot> = some.iter().filter(|(_, id)| !there_ids.contains(id)).map(|(slot, _)| *slot).collect();
        let mut index = lock::write(&state.index);
        for series in &there {
            index.insert(series.id, &series.labels, series.last_day);
        }
        index.remove(&gone);
    }
    Ok(())
}
