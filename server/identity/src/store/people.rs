//! `person`.

use super::role_of;
use crate::error::Error;
use crate::people::{Known, Person, PersonRow};
use crate::preferences::Preferences;
use chrono::{DateTime, Utc};
use figures::Locale;
use kernel::{Db, Tx};
use model::ids::PersonId;
use model::theme::Theme;
use model::{Role, Time};
use uuid::Uuid;

struct Row {
    id: Uuid,
    name: String,
    email: String,
    role: String,
    locale: String,
    zone: String,
    theme: String,
    password_hash: Option<String>,
    disabled_at: Option<DateTime<Utc>>,
}

impl Row {
    fn known(self) -> Result<Known, Error> {
        let person = Person {
            id: PersonId(self.id),
            name: self.name,
            email: self.email,
            role: role_of("person", self.id, &self.role)?,
            preferences: preferences(&self.locale, self.zone, &self.theme),
        };
        Ok(Known { person, password_hash: self.password_hash, enabled: self.disabled_at.is_none() })
    }
}

/// Preferences as stored; words of a newer release fall back to ours.
pub fn preferences(locale: &str, zone: String, theme: &str) -> Preferences {
    Preferences { locale: Locale::from_tag(locale).unwrap_or_default(), zone, theme: Theme::from_word(theme) }
}

/// By the key of an e-mail address.
pub async fn by_email(db: &Db, email_key: &str) -> Result<Option<Known>, Error> {
    let row = sqlx::query_as!(
        Row,
        "select
           id,
           name,
           email,
           role,
           locale,
           zone,
           theme,
           password_hash,
           disabled_at
         from person
         where email_key = $1",
        email_key,
    )
    .fetch_optional(db.pool())
    .await?;
    row.map(Row::known).transpose()
}

/// By id.
pub async fn by_id(db: &Db, person: PersonId) -> Result<Option<Known>, Error> {
    let row = sqlx::query_as!(
        Row,
        "select
           id,
           name,
           email,
           role,
           locale,
           zone,
           theme,
           password_hash,
           disabled_at
         from person
         where id = $1",
        person.0,
    )
    .fetch_optional(db.pool())
    .await?;
    row.map(Row::known).transpose()
}

/// By id, kept as it is until the transaction ends.
pub async fn lock(tx: &mut Tx, person: PersonId) -> Result<Option<Known>, Error> {
    let row = sqlx::query_as!(
        Row,
        "select
           id,
           name,
           email,
           role,
           locale,
           zone,
           theme,
           password_hash,
           disabled_at
         from person
         where id = $1
         for no key update",
        person.0,
    )
    .fetch_optional(&mut **tx)
    .await?;
    row.map(Row::known).transpose()
}

/// The admins that could sign in, kept as they are until the transaction ends. Ordered, so that two callers can't wait for each other.
pub async fn lock_admins(tx: &mut Tx) -> Result<Vec<PersonId>, sqlx::Error> {
    let ids = sqlx::query_scalar!(
        "select id
         from person
         where role = 'admin'
           and disabled_at is null
           and password_hash is not null
         order by id
         for no key update",
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(ids.into_iter().map(PersonId).collect())
}

/// Adds a person. False when somebody has that e-mail address.
pub async fn add(
    tx: &mut Tx,
    person: &Person,
    email_key: &str,
    password_hash: Option<&str>,
    now: Time,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "insert into person (id, name, email, email_key, password_hash, role, locale, zone, theme, made_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
         on conflict (email_key) do nothing",
        person.id.0,
        person.name,
        person.email,
        email_key,
        password_hash,
        person.role.as_str(),
        person.preferences.locale.as_str(),
        person.preferences.zone,
        person.preferences.theme.as_str(),
        now.to_utc(),
    )
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// The enabled person of that e-mail address who has not joined yet, kept as they are until the transaction ends.
pub async fn id_of_waiting(tx: &mut Tx, email_key: &str) -> Result<Option<PersonId>, sqlx::Error> {
    let id = sqlx::query_scalar!(
        "select id
         from person
         where email_key = $1
           and password_hash is null
           and disabled_at is null
         for no key update",
        email_key,
    )
    .fetch_optional(&mut **tx)
    .await?;
    Ok(id.map(PersonId))
}

/// Gives an invited person their first password. False when they have one already or are disabled.
pub async fn join(tx: &mut Tx, person: PersonId, password_hash: &str) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "update person
         set password_hash = $2
         where id = $1
           and password_hash is null
           and disabled_at is null",
        person.0,
        password_hash,
    )
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Replaces a password hash, if it is still `old`.
pub async fn swap_password(tx: &mut Tx, person: PersonId, old: Option<&str>, new: &str) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "update person
         set password_hash = $3
         where id = $1
           and password_hash = $2",
        person.0,
        old,
        new,
    )
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Renames somebody.
pub async fn set_name(tx: &mut Tx, person: PersonId, name: &str) -> Result<(), sqlx::Error> {
    sqlx::query!("update person set name = $2 where id = $1", person.0, name).execute(&mut **tx).await?;
    Ok(())
}

/// Changes somebody's organisation-wide role.
pub async fn set_role(tx: &mut Tx, person: PersonId, role: Role) -> Result<(), sqlx::Error> {
    sqlx::query!("update person set role = $2 where id = $1", person.0, role.as_str()).execute(&mut **tx).await?;
    Ok(())
}

/// Disables somebody at a moment, or enables them.
pub async fn set_disabled(tx: &mut Tx, person: PersonId, at: Option<Time>) -> Result<(), sqlx::Error> {
    sqlx::query!("update person set disabled_at = $2 where id = $1", person.0, at.map(Time::to_utc)).execute(&mut **tx).await?;
    Ok(())
}

/// Changes somebody's preferences. False when there is no such person.
pub async fn set_preferences(tx: &mut Tx, person: PersonId, chosen: &Preferences) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "update person
         set
           locale = $2,
           zone = $3,
           theme = $4
         where id = $1",
        person.0,
        chosen.locale.as_str(),
        chosen.zone,
        chosen.theme.as_str(),
    )
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Everybody, by name. Their teams are filled in by the caller.
pub async fn list(db: &Db) -> Result<Vec<PersonRow>, Error> {
    let rows = sqlx::query!(
        r#"select
             id,
             name,
             email,
             role,
             disabled_at is not null as "disabled!",
             password_hash is null as "invited!",
             seen_at
           from person
           order by name, id"#,
    )
    .fetch_all(db.pool())
    .await?;
    let mut people: Vec<PersonRow> = Vec::with_capacity(rows.len());
    for row in rows {
        people.push(PersonRow {
            id: PersonId(row.id),
            role: role_of("person", row.id, &row.role)?,
            name: row.name,
            email: row.email,
            disabled: row.disabled,
            invited: row.invited,
            last_seen: row.seen_at.map(Time::from_utc),
            teams: Vec::new(),
        });
    }
    Ok(people)
}
