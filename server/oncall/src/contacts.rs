//! Ways to a person, and the proof that each is theirs.
//!
//! An address goes in and never comes out: it is sealed before it is written, and only whoever sends opens it. Nobody is paged by a contact
//! that was not verified: a code goes there, and comes back from whoever is signed in. A browser needs none, it was switched on by its person.

use crate::Oncall;
use crate::error::Error;
use crate::history;
use crate::needs::{Address, CodeMessage, PersonalPage, Purpose, Vault};
use crate::store;
use crate::store::contacts::Stored;
use figures::Locale;
use kernel::{Fact, Grant, Tx, facts};
use model::access::ChangeOwnAccount;
use model::ids::PersonId;
use model::{Actor, Time};
use serde_json::{Value, json};
use std::fmt;
use std::str::FromStr;
use uuid::Uuid;

/// Contacts of one person.
pub const MOST_CONTACTS: usize = 10;
/// Codes that are sent to one contact before it must be removed and added anew.
pub const MOST_CODES: i32 = 10;
/// Codes that may be typed wrongly before another one is needed.
pub const MOST_GUESSES: i32 = 5;
/// For how long a code is good.
pub const CODE_LIFE_MS: i64 = 10 * 60_000;
/// Between two codes.
pub const CODE_PAUSE_MS: i64 = 30_000;
const MOST_LABEL: usize = 60;
const CODE_DIGITS: usize = 6;

/// A contact's id: a UUID v7.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ContactId(pub Uuid);

impl fmt::Display for ContactId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for ContactId {
    type Err = uuid::Error;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self)
    }
}

/// How somebody is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ContactKind {
    /// Every browser in which they switched pages on.
    Push,
    /// A direct message in Slack.
    Slack,
    Sms,
    Voice,
    Email,
}

impl ContactKind {
    /// Every kind, in the order in which somebody without rules of their own is asked when it is urgent.
    pub const ALL: [Self; 5] = [Self::Push, Self::Slack, Self::Sms, Self::Voice, Self::Email];

    /// The word in the database and in addresses.
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
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }

    /// Whether it can be told quietly that somebody has it or that it is over. A telephone would ring for that.
    #[must_use]
    pub fn takes_notices(self) -> bool {
        matches!(self, Self::Push | Self::Slack | Self::Email)
    }
}

/// A contact as its person wants it.
#[derive(Clone, PartialEq, Eq)]
pub struct NewContact {
    pub kind: ContactKind,
    /// What its person calls it; may be empty.
    pub label: String,
    /// The telephone number, the mail address, the id of a member in Slack; empty for browsers.
    pub value: String,
    /// Of what is sent there.
    pub locale: Locale,
    /// An IANA name.
    pub zone: String,
}

/// A contact as it may be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContactRow {
    pub id: ContactId,
    pub person: PersonId,
    pub kind: ContactKind,
    pub label: String,
    /// Enough of the address to know it by: `+81 ····1234`, `h···@example.jp`.
    pub shown: String,
    pub locale: Locale,
    pub zone: String,
    pub made_at: Time,
    /// `None`: nobody is paged by it.
    pub verified_at: Option<Time>,
    /// Until when the code that was sent is good.
    pub code_until: Option<Time>,
    pub last_ok_at: Option<Time>,
    pub last_fail_at: Option<Time>,
    /// What the provider said when it last failed.
    pub last_error: Option<String>,
}

/// What is wrong. Safe to show.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    #[error("the contact was not found")]
    NotFound,
    #[error("expected {expected}")]
    Value { kind: ContactKind, expected: &'static str },
    #[error("a label may have {max} characters", max = MOST_LABEL)]
    Label,
    #[error("{zone:?} is no time zone: expected an IANA name such as Asia/Tokyo")]
    Zone { zone: String },
    #[error("this contact is there already")]
    Taken,
    #[error("a person may have {max} contacts", max = MOST_CONTACTS)]
    TooMany,
    #[error("a code was sent a moment ago: wait {seconds} s")]
    TooSoon { seconds: i64 },
    #[error("no more codes are sent there: remove the contact and add it anew")]
    TooManyCodes,
    #[error("this is not the code that was sent")]
    WrongCode,
    #[error("the code is not good any more: have another one sent")]
    NoCode,
    #[error("the contact is not verified")]
    NotVerified,
    #[error("expected at most {max} rules, each within {hours} hours", max = crate::personal::MOST_RULES, hours = crate::personal::LONGEST_MS / 3_600_000)]
    Rules,
}

