//! What the tests of these screens look at.

use api::dashboards::DashboardView;
use dashboard::{Shown, ShownPanel, ShownRow};

/// A live board of one hour with an open row of two panels and a folded one.
pub(super) fn view() -> DashboardView {
    let panel = |key: &str| ShownPanel {
        key: key.to_owned(),
        id: key.to_owned(),
        title: format!("Panel {key}"),
        width: 12,
        height: 7,
        ..ShownPanel::default()
    };
    let row = |key: &str, is_folded: bool| ShownRow {
        key: key.to_owned(),
        title: format!("Row {key}"),
        is_folded,
        panels: vec![panel(&format!("a{key}")), panel(&format!("b{key}"))],
        ..ShownRow::default()
    };
    let shown = Shown {
        slug: "http".to_owned(),
        title: "HTTP".to_owned(),
        tags: vec!["web".to_owned()],
        from_ms: 0,
        to_ms: 3_600_000,
        step_ms: 10_000,
        range: "1h".to_owned(),
        is_now: true,
        rows: vec![row("0", false), row("1", true)],
        ..Shown::default()
    };
    DashboardView {
        shown,
        about: String::new(),
        prose: Vec::new(),
        version: 0,
        origin: "shipped".to_owned(),
        at: None,
        by: None,
        is_starred: false,
        may_edit: true,
        has_draft: false,
    }
}
