//! `team` and `team_member`.

use super::role_of;
use crate::error::Error;
use crate::people::Membership;
use crate::teams::{Member, TeamRow};
use kernel::{Db, Tx};
use model::Role;
use model::Time;
use model::ids::{PersonId, TeamId};
use std::collections::HashMap;

/// Adds a team. False when there is one of that name.
pub async fn add(tx: &mut Tx, team: TeamId, name: &str, name_key: &str, now: Time) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "insert into team (id, name, name_key, made_at)
         values ($1, $2, $3, $4)
         on conflict (name_key) do nothing",
        team.0,
        name,
        name_key,
        now.to_utc(),
    )
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Whether another team than `team` has that name.
pub async fn name_is_taken(tx: &mut Tx, team: TeamId, name_key: &str) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select exists (
             select 1
             from team
             where name_key = $2
               and id <> $1
           ) as "taken!""#,
        team.0,
        name_key,
    )
    .fetch_one(&mut **tx)
    .await
}

/// Renames a team. False when there is no such team.
pub async fn rename(tx: &mut Tx, team: TeamId, name: &str, name_key: &str) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "update team
         set
           name = $2,
           name_key = $3
         where id = $1",
        team.0,
        name,
        name_key,
    )
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Deletes a team; its name, if there was one.
pub async fn delete(tx: &mut Tx, team: TeamId) -> Result<Option<String>, sqlx::Error> {
    sqlx::query_scalar!("delete from team where id = $1 returning name", team.0).fetch_optional(&mut **tx).await
}

/// Puts somebody into a team or changes their role in it. False when there is no such team or person.
pub async fn put_member(tx: &mut Tx, team: TeamId, person: PersonId, role: Role) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "insert into team_member (team_id, person_id, role)
         select
           team.id,
           person.id,
           $3::text
         from team
         cross join person
         where team.id = $1
           and person.id = $2
         on conflict (team_id, person_id) do update set role = excluded.role",
        team.0,
        person.0,
        role.as_str(),
    )
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Takes somebody out of a team. False when they were not in it.
pub async fn remove_member(tx: &mut Tx, team: TeamId, person: PersonId) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "delete from team_member
         where team_id = $1
           and person_id = $2",
        team.0,
        person.0,
    )
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// The roles of one person in their teams.
pub async fn roles_of(db: &Db, person: PersonId) -> Result<Vec<(TeamId, Role)>, Error> {
    let rows = sqlx::query!(
        "select
           team_id,
           role
         from team_member
         where person_id = $1
         order by team_id",
        person.0,
    )
    .fetch_all(db.pool())
    .await?;
    let mut roles: Vec<(TeamId, Role)> = Vec::with_capacity(rows.len());
    for row in rows {
        roles.push((TeamId(row.team_id), role_of("team_member", row.team_id, &row.role)?));
    }
    Ok(roles)
}

/// Everybody's teams, by name.
pub async fn memberships(db: &Db) -> Result<HashMap<PersonId, Vec<Membership>>, Error> {
    let rows = sqlx::query!(
        "select
           member.person_id,
           member.team_id,
           member.role,
           team.name as team_name
         from team_member as member
         join team on team.id = member.team_id
         order by team.name, team.id",
    )
    .fetch_all(db.pool())
    .await?;
    let mut by_person: HashMap<PersonId, Vec<Membership>> = HashMap::new();
    for row in rows {
        let role = role_of("team_member", row.team_id, &row.role)?;
        let membership = Membership { team: TeamId(row.team_id), team_name: row.team_name, role };
        by_person.entry(PersonId(row.person_id)).or_default().push(membership);
    }
    Ok(by_person)
}

/// Every team, by name, with its members, by name.
pub async fn list(db: &Db) -> Result<Vec<TeamRow>, Error> {
    let rows = sqlx::query!(
        "select
           id,
           name
         from team
         order by name, id",
    )
    .fetch_all(db.pool())
    .await?;
    let mut members = members(db).await?;
    let teams = rows.into_iter().map(|row| {
        let id = TeamId(row.id);
        TeamRow { id, name: row.name, members: members.remove(&id).unwrap_or_default() }
    });
    Ok(teams.collect())
}

async fn members(db: &Db) -> Result<HashMap<TeamId, Vec<Member>>, Error> {
    let rows = sqlx::query!(
        "select
           member.team_id,
           member.person_id,
           member.role,
           person.name
         from team_member as member
         join person on person.id = member.person_id
         order by person.name, person.id",
    )
    .fetch_all(db.pool())
    .await?;
    let mut by_team: HashMap<TeamId, Vec<Member>> = HashMap::new();
    for row in rows {
        let role = role_of("team_member", row.team_id, &row.role)?;
        let member = Member { person: PersonId(row.person_id), name: row.name, role };
        by_team.entry(TeamId(row.team_id)).or_default().push(member);
    }
    Ok(by_team)
}
