//! How somebody wants to see things: language, time zone, theme.

use crate::error::{Error, Expected};
use crate::{Identity, store};
use chrono_tz::Tz;
use figures::Locale;
use kernel::access::Grant;
use kernel::{Fact, facts};
use model::access::ChangeOwnAccount;
use model::theme::Theme;
use serde::{Deserialize, Serialize};
use serde_json::json;

/// A person's choice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preferences {
    pub locale: Locale,
    /// An IANA name: `Asia/Tokyo`.
    pub zone: String,
    pub theme: Theme,
}

impl Preferences {
    /// Before anything was chosen: the theme follows the device.
    #[must_use]
    pub fn first(locale: Locale, zone: &str) -> Self {
        Self { locale, zone: zone.to_owned(), theme: Theme::Auto }
    }
}

/// Where somebody who reads that language most likely sits, until they say otherwise.
#[must_use]
pub fn zone_of(locale: Locale) -> &'static str {
    match locale {
        Locale::Ja => "Asia/Tokyo",
        Locale::En => "UTC",
    }
}

impl Identity {
    /// Changes one's own preferences.
    ///
    /// # Errors
    /// `Invalid` when the zone is no IANA name.
    pub async fn set_preferences(&self, grant: &Grant<ChangeOwnAccount>, chosen: &Preferences) -> Result<(), Error> {
        let person = grant.actor().person_id().ok_or(Error::NotAPerson)?;
        if chosen.zone.parse::<Tz>().is_err() {
            return Err(Error::Invalid { field: "zone", expected: Expected::Zone });
        }
        let mut tx = self.db().begin().await?;
        if !store::people::set_preferences(&mut tx, person, chosen).await? {
            return Err(Error::NotFound { what: "person" });
        }
        let fact = Fact {
            kind: "PreferencesChanged",
            actor: grant.actor(),
            subject: format!("person/{person}"),
            body: json!(chosen),
            at: self.now(),
        };
        facts::append(&mut tx, &fact).await?;
        tx.commit().await?;
        self.forget_look_ups();
        Ok(())
    }
}
