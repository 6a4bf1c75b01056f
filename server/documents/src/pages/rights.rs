//! Who may do what with a page: what the space gives, or the nearest page above with rights of its own; never more than the role lets do
//! elsewhere; and what belongs to an incident only for those who may know of that.

use super::{PageRow, Refused, Space};
use crate::Documents;
use crate::error::Error;
use crate::pages::history;
use crate::store::pages as store;
use kernel::{Grant, Tx};
use model::access::ManageDocuments;
use model::actor::{Who, place_of_link};
use model::ids::{DocumentId, IncidentId, PersonId, SpaceId, TeamId};
use model::{Actor, Role, Time};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// Teams that one list of rights names.
pub const MOST_TEAMS: usize = 100;

/// What somebody may do with a page, from least to most.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Right {
    /// Not even know that it is there.
    #[default]
    None,
    Read,
    Comment,
    Write,
}

impl Right {
    pub const ALL: [Self; 4] = [Self::None, Self::Read, Self::Comment, Self::Write];

    /// As it is stored.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Read => "read",
            Self::Comment => "comment",
            Self::Write => "write",
        }
    }

    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|right| right.as_str() == word)
    }
}

/// The most a role lets do with any document.
fn most_of(role: Role) -> Right {
    if role < Role::Responder { Right::Read } else { Right::Write }
}

/// What an actor holds of rights that are given to everybody and to teams.
#[must_use]
pub fn held(actor: &Actor, everyone: Right, teams: &[(TeamId, Right)]) -> Right {
    if place_of_link(actor.name()).is_some() && matches!(actor.who, Who::Worker { .. }) {
        return Right::None;
    }
    if actor.role == Role::Admin {
        return Right::Write;
    }
    let is_member = |team: TeamId| actor.team_roles.iter().any(|(id, _)| *id == team);
    let of_teams = teams.iter().filter(|(team, _)| is_member(*team));
    let of_teams = of_teams.map(|(team, level)| (*level).min(most_of(actor.role_in(Some(*team)))));
    of_teams.fold(everyone.min(most_of(actor.role)), Right::max)
}

/// All that an actor may read, by the places that give rights.
#[derive(Clone, Debug, Default)]
pub struct Readable {
    held_in: HashMap<SpaceId, Right>,
    held_by: HashMap<DocumentId, Right>,
}

impl Readable {
    /// Spaces whose rights let read.
    #[must_use]
    pub fn spaces(&self) -> Vec<Uuid> {
        self.held_in.iter().filter(|(_, right)| **right >= Right::Read).map(|(id, _)| id.0).collect()
    }

    /// Pages with rights of their own that let read.
    #[must_use]
    pub fn pages(&self) -> Vec<Uuid> {
        self.held_by.iter().filter(|(_, right)| **right >= Right::Read).map(|(id, _)| id.0).collect()
    }

    /// What is held of something that stands in a space, and below a page with rights of its own.
    #[must_use]
    pub fn right(&self, space: SpaceId, right_page: Option<DocumentId>) -> Right {
        let found: Option<&Right> = match right_page {
            Some(page) => self.held_by.get(&page),
            None => self.held_in.get(&space),
        };
        found.copied().unwrap_or_default()
    }

    /// Whether they let read a page, as far as its incident does not keep it from somebody.
    fn lets_read(&self, page: &PageRow) -> bool {
        // What was thrown away is for those who might bring it back.
        let needed: Right = if page.trashed_at.is_some() { Right::Write } else { Right::Read };
        self.right(page.space, page.right_page) >= needed
    }
}

/// Every place that gives rights, and to whom.
struct Places {
    spaces: Vec<Space>,
    pages: Vec<store::rights::OwnRights>,
}

impl Places {
    async fn read(tx: &mut Tx) -> Result<Self, Error> {
        let mut teams: HashMap<SpaceId, Vec<(TeamId, Right)>> = store::rights::of_spaces(tx).await?;
        let mut spaces: Vec<Space> = store::spaces::all(tx).await?;
        for space in &mut spaces {
            space.teams = teams.remove(&space.id).unwrap_or_default();
        }
        Ok(Self { spaces, pages: store::rights::of_pages(tx).await? })
    }

