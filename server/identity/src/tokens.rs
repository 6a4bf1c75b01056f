//! API tokens: what programs sign in with. A token acts for the person who made it, with at most their present role, only within its
//! scopes, and never for longer than a year.

mod spelling;

use crate::error::{Error, Expected};
use crate::{Identity, secret, store, text};
use kernel::access::Grant;
use kernel::{Fact, Tx, facts, ids};
use model::access::{self, ChangeOwnAccount};
use model::actor::Who;
use model::ids::{PersonId, TokenId};
use model::{Actor, Role, Time};
use serde_json::{Value, json};
use std::net::IpAddr;

/// A use is noted at most this often.
pub const TOUCH_MS: i64 = 60_000;
/// A leap year, so that "a year from today" is always within it.
const LONGEST_LIFE_DAYS: u32 = 366;
/// The same in milliseconds.
pub const LONGEST_LIFE_MS: i64 = LONGEST_LIFE_DAYS as i64 * 24 * 60 * 60 * 1_000;

/// What a token is for; stands in its text, so that a person who finds one knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// A host's agent that pushes metrics.
    Agent,
    /// Any other program.
    Api,
}

impl TokenKind {
    /// The word in the token's text.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Agent => "agent",
            Self::Api => "api",
        }
    }
}

/// A token wanted.
#[derive(Clone, Debug)]
pub struct NewToken {
    pub kind: TokenKind,
    pub name: String,
    /// Some of those in `model::access::ALL`; at least one.
    pub scopes: Vec<String>,
    /// At most its maker's organisation-wide role.
    pub role: Role,
    /// At most [`LONGEST_LIFE_MS`] from now.
    pub expires_at: Time,
}

/// A token made. No `Debug`: the text is the secret, shown once.
#[derive(Clone)]
pub struct MadeToken {
    pub id: TokenId,
    /// `mmr_<kind>_<id8>_<secret and checksum>`.
    pub text: String,
}

/// One of one's own tokens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenRow {
    pub id: TokenId,
    pub name: String,
    /// The part of its text that is no secret: `mmr_<kind>_<id8>`.
    pub prefix: String,
    pub scopes: Vec<String>,
    pub role: Role,
    pub made_at: Time,
    pub expires_at: Time,
    /// Last use, to the minute, and from where and by what.
    pub used_at: Option<Time>,
    pub used_address: Option<String>,
    pub used_agent: Option<String>,
}

/// A token about to be stored.
pub(crate) struct StoredToken {
    pub id: TokenId,
    pub short_id: String,
    pub kind: TokenKind,
    pub person: PersonId,
    pub name: String,
    pub secret_hash: [u8; 32],
    pub scopes: Vec<String>,
    pub role: Role,
    pub expires_at: Time,
}

/// A token that is neither revoked nor expired; its role already cut to its maker's.
pub(crate) struct LiveToken {
    pub id: TokenId,
    pub name: String,
    pub secret_hash: Vec<u8>,
    pub scopes: Vec<String>,
    pub role: Role,
    pub expires_at: Time,
}

/// Every scope that some action asks for, sorted.
#[must_use]
pub fn scopes() -> Vec<&'static str> {
    let mut scopes: Vec<&'static str> = access::ALL.iter().filter_map(|(_, _, scope)| *scope).collect();
    scopes.sort_unstable();
    scopes.dedup();
    scopes
}

impl Identity {
    /// Who a token acts as; `None` when it is misspelt, unknown, revoked or expired, or its maker is disabled. Notes the use. Answers are
    /// kept for at most 4 s.
    ///
    /// # Errors
    /// The database's.
    pub async fn actor_of_token(&self, token: &str, address: IpAddr, agent: &str) -> Result<Option<Actor>, Error> {
        let Some(short_id) = spelling::short_id(token) else { return Ok(None) };
        let (key, now) = (secret::digest(token), self.now());
        if let Some(actor) = self.inner.tokens.get(&key, now) {
            return Ok(Some(actor));
        }
        let Some(live) = store::tokens::find_live(self.db(), short_id, now).await? else { return Ok(None) };
        if !secret::same(&live.secret_hash, &key) {
            return Ok(None);
        }
        let from = address.to_canonical().to_string();
        store::tokens::touch(self.db(), live.id, &from, &text::agent(agent), now).await?;
        let who = Who::Token { id: live.id, name: live.name, scopes: live.scopes };
        let actor = Actor { who, role: live.role, team_roles: Vec::new() };
        self.inner.tokens.put(key, actor.clone(), now, live.expires_at);
        Ok(Some(actor))
    }

