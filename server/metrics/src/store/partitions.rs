//! The partitions of samples: made before something is written into them, dropped whole.
//!
//! | table | partition | its name |
//! |---|---|---|
//! | `metric_batch` | half an hour of receiving; earlier releases made whole days, which stay until they are dropped | `metric_batch_20261122_1230` |
//! | `metric_chunk`, `metric_chunk_times` | a class of metrics, and in it a day of samples | `metric_chunk_c1_20261122` |
//! | `metric_roll` | a month of samples | `metric_roll_202611` |
//!
//! A table of any other name is not ours and left alone.

use chrono::{DateTime, Datelike, Months, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use kernel::{Db, Tx};
use model::Time;
use sqlx::AssertSqlSafe;

use crate::series::Day;
use crate::store::uncovered;

/// Any number that nobody else in the house takes: replicas change partitions one after the other.
const LOCK: i64 = 0x6d65_7472_6963;
const DAY_MS: i64 = 86_400_000;
/// How long one partition of batches is.
pub(crate) const BATCH_MS: i64 = 1_800_000;
/// The tables that have a partition for each class and day.
const CHUNK_TABLES: [&str; 2] = ["metric_chunk", "metric_chunk_times"];

/// From when to when the batches of a partition were received, milliseconds since the Unix epoch, the end exclusive.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Batches {
    name: String,
    from: i64,
    until: i64,
}

/// Where the partition begins that a batch received at `at` belongs into, unless an older one reaches there.
pub(crate) fn batch_begin(at: Time) -> i64 {
    at.0.div_euclid(BATCH_MS).saturating_mul(BATCH_MS)
}

/// Makes the partition of batches that begins at `begin`, unless there is one already, or a day's that holds that half hour.
///
/// The table is made first and attached then, because attaching lets others read and write meanwhile.
pub(crate) async fn make_batch(db: &Db, begin: i64) -> Result<(), sqlx::Error> {
    let mut tx: Tx = locked(db).await?;
    let until: i64 = begin.saturating_add(BATCH_MS);
    if batches(&mut tx).await?.iter().any(|have| have.from < until && have.until > begin) {
        return tx.rollback().await;
    }
    let name: String = batch_name(begin);
    // The only parts that vary are numbers of a time.
    run(&mut tx, format!("create table {name} (like metric_batch including all)")).await?;
    let range: String = format!("for values from ('{}') to ('{}')", stamp(begin), stamp(until));
    run(&mut tx, format!("alter table metric_batch attach partition {name} {range}")).await?;
    tx.commit().await
}

/// Drops partitions of batches, oldest first, as long as they ended before `ended` and each is either no longer needed (its samples
/// stand in chunks, since `settled` at the latest) or ended before `expired`. Returns how many.
pub(crate) async fn drop_batches(db: &Db, ended: Time, settled: Time, expired: Time) -> Result<usize, sqlx::Error> {
    let mut tx: Tx = locked(db).await?;
    let mut old: Vec<Batches> = batches(&mut tx).await?;
    old.retain(|have| have.until <= ended.0);
    old.sort_by_key(|have| have.from);
    let mut dropped: usize = 0;
    for have in &old {
        let is_expired: bool = have.until <= expired.0;
        if !is_expired && uncovered::is_needed(&mut tx, Time(have.from), Time(have.until), settled).await? {
            break;
        }
        run(&mut tx, format!("drop table {}", have.name)).await?;
        dropped += 1;
    }
    tx.commit().await?;
    Ok(dropped)
}

/// Makes the partitions of chunks for a class and a day unless they exist.
pub(crate) async fn make_chunks(db: &Db, class: i32, day: Day) -> Result<(), sqlx::Error> {
    let mut tx: Tx = locked(db).await?;
    for table in CHUNK_TABLES {
        make_class(&mut tx, table, class).await?;
        let name: String = format!("{table}_c{class}_{}", date(day).format("%Y%m%d"));
        if exists(&mut tx, &name).await? {
            continue;
        }
        let from: i64 = i64::from(day) * DAY_MS;
        run(&mut tx, format!("create table {name} (like {table} including all)")).await?;
        let range: String = format!("for values from ({from}) to ({})", from + DAY_MS);
        run(&mut tx, format!("alter table {table}_c{class} attach partition {name} {range}")).await?;
    }
    tx.commit().await
}

