//! The door of the screen of targets: what is scraped and how it goes, and who pushes.

#[cfg(test)]
mod tests;

use crate::apis::Door;
use crate::apis::cardinality::{refusal, sender_name};
use crate::house_error::unavailable;
use crate::wiring::House;
use ::api::ApiError;
use ::api::error::Expected;
use ::api::targets::{JobView, Pairs, SenderRow, TargetRow, TargetState, TargetsApi, TargetsQuery, TargetsView};
use async_trait::async_trait;
use metrics::cardinality::senders::SenderFigures;
use metrics::scrape::{Health, JobState, TargetState as Scraped};
use model::Time;
use model::access::{Action, ChangeOwnAccount, ReadMetrics, WriteMetrics};
use model::ids::TokenId;
use model::labels::Labels;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Answers the screen of targets.
pub struct Adapter(pub Door);

/// Targets shown, over all jobs: those that need a person come first, and the filters find the others.
const MOST_TARGETS: usize = 300;
/// Dropped targets of a job that are shown.
const MOST_DROPPED: usize = 20;
const MOST_SENDERS: usize = 200;
/// The longest text that is looked for.
const LONGEST_SEARCH: usize = 200;

#[async_trait]
impl TargetsApi for Adapter {
    async fn targets(&self, query: TargetsQuery) -> Result<TargetsView, ApiError> {
        self.0.admit::<ReadMetrics>()?;
        let house = &self.0.house;
        let wanted: Wanted = Wanted::read(&query)?;
        let (targets, jobs) = states(house).await?;
        let sheet = Sheet::of(&targets, &jobs, &wanted);
        Ok(TargetsView {
            now: house.clock.now(),
            jobs: sheet.jobs,
            rest: sheet.rest,
            is_scraping: house.scraper.is_some(),
            senders: senders(&self.0).await?,
            public_url: house.config.public_url.clone(),
        })
    }
}

/// Every target and every job; there may be tens of thousands, so they are copied where nobody waits.
///
/// # Errors
/// `Unavailable` when that breaks off.
pub async fn states(house: &House) -> Result<(Vec<Scraped>, Vec<JobState>), ApiError> {
    let Some(scraper) = house.scraper.as_ref().map(Arc::clone) else { return Ok((Vec::new(), Vec::new())) };
    let copying = tokio::task::spawn_blocking(move || (scraper.targets(), scraper.jobs()));
    copying.await.map_err(|error| unavailable(&error))
}

/// Which targets are asked for.
#[derive(Debug, Default)]
struct Wanted {
    /// In small letters; blank for all.
    text: String,
    job: Option<String>,
    state: Option<TargetState>,
}

impl Wanted {
    fn read(query: &TargetsQuery) -> Result<Self, ApiError> {
        let state: Option<TargetState> = match query.state.as_deref().filter(|word| !word.is_empty()) {
            None => None,
            Some(word) => Some(TargetState::from_word(word).ok_or_else(|| invalid("state", "down, unknown or up"))?),
        };
        if query.q.chars().count() > LONGEST_SEARCH {
            return Err(invalid("q", "at most 200 characters"));
        }
        let job: Option<String> = query.job.clone().filter(|job| !job.is_empty());
        Ok(Self { text: query.q.trim().to_lowercase(), job, state })
    }

    fn fits(&self, target: &Scraped) -> bool {
        let is_job: bool = self.job.as_ref().is_none_or(|job| *job == target.job);
        is_job && self.state.is_none_or(|state| state == state_of(target)) && self.has_text(target)
    }

    fn has_text(&self, target: &Scraped) -> bool {
        let holds = |text: &str| text.to_lowercase().contains(&self.text);
        self.text.is_empty() || holds(&target.url) || target.labels.iter().any(|(_, value)| holds(value))
    }

    /// Whether a job without a target that fits is still shown: nobody asked for anything in particular within it.
    fn shows(&self, job: &JobState) -> bool {
        self.job.as_ref().is_none_or(|name| *name == job.job) && self.state.is_none() && self.text.is_empty()
    }
}

fn invalid(field: &str, expected: &str) -> ApiError {
    ApiError::Invalid { field: field.to_owned(), expected: Expected::other(expected) }
}

fn state_of(target: &Scraped) -> TargetState {
    match (target.is_mine, target.health) {
        (true, Health::Up) => TargetState::Up,
        (true, Health::Down) => TargetState::Down,
        _ => TargetState::Unknown,
    }
}

fn rank(state: TargetState) -> usize {
    TargetState::ALL.iter().position(|one| *one == state).unwrap_or(0)
}

fn tally<'a>(targets: impl Iterator<Item = &'a Scraped>) -> [u32; 3] {
    let mut tally: [u32; 3] = [0; 3];
    targets.for_each(|target| tally[rank(state_of(target))] += 1);
    tally
}

