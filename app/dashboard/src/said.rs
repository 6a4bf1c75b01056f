//! Words of the author, in one language or both.

use figures::Locale;
use serde::{Deserialize, Serialize};

/// A title or a description. Written as one string it is the same in both languages; as `{ ja: …, en: … }` each has its own.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    pub ja: String,
    pub en: String,
}

impl Said {
    /// The same in both languages.
    #[must_use]
    pub fn same(text: &str) -> Self {
        Self { ja: text.to_owned(), en: text.to_owned() }
    }

    /// In the reader's language, or in the other one where the author wrote only that.
    #[must_use]
    pub fn read(&self, locale: Locale) -> &str {
        let (first, second) = match locale {
            Locale::Ja => (&self.ja, &self.en),
            Locale::En => (&self.en, &self.ja),
        };
        if first.is_empty() { second } else { first }
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ja.is_empty() && self.en.is_empty()
    }
}
