//! Dashboards with their versions: saved, copied, thrown away and brought back. What the release ships is there without ever having been
//! saved, as version 0.

use crate::Dashboards;
use crate::error::Error;
use crate::grafana::Import;
use crate::kept::{Listed, Origin, Removed, Stored, Version, Versioned, n_panels};
use crate::store::kept::{self as store, NewVersion, Row};
use dashboard::{Dashboard, Problem, Said};
use kernel::{Fact, Grant, Tx, facts};
use model::access::{EditDashboards, ReadConsole};
use model::ids::PersonId;
use model::{Actor, Time};
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashSet};

/// Characters of what is said about a version.
pub const MOST_COMMENT: usize = 1_000;
/// Characters of a slug.
const MOST_SLUG: usize = 64;

pub(crate) const SAVED: &str = "DashboardSaved";
const REMOVED: &str = "DashboardRemoved";
const REVIVED: &str = "DashboardRevived";

/// A version to be saved.
pub(crate) struct Saving<'a> {
    pub(crate) dashboard: &'a Dashboard,
    pub(crate) comment: &'a str,
    pub(crate) origin: Origin,
    pub(crate) import: Option<&'a Import>,
}

impl<'a> Saving<'a> {
    pub(crate) fn by_hand(dashboard: &'a Dashboard, comment: &'a str) -> Self {
        Self { dashboard, comment, origin: Origin::Console, import: None }
    }
}

impl Dashboards {
    /// Everything that is not in the trash, by slug; whose list it is says what stands first in it.
    ///
    /// # Errors
    /// The database's.
    pub async fn all(&self, person: Option<PersonId>) -> Result<Vec<Listed>, Error> {
        let mut tx: Tx = self.db.begin().await?;
        let starred: HashSet<String> = match person {
            Some(person) => store::stars(&mut tx, person).await?.into_iter().collect(),
            None => HashSet::new(),
        };
        let rows: Vec<Row> = store::rows(&mut tx, None).await?;
        Ok(self.newest(rows).into_values().map(|stored| listed(stored, &starred)).collect())
    }

    /// The newest version of what is there, by slug: the rows over what is shipped.
    pub(crate) fn newest(&self, rows: Vec<Row>) -> BTreeMap<String, Stored> {
        let mut all: BTreeMap<String, Stored> =
            self.shipped.iter().map(|dashboard| (dashboard.slug.clone(), shipped(dashboard))).collect();
        for row in rows {
            match (row.removed, row.newest) {
                (Some(_), _) => drop(all.remove(&row.slug)),
                (None, Some(stored)) => drop(all.insert(row.slug, stored)),
                (None, None) => {}
            }
        }
        all
    }

    /// The newest version.
    ///
    /// # Errors
    /// [`Error::NotFound`], also for one in the trash. The database's.
    pub async fn one(&self, slug: &str) -> Result<Stored, Error> {
        let mut tx: Tx = self.db.begin().await?;
        self.one_in(&mut tx, slug).await
    }

    pub(crate) async fn one_in(&self, tx: &mut Tx, slug: &str) -> Result<Stored, Error> {
        match store::rows(tx, Some(slug)).await?.pop() {
            Some(Row { removed: Some(_), .. }) => Err(Error::NotFound(slug.to_owned())),
            Some(Row { newest: Some(stored), .. }) => Ok(stored),
            _ => self.shipped_one(slug).map(shipped).ok_or_else(|| Error::NotFound(slug.to_owned())),
        }
    }

    pub(crate) fn shipped_one(&self, slug: &str) -> Option<&Dashboard> {
        self.shipped.iter().find(|dashboard| dashboard.slug == slug)
    }

