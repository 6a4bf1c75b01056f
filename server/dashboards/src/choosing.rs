//! What stands chosen of each variable: what the reader asked for, else what the dashboard opens with, else what is offered.
//!
//! Of a variable whose values come from data there may be nothing to choose from. Then what names it is not asked at all: an expression
//! with an empty value in it would select the series that lack the label, and show something else than its author meant.

mod offering;
#[cfg(test)]
mod tests;

use crate::asked::{ALL, Asked, Window};
use crate::needs::Numbers;
use dashboard::{Choice, Chosen, Dashboard, MOST_CHOICES, Offer, Values, Variable, named};
use figures::Locale;
use offering::Offered;
use std::collections::BTreeSet;

/// Bytes of a value, as long as a label's may be.
const MOST_VALUE: usize = 4_096;

/// What is chosen on a whole dashboard.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Choices {
    /// For filling in.
    pub(crate) values: Values,
    /// For the head of the dashboard.
    pub(crate) choices: Vec<Choice>,
    /// Variables of which there is nothing to choose.
    lacking: BTreeSet<String>,
}

impl Choices {
    /// Whether a text names a variable of which there is nothing to choose.
    pub(crate) fn lacks(&self, text: &str) -> bool {
        !self.lacking.is_empty() && named(text).iter().any(|name| self.lacking.contains(name))
    }

    fn add(&mut self, variable: &Variable, offered: Offered, wanted: &[String], locale: Locale) {
        let picked: Picked = pick(variable, wanted, &offered);
        match in_force(variable, &picked, &offered) {
            Some(chosen) => self.values = self.values.with(&variable.name, chosen),
            None => {
                self.lacking.insert(variable.name.clone());
            }
        }
        self.choices.push(choice(variable, picked, offered, locale));
    }
}

/// Asks for the choices of every variable, each knowing what was chosen of those before it.
pub(crate) async fn choose(
    numbers: &dyn Numbers,
    dashboard: &Dashboard,
    asked: &Asked,
    window: &Window,
    step_ms: i64,
) -> Choices {
    let values: Values = Values::new(window.from.0, window.to.0, step_ms);
    let mut choices = Choices { values, ..Choices::default() };
    for variable in &dashboard.variables {
        let offered: Offered = offering::offered(numbers, &variable.offer, &choices, window).await;
        let wanted: &[String] = asked.chosen.get(&variable.name).map(Vec::as_slice).unwrap_or_default();
        choices.add(variable, offered, wanted, asked.locale);
    }
    choices
}

/// What was picked of one variable.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Picked {
    All,
    /// None of them: there is nothing.
    Values(Vec<String>),
}

fn pick(variable: &Variable, wanted: &[String], offered: &Offered) -> Picked {
    if variable.offer == Offer::Text {
        return Picked::Values(typed(variable, wanted));
    }
    let is_all = |values: &[String]| variable.has_all && values.iter().any(|value| value == ALL);
    if is_all(wanted) {
        return Picked::All;
    }
    let asked: Vec<String> = usable(variable, wanted, |value| !is_fixed(&variable.offer) || offered.has(value));
    if !asked.is_empty() {
        return Picked::Values(asked);
    }
    if is_all(&variable.default) {
        return Picked::All;
    }
    // Where the list is cut or could not be had, a value may be there all the same.
    let is_open: bool = offered.is_cut || offered.pairs.is_empty();
    let usual: Vec<String> = usable(variable, &variable.default, |value| is_open || offered.has(value));
    if !usual.is_empty() {
        return Picked::Values(usual);
    }
    if variable.has_all {
        return Picked::All;
    }
    Picked::Values(offered.pairs.first().map(|(value, _)| value.clone()).into_iter().collect())
}

/// Whether the dashboard itself says what may be chosen. Values from data may be gone today, and an old address still means them.
fn is_fixed(offer: &Offer) -> bool {
    matches!(offer, Offer::List(_) | Offer::Interval(_))
}

/// What a reader typed. Nothing is an answer too.
fn typed(variable: &Variable, wanted: &[String]) -> Vec<String> {
    let values: &[String] = if wanted.is_empty() { &variable.default } else { wanted };
    let most: usize = if variable.is_multi { MOST_CHOICES } else { 1 };
    let found: Vec<String> = values.iter().filter(|value| value.len() <= MOST_VALUE).take(most).cloned().collect();
    if found.is_empty() { vec![String::new()] } else { found }
}

/// The values that may stand, each once; one where only one may be chosen.
fn usable(variable: &Variable, values: &[String], may_stand: impl Fn(&str) -> bool) -> Vec<String> {
    let most: usize = if variable.is_multi { MOST_CHOICES } else { 1 };
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    let is_value = |value: &str| !value.is_empty() && value.len() <= MOST_VALUE && value != ALL && may_stand(value);
    let fine = values.iter().filter(|value| is_value(value.as_str()) && seen.insert(value.as_str()));
    fine.take(most).cloned().collect()
}

/// What fills in its name; `None` where there is nothing.
fn in_force(variable: &Variable, picked: &Picked, offered: &Offered) -> Option<Chosen> {
    match picked {
        Picked::All if offered.is_cut || offered.trouble.is_some() => Some(Chosen::Any),
        Picked::All => {
            let all: Vec<String> = offered.pairs.iter().map(|(value, _)| value.clone()).collect();
            (!all.is_empty()).then_some(Chosen::Several(all))
        }
        Picked::Values(values) => {
            let first: &String = values.first()?;
            let is_literal: bool = matches!(variable.offer, Offer::LabelValues { .. } | Offer::Query { .. });
            let is_one: bool = !is_literal && !variable.is_multi;
            Some(if is_one { Chosen::One(first.clone()) } else { Chosen::Several(values.clone()) })
        }
    }
}

fn choice(variable: &Variable, picked: Picked, offered: Offered, locale: Locale) -> Choice {
    let is_all: bool = picked == Picked::All;
    let chosen: Vec<String> = match picked {
        Picked::All => Vec::new(),
        Picked::Values(values) => values,
    };
    let label: &str = variable.label.read(locale);
    Choice {
        name: variable.name.clone(),
        label: if label.is_empty() { variable.name.clone() } else { label.to_owned() },
        offer: variable.offer.as_str().to_owned(),
        is_multi: variable.is_multi,
        has_all: variable.has_all,
        is_hidden: variable.is_hidden,
        offers: offers(variable, &chosen, &offered),
        chosen,
        is_all,
        is_cut: offered.is_cut,
        trouble: offered.trouble,
    }
}

/// What is offered, and before it what was chosen without being offered: a list that lacks its own value would show another.
fn offers(variable: &Variable, chosen: &[String], offered: &Offered) -> Vec<(String, String)> {
    if variable.offer == Offer::Text {
        return Vec::new();
    }
    let strangers = chosen.iter().filter(|value| !offered.has(value)).map(|value| offering::shown(value.clone()));
    strangers.chain(offered.pairs.iter().cloned()).take(MOST_CHOICES).collect()
}
