//! What is wrong with the pager itself: a replica fell silent, a worker stands still, a channel lets nothing through.
//!
//! It goes past rules, routes, groups and silences, straight into the outbox: what watches must not depend on what is watched. Whom it goes
//! to is settled here too, as for an alert whose route names nobody: the channel of last resort, else every channel in use; a channel that
//! fails is told of by the others. One row stands for one trouble, so however many processes find it, it is told once; and that it is over is
//! told to those who may have heard of it, and to nobody else.
//!
//! Absent: acknowledging. It is no alert of the alerting room, and ends when what is wrong ends.

use crate::Notify;
use crate::deliveries::{DeliveryId, PASS_ON_AFTER_MS};
use crate::error::Error;
use crate::history;
use crate::orders::{AlertWords, Words};
use crate::page::Kind;
use crate::saved::{self, ChannelRow};
use crate::store;
use crate::store::outbox::Row;
use kernel::{Fact, Tx, facts};
use model::ids::AlertId;
use model::labels::Labels;
use model::{Actor, Severity, Time};
use serde_json::{Value, json};
use uuid::Uuid;

/// Of `pager/<what>`: something is wrong with the pager itself.
pub const FOUND: &str = "PagerTroubleFound";
/// Of `pager/<what>`: it is over.
pub const OVER: &str = "PagerTroubleOver";

/// The number of what is no alert of the alerting room: no alert has it.
const NO_ALERT: AlertId = AlertId(0);

/// What can be wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum What {
    /// A process was heard of lately, said no goodbye, and is silent.
    ReplicaSilent,
    /// Rules are not evaluated.
    EvaluatorLate,
    /// A process does not decide who is to be told.
    NotifierLate,
    /// Pages that are due are not sent.
    DeliveriesLate,
    /// A channel failed its daily test, or takes none of its pages.
    ChannelFails,
}

impl What {
    /// Everything.
    pub const ALL: [Self; 5] =
        [Self::ReplicaSilent, Self::EvaluatorLate, Self::NotifierLate, Self::DeliveriesLate, Self::ChannelFails];

    /// The word in the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ReplicaSilent => "replica silent",
            Self::EvaluatorLate => "evaluator late",
            Self::NotifierLate => "notifier late",
            Self::DeliveriesLate => "deliveries late",
            Self::ChannelFails => "channel fails",
        }
    }

    /// What that word means, if anything.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|what| what.as_str() == word)
    }
}

/// Something that is wrong.
#[derive(Clone, Debug, PartialEq)]
pub struct Trouble {
    pub what: What,
    /// The process or the channel. With `what` it names the trouble: there is one open at a time.
    pub subject: String,
    pub severity: Severity,
    pub name: Words,
    pub summary: Words,
    pub since: Time,
    /// A channel that must not be relied on to tell of it.
    pub without: Option<String>,
    /// Where to look, as a whole address.
    pub url: Option<String>,
}

/// A trouble that goes on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenTrouble {
    pub what: What,
    pub subject: String,
    pub since: Time,
    pub found_at: Time,
}

/// A trouble as it lies in the database.
#[derive(Clone, Debug)]
pub(crate) struct Held {
    pub(crate) id: Uuid,
    pub(crate) words: Value,
}

impl Notify {
    /// Tells of a trouble, unless it is known. Says whether it was new.
    ///
    /// # Errors
    /// The database's: then nobody was told.
    pub async fn tell_trouble(&self, trouble: &Trouble) -> Result<bool, Error> {
        let now: Time = self.clock.now();
        let (id, words): (Uuid, AlertWords) = (kernel::ids::new_uuid(), words(trouble));
        let kept: Value = serde_json::to_value([&words]).map_err(Error::Encode)?;
        let targets: Vec<Target> = targets(saved::list(&self.db).await?, trouble.without.as_deref());
        let mut tx: Tx = self.db.begin().await?;
        if !store::troubles::open(&mut tx, id, trouble, &kept, self.process(), now).await? {
            return Ok(false);
        }
        for target in &targets {
            let row: Row = page(id, trouble, target, kept.clone(), now);
            store::outbox::insert(&mut tx, &row).await?;
        }
        let channels: Vec<&str> = targets.iter().map(|target| target.channel.as_str()).collect();
        let body: Value = json!({ "subject": trouble.subject, "since": trouble.since, "channels": channels });
        append(&mut tx, FOUND, trouble.what, body, now).await?;
        tx.commit().await?;
        let (what, subject): (&str, &str) = (trouble.what.as_str(), &trouble.subject);
        if targets.is_empty() {
            tracing::error!(what, subject, "something is wrong with the pager, and no channel is there to tell of it");
        } else {
            tracing::error!(what, subject, "something is wrong with the pager");
        }
        Ok(true)
    }

    /// Tells that a trouble is over. `false` when it is not known, or its page is being sent at this moment: ask again then.
    ///
    /// # Errors
    /// The database's.
    pub async fn end_trouble(&self, what: What, subject: &str) -> Result<bool, Error> {
        let now: Time = self.clock.now();
        let mut tx: Tx = self.db.begin().await?;
        let Some(held) = store::troubles::lock(&mut tx, what, subject).await? else {
            return Ok(false);
        };
        let group: String = group(held.id);
        // A page that is under way may come back and be tried again, after the word that it is over.
        if store::troubles::is_being_sent(&mut tx, &group).await? {
            return Ok(false);
        }
        store::troubles::end(&mut tx, held.id, now).await?;
        store::troubles::take_back(&mut tx, &group, now).await?;
        let words: Value = over(&held.words, now);
        for channel in store::troubles::told(&mut tx, &group).await? {
            let row: Row = notice(held.id, what, &channel, words.clone(), now);
            store::outbox::insert(&mut tx, &row).await?;
        }
        append(&mut tx, OVER, what, json!({ "subject": subject }), now).await?;
        tx.commit().await?;
        tracing::info!(what = what.as_str(), subject, "it is over");
        Ok(true)
    }

