//! The log of a text gathered into a snapshot, so that it opens quickly: written, read again, compared, and only then believed.
//!
//! Two snapshots are kept, and every change since the older one, and every change for a week. So a snapshot that can't be read costs nothing
//! but time, and whoever asks for yesterday's text gets it.

use super::load::{self, Loaded};
use super::paper::{self, Paper};
use super::{Refused, Step};
use crate::Documents;
use crate::error::Error;
use crate::store::collab::{self as store, Due, Snapshot};
use kernel::Tx;
use model::Time;
use model::ids::DocumentId;

/// Opening reads at most about so many changes beyond a snapshot…
const MOST_CHANGES: i64 = 500;
/// …or so many bytes.
const MOST_BYTES: i64 = 256 << 10;
/// Of a text that rests, a few changes are worth a snapshot.
const LEAST_CHANGES: i64 = 20;
const RESTS_AFTER_MS: i64 = 60_000;
const KEPT_MS: i64 = 7 * 86_400_000;
/// At each gathering: more than come between two of them, so that the log does not grow for ever.
const MOST_DROPPED: i64 = 2 * MOST_CHANGES;
/// Texts in one look; more follow in the next.
const MOST_AT_ONCE: i64 = 20;

impl Documents {
    /// Gathers what is due. One that can't be gathered keeps its log, and does not keep the others from it.
    pub(crate) async fn gather_due(&self, now: Time) -> Result<(), Error> {
        let due = Due {
            n_changes: MOST_CHANGES,
            n_bytes: MOST_BYTES,
            n_resting: LEAST_CHANGES,
            resting_since: now.plus_ms(-RESTS_AFTER_MS),
        };
        for id in store::ungathered(&self.db, &due, MOST_AT_ONCE).await? {
            match self.gather(id, now).await {
                Ok(_) | Err(Error::Collab(Refused::Deleted(_) | Refused::Unknown(_))) => {}
                Err(error) => {
                    tracing::error!(document = %id, error = &error as &dyn std::error::Error, "the log of a document was not gathered");
                }
            }
        }
        Ok(())
    }

    /// Gathers the log of one text. Whether a snapshot was kept that can be trusted.
    ///
    /// # Errors
    /// The database's, and when the text can't be read.
    pub(crate) async fn gather(&self, id: DocumentId, now: Time) -> Result<bool, Error> {
        let Loaded { paper, seq } = load::open(&self.db, id).await?;
        if seq == 0 {
            return Ok(false);
        }
        // Tens of milliseconds of a large text: not where others wait.
        let made = tokio::task::spawn_blocking(move || proven(&paper, seq)).await;
        let Some(snapshot) = made.ok().flatten() else {
            tracing::error!(document = %id, seq, "a snapshot is not the text that it was made of, so the log is kept");
            return Ok(false);
        };
        self.keep_snapshot(id, &snapshot, now).await
    }

    async fn keep_snapshot(&self, id: DocumentId, snapshot: &Snapshot, now: Time) -> Result<bool, Error> {
        let faults = &self.collab.shared.faults;
        let mut tx: Tx = self.db.begin().await?;
        let before: i64 = store::lock_one(&mut tx, id).await?.ok_or(Refused::Unknown(id))?;
        // Another process was faster.
        if before >= snapshot.seq {
            return Ok(false);
        }
        store::save_snapshot(&mut tx, id, snapshot, now).await?;
        faults.reach(Step::SnapshotSaved)?;
        store::gathered(&mut tx, id, snapshot.seq).await?;
        faults.reach(Step::Gathered)?;
        store::drop_snapshots(&mut tx, id).await?;
        faults.reach(Step::SnapshotsDropped)?;
        store::drop_changes(&mut tx, id, before, now.plus_ms(-KEPT_MS), MOST_DROPPED).await?;
        faults.reach(Step::ChangesDropped)?;
        tx.commit().await?;
        Ok(true)
    }
}

/// A snapshot that was read again and is the same text with the same knowledge; `None` when it is not.
fn proven(paper: &Paper, seq: i64) -> Option<Snapshot> {
    let bin: Vec<u8> = paper.snapshot();
    let again = Paper::new();
    again.apply_snapshot(&bin).ok()?;
    let text: String = paper.text();
    if again.text() != text || again.known() != paper.known() {
        return None;
    }
    Some(Snapshot { seq, bin, text_sha256: paper::hash(&text) })
}
