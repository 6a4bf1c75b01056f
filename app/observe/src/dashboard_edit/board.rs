//! The draft as a board: rows of panels that can be moved, resized, copied and taken away.

use super::acts::Acts;
use super::row::row;
use crate::dashboard_history::said::hidden;
use crate::words::dashboard_edit::edit_words;
use api::dashboards::PanelProse;
use api::dashboards::editing::view::DashboardEditView;
use dashboard::{Shown, ShownPanel};
use leptos::form::ActionForm;
use leptos::prelude::*;
use ui::button::Button;
use ui::icon::IconName;

/// What every panel of the board has to know.
#[derive(Clone, Copy)]
pub(super) struct Around<'a> {
    pub(super) view: &'a DashboardEditView,
    pub(super) shown: &'a Shown,
    pub(super) prose: &'a [PanelProse],
    pub(super) acts: Acts,
}

impl Around<'_> {
    /// A panel as it is shown. It repeats by nothing here, so its key is its id.
    pub(super) fn panel(&self, id: &str) -> Option<&ShownPanel> {
        self.shown.rows.iter().flat_map(|row| &row.panels).find(|panel| panel.id == id)
    }
}

pub(super) fn board(view: &DashboardEditView, shown: &Shown, prose: &[PanelProse], acts: Acts) -> AnyView {
    let words = edit_words();
    let around = Around { view, shown, prose, acts };
    let rows: Vec<AnyView> = (0..view.dashboard.rows.len()).map(|index| row(index, around)).collect();
    let slug: &str = &view.dashboard.slug;
    let add = view! {
        {hidden("slug", slug)}
        <Button kind="submit" icon=IconName::Plus>{words.row_add}</Button>
    };
    view! {
        <p class="dashboard-edit__keys mute">{words.keys}</p>
        <div class="dashboard-edit__board" data-board="" data-figures="" data-topic="">
            {rows}
            {placing(slug, acts)}
        </div>
        <ActionForm action=acts.row_add>{add}</ActionForm>
    }
    .into_any()
}

/// What `public/dashboards.js` fills in and sends once a panel was dragged. Nobody else can send it.
fn placing(slug: &str, acts: Acts) -> AnyView {
    let number = |name: &'static str| view! { <input type="hidden" name=name value="" disabled=true /> }.into_any();
    let fields = view! {
        {hidden("slug", slug)}
        <input type="hidden" name="panel" value="" />
        {number("row")}
        {number("index")}
        {number("width")}
        {number("height")}
    };
    view! { <ActionForm action=acts.panel_place attr:data-place="">{fields}</ActionForm> }.into_any()
}

#[cfg(test)]
mod tests {
    use super::*;
    use api::dashboards::editing::view::EditPart;
    use dashboard::{Dashboard, Panel, Row, Said, ShownRow};

    /// `"ab|c"` is a row of the panels `a` and `b`, and one of `c`.
    fn view(rows: &str) -> DashboardEditView {
        let panel = |id: char| Panel { id: id.to_string(), title: Said::same("<T>"), width: 14, height: 6, ..Panel::default() };
        let row = |ids: &str| Row { panels: ids.chars().map(panel).collect(), ..Row::default() };
        let rows: Vec<Row> = rows.split('|').map(row).collect();
        let mut shown = Shown::default();
        for (index, row) in rows.iter().enumerate() {
            let panel = |panel: &Panel| ShownPanel { key: panel.id.clone(), id: panel.id.clone(), ..ShownPanel::default() };
            shown.rows.push(ShownRow { index, panels: row.panels.iter().map(panel).collect(), ..ShownRow::default() });
        }
        DashboardEditView {
            dashboard: Dashboard { slug: "web".to_owned(), rows, ..Dashboard::default() },
            base: 1,
            newest: 1,
            is_kept: false,
            is_behind: false,
            n_undo: 0,
            changed_at: None,
            part: EditPart::Board { shown: Box::new(shown), prose: Vec::new() },
        }
    }

    #[test]
    fn every_panel_and_every_row_can_be_changed_by_a_form() {
        let owner = Owner::new();
        owner.set();
        let view = view("ab|c");
        let EditPart::Board { shown, prose } = &view.part else { panic!("a board") };
        let html: String = board(&view, shown, prose, Acts::new()).to_html();
        for (part, n) in [
            ("/call/dashboard_panel_step", 3),
            ("/call/dashboard_panel_copy", 3),
            ("/call/dashboard_panel_remove", 3),
            ("/call/dashboard_row_save", 2),
            ("/call/dashboard_row_step", 2),
            ("/call/dashboard_row_remove", 2),
            ("/call/dashboard_panel_place", 1),
            ("value=\"earlier\"", 3),
            ("value=\"shorter\"", 3),
            ("/d/web/edit?panel=a", 1),
        ] {
            assert_eq!(html.matches(part).count(), n, "{part}: {html}");
        }
        assert!(!html.contains("<T>"), "{html}");
    }
}
