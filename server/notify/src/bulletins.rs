//! Bulletins: words about an incident or a document, which are about no alert.
//!
//! An update for those who wait, a promise that is at risk, a promise that ran out. They go the way of every page, under a key and with a log
//! of every attempt, to channels and to people's own contacts. What differs: nothing can be acknowledged from the message, nothing is taken
//! back, and each is a message of its own. A promise that ran out calls somebody ([`Kind::calls`]): it makes a noise and is passed on.
//!
//! Absent: an order among updates. One that did not get through at once may arrive after the next; both say when they were written.

use crate::Notify;
use crate::deliveries::{DeliveryId, PASS_ON_AFTER_MS};
use crate::error::Error;
use crate::orders::Words;
use crate::page::{Kind, PagedBulletin};
use crate::personal::{self, NewPersonal};
use crate::store;
use crate::store::claims::Claimed;
use crate::store::outbox::Row;
use figures::Locale;
use kernel::Tx;
use model::{Severity, Time, links};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Longer texts are cut: the room that writes updates takes no longer ones.
const MOST_CHARS: usize = 5_000;

/// What there is to say. The language is chosen when it is known who reads it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BulletinWords {
    pub severity: Severity,
    /// What the organisation calls the level: `P0`, `L1`. Empty of a document, which has none.
    pub code: String,
    /// What it is about, on one line: `I-42 Payments fail`.
    pub name: Words,
    /// What is said, which may have lines.
    pub text: Words,
    /// How far the incident is.
    pub status: Option<Words>,
    /// When what was promised is due.
    pub due_at: Option<Time>,
    /// When the next update is promised.
    pub next_at: Option<Time>,
    /// What it concerns.
    pub systems: Vec<String>,
    /// Who says it.
    pub by: Option<String>,
    /// When it was said.
    pub at: Time,
    /// Where it stands in the console: `/incidents/I-42`.
    pub path: String,
}

impl BulletinWords {
    /// Of something whose words were lost: it says where to look, and is taken for the worst.
    #[must_use]
    pub fn unknown(at: Time) -> Self {
        Self {
            severity: Severity::P0,
            code: Severity::P0.code().to_owned(),
            name: Words { ja: "インシデント".to_owned(), en: "Incident".to_owned() },
            text: Words {
                ja: "内容を表示できません。Mimamori を開いて確認してください。".to_owned(),
                en: "Its details can't be shown here. Open Mimamori to see them.".to_owned(),
            },
            status: None,
            due_at: None,
            next_at: None,
            systems: Vec::new(),
            by: None,
            at,
            path: links::INCIDENTS.to_owned(),
        }
    }

    /// In one language.
    #[must_use]
    pub(crate) fn told(self, locale: Locale) -> PagedBulletin {
        PagedBulletin {
            severity: self.severity,
            code: self.code,
            name: self.name.take(locale),
            text: self.text.take(locale).chars().take(MOST_CHARS).collect(),
            status: self.status.map(|status| status.take(locale)),
            due_at: self.due_at,
            next_at: self.next_at,
            systems: self.systems,
            by: self.by,
            at: self.at,
        }
    }
}

/// A bulletin to one channel.
#[derive(Clone, Debug, PartialEq)]
pub struct NewBulletin {
    /// Names it for ever: asking for the same key twice does nothing.
    pub key: String,
    /// What belongs together in one conversation.
    pub group: String,
    /// One of the kinds that [`Kind::is_bulletin`] knows.
    pub kind: Kind,
    /// The name of the channel.
    pub channel: String,
    /// Who is asked when it fails, if it calls somebody.
    pub next: Vec<String>,
    pub words: BulletinWords,
    /// Why, for the log.
    pub why: String,
    pub at: Time,
}

/// A bulletin to somebody's own contact.
#[derive(Clone)]
pub struct PersonalBulletin {
    /// To whom, and of which kind. It is about no alerts.
    pub page: NewPersonal,
    pub words: BulletinWords,
}

impl Notify {
    /// Asks for bulletins to channels in the caller's transaction. A known key does nothing.
    ///
    /// # Errors
    /// The database's: roll back then.
    pub async fn announce(&self, tx: &mut Tx, bulletins: &[NewBulletin]) -> Result<(), Error> {
        for bulletin in bulletins {
            store::outbox::insert(tx, &row(bulletin)?).await?;
        }
        Ok(())
    }

    /// The same to people's own contacts. What becomes of them is told like what becomes of any page to somebody.
    ///
    /// # Errors
    /// The database's: roll back then.
    pub async fn tell_people(&self, tx: &mut Tx, bulletins: &[PersonalBulletin]) -> Result<(), Error> {
        for bulletin in bulletins {
            let row = Row { words: kept(&bulletin.words)?, ..personal::row(&bulletin.page)? };
            if store::outbox::insert(tx, &row).await? {
                store::personal::insert(tx, row.id, &bulletin.page).await?;
            }
        }
        Ok(())
    }
}

fn row(bulletin: &NewBulletin) -> Result<Row, Error> {
    Ok(Row {
        id: DeliveryId(kernel::ids::new_uuid()),
        key: bulletin.key.clone(),
        group: bulletin.group.clone(),
        kind: bulletin.kind,
        origin: bulletin.channel.clone(),
        channel: bulletin.channel.clone(),
        next: bulletin.next.clone(),
        tried: Vec::new(),
        alerts: Vec::new(),
        withdrawn: Vec::new(),
        words: kept(&bulletin.words)?,
        why: bulletin.why.clone(),
        at: bulletin.at,
        pass_on_at: bulletin.kind.calls().then(|| bulletin.at.plus_ms(PASS_ON_AFTER_MS)),
        superseded: None,
    })
}

fn kept(words: &BulletinWords) -> Result<Value, Error> {
    serde_json::to_value(words).map_err(Error::Encode)
}

/// What a claimed bulletin says; `None` of any other delivery. Words that can't be read are those of [`BulletinWords::unknown`].
pub(crate) fn said(claimed: &Claimed, now: Time) -> Option<BulletinWords> {
    if !claimed.kind.is_bulletin() {
        return None;
    }
    let read: Result<BulletinWords, serde_json::Error> = serde_json::from_value(claimed.words.clone());
    Some(read.unwrap_or_else(|error| {
        tracing::error!(%error, delivery = %claimed.id, "the words of a bulletin can't be read");
        BulletinWords::unknown(now)
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reader_gets_their_language_and_what_is_kept_is_read_back() {
        let words = BulletinWords {
            text: Words { ja: "調査中".to_owned(), en: "looking".repeat(2_000) },
            ..BulletinWords::unknown(Time(7))
        };
        let read: BulletinWords = serde_json::from_value(kept(&words).unwrap()).unwrap();
        assert_eq!(read, words);
        assert_eq!(read.clone().told(Locale::Ja).text, "調査中");
        assert_eq!(read.told(Locale::En).text.chars().count(), MOST_CHARS);
    }
}
