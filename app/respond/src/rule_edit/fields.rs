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
    /// These behind one line that opens: most rules do without.
    Fold(&'static [(&'static str, Kind)]),
}

/// A field and what is filled in.
pub type Spec = (&'static str, Kind);

const LABEL: &[Spec] = &[("name", Kind::Line(false)), ("value", Kind::Line(false))];
const ANNOTATION: &[Spec] = &[("name", Kind::Line(false)), ("ja", Kind::Lines), ("en", Kind::Lines)];

/// The lists of suggestions.
pub const GROUPS: &str = "rule-groups";
pub const OWNERS: &str = "rule-owners";

const WARNING: &[Spec] = &[
    ("warning.threshold", Kind::Number),
    ("warning.for", Kind::Line(false)),
    ("warning.severity", Kind::Choice),
    ("warning.recovery", Kind::Number),
];
const RECOVERY: &[Spec] = &[("recovery", Kind::Number), ("keep_firing_for", Kind::Line(false))];
const NO_DATA: &[Spec] = &[
    ("no_data.policy", Kind::Choice),
    ("no_data.timeframe", Kind::Line(false)),
    ("no_data.resolve_after", Kind::Line(false)),
    ("no_data.severity", Kind::Choice),
];
const ADVANCED: &[Spec] =
    &[("evaluation_delay", Kind::Line(false)), ("new_group_delay", Kind::Line(false)), ("limit", Kind::Number)];
const RENOTIFY: &[Spec] = &[
    ("renotify.interval", Kind::Line(false)),
    ("renotify.most", Kind::Number),
    ("renotify.on", Kind::Ticks(&["critical", "warning", "no_data"])),
    ("renotify.message.ja", Kind::Lines),
    ("renotify.message.en", Kind::Lines),
];

/// The form, part by part.
pub const SECTIONS: [&[Spec]; 5] = [
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
        ("for", Kind::Line(false)),
        ("warning", Kind::Fold(WARNING)),
        ("recovery", Kind::Fold(RECOVERY)),
        ("no_data", Kind::Fold(NO_DATA)),
        ("advanced", Kind::Fold(ADVANCED)),
    ],
    &[
        ("summary.ja", Kind::Wide),
        ("summary.en", Kind::Wide),
        ("renotify", Kind::Fold(RENOTIFY)),
        ("annotations", Kind::Fold(&[("annotation", Kind::Rows(ANNOTATION))])),
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

/// What a form says of itself, whatever the rule: it opens nothing.
const USUAL: [(&str, &str); 1] = [("no_data.policy", "keep")];

/// Whether some of these fields hold a value, so that they are not folded away.
#[must_use]
pub fn says_something(parts: &[Spec], form: &RuleForm) -> bool {
    let is_usual = |field: &str, text: &str| USUAL.contains(&(field, text));
    form.iter().any(|(field, text)| !text.is_empty() && !is_usual(field, text) && holds(parts, field))
}

/// The field at which something is put right that is said of several together.
#[must_use]
pub fn place(field: &str) -> &str {
    match field {
        "name" => "name.ja",
        "summary" => "summary.ja",
        "condition" => "condition.threshold",
        "warning" => "warning.threshold",
        "no_data" => "no_data.policy",
        "renotify" | "renotify.on" => "renotify.interval",
        "renotify.message" => "renotify.message.ja",
        "runbook" => "runbook.ja",
        "labels" => "label.0.name",
        "annotations" => "annotation.0.name",
        field if field.starts_with("renotify.on.") => "renotify.interval",
        field => field,
    }
}

/// Whether a field is one of these, or a part of one.
#[must_use]
pub fn holds(parts: &[Spec], field: &str) -> bool {
    parts.iter().any(|(name, _)| field.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('.')))
}

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
    let unfolded = |(field, kind): &(&'static str, Kind)| match kind {
        Kind::Fold(parts) => parts.iter().map(|(part, _)| *part).filter(|part| *part != "annotation").collect(),
        Kind::Rows(_) => Vec::new(),
        _ => vec![*field],
    };
    let plain = SECTIONS.into_iter().flatten().flat_map(unfolded);
    plain.chain(rows).collect()
}

#[cfg(test)]
mod tests {
    use super::rows;
    use super::{Kind, SECTIONS, all, place, says_something};
    use api::rules::RuleForm;

    #[test]
    fn there_is_always_room_for_more_rows() {
        let form = [("label.0.name", "a"), ("label.3.value", "b"), ("label.9.name", "")]
            .into_iter()
            .map(|(field, text)| (field.to_owned(), text.to_owned()))
            .collect();
        assert_eq!((rows("label", &form), rows("annotation", &form)), (6, 2));
    }

    fn open(fields: &[(&str, &str)]) -> Vec<&'static str> {
        let form: RuleForm = fields.iter().map(|(field, text)| ((*field).to_owned(), (*text).to_owned())).collect();
        let folds = SECTIONS.into_iter().flatten().filter_map(|(name, kind)| match kind {
            Kind::Fold(parts) if says_something(parts, &form) => Some(*name),
            _ => None,
        });
        folds.collect()
    }

    #[test]
    fn what_says_nothing_is_folded_away() {
        assert_eq!(open(&[("expr", "up"), ("no_data.policy", "keep"), ("warning.threshold", "")]), Vec::<&str>::new());
        assert_eq!(open(&[("warning.threshold", "70"), ("no_data.policy", "notify")]), ["warning", "no_data"]);
        assert_eq!(
            open(&[("renotify.on.critical", "true"), ("annotation.3.ja", "x"), ("limit", "5")]),
            ["advanced", "renotify", "annotations"]
        );
        // The field of that name, and not every field that begins like it.
        assert_eq!(open(&[("recovery", "60")]), ["recovery"]);
    }

    #[test]
    fn what_is_said_of_several_is_put_right_at_one_of_them() {
        let plain = |field: &str| field.replace(".0.", ".");
        for field in ["summary", "condition", "warning", "no_data", "renotify", "renotify.on.critical", "labels", "annotations"] {
            assert!(all().contains(&plain(place(field)).as_str()), "{field}");
        }
        assert_eq!(place("expr"), "expr");
    }
}
