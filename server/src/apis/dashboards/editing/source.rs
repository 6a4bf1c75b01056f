//! The whole of a dashboard as a text.

use ::api::dashboards::editing::view::SourceWrong;
use dashboard::Dashboard;
use dashboards::file::{DashboardFile, FileProblem, FileProblems, FromFile, read as read_files, to_yaml};
use figures::Locale;

/// Its file with this one dashboard in it.
pub fn text_of(dashboard: &Dashboard) -> String {
    to_yaml(std::slice::from_ref(dashboard))
}

/// The dashboard a text says. Its address stays: what leads to it would lead nowhere.
pub fn read(text: &str, slug: &str, locale: Locale) -> Result<Dashboard, Vec<SourceWrong>> {
    let file = DashboardFile { name: slug.to_owned(), text: text.replace("\r\n", "\n") };
    let found: Vec<FromFile> = read_files(std::slice::from_ref(&file)).map_err(|problems| wrong(&problems))?;
    let mut dashboards = found.into_iter().map(|one| one.dashboard);
    match (dashboards.next(), dashboards.next()) {
        (Some(one), None) if one.slug == slug => Ok(one),
        (Some(one), None) => Err(vec![at(&file.text, &one.slug, slug_stays(slug, locale))]),
        (_, second) => {
            let slug: String = second.map(|second| second.slug).unwrap_or_default();
            Err(vec![at(&file.text, &slug, one_alone(locale))])
        }
    }
}

fn wrong(problems: &FileProblems) -> Vec<SourceWrong> {
    let one = |problem: &FileProblem| SourceWrong { line: problem.line, column: problem.column, said: problem.message.clone() };
    problems.0.iter().map(one).collect()
}

/// Something about the dashboard of that address, at the line that says it.
fn at(text: &str, slug: &str, said: String) -> SourceWrong {
    let is_here = |line: &str| line.contains("slug:") && line.contains(slug);
    let found: Option<(usize, &str)> = text.lines().enumerate().find(|(_, line)| is_here(line));
    let (line, column): (usize, usize) = found.map_or((1, 1), |(index, line)| {
        let before: usize = line.find("slug:").map_or(0, |at| line[..at].chars().count());
        (index + 1, before + 1)
    });
    SourceWrong { line, column, said }
}

fn slug_stays(slug: &str, locale: Locale) -> String {
    match locale {
        Locale::Ja => format!("slug は \"{slug}\" のままにしてください。アドレスは変更できません。"),
        Locale::En => format!("The slug stays \"{slug}\": an address can't be changed."),
    }
}

fn one_alone(locale: Locale) -> String {
    match locale {
        Locale::Ja => "ダッシュボードは一つだけ書いてください。".to_owned(),
        Locale::En => "Write exactly one dashboard.".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use dashboard::{Panel, Query, Row, Said};

    fn board() -> Dashboard {
        let queries = vec![Query { expr: "up".to_owned(), ..Query::default() }];
        let panel = Panel { id: "up".to_owned(), queries, width: 12, height: 7, ..Panel::default() };
        let rows = vec![Row { panels: vec![panel], ..Row::default() }];
        Dashboard { slug: "web".to_owned(), title: Said::same("Web"), rows, ..Dashboard::default() }
    }

    #[test]
    fn a_source_comes_back_and_its_mistakes_have_a_place() {
        let text: String = text_of(&board());
        assert_eq!(read(&text, "web", Locale::Ja), Ok(board()));
        assert_eq!(read(&text.replace('\n', "\r\n"), "web", Locale::Ja), Ok(board()));
        let found = read(&text.replace("- up", "- up +"), "web", Locale::En).unwrap_err();
        let line: usize = text.lines().position(|line| line.contains("- up")).unwrap() + 1;
        assert_eq!(found[0].line, line, "{found:?}");
    }

    #[test]
    fn there_is_one_dashboard_and_its_address_stays() {
        let text: String = text_of(&board());
        let found = read(&text, "other", Locale::Ja).unwrap_err();
        assert_eq!((found[0].line, found[0].column), (2, 3), "{text}");
        let two: String = to_yaml(&[board(), Dashboard { slug: "second".to_owned(), ..board() }]);
        assert!(read(&two, "web", Locale::Ja).unwrap_err()[0].line > 2);
        assert_eq!(read("dashboards: []", "web", Locale::Ja).unwrap_err()[0].line, 1);
        assert!(!read("dashboards: [", "web", Locale::Ja).unwrap_err().is_empty());
    }
}
