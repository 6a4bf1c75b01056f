//! The tree: pages are moved, called by another address, and what stands around their text is set. `making.rs` makes them.

use super::rights::{Readable, locked, readable};
use super::{Language, PageRow, Refused, Right, history, position, reading, review, slug};
use crate::Documents;
use crate::error::Error;
use crate::store::pages as store;
use kernel::{Grant, Tx};
use model::access::WriteDocuments;
use model::ids::{DocumentId, IncidentId, PersonId, SpaceId, TeamId};
use model::{Actor, Time};
use serde_json::json;
use std::collections::HashSet;

/// Characters of a title.
pub const MAX_TITLE: usize = 200;
/// Labels, patterns or alerts of one page, and characters of one.
pub const MOST_WORDS: usize = 50;
pub const MAX_WORD: usize = 200;
/// Pages below each other.
pub const MOST_DEEP: usize = 12;
/// Pages of one space that the tree shows.
pub const MOST_NODES: i64 = 20_000;

/// A page as it is made. The text is made with it.
#[derive(Clone, Debug)]
pub struct NewPage {
    pub space: SpaceId,
    pub parent: Option<DocumentId>,
    /// As long as the text has no heading of the first level.
    pub title: String,
    pub text: String,
    pub language: Language,
    /// Whose postmortem it is.
    pub incident: Option<IncidentId>,
    /// The name of the template it is made from.
    pub template: Option<String>,
    pub labels: Vec<String>,
    pub alertnames: Vec<String>,
    pub owner_team: Option<TeamId>,
    pub owner_person: Option<PersonId>,
    /// `None`: nobody has to look at it again.
    pub review_every_days: Option<i32>,
    pub actor: Actor,
}

impl NewPage {
    /// An empty page to be looked at every quarter; whoever makes it answers for it.
    #[must_use]
    pub fn new(space: SpaceId, title: &str, actor: &Actor) -> Self {
        Self {
            space,
            parent: None,
            title: title.to_owned(),
            text: String::new(),
            language: Language::default(),
            incident: None,
            template: None,
            labels: Vec::new(),
            alertnames: Vec::new(),
            owner_team: None,
            owner_person: actor.person_id(),
            review_every_days: Some(review::EVERY_DAYS),
            actor: actor.clone(),
        }
    }

    /// The same under another title, which its text begins with. Without one nothing changes.
    #[must_use]
    pub(crate) fn titled(self, title: &str) -> Self {
        let title: &str = title.trim();
        if title.is_empty() {
            return self;
        }
        Self { text: reading::retitled(&self.text, title), title: title.to_owned(), ..self }
    }
}

/// What stands around a text, as it is set.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Around {
    pub language: Language,
    pub labels: Vec<String>,
    pub watch_paths: Vec<String>,
    pub alertnames: Vec<String>,
    pub owner_team: Option<TeamId>,
    pub owner_person: Option<PersonId>,
    pub review_every_days: Option<i32>,
    pub is_template: bool,
}

/// A page as the tree shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    pub id: DocumentId,
    pub parent: Option<DocumentId>,
    pub slug: String,
    pub title: String,
    pub file_name: Option<String>,
    pub incident: Option<IncidentId>,
    pub right_page: Option<DocumentId>,
    pub review_due_at: Option<Time>,
    pub is_verified: bool,
    pub must_review: bool,
    pub is_template: bool,
}

/// What an address leads to.
#[derive(Clone, Debug, PartialEq)]
pub enum Address {
    Page(Box<PageRow>),
    /// It has another address now.
    Moved {
        slug: String,
    },
    Nothing,
}

/// Where a page is put.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Target {
    pub space: SpaceId,
    pub parent: Option<DocumentId>,
    /// Before this neighbour; `None`: at the end.
    pub before: Option<DocumentId>,
}

impl Documents {
    /// A page; who may read it is not asked.
    ///
    /// # Errors
    /// The database's.
    pub async fn page(&self, id: DocumentId) -> Result<Option<PageRow>, Error> {
        let mut tx: Tx = self.db.begin().await?;
        store::rows::one(&mut tx, id).await
    }

    /// What an address leads to, for whoever asks.
    ///
    /// # Errors
    /// The database's, and the world's.
    pub async fn page_at(&self, actor: &Actor, slug: &str) -> Result<Address, Error> {
        let mut tx: Tx = self.db.begin().await?;
        let Some((id, is_old)) = store::rows::of_slug(&mut tx, slug).await? else {
            return Ok(Address::Nothing);
        };
        let Some(page) = store::rows::one(&mut tx, id).await? else {
            return Ok(Address::Nothing);
        };
        let readable: Readable = readable(&mut tx, actor).await?;
        drop(tx);
        if self.right_to(actor, &readable, &page).await? == Right::None {
            return Ok(Address::Nothing);
        }
        Ok(if is_old { Address::Moved { slug: page.slug } } else { Address::Page(Box::new(page)) })
    }

