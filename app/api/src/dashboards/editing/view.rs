//! What the screen is told on which a dashboard is changed.

use super::EditForm;
use crate::dashboards::PanelProse;
use dashboard::{Dashboard, Shown, ShownPanel};
use model::Time;
use serde::{Deserialize, Serialize};

/// Which part of whose draft. With `fields`, what stands in its form is judged and shown in place of what the draft says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct DashboardEditAsk {
    pub slug: String,
    /// `panel`, `settings`, `variables`, `source`; empty: the board.
    #[serde(default)]
    pub part: String,
    /// The id of the panel whose form it is; empty: a new one.
    #[serde(default)]
    pub panel: String,
    /// Of a new panel: the row it comes into, from 0, and its kind.
    #[serde(default)]
    pub row: u32,
    #[serde(default)]
    pub kind: String,
    /// The name of the variable whose form it is; empty: a new one.
    #[serde(default)]
    pub variable: String,
    // An empty one leaves no trace in what is sent.
    #[serde(default)]
    pub fields: EditForm,
}

/// A draft.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DashboardEditView {
    pub dashboard: Dashboard,
    /// The version it was begun on, and the newest one.
    pub base: i64,
    pub newest: i64,
    /// Whether anything was changed.
    pub is_kept: bool,
    /// Whether somebody saved since it was begun.
    pub is_behind: bool,
    /// Changes that can be taken back.
    pub n_undo: u32,
    pub changed_at: Option<Time>,
    pub part: EditPart,
}

/// What is shown of a draft.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum EditPart {
    /// Every panel once, whatever it repeats by.
    Board {
        shown: Box<Shown>,
        prose: Vec<PanelProse>,
    },
    Panel(Box<PanelForm>),
    Settings(SettingsForm),
    Variables(VariableForms),
    Source {
        text: String,
        wrong: Vec<SourceWrong>,
    },
}

/// A panel as a form.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PanelForm {
    /// `None` for a new one.
    pub id: Option<String>,
    /// Of a new one: the row it comes into, from 0.
    pub row: u32,
    pub form: EditForm,
    /// What is wrong with what stands in the form.
    pub wrong: Vec<FieldWrong>,
    /// How it would look; `None` where nothing can be shown.
    pub shown: Option<ShownPanel>,
    pub prose: PanelProse,
    /// The span it is shown over, in milliseconds since the Unix epoch.
    pub span: (i64, i64),
}

/// A dashboard without its panels as a form.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SettingsForm {
    pub form: EditForm,
    pub wrong: Vec<FieldWrong>,
    /// Every team that may answer for it.
    pub teams: Vec<String>,
}

/// Variables as forms.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct VariableForms {
    /// In their order, and at the end an empty one without a name.
    pub all: Vec<VariableForm>,
}

/// A variable as a form.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct VariableForm {
    /// As the draft has it; empty for a new one.
    pub name: String,
    pub form: EditForm,
    pub wrong: Vec<FieldWrong>,
}

/// Something that is wrong in a form.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldWrong {
    /// Empty where it is about the dashboard as a whole.
    pub field: String,
    /// A sentence in the reader's language.
    pub said: String,
    /// In an expression the bytes at fault.
    pub at: Option<(usize, usize)>,
}

impl FieldWrong {
    /// About a field as a whole.
    #[must_use]
    pub fn new(field: &str, said: &str) -> Self {
        Self { field: field.to_owned(), said: said.to_owned(), at: None }
    }
}

/// Something that is wrong in a source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceWrong {
    /// From 1.
    pub line: usize,
    /// From 1, in characters.
    pub column: usize,
    pub said: String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::Packing;
    use dashboard::{Kind, Panel, Row, Said};

    #[test]
    fn a_draft_and_what_stands_in_its_form_arrive_as_they_were_sent() {
        let state = Kind::States(vec![(1.0, Said::same("up"))]);
        let panel = Panel { id: "state".to_owned(), kind: state, width: 12, height: 7, ..Panel::default() };
        let rows = vec![Row { panels: vec![panel], ..Row::default() }];
        let form: EditForm = [("query.0.expr".to_owned(), "up(".to_owned())].into_iter().collect();
        let wrong = vec![FieldWrong { at: Some((2, 3)), ..FieldWrong::new("query.0.expr", "x") }];
        let view = DashboardEditView {
            dashboard: Dashboard { slug: "web".to_owned(), rows, ..Dashboard::default() },
            base: 3,
            newest: 4,
            is_kept: true,
            is_behind: true,
            n_undo: 2,
            changed_at: Some(Time(7)),
            part: EditPart::Panel(Box::new(PanelForm { form: form.clone(), wrong, ..PanelForm::default() })),
        };
        let bytes = <Packing as codee::Encoder<DashboardEditView>>::encode(&view).unwrap();
        assert_eq!(<Packing as codee::Decoder<DashboardEditView>>::decode(&bytes).unwrap(), view);
        let ask = DashboardEditAsk { slug: "web".to_owned(), fields: form, ..DashboardEditAsk::default() };
        let bytes = <Packing as codee::Encoder<DashboardEditAsk>>::encode(&ask).unwrap();
        assert_eq!(<Packing as codee::Decoder<DashboardEditAsk>>::decode(&bytes).unwrap(), ask);
    }
}
