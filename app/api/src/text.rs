//! Words that came from the customer in both languages.

use figures::Locale;
use serde::{Deserialize, Serialize};

/// The same sentence in Japanese and English, as a rule's author wrote it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Text {
    pub ja: String,
    pub en: String,
}

impl Text {
    /// In the reader's language, or in the other one where the author wrote only that.
    #[must_use]
    pub fn read(&self, locale: Locale) -> &str {
        let (first, second) = match locale {
            Locale::Ja => (&self.ja, &self.en),
            Locale::En => (&self.en, &self.ja),
        };
        if first.is_empty() { second } else { first }
    }
}
