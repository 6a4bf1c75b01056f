//! Search: all that is asked for must be there; what stands in a title comes before what stands in a heading, and that before the rest; then the
//! newest change comes first.

use super::PageRow;
use super::normal::normal;
use super::rights::{Readable, readable};
use super::snippet::{self, Piece};
use super::tokens::{self, Asked};
use crate::Documents;
use crate::error::Error;
use crate::markdown;
use crate::store::pages as store;
use crate::store::pages::search::{Ask, Found, Part};
use kernel::Tx;
use model::Actor;
use model::ids::{DocumentId, IncidentId, SpaceId};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// Pages that one answer holds.
pub const MOST_HITS: usize = 50;
/// Pages of incidents that an actor may not know of are left out after they were found. Then more are looked for, each time twice as many, up to
/// so many: whoever may not know of most of what there is finds the rest as others do.
const MOST_AT_ONCE: usize = 5_000;

/// What is looked for and where.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    pub text: String,
    /// Empty: all.
    pub spaces: Vec<SpaceId>,
    /// All of them.
    pub labels: Vec<String>,
    /// Cut to 1 … [`MOST_HITS`].
    pub limit: usize,
}

impl Query {
    pub(crate) fn spaces_or_none(&self) -> Option<Vec<Uuid>> {
        (!self.spaces.is_empty()).then(|| self.spaces.iter().map(|space| space.0).collect())
    }

    pub(crate) fn labels_or_none(&self) -> Option<&[String]> {
        (!self.labels.is_empty()).then_some(self.labels.as_slice())
    }
}

/// A page that was found.
#[derive(Clone, Debug, PartialEq)]
pub struct Hit {
    pub page: PageRow,
    pub title: Vec<Piece>,
    pub snippet: Vec<Piece>,
    /// Where all of it stands.
    pub place: HitPlace,
}

/// Where all that was asked for stands, best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum HitPlace {
    Title,
    Headings,
    Text,
}

/// The answer.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Hits {
    pub hits: Vec<Hit>,
    /// There are others than these.
    pub has_more: bool,
}

impl Documents {
    /// Looks for pages as far as an actor may read them. Nothing asked for is nothing found.
    ///
    /// # Errors
    /// The database's, and the world's.
    pub async fn search(&self, actor: &Actor, query: &Query) -> Result<Hits, Error> {
        let asked: Asked = tokens::asked(&query.text);
        if asked.terms.is_empty() {
            return Ok(Hits::default());
        }
        let limit: usize = query.limit.clamp(1, MOST_HITS);
        let mut tx: Tx = self.db.begin().await?;
        let readable: Readable = readable(&mut tx, actor).await?;
        drop(tx);
        let mut eyes = Eyes { documents: self, actor, asked: HashSet::new(), seen: HashSet::new() };
        let mut found: Vec<(Uuid, HitPlace)> = Vec::new();
        for (part, place) in
            [(Part::Title, HitPlace::Title), (Part::Headings, HitPlace::Headings), (Part::Anywhere, HitPlace::Text)]
        {
            let of_part: Vec<Uuid> =
                Looked { asked: &asked, query, readable: &readable, part }.look(&found, limit + 1, &mut eyes).await?;
            found.extend(of_part.into_iter().map(|page| (page, place)));
            if found.len() > limit {
                break;
            }
        }
        let has_more: bool = found.len() > limit;
        found.truncate(limit);
        let ids: Vec<Uuid> = found.iter().map(|(page, _)| *page).collect();
        let mut tx: Tx = self.db.begin().await?;
        let pages: Vec<PageRow> = store::rows::of(&mut tx, &ids).await?;
        drop(tx);
        let places: HashMap<Uuid, HitPlace> = found.into_iter().collect();
        let hits: Vec<Hit> = pages.into_iter().filter_map(|page| hit(page, &places, &asked)).collect();
        Ok(Hits { hits, has_more })
    }
}

fn hit(page: PageRow, places: &HashMap<Uuid, HitPlace>, asked: &Asked) -> Option<Hit> {
    let place: HitPlace = places.get(&page.id.0).copied()?;
    let title: Vec<Piece> = snippet::marked(&page.title, &asked.terms);
    let snippet: Vec<Piece> = snippet::snippet(&markdown::plain(&page.body), &asked.terms);
    Some(Hit { page, title, snippet, place })
}

/// Which incidents an actor may know of, each asked once, and those of one look together.
struct Eyes<'a> {
    documents: &'a Documents,
    actor: &'a Actor,
    asked: HashSet<IncidentId>,
    seen: HashSet<IncidentId>,
}

impl Eyes<'_> {
    async fn look_at(&mut self, found: &[Found]) -> Result<(), Error> {
        let mut new: Vec<IncidentId> = found.iter().filter_map(|page| page.incident).map(IncidentId).collect();
        new.retain(|incident| self.asked.insert(*incident));
        self.seen.extend(self.documents.seen_of(self.actor, new).await?);
        Ok(())
    }

    fn see(&self, found: &Found) -> bool {
        found.incident.is_none_or(|incident| self.seen.contains(&IncidentId(incident)))
    }
}

/// One look. No connection is held while the house is asked who may know of what: that may take another one.
async fn find(documents: &Documents, ask: &Ask<'_>) -> Result<Vec<Found>, Error> {
    let mut tx: Tx = documents.db.begin().await?;
    store::search::settle(&mut tx).await?;
    store::search::find(&mut tx, ask).await
}

/// One part of pages, looked through.
struct Looked<'a> {
    asked: &'a Asked,
    query: &'a Query,
    readable: &'a Readable,
    part: Part,
}

impl Looked<'_> {
    /// Pages that are not found yet, until there are `wanted` in all or none is left.
    async fn look(&self, before: &[(Uuid, HitPlace)], wanted: usize, eyes: &mut Eyes<'_>) -> Result<Vec<Uuid>, Error> {
        let mut but: Vec<Uuid> = before.iter().map(|(page, _)| *page).collect();
        let mut kept: Vec<Uuid> = Vec::new();
        let missing: usize = wanted.saturating_sub(before.len());
        let mut n: usize = missing;
        while kept.len() < missing {
            let most: i64 = i64::try_from(n).unwrap_or(i64::MAX);
            let ask = Ask { asked: self.asked, query: self.query, readable: self.readable, part: self.part, but: &but, most };
            let found: Vec<Found> = find(eyes.documents, &ask).await?;
            eyes.look_at(&found).await?;
            kept.extend(found.iter().filter(|page| eyes.see(page)).map(|page| page.page));
            if found.len() < n {
                break;
            }
            but.extend(found.into_iter().map(|page| page.page));
            n = n.saturating_mul(2).min(MOST_AT_ONCE);
        }
        kept.truncate(missing);
        Ok(kept)
    }
}

impl Documents {
    /// Pages whose title begins with what was typed, or has it: for whoever writes a link. Those an actor may read.
    ///
    /// # Errors
    /// The database's, and the world's.
    pub async fn titles_like(
        &self,
        actor: &Actor,
        typed: &str,
        limit: usize,
    ) -> Result<Vec<(DocumentId, String, String)>, Error> {
        let query = Query { text: typed.to_owned(), limit, ..Query::default() };
        let hits: Hits = self.search(actor, &query).await?;
        let wanted: String = normal(typed.trim());
        let mut found: Vec<PageRow> =
            hits.hits.into_iter().filter(|hit| hit.place == HitPlace::Title).map(|hit| hit.page).collect();
        found.sort_by_key(|page| !normal(&page.title).starts_with(&wanted));
        Ok(found.into_iter().map(|page| (page.id, page.slug, page.title)).collect())
    }
}
