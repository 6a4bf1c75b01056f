//! What became of an answer to an alert, as one word in the address that leads back to where it was given (`?done=`). The server writes it
//! and the screen there says it, with the way back where there is one.

use model::ids::AlertId;

/// What was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    /// The reader has it now, and may take that back.
    Taken(AlertId),
    /// Somebody had it before, and keeps it.
    Held(AlertId),
    GivenBack,
    /// It was no longer the reader's, so nothing was changed.
    NotYours,
    /// The reader has it for another time.
    Prolonged,
    Commented,
    Resolved,
}

/// Those that name no alert.
const PLAIN: [(Told, &str); 5] = [
    (Told::GivenBack, "alert-given-back"),
    (Told::NotYours, "alert-not-yours"),
    (Told::Prolonged, "alert-prolonged"),
    (Told::Commented, "alert-commented"),
    (Told::Resolved, "alert-resolved"),
];
const TAKEN: &str = "alert-taken.";
const HELD: &str = "alert-held.";

impl Told {
    /// As it stands in an address. Nothing in it needs an escape.
    #[must_use]
    pub fn word(self) -> String {
        match self {
            Self::Taken(id) => format!("{TAKEN}{id}"),
            Self::Held(id) => format!("{HELD}{id}"),
            other => PLAIN.iter().find(|(told, _)| *told == other).map(|(_, word)| (*word).to_owned()).unwrap_or_default(),
        }
    }

    /// What a word of an address says, if it is one of these.
    #[must_use]
    pub fn of(word: &str) -> Option<Self> {
        let about = |begin: &str| word.strip_prefix(begin).and_then(|id| id.parse::<AlertId>().ok());
        let plain = || PLAIN.iter().find(|(_, known)| *known == word).map(|(told, _)| *told);
        about(TAKEN).map(Self::Taken).or_else(|| about(HELD).map(Self::Held)).or_else(plain)
    }
}

#[cfg(test)]
mod tests {
    use super::{PLAIN, Told};
    use model::ids::AlertId;

    #[test]
    fn every_word_is_read_as_it_was_written() {
        assert_eq!(Told::Taken(AlertId(7)).word(), "alert-taken.A-7");
        let named = [Told::Taken(AlertId(7)), Told::Held(AlertId(8))];
        for told in named.into_iter().chain(PLAIN.map(|(told, _)| told)) {
            assert_eq!(Told::of(&told.word()), Some(told), "{told:?}");
        }
        for odd in ["", "taken", "alert-taken.", "alert-taken.<b>", "alert-resolved."] {
            assert_eq!(Told::of(odd), None, "{odd}");
        }
    }
}
