//! From a head to chunks: series after series, in the order of [`labels::by_place`].
//!
//! Runs on a thread of its own, because it computes; what is finished goes through a queue to whoever writes it. The head is locked for
//! some series at a time only, and only to take their compressed samples out.

use std::sync::{Arc, RwLock};

use model::labels::METRIC_NAME;
use tokio::sync::mpsc::Sender;

use crate::chunk::{ChunkWriter, EncodedChunk, TimeRef, TimesWriter};
use crate::compact::bucket::last_of;
use crate::compact::class::Classes;
use crate::compact::rolls::{RollPiece, Rolls};
use crate::duplicates::Raw;
use crate::error::Error;
use crate::head::{Head, Snapshot};
use crate::labels;
use crate::lock;
use crate::series::Slot;
use crate::state::State;
use crate::store::chunks::Names;

/// A chunk of this size is closed …
const FULL_BYTES: usize = 96 << 10;
/// … and one of this size where the metric changes, so that a query for one metric reads little of its neighbours.
const FULL_AT_CHANGE_BYTES: usize = 16 << 10;
/// Series taken out of the head under one lock.
const SERIES_PER_LOCK: usize = 256;
/// How far before a window its first increase is looked for: what is scraped more rarely begins anew in each window.
pub(crate) const BEFORE_MS: i64 = 300_000;

/// Where samples are taken from.
pub(crate) enum Origin {
    /// The head that queries use.
    Live(Arc<State>),
    /// One that was filled for this.
    Gathered(Arc<RwLock<Head>>),
}

impl Origin {
    fn head(&self) -> &RwLock<Head> {
        match self {
            Self::Live(state) => &state.head,
            Self::Gathered(head) => head,
        }
    }
}

/// Something finished, to be written.
pub(crate) enum Piece {
    Chunk { class: i32, seq: i32, names: Names, chunk: EncodedChunk },
    Times { class: i32, part: i32, body: Vec<u8> },
    Roll(RollPiece),
}

/// A series that has samples in the head.
#[derive(Clone, Debug)]
pub(crate) struct Member {
    pub(crate) class: i32,
    pub(crate) slot: Slot,
    pub(crate) id: i64,
    labels: Arc<[u8]>,
}

impl Member {
    pub(crate) fn name(&self) -> &str {
        labels::get(&self.labels, METRIC_NAME)
    }
}

/// The series of a head, by class and place. What the index has forgotten is left out: nobody could ask for it.
pub(crate) fn members(state: &State, head: &RwLock<Head>, classes: &Classes) -> Vec<Member> {
    let slots: Vec<Slot> = lock::read(head).held();
    let mut members: Vec<Member> = {
        let index = lock::read(&state.index);
        let member = |slot: Slot| {
            let entry = index.entry(slot)?;
            let class: i32 = classes.of(labels::get(&entry.labels, METRIC_NAME));
            Some(Member { class, slot, id: entry.id, labels: Arc::clone(&entry.labels) })
        };
        slots.into_iter().filter_map(member).collect()
    };
    members.sort_by(|left, right| left.class.cmp(&right.class).then_with(|| labels::by_place(&left.labels, &right.labels)));
    members
}

/// One window to be made into chunks.
pub(crate) struct Build {
    pub(crate) state: Arc<State>,
    pub(crate) origin: Origin,
    pub(crate) classes: Arc<Classes>,
    pub(crate) bucket: i64,
    /// Whether the origin has all of the window, so that roll-ups can be made of it.
    pub(crate) is_whole: bool,
}

impl Build {
    /// Makes all pieces. Returns the series that had samples in the window.
    pub(crate) fn run(&self, out: &Sender<Piece>) -> Result<Vec<Member>, Error> {
        let members: Vec<Member> = members(&self.state, self.origin.head(), &self.classes);
        let mut rolls = Rolls::new(self.bucket);
        let mut found: Vec<Member> = Vec::new();
        for of_class in members.chunk_by(|left, right| left.class == right.class) {
            self.write_class(of_class, &mut rolls, &mut found, out)?;
            // Roll-ups know no classes, but a chunk of them must stay sorted.
            send_all(out, rolls.close())?;
        }
        Ok(found)
    }

