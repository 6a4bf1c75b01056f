//! One open document in this process: a task that is asked things one after the other.
//!
//! It is opened by whoever asks first, and a failed opening opens nothing: everybody who asked is told, and the next one tries again. It is
//! cleared a minute after the last one left, when all that was taken is written.

use super::batcher::{Failure, Item};
use super::carets::{Carets, Entry};
use super::frame::{self, Code};
use super::known::Known;
use super::load::{self, Loaded};
use super::paper::{Paper, Unreadable};
use super::seat::{self, Connection, Held, MOST_TAKEN_BYTES, Peer, Seat};
use super::sketch::Sketch;
use super::{Body, Pace, Refused};
use crate::Documents;
use crate::error::Error;
use bytes::Bytes;
use model::Time;
use model::ids::{DocumentId, PersonId};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender};
use tokio::sync::{Semaphore, oneshot};
use tokio::time::Instant;

/// Whoever comes beyond that comes back later.
pub(crate) const MOST_SEATS: usize = 100;
/// Nothing to wait for: longer than anything else.
const FAR: Duration = Duration::from_secs(3_600);

/// Whoever waits for a text.
pub(crate) type Reply = oneshot::Sender<Result<Body, Refused>>;

/// What a desk is asked or told.
pub(crate) enum Ask {
    Sit {
        seat: Seat,
        reply: oneshot::Sender<Result<Connection, Code>>,
    },
    Frame {
        seat: u64,
        frame: Bytes,
        held: Held,
    },
    MayWrite {
        seat: u64,
        may_write: bool,
    },
    Dismiss {
        seat: u64,
        code: Code,
    },
    Leave {
        seat: u64,
    },
    Recheck {
        person: Option<PersonId>,
    },
    /// The oldest changes that wait are kept, up to this number.
    Committed {
        head: i64,
        n_changes: i64,
    },
    Failed {
        epoch: u64,
        why: Failure,
    },
    /// Another process committed up to this number.
    Heard {
        head: i64,
    },
    /// Carets of another process.
    Overheard {
        entries: Vec<Entry>,
    },
    Read {
        reply: Reply,
    },
    Write {
        bin: Bytes,
        actor: Option<PersonId>,
        reply: Reply,
    },
    Present {
        reply: oneshot::Sender<Vec<(PersonId, String)>>,
    },
    /// The document was deleted.
    Gone,
    Drain {
        reply: oneshot::Sender<()>,
    },
}

impl Ask {
    /// Tells whoever waits for an answer that there is no desk. Nobody minds who does not wait any more.
    pub(crate) fn refuse(self, refused: &Refused) {
        match self {
            Self::Sit { reply, .. } => drop(reply.send(Err(refused.code()))),
            Self::Read { reply } | Self::Write { reply, .. } => drop(reply.send(Err(refused.clone()))),
            _ => {}
        }
    }
}

/// A change that waits to be kept.
pub(crate) struct Pending {
    pub(crate) bin: Bytes,
    pub(crate) seat: Option<u64>,
    /// Others who sent what is in it or in what waits before it, and are told that it is saved only then.
    pub(crate) also: Vec<u64>,
    pub(crate) actor: Option<PersonId>,
    pub(crate) n_bytes: usize,
    pub(crate) n_deleted: u64,
    pub(crate) has_foreign: bool,
    pub(crate) reply: Option<Reply>,
}

/// When something is due.
pub(crate) struct Times {
    pub(crate) carets: Instant,
    pub(crate) keep_alive: Instant,
    /// Of the read view, and the latest moment for it.
    pub(crate) refresh: Option<(Instant, Instant)>,
    pub(crate) idle: Option<Instant>,
}

/// Versions that are kept of what is typed here.
pub(crate) struct Versions {
    /// When the last one was kept, or it began.
    pub(crate) since: Time,
    /// Who typed since then; our own workers are nobody.
    pub(crate) authors: BTreeSet<PersonId>,
    pub(crate) is_due: bool,
}

