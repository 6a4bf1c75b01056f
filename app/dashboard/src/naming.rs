//! What a series is called.

use model::labels::{Labels, METRIC_NAME};
use std::collections::BTreeSet;

/// Characters of a name; what is longer is cut, because a legend of labels of 4 kB is no legend.
pub const MOST_NAME: usize = 200;

/// A series' name from a template: `{{label}}` is that label's value, and nothing where there is no such label.
#[must_use]
pub fn name_of(labels: &Labels, template: &str) -> String {
    let mut name = String::new();
    let mut rest: &str = template;
    while let Some((before, hole, after)) = next_hole(rest) {
        name.push_str(before);
        name.push_str(labels.get(hole));
        rest = after;
    }
    name.push_str(rest);
    cut(name)
}

/// `before {{hole}} after`.
fn next_hole(text: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = text.split_once("{{")?;
    let (hole, after) = rest.split_once("}}")?;
    Some((before, hole.trim(), after))
}

/// The names of all series of a query. Without a template it is the labels that differ: the value alone where only one does.
#[must_use]
pub fn names_of(series: &[Labels], template: &str) -> Vec<String> {
    if !template.trim().is_empty() {
        return series.iter().map(|labels| name_of(labels, template)).collect();
    }
    let differing: Vec<&str> = differing(series);
    series.iter().map(|labels| cut(usual(labels, &differing))).collect()
}

/// The labels whose value is not the same in all series.
fn differing(series: &[Labels]) -> Vec<&str> {
    let Some((first, others)) = series.split_first() else {
        return Vec::new();
    };
    let all: BTreeSet<&str> = series.iter().flat_map(Labels::iter).map(|(name, _)| name).collect();
    all.into_iter().filter(|name| others.iter().any(|other| other.get(name) != first.get(name))).collect()
}

fn usual(labels: &Labels, differing: &[&str]) -> String {
    match differing {
        // One series alone, or some that are the same in everything.
        [] if !labels.metric().is_empty() => labels.metric().to_owned(),
        [] => {
            let values: Vec<&str> = labels.iter().map(|(_, value)| value).collect();
            values.join(", ")
        }
        [only] => labels.get(only).to_owned(),
        several => {
            let said = several.iter().filter(|name| !labels.get(name).is_empty());
            let each: Vec<String> = said.map(|name| one_of_several(labels, name)).collect();
            each.join(", ")
        }
    }
}

fn one_of_several(labels: &Labels, name: &str) -> String {
    if name == METRIC_NAME { labels.metric().to_owned() } else { format!("{name}={}", labels.get(name)) }
}

fn cut(name: String) -> String {
    match name.char_indices().nth(MOST_NAME) {
        Some((at, _)) => format!("{}…", &name[..at]),
        None => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(pairs: &[(&str, &str)]) -> Labels {
        Labels::new(pairs.iter().copied())
    }

    #[test]
    fn templates_name_labels() {
        let web = labels(&[("__name__", "up"), ("host", "web-1"), ("html", "<b>&{{host}}")]);
        for (template, expected) in [
            ("{{host}}", "web-1"),
            ("{{ host }} ({{absent}})", "web-1 ()"),
            ("{{__name__}} {{", "up {{"),
            ("{{html}}", "<b>&{{host}}"),
            ("plain", "plain"),
        ] {
            assert_eq!(name_of(&web, template), expected, "{template}");
        }
    }

    #[test]
    fn without_a_template_it_is_what_differs() {
        let (one, two) = (labels(&[("job", "a"), ("host", "x")]), labels(&[("job", "a"), ("host", "y")]));
        assert_eq!(names_of(&[one.clone(), two], ""), ["x", "y"]);
        let other = labels(&[("job", "b"), ("cpu", "0")]);
        assert_eq!(names_of(&[one, other], " "), ["host=x, job=a", "cpu=0, job=b"]);
        assert_eq!(names_of(&[labels(&[("__name__", "up"), ("job", "a")])], ""), ["up"]);
        assert_eq!(names_of(&[labels(&[("job", "a")])], ""), ["a"]);
        assert_eq!(names_of(&[Labels::default()], ""), [""]);
        assert_eq!(names_of(&[], ""), Vec::<String>::new());
        let named = [labels(&[("__name__", "up"), ("job", "a")]), labels(&[("__name__", "down"), ("job", "b")])];
        assert_eq!(names_of(&named, ""), ["up, job=a", "down, job=b"]);
    }

    #[test]
    fn a_long_name_is_cut_between_characters() {
        let name = name_of(&labels(&[("host", &"見".repeat(4_096))]), "{{host}}");
        assert_eq!(name.chars().count(), MOST_NAME + 1);
        assert!(name.ends_with('…'));
    }
}
