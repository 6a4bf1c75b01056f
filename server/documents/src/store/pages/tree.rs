//! `doc_page` as a tree, and `doc_slug`.

use super::utc;
use crate::error::Error;
use crate::pages::PageRow;
use crate::pages::tree::Node;
use kernel::Tx;
use model::Time;
use model::ids::{DocumentId, SpaceId};
use std::collections::HashSet;
use uuid::Uuid;

/// Writes a new page; `everyone` and what is counted stay as the table says. `false`: another page has its address. Who writes the same address at
/// this moment is waited for.
pub(crate) async fn add(tx: &mut Tx, page: &PageRow) -> Result<bool, Error> {
    let done = sqlx::query!(
        "insert into doc_page (
           id, space, parent, position, slug, title, locale, incident, template, is_template, labels, watch_paths, alertnames,
           owner_team, owner_person, review_every_days, review_due_at, body_md, file_name, is_crlf, has_bom, made_by, made_at,
           edited_at, edit_told_at
         )
         values (
           $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $23, $23
         )
         on conflict (slug) do nothing",
        page.id.0,
        page.space.0,
        page.parent.map(|parent| parent.0),
        page.position,
        page.slug,
        page.title,
        page.language.as_str(),
        page.incident.map(|incident| incident.0),
        page.template,
        page.is_template,
        &page.labels,
        &page.watch_paths,
        &page.alertnames,
        page.owner_team.map(|team| team.0),
        page.owner_person.map(|person| person.0),
        page.review_every_days,
        utc(page.review_due_at),
        page.body,
        page.file_name,
        page.is_crlf,
        page.has_bom,
        page.made_by,
        page.made_at.to_utc(),
    )
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Whether a page or the way to one has this address already; `but`: not counting that one.
pub(crate) async fn has_slug(tx: &mut Tx, slug: &str, but: DocumentId) -> Result<bool, Error> {
    let has: bool =
        sqlx::query_scalar!(r#"select exists (select 1 from doc_page where slug = $1 and id <> $2) as "has!""#, slug, but.0,)
            .fetch_one(&mut **tx)
            .await?;
    Ok(has)
}

/// Gives a page another address; the one it had leads on to it. `false`: another page took it this moment, and the transaction is over.
pub(crate) async fn rename(tx: &mut Tx, page: &PageRow, slug: &str, now: Time) -> Result<bool, Error> {
    // Whoever takes an address that another page had before takes it from there.
    sqlx::query!("delete from doc_slug where slug = $1", slug).execute(&mut **tx).await?;
    sqlx::query!(
        "insert into doc_slug (slug, page, left_at)
         values ($1, $2, $3)
         on conflict (slug) do update
         set page = excluded.page,
             left_at = excluded.left_at",
        page.slug,
        page.id.0,
        now.to_utc(),
    )
    .execute(&mut **tx)
    .await?;
    let done = sqlx::query!(
        "update doc_page
         set slug = $2,
             version = version + 1
         where id = $1",
        page.id.0,
        slug,
    )
    .execute(&mut **tx)
    .await;
    match done {
        Err(sqlx::Error::Database(error)) if error.is_unique_violation() => Ok(false),
        other => Ok(other.map(|_| true)?),
    }
}

/// A new page takes an address that another had before.
pub(crate) async fn take_slug(tx: &mut Tx, slug: &str) -> Result<(), Error> {
    sqlx::query!("delete from doc_slug where slug = $1", slug).execute(&mut **tx).await?;
    Ok(())
}

/// Where the neighbours of one place stand: the last one, or the two around the place before `before`.
pub(crate) async fn neighbours(
    tx: &mut Tx,
    space: SpaceId,
    parent: Option<DocumentId>,
    before: Option<DocumentId>,
) -> Result<(Option<String>, Option<String>), Error> {
    let behind: Option<String> = match before {
        None => None,
        Some(before) => {
            sqlx::query_scalar!(
                "select position
                 from doc_page
                 where id = $1
                   and space = $2
                   and parent is not distinct from $3",
                before.0,
                space.0,
                parent.map(|parent| parent.0),
            )
            .fetch_optional(&mut **tx)
            .await?
        }
    };
    let last: Option<String> = sqlx::query_scalar!(
        r#"select position
           from doc_page
           where space = $1
             and parent is not distinct from $2
             and ($3::text is null or position < $3 collate "C")
           order by position desc
           limit 1"#,
        space.0,
        parent.map(|parent| parent.0),
        behind.as_deref(),
    )
    .fetch_optional(&mut **tx)
    .await?;
    Ok((last, behind))
}

/// Moves a page to a place; what is below it comes along.
pub(crate) async fn set_place(
    tx: &mut Tx,
    id: DocumentId,
    space: SpaceId,
    parent: Option<DocumentId>,
    position: &str,
) -> Result<(), Error> {
    sqlx::query!(
        "update doc_page
         set parent = $2,
             position = $3,
             version = version + 1
         where id = $1",
        id.0,
        parent.map(|parent| parent.0),
        position,
    )
    .execute(&mut **tx)
    .await?;
    sqlx::query!(
        "with recursive below (id) as (
           select $1::uuid
           union all
           select page.id
           from doc_page page
           join below on page.parent = below.id
         )
         update doc_page page
         set space = $2
         from below
         where page.id = below.id
           and page.space <> $2",
        id.0,
        space.0,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// A page and those above it, the nearest first.
pub(crate) async fn above(tx: &mut Tx, id: DocumentId) -> Result<Vec<Uuid>, Error> {
    let ids = sqlx::query_scalar!(
        r#"with recursive above (id, parent, n) as (
             select id, parent, 0
             from doc_page
             where id = $1
             union all
             select page.id, page.parent, above.n + 1
             from doc_page page
             join above on page.id = above.parent
             where above.n < 100
           )
           select id as "id!"
           from above
           order by n"#,
        id.0,
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(ids)
}

/// How many pages stand below each other from this one on, counting it.
pub(crate) async fn depth_below(tx: &mut Tx, id: DocumentId) -> Result<i64, Error> {
    let depth: Option<i32> = sqlx::query_scalar!(
        "with recursive below (id, n) as (
           select $1::uuid, 1
           union all
           select page.id, below.n + 1
           from doc_page page
           join below on page.parent = below.id
           where below.n < 100
         )
         select max(n)
         from below",
        id.0,
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(i64::from(depth.unwrap_or(1)))
}

/// The page that came in under this name at this place, if it is still there.
pub(crate) async fn named(
    tx: &mut Tx,
    space: SpaceId,
    parent: Option<DocumentId>,
    file_name: &str,
) -> Result<Option<DocumentId>, Error> {
    let id: Option<Uuid> = sqlx::query_scalar!(
        "select id
         from doc_page
         where space = $1
           and parent is not distinct from $2
           and file_name = $3
           and trashed_at is null
         order by id
         limit 1",
        space.0,
        parent.map(|parent| parent.0),
        file_name,
    )
    .fetch_optional(&mut **tx)
    .await?;
    Ok(id.map(DocumentId))
}

/// How the file of a page was written.
pub(crate) async fn set_file(tx: &mut Tx, id: DocumentId, is_crlf: bool, has_bom: bool) -> Result<(), Error> {
    sqlx::query!(
        "update doc_page
         set is_crlf = $2,
             has_bom = $3
         where id = $1",
        id.0,
        is_crlf,
        has_bom,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// The names of the templates that pages of a space were made from.
pub(crate) async fn templates_of(tx: &mut Tx, space: SpaceId) -> Result<HashSet<String>, Error> {
    let names: Vec<String> = sqlx::query_scalar!(
        r#"select distinct template as "template!"
           from doc_page
           where space = $1
             and template is not null
             and trashed_at is null"#,
        space.0,
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(names.into_iter().collect())
}

/// Every page of a space as the tree shows it, parents in no order, neighbours in theirs.
pub(crate) async fn nodes(tx: &mut Tx, space: SpaceId, most: i64) -> Result<Vec<Node>, Error> {
    let rows = sqlx::query!(
        "select
           id,
           parent,
           slug,
           title,
           file_name,
           incident,
           right_page,
           review_due_at,
           verified_at,
           must_review_at,
           is_template
         from doc_page
         where space = $1
           and trashed_at is null
         order by position, id
         limit $2",
        space.0,
        most,
    )
    .fetch_all(&mut **tx)
    .await?;
    let nodes = rows.into_iter().map(|row| Node {
        id: DocumentId(row.id),
        parent: row.parent.map(DocumentId),
        slug: row.slug,
        title: row.title,
        file_name: row.file_name,
        incident: row.incident.map(model::ids::IncidentId),
        right_page: row.right_page.map(DocumentId),
        review_due_at: super::time(row.review_due_at),
        is_verified: row.verified_at.is_some(),
        must_review: row.must_review_at.is_some(),
        is_template: row.is_template,
    });
    Ok(nodes.collect())
}
