//! All the SQL of this room: `incident`, `incident_setup`, `incident_alert`, `incident_entry`, `incident_pin`, `incident_graph`,
//! `incident_cursor`, `incident_clock`, `incident_follow_up`, `incident_task`, `incident_update`, `incident_follower` and `incident_saying`
//! belong to it and to nobody else.
//!
//! An incident's row is the lock for what hangs on it. Who needs two takes them in the order of their numbers. The lock lets lines be written
//! beside it (`for no key update`), so that nobody waits in a circle.

pub(crate) mod alerts;
pub(crate) mod clocks;
pub(crate) mod cursor;
pub(crate) mod entries;
pub(crate) mod follow_ups;
pub(crate) mod graphs;
pub(crate) mod incidents;
pub(crate) mod merging;
pub(crate) mod review;
pub(crate) mod sayings;
pub(crate) mod setup;
pub(crate) mod tasks;
pub(crate) mod updates;

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
