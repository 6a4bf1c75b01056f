//! Spaces: branches of the tree with rights.

use super::rights::{check_teams, readable};
use super::tree::{MAX_TITLE, bounded};
use super::{Branch, Refused, Right, Space, history, position, slug};
use crate::Documents;
use crate::error::Error;
use crate::store::pages as store;
use kernel::{Grant, Tx};
use model::access::ManageDocuments;
use model::ids::{SpaceId, TeamId};
use model::{Actor, Time};
use serde_json::{Value, json};

/// A space as it is set up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewSpace {
    pub branch: Branch,
    pub slug: String,
    pub title_ja: String,
    pub title_en: String,
    pub team: Option<TeamId>,
    pub everyone: Right,
    pub teams: Vec<(TeamId, Right)>,
}

impl Documents {
    /// Makes a space, or sets one up anew: then `id` and the version that was looked at are given. Its branch stays.
    ///
    /// # Errors
    /// [`Refused::NoSpace`], [`Refused::StaleSpace`], [`Refused::SlugTaken`], [`Refused::Empty`],
    /// [`Refused::Large`]. The database's.
    pub async fn set_space(
        &self,
        grant: &Grant<ManageDocuments>,
        seen: Option<(SpaceId, i64)>,
        new: &NewSpace,
    ) -> Result<SpaceId, Error> {
        check_teams(&new.teams)?;
        let now: Time = self.clock.now();
        let mut tx: Tx = self.db.begin().await?;
        let known: Option<Space> = match seen {
            None => None,
            Some((id, version)) => Some(seen_space(&mut tx, grant.actor(), id, version).await?),
        };
        let id: SpaceId = known.as_ref().map_or_else(|| SpaceId(kernel::ids::new_uuid()), |space| space.id);
        let space: Space = Space {
            id,
            branch: known.map_or(new.branch, |space| space.branch),
            slug: slug::slug(&new.slug),
            title_ja: bounded("the Japanese title", &new.title_ja, MAX_TITLE)?,
            title_en: bounded("the English title", &new.title_en, MAX_TITLE)?,
            team: new.team,
            everyone: new.everyone,
            teams: new.teams.clone(),
            version: 1,
        };
        let last: Option<String> = store::spaces::last_position(&mut tx).await?;
        if !store::spaces::put(&mut tx, &space, &position::after(last.as_deref())).await? {
            return Err(Refused::SlugTaken { slug: space.slug }.into());
        }
        store::rights::set_of_space(&mut tx, id, &space.teams).await?;
        let body: Value = told(&space, json!({}));
        history::append_of_all(&mut tx, history::SPACE_CHANGED, grant.actor(), now, body).await?;
        tx.commit().await?;
        self.rights_changed(None, None);
        Ok(id)
    }

    /// Closes a space in which no page is.
    ///
    /// # Errors
    /// [`Refused::NoSpace`], [`Refused::SpaceNotEmpty`]. The database's.
    pub async fn close_space(&self, grant: &Grant<ManageDocuments>, id: SpaceId) -> Result<(), Error> {
        let now: Time = self.clock.now();
        let mut tx: Tx = self.db.begin().await?;
        let space: Space = known_space(&mut tx, grant.actor(), id).await?;
        if !store::spaces::close(&mut tx, id, now).await? {
            return Err(Refused::SpaceNotEmpty.into());
        }
        let body: Value = told(&space, json!({ "what": "closed" }));
        history::append_of_all(&mut tx, history::SPACE_CHANGED, grant.actor(), now, body).await?;
        tx.commit().await?;
        Ok(())
    }
}

/// What a Fact says of a space. One that is not for everybody says nothing but that something happened.
fn told(space: &Space, more: Value) -> Value {
    if space.everyone == Right::None {
        return json!({ "private": true, "space": space.id });
    }
    let mut body: Value = json!({ "space": space.id, "title_ja": space.title_ja, "title_en": space.title_en });
    if let (Some(body), Value::Object(more)) = (body.as_object_mut(), more) {
        body.extend(more);
    }
    body
}

/// A space that whoever asks may know of: who manages documents does not open by it what others closed to them. Nobody else changes it before the
/// transaction ends.
async fn known_space(tx: &mut Tx, actor: &Actor, id: SpaceId) -> Result<Space, Error> {
    let space: Space = store::spaces::lock(tx, id).await?.ok_or(Refused::NoSpace(id))?;
    let held: Right = readable(tx, actor).await?.right(id, None);
    if held == Right::None { Err(Refused::NoSpace(id).into()) } else { Ok(space) }
}

async fn seen_space(tx: &mut Tx, actor: &Actor, id: SpaceId, version: i64) -> Result<Space, Error> {
    let space: Space = known_space(tx, actor, id).await?;
    if space.version == version {
        Ok(space)
    } else {
        Err(Refused::StaleSpace { id, expected: version, found: space.version }.into())
    }
}
