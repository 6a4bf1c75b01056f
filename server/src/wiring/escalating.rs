//! What the on-call room needs of the house: people from identity, messages by notify, holidays, and the keys that addresses are sealed with.

use crate::house_error::chain;
use crate::wiring::Failure;
use async_trait::async_trait;
use identity::{Identity, PersonRow};
use kernel::outbound::{Client, Outbound, Settings, reach};
use kernel::{Clock, Db, Tx};
use model::ids::AlertId;
use model::labels::Labels;
use model::{Role, Severity};
use notify::needs::{NotTold, Personal, PersonalOutcome, PersonalTold};
use notify::personal::{NewPersonal, Reach};
use notify::{
    AlertWords, BulletinWords, ChannelRow, Keys, Kind, NewBulletin, NewDelivery, Notify, PersonalBulletin, Withdrawal, Words,
};
use oncall::needs::{
    Address, Bulletin, Calendars, ChannelPage, CodeMessage, Messenger, Needless, Needs, PersonalPage, Purpose, Staff, Staffer,
    Tone, Vault, WorldError,
};
use oncall::schedules::incoming;
use oncall::{ContactId, ContactKind, Oncall, Outcome, Outcomes, Schedules};
use serde_json::Value;
use std::collections::BTreeSet;
use std::sync::Arc;

/// What a contact's address is hashed for.
const MARKS: &str = "on-call contacts, 1";
/// Of what is about no alert.
const NO_ALERT: AlertId = AlertId(0);

/// Redirects that a calendar kept elsewhere may lead through.
const REDIRECTS: usize = 3;

/// The room, over what it needs.
///
/// # Errors
/// When the client that fetches calendars can't be made.
pub(super) fn oncall(
    db: &Db,
    clock: &Arc<dyn Clock>,
    notify: &Notify,
    identity: &Identity,
    keys: &Keys,
) -> Result<Oncall, Failure> {
    let client = Outbound::new(reach::Reach::default()).client(&Settings { redirects: REDIRECTS, ..Settings::default() })?;
    let calendars = Elsewhere { keys: keys.clone(), client };
    let schedules = Schedules::new(db.clone(), Arc::clone(clock), staff(identity)).with_calendars(Arc::new(calendars));
    let needs = Needs {
        staff: staff(identity),
        who: Arc::new(schedules.clone()),
        messenger: Arc::new(Messages(notify.clone())),
        holidays: schedules.book(),
        vault: Arc::new(Safe(keys.clone())),
    };
    Ok(Oncall::new(db.clone(), Arc::clone(clock), needs).with_schedules(schedules))
}

/// Who works here.
pub(super) fn staff(identity: &Identity) -> Arc<dyn Staff> {
    Arc::new(People(identity.clone()))
}

/// Calendars that are kept elsewhere, at addresses that are secrets.
struct Elsewhere {
    keys: Keys,
    client: Client,
}

#[async_trait]
impl Calendars for Elsewhere {
    fn seal(&self, place: &str, address: &str) -> Result<Vec<u8>, WorldError> {
        self.keys.seal(place, address.as_bytes()).map_err(|error| failed(&error))
    }

    async fn fetch(&self, place: &str, sealed: &[u8]) -> Result<String, WorldError> {
        let address: Vec<u8> = self.keys.open(place, sealed).map_err(|error| failed(&error))?;
        let address = String::from_utf8(address).map_err(|error| failed(&error))?;
        incoming::fetch(&self.client, &address).await
    }
}

/// Everybody with an account.
struct People(Identity);

#[async_trait]
impl Staff for People {
    async fn everybody(&self) -> Result<Vec<Staffer>, WorldError> {
        let people: Vec<PersonRow> = self.0.people_list().await.map_err(|error| failed(&error))?;
        Ok(people.into_iter().map(staffer).collect())
    }
}

fn staffer(person: PersonRow) -> Staffer {
    Staffer {
        may_come_in: !person.disabled && !person.invited,
        is_responder: person.role >= Role::Responder,
        is_admin: person.role >= Role::Admin,
        teams: person.teams.into_iter().map(|membership| membership.team_name).collect(),
        id: person.id,
        name: person.name,
        email: person.email,
    }
}

/// The keys of this installation.
struct Safe(Keys);

impl Vault for Safe {
    fn seal(&self, place: &str, plain: &[u8]) -> Result<Vec<u8>, WorldError> {
        self.0.seal(place, plain).map_err(|error| failed(&error))
    }

    fn mark(&self, text: &str) -> Vec<u8> {
        self.0.sign(MARKS, text.as_bytes())
    }
}

/// Messages by the notify room.
struct Messages(Notify);

#[async_trait]
impl Messenger for Messages {
    async fn send(&self, tx: &mut Tx, pages: Vec<PersonalPage>) -> Result<(), WorldError> {
        let pages: Vec<NewPersonal> = pages.into_iter().map(personal).collect();
        self.0.page_people(tx, pages).await.map_err(|error| failed(&error))
    }

