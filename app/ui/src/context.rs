//! How a reader sees: language, zone, "now" and theme, decided once by the server.
//!
//! The shell provides a [`Look`] before anything renders, on the server and again, with the same values, in the browser. A
//! component that asks the browser instead (its clock, its language) would render something else while hydrating.

use ::figures::{Locale, Zone};
use leptos::prelude::*;

use crate::words::{self, Words};

/// What the first render depends on besides its data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Look {
    /// The language of the screen.
    pub locale: Locale,
    /// The zone times are written in, with the transitions around what is shown.
    pub zone: Zone,
    /// The server's "now" at the first render, in epoch milliseconds.
    pub now_ms: i64,
    /// `auto`, `light` or `dark`, as it stands in `data-theme`.
    pub theme: &'static str,
    /// Whether single-key shortcuts are on (WCAG 2.1.4: they can be switched off).
    pub single_keys: bool,
}

impl Default for Look {
    /// A look for the places no shell reaches: Japanese, UTC, at the epoch.
    fn default() -> Self {
        Self { locale: Locale::Ja, zone: Zone::utc(), now_ms: 0, theme: "auto", single_keys: true }
    }
}

impl Look {
    /// The words of the components themselves, in this look's language.
    #[must_use]
    pub fn words(&self) -> &'static Words {
        words::words(self.locale)
    }
}

/// Where the reader is, as path and query; the shell provides it.
#[derive(Clone, Copy, Debug)]
pub struct Here(pub Signal<String>);

/// Where the reader is now; outside of any shell at the root.
#[must_use]
pub fn use_here() -> String {
    use_context::<Here>().map_or_else(|| "/".to_owned(), |here| here.0.get_untracked())
}

/// The look the shell provided; outside of any shell the default one, so that an error screen never fails for want of it.
#[must_use]
pub fn use_look() -> Look {
    use_context::<Look>().unwrap_or_default()
}
