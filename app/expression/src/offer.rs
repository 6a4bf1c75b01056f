//! What is offered at the caret, and what taking it writes.

use crate::complete::{Expect, Place, Quotes};
use api::explore::ExploreWord;
use promql::ast::AGGREGATE_OPS;
use promql::functions::FUNCTIONS;
use promql::strings::quote;

/// More than this nobody reads; writing another letter is faster.
const MOST: usize = 100;
/// Ranges that are asked for most.
const DURATIONS: [&str; 10] = ["1m", "5m", "15m", "30m", "1h", "3h", "6h", "12h", "1d", "7d"];
/// What may stand behind a number to make it a duration.
const UNITS: [&str; 6] = ["s", "m", "h", "d", "w", "ms"];
const OPERATORS: [&str; 5] = ["and", "or", "unless", "offset", "atan2"];
const GROUPINGS: [&str; 2] = ["by", "without"];
const COMPARISONS: [&str; 4] = ["=", "!=", "=~", "!~"];

/// What kind of word is offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Aggregation,
    Function,
    Metric,
    Label,
    Value,
    /// A word or a sign of the language.
    Word,
    Duration,
}

/// Something that could be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    pub kind: Kind,
    /// What it is called.
    pub label: String,
    /// What it is.
    pub hint: String,
    /// What taking it writes in place of what is typed.
    pub insert: String,
}

impl Offer {
    fn same(kind: Kind, word: &str) -> Self {
        Self { kind, label: word.to_owned(), hint: String::new(), insert: word.to_owned() }
    }
}

/// What is offered, the fitting words first. `words` are those the server knows for this place. Those of the language stand before
/// them: what has to be asked for comes later, and must not push away what is about to be taken.
#[must_use]
pub fn offers(place: &Place, words: &[ExploreWord]) -> Vec<Offer> {
    let mut found: Vec<Offer> = fitting(of_the_language(place), &place.typed);
    let asked: Vec<Offer> = words.iter().filter_map(|word| asked(place, word)).collect();
    found.extend(fitting(asked, &place.typed));
    found.truncate(MOST);
    // A word that is written already needs no offer.
    let is_done: bool = matches!(&found[..], [only] if only.insert == place.typed);
    if is_done { Vec::new() } else { found }
}

/// Those that begin with what is typed, then those that hold it; in their order.
fn fitting(offers: Vec<Offer>, typed: &str) -> Vec<Offer> {
    let typed: String = typed.to_lowercase();
    let (first, rest): (Vec<Offer>, Vec<Offer>) =
        offers.into_iter().partition(|offer| offer.label.to_lowercase().starts_with(&typed));
    first.into_iter().chain(rest.into_iter().filter(|offer| offer.label.to_lowercase().contains(&typed))).collect()
}

fn of_the_language(place: &Place) -> Vec<Offer> {
    let plain = |words: &[&str]| words.iter().map(|word| Offer::same(Kind::Word, word)).collect::<Vec<Offer>>();
    match place.expect {
        Expect::Operand if !place.typed.is_empty() => calls(),
        Expect::Operator { grouping: true } => plain(&[&GROUPINGS[..], &OPERATORS[..]].concat()),
        Expect::Operator { grouping: false } => plain(&OPERATORS),
        Expect::Grouping => plain(&GROUPINGS),
        Expect::Comparison => plain(&COMPARISONS),
        Expect::Duration => durations(&place.typed),
        _ => Vec::new(),
    }
}

/// Aggregations and functions, each with what it takes.
fn calls() -> Vec<Offer> {
    let aggregations = AGGREGATE_OPS.iter().filter(|op| !op.experimental()).map(|op| {
        let parameter: String = op.param_type().map(|kind| format!("{}, ", kind.words())).unwrap_or_default();
        let hint: String = format!("({parameter}instant vector)");
        Offer { kind: Kind::Aggregation, label: op.name().to_owned(), hint, insert: format!("{}(", op.name()) }
    });
    let functions = FUNCTIONS.iter().filter(|function| !function.experimental).map(|function| {
        let hint: String = function.signature().split_off(function.name.len());
        Offer { kind: Kind::Function, label: function.name.to_owned(), hint, insert: format!("{}(", function.name) }
    });
    aggregations.chain(functions).collect()
}

/// A number gets its units, anything else the usual ranges.
fn durations(typed: &str) -> Vec<Offer> {
    let is_number: bool = !typed.is_empty() && typed.bytes().all(|byte| byte.is_ascii_digit());
    if is_number {
        return UNITS.iter().map(|unit| Offer::same(Kind::Duration, &format!("{typed}{unit}"))).collect();
    }
    DURATIONS.iter().map(|duration| Offer::same(Kind::Duration, duration)).collect()
}

/// A word of the server's at this place; `None` where it can't be written.
fn asked(place: &Place, word: &ExploreWord) -> Option<Offer> {
    let (kind, insert): (Kind, String) = match &place.expect {
        Expect::Operand => (Kind::Metric, metric(&word.word)),
        Expect::LabelName { .. } => (Kind::Label, label(&word.word)),
        Expect::LabelValue { quotes, .. } => (Kind::Value, value(&word.word, *quotes)?),
        _ => return None,
    };
    Some(Offer { kind, label: word.word.clone(), hint: word.hint.clone(), insert })
}

/// A metric as it is written: in braces and quotes where its name needs them.
#[must_use]
pub fn metric(name: &str) -> String {
    if is_plain(name, true) { name.to_owned() } else { format!("{{{}}}", quote(name)) }
}

