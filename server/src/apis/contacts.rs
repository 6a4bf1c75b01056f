//! The on-call room's door to how somebody is reached: their own contacts, and in which order these are used.

use crate::apis::Door;
use crate::apis::oncall::shape::way;
use crate::house_error::unavailable;
use ::api::ApiError;
use ::api::contacts::{
    ContactLine, ContactPlan, ContactRules, ContactStep, ContactTrouble, ContactWish, ContactsApi, ContactsView,
};
use ::api::error::Denial;
use async_trait::async_trait;
use kernel::Grant;
use model::access::ChangeOwnAccount;
use oncall::contacts::Refused;
use oncall::personal::MOST_RULES;
use oncall::{ContactId, ContactKind, ContactRow, Error, NewContact, Oncall, PersonalRule, Urgency};

/// Answers the part of the account.
pub struct Adapter(pub Door);

const MINUTE_MS: i64 = 60_000;

/// What a screen may see of the room's errors.
fn shown(error: Error) -> ApiError {
    match error {
        Error::Contact(Refused::NotFound) => ApiError::NotFound { what: "contact".to_owned() },
        Error::Contact(refused) => trouble(&refused).refused(&refused.to_string()),
        Error::NotAPerson => ApiError::Denied { reason: Denial::NotAPerson },
        other => unavailable(&other),
    }
}

fn trouble(refused: &Refused) -> ContactTrouble {
    match refused {
        Refused::Value { kind: ContactKind::Email, .. } => ContactTrouble::Email,
        Refused::Value { kind: ContactKind::Slack, .. } => ContactTrouble::Slack,
        Refused::Value { .. } => ContactTrouble::Telephone,
        Refused::Label => ContactTrouble::Label,
        Refused::Taken => ContactTrouble::Taken,
        Refused::TooMany => ContactTrouble::TooMany,
        Refused::TooSoon { .. } => ContactTrouble::TooSoon,
        Refused::TooManyCodes => ContactTrouble::TooManyCodes,
        Refused::WrongCode => ContactTrouble::WrongCode,
        Refused::NoCode => ContactTrouble::NoCode,
        Refused::NotVerified => ContactTrouble::NotVerified,
        Refused::Rules => ContactTrouble::Rules,
        // One's own zone is always one.
        Refused::Zone { .. } | Refused::NotFound => ContactTrouble::Kind,
    }
}

#[async_trait]
impl ContactsApi for Adapter {
    async fn list(&self) -> Result<ContactsView, ApiError> {
        let grant = self.0.admit::<ChangeOwnAccount>()?;
        let contacts: Vec<ContactRow> = self.room().contacts(&grant).await.map_err(shown)?;
        let (high, low) = (self.plan(&grant, Urgency::High).await?, self.plan(&grant, Urgency::Low).await?);
        Ok(ContactsView { contacts: contacts.into_iter().map(line).collect(), high, low, most_rules: MOST_RULES })
    }

    async fn add(&self, wish: ContactWish) -> Result<(), ApiError> {
        let grant = self.0.admit::<ChangeOwnAccount>()?;
        let kind: ContactKind =
            ContactKind::from_word(&wish.kind).ok_or_else(|| ContactTrouble::Kind.refused("push, slack, sms, voice or email"))?;
        let viewer = &self.0.visitor.viewer;
        let new =
            NewContact { kind, label: wish.label, value: wish.value, locale: viewer.locale, zone: viewer.zone.name.clone() };
        self.room().add_contact(&grant, &new).await.map_err(shown)?;
        Ok(())
    }

    async fn verify(&self, id: String, code: String) -> Result<(), ApiError> {
        let grant = self.0.admit::<ChangeOwnAccount>()?;
        self.room().verify_contact(&grant, own(&id)?, &code).await.map_err(shown)
    }

    async fn send_code(&self, id: String) -> Result<(), ApiError> {
        let grant = self.0.admit::<ChangeOwnAccount>()?;
        self.room().send_code(&grant, own(&id)?).await.map_err(shown)
    }

    async fn test(&self, id: String) -> Result<(), ApiError> {
        let grant = self.0.admit::<ChangeOwnAccount>()?;
        self.room().test_contact(&grant, own(&id)?).await.map_err(shown)
    }

    async fn remove(&self, id: String) -> Result<(), ApiError> {
        let grant = self.0.admit::<ChangeOwnAccount>()?;
        self.room().remove_contact(&grant, own(&id)?).await.map_err(shown)
    }

