//! Drafts: what one person changes step by step before it is saved as one version. Each step is kept at once, so that a closed tab or a
//! dead server loses none, and the last ones can be taken back.

use crate::Dashboards;
use crate::error::Error;
use crate::keeping::{Saving, lawful};
use crate::kept::{Draft, Stored};
use crate::store::drafts::{self as store, Kept};
use dashboard::Dashboard;
use kernel::{Grant, Tx};
use model::Time;
use model::access::EditDashboards;
use model::ids::PersonId;

/// Steps that can be taken back.
pub const MOST_UNDO: usize = 30;

/// One step.
pub type Change<'a> = dyn Fn(&mut Dashboard) -> Result<(), Error> + Send + Sync + 'a;

impl Dashboards {
    /// What somebody has not saved yet, or where they would begin: the newest version. Nothing is written.
    ///
    /// # Errors
    /// [`Error::NotFound`]. The database's.
    pub async fn draft(&self, person: PersonId, slug: &str) -> Result<Draft, Error> {
        let mut tx: Tx = self.db.begin().await?;
        let newest: Stored = self.one_in(&mut tx, slug).await?;
        Ok(match store::one(&mut tx, person, slug).await? {
            Some(kept) => shown(kept, newest.version),
            None => fresh(newest),
        })
    }

    /// Takes a step. What comes out keeps the laws, so that it can be saved at any time.
    ///
    /// # Errors
    /// What the change says; [`Error::Unlawful`], [`Error::NotFound`]. The database's.
    pub async fn change_draft(
        &self,
        _grant: &Grant<EditDashboards>,
        person: PersonId,
        slug: &str,
        change: &Change<'_>,
    ) -> Result<Draft, Error> {
        let mut tx: Tx = self.db.begin().await?;
        let newest: Stored = self.one_in(&mut tx, slug).await?;
        let version: i64 = newest.version;
        let mut kept: Kept = match store::one(&mut tx, person, slug).await? {
            Some(kept) => kept,
            None => Kept { dashboard: newest.dashboard, base: version, earlier: Vec::new(), changed_at: self.clock.now() },
        };
        let before: Dashboard = kept.dashboard.clone();
        change(&mut kept.dashboard)?;
        slug.clone_into(&mut kept.dashboard.slug);
        lawful(&kept.dashboard)?;
        if kept.dashboard != before {
            kept.earlier.push(before);
            let n_over: usize = kept.earlier.len().saturating_sub(MOST_UNDO);
            kept.earlier.drain(..n_over);
            kept.changed_at = self.clock.now();
            store::put(&mut tx, person, slug, &kept).await?;
            tx.commit().await?;
        }
        Ok(shown(kept, version))
    }

    /// Takes the last step back; without one nothing changes.
    ///
    /// # Errors
    /// [`Error::NotFound`]. The database's.
    pub async fn undo_draft(&self, grant: &Grant<EditDashboards>, person: PersonId, slug: &str) -> Result<Draft, Error> {
        let mut tx: Tx = self.db.begin().await?;
        if let Some(mut kept) = store::one(&mut tx, person, slug).await?
            && let Some(before) = kept.earlier.pop()
        {
            kept.dashboard = before;
            kept.changed_at = self.clock.now();
            store::put(&mut tx, person, slug, &kept).await?;
            tx.commit().await?;
        } else {
            drop(tx);
        }
        let _ = grant;
        self.draft(person, slug).await
    }

    /// Saves a draft as the newest version. Says its number.
    ///
    /// # Errors
    /// [`Error::NotFound`] without a draft; as [`Dashboards::save`]. Then the draft stays.
    pub async fn save_draft(
        &self,
        grant: &Grant<EditDashboards>,
        person: PersonId,
        slug: &str,
        comment: &str,
    ) -> Result<i64, Error> {
        let mut tx: Tx = self.db.begin().await?;
        let Some(kept) = store::one(&mut tx, person, slug).await? else { return Err(Error::NotFound(slug.to_owned())) };
        let saving = Saving::by_hand(&kept.dashboard, comment);
        let version: i64 = self.save_in(&mut tx, grant.actor(), &saving, Some(kept.base)).await?;
        store::drop(&mut tx, person, slug).await?;
        tx.commit().await?;
        Ok(version)
    }

    /// Forgets a draft.
    ///
    /// # Errors
    /// The database's.
    pub async fn drop_draft(&self, _grant: &Grant<EditDashboards>, person: PersonId, slug: &str) -> Result<(), Error> {
        let mut tx: Tx = self.db.begin().await?;
        store::drop(&mut tx, person, slug).await?;
        tx.commit().await?;
        Ok(())
    }
}

fn shown(kept: Kept, newest: i64) -> Draft {
    let changed_at: Option<Time> = Some(kept.changed_at);
    Draft {
        dashboard: kept.dashboard,
        base: kept.base,
        is_kept: true,
        is_behind: newest != kept.base,
        n_undo: kept.earlier.len(),
        changed_at,
    }
}

fn fresh(newest: Stored) -> Draft {
    Draft { dashboard: newest.dashboard, base: newest.version, is_kept: false, is_behind: false, n_undo: 0, changed_at: None }
}
