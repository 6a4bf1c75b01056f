//! What the addresses of these screens ask. Pure.

use api::documents::form::BeginForm;
use api::documents::history::HistoryAsk;
use api::documents::run::RunAsk;
use api::documents::view::{DocumentAsk, DocumentsAsk};
use model::links;

/// One field of an address; empty where there is none.
#[must_use]
pub fn of(search: &str, name: &str) -> String {
    links::pairs(search).into_iter().find(|(known, _)| known == name).map(|(_, value)| value).unwrap_or_default()
}

/// What the list shows.
#[must_use]
pub fn list(search: &str) -> DocumentsAsk {
    DocumentsAsk { q: of(search, "q"), space: of(search, "space"), label: of(search, "label"), mine: of(search, "mine") }
}

/// Which document.
#[must_use]
pub fn one(id: &str, search: &str) -> DocumentAsk {
    DocumentAsk { id: id.to_owned(), all: of(search, "all") }
}

/// Which of its versions.
#[must_use]
pub fn versions(id: &str, search: &str) -> HistoryAsk {
    HistoryAsk {
        id: id.to_owned(),
        old: of(search, "old"),
        new: of(search, "new"),
        before: of(search, "before"),
        show: of(search, "show"),
    }
}

/// Which run.
#[must_use]
pub fn run(id: &str, search: &str) -> RunAsk {
    RunAsk { id: id.to_owned(), run: of(search, "run"), incident: of(search, "incident"), alert: of(search, "alert") }
}

/// What a new document is filled in with.
#[must_use]
pub fn beginning(search: &str) -> BeginForm {
    BeginForm {
        title: of(search, "title"),
        template: of(search, "template"),
        like: of(search, "like"),
        language: of(search, "language"),
        space: of(search, "space"),
        parent: of(search, "parent"),
        alertname: of(search, "alertname"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_is_read_from_the_address() {
        let ask = list("?q=%E5%BE%A9%E6%97%A7+db&space=technical&mine=1&x=2");
        assert_eq!(
            (ask.q.as_str(), ask.space.as_str(), ask.mine.as_str(), ask.label.as_str()),
            ("復旧 db", "technical", "1", "")
        );
        let form = beginning("template=runbook&alertname=HighCPU%205%25");
        assert_eq!((form.template.as_str(), form.alertname.as_str(), form.parent.as_str()), ("runbook", "HighCPU 5%", ""));
        assert_eq!(run("deploy", "run=RUN-7").run, "RUN-7");
        assert_eq!(versions("deploy", "?old=3&new=9").old, "3");
    }
}
