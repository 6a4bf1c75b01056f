//! What is remembered of one alert in its groups, as its screen shows it.

use super::{corrupt, time};
use crate::error::Error;
use crate::grouping::Mute;
use kernel::Tx;
use model::Time;
use model::ids::AlertId;

/// One alert in one group.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    /// The path of the route.
    pub(crate) route: String,
    /// Whom the last page of the group went to.
    pub(crate) channels: Vec<String>,
    pub(crate) paged_at: Option<Time>,
    pub(crate) waits_since: Time,
    pub(crate) mute: Option<Mute>,
    pub(crate) is_told: bool,
    pub(crate) is_firing: bool,
    pub(crate) is_held: bool,
}

/// The groups in which routes put an alert now, the oldest first.
pub(crate) async fn places(tx: &mut Tx, alert: AlertId) -> Result<Vec<Place>, Error> {
    let rows = sqlx::query!(
        r#"select
             alert_group.route,
             alert_group.channels,
             alert_group.paged_at,
             alert_group_member.waits_since,
             alert_group_member.mute,
             alert_group_member.told_severity is not null as "is_told!",
             alert.state = 'firing' as "is_firing!",
             alert.acknowledged_at is not null as "is_held!"
           from alert_group_member
           join alert_group on alert_group.id = alert_group_member.group_id
           join alert on alert.id = alert_group_member.alert_id
           where alert_group_member.alert_id = $1
             and alert_group_member.is_current
           order by alert_group.id"#,
        alert.0,
    )
    .fetch_all(&mut **tx)
    .await?;
    let mut places: Vec<Place> = Vec::with_capacity(rows.len());
    for row in rows {
        places.push(Place {
            route: row.route,
            channels: row.channels,
            paged_at: time(row.paged_at),
            waits_since: Time::from_utc(row.waits_since),
            mute: mute(alert, row.mute.as_deref())?,
            is_told: row.is_told,
            is_firing: row.is_firing,
            is_held: row.is_held,
        });
    }
    Ok(places)
}

fn mute(alert: AlertId, words: Option<&str>) -> Result<Option<Mute>, Error> {
    let Some(words) = words else {
        return Ok(None);
    };
    let known: Option<Mute> = Mute::from_words(words);
    known.map(Some).ok_or_else(|| corrupt("alert_group_member", "mute", &alert.0.to_string(), words))
}