async fn make_class(tx: &mut Tx, table: &str, class: i32) -> Result<(), sqlx::Error> {
    let name: String = format!("{table}_c{class}");
    if exists(tx, &name).await? {
        return Ok(());
    }
    run(tx, format!("create table {name} (like {table} including all) partition by range (bucket)")).await?;
    run(tx, format!("alter table {table} attach partition {name} for values in ({class})")).await
}

/// Makes the partition of roll-ups for the month of `at` unless it exists.
pub(crate) async fn make_rolls(db: &Db, at: Time) -> Result<(), sqlx::Error> {
    let mut tx: Tx = locked(db).await?;
    let month: NaiveDate = month_of(at);
    let name: String = format!("metric_roll_{}", month.format("%Y%m"));
    if exists(&mut tx, &name).await? {
        return tx.rollback().await;
    }
    run(&mut tx, format!("create table {name} (like metric_roll including all)")).await?;
    let range: String = format!("for values from ({}) to ({})", ms_of(month), ms_of(next_month(month)));
    run(&mut tx, format!("alter table metric_roll attach partition {name} {range}")).await?;
    tx.commit().await
}

/// Drops the chunks of every class and day that `is_expired`. Returns how many partitions that were.
pub(crate) async fn drop_chunks(db: &Db, is_expired: impl Fn(i32, Day) -> bool + Send) -> Result<usize, sqlx::Error> {
    let mut tx: Tx = locked(db).await?;
    let mut old: Vec<String> = Vec::new();
    for table in CHUNK_TABLES {
        for name in below(&mut tx, table).await? {
            if class_and_day(table, &name).is_some_and(|(class, day)| is_expired(class, day)) {
                old.push(name);
            }
        }
    }
    drop_all(tx, &old).await
}

/// Drops the roll-ups of every month that ended on `day` or before. Returns how many partitions that were.
pub(crate) async fn drop_rolls(db: &Db, day: Day) -> Result<usize, sqlx::Error> {
    let mut tx: Tx = locked(db).await?;
    let mut old: Vec<String> = below(&mut tx, "metric_roll").await?;
    old.retain(|name| month_named(name).is_some_and(|month| next_month(month) <= date(day)));
    drop_all(tx, &old).await
}

async fn drop_all(mut tx: Tx, names: &[String]) -> Result<usize, sqlx::Error> {
    for name in names {
        run(&mut tx, format!("drop table {name}")).await?;
    }
    tx.commit().await?;
    Ok(names.len())
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

async fn exists(tx: &mut Tx, name: &str) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(r#"select to_regclass($1::text) is not null as "there!""#, name).fetch_one(&mut **tx).await
}

/// The names of a table's partitions, those of its partitions' too.
async fn below(tx: &mut Tx, table: &str) -> Result<Vec<String>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select partition.relname::text as "name!"
           from pg_partition_tree(to_regclass($1::text)) as tree
           join pg_class as partition on partition.oid = tree.relid
           where tree.isleaf
             and tree.level > 0
           order by partition.relname"#,
        table,
    )
    .fetch_all(&mut **tx)
    .await
}

async fn batches(tx: &mut Tx) -> Result<Vec<Batches>, sqlx::Error> {
    let names: Vec<String> = below(tx, "metric_batch").await?;
    Ok(names.into_iter().filter_map(batches_named).collect())
}

/// `metric_batch_20261122_1230`
fn batch_name(begin: i64) -> String {
    format!("metric_batch_{}", Time(begin).to_utc().format("%Y%m%d_%H%M"))
}

fn batches_named(name: String) -> Option<Batches> {
    let when: &str = name.strip_prefix("metric_batch_")?;
    if let Some(day) = day_named(when) {
        let from: i64 = i64::from(day) * DAY_MS;
        return Some(Batches { name, from, until: from + DAY_MS });
    }
    let begin: NaiveDateTime = NaiveDateTime::parse_from_str(&format!("{when}00"), "%Y%m%d_%H%M%S").ok()?;
    let from: i64 = begin.and_utc().timestamp_millis();
    (from.rem_euclid(BATCH_MS) == 0).then_some(Batches { name, from, until: from + BATCH_MS })
}

