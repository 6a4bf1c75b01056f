//! All the SQL of this room: `oncall_policy`, `oncall_contact`, `oncall_personal_rule`, `oncall_run`, `oncall_page`, `oncall_call`,
//! `oncall_bundle`, `oncall_log`, `oncall_telling` and `oncall_telling_page` belong to it and to nobody else, and so do the tables of
//! schedules (`schedules`).
//!
//! A run's row is the lock for its pages, a telling's for its own. Who waits for several runs takes them in the order of their ids; who looks
//! for work skips what is locked. After runs come tellings, then bundles in the order of people, then pages, then rows of other rooms, then
//! calls. So nobody waits in a circle.

pub(crate) mod bundles;
pub(crate) mod calls;
pub(crate) mod contacts;
pub(crate) mod log;
pub(crate) mod pages;
pub(crate) mod pay;
pub(crate) mod policies;
pub(crate) mod rules;
pub(crate) mod runs;
pub(crate) mod schedules;
pub(crate) mod tellings;

use crate::error::Error;
use chrono::{DateTime, Utc};
use model::Time;

fn corrupt(table: &'static str, column: &'static str, row: &str, value: &str) -> Error {
    Error::Corrupt { table, column, row: row.to_owned(), value: value.to_owned() }
}

fn time(at: Option<DateTime<Utc>>) -> Option<Time> {
    at.map(Time::from_utc)
}

fn utc(at: Option<Time>) -> Option<DateTime<Utc>> {
    at.map(Time::to_utc)
}