    fn for_actor(&self, actor: &Actor) -> Readable {
        let of_space = |space: &Space| (space.id, held(actor, space.everyone, &space.teams));
        let of_page = |(page, everyone, teams): &store::rights::OwnRights| (*page, held(actor, *everyone, teams));
        Readable { held_in: self.spaces.iter().map(of_space).collect(), held_by: self.pages.iter().map(of_page).collect() }
    }
}

/// The rights of a page of its own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OwnRights {
    pub everyone: Right,
    pub teams: Vec<(TeamId, Right)>,
}

impl Documents {
    /// What an actor may do with a document; [`Right::None`] when there is none. What was thrown away can be read at most, and so can a
    /// postmortem that was published, besides its comments.
    ///
    /// # Errors
    /// The database's, and the world's.
    pub async fn right_of(&self, actor: &Actor, id: DocumentId) -> Result<Right, Error> {
        let mut tx: Tx = self.db.begin().await?;
        let Some(page) = store::rows::one(&mut tx, id).await? else {
            return Ok(Right::None);
        };
        let readable: Readable = readable(&mut tx, actor).await?;
        drop(tx);
        self.right_to(actor, &readable, &page).await
    }

    /// The same of a page that was read already.
    pub(crate) async fn right_to(&self, actor: &Actor, readable: &Readable, page: &PageRow) -> Result<Right, Error> {
        let given: Right = self.right_but_for_seal(actor, readable, page).await?;
        if page.incident.is_some() && given == Right::Write && self.is_sealed(page.id).await? {
            return Ok(Right::Comment);
        }
        Ok(given)
    }

    /// The same as if nothing were ever published: what stands around a text is still somebody's then.
    async fn right_but_for_seal(&self, actor: &Actor, readable: &Readable, page: &PageRow) -> Result<Right, Error> {
        let given: Right = readable.right(page.space, page.right_page);
        if given == Right::None || (page.incident.is_some() && !self.may_see_postmortem(actor, page.id).await?) {
            return Ok(Right::None);
        }
        if page.trashed_at.is_some() {
            return Ok(if given == Right::Write { Right::Read } else { Right::None });
        }
        Ok(given)
    }

    /// A page that an actor may write, or might if it were not published.
    pub(crate) async fn writable_but_for_seal(&self, actor: &Actor, id: DocumentId) -> Result<PageRow, Error> {
        let mut tx: Tx = self.db.begin().await?;
        let page: PageRow = store::rows::one(&mut tx, id).await?.ok_or(Refused::NotFound(id))?;
        let readable: Readable = readable(&mut tx, actor).await?;
        drop(tx);
        match self.right_but_for_seal(actor, &readable, &page).await? {
            Right::None => Err(Refused::NotFound(id).into()),
            Right::Write => Ok(page),
            held => Err(Refused::Right { needed: Right::Write, held }.into()),
        }
    }

    /// A page for which an actor holds at least `needed`.
    pub(crate) async fn page_for(&self, actor: &Actor, id: DocumentId, needed: Right) -> Result<PageRow, Error> {
        let mut tx: Tx = self.db.begin().await?;
        let Some(page) = store::rows::one(&mut tx, id).await? else {
            return Err(Refused::NotFound(id).into());
        };
        let readable: Readable = readable(&mut tx, actor).await?;
        drop(tx);
        let held: Right = self.right_to(actor, &readable, &page).await?;
        match held {
            Right::None => Err(Refused::NotFound(id).into()),
            held if held < needed => Err(Refused::Right { needed, held }.into()),
            _ => Ok(page),
        }
    }

    /// Those of pages that an actor may read, in the same order.
    pub(crate) async fn readable_of(&self, actor: &Actor, mut pages: Vec<PageRow>) -> Result<Vec<PageRow>, Error> {
        let mut tx: Tx = self.db.begin().await?;
        let readable: Readable = readable(&mut tx, actor).await?;
        drop(tx);
        pages.retain(|page| readable.lets_read(page));
        let asked: Vec<IncidentId> = pages.iter().filter_map(|page| page.incident).collect();
        let seen: HashSet<IncidentId> = self.seen_of(actor, asked).await?;
        pages.retain(|page| page.incident.is_none_or(|incident| seen.contains(&incident)));
        Ok(pages)
    }

