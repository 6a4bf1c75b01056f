//! The same questions about a few groups or alerts, each answered by an index: what a pass of the notifier costs when little has changed.

use super::{Firing, FiringRow, Group, GroupRow, MemberRow};
use crate::error::Error;
use crate::grouping::{GroupId, Member};
use kernel::Tx;

/// Those of these alerts that fire and that these routes have not put anywhere yet, or by another severity.
pub(crate) async fn unrouted(tx: &mut Tx, revision: i64, alerts: &[i64]) -> Result<Vec<Firing>, Error> {
    let rows: Vec<FiringRow> = sqlx::query_as!(
        FiringRow,
        "select
           id,
           rule_id,
           labels,
           severity,
           fired_at
         from alert
         where id = any($2)
           and state = 'firing'
           and not exists (
             select 1
             from alert_group_member
             where alert_group_member.alert_id = alert.id
               and alert_group_member.severity = alert.severity
               and alert_group_member.is_current
               and alert_group_member.revision = $1
           )
         order by id",
        revision,
        alerts,
    )
    .fetch_all(&mut **tx)
    .await?;
    rows.into_iter().map(FiringRow::read).collect()
}

/// The groups that these alerts are in, also those that they have left.
pub(crate) async fn of(tx: &mut Tx, alerts: &[i64]) -> Result<Vec<GroupId>, sqlx::Error> {
    let ids: Vec<i64> = sqlx::query_scalar!("select distinct group_id from alert_group_member where alert_id = any($1)", alerts)
        .fetch_all(&mut **tx)
        .await?;
    Ok(ids.into_iter().map(GroupId).collect())
}

/// These groups; one that is gone is left out.
pub(crate) async fn groups(tx: &mut Tx, ids: &[i64]) -> Result<Vec<Group>, Error> {
    let rows: Vec<GroupRow> = sqlx::query_as!(
        GroupRow,
        "select
           id,
           route,
           labels,
           channels,
           version,
           episode,
           seq,
           opened_at,
           paged_at
         from alert_group
         where id = any($1)
         order by id",
        ids,
    )
    .fetch_all(&mut **tx)
    .await?;
    rows.into_iter().map(GroupRow::read).collect()
}

/// Every alert of these groups; why it tells nobody now is not known yet.
pub(crate) async fn members(tx: &mut Tx, groups: &[i64]) -> Result<Vec<(GroupId, Member)>, Error> {
    let rows: Vec<MemberRow> = sqlx::query_as!(
        MemberRow,
        r#"select
             alert_group_member.group_id,
             alert_group_member.alert_id,
             alert_group_member.is_current,
             alert_group_member.waits_since,
             alert_group_member.mute,
             alert_group_member.told_severity,
             alert_group_member.told_held,
             alert.severity,
             alert.state = 'firing' as "is_firing!",
             alert.acknowledged_at is not null as "is_held!"
           from alert_group_member
           join alert on alert.id = alert_group_member.alert_id
           where alert_group_member.group_id = any($1)
           order by alert_group_member.group_id, alert_group_member.alert_id"#,
        groups,
    )
    .fetch_all(&mut **tx)
    .await?;
    rows.into_iter().map(MemberRow::read).collect()
}
