//! `doc_space`.

use super::corrupt;
use crate::error::Error;
use crate::pages::{Branch, Right, Space};
use kernel::Tx;
use model::Time;
use model::ids::{SpaceId, TeamId};
use uuid::Uuid;

struct Row {
    id: Uuid,
    branch: String,
    slug: String,
    title_ja: String,
    title_en: String,
    team: Option<Uuid>,
    everyone: String,
    version: i64,
}

impl Row {
    fn into_space(self) -> Result<Space, Error> {
        let wrong = |column: &'static str, expected: &'static str| corrupt("doc_space", column, self.id.to_string(), expected);
        let branch: Branch = Branch::from_word(&self.branch).ok_or_else(|| wrong("branch", "one of the four"))?;
        let everyone: Right = Right::from_word(&self.everyone).ok_or_else(|| wrong("everyone", "a right"))?;
        Ok(Space {
            id: SpaceId(self.id),
            branch,
            slug: self.slug,
            title_ja: self.title_ja,
            title_en: self.title_en,
            team: self.team.map(TeamId),
            everyone,
            teams: Vec::new(),
            version: self.version,
        })
    }
}

/// All that are open, in order, without what teams may.
pub(crate) async fn all(tx: &mut Tx) -> Result<Vec<Space>, Error> {
    let rows = sqlx::query_as!(
        Row,
        "select
           id,
           branch,
           slug,
           title_ja,
           title_en,
           team,
           everyone,
           version
         from doc_space
         where closed_at is null
         order by position, id",
    )
    .fetch_all(&mut **tx)
    .await?;
    rows.into_iter().map(Row::into_space).collect()
}

/// Whether everybody may at least read in a space, as far as its pages don't say otherwise.
pub(crate) async fn is_open(tx: &mut Tx, id: SpaceId) -> Result<bool, sqlx::Error> {
    let is_open: Option<bool> = sqlx::query_scalar!(
        r#"select everyone <> 'none' as "is_open!"
           from doc_space
           where id = $1"#,
        id.0,
    )
    .fetch_optional(&mut **tx)
    .await?;
    Ok(is_open.unwrap_or(false))
}

/// One of them; nobody else changes the tree below it before the transaction ends.
pub(crate) async fn lock(tx: &mut Tx, id: SpaceId) -> Result<Option<Space>, Error> {
    let row = sqlx::query_as!(
        Row,
        "select
           id,
           branch,
           slug,
           title_ja,
           title_en,
           team,
           everyone,
           version
         from doc_space
         where id = $1
           and closed_at is null
         for no key update",
        id.0,
    )
    .fetch_optional(&mut **tx)
    .await?;
    row.map(Row::into_space).transpose()
}

/// Where the last one stands.
pub(crate) async fn last_position(tx: &mut Tx) -> Result<Option<String>, Error> {
    let last: Option<String> = sqlx::query_scalar!(
        "select position
         from doc_space
         order by position desc
         limit 1",
    )
    .fetch_optional(&mut **tx)
    .await?;
    Ok(last)
}

/// Writes one, or writes it anew. `false`: its address belongs to another.
pub(crate) async fn put(tx: &mut Tx, space: &Space, position: &str) -> Result<bool, Error> {
    let done = sqlx::query!(
        "insert into doc_space (id, branch, slug, title_ja, title_en, position, team, everyone)
         select $1, $2, $3, $4, $5, $6, $7, $8
         where not exists (select 1 from doc_space where slug = $3 and id <> $1)
         on conflict (id) do update
         set title_ja = excluded.title_ja,
             title_en = excluded.title_en,
             slug = excluded.slug,
             team = excluded.team,
             everyone = excluded.everyone,
             version = doc_space.version + 1",
        space.id.0,
        space.branch.as_str(),
        space.slug,
        space.title_ja,
        space.title_en,
        position,
        space.team.map(|team| team.0),
        space.everyone.as_str(),
    )
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Closes one in which nothing is. `false`: something is.
pub(crate) async fn close(tx: &mut Tx, id: SpaceId, now: Time) -> Result<bool, Error> {
    let done = sqlx::query!(
        "update doc_space
         set closed_at = $2,
             slug = slug || '-' || id::text
         where id = $1
           and not exists (select 1 from doc_page where space = $1)",
        id.0,
        now.to_utc(),
    )
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}