    /// One's own tokens that are not revoked, newest first.
    ///
    /// # Errors
    /// `NotAPerson`, or the database's.
    pub async fn tokens(&self, grant: &Grant<ChangeOwnAccount>) -> Result<Vec<TokenRow>, Error> {
        let person = grant.actor().person_id().ok_or(Error::NotAPerson)?;
        store::tokens::list(self.db(), person).await
    }

    /// Makes a token. Its text can't be had again.
    ///
    /// # Errors
    /// `RoleTooHigh` above the maker's role; `Invalid` for a bad name, an unknown or missing scope, or an expiry that has passed or lies
    /// more than a year ahead.
    pub async fn create_token(&self, grant: &Grant<ChangeOwnAccount>, wanted: NewToken) -> Result<MadeToken, Error> {
        let person = grant.actor().person_id().ok_or(Error::NotAPerson)?;
        let now = self.now();
        let (name, ()) = Error::both(text::name("name", &wanted.name), check(&wanted, grant.actor().role, now))?;
        let minted = spelling::mint(wanted.kind.as_str());
        let token = StoredToken {
            id: TokenId(ids::new_uuid()),
            short_id: minted.short_id,
            kind: wanted.kind,
            person,
            name,
            secret_hash: secret::digest(&minted.text),
            scopes: wanted.scopes,
            role: wanted.role,
            expires_at: wanted.expires_at,
        };
        let mut tx = self.db().begin().await?;
        store::tokens::add(&mut tx, &token, now).await?;
        let body = json!({ "name": token.name, "scopes": token.scopes, "role": token.role, "expires_at": token.expires_at });
        record(&mut tx, grant, "TokenMade", token.id, body, now).await?;
        tx.commit().await?;
        Ok(MadeToken { id: token.id, text: minted.text })
    }

    /// Revokes one of one's own tokens.
    ///
    /// # Errors
    /// `NotFound` when it is not one's own or revoked already.
    pub async fn revoke_token(&self, grant: &Grant<ChangeOwnAccount>, token: TokenId) -> Result<(), Error> {
        let person = grant.actor().person_id().ok_or(Error::NotAPerson)?;
        let now = self.now();
        let mut tx = self.db().begin().await?;
        if !store::tokens::revoke(&mut tx, person, token, now).await? {
            return Err(Error::NotFound { what: "token" });
        }
        record(&mut tx, grant, "TokenRevoked", token, json!({}), now).await?;
        tx.commit().await?;
        self.forget_look_ups();
        Ok(())
    }
}

fn check(wanted: &NewToken, makers_role: Role, now: Time) -> Result<(), Error> {
    if wanted.role > makers_role {
        return Err(Error::RoleTooHigh { wanted: wanted.role, has: makers_role });
    }
    Error::both(check_scopes(&wanted.scopes), check_life(wanted.expires_at.since(now))).map(|_| ())
}

fn check_scopes(wanted: &[String]) -> Result<(), Error> {
    let known = scopes();
    let is_known = !wanted.is_empty() && wanted.iter().all(|scope| known.contains(&scope.as_str()));
    if is_known { Ok(()) } else { Err(Error::Invalid { field: "scopes", expected: Expected::Scopes }) }
}

fn check_life(life_ms: i64) -> Result<(), Error> {
    let fits = life_ms > 0 && life_ms <= LONGEST_LIFE_MS;
    let expected = Expected::Expiry { days: LONGEST_LIFE_DAYS };
    if fits { Ok(()) } else { Err(Error::Invalid { field: "expires_at", expected }) }
}

async fn record(
    tx: &mut Tx,
    grant: &Grant<ChangeOwnAccount>,
    kind: &'static str,
    token: TokenId,
    body: Value,
    at: Time,
) -> Result<(), Error> {
    let fact = Fact { kind, actor: grant.actor(), subject: format!("token/{token}"), body, at };
    Ok(facts::append(tx, &fact).await?)
}
