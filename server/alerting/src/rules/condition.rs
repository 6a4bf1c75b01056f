//! The condition of a rule: `>= 80`.

use model::alert::Direction;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// How a value is compared with the threshold. 以上 is `>=`, 未満 is `<`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// `>`
    Above,
    /// `>=`
    AtLeast,
    /// `<`
    Below,
    /// `<=`
    AtMost,
}

impl Comparison {
    /// The longer signs first, because `>` is a beginning of `>=`.
    const ALL: [Self; 4] = [Self::AtLeast, Self::AtMost, Self::Above, Self::Below];

    /// The sign as written.
    #[must_use]
    pub fn sign(self) -> &'static str {
        match self {
            Self::Above => ">",
            Self::AtLeast => ">=",
            Self::Below => "<",
            Self::AtMost => "<=",
        }
    }
}

/// When a measured value is a breach. Stored as it is written, because Rust prints and reads back a number exactly, which JSON
/// numbers on their way through a database need not.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Condition {
    pub comparison: Comparison,
    /// In the unit of the rule; finite.
    pub threshold: f64,
}

impl Condition {
    /// Stands where there is no threshold: any result is a breach.
    pub const ANY: Self = Self { comparison: Comparison::Above, threshold: 0.0 };

    /// Whether `value` breaches. NaN never does: it is a missing sample, and the caller treats it as one.
    #[must_use]
    pub fn holds(self, value: f64) -> bool {
        match self.comparison {
            Comparison::Above => value > self.threshold,
            Comparison::AtLeast => value >= self.threshold,
            Comparison::Below => value < self.threshold,
            Comparison::AtMost => value <= self.threshold,
        }
    }

    /// 1 where larger values are worse, -1 where smaller ones are.
    #[must_use]
    pub fn sense(self) -> f64 {
        match self.direction() {
            Direction::Above => 1.0,
            Direction::Below => -1.0,
        }
    }

    /// Which way the threshold is crossed.
    #[must_use]
    pub fn direction(self) -> Direction {
        match self.comparison {
            Comparison::Above | Comparison::AtLeast => Direction::Above,
            Comparison::Below | Comparison::AtMost => Direction::Below,
        }
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.comparison.sign(), self.threshold)
    }
}

impl From<Condition> for String {
    fn from(condition: Condition) -> Self {
        condition.to_string()
    }
}

impl TryFrom<String> for Condition {
    type Error = NotACondition;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

/// A text that is no condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a comparison sign and a number")]
pub struct NotACondition;

impl FromStr for Condition {
    type Err = NotACondition;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text: &str = text.trim();
        let comparison: Comparison =
            Comparison::ALL.into_iter().find(|comparison| text.starts_with(comparison.sign())).ok_or(NotACondition)?;
        let number: &str = text[comparison.sign().len()..].trim();
        // Rust also reads "inf" and "nan", which no value can be usefully compared with.
        let threshold: f64 = number.parse::<f64>().map_err(|_| NotACondition)?;
        if threshold.is_finite() { Ok(Self { comparison, threshold }) } else { Err(NotACondition) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_condition_reads_and_prints_itself() {
        for (text, printed) in [(">= 80", ">= 80"), (">80.5", "> 80.5"), (" <  -3 ", "< -3"), ("<=1e3", "<= 1000")] {
            assert_eq!(text.parse::<Condition>().map(|condition| condition.to_string()), Ok(printed.to_owned()), "{text}");
        }
    }

    #[test]
    fn anything_else_is_refused() {
        for text in ["", "80", ">=", "=> 80", "== 80", "> 80 %", "> NaN", "< inf"] {
            assert_eq!(text.parse::<Condition>(), Err(NotACondition), "{text}");
        }
    }

    #[test]
    fn the_threshold_itself_counts_as_the_sign_says() {
        let holds = |text: &str, value: f64| text.parse::<Condition>().unwrap().holds(value);
        assert!(holds(">= 80", 80.0) && !holds(">= 80", 79.999));
        assert!(!holds("> 80", 80.0) && holds("> 80", 80.1));
        assert!(holds("<= 5", 5.0) && !holds("< 5", 5.0));
        assert!(!holds(">= 80", f64::NAN) && !holds("<= 80", f64::NAN));
    }
}
