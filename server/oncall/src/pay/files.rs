//! A file of holidays that somebody has sent and looks at before they take it. It waits here, because a browser sends a file once.

use super::Pay;
use super::refused::Refused;
use crate::error::Error;
use crate::store;
use kernel::{Grant, Tx};
use model::Time;
use model::access::ChangeSchedules;
use uuid::Uuid;

/// Bytes of a file. The Cabinet Office's has about 20,000.
pub const MAX_FILE_BYTES: usize = 200 * 1024;
/// Files that wait at once.
pub const MAX_FILES: usize = 20;
/// For how long one waits.
const WAITS_MS: i64 = 24 * 3_600_000;

/// A file as it was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SentFile {
    /// The calendar it is for.
    pub calendar: String,
    pub bytes: Vec<u8>,
}

impl Pay {
    /// Keeps a file for a day, and says under which id.
    ///
    /// # Errors
    /// [`Refused::LargeFile`], [`Refused::TooManyFiles`]. The database's.
    pub async fn send_file(&self, grant: &Grant<ChangeSchedules>, file: &SentFile) -> Result<Uuid, Error> {
        let n: usize = file.bytes.len();
        if n > MAX_FILE_BYTES {
            return Err(Refused::LargeFile { n }.into());
        }
        let now: Time = self.clock.now();
        let id: Uuid = kernel::ids::new_uuid();
        let mut tx: Tx = self.db.begin().await?;
        store::pay::files::purge(&mut tx, now.plus_ms(-WAITS_MS)).await?;
        let n_waiting: i64 = store::pay::files::insert(&mut tx, id, file, grant.actor().name(), now).await?;
        if usize::try_from(n_waiting).is_ok_and(|n| n > MAX_FILES) {
            return Err(Refused::TooManyFiles.into());
        }
        tx.commit().await?;
        Ok(id)
    }

    /// A file that waits.
    ///
    /// # Errors
    /// [`Refused::NoFile`]. The database's.
    pub async fn sent_file(&self, _grant: &Grant<ChangeSchedules>, id: Uuid) -> Result<SentFile, Error> {
        let mut tx: Tx = self.db.begin().await?;
        Ok(store::pay::files::one(&mut tx, id).await?.ok_or(Refused::NoFile)?)
    }

    /// Forgets a file: it was taken, or nobody wants it.
    ///
    /// # Errors
    /// The database's.
    pub async fn forget_file(&self, _grant: &Grant<ChangeSchedules>, id: Uuid) -> Result<(), Error> {
        let mut tx: Tx = self.db.begin().await?;
        store::pay::files::remove(&mut tx, id).await?;
        tx.commit().await?;
        Ok(())
    }
}
