//! `alert_group` and `alert_group_member`, and `alert` as the notifier reads it. Nothing here locks an alert: evaluators and people hold
//! those, in their own order.

pub(crate) mod chosen;

use super::{corrupt, labels_json, labels_of};
use crate::error::Error;
use crate::grouping::{GroupId, Member, Mute, Remembered, Told};
use chrono::{DateTime, Utc};
use kernel::Tx;
use model::ids::{AlertId, RuleId};
use model::labels::Labels;
use model::{Severity, Time};
use serde_json::Value;

/// An alert that fires, as routes see it.
#[derive(Clone, Debug)]
pub(crate) struct Firing {
    pub(crate) id: AlertId,
    pub(crate) rule: RuleId,
    pub(crate) labels: Labels,
    pub(crate) severity: Severity,
    pub(crate) fired_at: Time,
}

struct FiringRow {
    id: i64,
    rule_id: String,
    labels: Value,
    severity: String,
    fired_at: Option<DateTime<Utc>>,
}

impl FiringRow {
    fn read(self) -> Result<Firing, Error> {
        let none = || corrupt("alert", "fired_at", &self.id.to_string(), "nothing");
        Ok(Firing {
            id: AlertId(self.id),
            labels: labels_of(self.id, &self.labels)?,
            severity: severity("alert", self.id, &self.severity)?,
            fired_at: self.fired_at.map(Time::from_utc).ok_or_else(none)?,
            rule: RuleId(self.rule_id),
        })
    }
}

/// Alerts that fire and that these routes have not put anywhere yet, or by another severity; the oldest first.
pub(crate) async fn unrouted(tx: &mut Tx, revision: i64, limit: i64) -> Result<Vec<Firing>, Error> {
    // `not in` makes one hash of what is there already. `not exists` becomes a join, which in a storm, before the planner has heard of it,
    // compares every alert with every member.
    let rows: Vec<FiringRow> = sqlx::query_as!(
        FiringRow,
        "select
           id,
           rule_id,
           labels,
           severity,
           fired_at
         from alert
         where state = 'firing'
           and (id, severity) not in (
             select
               alert_id,
               severity
             from alert_group_member
             where is_current
               and revision = $1
           )
         order by id
         limit $2",
        revision,
        limit,
    )
    .fetch_all(&mut **tx)
    .await?;
    rows.into_iter().map(FiringRow::read).collect()
}

/// Every alert that fires, the newest first.
pub(crate) async fn firing(tx: &mut Tx, limit: i64) -> Result<Vec<Firing>, Error> {
    let rows: Vec<FiringRow> = sqlx::query_as!(
        FiringRow,
        "select
           id,
           rule_id,
           labels,
           severity,
           fired_at
         from alert
         where state = 'firing'
         order by id desc
         limit $1",
        limit,
    )
    .fetch_all(&mut **tx)
    .await?;
    rows.into_iter().map(FiringRow::read).collect()
}

/// The same of alerts by number, whatever their state.
pub(crate) async fn known(tx: &mut Tx, ids: &[i64]) -> Result<Vec<Firing>, Error> {
    let rows: Vec<FiringRow> = sqlx::query_as!(
        FiringRow,
        "select
           id,
           rule_id,
           labels,
           severity,
           fired_at
         from alert
         where id = any($1)",
        ids,
    )
    .fetch_all(&mut **tx)
    .await?;
    rows.into_iter().map(FiringRow::read).collect()
}

