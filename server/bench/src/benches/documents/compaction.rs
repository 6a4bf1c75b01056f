//! Long logs that are due to be gathered while people type somewhere else: how long one takes, and what they notice of it.

use super::crowd::{Crowd, Outcome};
use super::places::Places;
use super::stage::Stage;
use super::{BENCH, p99, trace};
use crate::error::Error;
use crate::line::Line;
use kernel::Db;
use std::time::{Duration, Instant};
use uuid::Uuid;

const N_LOGS: usize = 8;
const N_CHANGES: usize = 50_000;
/// Rows of one statement.
const AT_ONCE: usize = 10_000;
const CONNECTIONS: u32 = 2;
/// Until those who type have settled.
const FIRST: Duration = Duration::from_secs(2);
const LOOK: Duration = Duration::from_millis(10);
const PATIENCE: Duration = Duration::from_secs(120);

/// Types for so long without the logs, and as long with them.
pub(super) async fn run(lasts: Duration) -> Result<Vec<Line>, Error> {
    let changes: Vec<Vec<u8>> = tokio::task::spawn_blocking(|| trace::changes(N_CHANGES)).await??;
    let stage: Stage = Stage::open(1, 1 + N_LOGS).await?;
    let db: Db = Db::lazy(&stage.url(), CONNECTIONS).map_err(failed("open the database"))?;
    let (typed, logs): (&[Uuid], &[Uuid]) = stage.places.documents.split_at(1);
    for log in logs {
        fill(&db, *log, &changes).await?;
    }
    let crowd = Crowd { n_editors: 20, every: Duration::from_millis(200), breaks_after: None, lasts };
    let places: Places = stage.places.only(typed);
    let before: Outcome = crowd.run(&places).await?;
    let n_bytes: usize = changes.iter().map(Vec::len).sum();
    let (during, took) = tokio::join!(crowd.run(&places), gathered(&db, logs, n_bytes));
    let (during, took): (Outcome, Vec<f64>) = (during?, took?);
    db.pool().close().await;
    stage.close().await?;
    let slowest: f64 = took.into_iter().fold(f64::NAN, f64::max);
    Ok(vec![
        Line::lower(BENCH, "50,000 changes gathered, the slowest of seven", slowest, "s").with_goal(1.0),
        Line::lower(BENCH, "edit to other screen before, p99", p99(&before), "ms"),
        Line::lower(BENCH, "edit to other screen while logs are gathered, p99", p99(&during), "ms").with_goal(2.0 * p99(&before)),
        Line::lower(BENCH, "lines lost while logs are gathered", during.n_lost, "lines").with_goal(0.0),
    ])
}

fn failed(what: &'static str) -> impl FnOnce(sqlx::Error) -> Error {
    move |error| Error::unreadable(what, &error.to_string())
}

/// Writes changes that the text does not know of yet, so that nobody gathers them.
async fn fill(db: &Db, log: Uuid, changes: &[Vec<u8>]) -> Result<(), Error> {
    let mut first: i64 = 1;
    for part in changes.chunks(AT_ONCE) {
        let seqs: Vec<i64> = (first..).take(part.len()).collect();
        first += seqs.len() as i64;
        sqlx::query(
            "insert into collab_update (doc_id, seq, bin, at)
             select $1, went.seq, went.bin, now() from unnest($2::bigint[], $3::bytea[]) as went (seq, bin)",
        )
        .bind(log)
        .bind(seqs)
        .bind(part)
        .execute(db.pool())
        .await
        .map_err(failed("write changes"))?;
    }
    Ok(())
}

/// Makes all logs due at once, and says how many seconds each of them took but the first, which had to wait for the next look.
async fn gathered(db: &Db, logs: &[Uuid], n_bytes: usize) -> Result<Vec<f64>, Error> {
    tokio::time::sleep(FIRST).await;
    sqlx::query("update collab_doc set head_seq = $2, log_bytes = $3, edited_at = now() where id = any($1)")
        .bind(logs)
        .bind(N_CHANGES as i64)
        .bind(n_bytes as i64)
        .execute(db.pool())
        .await
        .map_err(failed("make logs due"))?;
    let began: Instant = Instant::now();
    let mut ends: Vec<Instant> = Vec::new();
    while ends.len() < logs.len() && began.elapsed() < PATIENCE {
        let n: i64 = sqlx::query_scalar("select count(*) from collab_doc where id = any($1) and snapshot_seq = head_seq")
            .bind(logs)
            .fetch_one(db.pool())
            .await
            .map_err(failed("look at logs"))?;
        let now: Instant = Instant::now();
        ends.resize(usize::try_from(n).unwrap_or_default().max(ends.len()), now);
        tokio::time::sleep(LOOK).await;
    }
    if ends.len() < logs.len() {
        return Err(Error::TooLate { what: "the last of the logs" });
    }
    Ok(ends.windows(2).map(|pair| pair[1].duration_since(pair[0]).as_secs_f64()).collect())
}