    async fn save_rules(&self, urgency: String, rules: ContactRules) -> Result<(), ApiError> {
        let grant = self.0.admit::<ChangeOwnAccount>()?;
        let urgency: Urgency = Urgency::from_word(&urgency).ok_or_else(|| ContactTrouble::Rules.refused("high or low"))?;
        let rules: Vec<PersonalRule> = read(&rules).map_err(|()| ContactTrouble::Rules.refused("contacts and minutes"))?;
        self.room().save_personal_rules(&grant, urgency, &rules).await.map_err(shown)
    }
}

impl Adapter {
    fn room(&self) -> &Oncall {
        &self.0.house.oncall
    }

    async fn plan(&self, grant: &Grant<ChangeOwnAccount>, urgency: Urgency) -> Result<ContactPlan, ApiError> {
        let rules: Vec<PersonalRule> = self.room().personal_rules(grant, urgency).await.map_err(shown)?;
        let plan: Vec<PersonalRule> = self.room().personal_plan(grant, urgency).await.map_err(shown)?;
        Ok(ContactPlan { rules: rules.into_iter().map(step).collect(), plan: plan.into_iter().map(step).collect() })
    }
}

fn own(id: &str) -> Result<ContactId, ApiError> {
    id.parse::<ContactId>().map_err(|_| ApiError::NotFound { what: "contact".to_owned() })
}

fn line(row: ContactRow) -> ContactLine {
    ContactLine {
        id: row.id.to_string(),
        kind: way(row.kind),
        label: row.label,
        shown: row.shown,
        is_verified: row.verified_at.is_some(),
        code_until: row.code_until,
        last_ok_at: row.last_ok_at,
        last_fail_at: row.last_fail_at,
        last_error: row.last_error,
    }
}

fn step(rule: PersonalRule) -> ContactStep {
    ContactStep { after_ms: rule.after_ms, contact: rule.contact.to_string() }
}

/// The rules that a form writes (`0.contact`, `0.minutes` …), in their order; lines without a contact are none.
fn read(rules: &ContactRules) -> Result<Vec<PersonalRule>, ()> {
    let mut found: Vec<PersonalRule> = Vec::new();
    for index in 0..MOST_RULES {
        let text = |part: &str| rules.get(&format!("{index}.{part}")).map_or("", |text| text.trim());
        if text("contact").is_empty() {
            continue;
        }
        let contact: ContactId = text("contact").parse().map_err(|_| ())?;
        let minutes: i64 = if text("minutes").is_empty() { 0 } else { text("minutes").parse().map_err(|_| ())? };
        found.push(PersonalRule { after_ms: minutes.checked_mul(MINUTE_MS).ok_or(())?, contact });
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::{read, shown, trouble};
    use ::api::ApiError;
    use ::api::contacts::{ContactRules, ContactTrouble};
    use oncall::contacts::Refused;
    use oncall::{ContactKind, PersonalRule};
    use uuid::Uuid;

    fn rules(fields: &[(&str, &str)]) -> ContactRules {
        fields.iter().map(|(field, text)| ((*field).to_owned(), (*text).to_owned())).collect()
    }

    #[test]
    fn lines_without_a_contact_are_none() {
        let id: String = Uuid::from_u128(7).to_string();
        let sent = [("0.contact", ""), ("0.minutes", "5"), ("1.contact", id.as_str()), ("1.minutes", "2")];
        let read_rules: Vec<PersonalRule> = read(&rules(&sent)).unwrap();
        assert_eq!(read_rules.iter().map(|rule| rule.after_ms).collect::<Vec<i64>>(), [120_000]);
        assert!(read(&rules(&[("0.contact", "x")])).is_err());
        assert!(read(&rules(&[("0.contact", id.as_str()), ("0.minutes", "9223372036854775807")])).is_err());
    }

    #[test]
    fn a_refusal_says_which_kind_of_address_was_expected() {
        let of = |kind: ContactKind| trouble(&Refused::Value { kind, expected: "x" });
        assert_eq!((of(ContactKind::Voice), of(ContactKind::Slack)), (ContactTrouble::Telephone, ContactTrouble::Slack));
        assert!(matches!(shown(Refused::NotFound.into()), ApiError::NotFound { .. }));
        assert_eq!(ContactTrouble::of(&shown(Refused::WrongCode.into())), Some(ContactTrouble::WrongCode));
    }
}
