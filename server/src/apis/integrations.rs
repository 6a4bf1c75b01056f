//! The alerting room's door to integrations: who may send alerts, how what they send is read, and what came.

mod setup;
mod shape;

use crate::apis::Door;
use crate::apis::alerting::shown;
use ::api::ApiError;
use ::api::error::{Expected, Mistake};
use ::api::identity::ShownOnce;
use ::api::integrations::{IntegrationForm, IntegrationRow, IntegrationView, IntegrationsApi, MappingForm, TriedMapping};
use alerting::Error;
use alerting::inbound::draft::Draft;
use alerting::inbound::mapped::Mapping;
use alerting::inbound::settings::{Settings, Written};
use alerting::inbound::{Inbound, Integration, Kind, Wrong};
use async_trait::async_trait;
use figures::Locale;
use model::access::{ManageIntegrations, ReadConsole};
use model::ids::IntegrationId;
use model::links;

/// Answers the screens about integrations.
pub struct Adapter(pub Door);

impl Adapter {
    fn room(&self) -> &Inbound {
        self.0.house.alerting.inbound()
    }

    /// A refusal of the room in the reader's language.
    fn refused(&self, error: Error) -> ApiError {
        match error {
            Error::Inbound(wrong) => self.wrong(&[wrong]),
            other => shown(other),
        }
    }

    fn wrong(&self, all: &[Wrong]) -> ApiError {
        let mistakes: Vec<Mistake> = all.iter().map(|one| shape::mistake(one, self.0.visitor.viewer.locale)).collect();
        ApiError::of_mistakes(mistakes).unwrap_or(ApiError::Unavailable)
    }

    async fn one(&self, id: IntegrationId) -> Result<Integration, ApiError> {
        let found: Option<Integration> = self.room().integration(id).await.map_err(|error| self.refused(error))?;
        found.ok_or_else(|| ApiError::NotFound { what: format!("integration {id}") })
    }

    async fn tried(&self, integration: &Integration) -> Result<Option<TriedMapping>, ApiError> {
        if integration.kind != Kind::Json {
            return Ok(None);
        }
        let draft: Draft = self.room().draft(integration.id).await.map_err(|error| self.refused(error))?;
        let locale: Locale = self.0.visitor.viewer.locale;
        Ok(Some(shape::tried(draft, integration, locale)))
    }
}

#[async_trait]
impl IntegrationsApi for Adapter {
    async fn list(&self) -> Result<Vec<IntegrationRow>, ApiError> {
        self.0.admit::<ReadConsole>()?;
        let all: Vec<Integration> = self.room().integrations().await.map_err(|error| self.refused(error))?;
        Ok(all.iter().map(shape::row).collect())
    }

    /// What came in may hold what a tool's owner keeps to the admins, and so may mappings and examples.
    async fn detail(&self, id: IntegrationId) -> Result<IntegrationView, ApiError> {
        self.0.admit::<ManageIntegrations>()?;
        let integration: Integration = self.one(id).await?;
        let receipts = self.room().receipts(id).await.map_err(|error| self.refused(error))?;
        let public_url: &str = &self.0.house.config.public_url;
        Ok(IntegrationView {
            row: shape::row(&integration),
            form: shape::form(&integration),
            made_by: integration.made_by.clone(),
            made_at: integration.made_at,
            address: setup::address(integration.kind, public_url),
            setup: setup::text(integration.kind, public_url),
            receipts: receipts.into_iter().map(shape::receipt).collect(),
            tried: self.tried(&integration).await?,
        })
    }

    async fn make(&self, name: String, kind: String, default_severity: String) -> Result<ShownOnce, ApiError> {
        let grant = self.0.admit::<ManageIntegrations>()?;
        let expected = Expected::other("alertmanager, grafana, datadog, pagerduty, json or heartbeat");
        let kind: Kind = Kind::from_word(&kind).ok_or(ApiError::Invalid { field: "kind".to_owned(), expected })?;
        let written = Written { name, default_severity, ..Written::default() };
        let settings: Settings = Settings::read(&written).map_err(|wrong| self.wrong(&wrong))?;
        let made = self.room().make(&grant, kind, &settings).await.map_err(|error| self.refused(error))?;
        Ok(ShownOnce { secret: made.key })
    }

    async fn change(&self, id: IntegrationId, form: IntegrationForm) -> Result<(), ApiError> {
        let grant = self.0.admit::<ManageIntegrations>()?;
        let is_enabled: bool = form.enabled;
        let settings: Settings = Settings::read(&shape::written(form)).map_err(|wrong| self.wrong(&wrong))?;
        self.room().change(&grant, id, &settings, is_enabled).await.map_err(|error| self.refused(error))
    }

    async fn rekey(&self, id: IntegrationId) -> Result<ShownOnce, ApiError> {
        let grant = self.0.admit::<ManageIntegrations>()?;
        let made = self.room().rekey(&grant, id).await.map_err(|error| self.refused(error))?;
        Ok(ShownOnce { secret: made.key })
    }

    async fn remove(&self, id: IntegrationId) -> Result<(), ApiError> {
        let grant = self.0.admit::<ManageIntegrations>()?;
        self.room().remove(&grant, id).await.map_err(|error| self.refused(error))?;
        leptos_axum::redirect(links::INTEGRATIONS);
        Ok(())
    }

    async fn try_mapping(
        &self,
        id: IntegrationId,
        mapping: MappingForm,
        example: String,
        in_force: bool,
    ) -> Result<(), ApiError> {
        let grant = self.0.admit::<ManageIntegrations>()?;
        let mapping: Mapping = shape::mapping(mapping).map_err(|wrong| self.wrong(&[wrong]))?;
        let done = self.room().set_draft(&grant, id, mapping, example, in_force).await;
        done.map(|_| ()).map_err(|error| self.refused(error))
    }
}
