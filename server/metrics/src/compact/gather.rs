//! A head made of batches, for one window: when the head that queries use does not reach back to it, or has not seen all of it, and for
//! what came late.

use std::sync::{Arc, RwLock};

use kernel::{Clock, Db, Tx};
use model::Time;

use crate::batch::{BatchSample, Damage};
use crate::compact::bucket::last_of;
use crate::compact::build::{BEFORE_MS, Origin};
use crate::error::Error;
use crate::head::{Head, HeadSample};
use crate::lock;
use crate::select::Reader;
use crate::select::history::{SLACK_MS, Span, search};
use crate::state::State;
use crate::store;
use crate::store::batches::StoredBatch;
use crate::store::uncovered::Search;
use crate::store::windows::Window;
use crate::store::writers::WriterRow;
use crate::tail;

/// How often the head is looked at while it catches up with what is committed, and how long it takes between two looks: five seconds.
const LOOKS: u32 = 250;
const LOOK_AGAIN: std::time::Duration = std::time::Duration::from_millis(20);

/// Samples of a window, and the batches that they are all of.
pub(crate) struct Source {
    pub(crate) origin: Origin,
    pub(crate) writers: Vec<WriterRow>,
    pub(crate) read_at: Time,
}

/// The live head, when it has all of the window that is committed; `None` when it begins too late or does not catch up.
pub(crate) async fn live(reader: &Reader, clock: &dyn Clock, bucket: i64) -> Result<Option<Source>, Error> {
    if lock::read(&reader.state.head).floor() > bucket {
        return Ok(None);
    }
    let read_at: Time = clock.now();
    let writers: Vec<WriterRow> = {
        let mut connection = reader.db.pool().acquire().await?;
        store::writers::since(&mut connection, active_since(reader, bucket)).await?
    };
    for _ in 0..LOOKS {
        if reader.state.has_applied(&writers) {
            return Ok(Some(Source { origin: Origin::Live(Arc::clone(&reader.state)), writers, read_at }));
        }
        tokio::time::sleep(LOOK_AGAIN).await;
    }
    Ok(None)
}

/// A head with what batches have of a window: all of it, or what its chunks lack when it is compacted already.
pub(crate) async fn gathered(reader: &Reader, clock: &dyn Clock, bucket: i64, window: Option<Window>) -> Result<Source, Error> {
    let read_at: Time = clock.now();
    // The time before a window tells the first increase in it; what is late needs none.
    let from: i64 = if window.is_some() { bucket } else { bucket.saturating_sub(BEFORE_MS) };
    let search: Search = search(&reader.config, bucket, window, Span { from, to: last_of(bucket) });
    let mut gathering = Gathering { state: &reader.state, search, head: Head::new(from), unknown: Vec::new(), newer: None };
    let mut tx: Tx = store::writers::snapshot(&reader.db).await?;
    let writers: Vec<WriterRow> = store::writers::since(&mut tx, active_since(reader, bucket)).await?;
    store::uncovered::read(&mut tx, &[search], |stored, _| gathering.take(&stored)).await?;
    tx.commit().await?;
    let head: Head = gathering.finish(&reader.db).await?;
    Ok(Source { origin: Origin::Gathered(Arc::new(RwLock::new(head))), writers, read_at })
}

/// Writers that were silent since then have no batch with a sample of the window.
fn active_since(reader: &Reader, bucket: i64) -> Time {
    Time(bucket.max(0)).plus_ms(-reader.config.future_ms - SLACK_MS)
}

struct Gathering<'a> {
    state: &'a State,
    search: Search,
    head: Head,
    /// Samples of series that the index does not know.
    unknown: Vec<BatchSample>,
    /// A batch that a newer release wrote. What it holds would be lost, so nothing is made of the window.
    newer: Option<Error>,
}

impl Gathering<'_> {
    fn take(&mut self, stored: &StoredBatch) {
        let decoded: Result<Vec<BatchSample>, Error> = tail::decode(stored);
        if let Err(error @ Error::Damaged { source: Damage::Format(_), .. }) = decoded {
            self.newer = Some(error);
            return;
        }
        let Some(mut samples) = self.state.readable(decoded) else { return };
        samples.retain(|sample| self.search.low <= sample.at && sample.at <= self.search.high);
        let (placed, unknown) = self.state.place(&samples);
        self.insert(&placed);
        self.unknown.extend(unknown);
    }

    fn insert(&mut self, samples: &[HeadSample]) {
        for sample in samples {
            self.head.insert(*sample);
        }
    }

    async fn finish(mut self, db: &Db) -> Result<Head, Error> {
        if let Some(newer) = self.newer.take() {
            return Err(newer);
        }
        let unknown: Vec<BatchSample> = std::mem::take(&mut self.unknown);
        if !unknown.is_empty() {
            let placed: Vec<HeadSample> = tail::place_unknown(db, self.state, unknown).await?;
            self.insert(&placed);
        }
        Ok(self.head)
    }
}
