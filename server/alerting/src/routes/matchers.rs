//! Matchers of labels, written and meant as Alertmanager does: `host="app-01"`, `severity=~"P0|P1"`, `team!=web`.
//!
//! A regular expression is anchored at both ends (prometheus/alertmanager `pkg/labels/matcher.go`: `^(?:…)$`). An absent label has the
//! value `""`, so `team!="web"` also takes what has no team.

use crate::rules::template::is_label_name;
use model::labels::Labels;
use regex::{Regex, RegexBuilder};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// Longer values are a mistake; the longest label seen in the wild is a URL.
pub const MAX_VALUE: usize = 1_000;
/// Matchers of one route, silence or side of an inhibition.
pub const MAX_MATCHERS: usize = 32;
/// What one compiled expression may take of memory, in bytes.
const MAX_COMPILED: usize = 1 << 20;

/// How a value is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Op {
    Equal,
    NotEqual,
    Like,
    NotLike,
}

impl Op {
    /// The longer signs first, because `=` is a beginning of `=~`.
    const ALL: [Self; 4] = [Self::Like, Self::NotLike, Self::NotEqual, Self::Equal];

    /// The sign as written.
    #[must_use]
    pub fn sign(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::NotEqual => "!=",
            Self::Like => "=~",
            Self::NotLike => "!~",
        }
    }

    fn is_pattern(self) -> bool {
        matches!(self, Self::Like | Self::NotLike)
    }
}

/// One matcher. Travels as it is written.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Matcher {
    pub name: String,
    pub op: Op,
    pub value: String,
    /// Only of an expression.
    pattern: Option<Regex>,
}

impl PartialEq for Matcher {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name && self.op == other.op && self.value == other.value
    }
}

impl Eq for Matcher {}

/// A text that is no matcher.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadMatcher {
    #[error("expected a matcher such as host=\"app-01\", found \"{0}\"")]
    Form(String),
    #[error("expected a label's name before the sign of a matcher, found \"{0}\"")]
    Name(String),
    #[error("expected a value of at most {max} characters in a matcher, found {n}", max = MAX_VALUE)]
    Long { n: usize },
    #[error("expected a regular expression after {sign}, found \"{value}\"")]
    Pattern { sign: &'static str, value: String },
}

impl Matcher {
    /// From its parts.
    ///
    /// # Errors
    /// [`BadMatcher`] when the name is none, the value too long, or the expression can't be read.
    pub fn new(name: &str, op: Op, value: &str) -> Result<Self, BadMatcher> {
        if !is_label_name(name) {
            return Err(BadMatcher::Name(name.to_owned()));
        }
        let n: usize = value.chars().count();
        if n > MAX_VALUE {
            return Err(BadMatcher::Long { n });
        }
        let pattern: Option<Regex> = if op.is_pattern() { Some(anchored(op, value)?) } else { None };
        Ok(Self { name: name.to_owned(), op, value: value.to_owned(), pattern })
    }

    /// Whether a label of this value (`""`: absent) satisfies it.
    #[must_use]
    pub fn accepts(&self, value: &str) -> bool {
        let is_like: bool = self.pattern.as_ref().is_some_and(|pattern| pattern.is_match(value));
        match self.op {
            Op::Equal => value == self.value,
            Op::NotEqual => value != self.value,
            Op::Like => is_like,
            Op::NotLike => !is_like,
        }
    }

    /// Whether these labels satisfy it.
    #[must_use]
    pub fn holds(&self, labels: &Labels) -> bool {
        self.accepts(labels.get(&self.name))
    }
}

/// Whether all of them hold; without any, everything is taken.
#[must_use]
pub fn all_hold(matchers: &[Matcher], labels: &Labels) -> bool {
    matchers.iter().all(|matcher| matcher.holds(labels))
}

/// All matchers of a list, for the store.
///
/// # Errors
/// The first that is none.
pub fn read_all(texts: &[String]) -> Result<Vec<Matcher>, BadMatcher> {
    texts.iter().map(|text| text.parse::<Matcher>()).collect()
}

fn anchored(op: Op, value: &str) -> Result<Regex, BadMatcher> {
    RegexBuilder::new(&format!("^(?:{value})$"))
        .size_limit(MAX_COMPILED)
        .build()
        .map_err(|_| BadMatcher::Pattern { sign: op.sign(), value: value.to_owned() })
}

