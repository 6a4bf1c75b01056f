//! Changes of all documents of this process on their way into the database: gathered for a moment, written in one transaction, told with
//! one NOTIFY.
//!
//! A NOTIFY in every transaction would let them commit one after the other, all over the database; and a transaction a keystroke would
//! wait for the disk each time. Whatever comes while one batch commits is the next batch.

use super::desk::Ask;
use super::seat::Held;
use super::{Faults, Step, replicas};
use crate::error::Error;
use crate::store::collab::{self as store, Columns, Growth};
use crate::store::postmortems;
use bytes::Bytes;
use kernel::{Clock, Db, Tx};
use model::Time;
use model::ids::{DocumentId, PersonId};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender};
use tokio::time::Instant;
use uuid::Uuid;

/// After a batch the press rests half as long as it took, and at most so long: a database that is quick is asked often, and one that is not
/// has time for others.
const LONGEST_REST: Duration = Duration::from_millis(5);
const MOST_BYTES: usize = 256 << 10;
const MOST_CHANGES: usize = 2_000;
/// A commit that takes longer has no known outcome: its writers send again what it held.
const PATIENCE: Duration = Duration::from_secs(10);

/// One change on its way.
pub(crate) struct Item {
    pub(crate) doc: DocumentId,
    /// Of the desk, since what failed there last: what builds on that must not be written.
    pub(crate) epoch: u64,
    pub(crate) actor: Option<PersonId>,
    pub(crate) client: Option<u64>,
    pub(crate) bin: Bytes,
    pub(crate) desk: UnboundedSender<Ask>,
    /// What lets the next one in, given back when this one is written.
    pub(crate) _held: Option<Held>,
}

impl Item {
    fn source(&self) -> Source {
        (self.doc.0, self.epoch)
    }
}

/// Why a document's changes were not written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Failure {
    /// It takes none any more.
    Deleted,
    /// The database did not say that it has them, or the text was sealed meanwhile.
    Unsaved,
}

/// Whose changes they are: a document, and the epoch of one desk of it. A desk that is gone and the next one may have changes in one batch.
type Source = (Uuid, u64);

/// What becomes of the changes of one desk.
struct Outcome {
    n_changes: i64,
    /// The number of the last one; `None` when the document is deleted.
    head: Option<i64>,
}

type Outcomes = BTreeMap<Source, Outcome>;

/// What writing needs.
pub(crate) struct Press {
    /// This process.
    pub(crate) replica: Uuid,
    pub(crate) faults: Arc<Faults>,
    pub(crate) db: Db,
    pub(crate) clock: Arc<dyn Clock>,
}

/// Writes what comes until nobody can send any more.
pub(crate) async fn run(press: Press, mut items: UnboundedReceiver<Item>) {
    let mut failed: HashMap<DocumentId, u64> = HashMap::new();
    let mut next_at: Instant = Instant::now();
    while let Some(first) = items.recv().await {
        let batch: Vec<Item> = gather(first, &mut items, next_at).await;
        let batch: Vec<Item> = batch.into_iter().filter(|item| !builds_on_failure(&mut failed, item)).collect();
        if !batch.is_empty() {
            let began: Instant = Instant::now();
            settle(&press, batch, &mut failed).await;
            next_at = Instant::now() + (began.elapsed() / 2).min(LONGEST_REST);
        }
    }
}

/// What came already and what comes until `until`.
async fn gather(first: Item, items: &mut UnboundedReceiver<Item>, until: Instant) -> Vec<Item> {
    let mut n_bytes: usize = first.bin.len();
    let mut batch: Vec<Item> = vec![first];
    while n_bytes < MOST_BYTES && batch.len() < MOST_CHANGES {
        let next: Option<Item> = match items.try_recv() {
            Ok(item) => Some(item),
            Err(_) => tokio::time::timeout_at(until, items.recv()).await.ok().flatten(),
        };
        let Some(item) = next else { break };
        n_bytes += item.bin.len();
        batch.push(item);
    }
    batch
}

