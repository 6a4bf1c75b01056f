//! The text that people write together: who sits at it, how it is changed, and that nothing is shown to others before it is kept.
//!
//! A *desk* is one open document in this process (`collab/desk.rs`): people sit down at it, and it takes their changes one after the other.
//! A change goes: read (`frame`, `sketch`) → is it news (`known`) → into the next batch (`batcher`) → COMMIT → applied (`paper`) → told to
//! the others → said to be saved. What another process commits is read from the log (`replicas`).

mod batcher;
pub(crate) mod carets;
mod compaction;
mod desk;
mod difference;
mod faults;
pub(crate) mod frame;
mod known;
pub(crate) mod lib0;
pub(crate) mod load;
mod merging;
pub(crate) mod paper;
pub(crate) mod replicas;
mod saving;
mod seat;
pub(crate) mod sketch;
mod taking;

pub use frame::{Code, MOST_FRAME_BYTES};
pub use seat::{Connection, Inlet, MOST_WAITING_BYTES, Out, Outlet, Seat};

use crate::Documents;
use crate::error::Error;
use crate::store::collab as store;
use batcher::{Item, Press};
use carets::Entry;
use desk::Ask;
pub(crate) use faults::{Faults, Step};
use kernel::Tx;
use load::Loaded;
use model::ids::{DocumentId, PersonId};
use model::{Actor, Time};
use paper::Paper;
use replicas::CaretsOut;
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::{Semaphore, oneshot};
use tokio::task::AbortHandle;
use uuid::Uuid;

/// A text is not larger, in UTF-8.
pub const MOST_TEXT_BYTES: usize = 1 << 20;
/// Asking a desk that just leaves is done again; it never leaves twice in a row.
const MOST_TRIES: usize = 3;
/// A database that takes longer to say that it has everything is not waited for.
const DRAINED_WITHIN: Duration = Duration::from_secs(10);

/// A text as of one of its changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Body {
    pub text: String,
    /// The number of the newest change in it.
    pub seq: i64,
}

/// One change of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    pub seq: i64,
    /// None: one of our own workers.
    pub person: Option<PersonId>,
    /// The editor it was typed in, as the library numbers them; `None` where something was only deleted.
    pub client: Option<u64>,
    /// A Yjs update, version 1.
    pub update: Vec<u8>,
    pub at: Time,
}

/// Why a text was not opened or changed. Safe to show.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    #[error("document {0} was not found")]
    Unknown(DocumentId),
    #[error("document {0} was deleted")]
    Deleted(DocumentId),
    #[error("the text of document {id} would have {n_bytes} bytes, expected at most {max}")]
    TooLarge { id: DocumentId, n_bytes: usize, max: usize },
    /// It was written on an older text than is known any more: both are here, to be put together by hand.
    #[error("document {id} was changed since version {base_seq}, which is not known any more")]
    BaseGone { id: DocumentId, base_seq: i64, current: Body, wanted: String },
    #[error("document {0} can't be opened or saved now, expected to work again soon")]
    Later(DocumentId),
}

impl Refused {
    /// How a connection ends that is refused for this.
    pub(crate) fn code(&self) -> Code {
        match self {
            Self::Unknown(_) => Code::Unknown,
            Self::Deleted(_) => Code::Deleted,
            Self::TooLarge { .. } => Code::TooLarge,
            Self::BaseGone { .. } | Self::Later(_) => Code::Later,
        }
    }
}

/// How long things take; tests are in a hurry.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pace {
    /// After the last edit, until the read view is made.
    pub(crate) quiet: Duration,
    /// And at the latest after the first one.
    pub(crate) at_latest: Duration,
    pub(crate) carets: Duration,
    pub(crate) keep_alive: Duration,
    /// After the last one left, until the desk is cleared.
    pub(crate) idle: Duration,
    /// Of activity, until a version is kept.
    pub(crate) revision_ms: i64,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            quiet: Duration::from_secs(1),
            at_latest: Duration::from_secs(10),
            carets: Duration::from_millis(100),
            keep_alive: Duration::from_secs(15),
            idle: Duration::from_secs(60),
            revision_ms: 300_000,
        }
    }
}

/// A desk that is open.
struct Open {
    desk: UnboundedSender<Ask>,
    task: AbortHandle,
}

