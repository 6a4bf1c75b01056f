//! What the browser's module begins with. The server writes it on the frame, so that the first moment in the browser has the server's clock,
//! zone and language.

use api::Viewer;
use api::wire::{packed_text, unpacked_text};
use figures::{Locale, Zone};
use model::Time;
use serde::{Deserialize, Serialize};

/// Where it stands.
pub const ATTRIBUTE: &str = "data-opening";

/// What the server knew as it drew the screen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opening {
    pub locale: Locale,
    pub zone: Zone,
    pub now: Time,
    /// The newest Fact before the screen's data were read: the live stream goes on from there.
    pub cursor: String,
}

impl Opening {
    /// For whoever looks.
    pub fn of(viewer: &Viewer) -> Self {
        let Viewer { locale, zone, now, cursor, .. } = viewer.clone();
        Self { locale, zone, now, cursor }
    }

    /// As an attribute.
    pub fn written(&self) -> String {
        packed_text(self)
    }

    /// Of an attribute. `None` where it is that of another build.
    pub fn read(text: &str) -> Option<Self> {
        unpacked_text(text)
    }
}

#[cfg(test)]
mod tests {
    use super::Opening;
    use api::Viewer;
    use model::Time;

    #[test]
    fn what_the_server_knew_is_what_the_browser_reads() {
        let opening = Opening::of(&Viewer { cursor: "17.4".to_owned(), ..Viewer::stranger(Time(1_000)) });
        assert_eq!(Opening::read(&opening.written()), Some(opening));
        assert_eq!(Opening::read("nonsense"), None);
    }
}
