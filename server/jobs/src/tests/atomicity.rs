//! A job exists exactly when the change that made it necessary does.

use super::{START, job, put, take};
use crate::enqueue;
use kernel::{Db, Tx};
use sqlx::PgPool;

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_job_of_a_transaction_that_is_rolled_back_never_was(pool: PgPool) {
    let db = Db::from_pool(pool);
    let mut tx: Tx = db.begin().await.unwrap();
    assert!(enqueue(&mut tx, job("a")).await.unwrap().is_some());
    tx.rollback().await.unwrap();
    assert!(take(&db, START).await.is_empty());
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_job_is_nobodys_before_its_transaction_commits(pool: PgPool) {
    let db = Db::from_pool(pool);
    let mut tx: Tx = db.begin().await.unwrap();
    enqueue(&mut tx, job("a")).await.unwrap();
    assert!(take(&db, START).await.is_empty());
    tx.commit().await.unwrap();
    assert_eq!(take(&db, START).await.len(), 1);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn the_same_kind_and_key_is_the_same_job(pool: PgPool) {
    let db = Db::from_pool(pool);
    put(&db, job("a")).await;
    let mut tx: Tx = db.begin().await.unwrap();
    assert_eq!(enqueue(&mut tx, job("a")).await.unwrap(), None);
    assert!(enqueue(&mut tx, job("b")).await.unwrap().is_some());
    tx.commit().await.unwrap();
    assert_eq!(take(&db, START).await.len(), 2);
}
