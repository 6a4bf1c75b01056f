//! Why alerts call nobody, as the notifier noted it with them in their groups.

use super::corrupt;
use crate::error::Error;
use crate::grouping::Mute;
use kernel::Tx;
use model::ids::AlertId;

/// An alert that calls nobody, in the oldest of its groups.
#[derive(Clone, Debug)]
pub(crate) struct Noted {
    pub(crate) alert: AlertId,
    /// The path of the route.
    pub(crate) route: String,
    pub(crate) mute: Mute,
}

/// Those of these alerts that fire and call nobody on any of their routes.
pub(crate) async fn noted(tx: &mut Tx, alerts: &[i64]) -> Result<Vec<Noted>, Error> {
    let rows = sqlx::query!(
        r#"select distinct on (alert_group_member.alert_id)
             alert_group_member.alert_id,
             alert_group.route,
             alert_group_member.mute as "mute!"
           from alert_group_member
           join alert_group on alert_group.id = alert_group_member.group_id
           join alert on alert.id = alert_group_member.alert_id
           where alert_group_member.alert_id = any($1)
             and alert_group_member.alert_id in (select alert_id from alert_muted where alert_id = any($1))
             and alert_group_member.is_current
             and alert_group_member.mute is not null
             and alert.state = 'firing'
           order by alert_group_member.alert_id, alert_group_member.group_id"#,
        alerts,
    )
    .fetch_all(&mut **tx)
    .await?;
    let mut all: Vec<Noted> = Vec::with_capacity(rows.len());
    for row in rows {
        let wrong = || corrupt("alert_group_member", "mute", &row.alert_id.to_string(), &row.mute);
        let mute: Mute = Mute::from_words(&row.mute).ok_or_else(wrong)?;
        all.push(Noted { alert: AlertId(row.alert_id), route: row.route, mute });
    }
    Ok(all)
}