    /// Saves a version. `on` is the one it was written on; `None` makes a new dashboard. Says the new version's number.
    ///
    /// # Errors
    /// [`Error::Unlawful`], [`Error::Comment`], [`Error::Taken`], [`Error::Stale`], [`Error::NotFound`]. The database's.
    pub async fn save(
        &self,
        grant: &Grant<EditDashboards>,
        dashboard: &Dashboard,
        on: Option<i64>,
        comment: &str,
    ) -> Result<i64, Error> {
        let mut tx: Tx = self.db.begin().await?;
        let version: i64 = self.save_in(&mut tx, grant.actor(), &Saving::by_hand(dashboard, comment), on).await?;
        tx.commit().await?;
        Ok(version)
    }

    /// The same in the caller's transaction.
    pub(crate) async fn save_in(&self, tx: &mut Tx, actor: &Actor, saving: &Saving<'_>, on: Option<i64>) -> Result<i64, Error> {
        lawful(saving.dashboard)?;
        if saving.comment.chars().count() > MOST_COMMENT {
            return Err(Error::Comment(MOST_COMMENT));
        }
        store::lock(tx).await?;
        let slug: &str = &saving.dashboard.slug;
        let newest: i64 = match on {
            None => self.free_number(tx, slug).await?,
            Some(on) => unmoved(self.one_in(tx, slug).await?, on)?,
        };
        self.write(tx, actor, saving, newest + 1).await
    }

    /// Writes a version without asking what is there.
    pub(crate) async fn write(&self, tx: &mut Tx, actor: &Actor, saving: &Saving<'_>, version: i64) -> Result<i64, Error> {
        let now: Time = self.clock.now();
        let notes = saving.import.map_or(&[][..], |import| &import.not_mapped);
        let Saving { dashboard, comment, origin, .. } = *saving;
        store::write(tx, &NewVersion { dashboard, version, origin, comment, notes, by: actor.name(), at: now }).await?;
        let body: Value = json!({ "version": version, "title": dashboard.title, "comment": comment });
        tell(tx, SAVED, &dashboard.slug, body, actor, now).await?;
        Ok(version)
    }

    /// The number before the first version of a new dashboard. What lies in the trash still has its slug.
    async fn free_number(&self, tx: &mut Tx, slug: &str) -> Result<i64, Error> {
        let is_there: bool = self.shipped_one(slug).is_some() || !store::rows(tx, Some(slug)).await?.is_empty();
        if is_there { Err(Error::Taken(slug.to_owned())) } else { Ok(0) }
    }

    /// Keeps what was made of Grafana's, with what had no meaning here. Says its slug, made free, and its version.
    ///
    /// # Errors
    /// As [`Dashboards::save`].
    pub async fn import(&self, grant: &Grant<EditDashboards>, import: &Import, comment: &str) -> Result<(String, i64), Error> {
        let mut tx: Tx = self.db.begin().await?;
        let mut dashboard: Dashboard = import.dashboard.clone();
        dashboard.slug = self.free_slug(&mut tx, &dashboard.slug).await?;
        let saving = Saving { dashboard: &dashboard, comment, origin: Origin::Grafana, import: Some(import) };
        let version: i64 = self.save_in(&mut tx, grant.actor(), &saving, None).await?;
        tx.commit().await?;
        Ok((dashboard.slug, version))
    }

    /// Saves an older version as the newest; 0 is what the release ships.
    ///
    /// # Errors
    /// [`Error::NotFound`]. The database's.
    pub async fn restore(&self, grant: &Grant<EditDashboards>, slug: &str, version: i64) -> Result<i64, Error> {
        let mut tx: Tx = self.db.begin().await?;
        store::lock(&mut tx).await?;
        let newest: i64 = self.one_in(&mut tx, slug).await?.version;
        let old: Versioned = self.version_in(&mut tx, slug, version).await?;
        let comment: String = format!("← {version}");
        let saving = Saving::by_hand(&old.dashboard, &comment);
        let version: i64 = self.save_in(&mut tx, grant.actor(), &saving, Some(newest)).await?;
        tx.commit().await?;
        Ok(version)
    }

