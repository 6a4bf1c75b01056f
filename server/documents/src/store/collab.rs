//! Texts, their changes and their snapshots.

use chrono::{DateTime, Utc};
use kernel::{Db, Tx};
use model::Time;
use model::ids::{DocumentId, PersonId};
use uuid::Uuid;

/// How far a text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct State {
    pub(crate) head_seq: i64,
    pub(crate) is_deleted: bool,
}

/// The head of one of several texts.
pub(crate) struct Head {
    pub(crate) id: DocumentId,
    pub(crate) head_seq: i64,
    pub(crate) is_deleted: bool,
}

/// A change as it is kept.
#[derive(Clone, Debug)]
pub(crate) struct Change {
    pub(crate) seq: i64,
    pub(crate) actor: Option<PersonId>,
    pub(crate) client: Option<i64>,
    pub(crate) bin: Vec<u8>,
    pub(crate) at: Time,
}

/// A snapshot as it is kept.
pub(crate) struct Snapshot {
    pub(crate) seq: i64,
    pub(crate) bin: Vec<u8>,
    pub(crate) text_sha256: Vec<u8>,
}

/// Changes to be written in one statement, column by column.
#[derive(Default)]
pub(crate) struct Columns {
    pub(crate) docs: Vec<Uuid>,
    pub(crate) seqs: Vec<i64>,
    pub(crate) actors: Vec<Option<Uuid>>,
    pub(crate) clients: Vec<Option<i64>>,
    pub(crate) bins: Vec<Vec<u8>>,
}

/// By how much texts grow, column by column.
#[derive(Default)]
pub(crate) struct Growth {
    pub(crate) docs: Vec<Uuid>,
    pub(crate) n_changes: Vec<i64>,
    pub(crate) n_bytes: Vec<i64>,
}

struct ChangeRow {
    seq: i64,
    actor_id: Option<Uuid>,
    client_id: Option<i64>,
    bin: Vec<u8>,
    at: DateTime<Utc>,
}

impl From<ChangeRow> for Change {
    fn from(row: ChangeRow) -> Self {
        Self { seq: row.seq, actor: row.actor_id.map(PersonId), client: row.client_id, bin: row.bin, at: Time::from_utc(row.at) }
    }
}

/// Makes a text without any change.
pub(crate) async fn make(tx: &mut Tx, id: DocumentId, now: Time) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into collab_doc (id, schema, head_seq, snapshot_seq, log_bytes, refreshed_seq, made_at, edited_at)
         values ($1, 1, 0, 0, 0, -1, $2, $2)",
        id.0,
        now.to_utc(),
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// From now on it takes no change.
pub(crate) async fn delete(tx: &mut Tx, id: DocumentId, now: Time) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!("update collab_doc set deleted_at = $2 where id = $1 and deleted_at is null", id.0, now.to_utc())
        .execute(&mut **tx)
        .await?;
    Ok(done.rows_affected() > 0)
}

/// Takes changes again.
pub(crate) async fn undelete(tx: &mut Tx, id: DocumentId) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!("update collab_doc set deleted_at = null where id = $1 and deleted_at is not null", id.0)
        .execute(&mut **tx)
        .await?;
    Ok(done.rows_affected() > 0)
}

/// Locks these texts in the order of their ids, so that no two processes wait for each other, and says which of them take changes.
pub(crate) async fn lock(tx: &mut Tx, ids: &[Uuid]) -> Result<Vec<Uuid>, sqlx::Error> {
    sqlx::query_scalar!(
        "select id
         from collab_doc
         where id = any($1)
           and deleted_at is null
         order by id
         for update",
        ids,
    )
    .fetch_all(&mut **tx)
    .await
}

