//! What is kept: applied in the order of the log, told to the others, and said to be saved. And what follows from it: the read view, the
//! versions, line ends put right.

use super::batcher::Failure;
use super::desk::{Desk, Pending};
use super::paper::{self, Unreadable};
use super::sketch::Sketch;
use super::taking::pending;
use super::{Body, Code, Refused, load, merging};
use crate::Documents;
use crate::error::Error;
use crate::store::collab::{self as store, Change};
use crate::writing;
use bytes::Bytes;
use model::Time;
use model::ids::{DocumentId, PersonId};
use std::ops::ControlFlow;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use tokio::time::Instant;

/// A text that is smaller may be cleared without a version of it.
const LEAST_KEPT_UNITS: u32 = 64;

type Later = Pin<Box<dyn Future<Output = Result<(), Error>> + Send>>;

impl Desk {
    /// The oldest changes of ours are kept, up to number `head`.
    pub(crate) async fn committed(&mut self, head: i64, n_changes: i64) -> ControlFlow<Refused> {
        let first: i64 = head - n_changes + 1;
        // What other processes committed before is applied before, so that all of them apply the same in the same order.
        if first > self.applied + 1 {
            self.read_log(first - 1).await?;
        }
        let n_kept: usize = usize::try_from(n_changes).unwrap_or_default().min(self.queue.len());
        let kept: Vec<Pending> = self.queue.drain(..n_kept).collect();
        let mut news: Vec<&Pending> = Vec::new();
        for (change, seq) in kept.iter().zip(first..) {
            // It may have been read from the log already, when another process said that it goes further.
            if seq > self.applied {
                self.apply(change, seq)?;
                news.push(change);
            }
        }
        self.tell(&news);
        let has_foreign: bool = kept.iter().any(|change| change.has_foreign);
        kept.into_iter().for_each(|change| self.thank(change));
        self.note_edit();
        if has_foreign {
            self.put_line_ends_right();
        }
        self.leave_if_drained()
    }

    /// One change of ours is kept.
    fn apply(&mut self, change: &Pending, seq: i64) -> ControlFlow<Refused> {
        let before: Option<Body> = self.takes_most_of_it(change).then(|| self.body());
        if let Err(error) = self.paper.apply(&change.bin) {
            return self.break_with(&error);
        }
        self.applied = seq;
        if let Some(before) = before.filter(|before| self.is_half_gone(before)) {
            self.keep_version(before, writing::Reason::BeforeLargeDelete);
        }
        ControlFlow::Continue(())
    }

    /// Tells changes of ours to those who did not type them. Several are told to everybody: it does nobody harm to hear their own.
    fn tell(&self, news: &[&Pending]) {
        let changes: Vec<Bytes> = news.iter().map(|change| change.bin.clone()).collect();
        let own: Option<u64> = if let [one] = news { one.seat } else { None };
        for told in merging::frames(&changes) {
            let others = self.peers.iter().filter(|(seat, _)| own != Some(**seat));
            others.for_each(|(_, peer)| peer.send(&told));
        }
    }

    /// Says to whoever typed it that it is saved.
    fn thank(&mut self, kept: Pending) {
        if let Some(person) = kept.actor {
            self.versions.authors.insert(person);
        }
        for seat in kept.seat.into_iter().chain(kept.also) {
            if let Some(peer) = self.peers.get_mut(&seat) {
                peer.n_saved += 1;
                peer.echo();
            }
        }
        if let Some(reply) = kept.reply {
            drop(reply.send(Ok(self.body())));
        }
    }

    /// Whether a change may take away more than half of a text that is worth keeping.
    fn takes_most_of_it(&self, change: &Pending) -> bool {
        let len: u32 = self.paper.len();
        len >= LEAST_KEPT_UNITS && change.n_deleted * 2 > u64::from(len)
    }

    fn is_half_gone(&self, before: &Body) -> bool {
        let units: usize = before.text.encode_utf16().count();
        usize::try_from(self.paper.len()).is_ok_and(|len| len * 2 < units)
    }

    /// Changes of ours were not kept. Whoever typed them comes back and sends them again; what builds on them is not written either.
    pub(crate) fn failed(&mut self, epoch: u64, why: Failure) -> ControlFlow<Refused> {
        if epoch != self.epoch {
            return ControlFlow::Continue(());
        }
        if why == Failure::Deleted {
            return ControlFlow::Break(Refused::Deleted(self.id));
        }
        let later = Refused::Later(self.id);
        for lost in self.queue.drain(..) {
            for seat in lost.seat.into_iter().chain(lost.also) {
                if let Some(peer) = self.peers.get_mut(&seat) {
                    peer.forget_probes();
                    peer.end(Code::Later);
                }
            }
            if let Some(reply) = lost.reply {
                drop(reply.send(Err(later.clone())));
            }
        }
        self.epoch = self.documents.collab.shared.next_epoch();
        self.ahead = None;
        self.known = self.paper.known();
        self.n_bytes = self.paper.text().len();
        self.leave_if_drained()
    }

    /// Another process says how far the log goes.
    pub(crate) async fn heard(&mut self, head: i64) -> ControlFlow<Refused> {
        if head > self.applied { self.read_log(head).await } else { ControlFlow::Continue(()) }
    }

