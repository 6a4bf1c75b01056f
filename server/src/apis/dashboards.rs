//! The door of dashboards as they are read: the list of them, and one with its panels answered.
//!
//! What is Markdown comes out as HTML here, because only the server has what draws it.

pub mod editing;
pub mod keeping;
pub mod listing;
pub mod tick;

use crate::apis::Door;
use ::api::ApiError;
use ::api::dashboards::{DashboardAsk, DashboardList, DashboardSearch, DashboardView, DashboardsApi, PanelProse};
use ::api::error::Denial;
use async_trait::async_trait;
use dashboard::{Body, Dashboard, Shown, ShownPanel};
use dashboards::{Ask, Asked, Dashboards, Listed, Stored};
use documents::markdown::{Alone, render};
use figures::{Locale, Zone};
use keeping::refusals::shown;
use kernel::Grant;
use model::Time;
use model::access::{EditDashboards, ReadConsole};
use model::ids::PersonId;
use std::collections::BTreeMap;

/// CSS pixels that a board is drawn for: 24 columns. A narrow window gets the same points, so that everybody's step is the same.
const WIDTH_PX: u32 = 1_160;
/// A panel that is shown alone: all columns, and rows of 40 px.
const ALONE_WIDTH: u8 = 24;
const ALONE_HEIGHT: u8 = 14;

/// Answers the screens on which dashboards are read.
pub struct Adapter(pub Door);

#[async_trait]
impl DashboardsApi for Adapter {
    async fn list(&self, search: DashboardSearch) -> Result<DashboardList, ApiError> {
        self.0.admit::<ReadConsole>()?;
        let all: Vec<Listed> = self.room().all(self.person()).await.map_err(shown)?;
        let locale: Locale = self.0.visitor.viewer.locale;
        Ok(DashboardList { may_edit: self.may_edit(), ..listing::list(all, &search, locale) })
    }

    async fn show(&self, ask: DashboardAsk) -> Result<DashboardView, ApiError> {
        self.0.admit::<ReadConsole>()?;
        self.read(&ask).await
    }

    async fn star(&self, slug: String, is_starred: bool) -> Result<(), ApiError> {
        let grant: Grant<ReadConsole> = self.0.admit::<ReadConsole>()?;
        let person: PersonId = self.person().ok_or(ApiError::Denied { reason: Denial::NotAPerson })?;
        self.room().star(&grant, person, &slug, is_starred).await.map_err(shown)
    }
}

impl Adapter {
    fn room(&self) -> &Dashboards {
        &self.0.house.dashboards
    }

    fn may_edit(&self) -> bool {
        self.0.admit::<EditDashboards>().is_ok()
    }

    fn person(&self) -> Option<PersonId> {
        self.0.visitor.actor.as_ref().and_then(|actor| actor.person_id())
    }

    async fn read(&self, ask: &DashboardAsk) -> Result<DashboardView, ApiError> {
        let stored: Stored = self.room().one(&ask.slug).await.map_err(shown)?;
        let mut dashboard: Dashboard = stored.dashboard;
        if let Some(key) = &ask.panel
            && !leave_alone(&mut dashboard, key)
        {
            return Err(lost(key));
        }
        let viewer = &self.0.visitor.viewer;
        let asked: Asked = asked(ask, viewer.locale, viewer.zone.clone(), self.0.house.clock.now());
        let mut found: Shown = self.room().show(&dashboard, &asked).await.map_err(shown)?;
        if let Some(key) = &ask.panel {
            keep_alone(&mut found, key)?;
        }
        Ok(DashboardView {
            about: html(&found.description),
            prose: prose(&found),
            shown: found,
            version: stored.version,
            origin: stored.origin.as_str().to_owned(),
            at: stored.at,
            by: stored.by,
            is_starred: self.is_starred(&ask.slug).await?,
            may_edit: self.may_edit(),
            has_draft: self.has_draft(&ask.slug).await?,
        })
    }

    async fn is_starred(&self, slug: &str) -> Result<bool, ApiError> {
        match self.person() {
            Some(person) => self.room().is_starred(person, slug).await.map_err(shown),
            None => Ok(false),
        }
    }

    async fn has_draft(&self, slug: &str) -> Result<bool, ApiError> {
        match self.person().filter(|_| self.may_edit()) {
            Some(person) => Ok(self.room().draft(person, slug).await.map_err(shown)?.is_kept),
            None => Ok(false),
        }
    }
}

fn lost(key: &str) -> ApiError {
    ApiError::NotFound { what: format!("panel {key}") }
}

/// What the room is asked. Both ends of a span go before a range.
fn asked(ask: &DashboardAsk, locale: Locale, zone: Zone, now: Time) -> Asked {
    let span: Ask = match (ask.from, ask.to, ask.range.as_deref().unwrap_or_default()) {
        (Some(from), Some(to), _) => Ask::Between(Time(from), Time(to)),
        (_, _, "") => Ask::Usual,
        (_, _, word) => Ask::Last(word.to_owned()),
    };
    let mut chosen: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (name, value) in &ask.chosen {
        chosen.entry(name.clone()).or_default().push(value.clone());
    }
    Asked { span, chosen, open_rows: ask.open.iter().cloned().collect(), width_px: WIDTH_PX, locale, zone, now }
}