fn class_and_day(table: &str, name: &str) -> Option<(i32, Day)> {
    let (class, day) = name.strip_prefix(table)?.strip_prefix("_c")?.split_once('_')?;
    Some((class.parse().ok()?, day_named(day)?))
}

/// The first day of `metric_roll_202611`.
fn month_named(name: &str) -> Option<NaiveDate> {
    NaiveDate::parse_from_str(&format!("{}01", name.strip_prefix("metric_roll_")?), "%Y%m%d").ok()
}

/// `20261122`
fn day_named(text: &str) -> Option<Day> {
    if text.len() != "20261122".len() {
        return None;
    }
    let date: NaiveDate = NaiveDate::parse_from_str(text, "%Y%m%d").ok()?;
    let days: i64 = date.signed_duration_since(NaiveDate::default()).num_days();
    Day::try_from(days).ok()
}

fn date(day: Day) -> NaiveDate {
    DateTime::from_timestamp_millis(i64::from(day) * DAY_MS).map_or(NaiveDate::MIN, |at| at.date_naive())
}

fn month_of(at: Time) -> NaiveDate {
    let date: NaiveDate = at.to_utc().date_naive();
    date.with_day(1).unwrap_or(date)
}

fn next_month(month: NaiveDate) -> NaiveDate {
    month.checked_add_months(Months::new(1)).unwrap_or(NaiveDate::MAX)
}

fn ms_of(date: NaiveDate) -> i64 {
    date.and_time(NaiveTime::MIN).and_utc().timestamp_millis()
}

/// `2026-11-22 12:30:00+00`
fn stamp(at: i64) -> String {
    let at: DateTime<Utc> = Time(at).to_utc();
    format!("{}+00", at.format("%Y-%m-%d %H:%M:%S"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-11-22 12:30, UTC.
    const HALF_PAST_TWELVE: i64 = 1_795_350_600_000;

    fn named(name: &str) -> Option<(i64, i64)> {
        batches_named(name.to_owned()).map(|batches| (batches.from, batches.until))
    }

    #[test]
    fn a_half_hour_and_its_partition_name_each_other() {
        assert_eq!(batch_begin(Time(HALF_PAST_TWELVE + 1_799_999)), HALF_PAST_TWELVE);
        assert_eq!(batch_name(HALF_PAST_TWELVE), "metric_batch_20261122_1230");
        assert_eq!(named("metric_batch_20261122_1230"), Some((HALF_PAST_TWELVE, HALF_PAST_TWELVE + BATCH_MS)));
        assert_eq!(stamp(HALF_PAST_TWELVE), "2026-11-22 12:30:00+00");
    }

    #[test]
    fn a_day_of_an_earlier_release_is_known_and_strangers_are_not() {
        let midnight: i64 = 20_779 * DAY_MS;
        assert_eq!(named("metric_batch_20261122"), Some((midnight, midnight + DAY_MS)));
        for stranger in ["metric_batch_of_old", "metric_batch_20261122_1231", "metric_batch_2026112", "metric_batch_20261322"] {
            assert_eq!(named(stranger), None, "{stranger}");
        }
    }

    #[test]
    fn classes_days_and_months_are_read_from_names() {
        assert_eq!(class_and_day("metric_chunk", "metric_chunk_c12_20261122"), Some((12, 20_779)));
        assert_eq!(class_and_day("metric_chunk", "metric_chunk_times_c12_20261122"), None);
        assert_eq!(class_and_day("metric_chunk_times", "metric_chunk_times_c12_20261122"), Some((12, 20_779)));
        assert_eq!(month_named("metric_roll_202612"), NaiveDate::from_ymd_opt(2026, 12, 1));
        assert_eq!(month_named("metric_roll_2026"), None);
        let december: NaiveDate = month_of(Time(HALF_PAST_TWELVE + 10 * DAY_MS));
        assert_eq!(next_month(december), NaiveDate::from_ymd_opt(2027, 1, 1).unwrap());
        assert_eq!(ms_of(december), 1_796_083_200_000);
    }
}
