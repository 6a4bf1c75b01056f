//! `metric_roll`: what remains of samples for long ranges.

use futures::TryStreamExt;
use sqlx::PgConnection;

use crate::compact::rolls::RollPiece;
use crate::series::Day;
use crate::store::series::StoredSeries;

/// Roll-ups as they stand in the table.
#[derive(Debug)]
pub(crate) struct StoredRolls {
    pub(crate) bucket: i64,
    pub(crate) run: i32,
    pub(crate) seq: i32,
    pub(crate) format: i16,
    pub(crate) body: Vec<u8>,
}

/// Writes roll-ups of one window.
pub(crate) async fn insert(connection: &mut PgConnection, bucket: i64, run: i32, piece: &RollPiece) -> Result<(), sqlx::Error> {
    let n: i64 = i64::try_from(piece.rolls.n).unwrap_or(i64::MAX);
    let series: i32 = i32::try_from(piece.rolls.series).unwrap_or(i32::MAX);
    sqlx::query!(
        "insert into metric_roll (bucket, width_ms, run, seq, name_first, name_last, n, series, format, body)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        bucket,
        piece.width_ms,
        run,
        piece.seq,
        &piece.names.first[..],
        &piece.names.last[..],
        n,
        series,
        piece.rolls.format,
        &piece.rolls.body[..],
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// The roll-ups of one width in the windows whose buckets lie in `first..=last`, window by window, earlier runs first; with a `name`
/// those that may hold that metric.
pub(crate) async fn read(
    connection: &mut PgConnection,
    width_ms: i32,
    (first, last): (i64, i64),
    name: Option<&[u8]>,
    mut each: impl FnMut(StoredRolls) + Send,
) -> Result<(), sqlx::Error> {
    let mut rows = sqlx::query_as!(
        StoredRolls,
        "select
           bucket,
           run,
           seq,
           format,
           body
         from metric_roll
         where width_ms = $1
           and bucket between $2 and $3
           and ($4::bytea is null or (name_first <= $4 and name_last >= $4))
         order by
           bucket,
           run,
           seq",
        width_ms,
        first,
        last,
        name,
    )
    .fetch(connection);
    while let Some(row) = rows.try_next().await? {
        each(row);
    }
    Ok(())
}

/// Series that were last seen on a day from `first` to before `end`, one by one: those that the index has forgotten while their roll-ups
/// are kept. With a `pair` only those whose canonical labels contain these bytes.
pub(crate) async fn rested(
    connection: &mut PgConnection,
    first: Day,
    end: Day,
    pair: &[u8],
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
             and last_day < date '1970-01-01' + $2::int
             and position($3::bytea in labels) > 0
           order by id"#,
        first,
        end,
        pair,
    )
    .fetch(connection);
    while let Some(row) = rows.try_next().await? {
        each(row);
    }
    Ok(())
}
