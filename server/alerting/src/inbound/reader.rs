//! JSON as senders write it, read so that whatever is wrong is told with its field.

use super::Wrong;
use chrono::{DateTime, Utc};
use model::Time;
use model::labels::Labels;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fmt::{self, Write as _};

/// Nobody's alert is deeper; who nests deeper wants the reader's stack.
pub(super) const MOST_DEEP: usize = 32;
/// Labels and annotations of one alert, and how long they may be, in characters. What is beyond is cut.
const MOST_LABELS: usize = 64;
const MAX_NAME: usize = 200;
const MAX_VALUE: usize = 1_000;
const MAX_ANNOTATION: usize = 4_000;
/// A sentence, and what an alert is called.
pub(super) const MAX_SUMMARY: usize = 1_024;
pub(super) const MAX_TITLE: usize = 200;
const MAX_URL: usize = 2_000;
/// Bytes of one value as a word, whatever it holds: as many as the longest annotation may have. A mapping may name the whole body in
/// each of ten thousand alerts.
pub(super) const MAX_WORD: usize = 16 * 1024;

/// A body.
pub(super) fn read(bytes: &[u8]) -> Result<Value, Wrong> {
    if depth(bytes) > MOST_DEEP {
        return Err(Wrong::new("body", "JSON that is nested at most 32 deep"));
    }
    serde_json::from_slice(bytes).map_err(|error| Wrong::new("body", &format!("JSON ({error})")))
}

/// How deep the brackets go, whatever stands between them.
fn depth(bytes: &[u8]) -> usize {
    let (mut now, mut most): (usize, usize) = (0, 0);
    let (mut in_text, mut escaped): (bool, bool) = (false, false);
    for byte in bytes {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_text => escaped = true,
            b'"' => in_text = !in_text,
            b'{' | b'[' if !in_text => {
                now += 1;
                most = most.max(now);
            }
            b'}' | b']' if !in_text => now = now.saturating_sub(1),
            _ => {}
        }
    }
    most
}

/// A text as it can be stored: without blanks around it and without NUL, which Postgres has no place for; cut to `most` characters.
pub(super) fn clean(text: &str, most: usize) -> String {
    text.trim().chars().filter(|character| *character != '\0').take(most).collect()
}

/// Labels without more than is kept.
pub(super) fn labels<'a>(pairs: impl IntoIterator<Item = (&'a str, String)>) -> Labels {
    let mut labels: Labels = Labels::default();
    for (name, value) in pairs {
        let name: String = clean(name, MAX_NAME);
        if !name.is_empty() && (labels.len() < MOST_LABELS || !labels.get(&name).is_empty()) {
            labels.set(name, clean(&value, MAX_VALUE));
        }
    }
    labels
}

/// Annotations without more than is kept.
pub(super) fn annotations<'a>(pairs: impl IntoIterator<Item = (&'a str, String)>) -> BTreeMap<String, String> {
    let kept = pairs.into_iter().map(|(name, value)| (clean(name, MAX_NAME), clean(&value, MAX_ANNOTATION)));
    kept.filter(|(name, value)| !name.is_empty() && !value.is_empty()).take(MOST_LABELS).collect()
}

/// An address that a browser may be sent to; nothing for any other.
pub(super) fn url(text: &str) -> Option<String> {
    let text: String = clean(text, MAX_URL);
    let lower: String = text.get(..8).unwrap_or(&text).to_ascii_lowercase();
    let is_web: bool = lower.starts_with("http://") || lower.starts_with("https://");
    (is_web && !text.chars().any(|character| character.is_control() || character.is_whitespace())).then_some(text)
}

/// A moment as RFC 3339 writes it; nothing for what can't be read, and for the zero time of Go (`0001-01-01T00:00:00Z`).
pub(super) fn time(text: &str) -> Option<Time> {
    let at: DateTime<Utc> = DateTime::parse_from_rfc3339(text.trim()).ok()?.with_timezone(&Utc);
    (at.timestamp() > 0).then(|| Time::from_utc(at))
}

