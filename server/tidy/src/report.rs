//! How a broken rule is said: where, what, and what to do.

use std::fmt;

/// One place that breaks a rule.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Found {
    /// From the top of the workspace.
    pub path: String,
    /// From 1; 0 when it is about the file as a whole.
    pub line: usize,
    /// The function, class, crate or word it is about. With the path it is the name an exemption uses.
    pub subject: String,
    pub what: String,
}

impl Found {
    /// A finding.
    #[must_use]
    pub fn at(path: &str, line: usize, subject: &str, what: &str) -> Self {
        Self { path: path.to_owned(), line, subject: subject.to_owned(), what: what.to_owned() }
    }
}

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}: {}", self.path, self.line, self.subject, self.what)
    }
}

/// A place that is let off a rule (`path subject`), and why.
pub type Exemption = (&'static str, &'static str);

/// Fails when there is anything; `advice` says what to do about it.
///
/// # Panics
/// That is how a test fails.
pub fn none(mut found: Vec<Found>, advice: &str) {
    found.sort();
    let lines: Vec<String> = found.iter().map(Found::to_string).collect();
    assert!(found.is_empty(), "\n{}\n\n{} in all. {advice}\n", lines.join("\n"), found.len());
}

/// Leaves out what is exempted. An exemption that exempts nothing becomes a finding itself, and so does one without a reason.
#[must_use]
pub fn without(found: Vec<Found>, exempted: &[Exemption]) -> Vec<Found> {
    let place = |found: &Found| format!("{} {}", found.path, found.subject);
    let is_exempt = |found: &Found| exempted.iter().any(|(exempt, _)| *exempt == place(found));
    let mut left: Vec<Found> = found.iter().filter(|found| !is_exempt(found)).cloned().collect();
    for (exempt, because) in exempted {
        if !found.iter().any(|found| place(found) == *exempt) {
            left.push(Found::at("server/tidy", 0, exempt, "is exempted, but breaks the rule no more: delete the exemption"));
        }
        if because.trim().is_empty() {
            left.push(Found::at("server/tidy", 0, exempt, "is exempted without a reason"));
        }
    }
    left
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_exemption_works_until_it_is_stale() {
        let found = || vec![Found::at("a.rs", 3, "fn long", "70 lines"), Found::at("b.rs", 1, "fn longer", "80 lines")];
        let left = without(found(), &[("a.rs fn long", "a table")]);
        assert_eq!(left, [Found::at("b.rs", 1, "fn longer", "80 lines")]);
        let left = without(Vec::new(), &[("a.rs fn long", "a table")]);
        assert!(left[0].to_string().contains("delete the exemption"), "{left:?}");
        assert_eq!(without(found(), &[("a.rs fn long", " ")]).len(), 2);
    }

    #[test]
    #[should_panic(expected = "a.rs:3: fn long: 70 lines")]
    fn a_finding_fails_and_says_where() {
        none(vec![Found::at("a.rs", 3, "fn long", "70 lines")], "Shorten it.");
    }
}
