//! Sessions: signed-in browsers. The cookie holds 256 random bits, Postgres their SHA-256.
//!
//! Two limits (OWASP ASVS 5.0, 7.3): an hour without use, because a console left open at somebody else's desk is the likeliest theft; and
//! a day in all, because a stolen cookie must not be kept alive for ever. "Without use" is counted from a note made at most once a
//! minute, so the hour may be up to a minute short.

use crate::error::Error;
use crate::people::Person;
use crate::preferences::Preferences;
use crate::{Identity, secret, store};
use kernel::access::Grant;
use kernel::{Fact, Tx, facts, ids};
use model::access::ChangeOwnAccount;
use model::ids::{PersonId, SessionId};
use model::{Actor, Time};
use serde_json::{Value, json};
use std::net::IpAddr;

const MINUTE_MS: i64 = 60_000;
/// The idle limit.
pub const IDLE_MS: i64 = 60 * MINUTE_MS;
/// The absolute limit.
pub const ABSOLUTE_MS: i64 = 24 * 60 * MINUTE_MS;
/// A use is noted at most this often.
pub const TOUCH_MS: i64 = MINUTE_MS;

/// Who a session belongs to: what a request carries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Who {
    pub actor: Actor,
    pub session: SessionId,
    pub email: String,
    pub preferences: Preferences,
}

/// One of one's own sessions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionRow {
    pub id: SessionId,
    /// Where it was made.
    pub address: String,
    /// By which user agent it was made.
    pub agent: String,
    pub made_at: Time,
    /// Last use, to the minute.
    pub seen_at: Time,
    pub expires_at: Time,
}

/// Where a request comes from.
#[derive(Clone, Debug)]
pub(crate) struct Origin {
    pub address: IpAddr,
    pub agent: String,
}

/// A remembered answer.
#[derive(Clone)]
pub(crate) struct Known {
    pub who: Who,
    /// Whether its look-up was a use of the session, and noted.
    pub used: bool,
}

/// A session about to be stored.
pub(crate) struct NewSession {
    pub id: SessionId,
    pub person: PersonId,
    pub expires_at: Time,
    pub address: String,
    pub agent: String,
}

/// A session that has not ended.
pub(crate) struct Live {
    pub id: SessionId,
    pub expires_at: Time,
    pub person: Person,
}

/// Starts a session; its token, which only the browser will know.
pub(crate) async fn start(tx: &mut Tx, person: PersonId, origin: &Origin, now: Time) -> Result<(SessionId, String), Error> {
    let token = secret::new_token();
    let session = NewSession {
        id: SessionId(ids::new_uuid()),
        person,
        expires_at: now.plus_ms(ABSOLUTE_MS),
        address: origin.address.to_canonical().to_string(),
        agent: origin.agent.clone(),
    };
    store::sessions::sweep(tx, person, now).await?;
    store::sessions::add(tx, &session, &secret::digest(&token), now).await?;
    store::sessions::seen(tx, person, now).await?;
    Ok((session.id, token))
}

impl Identity {
    /// Who a session token belongs to; `None` when the session is unknown, ended, expired, or its person is disabled. Answers are kept
    /// for at most 4 s.
    ///
    /// `touch` says that somebody uses the session. What a screen asks by itself is no use: a console left open would never end.
    ///
    /// # Errors
    /// The database's.
    pub async fn actor_of_session(&self, token: &str, touch: bool) -> Result<Option<Who>, Error> {
        if !secret::looks_like_token(token) {
            return Ok(None);
        }
        let (key, now) = (secret::digest(token), self.now());
        if let Some(known) = self.inner.sessions.get(&key, now).filter(|known| known.used || !touch) {
            return Ok(Some(known.who));
        }
        let Some(live) = store::sessions::find_live(self.db(), &key, now).await? else { return Ok(None) };
        let mut actor = live.person.actor();
        actor.team_roles = store::teams::roles_of(self.db(), live.person.id).await?;
        if touch {
            store::sessions::touch(self.db(), live.id, now).await?;
        }
        let who = Who { actor, session: live.id, email: live.person.email, preferences: live.person.preferences };
        self.inner.sessions.put(key, Known { who: who.clone(), used: touch }, now, live.expires_at);
        Ok(Some(who))
    }

    /// Ends the session of that token. Does nothing when there is none (any more).
    ///
    /// # Errors
    /// The database's.
    pub async fn sign_out(&self, token: &str) -> Result<(), Error> {
        let key = secret::digest(token);
        let mut tx = self.db().begin().await?;
        if let Some((session, actor)) = store::sessions::end_by_token(&mut tx, &key).await? {
            let person = actor.person_id().ok_or(Error::NotAPerson)?;
            record(&mut tx, "SignedOut", &actor, person, json!({ "session": session }), self.now()).await?;
            tx.commit().await?;
        }
        self.inner.sessions.remove(&key);
        Ok(())
    }

    /// One's own sessions, last used first.
    ///
    /// # Errors
    /// `NotAPerson`, or the database's.
    pub async fn sessions(&self, grant: &Grant<ChangeOwnAccount>) -> Result<Vec<SessionRow>, Error> {
        let person = grant.actor().person_id().ok_or(Error::NotAPerson)?;
        Ok(store::sessions::list(self.db(), person, self.now()).await?)
    }

    /// Ends one of one's own sessions.
    ///
    /// # Errors
    /// `NotFound` when it is not one's own or has ended already.
    pub async fn revoke_session(&self, grant: &Grant<ChangeOwnAccount>, session: SessionId) -> Result<(), Error> {
        let person = grant.actor().person_id().ok_or(Error::NotAPerson)?;
        let mut tx = self.db().begin().await?;
        if !store::sessions::end(&mut tx, person, session).await? {
            return Err(Error::NotFound { what: "session" });
        }
        record(&mut tx, "SessionRevoked", grant.actor(), person, json!({ "session": session }), self.now()).await?;
        tx.commit().await?;
        self.forget_look_ups();
        Ok(())
    }

    /// Ends all of one's own sessions but `keep`; how many that were.
    ///
    /// # Errors
    /// `NotAPerson`, or the database's.
    pub async fn revoke_other_sessions(&self, grant: &Grant<ChangeOwnAccount>, keep: SessionId) -> Result<u64, Error> {
        let person = grant.actor().person_id().ok_or(Error::NotAPerson)?;
        let mut tx = self.db().begin().await?;
        let ended = store::sessions::end_all_but(&mut tx, person, Some(keep)).await?;
        let body = json!({ "sessions_ended": ended });
        record(&mut tx, "OtherSessionsRevoked", grant.actor(), person, body, self.now()).await?;
        tx.commit().await?;
        self.forget_look_ups();
        Ok(ended)
    }
}

async fn record(tx: &mut Tx, kind: &'static str, actor: &Actor, person: PersonId, body: Value, at: Time) -> Result<(), Error> {
    let fact = Fact { kind, actor, subject: format!("person/{person}"), body, at };
    Ok(facts::append(tx, &fact).await?)
}
