//! One adapter per room (and one over several, for the palette): admit (a Grant), call the room, shape the answer for the screen.

pub mod alerting;
pub mod board;
pub mod cardinality;
pub mod channels;
pub mod contacts;
pub mod dashboards;
pub mod deliveries;
pub mod documents;
pub mod escalations;
pub mod explore;
pub mod expression;
pub mod find;
pub mod identity;
pub mod incidents;
pub mod integrations;
pub mod machine;
pub mod metrics;
pub mod oncall;
pub mod pager;
pub mod pay;
pub mod plots;
pub mod postmortems;
pub mod push;
pub mod recipients;
pub mod reviews;
pub mod routing;
pub mod rules;
pub mod silences;
pub mod targets;

use crate::context::Visitor;
use crate::wiring::House;
use ::api::ApiError;
use ::api::absence::Absence;
use ::api::alerting::AlertingApi;
use ::api::cardinality::CardinalityApi;
use ::api::channels::ChannelsApi;
use ::api::contacts::ContactsApi;
use ::api::dashboards::DashboardsApi;
use ::api::dashboards::editing::DashboardEditingApi;
use ::api::dashboards::keeping::DashboardKeepingApi;
use ::api::deliveries::DeliveriesApi;
use ::api::documents::DocumentsApi;
use ::api::error::Denial;
use ::api::escalations::EscalationsApi;
use ::api::explore::ExploreApi;
use ::api::find::FindApi;
use ::api::identity::IdentityApi;
use ::api::incidents::IncidentsApi;
use ::api::integrations::IntegrationsApi;
use ::api::metrics::MetricsApi;
use ::api::oncall::OncallApi;
use ::api::pager::PagerApi;
use ::api::pay::PayApi;
use ::api::postmortems::PostmortemsApi;
use ::api::push::PushApi;
use ::api::reviews::ReviewsApi;
use ::api::routing::RoutingApi;
use ::api::rules::RulesApi;
use ::api::silences::SilencesApi;
use ::api::targets::TargetsApi;
use axum::http::StatusCode;
use kernel::{Denied, Grant};
use leptos::context::{provide_context, use_context};
use leptos_axum::ResponseOptions;
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
        kernel::authorize::<A>(actor, None).map_err(denied)
    }
}

/// Why the lock did not open, as it crosses the door.
#[must_use]
pub fn denied(denied: Denied) -> ApiError {
    let reason = match denied {
        Denied::Role { action, who, needs, has } => Denial::Role { action: action.to_owned(), who, needs, has },
        Denied::Scope { action, scope } => Denial::Scope { action: action.to_owned(), scope: scope.to_owned() },
        Denied::NoToken { action } => Denial::NoToken { action: action.to_owned() },
    };
    ApiError::Denied { reason }
}

/// Everything the screens may ask, for one visitor.
pub struct Answers {
    alerting: Arc<dyn AlertingApi>,
    metrics: Arc<dyn MetricsApi>,
    identity: Arc<dyn IdentityApi>,
    explore: Arc<dyn ExploreApi>,
    cardinality: Arc<dyn CardinalityApi>,
    targets: Arc<dyn TargetsApi>,
    find: Arc<dyn FindApi>,
    incidents: Arc<dyn IncidentsApi>,
    integrations: Arc<dyn IntegrationsApi>,
    reviews: Arc<dyn ReviewsApi>,
    routing: Arc<dyn RoutingApi>,
    silences: Arc<dyn SilencesApi>,
    rules: Arc<dyn RulesApi>,
    channels: Arc<dyn ChannelsApi>,
    deliveries: Arc<dyn DeliveriesApi>,
    documents: Arc<dyn DocumentsApi>,
    oncall: Arc<dyn OncallApi>,
    escalations: Arc<dyn EscalationsApi>,
    contacts: Arc<dyn ContactsApi>,
    dashboards: Arc<dyn DashboardsApi>,
    dashboard_editing: Arc<dyn DashboardEditingApi>,
    dashboard_keeping: Arc<dyn DashboardKeepingApi>,
    push: Arc<dyn PushApi>,
    pager: Arc<dyn PagerApi>,
    pay: Arc<dyn PayApi>,
    postmortems: Arc<dyn PostmortemsApi>,
}

impl Answers {
    /// For `visitor`.
    #[must_use]
    pub fn new(house: &House, visitor: &Visitor) -> Self {
        let door = Door { house: house.clone(), visitor: visitor.clone() };
        Self {
            alerting: Arc::new(alerting::Adapter(door.clone())),
            metrics: Arc::new(metrics::Adapter(door.clone())),
            identity: Arc::new(identity::Adapter(door.clone())),
            explore: Arc::new(explore::Adapter(door.clone())),
            cardinality: Arc::new(cardinality::Adapter(door.clone())),
            targets: Arc::new(targets::Adapter(door.clone())),
            channels: Arc::new(channels::Adapter(door.clone())),
            deliveries: Arc::new(deliveries::Adapter(door.clone())),
            documents: Arc::new(documents::Adapter(door.clone())),
            oncall: Arc::new(oncall::Adapter(door.clone())),
            escalations: Arc::new(escalations::Adapter(door.clone())),
            contacts: Arc::new(contacts::Adapter(door.clone())),
            dashboards: Arc::new(dashboards::Adapter(door.clone())),
            dashboard_editing: Arc::new(dashboards::editing::Adapter(door.clone())),
            dashboard_keeping: Arc::new(dashboards::keeping::Adapter(door.clone())),
            push: Arc::new(push::Adapter(door.clone())),
            pager: Arc::new(pager::Adapter(door.clone())),
            pay: Arc::new(pay::Adapter(door.clone())),
            postmortems: Arc::new(postmortems::Adapter(door.clone())),
            rules: Arc::new(rules::Adapter(door.clone())),
            routing: Arc::new(routing::Adapter(door.clone())),
            silences: Arc::new(silences::Adapter(door.clone())),
            incidents: Arc::new(incidents::Adapter(door.clone())),
            reviews: Arc::new(reviews::Adapter(door.clone())),
            integrations: Arc::new(integrations::Adapter(door.clone())),
            find: Arc::new(find::Adapter(door)),
        }
    }

    /// Puts them where server functions look, the chart painter where charts look, and the way to a 404 where screens look.
    pub fn provide(&self) {
        provide_context(self.alerting.clone());
        provide_context(self.metrics.clone());
        provide_context(self.identity.clone());
        provide_context(self.explore.clone());
        provide_context(self.cardinality.clone());
        provide_context(self.targets.clone());
        provide_context(self.find.clone());
        provide_context(self.incidents.clone());
        provide_context(self.integrations.clone());
        provide_context(self.reviews.clone());
        provide_context(self.routing.clone());
        provide_context(self.silences.clone());
        provide_context(self.rules.clone());
        provide_context(self.channels.clone());
        provide_context(self.deliveries.clone());
        provide_context(self.documents.clone());
        provide_context(self.oncall.clone());
        provide_context(self.escalations.clone());
        provide_context(self.contacts.clone());
        provide_context(self.dashboards.clone());
        provide_context(self.dashboard_editing.clone());
        provide_context(self.dashboard_keeping.clone());
        provide_context(self.push.clone());
        provide_context(self.pager.clone());
        provide_context(self.pay.clone());
        provide_context(self.postmortems.clone());
        provide_context(ui::chart::ServerPainter(chart::svg));
        provide_context(ui::figure::FigurePainter(chart::svg_figure));
        if let Some(answer) = use_context::<ResponseOptions>() {
            provide_context(Absence(Arc::new(move || answer.set_status(StatusCode::NOT_FOUND))));
        }
    }
}
