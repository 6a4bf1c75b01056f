//! What is sent next: the oldest waiting batches of all writers, up to one moment.
//!
//! Of each writer some batches are read. When a writer has more than that, the others are taken only as far as its batches reach, so that
//! a series that two replicas took turns in is sent in the order in which it came. A batch that is missing in between was dropped:
//! a writer's batches are committed one after the other, so what lies behind a number that can be read is never still to come.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use model::Time;
use uuid::Uuid;

use crate::batch::{BatchSample, Damage};
use crate::duplicates::Raw;
use crate::error::Error;
use crate::forward::body::{Samples, by_series};
use crate::lock;
use crate::select::Reader;
use crate::store;
use crate::store::batches::StoredBatch;
use crate::store::forward::Behind;
use crate::tail;

/// Writers read at once, and batches of each: together some million samples, and far fewer on any ordinary day.
const WRITERS: i64 = 4;
const BATCHES: i64 = 4;
/// Series asked for by one statement.
const SERIES_PER_STATEMENT: usize = 5_000;

/// Samples that are sent together, and what is known once they are.
#[derive(Debug)]
pub(crate) struct Round {
    pub(crate) samples: Samples,
    /// So many of them are answered for.
    pub(crate) done: usize,
    /// How far each writer's batches are sent then.
    pub(crate) cursors: Vec<(Uuid, i64)>,
    /// When the oldest batch was received.
    pub(crate) since: Option<Time>,
    /// Batches that were gone before they could be sent.
    pub(crate) missed: u64,
}

/// The next round for a destination; `None` when it has everything.
///
/// # Errors
/// The database's; [`Error::Damaged`] for a batch of a newer release, which must send it.
pub(crate) async fn next(reader: &Reader, destination: &str) -> Result<Option<Round>, Error> {
    let behind: Vec<Behind> = store::forward::behind(&reader.db, destination, WRITERS).await?;
    if behind.is_empty() {
        return Ok(None);
    }
    let mut read: Vec<(Behind, Vec<StoredBatch>)> = Vec::with_capacity(behind.len());
    for writer in behind {
        let batches: Vec<StoredBatch> = store::batches::after(&reader.db, writer.writer_id, writer.wseq, BATCHES).await?;
        read.push((writer, batches));
    }
    let since: Option<Time> = read.iter().filter_map(|(writer, _)| writer.waiting_since).min();
    let (taken, cursors, missed) = take(read);
    let samples: Vec<BatchSample> = decode(reader, taken).await?;
    Ok(Some(Round { samples: name(reader, samples).await?, done: 0, cursors, since, missed }))
}

/// Which batches are sent together, the cursors behind them, and how many were missing.
fn take(read: Vec<(Behind, Vec<StoredBatch>)>) -> (Vec<StoredBatch>, Vec<(Uuid, i64)>, u64) {
    let until: Option<Time> = read.iter().filter_map(|(_, batches)| reach(batches)).min();
    let mut taken: Vec<StoredBatch> = Vec::new();
    let mut cursors: Vec<(Uuid, i64)> = Vec::new();
    let mut missed: i64 = 0;
    for (writer, batches) in read {
        let mut wseq: i64 = writer.wseq;
        if batches.is_empty() {
            // Committed, and gone.
            missed += writer.last_wseq - wseq;
            wseq = writer.last_wseq;
        }
        for batch in batches.into_iter().take_while(|batch| until.is_none_or(|until| batch.received_at <= until)) {
            missed += batch.wseq - wseq - 1;
            wseq = batch.wseq;
            taken.push(batch);
        }
        if wseq > writer.wseq {
            cursors.push((writer.writer_id, wseq));
        }
    }
    (taken, cursors, u64::try_from(missed).unwrap_or(0))
}

/// Up to when a writer's batches were read, when it has more of them. The latest of all, not of the last one: its clock may have gone back,
/// and then it alone would be waited for, without end.
fn reach(batches: &[StoredBatch]) -> Option<Time> {
    let is_full: bool = i64::try_from(batches.len()).is_ok_and(|n| n >= BATCHES);
    batches.iter().map(|batch| batch.received_at).max().filter(|_| is_full)
}

/// On a thread of its own. A damaged batch is named, counted and stepped over.
async fn decode(reader: &Reader, batches: Vec<StoredBatch>) -> Result<Vec<BatchSample>, Error> {
    let state = Arc::clone(&reader.state);
    let decoding = tokio::task::spawn_blocking(move || -> Result<Vec<BatchSample>, Error> {
        let mut all: Vec<BatchSample> = Vec::new();
        for stored in &batches {
            match tail::decode(stored) {
                Err(error @ Error::Damaged { source: Damage::Format(_), .. }) => return Err(error),
                outcome => all.extend(state.readable(outcome).unwrap_or_default()),
            }
        }
        Ok(all)
    });
    decoding.await.map_err(|_| Error::Closed)?
}

