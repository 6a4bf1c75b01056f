//! Several processes over one database: the log is what they share, and NOTIFY only says where to look.
//!
//! A process that hears nothing asks for the heads of its documents all ten seconds, and after every break of the connection it listens on.
//! Where the database is reached through a pooler that hands out a connection a transaction, LISTEN hears nothing: then ten seconds is what
//! it takes. Carets go over a channel of their own, at most ten times a second, and may be lost.

use super::carets::Entry;
use super::desk::Ask;
use crate::Documents;
use crate::error::Error;
use crate::store::collab::{self as store, Head};
use kernel::Tx;
use model::ids::DocumentId;
use sqlx::postgres::PgListener;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::time::Duration;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// "Such documents go up to here."
pub(crate) const EDITS: &str = "mimamori_documents";
/// "Such people are there."
pub(crate) const CARETS: &str = "mimamori_document_carets";
/// "All documents that are open: look."
const ALL: &str = "*";
/// Postgres takes less than 8,000 bytes.
const MOST_PAYLOAD_BYTES: usize = 7_000;
const LOOK_EVERY: Duration = Duration::from_secs(10);
const CARETS_EVERY: Duration = Duration::from_millis(100);
const LISTEN_AGAIN_AFTER: Duration = Duration::from_secs(1);

/// What other processes are to hear of carets: the newest of each, by document and number.
pub(crate) type CaretsOut = HashMap<DocumentId, BTreeMap<u64, Entry>>;

/// What a payload about edits says.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Edited {
    /// Documents and their heads.
    These(Vec<(DocumentId, i64)>),
    All,
}

pub(crate) fn edits_payload(replica: Uuid, heads: &[(Uuid, i64)]) -> String {
    let mut payload: String = replica.simple().to_string();
    for (id, head) in heads {
        let word: String = format!(" {}:{head}", id.simple());
        if payload.len() + word.len() > MOST_PAYLOAD_BYTES {
            return format!("{} {ALL}", replica.simple());
        }
        payload.push_str(&word);
    }
    payload
}

/// Who says it, and what. What can't be read is taken for "look".
fn read_edits(payload: &str) -> (Option<Uuid>, Edited) {
    let mut words = payload.split(' ');
    let replica: Option<Uuid> = words.next().and_then(|word| word.parse().ok());
    let pair = |word: &str| -> Option<(DocumentId, i64)> {
        let (id, head) = word.split_once(':')?;
        Some((DocumentId(id.parse().ok()?), head.parse().ok()?))
    };
    let heads: Option<Vec<(DocumentId, i64)>> = words.map(pair).collect();
    (replica, heads.map_or(Edited::All, Edited::These))
}

/// Lines of a document, a number, a clock and a state, behind the line of who says it.
fn caret_payloads(replica: Uuid, carets: CaretsOut) -> Vec<String> {
    let head: String = replica.simple().to_string();
    let mut payloads: Vec<String> = Vec::new();
    let mut payload: String = head.clone();
    for (id, entries) in carets {
        for entry in entries.into_values() {
            // A state as JSON is written on one line.
            let line: String = format!("\n{} {} {} {}", id.0.simple(), entry.client, entry.clock, entry.state);
            if head.len() + line.len() > MOST_PAYLOAD_BYTES {
                continue;
            }
            if payload.len() + line.len() > MOST_PAYLOAD_BYTES {
                payloads.push(std::mem::replace(&mut payload, head.clone()));
            }
            payload.push_str(&line);
        }
    }
    if payload.len() > head.len() {
        payloads.push(payload);
    }
    payloads
}

fn read_carets(payload: &str) -> (Option<Uuid>, HashMap<DocumentId, Vec<Entry>>) {
    let mut lines = payload.split('\n');
    let replica: Option<Uuid> = lines.next().and_then(|word| word.parse().ok());
    let mut carets: HashMap<DocumentId, Vec<Entry>> = HashMap::new();
    for line in lines {
        if let Some((id, entry)) = read_caret(line) {
            carets.entry(id).or_default().push(entry);
        }
    }
    (replica, carets)
}

fn read_caret(line: &str) -> Option<(DocumentId, Entry)> {
    let mut words = line.splitn(4, ' ');
    let id = DocumentId(words.next()?.parse().ok()?);
    let (client, clock) = (words.next()?.parse().ok()?, words.next()?.parse().ok()?);
    Some((id, Entry { client, clock, state: words.next()?.to_owned() }))
}

/// Hears others and is heard, until `stop`.
pub(crate) async fn run(documents: Documents, stop: CancellationToken) {
    tokio::join!(hear(&documents, stop.clone()), look(&documents, stop.clone()), be_seen(&documents, stop));
}

async fn hear(documents: &Documents, stop: CancellationToken) {
    while !stop.is_cancelled() {
        let heard = tokio::select! {
            () = stop.cancelled() => return,
            heard = listen(documents) => heard,
        };
        if let Err(error) = heard {
            tracing::warn!(error = &error as &dyn std::error::Error, "edits of other processes can't be heard now");
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(LISTEN_AGAIN_AFTER) => {}
        }
    }
}

