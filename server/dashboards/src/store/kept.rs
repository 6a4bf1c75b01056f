//! `dashboard`, `dashboard_version`, `dashboard_star`.

use super::decoded;
use crate::error::Error;
use crate::grafana::NotMapped;
use crate::kept::{Origin, Stored, Version, Versioned};
use chrono::{DateTime, Utc};
use dashboard::Dashboard;
use kernel::Tx;
use model::Time;
use model::ids::PersonId;
use serde_json::Value;

/// Any number that no other advisory lock of the product uses: "dashbd" in ASCII.
const LOCK: i64 = 0x6461_7368_6264;

/// What there is of a slug.
pub(crate) struct Row {
    pub(crate) slug: String,
    /// None: the release's.
    pub(crate) newest: Option<Stored>,
    pub(crate) removed: Option<(Time, String)>,
}

struct Read {
    slug: String,
    removed_at: Option<DateTime<Utc>>,
    removed_by: Option<String>,
    version: Option<i64>,
    definition: Option<Value>,
    origin: Option<String>,
    made_by: Option<String>,
    at: Option<DateTime<Utc>>,
}

/// Lets one change at a time.
pub(crate) async fn lock(tx: &mut Tx) -> Result<(), sqlx::Error> {
    sqlx::query!("select pg_advisory_xact_lock($1)", LOCK).execute(&mut **tx).await?;
    Ok(())
}

/// Every row with its newest version, or that of one slug.
pub(crate) async fn rows(tx: &mut Tx, slug: Option<&str>) -> Result<Vec<Row>, Error> {
    let rows: Vec<Read> = sqlx::query_as!(
        Read,
        r#"select
           kept.slug,
           kept.removed_at,
           kept.removed_by,
           newest.version as "version?",
           newest.definition as "definition?",
           newest.origin as "origin?",
           newest.made_by as "made_by?",
           newest.at as "at?"
         from dashboard as kept
         left join dashboard_version as newest
           on newest.slug = kept.slug
          and newest.version = kept.version
         where $1::text is null
            or kept.slug = $1
         order by kept.slug"#,
        slug,
    )
    .fetch_all(&mut **tx)
    .await?;
    rows.into_iter().map(row).collect()
}

fn row(read: Read) -> Result<Row, Error> {
    let Read { slug, removed_at, removed_by, version, definition, origin, made_by, at } = read;
    let newest: Option<Stored> = match (version, definition) {
        (Some(version), Some(definition)) => {
            let dashboard: Dashboard = decoded(definition, "dashboard_version", "definition", &slug)?;
            let at: Option<Time> = at.map(Time::from_utc);
            Some(Stored { dashboard, version, origin: from_word(origin.as_deref()), at, by: made_by })
        }
        _ => None,
    };
    let removed: Option<(Time, String)> = removed_at.zip(removed_by).map(|(at, by)| (Time::from_utc(at), by));
    Ok(Row { slug, newest, removed })
}

/// The database holds one of the words (`check`).
fn from_word(word: Option<&str>) -> Origin {
    word.and_then(Origin::from_word).unwrap_or(Origin::Console)
}

/// A new version, with what is to be known of it.
pub(crate) struct NewVersion<'a> {
    pub(crate) dashboard: &'a Dashboard,
    pub(crate) version: i64,
    pub(crate) origin: Origin,
    pub(crate) comment: &'a str,
    pub(crate) notes: &'a [NotMapped],
    pub(crate) by: &'a str,
    pub(crate) at: Time,
}