/// See the module.
pub(crate) struct Desk {
    pub(crate) documents: Documents,
    pub(crate) id: DocumentId,
    pub(crate) own: UnboundedSender<Ask>,
    inbox: UnboundedReceiver<Ask>,
    taken: Arc<Semaphore>,
    pub(crate) paper: Paper,
    /// The paper with what waits, from the first change that is taken here: what can't be applied to it is not written. Made again when a change
    /// spoilt it.
    pub(crate) ahead: Option<Paper>,
    /// Up to which change the paper goes.
    pub(crate) applied: i64,
    /// The paper's knowledge with what waits.
    pub(crate) known: Known,
    /// No text of paper and queue together is larger.
    pub(crate) n_bytes: usize,
    pub(crate) queue: VecDeque<Pending>,
    pub(crate) epoch: u64,
    pub(crate) peers: BTreeMap<u64, Peer>,
    next_seat: u64,
    pub(crate) carets: Carets,
    pub(crate) times: Times,
    /// Whether a read view waits for its turn.
    pub(crate) awaits_view: Arc<AtomicBool>,
    pub(crate) versions: Versions,
    draining: Option<oneshot::Sender<()>>,
}

/// Opens the document and answers until there is nothing more to do.
pub(crate) async fn run(documents: Documents, id: DocumentId, own: UnboundedSender<Ask>, mut inbox: UnboundedReceiver<Ask>) {
    match load::open(&documents.db, id).await {
        Ok(loaded) => Desk::new(documents, id, own, inbox, loaded).work().await,
        Err(error) => {
            let refused: Refused = match error {
                Error::Collab(refused) => refused,
                other => {
                    tracing::error!(document = %id, error = &other as &dyn std::error::Error, "a document can't be opened");
                    Refused::Later(id)
                }
            };
            documents.clear(id, &own);
            while let Ok(ask) = inbox.try_recv() {
                ask.refuse(&refused);
            }
        }
    }
}

impl Desk {
    fn new(
        documents: Documents,
        id: DocumentId,
        own: UnboundedSender<Ask>,
        inbox: UnboundedReceiver<Ask>,
        loaded: Loaded,
    ) -> Self {
        let (now, pace): (Instant, Pace) = (Instant::now(), documents.collab.shared.pace);
        let epoch: u64 = documents.collab.shared.next_epoch();
        let since: Time = documents.clock.now();
        Self {
            documents,
            id,
            own,
            inbox,
            taken: Arc::new(Semaphore::new(MOST_TAKEN_BYTES)),
            known: loaded.paper.known(),
            n_bytes: loaded.paper.text().len(),
            paper: loaded.paper,
            ahead: None,
            applied: loaded.seq,
            queue: VecDeque::new(),
            epoch,
            peers: BTreeMap::new(),
            next_seat: 1,
            carets: Carets::default(),
            times: Times { carets: now, keep_alive: now + pace.keep_alive, refresh: None, idle: Some(now + pace.idle) },
            awaits_view: Arc::default(),
            versions: Versions { since, authors: BTreeSet::new(), is_due: false },
            draining: None,
        }
    }

    async fn work(mut self) {
        loop {
            let next: Instant = self.next_time();
            let flow: ControlFlow<Refused> = tokio::select! {
                ask = self.inbox.recv() => match ask {
                    Some(ask) => self.answer(ask).await,
                    None => ControlFlow::Break(Refused::Later(self.id)),
                },
                () = tokio::time::sleep_until(next) => self.look_at_the_clock(),
            };
            if let ControlFlow::Break(why) = flow {
                self.end(&why);
                return;
            }
        }
    }