/// A label's name as it is written.
#[must_use]
pub fn label(name: &str) -> String {
    if is_plain(name, false) { name.to_owned() } else { quote(name) }
}

/// A series as it is selected.
#[must_use]
pub fn selector(name: &str, labels: &[(String, String)]) -> String {
    let pairs = labels.iter().map(|(name, value)| format!("{}={}", label(name), quote(value)));
    let is_bare: bool = is_plain(name, true);
    let named = (!is_bare && !name.is_empty()).then(|| quote(name));
    let inside: Vec<String> = named.into_iter().chain(pairs).collect();
    let before: &str = if is_bare { name } else { "" };
    if inside.is_empty() && is_bare { before.to_owned() } else { format!("{before}{{{}}}", inside.join(", ")) }
}

/// What completes a value between the quotes that stand there. Between backticks nothing is escaped.
fn value(text: &str, quotes: Quotes) -> Option<String> {
    let (mark, is_closed) = match quotes {
        Quotes::Missing => return Some(quote(text)),
        Quotes::Open(mark) => (mark, false),
        Quotes::Both(mark) => (mark, true),
    };
    if mark == '`' && text.contains('`') {
        return None;
    }
    let inside: String = escaped(text, mark);
    Some(if is_closed { inside } else { format!("{inside}{mark}") })
}

fn escaped(text: &str, mark: char) -> String {
    if mark == '`' {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\n' => out.push_str("\\n"),
            _ if character == mark || character == '\\' => out.extend(['\\', character]),
            _ => out.push(character),
        }
    }
    out
}

/// Whether a name can stand without quotes.
fn is_plain(name: &str, colons: bool) -> bool {
    let is_letter = |byte: u8| byte.is_ascii_alphabetic() || byte == b'_' || (colons && byte == b':');
    let mut bytes = name.bytes();
    bytes.next().is_some_and(is_letter) && bytes.all(|byte| is_letter(byte) || byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::complete::place;

    fn known(words: &[&str]) -> Vec<ExploreWord> {
        words.iter().map(|word| ExploreWord { word: (*word).to_owned(), hint: String::new() }).collect()
    }

    fn labels(marked: &str, words: &[&str]) -> Vec<String> {
        let caret = marked.find('|').unwrap();
        let found = offers(&place(&marked.replacen('|', "", 1), caret), &known(words));
        found.into_iter().map(|offer| offer.label).collect()
    }

    fn insert(marked: &str, word: &str) -> Option<String> {
        let caret = marked.find('|').unwrap();
        let place = place(&marked.replacen('|', "", 1), caret);
        offers(&place, &known(&[word])).pop().map(|offer| offer.insert)
    }

    #[test]
    fn what_begins_with_the_typed_comes_first_and_the_language_before_the_server() {
        assert_eq!(labels("rat|", &["x_rate", "ratio"]), ["rate", "irate", "ratio", "x_rate"]);
        assert_eq!(labels("sum(a) b|", &[]), ["by"]);
        assert_eq!(labels("a[5|", &[]), ["5s", "5m", "5h", "5d", "5w", "5ms"]);
        assert_eq!(labels("a[3|", &[])[0], "3s");
        assert_eq!(labels("a{job !|", &[]), ["!=", "!~"]);
        assert_eq!(labels("a{|", &["job", "host"]), ["job", "host"]);
        assert_eq!(labels("|", &["up"]), ["up"], "functions wait for the first letter");
    }

    #[test]
    fn what_is_written_already_is_not_offered() {
        assert_eq!(labels("node_load1|", &["node_load1"]), Vec::<String>::new());
        assert_eq!(labels("node_load1|", &["node_load1", "node_load15"]), ["node_load1", "node_load15"]);
        assert_eq!(labels("a # no|", &["node"]), Vec::<String>::new());
    }

    #[test]
    fn what_is_taken_is_promql_wherever_it_stands() {
        for (marked, word, written) in [
            ("no|", "node_load1", "node_load1"),
            ("http|", "http.requests", "{\"http.requests\"}"),
            ("a{|", "k8s.pod", "\"k8s.pod\""),
            ("a{x=|", "b\"c", "\"b\\\"c\""),
            ("a{x=\"|", "b\\c", "b\\\\c\""),
            ("a{x=\"|\"}", "見守り", "見守り"),
            ("a{x='|", "it's", "it\\'s'"),
            ("a{x=`|", "a\\b", "a\\b`"),
        ] {
            assert_eq!(insert(marked, word).as_deref(), Some(written), "{marked}");
        }
        assert_eq!(insert("a{x=`|", "a`b"), None);
    }

    #[test]
    fn a_series_is_selected_by_itself_alone() {
        let labels = [("host".to_owned(), "a\"b\n".to_owned()), ("k8s.pod".to_owned(), "x".to_owned())];
        for (name, expected) in [
            ("up", "up{host=\"a\\\"b\\n\", \"k8s.pod\"=\"x\"}"),
            ("http.up", "{\"http.up\", host=\"a\\\"b\\n\", \"k8s.pod\"=\"x\"}"),
            ("", "{host=\"a\\\"b\\n\", \"k8s.pod\"=\"x\"}"),
        ] {
            let written = selector(name, &labels);
            assert_eq!(written, expected);
            assert!(promql::parse(&written).is_ok(), "{written}");
        }
        assert_eq!((selector("up", &[]), selector("", &[])), ("up".to_owned(), "{}".to_owned()));
    }
}
