//! `refused_form`.

use crate::error::Error;
use crate::refused::RefusedForm;
use kernel::{Db, Tx};
use model::Time;
use model::ids::SessionId;
use serde_json::{Value, json};
use uuid::Uuid;

/// Adds a form.
pub async fn add(tx: &mut Tx, id: Uuid, session: SessionId, form: &RefusedForm, now: Time) -> Result<(), sqlx::Error> {
    let fields: Value = json!(form.fields);
    sqlx::query!(
        "insert into refused_form (id, session_id, call, refusal, fields, refused_at)
         values ($1, $2, $3, $4, $5, $6)",
        id,
        session.0,
        form.call,
        form.refusal,
        fields,
        now.to_utc(),
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Forgets everybody's forms that are older than `before`, and those of that session beyond its newest `most`.
pub async fn sweep(tx: &mut Tx, session: SessionId, before: Time, most: i64) -> Result<(), sqlx::Error> {
    sqlx::query!("delete from refused_form where refused_at <= $1", before.to_utc()).execute(&mut **tx).await?;
    sqlx::query!(
        "delete from refused_form
         where session_id = $1
           and id not in (
             select id
             from refused_form
             where session_id = $1
             order by refused_at desc, id desc
             limit $2
           )",
        session.0,
        most,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// One form, if that session sent it after `since`.
pub async fn find(db: &Db, session: SessionId, id: Uuid, since: Time) -> Result<Option<RefusedForm>, Error> {
    let row = sqlx::query!(
        "select
           call,
           refusal,
           fields
         from refused_form
         where id = $1
           and session_id = $2
           and refused_at > $3",
        id,
        session.0,
        since.to_utc(),
    )
    .fetch_optional(db.pool())
    .await?;
    let Some(row) = row else { return Ok(None) };
    let corrupt = |_: serde_json::Error| Error::Corrupt {
        table: "refused_form",
        column: "fields",
        row: id.to_string(),
        value: "something other than pairs of texts".to_owned(),
    };
    let fields: Vec<(String, String)> = serde_json::from_value(row.fields).map_err(corrupt)?;
    Ok(Some(RefusedForm { call: row.call, refusal: row.refusal, fields }))
}

/// Forgets one form of that session.
pub async fn forget(db: &Db, session: SessionId, id: Uuid) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "delete from refused_form
         where id = $1
           and session_id = $2",
        id,
        session.0,
    )
    .execute(db.pool())
    .await?;
    Ok(())
}
