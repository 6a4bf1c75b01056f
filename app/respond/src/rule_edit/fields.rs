//! Every field of the form, in the order in which one thinks of a rule.

use api::rules::RuleForm;

/// What is filled in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// One line; `true` where it must be filled in.
    Line(bool),
    /// One line over the whole width.
    Wide,
    /// One line with suggestions from the list of that id.
    Listed(&'static str),
    /// A number.
    Number,
    /// Several lines.
    Lines,
    /// An expression.
    Code,
    /// One of a few.
    Choice,
    /// Several of a few.
    Ticks(&'static [&'static str]),
    /// Rows of these.
    Rows(&'static [(&'static str, Kind)]),
}

/// A field and what is filled in.
pub type Spec = (&'static str, Kind);

const LABEL: &[Spec] = &[("name", Kind::Line(false)), ("value", Kind::Line(false))];
const ANNOTATION: &[Spec] = &[("name", Kind::Line(false)), ("ja", Kind::Lines), ("en", Kind::Lines)];

/// The lists of suggestions.
pub const GROUPS: &str = "rule-groups";
pub const OWNERS: &str = "rule-owners";

/// The form, part by part.
pub const SECTIONS: [&[Spec]; 6] = [
    &[
        ("name.ja", Kind::Line(false)),
        ("name.en", Kind::Line(false)),
        ("id", Kind::Line(false)),
        ("severity", Kind::Choice),
        ("group", Kind::Listed(GROUPS)),
        ("interval", Kind::Line(false)),
        ("owner", Kind::Listed(OWNERS)),
        ("priority", Kind::Choice),
    ],
    &[("expr", Kind::Code), ("unit", Kind::Choice), ("mode", Kind::Choice)],
    &[
        ("condition.sign", Kind::Choice),
        ("condition.threshold", Kind::Number),
        ("recovery", Kind::Number),
        ("for", Kind::Line(false)),
        ("warning.threshold", Kind::Number),
        ("warning.recovery", Kind::Number),
        ("warning.for", Kind::Line(false)),
        ("warning.severity", Kind::Choice),
        ("keep_firing_for", Kind::Line(false)),
        ("evaluation_delay", Kind::Line(false)),
        ("new_group_delay", Kind::Line(false)),
        ("limit", Kind::Number),
    ],
    &[
        ("no_data.policy", Kind::Choice),
        ("no_data.timeframe", Kind::Line(false)),
        ("no_data.resolve_after", Kind::Line(false)),
        ("no_data.severity", Kind::Choice),
    ],
    &[
        ("summary.ja", Kind::Wide),
        ("summary.en", Kind::Wide),
        ("renotify.interval", Kind::Line(false)),
        ("renotify.most", Kind::Number),
        ("renotify.on", Kind::Ticks(&["critical", "warning", "no_data"])),
        ("renotify.message.ja", Kind::Lines),
        ("renotify.message.en", Kind::Lines),
        ("annotation", Kind::Rows(ANNOTATION)),
    ],
    &[
        ("runbook.ja", Kind::Lines),
        ("runbook.en", Kind::Lines),
        ("runbook_url", Kind::Wide),
        ("dashboard", Kind::Wide),
        ("tags", Kind::Lines),
        ("label", Kind::Rows(LABEL)),
    ],
];

/// Empty rows that stand below the filled ones.
const SPARE: usize = 2;

/// How many rows of a kind to show.
#[must_use]
pub fn rows(field: &str, form: &RuleForm) -> usize {
    let begins: String = format!("{field}.");
    let number =
        |key: &String| key.strip_prefix(&begins).and_then(|rest| rest.split('.').next()).and_then(|n| n.parse::<usize>().ok());
    let last: Option<usize> = form.iter().filter(|(_, text)| !text.is_empty()).filter_map(|(key, _)| number(key)).max();
    last.map_or(SPARE, |last| last.min(64) + 1 + SPARE)
}

/// The names of all fields, as [`crate::words::rules`] must know them.
#[cfg(test)]
pub fn all() -> Vec<&'static str> {
    let rows = ["label.name", "label.value", "annotation.name", "annotation.ja", "annotation.en"];
    let plain = SECTIONS.into_iter().flatten().filter(|(_, kind)| !matches!(kind, Kind::Rows(_))).map(|(field, _)| *field);
    plain.chain(rows).collect()
}

#[cfg(test)]
mod tests {
    use super::rows;

    #[test]
    fn there_is_always_room_for_more_rows() {
        let form = [("label.0.name", "a"), ("label.3.value", "b"), ("label.9.name", "")]
            .into_iter()
            .map(|(field, text)| (field.to_owned(), text.to_owned()))
            .collect();
        assert_eq!((rows("label", &form), rows("annotation", &form)), (6, 2));
    }
}
