//! What is shown of a draft: the board, or one of its forms, judged as part of the whole.

use super::{Adapter, law, panel, settings, source, variable};
use crate::apis::dashboards::keeping::refusals::shown;
use crate::apis::dashboards::{WIDTH_PX, lost, panel_prose, prose};
use crate::house_error::{chain, unavailable};
use ::api::ApiError;
use ::api::dashboards::PanelProse;
use ::api::dashboards::editing::EditForm;
use ::api::dashboards::editing::view::{
    DashboardEditAsk, DashboardEditView, EditPart, FieldWrong, PanelForm, SettingsForm, VariableForm, VariableForms,
};
use dashboard::{Dashboard, MOST_EXPR, MOST_QUERIES, Panel, Row, Shown, ShownPanel, Variable};
use dashboards::{Ask, Asked, Draft};
use std::collections::{BTreeMap, BTreeSet};

/// The id of a panel that is shown as it is written: it stands on no board.
const PREVIEW: &str = "preview";
/// The field of the source.
const SOURCE: &str = "source";

impl Adapter {
    pub(super) async fn view(&self, ask: DashboardEditAsk) -> Result<DashboardEditView, ApiError> {
        let (_, person) = self.editor()?;
        let draft: Draft = self.room().draft(person, &ask.slug).await.map_err(shown)?;
        let newest: i64 = if draft.is_behind { self.room().one(&ask.slug).await.map_err(shown)?.version } else { draft.base };
        let part: EditPart = self.part(&draft.dashboard, &ask).await?;
        Ok(DashboardEditView {
            dashboard: draft.dashboard,
            base: draft.base,
            newest,
            is_kept: draft.is_kept,
            is_behind: draft.is_behind,
            n_undo: u32::try_from(draft.n_undo).unwrap_or(u32::MAX),
            changed_at: draft.changed_at,
            part,
        })
    }

    async fn part(&self, dashboard: &Dashboard, ask: &DashboardEditAsk) -> Result<EditPart, ApiError> {
        Ok(match ask.part.as_str() {
            "panel" => EditPart::Panel(Box::new(self.panel_form(dashboard, ask).await?)),
            "settings" => EditPart::Settings(self.settings_form(dashboard, &ask.fields).await?),
            "variables" => EditPart::Variables(self.variable_forms(dashboard, ask)),
            "source" => self.source_form(dashboard, &ask.fields),
            _ => self.board(dashboard).await?,
        })
    }

    /// Every panel once, in open rows only: what repeats stands there for all it repeats by.
    async fn board(&self, dashboard: &Dashboard) -> Result<EditPart, ApiError> {
        let mut plain: Dashboard = dashboard.clone();
        for row in &mut plain.rows {
            row.repeat = None;
            row.panels.iter_mut().for_each(|panel| panel.repeat = None);
        }
        let found: Shown = self.room().show(&plain, &self.asked()).await.map_err(shown)?;
        Ok(EditPart::Board { prose: prose(&found), shown: Box::new(found) })
    }

    fn asked(&self) -> Asked {
        let viewer = &self.0.visitor.viewer;
        Asked {
            span: Ask::Usual,
            chosen: BTreeMap::new(),
            open_rows: BTreeSet::new(),
            width_px: WIDTH_PX,
            locale: viewer.locale,
            zone: viewer.zone.clone(),
            now: self.0.house.clock.now(),
        }
    }

    async fn panel_form(&self, dashboard: &Dashboard, ask: &DashboardEditAsk) -> Result<PanelForm, ApiError> {
        let id: Option<String> = Some(ask.panel.clone()).filter(|id| !id.is_empty());
        let form: EditForm = match (&id, ask.fields.is_empty()) {
            (Some(id), true) => panel::filled(dashboard.panel(id).ok_or_else(|| lost(id))?),
            (None, true) => panel::blank(&ask.kind),
            (_, false) => ask.fields.clone(),
        };
        let read: panel::ReadPanel = panel::read(&form);
        let wrong: Vec<FieldWrong> = if ask.fields.is_empty() { Vec::new() } else { self.judged(dashboard, ask, &read) };
        let shown: Option<ShownPanel> = self.preview(dashboard, &read.panel).await;
        let prose: PanelProse = shown.as_ref().map(panel_prose).unwrap_or_default();
        let to_ms: i64 = self.0.house.clock.now().0;
        let span: (i64, i64) = (to_ms.saturating_sub(dashboard.span.0), to_ms);
        Ok(PanelForm { id, row: ask.row, form, wrong, shown, prose, span })
    }

    /// What is wrong with a panel in its place.
    fn judged(&self, dashboard: &Dashboard, ask: &DashboardEditAsk, read: &panel::ReadPanel) -> Vec<FieldWrong> {
        let mut with: Dashboard = dashboard.clone();
        let place: (usize, usize) = read.put(&mut with, &ask.panel, super::rows::index(ask.row));
        let mut wrong: Vec<FieldWrong> = law::unread(&read.wrong, self.locale());
        wrong.extend(law::wrong(&with, self.locale(), &|path: &str| read.field(place, path)));
        wrong
    }

