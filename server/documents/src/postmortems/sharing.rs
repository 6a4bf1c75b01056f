//! Links by which outsiders read a published postmortem: signed, until they expire, without people, addresses, machines and secrets.
//!
//! What is shared is written down when it is shared. Whoever shares sees that before, and what is changed later goes out only when somebody shares
//! it again. Of a private incident nothing goes out.

use crate::Documents;
use crate::error::Error;
use crate::markdown::{self, Alone};
use crate::pages::Right;
use crate::postmortems::exporting::Whole;
use crate::postmortems::gathering::For;
use crate::postmortems::needs::Happened;
use crate::postmortems::paper::{self, Frame};
use crate::postmortems::pieces::Told;
use crate::postmortems::{Postmortem, Refused, expand, history, redact, template};
use crate::store;
use figures::Locale;
use kernel::{Grant, Tx};
use model::access::ApprovePostmortem;
use model::ids::IncidentId;
use model::postmortem::State;
use model::{Actor, Time};
use serde_json::json;
use std::fmt::Write as _;
use uuid::Uuid;

/// A link lives no longer.
pub const LONGEST_MS: i64 = 90 * 86_400_000;
/// Links of one postmortem that are shown.
const MOST_SHOWN: i64 = 100;
/// Bytes of an id, at the beginning of a token.
const ID_LEN: usize = 16;
/// Hexadecimal digits of a token, at most.
const MOST_DIGITS: usize = 256;

/// What outsiders may read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Share {
    pub id: Uuid,
    pub incident: IncidentId,
    pub title: String,
    /// Markdown.
    pub body: String,
    pub locale: Locale,
    pub made_by: String,
    pub made_at: Time,
    pub expires_at: Time,
    pub revoked_at: Option<Time>,
}

impl Share {
    /// Whether somebody can read by it.
    #[must_use]
    pub fn is_open(&self, now: Time) -> bool {
        self.revoked_at.is_none() && now < self.expires_at
    }
}

impl Documents {
    /// What would be shared, to be looked through before it is: title and Markdown.
    ///
    /// # Errors
    /// [`Refused::NotFound`], [`Refused::NotBegun`], [`Refused::NotPublished`], [`Refused::Private`]. The database's, and the world's.
    pub async fn preview_postmortem_share(&self, actor: &Actor, incident: IncidentId) -> Result<(String, String), Error> {
        let (_, title, body) = self.redacted_postmortem(actor, incident).await?;
        Ok((title, body))
    }

    /// Shares it as [`Documents::preview_postmortem_share`] shows it, and gives the token of the link: whoever has that reads it until `expires_at`.
    ///
    /// # Errors
    /// [`Refused::BadTime`], and as [`Documents::preview_postmortem_share`].
    pub async fn share_postmortem(
        &self,
        grant: &Grant<ApprovePostmortem>,
        incident: IncidentId,
        expires_at: Time,
    ) -> Result<String, Error> {
        let (actor, now): (&Actor, Time) = (grant.actor(), self.clock.now());
        if expires_at <= now {
            return Err(Refused::BadTime { what: "the end of the link", way: "in the past" }.into());
        }
        if expires_at.since(now) > LONGEST_MS {
            return Err(Refused::BadTime { what: "the end of the link", way: "more than 90 days ahead" }.into());
        }
        let (whole, title, body) = self.redacted_postmortem(actor, incident).await?;
        self.must_write_postmortem(actor, whole.postmortem.doc).await?;
        let share = Share {
            id: Uuid::from_bytes(random_id()),
            incident,
            title,
            body,
            locale: whole.postmortem.locale,
            made_by: actor.name().to_owned(),
            made_at: now,
            expires_at,
            revoked_at: None,
        };
        let mut tx: Tx = self.db.begin().await?;
        store::postmortems::shares::add(&mut tx, &share).await?;
        let said = json!({ "share": share.id, "expires_at": expires_at });
        history::append(&mut tx, &whole.happened, history::SHARED, actor, now, said).await?;
        tx.commit().await?;
        Ok(self.share_token(&share))
    }