/// Counts their numbers on; says up to which number each text goes now.
pub(crate) async fn advance(tx: &mut Tx, growth: &Growth, now: Time) -> Result<Vec<(Uuid, i64)>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"update collab_doc as doc
         set
           head_seq = doc.head_seq + grown.n_changes,
           log_bytes = doc.log_bytes + grown.n_bytes,
           edited_at = $4
         from unnest($1::uuid[], $2::bigint[], $3::bigint[]) as grown (id, n_changes, n_bytes)
         where doc.id = grown.id
           and doc.deleted_at is null
         returning
           doc.id as "id!",
           doc.head_seq as "head_seq!""#,
        &growth.docs[..],
        &growth.n_changes[..],
        &growth.n_bytes[..],
        now.to_utc(),
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.head_seq)).collect())
}

/// Writes changes down.
pub(crate) async fn append(tx: &mut Tx, columns: &Columns, now: Time) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into collab_update (doc_id, seq, actor_id, client_id, bin, at)
         select went.doc_id, went.seq, went.actor_id, went.client_id, went.bin, $6
         from unnest($1::uuid[], $2::bigint[], $3::uuid[], $4::bigint[], $5::bytea[])
           as went (doc_id, seq, actor_id, client_id, bin)",
        &columns.docs[..],
        &columns.seqs[..],
        &columns.actors[..] as &[Option<Uuid>],
        &columns.clients[..] as &[Option<i64>],
        &columns.bins[..],
        now.to_utc(),
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Tells other processes, when this transaction commits.
pub(crate) async fn tell(tx: &mut Tx, channel: &str, payloads: &[String]) -> Result<(), sqlx::Error> {
    sqlx::query!("select pg_notify($1, said.payload) from unnest($2::text[]) as said (payload)", channel, payloads)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// How far it is; `None` when there is none of that id.
pub(crate) async fn state(db: &Db, id: DocumentId) -> Result<Option<State>, sqlx::Error> {
    sqlx::query_as!(
        State,
        r#"select
             head_seq,
             deleted_at is not null as "is_deleted!"
           from collab_doc
           where id = $1"#,
        id.0,
    )
    .fetch_optional(db.pool())
    .await
}

/// How far these are.
pub(crate) async fn heads(db: &Db, ids: &[Uuid]) -> Result<Vec<Head>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select
             id,
             head_seq,
             deleted_at is not null as "is_deleted!"
           from collab_doc
           where id = any($1)"#,
        ids,
    )
    .fetch_all(db.pool())
    .await?;
    let head = |id: Uuid, head_seq: i64, is_deleted: bool| Head { id: DocumentId(id), head_seq, is_deleted };
    Ok(rows.into_iter().map(|row| head(row.id, row.head_seq, row.is_deleted)).collect())
}

/// The snapshots that go no further than `until`, the newest first.
pub(crate) async fn snapshots(db: &Db, id: DocumentId, until: i64) -> Result<Vec<Snapshot>, sqlx::Error> {
    sqlx::query_as!(
        Snapshot,
        "select
           seq,
           bin,
           text_sha256
         from collab_snapshot
         where doc_id = $1
           and seq <= $2
         order by seq desc
         limit 2",
        id.0,
        until,
    )
    .fetch_all(db.pool())
    .await
}

/// The changes after one and up to another, in their order.
pub(crate) async fn changes(db: &Db, id: DocumentId, after: i64, until: i64) -> Result<Vec<Change>, sqlx::Error> {
    let rows = sqlx::query_as!(
        ChangeRow,
        "select
           seq,
           actor_id,
           client_id,
           bin,
           at
         from collab_update
         where doc_id = $1
           and seq > $2
           and seq <= $3
         order by seq",
        id.0,
        after,
        until,
    )
    .fetch_all(db.pool())
    .await?;
    Ok(rows.into_iter().map(Change::from).collect())
}

/// Texts whose read view is older than they are, and that nobody has typed in since `before`, the oldest first.
pub(crate) async fn unread(db: &Db, before: Time, limit: i64) -> Result<Vec<DocumentId>, sqlx::Error> {
    let ids = sqlx::query_scalar!(
        "select id
         from collab_doc
         where refreshed_seq < head_seq
           and deleted_at is null
           and edited_at <= $1
         order by edited_at
         limit $2",
        before.to_utc(),
        limit,
    )
    .fetch_all(db.pool())
    .await?;
    Ok(ids.into_iter().map(DocumentId).collect())
}

