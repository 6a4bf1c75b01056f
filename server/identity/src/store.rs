//! All SQL of this room, one file per group of tables.

pub mod devices;
pub mod invitations;
pub mod people;
pub mod refused;
pub mod sessions;
pub mod setup;
pub mod teams;
pub mod throttle;
pub mod tokens;

use crate::error::Error;
use model::Role;
use uuid::Uuid;

/// A role as stored. The table's check lets no other word in, so another word is corruption.
fn role_of(table: &'static str, row: Uuid, word: &str) -> Result<Role, Error> {
    Role::from_word(word).ok_or_else(|| Error::Corrupt { table, column: "role", row: row.to_string(), value: word.to_owned() })
}
