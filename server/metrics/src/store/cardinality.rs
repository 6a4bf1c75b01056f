//! What samples take on disk, and which series are new: for whoever asks where the space goes.

use chrono::{DateTime, Utc};
use kernel::Db;
use model::Time;

/// Bytes on disk by what they hold, and how far back samples reach.
#[derive(Clone, Copy, Debug)]
pub(crate) struct StorageRow {
    /// Tables with what is stored apart from them, without their indexes; the next three too.
    pub(crate) batches: i64,
    pub(crate) chunks: i64,
    pub(crate) rolls: i64,
    pub(crate) labels: i64,
    /// Of all these tables.
    pub(crate) indexes: i64,
    /// Where the oldest compacted window begins, milliseconds since the Unix epoch.
    pub(crate) oldest_window: Option<i64>,
    /// Time of the oldest sample of the batch that came first.
    pub(crate) oldest_batch: Option<i64>,
    /// Where the oldest roll-up begins.
    pub(crate) oldest_roll: Option<i64>,
}

/// Measures. Windows before `kept_since` are passed over: they are forgotten somewhat later than their chunks.
///
/// Sizes are those of files, so this reads no rows but the first of an index.
pub(crate) async fn storage(db: &Db, kept_since: i64) -> Result<StorageRow, sqlx::Error> {
    sqlx::query_as!(
        StorageRow,
        r#"select
             (select coalesce(sum(pg_table_size(part.relid)), 0)
              from pg_partition_tree('metric_batch'::regclass) as part
              where part.isleaf)::bigint as "batches!",
             (select coalesce(sum(pg_table_size(part.relid)), 0)
              from (values ('metric_chunk'::regclass), ('metric_chunk_times'::regclass)) as root (id)
              cross join pg_partition_tree(root.id) as part
              where part.isleaf)::bigint as "chunks!",
             (select coalesce(sum(pg_table_size(part.relid)), 0)
              from pg_partition_tree('metric_roll'::regclass) as part
              where part.isleaf)::bigint as "rolls!",
             pg_table_size('metric_series'::regclass) as "labels!",
             ((select coalesce(sum(pg_indexes_size(part.relid)), 0)
               from (values
                 ('metric_batch'::regclass),
                 ('metric_chunk'::regclass),
                 ('metric_chunk_times'::regclass),
                 ('metric_roll'::regclass)) as root (id)
               cross join pg_partition_tree(root.id) as part
               where part.isleaf) + pg_indexes_size('metric_series'::regclass))::bigint as "indexes!",
             (select min(bucket) from metric_window where bucket >= $1) as oldest_window,
             (select tmin from metric_batch order by received_at limit 1) as oldest_batch,
             (select min(bucket) from metric_roll) as oldest_roll"#,
        kept_since,
    )
    .fetch_one(db.pool())
    .await
}

/// The ids of the series entered at `since` or later, newest first, at most `most`.
///
/// Numbers are given in the order of entering, so the newest are found by the key and no index on the time is needed.
pub(crate) async fn entered_since(db: &Db, since: Time, most: i64) -> Result<Vec<i64>, sqlx::Error> {
    let since: DateTime<Utc> = since.to_utc();
    sqlx::query_scalar!(
        r#"select newest.id as "id!"
           from (select id, created_at from metric_series order by id desc limit $2) as newest
           where newest.created_at >= $1"#,
        since,
        most,
    )
    .fetch_all(db.pool())
    .await
}
