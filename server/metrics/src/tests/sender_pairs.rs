//! Of two senders of a pair one is listened to.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use model::labels::Labels;
use model::time::Time;
use sqlx::PgPool;

use super::{NOON, at, clock, grant, open, open_with, read};
use crate::ingest::{Incoming, Version};
use crate::quota::Sender;
use crate::remote_write::encode;
use crate::{Config, Metrics, Sample, Written};

fn from(replica: &str, at: Time, value: f64) -> Sample {
    let labels = Labels::new([("__name__", "up"), ("__replica__", replica), ("cluster", "tokyo"), ("job", "a")]);
    Sample { labels, at, value }
}

async fn send(metrics: &Metrics, samples: &[Sample]) -> Written {
    send_as(metrics, None, samples).await
}

async fn send_as(metrics: &Metrics, sender: Option<Sender>, samples: &[Sample]) -> Written {
    let allowance = metrics.ingest.memory.allowance();
    let incoming = Incoming { version: Version::One, bytes: encode(samples).unwrap(), allowance };
    metrics.take_body(&grant(), incoming, sender).await.unwrap()
}

fn told_apart() -> Config {
    Config { ha_labels: Some(("cluster".to_owned(), "__replica__".to_owned())), ..Config::default() }
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn the_elected_senders_samples_are_taken_without_its_label(pool: PgPool) {
    let clock = clock();
    let metrics: Arc<Metrics> = open_with(&pool, &clock, told_apart()).await;
    assert_eq!(send(&metrics, &[from("one", NOON, 1.0)]).await.accepted, 1);
    // The other one is told that all is well, or it would come again.
    let twin: Written = send(&metrics, &[from("two", NOON.plus_ms(100), 2.0), from("two", NOON.plus_ms(200), 3.0)]).await;
    assert_eq!((twin.accepted, twin.n_rejected()), (2, 0));
    assert_eq!(read(&metrics, "up").await, [(NOON.0, 1.0_f64.to_bits())]);
    assert_eq!(metrics.state.own.twin_samples.load(Ordering::Relaxed), 2);
    assert!(metrics.exposition().contains("mimamori_metrics_twin_samples_total 2\n"));

    clock.set(at(1));
    assert_eq!(send(&metrics, &[from("two", at(1), 4.0)]).await.accepted, 1);
    assert_eq!(read(&metrics, "up").await, [(NOON.0, 1.0_f64.to_bits()), (at(1).0, 4.0_f64.to_bits())]);
    assert_eq!(metrics.label_names(&[]).await.unwrap().found, ["__name__", "cluster", "job"]);
    metrics.close().await;
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_pair_is_told_by_its_token_too(pool: PgPool) {
    let metrics: Arc<Metrics> = open_with(&pool, &clock(), told_apart()).await;
    let of = |number: u128| Sender { id: uuid::Uuid::from_u128(number), max_series: None, samples_per_second: None };
    send_as(&metrics, Some(of(1)), &[from("one", NOON, 1.0)]).await;
    send_as(&metrics, Some(of(2)), &[from("two", NOON.plus_ms(100), 2.0)]).await;
    send_as(&metrics, Some(of(1)), &[from("two", NOON.plus_ms(200), 3.0)]).await;
    let taken: Vec<i64> = read(&metrics, "up").await.into_iter().map(|(at, _)| at - NOON.0).collect();
    assert_eq!(taken, [0, 100]);
    metrics.close().await;
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn without_the_setting_both_are_taken_as_they_are(pool: PgPool) {
    let metrics: Arc<Metrics> = open(&pool, &clock()).await;
    send(&metrics, &[from("one", NOON, 1.0)]).await;
    send(&metrics, &[from("two", NOON, 2.0)]).await;
    assert_eq!(metrics.label_values("__replica__", crate::listing::Scope::default()).await.unwrap().found, ["one", "two"]);
    metrics.close().await;
}
