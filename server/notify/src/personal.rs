//! Pages to one person's own contact: a telephone, a mailbox, a direct message, their browsers.
//!
//! It is no channel that routes could name. Its address comes with the order, sealed, and is opened only for the one request; it goes out by
//! the account of a channel of the same kind that is switched on, the first by name. Whoever asked for it hears what became of it, in the
//! transaction that writes that down, because the next contact is theirs to choose: nothing is passed on here.

use crate::Notify;
use crate::deliveries::{DeliveryId, Next, Outcome, PASS_ON_AFTER_MS, State, Withdrawal};
use crate::error::Error;
use crate::needs::{Personal, PersonalOutcome, PersonalTold};
use crate::orders::{AlertWords, NewDelivery};
use crate::outbox::tell_withdrawn;
use crate::page::Kind;
use crate::store;
use crate::store::claims::Claimed;
use crate::store::outbox::{Row, Taken};
use crate::store::passing::Waiting;
use chrono_tz::Tz;
use figures::Locale;
use kernel::Tx;
use model::Time;
use model::ids::{AlertId, PersonId};
use serde_json::Value;
use std::collections::HashMap;
use std::sync::Arc;
use uuid::Uuid;

/// Stands before the kind, where the name of a channel stands else. No channel's name begins with it.
pub(crate) const MARK: char = '@';

/// How a person is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Every browser in which they switched pages on.
    Push,
    /// A direct message; the address is the id of a member.
    Slack,
    Sms,
    Voice,
    Email,
}

impl Reach {
    const ALL: [Self; 5] = [Self::Push, Self::Slack, Self::Sms, Self::Voice, Self::Email];

    /// The word in the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Push => "push",
            Self::Slack => "slack",
            Self::Sms => "sms",
            Self::Voice => "voice",
            Self::Email => "email",
        }
    }

    /// What that word means, if anything.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reach| reach.as_str() == word)
    }

    /// What stands in the place of a channel's name.
    fn channel(self) -> String {
        format!("{MARK}{}", self.as_str())
    }

    /// The way to a person that stands in the place of a channel's name, if it is none of a channel.
    #[must_use]
    pub fn of_channel(channel: &str) -> Option<Self> {
        Self::from_word(channel.strip_prefix(MARK)?)
    }
}

/// One page to one contact.
#[derive(Clone)]
pub struct NewPersonal {
    /// Names this page to this contact for ever. Asking for the same key twice does nothing.
    pub key: String,
    /// What belongs together in one conversation.
    pub group: String,
    pub kind: Kind,
    pub person: PersonId,
    /// Whoever asks for it knows it by this.
    pub contact: Uuid,
    pub reach: Reach,
    /// What the address was sealed for, with the keys of this room.
    pub place: String,
    pub sealed: Vec<u8>,
    /// Of whoever reads it.
    pub locale: Locale,
    pub zone: Tz,
    /// What there is to say.
    pub alerts: Vec<AlertWords>,
    /// What it is about: it is withdrawn with all of these.
    pub about: Vec<AlertId>,
    /// Why, for the log.
    pub why: String,
    pub at: Time,
}

/// A contact as it lies beside its delivery.
#[derive(Clone)]
pub(crate) struct Stored {
    pub(crate) person: PersonId,
    pub(crate) contact: Uuid,
    pub(crate) reach: Reach,
    pub(crate) place: String,
    pub(crate) sealed: Vec<u8>,
    pub(crate) locale: Locale,
    pub(crate) zone: String,
}

/// Whether a delivery goes to a person's own contact.
pub(crate) fn is_personal(channel: &str) -> bool {
    channel.starts_with(MARK)
}

impl Notify {
    /// The same, telling `personal` what becomes of pages to people. Who hears it is named once.
    #[must_use]
    pub fn with_personal(self, personal: Arc<dyn Personal>) -> Self {
        // A second one is not needed: clones share the first.
        let _ = self.worker.sender.personal.set(personal);
        self
    }

    /// Asks for pages to people's own contacts in the caller's transaction. A known key does nothing.
    ///
    /// # Errors
    /// The database's: roll back then.
    pub async fn page_people(&self, tx: &mut Tx, pages: Vec<NewPersonal>) -> Result<(), Error> {
        for page in pages {
            let row: Row = row(&page)?;
            if store::outbox::insert(tx, &row).await? {
                store::personal::insert(tx, row.id, &page).await?;
            }
        }
        Ok(())
    }

