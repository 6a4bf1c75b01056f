//! Schedules as code: files put in force with whatever else is applied, in one transaction. What changes does so at the next handoff.
//!
//! In three steps: files are checked ([`Schedules::check_files`]), their addresses become people ([`Schedules::resolve`], before any
//! transaction begins), and the whole is put in force ([`Schedules::apply_in`]). What would change can be seen before
//! ([`Schedules::rehearse`]).

use super::change::Effective;
use super::definition::{Definition, ScheduleId, ScheduleRow};
use super::file::{self, WrittenSchedules};
use super::keeping::Preview;
use super::refused::Refused;
use super::written::WrittenSchedule;
use super::{By, Schedules, printer, resolve};
use crate::error::Error;
use crate::needs::Staffer;
use crate::policies::file::{FileErrors, PolicyFile};
use crate::store;
use crate::store::schedules::Selection;
use kernel::{Grant, Tx};
use model::access::ApplyRules;
use model::ids::PersonId;
use model::rota::coverage::AHEAD_DAYS;
use model::rota::local::Local;
use model::{Actor, Time};
use std::collections::BTreeMap;
use std::fmt;

/// What applying files changes: the names of schedules.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Planned {
    pub added: Vec<String>,
    pub changed: Vec<String>,
    /// Of those that change, the ones that were saved in the console since.
    pub overwritten: Vec<String>,
    pub removed: Vec<String>,
}

impl Planned {
    /// Of a database that has no schedules.
    #[must_use]
    pub fn of_new(wanted: &WrittenSchedules) -> Self {
        Self { added: wanted.schedules.iter().map(|schedule| schedule.name.clone()).collect(), ..Self::default() }
    }

    fn of(before: &[ScheduleRow], wanted: &[Definition]) -> Self {
        let known: BTreeMap<&str, &ScheduleRow> = before.iter().map(|row| (row.definition.name.as_str(), row)).collect();
        let mut planned = Self::default();
        for definition in wanted {
            match known.get(definition.name.as_str()) {
                None => planned.added.push(definition.name.clone()),
                Some(row) if row.is_from_file && resolve::is_same(&row.definition, &goes_on(definition, row)) => {}
                Some(row) => {
                    planned.changed.push(definition.name.clone());
                    if !row.is_from_file {
                        planned.overwritten.push(definition.name.clone());
                    }
                }
            }
        }
        let is_wanted = |row: &&ScheduleRow| wanted.iter().any(|definition| definition.name == row.definition.name);
        let gone = before.iter().filter(|row| row.is_from_file && !is_wanted(row));
        planned.removed = gone.map(|row| row.definition.name.clone()).collect();
        planned
    }
}

impl fmt::Display for Planned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(f, &[])
    }
}

impl Planned {
    /// A line for each schedule, with what is known of it, and how many there are.
    fn write(&self, f: &mut fmt::Formatter<'_>, effects: &[Effect]) -> fmt::Result {
        if *self == Self::default() {
            return f.write_str("schedules unchanged");
        }
        let effect =
            |name: &String| effects.iter().find(|effect| effect.name == *name).map(Effect::to_string).unwrap_or_default();
        for name in &self.added {
            writeln!(f, "added      schedule {name}{}", effect(name))?;
        }
        for name in &self.changed {
            writeln!(f, "changed    schedule {name}{}", effect(name))?;
            if self.overwritten.contains(name) {
                writeln!(f, "             overwrites what was saved in the console")?;
            }
        }
        for name in &self.removed {
            writeln!(f, "removed    schedule {name}")?;
        }
        let (added, changed, removed) = (self.added.len(), self.changed.len(), self.removed.len());
        write!(f, "schedules: {added} added, {changed} changed at their next handoffs, {removed} removed")
    }
}

/// What becomes of one schedule in the next [`AHEAD_DAYS`] days.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Effect {
    pub name: String,
    /// From when anything is different, by the clocks of its zone; `None` where its layers stay as they are.
    pub from: Option<Local>,
    pub zone: String,
    /// Stretches in which other people are on call than before; of a new schedule none are told.
    pub n_moved: usize,
    /// Stretches in which somebody is required and nobody is there.
    pub n_gaps: usize,
}

impl fmt::Display for Effect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { zone, n_moved, n_gaps, .. } = self;
        if let Some(from) = self.from {
            write!(f, ", from {from} {zone}")?;
        }
        if *n_moved > 0 {
            write!(f, ", others on call in {n_moved} stretches of the next {AHEAD_DAYS} days")?;
        }
        if *n_gaps > 0 {
            write!(f, ", nobody on call in {n_gaps} stretches of the next {AHEAD_DAYS} days")?;
        }
        Ok(())
    }
}

