//! What is needed to page when the database is gone: the channels with their secrets, taken out while it was there.
//!
//! Whoever keeps contacts keeps secrets: in memory, or sealed ([`Keys`]) on disk. Channels whose addresses lie in the database themselves
//! (browsers) are left out, as nobody could be reached by them then.

use crate::channels::web_push;
use crate::error::Error;
use crate::saved::Saved;
use crate::sealed::Keys;
use crate::store;
use figures::Locale;
use kernel::Db;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::fmt;

/// A channel with everything it needs.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Contact {
    pub name: String,
    pub kind: String,
    /// With secrets.
    pub settings: Value,
    /// Whether it takes what nobody else does.
    pub last_resort: bool,
    pub locale: Locale,
    /// An IANA name.
    pub zone: String,
}

impl fmt::Debug for Contact {
    /// Without the settings: they hold secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Contact").field("name", &self.name).field("kind", &self.kind).finish_non_exhaustive()
    }
}

/// Every channel in use that can be spoken by without the database. One whose secrets don't open is left out, and that is logged.
///
/// # Errors
/// The database's.
pub async fn contacts(db: &Db, keys: &Keys) -> Result<Vec<Contact>, Error> {
    let saved: Vec<Saved> = store::settings::list(db, None).await?;
    let usable = saved.iter().filter(|one| one.row.enabled && one.row.kind != web_push::KIND);
    Ok(usable.filter_map(|one| contact(one, keys)).collect())
}

fn contact(saved: &Saved, keys: &Keys) -> Option<Contact> {
    match saved.whole(keys) {
        Ok(settings) => Some(Contact {
            name: saved.row.name.clone(),
            kind: saved.row.kind.clone(),
            settings,
            last_resort: saved.row.last_resort,
            locale: saved.row.locale,
            zone: saved.row.zone.clone(),
        }),
        Err(error) => {
            let channel: &str = &saved.row.name;
            tracing::warn!(channel, error = &error as &dyn std::error::Error, "an emergency could not be told by a channel");
            None
        }
    }
}
