//! A dashboard as one reader sees it, drawn from the answers to what its panels ask.

mod arranging;
mod buckets;
pub(crate) mod data;
mod gauges;
mod heat;
mod judging;
mod lines;
mod links;
mod overriding;
mod reducing;
mod rounding;
pub(crate) mod series;
mod states;
mod stats;
mod tables;
#[cfg(test)]
mod tests;

use crate::Dashboards;
use crate::asked::{Asked, Window};
use crate::error::Error;
use crate::evaluating::{Answer, answers};
use crate::needs::{Happened, Needs};
use crate::planning::grid::Grid;
use crate::planning::{Plan, PlannedPanel, PlannedRow, Purpose, Sheet, plan};
use chart::Figure;
use dashboard::{Body, Dashboard, Kind, Note, Panel, Shown, ShownPanel, ShownRow, Trouble, fill_text};
use data::Data;
use figures::{Locale, Zone};
use links::{prose, shown_links};
use model::Severity;

impl Dashboards {
    /// All of a dashboard, of a stored one or a draft alike. A query without an answer is a trouble of its panel; the others live on.
    ///
    /// # Errors
    /// [`Error::Span`] when what is asked for is no span of a second to ten years.
    pub async fn show(&self, dashboard: &Dashboard, asked: &Asked) -> Result<Shown, Error> {
        show(&self.needs, dashboard, asked).await
    }

    /// One panel alone, by its [`ShownPanel::key`], also where its row is folded; `None` where there is none.
    ///
    /// # Errors
    /// As [`Dashboards::show`].
    pub async fn show_panel(&self, dashboard: &Dashboard, asked: &Asked, key: &str) -> Result<Option<ShownPanel>, Error> {
        show_panel(&self.needs, dashboard, asked, key).await
    }
}

pub(crate) async fn show(needs: &Needs, dashboard: &Dashboard, asked: &Asked) -> Result<Shown, Error> {
    let sheet: Sheet<'_> = Sheet::of(needs, dashboard, asked).await?;
    let plan: Plan = plan(dashboard, &sheet, Purpose::Board);
    let easel: Easel<'_> = Easel::of(needs, &sheet, &plan).await;
    let (locale, values, window) = (asked.locale, &sheet.choices.values, &sheet.window);
    Ok(Shown {
        slug: dashboard.slug.clone(),
        title: fill_text(dashboard.title.read(locale), values),
        description: prose(dashboard.description.read(locale), values),
        tags: dashboard.tags.clone(),
        team: dashboard.team.clone(),
        from_ms: window.from.0,
        to_ms: window.to.0,
        step_ms: sheet.step_ms,
        range: window.range.clone(),
        is_now: window.is_now(),
        refresh: dashboard.refresh,
        links: shown_links(&dashboard.links, values, window, locale),
        choices: sheet.choices.choices.clone(),
        rows: plan.rows.iter().map(|row| easel.row(row)).collect(),
        is_cut: plan.is_cut,
    })
}

pub(crate) async fn show_panel(
    needs: &Needs,
    dashboard: &Dashboard,
    asked: &Asked,
    key: &str,
) -> Result<Option<ShownPanel>, Error> {
    let sheet: Sheet<'_> = Sheet::of(needs, dashboard, asked).await?;
    let plan: Plan = plan(dashboard, &sheet, Purpose::Panel(key));
    let Some(panel) = plan.rows.iter().flat_map(|row| &row.panels).next() else {
        return Ok(None);
    };
    let easel: Easel<'_> = Easel::of(needs, &sheet, &plan).await;
    Ok(Some(easel.panel(panel)))
}

/// What panels are drawn from.
struct Easel<'a> {
    sheet: &'a Sheet<'a>,
    answers: Vec<Answer>,
    happened: Happened,
    /// Metrics that the rules of open alerts name, and how bad those are.
    open: Vec<(Vec<String>, Severity)>,
}

impl<'a> Easel<'a> {
    async fn of(needs: &Needs, sheet: &'a Sheet<'a>, plan: &Plan) -> Self {
        let (window, locale) = (&sheet.window, sheet.asked.locale);
        let (answers, mut happened, open) = futures::join!(
            answers(&needs.numbers, &plan.questions),
            needs.happenings.happened(window.from, window.to, locale),
            needs.happenings.open(),
        );
        happened.flags.retain(|flag| window.holds(flag.ms));
        Self { sheet, answers, happened, open }
    }

    fn row(&self, row: &PlannedRow) -> ShownRow {
        ShownRow {
            index: row.index,
            key: row.key.clone(),
            title: row.title.clone(),
            is_folded: row.is_folded,
            panels: row.panels.iter().map(|panel| self.panel(panel)).collect(),
        }
    }

    fn panel(&self, planned: &PlannedPanel) -> ShownPanel {
        let (locale, panel, values) = (self.sheet.asked.locale, &planned.panel, &planned.values);
        let data: Data<'_> = Data::of(planned, &self.answers, locale);
        let paper = Paper { window: &self.sheet.window, grid: planned.grid, panel, locale, zone: &self.sheet.asked.zone };
        let mut notes: Vec<Note> = Vec::new();
        let body: Body = if planned.is_asked { self.body(&paper, planned, &data, &mut notes) } else { Body::Empty };
        let mut troubles: Vec<Trouble> = [planned.troubles.as_slice(), data.troubles.as_slice()].concat();
        troubles.sort_by_key(|trouble| trouble.query);
        ShownPanel {
            key: planned.key.clone(),
            id: panel.id.clone(),
            title: fill_text(panel.title.read(locale), values),
            description: prose(panel.description.read(locale), values),
            kind: panel.kind.as_str().to_owned(),
            width: panel.width,
            height: panel.height,
            unit: panel.unit,
            decimals: panel.decimals,
            links: shown_links(&panel.links, values, &self.sheet.window, locale),
            exprs: planned.exprs.clone(),
            body,
            troubles,
            notes,
            severity: self.severity(planned),
        }
    }

    fn body(&self, paper: &Paper<'_>, planned: &PlannedPanel, data: &Data<'_>, notes: &mut Vec<Note>) -> Body {
        match &planned.panel.kind {
            Kind::Text(text) => Body::Text(prose(text.read(paper.locale), &planned.values)),
            Kind::Lines(lines) => lines::body(paper, *lines, data, &self.happened, notes),
            Kind::Stat(reduce) => stats::body(paper, *reduce, data, notes),
            Kind::Gauge(reduce) => gauges::body(paper, *reduce, data, notes),
            Kind::Pie(reduce) => stats::pie(paper, *reduce, data, notes),
            Kind::HeatMap => heat::map(paper, data, notes),
            Kind::Histogram => heat::histogram(paper, data, notes),
            Kind::States(names) => states::body(paper, names, data, notes),
            Kind::Table => tables::body(paper, planned, data, notes),
        }
    }

    /// The worst open alert whose rule asks for a metric that the panel asks for.
    fn severity(&self, planned: &PlannedPanel) -> Option<Severity> {
        let about_it = self.open.iter().filter(|(metrics, _)| metrics.iter().any(|metric| planned.metrics.contains(metric)));
        about_it.map(|(_, severity)| *severity).min()
    }
}

/// What a panel is drawn on, and for whom.
struct Paper<'a> {
    window: &'a Window,
    grid: Grid,
    panel: &'a Panel,
    locale: Locale,
    zone: &'a Zone,
}

/// A picture without a legend of its own.
fn figure(figure: Figure) -> Body {
    Body::Figure { figure, legend: Vec::new() }
}
