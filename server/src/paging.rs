//! From what the alerting room orders to what the notify room sends: one delivery a channel, in the transaction that decided it.
//!
//! A route names channels; an alert whose route names none goes to the channel of last resort, else to all there are. Where there is no
//! channel at all nobody can be told: that is written into the history of every alert, and into the log, and what would have called waits for
//! the first channel. Where a route names an escalation policy, the on-call room pages people besides.
//!
//! People come before channels, also when something is taken back: an escalation holds its run while it tells a channel, so whoever locks
//! both takes them in this order.

pub mod condition;
mod escalated;
mod words;

#[cfg(test)]
pub(crate) mod tests;

use crate::house_error::chain;
use alerting::grouping::PageKind;
use alerting::needs::{Needless, PageOrder, Pager, PagerError};
use alerting::{Alerting, RuleRow};
use async_trait::async_trait;
use kernel::{Fact, Tx, facts};
use model::Actor;
use model::ids::{AlertId, RuleId};
use notify::{AlertWords, ChannelRow, Kind, NewDelivery, Notify, Withdrawal};
use oncall::Oncall;
use serde_json::json;
use std::collections::BTreeMap;

/// Alerts in whose history it is written that nobody could be told; the log of the server names the route.
const MOST_SUBJECTS: usize = 20;

/// The `reason` of a `PageUndelivered` that no channel was there for.
pub const NO_CHANNEL: &str = "no channel";

/// The pager of this house.
pub struct NotifyPager {
    notify: Notify,
    /// Asked for rules only.
    alerting: Alerting,
    /// Pages people; without it only channels are told.
    oncall: Option<Oncall>,
    /// Without a slash at its end.
    public_url: String,
}

/// Rules that were looked up, those that are gone too.
type Rules = BTreeMap<RuleId, Option<RuleRow>>;

impl NotifyPager {
    /// Sends by `notify`, and knows rules from `alerting`.
    #[must_use]
    pub fn new(notify: Notify, alerting: Alerting, public_url: &str) -> Self {
        Self { notify, alerting, oncall: None, public_url: public_url.trim_end_matches('/').to_owned() }
    }

    /// The same, with people who are paged by escalation policies.
    #[must_use]
    pub fn with_oncall(self, oncall: Oncall) -> Self {
        Self { oncall: Some(oncall), ..self }
    }

    async fn words(&self, order: &PageOrder, rules: &mut Rules) -> Result<Vec<AlertWords>, PagerError> {
        let mut alerts: Vec<AlertWords> = Vec::with_capacity(order.alerts.len());
        for alert in &order.alerts {
            let rule: Option<&RuleRow> = self.rule(&alert.rule, rules).await?;
            alerts.push(words::told(alert, rule, &self.public_url));
        }
        Ok(alerts)
    }

    fn deliveries(order: &PageOrder, alerts: &[AlertWords], channels: &[ChannelRow]) -> Vec<NewDelivery> {
        if order.channels.is_empty() && order.escalation.is_some() {
            return Vec::new();
        }
        let targets: Vec<String> = targets(&order.channels, channels);
        let why: String = order.reasons.iter().map(|reason| reason.as_str()).collect::<Vec<&str>>().join(", ");
        let delivery = |channel: &String| NewDelivery {
            key: format!("{}/{channel}", order.key),
            group: order.story.clone(),
            kind: kind(order.kind),
            channel: channel.clone(),
            next: next(channel, &targets),
            alerts: alerts.to_vec(),
            why: why.clone(),
            at: order.at,
        };
        targets.iter().map(delivery).collect()
    }

    async fn rule<'r>(&self, id: &RuleId, rules: &'r mut Rules) -> Result<Option<&'r RuleRow>, PagerError> {
        let is_known: bool = rules.contains_key(id);
        if !is_known {
            let found: Option<RuleRow> = self.alerting.rule(id).await.map_err(|error| failed(&error))?;
            rules.insert(id.clone(), found);
        }
        Ok(rules.get(id).and_then(Option::as_ref))
    }
}

