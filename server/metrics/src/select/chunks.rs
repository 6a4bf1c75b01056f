//! Samples out of chunks: by the names and times of chunks first, then by their directories, and only then by their bodies.

use std::collections::{HashMap, HashSet};

use kernel::Tx;

use crate::chunk::{Damage, Directory, Entry, TimeRef, TimesPart};
use crate::error::Error;
use crate::select::history::{Picked, Span, within};
use crate::series::Slot;
use crate::state::State;
use crate::store;
use crate::store::chunks::{Run, StoredChunk, StoredDirectory, StoredTimes, Wanted};

/// Chunks fetched at once: one or two megabytes.
const CHUNKS_PER_FETCH: usize = 16;

/// Chunks of one run that hold wanted series.
struct Hits {
    run: Run,
    seqs: Vec<i32>,
}

/// Time columns of one run, as far as they were needed so far.
struct Times {
    run: Run,
    parts: HashMap<u32, TimesPart>,
    columns: HashMap<(u32, u32), Vec<i64>>,
}

/// Adds the samples of `span` that chunks hold of the wanted series. How many that may be is counted before the first is decoded.
pub(crate) async fn read(
    tx: &mut Tx,
    state: &State,
    wanted: &Wanted,
    ids: &HashMap<i64, Slot>,
    most: u64,
    picked: &mut Picked,
) -> Result<(), Error> {
    let (hits, n) = find(tx, state, wanted, ids).await?;
    within(n, most)?;
    let span = Span { from: wanted.from, to: wanted.to };
    for hit in &hits {
        let mut times = Times { run: hit.run, parts: HashMap::new(), columns: HashMap::new() };
        for seqs in hit.seqs.chunks(CHUNKS_PER_FETCH) {
            // Columns are kept for the chunks of one fetch only: a run's parts are small, what they expand to is not.
            times.columns.clear();
            for stored in store::chunks::bodies(tx, hit.run, seqs).await? {
                take(tx, state, &mut times, &stored, ids, span, picked).await?;
            }
        }
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
        let here: u64 = entries.map(|entry| u64::from(entry.times.len)).sum();
        if here == 0 {
            return;
        }
        n += here;
        match hits.last_mut() {
            Some(last) if last.run == stored.run => last.seqs.push(stored.seq),
            _ => hits.push(Hits { run: stored.run, seqs: vec![stored.seq] }),
        }
    };
    store::chunks::directories(tx, wanted, each).await?;
    Ok((hits, n))
}

/// Takes the wanted samples of one chunk. A damaged one is named and counted; the rest of the answer is still worth having.
async fn take(
    tx: &mut Tx,
    state: &State,
    times: &mut Times,
    stored: &StoredChunk,
    ids: &HashMap<i64, Slot>,
    span: Span,
    picked: &mut Picked,
) -> Result<(), Error> {
    let run: Run = times.run;
    let decoded: Result<Vec<(Entry, Vec<u64>)>, Damage> = values(stored, ids);
    let Some(values) = state.readable(decoded.map_err(|source| damaged(run, stored.seq, "body", source))) else { return Ok(()) };
    times.fetch(tx, state, &values).await?;
    for (entry, bits) in values {
        let Some(slot) = ids.get(&entry.series_id) else { continue };
        let column: Result<&[i64], Damage> = times.of(entry.times);
        let Some(column) = state.readable(column.map_err(|source| times_damaged(run, entry.times.part, source))) else {
            continue;
        };
        let samples = column.iter().copied().zip(bits).filter(|(at, _)| span.holds(*at));
        picked.add(*slot, samples);
    }
    Ok(())
}

fn values(stored: &StoredChunk, ids: &HashMap<i64, Slot>) -> Result<Vec<(Entry, Vec<u64>)>, Damage> {
    let directory: Directory = Directory::parse(stored.format, &stored.dir)?;
    let here = directory.entries().iter().map(|entry| entry.series_id).filter(|id| ids.contains_key(id));
    let wanted: HashSet<i64> = here.collect();
    directory.values(&stored.body, &wanted)
}

impl Times {
    /// Fetches the parts that these entries need and are not here.
    async fn fetch(&mut self, tx: &mut Tx, state: &State, values: &[(Entry, Vec<u64>)]) -> Result<(), Error> {
        let needed: HashSet<u32> =
            values.iter().map(|(entry, _)| entry.times.part).filter(|part| !self.parts.contains_key(part)).collect();
        let parts: Vec<i32> = needed.into_iter().filter_map(|part| i32::try_from(part).ok()).collect();
        if parts.is_empty() {
            return Ok(());
        }
        let stored: Vec<StoredTimes> = store::chunks::times(tx, self.run, &parts).await?;
        for times in stored {
            let part: u32 = u32::try_from(times.part).unwrap_or(0);
            let parsed: Result<TimesPart, Damage> = TimesPart::parse(&times.body);
            if let Some(parsed) = state.readable(parsed.map_err(|source| times_damaged(self.run, part, source))) {
                self.parts.insert(part, parsed);
            }
        }
        Ok(())
    }

    /// The times of one entry.
    fn of(&mut self, times: TimeRef) -> Result<&[i64], Damage> {
        let key: (u32, u32) = (times.part, times.column);
        if !self.columns.contains_key(&key) {
            let part: &TimesPart = self.parts.get(&times.part).ok_or(Damage::Columns)?;
            let column: Vec<i64> = part.column(times.column)?;
            self.columns.insert(key, column);
        }
        let column: &Vec<i64> = self.columns.get(&key).ok_or(Damage::Columns)?;
        let (start, len): (usize, usize) = (times.start as usize, times.len as usize);
        column.get(start..start.saturating_add(len)).ok_or(Damage::Columns)
    }
}

fn damaged(run: Run, seq: i32, column: &'static str, source: Damage) -> Error {
    let row: String = format!("{}/{}/{}/{seq}", run.class, run.bucket, run.run);
    Error::Damaged { table: "metric_chunk", column, row, source }
}

fn times_damaged(run: Run, part: u32, source: Damage) -> Error {
    let row: String = format!("{}/{}/{}/{part}", run.class, run.bucket, run.run);
    Error::Damaged { table: "metric_chunk_times", column: "body", row, source }
}
