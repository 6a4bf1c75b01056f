//! Trying a mapping on an example before it is put in force.

use super::mapped::{self, Mapping};
use super::{CHANGED, Inbound, InboundAlert, Kind, Wrong};
use crate::error::Error;
use crate::store::integrations;
use kernel::{Grant, Tx};
use model::access::ManageIntegrations;
use model::ids::IntegrationId;
use serde_json::json;

/// The longest example, in bytes.
pub const MAX_EXAMPLE: usize = 64 * 1024;

/// A mapping that is tried.
#[derive(Clone, Debug, PartialEq)]
pub struct Draft {
    pub mapping: Mapping,
    pub example: String,
    /// What it makes of the example; nothing without one.
    pub result: Option<Result<Vec<InboundAlert>, Wrong>>,
}

impl Draft {
    fn new(mapping: Mapping, example: String) -> Self {
        let result = (!example.trim().is_empty()).then(|| mapped::parse(example.as_bytes(), &mapping));
        Self { mapping, example, result }
    }
}

impl Inbound {
    /// The mapping that is being tried, and what it gives.
    ///
    /// # Errors
    /// [`Error::NoIntegration`]. The database's.
    pub async fn draft(&self, id: IntegrationId) -> Result<Draft, Error> {
        let (mapping, example) = integrations::draft(&self.db, id).await?.ok_or(Error::NoIntegration(id))?;
        Ok(Draft::new(mapping, example))
    }

    /// Keeps a mapping to try and its example; with `in_force` it is what is read by from now on.
    ///
    /// # Errors
    /// [`Error::Inbound`] when it is put in force and is no mapping, or the example is too long; [`Error::NoIntegration`]. The database's.
    pub async fn set_draft(
        &self,
        grant: &Grant<ManageIntegrations>,
        id: IntegrationId,
        mapping: Mapping,
        example: String,
        in_force: bool,
    ) -> Result<Draft, Error> {
        if example.len() > MAX_EXAMPLE {
            return Err(Wrong::new("example", "at most 64 KiB").into());
        }
        let example: String = example.replace('\0', "");
        if in_force {
            mapping.reader()?;
        }
        let mut tx: Tx = self.db.begin().await?;
        let integration = self.held(&mut tx, id).await?;
        if integration.kind != Kind::Json {
            return Err(Wrong::new("kind", "an integration of any JSON").into());
        }
        integrations::set_draft(&mut tx, id, &mapping, &example).await?;
        if in_force && integration.mapping != mapping {
            integrations::set_mapping(&mut tx, id, &mapping).await?;
            self.tell(&mut tx, CHANGED, grant.actor(), &integration, json!({ "mapping": mapping })).await?;
        }
        tx.commit().await?;
        Ok(Draft::new(mapping, example))
    }
}
