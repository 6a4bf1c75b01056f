//! What has to be asked for a dashboard: the repeats carried out, every expression filled in, each distinct question once.

pub(crate) mod grid;
pub(crate) mod reading;
#[cfg(test)]
mod tests;

use crate::asked::{Asked, Window};
use crate::choosing::{Choices, choose};
use crate::error::Error;
use crate::evaluating::{Question, When};
use crate::needs::Needs;
use dashboard::{
    Dashboard, Filled, Kind, Panel, Query, Repeated, RepeatedPanel, RepeatedRow, Trouble, Values, fill_text, interpolate,
    repeated,
};
use grid::Grid;
use promql::ast::Expr;
use reading::{Read, metrics_named, read};
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

/// The columns of a panel as most are.
const USUAL_COLUMNS: u8 = 12;
/// Where steps are longer than this, a number that should be the newest is asked for at the end of the span too.
const STALE_MS: i64 = 60_000;

/// What is asked, and with what chosen.
pub(crate) struct Sheet<'a> {
    pub(crate) asked: &'a Asked,
    pub(crate) window: Window,
    /// Of a panel of the usual width.
    pub(crate) step_ms: i64,
    pub(crate) choices: Choices,
}

impl<'a> Sheet<'a> {
    /// Reads the span and asks for what may be chosen.
    ///
    /// # Errors
    /// [`Error::Span`].
    pub(crate) async fn of(needs: &Needs, dashboard: &Dashboard, asked: &'a Asked) -> Result<Self, Error> {
        let window: Window = Window::of(asked, dashboard.span)?;
        let step_ms: i64 = Grid::of(&window, &Kind::default(), USUAL_COLUMNS, asked.width_px).step_ms;
        let choices: Choices = choose(needs.numbers.as_ref(), dashboard, asked, &window, step_ms).await;
        Ok(Self { asked, window, step_ms, choices })
    }
}

/// What for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose<'a> {
    /// To show all of it.
    Board,
    /// To show the panel of that key alone, wherever it stands.
    Panel(&'a str),
    /// To move its lines along.
    Tick,
}

/// All that is asked.
#[derive(Clone, Debug, Default)]
pub(crate) struct Plan {
    pub(crate) rows: Vec<PlannedRow>,
    pub(crate) questions: Vec<Question>,
    /// Whether panels were left out because repeating made too many.
    pub(crate) is_cut: bool,
}

#[derive(Clone, Debug)]
pub(crate) struct PlannedRow {
    pub(crate) index: usize,
    pub(crate) key: String,
    pub(crate) title: String,
    pub(crate) is_folded: bool,
    pub(crate) panels: Vec<PlannedPanel>,
}

#[derive(Clone, Debug)]
pub(crate) struct PlannedPanel {
    pub(crate) key: String,
    pub(crate) panel: Panel,
    /// What its texts and expressions are filled in with.
    pub(crate) values: Values,
    pub(crate) grid: Grid,
    /// Its expressions, filled in.
    pub(crate) exprs: Vec<String>,
    /// The metrics that they name.
    pub(crate) metrics: BTreeSet<String>,
    /// Those that are asked.
    pub(crate) queries: Vec<PlannedQuery>,
    /// Of those that can't be.
    pub(crate) troubles: Vec<Trouble>,
    /// Not, where its row is folded.
    pub(crate) is_asked: bool,
}

/// A query with the places of its questions.
#[derive(Clone, Debug)]
pub(crate) struct PlannedQuery {
    /// Its place among the panel's queries.
    pub(crate) index: usize,
    pub(crate) filled: Filled,
    pub(crate) expr: Arc<Expr>,
    pub(crate) main: usize,
    /// The same at the end of the span.
    pub(crate) end: Option<usize>,
    /// The same so long ago as the panel says.
    pub(crate) past: Option<usize>,
}

/// When a query is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Times {
    main: When,
    end: Option<When>,
    past: Option<When>,
}

/// Plans what is asked for a purpose.
pub(crate) fn plan(dashboard: &Dashboard, sheet: &Sheet<'_>, purpose: Purpose<'_>) -> Plan {
    let repeated: Repeated = repeated(dashboard, &sheet.choices.values);
    let mut planner = Planner { sheet, purpose, known: HashMap::new(), questions: Vec::new() };
    let rows: Vec<PlannedRow> = repeated.rows.into_iter().map(|row| planner.row(dashboard, row)).collect();
    Plan { rows, questions: planner.questions, is_cut: repeated.is_cut }
}

struct Planner<'a> {
    sheet: &'a Sheet<'a>,
    purpose: Purpose<'a>,
    known: HashMap<(String, When), usize>,
    questions: Vec<Question>,
}

