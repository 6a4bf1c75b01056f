//! Samples out of chunks: by the names and times of chunks first, then by their directories, and only then by their bodies.

use std::collections::hash_map::Entry as Column;
use std::collections::{BTreeSet, HashMap, HashSet, VecDeque};
use std::sync::Arc;

use kernel::Tx;
use tokio::task::JoinHandle;

use crate::chunk::{Damage, Directory, Entry, TimeRef, TimesPart};
use crate::duplicates::Raw;
use crate::error::Error;
use crate::select::history::{Picked, Span, within};
use crate::series::Slot;
use crate::state::State;
use crate::store;
use crate::store::chunks::{Run, StoredChunk, StoredDirectory, StoredTimes, Wanted};

/// Chunks fetched at once: one or two megabytes.
const CHUNKS_PER_FETCH: usize = 16;
/// Fetches that are expanded while the next one is on its way. Each takes a thread that waits for nothing.
const EXPANDING: usize = 3;

/// Chunks of one run that hold wanted series, and the parts of the run's time columns that these need.
struct Hits {
    run: Run,
    seqs: Vec<i32>,
    parts: BTreeSet<u32>,
}

/// Chunks of one run to be expanded, on a thread of its own.
struct Expanding {
    state: Arc<State>,
    run: Run,
    parts: Arc<HashMap<u32, TimesPart>>,
    ids: Arc<HashMap<i64, Slot>>,
    span: Span,
    chunks: Vec<StoredChunk>,
}

/// The samples of one stretch of a series.
type Found = (Slot, Vec<Raw>);

/// Adds the samples of `span` that chunks hold of the wanted series. How many that may be is counted before the first is decoded.
pub(crate) async fn read(
    tx: &mut Tx,
    state: &Arc<State>,
    wanted: &Wanted,
    ids: &HashMap<i64, Slot>,
    most: u64,
    picked: &mut Picked,
) -> Result<(), Error> {
    let (hits, n) = find(tx, state, wanted, ids).await?;
    within(n, most)?;
    let ids: Arc<HashMap<i64, Slot>> = Arc::new(ids.clone());
    let span = Span { from: wanted.from, to: wanted.to };
    let mut under_way: VecDeque<JoinHandle<Vec<Found>>> = VecDeque::new();
    for hit in &hits {
        let parts: Arc<HashMap<u32, TimesPart>> = Arc::new(times(tx, state, hit).await?);
        for seqs in hit.seqs.chunks(CHUNKS_PER_FETCH) {
            let chunks: Vec<StoredChunk> = store::chunks::bodies(tx, hit.run, seqs).await?;
            let expanding = Expanding {
                state: Arc::clone(state),
                run: hit.run,
                parts: Arc::clone(&parts),
                ids: Arc::clone(&ids),
                span,
                chunks,
            };
            under_way.push_back(tokio::task::spawn_blocking(move || expanding.run()));
            if under_way.len() > EXPANDING {
                add_oldest(&mut under_way, picked).await?;
            }
        }
    }
    while !under_way.is_empty() {
        add_oldest(&mut under_way, picked).await?;
    }
    Ok(())
}

async fn add_oldest(under_way: &mut VecDeque<JoinHandle<Vec<Found>>>, picked: &mut Picked) -> Result<(), Error> {
    let Some(oldest) = under_way.pop_front() else { return Ok(()) };
    for (slot, samples) in oldest.await.map_err(|_| Error::Closed)? {
        picked.add(slot, samples);
    }
    Ok(())
}

/// Which chunks hold wanted series, and how many samples of them.
async fn find(tx: &mut Tx, state: &State, wanted: &Wanted, ids: &HashMap<i64, Slot>) -> Result<(Vec<Hits>, u64), Error> {
    let mut hits: Vec<Hits> = Vec::new();
    let mut n: u64 = 0;
    let each = |stored: StoredDirectory| {
        let parsed: Result<Directory, Damage> = Directory::parse(stored.format, &stored.dir);
        let Some(directory) = state.readable(parsed.map_err(|source| damaged(stored.run, stored.seq, "dir", source))) else {
            return;
        };
        let entries = directory.entries().iter().filter(|entry| ids.contains_key(&entry.series_id));
        let times: Vec<TimeRef> = entries.map(|entry| entry.times).collect();
        if times.is_empty() {
            return;
        }
        n += times.iter().map(|times| u64::from(times.len)).sum::<u64>();
        let parts = times.iter().map(|times| times.part);
        match hits.last_mut() {
            Some(last) if last.run == stored.run => {
                last.seqs.push(stored.seq);
                last.parts.extend(parts);
            }
            _ => hits.push(Hits { run: stored.run, seqs: vec![stored.seq], parts: parts.collect() }),
        }
    };
    store::chunks::directories(tx, wanted, each).await?;
    Ok((hits, n))
}

