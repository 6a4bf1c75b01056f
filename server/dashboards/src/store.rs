//! All SQL of the room: `dashboard`, `dashboard_version`, `dashboard_star`, `dashboard_draft`, `explore_history`.

pub(crate) mod drafts;
pub(crate) mod explored;
pub(crate) mod kept;

use crate::error::Error;
use serde::de::DeserializeOwned;
use serde_json::Value;

fn decoded<T: DeserializeOwned>(value: Value, table: &'static str, column: &'static str, row: &str) -> Result<T, Error> {
    serde_json::from_value(value).map_err(|source| Error::Corrupt { table, column, row: row.to_owned(), source })
}