impl Planner<'_> {
    fn row(&mut self, dashboard: &Dashboard, row: RepeatedRow) -> PlannedRow {
        let key: String = match &row.value {
            Some(value) => format!("{}~{value}", row.index),
            None => row.index.to_string(),
        };
        let written = dashboard.rows.get(row.index);
        let is_folded: bool = written.is_some_and(|row| row.is_folded) && !self.sheet.asked.open_rows.contains(&key);
        let title: &str = written.map_or("", |row| row.title.read(self.sheet.asked.locale));
        let title: String = fill_text(title, &row.values);
        let purpose: Purpose<'_> = self.purpose;
        let wanted = row.panels.into_iter().filter(|panel| !matches!(purpose, Purpose::Panel(key) if key != panel.key));
        let panels: Vec<PlannedPanel> = wanted.map(|panel| self.panel(panel, is_folded)).collect();
        PlannedRow { index: row.index, key, title, is_folded, panels }
    }

    fn panel(&mut self, repeated: RepeatedPanel, is_folded: bool) -> PlannedPanel {
        let RepeatedPanel { key, panel, values } = repeated;
        let sheet = self.sheet;
        let grid: Grid = Grid::of(&sheet.window, &panel.kind, panel.width, sheet.asked.width_px);
        let of_grid: Values = Values::new(sheet.window.from.0, sheet.window.to.0, grid.step_ms);
        let is_asked: bool = match self.purpose {
            Purpose::Board => !is_folded,
            Purpose::Panel(_) => true,
            Purpose::Tick => !is_folded && matches!(panel.kind, Kind::Lines(_)),
        };
        let queries: Vec<Query> = panel.queries.clone();
        let mut planned = PlannedPanel {
            key,
            panel,
            values: Values { chosen: values.chosen, ..of_grid },
            grid,
            exprs: Vec::new(),
            metrics: BTreeSet::new(),
            queries: Vec::new(),
            troubles: Vec::new(),
            is_asked,
        };
        for (index, query) in queries.iter().enumerate() {
            self.query(&mut planned, index, query);
        }
        planned
    }

    fn query(&mut self, planned: &mut PlannedPanel, index: usize, query: &Query) {
        if self.sheet.choices.lacks(&query.expr) {
            planned.exprs.push(interpolate(&query.expr, &planned.values).text);
            return;
        }
        // What is hidden is only there for a table.
        let is_used: bool = !query.is_hidden || planned.panel.kind == Kind::Table;
        let Read { filled, expr } = match read(index, &query.expr, &planned.values) {
            Ok(read) => read,
            Err(trouble) => {
                planned.exprs.push(interpolate(&query.expr, &planned.values).text);
                planned.troubles.extend((planned.is_asked && is_used).then_some(trouble));
                return;
            }
        };
        planned.exprs.push(filled.text.clone());
        planned.metrics.extend(metrics_named(&expr));
        if !planned.is_asked || !is_used {
            return;
        }
        let times: Times = self.times(&planned.panel, query, planned.grid);
        let mut ask = |when: When| self.ask(&filled.text, &expr, when);
        let (main, end, past) = (ask(times.main), times.end.map(&mut ask), times.past.map(&mut ask));
        planned.queries.push(PlannedQuery { index, filled, expr, main, end, past });
    }

    fn times(&self, panel: &Panel, query: &Query, grid: Grid) -> Times {
        let end = When::At(self.sheet.window.to);
        let at_end = Times { main: end, end: None, past: None };
        let over = Times { main: grid.asked(0), end: None, past: None };
        match panel.kind {
            _ if self.purpose == Purpose::Tick => Times { main: When::At(self.sheet.asked.now), ..at_end },
            _ if query.is_instant => at_end,
            Kind::Table | Kind::Text(_) => at_end,
            Kind::Lines(_) => Times { past: panel.past_ms.map(|past_ms| grid.asked(past_ms)), ..over },
            Kind::Stat(_) | Kind::Gauge(_) | Kind::Pie(_) | Kind::Histogram => {
                Times { end: (grid.step_ms > STALE_MS).then_some(end), ..over }
            }
            Kind::HeatMap | Kind::States(_) => over,
        }
    }

    /// The place of a question; a known one is asked once.
    fn ask(&mut self, text: &str, expr: &Arc<Expr>, when: When) -> usize {
        let next: usize = self.questions.len();
        let place: usize = *self.known.entry((text.to_owned(), when)).or_insert(next);
        if place == next {
            self.questions.push(Question { expr: Arc::clone(expr), when });
        }
        place
    }
}