impl Oncall {
    /// One's own contacts, the oldest first.
    ///
    /// # Errors
    /// [`Error::NotAPerson`]. The database's.
    pub async fn contacts(&self, grant: &Grant<ChangeOwnAccount>) -> Result<Vec<ContactRow>, Error> {
        let person: PersonId = own(grant.actor())?;
        let mut tx: Tx = self.db.begin().await?;
        let stored: Vec<Stored> = store::contacts::of_people(&mut tx, &[person]).await?;
        Ok(stored.into_iter().map(|one| one.row).collect())
    }

    /// Adds a contact, and sends a code there where one is needed.
    ///
    /// # Errors
    /// [`Refused`] says what is wrong with it. The database's and the messenger's.
    pub async fn add_contact(&self, grant: &Grant<ChangeOwnAccount>, new: &NewContact) -> Result<ContactId, Error> {
        let person: PersonId = own(grant.actor())?;
        let now: Time = self.clock.now();
        let checked: NewContact = checked(new)?;
        let stored: Stored = stored(self.needs.vault.as_ref(), &checked, person, now)?;
        let id: ContactId = stored.row.id;
        let mut tx: Tx = self.db.begin().await?;
        store::contacts::lock_person(&mut tx, person).await?;
        if store::contacts::of_people(&mut tx, &[person]).await?.len() >= MOST_CONTACTS {
            return Err(Refused::TooMany.into());
        }
        if !store::contacts::insert(&mut tx, &stored).await? {
            return Err(Refused::Taken.into());
        }
        let body: Value = json!({ "contact": id.0, "kind": checked.kind.as_str() });
        tell(&mut tx, history::CONTACT_ADDED, grant.actor(), person, body, now).await?;
        if stored.row.verified_at.is_none() {
            self.send_code_in(&mut tx, &stored, now).await?;
        }
        tx.commit().await?;
        Ok(id)
    }

    /// Sends another code.
    ///
    /// # Errors
    /// [`Refused`]. The database's and the messenger's.
    pub async fn send_code(&self, grant: &Grant<ChangeOwnAccount>, id: ContactId) -> Result<(), Error> {
        let now: Time = self.clock.now();
        let mut tx: Tx = self.db.begin().await?;
        let stored: Stored = locked(&mut tx, grant.actor(), id).await?;
        self.send_code_in(&mut tx, &stored, now).await?;
        tx.commit().await?;
        Ok(())
    }

    async fn send_code_in(&self, tx: &mut Tx, stored: &Stored, now: Time) -> Result<(), Error> {
        if let Some(at) = stored.code_sent_at.filter(|at| now.since(*at) < CODE_PAUSE_MS) {
            let seconds: i64 = (CODE_PAUSE_MS - now.since(at)).max(1_000) / 1_000;
            return Err(Refused::TooSoon { seconds }.into());
        }
        if stored.codes_sent >= MOST_CODES {
            return Err(Refused::TooManyCodes.into());
        }
        let id: ContactId = stored.row.id;
        let code: String = new_code();
        let mark: Vec<u8> = code_mark(self.needs.vault.as_ref(), id, &code);
        store::contacts::note_code(tx, id, &mark, now.plus_ms(CODE_LIFE_MS), now).await?;
        let message = CodeMessage {
            key: format!("contact/{id}/code/{}", stored.codes_sent + 1),
            to: stored.address(),
            code,
            minutes: CODE_LIFE_MS / 60_000,
            at: now,
        };
        self.needs.messenger.send_code(tx, message).await?;
        Ok(())
    }

