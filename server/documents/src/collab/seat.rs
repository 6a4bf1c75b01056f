//! A place at a document: what a connection gives and gets, and what the desk keeps of it.

use super::carets::Face;
use super::desk::Ask;
use super::frame::Code;
use bytes::Bytes;
use model::ids::PersonId;
use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// What waits for a client that does not read. Then it is let go, and comes back to what it missed.
pub const MOST_WAITING_BYTES: usize = 4 << 20;
/// What waits at a document before its writers wait in turn.
pub(crate) const MOST_TAKEN_BYTES: usize = 8 << 20;
/// Between two questions for what is missing.
const ASK_AGAIN_AFTER: Duration = Duration::from_secs(1);
/// Carets that are looked at at once; of more, only the newest of a tenth of a second.
const MOST_CARETS_A_SECOND: u32 = 20;
/// Echoes that wait for what was sent before them.
const MOST_PROBES: usize = 64;

/// Who comes to a document, and what they may. Whoever asks has established both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seat {
    pub person: PersonId,
    pub name: String,
    /// Which of the colours of people.
    pub colour: u8,
    pub may_write: bool,
    /// Of the connection; told in logs.
    pub session: Uuid,
}

/// Both ends of a connection as the transport sees it.
#[derive(Debug)]
pub struct Connection {
    pub inlet: Inlet,
    pub outlet: Outlet,
}

/// Where frames of the client go.
#[derive(Clone, Debug)]
pub struct Inlet {
    seat: u64,
    desk: UnboundedSender<Ask>,
    taken: Arc<Semaphore>,
}

/// Where frames for the client come from. The seat is given up when it is dropped.
#[derive(Debug)]
pub struct Outlet {
    seat: u64,
    desk: UnboundedSender<Ask>,
    waiting: UnboundedReceiver<Out>,
    n_bytes: Arc<AtomicUsize>,
    ending: Ending,
}

/// What the transport is to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Out {
    /// Send it.
    Frame(Bytes),
    /// Find out again who it is and what they may.
    Recheck,
    /// End it. Nothing follows.
    Close(Code),
}

/// The end of a connection: said once, heard at once, also by whoever waits for a client that does not read.
#[derive(Clone, Debug, Default)]
struct Ending {
    code: Arc<OnceLock<Code>>,
    over: CancellationToken,
}

impl Ending {
    fn say(&self, code: Code) {
        // Whatever was said first counts.
        let _ = self.code.set(code);
        self.over.cancel();
    }

    fn code(&self) -> Option<Code> {
        self.code.get().copied()
    }
}

impl Inlet {
    /// Hands over a frame. Waits while too much waits at the document, so that its sender does too. `false` when it is over.
    pub async fn receive(&self, frame: Bytes) -> bool {
        let wanted: usize = frame.len().clamp(1, MOST_TAKEN_BYTES);
        let Ok(n_permits) = u32::try_from(wanted) else { return false };
        let Ok(held) = self.taken.clone().acquire_many_owned(n_permits).await else { return false };
        self.desk.send(Ask::Frame { seat: self.seat, frame, held }).is_ok()
    }

    /// Whether they may write, from now on.
    pub fn may_write(&self, may_write: bool) {
        // A desk that is gone has closed the connection already; the same holds below.
        let _ = self.desk.send(Ask::MayWrite { seat: self.seat, may_write });
    }

    /// Ends the connection: they may not see it any more.
    pub fn close(&self, code: Code) {
        let _ = self.desk.send(Ask::Dismiss { seat: self.seat, code });
    }
}

impl Outlet {
    /// What is to be done next. May be dropped at any time without losing anything.
    pub async fn next(&mut self) -> Out {
        tokio::select! {
            biased;
            () = self.ending.over.cancelled() => Out::Close(self.ending.code().unwrap_or(Code::Later)),
            out = self.waiting.recv() => self.taken(out),
        }
    }

    /// What waits already, without waiting for more: to be sent together.
    pub fn next_at_once(&mut self) -> Option<Out> {
        if self.ending.code().is_some() {
            return None;
        }
        let out: Out = self.waiting.try_recv().ok()?;
        Some(self.taken(Some(out)))
    }

    /// Is cancelled when it is over: for whoever sends a frame that its reader does not take.
    #[must_use]
    pub fn ends(&self) -> CancellationToken {
        self.ending.over.clone()
    }

    fn taken(&self, out: Option<Out>) -> Out {
        match out {
            Some(Out::Frame(frame)) => {
                self.n_bytes.fetch_sub(frame.len(), Ordering::Relaxed);
                Out::Frame(frame)
            }
            Some(other) => other,
            // A desk that is gone without a word was killed: one comes back to another.
            None => Out::Close(self.ending.code().unwrap_or(Code::Later)),
        }
    }
}