/// The time columns that chunks need. They are small: what they expand to is not kept.
async fn times(tx: &mut Tx, state: &State, hit: &Hits) -> Result<HashMap<u32, TimesPart>, Error> {
    let parts: Vec<i32> = hit.parts.iter().filter_map(|part| i32::try_from(*part).ok()).collect();
    let stored: Vec<StoredTimes> = store::chunks::times(tx, hit.run, &parts).await?;
    let parse = |times: StoredTimes| {
        let part: u32 = u32::try_from(times.part).unwrap_or(0);
        let parsed: Result<TimesPart, Damage> = TimesPart::parse(&times.body);
        let parsed: TimesPart = state.readable(parsed.map_err(|source| times_damaged(hit.run, part, source)))?;
        Some((part, parsed))
    };
    Ok(stored.into_iter().filter_map(parse).collect())
}

impl Expanding {
    fn run(self) -> Vec<Found> {
        let mut columns: HashMap<(u32, u32), Vec<i64>> = HashMap::new();
        let mut found: Vec<Found> = Vec::new();
        for stored in &self.chunks {
            self.take(stored, &mut columns, &mut found);
        }
        found
    }

    /// Takes the wanted samples of one chunk. A damaged one is named and counted; the rest of the answer is still worth having.
    fn take(&self, stored: &StoredChunk, columns: &mut HashMap<(u32, u32), Vec<i64>>, found: &mut Vec<Found>) {
        let decoded: Result<Vec<(Entry, Vec<u64>)>, Damage> = values(stored, &self.ids);
        let decoded = decoded.map_err(|source| damaged(self.run, stored.seq, "body", source));
        for (entry, bits) in self.state.readable(decoded).unwrap_or_default() {
            let Some(slot) = self.ids.get(&entry.series_id) else { continue };
            let times: Result<&[i64], Damage> = self.times(columns, entry.times);
            let times = times.map_err(|source| times_damaged(self.run, entry.times.part, source));
            let Some(times) = self.state.readable(times) else { continue };
            let samples = times.iter().copied().zip(bits).filter(|(at, _)| self.span.holds(*at));
            found.push((*slot, samples.collect()));
        }
    }

    /// The times of one entry.
    fn times<'a>(&self, columns: &'a mut HashMap<(u32, u32), Vec<i64>>, times: TimeRef) -> Result<&'a [i64], Damage> {
        let column: &'a Vec<i64> = match columns.entry((times.part, times.column)) {
            Column::Occupied(known) => known.into_mut(),
            Column::Vacant(place) => {
                let part: &TimesPart = self.parts.get(&times.part).ok_or(Damage::Columns)?;
                place.insert(part.column(times.column)?)
            }
        };
        let (start, len): (usize, usize) = (times.start as usize, times.len as usize);
        column.get(start..start.saturating_add(len)).ok_or(Damage::Columns)
    }
}

fn values(stored: &StoredChunk, ids: &HashMap<i64, Slot>) -> Result<Vec<(Entry, Vec<u64>)>, Damage> {
    let directory: Directory = Directory::parse(stored.format, &stored.dir)?;
    let here = directory.entries().iter().map(|entry| entry.series_id).filter(|id| ids.contains_key(id));
    let wanted: HashSet<i64> = here.collect();
    directory.values(&stored.body, &wanted)
}

fn damaged(run: Run, seq: i32, column: &'static str, source: Damage) -> Error {
    let row: String = format!("{}/{}/{}/{seq}", run.class, run.bucket, run.run);
    Error::Damaged { table: "metric_chunk", column, row, source }
}

fn times_damaged(run: Run, part: u32, source: Damage) -> Error {
    let row: String = format!("{}/{}/{}/{part}", run.class, run.bucket, run.run);
    Error::Damaged { table: "metric_chunk_times", column: "body", row, source }
}
