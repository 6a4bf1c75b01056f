//! What happened to pages, as Facts of the alerts they are about: an alert's history says who was summoned, and whether it worked.

use kernel::{Fact, Tx, facts};
use model::{Actor, Time};
use serde_json::{Value, json};

/// A provider took a page.
pub const SENT: &str = "PageSent";
/// A page never got through to this channel.
pub const FAILED: &str = "PageFailed";
/// The next channel was asked.
pub const PASSED_ON: &str = "PagePassedOn";
/// There was no channel left to ask: nobody was summoned by this page.
pub const UNDELIVERED: &str = "PageUndelivered";
/// Nobody need be summoned any more; the body's `reason` says why.
pub const WITHDRAWN: &str = "PageWithdrawn";
/// Of `channel/<name>`: made or changed.
pub const CHANNEL_SAVED: &str = "ChannelSaved";
/// Of `channel/<name>`: gone.
pub const CHANNEL_REMOVED: &str = "ChannelRemoved";

/// Of `person/<id>`: somebody in a Slack workspace was found to be this person.
pub const SLACK_PERSON_LINKED: &str = "SlackPersonLinked";
/// Of `person/<id>`: pages reach one of their browsers from now on.
pub const BROWSER_SUBSCRIBED: &str = "BrowserSubscribed";
/// Of `person/<id>`: they don't any more.
pub const BROWSER_UNSUBSCRIBED: &str = "BrowserUnsubscribed";

/// The name under which the sender acts.
pub const WORKER: &str = "pager";

/// A page about more alerts leaves its Facts with the first of them; the log of deliveries knows the others.
const MOST_SUBJECTS: usize = 20;

/// The delivery a Fact tells of.
#[derive(Clone, Copy, Debug)]
pub(crate) struct About<'a> {
    pub(crate) delivery: uuid::Uuid,
    pub(crate) kind: &'a str,
    pub(crate) channel: &'a str,
    pub(crate) alerts: &'a [i64],
}

/// `channel/ops`.
#[must_use]
pub fn channel_subject(name: &str) -> String {
    format!("channel/{name}")
}

/// Writes what happened with every alert the delivery is about, or with its channel when it is about none.
pub(crate) async fn append(tx: &mut Tx, about: &About<'_>, kind: &'static str, at: Time, more: Value) -> Result<(), sqlx::Error> {
    let mut body: Value = json!({
        "delivery": about.delivery,
        "page": about.kind,
        "channel": about.channel,
        "alerts": about.alerts.len(),
    });
    if let (Some(body), Value::Object(more)) = (body.as_object_mut(), more) {
        body.extend(more);
    }
    let actor: Actor = Actor::worker(WORKER);
    for subject in subjects(about) {
        facts::append(tx, &Fact { kind, actor: &actor, subject, body: body.clone(), at }).await?;
    }
    Ok(())
}

fn subjects(about: &About<'_>) -> Vec<String> {
    if about.alerts.is_empty() {
        return vec![channel_subject(about.channel)];
    }
    about.alerts.iter().take(MOST_SUBJECTS).map(|alert| format!("alert/{alert}")).collect()
}