/// Leaves the panel of that key alone on its dashboard, large and in an open row. The rows stay, so that their keys do. Says whether there is
/// one of that id.
fn leave_alone(dashboard: &mut Dashboard, key: &str) -> bool {
    let id: &str = key.split('~').next().unwrap_or_default();
    let mut is_there = false;
    for row in &mut dashboard.rows {
        row.panels.retain(|panel| panel.id == id);
        for panel in &mut row.panels {
            (panel.width, panel.height, row.is_folded, is_there) = (ALONE_WIDTH, ALONE_HEIGHT, false, true);
        }
    }
    is_there
}

/// Of a panel that repeats, leaves the one of that key.
fn keep_alone(found: &mut Shown, key: &str) -> Result<(), ApiError> {
    for row in &mut found.rows {
        row.panels.retain(|panel| panel.key == key);
    }
    found.rows.retain(|row| !row.panels.is_empty());
    if found.rows.is_empty() { Err(lost(key)) } else { Ok(()) }
}

fn html(text: &str) -> String {
    if text.trim().is_empty() { String::new() } else { render(text, &Alone) }
}

/// What panels say in Markdown.
#[must_use]
pub fn prose(found: &Shown) -> Vec<PanelProse> {
    let panels = found.rows.iter().flat_map(|row| &row.panels);
    panels.map(panel_prose).filter(|prose| !prose.about.is_empty() || !prose.body.is_empty()).collect()
}

/// What one panel says in Markdown.
#[must_use]
pub fn panel_prose(panel: &ShownPanel) -> PanelProse {
    let body: String = match &panel.body {
        Body::Text(text) => html(text),
        _ => String::new(),
    };
    PanelProse { key: panel.key.clone(), about: html(&panel.description), body }
}

#[cfg(test)]
mod tests {
    use super::*;
    use dashboard::{Panel, Row, ShownRow};

    #[test]
    fn what_stands_for_all_is_the_same_word_on_both_sides() {
        assert_eq!(::api::dashboards::ALL, dashboards::ALL);
    }

    #[test]
    fn both_ends_go_before_a_range_and_a_name_may_have_several_values() {
        let pair = |value: &str| ("host".to_owned(), value.to_owned());
        let ask = DashboardAsk {
            range: Some("6h".to_owned()),
            from: Some(1),
            to: Some(2),
            chosen: vec![pair("a"), pair("b")],
            open: vec!["1~a".to_owned()],
            ..DashboardAsk::default()
        };
        let found: Asked = asked(&ask, Locale::Ja, Zone::utc(), Time(7));
        assert!(matches!(found.span, Ask::Between(Time(1), Time(2))));
        assert_eq!(found.chosen["host"], ["a", "b"]);
        assert!(found.open_rows.contains("1~a"));
        let found: Asked = asked(&DashboardAsk { to: None, ..ask }, Locale::Ja, Zone::utc(), Time(7));
        assert!(matches!(&found.span, Ask::Last(word) if word == "6h"));
        let found: Asked = asked(&DashboardAsk::default(), Locale::Ja, Zone::utc(), Time(7));
        assert!(matches!(found.span, Ask::Usual));
    }

    #[test]
    fn a_panel_alone_is_large_in_an_open_row_that_keeps_its_place() {
        let panel = |id: &str| Panel { id: id.to_owned(), width: 8, height: 7, ..Panel::default() };
        let row = |panels: Vec<Panel>| Row { is_folded: true, panels, ..Row::default() };
        let mut board =
            Dashboard { rows: vec![row(vec![panel("a")]), row(vec![panel("b"), panel("c")])], ..Dashboard::default() };
        assert!(leave_alone(&mut board, "b~x"));
        assert_eq!((board.rows[0].panels.len(), board.rows[1].panels.len()), (0, 1));
        assert_eq!((board.rows[1].panels[0].width, board.rows[1].is_folded), (ALONE_WIDTH, false));
        assert!(!leave_alone(&mut board, "absent"));
    }

    #[test]
    fn of_a_panel_that_repeats_one_is_left() {
        let panel = |key: &str| ShownPanel { key: key.to_owned(), ..ShownPanel::default() };
        let row = |keys: [&str; 2]| ShownRow { panels: keys.map(panel).to_vec(), ..ShownRow::default() };
        let mut found = Shown { rows: vec![row(["a~x", "a~y"]), row(["b~x", "b~y"])], ..Shown::default() };
        keep_alone(&mut found, "b~y").unwrap();
        assert_eq!((found.rows.len(), found.rows[0].panels[0].key.as_str()), (1, "b~y"));
        assert!(matches!(keep_alone(&mut found, "c"), Err(ApiError::NotFound { .. })));
    }

    #[test]
    fn what_is_written_reaches_the_screen_without_its_tags() {
        let text = ShownPanel { body: Body::Text("**a** <script>".to_owned()), ..ShownPanel::default() };
        let found: PanelProse = panel_prose(&text);
        assert!(found.body.contains("<strong>a</strong>") && !found.body.contains("<script>"), "{}", found.body);
        assert!(found.about.is_empty());
    }
}
