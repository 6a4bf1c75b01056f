//! Schedules as people change them: looked at before it is saved, then saved in one transaction with its Fact.

use super::almanacs::Kept;
use super::change::{self, Effective, NewLayer, Steps};
use super::definition::{Definition, LayerDraft, LayerRow, MAX_SCHEDULES, NO_HOLIDAYS, ScheduleId, ScheduleRow};
use super::looking::{self, Loaded};
use super::refused::Refused;
use super::telling::{self, CHANGED, MADE, REMOVED};
use super::{By, Named, Schedules, check_people};
use crate::error::Error;
use crate::needs::Staffer;
use crate::store;
use crate::store::schedules::Selection;
use kernel::{Grant, Tx};
use model::access::ChangeSchedules;
use model::ids::{LayerId, PersonId};
use model::rota::almanac::Almanac;
use model::rota::coverage::{self, AHEAD_DAYS};
use model::rota::difference::{Change, difference};
use model::rota::readiness::{self, Problem};
use model::rota::{Layer, Schedule, Segment, Span, Who, render};
use model::{Actor, Time};
use serde_json::{Value, json};

const DAY_MS: i64 = 86_400_000;

/// What saving a definition would do.
#[derive(Clone, Debug, PartialEq)]
pub struct Preview {
    /// From when anything is different; `None` when layers stay as they are.
    pub takes_effect: Option<Time>,
    /// The window that was looked at: from now on, [`AHEAD_DAYS`] days.
    pub window: Span,
    /// Who is on call instead of whom.
    pub changes: Vec<Change>,
    /// As it would be.
    pub after: Vec<Segment>,
    pub gaps: Vec<Segment>,
    /// What is wrong with the layers themselves.
    pub problems: Vec<Problem>,
    /// Everybody who is named in any of it.
    pub people: Vec<Named>,
}

/// What became of layers.
struct Applied {
    /// All that are not over then.
    layers: Vec<LayerRow>,
    begun: Vec<LayerRow>,
}

impl Schedules {
    /// Every schedule, by name.
    ///
    /// # Errors
    /// The database's.
    pub async fn list(&self) -> Result<Vec<ScheduleRow>, Error> {
        let mut tx: Tx = self.db.begin().await?;
        store::schedules::list(&mut tx, Selection::default()).await
    }

    /// One of them.
    ///
    /// # Errors
    /// The database's.
    pub async fn one(&self, id: ScheduleId) -> Result<Option<ScheduleRow>, Error> {
        let mut tx: Tx = self.db.begin().await?;
        Ok(store::schedules::list(&mut tx, Selection { id: Some(id), ..Selection::default() }).await?.pop())
    }

    /// The one of that name.
    ///
    /// # Errors
    /// The database's.
    pub async fn by_name(&self, name: &str) -> Result<Option<ScheduleRow>, Error> {
        let mut tx: Tx = self.db.begin().await?;
        Ok(store::schedules::list(&mut tx, Selection { name: Some(name), ..Selection::default() }).await?.pop())
    }

    /// Makes a schedule. It holds from now on, unless `effective` names a later moment.
    ///
    /// # Errors
    /// [`Refused`] says what is wrong with it. The database's.
    pub async fn make(
        &self,
        grant: &Grant<ChangeSchedules>,
        definition: &Definition,
        effective: Effective,
    ) -> Result<ScheduleId, Error> {
        let staff: Vec<Staffer> = self.everybody().await?;
        let by = By { actor: grant.actor(), staff: &staff };
        let mut tx: Tx = self.db.begin().await?;
        let id: ScheduleId = self.make_in(&mut tx, by, definition, effective, false).await?;
        tx.commit().await?;
        Ok(id)
    }

    pub(super) async fn make_in(
        &self,
        tx: &mut Tx,
        by: By<'_>,
        definition: &Definition,
        effective: Effective,
        is_from_file: bool,
    ) -> Result<ScheduleId, Error> {
        let now: Time = self.clock.now();
        let wanted: Definition = self.checked(tx, by.staff, definition).await?;
        store::schedules::lock_names(tx).await?;
        if store::schedules::list(tx, Selection::default()).await?.len() >= MAX_SCHEDULES {
            return Err(Refused::TooManySchedules.into());
        }
        let row: ScheduleRow = new_row(&wanted, by.actor, is_from_file, now);
        if !store::schedules::insert(tx, &row, now).await? {
            return Err(Refused::Taken(wanted.name.clone()).into());
        }
        let steps: Steps = change::first(&wanted, effective, now);
        for layer in applied(&[], &steps).begun {
            store::schedules::layers::insert(tx, row.id, &layer, by.actor.name(), now).await?;
        }
        let body =
            json!({ "name": wanted.name, "version": 1, "layers": wanted.layers.len(), "takes_effect": steps.takes_effect });
        telling::tell(tx, MADE, row.id, by.actor, body, now).await?;
        self.look_at(tx, row.id, by.staff, now).await?;
        Ok(row.id)
    }

