//! A dashboard without its panels as a form, a row as a form, and back.

use super::fields::{Filling, Reading, duration_text, in_row};
use ::api::dashboards::editing::EditForm;
use dashboard::{Dashboard, Problem, Refresh, Row, Span};

/// What the refresh says besides a duration.
const LIVE: &str = "live";
const OFF: &str = "off";

/// Settings that were read of a form.
pub struct ReadSettings {
    settings: Dashboard,
    pub wrong: Vec<Problem>,
    /// The rows of the form in which its links stand.
    links: Vec<usize>,
}

/// The settings of a dashboard as a form.
pub fn filled(dashboard: &Dashboard) -> EditForm {
    let mut filling = Filling::default();
    filling.put_said("title", &dashboard.title);
    filling.put_said("description", &dashboard.description);
    filling.put("tags", &dashboard.tags.join("\n"));
    filling.put("team", dashboard.team.as_deref().unwrap_or_default());
    filling.put("span", &duration_text(dashboard.span.0));
    let refresh: String = match dashboard.refresh {
        Refresh::Live => LIVE.to_owned(),
        Refresh::Off => OFF.to_owned(),
        Refresh::Every(ms) => duration_text(ms),
    };
    filling.put("refresh", &refresh);
    filling.put_links(&dashboard.links);
    filling.form
}

/// What a form says.
pub fn read(form: &EditForm) -> ReadSettings {
    let mut reading = Reading::new(form);
    let links: Vec<usize> = reading.link_rows();
    let settings = Dashboard {
        title: reading.said("title"),
        description: reading.said("description"),
        tags: reading.lines("tags"),
        team: reading.option("team"),
        span: reading.duration("span").map_or_else(Span::default, Span),
        refresh: refresh(&mut reading),
        links: links.iter().map(|row| reading.link(*row)).collect(),
        ..Dashboard::default()
    };
    ReadSettings { settings, wrong: reading.wrong, links }
}

fn refresh(reading: &mut Reading<'_>) -> Refresh {
    match reading.text("refresh").as_str() {
        "" | LIVE => Refresh::Live,
        OFF => Refresh::Off,
        _ => reading.duration("refresh").map_or_else(Refresh::default, Refresh::Every),
    }
}

impl ReadSettings {
    /// Gives them to a dashboard.
    pub fn put(&self, dashboard: &mut Dashboard) {
        let settings: Dashboard = self.settings.clone();
        dashboard.title = settings.title;
        dashboard.description = settings.description;
        dashboard.tags = settings.tags;
        dashboard.team = settings.team;
        dashboard.span = settings.span;
        dashboard.refresh = settings.refresh;
        dashboard.links = settings.links;
    }

    /// The field in which a part of the dashboard is written.
    pub fn field(&self, path: &str) -> Option<String> {
        if path.starts_with("rows") || path.starts_with("variables") {
            return None;
        }
        let in_list: Option<String> = in_row(path, "links", "link", &self.links);
        Some(in_list.unwrap_or_else(|| match path {
            "title" => "title.ja".to_owned(),
            path if path.starts_with("tags") => "tags".to_owned(),
            path => path.to_owned(),
        }))
    }
}

/// Gives a row what its form says.
pub fn put_row(row: &mut Row, form: &EditForm) {
    let reading = Reading::new(form);
    row.title = reading.said("title");
    row.is_folded = reading.flag("folded");
    row.repeat = reading.option("repeat");
}

#[cfg(test)]
mod tests {
    use super::*;
    use dashboard::{Link, Said, Variable};

    fn full(refresh: Refresh) -> Dashboard {
        Dashboard {
            slug: "web".to_owned(),
            title: Said { ja: "ウェブ".to_owned(), en: "Web".to_owned() },
            description: Said::same("a\nb"),
            tags: vec!["http".to_owned(), "two words".to_owned()],
            team: Some("web".to_owned()),
            span: Span(21_600_000),
            refresh,
            links: vec![Link { title: Said::same("Book"), href: "/r/x".to_owned(), keeps_span: true }],
            variables: vec![Variable::default()],
            rows: vec![Row::default()],
        }
    }

    #[test]
    fn settings_come_back_from_their_form_and_leave_the_rest_alone() {
        for refresh in [Refresh::Live, Refresh::Off, Refresh::Every(30_000)] {
            let board: Dashboard = full(refresh);
            let read: ReadSettings = read(&filled(&board));
            assert!(read.wrong.is_empty(), "{:?}", read.wrong);
            let mut other = Dashboard { slug: "web".to_owned(), ..full(Refresh::Live) };
            (other.title, other.links, other.tags) = (Said::default(), Vec::new(), Vec::new());
            read.put(&mut other);
            assert_eq!(other, board);
        }
    }

    #[test]
    fn what_is_wrong_stands_at_its_field() {
        let pairs = [("span", "long"), ("refresh", "soon"), ("link.4.href", "x")];
        let form: EditForm = pairs.into_iter().map(|(field, text)| (field.to_owned(), text.to_owned())).collect();
        let read: ReadSettings = read(&form);
        let wrong: Vec<&str> = read.wrong.iter().map(|problem| problem.path.as_str()).collect();
        assert_eq!(wrong, ["span", "refresh"]);
        for (path, field) in [
            ("links[0].href", Some("link.4.href")),
            ("tags[2]", Some("tags")),
            ("title", Some("title.ja")),
            ("refresh", Some("refresh")),
            ("rows[0].title.ja", None),
        ] {
            assert_eq!(read.field(path).as_deref(), field, "{path}");
        }
    }

    #[test]
    fn a_row_is_what_its_form_says() {
        let mut row = Row { is_folded: true, repeat: Some("job".to_owned()), ..Row::default() };
        let form: EditForm = EditForm::from([("title.ja".to_owned(), " 通信 ".to_owned())]);
        put_row(&mut row, &form);
        assert_eq!((row.title.ja.as_str(), row.is_folded, row.repeat), ("通信", false, None));
    }
}
