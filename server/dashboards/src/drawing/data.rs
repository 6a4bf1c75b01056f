//! What a panel was answered: its series with their names, and what kept the others away.

use super::overriding::Overrides;
use super::series::Named;
use crate::evaluating::cleaning::clean;
use crate::evaluating::{Answer, unanswered};
use crate::needs::{Line, Unanswered};
use crate::planning::{PlannedPanel, PlannedQuery};
use dashboard::{Kind, Trouble, fill_text, names_of};
use figures::Locale;
use model::labels::Labels;
use std::collections::HashMap;

/// Of a question that has no place among the answers.
static NOT_ASKED: Unanswered = Unanswered::Unavailable;

/// The answers to one panel.
#[derive(Clone, Debug, Default)]
pub(crate) struct Data<'a> {
    /// Of all its queries, in no order.
    pub(crate) series: Vec<Named<'a>>,
    /// The same so long ago as the panel says, moved to now.
    pub(crate) past: Vec<Named<'a>>,
    pub(crate) troubles: Vec<Trouble>,
}

impl<'a> Data<'a> {
    pub(crate) fn of(planned: &PlannedPanel, answers: &'a [Answer], locale: Locale) -> Self {
        let mut data = Self::default();
        // A table's are about its columns: a series is a cell there.
        let overrides: Option<Overrides<'_>> = (planned.panel.kind != Kind::Table).then(|| Overrides::of(planned));
        for query in &planned.queries {
            data.add(planned, query, (answers, overrides.as_ref()), locale);
        }
        data
    }

    fn add(
        &mut self,
        planned: &PlannedPanel,
        query: &PlannedQuery,
        (answers, overrides): (&'a [Answer], Option<&Overrides<'_>>),
        locale: Locale,
    ) {
        let template: String = template(planned, query);
        let lines: &'a [Line] = match answer(answers, query.main) {
            Ok(lines) => lines,
            Err(why) => {
                self.trouble(planned, query, why);
                &[]
            }
        };
        let ends: &'a [Line] = query.end.and_then(|place| answer(answers, place).ok()).unwrap_or_default();
        self.series.extend(told(named(query.index, &template, lines, ends), overrides));
        let (Some(place), Some(ago_ms)) = (query.past, planned.panel.past_ms) else { return };
        match answer(answers, place) {
            Ok(lines) => {
                let moved = |one: Named<'a>| {
                    let name: String = ago(&one.name, ago_ms, locale);
                    one.moved(ago_ms, name)
                };
                self.past.extend(told(named(query.index, &template, lines, &[]), overrides).into_iter().map(moved));
            }
            Err(why) => self.trouble(planned, query, why),
        }
    }

    /// One a query: what it was refused now it was most likely refused then.
    fn trouble(&mut self, planned: &PlannedPanel, query: &PlannedQuery, why: &Unanswered) {
        if self.troubles.iter().all(|known| known.query != query.index) {
            let written: &str = planned.panel.queries.get(query.index).map_or("", |query| query.expr.as_str());
            self.troubles.push(unanswered(query.index, written, &query.filled, why));
        }
    }
}

fn answer(answers: &[Answer], place: usize) -> Result<&[Line], &Unanswered> {
    match answers.get(place) {
        Some(Ok(lines)) => Ok(lines),
        Some(Err(why)) => Err(why),
        None => Err(&NOT_ASKED),
    }
}

/// What its series are called.
pub(super) fn template(planned: &PlannedPanel, query: &PlannedQuery) -> String {
    let written: &str = planned.panel.queries.get(query.index).map_or("", |query| query.name.as_str());
    fill_text(written, &planned.values)
}

/// Series with their names; those that are only there at the end too.
fn named<'a>(query: usize, template: &str, lines: &'a [Line], ends: &'a [Line]) -> Vec<Named<'a>> {
    let mut behind: HashMap<&Labels, &'a Line> = ends.iter().map(|end| (&end.labels, end)).collect();
    let mut all: Vec<(&'a Line, Option<&'a Line>)> = lines.iter().map(|line| (line, behind.remove(&line.labels))).collect();
    all.extend(ends.iter().filter(|end| behind.contains_key(&end.labels)).map(|end| (end, None)));
    let labels: Vec<Labels> = all.iter().map(|(line, _)| line.labels.clone()).collect();
    let series = names_of(&labels, template).into_iter().zip(all);
    series
        .map(|(name, (line, end))| {
            let end = end.and_then(|end| end.points.last().copied());
            Named::new(query, clean(&name), &line.labels, &line.points).ending(end)
        })
        .collect()
}

/// The series that are shown, as their panel says of each of them.
fn told<'a>(series: Vec<Named<'a>>, overrides: Option<&Overrides<'_>>) -> Vec<Named<'a>> {
    let Some(overrides) = overrides else { return series };
    let one = |series: Named<'a>| {
        let found = overrides.overridden(series.query, &series.name, series.labels);
        (!found.is_hidden).then(|| series.told(clean(&found.name), found.measure))
    };
    series.into_iter().filter_map(one).collect()
}

fn ago(name: &str, ago_ms: i64, locale: Locale) -> String {
    let length: String = figures::duration(ago_ms, locale);
    match locale {
        Locale::Ja => format!("{name}（{length}前）"),
        Locale::En => format!("{name} ({length} ago)"),
    }
}
