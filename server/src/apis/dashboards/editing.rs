//! The door of dashboards as they are changed. Each act is one change of the asker's draft, and the draft keeps every law: what
//! would break one is refused at its field before anything is written.

mod fields;
mod law;
mod lines;
mod panel;
mod rows;
mod settings;
mod source;
mod variable;
mod view;

use super::keeping::refusals::shown;
use super::lost;
use crate::apis::Door;
use ::api::ApiError;
use ::api::dashboards::editing::trouble::refused;
use ::api::dashboards::editing::view::{DashboardEditAsk, DashboardEditView, FieldWrong, SourceWrong};
use ::api::dashboards::editing::{DashboardEditingApi, EditForm, PanelPlace};
use ::api::error::{Denial, Expected};
use async_trait::async_trait;
use dashboard::{Dashboard, Panel, Step};
use dashboards::{Dashboards, Draft, Error};
use figures::Locale;
use kernel::Grant;
use law::FieldOf;
use model::access::EditDashboards;
use model::ids::PersonId;
use model::links::dashboards as ways;

/// Answers the screen on which a dashboard is changed.
pub struct Adapter(pub Door);

/// One change of a dashboard.
type Change<'a> = dyn Fn(&mut Dashboard) + Send + Sync + 'a;

/// The form of a new panel of a kind.
#[must_use]
pub fn blank_panel(kind: &str) -> EditForm {
    panel::blank(kind)
}

/// Where the part of a dashboard that a change is not about stands: in no field.
fn nowhere(_: &str) -> Option<String> {
    None
}

#[async_trait]
impl DashboardEditingApi for Adapter {
    async fn draft(&self, ask: DashboardEditAsk) -> Result<DashboardEditView, ApiError> {
        self.0.admit::<EditDashboards>()?;
        self.view(ask).await
    }

    async fn panel_step(&self, slug: String, panel: String, step: String) -> Result<(), ApiError> {
        let step: Step = Step::from_word(&step).ok_or_else(|| odd("step"))?;
        let change = |dashboard: &mut Dashboard| {
            dashboard.step(&panel, step);
        };
        self.change(&slug, &change, &nowhere).await?;
        leptos_axum::redirect(&at_panel(&slug, &panel));
        Ok(())
    }

    async fn panel_place(&self, slug: String, panel: String, place: PanelPlace) -> Result<(), ApiError> {
        self.change(&slug, &|dashboard: &mut Dashboard| rows::put(dashboard, &panel, place), &nowhere).await?;
        leptos_axum::redirect(&at_panel(&slug, &panel));
        Ok(())
    }

    async fn panel_save(&self, slug: String, panel: String, row: u32, fields: EditForm) -> Result<(), ApiError> {
        let dashboard: Dashboard = self.dashboard(&slug).await?;
        if !panel.is_empty() && dashboard.panel(&panel).is_none() {
            return Err(lost(&panel));
        }
        let read: panel::ReadPanel = panel::read(&fields);
        self.must_be_read(&read.wrong)?;
        let row: usize = rows::index(row);
        let place: (usize, usize) = read.put(&mut dashboard.clone(), &panel, row);
        let change = |dashboard: &mut Dashboard| {
            read.put(dashboard, &panel, row);
        };
        let changed: Dashboard = self.change(&slug, &change, &|path: &str| read.field(place, path)).await?;
        let (row, index): (usize, usize) = place;
        let saved: Option<&Panel> = changed.rows.get(row).and_then(|row| row.panels.get(index));
        leptos_axum::redirect(&at_panel(&slug, saved.map_or(panel.as_str(), |saved| saved.id.as_str())));
        Ok(())
    }

    async fn panel_copy(&self, slug: String, panel: String) -> Result<(), ApiError> {
        self.change(&slug, &|dashboard: &mut Dashboard| rows::copy(dashboard, &panel), &nowhere).await?;
        leptos_axum::redirect(&at_panel(&slug, &panel));
        Ok(())
    }

    async fn panel_remove(&self, slug: String, panel: String) -> Result<(), ApiError> {
        let change = |dashboard: &mut Dashboard| {
            for row in &mut dashboard.rows {
                row.panels.retain(|one| one.id != panel);
            }
        };
        self.change(&slug, &change, &nowhere).await?;
        leptos_axum::redirect(&ways::edit(&slug));
        Ok(())
    }

    async fn row_add(&self, slug: String) -> Result<(), ApiError> {
        let changed: Dashboard = self.change(&slug, &rows::add, &nowhere).await?;
        leptos_axum::redirect(&at_row(&slug, changed.rows.len().saturating_sub(1)));
        Ok(())
    }