/// Epochs only grow, so one that is larger begins anew.
fn builds_on_failure(failed: &mut HashMap<DocumentId, u64>, item: &Item) -> bool {
    let Some(epoch) = failed.get(&item.doc) else { return false };
    if item.epoch > *epoch {
        failed.remove(&item.doc);
        return false;
    }
    true
}

async fn settle(press: &Press, batch: Vec<Item>, failed: &mut HashMap<DocumentId, u64>) {
    let written = tokio::time::timeout(PATIENCE, write(press, &batch)).await;
    let outcomes: Option<Outcomes> = match written {
        Ok(Ok(outcomes)) => Some(outcomes),
        Ok(Err(error)) => {
            tracing::error!(error = &error as &dyn std::error::Error, "changes of documents could not be saved");
            None
        }
        Err(_) => {
            tracing::error!("changes of documents were not saved in time");
            None
        }
    };
    let mut told: HashSet<Source> = HashSet::new();
    for item in &batch {
        if !told.insert(item.source()) {
            continue;
        }
        let outcome: Option<&Outcome> = outcomes.as_ref().and_then(|outcomes| outcomes.get(&item.source()));
        let ask: Ask = match outcome {
            Some(Outcome { n_changes, head: Some(head) }) => Ask::Committed { head: *head, n_changes: *n_changes },
            _ => {
                let epoch: &mut u64 = failed.entry(item.doc).or_default();
                *epoch = item.epoch.max(*epoch);
                let why: Failure = if outcome.is_some() { Failure::Deleted } else { Failure::Unsaved };
                Ask::Failed { epoch: item.epoch, why }
            }
        };
        // A desk that is gone needs no answer: whoever sat there comes back and asks.
        let _ = item.desk.send(ask);
    }
}

async fn write(press: &Press, batch: &[Item]) -> Result<Outcomes, Error> {
    let now: Time = press.clock.now();
    let mut tx: Tx = press.db.begin().await?;
    let batch: Vec<&Item> = unsealed(&mut tx, batch).await?;
    press.faults.reach(Step::Locked)?;
    if batch.is_empty() {
        return Ok(Outcomes::new());
    }
    let growth: BTreeMap<Uuid, (i64, i64)> = growth_of(&batch);
    let heads: HashMap<Uuid, i64> = store::advance(&mut tx, &columns_of(&growth), now).await?.into_iter().collect();
    let outcomes: Outcomes = outcomes_of(&batch, &growth, &heads);
    store::append(&mut tx, &rows_of(&batch, &outcomes), now).await?;
    press.faults.reach(Step::Appended)?;
    let told: Vec<(Uuid, i64)> = heads.iter().map(|(id, head)| (*id, *head)).collect();
    store::tell(&mut tx, replicas::EDITS, &[replicas::edits_payload(press.replica, &told)]).await?;
    press.faults.reach(Step::Told)?;
    tx.commit().await?;
    Ok(outcomes)
}

/// Locks the texts, and leaves out what is meant for one that is sealed: its writers come back and find that they may not write. Whoever seals a
/// text holds its lock, so that nothing comes between the last look at it and the seal.
async fn unsealed<'batch>(tx: &mut Tx, batch: &'batch [Item]) -> Result<Vec<&'batch Item>, Error> {
    let ids: BTreeSet<Uuid> = batch.iter().map(|item| item.doc.0).collect();
    let ids: Vec<Uuid> = ids.into_iter().collect();
    store::lock(tx, &ids).await?;
    // A statement of its own sees what was committed while the lock was waited for.
    let sealed: Vec<Uuid> = postmortems::rows::sealed(tx, &ids).await?;
    Ok(batch.iter().filter(|item| !sealed.contains(&item.doc.0)).collect())
}

/// By how many changes and bytes each text grows.
fn growth_of(batch: &[&Item]) -> BTreeMap<Uuid, (i64, i64)> {
    let mut growth: BTreeMap<Uuid, (i64, i64)> = BTreeMap::new();
    for item in batch {
        let grown: &mut (i64, i64) = growth.entry(item.doc.0).or_default();
        grown.0 += 1;
        grown.1 += i64::try_from(item.bin.len()).unwrap_or_default();
    }
    growth
}

