//! A house with hours to look back at, dashboards over them, and samples that go on coming.

use super::board::{self, Board, LINES};
use crate::benches::metrics::fill::{Filled, History, fill};
use crate::contender::{Contender, Ground, Who};
use crate::door::Door;
use crate::error::Error;
use crate::load::fleet::Series;
use crate::samples::now;
use metrics::Sample;
use metrics::remote_write::encode;
use model::labels::Labels;
use std::time::Duration;
use tokio::task::JoinHandle;
use tokio::time::sleep;

/// As senders usually look.
const STEP_MS: i64 = 15_000;
/// Between two ticks of a house that is looked at.
const APART: Duration = Duration::from_secs(1);
/// No case lasts half an hour.
const MOST_TICKS: u64 = 1_800;

/// See the module. Stopped and removed when dropped.
pub(super) struct World {
    contender: Contender,
}

impl World {
    /// A house whose so many first series have so many hours of samples.
    pub(super) async fn open(hours: i64, n_series: usize, series: &dyn Fn(usize) -> Series) -> Result<Self, Error> {
        let ground = Ground { late_hours: hours + 1, series: 0 };
        let Some(contender) = Contender::open(Who::Ours, &ground).await? else {
            return Err(Error::TooLate { what: "the server" });
        };
        let filled: Filled = fill(&contender, &History { n_series, series, hours, step_ms: STEP_MS }).await?;
        if filled.hours < hours {
            return Err(Error::TooLate { what: "the history" });
        }
        Ok(Self { contender })
    }

    /// The same with the lines of so many panels.
    pub(super) async fn of_lines(hours: i64, n_panels: usize) -> Result<Self, Error> {
        Self::open(hours, n_panels * LINES, &board::line).await
    }

    /// A client of it.
    pub(super) fn door(&self) -> &Door {
        self.contender.door()
    }

    /// Puts a dashboard where it belongs.
    pub(super) async fn keep(&self, board: &Board) -> Result<(), Error> {
        self.door().put_dashboard(board.slug, board.file()).await
    }

    /// Lets the lines of so many panels go on, once a second, until what comes back is dropped.
    pub(super) fn go_on(&self, n_panels: usize) -> Ticking {
        Ticking(tokio::spawn(tick(self.door().clone(), (0..n_panels * LINES).map(board::line).collect())))
    }

    pub(super) async fn close(mut self) -> Result<(), Error> {
        self.contender.stop().await
    }
}

/// Samples that come while this lives.
pub(super) struct Ticking(JoinHandle<()>);

impl Drop for Ticking {
    fn drop(&mut self) {
        self.0.abort();
    }
}

async fn tick(door: Door, series: Vec<Series>) {
    for number in 0..MOST_TICKS {
        if let Err(error) = write(&door, &samples(&series, number)).await {
            eprintln!("   no more samples: {error}");
            return;
        }
        sleep(APART).await;
    }
}

/// A sample of each series, of now.
pub(super) fn samples(series: &[Series], tick: u64) -> Vec<Sample> {
    let at = now();
    let sample = |one: &Series| Sample { labels: Labels::new(one.labels.iter().cloned()), at, value: one.motion.value(tick) };
    series.iter().map(sample).collect()
}

/// Sends samples; done when they are acknowledged.
pub(super) async fn write(door: &Door, samples: &[Sample]) -> Result<(), Error> {
    door.write_all(encode(samples)?).await
}
