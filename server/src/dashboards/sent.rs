//! A file of dashboards told apart by what stands in it: Grafana's JSON, or YAML of ours.

use dashboard::Dashboard;
use dashboards::file::{self, DashboardFile, FileProblems, FromFile};
use dashboards::grafana::{self, Import, Unreadable};
use thiserror::Error;

/// What a file is.
#[derive(Debug)]
pub(super) enum Sent {
    Grafana(Box<Import>),
    Ours(Vec<Dashboard>),
}

/// Why it is neither.
#[derive(Debug, Error)]
pub(super) enum Unread {
    #[error(transparent)]
    Grafana(Unreadable),
    #[error(transparent)]
    Ours(FileProblems),
}

/// Reads a text as what it is; `name` is how its mistakes call it. YAML may be written with braces like JSON: what is not Grafana's
/// and names `dashboards` is ours.
pub(super) fn told_apart(name: &str, text: &str) -> Result<Sent, Unread> {
    let text: &str = text.trim_start_matches('\u{feff}');
    if !text.trim_start().starts_with('{') {
        return ours(name, text);
    }
    match grafana::read(text) {
        Ok(import) => Ok(Sent::Grafana(Box::new(import))),
        Err(_) if file::is_ours(text) => ours(name, text),
        Err(unreadable) => Err(Unread::Grafana(unreadable)),
    }
}

fn ours(name: &str, text: &str) -> Result<Sent, Unread> {
    let found: Vec<FromFile> =
        file::read(&[DashboardFile { name: name.to_owned(), text: text.to_owned() }]).map_err(Unread::Ours)?;
    Ok(Sent::Ours(found.into_iter().map(|one| one.dashboard).collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const OURS: &str = "dashboards: [{slug: web, title: Web, panels: [{id: a, title: A, queries: [up]}]}]";

    fn slugs(text: &str) -> Vec<String> {
        match told_apart("sent", text).unwrap() {
            Sent::Grafana(import) => vec![format!("grafana {}", import.dashboard.slug)],
            Sent::Ours(all) => all.into_iter().map(|one| one.slug).collect(),
        }
    }

    #[test]
    fn a_file_is_told_by_what_stands_in_it() {
        assert_eq!(slugs(r#"{"title": "Linux hosts", "panels": []}"#), ["grafana linux-hosts"]);
        assert_eq!(slugs("\u{feff} \n{\"dashboard\": {\"title\": \"A\", \"panels\": []}, \"meta\": {}}"), ["grafana a"]);
        assert_eq!(slugs(OURS), ["web"]);
        assert_eq!(slugs(&format!("{{{OURS}}}")), ["web"], "YAML in braces");
    }

    #[test]
    fn what_is_neither_is_told_where_it_goes_wrong() {
        let mistake = |text: &str| told_apart("sent", text).unwrap_err().to_string();
        assert!(mistake("{\"title\": ").contains("line 1"), "{}", mistake("{\"title\": "));
        assert!(mistake("{\"title\": \"A\"}").starts_with("expected a Grafana dashboard"));
        assert!(mistake("dashboards:\n  - slug: Web\n").starts_with("sent:2:"), "{}", mistake("dashboards:\n  - slug: Web\n"));
        assert!(mistake("hello").starts_with("sent:1:1: "));
    }
}
