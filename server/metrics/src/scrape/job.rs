//! A job at work: its client, its sources, and the targets they give.

use std::collections::BTreeMap;
use std::sync::Mutex;

use model::Time;
use model::labels::Labels;
use tokio::sync::Mutex as AsyncMutex;

use super::Ways;
use super::config::{JobConfig, SourceConfig};
use super::discovery::Source;
use super::error::ScrapeError;
use super::fetch::{self, Clients};
use super::target::{self, Target};
use crate::lock;

/// Dropped targets of a job that are shown.
const MOST_DROPPED: usize = 100;
/// Troubles of a job that are shown.
const MOST_TROUBLES: usize = 20;

/// What discovery says about a job, for people.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct JobState {
    /// Its name.
    pub job: String,
    /// Targets that relabelling dropped.
    pub n_dropped: usize,
    /// The first of them, before relabelling.
    pub dropped: Vec<Labels>,
    /// What could not be read, resolved or scraped.
    pub troubles: Vec<String>,
}

#[derive(Debug)]
pub(super) struct Job {
    pub(super) config: JobConfig,
    pub(super) clients: Clients,
    sources: AsyncMutex<Vec<Source>>,
    state: Mutex<JobState>,
}

impl Job {
    /// Reads certificates; sources are not looked at yet.
    pub(super) async fn open(config: JobConfig, ways: &Ways) -> Result<Self, ScrapeError> {
        let clients: Clients = fetch::clients(ways, &config)
            .await
            .map_err(|source| ScrapeError::Job { job: config.name.clone(), source: Box::new(source) })?;
        let mut sources: Vec<Source> = config.sources.iter().cloned().map(Source::new).collect();
        // A job without sources has no targets, and that too has to be found out.
        sources.push(Source::new(SourceConfig::Static(Vec::new())));
        let state = JobState { job: config.name.clone(), ..JobState::default() };
        Ok(Self { config, clients, sources: AsyncMutex::new(sources), state: Mutex::new(state) })
    }

    /// Looks at the sources that are due; all targets, when any was. Each target once.
    pub(super) async fn discover(&self, now: Time) -> Option<Vec<Target>> {
        let mut sources = self.sources.lock().await;
        let mut has_looked: bool = false;
        for source in sources.iter_mut() {
            has_looked |= source.look(now).await;
        }
        has_looked.then(|| self.targets(&sources))
    }

    fn targets(&self, sources: &[Source]) -> Vec<Target> {
        let mut state = JobState { job: self.config.name.clone(), ..JobState::default() };
        let troubles = sources.iter().flat_map(|source| source.troubles.iter());
        state.troubles.extend(troubles.map(ToString::to_string));
        let mut targets: BTreeMap<String, Target> = BTreeMap::new();
        for group in sources.iter().flat_map(Source::groups) {
            for address in &group.targets {
                let discovered: Labels = target::discovered(&self.config, &group.labels, address);
                match target::target(&self.config, discovered.clone()) {
                    Ok(Some(target)) => drop(targets.insert(target.key.clone(), target)),
                    Ok(None) => state.drop_target(discovered),
                    Err(error) => state.troubles.push(format!("{address}: {error}")),
                }
            }
        }
        state.troubles.truncate(MOST_TROUBLES);
        *lock::mutex(&self.state) = state;
        targets.into_values().collect()
    }

    /// One more trouble.
    pub(super) fn complain(&self, trouble: String) {
        lock::mutex(&self.state).troubles.push(trouble);
    }

    pub(super) fn state(&self) -> JobState {
        lock::mutex(&self.state).clone()
    }
}

impl JobState {
    fn drop_target(&mut self, discovered: Labels) {
        self.n_dropped += 1;
        if self.dropped.len() < MOST_DROPPED {
            self.dropped.push(discovered);
        }
    }
}
