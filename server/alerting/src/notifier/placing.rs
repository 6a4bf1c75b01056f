//! Puts alerts that fire into the groups of the routes that take them.

use super::Rules;
use crate::error::Error;
use crate::grouping::GroupId;
use crate::routes;
use crate::store;
use crate::store::groups::{Firing, Join};
use kernel::Tx;
use model::ids::AlertId;
use model::labels::Labels;
use model::{Severity, Time};
use std::collections::BTreeMap;

/// Puts these into their groups, and takes them out of the ones they were in by other routes or another severity.
pub(super) async fn place(tx: &mut Tx, rules: &Rules, alerts: &[Firing], now: Time) -> Result<(), Error> {
    if alerts.is_empty() {
        return Ok(());
    }
    let mut wanted: BTreeMap<(String, Labels), Vec<usize>> = BTreeMap::new();
    for (index, alert) in alerts.iter().enumerate() {
        let labels: Labels = routes::labels_of(&alert.labels, &alert.rule, alert.severity);
        for node in rules.tree.takers(&labels) {
            wanted.entry((node.path.clone(), node.settings.group_of(&labels))).or_default().push(index);
        }
    }
    let keys: Vec<(String, Labels)> = wanted.keys().cloned().collect();
    let groups: Vec<GroupId> = store::groups::ensure(tx, &keys, now).await?;
    let mut joins: Vec<Join> = Vec::new();
    for (group, inside) in groups.into_iter().zip(wanted.into_values()) {
        for alert in inside.into_iter().filter_map(|index| alerts.get(index)) {
            joins.push(Join { group, alert: alert.id, severity: alert.severity, waits_since: alert.fired_at });
        }
    }
    store::groups::join(tx, &joins, rules.revision).await?;
    let routed: Vec<(AlertId, Severity)> = alerts.iter().map(|alert| (alert.id, alert.severity)).collect();
    store::groups::leave(tx, &routed, rules.revision).await?;
    Ok(())
}
