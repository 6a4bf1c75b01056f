//! Passwords: which are accepted, how they are kept, and how somebody changes their own.

pub(crate) mod hasher;
pub mod rules;

use crate::error::Error;
use crate::people::Known;
use crate::throttle::{self, Limit};
use crate::{Identity, store};
use kernel::access::Grant;
use kernel::{Fact, Tx, facts};
use model::access::ChangeOwnAccount;
use model::ids::SessionId;
use serde_json::json;

impl Identity {
    /// Changes one's own password and ends every session but `keep`, so that whoever learned the old one is out. Guessing the old
    /// password from a stolen session is slowed down like guessing at sign-in.
    ///
    /// # Errors
    /// `WrongCredentials` when `old` is wrong, `Password` when `new` breaks a rule, `TryLater` after too many guesses.
    pub async fn change_password(
        &self,
        grant: &Grant<ChangeOwnAccount>,
        keep: SessionId,
        old: &str,
        new: &str,
    ) -> Result<(), Error> {
        let person_id = grant.actor().person_id().ok_or(Error::NotAPerson)?;
        let known = store::people::by_id(self.db(), person_id).await?.ok_or(Error::NotFound { what: "person" })?;
        rules::check(new, &known.person.name, &known.person.email)?;
        let limits = [Limit::of_password_change(person_id)];
        throttle::admit(self.db(), &limits, self.now()).await?;
        let verdict = match self.hasher().verify(old, known.password_hash.clone()).await {
            Ok(verdict) => verdict,
            Err(error) => {
                throttle::take_back(self.db(), &limits, self.now()).await?;
                return Err(error);
            }
        };
        if !verdict.right {
            return Err(Error::WrongCredentials);
        }
        let new_hash = self.hasher().hash(new).await?;
        let mut tx = self.db().begin().await?;
        self.replace_password(&mut tx, grant, &known, keep, &new_hash).await?;
        throttle::forgive(&mut tx, &limits, self.now()).await?;
        tx.commit().await?;
        self.forget_look_ups();
        Ok(())
    }

    async fn replace_password(
        &self,
        tx: &mut Tx,
        grant: &Grant<ChangeOwnAccount>,
        known: &Known,
        keep: SessionId,
        new_hash: &str,
    ) -> Result<(), Error> {
        let person_id = known.person.id;
        // Somebody else may have changed it since it was verified: then the old one is no longer the old one.
        if !store::people::swap_password(tx, person_id, known.password_hash.as_deref(), new_hash).await? {
            return Err(Error::WrongCredentials);
        }
        let ended = store::sessions::end_all_but(tx, person_id, Some(keep)).await?;
        store::devices::forget(tx, person_id).await?;
        let fact = Fact {
            kind: "PasswordChanged",
            actor: grant.actor(),
            subject: format!("person/{person_id}"),
            body: json!({ "sessions_ended": ended }),
            at: self.now(),
        };
        facts::append(tx, &fact).await?;
        Ok(())
    }
}
