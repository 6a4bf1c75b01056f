//! Explore's door: expressions evaluated for a reader, what they asked before, the names there are, and what else was unusual.

mod answer;
mod asking;
mod browse;
pub mod names;
mod pin;
mod rows;
mod score;
mod span;
pub mod tick;
mod unit;
mod unlike;

use crate::apis::Door;
use crate::apis::dashboards::keeping::refusals::shown;
use crate::house_error::chain;
use ::api::ApiError;
use ::api::dashboards::keeping::view::Choosable;
use ::api::error::Denial;
use ::api::explore::{
    ExploreAnswer, ExploreApi, ExploreColumn, ExploreNames, ExploreQuery, ExploreView, LONGEST_EXPRESSION, LONGEST_FIND,
    MOST_QUERIES, UnlikeView,
};
use answer::{Found, Paper, Wanted};
use async_trait::async_trait;
use dashboards::Listed;
use futures::future::join_all;
use kernel::Grant;
use model::access::{EditDashboards, ReadMetrics};
use model::ids::PersonId;
use span::{When, invalid};

/// Answers the screen Explore.
pub struct Adapter(pub Door);

/// When too much is asked at once it is worth asking again after this long.
const LATER_S: u32 = 5;

#[async_trait]
impl ExploreApi for Adapter {
    async fn explore(&self, query: ExploreQuery) -> Result<ExploreView, ApiError> {
        let grant: Grant<ReadMetrics> = self.0.admit::<ReadMetrics>()?;
        let query: ExploreQuery = bounded(query)?;
        let when = When::asked(&query, self.0.house.clock.now())?;
        let mut columns: Vec<ExploreColumn> = vec![self.column(&query, &when).await?];
        if let Some(beside) = when.beside(&query.split)? {
            columns.push(self.column(&query, &beside).await?);
        }
        Ok(ExploreView {
            history: self.history(&grant, &columns[0].answers).await,
            unlike: self.unlike(&query, &columns[0].answers).await?,
            names: self.names(&query).await?,
            boards: self.boards().await?,
            base: self.0.house.config.public_url.clone(),
            columns,
        })
    }

    async fn pin(&self, q: String, instant: bool, slug: String, title: String) -> Result<(), ApiError> {
        self.0.admit::<EditDashboards>()?;
        if q.chars().count() > LONGEST_EXPRESSION as usize {
            return Err(invalid("q", &format!("at most {LONGEST_EXPRESSION} characters")));
        }
        let way: String = pin::way(&self.0, &q, instant, &slug, &title).await?;
        leptos_axum::redirect(&way);
        Ok(())
    }

    async fn forget(&self) -> Result<(), ApiError> {
        let grant: Grant<ReadMetrics> = self.0.admit::<ReadMetrics>()?;
        let person: PersonId = self.person().ok_or(ApiError::Denied { reason: Denial::NotAPerson })?;
        self.0.house.dashboards.explore_forget(&grant, person).await.map_err(shown)
    }
}

impl Adapter {
    fn person(&self) -> Option<PersonId> {
        self.0.visitor.actor.as_ref().and_then(|actor| actor.person_id())
    }

    /// All queries over one span. What is wrong with one leaves the others.
    async fn column(&self, query: &ExploreQuery, when: &When) -> Result<ExploreColumn, ApiError> {
        let house = &self.0.house;
        let part = |place: u32| query.part.filter(|(of, _)| *of == place).map_or(1, |(_, part)| part);
        let wanted = |place: u32| Wanted { part: part(place), sort: query.sort.as_ref() };
        let queries = query.queries.iter().zip(1_u32..);
        let asked: Vec<_> = queries.map(|(one, place)| asking::found(house, one, when, query.instant, wanted(place))).collect();
        let all: Result<Vec<Found>, ApiError> = join_all(asked).await.into_iter().collect();
        let viewer = &self.0.visitor.viewer;
        let (plots, answers) = Paper { zone: &viewer.zone, locale: viewer.locale }.draw(when, all?);
        Ok(ExploreColumn { from: when.from, to: when.to, step_ms: when.step_ms, live: when.is_live, plots, answers })
    }

    /// Keeps what was answered, and says what is kept. It is a help: when it can't be had the answers are still there.
    async fn history(&self, grant: &Grant<ReadMetrics>, answers: &[ExploreAnswer]) -> Vec<String> {
        let Some(person) = self.person() else { return Vec::new() };
        let kept = self.0.house.dashboards.explore_note(grant, person, &asked(answers)).await;
        kept.unwrap_or_else(|error| {
            tracing::warn!(error = chain(&error), "what was asked in Explore could not be kept");
            Vec::new()
        })
    }

    async fn unlike(&self, query: &ExploreQuery, answers: &[ExploreAnswer]) -> Result<Option<UnlikeView>, ApiError> {
        let Some(mark) = query.mark else { return Ok(None) };
        let rows = answers.iter().flat_map(|answer| &answer.rows);
        let metrics: Vec<String> = rows.map(|row| row.metric.clone()).filter(|metric| !metric.is_empty()).collect();
        unlike::ranked(&self.0.house, mark, &metrics).await.map(Some)
    }

    async fn names(&self, query: &ExploreQuery) -> Result<Option<ExploreNames>, ApiError> {
        let inside = match &query.inside {
            None if query.find.trim().is_empty() => return Ok(None),
            inside => inside.clone().unwrap_or_default(),
        };
        browse::inside(&self.0.house, &inside, &query.find).await.map(Some)
    }

    /// The dashboards there are, where the reader may change them.
    async fn boards(&self) -> Result<Option<Vec<Choosable>>, ApiError> {
        if self.0.admit::<EditDashboards>().is_err() {
            return Ok(None);
        }
        let all: Vec<Listed> = self.0.house.dashboards.all(self.person()).await.map_err(shown)?;
        Ok(Some(all.into_iter().map(|one| Choosable { slug: one.slug, title: one.title }).collect()))
    }
}

/// The query with no more in it than is answered.
fn bounded(mut query: ExploreQuery) -> Result<ExploreQuery, ApiError> {
    query.queries.truncate(MOST_QUERIES);
    if query.find.chars().count() > LONGEST_FIND as usize {
        return Err(invalid("find", &format!("at most {LONGEST_FIND} characters")));
    }
    Ok(query)
}

/// The expressions that were answered, each once, in their order.
fn asked(answers: &[ExploreAnswer]) -> Vec<String> {
    let mut asked: Vec<String> = Vec::new();
    for answer in answers {
        let is_answered: bool = answer.error.is_none() && !answer.is_hidden && !answer.q.trim().is_empty();
        if is_answered && !asked.contains(&answer.q) {
            asked.push(answer.q.clone());
        }
    }
    asked
}

fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests;