    /// Those of these pages whose places let an actor read them; for the sake of what incidents was not asked. No text is read for it.
    pub(crate) async fn readable_among(&self, actor: &Actor, ids: &[DocumentId]) -> Result<HashSet<DocumentId>, Error> {
        let mut tx: Tx = self.db.begin().await?;
        let readable: Readable = readable(&mut tx, actor).await?;
        let places = store::rights::places_of(&mut tx, ids).await?;
        let may_read = |place: &store::rights::Place| readable.right(place.space, place.right_page) >= Right::Read;
        Ok(places.into_iter().filter(may_read).map(|place| place.id).collect())
    }

    /// Those of these people who may read a page now, in the same order. Nobody reads what is thrown away for the sake of being told.
    pub(crate) async fn readers_of(&self, tx: &mut Tx, page: &PageRow, people: Vec<PersonId>) -> Result<Vec<PersonId>, Error> {
        if people.is_empty() || page.trashed_at.is_some() {
            return Ok(Vec::new());
        }
        let places: Places = Places::read(tx).await?;
        let mut readers: HashSet<PersonId> = HashSet::new();
        for actor in self.needs.pages.actors(&people).await? {
            let seen: HashSet<IncidentId> = self.seen_of(&actor, page.incident.into_iter().collect()).await?;
            if places.for_actor(&actor).lets_read(page) && page.incident.is_none_or(|incident| seen.contains(&incident)) {
                readers.extend(actor.person_id());
            }
        }
        Ok(people.into_iter().filter(|person| readers.contains(person)).collect())
    }

    /// Those of these incidents that an actor may know of: all are asked for at once.
    pub(crate) async fn seen_of(&self, actor: &Actor, mut incidents: Vec<IncidentId>) -> Result<HashSet<IncidentId>, Error> {
        incidents.sort_unstable();
        incidents.dedup();
        if incidents.is_empty() {
            return Ok(HashSet::new());
        }
        Ok(self.needs.pages.seen_incidents(actor, &incidents).await?.into_iter().collect())
    }

    /// The rights of a page of its own; `None`: those above it hold.
    ///
    /// # Errors
    /// [`Refused::NotFound`]. The database's, and the world's.
    pub async fn own_rights(&self, actor: &Actor, id: DocumentId) -> Result<Option<OwnRights>, Error> {
        let page: PageRow = self.page_for(actor, id, Right::Read).await?;
        let Some(everyone) = page.everyone else {
            return Ok(None);
        };
        let mut tx: Tx = self.db.begin().await?;
        let teams: Vec<(TeamId, Right)> = store::rights::of_page(&mut tx, id).await?;
        Ok(Some(OwnRights { everyone, teams }))
    }

    /// Gives a page, and what stands below it, rights of its own; `None` takes them away.
    ///
    /// # Errors
    /// [`Refused::NotFound`], [`Refused::Right`], [`Refused::Stale`], [`Refused::Large`]. The database's, and the world's.
    pub async fn set_own_rights(
        &self,
        grant: &Grant<ManageDocuments>,
        id: DocumentId,
        version: i64,
        rights: Option<&OwnRights>,
    ) -> Result<(), Error> {
        let teams: &[(TeamId, Right)] = rights.map(|rights| rights.teams.as_slice()).unwrap_or_default();
        check_teams(teams)?;
        // What was published may be for fewer people later.
        let seen: PageRow = self.writable_but_for_seal(grant.actor(), id).await?;
        let now: Time = self.clock.now();
        let mut tx: Tx = self.db.begin().await?;
        store::spaces::lock(&mut tx, seen.space).await?.ok_or(Refused::NoSpace(seen.space))?;
        let page: PageRow = locked(&mut tx, id, Some(version)).await?;
        store::rights::set_of_page(&mut tx, id, rights.map(|rights| rights.everyone), teams).await?;
        store::rights::settle(&mut tx, id).await?;
        let hidden: PageRow = PageRow { right_page: Some(id), ..page };
        history::append(&mut tx, &hidden, history::RIGHTS_CHANGED, grant.actor(), now, json!({})).await?;
        tx.commit().await?;
        // What stands below may have been read by its rights too.
        self.rights_changed(None, None);
        Ok(())
    }