    async fn tell_channels(&self, tx: &mut Tx, page: ChannelPage) -> Result<bool, WorldError> {
        let names: Vec<String> = self.channels(&page).await?;
        if names.is_empty() {
            tracing::error!(page = page.key, "an escalation reaches nobody: no person and no channel is set up");
        }
        let alerts: Vec<AlertWords> = words(std::slice::from_ref(&page.words), &page.alerts);
        let delivery = |name: &String| NewDelivery {
            key: format!("{}/{name}", page.key),
            group: page.group.clone(),
            kind: Kind::Fired,
            channel: name.clone(),
            next: names.iter().filter(|other| *other != name).cloned().collect(),
            alerts: alerts.clone(),
            why: page.why.clone(),
            at: page.at,
        };
        let deliveries: Vec<NewDelivery> = names.iter().map(delivery).collect();
        self.0.enqueue(tx, &deliveries).await.map_err(|error| failed(&error))?;
        Ok(!deliveries.is_empty())
    }

    async fn tell(&self, tx: &mut Tx, bulletin: Bulletin) -> Result<(), WorldError> {
        let (kind, words): (Kind, BulletinWords) = (kind(bulletin.tone), said(&bulletin));
        if let Some(address) = bulletin.to {
            let page = NewPersonal { group: bulletin.group, why: bulletin.why, ..to(bulletin.key, kind, address, bulletin.at) };
            let told: [PersonalBulletin; 1] = [PersonalBulletin { page, words }];
            return self.0.tell_people(tx, &told).await.map_err(|error| failed(&error));
        }
        let names: Vec<String> = self.last_resort().await?;
        if names.is_empty() {
            tracing::error!(
                bulletin = bulletin.key,
                "a promise that was broken reaches nobody: no person and no channel is set up"
            );
        }
        let to_channel = |name: &String| NewBulletin {
            key: format!("{}/{name}", bulletin.key),
            group: bulletin.group.clone(),
            kind,
            channel: name.clone(),
            next: names.iter().filter(|other| *other != name).cloned().collect(),
            words: words.clone(),
            why: bulletin.why.clone(),
            at: bulletin.at,
        };
        let told: Vec<NewBulletin> = names.iter().map(to_channel).collect();
        self.0.announce(tx, &told).await.map_err(|error| failed(&error))
    }

    async fn withdraw(&self, tx: &mut Tx, keys: &[String], alerts: &[AlertId], why: Needless) -> Result<(), WorldError> {
        let why: Withdrawal = match why {
            Needless::Acknowledged => Withdrawal::Acknowledged,
            Needless::Resolved => Withdrawal::Resolved,
            Needless::Silenced => Withdrawal::Silenced,
            Needless::Newer => Withdrawal::Newer,
        };
        self.0.withdraw_from_people(tx, keys, alerts, why).await.map_err(|error| failed(&error))
    }

    async fn send_code(&self, tx: &mut Tx, message: CodeMessage) -> Result<(), WorldError> {
        let page = NewPersonal {
            group: message.key.clone(),
            alerts: vec![code(&message)],
            ..to(message.key, Kind::Test, message.to, message.at)
        };
        self.0.page_people(tx, vec![page]).await.map_err(|error| failed(&error))
    }
}

impl Messages {
    /// Those it names; of none, the last resort, else all that are switched on.
    async fn channels(&self, page: &ChannelPage) -> Result<Vec<String>, WorldError> {
        if page.channels.is_empty() { self.last_resort().await } else { Ok(page.channels.clone()) }
    }

    async fn last_resort(&self) -> Result<Vec<String>, WorldError> {
        let mut enabled: Vec<ChannelRow> = self.0.channels().await.map_err(|error| failed(&error))?;
        enabled.retain(|channel| channel.enabled);
        if let Some(last_resort) = enabled.iter().find(|channel| channel.last_resort) {
            return Ok(vec![last_resort.name.clone()]);
        }
        Ok(enabled.into_iter().map(|channel| channel.name).collect())
    }
}

fn kind(tone: Tone) -> Kind {
    match tone {
        Tone::Quiet => Kind::Announced,
        Tone::Warning => Kind::Warned,
        Tone::Call => Kind::Breached,
    }
}

/// Words that can't be read say where to look.
fn said(bulletin: &Bulletin) -> BulletinWords {
    let read: Result<BulletinWords, serde_json::Error> = serde_json::from_value(bulletin.words.clone());
    read.unwrap_or_else(|error| {
        tracing::error!(%error, bulletin = bulletin.key, "the words of a bulletin can't be read");
        BulletinWords::unknown(bulletin.at)
    })
}

fn personal(page: PersonalPage) -> NewPersonal {
    let kind: Kind = match page.purpose {
        Purpose::Call => Kind::Fired,
        Purpose::Again => Kind::Again,
        Purpose::Acknowledged => Kind::Acknowledged,
        Purpose::Resolved => Kind::Resolved,
        Purpose::Test => Kind::Test,
    };
    NewPersonal {
        group: page.group,
        alerts: words(&page.words, &page.alerts),
        about: page.alerts,
        why: page.why,
        ..to(page.key, kind, page.to, page.at)
    }
}

