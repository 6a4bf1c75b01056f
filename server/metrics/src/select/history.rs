//! What lies behind the head: the chunks of compacted windows, and the batches that no chunk stands for.
//!
//! Both are read as of one moment, so a window that is compacted meanwhile is seen before or after, never in between. A sample that is met
//! twice is one sample, see [`crate::duplicates`], so nothing has to be told apart with more care than helps to read less.

use std::collections::HashMap;

use kernel::Tx;
use model::Time;

use crate::batch::BatchSample;
use crate::compact::bucket::{bucket_of, buckets, last_of};
use crate::config::Config;
use crate::duplicates::{Raw, sort_unique};
use crate::error::Error;
use crate::select::{Reader, chunks};
use crate::series::Slot;
use crate::state::State;
use crate::store;
use crate::store::batches::StoredBatch;
use crate::store::chunks::Wanted;
use crate::store::uncovered::Search;
use crate::store::windows::Window;
use crate::tail;

/// Clocks of replicas may differ by so much, and a batch may wait for its commit.
pub(crate) const SLACK_MS: i64 = 600_000;

/// Times from one to another, both inclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) from: i64,
    pub(crate) to: i64,
}

impl Span {
    pub(crate) fn holds(&self, at: i64) -> bool {
        self.from <= at && at <= self.to
    }
}

/// How much one selection may read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// Samples of the batches that have to be stepped over.
    pub(crate) read: u64,
    /// Samples that are wanted, and so held in memory.
    pub(crate) held: u64,
}

/// Samples that were found, in any order and possibly twice. Stretches stay apart until all are there: they are many and long, and growing
/// one list of them would copy each sample several times.
#[derive(Debug, Default)]
pub(crate) struct Picked {
    stretches: HashMap<Slot, Vec<Vec<Raw>>>,
    n: u64,
}

impl Picked {
    /// Adds a stretch of one series.
    pub(crate) fn add(&mut self, slot: Slot, stretch: Vec<Raw>) {
        self.n += stretch.len() as u64;
        self.stretches.entry(slot).or_default().push(stretch);
    }

    /// Adds one sample of one series.
    fn add_sample(&mut self, slot: Slot, sample: Raw) {
        self.n += 1;
        let stretches: &mut Vec<Vec<Raw>> = self.stretches.entry(slot).or_default();
        match stretches.last_mut() {
            Some(last) => last.push(sample),
            None => stretches.push(vec![sample]),
        }
    }

    /// Per series sorted, and once per time.
    fn finish(self) -> HashMap<Slot, Vec<Raw>> {
        let finish = |(slot, mut stretches): (Slot, Vec<Vec<Raw>>)| {
            let mut samples: Vec<Raw> = match stretches.len() {
                1 => stretches.pop().unwrap_or_default(),
                _ => stretches.concat(),
            };
            sort_unique(&mut samples);
            (slot, samples)
        };
        self.stretches.into_iter().map(finish).collect()
    }
}

impl Reader {
    /// The samples of `span` that the database has of these series (database id to slot), per series sorted and once per time. `name` is
    /// their metric's, when they have one in common.
    pub(crate) async fn history(
        &self,
        ids: &HashMap<i64, Slot>,
        name: Option<&str>,
        span: Span,
        limits: Limits,
    ) -> Result<HashMap<Slot, Vec<Raw>>, Error> {
        let span = Span { from: storable(span.from), to: span.to.min(LATEST_MS) };
        if span.from > span.to || ids.is_empty() {
            return Ok(HashMap::new());
        }
        let mut tx: Tx = store::writers::moment(&self.db).await?;
        let mut picked = Picked::default();
        let wanted = Wanted {
            first: bucket_of(span.from),
            last: bucket_of(span.to),
            from: span.from,
            to: span.to,
            name: name.map(|name| name.as_bytes().to_vec()),
        };
        chunks::read(&mut tx, &self.state, &wanted, ids, limits.held, &mut picked).await?;
        self.read_batches(&mut tx, ids, span, limits, &mut picked).await?;
        tx.commit().await?;
        within(picked.n, limits.held)?;
        Ok(picked.finish())
    }