/// What applying files would change, and what that means for who is on call.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rehearsed {
    pub planned: Planned,
    /// Of every schedule that is new or changes.
    pub effects: Vec<Effect>,
}

impl fmt::Display for Rehearsed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.planned.write(f, &self.effects)
    }
}

/// What files say, with the people they name: ready to be put in force.
pub struct Resolved<'w> {
    wanted: &'w WrittenSchedules,
    definitions: Vec<Definition>,
    staff: Vec<Staffer>,
}

impl Resolved<'_> {
    /// What is wrong with the schedule of that name, told with its place.
    fn placed(&self, name: &str, error: Error) -> Error {
        match error {
            Error::Schedule(refused) => {
                let word: &str = match &refused {
                    Refused::NoCalendar(calendar) => calendar.as_str(),
                    _ => name,
                };
                Error::Files(FileErrors(vec![self.wanted.at(word, format!("schedule {name}: {refused}"))]))
            }
            other => other,
        }
    }
}

impl Schedules {
    /// Reads and checks files without applying them. Which files of a directory are about schedules says [`file::is_schedules`].
    ///
    /// # Errors
    /// Every problem in all files, with file, line and column.
    pub fn check_files(files: &[PolicyFile]) -> Result<WrittenSchedules, FileErrors> {
        file::read(files)
    }

    /// All of them as one file that can be applied.
    ///
    /// # Errors
    /// The database's.
    pub async fn print(&self) -> Result<String, Error> {
        let staff: Vec<Staffer> = self.everybody().await?;
        let rows: Vec<ScheduleRow> = self.list().await?;
        let address = |person: PersonId| staff.iter().find(|one| one.id == person).map(|one| one.email.clone());
        let written = rows.iter().map(|row| resolve::written(&row.definition, &address, &self.almanacs));
        Ok(printer::print(&written.collect::<Vec<WrittenSchedule>>()))
    }

    /// What [`Schedules::apply`] would change now, and what that means for who is on call. Changes nothing.
    ///
    /// # Errors
    /// [`Error::Files`] for what can't be put in force: addresses that are nobody's, calendars that are not there. The database's.
    pub async fn rehearse(&self, wanted: &WrittenSchedules) -> Result<Rehearsed, Error> {
        let mut tx: Tx = self.db.begin().await?;
        let before: Result<Vec<ScheduleRow>, Error> = store::schedules::list(&mut tx, Selection::default()).await;
        drop(tx);
        let before: Vec<ScheduleRow> = match before {
            Ok(before) => before,
            // Nobody has made the schema yet.
            Err(Error::Database(error)) if is_new(&error) => {
                return Ok(Rehearsed { planned: Planned::of_new(wanted), effects: Vec::new() });
            }
            Err(error) => return Err(error),
        };
        let resolved: Resolved<'_> = self.resolve(wanted).await?;
        let planned = Planned::of(&before, &resolved.definitions);
        let mut effects: Vec<Effect> = Vec::new();
        for definition in &resolved.definitions {
            let name: &String = &definition.name;
            if planned.added.contains(name) || planned.changed.contains(name) {
                let row: Option<&ScheduleRow> = before.iter().find(|row| row.definition.name == *name);
                effects.push(self.effect(definition, row).await.map_err(|error| resolved.placed(name, error))?);
            }
        }
        Ok(Rehearsed { planned, effects })
    }

    async fn effect(&self, definition: &Definition, row: Option<&ScheduleRow>) -> Result<Effect, Error> {
        let wanted: Definition = row.map_or_else(|| definition.clone(), |row| goes_on(definition, row));
        let preview: Preview = self.preview(row.map(|row| row.id), &wanted, Effective::NextHandoff).await?;
        let local = |at: Time| self.almanacs.zone(&wanted.zone).map(|offsets| offsets.local(at));
        Ok(Effect {
            name: wanted.name.clone(),
            from: preview.takes_effect.and_then(local),
            zone: wanted.zone.clone(),
            n_moved: if row.is_some() { preview.changes.len() } else { 0 },
            n_gaps: preview.gaps.len(),
        })
    }

