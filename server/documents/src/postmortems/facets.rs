//! What a postmortem is sorted and reminded by, what an organisation asks of all of them, and graphs that are kept with one.

use crate::Documents;
use crate::error::Error;
use crate::pages::Right;
use crate::postmortems::graph::{self, Named, Snapshot};
use crate::postmortems::looking::locked;
use crate::postmortems::needs::{GraphWish, Happened, Kept};
use crate::postmortems::{Facets, MAX_REASON, MAX_TAG, MAX_TAGS, Postmortem, Refused, SeenPostmortem, history};
use crate::store;
use kernel::{Fact, Grant, Tx, facts};
use model::access::{SetUpIncidents, WriteDocuments};
use model::ids::{DocumentId, PersonId};
use model::postmortem::{Factor, Policy};
use model::{Actor, Time};
use serde_json::json;

/// Points in time of a graph that is kept, and bytes of its data.
const MOST_STEPS: i64 = 11_000;
const MOST_DATA: usize = 2_000_000;
/// Characters of a title and of a query.
const MAX_TITLE: usize = 200;
const MAX_QUERY: usize = 10_000;

impl Documents {
    /// What the organisation asks, and the version of that; 0 before anybody said so.
    ///
    /// # Errors
    /// The database's.
    pub async fn postmortem_policy(&self) -> Result<(i64, Policy), Error> {
        let mut tx: Tx = self.db.begin().await?;
        Ok(store::postmortems::setup::policy(&mut tx).await?.unwrap_or_default())
    }