/// Puts the samples together by series and finds the labels of each. A series that is forgotten has none any more.
async fn name(reader: &Reader, samples: Vec<BatchSample>) -> Result<Samples, Error> {
    let grouping = tokio::task::spawn_blocking(move || by_series(samples));
    let grouped: HashMap<i64, Vec<Raw>> = grouping.await.map_err(|_| Error::Closed)?;
    let mut ids: Vec<i64> = grouped.keys().copied().collect();
    ids.sort_unstable();
    let labels: HashMap<i64, Arc<[u8]>> = labels_of(reader, &ids).await?;
    let mut named = Samples::default();
    for id in &ids {
        if let (Some(labels), Some(raw)) = (labels.get(id), grouped.get(id)) {
            named.push(Arc::clone(labels), raw);
        }
    }
    Ok(named)
}

/// From the index, and what it does not know from the table. The index stays as it is: those series rest.
async fn labels_of(reader: &Reader, ids: &[i64]) -> Result<HashMap<i64, Arc<[u8]>>, Error> {
    let mut found: HashMap<i64, Arc<[u8]>> = known(reader, ids);
    let unknown: HashSet<i64> = ids.iter().copied().filter(|id| !found.contains_key(id)).collect();
    let unknown: Vec<i64> = unknown.into_iter().collect();
    for some in unknown.chunks(SERIES_PER_STATEMENT) {
        for series in store::series::by_ids(&reader.db, some).await? {
            if crate::labels::is_sound(&series.labels) {
                found.insert(series.id, Arc::from(series.labels));
            }
        }
    }
    Ok(found)
}

fn known(reader: &Reader, ids: &[i64]) -> HashMap<i64, Arc<[u8]>> {
    let index = lock::read(&reader.state.index);
    let labels = |id: &i64| -> Option<(i64, Arc<[u8]>)> {
        let entry = index.entry(index.find_id(*id)?)?;
        Some((*id, Arc::clone(&entry.labels)))
    };
    ids.iter().filter_map(labels).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn batch(writer: u128, wseq: i64, received_at: i64) -> StoredBatch {
        StoredBatch { writer_id: Uuid::from_u128(writer), wseq, received_at: Time(received_at), format: 1, body: Vec::new() }
    }

    fn behind(writer: u128, wseq: i64, last_wseq: i64) -> Behind {
        Behind { writer_id: Uuid::from_u128(writer), last_wseq, wseq, waiting_since: None }
    }

    /// Writer and number of each batch.
    fn numbers(batches: &[StoredBatch]) -> Vec<(u128, i64)> {
        batches.iter().map(|batch| (batch.writer_id.as_u128(), batch.wseq)).collect()
    }

    #[test]
    fn writers_are_taken_up_to_the_moment_to_which_all_were_read() {
        let slow = vec![batch(1, 1, 10), batch(1, 2, 20), batch(1, 3, 30), batch(1, 4, 40)];
        let quick = vec![batch(2, 6, 35), batch(2, 7, 45)];
        let (taken, cursors, missed) = take(vec![(behind(1, 0, 9), slow), (behind(2, 5, 7), quick)]);
        assert_eq!(numbers(&taken), [(1, 1), (1, 2), (1, 3), (1, 4), (2, 6)]);
        assert_eq!(cursors, [(Uuid::from_u128(1), 4), (Uuid::from_u128(2), 6)]);
        assert_eq!(missed, 0);
    }

    #[test]
    fn a_clock_that_goes_back_does_not_stop_its_writer() {
        let back = vec![batch(1, 1, 40), batch(1, 2, 30), batch(1, 3, 20), batch(1, 4, 10)];
        let (taken, cursors, _) = take(vec![(behind(1, 0, 9), back)]);
        assert_eq!(taken.len(), 4);
        assert_eq!(cursors, [(Uuid::from_u128(1), 4)]);
    }

    #[test]
    fn what_was_dropped_is_counted_and_stepped_over() {
        let (taken, cursors, missed) =
            take(vec![(behind(1, 2, 9), vec![]), (behind(2, 1, 6), vec![batch(2, 4, 1), batch(2, 5, 2)])]);
        assert_eq!(numbers(&taken), [(2, 4), (2, 5)]);
        assert_eq!(cursors, [(Uuid::from_u128(1), 9), (Uuid::from_u128(2), 5)]);
        assert_eq!(missed, 7 + 2);
    }
}
