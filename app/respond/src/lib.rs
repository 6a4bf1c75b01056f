#![doc = include_str!("../README.md")]
#![recursion_limit = "256"]

mod alert;
mod alerts;
mod facts;
mod now;
mod report;
mod row;
mod rules;
mod screen;
mod seat;
mod words;

pub use alert::AlertScreen;
pub use alerts::AlertsScreen;
pub use now::NowScreen;
pub use rules::RulesScreen;
pub use words::refused;
