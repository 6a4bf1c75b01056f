//! All the SQL of this room: `channel`, `channel_version`, `delivery`, `delivery_attempt`, `hook_seen`,
//! `slack_person`, `push_key`, `push_subscription`, `process_beat`, `house_trouble` and `delivery_personal` belong to it and to nobody else.
//!
//! Who changes several deliveries locks them in the order of `seq`; who claims or passes them on skips what is locked. So nobody waits in
//! a circle.

pub(crate) mod claims;
pub(crate) mod conversation;
pub(crate) mod health;
pub(crate) mod incoming;
pub(crate) mod links;
pub(crate) mod log;
pub(crate) mod outbox;
pub(crate) mod passing;
pub(crate) mod personal;
pub(crate) mod processes;
pub(crate) mod push;
pub(crate) mod settings;
pub(crate) mod stuck;
pub(crate) mod troubles;

use crate::deliveries::{State, Withdrawal};
use crate::error::Error;
use crate::page::Kind;
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

fn kind(row: &str, word: &str) -> Result<Kind, Error> {
    Kind::from_word(word).ok_or_else(|| corrupt("delivery", "kind", row, word))
}

fn state(row: &str, word: &str) -> Result<State, Error> {
    State::from_word(word).ok_or_else(|| corrupt("delivery", "state", row, word))
}

fn withdrawal(row: &str, word: Option<&str>) -> Result<Option<Withdrawal>, Error> {
    let Some(word) = word else {
        return Ok(None);
    };
    let known: Option<Withdrawal> = Withdrawal::from_word(word);
    known.map(Some).ok_or_else(|| corrupt("delivery", "withdrawn_why", row, word))
}
