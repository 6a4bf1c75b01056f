//! Labels as bytes: the canonical form by which a series is compared, hashed and stored.
//!
//! Per label, sorted by name: length (LEB128) and bytes of the name, then of the value. Equal label sets have equal bytes.

use std::cmp::Ordering;

use model::labels::{Labels, METRIC_NAME};

use crate::wire::{Reader, put_uvarint};

/// The label by which Prometheus tells groups of targets apart.
const JOB: &str = "job";

/// Appends one label. The caller keeps the order.
pub(crate) fn push(out: &mut Vec<u8>, name: &[u8], value: &[u8]) {
    put_uvarint(out, name.len() as u64);
    out.extend_from_slice(name);
    put_uvarint(out, value.len() as u64);
    out.extend_from_slice(value);
}

/// The labels of a canonical form, in order. Ends early where the bytes are damaged; [`is_sound`] tells.
pub(crate) fn pairs(canonical: &[u8]) -> Pairs<'_> {
    Pairs { reader: Reader::new(canonical), is_damaged: false }
}

/// See [`pairs`].
pub(crate) struct Pairs<'a> {
    reader: Reader<'a>,
    /// Whether the bytes ended inside a label, or were not UTF-8.
    is_damaged: bool,
}

impl<'a> Pairs<'a> {
    fn pair(&mut self) -> Option<(&'a str, &'a str)> {
        let name: &str = std::str::from_utf8(self.reader.delimited()?).ok()?;
        let value: &str = std::str::from_utf8(self.reader.delimited()?).ok()?;
        Some((name, value))
    }
}

impl<'a> Iterator for Pairs<'a> {
    type Item = (&'a str, &'a str);

    fn next(&mut self) -> Option<Self::Item> {
        if self.is_damaged || self.reader.is_empty() {
            return None;
        }
        let pair: Option<(&str, &str)> = self.pair();
        self.is_damaged = pair.is_none();
        pair
    }
}

/// Whether the bytes are a canonical form from the first to the last.
pub(crate) fn is_sound(canonical: &[u8]) -> bool {
    let mut all: Pairs<'_> = pairs(canonical);
    let mut last: &str = "";
    for (name, value) in &mut all {
        if name <= last || value.is_empty() {
            return false;
        }
        last = name;
    }
    !all.is_damaged && !canonical.is_empty()
}

/// The value of one label, `""` when it is absent: the two mean the same.
pub(crate) fn get<'a>(canonical: &'a [u8], name: &str) -> &'a str {
    pairs(canonical).find(|(have, _)| *have == name).map_or("", |(_, value)| value)
}

/// The order in which series lie in chunks: by metric, then by job, then by all labels. Most questions ask for one job, and then what they
/// read lies side by side.
pub(crate) fn by_place(left: &[u8], right: &[u8]) -> Ordering {
    let key = |labels| (get(labels, METRIC_NAME), get(labels, JOB));
    key(left).cmp(&key(right)).then_with(|| left.cmp(right))
}

/// As the rest of the house knows them.
pub(crate) fn to_labels(canonical: &[u8]) -> Labels {
    Labels::new(pairs(canonical))
}

/// For messages to people: `cpu{mode="idle"}`, shortened.
pub(crate) fn describe(canonical: &[u8]) -> String {
    const LONGEST: usize = 200;
    let text: String = to_labels(canonical).to_string();
    if text.chars().count() <= LONGEST {
        return text;
    }
    let mut short: String = text.chars().take(LONGEST).collect();
    short.push('…');
    short
}

/// What labels may look like; beyond that a sample is refused.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LabelLimits {
    pub(crate) count: usize,
    pub(crate) name_bytes: usize,
    pub(crate) value_bytes: usize,
}

/// Why a set of labels was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum BadLabels {
    Unsorted,
    Empty,
    NoName,
    NotUtf8,
    TooMany,
    TooLong,
}

/// Checks `labels` as the remote write specification and our limits demand, and writes their canonical form into `out`.
///
/// Sorted by name, unique, no empty name or value, `__name__` present, UTF-8. Source: "Prometheus Remote-Write 1.0", Labels.
pub(crate) fn canonical<'a>(
    labels: impl Iterator<Item = (&'a [u8], &'a [u8])>,
    limits: LabelLimits,
    out: &mut Vec<u8>,
) -> Result<(), BadLabels> {
    out.clear();
    let mut last: &[u8] = b"";
    let mut named: bool = false;
    for (count, (name, value)) in labels.enumerate() {
        check(name, value, limits)?;
        if count >= limits.count {
            return Err(BadLabels::TooMany);
        }
        if count > 0 && name <= last {
            return Err(BadLabels::Unsorted);
        }
        named |= name == METRIC_NAME.as_bytes();
        push(out, name, value);
        last = name;
    }
    if named { Ok(()) } else { Err(BadLabels::NoName) }
}

fn check(name: &[u8], value: &[u8], limits: LabelLimits) -> Result<(), BadLabels> {
    if name.is_empty() || value.is_empty() {
        return Err(BadLabels::Empty);
    }
    if name.len() > limits.name_bytes || value.len() > limits.value_bytes {
        return Err(BadLabels::TooLong);
    }
    if std::str::from_utf8(name).is_err() || std::str::from_utf8(value).is_err() {
        return Err(BadLabels::NotUtf8);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: LabelLimits = LabelLimits { count: 3, name_bytes: 10, value_bytes: 10 };

    fn form(labels: &[(&str, &str)]) -> Result<Vec<u8>, BadLabels> {
        let mut out: Vec<u8> = Vec::new();
        let bytes = labels.iter().map(|(name, value)| (name.as_bytes(), value.as_bytes()));
        canonical(bytes, LIMITS, &mut out)?;
        Ok(out)
    }

    #[test]
    fn labels_come_back_in_order() {
        let bytes: Vec<u8> = form(&[("__name__", "up"), ("job", "a")]).unwrap();
        assert!(is_sound(&bytes));
        assert_eq!(get(&bytes, "job"), "a");
        assert_eq!(get(&bytes, "absent"), "");
        assert_eq!(to_labels(&bytes).metric(), "up");
        assert!(!is_sound(&bytes[..bytes.len() - 1]));
    }

    #[test]
    fn each_rule_refuses() {
        assert_eq!(form(&[("job", "a")]), Err(BadLabels::NoName));
        assert_eq!(form(&[]), Err(BadLabels::NoName));
        assert_eq!(form(&[("b", "1"), ("__name__", "up")]), Err(BadLabels::Unsorted));
        assert_eq!(form(&[("__name__", "up"), ("a", "1"), ("a", "2")]), Err(BadLabels::Unsorted));
        assert_eq!(form(&[("__name__", "up"), ("a", "")]), Err(BadLabels::Empty));
        assert_eq!(form(&[("__name__", "elevenbytes")]), Err(BadLabels::TooLong));
        assert_eq!(form(&[("__name__", "u"), ("a", "1"), ("b", "1"), ("c", "1")]), Err(BadLabels::TooMany));
    }
}