    /// The pages of a space that an actor may know of, neighbours in their order. Postmortems of incidents they may not know of are left out.
    ///
    /// # Errors
    /// The database's, and the world's.
    pub async fn tree(&self, actor: &Actor, space: SpaceId) -> Result<Vec<Node>, Error> {
        let mut tx: Tx = self.db.begin().await?;
        let readable: Readable = readable(&mut tx, actor).await?;
        let nodes: Vec<Node> = store::tree::nodes(&mut tx, space, MOST_NODES).await?;
        drop(tx);
        let asked: Vec<IncidentId> = nodes.iter().filter_map(|node| node.incident).collect();
        let seen: HashSet<IncidentId> = self.seen_of(actor, asked).await?;
        let is_seen = |node: &Node| node.incident.is_none_or(|incident| seen.contains(&incident));
        let may_read = |node: &Node| readable.right(space, node.right_page) >= Right::Read;
        Ok(nodes.into_iter().filter(|node| is_seen(node) && may_read(node)).collect())
    }

    /// A page and those above it, from the top, as far as an actor may know of them.
    ///
    /// # Errors
    /// The database's, and the world's.
    pub async fn way_to(&self, actor: &Actor, id: DocumentId) -> Result<Vec<PageRow>, Error> {
        let mut tx: Tx = self.db.begin().await?;
        let mut ids = store::tree::above(&mut tx, id).await?;
        ids.reverse();
        let pages: Vec<PageRow> = store::rows::of(&mut tx, &ids).await?;
        drop(tx);
        self.readable_of(actor, pages).await
    }

    /// Puts a page elsewhere; what stands below it comes along.
    ///
    /// # Errors
    /// [`Refused::NotFound`], [`Refused::Right`], [`Refused::Stale`], [`Refused::Circle`], [`Refused::Deep`], [`Refused::NoSpace`]. The
    /// database's, and the world's.
    pub async fn move_page(
        &self,
        grant: &Grant<WriteDocuments>,
        id: DocumentId,
        version: i64,
        target: Target,
    ) -> Result<(), Error> {
        let seen: PageRow = self.page_for(grant.actor(), id, Right::Write).await?;
        self.must_write_at(grant.actor(), target.space, target.parent).await?;
        let now: Time = self.clock.now();
        let mut tx: Tx = self.db.begin().await?;
        let mut spaces: [SpaceId; 2] = [seen.space, target.space];
        spaces.sort_unstable();
        for space in spaces {
            store::spaces::lock(&mut tx, space).await?.ok_or(Refused::NoSpace(space))?;
        }
        let page: PageRow = locked(&mut tx, id, Some(version)).await?;
        if let Some(parent) = target.parent
            && store::tree::above(&mut tx, parent).await?.contains(&id.0)
        {
            return Err(Refused::Circle.into());
        }
        let depth: usize = usize::try_from(store::tree::depth_below(&mut tx, id).await?).unwrap_or(usize::MAX);
        check_parent(&mut tx, target.space, target.parent, depth).await?;
        let before: Option<DocumentId> = target.before.filter(|before| *before != id);
        let (last, behind) = store::tree::neighbours(&mut tx, target.space, target.parent, before).await?;
        let position: String = match &behind {
            Some(behind) => position::between(last.as_deref(), Some(behind)),
            None => position::after(last.as_deref()),
        };
        store::tree::set_place(&mut tx, id, target.space, target.parent, &position).await?;
        store::rights::settle(&mut tx, id).await?;
        let more = json!({ "from": page.parent, "to": target.parent, "to_space": target.space });
        history::append(&mut tx, &page, history::MOVED, grant.actor(), now, more).await?;
        tx.commit().await?;
        // Other rights may hold there.
        self.rights_changed(None, None);
        Ok(())
    }

    /// Gives a page another address. The one it had leads on to it.
    ///
    /// # Errors
    /// [`Refused::NotFound`], [`Refused::Right`], [`Refused::Stale`], [`Refused::BadSlug`], [`Refused::SlugTaken`]. The database's, and
    /// the world's.
    pub async fn rename_page(
        &self,
        grant: &Grant<WriteDocuments>,
        id: DocumentId,
        version: i64,
        wanted: &str,
    ) -> Result<String, Error> {
        self.page_for(grant.actor(), id, Right::Write).await?;
        let new: String = slug::slug(wanted);
        if new != slug::attempt(&new, 0) || !wanted.chars().any(char::is_alphanumeric) {
            return Err(Refused::BadSlug { slug: wanted.to_owned() }.into());
        }
        let now: Time = self.clock.now();
        let mut tx: Tx = self.db.begin().await?;
        let page: PageRow = locked(&mut tx, id, Some(version)).await?;
        if new == page.slug {
            return Ok(new);
        }
        if store::tree::has_slug(&mut tx, &new, id).await? {
            return Err(Refused::SlugTaken { slug: new }.into());
        }
        if !store::tree::rename(&mut tx, &page, &new, now).await? {
            return Err(Refused::SlugTaken { slug: new }.into());
        }
        let more = json!({ "what": "slug", "from": page.slug, "to": new });
        history::append(&mut tx, &page, history::CHANGED, grant.actor(), now, more).await?;
        tx.commit().await?;
        Ok(new)
    }

