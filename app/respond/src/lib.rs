#![doc = include_str!("../README.md")]
#![recursion_limit = "256"]

mod alert;
mod alerts;
mod facts;
mod now;
mod quiet;
mod report;
mod routes_tree;
mod row;
mod rule;
mod rule_edit;
mod rules;
mod screen;
mod seat;
mod silences;
mod words;

pub use alert::AlertScreen;
pub use alerts::AlertsScreen;
pub use now::NowScreen;
pub use routes_tree::{RouteEditScreen, RoutesScreen};
pub use rule::RuleScreen;
pub use rule_edit::RuleFormScreen;
pub use rules::RulesScreen;
pub use silences::{SilenceNewScreen, SilencesScreen};
pub use words::refused;
