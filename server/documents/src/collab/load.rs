//! A text read from the database: the newest snapshot that can be trusted, and the log beyond it.
//!
//! A snapshot that can't be read, or whose text is not the one it was made of, is passed over: the one before it and the log behind that are
//! kept until both are old. What can't be read whole is an error, never an empty text.

use super::Refused;
use super::paper::{self, Paper};
use crate::error::Error;
use crate::store::collab::{self as store, Change, Snapshot, State};
use kernel::Db;
use model::ids::DocumentId;

/// A text and the number of the newest change in it.
pub(crate) struct Loaded {
    pub(crate) paper: Paper,
    pub(crate) seq: i64,
}

impl Loaded {
    /// The change that makes the text `wanted`. Texts that have little in common take a while to compare: nobody else waits for that.
    pub(crate) async fn edit(self, id: DocumentId, wanted: String) -> Result<Option<Vec<u8>>, Refused> {
        let comparing = tokio::task::spawn_blocking(move || self.paper.edit(&wanted));
        comparing.await.map_err(|error| {
            tracing::error!(document = %id, %error, "two texts could not be compared");
            Refused::Later(id)
        })
    }
}

/// The text as it is now.
pub(crate) async fn open(db: &Db, id: DocumentId) -> Result<Loaded, Error> {
    let state: State = known(db, id).await?;
    if state.is_deleted {
        return Err(Refused::Deleted(id).into());
    }
    build(db, id, state.head_seq).await?.ok_or_else(|| corrupt(id))
}

/// The text as it was after that change; `None` when the log does not reach so far, or there is no such change.
pub(crate) async fn at(db: &Db, id: DocumentId, seq: i64) -> Result<Option<Loaded>, Error> {
    let state: State = known(db, id).await?;
    if seq < 0 || seq > state.head_seq {
        return Ok(None);
    }
    build(db, id, seq).await
}

async fn known(db: &Db, id: DocumentId) -> Result<State, Error> {
    Ok(store::state(db, id).await?.ok_or(Refused::Unknown(id))?)
}

fn corrupt(id: DocumentId) -> Error {
    Error::Corrupt {
        table: "collab_update",
        column: "seq",
        row: id.to_string(),
        expected: "every change since a snapshot that can be read",
    }
}

async fn build(db: &Db, id: DocumentId, until: i64) -> Result<Option<Loaded>, Error> {
    for snapshot in store::snapshots(db, id, until).await? {
        let changes: Vec<Change> = store::changes(db, id, snapshot.seq, until).await?;
        if let Some(loaded) = beside(id, move || of_snapshot(id, &snapshot, &changes, until)).await? {
            return Ok(Some(loaded));
        }
    }
    let changes: Vec<Change> = store::changes(db, id, 0, until).await?;
    beside(id, move || applied(id, Paper::new(), &changes, 0, until)).await
}

/// Puts a text together where nobody waits who types: of a large one it takes tens of milliseconds.
async fn beside(id: DocumentId, put: impl FnOnce() -> Option<Loaded> + Send + 'static) -> Result<Option<Loaded>, Error> {
    tokio::task::spawn_blocking(put).await.map_err(|error| {
        tracing::error!(document = %id, %error, "a text could not be put together");
        Refused::Later(id).into()
    })
}

fn of_snapshot(id: DocumentId, snapshot: &Snapshot, changes: &[Change], until: i64) -> Option<Loaded> {
    let paper = Paper::new();
    if let Err(error) = paper.apply_snapshot(&snapshot.bin) {
        tracing::error!(document = %id, seq = snapshot.seq, %error, "a snapshot can't be read, so the one before it is");
        return None;
    }
    if paper::hash(&paper.text()) != snapshot.text_sha256 {
        tracing::error!(document = %id, seq = snapshot.seq, "a snapshot has another text than it was made of, so the one before it is read");
        return None;
    }
    applied(id, paper, changes, snapshot.seq, until)
}

/// The paper with the changes, if they are all there and can be applied.
fn applied(id: DocumentId, paper: Paper, changes: &[Change], after: i64, until: i64) -> Option<Loaded> {
    if !are_all_there(changes, after, until) {
        return None;
    }
    if let Err(error) = paper.apply_all(changes.iter().map(|change| change.bin.as_slice())) {
        tracing::error!(document = %id, after, until, %error, "the log of a document can't be applied");
        return None;
    }
    Some(Loaded { paper, seq: until })
}

/// Each number after one and up to another, once.
pub(crate) fn are_all_there(changes: &[Change], after: i64, until: i64) -> bool {
    let n_expected: i64 = until - after;
    i64::try_from(changes.len()).is_ok_and(|n| n == n_expected)
        && changes.iter().zip(after + 1..).all(|(change, seq)| change.seq == seq)
}
