//! What a form did, in the address of the screen that it comes back to: `?done=alert_acknowledge.A-12`, the call and what came of it where
//! that matters. An act that leads to a screen of its own is told there in words of that screen.

/// What was done, as an address says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// The last part of the call's path.
    pub call: String,
    /// What came of it; empty where nothing more is to be said.
    pub of: String,
}

impl Told {
    /// What `call` did.
    #[must_use]
    pub fn new(call: &str, of: impl Into<String>) -> Self {
        let call: &str = call.rsplit('/').next().unwrap_or_default();
        Self { call: call.to_owned(), of: of.into() }
    }

    /// As it stands in an address.
    #[must_use]
    pub fn word(&self) -> String {
        if self.of.is_empty() { self.call.clone() } else { format!("{}.{}", self.call, self.of) }
    }

    /// Back from there.
    #[must_use]
    pub fn read(word: &str) -> Self {
        let (call, of) = word.split_once('.').unwrap_or((word, ""));
        Self { call: call.to_owned(), of: of.to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use super::Told;

    #[test]
    fn what_was_done_comes_through_an_address() {
        for (told, word) in [
            (Told::new("/call/alert_acknowledge", "A-12"), "alert_acknowledge.A-12"),
            (Told::new("/call/alert_comment", ""), "alert_comment"),
        ] {
            assert_eq!(told.word(), word);
            assert_eq!(Told::read(word), told);
        }
    }
}