/// The jobs that are shown, and how many of their targets are not.
struct Sheet {
    jobs: Vec<JobView>,
    rest: u32,
}

impl Sheet {
    fn of(targets: &[Scraped], jobs: &[JobState], wanted: &Wanted) -> Self {
        let mut by_job: BTreeMap<&str, Vec<&Scraped>> = BTreeMap::new();
        for target in targets {
            by_job.entry(target.job.as_str()).or_default().push(target);
        }
        let mut room: usize = MOST_TARGETS;
        let mut sheet = Self { jobs: Vec::new(), rest: 0 };
        for job in jobs {
            let all: Vec<&Scraped> = by_job.remove(job.job.as_str()).unwrap_or_default();
            let fitting: Vec<&Scraped> = all.iter().copied().filter(|target| wanted.fits(target)).collect();
            if fitting.is_empty() && !wanted.shows(job) {
                continue;
            }
            let n_shown: usize = fitting.len().min(room);
            room -= n_shown;
            sheet.rest += u32::try_from(fitting.len() - n_shown).unwrap_or(u32::MAX);
            sheet.jobs.push(shown(job, &all, fitting, n_shown));
        }
        sheet
    }
}

fn shown(job: &JobState, all: &[&Scraped], mut fitting: Vec<&Scraped>, n_shown: usize) -> JobView {
    fitting.sort_by(|left, right| rank(state_of(left)).cmp(&rank(state_of(right))).then_with(|| left.url.cmp(&right.url)));
    JobView {
        name: job.job.clone(),
        tally: tally(all.iter().copied()),
        targets: fitting.into_iter().take(n_shown).map(row).collect(),
        dropped: job.dropped.iter().take(MOST_DROPPED).map(pairs).collect(),
        dropped_total: u32::try_from(job.n_dropped).unwrap_or(u32::MAX),
        troubles: job.troubles.clone(),
    }
}

fn row(target: &Scraped) -> TargetRow {
    TargetRow {
        url: target.url.clone(),
        state: state_of(target),
        last_scrape: target.last_scrape,
        took_ms: i64::try_from(target.last_duration.as_millis()).unwrap_or(i64::MAX),
        interval_ms: target.interval_ms,
        samples: target.last_samples as u64,
        error: target.last_error.clone().or_else(|| target.last_refused.clone()),
        labels: pairs(&target.labels),
        discovered: pairs(&target.discovered),
    }
}

fn pairs(labels: &Labels) -> Pairs {
    labels.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

/// Who pushed since this server began, and one's own tokens that may and did not.
async fn senders(door: &Door) -> Result<Vec<SenderRow>, ApiError> {
    let figures: Vec<SenderFigures> = door.house.metrics.sender_figures();
    let mut rows: Vec<SenderRow> = figures.iter().take(MOST_SENDERS).map(sender).collect();
    let met: BTreeSet<TokenId> = figures.iter().map(|figures| TokenId(figures.id)).collect();
    rows.extend(own_tokens(door, &met).await?);
    rows.sort_by(|left, right| right.wrote_at.cmp(&left.wrote_at).then_with(|| left.name.cmp(&right.name)));
    Ok(rows)
}

fn sender(figures: &SenderFigures) -> SenderRow {
    SenderRow {
        name: sender_name(figures),
        wrote_at: figures.wrote_at,
        is_use: false,
        per_minute: figures.per_minute,
        accepted: figures.accepted,
        refused: figures.refused,
        refusal: figures.refusal.map(refusal),
    }
}

/// One's own tokens that may write and were not met. Those of others are theirs to see.
async fn own_tokens(door: &Door, met: &BTreeSet<TokenId>) -> Result<Vec<SenderRow>, ApiError> {
    let is_person: bool = door.visitor.actor.as_ref().is_some_and(|actor| actor.person_id().is_some());
    if !is_person {
        return Ok(Vec::new());
    }
    let grant = door.admit::<ChangeOwnAccount>()?;
    let tokens = door.house.identity.tokens(&grant).await.map_err(|error| unavailable(&error))?;
    let now: Time = door.house.clock.now();
    let may_write = |token: &identity::TokenRow| {
        token.expires_at > now && token.scopes.iter().any(|scope| Some(scope.as_str()) == WriteMetrics::SCOPE)
    };
    let unmet = tokens.into_iter().filter(|token| may_write(token) && !met.contains(&token.id));
    Ok(unmet.take(MOST_SENDERS).map(silent).collect())
}

fn silent(token: identity::TokenRow) -> SenderRow {
    SenderRow { name: token.name, wrote_at: token.used_at, is_use: true, per_minute: 0.0, accepted: 0, refused: 0, refusal: None }
}