    /// Every trouble that goes on.
    ///
    /// # Errors
    /// The database's.
    pub async fn troubles(&self) -> Result<Vec<OpenTrouble>, Error> {
        store::troubles::list(&self.db).await
    }
}

async fn append(tx: &mut Tx, kind: &'static str, what: What, body: Value, at: Time) -> Result<(), sqlx::Error> {
    let actor: Actor = Actor::worker(history::WORKER);
    let subject: String = format!("pager/{}", what.as_str().replace(' ', "-"));
    facts::append(tx, &Fact { kind, actor: &actor, subject, body, at }).await
}

/// A channel, and who is asked when it fails.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Target {
    channel: String,
    next: Vec<String>,
}

/// The channel of last resort, else every one in use; each names the others as those to ask when it fails.
fn targets(channels: Vec<ChannelRow>, without: Option<&str>) -> Vec<Target> {
    let usable = |channel: &ChannelRow| channel.enabled && Some(channel.name.as_str()) != without;
    let usable: Vec<ChannelRow> = channels.into_iter().filter(usable).collect();
    let others = |name: &str| -> Vec<String> {
        usable.iter().filter(|other| other.name != name).map(|other| other.name.clone()).collect()
    };
    let target = |channel: &ChannelRow| Target { channel: channel.name.clone(), next: others(&channel.name) };
    match usable.iter().find(|channel| channel.last_resort) {
        Some(last_resort) => vec![target(last_resort)],
        None => usable.iter().map(target).collect(),
    }
}

fn words(trouble: &Trouble) -> AlertWords {
    AlertWords {
        id: NO_ALERT,
        severity: trouble.severity,
        name: trouble.name.clone(),
        summary: trouble.summary.clone(),
        description: None,
        value: None,
        condition: Words::default(),
        labels: Labels::default(),
        fired_at: trouble.since,
        resolved_at: None,
        holder: None,
        runbook_url: None,
        dashboard_url: trouble.url.clone(),
        source_url: None,
    }
}

/// The same words, over now. What can't be read any more is sent without words: it says where to look then.
fn over(words: &Value, now: Time) -> Value {
    let read: Result<Vec<AlertWords>, serde_json::Error> = serde_json::from_value(words.clone());
    let ended = |words: AlertWords| AlertWords { resolved_at: Some(now), ..words };
    let ended: Vec<AlertWords> = read.unwrap_or_default().into_iter().map(ended).collect();
    serde_json::to_value(ended).unwrap_or_else(|_| json!([]))
}

/// Everything that is said of one trouble is one conversation.
fn group(id: Uuid) -> String {
    format!("trouble/{id}")
}

fn page(id: Uuid, trouble: &Trouble, target: &Target, words: Value, now: Time) -> Row {
    Row {
        next: target.next.clone(),
        pass_on_at: Some(now.plus_ms(PASS_ON_AFTER_MS)),
        ..row(id, Kind::Fired, trouble.what, &target.channel, words, now)
    }
}

fn notice(id: Uuid, what: What, channel: &str, words: Value, now: Time) -> Row {
    row(id, Kind::Resolved, what, channel, words, now)
}

/// About no alert: nothing that is done with alerts takes it back.
fn row(id: Uuid, kind: Kind, what: What, channel: &str, words: Value, now: Time) -> Row {
    Row {
        id: DeliveryId(kernel::ids::new_uuid()),
        key: format!("trouble/{id}/{}/{channel}", kind.as_str()),
        group: group(id),
        kind,
        origin: channel.to_owned(),
        channel: channel.to_owned(),
        next: Vec::new(),
        tried: Vec::new(),
        alerts: Vec::new(),
        withdrawn: Vec::new(),
        words,
        why: what.as_str().to_owned(),
        at: now,
        pass_on_at: None,
        superseded: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use figures::Locale;

    fn channel(name: &str, enabled: bool, last_resort: bool) -> ChannelRow {
        ChannelRow {
            name: name.to_owned(),
            kind: "webhook".to_owned(),
            version: 1,
            settings: serde_json::Map::new(),
            secrets: Vec::new(),
            enabled,
            last_resort,
            locale: Locale::Ja,
            zone: "Asia/Tokyo".to_owned(),
            changed_by: String::new(),
            changed_at: Time(0),
        }
    }

    #[test]
    fn the_last_resort_is_told_else_everybody_and_never_by_way_of_what_fails() {
        let all = || vec![channel("chat", true, false), channel("mail", true, true), channel("off", false, false)];
        let target = |channel: &str, next: &[&str]| Target {
            channel: channel.to_owned(),
            next: next.iter().map(|name| (*name).to_owned()).collect(),
        };
        assert_eq!(targets(all(), None), [target("mail", &["chat"])]);
        assert_eq!(targets(all(), Some("mail")), [target("chat", &[])]);
        let both = vec![channel("chat", true, false), channel("mail", true, false)];
        assert_eq!(targets(both, None), [target("chat", &["mail"]), target("mail", &["chat"])]);
        assert!(targets(vec![channel("chat", true, false)], Some("chat")).is_empty());
    }

    #[test]
    fn words_are_read_back() {
        for what in What::ALL {
            assert_eq!(What::from_word(what.as_str()), Some(what));
        }
        assert_eq!(What::from_word("late"), None);
    }

    #[test]
    fn words_that_cannot_be_read_are_no_words() {
        assert_eq!(over(&json!([{ "id": "?" }]), Time(1)), json!([]));
    }
}