#[async_trait]
impl Pager for NotifyPager {
    async fn page(&self, tx: &mut Tx, orders: Vec<PageOrder>) -> Result<(), PagerError> {
        let mut channels: Vec<ChannelRow> = self.notify.channels().await.map_err(|error| failed(&error))?;
        channels.retain(|channel| channel.enabled);
        let mut rules: Rules = Rules::new();
        let mut told: Vec<(PageOrder, Vec<AlertWords>)> = Vec::with_capacity(orders.len());
        for order in orders {
            let words: Vec<AlertWords> = self.words(&order, &mut rules).await?;
            if let Some(oncall) = &self.oncall {
                escalated::hand_over(oncall, tx, &order, &words).await?;
            }
            told.push((order, words));
        }
        for (order, words) in &told {
            let deliveries: Vec<NewDelivery> = Self::deliveries(order, words, &channels);
            if deliveries.is_empty() && order.escalation.is_none() && kind(order.kind).calls() {
                nobody(tx, order).await?;
            }
            self.notify.enqueue(tx, &deliveries).await.map_err(|error| failed(&error))?;
        }
        Ok(())
    }

    async fn reaches_somebody(&self) -> Result<bool, PagerError> {
        let channels: Vec<ChannelRow> = self.notify.channels().await.map_err(|error| failed(&error))?;
        Ok(channels.iter().any(|channel| channel.enabled))
    }

    async fn acknowledged(&self, tx: &mut Tx, alert: AlertId, by: &Actor) -> Result<(), PagerError> {
        match &self.oncall {
            Some(oncall) => oncall.acknowledged(tx, alert, by).await.map_err(|error| failed(&error)),
            None => Ok(()),
        }
    }

    async fn withdraw(&self, tx: &mut Tx, alerts: &[AlertId], why: Needless) -> Result<(), PagerError> {
        if let Some(oncall) = &self.oncall {
            let why: oncall::needs::Needless = match why {
                Needless::Acknowledged => oncall::needs::Needless::Acknowledged,
                Needless::Silenced => oncall::needs::Needless::Silenced,
                Needless::Resolved => oncall::needs::Needless::Resolved,
            };
            oncall.withdraw(tx, alerts, why).await.map_err(|error| failed(&error))?;
        }
        let why: Withdrawal = match why {
            Needless::Acknowledged => Withdrawal::Acknowledged,
            Needless::Silenced => Withdrawal::Silenced,
            Needless::Resolved => Withdrawal::Resolved,
        };
        self.notify.withdraw(tx, alerts, why).await.map(|_| ()).map_err(|error| failed(&error))
    }
}

fn failed(error: &(dyn std::error::Error + 'static)) -> PagerError {
    PagerError { reason: chain(error) }
}

/// The channels an order goes to: those it names, each once; of none, the last resort, else all that are switched on.
fn targets(named: &[String], enabled: &[ChannelRow]) -> Vec<String> {
    let mut targets: Vec<String> = Vec::new();
    for name in named {
        if !targets.contains(name) {
            targets.push(name.clone());
        }
    }
    if targets.is_empty() {
        let all: Vec<String> = enabled.iter().map(|channel| channel.name.clone()).collect();
        let last_resort: Option<&ChannelRow> = enabled.iter().find(|channel| channel.last_resort);
        targets = last_resort.map_or(all, |channel| vec![channel.name.clone()]);
    }
    targets
}

/// Who is asked when a channel fails: those of the same order, beginning behind it. After them comes the last resort, which the notify
/// room knows.
fn next(channel: &str, targets: &[String]) -> Vec<String> {
    let at: usize = targets.iter().position(|target| target == channel).unwrap_or(0);
    let behind = targets.iter().skip(at + 1);
    behind.chain(targets.iter().take(at)).cloned().collect()
}

fn kind(kind: PageKind) -> Kind {
    match kind {
        PageKind::Fired => Kind::Fired,
        PageKind::Again => Kind::Again,
        PageKind::Acknowledged => Kind::Acknowledged,
        PageKind::PartlyResolved => Kind::Updated,
        PageKind::Resolved => Kind::Resolved,
    }
}

/// Says that nobody could be told, with every alert.
async fn nobody(tx: &mut Tx, order: &PageOrder) -> Result<(), PagerError> {
    tracing::error!(route = order.route, page = order.key, "nobody can be told of an alert: no channel is set up");
    let actor: Actor = Actor::worker(notify::history::WORKER);
    for alert in order.alerts.iter().take(MOST_SUBJECTS) {
        let body = json!({ "name": { "ja": alert.name.ja, "en": alert.name.en }, "page": kind(order.kind).as_str(), "reason": NO_CHANNEL });
        let subject: String = format!("alert/{}", alert.id.0);
        let fact = Fact { kind: notify::history::UNDELIVERED, actor: &actor, subject, body, at: order.at };
        facts::append(tx, &fact).await.map_err(|error| failed(&error))?;
    }
    Ok(())
}