    /// Every space an actor may read, in order, with what teams may do there.
    ///
    /// # Errors
    /// The database's.
    pub async fn spaces(&self, actor: &Actor) -> Result<Vec<Space>, Error> {
        let mut tx: Tx = self.db.begin().await?;
        let mut spaces: Vec<Space> = Places::read(&mut tx).await?.spaces;
        spaces.retain(|space| held(actor, space.everyone, &space.teams) >= Right::Read);
        Ok(spaces)
    }
}

/// All that an actor may do, by the places that give rights.
pub(crate) async fn readable(tx: &mut Tx, actor: &Actor) -> Result<Readable, Error> {
    Ok(Places::read(tx).await?.for_actor(actor))
}

/// Whether not everybody may read a page: what is told of it where others look on says nothing of it.
pub(crate) async fn is_closed(tx: &mut Tx, page: &PageRow) -> Result<bool, sqlx::Error> {
    Ok(page.right_page.is_some() || page.incident.is_some() || !store::spaces::is_open(tx, page.space).await?)
}

/// The last part of a page's address and its title, as somebody is told.
pub(crate) async fn told(tx: &mut Tx, page: &PageRow) -> Result<(String, String), sqlx::Error> {
    if is_closed(tx, page).await? {
        return Ok((page.id.to_string(), String::new()));
    }
    Ok((page.slug.clone(), page.title.clone()))
}

/// A page as whoever changes it saw it; nobody else changes it before the transaction ends.
pub(crate) async fn locked(tx: &mut Tx, id: DocumentId, version: Option<i64>) -> Result<PageRow, Error> {
    let page: PageRow = store::rows::lock(tx, id).await?.ok_or(Refused::NotFound(id))?;
    match version {
        Some(expected) if expected != page.version => Err(Refused::Stale { id, expected, found: page.version }.into()),
        _ => Ok(page),
    }
}

pub(crate) fn check_teams(teams: &[(TeamId, Right)]) -> Result<(), Refused> {
    if teams.len() > MOST_TEAMS {
        return Err(Refused::Large { what: "the list of teams", n: teams.len(), max: MOST_TEAMS });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn team(n: u128) -> TeamId {
        TeamId(Uuid::from_u128(n))
    }

    fn member(role: Role, teams: &[(u128, Role)]) -> Actor {
        let team_roles: Vec<(TeamId, Role)> = teams.iter().map(|(n, role)| (team(*n), *role)).collect();
        Actor { role, team_roles, ..Actor::worker("somebody") }
    }

    #[test]
    fn what_is_held_is_the_most_that_is_given_and_no_more_than_the_role() {
        use Right::{Comment, None, Read, Write};
        let (viewer, responder) = (Role::Viewer, Role::Responder);
        for (actor, everyone, teams, expected) in [
            (member(viewer, &[]), Write, vec![], Read),
            (member(responder, &[]), Write, vec![], Write),
            (member(responder, &[]), Comment, vec![], Comment),
            (member(responder, &[]), None, vec![(team(1), Write)], None),
            (member(responder, &[(1, Role::Viewer)]), None, vec![(team(1), Write)], Write),
            (member(viewer, &[(1, Role::Responder)]), Read, vec![(team(1), Write)], Write),
            (member(viewer, &[(1, Role::Viewer)]), None, vec![(team(1), Write)], Read),
            (member(responder, &[(1, Role::Viewer)]), Write, vec![(team(1), Read)], Write),
            (member(Role::Admin, &[]), None, vec![], Write),
            (Actor::by_link("Slack #ops"), Write, vec![], None),
        ] {
            assert_eq!(held(&actor, everyone, &teams), expected, "{actor:?} {everyone:?} {teams:?}");
        }
    }

    #[test]
    fn rights_are_words() {
        assert!(Right::ALL.iter().all(|right| Right::from_word(right.as_str()) == Some(*right)));
        assert_eq!(Right::from_word("own"), None);
        assert!(Right::ALL.windows(2).all(|pair| pair[0] < pair[1]));
    }
}