/// Writes a version and makes it the newest.
pub(crate) async fn write(tx: &mut Tx, new: &NewVersion<'_>) -> Result<(), Error> {
    let slug: &str = &new.dashboard.slug;
    sqlx::query!(
        "insert into dashboard (slug, version)
         values ($1, $2)
         on conflict (slug) do update
         set version = excluded.version",
        slug,
        new.version,
    )
    .execute(&mut **tx)
    .await?;
    sqlx::query!(
        "insert into dashboard_version (slug, version, definition, origin, comment, notes, made_by, at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        slug,
        new.version,
        serde_json::to_value(new.dashboard)?,
        new.origin.as_str(),
        new.comment,
        serde_json::to_value(new.notes)?,
        new.by,
        new.at.to_utc(),
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Puts a dashboard in the trash, or takes it out.
pub(crate) async fn set_removed(tx: &mut Tx, slug: &str, removed: Option<(Time, &str)>) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into dashboard (slug, removed_at, removed_by)
         values ($1, $2, $3)
         on conflict (slug) do update
         set removed_at = excluded.removed_at,
             removed_by = excluded.removed_by",
        slug,
        removed.map(|(at, _)| at.to_utc()),
        removed.map(|(_, by)| by),
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

struct ReadVersion {
    version: i64,
    definition: Value,
    origin: String,
    comment: String,
    notes: Value,
    made_by: String,
    at: DateTime<Utc>,
}

/// Versions of a slug, the newest first, without what they say.
pub(crate) async fn versions(tx: &mut Tx, slug: &str) -> Result<Vec<Version>, Error> {
    let rows = sqlx::query!(
        r#"select
           version,
           origin,
           comment,
           jsonb_array_length(notes) as "n_notes!",
           made_by,
           at
         from dashboard_version
         where slug = $1
         order by version desc"#,
        slug,
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Version {
            version: row.version,
            at: Some(Time::from_utc(row.at)),
            by: Some(row.made_by),
            comment: row.comment,
            origin: from_word(Some(&row.origin)),
            n_notes: usize::try_from(row.n_notes).unwrap_or(0),
        })
        .collect())
}

/// One version with what it says.
pub(crate) async fn version(tx: &mut Tx, slug: &str, version: i64) -> Result<Option<Versioned>, Error> {
    let found: Option<ReadVersion> = sqlx::query_as!(
        ReadVersion,
        "select
           version,
           definition,
           origin,
           comment,
           notes,
           made_by,
           at
         from dashboard_version
         where slug = $1
           and version = $2",
        slug,
        version,
    )
    .fetch_optional(&mut **tx)
    .await?;
    let Some(read) = found else { return Ok(None) };
    let notes: Vec<NotMapped> = decoded(read.notes, "dashboard_version", "notes", slug)?;
    let version = Version {
        version: read.version,
        at: Some(Time::from_utc(read.at)),
        by: Some(read.made_by),
        comment: read.comment,
        origin: from_word(Some(&read.origin)),
        n_notes: notes.len(),
    };
    let dashboard: Dashboard = decoded(read.definition, "dashboard_version", "definition", slug)?;
    Ok(Some(Versioned { version, dashboard, notes }))
}

/// The slugs that a person has put first.
pub(crate) async fn stars(tx: &mut Tx, person: PersonId) -> Result<Vec<String>, sqlx::Error> {
    sqlx::query_scalar!("select slug from dashboard_star where person = $1", person.0).fetch_all(&mut **tx).await
}

/// Puts a dashboard first in somebody's list, or no longer.
pub(crate) async fn set_star(tx: &mut Tx, person: PersonId, slug: &str, is_starred: bool) -> Result<(), sqlx::Error> {
    if is_starred {
        sqlx::query!(
            "insert into dashboard_star (person, slug)
             values ($1, $2)
             on conflict do nothing",
            person.0,
            slug,
        )
        .execute(&mut **tx)
        .await?;
    } else {
        sqlx::query!("delete from dashboard_star where person = $1 and slug = $2", person.0, slug).execute(&mut **tx).await?;
    }
    Ok(())
}

/// Forgets what has lain in the trash since before then, with its versions. What the release ships stays away. Says how many.
pub(crate) async fn empty_trash(tx: &mut Tx, before: Time, shipped: &[String]) -> Result<u64, sqlx::Error> {
    let gone = sqlx::query!(
        "delete from dashboard
         where removed_at < $1
           and slug <> all ($2)",
        before.to_utc(),
        shipped,
    )
    .execute(&mut **tx)
    .await?;
    Ok(gone.rows_affected())
}