    /// Finds the people that files name. To be done before the transaction of [`Schedules::apply_in`] begins: whoever knows people needs a
    /// connection of their own.
    ///
    /// # Errors
    /// [`Error::Files`] for addresses that are nobody's. The database's.
    pub async fn resolve<'w>(&self, wanted: &'w WrittenSchedules) -> Result<Resolved<'w>, Error> {
        let staff: Vec<Staffer> = self.everybody().await?;
        let find = |address: &str| staff.iter().find(|one| one.email.eq_ignore_ascii_case(address)).map(|one| one.id);
        let definitions: Vec<Definition> = wanted.definitions(&find, &self.almanacs)?;
        Ok(Resolved { wanted, definitions, staff })
    }

    /// Puts schedules of files in force, and takes away those that came with earlier files and are not in these. What was saved in the
    /// console stays, unless the files name it.
    ///
    /// # Errors
    /// [`Error::Files`] for what can't be put in force: addresses that are nobody's, calendars that are not there. The database's.
    pub async fn apply(&self, grant: &Grant<ApplyRules>, wanted: &WrittenSchedules) -> Result<Planned, Error> {
        let resolved: Resolved<'_> = self.resolve(wanted).await?;
        let mut tx: Tx = self.db.begin().await?;
        let planned: Planned = self.apply_in(&mut tx, grant, &resolved).await?;
        tx.commit().await?;
        Ok(planned)
    }

    /// The same in the caller's transaction, with whatever else is applied together.
    ///
    /// # Errors
    /// As [`Schedules::apply`].
    pub async fn apply_in(&self, tx: &mut Tx, grant: &Grant<ApplyRules>, resolved: &Resolved<'_>) -> Result<Planned, Error> {
        let definitions: &[Definition] = &resolved.definitions;
        let actor: &Actor = grant.actor();
        let by = By { actor, staff: &resolved.staff };
        store::schedules::lock_names(tx).await?;
        let before: Vec<ScheduleRow> = store::schedules::list(tx, Selection::default()).await?;
        let planned = Planned::of(&before, definitions);
        // In the order of their ids, as everybody locks them.
        let mut known: Vec<&ScheduleRow> = before.iter().collect();
        known.sort_by_key(|row| row.id);
        for row in known {
            let name: &String = &row.definition.name;
            if planned.removed.contains(name) {
                self.remove_in(tx, actor, row.id, None).await?;
            }
            if let Some(definition) = definitions.iter().find(|one| one.name == *name).filter(|_| planned.changed.contains(name))
            {
                let definition: Definition = goes_on(definition, row);
                let changed: Result<i64, Error> = self.change_in(tx, by, row.id, &definition, None, Effective::NextHandoff).await;
                changed.map_err(|error| resolved.placed(name, error))?;
            }
        }
        for definition in definitions.iter().filter(|definition| planned.added.contains(&definition.name)) {
            let made: Result<ScheduleId, Error> = self.make_in(tx, by, definition, Effective::NextHandoff, true).await;
            made.map_err(|error| resolved.placed(&definition.name, error))?;
        }
        Ok(planned)
    }
}

/// A definition whose layers go on from those of what is kept.
fn goes_on(definition: &Definition, row: &ScheduleRow) -> Definition {
    resolve::matched(definition.clone(), &row.layers)
}

/// `undefined_table`.
fn is_new(error: &sqlx::Error) -> bool {
    error.as_database_error().and_then(|said| said.code()).is_some_and(|code| code == "42P01")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn a_plan_says_of_each_schedule_what_becomes_of_it() {
        let planned = Planned {
            added: names(&["web"]),
            changed: names(&["payments", "search"]),
            overwritten: names(&["search"]),
            removed: names(&["old"]),
        };
        let zone: String = "Asia/Tokyo".to_owned();
        let from: Option<Local> = "2026-11-30T10:00".parse().ok();
        let effects: Vec<Effect> = vec![
            Effect { name: "payments".to_owned(), from, zone: zone.clone(), n_moved: 12, n_gaps: 0 },
            Effect { name: "web".to_owned(), from: None, zone, n_moved: 0, n_gaps: 3 },
        ];
        assert_eq!(
            Rehearsed { planned, effects }.to_string(),
            "\
added      schedule web, nobody on call in 3 stretches of the next 90 days
changed    schedule payments, from 2026-11-30T10:00 Asia/Tokyo, others on call in 12 stretches of the next 90 days
changed    schedule search
             overwrites what was saved in the console
removed    schedule old
schedules: 1 added, 2 changed at their next handoffs, 1 removed"
        );
        assert_eq!(Planned::default().to_string(), "schedules unchanged");
    }
}