/// What all desks of this process share.
pub(crate) struct Shared {
    /// This process, until it ends.
    pub(crate) replica: Uuid,
    pub(crate) pace: Pace,
    pub(crate) faults: Arc<Faults>,
    desks: Mutex<HashMap<DocumentId, Open>>,
    press: OnceLock<UnboundedSender<Item>>,
    /// Turns of making read views: one at a time.
    pub(crate) views: Semaphore,
    carets: Mutex<CaretsOut>,
    epochs: AtomicU64,
    is_draining: AtomicBool,
}

impl Shared {
    /// An epoch that is larger than all before it.
    pub(crate) fn next_epoch(&self) -> u64 {
        self.epochs.fetch_add(1, Ordering::Relaxed)
    }

    /// What other processes are to be told of carets.
    pub(crate) fn put_carets(&self, id: DocumentId, entries: Vec<Entry>) {
        let mut carets = self.carets.lock().unwrap_or_else(PoisonError::into_inner);
        let of = carets.entry(id).or_default();
        of.extend(entries.into_iter().map(|entry| (entry.client, entry)));
    }

    pub(crate) fn take_carets(&self) -> CaretsOut {
        std::mem::take(&mut self.carets.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn desks(&self) -> MutexGuard<'_, HashMap<DocumentId, Open>> {
        self.desks.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What the room keeps of open documents. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Collab {
    pub(crate) shared: Arc<Shared>,
}

impl Collab {
    pub(crate) fn new() -> Self {
        Self::at_pace(Pace::default())
    }

    pub(crate) fn at_pace(pace: Pace) -> Self {
        let shared = Shared {
            replica: kernel::ids::new_uuid(),
            pace,
            faults: Arc::default(),
            desks: Mutex::default(),
            press: OnceLock::new(),
            views: Semaphore::new(1),
            carets: Mutex::default(),
            epochs: AtomicU64::new(1),
            is_draining: AtomicBool::new(false),
        };
        Self { shared: Arc::new(shared) }
    }
}

impl Documents {
    /// Makes the text of a new document, in the caller's transaction: this is the only place where a text is begun. Line ends become line
    /// feeds, and NUL is left out.
    ///
    /// # Errors
    /// [`Refused::TooLarge`], and the database's.
    pub async fn create_in(&self, tx: &mut Tx, id: DocumentId, text: &str, actor: &Actor, now: Time) -> Result<(), Error> {
        let text: String = small_enough(id, paper::clean(text))?;
        store::make(tx, id, now).await?;
        let Some(bin) = Paper::new().edit(&text) else { return Ok(()) };
        let growth =
            store::Growth { docs: vec![id.0], n_changes: vec![1], n_bytes: vec![i64::try_from(bin.len()).unwrap_or_default()] };
        store::advance(tx, &growth, now).await?;
        let columns = store::Columns {
            docs: vec![id.0],
            seqs: vec![1],
            actors: vec![actor.person_id().map(|person| person.0)],
            clients: vec![None],
            bins: vec![bin],
        };
        store::append(tx, &columns, now).await?;
        Ok(())
    }

    /// From now on it takes no change, and whoever sits there is let go within ten seconds, in this process at once after
    /// [`Documents::text_was_deleted`]. Whether there was one.
    ///
    /// # Errors
    /// The database's.
    pub async fn delete_text_in(&self, tx: &mut Tx, id: DocumentId, now: Time) -> Result<bool, Error> {
        Ok(store::delete(tx, id, now).await?)
    }

    /// Takes changes again. Whether there was one that took none.
    ///
    /// # Errors
    /// The database's.
    pub async fn undelete_text_in(&self, tx: &mut Tx, id: DocumentId) -> Result<bool, Error> {
        Ok(store::undelete(tx, id).await?)
    }

    /// To be called after the transaction of [`Documents::delete_text_in`].
    pub fn text_was_deleted(&self, id: DocumentId) {
        self.ask_if_open(id, Ask::Gone);
    }

    /// The text as it is kept now.
    ///
    /// # Errors
    /// [`Refused`], and the database's.
    pub async fn text(&self, id: DocumentId) -> Result<Body, Error> {
        let (reply, answer) = oneshot::channel();
        self.ask_if_open(id, Ask::Read { reply });
        if let Ok(body) = answer.await {
            return Ok(body?);
        }
        let loaded: Loaded = load::open(&self.db, id).await?;
        Ok(Body { text: loaded.paper.text(), seq: loaded.seq })
    }

    /// The text as it was after that change; `None` when the log does not reach so far.
    ///
    /// # Errors
    /// [`Refused`], and the database's.
    pub async fn text_at(&self, id: DocumentId, seq: i64) -> Result<Option<Body>, Error> {
        let loaded: Option<Loaded> = load::at(&self.db, id, seq).await?;
        Ok(loaded.map(|loaded| Body { text: loaded.paper.text(), seq }))
    }

    /// Its changes after that one, as far as the log reaches, to say who wrote what.
    ///
    /// # Errors
    /// The database's.
    pub async fn updates_by(&self, id: DocumentId, from_seq: i64) -> Result<Vec<Change>, Error> {
        let changes: Vec<store::Change> = store::changes(&self.db, id, from_seq, i64::MAX).await?;
        let change = |change: store::Change| Change {
            seq: change.seq,
            person: change.actor,
            client: change.client.and_then(|client| u64::try_from(client).ok()),
            update: change.bin,
            at: change.at,
        };
        Ok(changes.into_iter().map(change).collect())
    }

    /// Makes the text `wanted` by a new edit with the least difference, on the way every edit goes; what others type meanwhile stays. With
    /// `base_seq`, `wanted` was written on the text of that change, and what was typed since stays too. Who calls this has found out
    /// whether the actor may; whoever comes from outside takes [`Documents::write_text`].
    ///
    /// # Errors
    /// [`Refused::BaseGone`] when the log does not reach to the base any more and the text is another now; the other refusals; the
    /// database's.
    pub(crate) async fn put_text(
        &self,
        actor: &Actor,
        id: DocumentId,
        wanted: &str,
        base_seq: Option<i64>,
    ) -> Result<Body, Error> {
        let wanted: String = small_enough(id, paper::clean(wanted))?;
        let base: Loaded = self.base_of(id, base_seq, &wanted).await?;
        // The paper is given away: it is large, and must not be held while others are waited for.
        let Some(bin) = base.edit(id, wanted).await? else { return self.text(id).await };
        for _ in 0..MOST_TRIES {
            let (reply, answer) = oneshot::channel();
            self.ask(id, Ask::Write { bin: bin.clone().into(), actor: actor.person_id(), reply });
            if let Ok(written) = answer.await {
                let written: Body = written?;
                // Whoever looks now reads what they just sent; if that fails, the desk makes the read view in a few seconds.
                if let Err(error) = self.refreshed(id, &written).await {
                    tracing::warn!(error = &error as &dyn std::error::Error, document = %id, "what was read of a text is old");
                }
                return Ok(written);
            }
        }
        Err(Refused::Later(id).into())
    }

    /// What a whole text is compared with.
    async fn base_of(&self, id: DocumentId, base_seq: Option<i64>, wanted: &str) -> Result<Loaded, Error> {
        let Some(base_seq) = base_seq else { return load::open(&self.db, id).await };
        match load::at(&self.db, id, base_seq).await? {
            Some(loaded) => Ok(loaded),
            None => {
                let current: Body = self.text(id).await?;
                Err(Refused::BaseGone { id, base_seq, current, wanted: wanted.to_owned() }.into())
            }
        }
    }

    /// Sits somebody down at a document.
    ///
    /// # Errors
    /// How the connection is to end instead.
    pub async fn seat(&self, id: DocumentId, seat: Seat) -> Result<Connection, Code> {
        for _ in 0..MOST_TRIES {
            let (reply, answer) = oneshot::channel();
            self.ask(id, Ask::Sit { seat: seat.clone(), reply });
            if let Ok(answer) = answer.await {
                return answer;
            }
        }
        Err(Code::Later)
    }

    /// Somebody may do more or less than before: whoever it concerns is looked at again. `None`: all documents, everybody. Other processes
    /// hear of it by their own ways.
    pub fn rights_changed(&self, id: Option<DocumentId>, person: Option<PersonId>) {
        let ids: Vec<DocumentId> = id.map_or_else(|| self.open_ids(), |id| vec![id]);
        for id in ids {
            self.ask_if_open(id, Ask::Recheck { person });
        }
    }

    /// Who is at a document, here and in other processes, by name, each once.
    pub async fn present(&self, id: DocumentId) -> Vec<(PersonId, String)> {
        let (reply, answer) = oneshot::channel();
        self.ask_if_open(id, Ask::Present { reply });
        answer.await.unwrap_or_default()
    }

    /// How many documents are open in this process.
    #[must_use]
    pub fn n_open(&self) -> usize {
        self.collab.shared.desks().len()
    }

    pub(crate) fn open_ids(&self) -> Vec<DocumentId> {
        self.collab.shared.desks().keys().copied().collect()
    }

    /// Asks the desk of a document, which is opened for it. The lock is held while it is asked: a desk that leaves looks under the same
    /// lock whether anybody asked, so no question is lost.
    fn ask(&self, id: DocumentId, ask: Ask) {
        if self.collab.shared.is_draining.load(Ordering::Relaxed) {
            ask.refuse(&Refused::Later(id));
            return;
        }
        let mut desks = self.collab.shared.desks();
        let is_there: bool = desks.get(&id).is_some_and(|open| !open.desk.is_closed() && !open.task.is_finished());
        if !is_there {
            let (own, inbox) = unbounded_channel();
            let task = tokio::spawn(desk::run(self.clone(), id, own.clone(), inbox));
            desks.insert(id, Open { desk: own, task: task.abort_handle() });
        }
        if let Some(open) = desks.get(&id) {
            // A desk that broke this moment answers nobody, and whoever asks tries again.
            let _ = open.desk.send(ask);
        }
    }

    /// Asks the desk of a document, if there is one.
    pub(crate) fn ask_if_open(&self, id: DocumentId, ask: Ask) {
        let desks = self.collab.shared.desks();
        if let Some(open) = desks.get(&id) {
            let _ = open.desk.send(ask);
        }
    }

    /// Takes a desk out, unless somebody asked meanwhile. What `inbox` holds is looked at under the lock that is held to ask.
    fn clear_if_quiet(&self, id: DocumentId, own: &UnboundedSender<Ask>, inbox: &UnboundedReceiver<Ask>) -> bool {
        let mut desks = self.collab.shared.desks();
        if !inbox.is_empty() {
            return false;
        }
        if desks.get(&id).is_some_and(|open| open.desk.same_channel(own)) {
            desks.remove(&id);
        }
        true
    }

    /// Takes a desk out. Nobody can ask it afterwards; what was asked already waits in its inbox.
    fn clear(&self, id: DocumentId, own: &UnboundedSender<Ask>) {
        let mut desks = self.collab.shared.desks();
        if desks.get(&id).is_some_and(|open| open.desk.same_channel(own)) {
            desks.remove(&id);
        }
    }

    /// Where changes go to be written.
    fn press(&self) -> &UnboundedSender<Item> {
        self.collab.shared.press.get_or_init(|| {
            let (items, batches) = unbounded_channel();
            let press = Press {
                replica: self.collab.shared.replica,
                faults: self.collab.shared.faults.clone(),
                db: self.db.clone(),
                clock: self.clock.clone(),
            };
            tokio::spawn(batcher::run(press, batches));
            items
        })
    }

    /// Lets everybody go who sits anywhere, once all that was taken is written. They come back to another process, or to the next.
    pub(crate) async fn drain(&self) {
        self.collab.shared.is_draining.store(true, Ordering::Relaxed);
        let mut answers: Vec<oneshot::Receiver<()>> = Vec::new();
        for id in self.open_ids() {
            let (reply, answer) = oneshot::channel();
            self.ask_if_open(id, Ask::Drain { reply });
            answers.push(answer);
        }
        // A desk that is gone is drained; one that still waits for the database loses only what nobody was told of.
        let all = async {
            for answer in answers {
                let _ = answer.await;
            }
        };
        if tokio::time::timeout(DRAINED_WITHIN, all).await.is_err() {
            tracing::warn!("not all that was typed could be saved before the end; its writers send it again");
        }
    }

    /// Ends all desks as a crash would: nothing is written any more, nobody is told.
    #[cfg(test)]
    pub(crate) fn crash(&self) {
        for (_, open) in self.collab.shared.desks().drain() {
            open.task.abort();
        }
    }
}

fn small_enough(id: DocumentId, text: String) -> Result<String, Refused> {
    if text.len() > MOST_TEXT_BYTES {
        return Err(Refused::TooLarge { id, n_bytes: text.len(), max: MOST_TEXT_BYTES });
    }
    Ok(text)
}
