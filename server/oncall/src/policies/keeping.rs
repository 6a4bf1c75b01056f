//! Policies as they are kept: applied from files, saved by hand, removed. What runs is not touched: it has a copy of its own.

use super::file::{self, FileErrors, PolicyFile};
use super::{MAX_POLICIES, Policy, printer};
use crate::error::Error;
use crate::history;
use crate::store;
use kernel::{Clock, Db, Fact, Grant, Tx, facts};
use model::access::ApplyRules;
use model::{Actor, Time};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

/// A policy, and who wrote it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyRow {
    pub policy: Policy,
    pub version: i64,
    /// Came with files; the next files that don't have it take it away.
    pub is_from_file: bool,
    pub changed_by: String,
    pub changed_at: Time,
}

/// What applying files changes: the names of policies.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Planned {
    pub added: Vec<String>,
    pub changed: Vec<String>,
    /// Of those that change, the ones that were saved by hand since.
    pub overwritten: Vec<String>,
    pub removed: Vec<String>,
}

impl Planned {
    /// Of a database that has no policies.
    #[must_use]
    pub fn of_new(policies: &[Policy]) -> Self {
        Self { added: policies.iter().map(|policy| policy.name.clone()).collect(), ..Self::default() }
    }

    fn of(before: &[PolicyRow], wanted: &[Policy]) -> Self {
        let known: BTreeMap<&str, &PolicyRow> = before.iter().map(|row| (row.policy.name.as_str(), row)).collect();
        let mut planned = Self::default();
        for policy in wanted {
            match known.get(policy.name.as_str()) {
                None => planned.added.push(policy.name.clone()),
                Some(row) if row.policy == *policy && row.is_from_file => {}
                Some(row) => {
                    planned.changed.push(policy.name.clone());
                    if !row.is_from_file {
                        planned.overwritten.push(policy.name.clone());
                    }
                }
            }
        }
        let is_wanted = |row: &&PolicyRow| wanted.iter().any(|policy| policy.name == row.policy.name);
        let gone = before.iter().filter(|row| row.is_from_file && !is_wanted(row));
        planned.removed = gone.map(|row| row.policy.name.clone()).collect();
        planned
    }

    fn is_nothing(&self) -> bool {
        *self == Self::default()
    }
}

impl fmt::Display for Planned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_nothing() {
            return f.write_str("policies unchanged");
        }
        let (added, changed, removed) = (self.added.len(), self.changed.len(), self.removed.len());
        write!(f, "policies: {added} added, {changed} changed, {removed} removed")?;
        for name in &self.overwritten {
            write!(f, "\n  ! {name}: overwrites what was saved in the console")?;
        }
        Ok(())
    }
}

/// Policies as people see and change them. Needs nothing but the database, so commands have it too. Cheap to clone.
#[derive(Clone)]
pub struct Policies {
    db: Db,
    clock: Arc<dyn Clock>,
}

impl Policies {
    /// Over `db`.
    #[must_use]
    pub fn new(db: Db, clock: Arc<dyn Clock>) -> Self {
        Self { db, clock }
    }

    /// Reads and checks files without applying them. Which files of a directory are about policies says [`file::is_policies`].
    ///
    /// # Errors
    /// Every problem in all files, with file, line and column.
    pub fn check(files: &[PolicyFile]) -> Result<Vec<Policy>, FileErrors> {
        file::read(files)
    }

    /// Every policy, by name.
    ///
    /// # Errors
    /// The database's.
    pub async fn list(&self) -> Result<Vec<PolicyRow>, Error> {
        let mut tx: Tx = self.db.begin().await?;
        store::policies::list(&mut tx, None).await
    }

    /// The policy of that name.
    ///
    /// # Errors
    /// The database's.
    pub async fn one(&self, name: &str) -> Result<Option<PolicyRow>, Error> {
        let mut tx: Tx = self.db.begin().await?;
        Ok(store::policies::list(&mut tx, Some(name)).await?.pop())
    }

    /// All of them as one file that can be applied.
    ///
    /// # Errors
    /// The database's.
    pub async fn print(&self) -> Result<String, Error> {
        let policies: Vec<Policy> = self.list().await?.into_iter().map(|row| row.policy).collect();
        Ok(printer::print(&policies))
    }

    /// What [`Policies::apply`] would change now. Changes nothing.
    ///
    /// # Errors
    /// The database's.
    pub async fn plan(&self, wanted: &[Policy]) -> Result<Planned, Error> {
        let mut tx: Tx = self.db.begin().await?;
        match store::policies::list(&mut tx, None).await {
            Ok(before) => Ok(Planned::of(&before, wanted)),
            // Nobody has made the schema yet.
            Err(Error::Database(error)) if is_new(&error) => Ok(Planned::of_new(wanted)),
            Err(error) => Err(error),
        }
    }

    /// Puts policies of files in force, and takes away those that came with earlier files and are not in these. What was saved by hand
    /// stays, unless the files name it.
    ///
    /// # Errors
    /// [`Error::TooManyPolicies`]. The database's.
    pub async fn apply(&self, grant: &Grant<ApplyRules>, wanted: &[Policy]) -> Result<Planned, Error> {
        let mut tx: Tx = self.db.begin().await?;
        let planned: Planned = self.apply_in(&mut tx, grant, wanted).await?;
        tx.commit().await?;
        Ok(planned)
    }

