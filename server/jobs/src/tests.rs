//! The promises of the README, on a real Postgres.

mod atomicity;
mod claiming;
mod fencing;
mod recurring;
mod working;

use crate::{Claimed, Job, claim, enqueue};
use kernel::{Db, Tx};
use model::Time;
use serde_json::json;

/// Some morning.
const START: Time = Time(1_795_305_600_000);

fn job(key: &str) -> Job {
    Job { kind: "test.work".to_owned(), key: key.to_owned(), run_at: START, payload: json!({ "key": key }) }
}

async fn put(db: &Db, job: Job) {
    let mut tx: Tx = db.begin().await.unwrap();
    enqueue(&mut tx, job).await.unwrap();
    tx.commit().await.unwrap();
}

/// Claims up to twenty jobs of the tests' kind.
async fn take(db: &Db, now: Time) -> Vec<Claimed> {
    let mut tx: Tx = db.begin().await.unwrap();
    let claimed = claim(&mut tx, &["test.work".to_owned()], 20, now).await.unwrap();
    tx.commit().await.unwrap();
    claimed
}

/// The one job that is due.
async fn take_one(db: &Db, now: Time) -> Claimed {
    let mut claimed = take(db, now).await;
    assert_eq!(claimed.len(), 1);
    claimed.remove(0)
}
