//! Invitations: an admin names somebody, they choose their own password with a one-time code.

use crate::error::Error;
use crate::people::Person;
use crate::preferences::{self, Preferences};
use crate::sessions::Origin;
use crate::signin::SignedIn;
use crate::{Identity, passwords, secret, store, text};
use figures::Locale;
use kernel::access::Grant;
use kernel::{Fact, Tx, facts, ids};
use model::access::ManagePeople;
use model::ids::PersonId;
use model::{Role, Time};
use serde_json::json;
use std::net::IpAddr;

/// Long enough for a holiday week.
const LIFE_MS: i64 = 7 * 24 * 60 * 60 * 1_000;

/// A new invitation. No `Debug`: the code is a secret, shown once.
#[derive(Clone)]
pub struct Invitation {
    pub person: PersonId,
    pub code: String,
    pub expires_at: Time,
}

/// Somebody who was invited comes. No `Debug`: it holds a password.
#[derive(Clone)]
pub struct Join {
    /// From the invitation's link.
    pub code: String,
    /// Of their own choice.
    pub password: String,
    /// The client's, after trusted proxies.
    pub address: IpAddr,
    pub user_agent: String,
    /// The device cookie, if the browser sent one.
    pub device: Option<String>,
}

/// Whom an invitation is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invited {
    pub person: PersonId,
    pub name: String,
    pub email: String,
    pub role: Role,
    pub expires_at: Time,
}

impl Identity {
    /// Invites somebody; the code is good once, for 7 days. Inviting an address again that has not joined renews its code (the earlier
    /// one stops working) and takes over the new name and role.
    ///
    /// # Errors
    /// `PersonTaken` when somebody has joined with that e-mail or is disabled; `Invalid` for a bad name or e-mail, `Mistakes` for both.
    pub async fn invite(&self, grant: &Grant<ManagePeople>, name: &str, email: &str, role: Role) -> Result<Invitation, Error> {
        let (name, email) = Error::both(text::name("name", name), text::email(email))?;
        let wanted = Person {
            id: PersonId(ids::new_uuid()),
            name,
            email,
            role,
            preferences: Preferences::first(Locale::Ja, preferences::zone_of(Locale::Ja)),
        };
        let (code, now) = (secret::new_token(), self.now());
        let expires_at = now.plus_ms(LIFE_MS);
        let mut tx = self.db().begin().await?;
        let person = self.add_or_renew(&mut tx, &wanted).await?;
        store::invitations::put(&mut tx, person, &secret::digest(&code), now, expires_at).await?;
        let body = json!({ "name": wanted.name, "email": wanted.email, "role": role });
        self.finish_change(tx, grant, "PersonInvited", person, body).await?;
        Ok(Invitation { person, code, expires_at })
    }

    async fn add_or_renew(&self, tx: &mut Tx, wanted: &Person) -> Result<PersonId, Error> {
        let key = text::key(&wanted.email);
        if store::people::add(tx, wanted, &key, None, self.now()).await? {
            return Ok(wanted.id);
        }
        let person = store::people::id_of_waiting(tx, &key).await?.ok_or(Error::PersonTaken)?;
        store::people::set_name(tx, person, &wanted.name).await?;
        store::people::set_role(tx, person, wanted.role).await?;
        Ok(person)
    }

    /// Whom a code is for, while it is good.
    ///
    /// # Errors
    /// The database's.
    pub async fn invitation(&self, code: &str) -> Result<Option<Invited>, Error> {
        if !secret::looks_like_token(code) {
            return Ok(None);
        }
        store::invitations::find(self.db(), &secret::digest(code), self.now()).await
    }

    /// Joins: uses the code up, sets the first password, and signs the person in.
    ///
    /// # Errors
    /// `WrongInvitation` when the code is wrong, used, withdrawn or expired; `Password` when the password breaks a rule (the code stays
    /// good); `Overloaded`.
    pub async fn accept(&self, joining: Join) -> Result<SignedIn, Error> {
        let invited = self.invitation(&joining.code).await?.ok_or(Error::WrongInvitation)?;
        passwords::rules::check(&joining.password, &invited.name, &invited.email)?;
        let password_hash = self.hasher().hash(&joining.password).await?;
        let mut tx = self.db().begin().await?;
        // The person first, as when they are disabled: else the two could wait for each other.
        let known = store::people::lock(&mut tx, invited.person).await?.ok_or(Error::WrongInvitation)?;
        let taken = store::invitations::take(&mut tx, &secret::digest(&joining.code), self.now()).await?;
        if taken.is_none() || !store::people::join(&mut tx, invited.person, &password_hash).await? {
            return Err(Error::WrongInvitation);
        }
        let fact = Fact {
            kind: "PersonJoined",
            actor: &known.person.actor(),
            subject: known.person.subject(),
            body: json!({ "role": known.person.role }),
            at: self.now(),
        };
        facts::append(&mut tx, &fact).await?;
        let origin = Origin { address: joining.address, agent: text::agent(&joining.user_agent) };
        let signed_in = self.let_in(&mut tx, known.person, &origin, joining.device.as_deref()).await?;
        tx.commit().await?;
        Ok(signed_in)
    }
}
