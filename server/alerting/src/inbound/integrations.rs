//! Making, changing and removing integrations.

use super::heartbeat::USUAL_GRACE_MS;
use super::plan::Known;
use super::settings::Settings;
use super::{CHANGED, Inbound, Integration, Kind, MADE, REKEYED, REMOVED, Wrong, key, take};
use crate::error::Error;
use crate::history::{self, Told};
use crate::state::ResolveReason;
use crate::store::inbound::{self as rows, Due};
use crate::store::integrations::{self, New};
use kernel::{Fact, Grant, Tx, facts};
use model::access::ManageIntegrations;
use model::ids::IntegrationId;
use model::{Actor, Time};
use serde_json::{Value, json};

/// Integrations that may be made: each is looked at with every request.
const MOST: usize = 500;
/// The longest slug, before the number that tells namesakes apart.
const MAX_SLUG: usize = 40;

/// An integration that was made, or that was given another key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keyed {
    pub id: IntegrationId,
    /// Shown this once.
    pub key: String,
}

impl Inbound {
    /// Every integration, by name.
    ///
    /// # Errors
    /// The database's.
    pub async fn integrations(&self) -> Result<Vec<Integration>, Error> {
        integrations::list(&self.db).await
    }

    /// One of them.
    ///
    /// # Errors
    /// The database's.
    pub async fn integration(&self, id: IntegrationId) -> Result<Option<Integration>, Error> {
        integrations::one(&self.db, id).await
    }

    /// Lets a tool send.
    ///
    /// # Errors
    /// [`Error::Inbound`] when there are too many. The database's.
    pub async fn make(&self, grant: &Grant<ManageIntegrations>, kind: Kind, settings: &Settings) -> Result<Keyed, Error> {
        if integrations::list(&self.db).await?.len() >= MOST {
            return Err(Wrong::new("name", "at most 500 integrations").into());
        }
        let settings: &Settings = &usual(kind, settings);
        let now: Time = self.clock.now();
        let (id, text): (IntegrationId, String) = (IntegrationId(kernel::ids::new_uuid()), key::new());
        let base: String = slug(&settings.name, kind);
        let mut tx: Tx = self.db.begin().await?;
        let slug: String = free(&base, &integrations::slugs(&mut tx, &base).await?);
        let (digest, prefix): ([u8; 32], String) = (key::digest(&text), key::prefix(&text));
        let new = New { id, slug: &slug, kind, key_hash: &digest, key_prefix: &prefix, settings, made_by: grant.actor().name() };
        integrations::add(&mut tx, new, now).await?;
        let body = json!({ "name": settings.name, "slug": slug, "kind": kind.as_str() });
        say(&mut tx, MADE, grant.actor(), id, body, now).await?;
        tx.commit().await?;
        Ok(Keyed { id, key: text })
    }

    /// Changes how what it sends is read, and whether it may send. Alerts that fire are counted by a new time-out from now.
    ///
    /// # Errors
    /// [`Error::NoIntegration`]; [`Error::Inbound`] when a heartbeat may be silent for ever. The database's.
    pub async fn change(
        &self,
        grant: &Grant<ManageIntegrations>,
        id: IntegrationId,
        settings: &Settings,
        is_enabled: bool,
    ) -> Result<(), Error> {
        let now: Time = self.clock.now();
        let mut tx: Tx = self.db.begin().await?;
        let before: Integration = self.held(&mut tx, id).await?;
        if before.kind == Kind::Heartbeat && settings.timeout_ms.is_none() {
            return Err(Wrong::new("timeout", "1 to 43200 minutes").into());
        }
        integrations::change(&mut tx, id, settings, is_enabled).await?;
        let times_out_at: Option<Time> = settings.timeout_ms.map(|ms| now.plus_ms(ms));
        match before.kind {
            Kind::Heartbeat if !is_enabled => self.expect_no_more(&mut tx, &before, grant.actor(), now).await?,
            _ if before.timeout_ms == settings.timeout_ms => {}
            Kind::Heartbeat => integrations::expect(&mut tx, id, times_out_at).await?,
            _ => rows::set_silent_at(&mut tx, id, times_out_at).await?,
        }
        let more = json!({ "is_enabled": is_enabled, "renamed_to": settings.name });
        self.tell(&mut tx, CHANGED, grant.actor(), &before, more).await?;
        tx.commit().await?;
        Ok(())
    }

    /// A heartbeat that is switched off is missed by nobody.
    async fn expect_no_more(&self, tx: &mut Tx, heartbeat: &Integration, actor: &Actor, now: Time) -> Result<(), Error> {
        integrations::expect(tx, heartbeat.id, None).await?;
        self.end_all(tx, heartbeat, actor, now).await
    }

    /// Ends all that an integration has raised and that fires: nobody would ever end it.
    async fn end_all(&self, tx: &mut Tx, integration: &Integration, actor: &Actor, now: Time) -> Result<(), Error> {
        let firing: Vec<Known> = rows::due(tx, integration.id, Due::All).await?;
        let told: Vec<Told> = take::end(tx, firing, ResolveReason::SourceRemoved, now).await?;
        history::append_all(tx, told, actor, now).await?;
        Ok(())
    }

