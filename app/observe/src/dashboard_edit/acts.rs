//! What the forms of this screen do.

use super::refusal::attempt;
use api::dashboards::editing::{
    DashboardDiscard, DashboardDraftSave, DashboardOver, DashboardPanelCopy, DashboardPanelPlace, DashboardPanelRemove,
    DashboardPanelSave, DashboardPanelStep, DashboardRowAdd, DashboardRowRemove, DashboardRowSave, DashboardRowStep,
    DashboardSettingsSave, DashboardSourceSave, DashboardUndo, DashboardVariableRemove, DashboardVariableSave,
    DashboardVariableStep,
};
use api::kept::typed_into;
use leptos::prelude::*;

/// All of them. They are handles, so they are copied freely.
#[derive(Clone, Copy)]
pub(super) struct Acts {
    pub(super) panel_step: ServerAction<DashboardPanelStep>,
    pub(super) panel_place: ServerAction<DashboardPanelPlace>,
    pub(super) panel_save: ServerAction<DashboardPanelSave>,
    pub(super) panel_copy: ServerAction<DashboardPanelCopy>,
    pub(super) panel_remove: ServerAction<DashboardPanelRemove>,
    pub(super) row_add: ServerAction<DashboardRowAdd>,
    pub(super) row_save: ServerAction<DashboardRowSave>,
    pub(super) row_remove: ServerAction<DashboardRowRemove>,
    pub(super) row_step: ServerAction<DashboardRowStep>,
    pub(super) settings_save: ServerAction<DashboardSettingsSave>,
    pub(super) variable_save: ServerAction<DashboardVariableSave>,
    pub(super) variable_remove: ServerAction<DashboardVariableRemove>,
    pub(super) variable_step: ServerAction<DashboardVariableStep>,
    pub(super) source_save: ServerAction<DashboardSourceSave>,
    pub(super) undo: ServerAction<DashboardUndo>,
    pub(super) save: ServerAction<DashboardDraftSave>,
    pub(super) discard: ServerAction<DashboardDiscard>,
    pub(super) over: ServerAction<DashboardOver>,
}

impl Acts {
    pub(super) fn new() -> Self {
        Self {
            panel_step: ServerAction::new(),
            panel_place: ServerAction::new(),
            panel_save: ServerAction::new(),
            panel_copy: ServerAction::new(),
            panel_remove: ServerAction::new(),
            row_add: ServerAction::new(),
            row_save: ServerAction::new(),
            row_remove: ServerAction::new(),
            row_step: ServerAction::new(),
            settings_save: ServerAction::new(),
            variable_save: ServerAction::new(),
            variable_remove: ServerAction::new(),
            variable_step: ServerAction::new(),
            source_save: ServerAction::new(),
            undo: ServerAction::new(),
            save: ServerAction::new(),
            discard: ServerAction::new(),
            over: ServerAction::new(),
        }
    }

    /// What had been typed into a form that the server judges anew.
    pub(super) fn typed(self) -> Vec<(String, String)> {
        let typed: Option<Vec<(String, String)>> = typed_into(self.panel_save)
            .or_else(|| typed_into(self.settings_save))
            .or_else(|| typed_into(self.variable_save))
            .or_else(|| typed_into(self.source_save));
        typed.unwrap_or_default()
    }

    /// Why what has no fields of its own was refused.
    pub(super) fn refusals(self) -> AnyView {
        view! {
            {attempt(self.panel_step).refused()}
            {attempt(self.panel_place).refused()}
            {attempt(self.panel_copy).refused()}
            {attempt(self.panel_remove).refused()}
            {attempt(self.row_add).refused()}
            {attempt(self.row_save).refused()}
            {attempt(self.row_remove).refused()}
            {attempt(self.row_step).refused()}
            {attempt(self.variable_remove).refused()}
            {attempt(self.variable_step).refused()}
            {attempt(self.undo).refused()}
            {attempt(self.save).refused()}
            {attempt(self.discard).refused()}
            {attempt(self.over).refused()}
        }
        .into_any()
    }
}
