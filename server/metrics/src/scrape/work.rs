//! One scrape of one target from its turn to its samples on disk, and the end of a target.

use std::sync::Arc;
use std::time::{Duration, Instant};

use kernel::Grant;
use kernel::outbound::OutboundError;
use model::Time;
use model::access::WriteMetrics;
use model::labels::Labels;

use super::budget::{self, Budget, Share};
use super::cache::{Cache, Change};
use super::error::ScrapeError;
use super::fetch;
use super::intake::{self, Harvest};
use super::job::Job;
use super::needs::Turn;
use super::watched::{Health, Report, Watched};
use crate::allowance::Allowance;
use crate::duplicates::STALE_NAN;
use crate::exposition::Format;
use crate::ingest::Owned;
use crate::labels;
use crate::sample::{Sample, Written};
use crate::{Error, Metrics};

/// Samples of one write: their labels take a few MB until they are written.
const SAMPLES_PER_WRITE: usize = 10_000;
/// An answer larger than this is read on a thread where it keeps nobody waiting.
const LARGE_ANSWER: usize = 128 << 10;
/// What we write about every scrape.
const ABOUT: [&str; 5] =
    ["up", "scrape_duration_seconds", "scrape_samples_scraped", "scrape_samples_post_metric_relabeling", "scrape_series_added"];

/// What a scrape works with.
pub(super) struct Worker {
    pub(super) metrics: Arc<Metrics>,
    pub(super) grant: Grant<WriteMetrics>,
    pub(super) turn: Arc<dyn Turn>,
    pub(super) budget: Budget,
}

/// What a target answered, and the memory it takes.
struct Asked {
    text: String,
    format: Format,
    share: Share,
}

impl Worker {
    /// Scrapes a target, if it is our turn. Nothing fails here: what went wrong is in the target's report and in `up`.
    pub(super) async fn scrape(&self, watched: &Watched, at: Time) {
        let is_mine: bool = self.turn.mine(watched.target.hash).await;
        let mut seen = watched.seen.lock().await;
        if watched.is_gone() {
            return;
        }
        if !is_mine {
            // The series go on elsewhere; ending them is not ours any more.
            seen.forget();
            watched.tell(Report::default());
            return;
        }
        let began: Instant = Instant::now();
        let (harvest, failure) = match self.harvest(watched, at).await {
            Ok(harvest) => (harvest, None),
            Err(error) => (Harvest::default(), Some(error)),
        };
        let duration: Duration = began.elapsed();
        let report: Report = self.store(watched, &mut seen, harvest, failure, at, duration).await;
        watched.tell(report);
    }

    async fn harvest(&self, watched: &Watched, at: Time) -> Result<Harvest, ScrapeError> {
        let Asked { text, format, share } = self.ask(watched).await?;
        watched.answered(text.len());
        let (job, labels): (Arc<Job>, Labels) = (Arc::clone(&watched.job), watched.target.labels.clone());
        let (is_large, allowance): (bool, Allowance) = (text.len() > LARGE_ANSWER, self.budget.harvest());
        let read = move || -> Result<Harvest, ScrapeError> {
            let harvest = intake::take(&job.config, &labels, &text, format, at, allowance);
            drop((text, share));
            harvest
        };
        let harvest: Harvest =
            if is_large { tokio::task::spawn_blocking(read).await.map_err(|_| ScrapeError::Closed)?? } else { read()? };
        for family in &harvest.families {
            self.metrics.metadata().note(&family.name, family.kind, &family.help, &family.unit);
        }
        Ok(harvest)
    }

    /// Asks with as much room as will probably do; when it does not, once more with all that the job allows, in the time that is left.
    async fn ask(&self, watched: &Watched) -> Result<Asked, ScrapeError> {
        let most: usize = watched.job.config.body_bytes.min(budget::MOST_BYTES / 2);
        let expected: usize = budget::expected(watched.answer_bytes(), most);
        let timeout: Duration = Duration::from_millis(watched.target.timeout.ms.unsigned_abs());
        let share: Share = self.share(watched, expected).await?;
        let began: Instant = Instant::now();
        match fetch::fetch(&watched.job.clients, &watched.job.config, &watched.target, expected, timeout).await {
            Err(ScrapeError::Outbound(OutboundError::TooLarge { .. })) if expected < most => drop(share),
            outcome => return outcome.map(|(text, format)| Asked { text, format, share }),
        }
        let left: Duration = timeout.saturating_sub(began.elapsed());
        let share: Share = self.share(watched, most).await?;
        let (text, format) = fetch::fetch(&watched.job.clients, &watched.job.config, &watched.target, most, left).await?;
        Ok(Asked { text, format, share })
    }