impl fmt::Display for Matcher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let escaped: String = self.value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
        write!(f, "{}{}\"{escaped}\"", self.name, self.op.sign())
    }
}

impl From<Matcher> for String {
    fn from(matcher: Matcher) -> Self {
        matcher.to_string()
    }
}

impl TryFrom<String> for Matcher {
    type Error = BadMatcher;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl FromStr for Matcher {
    type Err = BadMatcher;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let form = || BadMatcher::Form(text.to_owned());
        let at: usize = text.find(['=', '!']).ok_or_else(form)?;
        let (name, rest) = text.split_at(at);
        let op: Op = Op::ALL.into_iter().find(|op| rest.starts_with(op.sign())).ok_or_else(form)?;
        let value: String = unquoted(rest[op.sign().len()..].trim()).ok_or_else(form)?;
        Self::new(name.trim(), op, &value)
    }
}

/// A value without its quotes and escapes; a value without quotes as it stands. `None` when a quote is missing or stands inside.
fn unquoted(text: &str) -> Option<String> {
    let Some(inside) = text.strip_prefix('"') else {
        return if text.contains('"') { None } else { Some(text.to_owned()) };
    };
    let mut value: String = String::new();
    let mut characters = inside.chars();
    while let Some(character) = characters.next() {
        match character {
            '"' => return if characters.next().is_none() { Some(value) } else { None },
            '\\' => match characters.next()? {
                'n' => value.push('\n'),
                escaped @ ('"' | '\\') => value.push(escaped),
                // An escape of the expression, such as \d, is not one of ours.
                other => value.extend(['\\', other]),
            },
            other => value.push(other),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn matcher(text: &str) -> Matcher {
        text.parse().unwrap()
    }

    #[test]
    fn the_four_signs_mean_what_alertmanager_means() {
        let labels = Labels::new([("host", "app-01"), ("team", "web")]);
        let table: [(&str, bool); 14] = [
            ("host=app-01", true),
            ("host=\"app-01\"", true),
            ("host = \"app\"", false),
            ("host!=app-01", false),
            ("host!=app-02", true),
            ("host=~app", false),
            ("host=~\"app-.*\"", true),
            ("host=~\"app-01|app-02\"", true),
            ("host=~\"pp-0\"", false),
            ("host!~\"app-.*\"", false),
            ("host!~\"db-.*\"", true),
            ("absent=\"\"", true),
            ("absent!=web", true),
            ("absent=~\".+\"", false),
        ];
        for (text, holds) in table {
            assert_eq!(matcher(text).holds(&labels), holds, "{text}");
        }
        assert!(!matcher("a=~\"x|y\"").accepts("xy"), "anchored around the whole alternative");
        assert!(!matcher("a=~x").accepts("x\n"));
    }

    #[test]
    fn what_is_no_matcher_is_refused_and_told() {
        for text in ["", "host", "=x", "1host=x", "ho st=x", "host=\"x", "host=x\"", "host=\"x\"y", "host=~\"(\"", "host!x"] {
            assert!(text.parse::<Matcher>().is_err(), "{text}");
        }
        let long = format!("host={}", "x".repeat(MAX_VALUE + 1));
        assert_eq!(long.parse::<Matcher>(), Err(BadMatcher::Long { n: MAX_VALUE + 1 }));
        let greedy = "host=~\"(((a{100}){100}){100}){100}\"";
        assert!(matches!(greedy.parse::<Matcher>(), Err(BadMatcher::Pattern { .. })), "an expression that eats memory");
    }

    proptest! {
        #[test]
        fn a_matcher_reads_what_it_prints(value in "[a-z\"\\\\\n =~!]{0,12}", which in 0_usize..2) {
            let op = [Op::Equal, Op::NotEqual][which];
            let written = Matcher::new("host", op, &value).unwrap();
            prop_assert_eq!(matcher(&written.to_string()), written);
        }

        #[test]
        fn a_sign_and_its_opposite_never_agree(value in "[ab]{0,3}", pattern in "[ab]{0,3}[|.]?[ab]{0,2}") {
            for (op, opposite) in [(Op::Equal, Op::NotEqual), (Op::Like, Op::NotLike)] {
                let one = Matcher::new("a", op, &pattern).unwrap();
                let other = Matcher::new("a", opposite, &pattern).unwrap();
                prop_assert_ne!(one.accepts(&value), other.accepts(&value));
            }
        }
    }
}
