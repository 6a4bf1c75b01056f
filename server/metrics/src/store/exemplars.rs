//! `metric_exemplar`: a ring of places for each series.

use kernel::Db;
use sqlx::PgConnection;

use crate::exemplars::Placed;

/// An exemplar as it stands in the table.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct StoredExemplar {
    pub(crate) series_id: i64,
    pub(crate) at: i64,
    pub(crate) value: f64,
    pub(crate) labels: Vec<u8>,
}

/// Puts exemplars into their places, unless something newer stands there. `placed` is sorted by series and place, each place once: two
/// writers then wait for each other instead of locking each other out.
pub(crate) async fn put(connection: &mut PgConnection, placed: &[Placed]) -> Result<(), sqlx::Error> {
    let series: Vec<i64> = placed.iter().map(|one| one.series_id).collect();
    let places: Vec<i16> = placed.iter().map(|one| one.place).collect();
    let times: Vec<i64> = placed.iter().map(|one| one.at).collect();
    let values: Vec<f64> = placed.iter().map(|one| one.value).collect();
    let labels: Vec<Vec<u8>> = placed.iter().map(|one| one.labels.clone()).collect();
    sqlx::query!(
        "insert into metric_exemplar (series_id, place, at, value, labels)
         select
           came.series_id,
           came.place,
           came.at,
           came.value,
           came.labels
         from unnest($1::bigint[], $2::smallint[], $3::bigint[], $4::float8[], $5::bytea[])
           as came (series_id, place, at, value, labels)
         order by came.series_id, came.place
         on conflict (series_id, place) do update set
           at = excluded.at,
           value = excluded.value,
           labels = excluded.labels
         where (metric_exemplar.at, metric_exemplar.value) < (excluded.at, excluded.value)",
        &series[..],
        &places[..],
        &times[..],
        &values[..],
        &labels[..],
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// The exemplars of some series in `from..=to`, by series and time, at most `most`.
pub(crate) async fn between(
    db: &Db,
    series: &[i64],
    from: i64,
    to: i64,
    most: usize,
) -> Result<Vec<StoredExemplar>, sqlx::Error> {
    sqlx::query_as!(
        StoredExemplar,
        "select
           series_id,
           at,
           value,
           labels
         from metric_exemplar
         where series_id = any($1)
           and at between $2 and $3
         order by series_id, at
         limit $4",
        series,
        from,
        to,
        i64::try_from(most).unwrap_or(i64::MAX),
    )
    .fetch_all(db.pool())
    .await
}

/// Takes away what is older than `oldest` and was never overwritten: its series has no exemplars any more.
pub(crate) async fn forget(db: &Db, oldest: i64) -> Result<(), sqlx::Error> {
    sqlx::query!("delete from metric_exemplar where at < $1", oldest).execute(db.pool()).await?;
    Ok(())
}