    /// Reads the log to its end.
    pub(crate) async fn catch_up_with_the_log(&mut self) -> ControlFlow<Refused> {
        match store::state(&self.documents.db, self.id).await {
            Ok(Some(state)) => self.heard(state.head_seq).await,
            Ok(None) => ControlFlow::Break(Refused::Unknown(self.id)),
            Err(error) => self.break_with(&error),
        }
    }

    async fn read_log(&mut self, until: i64) -> ControlFlow<Refused> {
        let changes: Vec<Change> = match store::changes(&self.documents.db, self.id, self.applied, until).await {
            Ok(changes) => changes,
            Err(error) => return self.break_with(&error),
        };
        if !load::are_all_there(&changes, self.applied, until) {
            return self.break_with(&Unreadable { reason: format!("the log lacks changes up to {until}") });
        }
        for change in &changes {
            if let Err(error) = self.paper.apply(&change.bin) {
                return self.break_with(&error);
            }
            if self.ahead.as_ref().is_some_and(|ahead| ahead.apply(&change.bin).is_err()) {
                self.ahead = None;
            }
            self.applied = change.seq;
            if let Ok(sketch) = Sketch::read(&change.bin) {
                self.known.learn(&sketch);
                self.n_bytes = self.n_bytes.saturating_add(sketch.n_bytes);
            }
        }
        // Those who typed it here know it; it does them no harm.
        let changes: Vec<Bytes> = changes.into_iter().map(|change| change.bin.into()).collect();
        for told in merging::frames(&changes) {
            self.peers.values().for_each(|peer| peer.send(&told));
        }
        ControlFlow::Continue(())
    }

    /// What is in memory is not what is in the log: everybody comes back to what is.
    fn break_with(&self, error: &(dyn std::error::Error + 'static)) -> ControlFlow<Refused> {
        tracing::error!(document = %self.id, error, "an open document is closed and read again");
        ControlFlow::Break(Refused::Later(self.id))
    }

    /// Only the process that took a carriage return puts it right: two would double the line.
    fn put_line_ends_right(&mut self) {
        let text: String = self.paper.text();
        let clean: String = paper::clean(&text);
        if clean == text {
            return;
        }
        let Some(bin) = self.paper.edit(&clean) else { return };
        let Ok(sketch) = Sketch::read(&bin) else { return };
        if let Err(error) = self.put(&sketch, pending(bin.into(), &sketch, None, None, None), None) {
            tracing::error!(document = %self.id, %error, "line ends were not put right");
        }
    }

    /// The read view is made soon, and a version kept now and then.
    fn note_edit(&mut self) {
        let (now, pace) = (Instant::now(), self.pace());
        let latest: Instant = self.times.refresh.map_or(now + pace.at_latest, |(_, latest)| latest);
        self.times.refresh = Some((now + pace.quiet, latest));
        self.versions.is_due = true;
        let at: Time = self.documents.clock.now();
        if at.since(self.versions.since) >= pace.revision_ms {
            self.keep_version(self.body(), writing::Reason::Auto);
        }
    }

    /// Has the read view made beside the desk, when it is its turn: hundreds of texts at once would keep those waiting who type. If that fails,
    /// or this process ends before, the next look of any process makes it.
    pub(crate) fn refresh(&mut self) {
        self.times.refresh = None;
        // The one that waits for its turn will be of the newest text then.
        if self.awaits_view.swap(true, Ordering::Relaxed) {
            return;
        }
        let (documents, id, awaits) = (self.documents.clone(), self.id, Arc::clone(&self.awaits_view));
        let made = async move {
            // Nobody closes it.
            let _turn = documents.collab.shared.views.acquire().await;
            awaits.store(false, Ordering::Relaxed);
            let body: Body = documents.text(id).await?;
            documents.make_read_view(id, &body).await
        };
        beside(id, "the read view of a document could not be made", Box::pin(made));
    }

    /// Has a version kept beside the desk.
    fn keep_version(&mut self, body: Body, reason: writing::Reason) {
        let (documents, id) = (self.documents.clone(), self.id);
        let authors: Vec<PersonId> = std::mem::take(&mut self.versions.authors).into_iter().collect();
        self.versions.since = self.documents.clock.now();
        self.versions.is_due = false;
        let kept = async move { documents.keep_revision(id, &body, &authors, reason).await };
        beside(id, "a version of a document could not be kept", Box::pin(kept));
    }

    /// What was typed since the last version, when everybody has left.
    pub(crate) fn keep_version_at_the_end(&mut self) {
        if self.versions.is_due {
            self.keep_version(self.body(), writing::Reason::Auto);
        }
    }
}

/// Does something that nobody waits for.
fn beside(id: DocumentId, failed: &'static str, done: Later) {
    tokio::spawn(async move {
        if let Err(error) = done.await {
            tracing::warn!(document = %id, error = &error as &dyn std::error::Error, "{failed}");
        }
    });
}

impl Documents {
    /// Makes the read view of a text, and notes as of which change it is.
    pub(crate) async fn make_read_view(&self, id: DocumentId, body: &Body) -> Result<(), Error> {
        self.refreshed(id, body).await?;
        store::refreshed(&self.db, id, body.seq).await?;
        Ok(())
    }
}