/// About nothing yet.
fn to(key: String, kind: Kind, address: Address, at: model::Time) -> NewPersonal {
    NewPersonal {
        group: key.clone(),
        key,
        kind,
        person: address.person,
        contact: address.contact.0,
        reach: reach(address.kind),
        place: address.place,
        sealed: address.sealed,
        locale: address.locale,
        zone: address.zone,
        alerts: Vec::new(),
        about: Vec::new(),
        why: String::new(),
        at,
    }
}

fn reach(kind: ContactKind) -> Reach {
    match kind {
        ContactKind::Push => Reach::Push,
        ContactKind::Slack => Reach::Slack,
        ContactKind::Sms => Reach::Sms,
        ContactKind::Voice => Reach::Voice,
        ContactKind::Email => Reach::Email,
    }
}

/// What stories say about these alerts, each once. Words that can't be read are none: then the page says where to look.
fn words(stories: &[Value], about: &[AlertId]) -> Vec<AlertWords> {
    let mut seen: BTreeSet<AlertId> = BTreeSet::new();
    let mut words: Vec<AlertWords> = Vec::new();
    for story in stories {
        let read: Result<Vec<AlertWords>, serde_json::Error> = serde_json::from_value(story.clone());
        let read: Vec<AlertWords> = read.unwrap_or_else(|error| {
            tracing::error!(%error, "the words of an escalation can't be read");
            Vec::new()
        });
        words.extend(read.into_iter().filter(|one| about.contains(&one.id) && seen.insert(one.id)));
    }
    words
}

/// A code as a message says it. Spoken, its digits stand apart.
fn code(message: &CodeMessage) -> AlertWords {
    let is_spoken: bool = message.to.kind == ContactKind::Voice;
    let digits: Vec<String> = message.code.chars().map(|digit| digit.to_string()).collect();
    let code: String = digits.join(if is_spoken { " " } else { "" });
    let minutes: i64 = message.minutes;
    AlertWords {
        id: NO_ALERT,
        severity: Severity::P3,
        name: Words { ja: format!("確認コード {code}"), en: format!("Your code is {code}") },
        summary: Words {
            ja: format!(
                "Mimamori の連絡先を確認するコードは {code} です。{minutes}分以内に入力してください。心当たりがなければ、何もする必要はありません。"
            ),
            en: format!(
                "{code} is the code that confirms this contact in Mimamori. Type it in within {minutes} minutes. If you did not ask for it, there is nothing to do."
            ),
        },
        description: None,
        value: None,
        condition: Words::default(),
        labels: Labels::default(),
        fired_at: message.at,
        resolved_at: None,
        holder: None,
        runbook_url: None,
        dashboard_url: None,
        source_url: None,
    }
}

/// Tells the on-call room what became of its messages. Holds nobody who sends.
pub(super) struct Told(pub(super) Outcomes);

#[async_trait]
impl Personal for Told {
    async fn told(&self, tx: &mut Tx, told: &PersonalTold) -> Result<(), NotTold> {
        let outcome: Outcome = match &told.became {
            PersonalOutcome::Accepted => Outcome::Accepted,
            PersonalOutcome::Failed { reason } => Outcome::Failed { reason: reason.clone() },
            PersonalOutcome::Unsure { reason } => Outcome::Unsure { reason: reason.clone() },
        };
        let noted = self.0.told(tx, &told.key, ContactId(told.contact), &outcome).await;
        noted.map_err(|error| NotTold { reason: chain(&error) })
    }
}

fn failed(error: &(dyn std::error::Error + 'static)) -> WorldError {
    WorldError { reason: chain(error) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use figures::Locale;
    use model::Time;
    use model::ids::PersonId;
    use uuid::Uuid;

    fn message(kind: ContactKind) -> CodeMessage {
        let to = Address {
            person: PersonId(Uuid::nil()),
            contact: ContactId(Uuid::nil()),
            kind,
            place: "contact/x".to_owned(),
            sealed: Vec::new(),
            locale: Locale::Ja,
            zone: chrono_tz::Tz::Asia__Tokyo,
        };
        CodeMessage { key: "k".to_owned(), to, code: "012345".to_owned(), minutes: 10, at: Time(0) }
    }

    #[test]
    fn a_code_is_written_whole_and_spoken_digit_by_digit() {
        assert_eq!(code(&message(ContactKind::Sms)).name.ja, "確認コード 012345");
        assert_eq!(code(&message(ContactKind::Voice)).name.en, "Your code is 0 1 2 3 4 5");
    }

    #[test]
    fn a_message_says_each_alert_once_and_only_what_it_is_about() {
        let one = |id: i64| AlertWords { id: AlertId(id), ..code(&message(ContactKind::Sms)) };
        let stories =
            [serde_json::to_value([one(1), one(2)]).unwrap(), serde_json::to_value([one(2), one(3)]).unwrap(), Value::Null];
        let told: Vec<i64> = words(&stories, &[AlertId(2), AlertId(3)]).iter().map(|one| one.id.0).collect();
        assert_eq!(told, [2, 3]);
    }
}
