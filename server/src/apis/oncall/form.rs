//! A schedule as the form of its screen has it: filled in, judged, looked at before it is saved, saved.

mod print;
mod read;

use super::Adapter;
use super::asked;
use super::refusals::{shown, trouble};
use super::shape::{self, People};
use crate::house_error::unavailable;
use crate::zones;
use ::api::ApiError;
use ::api::error::Mistake;
use ::api::oncall::PersonName;
use ::api::oncall::form::{DutyTrouble, FieldTrouble, ScheduleForm, ScheduleFormAsk, ScheduleFormView};
use ::api::oncall::schedule::PreviewView;
use kernel::Grant;
use model::access::ChangeSchedules;
use model::{Role, Time};
use oncall::Error;
use oncall::schedules::definition::{Definition, MAX_LAYERS, NO_HOLIDAYS, ScheduleRow};
use oncall::schedules::keeping::Preview;
use print::printed;
use read::{Reader, Written};

/// What a form says that was filled in: what is not there is empty then.
const WRITTEN: &str = "written";
/// Where a new schedule stands at first.
const USUAL_ZONE: &str = "Asia/Tokyo";
/// Lines to fill in behind those that are filled in.
const MORE_MEMBERS: usize = 2;
const FIRST_MEMBERS: usize = 4;

/// What was made of a form.
struct Judged {
    wrong: Vec<FieldTrouble>,
    preview: Option<PreviewView>,
    begins: Option<Time>,
}

impl Adapter {
    /// The form, with what it would change.
    pub(super) async fn filled(&self, ask: ScheduleFormAsk) -> Result<ScheduleFormView, ApiError> {
        let row: Option<ScheduleRow> = if ask.name.is_empty() { None } else { Some(self.row(&ask.name).await?) };
        let is_written: bool = ask.draft.contains_key(WRITTEN);
        let form: ScheduleForm = if is_written { ask.draft } else { self.begun(row.as_ref()) };
        let zone: String = self.zone_of(&form, row.as_ref());
        let judged: Judged = self.judged(&form, row.as_ref(), is_written).await?;
        let people: Vec<PersonName> = self.responders().await?;
        let indexes: Vec<usize> = read::layers(&form);
        let n_layers: usize = indexes.last().map_or(1, |last| last + 2).min(MAX_LAYERS);
        Ok(ScheduleFormView {
            name: row.as_ref().map(|row| row.definition.name.clone()),
            title: row.as_ref().map(|row| shape::title(&row.definition)).unwrap_or_default(),
            version: ask.version.or(row.as_ref().map(|row| row.version)),
            is_from_file: row.as_ref().is_some_and(|row| row.is_from_file),
            n_layers,
            n_members: (0..n_layers).map(|index| n_members(&form, index)).collect(),
            people,
            teams: self.teams().await?,
            zones: zones::names(),
            calendars: self.calendars().await?,
            wrong: judged.wrong,
            preview: judged.preview,
            begins: judged.begins,
            zone: shape::zone(&zone, self.moment()),
            can_edit: self.may(Role::Editor),
            form,
        })
    }

    /// A form that nobody has written into: as things stand, or as a new schedule begins.
    fn begun(&self, row: Option<&ScheduleRow>) -> ScheduleForm {
        let now: Time = self.moment();
        if let Some(row) = row {
            return printed(&row.definition, &self.clock(row));
        }
        let clock = self.clock_of(USUAL_ZONE);
        let mut form: ScheduleForm = printed(&Definition::empty("", USUAL_ZONE), &clock);
        form.insert("begins".to_owned(), "now".to_owned());
        form.extend(print::first_layer(&clock, now));
        form
    }

    fn zone_of(&self, form: &ScheduleForm, row: Option<&ScheduleRow>) -> String {
        let written: Option<String> = form.get("zone").filter(|zone| !zone.is_empty()).cloned();
        written.unwrap_or_else(|| row.map_or_else(|| USUAL_ZONE.to_owned(), |row| row.definition.zone.clone()))
    }

    fn read(&self, form: &ScheduleForm, row: Option<&ScheduleRow>) -> Result<Written, Vec<FieldTrouble>> {
        let zone: String = self.zone_of(form, row);
        let clock = self.clock_of(&zone);
        Reader { form, before: row.map(|row| &row.definition), zone: &zone, clock: &clock, now: self.moment() }.read()
    }

