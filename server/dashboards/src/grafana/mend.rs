//! Takes out what breaks a law of ours, and notes it: what is imported can be saved.

use super::{Importer, both};
use dashboard::{Dashboard, MOST_TEXT, Offer, Problem, Said, check};
use std::collections::BTreeSet;

/// Taking out one thing may break another (a panel without queries); each round leaves less.
const MOST_ROUNDS: usize = 6;

/// A query: row, panel and its own place.
type Query = (usize, usize, usize);

/// The dashboard without what is wrong with it.
pub(super) fn mended(mut dashboard: Dashboard, importer: &mut Importer) -> Dashboard {
    for _ in 0..MOST_ROUNDS {
        let problems: Vec<Problem> = check(&dashboard);
        if problems.is_empty() {
            return dashboard;
        }
        mend(&mut dashboard, &problems, importer);
    }
    // Whatever is still wrong can only be said of what is there.
    if !check(&dashboard).is_empty() {
        let why: Said = both("写した結果が規則に合いません", "what came of it breaks a law");
        importer.note("panels", "panels", why);
        dashboard.rows.clear();
        dashboard.variables.clear();
        dashboard.links.clear();
    }
    dashboard
}

fn mend(dashboard: &mut Dashboard, problems: &[Problem], importer: &mut Importer) {
    let mut queries: BTreeSet<Query> = BTreeSet::new();
    let mut panels: BTreeSet<(usize, usize)> = BTreeSet::new();
    for problem in problems {
        let numbers: Vec<usize> = numbers(&problem.path);
        match (problem.path.as_str(), numbers.as_slice()) {
            (path, [index, ..]) if path.starts_with("variables[") => variable(dashboard, *index, problem, importer),
            (path, [row, panel, query]) if path.contains("].queries[") => {
                if queries.insert((*row, *panel, *query)) {
                    told_query(dashboard, (*row, *panel, *query), problem, importer);
                }
            }
            (path, [row, panel, ..]) if path.ends_with(".repeat") => {
                told_panel(dashboard, (*row, *panel), problem, importer);
                dashboard.rows[*row].panels[*panel].repeat = None;
            }
            (path, [row]) if path.ends_with(".repeat") => {
                importer.note(&format!("rows[{row}].repeat"), &problem.sentence(), why());
                dashboard.rows[*row].repeat = None;
            }
            (path, [row, panel, _]) if path.contains("].links[") => {
                told_panel(dashboard, (*row, *panel), problem, importer);
                dashboard.rows[*row].panels[*panel].links.clear();
            }
            (_, [row, panel, ..]) => {
                if panels.insert((*row, *panel)) {
                    told_panel(dashboard, (*row, *panel), problem, importer);
                }
            }
            _ => elsewhere(dashboard, problem, importer),
        }
    }
    take_out(dashboard, &queries, &panels);
}

/// `rows[1].panels[0].queries[2].expr` is 1, 0, 2.
fn numbers(path: &str) -> Vec<usize> {
    path.split(['[', ']']).filter_map(|part| part.parse::<usize>().ok()).collect()
}

fn why() -> Said {
    both("この形ではここで使えません", "can't be used here as it is")
}

fn told_panel(dashboard: &Dashboard, place: (usize, usize), problem: &Problem, importer: &mut Importer) {
    let Some(panel) = dashboard.rows.get(place.0).and_then(|row| row.panels.get(place.1)) else { return };
    let path: String = importer.came_from.get(&panel.id).cloned().unwrap_or_else(|| problem.path.clone());
    importer.note(&path, &problem.sentence(), why());
}

fn told_query(dashboard: &Dashboard, place: Query, problem: &Problem, importer: &mut Importer) {
    let Some(panel) = dashboard.rows.get(place.0).and_then(|row| row.panels.get(place.1)) else { return };
    let path: String = importer.came_from.get(&panel.id).cloned().unwrap_or_default();
    let expr: &str = panel.queries.get(place.2).map_or("", |query| query.expr.as_str());
    let said = Said {
        ja: format!("この式はここでは使えません（{}）", problem.sentence()),
        en: format!("this expression can't be used here: {}", problem.sentence()),
    };
    importer.note(&format!("{path}.targets"), expr, said);
}

fn variable(dashboard: &mut Dashboard, index: usize, problem: &Problem, importer: &mut Importer) {
    let Some(variable) = dashboard.variables.get_mut(index) else { return };
    if variable.offer == Offer::Text {
        return;
    }
    let said = Said {
        ja: format!("値を入力する欄にしました（{}）", problem.sentence()),
        en: format!("it became a field to type into: {}", problem.sentence()),
    };
    importer.note("templating.list", &variable.name, said);
    variable.offer = Offer::Text;
}

/// What is wrong with the dashboard itself.
fn elsewhere(dashboard: &mut Dashboard, problem: &Problem, importer: &mut Importer) {
    importer.note(&problem.path, &problem.sentence(), why());
    if problem.path.starts_with("links") {
        dashboard.links.clear();
    } else if problem.path.starts_with("tags") {
        dashboard.tags.clear();
    } else if problem.path.starts_with("description") && dashboard.description.en.len() > MOST_TEXT {
        dashboard.description = Said::default();
    } else if problem.path == "span" {
        dashboard.span = dashboard::Span::default();
    } else if problem.path == "refresh" {
        dashboard.refresh = dashboard::Refresh::Off;
    }
}

/// From the back, so that the places of what is still to come stay right.
fn take_out(dashboard: &mut Dashboard, queries: &BTreeSet<Query>, panels: &BTreeSet<(usize, usize)>) {
    for (row, panel, query) in queries.iter().rev() {
        dashboard.rows[*row].panels[*panel].take_query_out(*query);
    }
    for (row, panel) in panels.iter().rev() {
        dashboard.rows[*row].panels.remove(*panel);
    }
}