    async fn row_save(&self, slug: String, row: u32, fields: EditForm) -> Result<(), ApiError> {
        let row: usize = rows::index(row);
        let change = |dashboard: &mut Dashboard| {
            if let Some(row) = dashboard.rows.get_mut(row) {
                settings::put_row(row, &fields);
            }
        };
        let field = |path: &str| path.strip_prefix(&format!("rows[{row}].")).map(str::to_owned);
        self.change(&slug, &change, &field).await?;
        leptos_axum::redirect(&at_row(&slug, row));
        Ok(())
    }

    async fn row_remove(&self, slug: String, row: u32) -> Result<(), ApiError> {
        let row: usize = rows::index(row);
        self.change(&slug, &|dashboard: &mut Dashboard| rows::remove(dashboard, row), &nowhere).await?;
        leptos_axum::redirect(&at_row(&slug, row.saturating_sub(1)));
        Ok(())
    }

    async fn row_step(&self, slug: String, row: u32, step: String) -> Result<(), ApiError> {
        let (row, is_up): (usize, bool) = (rows::index(row), is_up(&step)?);
        let n_rows: usize = self.dashboard(&slug).await?.rows.len();
        self.change(&slug, &|dashboard: &mut Dashboard| rows::step(&mut dashboard.rows, row, is_up), &nowhere).await?;
        leptos_axum::redirect(&at_row(&slug, rows::stepped(row, is_up, n_rows)));
        Ok(())
    }

    async fn settings_save(&self, slug: String, fields: EditForm) -> Result<(), ApiError> {
        let read: settings::ReadSettings = settings::read(&fields);
        self.must_be_read(&read.wrong)?;
        self.change(&slug, &|dashboard: &mut Dashboard| read.put(dashboard), &|path: &str| read.field(path)).await?;
        leptos_axum::redirect(&ways::edit(&slug));
        Ok(())
    }

    async fn variable_save(&self, slug: String, variable: String, fields: EditForm) -> Result<(), ApiError> {
        let read: variable::ReadVariable = variable::read(&fields);
        self.must_be_read(&read.wrong)?;
        let index: usize = read.put(&mut self.dashboard(&slug).await?, &variable);
        let change = |dashboard: &mut Dashboard| {
            read.put(dashboard, &variable);
        };
        self.change(&slug, &change, &|path: &str| variable::field(index, path)).await?;
        leptos_axum::redirect(&ways::edit_variables(&slug));
        Ok(())
    }

    async fn variable_remove(&self, slug: String, variable: String) -> Result<(), ApiError> {
        let change = |dashboard: &mut Dashboard| dashboard.variables.retain(|one| one.name != variable);
        self.change(&slug, &change, &nowhere).await?;
        leptos_axum::redirect(&ways::edit_variables(&slug));
        Ok(())
    }

    async fn variable_step(&self, slug: String, variable: String, step: String) -> Result<(), ApiError> {
        let is_up: bool = is_up(&step)?;
        let change = |dashboard: &mut Dashboard| {
            if let Some(index) = dashboard.variables.iter().position(|one| one.name == variable) {
                rows::step(&mut dashboard.variables, index, is_up);
            }
        };
        self.change(&slug, &change, &nowhere).await?;
        leptos_axum::redirect(&ways::edit_variables(&slug));
        Ok(())
    }

    async fn source_save(&self, slug: String, source: String) -> Result<(), ApiError> {
        let read: Dashboard = source::read(&source, &slug, self.locale()).map_err(|wrong| refused_source(&wrong))?;
        self.change(&slug, &|dashboard: &mut Dashboard| dashboard.clone_from(&read), &nowhere).await?;
        leptos_axum::redirect(&ways::edit(&slug));
        Ok(())
    }

    async fn undo(&self, slug: String) -> Result<(), ApiError> {
        let (grant, person): (Grant<EditDashboards>, PersonId) = self.editor()?;
        self.room().undo_draft(&grant, person, &slug).await.map_err(shown)?;
        Ok(())
    }

    async fn save(&self, slug: String, comment: String) -> Result<(), ApiError> {
        let (grant, person): (Grant<EditDashboards>, PersonId) = self.editor()?;
        self.room().save_draft(&grant, person, &slug, comment.trim()).await.map_err(shown)?;
        leptos_axum::redirect(&ways::one(&slug));
        Ok(())
    }