/// A value as a word in a label or a sentence: texts as they are, nothing for null, everything else as JSON; cut to [`MAX_WORD`].
pub(super) fn word(value: &Value) -> String {
    let mut word = Cut(String::new());
    // It fails when there is no room left, and what is beyond is cut.
    let _ = match value {
        Value::String(text) => word.write_str(text),
        Value::Null => Ok(()),
        other => write!(word, "{other}"),
    };
    word.0
}

/// A text that takes no more than [`MAX_WORD`].
struct Cut(String);

impl fmt::Write for Cut {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let room: usize = MAX_WORD.saturating_sub(self.0.len());
        if text.len() <= room {
            self.0.push_str(text);
            return Ok(());
        }
        let end: usize = (0..=room).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
        self.0.push_str(&text[..end]);
        Err(fmt::Error)
    }
}

/// A digest of labels in hexadecimal, for alerts that come without a key.
pub(super) fn fingerprint(labels: &Labels) -> String {
    let mut digest = Sha256::new();
    for (name, value) in labels.iter() {
        digest.update(name.as_bytes());
        digest.update([0_u8]);
        digest.update(value.as_bytes());
        digest.update([0_u8]);
    }
    let mut text: String = String::with_capacity(64);
    for byte in digest.finalize() {
        // Writing to a String can't fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// An object, asked by name.
#[derive(Clone, Copy)]
pub(super) struct Item<'a>(&'a Map<String, Value>);

impl<'a> Item<'a> {
    /// `value`, which stands in `field`.
    pub(super) fn of(value: &'a Value, field: &str) -> Result<Self, Wrong> {
        value.as_object().map(Self).ok_or_else(|| Wrong::new(field, "an object"))
    }

    /// An object in it; `None` when it is absent or null.
    pub(super) fn item(self, name: &str) -> Result<Option<Self>, Wrong> {
        match self.0.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(value) => Self::of(value, name).map(Some),
        }
    }

    /// A text; `None` when it is absent, null or blank. Numbers and truth values count as texts.
    pub(super) fn text(self, name: &str) -> Result<Option<String>, Wrong> {
        match self.0.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::Array(_) | Value::Object(_)) => Err(Wrong::new(name, "a text")),
            Some(value) => Ok(Some(word(value)).filter(|text| !text.trim().is_empty())),
        }
    }

    /// A text that must be there.
    pub(super) fn required(self, name: &str, expected: &str) -> Result<String, Wrong> {
        self.text(name)?.ok_or_else(|| Wrong::new(name, expected))
    }

    /// A list that must be there.
    pub(super) fn items(self, name: &str) -> Result<&'a [Value], Wrong> {
        self.0.get(name).and_then(Value::as_array).map(Vec::as_slice).ok_or_else(|| Wrong::new(name, "a list"))
    }

    /// A list; empty when it is absent or something else.
    pub(super) fn items_if_any(self, name: &str) -> &'a [Value] {
        self.0.get(name).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
    }

    /// The members of an object in it, as words; none when it is absent or null.
    pub(super) fn words(self, name: &str) -> Result<Vec<(&'a str, String)>, Wrong> {
        match self.0.get(name) {
            None | Some(Value::Null) => Ok(Vec::new()),
            Some(Value::Object(object)) => Ok(object.iter().map(|(name, value)| (name.as_str(), word(value))).collect()),
            Some(_) => Err(Wrong::new(name, "an object of texts")),
        }
    }

    /// The same, but it must be there.
    pub(super) fn required_words(self, name: &str) -> Result<Vec<(&'a str, String)>, Wrong> {
        match self.0.get(name) {
            Some(Value::Object(_)) => self.words(name),
            _ => Err(Wrong::new(name, "an object of texts")),
        }
    }

    /// A moment, as far as one can be read.
    pub(super) fn time(self, name: &str) -> Option<Time> {
        self.0.get(name).and_then(Value::as_str).and_then(time)
    }

    /// An address, as far as it is one.
    pub(super) fn url(self, name: &str) -> Option<String> {
        self.0.get(name).and_then(Value::as_str).and_then(url)
    }
}

