//! `metric_class`: the numbers by which chunks name the class of their metrics.

use kernel::Db;

/// A class as it stands in the table.
#[derive(Debug)]
pub(crate) struct ClassRow {
    pub(crate) id: i32,
    pub(crate) prefix: String,
}

/// Enters the classes of these prefixes unless they are known, and yields their numbers.
pub(crate) async fn enter(db: &Db, prefixes: &[String]) -> Result<Vec<ClassRow>, sqlx::Error> {
    sqlx::query!(
        "insert into metric_class (prefix)
         select wanted.prefix
         from unnest($1::text[]) as wanted (prefix)
         where not exists (select 1 from metric_class as known where known.prefix = wanted.prefix)
         order by wanted.prefix
         on conflict (prefix) do nothing",
        prefixes,
    )
    .execute(db.pool())
    .await?;
    sqlx::query_as!(
        ClassRow,
        "select
           id,
           prefix
         from metric_class
         where prefix = any($1)",
        prefixes,
    )
    .fetch_all(db.pool())
    .await
}
