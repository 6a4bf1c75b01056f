//! The lists of what fires, with what needs somebody most first: by severity, then what nobody has, then the oldest. The codes of severities
//! sort as they are meant: P0 before P1.
//!
//! States must stand in the statements themselves, or the indexes of what fires would not be used when a statement is planned once for
//! all its values; for the same reason the list in which nothing is chosen is a statement of its own. What is muted is looked up in one
//! set, or a plan that expects one such alert would look through all of them for every other.

use super::Numbers;
use crate::alerts::{Filter, MOST};
use crate::store::labels_json;
use kernel::Db;
use model::Severity;

/// All that fires, from a place on: what nobody has, what somebody has, and what is muted, each read in the order of an index and only as far
/// as the list goes, and merged. `is true` keeps the last of them from becoming a join, which is made for the few that were muted a minute ago.
pub(super) async fn all(db: &Db, filter: &Filter) -> Result<Vec<i64>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"with muted as materialized (
             select alert_id
             from alert_muted
           ),
           loud as (
             select id, severity, fired_at
             from alert
             where state = 'firing'
               and acknowledged_at is null
               and $5::text <> 'silenced'
               and id not in (select alert_id from muted)
               and ($1::text is null or (severity, false, fired_at, id) > ($1, $2::boolean, $3::timestamptz, $4::bigint))
             order by severity, fired_at, id
             limit $6
           ),
           held as (
             select id, severity, fired_at
             from alert
             where state = 'firing'
               and acknowledged_at is not null
               and $5::text <> 'unanswered'
               and ($5::text <> 'silenced' or id in (select alert_id from muted))
               and ($1::text is null or (severity, true, fired_at, id) > ($1, $2::boolean, $3::timestamptz, $4::bigint))
             order by severity, fired_at, id
             limit $6
           ),
           silenced as (
             select id, severity, fired_at
             from alert
             where state = 'firing'
               and acknowledged_at is null
               and $5::text <> 'unanswered'
               and exists (select 1 from muted)
               and (id in (select alert_id from muted)) is true
               and ($1::text is null or (severity, true, fired_at, id) > ($1, $2::boolean, $3::timestamptz, $4::bigint))
             order by severity, fired_at, id
             limit $6
           )
           select id as "id!"
           from (
             select id, severity, false as is_settled, fired_at from loud
             union all
             select id, severity, true as is_settled, fired_at from held
             union all
             select id, severity, true as is_settled, fired_at from silenced
           ) as listed
           order by severity, is_settled, fired_at, id
           limit $6"#,
        filter.after.map(|place| place.severity.code()),
        filter.after.map(|place| place.is_settled),
        filter.after.map(|place| place.since.to_utc()),
        filter.after.map(|place| place.id.0),
        filter.show.as_str(),
        filter.limit.clamp(0, MOST),
    )
    .fetch_all(db.pool())
    .await
}

/// How many [`all`] would list without a limit.
pub(super) async fn count(db: &Db, filter: &Filter) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        r#"with firing as materialized (
             select
               id,
               severity,
               fired_at,
               acknowledged_at is not null as is_held,
               id in (select alert_id from alert_muted) as is_muted
             from alert
             where state = 'firing'
           )
           select count(*) as "n!"
           from firing
           where ($1::text is null
                  or (severity, is_held or is_muted, fired_at, id) > ($1, $2::boolean, $3::timestamptz, $4::bigint))
             and case $5::text
                   when 'unanswered' then not is_held and not is_muted
                   when 'silenced' then is_muted
                   else true
                 end"#,
        filter.after.map(|place| place.severity.code()),
        filter.after.map(|place| place.is_settled),
        filter.after.map(|place| place.since.to_utc()),
        filter.after.map(|place| place.id.0),
        filter.show.as_str(),
    )
    .fetch_one(db.pool())
    .await
}

/// What was chosen of it, which has no order to be read in: everything that fires is looked at, and what was chosen is counted on the way.
pub(super) async fn chosen(db: &Db, filter: &Filter) -> Result<Numbers, sqlx::Error> {
    let rows = sqlx::query!(
        r#"with firing as materialized (
             select
               id,
               severity,
               fired_at,
               acknowledged_at is not null as is_held,
               id in (select alert_id from alert_muted) as is_muted
             from alert
             where state = 'firing'
               and ($1::text is null or rule_id = $1)
               and ($2::text is null or severity = $2)
               and ($3::text is null or labels ->> 'host' = $3)
               and ($4::text is null
                    or strpos(lower(concat_ws(' ', name_ja, name_en, summary_ja, summary_en, labels::text)), lower($4)) > 0)
               and ($5::jsonb is null or labels = $5)
               and ($6::timestamptz is null or fired_at <= $6)
           )
           select
             id as "id!",
             count(*) over () as "n_all!"
           from firing
           where ($7::text is null
                  or (severity, is_held or is_muted, fired_at, id) > ($7, $8::boolean, $9::timestamptz, $10::bigint))
             and case $11::text
                   when 'unanswered' then not is_held and not is_muted
                   when 'silenced' then is_muted
                   else true
                 end
           order by severity, is_held or is_muted, fired_at, id
           limit $12"#,
        filter.rule.as_ref().map(|rule| rule.0.as_str()),
        filter.severity.map(Severity::code),
        filter.host.as_deref(),
        filter.search.as_deref(),
        filter.labels.as_ref().map(labels_json),
        filter.touching.map(|(_, to)| to.to_utc()),
        filter.after.map(|place| place.severity.code()),
        filter.after.map(|place| place.is_settled),
        filter.after.map(|place| place.since.to_utc()),
        filter.after.map(|place| place.id.0),
        filter.show.as_str(),
        filter.limit.clamp(0, MOST),
    )
    .fetch_all(db.pool())
    .await?;
    let n_all: i64 = rows.first().map_or(0, |first| first.n_all);
    Ok(Numbers { ids: rows.into_iter().map(|row| row.id).collect(), n_all: Some(n_all) })
}
