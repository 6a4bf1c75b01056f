//! Who is looking, and how they want to see it. Established by the server before the first render, so that the browser renders the same.

use figures::{Locale, Zone};
use model::ids::PersonId;
use model::theme::Theme;
use model::{Role, Time};
use serde::{Deserialize, Serialize};

/// Everything a first render may depend on besides data.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Viewer {
    pub locale: Locale,
    pub zone: Zone,
    pub theme: Theme,
    /// The server's time at rendering.
    pub now: Time,
    /// `None` on the screens of strangers.
    pub person: Option<ViewerPerson>,
    pub organisation: String,
    /// Whether the window is narrow, as far as the server was told (a cookie); decides only how large charts are at first, and what is folded.
    pub narrow: bool,
    /// Single-key shortcuts may be switched off (WCAG 2.1.4).
    pub shortcuts: bool,
    /// The newest Fact before the screen's data were read: the live stream goes on from there. Empty where there is none.
    #[serde(default)]
    pub cursor: String,
}

/// The signed-in person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ViewerPerson {
    pub id: PersonId,
    pub name: String,
    pub email: String,
    pub role: Role,
}

impl Viewer {
    /// A stranger at `now`, in Japanese and JST, with nothing chosen.
    #[must_use]
    pub fn stranger(now: Time) -> Self {
        Self {
            locale: Locale::Ja,
            zone: Zone::utc(),
            theme: Theme::Auto,
            now,
            person: None,
            organisation: String::new(),
            narrow: false,
            shortcuts: true,
            cursor: String::new(),
        }
    }

    /// Whether the person has at least `role`.
    #[must_use]
    pub fn may(&self, role: Role) -> bool {
        self.person.as_ref().is_some_and(|person| person.role >= role)
    }
}