/// The groups of these routes and labels, each made if there is none; in the order of `wanted`.
pub(crate) async fn ensure(tx: &mut Tx, wanted: &[(String, Labels)], now: Time) -> Result<Vec<GroupId>, sqlx::Error> {
    let routes: Vec<String> = wanted.iter().map(|(route, _)| route.clone()).collect();
    let labels: Vec<String> = wanted.iter().map(|(_, labels)| labels_json(labels).to_string()).collect();
    sqlx::query!(
        "insert into alert_group (route, labels, opened_at)
         select
           wanted.route,
           wanted.labels::jsonb,
           $3::timestamptz
         from unnest($1::text[], $2::text[]) as wanted (route, labels)
         on conflict (route, md5(labels::text)) do nothing",
        &routes[..],
        &labels[..],
        now.to_utc(),
    )
    .execute(&mut **tx)
    .await?;
    let ids: Vec<i64> = sqlx::query_scalar!(
        "select alert_group.id
         from unnest($1::text[], $2::text[]) with ordinality as wanted (route, labels, position)
         join alert_group on alert_group.route = wanted.route
           and md5(alert_group.labels::text) = md5(wanted.labels::jsonb::text)
         order by wanted.position",
        &routes[..],
        &labels[..],
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(ids.into_iter().map(GroupId).collect())
}

/// An alert that comes into a group.
#[derive(Clone, Debug)]
pub(crate) struct Join {
    pub(crate) group: GroupId,
    pub(crate) alert: AlertId,
    pub(crate) severity: Severity,
    pub(crate) waits_since: Time,
}

/// Puts alerts into groups. What is remembered of one that is there already stays.
pub(crate) async fn join(tx: &mut Tx, joins: &[Join], revision: i64) -> Result<(), sqlx::Error> {
    let groups: Vec<i64> = joins.iter().map(|join| join.group.0).collect();
    let alerts: Vec<i64> = joins.iter().map(|join| join.alert.0).collect();
    let severities: Vec<String> = joins.iter().map(|join| join.severity.code().to_owned()).collect();
    let since: Vec<DateTime<Utc>> = joins.iter().map(|join| join.waits_since.to_utc()).collect();
    sqlx::query!(
        "insert into alert_group_member (group_id, alert_id, revision, severity, waits_since)
         select
           joins.group_id,
           joins.alert_id,
           $5::bigint,
           joins.severity,
           joins.waits_since
         from unnest($1::bigint[], $2::bigint[], $3::text[], $4::timestamptz[])
           as joins (group_id, alert_id, severity, waits_since)
         on conflict (group_id, alert_id) do update set
           revision = excluded.revision,
           severity = excluded.severity,
           is_current = true",
        &groups[..],
        &alerts[..],
        &severities[..],
        &since[..],
        revision,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Notes of alerts that were routed which groups they have left.
pub(crate) async fn leave(tx: &mut Tx, routed: &[(AlertId, Severity)], revision: i64) -> Result<(), sqlx::Error> {
    let alerts: Vec<i64> = routed.iter().map(|(alert, _)| alert.0).collect();
    let severities: Vec<String> = routed.iter().map(|(_, severity)| severity.code().to_owned()).collect();
    sqlx::query!(
        "update alert_group_member
         set is_current = false
         from unnest($1::bigint[], $2::text[]) as routed (alert_id, severity)
         where alert_group_member.alert_id = routed.alert_id
           and alert_group_member.is_current
           and (alert_group_member.revision <> $3 or alert_group_member.severity <> routed.severity)",
        &alerts[..],
        &severities[..],
        revision,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// A group as it stands.
#[derive(Clone, Debug)]
pub(crate) struct Group {
    pub(crate) id: GroupId,
    pub(crate) route: String,
    pub(crate) labels: Labels,
    pub(crate) channels: Vec<String>,
    pub(crate) version: i64,
    pub(crate) episode: i64,
    pub(crate) seq: i64,
    pub(crate) opened_at: Time,
    pub(crate) paged_at: Option<Time>,
}

struct GroupRow {
    id: i64,
    route: String,
    labels: Value,
    channels: Vec<String>,
    version: i64,
    episode: i64,
    seq: i64,
    opened_at: DateTime<Utc>,
    paged_at: Option<DateTime<Utc>>,
}

impl GroupRow {
    fn read(self) -> Result<Group, Error> {
        Ok(Group {
            id: GroupId(self.id),
            labels: labels_of(self.id, &self.labels)?,
            route: self.route,
            channels: self.channels,
            version: self.version,
            episode: self.episode,
            seq: self.seq,
            opened_at: Time::from_utc(self.opened_at),
            paged_at: super::time(self.paged_at),
        })
    }
}

/// Every group.
pub(crate) async fn groups(tx: &mut Tx) -> Result<Vec<Group>, Error> {
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
         order by id",
    )
    .fetch_all(&mut **tx)
    .await?;
    rows.into_iter().map(GroupRow::read).collect()
}

struct MemberRow {
    group_id: i64,
    alert_id: i64,
    is_current: bool,
    waits_since: DateTime<Utc>,
    mute: Option<String>,
    told_severity: Option<String>,
    told_held: Option<bool>,
    severity: String,
    is_firing: bool,
    is_held: bool,
}

impl MemberRow {
    fn read(self) -> Result<(GroupId, Member), Error> {
        let member = Member {
            alert: AlertId(self.alert_id),
            severity: severity("alert", self.alert_id, &self.severity)?,
            is_firing: self.is_firing,
            is_held: self.is_held,
            mute: None,
            is_current: self.is_current,
            was_mute: mute(self.alert_id, self.mute.as_deref())?,
            waits_since: Time::from_utc(self.waits_since),
            told: told(self.alert_id, self.told_severity.as_deref(), self.told_held)?,
        };
        Ok((GroupId(self.group_id), member))
    }
}

/// Every alert of every group; why it tells nobody now is not known yet.
pub(crate) async fn members(tx: &mut Tx) -> Result<Vec<(GroupId, Member)>, Error> {
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
           order by alert_group_member.group_id, alert_group_member.alert_id"#,
    )
    .fetch_all(&mut **tx)
    .await?;
    rows.into_iter().map(MemberRow::read).collect()
}

/// The alerts of one group whose routes still put them there, the oldest first.
pub(crate) async fn members_of(tx: &mut Tx, group: GroupId) -> Result<Vec<AlertId>, sqlx::Error> {
    let ids: Vec<i64> = sqlx::query_scalar!(
        "select alert_id
         from alert_group_member
         where group_id = $1
           and is_current
         order by alert_id",
        group.0,
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(ids.into_iter().map(AlertId).collect())
}

fn told(alert: i64, word: Option<&str>, held: Option<bool>) -> Result<Option<Told>, Error> {
    match (word, held) {
        (Some(word), Some(is_held)) => Ok(Some(Told { severity: severity("alert_group_member", alert, word)?, is_held })),
        _ => Ok(None),
    }
}

fn mute(alert: i64, words: Option<&str>) -> Result<Option<Mute>, Error> {
    let Some(words) = words else {
        return Ok(None);
    };
    let known: Option<Mute> = Mute::from_words(words);
    known.map(Some).ok_or_else(|| corrupt("alert_group_member", "mute", &alert.to_string(), words))
}

fn severity(table: &'static str, row: i64, word: &str) -> Result<Severity, Error> {
    Severity::from_word(word).ok_or_else(|| corrupt(table, "severity", &row.to_string(), word))
}

/// Writes what is remembered of alerts.
pub(crate) async fn remember(tx: &mut Tx, changed: &[(GroupId, Remembered)]) -> Result<(), sqlx::Error> {
    let groups: Vec<i64> = changed.iter().map(|(group, _)| group.0).collect();
    let alerts: Vec<i64> = changed.iter().map(|(_, one)| one.alert.0).collect();
    let mutes: Vec<Option<String>> = changed.iter().map(|(_, one)| one.mute.as_ref().map(ToString::to_string)).collect();
    let since: Vec<DateTime<Utc>> = changed.iter().map(|(_, one)| one.waits_since.to_utc()).collect();
    let severities: Vec<Option<String>> =
        changed.iter().map(|(_, one)| one.told.map(|told| told.severity.code().to_owned())).collect();
    let held: Vec<Option<bool>> = changed.iter().map(|(_, one)| one.told.map(|told| told.is_held)).collect();
    sqlx::query!(
        "update alert_group_member
         set
           mute = went.mute,
           waits_since = went.waits_since,
           told_severity = went.told_severity,
           told_held = went.told_held
         from unnest($1::bigint[], $2::bigint[], $3::text[], $4::timestamptz[], $5::text[], $6::boolean[])
           as went (group_id, alert_id, mute, waits_since, told_severity, told_held)
         where alert_group_member.group_id = went.group_id
           and alert_group_member.alert_id = went.alert_id",
        &groups[..],
        &alerts[..],
        &mutes[..] as &[Option<String>],
        &since[..],
        &severities[..] as &[Option<String>],
        &held[..] as &[Option<bool>],
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Takes alerts out of groups.
pub(crate) async fn forget(tx: &mut Tx, gone: &[(GroupId, AlertId)]) -> Result<(), sqlx::Error> {
    let groups: Vec<i64> = gone.iter().map(|(group, _)| group.0).collect();
    let alerts: Vec<i64> = gone.iter().map(|(_, alert)| alert.0).collect();
    sqlx::query!(
        "delete from alert_group_member
         using unnest($1::bigint[], $2::bigint[]) as gone (group_id, alert_id)
         where alert_group_member.group_id = gone.group_id
           and alert_group_member.alert_id = gone.alert_id",
        &groups[..],
        &alerts[..],
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Writes a group over the version it was read at. `false` when somebody else wrote it since: then nothing may be written at all.
pub(crate) async fn save(tx: &mut Tx, group: &Group) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "update alert_group
         set
           version = version + 1,
           channels = $3,
           episode = $4,
           seq = $5,
           paged_at = $6
         where id = $1
           and version = $2",
        group.id.0,
        group.version,
        &group.channels[..],
        group.episode,
        group.seq,
        super::utc(group.paged_at),
    )
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Takes away these groups as far as nobody is left in them.
pub(crate) async fn remove_empty(tx: &mut Tx, groups: &[i64]) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "delete from alert_group
         where id = any($1)
           and not exists (select 1 from alert_group_member where alert_group_member.group_id = alert_group.id)",
        groups,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}