    async fn discard(&self, slug: String) -> Result<(), ApiError> {
        let (grant, person): (Grant<EditDashboards>, PersonId) = self.editor()?;
        self.room().drop_draft(&grant, person, &slug).await.map_err(shown)?;
        leptos_axum::redirect(&ways::one(&slug));
        Ok(())
    }

    async fn over(&self, slug: String) -> Result<(), ApiError> {
        let (grant, person): (Grant<EditDashboards>, PersonId) = self.editor()?;
        let draft: Draft = self.room().draft(person, &slug).await.map_err(shown)?;
        if draft.is_kept && draft.is_behind {
            self.room().drop_draft(&grant, person, &slug).await.map_err(shown)?;
            self.change(&slug, &|dashboard: &mut Dashboard| dashboard.clone_from(&draft.dashboard), &nowhere).await?;
        }
        Ok(())
    }
}

impl Adapter {
    fn room(&self) -> &Dashboards {
        &self.0.house.dashboards
    }

    fn locale(&self) -> Locale {
        self.0.visitor.viewer.locale
    }

    /// The right to edit, and whose draft it is: a program has none.
    fn editor(&self) -> Result<(Grant<EditDashboards>, PersonId), ApiError> {
        let grant: Grant<EditDashboards> = self.0.admit::<EditDashboards>()?;
        let person: Option<PersonId> = self.0.visitor.actor.as_ref().and_then(|actor| actor.person_id());
        Ok((grant, person.ok_or(ApiError::Denied { reason: Denial::NotAPerson })?))
    }

    /// As the asker's draft has it.
    async fn dashboard(&self, slug: &str) -> Result<Dashboard, ApiError> {
        let (_, person): (Grant<EditDashboards>, PersonId) = self.editor()?;
        Ok(self.room().draft(person, slug).await.map_err(shown)?.dashboard)
    }

    /// Changes the draft, unless what comes of it breaks a law, which is told at the fields. Says what came of it.
    async fn change(&self, slug: &str, change: &Change<'_>, field: &FieldOf<'_>) -> Result<Dashboard, ApiError> {
        let (grant, person): (Grant<EditDashboards>, PersonId) = self.editor()?;
        let mut changed: Dashboard = self.dashboard(slug).await?;
        change(&mut changed);
        if let Some(refusal) = refused(&law::wrong(&changed, self.locale(), field)) {
            return Err(refusal);
        }
        let change = |dashboard: &mut Dashboard| -> Result<(), Error> {
            change(dashboard);
            Ok(())
        };
        let draft: Draft = self.room().change_draft(&grant, person, slug, &change).await.map_err(shown)?;
        Ok(draft.dashboard)
    }

    fn must_be_read(&self, problems: &[dashboard::Problem]) -> Result<(), ApiError> {
        let wrong: Vec<FieldWrong> = law::unread(problems, self.locale());
        refused(&wrong).map_or(Ok(()), Err)
    }
}

/// A word that no form of ours sends.
fn odd(field: &str) -> ApiError {
    ApiError::Invalid { field: field.to_owned(), expected: Expected::other("a word of the form") }
}

fn is_up(step: &str) -> Result<bool, ApiError> {
    match step {
        "up" => Ok(true),
        "down" => Ok(false),
        _ => Err(odd("step")),
    }
}

/// The screen judges it anew, and shows it at its place.
fn refused_source(wrong: &[SourceWrong]) -> ApiError {
    let said = |one: &SourceWrong| FieldWrong::new("source", &format!("{}:{}: {}", one.line, one.column, one.said));
    let wrong: Vec<FieldWrong> = wrong.iter().take(1).map(said).collect();
    refused(&wrong).unwrap_or_else(|| odd("source"))
}

/// The board, where the panel stands.
fn at_panel(slug: &str, panel: &str) -> String {
    format!("{}#panel-{}", ways::edit(slug), model::links::encode(panel))
}

/// The board, where the row stands.
fn at_row(slug: &str, row: usize) -> String {
    format!("{}#row-{row}", ways::edit(slug))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_changed_is_where_the_reader_comes_back_to() {
        assert_eq!(at_panel("web", "error-rate"), "/d/web/edit#panel-error-rate");
        assert_eq!(at_row("web", 2), "/d/web/edit#row-2");
    }

    #[test]
    fn of_a_source_the_first_mistake_is_told() {
        let wrong = |line: usize| SourceWrong { line, column: 3, said: "expected a list".to_owned() };
        let ApiError::Invalid { field, expected } = refused_source(&[wrong(7), wrong(9)]) else { panic!("several") };
        assert_eq!((field.as_str(), expected.to_string().as_str()), ("dashboard_edit.law/source", "7:3: expected a list"));
    }
}