/// Notes as of which change the read view was made.
pub(crate) async fn refreshed(db: &Db, id: DocumentId, seq: i64) -> Result<(), sqlx::Error> {
    sqlx::query!("update collab_doc set refreshed_seq = $2 where id = $1 and refreshed_seq < $2 and head_seq >= $2", id.0, seq)
        .execute(db.pool())
        .await?;
    Ok(())
}

/// When it is time to gather changes.
pub(crate) struct Due {
    /// More changes than that.
    pub(crate) n_changes: i64,
    /// Or more bytes than that.
    pub(crate) n_bytes: i64,
    /// Or this many changes, and nobody typed since then.
    pub(crate) n_resting: i64,
    pub(crate) resting_since: Time,
}

/// Texts whose changes are to be gathered.
pub(crate) async fn ungathered(db: &Db, due: &Due, limit: i64) -> Result<Vec<DocumentId>, sqlx::Error> {
    let ids = sqlx::query_scalar!(
        "select id
         from collab_doc
         where snapshot_seq < head_seq
           and deleted_at is null
           and (
             head_seq - snapshot_seq > $1
             or log_bytes > $2
             or (head_seq - snapshot_seq >= $3 and edited_at <= $4)
           )
         order by edited_at
         limit $5",
        due.n_changes,
        due.n_bytes,
        due.n_resting,
        due.resting_since.to_utc(),
        limit,
    )
    .fetch_all(db.pool())
    .await?;
    Ok(ids.into_iter().map(DocumentId).collect())
}

/// Locks one text and says up to which change its newest snapshot goes.
pub(crate) async fn lock_one(tx: &mut Tx, id: DocumentId) -> Result<Option<i64>, sqlx::Error> {
    sqlx::query_scalar!("select snapshot_seq from collab_doc where id = $1 for update", id.0).fetch_optional(&mut **tx).await
}

/// Locks one text and says up to which change it goes.
pub(crate) async fn lock_head(tx: &mut Tx, id: DocumentId) -> Result<Option<i64>, sqlx::Error> {
    sqlx::query_scalar!("select head_seq from collab_doc where id = $1 for update", id.0).fetch_optional(&mut **tx).await
}

/// Keeps a snapshot.
pub(crate) async fn save_snapshot(tx: &mut Tx, id: DocumentId, made: &Snapshot, now: Time) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into collab_snapshot (doc_id, seq, bin, text_sha256, at)
         values ($1, $2, $3, $4, $5)",
        id.0,
        made.seq,
        &made.bin[..],
        &made.text_sha256[..],
        now.to_utc(),
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Says that the newest snapshot goes up to `seq`, and how much there is beyond it.
pub(crate) async fn gathered(tx: &mut Tx, id: DocumentId, seq: i64) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update collab_doc
         set
           snapshot_seq = $2,
           log_bytes = coalesce((
             select sum(octet_length(beyond.bin))
             from collab_update as beyond
             where beyond.doc_id = $1
               and beyond.seq > $2
           ), 0)
         where id = $1",
        id.0,
        seq,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Takes away all snapshots but the two newest.
pub(crate) async fn drop_snapshots(tx: &mut Tx, id: DocumentId) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "delete from collab_snapshot
         where doc_id = $1
           and seq not in (
             select kept.seq
             from collab_snapshot as kept
             where kept.doc_id = $1
             order by kept.seq desc
             limit 2
           )",
        id.0,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Takes away the oldest changes that are in both snapshots (up to `until`) and were made before `before`. Looks at no more than `most`: whoever
/// types waits for this.
pub(crate) async fn drop_changes(tx: &mut Tx, id: DocumentId, until: i64, before: Time, most: i64) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "delete from collab_update
         where doc_id = $1
           and seq in (
             select oldest.seq
             from collab_update as oldest
             where oldest.doc_id = $1
               and oldest.seq <= $2
             order by oldest.seq
             limit $4
           )
           and at < $3",
        id.0,
        until,
        before.to_utc(),
        most,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}