    /// What comes compressed stands twice in memory for a moment.
    async fn share(&self, watched: &Watched, bytes: usize) -> Result<Share, ScrapeError> {
        self.budget.answer(if watched.job.config.compression { bytes.saturating_mul(2) } else { bytes }).await
    }

    async fn store(
        &self,
        watched: &Watched,
        seen: &mut Cache,
        harvest: Harvest,
        failure: Option<ScrapeError>,
        at: Time,
        duration: Duration,
    ) -> Report {
        let change: Change = seen.turn(harvest.tracked());
        let stored: Result<Written, Error> = self.write_all(&harvest, &change, at).await;
        let (written, failure) = match (stored, failure) {
            (Ok(written), failure) => (written, failure),
            (Err(error), failure) => (Written::default(), Some(failure.unwrap_or(ScrapeError::Write(error)))),
        };
        let values: [f64; 5] = [
            f64::from(u8::from(failure.is_none())),
            duration.as_secs_f64(),
            harvest.n_scraped as f64,
            harvest.n_kept() as f64,
            change.n_added as f64,
        ];
        let about: Result<Written, Error> = self.write(about(&watched.target.labels, at, values)).await;
        if let Err(error) = &about {
            tracing::warn!(error = error as &dyn std::error::Error, url = %watched.target.url, "a scrape could not be recorded");
        }
        Report {
            health: if failure.is_none() { Health::Up } else { Health::Down },
            is_mine: true,
            at: Some(at),
            duration,
            error: failure.map(|error| error.to_string()),
            refused: refused(&written),
            n_samples: harvest.n_scraped,
        }
    }

    /// Samples, then the ends of series, some at a time.
    async fn write_all(&self, harvest: &Harvest, change: &Change, at: Time) -> Result<Written, Error> {
        let mut all = Written::default();
        for from in (0..harvest.n_kept()).step_by(SAMPLES_PER_WRITE) {
            let owned: Owned = harvest.owned(from, SAMPLES_PER_WRITE);
            let (written, _) = self.metrics.take_owned(&self.grant, owned, None).await?;
            all.accepted += written.accepted;
            all.exemplars += written.exemplars;
            for rejected in written.rejected {
                all.reject(rejected.reason, rejected.count, || rejected.example.clone());
            }
        }
        for some in change.vanished.chunks(SAMPLES_PER_WRITE) {
            self.write(some.iter().map(|series| stale(labels::to_labels(series), at)).collect()).await?;
        }
        Ok(all)
    }

    async fn write(&self, samples: Vec<Sample>) -> Result<Written, Error> {
        self.metrics.write(&self.grant, samples).await
    }

    /// Ends the series of a target that is gone, and what we wrote about it.
    pub(super) async fn end(&self, watched: &Watched, now: Time) {
        let mut seen = watched.seen.lock().await;
        let report: Report = watched.report();
        let Some(last) = report.at.filter(|_| report.is_mine) else { return };
        let at: Time = Time(now.0.max(last.plus_ms(1).0));
        let change: Change = seen.turn(std::iter::empty());
        let about: Vec<Sample> = ABOUT.iter().map(|name| stale(named(&watched.target.labels, name), at)).collect();
        let mut ended: Result<Written, Error> = self.write_all(&Harvest::default(), &change, at).await;
        if ended.is_ok() {
            ended = self.write(about).await;
        }
        if let Err(error) = &ended {
            tracing::warn!(
                error = error as &dyn std::error::Error,
                url = %watched.target.url,
                "a target's series could not be ended"
            );
        }
    }
}

fn stale(labels: Labels, at: Time) -> Sample {
    Sample { labels, at, value: f64::from_bits(STALE_NAN) }
}

fn named(labels: &Labels, name: &str) -> Labels {
    let mut labels: Labels = labels.clone();
    labels.set("__name__".to_owned(), name.to_owned());
    labels
}

fn about(labels: &Labels, at: Time, values: [f64; 5]) -> Vec<Sample> {
    ABOUT.iter().zip(values).map(|(name, value)| Sample { labels: named(labels, name), at, value }).collect()
}

/// What was not taken, in one sentence.
fn refused(written: &Written) -> Option<String> {
    let reasons: Vec<String> = written.rejected.iter().map(ToString::to_string).collect();
    (!reasons.is_empty()).then(|| reasons.join("; "))
}
