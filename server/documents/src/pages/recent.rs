//! What was written last, and what has a label.

use super::PageRow;
use crate::Documents;
use crate::error::Error;
use crate::store::pages as store;
use kernel::Tx;
use model::Actor;

/// Pages that one list shows.
const MOST: usize = 50;
/// So many times as many are looked at: of those somebody may not read.
const LOOKED_AT: i64 = 4;

impl Documents {
    /// Pages whose text changed last, the newest change first, as far as an actor may read them.
    ///
    /// # Errors
    /// The database's, and the world's.
    pub async fn recent(&self, actor: &Actor, most: usize) -> Result<Vec<PageRow>, Error> {
        let most: usize = most.clamp(1, MOST);
        let mut tx: Tx = self.db.begin().await?;
        let looked: i64 = LOOKED_AT * i64::try_from(most).unwrap_or(1);
        let ids = store::recent::ids(&mut tx, looked).await?;
        let pages: Vec<PageRow> = store::rows::of(&mut tx, &ids).await?;
        drop(tx);
        let mut pages: Vec<PageRow> = self.readable_of(actor, pages).await?;
        pages.retain(|page| page.trashed_at.is_none());
        pages.truncate(most);
        Ok(pages)
    }

    /// Pages with a label, the newest change first, as far as an actor may read them.
    ///
    /// # Errors
    /// The database's, and the world's.
    pub async fn labelled(&self, actor: &Actor, label: &str, most: usize) -> Result<Vec<PageRow>, Error> {
        let most: usize = most.clamp(1, MOST);
        let mut tx: Tx = self.db.begin().await?;
        let looked: i64 = LOOKED_AT * i64::try_from(most).unwrap_or(1);
        let ids = store::recent::labelled(&mut tx, label, looked).await?;
        let pages: Vec<PageRow> = store::rows::of(&mut tx, &ids).await?;
        drop(tx);
        let mut pages: Vec<PageRow> = self.readable_of(actor, pages).await?;
        pages.truncate(most);
        Ok(pages)
    }
}