    /// Gives it another key. The one before is refused from now on.
    ///
    /// # Errors
    /// [`Error::NoIntegration`]. The database's.
    pub async fn rekey(&self, grant: &Grant<ManageIntegrations>, id: IntegrationId) -> Result<Keyed, Error> {
        let text: String = key::new();
        let mut tx: Tx = self.db.begin().await?;
        let integration: Integration = self.held(&mut tx, id).await?;
        integrations::set_key(&mut tx, id, &key::digest(&text), &key::prefix(&text)).await?;
        self.tell(&mut tx, REKEYED, grant.actor(), &integration, json!({})).await?;
        tx.commit().await?;
        Ok(Keyed { id, key: text })
    }

    /// Removes it. What it raised and still fires is over with it.
    ///
    /// # Errors
    /// [`Error::NoIntegration`]. The database's.
    pub async fn remove(&self, grant: &Grant<ManageIntegrations>, id: IntegrationId) -> Result<(), Error> {
        let now: Time = self.clock.now();
        let mut tx: Tx = self.db.begin().await?;
        let integration: Integration = self.held(&mut tx, id).await?;
        self.end_all(&mut tx, &integration, grant.actor(), now).await?;
        integrations::remove(&mut tx, id, now).await?;
        self.tell(&mut tx, REMOVED, grant.actor(), &integration, json!({})).await?;
        tx.commit().await?;
        Ok(())
    }

    /// One as it stands, its row held until the transaction ends.
    pub(super) async fn held(&self, tx: &mut Tx, id: IntegrationId) -> Result<Integration, Error> {
        integrations::hold(tx, id).await?.ok_or(Error::NoIntegration(id))?;
        integrations::one(&self.db, id).await?.ok_or(Error::NoIntegration(id))
    }

    /// Writes a Fact about one.
    pub(super) async fn tell(
        &self,
        tx: &mut Tx,
        kind: &'static str,
        actor: &Actor,
        integration: &Integration,
        more: Value,
    ) -> Result<(), Error> {
        let mut body: Value = json!({ "name": integration.name, "slug": integration.slug });
        if let (Some(body), Value::Object(more)) = (body.as_object_mut(), more) {
            body.extend(more);
        }
        say(tx, kind, actor, integration.id, body, self.clock.now()).await
    }
}

async fn say(tx: &mut Tx, kind: &'static str, actor: &Actor, id: IntegrationId, body: Value, at: Time) -> Result<(), Error> {
    facts::append(tx, &Fact { kind, actor, subject: format!("integration/{id}"), body, at }).await?;
    Ok(())
}

/// What a kind has unless something else is said: a heartbeat that may be silent for ever would be none.
fn usual(kind: Kind, settings: &Settings) -> Settings {
    let mut settings: Settings = settings.clone();
    if kind == Kind::Heartbeat {
        settings.timeout_ms = settings.timeout_ms.or(Some(USUAL_GRACE_MS));
    }
    settings
}

/// A name in labels: lower-case letters, digits and hyphens. A name that has none of them (a Japanese one) is called as it speaks.
fn slug(name: &str, kind: Kind) -> String {
    let mut slug: String = String::new();
    for character in name.to_lowercase().chars() {
        if character.is_ascii_alphanumeric() {
            slug.push(character);
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    slug.truncate(MAX_SLUG);
    let slug: &str = slug.trim_end_matches('-');
    if slug.is_empty() { kind.as_str().to_owned() } else { slug.to_owned() }
}

/// The first of `base`, `base-2`, `base-3` … that is not taken.
fn free(base: &str, taken: &[String]) -> String {
    let numbered = (2_u32..).map(|n| format!("{base}-{n}"));
    let mut names = std::iter::once(base.to_owned()).chain(numbered);
    names.find(|name| !taken.contains(name)).unwrap_or_else(|| base.to_owned())
}

#[cfg(test)]
mod tests {
    use super::{free, slug};
    use crate::inbound::Kind;

    #[test]
    fn slugs_are_made_of_names() {
        for (name, expected) in [
            ("Tokyo Prometheus", "tokyo-prometheus"),
            ("  AWS / CloudWatch!! ", "aws-cloudwatch"),
            ("監視", "grafana"),
            ("監視 Grafana 2", "grafana-2"),
            ("x-", "x"),
        ] {
            assert_eq!(slug(name, Kind::Grafana), expected, "{name}");
        }
        assert_eq!(slug(&"a".repeat(100), Kind::Json).len(), 40);
    }

    #[test]
    fn namesakes_are_numbered() {
        let taken = ["a".to_owned(), "a-2".to_owned()];
        assert_eq!((free("a", &taken), free("b", &taken)), ("a-3".to_owned(), "b".to_owned()));
    }
}