fn columns_of(growth: &BTreeMap<Uuid, (i64, i64)>) -> Growth {
    let mut columns = Growth::default();
    for (id, (n_changes, n_bytes)) in growth {
        columns.docs.push(*id);
        columns.n_changes.push(*n_changes);
        columns.n_bytes.push(*n_bytes);
    }
    columns
}

/// Up to which number each desk's changes go: those of a desk that is gone are before those of the next one.
fn outcomes_of(batch: &[&Item], growth: &BTreeMap<Uuid, (i64, i64)>, heads: &HashMap<Uuid, i64>) -> Outcomes {
    let mut outcomes = Outcomes::new();
    for item in batch {
        outcomes.entry(item.source()).or_insert(Outcome { n_changes: 0, head: None }).n_changes += 1;
    }
    let before = |id: &Uuid, head: &i64| head - growth.get(id).map_or(0, |(n_changes, _)| *n_changes);
    let mut reached: HashMap<Uuid, i64> = heads.iter().map(|(id, head)| (*id, before(id, head))).collect();
    for ((id, _), outcome) in &mut outcomes {
        if let Some(seq) = reached.get_mut(id) {
            *seq += outcome.n_changes;
            outcome.head = Some(*seq);
        }
    }
    outcomes
}

/// Each change with its number. Those of a document that takes none have none.
fn rows_of(batch: &[&Item], outcomes: &Outcomes) -> Columns {
    let first = |outcome: &Outcome| outcome.head.map(|head| head - outcome.n_changes + 1);
    let mut next: HashMap<Source, i64> =
        outcomes.iter().filter_map(|(source, outcome)| Some((*source, first(outcome)?))).collect();
    let mut columns = Columns::default();
    for item in batch {
        let Some(seq) = next.get_mut(&item.source()) else { continue };
        columns.docs.push(item.doc.0);
        columns.seqs.push(*seq);
        columns.actors.push(item.actor.map(|person| person.0));
        columns.clients.push(item.client.and_then(|client| i64::try_from(client).ok()));
        columns.bins.push(item.bin.to_vec());
        *seq += 1;
    }
    columns
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::House;
    use sqlx::PgPool;
    use tokio::sync::mpsc::unbounded_channel;

    fn press(house: &House) -> Press {
        Press { replica: Uuid::nil(), faults: Arc::default(), db: house.db.clone(), clock: house.clock.clone() }
    }

    fn item(doc: DocumentId, epoch: u64, desk: &UnboundedSender<Ask>) -> Item {
        Item { doc, epoch, actor: None, client: None, bin: Bytes::from_static(&[0, 0]), desk: desk.clone(), _held: None }
    }

    #[sqlx::test(migrator = "kernel::MIGRATOR")]
    async fn a_desk_that_is_gone_and_the_next_one_are_each_told_of_their_own(pool: PgPool) {
        let house = House::new(pool);
        let (id, press) = (house.text("").await, press(&house));
        let ((gone, mut for_gone), (next, mut for_next)) = (unbounded_channel(), unbounded_channel());
        let mut failed: HashMap<DocumentId, u64> = HashMap::new();
        settle(&press, vec![item(id, 1, &gone), item(id, 1, &gone), item(id, 2, &next)], &mut failed).await;
        assert!(matches!(for_gone.try_recv(), Ok(Ask::Committed { head: 2, n_changes: 2 })));
        assert!(matches!(for_next.try_recv(), Ok(Ask::Committed { head: 3, n_changes: 1 })));
        assert_eq!(house.count("select count(distinct seq) from collab_update").await, 3);
        press.faults.set(Some(Step::Locked));
        settle(&press, vec![item(id, 2, &gone), item(id, 3, &next)], &mut failed).await;
        assert!(matches!(for_gone.try_recv(), Ok(Ask::Failed { epoch: 2, .. })));
        assert!(matches!(for_next.try_recv(), Ok(Ask::Failed { epoch: 3, .. })));
        assert!(builds_on_failure(&mut failed, &item(id, 3, &next)));
        assert!(!builds_on_failure(&mut failed, &item(id, 4, &next)), "a desk that began anew");
    }
}