    /// What is wrong with it, and what it would change. A form that nobody has written into is not judged.
    async fn judged(&self, form: &ScheduleForm, row: Option<&ScheduleRow>, is_written: bool) -> Result<Judged, ApiError> {
        let mut judged = Judged { wrong: Vec::new(), preview: None, begins: None };
        if !is_written {
            return Ok(judged);
        }
        let written: Written = match self.read(form, row) {
            Ok(written) => written,
            Err(wrong) => return Ok(Judged { wrong, ..judged }),
        };
        let id = row.map(|row| row.id);
        match self.room().preview(id, &written.definition, written.effective).await {
            Ok(seen) => {
                judged.begins = seen.takes_effect;
                judged.preview = Some(self.told(&seen));
            }
            Err(Error::Schedule(refused)) => {
                let (trouble, field) = trouble(&refused);
                judged.wrong.push(FieldTrouble { field: field.to_owned(), trouble, found: String::new() });
            }
            Err(error) => return Err(shown(error)),
        }
        Ok(judged)
    }

    fn told(&self, seen: &Preview) -> PreviewView {
        let people = People { named: &seen.people, me: self.me() };
        shape::preview(&seen.changes, &seen.gaps, &seen.problems, &people)
    }

    /// Saves what a form says. Says the name of the schedule.
    pub(super) async fn saved(
        &self,
        grant: &Grant<ChangeSchedules>,
        name: &str,
        draft: &ScheduleForm,
        version: Option<i64>,
    ) -> Result<String, ApiError> {
        let row: Option<ScheduleRow> = if name.is_empty() { None } else { Some(self.row(name).await?) };
        let written: Written = self.read(draft, row.as_ref()).map_err(|wrong| refused(&wrong))?;
        match row {
            Some(row) => {
                let version: i64 = version.unwrap_or(row.version);
                let changed = self.room().change(grant, row.id, &written.definition, version, written.effective).await;
                changed.map_err(shown)?;
                Ok(row.definition.name)
            }
            None => {
                self.room().make(grant, &written.definition, written.effective).await.map_err(shown)?;
                Ok(written.definition.name.trim().to_owned())
            }
        }
    }

    async fn teams(&self) -> Result<Vec<String>, ApiError> {
        let teams = self.0.house.identity.teams_list().await.map_err(|error| unavailable(&error))?;
        Ok(teams.into_iter().map(|team| team.name).collect())
    }

    async fn calendars(&self) -> Result<Vec<String>, ApiError> {
        let rows = self.room().calendars().await.map_err(shown)?;
        let mut names: Vec<String> = rows.into_iter().map(|row| row.name).collect();
        names.push(NO_HOLIDAYS.to_owned());
        Ok(names)
    }
}

/// The refusal of everything that is wrong with a form.
fn refused(wrong: &[FieldTrouble]) -> ApiError {
    let one = |wrong: &FieldTrouble| -> Vec<Mistake> {
        let expected: String = format!("something that can be read, found {:?}", wrong.found);
        wrong.trouble.refused(&wrong.field, &expected).mistakes()
    };
    let all: Vec<Mistake> = wrong.iter().flat_map(one).collect();
    ApiError::of_mistakes(all).unwrap_or_else(|| asked::refused(&[(DutyTrouble::Other, "")]))
}

/// The members that the form shows of a layer, empty ones to fill in among them.
fn n_members(form: &ScheduleForm, layer: usize) -> usize {
    let n_written: usize = read::members(form, layer).last().map_or(0, |last| last + 1);
    if n_written == 0 { FIRST_MEMBERS } else { n_written + MORE_MEMBERS }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_shows_lines_to_fill_in() {
        let mut form = ScheduleForm::new();
        assert_eq!(n_members(&form, 0), FIRST_MEMBERS);
        form.insert("layer.0.member.2".to_owned(), "nobody".to_owned());
        form.insert("layer.0.member.5".to_owned(), String::new());
        assert_eq!((n_members(&form, 0), n_members(&form, 1)), (5, FIRST_MEMBERS));
    }

    #[test]
    fn everything_that_is_wrong_is_refused_at_its_field() {
        let wrong = |field: &str, trouble: DutyTrouble| FieldTrouble { field: field.to_owned(), trouble, found: String::new() };
        let error = refused(&[wrong("layer.0.anchor", DutyTrouble::Moment), wrong("most_hours", DutyTrouble::MostHours)]);
        let fields: Vec<String> = error.mistakes().into_iter().map(|mistake| mistake.field).collect();
        assert_eq!(fields, ["duty.moment/layer.0.anchor", "duty.most_hours/most_hours"]);
    }
}
