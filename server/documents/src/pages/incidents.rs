//! After an incident the runbooks that were used in it must be looked at: those that somebody worked through, and those of its alerts.
//!
//! The Facts of incidents say when one is resolved. They are read by one process at a time, which holds the row of the place it has reached; the
//! place moves on in the same transaction in which pages are marked, so nothing is missed and nothing is marked twice.

use super::{PageRow, Right, history};
use crate::Documents;
use crate::error::Error;
use crate::store::pages as store;
use kernel::Tx;
use kernel::facts::{self, Recorded};
use model::Time;
use model::ids::{DocumentId, IncidentId};
use serde_json::{Value, json};
use uuid::Uuid;

/// Facts that are read at once.
const BATCH: i64 = 500;
const READER: &str = "pages";
/// An incident went on, or back.
const MOVED: &str = "IncidentMoved";
const RESOLVED: &str = "resolved";

/// What a Fact says of an incident that moved.
#[derive(Debug, PartialEq, Eq)]
enum Moved {
    Resolved(IncidentId),
    /// What is private says nothing but that it moved.
    Somehow(IncidentId),
}

fn moved(fact: &Recorded) -> Option<Moved> {
    let number: i64 = fact.subject.strip_prefix("incident/")?.parse().ok()?;
    if fact.kind != MOVED {
        return None;
    }
    match (fact.body["status"].as_str(), fact.body["private"].as_bool()) {
        (Some(RESOLVED), _) => Some(Moved::Resolved(IncidentId(number))),
        (_, Some(true)) => Some(Moved::Somehow(IncidentId(number))),
        _ => None,
    }
}

impl Documents {
    /// Reads what is new, if nobody else does.
    pub(crate) async fn read_incidents(&self, now: Time) -> Result<(), Error> {
        let mut tx: Tx = self.db.begin().await?;
        let Some(at) = store::cursor::take(&mut tx, READER).await? else {
            if !store::cursor::is_begun(&mut tx, READER).await? {
                store::cursor::begin(&mut tx, READER, facts::newest(&self.db).await?).await?;
                tx.commit().await?;
            }
            return Ok(());
        };
        let batch: Vec<Recorded> = facts::read_after(&self.db, at, BATCH).await?;
        let Some(last) = batch.last().map(|fact| fact.cursor) else {
            return Ok(());
        };
        for moved in batch.iter().filter_map(moved) {
            match moved {
                Moved::Resolved(incident) => {
                    let why: Value = json!({ "what": "incident", "incident": incident });
                    self.used_in(&mut tx, incident, &why, now).await?;
                }
                Moved::Somehow(incident) => {
                    // Whoever reads the page must not learn that there is such an incident.
                    if self.needs.pages.is_over(incident).await? {
                        self.used_in(&mut tx, incident, &json!({ "what": "incident" }), now).await?;
                    }
                }
            }
        }
        store::cursor::advance(&mut tx, READER, last).await?;
        tx.commit().await?;
        Ok(())
    }

    async fn used_in(&self, tx: &mut Tx, incident: IncidentId, why: &Value, now: Time) -> Result<(), Error> {
        let alertnames: Vec<String> = self.needs.pages.alertnames(incident).await?;
        let mut ids: Vec<Uuid> = store::runs::pages_of_incident(tx, incident).await?;
        ids.extend(store::rows::of_alertnames(tx, &alertnames).await?);
        ids.sort_unstable();
        ids.dedup();
        for page in store::rows::of(tx, &ids).await? {
            if page.trashed_at.is_none() {
                self.must_review(tx, &page, why, &history::worker(), now).await?;
            }
        }
        Ok(())
    }

    /// Runbooks that match an incident: those of its alerts, then those that were worked through in it, as far as an actor may read them.
    ///
    /// # Errors
    /// The database's, and the world's.
    pub async fn runbooks_of_incident(&self, actor: &model::Actor, incident: IncidentId) -> Result<Vec<PageRow>, Error> {
        if !self.needs.pages.sees_incident(actor, incident).await? {
            return Ok(Vec::new());
        }
        let alertnames: Vec<String> = self.needs.pages.alertnames(incident).await?;
        let mut tx: Tx = self.db.begin().await?;
        let mut ids: Vec<Uuid> = store::rows::of_alertnames(&mut tx, &alertnames).await?;
        for id in store::runs::pages_of_incident(&mut tx, incident).await? {
            if !ids.contains(&id) {
                ids.push(id);
            }
        }
        let pages: Vec<PageRow> = store::rows::of(&mut tx, &ids).await?;
        drop(tx);
        self.readable_of(actor, pages).await
    }

    /// The documents that were written of an incident, as far as an actor may read them.
    ///
    /// # Errors
    /// The database's, and the world's.
    pub async fn documents_of_incident(&self, actor: &model::Actor, incident: IncidentId) -> Result<Vec<DocumentId>, Error> {
        let mut tx: Tx = self.db.begin().await?;
        let ids: Vec<Uuid> = store::rows::of_incident(&mut tx, incident).await?;
        drop(tx);
        let mut found: Vec<DocumentId> = Vec::new();
        for id in ids {
            if self.right_of(actor, DocumentId(id)).await? >= Right::Read {
                found.push(DocumentId(id));
            }
        }
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::facts::Cursor;

    #[test]
    fn an_incident_is_used_up_when_it_is_resolved() {
        let fact = |kind: &str, subject: &str, body: Value| Recorded {
            cursor: Cursor { xact: 1, id: 1 },
            kind: kind.to_owned(),
            actor: json!({}),
            subject: subject.to_owned(),
            body,
            at: Time(1),
        };
        let read = |kind: &str, subject: &str, body: Value| moved(&fact(kind, subject, body));
        assert_eq!(read(MOVED, "incident/7", json!({ "status": "resolved" })), Some(Moved::Resolved(IncidentId(7))));
        assert_eq!(read(MOVED, "incident/7", json!({ "private": true })), Some(Moved::Somehow(IncidentId(7))));
        assert_eq!(read(MOVED, "incident/7", json!({ "status": "mitigated" })), None);
        assert_eq!(read("IncidentNoted", "incident/7", json!({ "status": "resolved" })), None);
        assert_eq!(read(MOVED, "alert/7", json!({ "status": "resolved" })), None);
    }
}