    /// Nobody reads by this link any more. `false` when nobody did.
    ///
    /// # Errors
    /// [`Refused::NotFound`]. The database's, and the world's.
    pub async fn revoke_postmortem_share(
        &self,
        grant: &Grant<ApprovePostmortem>,
        incident: IncidentId,
        id: Uuid,
    ) -> Result<bool, Error> {
        let (actor, now): (&Actor, Time) = (grant.actor(), self.clock.now());
        let happened: Happened = self.must_have_happened(actor, incident).await?;
        let looked: Postmortem = self.looked_at_postmortem(incident).await?;
        self.must_write_postmortem(actor, looked.doc).await?;
        let mut tx: Tx = self.db.begin().await?;
        if store::postmortems::shares::revoke(&mut tx, incident, Some(id), now).await? == 0 {
            return Ok(false);
        }
        history::append(&mut tx, &happened, history::SHARE_REVOKED, actor, now, json!({ "share": id })).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// The links of a postmortem, open and ended, the newest first. None for whoever may not read it: by a link they would.
    ///
    /// # Errors
    /// [`Refused::NotFound`]. The database's, and the world's.
    pub async fn postmortem_shares(&self, actor: &Actor, incident: IncidentId) -> Result<Vec<Share>, Error> {
        self.must_have_happened(actor, incident).await?;
        let Some(doc) = self.postmortem(actor, incident).await?.and_then(|found| found.doc) else {
            return Ok(Vec::new());
        };
        if self.right_of(actor, doc).await? < Right::Read {
            return Ok(Vec::new());
        }
        let mut tx: Tx = self.db.begin().await?;
        store::postmortems::shares::of(&mut tx, incident, MOST_SHOWN).await
    }

    /// The token of a link that there is.
    #[must_use]
    pub fn share_token(&self, share: &Share) -> String {
        let message: Vec<u8> = message(share.id, share.expires_at);
        let mut bytes: Vec<u8> = share.id.as_bytes().to_vec();
        bytes.extend_from_slice(&self.needs.postmortems.sign(&message));
        let mut token = String::with_capacity(bytes.len() * 2);
        for byte in bytes {
            // Writing into a String can't fail.
            let _ = write!(token, "{byte:02x}");
        }
        token
    }

    /// The document that a token opens, for whoever has it; `None` when it opens none, or none any more.
    ///
    /// # Errors
    /// The database's, and the world's.
    pub async fn shared_postmortem(&self, token: &str, style_href: &str) -> Result<Option<String>, Error> {
        let Some((id, signature)) = read(token) else {
            return Ok(None);
        };
        let mut tx: Tx = self.db.begin().await?;
        let Some(share) = store::postmortems::shares::one(&mut tx, id).await? else {
            return Ok(None);
        };
        drop(tx);
        let is_ours: bool = self.needs.postmortems.is_signed(&message(share.id, share.expires_at), &signature);
        if !is_ours || !share.is_open(self.clock.now()) || self.share_is_withdrawn(share.incident).await? {
            return Ok(None);
        }
        let html: String = markdown::render(&share.body, &Alone);
        let frame = Frame { title: &share.title, head: &[], style_href, locale: share.locale };
        Ok(Some(paper::document(&frame, &html)))
    }

    /// What was public when it was shared may be private now.
    async fn share_is_withdrawn(&self, incident: IncidentId) -> Result<bool, Error> {
        let happened: Option<Happened> = self.happened(&history::worker(), incident).await?;
        Ok(happened.is_none_or(|happened| happened.is_private))
    }

    async fn redacted_postmortem(&self, actor: &Actor, incident: IncidentId) -> Result<(Whole, String, String), Error> {
        let whole: Whole = self.whole_postmortem(actor, incident, For::Everybody).await?;
        if whole.happened.is_private {
            return Err(Refused::Private(incident).into());
        }
        if whole.postmortem.state != State::Published {
            return Err(Refused::NotPublished.into());
        }
        let locale: Locale = whole.postmortem.locale;
        let names: Vec<String> = names(&whole);
        let text: String = without_title(&expand::expanded(&whole.body.text, &whole.pieces));
        let title: String = redact::redact(&template::title(&whole.happened, locale), &names, locale);
        Ok((whole, title, redact::redact(&text, &names, locale)))
    }
}

/// Everybody who had to do with it.
fn names(whole: &Whole) -> Vec<String> {
    let mut names: Vec<String> = whole.happened.people.iter().map(|part| part.name.clone()).collect();
    let told = whole.pieces.incidents.values().flat_map(|told: &Told| {
        let owners = told.actions.iter().filter_map(|action| action.owner_name.clone());
        owners.chain(told.happened.people.iter().map(|part| part.name.clone()))
    });
    names.extend(told);
    let signed = [whole.postmortem.approved.as_ref(), whole.postmortem.published.as_ref()];
    names.extend(signed.into_iter().flatten().map(|signed| signed.by.clone()));
    let mut seen: Vec<String> = Vec::new();
    for name in names {
        if !seen.contains(&name) {
            seen.push(name);
        }
    }
    seen
}

/// The title stands above the document.
fn without_title(text: &str) -> String {
    match text.split_once('\n') {
        Some((first, rest)) if first.starts_with("# ") => rest.trim_start_matches('\n').to_owned(),
        _ => text.to_owned(),
    }
}

/// Half of what the operating system gave.
fn random_id() -> [u8; ID_LEN] {
    let random: [u8; 32] = kernel::secrets::random_256();
    let mut id = [0_u8; ID_LEN];
    id.copy_from_slice(&random[..ID_LEN]);
    id
}

fn message(id: Uuid, expires_at: Time) -> Vec<u8> {
    let mut message: Vec<u8> = id.as_bytes().to_vec();
    message.extend_from_slice(&expires_at.0.to_be_bytes());
    message
}

/// The id and the signature of a token.
fn read(token: &str) -> Option<(Uuid, Vec<u8>)> {
    if token.len() > MOST_DIGITS || !token.len().is_multiple_of(2) || !token.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let byte = |at: usize| u8::from_str_radix(token.get(at..at + 2)?, 16).ok();
    let bytes: Vec<u8> = (0..token.len()).step_by(2).map(byte).collect::<Option<Vec<u8>>>()?;
    let (id, signature) = bytes.split_at_checked(ID_LEN)?;
    Some((Uuid::from_slice(id).ok()?, signature.to_vec()))
}
