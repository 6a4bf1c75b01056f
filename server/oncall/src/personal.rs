//! How somebody wants to be paged: by which contact at once, and by which if they have not answered so many minutes later. Apart for what is
//! urgent and what is not.
//!
//! Whoever has written nothing down is paged by every verified contact in turn when it is urgent, two minutes apart, and else by the quietest.

use crate::Oncall;
use crate::contacts::{ContactId, ContactKind, ContactRow, Refused};
use crate::error::Error;
use crate::history;
use crate::store;
use crate::store::contacts::Stored;
use kernel::{Fact, Grant, Tx, facts};
use model::access::ChangeOwnAccount;
use model::ids::PersonId;
use model::{Severity, Time};
use serde_json::{Value, json};
use std::collections::HashMap;

/// Rules of one person for one urgency.
pub const MOST_RULES: usize = 10;
/// After this time the policy has long gone on.
pub const LONGEST_MS: i64 = 4 * 3_600_000;
/// Between two contacts of somebody who has no rules.
const APART_MS: i64 = 2 * 60_000;

/// How much it hurries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Urgency {
    /// P0 and P1.
    High,
    /// P2 and P3.
    Low,
}

impl Urgency {
    /// Both.
    pub const ALL: [Self; 2] = [Self::High, Self::Low];

    /// Of a severity.
    #[must_use]
    pub fn of(severity: Severity) -> Self {
        if severity <= Severity::P1 { Self::High } else { Self::Low }
    }

    /// The word in the database and in addresses.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::High => "high",
            Self::Low => "low",
        }
    }

    /// What that word means, if anything.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|urgency| urgency.as_str() == word)
    }
}

/// One rule: by this contact, so long after somebody was first needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PersonalRule {
    pub after_ms: i64,
    pub contact: ContactId,
}

/// How well somebody can be paged.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reach {
    /// The kinds of their verified contacts.
    pub verified: Vec<ContactKind>,
    pub n_unverified: usize,
    /// Whether the last message to every verified contact failed.
    pub all_failing: bool,
}

impl Oncall {
    /// One's own rules; empty means that the usual way holds ([`plan`]).
    ///
    /// # Errors
    /// [`Error::NotAPerson`]. The database's.
    pub async fn personal_rules(&self, grant: &Grant<ChangeOwnAccount>, urgency: Urgency) -> Result<Vec<PersonalRule>, Error> {
        let person: PersonId = grant.actor().person_id().ok_or(Error::NotAPerson)?;
        let mut tx: Tx = self.db.begin().await?;
        Ok(store::rules::of(&mut tx, person, urgency).await?)
    }

    /// How one would be paged as things stand: one's own rules as far as their contacts are verified, else the usual way.
    ///
    /// # Errors
    /// [`Error::NotAPerson`]. The database's.
    pub async fn personal_plan(&self, grant: &Grant<ChangeOwnAccount>, urgency: Urgency) -> Result<Vec<PersonalRule>, Error> {
        let person: PersonId = grant.actor().person_id().ok_or(Error::NotAPerson)?;
        let mut tx: Tx = self.db.begin().await?;
        planned(&mut tx, person, urgency).await
    }

    /// Replaces one's own rules.
    ///
    /// # Errors
    /// [`Refused::Rules`]; [`Refused::NotFound`] when a contact is not one's own. The database's.
    pub async fn save_personal_rules(
        &self,
        grant: &Grant<ChangeOwnAccount>,
        urgency: Urgency,
        rules: &[PersonalRule],
    ) -> Result<(), Error> {
        let person: PersonId = grant.actor().person_id().ok_or(Error::NotAPerson)?;
        if rules.len() > MOST_RULES || rules.iter().any(|rule| !(0..=LONGEST_MS).contains(&rule.after_ms)) {
            return Err(Refused::Rules.into());
        }
        let mut sorted: Vec<PersonalRule> = rules.to_vec();
        sorted.sort_by_key(|rule| rule.after_ms);
        let now: Time = self.clock.now();
        let mut tx: Tx = self.db.begin().await?;
        store::contacts::lock_person(&mut tx, person).await?;
        let own: Vec<Stored> = store::contacts::of_people(&mut tx, &[person]).await?;
        if sorted.iter().any(|rule| !own.iter().any(|stored| stored.row.id == rule.contact)) {
            return Err(Refused::NotFound.into());
        }
        store::rules::replace(&mut tx, person, urgency, &sorted).await?;
        let body: Value = json!({ "urgency": urgency.as_str(), "rules": sorted.len() });
        let subject: String = format!("person/{person}");
        facts::append(&mut tx, &Fact { kind: history::RULES_SAVED, actor: grant.actor(), subject, body, at: now }).await?;
        tx.commit().await?;
        Ok(())
    }

    /// How well these people can be paged; whoever has no contact at all is in it too.
    ///
    /// # Errors
    /// The database's.
    pub async fn reach(&self, people: &[PersonId]) -> Result<HashMap<PersonId, Reach>, Error> {
        let mut tx: Tx = self.db.begin().await?;
        let mut reach: HashMap<PersonId, Reach> = people.iter().map(|person| (*person, Reach::default())).collect();
        let contacts: Vec<Stored> = store::contacts::of_people(&mut tx, people).await?;
        for (person, reach) in &mut reach {
            let own: Vec<&ContactRow> = contacts.iter().map(|one| &one.row).filter(|row| row.person == *person).collect();
            let verified: Vec<&&ContactRow> = own.iter().filter(|row| row.verified_at.is_some()).collect();
            reach.n_unverified = own.len() - verified.len();
            reach.all_failing = !verified.is_empty() && verified.iter().all(|row| row.last_fail_at > row.last_ok_at);
            reach.verified = verified.iter().map(|row| row.kind).collect();
        }
        Ok(reach)
    }
}

