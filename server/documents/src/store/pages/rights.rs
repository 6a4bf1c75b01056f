//! `doc_space_right` and `doc_page_right`.

use super::corrupt;
use crate::error::Error;
use crate::pages::Right;
use kernel::Tx;
use model::ids::{DocumentId, SpaceId, TeamId};
use std::collections::HashMap;
use uuid::Uuid;

fn right(table: &'static str, row: Uuid, word: &str) -> Result<Right, Error> {
    Right::from_word(word).ok_or_else(|| corrupt(table, "level", row.to_string(), "a right"))
}

/// A page with rights of its own: what everybody may, and what teams may besides.
pub(crate) type OwnRights = (DocumentId, Right, Vec<(TeamId, Right)>);

/// What teams may do in every space.
pub(crate) async fn of_spaces(tx: &mut Tx) -> Result<HashMap<SpaceId, Vec<(TeamId, Right)>>, Error> {
    let rows = sqlx::query!(
        "select
           space,
           team,
           level
         from doc_space_right
         order by space, team",
    )
    .fetch_all(&mut **tx)
    .await?;
    let mut found: HashMap<SpaceId, Vec<(TeamId, Right)>> = HashMap::new();
    for row in rows {
        let level: Right = right("doc_space_right", row.space, &row.level)?;
        found.entry(SpaceId(row.space)).or_default().push((TeamId(row.team), level));
    }
    Ok(found)
}

/// The rights of a page that has its own.
pub(crate) async fn of_page(tx: &mut Tx, page: DocumentId) -> Result<Vec<(TeamId, Right)>, Error> {
    let rows = sqlx::query!(
        "select
           team,
           level
         from doc_page_right
         where page = $1
         order by team",
        page.0,
    )
    .fetch_all(&mut **tx)
    .await?;
    rows.into_iter().map(|row| Ok((TeamId(row.team), right("doc_page_right", page.0, &row.level)?))).collect()
}

/// Every page with rights of its own: what everybody may, and what teams may.
pub(crate) async fn of_pages(tx: &mut Tx) -> Result<Vec<OwnRights>, Error> {
    let rows = sqlx::query!(
        r#"select
             page.id,
             page.everyone as "everyone!",
             given.team as "team?",
             given.level as "level?"
           from doc_page page
           left join doc_page_right given on given.page = page.id
           where page.right_page = page.id
             and page.everyone is not null
           order by page.id, given.team"#,
    )
    .fetch_all(&mut **tx)
    .await?;
    let mut found: Vec<OwnRights> = Vec::new();
    for row in rows {
        let everyone: Right = right("doc_page", row.id, &row.everyone)?;
        if found.last().is_none_or(|(id, _, _)| id.0 != row.id) {
            found.push((DocumentId(row.id), everyone, Vec::new()));
        }
        if let (Some((_, _, teams)), Some((team, level))) = (found.last_mut(), row.team.zip(row.level)) {
            teams.push((TeamId(team), right("doc_page_right", row.id, &level)?));
        }
    }
    Ok(found)
}

/// Where a page has its rights from.
pub(crate) struct Place {
    pub(crate) id: DocumentId,
    pub(crate) space: SpaceId,
    pub(crate) right_page: Option<DocumentId>,
}

/// Where these have their rights from, as far as they are there and not thrown away.
pub(crate) async fn places_of(tx: &mut Tx, ids: &[DocumentId]) -> Result<Vec<Place>, Error> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
    let rows = sqlx::query!(
        "select
           id,
           space,
           right_page
         from doc_page
         where id = any($1)
           and trashed_at is null",
        &ids[..],
    )
    .fetch_all(&mut **tx)
    .await?;
    let place = |id: Uuid, space: Uuid, right_page: Option<Uuid>| Place {
        id: DocumentId(id),
        space: SpaceId(space),
        right_page: right_page.map(DocumentId),
    };
    Ok(rows.into_iter().map(|row| place(row.id, row.space, row.right_page)).collect())
}

/// What teams may do in a space, instead of what they might before.
pub(crate) async fn set_of_space(tx: &mut Tx, space: SpaceId, teams: &[(TeamId, Right)]) -> Result<(), Error> {
    let (ids, levels): (Vec<Uuid>, Vec<String>) = apart(teams);
    sqlx::query!("delete from doc_space_right where space = $1", space.0).execute(&mut **tx).await?;
    sqlx::query!(
        "insert into doc_space_right (space, team, level)
         select $1, given.team, given.level
         from unnest($2::uuid[], $3::text[]) as given (team, level)",
        space.0,
        &ids,
        &levels,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Rights of its own for a page; `None` takes them away.
pub(crate) async fn set_of_page(
    tx: &mut Tx,
    page: DocumentId,
    everyone: Option<Right>,
    teams: &[(TeamId, Right)],
) -> Result<(), Error> {
    let (ids, levels): (Vec<Uuid>, Vec<String>) = apart(teams);
    sqlx::query!("delete from doc_page_right where page = $1", page.0).execute(&mut **tx).await?;
    sqlx::query!(
        "insert into doc_page_right (page, team, level)
         select $1, given.team, given.level
         from unnest($2::uuid[], $3::text[]) as given (team, level)",
        page.0,
        &ids,
        &levels,
    )
    .execute(&mut **tx)
    .await?;
    sqlx::query!(
        "update doc_page
         set everyone = $2,
             version = version + 1
         where id = $1",
        page.0,
        everyone.map(Right::as_str),
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

fn apart(teams: &[(TeamId, Right)]) -> (Vec<Uuid>, Vec<String>) {
    teams.iter().map(|(team, level)| (team.0, level.as_str().to_owned())).unzip()
}

/// Works out anew, for a page and everything below it, which page's rights hold.
pub(crate) async fn settle(tx: &mut Tx, page: DocumentId) -> Result<(), Error> {
    sqlx::query!(
        r#"with recursive below (id, right_page) as (
             select
               page.id,
               case when page.everyone is not null then page.id else above.right_page end
             from doc_page page
             left join doc_page above on above.id = page.parent
             where page.id = $1
             union all
             select
               page.id,
               case when page.everyone is not null then page.id else below.right_page end
             from doc_page page
             join below on page.parent = below.id
           )
           update doc_page page
           set right_page = below.right_page
           from below
           where page.id = below.id
             and page.right_page is distinct from below.right_page"#,
        page.0,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}
