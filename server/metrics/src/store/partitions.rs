//! The daily partitions of `metric_batch`: made ahead, dropped whole.

use chrono::{DateTime, NaiveDate};
use kernel::{Db, Tx};
use sqlx::AssertSqlSafe;

use crate::series::Day;

/// Any number that nobody else in the house takes: replicas change partitions one after the other.
const LOCK: i64 = 0x6d65_7472_6963;
const PREFIX: &str = "metric_batch_";

/// Makes the partition of `day` unless it exists.
///
/// The table is made first and attached then, because attaching lets others read and write meanwhile.
pub(crate) async fn make(db: &Db, day: Day) -> Result<(), sqlx::Error> {
    let mut tx: Tx = locked(db).await?;
    if list(&mut tx).await?.contains(&day) {
        return tx.rollback().await;
    }
    let (name, from, to) = (name(day), date(day), date(day.saturating_add(1)));
    // The only parts that vary are numbers of a date.
    run(&mut tx, format!("create table {name} (like metric_batch including all)")).await?;
    let range: String = format!("for values from ('{from} 00:00:00+00') to ('{to} 00:00:00+00')");
    run(&mut tx, format!("alter table metric_batch attach partition {name} {range}")).await?;
    tx.commit().await
}

/// Drops every partition of a day before `day`. Returns how many.
pub(crate) async fn drop_before(db: &Db, day: Day) -> Result<usize, sqlx::Error> {
    let mut tx: Tx = locked(db).await?;
    let mut old: Vec<Day> = list(&mut tx).await?;
    old.retain(|have| *have < day);
    for have in &old {
        run(&mut tx, format!("drop table {}", name(*have))).await?;
    }
    tx.commit().await?;
    Ok(old.len())
}

async fn run(tx: &mut Tx, statement: String) -> Result<(), sqlx::Error> {
    sqlx::query(AssertSqlSafe(statement)).persistent(false).execute(&mut **tx).await?;
    Ok(())
}

/// A transaction that only one replica has at a time, and that gives up rather than make writers queue behind it.
async fn locked(db: &Db) -> Result<Tx, sqlx::Error> {
    let mut tx: Tx = db.begin().await?;
    sqlx::query!("select set_config('lock_timeout', '2s', true) as setting").fetch_one(&mut *tx).await?;
    sqlx::query!("select pg_advisory_xact_lock($1)", LOCK).execute(&mut *tx).await?;
    Ok(tx)
}

/// The days that have a partition. A table of another name is not ours and left alone.
async fn list(tx: &mut Tx) -> Result<Vec<Day>, sqlx::Error> {
    let names: Vec<String> = sqlx::query_scalar!(
        r#"select partition.relname::text as "name!"
           from pg_inherits
           join pg_class as partition on partition.oid = pg_inherits.inhrelid
           where pg_inherits.inhparent = 'metric_batch'::regclass"#,
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(names.iter().filter_map(|name| day(name)).collect())
}

/// `2026-11-22`
fn date(day: Day) -> NaiveDate {
    const DAY_S: i64 = 86_400;
    DateTime::from_timestamp(i64::from(day) * DAY_S, 0).map_or(NaiveDate::MIN, |at| at.date_naive())
}

fn name(day: Day) -> String {
    format!("{PREFIX}{}", date(day).format("%Y%m%d"))
}

fn day(name: &str) -> Option<Day> {
    let date: NaiveDate = NaiveDate::parse_from_str(name.strip_prefix(PREFIX)?, "%Y%m%d").ok()?;
    let days: i64 = date.signed_duration_since(NaiveDate::default()).num_days();
    Day::try_from(days).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_and_its_partition_name_each_other() {
        assert_eq!(name(0), "metric_batch_19700101");
        assert_eq!(name(20_779), "metric_batch_20261122");
        assert_eq!(day("metric_batch_20261122"), Some(20_779));
        assert_eq!(day("metric_batch_of_old"), None);
    }
}
