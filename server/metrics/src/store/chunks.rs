//! `metric_chunk` and `metric_chunk_times`: the samples of closed windows. What is committed here is to be read: a run is written by one
//! transaction, together with its watermark.

use futures::TryStreamExt;
use sqlx::PgConnection;

use crate::chunk::EncodedChunk;

/// The chunks that were written together, with time columns of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Run {
    pub(crate) class: i32,
    pub(crate) bucket: i64,
    pub(crate) run: i32,
}

/// The first and the last metric of a chunk.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Names {
    pub(crate) first: Vec<u8>,
    pub(crate) last: Vec<u8>,
}

/// Which chunks may hold what is asked for.
#[derive(Clone, Debug)]
pub(crate) struct Wanted {
    /// Buckets in `first..=last`.
    pub(crate) first: i64,
    pub(crate) last: i64,
    /// Samples in `from..=to`.
    pub(crate) from: i64,
    pub(crate) to: i64,
    /// The one metric that is asked for, if it is one.
    pub(crate) name: Option<Vec<u8>>,
}

/// A chunk's directory as it stands in the table.
#[derive(Debug)]
pub(crate) struct StoredDirectory {
    pub(crate) run: Run,
    pub(crate) seq: i32,
    pub(crate) format: i16,
    pub(crate) dir: Vec<u8>,
}

/// A chunk as it stands in the table.
#[derive(Debug)]
pub(crate) struct StoredChunk {
    pub(crate) seq: i32,
    pub(crate) format: i16,
    pub(crate) dir: Vec<u8>,
    pub(crate) body: Vec<u8>,
}

/// A part of a run's time columns.
#[derive(Debug)]
pub(crate) struct StoredTimes {
    pub(crate) part: i32,
    pub(crate) body: Vec<u8>,
}

/// Writes one chunk.
pub(crate) async fn insert(
    connection: &mut PgConnection,
    run: Run,
    seq: i32,
    names: &Names,
    chunk: &EncodedChunk,
) -> Result<(), sqlx::Error> {
    let n: i64 = i64::try_from(chunk.n).unwrap_or(i64::MAX);
    let series: i32 = i32::try_from(chunk.series).unwrap_or(i32::MAX);
    sqlx::query!(
        "insert into metric_chunk (class, bucket, run, seq, name_first, name_last, tmin, tmax, n, series, format, dir, body)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        run.class,
        run.bucket,
        run.run,
        seq,
        &names.first[..],
        &names.last[..],
        chunk.tmin,
        chunk.tmax,
        n,
        series,
        chunk.format,
        &chunk.dir[..],
        &chunk.body[..],
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Writes one part of a run's time columns.
pub(crate) async fn insert_times(connection: &mut PgConnection, run: Run, part: i32, body: &[u8]) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into metric_chunk_times (class, bucket, run, part, body)
         values ($1, $2, $3, $4, $5)",
        run.class,
        run.bucket,
        run.run,
        part,
        body,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// The directories of the chunks that may hold what is wanted, one by one, run by run.
pub(crate) async fn directories(
    connection: &mut PgConnection,
    wanted: &Wanted,
    mut each: impl FnMut(StoredDirectory) + Send,
) -> Result<(), sqlx::Error> {
    let mut rows = sqlx::query!(
        "select
           class,
           bucket,
           run,
           seq,
           format,
           dir
         from metric_chunk
         where bucket between $1 and $2
           and tmin <= $4
           and tmax >= $3
           and ($5::bytea is null or (name_first <= $5 and name_last >= $5))
         order by
           class,
           bucket,
           run,
           seq",
        wanted.first,
        wanted.last,
        wanted.from,
        wanted.to,
        wanted.name.as_deref(),
    )
    .fetch(connection);
    while let Some(row) = rows.try_next().await? {
        let run = Run { class: row.class, bucket: row.bucket, run: row.run };
        each(StoredDirectory { run, seq: row.seq, format: row.format, dir: row.dir });
    }
    Ok(())
}

/// Some chunks of a run, whole.
pub(crate) async fn bodies(connection: &mut PgConnection, run: Run, seqs: &[i32]) -> Result<Vec<StoredChunk>, sqlx::Error> {
    sqlx::query_as!(
        StoredChunk,
        "select
           seq,
           format,
           dir,
           body
         from metric_chunk
         where class = $1
           and bucket = $2
           and run = $3
           and seq = any($4)
         order by seq",
        run.class,
        run.bucket,
        run.run,
        seqs,
    )
    .fetch_all(connection)
    .await
}

/// Some parts of a run's time columns.
pub(crate) async fn times(connection: &mut PgConnection, run: Run, parts: &[i32]) -> Result<Vec<StoredTimes>, sqlx::Error> {
    sqlx::query_as!(
        StoredTimes,
        "select
           part,
           body
         from metric_chunk_times
         where class = $1
           and bucket = $2
           and run = $3
           and part = any($4)",
        run.class,
        run.bucket,
        run.run,
        parts,
    )
    .fetch_all(connection)
    .await
}
