//! What there is to choose from.

use super::Choices;
use crate::asked::Window;
use crate::evaluating::cleaning::clean;
use crate::evaluating::unanswered;
use crate::needs::Numbers;
use crate::planning::reading::{Read, read};
use dashboard::{Chosen, Filled, MOST_CHOICES, Offer, Trouble, TroubleKind, Values, fill_text};
use promql::ast::ExprKind;
use regex::{Regex, RegexBuilder};
use std::collections::BTreeSet;

/// Values that a regular expression is held against.
const MOST_HELD: usize = 10_000;
/// What a regular expression may take, compiled.
const MOST_REGEX_BYTES: usize = 512 << 10;

/// The choices of one variable.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Offered {
    /// Value and what is shown of it, at most [`MOST_CHOICES`].
    pub(super) pairs: Vec<(String, String)>,
    /// Whether there are more.
    pub(super) is_cut: bool,
    pub(super) trouble: Option<Trouble>,
}

impl Offered {
    pub(super) fn has(&self, value: &str) -> bool {
        self.pairs.iter().any(|(known, _)| known == value)
    }

    /// Values in their order; `is_cut` where there are more than these.
    fn of(values: impl IntoIterator<Item = String>, is_cut: bool) -> Self {
        let mut pairs: Vec<(String, String)> = values.into_iter().take(MOST_CHOICES + 1).map(shown).collect();
        let is_cut: bool = is_cut || pairs.len() > MOST_CHOICES;
        pairs.truncate(MOST_CHOICES);
        Self { pairs, is_cut, trouble: None }
    }
}

/// A value with what is shown of it.
pub(super) fn shown(value: String) -> (String, String) {
    let seen: String = clean(&value);
    (value, seen)
}

/// Asks for the choices. What keeps us from having them is said, and there are none.
pub(super) async fn offered(numbers: &dyn Numbers, offer: &Offer, choices: &Choices, window: &Window) -> Offered {
    let found: Result<Offered, Trouble> = match offer {
        Offer::Text => Ok(Offered::default()),
        Offer::List(pairs) => {
            let pairs = pairs.iter().take(MOST_CHOICES).map(|(seen, value)| (value.clone(), clean(seen))).collect();
            Ok(Offered { pairs, ..Offered::default() })
        }
        Offer::Interval(windows) => Ok(Offered::of(windows.iter().cloned(), false)),
        Offer::LabelValues { label, selector, regex } => {
            let wanted = LabelValues { label, selector, regex };
            wanted.offered(numbers, choices, window).await
        }
        Offer::Query { expr, label } => of_query(numbers, expr, label, choices, window).await,
    };
    found.unwrap_or_else(|trouble| Offered { trouble: Some(trouble), ..Offered::default() })
}

/// Values of a label.
struct LabelValues<'a> {
    label: &'a str,
    selector: &'a str,
    regex: &'a str,
}

impl LabelValues<'_> {
    async fn offered(&self, numbers: &dyn Numbers, choices: &Choices, window: &Window) -> Result<Offered, Trouble> {
        if choices.lacks(self.selector) || choices.lacks(self.regex) {
            return Ok(Offered::default());
        }
        let selected: Option<Read> = self.selected(choices)?;
        let sieve: Option<Regex> = self.sieve(&choices.values)?;
        let most: usize = if sieve.is_some() { MOST_HELD } else { MOST_CHOICES + 1 };
        let text: &str = selected.as_ref().map_or("", |read| read.filled.text.as_str());
        let found = numbers.label_values(self.label, text, (window.from, window.to), most).await;
        let values: Vec<String> = found.map_err(|why| match &selected {
            Some(read) => unanswered(0, self.selector, &read.filled, &why),
            None => unanswered(0, "", &Filled::default(), &why),
        })?;
        let Some(sieve) = sieve else {
            return Ok(Offered::of(values, false));
        };
        let is_cut: bool = values.len() >= MOST_HELD;
        let kept: BTreeSet<String> = values.iter().filter_map(|value| sifted(&sieve, value)).collect();
        Ok(Offered::of(kept, is_cut))
    }

    /// The selector; none for all series.
    fn selected(&self, choices: &Choices) -> Result<Option<Read>, Trouble> {
        if self.selector.trim().is_empty() {
            return Ok(None);
        }
        let read: Read = read(0, self.selector, &choices.values)?;
        if matches!(read.expr.unparen().kind, ExprKind::VectorSelector(_)) {
            return Ok(Some(read));
        }
        Err(refused(self.selector, "expected a selector of series"))
    }

    /// The regular expression, anchored as PromQL's are; none where it lets everything through.
    fn sieve(&self, values: &Values) -> Result<Option<Regex>, Trouble> {
        if self.regex.trim().is_empty() {
            return Ok(None);
        }
        let pattern: String = fill_text(self.regex, &alternatives(values));
        let built =
            RegexBuilder::new(&format!("^(?s:{pattern})$")).size_limit(MOST_REGEX_BYTES).dfa_size_limit(MOST_REGEX_BYTES).build();
        built.map(Some).map_err(|error| refused(self.regex, &last_line(&error.to_string())))
    }
}

/// What was chosen as it stands in a regular expression.
fn alternatives(values: &Values) -> Values {
    let mut written: Values = values.clone();
    for (name, chosen) in &mut written.chosen {
        if !matches!(chosen, Chosen::One(_)) {
            *chosen = Chosen::One(fill_text(&format!("${{{name}:regex}}"), values));
        }
    }
    written
}

/// What of a value is offered: the first group that took part, the whole where the expression has none.
fn sifted(sieve: &Regex, value: &str) -> Option<String> {
    let groups = sieve.captures(value)?;
    let part = groups.iter().skip(1).flatten().next().or_else(|| groups.get(0))?;
    Some(part.as_str().to_owned()).filter(|part| !part.is_empty())
}

/// The crate draws the expression with a mark below; its last line says what is wrong.
fn last_line(message: &str) -> String {
    message.lines().last().unwrap_or_default().trim().trim_start_matches("error: ").to_owned()
}

fn refused(written: &str, message: &str) -> Trouble {
    Trouble { kind: TroubleKind::Refused, expr: written.to_owned(), message: message.to_owned(), ..Trouble::default() }
}

/// A label's values in the answer to a query at the end of the span.
async fn of_query(
    numbers: &dyn Numbers,
    expr: &str,
    label: &str,
    choices: &Choices,
    window: &Window,
) -> Result<Offered, Trouble> {
    if choices.lacks(expr) {
        return Ok(Offered::default());
    }
    let read: Read = read(0, expr, &choices.values)?;
    let found = numbers.instant(&read.expr, window.to).await.map_err(|why| unanswered(0, expr, &read.filled, &why))?;
    let values: BTreeSet<String> = found.iter().map(|number| number.labels.get(label).to_owned()).collect();
    Ok(Offered::of(values.into_iter().filter(|value| !value.is_empty()), false))
}
