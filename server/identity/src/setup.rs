//! The first start. There is no default account, ever: a one-time code in the log or on the terminal lets the first person in.

use crate::error::Error;
use crate::people::Person;
use crate::preferences::{self, Preferences};
use crate::sessions::Origin;
use crate::signin::SignedIn;
use crate::{Identity, passwords, secret, store, text};
use figures::Locale;
use kernel::{Fact, Tx, facts, ids};
use model::ids::PersonId;
use model::{Actor, Role, Time};
use serde_json::json;
use std::net::IpAddr;

/// Long enough to be found in the log the next morning.
const CODE_LIFE_MS: i64 = 24 * 60 * 60 * 1_000;

/// What the first person tells us. No `Debug`: it holds a password.
#[derive(Clone)]
pub struct SetUp {
    /// From the set-up link.
    pub code: String,
    /// The organisation's name.
    pub organisation: String,
    pub name: String,
    pub email: String,
    pub password: String,
    pub locale: Locale,
    pub address: IpAddr,
    pub user_agent: String,
}

impl Identity {
    /// Whether nobody exists yet.
    ///
    /// # Errors
    /// The database's.
    pub async fn set_up_needed(&self) -> Result<bool, Error> {
        Ok(!store::setup::somebody_exists(self.db()).await?)
    }

    /// A fresh set-up code, good for 24 h, while nobody exists. Codes given before stop working.
    ///
    /// # Errors
    /// The database's.
    pub async fn set_up_code(&self) -> Result<Option<String>, Error> {
        if store::setup::somebody_exists(self.db()).await? {
            return Ok(None);
        }
        let (code, now) = (secret::new_token(), self.now());
        let expires_at = now.plus_ms(CODE_LIFE_MS);
        let mut tx = self.db().begin().await?;
        store::setup::put_code(&mut tx, &secret::digest(&code), expires_at).await?;
        let fact = Fact {
            kind: "SetUpCodeMade",
            actor: &Actor::worker("set-up"),
            subject: "organisation".to_owned(),
            body: json!({ "expires_at": expires_at }),
            at: now,
        };
        facts::append(&mut tx, &fact).await?;
        tx.commit().await?;
        Ok(Some(code))
    }

    /// The organisation's name; `None` before set-up.
    ///
    /// # Errors
    /// The database's.
    pub async fn organisation(&self) -> Result<Option<String>, Error> {
        Ok(store::setup::organisation(self.db()).await?)
    }

    /// Makes the organisation and its first admin, and signs them in.
    ///
    /// # Errors
    /// `SetUpDone` when somebody exists, `WrongSetUpCode`, `Password` or `Invalid` when the input breaks a rule, `Overloaded`.
    pub async fn set_up(&self, wanted: SetUp) -> Result<SignedIn, Error> {
        let organisation = text::name("organisation", &wanted.organisation)?;
        let person = first_admin(&wanted)?;
        self.check_set_up_code(&wanted.code).await?;
        // Judged after the code: a stranger learns nothing about our rules and never reaches argon2.
        passwords::rules::check(&wanted.password, &person.name, &person.email)?;
        let password_hash = self.hasher().hash(&wanted.password).await?;
        let now = self.now();
        let mut tx = self.db().begin().await?;
        take_code(&mut tx, &wanted.code, now).await?;
        store::setup::make_organisation(&mut tx, &organisation, now).await?;
        store::people::add(&mut tx, &person, &text::key(&person.email), Some(&password_hash), now).await?;
        record(&mut tx, &person, &organisation, now).await?;
        let origin = Origin { address: wanted.address, agent: text::agent(&wanted.user_agent) };
        let signed_in = self.let_in(&mut tx, person, &origin, None).await?;
        tx.commit().await?;
        Ok(signed_in)
    }

    /// Whether a set-up with this code could begin, before anybody has filled anything in. Uses nothing up.
    ///
    /// # Errors
    /// `SetUpDone` when somebody exists, `WrongSetUpCode` when it is wrong, replaced or expired.
    pub async fn check_set_up_code(&self, code: &str) -> Result<(), Error> {
        if store::setup::somebody_exists(self.db()).await? {
            return Err(Error::SetUpDone);
        }
        judge_code(store::setup::code(self.db()).await?, code, self.now())
    }
}

fn first_admin(wanted: &SetUp) -> Result<Person, Error> {
    Ok(Person {
        id: PersonId(ids::new_uuid()),
        name: text::name("name", &wanted.name)?,
        email: text::email(&wanted.email)?,
        role: Role::Admin,
        preferences: Preferences::first(wanted.locale, preferences::zone_of(wanted.locale)),
    })
}

/// Uses the code up. Whoever comes second waits for the first and then finds none.
async fn take_code(tx: &mut Tx, code: &str, now: Time) -> Result<(), Error> {
    let stored = store::setup::take_code(tx).await?;
    if store::setup::somebody_exists_by(tx).await? {
        return Err(Error::SetUpDone);
    }
    judge_code(stored, code, now)
}

fn judge_code(stored: Option<store::setup::Code>, code: &str, now: Time) -> Result<(), Error> {
    let good = stored.is_some_and(|stored| secret::same(&stored.hash, &secret::digest(code)) && now < stored.expires_at);
    if good { Ok(()) } else { Err(Error::WrongSetUpCode) }
}

async fn record(tx: &mut Tx, person: &Person, organisation: &str, now: Time) -> Result<(), Error> {
    let fact = Fact {
        kind: "PersonSetUp",
        actor: &person.actor(),
        subject: person.subject(),
        body: json!({ "name": person.name, "email": person.email, "organisation": organisation }),
        at: now,
    };
    Ok(facts::append(tx, &fact).await?)
}