    /// The same in the caller's transaction, with whatever else is applied together.
    ///
    /// # Errors
    /// As [`Policies::apply`].
    pub async fn apply_in(&self, tx: &mut Tx, grant: &Grant<ApplyRules>, wanted: &[Policy]) -> Result<Planned, Error> {
        let now: Time = self.clock.now();
        store::policies::lock(tx).await?;
        let before: Vec<PolicyRow> = store::policies::list(tx, None).await?;
        let planned: Planned = Planned::of(&before, wanted);
        if before.len() + planned.added.len() - planned.removed.len() > MAX_POLICIES {
            return Err(Error::TooManyPolicies { max: MAX_POLICIES });
        }
        for name in &planned.removed {
            remove(tx, name, grant.actor(), now).await?;
        }
        for policy in
            wanted.iter().filter(|policy| planned.added.contains(&policy.name) || planned.changed.contains(&policy.name))
        {
            let version: i64 = version_of(&before, &policy.name) + 1;
            write(tx, policy, version, true, grant.actor(), now).await?;
        }
        Ok(planned)
    }

    /// Saves one by hand. `version` is that of the policy that was looked at, `None` makes a new one. Says the new version.
    ///
    /// # Errors
    /// [`Error::Files`] says what is wrong with it; [`Error::PolicyTaken`], [`Error::NoPolicy`], [`Error::Stale`],
    /// [`Error::TooManyPolicies`]. The database's.
    pub async fn save(&self, grant: &Grant<ApplyRules>, policy: &Policy, version: Option<i64>) -> Result<i64, Error> {
        file::check(policy)?;
        let now: Time = self.clock.now();
        let mut tx: Tx = self.db.begin().await?;
        store::policies::lock(&mut tx).await?;
        let before: Vec<PolicyRow> = store::policies::list(&mut tx, None).await?;
        let found: Option<i64> = before.iter().find(|row| row.policy.name == policy.name).map(|row| row.version);
        check_version(&policy.name, version, found)?;
        if found.is_none() && before.len() >= MAX_POLICIES {
            return Err(Error::TooManyPolicies { max: MAX_POLICIES });
        }
        let version: i64 = found.unwrap_or(0) + 1;
        write(&mut tx, policy, version, false, grant.actor(), now).await?;
        tx.commit().await?;
        Ok(version)
    }

    /// Takes one away. Routes that name it page the administrators from then on.
    ///
    /// # Errors
    /// [`Error::NoPolicy`], [`Error::Stale`]. The database's.
    pub async fn remove(&self, grant: &Grant<ApplyRules>, name: &str, version: i64) -> Result<(), Error> {
        let now: Time = self.clock.now();
        let mut tx: Tx = self.db.begin().await?;
        store::policies::lock(&mut tx).await?;
        let found: Option<i64> = store::policies::list(&mut tx, Some(name)).await?.pop().map(|row| row.version);
        check_version(name, Some(version), found)?;
        remove(&mut tx, name, grant.actor(), now).await?;
        tx.commit().await?;
        Ok(())
    }
}

/// `undefined_table`.
fn is_new(error: &sqlx::Error) -> bool {
    error.as_database_error().and_then(|said| said.code()).is_some_and(|code| code == "42P01")
}

fn version_of(rows: &[PolicyRow], name: &str) -> i64 {
    rows.iter().find(|row| row.policy.name == name).map_or(0, |row| row.version)
}

fn check_version(name: &str, expected: Option<i64>, found: Option<i64>) -> Result<(), Error> {
    match (expected, found) {
        (None, None) => Ok(()),
        (None, Some(_)) => Err(Error::PolicyTaken { name: name.to_owned() }),
        (Some(_), None) => Err(Error::NoPolicy { name: name.to_owned() }),
        (Some(expected), Some(found)) if expected == found => Ok(()),
        (Some(expected), Some(found)) => Err(Error::Stale { name: name.to_owned(), expected, found }),
    }
}

async fn write(tx: &mut Tx, policy: &Policy, version: i64, is_from_file: bool, actor: &Actor, now: Time) -> Result<(), Error> {
    let row = PolicyRow { policy: policy.clone(), version, is_from_file, changed_by: actor.name().to_owned(), changed_at: now };
    store::policies::write(tx, &row).await?;
    let definition: Value = serde_json::to_value(policy).map_err(Error::Encode)?;
    tell(tx, history::POLICY_SAVED, &policy.name, json!({ "version": version, "policy": definition }), actor, now).await
}

async fn remove(tx: &mut Tx, name: &str, actor: &Actor, now: Time) -> Result<(), Error> {
    store::policies::remove(tx, name).await?;
    tell(tx, history::POLICY_REMOVED, name, json!({}), actor, now).await
}

async fn tell(tx: &mut Tx, kind: &'static str, name: &str, body: Value, actor: &Actor, at: Time) -> Result<(), Error> {
    let subject: String = format!("policy/{name}");
    facts::append(tx, &Fact { kind, actor, subject, body, at }).await?;
    Ok(())
}
