//! Label matchers, ready to be asked.
//!
//! A regular expression is anchored at both ends and its dot matches a newline, as Prometheus (`model/labels/regexp.go`) does
//! it: `^(?s:…)$`. An absent label has the value `""`, so a matcher that accepts the empty value also selects series without it.

use promql::ast::{MatchOp, Matcher};
use regex::{Regex, RegexBuilder};

use crate::error::Error;

/// Matchers of one selector.
const MOST: usize = 64;
/// What one regular expression of a question may take, compiled, and what its matching may keep: room for an alternation of many hundred
/// names.
pub(crate) const MOST_BYTES: usize = 512 << 10;
/// What matching may keep of any regular expression: the default of the crate.
const MOST_KEPT_BYTES: usize = 2 << 20;

/// One matcher.
#[derive(Clone, Debug)]
pub(crate) struct Test {
    pub(crate) name: String,
    kind: Kind,
}

#[derive(Clone, Debug)]
enum Kind {
    Equal(String),
    NotEqual(String),
    Like(Regex),
    NotLike(Regex),
}

/// Compiles all of them; fails on the first bad regular expression, and on more than anybody needs.
pub(crate) fn compile(matchers: &[Matcher]) -> Result<Vec<Test>, Error> {
    if matchers.len() > MOST {
        return Err(Error::TooManyMatchers { found: matchers.len(), limit: MOST });
    }
    matchers.iter().map(Test::new).collect()
}

impl Test {
    fn new(matcher: &Matcher) -> Result<Self, Error> {
        let kind: Kind = match matcher.op {
            MatchOp::Eq => Kind::Equal(matcher.value.clone()),
            MatchOp::Ne => Kind::NotEqual(matcher.value.clone()),
            MatchOp::Re => Kind::Like(like(&matcher.value)?),
            MatchOp::Nre => Kind::NotLike(like(&matcher.value)?),
        };
        Ok(Self { name: matcher.name.clone(), kind })
    }

    /// Whether a label of this value (`""`: absent) satisfies it.
    pub(crate) fn accepts(&self, value: &str) -> bool {
        match &self.kind {
            Kind::Equal(wanted) => value == wanted,
            Kind::NotEqual(unwanted) => value != unwanted,
            Kind::Like(regex) => regex.is_match(value),
            Kind::NotLike(regex) => !regex.is_match(value),
        }
    }

    /// The one value it accepts, when it is `name="value"` with a value.
    pub(crate) fn literal(&self) -> Option<&str> {
        match &self.kind {
            Kind::Equal(value) if !value.is_empty() => Some(value),
            _ => None,
        }
    }

    /// Whether it also accepts series without the label, so that its postings are not all it selects.
    pub(crate) fn accepts_absence(&self) -> bool {
        self.accepts("")
    }
}

fn like(pattern: &str) -> Result<Regex, Error> {
    anchored(pattern, MOST_BYTES).map_err(|source| Error::Regex { pattern: pattern.to_owned(), source: Box::new(source) })
}

/// A regular expression as Prometheus means it wherever one stands: of matchers, of `label_replace()` and of relabelling. `most_bytes` is
/// what it may take, compiled.
pub(crate) fn anchored(pattern: &str, most_bytes: usize) -> Result<Regex, regex::Error> {
    RegexBuilder::new(&format!("^(?s:{pattern})$")).size_limit(most_bytes).dfa_size_limit(most_bytes.min(MOST_KEPT_BYTES)).build()
}

#[cfg(test)]
mod tests {
    use super::*;
    use promql::ast::Span;

    fn test(op: MatchOp, value: &str) -> Test {
        let matcher = Matcher { op, name: "a".to_owned(), value: value.to_owned(), span: Span::default() };
        Test::new(&matcher).unwrap()
    }

    #[test]
    fn regular_expressions_are_anchored_and_the_dot_matches_a_newline() {
        assert!(test(MatchOp::Re, "a.c").accepts("a\nc"));
        assert!(!test(MatchOp::Re, "b").accepts("abc"));
        assert!(!test(MatchOp::Re, "a|b").accepts("ab"));
        assert!(test(MatchOp::Nre, "a|b").accepts("ab"));
        assert!(!test(MatchOp::Re, "a").accepts("a\n"));
    }

    #[test]
    fn what_would_take_much_memory_is_refused() {
        let matcher =
            |value: &str| Matcher { op: MatchOp::Re, name: "a".to_owned(), value: value.to_owned(), span: Span::default() };
        assert!(matches!(compile(&[matcher(r"\w{300}")]), Err(Error::Regex { .. })));
        let hosts: Vec<String> = (0..300).map(|number| format!("shop-{number:04}")).collect();
        assert!(compile(&[matcher(&hosts.join("|"))]).is_ok());
        assert!(matches!(compile(&vec![matcher("x"); MOST + 1]), Err(Error::TooManyMatchers { found: 65, limit: 64 })));
    }

    #[test]
    fn matching_empty_selects_absence() {
        assert!(test(MatchOp::Re, ".*").accepts_absence());
        assert!(test(MatchOp::Ne, "x").accepts_absence());
        assert!(test(MatchOp::Eq, "").accepts_absence());
        assert_eq!(test(MatchOp::Eq, "").literal(), None);
        assert!(!test(MatchOp::Re, ".+").accepts_absence());
    }
}
