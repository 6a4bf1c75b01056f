//! Dashboards of files put in force by `mimamori apply`. Of what no file tells nothing is changed: a dashboard that stands in none stays.

use crate::Dashboards;
use crate::error::Error;
use crate::file::FromFile;
use crate::keeping::Saving;
use crate::kept::{Origin, Stored};
use crate::store::kept as store;
use dashboard::Dashboard;
use kernel::{Grant, Tx};
use model::access::ApplyRules;
use std::collections::BTreeMap;
use std::fmt;

/// What applying changes: slugs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Planned {
    pub added: Vec<String>,
    pub changed: Vec<String>,
    pub same: Vec<String>,
    /// Of those that change, the ones that were saved by hand since.
    pub overwritten: Vec<String>,
}

impl Planned {
    /// Where there is no database yet.
    #[must_use]
    pub fn of_new(files: &[FromFile]) -> Self {
        Self { added: files.iter().map(|from| from.dashboard.slug.clone()).collect(), ..Self::default() }
    }

    fn of(there: &BTreeMap<String, Stored>, files: &[FromFile]) -> Self {
        let mut planned = Self::default();
        for FromFile { dashboard, .. } in files {
            let slug: String = dashboard.slug.clone();
            match there.get(&slug) {
                None => planned.added.push(slug),
                Some(stored) if is_same(stored, dashboard) => planned.same.push(slug),
                Some(stored) => {
                    if stored.origin == Origin::Console {
                        planned.overwritten.push(slug.clone());
                    }
                    planned.changed.push(slug);
                }
            }
        }
        planned
    }
}

fn is_same(stored: &Stored, dashboard: &Dashboard) -> bool {
    stored.dashboard == *dashboard
}

impl fmt::Display for Planned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.added.is_empty() && self.changed.is_empty() {
            return f.write_str("dashboards unchanged");
        }
        write!(f, "dashboards: {} added, {} changed, {} same", self.added.len(), self.changed.len(), self.same.len())?;
        for slug in &self.overwritten {
            write!(f, "\n  ! {slug}: overwrites what was saved in the console")?;
        }
        Ok(())
    }
}

impl Dashboards {
    /// What [`Dashboards::apply_in`] would change now. Changes nothing.
    ///
    /// # Errors
    /// The database's.
    pub async fn plan(&self, files: &[FromFile]) -> Result<Planned, Error> {
        let mut tx: Tx = self.db.begin().await?;
        match store::rows(&mut tx, None).await {
            Ok(rows) => Ok(Planned::of(&self.newest(rows), files)),
            // Nobody has made the schema yet.
            Err(Error::Db(error)) if is_new(&error) => Ok(Planned::of_new(files)),
            Err(error) => Err(error),
        }
    }

    /// Puts dashboards of files in force, in the caller's transaction. One that lies in the trash comes out of it.
    ///
    /// # Errors
    /// [`Error::Unlawful`]. The database's.
    pub async fn apply_in(&self, tx: &mut Tx, grant: &Grant<ApplyRules>, files: &[FromFile]) -> Result<Planned, Error> {
        store::lock(tx).await?;
        let rows = store::rows(tx, None).await?;
        let numbers: BTreeMap<String, i64> =
            rows.iter().map(|row| (row.slug.clone(), row.newest.as_ref().map_or(0, |newest| newest.version))).collect();
        let trashed: Vec<String> = rows.iter().filter(|row| row.removed.is_some()).map(|row| row.slug.clone()).collect();
        let planned = Planned::of(&self.newest(rows), files);
        for FromFile { dashboard, .. } in files.iter().filter(|from| !planned.same.contains(&from.dashboard.slug)) {
            crate::keeping::lawful(dashboard)?;
            if trashed.contains(&dashboard.slug) {
                store::set_removed(tx, &dashboard.slug, None).await?;
            }
            let saving = Saving { dashboard, comment: "", origin: Origin::File, import: None };
            let version: i64 = numbers.get(&dashboard.slug).copied().unwrap_or(0) + 1;
            self.write(tx, grant.actor(), &saving, version).await?;
        }
        Ok(planned)
    }
}

/// `undefined_table`.
fn is_new(error: &sqlx::Error) -> bool {
    error.as_database_error().and_then(|said| said.code()).is_some_and(|code| code == "42P01")
}