    /// How a panel would look, whatever is wrong with it. `None` where there is nothing to ask, or nobody answers.
    async fn preview(&self, dashboard: &Dashboard, panel: &Panel) -> Option<ShownPanel> {
        let found = self.room().show_panel(&alone(dashboard, panel), &self.asked(), PREVIEW).await;
        found.unwrap_or_else(|error| {
            tracing::warn!(error = chain(&error), "a panel could not be shown as it is written");
            None
        })
    }

    async fn settings_form(&self, dashboard: &Dashboard, fields: &EditForm) -> Result<SettingsForm, ApiError> {
        let teams = self.0.house.identity.teams_list().await.map_err(|error| unavailable(&error))?;
        let names: BTreeSet<String> = teams.into_iter().map(|team| team.name).chain(dashboard.team.clone()).collect();
        let teams: Vec<String> = names.into_iter().collect();
        if fields.is_empty() {
            return Ok(SettingsForm { form: settings::filled(dashboard), wrong: Vec::new(), teams });
        }
        let read: settings::ReadSettings = settings::read(fields);
        let mut with: Dashboard = dashboard.clone();
        read.put(&mut with);
        let mut wrong: Vec<FieldWrong> = law::unread(&read.wrong, self.locale());
        wrong.extend(law::wrong(&with, self.locale(), &|path: &str| read.field(path)));
        Ok(SettingsForm { form: fields.clone(), wrong, teams })
    }

    fn variable_forms(&self, dashboard: &Dashboard, ask: &DashboardEditAsk) -> VariableForms {
        let filled = |variable: &Variable| VariableForm {
            name: variable.name.clone(),
            form: variable::filled(variable),
            wrong: Vec::new(),
        };
        let mut all: Vec<VariableForm> = dashboard.variables.iter().map(filled).collect();
        all.push(VariableForm { form: variable::blank(), ..VariableForm::default() });
        let written = all.iter_mut().find(|one| one.name == ask.variable && !ask.fields.is_empty());
        if let Some(one) = written {
            let read: variable::ReadVariable = variable::read(&ask.fields);
            let mut with: Dashboard = dashboard.clone();
            let index: usize = read.put(&mut with, &ask.variable);
            one.form.clone_from(&ask.fields);
            one.wrong = law::unread(&read.wrong, self.locale());
            one.wrong.extend(law::wrong(&with, self.locale(), &|path: &str| variable::field(index, path)));
        }
        VariableForms { all }
    }

    fn source_form(&self, dashboard: &Dashboard, fields: &EditForm) -> EditPart {
        let Some(text) = fields.get(SOURCE) else {
            return EditPart::Source { text: source::text_of(dashboard), wrong: Vec::new() };
        };
        let wrong = source::read(text, &dashboard.slug, self.locale()).err().unwrap_or_default();
        EditPart::Source { text: text.replace("\r\n", "\n"), wrong }
    }
}

/// A dashboard with nothing but one panel, as it is written: it keeps the laws that guard what is asked, and may break others.
fn alone(dashboard: &Dashboard, panel: &Panel) -> Dashboard {
    let mut only: Panel = Panel { id: PREVIEW.to_owned(), repeat: None, ..panel.clone() };
    only.queries.truncate(MOST_QUERIES);
    only.queries.retain(|query| query.expr.len() <= MOST_EXPR);
    only.width = only.width.clamp(1, dashboard::COLUMNS);
    only.height = only.height.clamp(dashboard::LEAST_HEIGHT, dashboard::MOST_HEIGHT);
    let rows: Vec<Row> = vec![Row { panels: vec![only], ..Row::default() }];
    Dashboard { rows, ..dashboard.clone() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use dashboard::{Query, Said};

    #[test]
    fn what_is_shown_while_it_is_written_asks_no_more_than_a_panel_may() {
        let query = |expr: String| Query { expr, ..Query::default() };
        let mut queries: Vec<Query> = vec![query("x".repeat(MOST_EXPR + 1))];
        queries.extend((0..99).map(|_| query("up".to_owned())));
        let repeat = Some("job".to_owned());
        let panel = Panel { id: "a".to_owned(), queries, width: 200, height: 0, repeat, ..Panel::default() };
        let rows = vec![Row { is_folded: true, panels: vec![panel.clone()], ..Row::default() }];
        let board = Dashboard { title: Said::same("Web"), rows, ..Dashboard::default() };
        let found: Dashboard = alone(&board, &panel);
        let only: &Panel = &found.rows[0].panels[0];
        assert_eq!((only.id.as_str(), only.queries.len(), only.repeat.as_deref()), (PREVIEW, MOST_QUERIES - 1, None));
        assert_eq!((only.width, only.height, found.rows[0].is_folded), (24, 2, false));
        assert_eq!(found.title, board.title);
    }
}
