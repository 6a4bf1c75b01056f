//! The newest values of a dashboard's lines, under the names that they are drawn with.

use crate::Dashboards;
use crate::asked::Asked;
use crate::drawing::data::Data;
use crate::drawing::series::{Named, in_order};
use crate::evaluating::{Answer, answers};
use crate::needs::Needs;
use crate::planning::{Plan, PlannedPanel, Purpose, Sheet, plan};
use dashboard::Dashboard;
use figures::Locale;
use model::Time;

/// What one panel's series say: names and values.
type Values = Vec<(String, f64)>;

impl Dashboards {
    /// What the lines in open rows say at a moment: panels by their key, series by their name in the order they are drawn in. What has no
    /// answer is missing; the next drawing fills it in.
    pub async fn tick(&self, dashboard: &Dashboard, asked: &Asked, at: Time) -> Vec<(String, Values)> {
        tick(&self.needs, dashboard, asked, at).await
    }
}

pub(crate) async fn tick(needs: &Needs, dashboard: &Dashboard, asked: &Asked, at: Time) -> Vec<(String, Values)> {
    let asked = Asked { now: at, ..asked.clone() };
    let Ok(sheet) = Sheet::of(needs, dashboard, &asked).await else {
        return Vec::new();
    };
    let plan: Plan = plan(dashboard, &sheet, Purpose::Tick);
    let answers: Vec<Answer> = answers(&needs.numbers, &plan.questions).await;
    let panels = plan.rows.iter().flat_map(|row| &row.panels);
    let moved = panels.map(|panel| (panel.key.clone(), values(panel, &answers, asked.locale)));
    moved.filter(|(_, values)| !values.is_empty()).collect()
}

fn values(planned: &PlannedPanel, answers: &[Answer], locale: Locale) -> Values {
    let data: Data<'_> = Data::of(planned, answers, locale);
    let chosen: Vec<&Named<'_>> = in_order(&data.series, &mut Vec::new());
    chosen.into_iter().filter_map(|series| series.last().map(|value| (series.name.clone(), value))).collect()
}

#[cfg(test)]
mod tests;