    /// Sets what stands around a text: labels, who answers for it, when it is looked at again, what it watches.
    ///
    /// # Errors
    /// [`Refused::NotFound`], [`Refused::Right`], [`Refused::Stale`], [`Refused::Large`], [`Refused::BadInterval`],
    /// [`Refused::NoSuchPerson`]. The database's, and the world's.
    pub async fn set_around(
        &self,
        grant: &Grant<WriteDocuments>,
        id: DocumentId,
        version: i64,
        around: &Around,
    ) -> Result<(), Error> {
        // A postmortem that was published is still somebody's.
        let seen: PageRow = self.writable_but_for_seal(grant.actor(), id).await?;
        review::check_interval(around.review_every_days)?;
        if around.owner_person != seen.owner_person {
            self.check_people(around.owner_person).await?;
        }
        let around: Around = Around {
            labels: words("the list of labels", &around.labels)?,
            watch_paths: words("the list of paths", &around.watch_paths)?,
            alertnames: words("the list of alerts", &around.alertnames)?,
            ..around.clone()
        };
        let now: Time = self.clock.now();
        let mut tx: Tx = self.db.begin().await?;
        let page: PageRow = locked(&mut tx, id, Some(version)).await?;
        let from: Time = page.verified.as_ref().map_or(page.made_at, |verified| verified.at);
        let due: Option<Time> = match around.review_every_days {
            days if days == page.review_every_days => page.review_due_at,
            days => days.map(|days| review::due_after(from, days)),
        };
        store::around::set(&mut tx, id, &around, due).await?;
        let more = json!({
            "what": "around",
            "labels": around.labels,
            "owner_team": around.owner_team,
            "owner_person": around.owner_person,
            "review_every_days": around.review_every_days,
        });
        history::append(&mut tx, &page, history::CHANGED, grant.actor(), now, more).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Whether somebody may put a page there.
    pub(crate) async fn must_write_at(&self, actor: &Actor, space: SpaceId, parent: Option<DocumentId>) -> Result<(), Error> {
        if let Some(parent) = parent {
            self.page_for(actor, parent, Right::Write).await?;
            return Ok(());
        }
        let mut tx: Tx = self.db.begin().await?;
        let held: Right = readable(&mut tx, actor).await?.right(space, None);
        match held {
            Right::Write => Ok(()),
            Right::None => Err(Refused::NoSpace(space).into()),
            held => Err(Refused::Right { needed: Right::Write, held }.into()),
        }
    }
}

/// A parent that is there, in that space, and not too deep for a page with so many levels.
pub(super) async fn check_parent(tx: &mut Tx, space: SpaceId, parent: Option<DocumentId>, levels: usize) -> Result<(), Error> {
    let Some(parent) = parent else {
        return Ok(());
    };
    let found: PageRow = store::rows::one(tx, parent).await?.ok_or(Refused::NotFound(parent))?;
    if found.space != space || found.trashed_at.is_some() {
        return Err(Refused::NotFound(parent).into());
    }
    let depth: usize = store::tree::above(tx, parent).await?.len() + levels;
    if depth > MOST_DEEP {
        return Err(Refused::Deep { max: MOST_DEEP }.into());
    }
    Ok(())
}

/// Lines end in one way, and what no text holds is left out.
pub(crate) fn clean(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n").replace('\0', "")
}

/// Without blanks around it; not empty and no longer than `max` characters.
pub(crate) fn bounded(what: &'static str, text: &str, max: usize) -> Result<String, Refused> {
    let text: &str = text.trim();
    let n: usize = text.chars().count();
    match n {
        0 => Err(Refused::Empty { what }),
        n if n > max => Err(Refused::Large { what, n, max }),
        _ => Ok(text.to_owned()),
    }
}

/// Each once, without blanks around it, in the given order.
pub(super) fn words(what: &'static str, given: &[String]) -> Result<Vec<String>, Refused> {
    let mut kept: Vec<String> = Vec::new();
    for word in given.iter().map(|word| word.trim()).filter(|word| !word.is_empty()) {
        let word: String = bounded(what, word, MAX_WORD)?;
        if !kept.contains(&word) {
            kept.push(word);
        }
    }
    if kept.len() > MOST_WORDS {
        return Err(Refused::Large { what, n: kept.len(), max: MOST_WORDS });
    }
    Ok(kept)
}
