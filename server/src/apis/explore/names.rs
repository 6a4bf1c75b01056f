//! Words an expression can be completed with: metrics, labels, values. Asked while somebody writes, so only the index is looked at.

use crate::apis::explore::{LATER_S, number};
use crate::house_error::unavailable;
use crate::wiring::House;
use ::api::ApiError;
use ::api::explore::{ExploreWord, ExploreWords};
use metrics::error::Error;
use metrics::listing::{Listing, Scope};
use metrics::metadata::{Kind, Meaning};
use promql::ast::{METRIC_NAME, MatchOp, Matcher, Span};

/// Words of one answer: more than anybody reads, few enough to come at once.
const MOST: usize = 200;
/// Help texts are sentences; of a longer one its beginning tells enough in a list.
const LONGEST_HELP: usize = 160;

/// Metrics whose names hold `prefix`.
///
/// # Errors
/// `TryLater` while too much is asked, `Unavailable`.
pub async fn metrics(house: &House, prefix: &str) -> Result<ExploreWords, ApiError> {
    let mut words = listed(house, METRIC_NAME, Vec::new(), prefix).await?;
    for word in &mut words.words {
        word.hint = hint(house, &word.word);
    }
    Ok(words)
}

/// The labels of a metric; of all of them for an empty name.
///
/// # Errors
/// As [`metrics`].
pub async fn labels(house: &House, metric: &str) -> Result<ExploreWords, ApiError> {
    let scope = Scope { selectors: selected(metric), ..Scope::default() };
    let mut found: Listing<String> = house.metrics.label_names_in(scope).await.map_err(|error| unlisted(&error))?;
    found.found.retain(|name| name != METRIC_NAME);
    Ok(chosen(found.found, ""))
}

/// The values of a label that hold `prefix`.
///
/// # Errors
/// As [`metrics`].
pub async fn values(house: &House, metric: &str, label: &str, prefix: &str) -> Result<ExploreWords, ApiError> {
    listed(house, label, selected(metric), prefix).await
}

/// The values of a label. A list that was cut before `prefix` could be looked for is asked again for what begins with it.
async fn listed(house: &House, label: &str, selectors: Vec<Vec<Matcher>>, prefix: &str) -> Result<ExploreWords, ApiError> {
    let scope = Scope { selectors: selectors.clone(), ..Scope::default() };
    let mut found: Listing<String> = house.metrics.label_values(label, scope).await.map_err(|error| unlisted(&error))?;
    if found.is_cut && !prefix.is_empty() {
        let scope = Scope { selectors: beginning(label, selectors, prefix), ..Scope::default() };
        found = house.metrics.label_values(label, scope).await.map_err(|error| unlisted(&error))?;
    }
    Ok(chosen(found.found, prefix))
}

/// The series of one metric, or all.
fn selected(metric: &str) -> Vec<Vec<Matcher>> {
    if metric.is_empty() { Vec::new() } else { vec![vec![matcher(METRIC_NAME, MatchOp::Eq, metric.to_owned())]] }
}

/// Only series whose label begins with `prefix`.
fn beginning(label: &str, selectors: Vec<Vec<Matcher>>, prefix: &str) -> Vec<Vec<Matcher>> {
    let begins = || matcher(label, MatchOp::Re, format!("(?s:{}.*)", literal(prefix)));
    if selectors.is_empty() {
        return vec![vec![begins()]];
    }
    selectors.into_iter().map(|matchers| matchers.into_iter().chain([begins()]).collect()).collect()
}

fn matcher(name: &str, op: MatchOp, value: String) -> Matcher {
    Matcher { op, name: name.to_owned(), value, span: Span::default() }
}

/// What means something in a regular expression. Escaping more would not do: `\<` is the beginning of a word.
const META: &str = r"\.+*?()|[]{}^$";

/// Text that a regular expression takes as it stands.
fn literal(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        if META.contains(character) {
            out.push('\\');
        }
        out.push(character);
    }
    out
}

/// The words that hold `prefix`, those that begin with it first, and how many there are.
fn chosen(words: Vec<String>, prefix: &str) -> ExploreWords {
    let prefix: String = prefix.to_lowercase();
    let mut fitting: Vec<(bool, String)> = Vec::new();
    for word in words {
        let lower: String = word.to_lowercase();
        if lower.contains(&prefix) {
            fitting.push((!lower.starts_with(&prefix), word));
        }
    }
    let total: u32 = number(fitting.len());
    fitting.sort_by_key(|(is_inside, _)| *is_inside);
    let words = fitting.into_iter().take(MOST).map(|(_, word)| ExploreWord { word, hint: String::new() }).collect();
    ExploreWords { words, total }
}

/// Type and meaning of a metric, as its newest sender tells.
fn hint(house: &House, metric: &str) -> String {
    let known = house.metrics.metadata().all(None, Some(metric));
    known.first().and_then(|(_, meanings)| meanings.first()).map_or_else(String::new, said)
}

fn said(meaning: &Meaning) -> String {
    let kind: Option<&str> = (meaning.kind != Kind::Unknown).then(|| meaning.kind.word());
    let help: String = meaning.help.chars().take(LONGEST_HELP).collect();
    let parts = kind.into_iter().chain(Some(help.as_str()).filter(|help| !help.is_empty()));
    parts.collect::<Vec<&str>>().join(" · ")
}

/// Why names could not be listed, as it crosses the door.
pub fn unlisted(error: &Error) -> ApiError {
    match error {
        Error::Overloaded => ApiError::TryLater { seconds: LATER_S },
        _ => unavailable(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_begins_with_the_prefix_comes_first_and_all_are_counted() {
        let words = ["b_node", "Node_a", "node_b", "x"].map(str::to_owned).to_vec();
        let found = chosen(words, "node");
        let names: Vec<&str> = found.words.iter().map(|word| word.word.as_str()).collect();
        assert_eq!((names, found.total), (vec!["Node_a", "node_b", "b_node"], 3));
        let many: Vec<String> = (0..MOST + 5).map(|n| n.to_string()).collect();
        let found = chosen(many, "");
        assert_eq!((found.words.len(), found.total), (MOST, 205));
    }

    #[test]
    fn a_prefix_cannot_leave_its_regular_expression() {
        let selectors = beginning("job", selected("up"), "a.b)|(");
        assert_eq!(selectors[0][0].value, "up");
        assert_eq!(selectors[0][1].value, "(?s:a\\.b\\)\\|\\(.*)");
        assert_eq!(beginning("job", Vec::new(), "見").len(), 1);
    }

    #[test]
    fn a_metric_is_told_by_its_type_and_its_meaning() {
        let meaning = |kind: Kind, help: &str| Meaning { kind, help: help.to_owned(), unit: String::new() };
        assert_eq!(said(&meaning(Kind::Counter, "Seconds spent.")), "counter · Seconds spent.");
        assert_eq!(said(&meaning(Kind::Unknown, "")), "");
        assert_eq!(said(&meaning(Kind::Gauge, "")), "gauge");
        assert_eq!(said(&meaning(Kind::Unknown, &"あ".repeat(300))).chars().count(), LONGEST_HELP);
    }
}