/// How somebody is paged, in order of time; empty when they can't be.
pub(crate) async fn planned(tx: &mut Tx, person: PersonId, urgency: Urgency) -> Result<Vec<PersonalRule>, Error> {
    let contacts: Vec<Stored> = store::contacts::of_people(tx, &[person]).await?;
    let rows: Vec<ContactRow> = contacts.into_iter().map(|stored| stored.row).collect();
    let rules: Vec<PersonalRule> = store::rules::of(tx, person, urgency).await?;
    Ok(plan(urgency, &rows, &rules))
}

/// Somebody's rules as far as their contacts are verified; of none, the usual way. The first is always at once.
#[must_use]
pub fn plan(urgency: Urgency, contacts: &[ContactRow], rules: &[PersonalRule]) -> Vec<PersonalRule> {
    let is_good = |id: ContactId| contacts.iter().any(|row| row.id == id && row.verified_at.is_some());
    let own: Vec<PersonalRule> = rules.iter().copied().filter(|rule| is_good(rule.contact)).collect();
    let mut plan: Vec<PersonalRule> = if own.is_empty() { usual(urgency, contacts) } else { own };
    plan.sort_by_key(|rule| rule.after_ms);
    if let Some(first) = plan.first_mut() {
        first.after_ms = 0;
    }
    plan
}

fn usual(urgency: Urgency, contacts: &[ContactRow]) -> Vec<PersonalRule> {
    let order: [ContactKind; 5] = match urgency {
        Urgency::High => ContactKind::ALL,
        Urgency::Low => [ContactKind::Slack, ContactKind::Email, ContactKind::Push, ContactKind::Sms, ContactKind::Voice],
    };
    let verified = |kind: ContactKind| contacts.iter().filter(move |row| row.kind == kind && row.verified_at.is_some());
    let all = order.into_iter().flat_map(verified).map(|row| row.id);
    let n: usize = if urgency == Urgency::High { MOST_RULES } else { 1 };
    (0..).zip(all.take(n)).map(|(at, contact): (i64, ContactId)| PersonalRule { after_ms: at * APART_MS, contact }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use figures::Locale;
    use proptest::prelude::*;
    use uuid::Uuid;

    fn id(n: u128) -> ContactId {
        ContactId(Uuid::from_u128(n))
    }

    fn contact(n: u128, kind: ContactKind, is_verified: bool) -> ContactRow {
        ContactRow {
            id: id(n),
            person: PersonId(Uuid::from_u128(7)),
            kind,
            label: String::new(),
            shown: String::new(),
            locale: Locale::Ja,
            zone: "Asia/Tokyo".to_owned(),
            made_at: Time(0),
            verified_at: is_verified.then_some(Time(0)),
            code_until: None,
            last_ok_at: None,
            last_fail_at: None,
            last_error: None,
        }
    }

    fn rule(minutes: i64, n: u128) -> PersonalRule {
        PersonalRule { after_ms: minutes * 60_000, contact: id(n) }
    }

    #[test]
    fn without_rules_every_contact_is_tried_when_it_is_urgent_and_the_quietest_else() {
        let contacts = [
            contact(1, ContactKind::Email, true),
            contact(2, ContactKind::Voice, true),
            contact(3, ContactKind::Sms, false),
            contact(4, ContactKind::Push, true),
        ];
        assert_eq!(plan(Urgency::High, &contacts, &[]), [rule(0, 4), rule(2, 2), rule(4, 1)]);
        assert_eq!(plan(Urgency::Low, &contacts, &[]), [rule(0, 1)]);
        assert!(plan(Urgency::High, &contacts[2..3], &[]).is_empty());
    }

    #[test]
    fn rules_hold_as_far_as_their_contacts_are_verified_and_the_first_is_at_once() {
        let contacts =
            [contact(1, ContactKind::Email, true), contact(2, ContactKind::Sms, false), contact(3, ContactKind::Voice, true)];
        let rules = [rule(0, 2), rule(5, 3), rule(1, 1)];
        assert_eq!(plan(Urgency::High, &contacts, &rules), [rule(0, 1), rule(5, 3)]);
        assert_eq!(plan(Urgency::Low, &contacts, &[rule(0, 2)]), [rule(0, 1)], "none of theirs is good");
    }

    #[test]
    fn urgency_follows_severity() {
        let urgencies: Vec<Urgency> = Severity::ALL.into_iter().map(Urgency::of).collect();
        assert_eq!(urgencies, [Urgency::High, Urgency::High, Urgency::Low, Urgency::Low]);
        assert_eq!(Urgency::from_word("high"), Some(Urgency::High));
    }

    proptest! {
        #[test]
        fn whoever_has_a_verified_contact_is_paged_at_once(flags in prop::collection::vec(any::<bool>(), 0..6), minutes in prop::collection::vec(0_i64..60, 0..6)) {
            let contacts: Vec<ContactRow> =
                (1_u128..).zip(&flags).map(|(n, flag)| contact(n, ContactKind::ALL[usize::try_from(n % 5).unwrap()], *flag)).collect();
            let rules: Vec<PersonalRule> = (1_u128..).zip(&minutes).map(|(n, minutes)| rule(*minutes, n)).collect();
            for urgency in Urgency::ALL {
                let plan: Vec<PersonalRule> = plan(urgency, &contacts, &rules);
                prop_assert_eq!(plan.first().map(|first| first.after_ms), flags.contains(&true).then_some(0));
                prop_assert!(plan.windows(2).all(|two| two[0].after_ms <= two[1].after_ms));
                for rule in &plan {
                    prop_assert!(contacts.iter().any(|row| row.id == rule.contact && row.verified_at.is_some()));
                }
            }
        }
    }
}