    async fn read_batches(
        &self,
        tx: &mut Tx,
        ids: &HashMap<i64, Slot>,
        span: Span,
        limits: Limits,
        picked: &mut Picked,
    ) -> Result<(), Error> {
        let searches: Vec<Search> = searches(tx, &self.config, span).await?.into_iter().map(|(search, _)| search).collect();
        if searches.is_empty() {
            return Ok(());
        }
        within(store::uncovered::count(tx, &searches).await?, limits.read)?;
        let state: &State = &self.state;
        let take = |stored: StoredBatch, (low, high): (i64, i64)| {
            if picked.n <= limits.held {
                pick(state, &stored, ids, Span { from: low, to: high }, picked);
            }
        };
        store::uncovered::read(tx, &searches, take).await?;
        Ok(())
    }
}

/// Where batches may lie that have samples of `span` and that no chunk stands for: a search for each window, with the window when it is
/// compacted. Nothing is looked for before the oldest batch.
pub(crate) async fn searches(tx: &mut Tx, config: &Config, span: Span) -> Result<Vec<(Search, Option<Window>)>, Error> {
    let Some(oldest) = store::uncovered::oldest(tx).await? else { return Ok(Vec::new()) };
    let from: i64 = span.from.max(oldest.plus_ms(-config.out_of_order_ms - SLACK_MS).0);
    if from > span.to {
        return Ok(Vec::new());
    }
    let windows: Vec<Window> = store::windows::between(tx, bucket_of(from), span.to).await?;
    let windows: HashMap<i64, Window> = windows.into_iter().map(|window| (window.bucket, window)).collect();
    let search_in = |bucket: i64| {
        let window: Option<Window> = windows.get(&bucket).copied();
        let here = Span { from: from.max(bucket), to: span.to.min(last_of(bucket)) };
        (search(config, bucket, window, here), window)
    };
    Ok(buckets(from, span.to).map(search_in).collect())
}

/// Where batches with samples of `span` may lie that the chunks of one window do not stand for.
///
/// A sample is received at most `future_ms` before its time and `out_of_order_ms` after it; what the chunks lack was received after they
/// were begun.
pub(crate) fn search(config: &Config, bucket: i64, window: Option<Window>, span: Span) -> Search {
    let since: Time = match window {
        Some(window) => window.read_at.plus_ms(-SLACK_MS),
        None => Time(span.from).plus_ms(-config.future_ms - SLACK_MS),
    };
    let until: Time = Time(span.to).plus_ms(config.out_of_order_ms + SLACK_MS);
    Search { bucket, since: Time(storable(since.0)), until: Time(storable(until.0)), low: span.from, high: span.to }
}

pub(crate) fn within(found: u64, limit: u64) -> Result<(), Error> {
    if found > limit { Err(Error::TooManySamples { found, limit }) } else { Ok(()) }
}

/// The end of the year 9999.
const LATEST_MS: i64 = 253_402_300_799_000;

/// Queries may ask for any time; the database knows only some.
fn storable(at: i64) -> i64 {
    at.clamp(0, LATEST_MS)
}

/// Takes the wanted samples of one batch. A damaged batch is named and counted; the rest of the answer is still worth having.
fn pick(state: &State, stored: &StoredBatch, ids: &HashMap<i64, Slot>, span: Span, picked: &mut Picked) {
    let Some(decoded) = state.readable(tail::decode(stored)) else { return };
    let wanted = |sample: &BatchSample| span.holds(sample.at);
    for sample in decoded.into_iter().filter(wanted) {
        if let Some(slot) = ids.get(&sample.series_id) {
            picked.add_sample(*slot, (sample.at, sample.bits));
        }
    }
}
