//! SQL of what becomes of a text: `doc_writing`, `doc_revision`, `doc_author`, `doc_thread`, `doc_comment` and `doc_suggestion`.
//!
//! The row of `doc_writing` is the lock for what hangs on a text: whoever counts takes it first.

pub(crate) mod authors;
pub(crate) mod comments;
pub(crate) mod revisions;
pub(crate) mod suggestions;
pub(crate) mod threads;

use chrono::{DateTime, Utc};
use kernel::Tx;
use model::Time;
use model::ids::DocumentId;

/// Takes the lock of what hangs on a text, and says up to which change its writers are remembered.
pub(crate) async fn lock(tx: &mut Tx, doc: DocumentId, now: Time) -> Result<i64, sqlx::Error> {
    sqlx::query!(
        "insert into doc_writing (doc, authored_at)
         values ($1, $2)
         on conflict (doc) do nothing",
        doc.0,
        now.to_utc(),
    )
    .execute(&mut **tx)
    .await?;
    sqlx::query_scalar!("select authored_seq from doc_writing where doc = $1 for update", doc.0).fetch_one(&mut **tx).await
}

fn time(at: Option<DateTime<Utc>>) -> Option<Time> {
    at.map(Time::from_utc)
}
