//! One adapter per room: admit (a Grant), call the room, shape the answer for the screen.

pub mod alerting;
pub mod board;
pub mod identity;
pub mod machine;
pub mod metrics;
pub mod plots;

use crate::context::Visitor;
use crate::wiring::House;
use ::api::ApiError;
use ::api::alerting::AlertingApi;
use ::api::identity::IdentityApi;
use ::api::metrics::MetricsApi;
use kernel::Grant;
use leptos::context::provide_context;
use model::access::Action;
use std::sync::Arc;

/// A room's door for one visitor.
#[derive(Clone)]
pub struct Door {
    pub house: House,
    pub visitor: Visitor,
}

impl Door {
    /// Lets the visitor do `A`, or says why not.
    ///
    /// # Errors
    /// `SignedOut` for strangers, `Denied` for too low a role.
    pub fn admit<A: Action>(&self) -> Result<Grant<A>, ApiError> {
        let actor = self.visitor.actor.as_ref().ok_or(ApiError::SignedOut)?;
        kernel::authorize::<A>(actor, None).map_err(|denied| ApiError::Denied { reason: denied.to_string() })
    }
}

/// Everything the screens may ask, for one visitor.
pub struct Answers {
    alerting: Arc<dyn AlertingApi>,
    metrics: Arc<dyn MetricsApi>,
    identity: Arc<dyn IdentityApi>,
}

impl Answers {
    /// For `visitor`.
    #[must_use]
    pub fn new(house: &House, visitor: &Visitor) -> Self {
        let door = Door { house: house.clone(), visitor: visitor.clone() };
        Self {
            alerting: Arc::new(alerting::Adapter(door.clone())),
            metrics: Arc::new(metrics::Adapter(door.clone())),
            identity: Arc::new(identity::Adapter(door)),
        }
    }

    /// Puts them where server functions look, and the chart painter where charts look.
    pub fn provide(&self) {
        provide_context(self.alerting.clone());
        provide_context(self.metrics.clone());
        provide_context(self.identity.clone());
        provide_context(ui::chart::ServerPainter(chart::svg));
    }
}