    /// Takes these alerts back from the pages with these keys, in the transaction that made it needless. What has none left is not sent;
    /// only a request that is under way may still land.
    ///
    /// # Errors
    /// The database's: roll back then.
    pub async fn withdraw_from_people(
        &self,
        tx: &mut Tx,
        keys: &[String],
        alerts: &[AlertId],
        why: Withdrawal,
    ) -> Result<(), Error> {
        if keys.is_empty() {
            return Ok(());
        }
        let now: Time = self.clock.now();
        let numbers: Vec<i64> = alerts.iter().map(|alert| alert.0).collect();
        let taken: Vec<Taken> = store::personal::withdraw(tx, keys, &numbers, why, now).await?;
        for one in taken.iter().filter(|one| one.is_superseded) {
            tell_withdrawn(tx, one, why, now).await?;
        }
        Ok(())
    }

    /// Whom a delivery went to, if it went to a person's own contact: the link in it is theirs.
    ///
    /// # Errors
    /// The database's.
    pub async fn person_of(&self, delivery: DeliveryId) -> Result<Option<PersonId>, Error> {
        Ok(store::personal::one(&self.db, delivery).await?.map(|stored| stored.person))
    }

    /// The same of several; those that went to a channel are not among the answers.
    ///
    /// # Errors
    /// The database's.
    pub async fn people_of(&self, deliveries: &[DeliveryId]) -> Result<HashMap<DeliveryId, PersonId>, Error> {
        store::personal::people(&self.db, deliveries).await
    }
}

/// As it is asked for.
pub(crate) fn row(page: &NewPersonal) -> Result<Row, Error> {
    let channel: String = page.reach.channel();
    let order = NewDelivery {
        key: page.key.clone(),
        group: page.group.clone(),
        kind: page.kind,
        channel: channel.clone(),
        next: Vec::new(),
        alerts: page.alerts.clone(),
        why: page.why.clone(),
        at: page.at,
    };
    let words: Value = serde_json::to_value(order.kept_words()).map_err(Error::Encode)?;
    let mut numbers: Vec<i64> = page.about.iter().map(|alert| alert.0).collect();
    numbers.sort_unstable();
    numbers.dedup();
    Ok(Row {
        id: DeliveryId(kernel::ids::new_uuid()),
        key: order.key,
        group: order.group,
        kind: order.kind,
        origin: channel.clone(),
        channel,
        next: Vec::new(),
        tried: Vec::new(),
        alerts: numbers,
        withdrawn: Vec::new(),
        words,
        why: order.why,
        at: order.at,
        // The moment from which on whoever asked may ask another contact. A warning that comes late is none.
        pass_on_at: (page.kind.calls() || page.kind == Kind::Warned).then(|| page.at.plus_ms(PASS_ON_AFTER_MS)),
        superseded: None,
    })
}

/// Tells what an attempt came to, in the transaction that writes it down. What will be tried again is not told.
pub(crate) async fn tell_end(
    tx: &mut Tx,
    personal: Option<&dyn Personal>,
    claimed: &Claimed,
    next: &Next,
    outcome: &Outcome,
) -> Result<(), Error> {
    if !is_personal(&claimed.channel) {
        return Ok(());
    }
    let became: PersonalOutcome = match next.state {
        State::Sent => PersonalOutcome::Accepted,
        State::Failed => PersonalOutcome::Failed { reason: outcome.detail().to_owned() },
        State::Due | State::Sending | State::Superseded => return Ok(()),
    };
    tell(tx, personal, claimed.id, &claimed.key, became).await
}

/// Tells that nobody has taken a page in time. One that failed was told of before.
pub(crate) async fn tell_waiting(tx: &mut Tx, personal: Option<&dyn Personal>, waiting: &Waiting) -> Result<(), Error> {
    if waiting.state == State::Failed {
        return Ok(());
    }
    let became = PersonalOutcome::Unsure { reason: "no provider has taken it in time".to_owned() };
    tell(tx, personal, waiting.row.id, &waiting.row.key, became).await
}

async fn tell(
    tx: &mut Tx,
    personal: Option<&dyn Personal>,
    id: DeliveryId,
    key: &str,
    became: PersonalOutcome,
) -> Result<(), Error> {
    let (Some(personal), Some(stored)) = (personal, store::personal::one_in(tx, id).await?) else {
        return Ok(());
    };
    let told = PersonalTold { key: key.to_owned(), person: stored.person, contact: stored.contact, became };
    personal.told(tx, &told).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_contact_is_no_channel() {
        for reach in Reach::ALL {
            assert_eq!(Reach::from_word(reach.as_str()), Some(reach));
            assert!(is_personal(&reach.channel()));
            assert_eq!(Reach::of_channel(&reach.channel()), Some(reach));
        }
        assert_eq!((Reach::of_channel("sms"), Reach::of_channel("@fax")), (None, None));
        assert!(!is_personal("sms"));
        assert_eq!(Reach::from_word("fax"), None);
    }
}
