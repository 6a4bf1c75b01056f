//! `doc_page`, read whole.

use super::{corrupt, time};
use crate::error::Error;
use crate::pages::{Language, PageRow, Right, Verified};
use chrono::{DateTime, Utc};
use kernel::Tx;
use model::Time;
use model::ids::{DocumentId, IncidentId, PersonId, SpaceId, TeamId};
use serde_json::Value;
use uuid::Uuid;

struct Row {
    id: Uuid,
    space: Uuid,
    parent: Option<Uuid>,
    position: String,
    slug: String,
    title: String,
    locale: String,
    version: i64,
    incident: Option<i64>,
    template: Option<String>,
    is_template: bool,
    labels: Vec<String>,
    watch_paths: Vec<String>,
    alertnames: Vec<String>,
    owner_team: Option<Uuid>,
    owner_person: Option<Uuid>,
    everyone: Option<String>,
    right_page: Option<Uuid>,
    review_every_days: Option<i32>,
    review_due_at: Option<DateTime<Utc>>,
    verified_at: Option<DateTime<Utc>>,
    verified_by: Option<String>,
    verified_person: Option<Uuid>,
    must_review_at: Option<DateTime<Utc>>,
    must_review_why: Option<Value>,
    body_md: String,
    body_seq: i64,
    file_name: Option<String>,
    is_crlf: bool,
    has_bom: bool,
    made_by: String,
    made_at: DateTime<Utc>,
    edited_at: DateTime<Utc>,
    trashed_at: Option<DateTime<Utc>>,
    trashed_by: Option<String>,
    trash_root: Option<Uuid>,
}

impl Row {
    fn into_page(self) -> Result<PageRow, Error> {
        let wrong = |column: &'static str, expected: &'static str| corrupt("doc_page", column, self.id.to_string(), expected);
        let language: Language = Language::from_word(&self.locale).ok_or_else(|| wrong("locale", "ja or en"))?;
        let everyone: Option<Right> = match self.everyone.as_deref() {
            None => None,
            Some(word) => Some(Right::from_word(word).ok_or_else(|| wrong("everyone", "a right"))?),
        };
        let verified: Option<Verified> = self.verified_at.zip(self.verified_by).map(|(at, by)| Verified {
            at: Time::from_utc(at),
            by,
            person: self.verified_person.map(PersonId),
        });
        Ok(PageRow {
            id: DocumentId(self.id),
            space: SpaceId(self.space),
            parent: self.parent.map(DocumentId),
            position: self.position,
            slug: self.slug,
            title: self.title,
            language,
            version: self.version,
            incident: self.incident.map(IncidentId),
            template: self.template,
            is_template: self.is_template,
            labels: self.labels,
            watch_paths: self.watch_paths,
            alertnames: self.alertnames,
            owner_team: self.owner_team.map(TeamId),
            owner_person: self.owner_person.map(PersonId),
            everyone,
            right_page: self.right_page.map(DocumentId),
            review_every_days: self.review_every_days,
            review_due_at: time(self.review_due_at),
            verified,
            must_review_at: time(self.must_review_at),
            must_review_why: self.must_review_why,
            body: self.body_md,
            body_seq: self.body_seq,
            file_name: self.file_name,
            is_crlf: self.is_crlf,
            has_bom: self.has_bom,
            made_by: self.made_by,
            made_at: Time::from_utc(self.made_at),
            edited_at: Time::from_utc(self.edited_at),
            trashed_at: time(self.trashed_at),
            trashed_by: self.trashed_by,
            trash_root: self.trash_root.map(DocumentId),
        })
    }
}

/// Those of these that there are, in the same order.
pub(crate) async fn of(tx: &mut Tx, ids: &[Uuid]) -> Result<Vec<PageRow>, Error> {
    let rows = sqlx::query_as!(
        Row,
        r#"select
             page.id,
             page.space,
             page.parent,
             page.position,
             page.slug,
             page.title,
             page.locale,
             page.version,
             page.incident,
             page.template,
             page.is_template,
             page.labels,
             page.watch_paths,
             page.alertnames,
             page.owner_team,
             page.owner_person,
             page.everyone,
             page.right_page,
             page.review_every_days,
             page.review_due_at,
             page.verified_at,
             page.verified_by,
             page.verified_person,
             page.must_review_at,
             page.must_review_why,
             page.body_md,
             page.body_seq,
             page.file_name,
             page.is_crlf,
             page.has_bom,
             page.made_by,
             page.made_at,
             page.edited_at,
             page.trashed_at,
             page.trashed_by,
             page.trash_root
           from unnest($1::uuid[]) with ordinality as wanted (id, n)
           join doc_page page on page.id = wanted.id
           order by wanted.n"#,
        ids,
    )
    .fetch_all(&mut **tx)
    .await?;
    rows.into_iter().map(Row::into_page).collect()
}

/// One of them.
pub(crate) async fn one(tx: &mut Tx, id: DocumentId) -> Result<Option<PageRow>, Error> {
    Ok(of(tx, &[id.0]).await?.pop())
}

/// One of them, and nobody else changes it before the transaction ends.
pub(crate) async fn lock(tx: &mut Tx, id: DocumentId) -> Result<Option<PageRow>, Error> {
    let found: Option<Uuid> = sqlx::query_scalar!(
        "select id
         from doc_page
         where id = $1
         for no key update",
        id.0,
    )
    .fetch_optional(&mut **tx)
    .await?;
    match found {
        Some(_) => one(tx, id).await,
        None => Ok(None),
    }
}

/// The page of an address, and whether the address is one that it had before.
pub(crate) async fn of_slug(tx: &mut Tx, slug: &str) -> Result<Option<(DocumentId, bool)>, Error> {
    let row = sqlx::query!(
        r#"select
             id as "id!",
             is_old as "is_old!"
           from (
             select id, false as is_old from doc_page where slug = $1
             union all
             select page, true from doc_slug where slug = $1
           ) found
           order by is_old
           limit 1"#,
        slug,
    )
    .fetch_optional(&mut **tx)
    .await?;
    Ok(row.map(|row| (DocumentId(row.id), row.is_old)))
}

/// Pages that are the runbook of an alert's name, those that were verified last first.
pub(crate) async fn of_alertnames(tx: &mut Tx, alertnames: &[String]) -> Result<Vec<Uuid>, Error> {
    let ids = sqlx::query_scalar!(
        "select id
         from doc_page
         where alertnames && $1
           and alertnames <> '{}'
           and trashed_at is null
           and not is_template
         order by verified_at desc nulls last, id",
        alertnames,
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(ids)
}

/// The pages of an incident.
pub(crate) async fn of_incident(tx: &mut Tx, incident: IncidentId) -> Result<Vec<Uuid>, Error> {
    let ids = sqlx::query_scalar!(
        "select id
         from doc_page
         where incident = $1
           and trashed_at is null
         order by id",
        incident.0,
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(ids)
}
