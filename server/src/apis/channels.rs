//! The notify room's door to channels: what there is, what each must be told, and how it did lately. Which routes name one is asked of
//! the alerting room.
//!
//! Texts about providers stand on this side: a browser that never sets up a channel need not load them.

mod guides;
mod refusals;
pub mod shape;

use crate::apis::Door;
use crate::context;
use crate::house_error::unavailable;
use ::api::ApiError;
use ::api::channels::{ChannelDraft, ChannelList, ChannelView, ChannelsApi};
use alerting::routes::Tree;
use async_trait::async_trait;
use axum::http::request::Parts;
use figures::Locale;
use guides::Guide;
use leptos::context::use_context;
use model::access::{ManageChannels, ReadConsole};
use model::links;
use notify::{ChannelHealth, ChannelRow, ChannelVersion};
use refusals::{invalid, refused};
use shape::{last_delivery, stuck_pages};

/// Answers the screens about channels.
pub struct Adapter(pub Door);

/// The address of the empty form: no channel can be called so.
const RESERVED: &str = "new";

impl Adapter {
    fn locale(&self) -> Locale {
        self.0.visitor.viewer.locale
    }

    /// A room's refusal in the reader's language.
    fn shown(&self, error: notify::Error) -> ApiError {
        refused(error, self.locale())
    }

    async fn routes(&self) -> Result<Tree, ApiError> {
        self.0.house.routing.tree().await.map_err(|error| unavailable(&error))
    }

    async fn health(&self) -> Result<Vec<ChannelHealth>, ApiError> {
        let health = self.0.house.notify.health().await.map_err(|error| unavailable(&error))?;
        Ok(health.channels)
    }

    fn empty_form(&self, kind: &str) -> Result<ChannelView, ApiError> {
        let guide: &Guide =
            guides::of(kind).ok_or_else(|| ApiError::NotFound { what: format!("a channel of the kind {kind:?}") })?;
        let viewer = &self.0.visitor.viewer;
        Ok(shape::empty_form(guide, viewer.locale, &viewer.zone.name, &self.0.house.config.public_url))
    }

    async fn form(&self, name: &str) -> Result<ChannelView, ApiError> {
        let room = &self.0.house.notify;
        let found: Option<ChannelRow> = room.channel(name).await.map_err(|error| self.shown(error))?;
        let row: ChannelRow = found.ok_or_else(|| ApiError::NotFound { what: format!("the channel {name:?}") })?;
        let versions: Vec<ChannelVersion> = room.channel_versions(name).await.map_err(|error| self.shown(error))?;
        let health: Option<ChannelHealth> = self.health().await?.into_iter().find(|one| one.name == row.name);
        let routes: Vec<String> = shape::routes_to(&self.routes().await?, &row.name);
        let mut view: ChannelView = shape::form(&row, &self.0.house.config.public_url);
        view.versions = shape::versions(&row.kind, &versions);
        if let Some(health) = health {
            view.last = health.last.map(last_delivery);
            view.stuck = health.stuck.map(stuck_pages);
        }
        view.routes = routes;
        Ok(view)
    }

    fn draft(&self, channel: ChannelDraft) -> Result<notify::ChannelDraft, ApiError> {
        let is_reserved: bool = channel.version.is_none() && channel.name == RESERVED;
        if is_reserved {
            return Err(refusals::reserved(RESERVED, self.locale()));
        }
        let locale: Locale = Locale::from_tag(&channel.locale).ok_or_else(|| invalid("locale", "ja, en"))?;
        let settings = channel.settings.into_iter().map(|(name, text)| (name, serde_json::Value::String(text))).collect();
        Ok(notify::ChannelDraft {
            name: channel.name,
            kind: channel.kind,
            version: channel.version,
            settings,
            enabled: channel.enabled,
            last_resort: channel.last_resort,
            locale,
            zone: channel.zone,
        })
    }
}

#[async_trait]
impl ChannelsApi for Adapter {
    async fn list(&self) -> Result<ChannelList, ApiError> {
        self.0.admit::<ReadConsole>()?;
        let channels: Vec<ChannelRow> = self.0.house.notify.channels().await.map_err(|error| self.shown(error))?;
        let health: Vec<ChannelHealth> = self.health().await?;
        let tree: Tree = self.routes().await?;
        let row = |channel: &ChannelRow| shape::row(channel, health.iter().find(|one| one.name == channel.name), &tree);
        Ok(ChannelList { rows: channels.iter().map(row).collect(), kinds: shape::kinds() })
    }

    async fn detail(&self, name: String, kind: String) -> Result<ChannelView, ApiError> {
        self.0.admit::<ReadConsole>()?;
        if name.is_empty() { self.empty_form(&kind) } else { self.form(&name).await }
    }

    async fn save(&self, channel: ChannelDraft) -> Result<i64, ApiError> {
        let grant = self.0.admit::<ManageChannels>()?;
        let is_new: bool = channel.version.is_none();
        let draft: notify::ChannelDraft = self.draft(channel)?;
        let saved: ChannelRow = self.0.house.notify.save_channel(&grant, draft).await.map_err(|error| self.shown(error))?;
        if is_new {
            leptos_axum::redirect(&links::channel(&saved.name));
        }
        Ok(saved.version)
    }

    async fn remove(&self, name: String, version: i64) -> Result<(), ApiError> {
        let grant = self.0.admit::<ManageChannels>()?;
        self.0.house.notify.remove_channel(&grant, &name, version).await.map_err(|error| self.shown(error))?;
        leptos_axum::redirect(links::CHANNELS);
        Ok(())
    }

    async fn test(&self, name: String) -> Result<String, ApiError> {
        let grant = self.0.admit::<ManageChannels>()?;
        let id: String = self.0.house.notify.test_channel(&grant, &name).await.map_err(|error| self.shown(error))?.to_string();
        if is_plain_form() {
            leptos_axum::redirect(&links::delivery(&id));
        }
        Ok(id)
    }
}

/// Whether a browser sent the form by itself, and will show what it is answered with: there the result can't appear beside the button.
fn is_plain_form() -> bool {
    use_context::<Parts>().is_some_and(|parts| context::wants_html(&parts.headers))
}
