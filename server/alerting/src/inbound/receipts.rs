//! What came lately, for people who connect a tool: of each integration the newest requests, and why some were refused.

use super::{Inbound, Taken};
use crate::error::Error;
use crate::store::integrations;
use model::Time;
use model::ids::IntegrationId;

/// Requests that are kept of each integration.
pub const KEPT: i64 = 50;

/// One request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    pub at: Time,
    pub is_taken: bool,
    /// Of what was taken, its first sentence; of what was refused, the reason.
    pub said: String,
    /// Acknowledged ones count as updated.
    pub taken: Taken,
    pub bytes: i64,
    /// The beginning of the body, of the kind [`super::Kind::Json`].
    pub payload: Option<String>,
}

impl Inbound {
    /// The newest requests of an integration, the newest first.
    ///
    /// # Errors
    /// The database's.
    pub async fn receipts(&self, id: IntegrationId) -> Result<Vec<Receipt>, Error> {
        Ok(integrations::receipts(&self.db, id, KEPT).await?)
    }
}