    /// What saving would do, of a schedule that is there or of a new one. Changes nothing.
    ///
    /// # Errors
    /// [`Refused`] says what is wrong with it. The database's.
    pub async fn preview(&self, id: Option<ScheduleId>, definition: &Definition, effective: Effective) -> Result<Preview, Error> {
        let now: Time = self.clock.now();
        let staff: Vec<Staffer> = self.everybody().await?;
        let mut tx: Tx = self.db.begin().await?;
        let wanted: Definition = self.checked(&mut tx, &staff, definition).await?;
        let (loaded, steps): (Loaded, Steps) = match id {
            Some(id) => {
                let loaded: Loaded = self.load(&mut tx, id).await?;
                let steps: Steps = self.steps(&loaded, &wanted, effective, now)?;
                (loaded, steps)
            }
            None => {
                let empty = Definition::empty(&wanted.name, &wanted.zone);
                let row: ScheduleRow = new_row(&empty, &telling::worker(), false, now);
                (self.loaded(&mut tx, row).await?, change::first(&wanted, effective, now))
            }
        };
        let calendar: Kept = self.kept(&mut tx, &wanted.calendar).await?;
        let preview: Preview = self.previewed(&loaded, &wanted, &steps, &calendar, now);
        let people: Vec<PersonId> = people(&wanted, &preview.changes, &preview.after);
        Ok(Preview { people: self.named(&mut tx, &staff, &people).await?, ..preview })
    }

    /// Whoever it names is still to be named.
    fn previewed(&self, loaded: &Loaded, wanted: &Definition, steps: &Steps, calendar: &Kept, now: Time) -> Preview {
        let window = Span::new(now, now.plus_ms(AHEAD_DAYS * DAY_MS));
        let layers: Vec<LayerRow> = applied(&loaded.row.layers, steps).layers;
        let then = ScheduleRow { definition: wanted.clone(), layers, ..loaded.row.clone() };
        let model: Schedule = then.model();
        let almanac: Almanac = self.almanacs.of(&model, calendar);
        let after: Vec<Segment> = render(&model, &loaded.changes, &almanac, window);
        let required: Vec<Span> = coverage::required(&model, &almanac, window);
        let told: Vec<Change> = difference(&loaded.computed(window), &after);
        Preview {
            takes_effect: steps.takes_effect,
            window,
            gaps: looking::gaps(wanted, &after, &required),
            problems: readiness::of_layers(&then.lasting(), &almanac, now),
            people: Vec::new(),
            changes: told,
            after,
        }
    }

    /// Saves another definition. `version` is that of the schedule that was looked at; its name stays as it is. Says the new version.
    ///
    /// # Errors
    /// [`Refused`] says what is wrong with it, or that somebody was faster. The database's.
    pub async fn change(
        &self,
        grant: &Grant<ChangeSchedules>,
        id: ScheduleId,
        definition: &Definition,
        version: i64,
        effective: Effective,
    ) -> Result<i64, Error> {
        let staff: Vec<Staffer> = self.everybody().await?;
        let by = By { actor: grant.actor(), staff: &staff };
        let mut tx: Tx = self.db.begin().await?;
        let version: i64 = self.change_in(&mut tx, by, id, definition, Some(version), effective).await?;
        tx.commit().await?;
        Ok(version)
    }

    /// The same for whoever saves over whatever is there, as files do when no version is named.
    pub(super) async fn change_in(
        &self,
        tx: &mut Tx,
        by: By<'_>,
        id: ScheduleId,
        definition: &Definition,
        version: Option<i64>,
        effective: Effective,
    ) -> Result<i64, Error> {
        let now: Time = self.clock.now();
        let wanted: Definition = self.checked(tx, by.staff, definition).await?;
        let loaded: Loaded = self.held(tx, id, now).await?;
        check_version(version, loaded.row.version)?;
        let steps: Steps = self.steps(&loaded, &wanted, effective, now)?;
        let new: Applied = applied(&loaded.row.layers, &steps);
        for (layer, until) in &steps.closed {
            store::schedules::layers::close(tx, *layer, *until).await?;
        }
        for layer in &new.begun {
            store::schedules::layers::insert(tx, id, layer, by.actor.name(), now).await?;
        }
        let row = ScheduleRow {
            definition: Definition { name: loaded.row.definition.name.clone(), ..wanted },
            version: loaded.row.version + 1,
            is_from_file: version.is_none(),
            changed_by: by.actor.name().to_owned(),
            changed_at: now,
            ..loaded.row
        };
        store::schedules::write(tx, id, &row).await?;
        store::schedules::revise(tx, id, now).await?;
        telling::tell(tx, CHANGED, id, by.actor, changed(&row, &steps), now).await?;
        self.look_at(tx, id, by.staff, now).await?;
        Ok(row.version)
    }