#[cfg(test)]
mod tests {
    use super::{MAX_WORD, clean, depth, fingerprint, labels, read, time, url, word};
    use crate::inbound::Wrong;
    use model::Time;
    use model::labels::Labels;
    use serde_json::{Value, json};

    #[test]
    fn depth_is_counted_outside_of_texts() {
        for (text, expected) in [
            ("", 0),
            ("[]", 1),
            (r#"{"a": [1, {"b": []}]}"#, 4),
            (r#"{"a": "[[[["}"#, 1),
            (r#"{"a": "\"[[", "b": []}"#, 2),
            ("]]]][", 1),
        ] {
            assert_eq!(depth(text.as_bytes()), expected, "{text}");
        }
    }

    #[test]
    fn what_is_too_deep_or_no_json_is_refused() {
        let deep: String = format!("{}{}", "[".repeat(33), "]".repeat(33));
        assert_eq!(read(deep.as_bytes()), Err(Wrong::new("body", "JSON that is nested at most 32 deep")));
        assert!(read(format!("{}{}", "[".repeat(32), "]".repeat(32)).as_bytes()).is_ok());
        let refused: Wrong = read(b"{\"a\": }").unwrap_err();
        assert!(refused.to_string().starts_with("body: expected JSON (expected value at line 1"), "{refused}");
    }

    #[test]
    fn texts_are_made_storable() {
        assert_eq!(clean(" a\0b ", 10), "ab");
        assert_eq!(clean("見守り", 2), "見守");
        let many = (0..100).map(|n| (["x", "y"][n % 2], format!("{n}")));
        assert_eq!(labels(many), Labels::new([("x", "98"), ("y", "99")]));
    }

    #[test]
    fn a_word_is_cut_whatever_it_is_made_of() {
        let large: String = "見".repeat(MAX_WORD);
        assert_eq!(word(&Value::from(large.clone())).len(), MAX_WORD - MAX_WORD % 3);
        let inside: String = word(&json!({ "a": [1, large] }));
        assert!(
            inside.starts_with("{\"a\":[1,\"見") && inside.len() <= MAX_WORD && inside.len() > MAX_WORD - 3,
            "{}",
            inside.len()
        );
        assert_eq!(word(&json!({ "a": [1, null] })), "{\"a\":[1,null]}");
    }

    #[test]
    fn only_the_web_is_linked_to() {
        for (text, expected) in [
            ("https://mon.example.jp/d/1?x=y", true),
            ("HTTP://mon.example.jp", true),
            ("javascript:alert(1)", false),
            ("//mon.example.jp", false),
            ("https://mon.example.jp/a b", false),
            ("", false),
            ("é", false),
        ] {
            assert_eq!(url(text).is_some(), expected, "{text}");
        }
    }

    #[test]
    fn the_zero_time_is_none() {
        for (text, expected) in [
            ("2026-11-22T05:06:07.5Z", Some(Time(1_795_323_967_500))),
            ("2026-11-22T14:06:07.500+09:00", Some(Time(1_795_323_967_500))),
            ("0001-01-01T00:00:00Z", None),
            ("yesterday", None),
            ("", None),
        ] {
            assert_eq!(time(text), expected, "{text}");
        }
    }

    #[test]
    fn other_labels_have_another_fingerprint() {
        let one: String = fingerprint(&Labels::new([("a", "b"), ("c", "d")]));
        assert_eq!(one.len(), 64);
        assert_eq!(one, fingerprint(&Labels::new([("c", "d"), ("a", "b")])));
        assert_ne!(one, fingerprint(&Labels::new([("a", "bc"), ("d", "")])));
    }
}
