//! What links here.

use super::{PageRow, Right};
use crate::Documents;
use crate::error::Error;
use crate::store::pages as store;
use kernel::Tx;
use model::Actor;
use model::ids::DocumentId;

/// Pages that are shown as linking to one.
pub const MOST: i64 = 200;

impl Documents {
    /// Pages that name a page by the address it has or one it had, as far as an actor may read them, the newest change first.
    ///
    /// # Errors
    /// [`super::Refused::NotFound`]. The database's, and the world's.
    pub async fn backlinks(&self, actor: &Actor, id: DocumentId) -> Result<Vec<PageRow>, Error> {
        self.page_for(actor, id, Right::Read).await?;
        let mut tx: Tx = self.db.begin().await?;
        let ids = store::links::naming(&mut tx, id, MOST).await?;
        let pages: Vec<PageRow> = store::rows::of(&mut tx, &ids).await?;
        drop(tx);
        self.readable_of(actor, pages).await
    }
}
