//! What a number measures.

use serde::{Deserialize, Serialize};

/// The unit a series, a limit or a gauge is measured in. Values are always stored in the base unit named
/// here (bytes, not mebibytes); prefixes appear only when a value is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// A bare number.
    #[default]
    None,
    /// Already multiplied: 83.0 is 83 %.
    Percent,
    /// Bytes, written with IEC prefixes (KiB, MiB).
    Bytes,
    /// Bytes per second, written with IEC prefixes.
    BytesPerSecond,
    /// Bits per second, written with SI prefixes, as networks are sold.
    BitsPerSecond,
    Seconds,
    Milliseconds,
    /// Things per second: requests, queries.
    PerSecond,
    /// A number of things.
    Count,
}

impl Unit {
    /// Every unit, in the order an editor offers them.
    pub const ALL: [Unit; 9] = [
        Unit::None,
        Unit::Percent,
        Unit::Bytes,
        Unit::BytesPerSecond,
        Unit::BitsPerSecond,
        Unit::Seconds,
        Unit::Milliseconds,
        Unit::PerSecond,
        Unit::Count,
    ];

    /// The word in documents and columns, equal to the serialised form: `bytes_per_second`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Unit::None => "none",
            Unit::Percent => "percent",
            Unit::Bytes => "bytes",
            Unit::BytesPerSecond => "bytes_per_second",
            Unit::BitsPerSecond => "bits_per_second",
            Unit::Seconds => "seconds",
            Unit::Milliseconds => "milliseconds",
            Unit::PerSecond => "per_second",
            Unit::Count => "count",
        }
    }

    /// Reads what [`Unit::as_str`] wrote.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Unit> {
        Unit::ALL.into_iter().find(|unit| unit.as_str() == word)
    }

    /// The symbol of the base unit, as it stands once above a value axis whose ticks carry only prefixes.
    /// Empty for bare numbers and counts.
    #[must_use]
    pub fn symbol(self) -> &'static str {
        match self {
            Unit::None | Unit::Count => "",
            Unit::Percent => "%",
            Unit::Bytes => "B",
            Unit::BytesPerSecond => "B/s",
            Unit::BitsPerSecond => "bit/s",
            Unit::Seconds => "s",
            Unit::Milliseconds => "ms",
            Unit::PerSecond => "/s",
        }
    }

    /// Whether prefixes step by 1,024 rather than 1,000 (IEC 80000-13).
    #[must_use]
    pub fn is_binary(self) -> bool {
        matches!(self, Unit::Bytes | Unit::BytesPerSecond)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_equal_the_serialised_form_and_read_back() {
        for unit in Unit::ALL {
            assert_eq!(serde_json::to_string(&unit).unwrap(), format!("{:?}", unit.as_str()));
            assert_eq!(Unit::from_word(unit.as_str()), Some(unit));
        }
        assert_eq!(Unit::from_word("furlongs"), None);
    }
}
