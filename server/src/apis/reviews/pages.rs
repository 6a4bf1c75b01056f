//! Pages of a period: whom escalations called, and when they slept.

use super::alerts::Fired;
use crate::apis::Door;
use crate::apis::incidents::names::Names;
use crate::apis::incidents::shape::count;
use crate::house_error::unavailable;
use ::api::ApiError;
use ::api::reviews::PagesLine;
use incidents::Period;
use model::business_time::BusinessCalendar;
use model::ids::AlertId;
use model::review::nights::{self, Paged, PersonPages, USUAL_SLEEP};
use oncall::runs::{Explanation, Page, RunFilter, RunRow};
use std::collections::{BTreeMap, BTreeSet};

/// Escalations that are gone through: each tells its pages by itself.
const MOST_RUNS: usize = 400;
/// Of one question.
const AT_ONCE: i64 = 200;

/// Pages with what they were about. The lists go together.
#[derive(Default)]
pub struct PagedTo {
    pub paged: Vec<Paged>,
    pub about: Vec<(Vec<AlertId>, String)>,
    /// There were more.
    pub is_cut: bool,
}

/// Pages of a period, about the alerts that are looked at.
///
/// # Errors
/// The room's.
pub async fn of(door: &Door, period: &Period, fired: &Fired) -> Result<PagedTo, ApiError> {
    let is_narrowed: bool = period.team.is_some() || period.system.is_some();
    let wanted: BTreeSet<AlertId> = fired.rows.iter().map(|row| row.id).collect();
    let (runs, is_cut) = runs(door, period).await?;
    let mut pages = PagedTo { is_cut, ..PagedTo::default() };
    for run in runs.into_iter().filter(|run| !is_narrowed || run.alerts.iter().any(|alert| wanted.contains(alert))) {
        let told: Option<Explanation> = door.house.oncall.explain(run.id).await.map_err(|error| unavailable(&error))?;
        for page in told.iter().flat_map(|told| &told.pages).filter(|page| went_out(page)) {
            if period.from <= page.made_at && page.made_at < period.until {
                pages.paged.push(Paged { person: page.person, at: page.made_at });
                pages.about.push((run.alerts.clone(), run.policy.clone()));
            }
        }
    }
    Ok(pages)
}

/// Escalations that began in the period, the newest first.
async fn runs(door: &Door, period: &Period) -> Result<(Vec<RunRow>, bool), ApiError> {
    let mut runs: Vec<RunRow> = Vec::new();
    let mut before: Option<i64> = None;
    loop {
        let filter = RunFilter { before, limit: AT_ONCE, ..RunFilter::default() };
        let found: Vec<RunRow> = door.house.oncall.runs(&filter).await.map_err(|error| unavailable(&error))?;
        let is_last: bool = i64::try_from(found.len()).is_ok_and(|n| n < AT_ONCE);
        let is_past: bool = found.last().is_none_or(|run| run.started_at < period.from);
        before = found.last().map(|run| run.number);
        // One that began a little earlier may have paged within the period, and is left out: its first page was earlier.
        runs.extend(found.into_iter().filter(|run| period.from <= run.started_at && run.started_at < period.until));
        if is_last || is_past {
            return Ok((runs, false));
        }
        if runs.len() >= MOST_RUNS {
            return Ok((runs, true));
        }
    }
}

/// Whether a message of it was sent: one that only waited woke nobody.
fn went_out(page: &Page) -> bool {
    page.call.is_some()
}

/// Who was paged how often, the most first.
pub fn counted(pages: &PagedTo, calendar: &BusinessCalendar) -> Vec<PersonPages> {
    nights::by_person(&pages.paged, USUAL_SLEEP, calendar, &BTreeMap::new())
}

/// The same for the screen.
pub fn lines(pages: &PagedTo, calendar: &BusinessCalendar, names: &Names) -> Vec<PagesLine> {
    let line = |found: PersonPages| PagesLine {
        person: names.person(found.person),
        n_pages: count(found.pages.len()),
        n_in_business: count(found.n_in_business),
        n_on_days_off: count(found.n_on_days_off),
        n_at_night: count(found.n_at_night()),
        n_nights: count(found.nights.len()),
        n_interruptions: count(found.n_interruptions),
        longest_run: count(found.longest_run),
    };
    counted(pages, calendar).into_iter().map(line).collect()
}
