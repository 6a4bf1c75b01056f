//! What is different between two dashboards, as a list a person can read.
//!
//! Panels are told apart by their ids and variables by their names, so that one that was put in changes nothing about the others.

mod leaves;

use crate::board::Dashboard;
use leaves::Leaf;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// One thing that changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Difference {
    /// `title.ja`, `panels[cpu].queries[0].expr`, `rows[1].panels`; `panels[cpu]` alone for one that came or went.
    pub path: String,
    /// Empty where it was not there.
    pub before: String,
    /// Empty where it is there no more.
    pub after: String,
}

/// Everything that differs, in the order of the dashboard. Empty exactly when they are equal.
#[must_use]
pub fn differences(before: &Dashboard, after: &Dashboard) -> Vec<Difference> {
    let (old, new): (Vec<Leaf>, Vec<Leaf>) = (leaves::of(before), leaves::of(after));
    let (in_old, in_new): (Texts<'_>, Texts<'_>) = (texts(&old), texts(&new));
    let mut found: Vec<Difference> = Vec::new();
    for leaf in &old {
        let text: Option<&str> = in_new.get(leaf.path.as_str()).copied();
        if text.is_none_or(|text| !leaf.is_head && text != leaf.text) {
            let after: String = text.unwrap_or_default().to_owned();
            found.push(Difference { path: leaf.path.clone(), before: leaf.text.clone(), after });
        }
    }
    for leaf in new.iter().filter(|leaf| !in_old.contains_key(leaf.path.as_str())) {
        found.push(Difference { path: leaf.path.clone(), before: String::new(), after: leaf.text.clone() });
    }
    both_languages(without_parts(found, &in_old, &in_new))
}

/// Texts by their paths.
type Texts<'a> = BTreeMap<&'a str, &'a str>;

fn texts(leaves: &[Leaf]) -> Texts<'_> {
    leaves.iter().map(|leaf| (leaf.path.as_str(), leaf.text.as_str())).collect()
}

/// What came or went is told once, without all it consists of.
fn without_parts(found: Vec<Difference>, old: &Texts<'_>, new: &Texts<'_>) -> Vec<Difference> {
    let is_whole = |path: &str| path.ends_with(']') && old.contains_key(path) != new.contains_key(path);
    let whole: BTreeSet<String> = found.iter().map(|one| one.path.clone()).filter(|path| is_whole(path)).collect();
    let is_part = |path: &str| path.match_indices("].").any(|(at, _)| whole.contains(&path[..=at]));
    found.into_iter().filter(|one| !is_part(&one.path)).collect()
}

/// The same change of both languages is one.
fn both_languages(found: Vec<Difference>) -> Vec<Difference> {
    let mut told: Vec<Difference> = Vec::new();
    for one in found {
        match told.last_mut() {
            Some(last) if are_twins(last, &one) => {
                let outer: usize = last.path.len() - ".ja".len();
                last.path.truncate(outer);
            }
            _ => told.push(one),
        }
    }
    told
}

fn are_twins(ja: &Difference, en: &Difference) -> bool {
    let (outer, other): (Option<&str>, Option<&str>) = (ja.path.strip_suffix(".ja"), en.path.strip_suffix(".en"));
    outer.is_some() && outer == other && ja.before == en.before && ja.after == en.after
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::board::Row;
    use crate::panel::{Kind, Lines, Panel, Query};
    use crate::said::Said;
    use crate::sample::any_dashboard;
    use crate::variable::Variable;
    use proptest::prelude::*;

    fn panel(id: &str, expr: &str) -> Panel {
        let query = Query { expr: expr.to_owned(), ..Query::default() };
        Panel { id: id.to_owned(), title: Said::same(id), queries: vec![query], width: 6, height: 6, ..Panel::default() }
    }

    fn dashboard(panels: Vec<Panel>) -> Dashboard {
        Dashboard { title: Said::same("Host"), rows: vec![Row { panels, ..Row::default() }], ..Dashboard::default() }
    }

    fn told(before: &Dashboard, after: &Dashboard) -> Vec<String> {
        let line = |one: Difference| format!("{}: {} → {}", one.path, one.before, one.after);
        differences(before, after).into_iter().map(line).collect()
    }

    #[test]
    fn a_panel_that_comes_changes_nothing_about_the_others() {
        let before = dashboard(vec![panel("b", "up")]);
        let after = dashboard(vec![panel("a", "down"), panel("b", "up")]);
        assert_eq!(told(&before, &after), ["rows[0].panels: b → a, b", "panels[a]:  → a"]);
        assert_eq!(told(&after, &before), ["rows[0].panels: a, b → b", "panels[a]: a → "]);
    }

    #[test]
    fn a_changed_panel_is_told_by_what_changed() {
        let before = dashboard(vec![panel("a", "up")]);
        let mut after = dashboard(vec![panel("a", "down")]);
        after.rows[0].panels[0].kind = Kind::Lines(Lines::Bars);
        after.rows[0].panels[0].max = Some(0.5);
        after.title = Said { ja: "ホスト".to_owned(), en: "Host".to_owned() };
        let expected = [
            "title.ja: Host → ホスト",
            "panels[a].kind: line → bars",
            "panels[a].queries[0].expr: up → down",
            "panels[a].max:  → 0.5",
        ];
        assert_eq!(told(&before, &after), expected);
    }

    #[test]
    fn both_languages_are_told_once_where_they_changed_alike() {
        let mut after = dashboard(Vec::new());
        after.title = Said::same("Hosts");
        assert_eq!(told(&dashboard(Vec::new()), &after), ["title: Host → Hosts"]);
    }

    #[test]
    fn a_variable_is_told_by_its_name() {
        let variable = |name: &str| Variable { name: name.to_owned(), ..Variable::default() };
        let before = Dashboard { variables: vec![variable("host")], ..Dashboard::default() };
        let after = Dashboard { variables: vec![Variable { is_multi: true, ..variable("host") }], ..Dashboard::default() };
        assert_eq!(told(&before, &after), ["variables[host].is_multi: no → yes"]);
        assert_eq!(told(&after, &Dashboard::default()), ["variables: host → ", "variables[host]: host → "]);
    }

    proptest! {
        #[test]
        fn nothing_differs_exactly_when_they_are_equal(one in any_dashboard(), other in any_dashboard()) {
            prop_assert_eq!(differences(&one, &one), Vec::new());
            prop_assert_eq!(differences(&one, &other).is_empty(), one == other);
        }

        #[test]
        fn the_way_back_is_the_way_there_turned_round(one in any_dashboard(), other in any_dashboard()) {
            let turned = |found: Vec<Difference>| -> Vec<(String, String, String)> {
                let mut turned: Vec<(String, String, String)> =
                    found.into_iter().map(|one| (one.path, one.after, one.before)).collect();
                turned.sort();
                turned
            };
            let mut there: Vec<(String, String, String)> =
                differences(&one, &other).into_iter().map(|one| (one.path, one.before, one.after)).collect();
            there.sort();
            prop_assert_eq!(turned(differences(&other, &one)), there);
        }
    }
}