    /// Says what the organisation asks. Deadlines that were set stay as they are.
    ///
    /// # Errors
    /// [`Refused::BadPolicy`], [`Refused::Stale`]. The database's.
    pub async fn set_postmortem_policy(&self, grant: &Grant<SetUpIncidents>, version: i64, policy: &Policy) -> Result<(), Error> {
        if !policy.is_possible() {
            return Err(Refused::BadPolicy.into());
        }
        let (actor, at): (&Actor, Time) = (grant.actor(), self.clock.now());
        let mut tx: Tx = self.db.begin().await?;
        let found: i64 = store::postmortems::setup::policy(&mut tx).await?.map_or(0, |(version, _)| version);
        if found != version || !store::postmortems::setup::save(&mut tx, version, policy, actor.name(), at).await? {
            return Err(Refused::Stale { expected: version, found }.into());
        }
        let body = serde_json::to_value(policy)?;
        facts::append(&mut tx, &Fact { kind: history::SET_UP, actor, subject: "postmortems".to_owned(), body, at }).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Writes what it is sorted and reminded by, in whatever state it is.
    ///
    /// # Errors
    /// [`Refused::NotFound`], [`Refused::Stale`], [`Refused::Large`], [`Refused::NoSuchPerson`]. The database's, and the world's.
    pub async fn describe_postmortem(
        &self,
        grant: &Grant<WriteDocuments>,
        seen: SeenPostmortem,
        facets: &Facets,
    ) -> Result<Postmortem, Error> {
        let (actor, now): (&Actor, Time) = (grant.actor(), self.clock.now());
        let happened: Happened = self.must_have_happened(actor, seen.incident).await?;
        let looked: Postmortem = self.looked_at_postmortem(seen.incident).await?;
        self.must_write_postmortem(actor, looked.doc).await?;
        let facets: Facets = self.checked_facets(facets).await?;
        let mut tx: Tx = self.db.begin().await?;
        let mut postmortem: Postmortem = locked(&mut tx, seen).await?;
        let body = json!({
            "owner": facets.owner,
            "due_at": facets.due_at,
            "was_due_at": postmortem.facets.due_at,
            "factors": facets.factors.iter().map(|factor| factor.as_str()).collect::<Vec<&str>>(),
            "tags": facets.tags,
        });
        postmortem.facets = facets;
        postmortem.version += 1;
        store::postmortems::rows::save(&mut tx, &postmortem).await?;
        history::append(&mut tx, &happened, history::DESCRIBED, actor, now, body).await?;
        tx.commit().await?;
        Ok(postmortem)
    }

    async fn checked_facets(&self, facets: &Facets) -> Result<Facets, Error> {
        if let Some(owner) = facets.owner {
            let known: Vec<(PersonId, String)> = self.needs.postmortems.people(&[owner]).await?;
            if known.is_empty() {
                return Err(Refused::NoSuchPerson.into());
            }
        }
        let mut factors: Vec<Factor> = facets.factors.clone();
        factors.sort_unstable();
        factors.dedup();
        let scope: String = facets.scope.trim().to_owned();
        bounded("the scope", scope.chars().count(), MAX_REASON)?;
        Ok(Facets { factors, tags: checked_tags(&facets.tags)?, scope, ..facets.clone() })
    }

    /// Keeps a graph with a postmortem as it is now: query, data and drawing. Its id stands in the text: `ops-graph <id>`.
    ///
    /// # Errors
    /// [`Refused::NotFound`], [`Refused::NotBegun`], [`Refused::NoGraph`], [`Refused::BadTime`], [`Refused::Large`]. The database's, and the world's.
    pub async fn keep_graph(
        &self,
        grant: &Grant<WriteDocuments>,
        seen: SeenPostmortem,
        wish: &GraphWish,
    ) -> Result<String, Error> {
        let (actor, now): (&Actor, Time) = (grant.actor(), self.clock.now());
        check_wish(wish)?;
        let happened: Happened = self.must_have_happened(actor, seen.incident).await?;
        let looked: Postmortem = self.looked_at_postmortem(seen.incident).await?;
        let doc: DocumentId = looked.doc.ok_or(Refused::NotBegun(seen.incident))?;
        self.must_write_postmortem(actor, Some(doc)).await?;
        let data = self.needs.postmortems.measure(wish).await.map_err(|error| Refused::NoGraph { reason: error.reason })?;
        bounded("the graph", data.to_string().len(), MOST_DATA)?;
        let kept = Kept {
            title: wish.title.trim().to_owned(),
            query: wish.query.clone(),
            from: wish.from,
            until: wish.until,
            step_ms: wish.step_ms,
            data,
            at: now,
        };
        let snapshot: Snapshot = graph::snapshot(&kept, actor.name(), &self.house_zone(), looked.locale);
        let mut tx: Tx = self.db.begin().await?;
        store::postmortems::graphs::add(&mut tx, doc, &snapshot).await?;
        let body = json!({ "graph": snapshot.id, "query": snapshot.query });
        history::append(&mut tx, &happened, history::GRAPH_KEPT, actor, now, body).await?;
        tx.commit().await?;
        Ok(snapshot.id)
    }

    /// A graph that was kept with a document, for whoever may read that: to be drawn and zoomed by `graph::plot_of`.
    ///
    /// # Errors
    /// The database's, and the world's.
    pub async fn kept_graph(&self, actor: &Actor, doc: DocumentId, id: &str) -> Result<Option<Snapshot>, Error> {
        if self.right_of(actor, doc).await? < Right::Read {
            return Ok(None);
        }
        let mut tx: Tx = self.db.begin().await?;
        Ok(store::postmortems::graphs::of(&mut tx, doc, &[id.to_owned()]).await?.pop())
    }

    /// The graphs that were kept with a document, by name, for whoever may read that.
    ///
    /// # Errors
    /// The database's, and the world's.
    pub async fn kept_graphs(&self, actor: &Actor, doc: DocumentId) -> Result<Vec<Named>, Error> {
        if self.right_of(actor, doc).await? < Right::Read {
            return Ok(Vec::new());
        }
        let mut tx: Tx = self.db.begin().await?;
        store::postmortems::graphs::named(&mut tx, doc).await
    }
}

fn bounded(what: &'static str, n: usize, max: usize) -> Result<(), Refused> {
    if n > max { Err(Refused::Large { what, n, max }) } else { Ok(()) }
}

/// Small letters, each once, none empty.
fn checked_tags(tags: &[String]) -> Result<Vec<String>, Refused> {
    let mut tags: Vec<String> = tags.iter().map(|tag| tag.trim().to_lowercase()).filter(|tag| !tag.is_empty()).collect();
    tags.sort();
    tags.dedup();
    bounded("the list of tags", tags.len(), MAX_TAGS)?;
    for tag in &tags {
        bounded("a tag", tag.chars().count(), MAX_TAG)?;
    }
    Ok(tags)
}

fn check_wish(wish: &GraphWish) -> Result<(), Refused> {
    if wish.title.trim().is_empty() || wish.query.trim().is_empty() {
        return Err(Refused::NoGraph { reason: "title and query are expected".to_owned() });
    }
    bounded("the title", wish.title.chars().count(), MAX_TITLE)?;
    bounded("the query", wish.query.chars().count(), MAX_QUERY)?;
    if wish.until <= wish.from || wish.step_ms <= 0 {
        return Err(Refused::BadTime { what: "the stretch", way: "the wrong way round" });
    }
    if wish.until.since(wish.from) / wish.step_ms > MOST_STEPS {
        return Err(Refused::BadTime { what: "the stretch", way: "too far apart for its steps" });
    }
    Ok(())
}
