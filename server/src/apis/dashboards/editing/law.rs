//! The laws of dashboards, told at the fields of a form in the reader's language.

use ::api::dashboards::editing::view::FieldWrong;
use dashboard::{Dashboard, Panel, Problem, Said};
use figures::Locale;

/// Things that are told at once. A form of nothing but mistakes is read again after the first of them.
const MOST: usize = 20;

pub fn both(ja: impl Into<String>, en: impl Into<String>) -> Said {
    Said { ja: ja.into(), en: en.into() }
}

/// Which field of a form a part of a dashboard stands in; `None` where it stands in none of them.
pub type FieldOf<'a> = dyn Fn(&str) -> Option<String> + Send + Sync + 'a;

/// What is wrong with a dashboard once a form is in it, at the fields of that form.
pub fn wrong(dashboard: &Dashboard, locale: Locale, field: &FieldOf<'_>) -> Vec<FieldWrong> {
    let told = |problem: &Problem| match field(&problem.path) {
        Some(field) => FieldWrong { field, said: sentence(problem, locale), at: problem.at },
        None => FieldWrong::new("", &elsewhere(problem, dashboard, locale)),
    };
    dashboard::check(dashboard).iter().take(MOST).map(told).collect()
}

/// What could not be read of a form.
pub fn unread(problems: &[Problem], locale: Locale) -> Vec<FieldWrong> {
    problems.iter().take(MOST).map(|problem| FieldWrong::new(&problem.path, &sentence(problem, locale))).collect()
}

/// What is wrong, as one sentence.
pub fn sentence(problem: &Problem, locale: Locale) -> String {
    let (expected, said): (&str, &str) = (problem.expected.read(locale), problem.said.read(locale));
    match (locale, expected.is_empty(), said.is_empty()) {
        (Locale::Ja, true, _) => format!("{said}。"),
        (Locale::Ja, false, true) => format!("{expected}が必要です。"),
        (Locale::Ja, false, false) => format!("{expected}が必要です（入力: {said}）。"),
        (Locale::En, true, _) => format!("{}.", capital(said)),
        (Locale::En, false, true) => format!("Expected {expected}."),
        (Locale::En, false, false) => format!("Expected {expected}, found {said}."),
    }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// What became wrong somewhere else: a variable that a panel names is gone.
fn elsewhere(problem: &Problem, dashboard: &Dashboard, locale: Locale) -> String {
    let said: String = sentence(problem, locale);
    match (panel_at(&problem.path, dashboard), locale) {
        (Some(panel), Locale::Ja) => format!("パネル「{}」: {said}", called(panel, locale)),
        (Some(panel), Locale::En) => format!("Panel “{}”: {said}", called(panel, locale)),
        (None, _) => said,
    }
}

fn called(panel: &Panel, locale: Locale) -> &str {
    let title: &str = panel.title.read(locale);
    if title.is_empty() { &panel.id } else { title }
}

/// The panel that a path such as `rows[1].panels[0].queries[0].expr` leads into.
fn panel_at<'d>(path: &str, dashboard: &'d Dashboard) -> Option<&'d Panel> {
    let (row, rest): (&str, &str) = path.strip_prefix("rows[")?.split_once("].panels[")?;
    let (panel, _): (&str, &str) = rest.split_once(']')?;
    dashboard.rows.get(row.parse::<usize>().ok()?)?.panels.get(panel.parse::<usize>().ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use dashboard::{Query, Row};

    fn board(expr: &str) -> Dashboard {
        let queries = vec![Query { expr: expr.to_owned(), ..Query::default() }];
        let title: Said = both("CPU使用率", "CPU");
        let panel = Panel { id: "cpu".to_owned(), title, queries, width: 12, height: 7, ..Panel::default() };
        let rows = vec![Row { panels: vec![panel], ..Row::default() }];
        Dashboard { slug: "web".to_owned(), title: Said::same("Web"), rows, ..Dashboard::default() }
    }

    #[test]
    fn what_is_wrong_stands_at_its_field_with_its_place() {
        let field = |path: &str| path.strip_prefix("rows[0].panels[0].").map(str::to_owned);
        let found = wrong(&board("up +"), Locale::Ja, &field);
        assert!(found[0].field == "queries[0].expr" && found[0].at.is_some(), "{found:?}");
        assert!(wrong(&board("up"), Locale::Ja, &field).is_empty());
    }

    #[test]
    fn what_is_wrong_elsewhere_names_its_panel() {
        let found = wrong(&board("up{job=\"$job\"}"), Locale::Ja, &|_: &str| None);
        assert!(found[0].field.is_empty() && found[0].said.starts_with("パネル「CPU使用率」: "), "{found:?}");
        let found = wrong(&board("up{job=\"$job\"}"), Locale::En, &|_: &str| None);
        assert!(found[0].said.starts_with("Panel “CPU”: Expected"), "{found:?}");
    }

    #[test]
    fn a_sentence_is_whole_in_both_languages() {
        let problem = |expected: Said, said: Said| Problem { path: String::new(), said, expected, at: None };
        let some = problem(both("数値", "a number"), Said::same("\"x\""));
        assert_eq!(sentence(&some, Locale::Ja), "数値が必要です（入力: \"x\"）。");
        assert_eq!(sentence(&some, Locale::En), "Expected a number, found \"x\".");
        let said = problem(Said::default(), both("誤り", "in the expression: wrong"));
        assert_eq!(sentence(&said, Locale::Ja), "誤り。");
        assert_eq!(sentence(&said, Locale::En), "In the expression: wrong.");
        assert_eq!(sentence(&problem(both("題名", "a title"), Said::default()), Locale::En), "Expected a title.");
    }
}