    /// Takes a schedule away. Its history stays; policies that name it find nobody from then on.
    ///
    /// # Errors
    /// [`Refused::NoSchedule`], [`Refused::Stale`]. The database's.
    pub async fn remove(&self, grant: &Grant<ChangeSchedules>, id: ScheduleId, version: i64) -> Result<(), Error> {
        let mut tx: Tx = self.db.begin().await?;
        self.remove_in(&mut tx, grant.actor(), id, Some(version)).await?;
        tx.commit().await?;
        Ok(())
    }

    pub(super) async fn remove_in(&self, tx: &mut Tx, actor: &Actor, id: ScheduleId, version: Option<i64>) -> Result<(), Error> {
        let now: Time = self.clock.now();
        let loaded: Loaded = self.held(tx, id, now).await?;
        check_version(version, loaded.row.version)?;
        store::schedules::layers::close_all(tx, id, now).await?;
        store::schedules::remove(tx, id, now).await?;
        store::schedules::findings::end_all(tx, id, now).await?;
        let body = json!({ "name": loaded.row.definition.name, "version": loaded.row.version });
        telling::tell(tx, REMOVED, id, actor, body, now).await
    }

    /// What people typed without blanks, if it can be; its people and its calendar are there.
    async fn checked(&self, tx: &mut Tx, staff: &[Staffer], definition: &Definition) -> Result<Definition, Error> {
        let wanted: Definition = definition.trimmed();
        wanted.check()?;
        check_people(staff, &wanted.people())?;
        let calendar: &str = &wanted.calendar;
        if calendar != NO_HOLIDAYS && store::schedules::calendars::list(tx, Some(calendar)).await?.is_empty() {
            return Err(Refused::NoCalendar(calendar.to_owned()).into());
        }
        Ok(wanted)
    }

    fn steps(&self, loaded: &Loaded, wanted: &Definition, effective: Effective, now: Time) -> Result<Steps, Refused> {
        let mut both: Schedule = loaded.model.clone();
        both.layers.extend(wanted.layers.iter().map(|draft| layer(draft, LayerId(uuid::Uuid::nil()), now, None)));
        let almanac: Almanac = self.almanacs.of(&both, &loaded.calendar);
        change::steps(&loaded.row.layers, wanted, effective, &almanac, now)
    }
}

fn new_row(definition: &Definition, actor: &Actor, is_from_file: bool, now: Time) -> ScheduleRow {
    ScheduleRow {
        id: ScheduleId(kernel::ids::new_uuid()),
        definition: definition.clone(),
        layers: Vec::new(),
        version: 1,
        revision: 1,
        revised_at: now,
        is_from_file,
        changed_by: actor.name().to_owned(),
        changed_at: now,
        final_until: now,
    }
}

fn layer(draft: &LayerDraft, id: LayerId, effective_from: Time, effective_until: Option<Time>) -> Layer {
    Layer {
        id,
        role: draft.role.clone(),
        rank: draft.rank,
        mode: draft.mode,
        effective_from,
        effective_until,
        rotation: draft.rotation.clone(),
        restrictions: draft.restrictions.clone(),
    }
}

/// The layers as they are after these steps.
fn applied(layers: &[LayerRow], steps: &Steps) -> Applied {
    let mut all: Vec<LayerRow> = layers.to_vec();
    for row in &mut all {
        if let Some((_, until)) = steps.closed.iter().find(|(id, _)| *id == row.layer.id) {
            row.layer.effective_until = Some(*until);
            row.is_closed = true;
        }
    }
    let begun: Vec<LayerRow> = steps.begun.iter().map(begun).collect();
    all.extend(begun.iter().cloned());
    Applied { layers: all, begun }
}

fn begun(new: &NewLayer) -> LayerRow {
    let id = LayerId(kernel::ids::new_uuid());
    LayerRow {
        layer: layer(&new.draft, id, new.effective_from, new.effective_until),
        name: new.draft.name.clone(),
        line: new.line.unwrap_or(id.0),
        from: new.draft.from,
        until: new.draft.until,
        is_closed: false,
    }
}

fn check_version(expected: Option<i64>, found: i64) -> Result<(), Refused> {
    match expected {
        Some(expected) if expected != found => Err(Refused::Stale { expected, found }),
        _ => Ok(()),
    }
}

fn changed(row: &ScheduleRow, steps: &Steps) -> Value {
    json!({
        "name": row.definition.name,
        "version": row.version,
        "closed": steps.closed.len(),
        "begun": steps.begun.len(),
        "takes_effect": steps.takes_effect,
    })
}

fn people(wanted: &Definition, changes: &[Change], after: &[Segment]) -> Vec<PersonId> {
    let mut people: Vec<PersonId> = wanted.people();
    people.extend(after.iter().filter_map(Segment::person));
    let named = changes.iter().flat_map(|change| change.before.iter().chain(&change.after));
    people.extend(named.filter_map(|who| match who {
        Who::Person(person) => Some(*person),
        Who::Nobody | Who::Gap => None,
    }));
    people.sort_unstable();
    people.dedup();
    people
}
