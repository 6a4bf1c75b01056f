//! `oncall_swap` and `oncall_swap_offer`.

use super::corrupt;
use crate::error::Error;
use crate::schedules::definition::{ScheduleId, role_of, role_word};
use crate::schedules::swaps::{Offer, OfferId, SwapId, SwapRow, SwapState};
use chrono::{DateTime, Utc};
use kernel::Tx;
use model::Time;
use model::ids::PersonId;
use model::rota::Span;
use uuid::Uuid;

struct Row {
    id: Uuid,
    schedule: Uuid,
    role: String,
    requester: Uuid,
    start_at: DateTime<Utc>,
    end_at: DateTime<Utc>,
    back_start: Option<DateTime<Utc>>,
    back_end: Option<DateTime<Utc>>,
    reason: String,
    state: String,
    taken_by: Option<Uuid>,
    made_at: DateTime<Utc>,
    changed_at: DateTime<Utc>,
}

/// Which requests are asked for.
#[derive(Clone, Copy, Default)]
pub(crate) struct Selection {
    pub(crate) id: Option<SwapId>,
    pub(crate) schedule: Option<ScheduleId>,
    /// Those whose time is not over then.
    pub(crate) after: Option<Time>,
    pub(crate) only_open: bool,
}

/// Requests by their beginning, each with what was offered.
pub(crate) async fn list(tx: &mut Tx, selection: Selection, limit: i64) -> Result<Vec<SwapRow>, Error> {
    let rows: Vec<Row> = sqlx::query_as!(
        Row,
        "select
           id,
           schedule,
           role,
           requester,
           start_at,
           end_at,
           back_start,
           back_end,
           reason,
           state,
           taken_by,
           made_at,
           changed_at
         from oncall_swap
         where ($1::uuid is null or id = $1)
           and ($2::uuid is null or schedule = $2)
           and ($3::timestamptz is null or end_at > $3)
           and (state = 'open' or not $4)
         order by start_at, id
         limit $5",
        selection.id.map(|id| id.0),
        selection.schedule.map(|id| id.0),
        selection.after.map(Time::to_utc),
        selection.only_open,
        limit,
    )
    .fetch_all(&mut **tx)
    .await?;
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let offers: Vec<Offer> = offers(tx, &ids).await?;
    rows.into_iter().map(|row| read(row, &offers)).collect()
}

fn read(row: Row, offers: &[Offer]) -> Result<SwapRow, Error> {
    let (id, word): (SwapId, String) = (SwapId(row.id), row.state);
    let state: Option<SwapState> = SwapState::from_word(&word);
    let back = row.back_start.zip(row.back_end).map(|(start, end)| Span::new(Time::from_utc(start), Time::from_utc(end)));
    Ok(SwapRow {
        id,
        schedule: ScheduleId(row.schedule),
        role: role_of(&row.role),
        requester: PersonId(row.requester),
        span: Span::new(Time::from_utc(row.start_at), Time::from_utc(row.end_at)),
        back,
        reason: row.reason,
        state: state.ok_or_else(|| corrupt("oncall_swap", "state", &id.to_string(), &word))?,
        taken_by: row.taken_by.map(PersonId),
        offers: offers.iter().filter(|offer| offer.swap == id).copied().collect(),
        made_at: Time::from_utc(row.made_at),
        changed_at: Time::from_utc(row.changed_at),
    })
}

async fn offers(tx: &mut Tx, swaps: &[Uuid]) -> Result<Vec<Offer>, sqlx::Error> {
    let rows = sqlx::query!(
        "select
           id,
           swap,
           person,
           start_at,
           end_at,
           made_at
         from oncall_swap_offer
         where swap = any($1)
         order by made_at, id",
        swaps,
    )
    .fetch_all(&mut **tx)
    .await?;
    let offer = rows.into_iter().map(|row| Offer {
        id: OfferId(row.id),
        swap: SwapId(row.swap),
        person: PersonId(row.person),
        span: Span::new(Time::from_utc(row.start_at), Time::from_utc(row.end_at)),
        made_at: Time::from_utc(row.made_at),
    });
    Ok(offer.collect())
}

/// Which request an offer is about.
pub(crate) async fn of_offer(tx: &mut Tx, offer: OfferId) -> Result<Option<SwapId>, sqlx::Error> {
    let swap: Option<Uuid> =
        sqlx::query_scalar!("select swap from oncall_swap_offer where id = $1", offer.0).fetch_optional(&mut **tx).await?;
    Ok(swap.map(SwapId))
}

/// Writes a request.
pub(crate) async fn insert(tx: &mut Tx, row: &SwapRow) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into oncall_swap (id, schedule, role, requester, start_at, end_at, back_start, back_end, reason, state, taken_by,
           made_at, changed_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        row.id.0,
        row.schedule.0,
        role_word(&row.role),
        row.requester.0,
        row.span.start.to_utc(),
        row.span.end.to_utc(),
        row.back.map(|back| back.start.to_utc()),
        row.back.map(|back| back.end.to_utc()),
        row.reason,
        row.state.as_str(),
        row.taken_by.map(|person| person.0),
        row.made_at.to_utc(),
        row.changed_at.to_utc(),
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Writes what became of a request: its state, by whom, and of what part.
pub(crate) async fn settle(tx: &mut Tx, row: &SwapRow) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update oncall_swap
         set state = $2,
             taken_by = $3,
             start_at = $4,
             end_at = $5,
             back_start = $6,
             back_end = $7,
             changed_at = $8
         where id = $1",
        row.id.0,
        row.state.as_str(),
        row.taken_by.map(|person| person.0),
        row.span.start.to_utc(),
        row.span.end.to_utc(),
        row.back.map(|back| back.start.to_utc()),
        row.back.map(|back| back.end.to_utc()),
        row.changed_at.to_utc(),
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Writes an offer over what the same person offered before.
pub(crate) async fn write_offer(tx: &mut Tx, offer: &Offer) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into oncall_swap_offer (id, swap, person, start_at, end_at, made_at)
         values ($1, $2, $3, $4, $5, $6)
         on conflict (swap, person) do update
         set id = excluded.id,
             start_at = excluded.start_at,
             end_at = excluded.end_at,
             made_at = excluded.made_at",
        offer.id.0,
        offer.swap.0,
        offer.person.0,
        offer.span.start.to_utc(),
        offer.span.end.to_utc(),
        offer.made_at.to_utc(),
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Locks requests that nobody took before their time was over, unless somebody has them.
pub(crate) async fn claim_expired(tx: &mut Tx, now: Time, limit: i64) -> Result<Vec<SwapId>, sqlx::Error> {
    let ids: Vec<Uuid> = sqlx::query_scalar!(
        "select id
         from oncall_swap
         where state = 'open'
           and end_at <= $1
         order by end_at
         limit $2
         for update skip locked",
        now.to_utc(),
        limit,
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(ids.into_iter().map(SwapId).collect())
}
