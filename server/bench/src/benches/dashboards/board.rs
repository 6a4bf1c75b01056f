//! The dashboards that are looked at, as files say them, and the series they show.

use crate::load::fleet::Series;
use crate::load::motion::{Motion, mixed};
use model::links::dashboards as ways;

/// Lines of a panel.
pub(super) const LINES: usize = 3;
/// A metric of its own, so that nothing else of the house is on these panels.
const METRIC: &str = "bench_lines";
const KINDS: [&str; 3] = ["line", "area", "stacked"];
/// Three panels abreast on a wide screen.
const THIRD: u8 = 8;

/// A dashboard that can be written as a file.
pub(super) struct Board {
    /// The end of its address.
    pub(super) slug: &'static str,
    /// How far it looks back, as its file says it.
    pub(super) span: &'static str,
    pub(super) panels: Vec<Panel>,
}

/// A panel with curves.
pub(super) struct Panel {
    pub(super) id: String,
    pub(super) kind: &'static str,
    pub(super) expr: String,
    /// What its series are called.
    pub(super) name: &'static str,
    /// Columns of 24.
    pub(super) width: u8,
}

impl Board {
    /// So many panels of [`LINES`] lines each.
    pub(super) fn of_lines(slug: &'static str, span: &'static str, n_panels: usize) -> Self {
        Self { slug, span, panels: (0..n_panels).map(Panel::of_lines).collect() }
    }

    /// Where it is read.
    pub(super) fn path(&self) -> String {
        ways::one(self.slug)
    }

    /// Its file.
    pub(super) fn file(&self) -> String {
        let (slug, span) = (self.slug, self.span);
        let panels: String = self.panels.iter().map(Panel::file).collect();
        format!("dashboards:\n- slug: {slug}\n  title: {slug}\n  span: {span}\n  rows:\n  - panels:\n{panels}")
    }
}

impl Panel {
    fn of_lines(number: usize) -> Self {
        let (id, expr) = (format!("panel-{number:02}"), format!("{METRIC}{{panel=\"{number:02}\"}}"));
        Self { id, kind: KINDS[number % KINDS.len()], expr, name: "{{line}}", width: THIRD }
    }

    fn file(&self) -> String {
        let Self { id, kind, expr, name, width } = self;
        format!(
            "    - id: {id}\n      title: {id}\n      kind: {kind}\n      width: {width}\n      height: 7\n      \
             legend: [last, max, mean]\n      queries:\n      - {{expr: '{expr}', name: \"{name}\"}}\n"
        )
    }
}

/// The `at`-th series of all panels of lines.
pub(super) fn line(at: usize) -> Series {
    let labels: [(&str, String); 3] =
        [("__name__", METRIC.to_owned()), ("line", format!("line-{}", at % LINES)), ("panel", format!("{:02}", at / LINES))];
    let labels = labels.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    Series { labels, motion: Motion::Gauge { mean: 40.0, parts: 100.0, seed: mixed(at as u64) } }
}

#[cfg(test)]
mod tests {
    use super::*;
    use dashboards::file::{DashboardFile, read};

    #[test]
    fn what_is_written_keeps_the_laws_of_dashboards() {
        let board = Board::of_lines("bench-12", "6h", 12);
        let found = read(&[DashboardFile { name: "bench".to_owned(), text: board.file() }]).unwrap();
        let panels = &found[0].dashboard.rows[0].panels;
        assert_eq!((found.len(), panels.len(), panels[0].queries.len()), (1, 12, 1));
        assert_eq!(panels[11].queries[0].expr, "bench_lines{panel=\"11\"}");
        assert_eq!(board.path(), "/d/bench-12");
    }

    #[test]
    fn every_panel_has_its_own_lines() {
        let labels = |at: usize| line(at).labels.into_iter().map(|(_, value)| value).collect::<Vec<String>>().join(" ");
        assert_eq!((labels(0), labels(5)), ("bench_lines line-0 00".to_owned(), "bench_lines line-2 01".to_owned()));
        assert!(line(4).labels.is_sorted_by(|left, right| left.0 < right.0));
    }
}
