//! From an order of the alerting room to one of the on-call room.

use super::failed;
use alerting::grouping::PageKind;
use alerting::needs::{PageOrder, PagedAlert, PagerError};
use kernel::Tx;
use model::Severity;
use notify::AlertWords;
use oncall::{Oncall, Order, OrderKind, OrderedAlert};
use serde_json::Value;

/// Hands an order over. One that calls nobody by a policy tells only what runs already.
pub(super) async fn hand_over(oncall: &Oncall, tx: &mut Tx, order: &PageOrder, words: &[AlertWords]) -> Result<(), PagerError> {
    let kind: OrderKind = kind(order.kind);
    if kind == OrderKind::Calls && order.escalation.is_none() {
        return Ok(());
    }
    let words: Value = serde_json::to_value(words).map_err(|error| failed(&error))?;
    let given = Order {
        key: order.key.clone(),
        story: order.story.clone(),
        policy: order.escalation.clone(),
        route: order.route.clone(),
        kind,
        severity: severity(&order.alerts),
        alerts: order.alerts.iter().map(|alert| OrderedAlert { id: alert.id, is_settled: is_settled(alert) }).collect(),
        words,
        why: order.reasons.iter().map(|reason| reason.as_str()).collect::<Vec<&str>>().join(", "),
    };
    oncall.order(tx, &given).await.map_err(|error| failed(&error))
}

fn kind(kind: PageKind) -> OrderKind {
    match kind {
        PageKind::Fired | PageKind::Again => OrderKind::Calls,
        PageKind::Acknowledged => OrderKind::Acknowledged,
        PageKind::PartlyResolved => OrderKind::Updated,
        PageKind::Resolved => OrderKind::Resolved,
    }
}

fn is_settled(alert: &PagedAlert) -> bool {
    alert.held_by.is_some() || alert.resolved_at.is_some()
}

/// The worst of what needs somebody, else of all. Of nothing the worst there is, because nobody knows better.
fn severity(alerts: &[PagedAlert]) -> Severity {
    let needing = alerts.iter().filter(|alert| !is_settled(alert)).map(|alert| alert.severity).min();
    needing.or_else(|| alerts.iter().map(|alert| alert.severity).min()).unwrap_or(Severity::P0)
}
