//! `metric_batch` where no chunk stands for it: what a query must still read, and what compaction has yet to do.
//!
//! A batch is covered in a window when its number is not above the one that `metric_window_writer` has for its writer there.

use chrono::{DateTime, Utc};
use futures::TryStreamExt;
use kernel::Tx;
use model::Time;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::compact::bucket::WINDOW_MS;
use crate::store::batches::StoredBatch;

/// Where batches of one window are looked for, and which times are wanted of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Search {
    /// The window in which a batch must not be covered.
    pub(crate) bucket: i64,
    /// Received no earlier than this …
    pub(crate) since: Time,
    /// … and no later than this.
    pub(crate) until: Time,
    /// The oldest time that is wanted, milliseconds since the Unix epoch.
    pub(crate) low: i64,
    /// The newest.
    pub(crate) high: i64,
}

/// The same column by column, as the database takes it.
struct Columns {
    buckets: Vec<i64>,
    since: Vec<DateTime<Utc>>,
    until: Vec<DateTime<Utc>>,
    low: Vec<i64>,
    high: Vec<i64>,
}

impl Columns {
    fn of(searches: &[Search]) -> Self {
        Self {
            buckets: searches.iter().map(|search| search.bucket).collect(),
            since: searches.iter().map(|search| search.since.to_utc()).collect(),
            until: searches.iter().map(|search| search.until.to_utc()).collect(),
            low: searches.iter().map(|search| search.low).collect(),
            high: searches.iter().map(|search| search.high).collect(),
        }
    }
}

/// How many samples those batches hold.
pub(crate) async fn count(connection: &mut PgConnection, searches: &[Search]) -> Result<u64, sqlx::Error> {
    let columns = Columns::of(searches);
    let n: i64 = sqlx::query_scalar!(
        r#"select coalesce(sum(batch.n), 0)::bigint as "n!"
           from unnest($1::bigint[], $2::timestamptz[], $3::timestamptz[], $4::bigint[], $5::bigint[])
             as search (bucket, since, until, low, high)
           join metric_batch as batch
             on batch.received_at between search.since and search.until
             and batch.tmin <= search.high
             and batch.tmax >= search.low
           where not exists (
             select 1
             from metric_window_writer as covered
             where covered.bucket = search.bucket
               and covered.writer_id = batch.writer_id
               and covered.wseq >= batch.wseq
           )"#,
        &columns.buckets[..],
        &columns.since[..],
        &columns.until[..],
        &columns.low[..],
        &columns.high[..],
    )
    .fetch_one(connection)
    .await?;
    Ok(u64::try_from(n).unwrap_or(0))
}

/// The buckets in which there is such a batch, in order.
pub(crate) async fn buckets(connection: &mut PgConnection, searches: &[Search]) -> Result<Vec<i64>, sqlx::Error> {
    let columns = Columns::of(searches);
    sqlx::query_scalar!(
        r#"select search.bucket as "bucket!"
           from unnest($1::bigint[], $2::timestamptz[], $3::timestamptz[], $4::bigint[], $5::bigint[])
             as search (bucket, since, until, low, high)
           where exists (
             select 1
             from metric_batch as batch
             where batch.received_at between search.since and search.until
               and batch.tmin <= search.high
               and batch.tmax >= search.low
               and not exists (
                 select 1
                 from metric_window_writer as covered
                 where covered.bucket = search.bucket
                   and covered.writer_id = batch.writer_id
                   and covered.wseq >= batch.wseq
               )
           )
           order by search.bucket"#,
        &columns.buckets[..],
        &columns.since[..],
        &columns.until[..],
        &columns.low[..],
        &columns.high[..],
    )
    .fetch_all(connection)
    .await
}

struct Row {
    low: i64,
    high: i64,
    writer_id: Uuid,
    wseq: i64,
    received_at: DateTime<Utc>,
    format: i16,
    body: Vec<u8>,
}

/// Reads those batches one by one, each with the times that are wanted of it. One that reaches into two windows comes twice, with
/// other times.
pub(crate) async fn read(
    connection: &mut PgConnection,
    searches: &[Search],
    mut each: impl FnMut(StoredBatch, (i64, i64)) + Send,
) -> Result<(), sqlx::Error> {
    let columns = Columns::of(searches);
    let mut rows = sqlx::query_as!(
        Row,
        r#"select
             search.low as "low!",
             search.high as "high!",
             batch.writer_id,
             batch.wseq,
             batch.received_at,
             batch.format,
             batch.body
           from unnest($1::bigint[], $2::timestamptz[], $3::timestamptz[], $4::bigint[], $5::bigint[])
             as search (bucket, since, until, low, high)
           join metric_batch as batch
             on batch.received_at between search.since and search.until
             and batch.tmin <= search.high
             and batch.tmax >= search.low
           where not exists (
             select 1
             from metric_window_writer as covered
             where covered.bucket = search.bucket
               and covered.writer_id = batch.writer_id
               and covered.wseq >= batch.wseq
           )"#,
        &columns.buckets[..],
        &columns.since[..],
        &columns.until[..],
        &columns.low[..],
        &columns.high[..],
    )
    .fetch(connection);
    while let Some(row) = rows.try_next().await? {
        let stored = StoredBatch {
            writer_id: row.writer_id,
            wseq: row.wseq,
            received_at: Time::from_utc(row.received_at),
            format: row.format,
            body: row.body,
        };
        each(stored, (row.low, row.high));
    }
    Ok(())
}

/// When the oldest batch was received that is still there.
pub(crate) async fn oldest(connection: &mut PgConnection) -> Result<Option<Time>, sqlx::Error> {
    let oldest: Option<DateTime<Utc>> =
        sqlx::query_scalar!("select min(received_at) from metric_batch").fetch_one(connection).await?;
    Ok(oldest.map(Time::from_utc))
}

/// Whether a batch received in `from..until` has a sample in any window that does not stand in chunks for it since `settled` at the
/// latest. Exact, unlike a search: no assumption about clocks is made before something is dropped.
pub(crate) async fn is_needed(tx: &mut Tx, from: Time, until: Time, settled: Time) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(
        r#"with touching as (
             select
               batch.writer_id,
               touched.bucket,
               max(batch.wseq) as wseq
             from metric_batch as batch
             cross join lateral generate_series(batch.tmin - mod(batch.tmin, $4::bigint), batch.tmax, $4::bigint) as touched (bucket)
             where batch.received_at >= $1
               and batch.received_at < $2
             group by batch.writer_id, touched.bucket
           )
           select exists (
             select 1
             from touching
             where not exists (
               select 1
               from metric_window as compacted
               join metric_window_writer as covered on covered.bucket = compacted.bucket
               where compacted.bucket = touching.bucket
                 and compacted.compacted_at <= $3
                 and covered.writer_id = touching.writer_id
                 and covered.wseq >= touching.wseq
             )
           ) as "needed!""#,
        from.to_utc(),
        until.to_utc(),
        settled.to_utc(),
        WINDOW_MS,
    )
    .fetch_one(&mut **tx)
    .await
}
