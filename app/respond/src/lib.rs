#![doc = include_str!("../README.md")]
#![recursion_limit = "256"]

mod alert;
mod alerts;
mod escalations;
mod facts;
mod incidents;
mod now;
mod oncall;
mod quiet;
mod report;
mod reviews;
mod routes_tree;
mod row;
mod rule;
mod rule_edit;
mod rules;
mod screen;
mod seat;
mod silences;
mod told;
mod words;

pub use alert::AlertScreen;
pub use alerts::AlertsScreen;
pub use escalations::{EscalationsScreen, PolicyFormScreen, PolicyScreen, RunsScreen};
pub use incidents::{DeclareScreen, IncidentMomentScreen, IncidentScreen, IncidentsScreen};
pub use now::NowScreen;
pub use oncall::{OncallScreen, ScheduleFormScreen, ScheduleScreen};
pub use reviews::ReviewsScreen;
pub use routes_tree::{RouteEditScreen, RoutesScreen};
pub use rule::RuleScreen;
pub use rule_edit::RuleFormScreen;
pub use rules::RulesScreen;
pub use silences::{SilenceNewScreen, SilencesScreen};
pub use told::told;
pub use words::refused;
