//! How the screen stands to the server.

use crate::words::Words;
use ui::icon::IconName;

/// The state of the line. Sign and word are the state, never the act.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Line {
    Live,
    Paused,
    /// The line is lost and is being sought.
    Lost,
    /// Before the first connection (and for good, without script) the screen is what it was when it was loaded.
    AsLoaded,
}

impl Line {
    pub const ALL: [Self; 4] = [Self::Live, Self::Paused, Self::Lost, Self::AsLoaded];

    /// A pause is no loss.
    pub fn of(is_paused: bool, is_connected: bool, is_lost: bool) -> Self {
        match (is_paused, is_connected, is_lost) {
            (true, _, _) => Self::Paused,
            (false, true, _) => Self::Live,
            (false, false, true) => Self::Lost,
            (false, false, false) => Self::AsLoaded,
        }
    }

    /// What `public/frame.js` knows it by.
    pub fn code(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::Paused => "paused",
            Self::Lost => "lost",
            Self::AsLoaded => "loaded",
        }
    }

    pub fn word(self, words: &Words) -> &'static str {
        match self {
            Self::Live => words.live,
            Self::Paused => words.paused,
            Self::Lost => words.silent,
            Self::AsLoaded => words.as_loaded,
        }
    }

    pub fn icon(self) -> IconName {
        match self {
            Self::Live => IconName::Pulse,
            Self::Paused => IconName::Pause,
            Self::Lost => IconName::Offline,
            Self::AsLoaded => IconName::StateWait,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Line;
    use crate::words::EN;

    #[test]
    fn the_sign_says_the_state_and_a_pause_is_no_loss() {
        for (paused, connected, lost, expected) in [
            (false, false, false, Line::AsLoaded),
            (false, true, false, Line::Live),
            (false, false, true, Line::Lost),
            (true, false, false, Line::Paused),
            (true, false, true, Line::Paused),
        ] {
            assert_eq!(Line::of(paused, connected, lost), expected);
        }
        assert_eq!([Line::Live, Line::Paused].map(|line| line.word(&EN)), ["Live", "Paused"]);
    }
}