/// Listens until the connection can't be had again.
async fn listen(documents: &Documents) -> Result<(), sqlx::Error> {
    let mut listener: PgListener = PgListener::connect_with(documents.db.pool()).await?;
    listener.listen_all([EDITS, CARETS]).await?;
    documents.look_at_heads().await;
    loop {
        match listener.try_recv().await? {
            Some(said) if said.channel() == CARETS => documents.heard_carets(said.payload()),
            Some(said) => documents.heard_edits(said.payload()).await,
            // The connection was made anew: what was said meanwhile is lost.
            None => documents.look_at_heads().await,
        }
    }
}

async fn look(documents: &Documents, stop: CancellationToken) {
    let mut ticks = kernel::Ticks::every(LOOK_EVERY, stop);
    while ticks.next().await {
        documents.look_at_heads().await;
    }
}

async fn be_seen(documents: &Documents, stop: CancellationToken) {
    let mut ticks = kernel::Ticks::every(CARETS_EVERY, stop);
    while ticks.next().await {
        if let Err(error) = documents.tell_carets().await {
            tracing::debug!(error = &error as &dyn std::error::Error, "carets could not be told to other processes");
        }
    }
}

impl Documents {
    async fn heard_edits(&self, payload: &str) {
        let (replica, edited) = read_edits(payload);
        if replica == Some(self.collab.shared.replica) {
            return;
        }
        match edited {
            Edited::These(heads) => heads.into_iter().for_each(|(id, head)| self.ask_if_open(id, Ask::Heard { head })),
            Edited::All => self.look_at_heads().await,
        }
    }

    fn heard_carets(&self, payload: &str) {
        let (replica, carets) = read_carets(payload);
        if replica == Some(self.collab.shared.replica) {
            return;
        }
        for (id, entries) in carets {
            self.ask_if_open(id, Ask::Overheard { entries });
        }
    }

    /// Tells every open document how far it is in the log.
    pub(crate) async fn look_at_heads(&self) {
        let open: Vec<Uuid> = self.open_ids().iter().map(|id| id.0).collect();
        if open.is_empty() {
            return;
        }
        let heads: Vec<Head> = match store::heads(&self.db, &open).await {
            Ok(heads) => heads,
            Err(error) => {
                tracing::warn!(error = &error as &dyn std::error::Error, "the heads of open documents can't be asked for");
                return;
            }
        };
        let mut missing: HashSet<Uuid> = open.into_iter().collect();
        for head in heads {
            missing.remove(&head.id.0);
            let ask: Ask = if head.is_deleted { Ask::Gone } else { Ask::Heard { head: head.head_seq } };
            self.ask_if_open(head.id, ask);
        }
        missing.into_iter().for_each(|id| self.ask_if_open(DocumentId(id), Ask::Gone));
    }

    async fn tell_carets(&self) -> Result<(), Error> {
        let carets: CaretsOut = self.collab.shared.take_carets();
        if carets.is_empty() {
            return Ok(());
        }
        let payloads: Vec<String> = caret_payloads(self.collab.shared.replica, carets);
        let mut tx: Tx = self.db.begin().await?;
        store::tell(&mut tx, CARETS, &payloads).await?;
        tx.commit().await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_of_edits_is_understood() {
        let replica: Uuid = Uuid::from_u128(1);
        let heads: Vec<(Uuid, i64)> = vec![(Uuid::from_u128(2), 3), (Uuid::from_u128(4), 5)];
        let expected: Vec<(DocumentId, i64)> = heads.iter().map(|(id, head)| (DocumentId(*id), *head)).collect();
        assert_eq!(read_edits(&edits_payload(replica, &heads)), (Some(replica), Edited::These(expected)));
        let many: Vec<(Uuid, i64)> = (0..1_000).map(|n| (Uuid::from_u128(n), 1)).collect();
        let payload: String = edits_payload(replica, &many);
        assert!(payload.len() < 8_000);
        assert_eq!(read_edits(&payload), (Some(replica), Edited::All));
        assert_eq!(read_edits("nonsense a:b"), (None, Edited::All));
    }

    #[test]
    fn carets_fit_into_what_postgres_takes() {
        let replica: Uuid = Uuid::from_u128(1);
        let id = DocumentId(Uuid::from_u128(2));
        let entry = |client: u64| Entry { client, clock: 1, state: format!(r#"{{"a b":"{}"}}"#, "x".repeat(1_000)) };
        let entries: BTreeMap<u64, Entry> = (0..20).map(|client| (client, entry(client))).collect();
        let payloads: Vec<String> = caret_payloads(replica, HashMap::from([(id, entries.clone())]));
        assert!(payloads.len() > 1 && payloads.iter().all(|payload| payload.len() < 8_000));
        let read: Vec<Entry> =
            payloads.iter().flat_map(|payload| read_carets(payload).1.remove(&id).unwrap_or_default()).collect();
        assert_eq!(read, entries.into_values().collect::<Vec<_>>());
        assert_eq!(read_carets(&payloads[0]).0, Some(replica));
        assert!(caret_payloads(replica, HashMap::new()).is_empty());
    }
}
