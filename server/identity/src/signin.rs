//! Signing in: look up → throttle → judge → let in or refuse. Unknown, disabled and not yet joined people walk the same way as everybody
//! and hear the same answer.

use crate::devices;
use crate::error::Error;
use crate::passwords::hasher::Verdict;
use crate::people::{Known, Person};
use crate::sessions::{self, Origin};
use crate::throttle::{self, Limit};
use crate::{Identity, store, text};
use kernel::{Fact, Tx, facts};
use model::Actor;
use serde_json::json;
use std::net::IpAddr;

/// An attempt to sign in. No `Debug`: it holds a password.
#[derive(Clone)]
pub struct SignIn {
    pub email: String,
    pub password: String,
    /// The client's, after trusted proxies.
    pub address: IpAddr,
    pub user_agent: String,
    /// The device cookie, if the browser sent one.
    pub device: Option<String>,
}

/// A success. No `Debug`: the tokens are secrets for two cookies.
#[derive(Clone)]
pub struct SignedIn {
    /// For the session cookie; good for [`sessions::ABSOLUTE_MS`] at most.
    pub session_token: String,
    /// For the device cookie, half a year long.
    pub device_token: String,
    pub person: Person,
}

impl Identity {
    /// Signs somebody in with e-mail and password.
    ///
    /// # Errors
    /// `WrongCredentials` (the same for everybody who can't come in), `TryLater` during a delay, `Overloaded` when all cores are hashing,
    /// or the database's.
    pub async fn sign_in(&self, attempt: SignIn) -> Result<SignedIn, Error> {
        let email_key = text::key(&attempt.email);
        let found = store::people::by_email(self.db(), &email_key).await?;
        let person = found.as_ref().map(|known| known.person.id);
        let device = self.known_device(person, attempt.device.as_deref()).await?;
        let limits = Limit::of_sign_in(&email_key, attempt.address, device.as_ref());
        throttle::admit(self.db(), &limits, self.now()).await?;
        let verdict = match self.judge(&attempt.password, found.as_ref()).await {
            Ok(verdict) => verdict,
            Err(error) => {
                throttle::take_back(self.db(), &limits, self.now()).await?;
                return Err(error);
            }
        };
        match found.filter(|_| verdict.right) {
            Some(known) => self.welcome(&attempt, known, verdict, &limits).await,
            None => {
                self.refuse(&attempt, person.map(|id| format!("person/{id}"))).await?;
                Err(Error::WrongCredentials)
            }
        }
    }

    /// Costs one argon2 run, whoever it is.
    async fn judge(&self, password: &str, found: Option<&Known>) -> Result<Verdict, Error> {
        let stored = found.filter(|known| known.enabled).and_then(|known| known.password_hash.clone());
        self.hasher().verify(password, stored).await
    }

    async fn welcome(&self, attempt: &SignIn, judged: Known, verdict: Verdict, limits: &[Limit]) -> Result<SignedIn, Error> {
        // Hashing anew can wait for a calmer moment: being overloaded must not turn the right password away.
        let new_hash = if verdict.stale { self.hasher().hash(&attempt.password).await.ok() } else { None };
        let mut tx = self.db().begin().await?;
        // Disabled, or given another password, since it was judged: then the judgement is void.
        let known = store::people::lock(&mut tx, judged.person.id).await?.ok_or(Error::WrongCredentials)?;
        if !known.enabled || known.password_hash != judged.password_hash {
            return Err(Error::WrongCredentials);
        }
        if let Some(new_hash) = new_hash {
            store::people::swap_password(&mut tx, known.person.id, known.password_hash.as_deref(), &new_hash).await?;
        }
        let origin = Origin { address: attempt.address, agent: text::agent(&attempt.user_agent) };
        let signed_in = self.let_in(&mut tx, known.person, &origin, attempt.device.as_deref()).await?;
        throttle::forgive(&mut tx, limits, self.now()).await?;
        tx.commit().await?;
        Ok(signed_in)
    }

    /// Starts a session and remembers the device, in the caller's transaction.
    pub(crate) async fn let_in(
        &self,
        tx: &mut Tx,
        person: Person,
        origin: &Origin,
        device: Option<&str>,
    ) -> Result<SignedIn, Error> {
        let now = self.now();
        let (session, session_token) = sessions::start(tx, person.id, origin, now).await?;
        let device_token = devices::remember(tx, person.id, device, now).await?;
        let new_device = device != Some(device_token.as_str());
        let fact = Fact {
            kind: "SignedIn",
            actor: &person.actor(),
            subject: person.subject(),
            body: json!({ "session": session, "address": origin.address, "agent": origin.agent, "new_device": new_device }),
            at: now,
        };
        facts::append(tx, &fact).await?;
        Ok(SignedIn { session_token, device_token, person })
    }

    /// What was typed as e-mail stays out of the Fact when nobody has it: it may be a password in the wrong field.
    async fn refuse(&self, attempt: &SignIn, subject: Option<String>) -> Result<(), Error> {
        let mut tx = self.db().begin().await?;
        let fact = Fact {
            kind: "SignInRefused",
            actor: &Actor::worker("sign-in"),
            subject: subject.unwrap_or_else(|| "stranger".to_owned()),
            body: json!({ "address": attempt.address, "agent": text::agent(&attempt.user_agent) }),
            at: self.now(),
        };
        facts::append(&mut tx, &fact).await?;
        tx.commit().await?;
        Ok(())
    }
}
