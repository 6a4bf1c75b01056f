//! What happens elsewhere after which pages may be wrong: files of a repository change, or something is released. A pipeline says so with a
//! token; pages say by patterns which files they are about.

use super::{Branch, PageRow, Refused, glob, history};
use crate::Documents;
use crate::error::Error;
use crate::needs::WorldError;
use crate::store::pages as store;
use kernel::{Grant, Tx};
use model::Time;
use model::access::WriteDocuments;
use model::ids::DocumentId;
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

/// Paths of one report, and bytes of one.
pub const MOST_PATHS: usize = 20_000;
pub const MAX_PATH: usize = 1_024;
/// Characters of what a report says of itself.
const MAX_WORD: usize = 300;
/// Paths that are named to whoever has to look.
const NAMED: usize = 20;

/// What a pipeline reports: `{"repository": "api", "reference": "v1.2.3", "url": "https://…", "paths": ["src/a.rs"], "is_release": false}`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Report {
    #[serde(default)]
    pub repository: String,
    /// A commit or a version.
    #[serde(default)]
    pub reference: String,
    #[serde(default)]
    pub url: String,
    /// What changed, from the top of the repository.
    #[serde(default)]
    pub paths: Vec<String>,
    /// Something was released: then every page of the branch for users has to be looked at.
    #[serde(default)]
    pub is_release: bool,
}

impl Documents {
    /// Files changed, or something was released: pages that are about it must be looked at, whoever may read them. Gives back those that nobody
    /// had to look at before.
    ///
    /// # Errors
    /// [`Refused::Large`], [`Refused::Empty`]. The database's, and the world's.
    pub async fn paths_changed(&self, grant: &Grant<WriteDocuments>, report: &Report) -> Result<Vec<DocumentId>, Error> {
        check(report)?;
        let named: Vec<(Uuid, Vec<String>)> = self.named_by(report).await?;
        let now: Time = self.clock.now();
        let mut tx: Tx = self.db.begin().await?;
        let mut asked: Vec<DocumentId> = Vec::new();
        for (id, paths) in named {
            let why: Value = why("paths", report, &paths);
            asked.extend(self.must_review_one(&mut tx, id, &why, grant, now).await?);
        }
        if report.is_release {
            let why: Value = why("release", report, &[]);
            for id in store::review::of_branch(&mut tx, Branch::User.as_str()).await? {
                asked.extend(self.must_review_one(&mut tx, id, &why, grant, now).await?);
            }
        }
        let body: Value = json!({
            "repository": report.repository,
            "reference": report.reference,
            "n_paths": report.paths.len(),
            "is_release": report.is_release,
            "n_documents": asked.len(),
        });
        history::append_of_all(&mut tx, history::PATHS_CHANGED, grant.actor(), now, body).await?;
        tx.commit().await?;
        Ok(asked)
    }

    /// Pages that are about what changed, with the paths that say so.
    async fn named_by(&self, report: &Report) -> Result<Vec<(Uuid, Vec<String>)>, Error> {
        let mut tx: Tx = self.db.begin().await?;
        let watching: Vec<(Uuid, Vec<String>)> = store::review::watching(&mut tx).await?;
        drop(tx);
        let paths: Vec<String> = report.paths.clone();
        // Many pages and a large report take a while; meanwhile others want to type, and no transaction waits.
        let looked = tokio::task::spawn_blocking(move || {
            let named = watching.into_iter().map(|(id, patterns)| (id, matching(&patterns, &paths)));
            named.filter(|(_, paths)| !paths.is_empty()).collect::<Vec<(Uuid, Vec<String>)>>()
        });
        looked.await.map_err(|error| WorldError { reason: error.to_string() }.into())
    }

    async fn must_review_one(
        &self,
        tx: &mut Tx,
        id: Uuid,
        why: &Value,
        grant: &Grant<WriteDocuments>,
        now: Time,
    ) -> Result<Option<DocumentId>, Error> {
        let found: Option<PageRow> = store::rows::one(tx, DocumentId(id)).await?;
        let Some(page) = found.filter(|page| page.trashed_at.is_none()) else {
            return Ok(None);
        };
        let is_new: bool = self.must_review(tx, &page, why, grant.actor(), now).await?;
        Ok(is_new.then_some(page.id))
    }
}

/// Paths of any of the patterns, as many as are named.
fn matching(patterns: &[String], paths: &[String]) -> Vec<String> {
    let is_meant = |path: &&String| patterns.iter().any(|pattern| glob::is_of(pattern, path));
    paths.iter().filter(is_meant).take(NAMED).cloned().collect()
}

fn why(what: &str, report: &Report, paths: &[String]) -> Value {
    json!({ "what": what, "repository": report.repository, "reference": report.reference, "url": web(&report.url), "paths": paths })
}

/// Anything else would be run, not opened, by who clicks it.
fn web(url: &str) -> Option<&str> {
    (url.starts_with("https://") || url.starts_with("http://")).then_some(url)
}

fn check(report: &Report) -> Result<(), Refused> {
    if report.paths.is_empty() && !report.is_release {
        return Err(Refused::Empty { what: "the list of paths" });
    }
    if report.paths.len() > MOST_PATHS {
        return Err(Refused::Large { what: "the list of paths", n: report.paths.len(), max: MOST_PATHS });
    }
    for (what, text, max) in [
        ("the repository", &report.repository, MAX_WORD),
        ("the reference", &report.reference, MAX_WORD),
        ("the address", &report.url, MAX_PATH),
    ] {
        if text.len() > max {
            return Err(Refused::Large { what, n: text.len(), max });
        }
    }
    match report.paths.iter().map(String::len).max() {
        Some(n) if n > MAX_PATH => Err(Refused::Large { what: "a path", n, max: MAX_PATH }),
        _ => Ok(()),
    }
}
