//! What somebody asked in Explore, so that they find it again.

use crate::Dashboards;
use crate::error::Error;
use crate::store::explored as store;
use kernel::{Grant, Tx};
use model::Time;
use model::access::ReadMetrics;
use model::ids::PersonId;

/// Expressions that are kept of each person: as many as one scrolls through.
pub const MOST_KEPT: usize = 50;
/// Bytes of one that is kept. A longer one is not: the index of the table would not take it.
pub const LONGEST_KEPT: usize = 2_000;

impl Dashboards {
    /// What a person asked, the newest first, each once.
    ///
    /// # Errors
    /// The database's.
    pub async fn explored(&self, _grant: &Grant<ReadMetrics>, person: PersonId) -> Result<Vec<String>, Error> {
        let mut tx: Tx = self.db.begin().await?;
        store::all(&mut tx, person).await
    }

    /// Keeps what a person asks, the first of them as the newest, and says what is kept. What stands at the top already is not written
    /// again: a screen that is drawn anew every few seconds asks the same.
    ///
    /// # Errors
    /// The database's.
    pub async fn explore_note(
        &self,
        _grant: &Grant<ReadMetrics>,
        person: PersonId,
        expressions: &[String],
    ) -> Result<Vec<String>, Error> {
        let mut tx: Tx = self.db.begin().await?;
        let kept: Vec<String> = store::all(&mut tx, person).await?;
        let fitting: Vec<&String> = expressions.iter().filter(|text| is_kept(text)).collect();
        if kept.iter().take(fitting.len()).all(|one| fitting.contains(&one)) && fitting.len() <= kept.len() {
            return Ok(kept);
        }
        let now: Time = self.clock.now();
        for (expression, ms) in fitting.into_iter().zip(0_i64..) {
            store::note(&mut tx, person, expression, now.plus_ms(-ms)).await?;
        }
        store::trim(&mut tx, person, i64::try_from(MOST_KEPT).unwrap_or(i64::MAX)).await?;
        let kept: Vec<String> = store::all(&mut tx, person).await?;
        tx.commit().await?;
        Ok(kept)
    }

    /// Forgets what a person asked.
    ///
    /// # Errors
    /// The database's.
    pub async fn explore_forget(&self, _grant: &Grant<ReadMetrics>, person: PersonId) -> Result<(), Error> {
        let mut tx: Tx = self.db.begin().await?;
        store::forget(&mut tx, person).await?;
        tx.commit().await?;
        Ok(())
    }
}

/// Whether an expression can be kept.
fn is_kept(text: &str) -> bool {
    !text.trim().is_empty() && text.len() <= LONGEST_KEPT && !text.contains('\0')
}
