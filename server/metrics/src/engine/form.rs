//! What is asked, as `application/x-www-form-urlencoded`.

use std::fmt::Write;

use model::Time;
use promql::ast::Matcher;

/// Names and values, ready to be sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Form(String);

impl Form {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// Appends one field.
    pub(crate) fn push(&mut self, name: &str, value: &str) {
        if !self.0.is_empty() {
            self.0.push('&');
        }
        self.0.push_str(&escaped(name));
        self.0.push('=');
        self.0.push_str(&escaped(value));
    }

    /// For a body, or behind the `?` of a URL.
    pub(crate) fn into_text(self) -> String {
        self.0
    }
}

/// Everything but the unreserved characters of RFC 3986 as `%XX`: right in forms, in queries and in one segment of a path.
pub(crate) fn escaped(text: &str) -> String {
    let mut out: String = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            // Writing into a String can't fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

/// Seconds with three decimals, as times and steps are given.
pub(crate) fn seconds(at: Time) -> String {
    let (sign, ms): (&str, u64) = (if at.0 < 0 { "-" } else { "" }, at.0.unsigned_abs());
    format!("{sign}{}.{:03}", ms / 1_000, ms % 1_000)
}

/// `{job="a",__name__=~"up.*"}`
pub(crate) fn selector(matchers: &[Matcher]) -> String {
    let all: Vec<String> = matchers.iter().map(Matcher::to_string).collect();
    format!("{{{}}}", all.join(","))
}

#[cfg(test)]
mod tests {
    use super::*;
    use promql::ast::{MatchOp, Span};

    #[test]
    fn fields_are_escaped_and_joined() {
        let mut form = Form::new();
        form.push("match[]", "a b");
        form.push("x", "é&=");
        assert_eq!(form.into_text(), "match%5B%5D=a%20b&x=%C3%A9%26%3D");
    }

    #[test]
    fn moments_are_seconds() {
        assert_eq!([Time(1_500), Time(-1), Time(0)].map(seconds), ["1.500", "-0.001", "0.000"]);
    }

    #[test]
    fn a_selector_reads_back_as_what_it_was_made_of() {
        let matcher = |op: MatchOp, name: &str, value: &str| Matcher {
            op,
            name: name.to_owned(),
            value: value.to_owned(),
            span: Span::default(),
        };
        let text: String = selector(&[matcher(MatchOp::Eq, "__name__", "up"), matcher(MatchOp::Nre, "job", "a\"\\.b")]);
        assert!(promql::parse(&text).is_ok(), "{text}");
        assert!(text.starts_with("{__name__=\"up\","), "{text}");
    }
}
