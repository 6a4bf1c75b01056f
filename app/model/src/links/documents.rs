//! Addresses of documents.

use super::encode;
use crate::ids::{AlertId, AttachmentId, IncidentId, RunbookRunId};

/// What people write together.
pub const DOCUMENTS: &str = "/documents";
pub const NEW: &str = "/documents/new";
/// Branches of the tree, and who may do what there.
pub const SPACES: &str = "/documents/spaces";
pub const TRASH: &str = "/documents/trash";
/// Where a folder is brought in, and where its file is sent.
pub const IMPORT: &str = "/documents/import";
/// A space, or a part of it, as a file.
pub const EXPORT: &str = "/documents/export";
/// Files of documents: `/documents/files/<id>`.
pub const FILES: &str = "/documents/files";
/// Leads to the runbook of an alert: `/r/<alertname>`.
pub const RUNBOOK: &str = "/r";

/// One document, by its address or its number.
#[must_use]
pub fn document(slug: &str) -> String {
    format!("{DOCUMENTS}/{}", encode(slug))
}

/// A document, with word of what was just done there.
#[must_use]
pub fn done(slug: &str, done: &str) -> String {
    format!("{}?done={}", document(slug), encode(done))
}

/// The same on a screen below it (`edit`, `settings`, `history`).
#[must_use]
pub fn done_at(slug: &str, part: &str, done: &str) -> String {
    format!("{}/{part}?done={}", document(slug), encode(done))
}

/// A thread of its margin.
#[must_use]
pub fn thread(slug: &str, thread: i64) -> String {
    format!("{}#thread-{thread}", document(slug))
}

/// Where it is written, and where the field without script sends to.
#[must_use]
pub fn edit(slug: &str) -> String {
    format!("{}/edit", document(slug))
}

/// Where its text is drawn while it is written.
#[must_use]
pub fn preview(slug: &str) -> String {
    format!("{}/preview", document(slug))
}

/// Where files for it are sent.
#[must_use]
pub fn attach(slug: &str) -> String {
    format!("{}/files", document(slug))
}

#[must_use]
pub fn settings(slug: &str) -> String {
    format!("{}/settings", document(slug))
}

#[must_use]
pub fn history(slug: &str) -> String {
    format!("{}/history", document(slug))
}

/// What differs between two versions; 0: the text as it is now, or the one before.
#[must_use]
pub fn difference(slug: &str, old: i64, new: i64) -> String {
    let part = |name: &str, id: i64| if id > 0 { format!("{name}={id}") } else { String::new() };
    let pairs: Vec<String> = [part("old", old), part("new", new)].into_iter().filter(|pair| !pair.is_empty()).collect();
    let query: String = if pairs.is_empty() { String::new() } else { format!("?{}", pairs.join("&")) };
    format!("{}{query}#difference", history(slug))
}

/// Where a runbook is worked through: a run, or one that is to be begun.
#[must_use]
pub fn run(slug: &str, run: Option<RunbookRunId>) -> String {
    run.map_or_else(|| format!("{}/run", document(slug)), |run| format!("{}/run?run={run}", document(slug)))
}

/// A run that is to be begun for an alert.
#[must_use]
pub fn run_for_alert(slug: &str, alert: AlertId) -> String {
    format!("{}/run?alert={alert}", document(slug))
}

/// A run that is to be begun in an incident.
#[must_use]
pub fn run_in_incident(slug: &str, incident: IncidentId) -> String {
    format!("{}/run?incident={incident}", document(slug))
}

/// The form for a new document below another.
#[must_use]
pub fn new_below(parent: &str) -> String {
    format!("{NEW}?parent={}", encode(parent))
}

/// The form for the runbook of an alert.
#[must_use]
pub fn new_runbook(alertname: &str) -> String {
    format!("{NEW}?template=runbook&alertname={}", encode(alertname))
}

/// What `runbook_url` of a rule names.
#[must_use]
pub fn runbook(alertname: &str) -> String {
    format!("{RUNBOOK}/{}", encode(alertname))
}

/// A file of a document.
#[must_use]
pub fn file(id: AttachmentId) -> String {
    format!("{FILES}/{id}")
}

/// The whole tree of a space.
#[must_use]
pub fn space(slug: &str) -> String {
    format!("{DOCUMENTS}?space={}", encode(slug))
}

/// Documents with a label.
#[must_use]
pub fn labelled(label: &str) -> String {
    format!("{DOCUMENTS}?label={}", encode(label))
}

/// A space as a file; with a document, that one and what stands below it.
#[must_use]
pub fn export(space: &str, below: &str) -> String {
    let below: String = if below.is_empty() { String::new() } else { format!("&below={}", encode(below)) };
    format!("{EXPORT}?space={}{below}", encode(space))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_address_of_documents_is_printed_here() {
        let addresses = [
            (document("復旧手順"), "/documents/%E5%BE%A9%E6%97%A7%E6%89%8B%E9%A0%86"),
            (done("deploy", "saved"), "/documents/deploy?done=saved"),
            (done_at("deploy", "settings", "moved"), "/documents/deploy/settings?done=moved"),
            (thread("deploy", 7), "/documents/deploy#thread-7"),
            (edit("deploy"), "/documents/deploy/edit"),
            (preview("deploy"), "/documents/deploy/preview"),
            (attach("deploy"), "/documents/deploy/files"),
            (settings("deploy"), "/documents/deploy/settings"),
            (history("deploy"), "/documents/deploy/history"),
            (difference("deploy", 3, 0), "/documents/deploy/history?old=3#difference"),
            (difference("deploy", 3, 9), "/documents/deploy/history?old=3&new=9#difference"),
            (difference("deploy", 0, 0), "/documents/deploy/history#difference"),
            (run("deploy", None), "/documents/deploy/run"),
            (run("deploy", Some(RunbookRunId(7))), "/documents/deploy/run?run=RUN-7"),
            (run_for_alert("deploy", AlertId(7)), "/documents/deploy/run?alert=A-7"),
            (run_in_incident("deploy", IncidentId(7)), "/documents/deploy/run?incident=I-7"),
            (new_below("deploy"), "/documents/new?parent=deploy"),
            (new_runbook("HighCPU 5%"), "/documents/new?template=runbook&alertname=HighCPU%205%25"),
            (runbook("HighCPU"), "/r/HighCPU"),
            (file(AttachmentId(uuid::Uuid::nil())), "/documents/files/00000000-0000-0000-0000-000000000000"),
            (space("technical"), "/documents?space=technical"),
            (labelled("db"), "/documents?label=db"),
            (export("technical", ""), "/documents/export?space=technical"),
            (export("technical", "deploy"), "/documents/export?space=technical&below=deploy"),
        ];
        for (printed, expected) in addresses {
            assert_eq!(printed, expected);
        }
    }
}