impl Drop for Outlet {
    fn drop(&mut self) {
        let _ = self.desk.send(Ask::Leave { seat: self.seat });
    }
}

/// What the desk keeps of a connection.
pub(crate) struct Peer {
    pub(crate) face: Face,
    pub(crate) may_write: bool,
    out: UnboundedSender<Out>,
    n_bytes: Arc<AtomicUsize>,
    ending: Ending,
    /// Changes of theirs that were taken, and of those, which are saved.
    pub(crate) n_taken: u64,
    pub(crate) n_saved: u64,
    /// To be echoed when so many are saved.
    probes: VecDeque<(u64, Bytes)>,
    /// Something of theirs could not be taken yet: what follows it is not saved.
    pub(crate) has_gap: bool,
    asked_at: Option<Instant>,
    carets: (Instant, u32),
    /// Carets that came too fast: the newest.
    pub(crate) late: Option<Bytes>,
}

/// Makes both sides of a seat.
pub(crate) fn seat(
    number: u64,
    seat: &Seat,
    desk: &UnboundedSender<Ask>,
    taken: &Arc<Semaphore>,
    now: Instant,
) -> (Peer, Connection) {
    let (out, waiting) = unbounded_channel();
    let (n_bytes, ending) = (Arc::new(AtomicUsize::new(0)), Ending::default());
    let outlet = Outlet { seat: number, desk: desk.clone(), waiting, n_bytes: n_bytes.clone(), ending: ending.clone() };
    let inlet = Inlet { seat: number, desk: desk.clone(), taken: taken.clone() };
    let peer = Peer {
        face: Face { person: seat.person, name: seat.name.clone(), colour: seat.colour },
        may_write: seat.may_write,
        out,
        n_bytes,
        ending,
        n_taken: 0,
        n_saved: 0,
        probes: VecDeque::new(),
        has_gap: false,
        asked_at: None,
        carets: (now, 0),
        late: None,
    };
    (peer, Connection { inlet, outlet })
}

impl Peer {
    /// Sends something, or ends the connection when too much waits already.
    pub(crate) fn send(&self, frame: &Bytes) {
        if self.is_over() {
            return;
        }
        let before: usize = self.n_bytes.fetch_add(frame.len(), Ordering::Relaxed);
        if before + frame.len() > MOST_WAITING_BYTES {
            self.end(Code::Slow);
            return;
        }
        // Whoever is gone has said so, or will.
        let _ = self.out.send(Out::Frame(frame.clone()));
    }

    pub(crate) fn recheck(&self) {
        let _ = self.out.send(Out::Recheck);
    }

    pub(crate) fn end(&self, code: Code) {
        self.ending.say(code);
    }

    pub(crate) fn is_over(&self) -> bool {
        self.ending.code().is_some()
    }

    /// Asks for what is missing, not again and again of an editor that does not have it.
    pub(crate) fn may_ask(&mut self, now: Instant) -> bool {
        let is_early: bool = self.asked_at.is_some_and(|at| now.saturating_duration_since(at) < ASK_AGAIN_AFTER);
        if !is_early {
            self.asked_at = Some(now);
        }
        !is_early
    }

    /// Whether carets are looked at now.
    pub(crate) fn may_move(&mut self, now: Instant) -> bool {
        if now.saturating_duration_since(self.carets.0) >= Duration::from_secs(1) {
            self.carets = (now, 0);
        }
        self.carets.1 += 1;
        self.carets.1 <= MOST_CARETS_A_SECOND
    }

    /// Echoes a probe when all that came before it is saved.
    pub(crate) fn probe(&mut self, frame: Bytes) {
        if self.probes.len() >= MOST_PROBES {
            self.probes.pop_front();
        }
        self.probes.push_back((self.n_taken, frame));
        self.echo();
    }

    /// Echoes what may be echoed now. Who may not write has nothing that is saved.
    pub(crate) fn echo(&mut self) {
        while self.may_write && !self.has_gap && self.probes.front().is_some_and(|(after, _)| *after <= self.n_saved) {
            if let Some((_, frame)) = self.probes.pop_front() {
                self.send(&frame);
            }
        }
    }

    /// All they have is taken now. What they asked about before is saved when that is.
    pub(crate) fn fill_gap(&mut self) {
        if self.has_gap {
            self.has_gap = false;
            self.probes.iter_mut().for_each(|(after, _)| *after = self.n_taken);
        }
        self.echo();
    }

    /// What was sent and not taken is never said to be saved.
    pub(crate) fn forget_probes(&mut self) {
        self.probes.clear();
    }
}

/// Waits until a frame may be handed over.
pub(crate) type Held = OwnedSemaphorePermit;