    async fn answer(&mut self, ask: Ask) -> ControlFlow<Refused> {
        match ask {
            Ask::Sit { seat, reply } => self.sit(&seat, reply),
            Ask::Frame { seat, frame, held } => self.take(seat, &frame, held),
            Ask::MayWrite { seat, may_write } => self.let_write(seat, may_write),
            Ask::Dismiss { seat, code } => self.dismiss(seat, code),
            Ask::Leave { seat } => self.leave(seat),
            Ask::Recheck { person } => self.recheck(person),
            Ask::Committed { head, n_changes } => return self.committed(head, n_changes).await,
            Ask::Failed { epoch, why } => return self.failed(epoch, why),
            Ask::Heard { head } => return self.heard(head).await,
            Ask::Overheard { entries } => self.carets.overhear(entries, Instant::now().into_std()),
            Ask::Read { reply } => drop(reply.send(Ok(self.body()))),
            Ask::Write { bin, actor, reply } => return self.write(bin, actor, reply).await,
            Ask::Present { reply } => drop(reply.send(self.present())),
            Ask::Gone => return ControlFlow::Break(Refused::Deleted(self.id)),
            Ask::Drain { reply } => return self.drain(reply),
        }
        ControlFlow::Continue(())
    }

    pub(crate) fn body(&self) -> Body {
        Body { text: self.paper.text(), seq: self.applied }
    }

    fn sit(&mut self, asked: &Seat, reply: oneshot::Sender<Result<Connection, Code>>) {
        if self.peers.len() >= MOST_SEATS || self.draining.is_some() {
            drop(reply.send(Err(Code::Later)));
            return;
        }
        let number: u64 = self.next_seat;
        self.next_seat += 1;
        let (peer, connection) = seat::seat(number, asked, &self.own, &self.taken, Instant::now().into_std());
        // What is missing is asked for, and who is there is told, each in a frame of its own.
        peer.send(&frame::step_1(&self.paper.state_vector()));
        peer.send(&self.everybody());
        if self.peers.is_empty() {
            self.times.keep_alive = Instant::now() + self.pace().keep_alive;
        }
        self.peers.insert(number, peer);
        self.times.idle = None;
        // Whoever does not wait any more has dropped the seat with it, and it is given up.
        drop(reply.send(Ok(connection)));
    }

    fn let_write(&mut self, seat: u64, may_write: bool) {
        let Some(peer) = self.peers.get_mut(&seat) else { return };
        if may_write && !peer.may_write {
            // What they typed before they might is asked for.
            peer.send(&frame::step_1(&self.paper.state_vector()));
        }
        peer.may_write = may_write;
        peer.echo();
    }

    fn dismiss(&mut self, seat: u64, code: Code) {
        if let Some(peer) = self.peers.get(&seat) {
            peer.end(code);
        }
    }

    fn leave(&mut self, seat: u64) {
        self.peers.remove(&seat);
        self.carets.leave(seat);
        if self.peers.is_empty() {
            self.times.idle = Some(Instant::now() + self.pace().idle);
        }
    }

    fn recheck(&mut self, person: Option<PersonId>) {
        let concerned = self.peers.values().filter(|peer| person.is_none_or(|person| person == peer.face.person));
        concerned.for_each(Peer::recheck);
    }

    fn present(&self) -> Vec<(PersonId, String)> {
        let here = self.peers.values().map(|peer| (peer.face.person, peer.face.name.clone()));
        let all: BTreeMap<PersonId, String> = here.chain(self.carets.elsewhere()).collect();
        let mut all: Vec<(PersonId, String)> = all.into_iter().collect();
        all.sort_by(|a, b| a.1.cmp(&b.1));
        all
    }

    fn drain(&mut self, reply: oneshot::Sender<()>) -> ControlFlow<Refused> {
        self.peers.values().for_each(|peer| peer.end(Code::Later));
        self.draining = Some(reply);
        self.leave_if_drained()
    }

    /// A desk that drains is over when all that was taken is written.
    pub(crate) fn leave_if_drained(&self) -> ControlFlow<Refused> {
        if self.draining.is_some() && self.queue.is_empty() {
            return ControlFlow::Break(Refused::Later(self.id));
        }
        ControlFlow::Continue(())
    }

    /// Tells everybody, and lets nobody ask any more.
    fn end(mut self, why: &Refused) {
        self.documents.clear(self.id, &self.own);
        self.peers.values().for_each(|peer| peer.end(why.code()));
        for pending in self.queue.drain(..) {
            if let Some(reply) = pending.reply {
                drop(reply.send(Err(why.clone())));
            }
        }
        while let Ok(ask) = self.inbox.try_recv() {
            ask.refuse(why);
        }
        self.keep_version_at_the_end();
        if let Some(reply) = self.draining.take() {
            // Nobody minds who does not wait any more.
            let _ = reply.send(());
        }
    }

