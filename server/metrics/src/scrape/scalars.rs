//! Words of the configuration that mean more than text: each knows how it is written, so that an error names its line and column.

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use promql::numbers::{format_duration, parse_duration_ms};
use regex::Regex;
use serde::de::{Deserialize, Deserializer, Visitor};

use crate::matchers::anchored;

/// What can be read from one word of YAML.
trait FromWord: Sized {
    /// What should be written, for the message when something else is.
    const EXPECTED: &'static str;

    fn from_word(word: &str) -> Result<Self, String>;
}

struct WordVisitor<T>(PhantomData<T>);

impl<T: FromWord> Visitor<'_> for WordVisitor<T> {
    type Value = T;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(T::EXPECTED)
    }

    fn visit_str<E: serde::de::Error>(self, word: &str) -> Result<T, E> {
        T::from_word(word).map_err(|why| E::custom(format!("{word:?}: {why}, expected {}", T::EXPECTED)))
    }
}

/// A duration such as `1m30s`, longer than nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Interval {
    /// Milliseconds.
    pub ms: i64,
}

impl Interval {
    pub(super) const fn seconds(seconds: i64) -> Self {
        Self { ms: seconds * 1_000 }
    }

    /// As it is written in the configuration.
    pub(super) fn parse(word: &str) -> Result<Self, String> {
        Self::from_word(word)
    }
}

impl fmt::Display for Interval {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&format_duration(self.ms.unsigned_abs()))
    }
}

impl FromWord for Interval {
    const EXPECTED: &'static str = "a duration such as 15s or 1m30s";

    fn from_word(word: &str) -> Result<Self, String> {
        let ms: u64 = parse_duration_ms(word).map_err(str::to_owned)?;
        match i64::try_from(ms) {
            Ok(ms) if ms > 0 => Ok(Self { ms }),
            _ => Err("a duration of nothing".to_owned()),
        }
    }
}

/// A number of bytes such as `10MB`; units are powers of 1,024, as in Prometheus.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bytes(pub u64);

impl FromWord for Bytes {
    const EXPECTED: &'static str = "a number of bytes such as 512KB or 10MB";

    fn from_word(word: &str) -> Result<Self, String> {
        let digits: usize = word.bytes().take_while(u8::is_ascii_digit).count();
        let count: u64 = word[..digits].parse().map_err(|_| "not a whole number".to_owned())?;
        let unit: u64 = match &word[digits..] {
            "" | "B" => 1,
            "KB" | "KiB" => 1 << 10,
            "MB" | "MiB" => 1 << 20,
            "GB" | "GiB" => 1 << 30,
            _ => return Err("an unknown unit".to_owned()),
        };
        count.checked_mul(unit).map(Self).ok_or_else(|| "too many bytes".to_owned())
    }
}

/// What a pattern may take, compiled: operators write long lists of names. The default of the crate.
const MOST_PATTERN_BYTES: usize = 10 << 20;

/// A regular expression, anchored at both ends; its dot matches a newline.
#[derive(Clone, Debug)]
pub struct Pattern(pub(super) Arc<Regex>);

impl FromWord for Pattern {
    const EXPECTED: &'static str = "a regular expression";

    fn from_word(word: &str) -> Result<Self, String> {
        let regex: Regex = anchored(word, MOST_PATTERN_BYTES).map_err(|error| error.to_string())?;
        Ok(Self(Arc::new(regex)))
    }
}

impl Pattern {
    /// What stands there when nothing is written: everything, captured.
    pub(super) fn anything() -> Self {
        Self::from_word("(.*)").expect("the pattern is written here")
    }
}

/// A text that is sent, never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(pub(super) String);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl FromWord for Secret {
    const EXPECTED: &'static str = "a text";

    fn from_word(word: &str) -> Result<Self, String> {
        Ok(Self(word.to_owned()))
    }
}

impl<'de> Deserialize<'de> for Interval {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(WordVisitor::<Self>(PhantomData))
    }
}

impl<'de> Deserialize<'de> for Bytes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(WordVisitor::<Self>(PhantomData))
    }
}

impl<'de> Deserialize<'de> for Pattern {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(WordVisitor::<Self>(PhantomData))
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(WordVisitor::<Self>(PhantomData))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_and_sizes_are_read_as_prometheus_reads_them() {
        assert_eq!(Interval::parse("1m30s"), Ok(Interval { ms: 90_000 }));
        assert_eq!(Interval::seconds(90).to_string(), "1m30s");
        for word in ["", "0s", "15", "1s1m", "-1s", "300y"] {
            assert!(Interval::parse(word).is_err(), "{word:?}");
        }
        let table = [("0", 0), ("17", 17), ("1B", 1), ("2KB", 2_048), ("10MB", 10 << 20), ("1GiB", 1 << 30)];
        for (word, bytes) in table {
            assert_eq!(Bytes::from_word(word), Ok(Bytes(bytes)), "{word}");
        }
        for word in ["", "MB", "1.5MB", "1TB", "-1", "99999999999999999999", "99999999999GB"] {
            assert!(Bytes::from_word(word).is_err(), "{word:?}");
        }
    }

    #[test]
    fn a_secret_is_not_shown() {
        assert!(!format!("{:?}", Secret("hunter2".to_owned())).contains("hunter2"));
    }
}
