//! What a panel says of single series: another name, another unit, or that they are not shown.

use crate::planning::PlannedPanel;
use dashboard::{Matching, Measure, SeriesOverride, Values, fill_text, name_of};
use model::labels::Labels;
use regex::{Captures, Regex, RegexBuilder};

/// Bytes that a regular expression may take once it is built; what needs more matches nothing.
const MOST_REGEX_BYTES: usize = 1 << 20;

/// The settings of a panel, ready to be asked.
pub(super) struct Overrides<'p> {
    all: Vec<Ready<'p>>,
    values: &'p Values,
}

struct Ready<'p> {
    said: &'p SeriesOverride,
    /// `None` where a name or a query is matched, or the expression is none.
    regex: Option<Regex>,
}

/// What becomes of a series.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Overridden {
    pub(super) name: String,
    pub(super) measure: Measure,
    pub(super) is_hidden: bool,
}

impl<'p> Overrides<'p> {
    pub(super) fn of(planned: &'p PlannedPanel) -> Self {
        let ready = |said: &'p SeriesOverride| Ready { said, regex: built(said, &planned.values) };
        Self { all: planned.panel.series.iter().map(ready).collect(), values: &planned.values }
    }

    /// Matched by the name it has without them; of several that match, the later one wins.
    pub(super) fn overridden(&self, query: usize, name: &str, labels: &Labels) -> Overridden {
        let mut found = Overridden { name: name.to_owned(), measure: Measure::default(), is_hidden: false };
        for one in &self.all {
            let captures: Option<Captures<'_>> = one.regex.as_ref().and_then(|regex| regex.captures(name));
            let is_match: bool = match &one.said.matching {
                Matching::Name(wanted) => fill_text(wanted, self.values) == name,
                Matching::Regex(_) => captures.is_some(),
                Matching::Query(place) => *place == query,
            };
            if !is_match {
                continue;
            }
            if !one.said.name.is_empty() {
                found.name = name_of(labels, &self.template(&one.said.name, captures.as_ref()));
            }
            found.measure.unit = one.said.unit.or(found.measure.unit);
            found.measure.decimals = one.said.decimals.or(found.measure.decimals);
            found.is_hidden |= one.said.is_hidden;
        }
        found
    }

    /// Variables filled in, then what the regular expression caught.
    fn template(&self, written: &str, captures: Option<&Captures<'_>>) -> String {
        let filled: String = fill_text(written, self.values);
        let Some(captures) = captures else { return filled };
        let mut template = String::new();
        captures.expand(&filled, &mut template);
        template
    }
}

fn built(said: &SeriesOverride, values: &Values) -> Option<Regex> {
    let Matching::Regex(regex) = &said.matching else { return None };
    RegexBuilder::new(&fill_text(regex, values)).size_limit(MOST_REGEX_BYTES).dfa_size_limit(MOST_REGEX_BYTES).build().ok()
}