    pub(crate) fn pace(&self) -> Pace {
        self.documents.collab.shared.pace
    }

    fn next_time(&self) -> Instant {
        let far: Instant = Instant::now() + FAR;
        let carets =
            (self.carets.is_changed() || self.peers.values().any(|peer| peer.late.is_some())).then_some(self.times.carets);
        let keep_alive = (!self.peers.is_empty()).then_some(self.times.keep_alive);
        let refresh = self.times.refresh.map(|(at, latest)| at.min(latest));
        [carets, keep_alive, refresh, self.times.idle].into_iter().flatten().fold(far, Instant::min)
    }

    fn look_at_the_clock(&mut self) -> ControlFlow<Refused> {
        let now: Instant = Instant::now();
        if self.times.carets <= now {
            self.tell_carets(now);
        }
        if self.times.keep_alive <= now && !self.peers.is_empty() {
            self.times.keep_alive = now + self.pace().keep_alive;
            self.carets.forget(now.into_std());
            let alive = Bytes::from_static(frame::KEEP_ALIVE);
            self.peers.values().for_each(|peer| peer.send(&alive));
        }
        if self.times.refresh.is_some_and(|(at, latest)| at.min(latest) <= now) {
            self.refresh();
        }
        if self.times.idle.is_some_and(|at| at <= now) && self.peers.is_empty() {
            return self.leave_if_idle(now);
        }
        ControlFlow::Continue(())
    }

    fn leave_if_idle(&mut self, now: Instant) -> ControlFlow<Refused> {
        if self.queue.is_empty() && self.times.refresh.is_none() && self.documents.clear_if_quiet(self.id, &self.own, &self.inbox)
        {
            return ControlFlow::Break(Refused::Later(self.id));
        }
        self.times.idle = Some(now + self.pace().idle);
        ControlFlow::Continue(())
    }

    /// Everybody who is there, as a frame.
    pub(crate) fn everybody(&self) -> Bytes {
        frame::awareness(&super::carets::write(&self.carets.all()))
    }

    /// Puts a change among those that wait, and on its way. What the library would not take afterwards is not put anywhere: the log would not be
    /// read any more.
    pub(crate) fn put(&mut self, sketch: &Sketch, pending: Pending, held: Option<Held>) -> Result<(), Unreadable> {
        self.try_ahead(&pending.bin)?;
        self.known.learn(sketch);
        self.n_bytes = self.n_bytes.saturating_add(sketch.n_bytes);
        let item = Item {
            doc: self.id,
            epoch: self.epoch,
            actor: pending.actor,
            client: sketch.client(),
            bin: pending.bin.clone(),
            desk: self.own.clone(),
            _held: held,
        };
        self.queue.push_back(pending);
        // Nobody ends the press before the desks; if it broke, the next look at the heads says that nothing was written.
        if self.documents.press().send(item).is_err() {
            tracing::error!(document = %self.id, "changes of documents are not written any more");
        }
        Ok(())
    }

    /// Applies a change where nobody sees it.
    fn try_ahead(&mut self, bin: &[u8]) -> Result<(), Unreadable> {
        let ahead: Paper = match self.ahead.take() {
            Some(ahead) => ahead,
            None => self.paper_ahead()?,
        };
        // One that a change could not be applied to holds half of it: it is not kept.
        ahead.apply(bin)?;
        self.ahead = Some(ahead);
        Ok(())
    }

    fn paper_ahead(&self) -> Result<Paper, Unreadable> {
        let (ahead, whole): (Paper, Vec<u8>) = (Paper::new(), self.paper.whole());
        let waiting = self.queue.iter().map(|pending| &pending.bin[..]);
        ahead.apply_all(std::iter::once(&whole[..]).chain(waiting))?;
        Ok(ahead)
    }
}