    /// Makes another dashboard like this one. Says its slug.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Unlawful`] when the title is. The database's.
    pub async fn copy(&self, grant: &Grant<EditDashboards>, slug: &str, title: &Said) -> Result<String, Error> {
        let mut tx: Tx = self.db.begin().await?;
        store::lock(&mut tx).await?;
        let mut dashboard: Dashboard = self.one_in(&mut tx, slug).await?.dashboard;
        dashboard.title = title.clone();
        let wish: String = slug_of(&title.en).unwrap_or_else(|| format!("copy-of-{slug}"));
        dashboard.slug = self.free_slug(&mut tx, &wish).await?;
        self.save_in(&mut tx, grant.actor(), &Saving::by_hand(&dashboard, ""), None).await?;
        tx.commit().await?;
        Ok(dashboard.slug)
    }

    /// The first of `wish`, `wish-2`, `wish-3` … that nobody has.
    async fn free_slug(&self, tx: &mut Tx, wish: &str) -> Result<String, Error> {
        let wish: &str = &wish[..wish.len().min(MOST_SLUG - 6)];
        let mut taken: HashSet<String> = self.shipped.iter().map(|dashboard| dashboard.slug.clone()).collect();
        taken.extend(store::rows(tx, None).await?.into_iter().map(|row| row.slug));
        let more = (2_u64..).map(|number| format!("{wish}-{number}"));
        Ok(std::iter::once(wish.to_owned()).chain(more).find(|slug| !taken.contains(slug)).unwrap_or_default())
    }

