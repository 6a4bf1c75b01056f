//! Who answers for a page. A person who left answers for nothing: then their team does, then the space's, then administrators.

use super::needs::Known;
use super::{PageRow, Refused, Right, Space};
use crate::Documents;
use crate::error::Error;
use crate::store::pages as store;
use kernel::{Grant, Tx};
use model::access::ReadDocuments;
use model::ids::{DocumentId, PersonId, TeamId};
use serde_json::json;

/// People that are told of one page.
const MOST_TOLD: usize = 50;

impl Documents {
    /// Those who answer for a page now; nobody: administrators are meant.
    ///
    /// # Errors
    /// The database's, and the world's.
    pub async fn answering(&self, page: &PageRow) -> Result<Vec<PersonId>, Error> {
        if let Some(person) = page.owner_person {
            let known: Vec<Known> = self.needs.pages.known(&[person]).await?;
            if known.iter().any(|known| known.id == person && known.may_come_in) {
                return Ok(vec![person]);
            }
        }
        let mut tx: Tx = self.db.begin().await?;
        let spaces: Vec<Space> = store::spaces::all(&mut tx).await?;
        drop(tx);
        let of_space: Option<TeamId> = spaces.into_iter().find(|space| space.id == page.space).and_then(|space| space.team);
        for team in [page.owner_team, of_space].into_iter().flatten() {
            let mut members: Vec<PersonId> = self.needs.pages.members(team).await?;
            members.truncate(MOST_TOLD);
            if !members.is_empty() {
                return Ok(members);
            }
        }
        Ok(Vec::new())
    }

    /// Those who answer for a page and may read it, for whoever tells them of it. Nobody: administrators are meant, who may read everything.
    pub(crate) async fn listeners_of(&self, tx: &mut Tx, page: &PageRow) -> Result<Vec<PersonId>, Error> {
        let people: Vec<PersonId> = self.answering(page).await?;
        self.readers_of(tx, page, people).await
    }

    /// Refuses somebody who may not come in.
    pub(crate) async fn check_people(&self, person: Option<PersonId>) -> Result<(), Error> {
        let Some(person) = person else {
            return Ok(());
        };
        let known: Vec<Known> = self.needs.pages.known(&[person]).await?;
        if known.iter().any(|known| known.id == person && known.may_come_in) { Ok(()) } else { Err(Refused::NoSuchPerson.into()) }
    }

    /// Wants to hear of a page from now on, or not any more. `false` when that is so already, or nobody asks who could hear.
    ///
    /// # Errors
    /// [`Refused::NotFound`]. The database's, and the world's.
    pub async fn watch(&self, grant: &Grant<ReadDocuments>, id: DocumentId, wants: bool) -> Result<bool, Error> {
        let page: PageRow = self.page_for(grant.actor(), id, Right::Read).await?;
        let Some(person) = grant.actor().person_id() else {
            return Ok(false);
        };
        let now = self.clock.now();
        let mut tx: Tx = self.db.begin().await?;
        let (changed, kind): (bool, &'static str) = if wants {
            (store::around::watch(&mut tx, id, person).await?, super::history::WATCHED)
        } else {
            (store::around::unwatch(&mut tx, id, person).await?, super::history::UNWATCHED)
        };
        if changed {
            super::history::append(&mut tx, &page, kind, grant.actor(), now, json!({})).await?;
        }
        tx.commit().await?;
        Ok(changed)
    }

    /// Who wants to hear of a page.
    ///
    /// # Errors
    /// The database's.
    pub async fn watchers(&self, id: DocumentId) -> Result<Vec<PersonId>, Error> {
        let mut tx: Tx = self.db.begin().await?;
        store::around::watchers(&mut tx, id).await
    }

    /// Every label in use with how many pages have it, the most used first.
    ///
    /// # Errors
    /// The database's.
    pub async fn labels(&self, most: i64) -> Result<Vec<(String, i64)>, Error> {
        let mut tx: Tx = self.db.begin().await?;
        store::around::labels(&mut tx, most.clamp(1, 1_000)).await
    }
}