    fn write_class(
        &self,
        members: &[Member],
        rolls: &mut Rolls,
        found: &mut Vec<Member>,
        out: &Sender<Piece>,
    ) -> Result<(), Error> {
        let Some(first) = members.first() else { return Ok(()) };
        let mut run = ClassRun::new(first.class);
        for some in members.chunks(SERIES_PER_LOCK) {
            for (member, samples) in self.samples(some)? {
                let first: usize = samples.partition_point(|(at, _)| *at < self.bucket);
                let (before, inside) = samples.split_at(first);
                if inside.is_empty() {
                    continue;
                }
                let times: Vec<i64> = inside.iter().map(|(at, _)| *at).collect();
                let bits: Vec<u64> = inside.iter().map(|(_, bits)| *bits).collect();
                run.push(member, &times, &bits, out)?;
                if self.is_whole {
                    send_all(out, rolls.push(member, &times, &bits, before))?;
                }
                found.push(member.clone());
            }
        }
        run.finish(out)
    }

    /// The samples of some series, in the window and shortly before it.
    fn samples<'a>(&self, members: &'a [Member]) -> Result<Vec<(&'a Member, Vec<Raw>)>, Error> {
        let slots: Vec<Slot> = members.iter().map(|member| member.slot).collect();
        let (from, to): (i64, i64) = (self.bucket.saturating_sub(BEFORE_MS), last_of(self.bucket));
        let (floor, snapshots): (i64, Vec<Snapshot>) = lock::read(self.origin.head()).snapshot(&slots, from, to);
        if floor > self.bucket {
            return Err(Error::HeadMovedOn { bucket: self.bucket });
        }
        let mut members = members.iter();
        let mut samples: Vec<(&Member, Vec<Raw>)> = Vec::with_capacity(snapshots.len());
        for snapshot in snapshots {
            // Both are in the same order, and every snapshot is of one of the series.
            let Some(member) = members.find(|member| member.slot == snapshot.slot) else { break };
            samples.push((member, snapshot.samples(from.max(floor), to)));
        }
        Ok(samples)
    }
}

/// The chunks of one class in the making.
struct ClassRun {
    class: i32,
    seq: i32,
    times: TimesWriter,
    open: Option<OpenChunk>,
}

struct OpenChunk {
    writer: ChunkWriter,
    names: Names,
    tmin: i64,
    tmax: i64,
}

impl ClassRun {
    fn new(class: i32) -> Self {
        Self { class, seq: 0, times: TimesWriter::new(), open: None }
    }

    /// Takes one series; `times` has at least one.
    fn push(&mut self, member: &Member, times: &[i64], bits: &[u64], out: &Sender<Piece>) -> Result<(), Error> {
        let (Some(first), Some(last)) = (times.first(), times.last()) else { return Ok(()) };
        let name: &[u8] = member.name().as_bytes();
        if self.open.as_ref().is_some_and(|open| open.is_full(name)) {
            self.close(out)?;
        }
        let times: TimeRef = self.times.intern(times);
        let open: &mut OpenChunk = self.open.get_or_insert_with(|| OpenChunk::new(name));
        open.writer.push(member.id, times, bits);
        open.tmin = open.tmin.min(*first);
        open.tmax = open.tmax.max(*last);
        if open.names.last != name {
            open.names.last = name.to_vec();
        }
        Ok(())
    }

    fn close(&mut self, out: &Sender<Piece>) -> Result<(), Error> {
        let Some(open) = self.open.take() else { return Ok(()) };
        let chunk: EncodedChunk = open.writer.finish(open.tmin, open.tmax);
        let seq: i32 = self.seq;
        self.seq += 1;
        send(out, Piece::Chunk { class: self.class, seq, names: open.names, chunk })
    }

    fn finish(mut self, out: &Sender<Piece>) -> Result<(), Error> {
        self.close(out)?;
        for (part, body) in (0_i32..).zip(self.times.finish()) {
            send(out, Piece::Times { class: self.class, part, body })?;
        }
        Ok(())
    }
}

impl OpenChunk {
    fn new(name: &[u8]) -> Self {
        let names = Names { first: name.to_vec(), last: name.to_vec() };
        Self { writer: ChunkWriter::new(), names, tmin: i64::MAX, tmax: i64::MIN }
    }

    /// Whether a series of the metric `name` should begin another chunk.
    fn is_full(&self, name: &[u8]) -> bool {
        let bytes: usize = self.writer.bytes();
        bytes >= FULL_BYTES || (bytes >= FULL_AT_CHANGE_BYTES && self.names.last != name)
    }
}

/// Fails when nobody writes the pieces any more.
fn send(out: &Sender<Piece>, piece: Piece) -> Result<(), Error> {
    out.blocking_send(piece).map_err(|_| Error::Closed)
}

fn send_all(out: &Sender<Piece>, rolls: Vec<RollPiece>) -> Result<(), Error> {
    rolls.into_iter().try_for_each(|roll| send(out, Piece::Roll(roll)))
}