    /// Puts a dashboard in the trash, also one that the release ships.
    ///
    /// # Errors
    /// [`Error::NotFound`]. The database's.
    pub async fn remove(&self, grant: &Grant<EditDashboards>, slug: &str) -> Result<(), Error> {
        let now: Time = self.clock.now();
        let mut tx: Tx = self.db.begin().await?;
        store::lock(&mut tx).await?;
        self.one_in(&mut tx, slug).await?;
        store::set_removed(&mut tx, slug, Some((now, grant.actor().name()))).await?;
        tell(&mut tx, REMOVED, slug, json!({}), grant.actor(), now).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Takes a dashboard out of the trash.
    ///
    /// # Errors
    /// [`Error::NotFound`] when it does not lie there. The database's.
    pub async fn revive(&self, grant: &Grant<EditDashboards>, slug: &str) -> Result<(), Error> {
        let now: Time = self.clock.now();
        let mut tx: Tx = self.db.begin().await?;
        store::lock(&mut tx).await?;
        let row: Option<Row> = store::rows(&mut tx, Some(slug)).await?.pop();
        if row.is_none_or(|row| row.removed.is_none()) {
            return Err(Error::NotFound(slug.to_owned()));
        }
        store::set_removed(&mut tx, slug, None).await?;
        tell(&mut tx, REVIVED, slug, json!({}), grant.actor(), now).await?;
        tx.commit().await?;
        Ok(())
    }

    /// What lies in the trash, the newest first.
    ///
    /// # Errors
    /// The database's.
    pub async fn removed(&self) -> Result<Vec<Removed>, Error> {
        let mut tx: Tx = self.db.begin().await?;
        let rows: Vec<Row> = store::rows(&mut tx, None).await?;
        let mut removed: Vec<Removed> = rows.into_iter().filter_map(|row| self.trashed(row)).collect();
        removed.sort_by_key(|removed| std::cmp::Reverse(removed.at));
        Ok(removed)
    }

    fn trashed(&self, row: Row) -> Option<Removed> {
        let (at, by): (Time, String) = row.removed?;
        let dashboard: Dashboard = match row.newest {
            Some(stored) => stored.dashboard,
            None => self.shipped_one(&row.slug)?.clone(),
        };
        let n_panels: usize = n_panels(&dashboard);
        Some(Removed { slug: row.slug, title: dashboard.title, at, by: Some(by), n_panels })
    }

    /// Puts a dashboard first in somebody's list, or no longer.
    ///
    /// # Errors
    /// [`Error::NotFound`]. The database's.
    pub async fn star(&self, _grant: &Grant<ReadConsole>, person: PersonId, slug: &str, is_starred: bool) -> Result<(), Error> {
        let mut tx: Tx = self.db.begin().await?;
        self.one_in(&mut tx, slug).await?;
        store::set_star(&mut tx, person, slug, is_starred).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Whether somebody has put it first.
    ///
    /// # Errors
    /// The database's.
    pub async fn is_starred(&self, person: PersonId, slug: &str) -> Result<bool, Error> {
        let mut tx: Tx = self.db.begin().await?;
        Ok(store::stars(&mut tx, person).await?.iter().any(|starred| starred == slug))
    }

    /// Its versions, the newest first; one that the release ships ends with 0.
    ///
    /// # Errors
    /// [`Error::NotFound`]. The database's.
    pub async fn versions(&self, slug: &str) -> Result<Vec<Version>, Error> {
        let mut tx: Tx = self.db.begin().await?;
        self.one_in(&mut tx, slug).await?;
        let mut versions: Vec<Version> = store::versions(&mut tx, slug).await?;
        versions.extend(self.shipped_one(slug).map(|_| Version::shipped()));
        Ok(versions)
    }

    /// One version, whole.
    ///
    /// # Errors
    /// [`Error::NotFound`]. The database's.
    pub async fn version(&self, slug: &str, version: i64) -> Result<Versioned, Error> {
        let mut tx: Tx = self.db.begin().await?;
        self.version_in(&mut tx, slug, version).await
    }

    async fn version_in(&self, tx: &mut Tx, slug: &str, version: i64) -> Result<Versioned, Error> {
        let found: Option<Versioned> = match (version, self.shipped_one(slug)) {
            (0, Some(dashboard)) => {
                Some(Versioned { version: Version::shipped(), dashboard: dashboard.clone(), notes: Vec::new() })
            }
            _ => store::version(tx, slug, version).await?,
        };
        found.ok_or_else(|| Error::NotFound(slug.to_owned()))
    }
}

fn listed(stored: Stored, starred: &HashSet<String>) -> Listed {
    let is_starred: bool = starred.contains(&stored.dashboard.slug);
    Listed::of(stored, is_starred)
}

/// What the release ships, as if it were kept.
pub(crate) fn shipped(dashboard: &Dashboard) -> Stored {
    Stored { dashboard: dashboard.clone(), version: 0, origin: Origin::Shipped, at: None, by: None }
}

/// That it keeps the laws.
pub(crate) fn lawful(dashboard: &Dashboard) -> Result<(), Error> {
    let problems: Vec<Problem> = dashboard::check(dashboard);
    if problems.is_empty() { Ok(()) } else { Err(Error::Unlawful(problems)) }
}

/// The newest version's number, where it is the one that was looked at.
fn unmoved(newest: Stored, on: i64) -> Result<i64, Error> {
    if newest.version == on {
        return Ok(on);
    }
    Err(Error::Stale { newest: newest.version, by: newest.by.unwrap_or_default(), at: newest.at })
}

/// The end of an address made of a title: its Latin letters and digits.
fn slug_of(title: &str) -> Option<String> {
    let plain = |letter: char| if letter.is_ascii_alphanumeric() { letter.to_ascii_lowercase() } else { '-' };
    let dashed: String = title.chars().map(plain).collect();
    let words: Vec<&str> = dashed.split('-').filter(|word| !word.is_empty()).collect();
    let slug: String = words.join("-");
    (!slug.is_empty()).then_some(slug)
}

pub(crate) async fn tell(tx: &mut Tx, kind: &'static str, slug: &str, body: Value, actor: &Actor, at: Time) -> Result<(), Error> {
    facts::append(tx, &Fact { kind, actor, subject: format!("dashboard/{slug}"), body, at }).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::slug_of;

    #[test]
    fn a_title_becomes_the_end_of_an_address() {
        for (title, slug) in
            [("Web & API (EU)", Some("web-api-eu")), ("  見守り  ", None), ("見守り 2", Some("2")), ("--x--", Some("x"))]
        {
            assert_eq!(slug_of(title).as_deref(), slug, "{title}");
        }
    }
}
