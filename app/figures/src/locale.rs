//! The two languages of the product.

use serde::{Deserialize, Serialize};

/// The language a screen is written in. Japanese is the first one, hence the default.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Locale {
    #[default]
    Ja,
    En,
}

impl Locale {
    /// The tag for `lang` attributes, cookies and query strings: `ja` or `en`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Locale::Ja => "ja",
            Locale::En => "en",
        }
    }

    /// Reads a language tag by its primary subtag (RFC 5646 section 2.1), so `en-GB` and `JA` are understood.
    /// Any other language is `None`: the caller knows what to fall back to.
    #[must_use]
    pub fn from_tag(tag: &str) -> Option<Locale> {
        let primary = tag.trim().split(['-', '_']).next().unwrap_or("");
        if primary.eq_ignore_ascii_case("ja") {
            Some(Locale::Ja)
        } else if primary.eq_ignore_ascii_case("en") {
            Some(Locale::En)
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_read_by_their_primary_subtag() {
        for (tag, expected) in [
            ("ja", Some(Locale::Ja)),
            ("ja-JP", Some(Locale::Ja)),
            (" EN_us ", Some(Locale::En)),
            ("en", Some(Locale::En)),
            ("jav", None),
            ("", None),
        ] {
            assert_eq!(Locale::from_tag(tag), expected, "{tag:?}");
        }
    }

    #[test]
    fn the_tag_survives_a_round_trip() {
        for locale in [Locale::Ja, Locale::En] {
            assert_eq!(Locale::from_tag(locale.as_str()), Some(locale));
            assert_eq!(serde_json::to_string(&locale).unwrap(), format!("{:?}", locale.as_str()));
        }
    }
}
