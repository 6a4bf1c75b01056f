//! Forms that were sent without a script and refused: kept for a while, so that they come back as they were filled in.
//!
//! Bounded four ways: an hour, the newest few of a session, a size, and the life of the session itself. Whoever keeps one has taken the
//! secrets out before. No Fact: nothing of the house has changed, and what was refused is nobody's record.

use crate::error::Error;
use crate::{Identity, store};
use kernel::ids;
use model::Time;
use model::ids::SessionId;
use uuid::Uuid;

/// As long as somebody looks for what was wrong, and as an unused session lives.
pub const LIFE_MS: i64 = 60 * 60 * 1_000;
/// Forms of one session: one for each of a few tabs.
pub const MOST: i64 = 8;
/// Bytes of all names and texts of one form: as much as the door takes of a form.
pub const MOST_BYTES: usize = 256 * 1024;

/// A form that was refused. No `Debug`: people write anything into forms.
#[derive(Clone, PartialEq, Eq)]
pub struct RefusedForm {
    /// What it was sent to.
    pub call: String,
    /// Why it was refused, as the door says it.
    pub refusal: String,
    /// Names and texts, in the order they were sent. Without secrets.
    pub fields: Vec<(String, String)>,
}

impl RefusedForm {
    fn bytes(&self) -> usize {
        let fields: usize = self.fields.iter().map(|(name, text)| name.len() + text.len()).sum();
        fields + self.call.len() + self.refusal.len()
    }
}

impl Identity {
    /// Keeps a refused form for the browser of that session; the number by which it asks for it. `None` when the form is too large.
    ///
    /// # Errors
    /// The database's.
    pub async fn keep_refused(&self, session: SessionId, form: &RefusedForm) -> Result<Option<Uuid>, Error> {
        if form.bytes() > MOST_BYTES {
            return Ok(None);
        }
        let (id, now): (Uuid, Time) = (ids::new_uuid(), self.now());
        let mut tx = self.db().begin().await?;
        store::refused::add(&mut tx, id, session, form, now).await?;
        store::refused::sweep(&mut tx, session, now.plus_ms(-LIFE_MS), MOST).await?;
        tx.commit().await?;
        Ok(Some(id))
    }

    /// The refused form of that number, for the browser that sent it. It stays, so that reloading shows it again.
    ///
    /// # Errors
    /// The database's.
    pub async fn refused_form(&self, session: SessionId, id: Uuid) -> Result<Option<RefusedForm>, Error> {
        store::refused::find(self.db(), session, id, self.now().plus_ms(-LIFE_MS)).await
    }

    /// Forgets a refused form: it was sent again, and taken.
    ///
    /// # Errors
    /// The database's.
    pub async fn forget_refused(&self, session: SessionId, id: Uuid) -> Result<(), Error> {
        Ok(store::refused::forget(self.db(), session, id).await?)
    }
}
