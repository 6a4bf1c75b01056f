//! How one is reached, as one's own account shows it: contacts, their proof, and in which order they are used.

use crate::error::{ApiError, Expected};
use crate::oncall::WayKind;
use crate::wire::Packed;
use async_trait::async_trait;
use leptos::prelude::*;
use model::Time;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A contact as a form has it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactWish {
    /// `push`, `slack`, `sms`, `voice`, `email`.
    pub kind: String,
    #[serde(default)]
    pub label: String,
    /// The telephone number, the mail address, the id of a member in Slack; empty for browsers.
    #[serde(default)]
    pub value: String,
}

/// A contact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactLine {
    pub id: String,
    pub kind: WayKind,
    pub label: String,
    /// Enough of the address to know it by.
    pub shown: String,
    pub is_verified: bool,
    /// Until when the code that was sent is good.
    pub code_until: Option<Time>,
    pub last_ok_at: Option<Time>,
    pub last_fail_at: Option<Time>,
    /// What the provider said when it last failed.
    pub last_error: Option<String>,
}

impl ContactLine {
    /// Whether the last message to it failed.
    #[must_use]
    pub fn is_failing(&self) -> bool {
        self.last_fail_at > self.last_ok_at
    }
}

/// One step of how one is paged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactStep {
    /// So long after one was first needed.
    pub after_ms: i64,
    pub contact: String,
}

/// How one is paged for one urgency.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactPlan {
    /// One's own rules; empty where the usual way holds.
    pub rules: Vec<ContactStep>,
    /// What would really happen now.
    pub plan: Vec<ContactStep>,
}

/// The part of the account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactsView {
    pub contacts: Vec<ContactLine>,
    /// P0 and P1.
    pub high: ContactPlan,
    /// P2 and P3.
    pub low: ContactPlan,
    /// The number of rules a form shows, empty ones to fill in among them.
    pub most_rules: usize,
}

/// Rules as a form has them: `0.contact`, `0.minutes` … to text.
pub type ContactRules = BTreeMap<String, String>;

/// What can be wrong with a contact, or with rules for one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ContactTrouble {
    Kind,
    Email,
    Telephone,
    Slack,
    Label,
    Taken,
    TooMany,
    TooSoon,
    TooManyCodes,
    WrongCode,
    NoCode,
    NotVerified,
    Rules,
}

impl ContactTrouble {
    /// Each with its word.
    pub const ALL: [(Self, &str); 13] = [
        (Self::Kind, "contact.kind"),
        (Self::Email, "contact.email"),
        (Self::Telephone, "contact.telephone"),
        (Self::Slack, "contact.slack"),
        (Self::Label, "contact.label"),
        (Self::Taken, "contact.taken"),
        (Self::TooMany, "contact.too_many"),
        (Self::TooSoon, "contact.too_soon"),
        (Self::TooManyCodes, "contact.too_many_codes"),
        (Self::WrongCode, "contact.wrong_code"),
        (Self::NoCode, "contact.no_code"),
        (Self::NotVerified, "contact.not_verified"),
        (Self::Rules, "contact.rules"),
    ];

    /// As it crosses the door; what was expected is said in English for programs.
    #[must_use]
    pub fn refused(self, expected: &str) -> ApiError {
        let word: &str = Self::ALL.iter().find(|(trouble, _)| *trouble == self).map_or("contact", |(_, word)| *word);
        ApiError::Invalid { field: word.to_owned(), expected: Expected::other(expected) }
    }

    /// What a refusal is about, if it is one of these.
    #[must_use]
    pub fn of(error: &ApiError) -> Option<Self> {
        let ApiError::Invalid { field, .. } = error else { return None };
        Self::ALL.iter().find(|(_, word)| *word == field.as_str()).map(|(trouble, _)| *trouble)
    }
}

/// Answers the part of the account.
#[async_trait]
pub trait ContactsApi: Send + Sync {
    async fn list(&self) -> Result<ContactsView, ApiError>;
    async fn add(&self, wish: ContactWish) -> Result<(), ApiError>;
    async fn verify(&self, id: String, code: String) -> Result<(), ApiError>;
    async fn send_code(&self, id: String) -> Result<(), ApiError>;
    async fn test(&self, id: String) -> Result<(), ApiError>;
    async fn remove(&self, id: String) -> Result<(), ApiError>;
    /// `urgency` is `high` or `low`.
    async fn save_rules(&self, urgency: String, rules: ContactRules) -> Result<(), ApiError>;
}

/// Who answers: put into context by the server.
pub fn room() -> Arc<dyn ContactsApi> {
    expect_context::<Arc<dyn ContactsApi>>()
}

/// One's contacts, and how one is paged.
#[server(name = AskContacts, prefix = "/call", endpoint = "contacts", output = Packed)]
pub async fn contacts() -> Result<ContactsView, ApiError> {
    room().list().await
}

/// Adds a contact, and sends a code there.
#[server(prefix = "/call", endpoint = "contact_add", output = Packed)]
pub async fn contact_add(wish: ContactWish) -> Result<(), ApiError> {
    room().add(wish).await
}

/// Proves with the code that a contact is one's own.
#[server(prefix = "/call", endpoint = "contact_verify", output = Packed)]
pub async fn contact_verify(id: String, code: String) -> Result<(), ApiError> {
    room().verify(id, code).await
}

/// Sends another code.
#[server(prefix = "/call", endpoint = "contact_code", output = Packed)]
pub async fn contact_code(id: String) -> Result<(), ApiError> {
    room().send_code(id).await
}

/// Sends a test.
#[server(prefix = "/call", endpoint = "contact_test", output = Packed)]
pub async fn contact_test(id: String) -> Result<(), ApiError> {
    room().test(id).await
}

/// Removes a contact.
#[server(prefix = "/call", endpoint = "contact_remove", output = Packed)]
pub async fn contact_remove(id: String) -> Result<(), ApiError> {
    room().remove(id).await
}

/// Says in which order one wants to be reached.
#[server(prefix = "/call", endpoint = "contact_rules_save", output = Packed)]
pub async fn contact_rules_save(urgency: String, rules: ContactRules) -> Result<(), ApiError> {
    room().save_rules(urgency, rules).await
}

#[cfg(test)]
mod tests {
    use super::{ContactLine, ContactTrouble};
    use crate::ApiError;
    use crate::oncall::WayKind;
    use model::Time;

    #[test]
    fn every_trouble_comes_back_from_its_refusal() {
        for (trouble, word) in ContactTrouble::ALL {
            assert_eq!(ContactTrouble::of(&trouble.refused("something else")), Some(trouble), "{word}");
        }
        assert_eq!(ContactTrouble::of(&ApiError::Unavailable), None);
    }

    #[test]
    fn a_contact_fails_until_a_later_message_arrives() {
        let contact = |ok: Option<i64>, fail: Option<i64>| ContactLine {
            id: String::new(),
            kind: WayKind::Sms,
            label: String::new(),
            shown: String::new(),
            is_verified: true,
            code_until: None,
            last_ok_at: ok.map(Time),
            last_fail_at: fail.map(Time),
            last_error: None,
        };
        assert!(contact(None, Some(1)).is_failing() && contact(Some(1), Some(2)).is_failing());
        assert!(!contact(None, None).is_failing() && !contact(Some(2), Some(1)).is_failing());
    }
}
