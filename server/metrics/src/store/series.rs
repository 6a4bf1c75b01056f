//! `metric_series`: the truth about which series there are.

use futures::TryStreamExt;
use kernel::Db;
use model::Time;
use sqlx::PgConnection;

use crate::series::Day;

/// A series as it stands in the table.
#[derive(Debug)]
pub(crate) struct StoredSeries {
    pub(crate) id: i64,
    pub(crate) labels: Vec<u8>,
    pub(crate) last_day: Day,
}

/// Enters series or confirms that they exist, and yields their ids.
///
/// `labels` is sorted and has no duplicates: two writers that enter the same series then wait for each other instead of
/// locking each other out.
pub(crate) async fn enter(
    connection: &mut PgConnection,
    labels: &[Vec<u8>],
    today: Day,
    now: Time,
) -> Result<Vec<StoredSeries>, sqlx::Error> {
    sqlx::query_as!(
        StoredSeries,
        r#"insert into metric_series (labels, last_day, created_at)
           select
             new.labels,
             date '1970-01-01' + $2::int,
             $3::timestamptz
           from unnest($1::bytea[]) as new (labels)
           order by new.labels
           on conflict (digest) do update
           set last_day = greatest(metric_series.last_day, excluded.last_day)
           returning
             id,
             labels,
             (last_day - date '1970-01-01') as "last_day!""#,
        labels,
        today,
        now.to_utc(),
    )
    .fetch_all(connection)
    .await
}

/// The series with these labels, as far as they exist.
pub(crate) async fn by_labels(db: &Db, labels: &[Vec<u8>]) -> Result<Vec<StoredSeries>, sqlx::Error> {
    sqlx::query_as!(
        StoredSeries,
        r#"select
             id,
             labels,
             (last_day - date '1970-01-01') as "last_day!"
           from metric_series
           where digest in (select sha256(wanted.labels) from unnest($1::bytea[]) as wanted (labels))"#,
        labels,
    )
    .fetch_all(db.pool())
    .await
}

/// The series with these ids, as far as they exist.
pub(crate) async fn by_ids(db: &Db, ids: &[i64]) -> Result<Vec<StoredSeries>, sqlx::Error> {
    sqlx::query_as!(
        StoredSeries,
        r#"select
             id,
             labels,
             (last_day - date '1970-01-01') as "last_day!"
           from metric_series
           where id = any($1)"#,
        ids,
    )
    .fetch_all(db.pool())
    .await
}

/// Every series that was seen on the day `since` or later, one by one.
pub(crate) async fn all(
    connection: &mut PgConnection,
    since: Day,
    mut each: impl FnMut(StoredSeries) + Send,
) -> Result<(), sqlx::Error> {
    let mut rows = sqlx::query_as!(
        StoredSeries,
        r#"select
             id,
             labels,
             (last_day - date '1970-01-01') as "last_day!"
           from metric_series
           where last_day >= date '1970-01-01' + $1::int
           order by id"#,
        since,
    )
    .fetch(connection);
    while let Some(row) = rows.try_next().await? {
        each(row);
    }
    Ok(())
}

/// Notes that samples of these series still come.
pub(crate) async fn touch(db: &Db, ids: &[i64], today: Day) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update metric_series
         set last_day = date '1970-01-01' + $2::int
         where id = any($1)
           and last_day < date '1970-01-01' + $2::int",
        ids,
        today,
    )
    .execute(db.pool())
    .await?;
    Ok(())
}

/// Forgets series of which no sample can be left. Whoever writes one of them at this moment either confirmed it before, and
/// it stays, or enters it anew.
pub(crate) async fn forget(db: &Db, before: Day) -> Result<u64, sqlx::Error> {
    let done =
        sqlx::query!("delete from metric_series where last_day < date '1970-01-01' + $1::int", before).execute(db.pool()).await?;
    Ok(done.rows_affected())
}