    /// Verifies a contact by the code that was sent there.
    ///
    /// # Errors
    /// [`Refused::WrongCode`], [`Refused::NoCode`], [`Refused::NotFound`]. The database's.
    pub async fn verify_contact(&self, grant: &Grant<ChangeOwnAccount>, id: ContactId, code: &str) -> Result<(), Error> {
        let now: Time = self.clock.now();
        let mut tx: Tx = self.db.begin().await?;
        let stored: Stored = locked(&mut tx, grant.actor(), id).await?;
        if stored.row.verified_at.is_some() {
            return Ok(());
        }
        let is_good: bool = stored.row.code_until.is_some_and(|until| now < until) && stored.guesses < MOST_GUESSES;
        let (true, Some(expected)) = (is_good, stored.code.as_ref()) else {
            return Err(Refused::NoCode.into());
        };
        let typed: String = code.chars().filter(char::is_ascii_digit).take(CODE_DIGITS + 1).collect();
        if code_mark(self.needs.vault.as_ref(), id, &typed) != *expected {
            store::contacts::note_guess(&mut tx, id).await?;
            tx.commit().await?;
            return Err(Refused::WrongCode.into());
        }
        store::contacts::verify(&mut tx, id, now).await?;
        let body: Value = json!({ "contact": id.0, "kind": stored.row.kind.as_str() });
        tell(&mut tx, history::CONTACT_VERIFIED, grant.actor(), stored.row.person, body, now).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Removes a contact, with the rules that name it. What was to go there goes to the next one.
    ///
    /// # Errors
    /// [`Refused::NotFound`]. The database's.
    pub async fn remove_contact(&self, grant: &Grant<ChangeOwnAccount>, id: ContactId) -> Result<(), Error> {
        let now: Time = self.clock.now();
        let mut tx: Tx = self.db.begin().await?;
        let stored: Stored = locked(&mut tx, grant.actor(), id).await?;
        store::contacts::remove(&mut tx, id).await?;
        let body: Value = json!({ "contact": id.0, "kind": stored.row.kind.as_str() });
        tell(&mut tx, history::CONTACT_REMOVED, grant.actor(), stored.row.person, body, now).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Sends a test there, tried once; what becomes of it stands with the contact.
    ///
    /// # Errors
    /// [`Refused::NotFound`], [`Refused::NotVerified`]. The database's and the messenger's.
    pub async fn test_contact(&self, grant: &Grant<ChangeOwnAccount>, id: ContactId) -> Result<(), Error> {
        let now: Time = self.clock.now();
        let mut tx: Tx = self.db.begin().await?;
        let stored: Stored = locked(&mut tx, grant.actor(), id).await?;
        if stored.row.verified_at.is_none() {
            return Err(Refused::NotVerified.into());
        }
        let key: String = format!("contact/{id}/test/{}", kernel::ids::new_uuid());
        let page = PersonalPage {
            group: key.clone(),
            key,
            purpose: Purpose::Test,
            to: stored.address(),
            words: Vec::new(),
            alerts: Vec::new(),
            why: format!("tested by {}", grant.actor().name()),
            at: now,
        };
        self.needs.messenger.send(&mut tx, vec![page]).await?;
        tx.commit().await?;
        Ok(())
    }
}

fn own(actor: &Actor) -> Result<PersonId, Error> {
    actor.person_id().ok_or(Error::NotAPerson)
}

/// One's own contact, locked.
async fn locked(tx: &mut Tx, actor: &Actor, id: ContactId) -> Result<Stored, Error> {
    let person: PersonId = own(actor)?;
    let stored: Option<Stored> = store::contacts::lock(tx, id).await?;
    stored.filter(|stored| stored.row.person == person).ok_or_else(|| Refused::NotFound.into())
}

async fn tell(tx: &mut Tx, kind: &'static str, actor: &Actor, person: PersonId, body: Value, at: Time) -> Result<(), Error> {
    let subject: String = format!("person/{person}");
    facts::append(tx, &Fact { kind, actor, subject, body, at }).await?;
    Ok(())
}

fn stored(vault: &dyn Vault, new: &NewContact, person: PersonId, now: Time) -> Result<Stored, Error> {
    let id: ContactId = ContactId(kernel::ids::new_uuid());
    let row = ContactRow {
        id,
        person,
        kind: new.kind,
        label: new.label.clone(),
        shown: shown(new.kind, &new.value),
        locale: new.locale,
        zone: new.zone.clone(),
        made_at: now,
        verified_at: (new.kind == ContactKind::Push).then_some(now),
        code_until: None,
        last_ok_at: None,
        last_fail_at: None,
        last_error: None,
    };
    Ok(Stored {
        sealed: vault.seal(&place(id), new.value.as_bytes())?,
        mark: vault.mark(&format!("{}/{}", new.kind.as_str(), new.value.to_lowercase())),
        row,
        code: None,
        code_sent_at: None,
        codes_sent: 0,
        guesses: 0,
    })
}

/// What an address is sealed for.
pub(crate) fn place(id: ContactId) -> String {
    format!("contact/{id}")
}

impl Stored {
    /// Where messages to it go.
    pub(crate) fn address(&self) -> Address {
        Address {
            person: self.row.person,
            contact: self.row.id,
            kind: self.row.kind,
            place: place(self.row.id),
            sealed: self.sealed.clone(),
            locale: self.row.locale,
            zone: self.row.zone.parse::<chrono_tz::Tz>().unwrap_or(chrono_tz::Tz::UTC),
        }
    }
}

fn code_mark(vault: &dyn Vault, id: ContactId, code: &str) -> Vec<u8> {
    vault.mark(&format!("code/{id}/{code}"))
}

/// Six digits from the operating system. The last number below 2⁶⁴ is no multiple of a million; what that favours nobody can use.
fn new_code() -> String {
    let random: [u8; 32] = kernel::secrets::random_256();
    let mut eight: [u8; 8] = [0; 8];
    eight.copy_from_slice(&random[..8]);
    format!("{:06}", u64::from_be_bytes(eight) % 1_000_000)
}

/// Without blanks around, and with an address that can be one.
fn checked(new: &NewContact) -> Result<NewContact, Refused> {
    let label: String = new.label.trim().to_owned();
    if label.chars().count() > MOST_LABEL || label.chars().any(char::is_control) {
        return Err(Refused::Label);
    }
    if new.zone.parse::<chrono_tz::Tz>().is_err() {
        return Err(Refused::Zone { zone: new.zone.chars().take(64).collect() });
    }
    let value: String = address(new.kind, &new.value)?;
    Ok(NewContact { kind: new.kind, label, value, locale: new.locale, zone: new.zone.clone() })
}

fn address(kind: ContactKind, typed: &str) -> Result<String, Refused> {
    let typed: &str = typed.trim();
    let refused = |expected: &'static str| Refused::Value { kind, expected };
    match kind {
        ContactKind::Push => Ok(String::new()),
        ContactKind::Email => {
            let is_one: bool = typed.len() <= 254
                && typed
                    .split_once('@')
                    .is_some_and(|(name, host)| !name.is_empty() && host.contains('.') && !host.contains('@'))
                && !typed
                    .chars()
                    .any(|character| character.is_whitespace() || character.is_control() || ",;<>\"".contains(character));
            if is_one { Ok(typed.to_owned()) } else { Err(refused("a mail address such as hana@example.jp")) }
        }
        ContactKind::Sms | ContactKind::Voice => {
            let number: String = typed.chars().filter(|character| !matches!(character, ' ' | '-' | '(' | ')')).collect();
            let digits: &str = number.strip_prefix('+').unwrap_or("");
            let is_one: bool = (7..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
            if is_one { Ok(number) } else { Err(refused("a number with its country code such as +819012345678")) }
        }
        ContactKind::Slack => {
            let is_one: bool = (3..=32).contains(&typed.len())
                && typed.starts_with(['U', 'W'])
                && typed.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
            if is_one { Ok(typed.to_owned()) } else { Err(refused("the id of a member in Slack such as U012AB3CD")) }
        }
    }
}

/// Enough of an address to know it by.
fn shown(kind: ContactKind, value: &str) -> String {
    let n: usize = value.chars().count();
    match kind {
        ContactKind::Push => String::new(),
        ContactKind::Email => {
            let (name, host) = value.split_once('@').unwrap_or((value, ""));
            format!("{}···@{host}", name.chars().take(1).collect::<String>())
        }
        ContactKind::Sms | ContactKind::Voice | ContactKind::Slack => {
            let (first, last) =
                (value.chars().take(3).collect::<String>(), value.chars().skip(n.saturating_sub(4)).collect::<String>());
            if n > 8 { format!("{first}····{last}") } else { format!("····{last}") }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_taken_as_they_can_be_reached() {
        let (email, sms, slack) = (ContactKind::Email, ContactKind::Sms, ContactKind::Slack);
        for (kind, typed, expected) in [
            (email, " hana@example.jp ", Some("hana@example.jp")),
            (email, "hana", None),
            (email, "a@b@example.jp", None),
            (email, "hana@example.jp, ken@example.jp", None),
            (sms, "+81 90-1234-5678", Some("+819012345678")),
            (sms, "090-1234-5678", None),
            (sms, "+81 90 1234 5678 9999 9", None),
            (slack, "U012AB3CD", Some("U012AB3CD")),
            (slack, "@hana", None),
            (ContactKind::Push, "whatever", Some("")),
        ] {
            assert_eq!(address(kind, typed).ok().as_deref(), expected, "{typed}");
        }
    }

    #[test]
    fn little_of_an_address_is_shown() {
        assert_eq!(shown(ContactKind::Email, "hana@example.jp"), "h···@example.jp");
        assert_eq!(shown(ContactKind::Voice, "+819012345678"), "+81····5678");
        assert_eq!(shown(ContactKind::Slack, "U012AB3"), "····2AB3");
    }

    #[test]
    fn a_code_has_six_digits() {
        for _ in 0..100 {
            let code: String = new_code();
            assert!(code.len() == CODE_DIGITS && code.bytes().all(|byte| byte.is_ascii_digit()), "{code}");
        }
    }

    #[test]
    fn words_are_read_back() {
        for kind in ContactKind::ALL {
            assert_eq!(ContactKind::from_word(kind.as_str()), Some(kind));
        }
        assert_eq!(ContactKind::from_word("pager"), None);
    }
}
