//! Expressions: `query`, `query_range` and `query_exemplars` of Prometheus' HTTP API.
//!
//! An answer is computed and written on the thread of its turn, so that a million numbers hold up nobody else. Whoever goes away
//! takes the computation along: with the request's future goes its turn (see [`crate::turns`]).

use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use axum::Extension;
use axum::extract::State;
use kernel::Grant;
use model::Time;
use model::access::ReadMetrics;
use promql::ast::{Expr, Matcher, VectorSelector};
use promql::visit;
use serde_json::json;
use tokio::runtime::Handle;

use crate::Metrics;
use crate::error::Error;
use crate::eval::{Answer, Engine, EvalError, Query, Until};
use crate::http::json::{self, Failure, Success, With};
use crate::http::params::Params;
use crate::select::Reader;
use crate::source::{Demand, Part, SeriesData, Source, Taker};

/// Proof that the caller may read. Nothing is answered without it.
pub(crate) type MayRead = Extension<Grant<ReadMetrics>>;

/// Steps of a range query, as in Prometheus.
const MOST_STEPS: i64 = 11_000;
/// Selectors whose exemplars are looked up: each may walk over all series.
const MOST_SELECTORS: usize = 32;

/// How an expression is to be answered.
#[derive(Debug)]
struct Options {
    limit: Option<usize>,
    timeout: Option<Duration>,
    lookback_ms: Option<i64>,
    /// Any word asks for them; per-step figures, which `all` asks for, are not counted.
    wants_stats: bool,
    /// Whether roll-ups may be used, see `select::folds`; `rollup=off` asks for samples alone.
    with_rolls: bool,
}

impl Options {
    fn of(params: &Params) -> Result<Self, Failure> {
        Ok(Self {
            limit: params.limit()?,
            timeout: params.timeout()?,
            lookback_ms: params.duration_ms_or("lookback_delta")?.filter(|lookback_ms| *lookback_ms > 0),
            wants_stats: params.get("stats").is_some(),
            with_rolls: with_rolls(params.get("rollup"))?,
        })
    }
}

/// `auto`, which is the default, or `off`. Prometheus knows no such parameter.
fn with_rolls(given: Option<&str>) -> Result<bool, Failure> {
    match given {
        None | Some("auto") => Ok(true),
        Some("off") => Ok(false),
        Some(other) => Err(Failure::bad_parameter("rollup", &format!("\"{other}\" is neither auto nor off"))),
    }
}

/// What is asked; a step of 0 makes it an instant query at `start`.
#[derive(Debug)]
struct Question {
    text: String,
    expr: Expr,
    start: Time,
    end: Time,
    step_ms: i64,
    options: Options,
}

/// `query`, `time` (default now), `timeout`, `limit`, `lookback_delta`, `stats`, `rollup`.
pub(crate) async fn instant(State(metrics): State<Arc<Metrics>>, _: MayRead, params: Params) -> Result<Success, Failure> {
    let options: Options = Options::of(&params)?;
    let at: Time = params.time_or("time")?.unwrap_or_else(|| metrics.now());
    let (text, expr) = params.expr()?;
    ask(&metrics, Question { text, expr, start: at, end: at, step_ms: 0, options }).await
}

/// As [`instant`], with `start`, `end` and `step` instead of `time`.
pub(crate) async fn range(State(metrics): State<Arc<Metrics>>, _: MayRead, params: Params) -> Result<Success, Failure> {
    let options: Options = Options::of(&params)?;
    let (start, end) = span(&params)?;
    let step_ms: i64 = params.step_ms()?;
    if end.since(start) / step_ms > MOST_STEPS {
        let why = "exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)";
        return Err(Failure::bad_data(why));
    }
    let (text, expr) = params.expr()?;
    ask(&metrics, Question { text, expr, start, end, step_ms, options }).await
}

/// `query`, `start`, `end`: the exemplars of every series that a selector of the expression names; what it makes of them does not matter.
pub(crate) async fn exemplars(State(metrics): State<Arc<Metrics>>, _: MayRead, params: Params) -> Result<Success, Failure> {
    let (start, end) = (params.time_or("start")?, params.time_or("end")?);
    let (start, end): (Time, Time) = (start.unwrap_or(Time(i64::MIN)), end.unwrap_or(Time(i64::MAX)));
    if end < start {
        return Err(Failure::bad_data("end timestamp must not be before start timestamp"));
    }
    let (_, expr) = params.expr()?;
    let selectors: Vec<Vec<Matcher>> = visit::selectors(&expr).into_iter().map(VectorSelector::all_matchers).collect();
    if selectors.len() > MOST_SELECTORS {
        return Err(Failure::bad_data(format!("at most {MOST_SELECTORS} selectors are looked up")));
    }
    let found = metrics.exemplars(&selectors, start, end).await?;
    tokio::task::spawn_blocking(move || json::exemplars(&found))
        .await
        .map_err(|_| Failure::internal("the answer could not be written"))?
}

/// From `start` to `end`.
fn span(params: &Params) -> Result<(Time, Time), Failure> {
    let (start, end) = (params.time("start")?, params.time("end")?);
    if end < start {
        return Err(Failure::bad_parameter("end", "end timestamp must not be before start time"));
    }
    Ok((start, end))
}

/// Answers within the time that the caller gives. To stop waiting ends the computation.
async fn ask(metrics: &Metrics, question: Question) -> Result<Success, Failure> {
    let timeout: Option<Duration> = question.options.timeout;
    let answering = metrics.answer_written(question);
    let outcome: Result<Result<Success, Failure>, Error> = match timeout {
        None => answering.await,
        Some(longest) => match tokio::time::timeout(longest, answering).await {
            Ok(outcome) => outcome,
            Err(_) => Err(Error::from(EvalError::TimedOut)),
        },
    };
    outcome.map_err(Failure::from)?
}

impl Metrics {
    async fn answer_written(&self, question: Question) -> Result<Result<Success, Failure>, Error> {
        if let Some(remote) = self.remote() {
            let Question { expr, start, end, step_ms, options, .. } = question;
            let answer: Answer = match step_ms {
                0 => remote.instant(&self.queries, &expr, start).await?,
                _ => remote.range(&self.queries, &expr, start, end, step_ms).await?,
            };
            return Ok(json::answer(&answer, &With { at_ms: start.0, limit: options.limit, stats: None }));
        }
        let lookback_ms: i64 = question.options.lookback_ms.unwrap_or(self.engine.lookback_ms);
        let with_rolls: bool = question.options.with_rolls;
        let engine: Engine = Engine { lookback_ms, with_rolls, ..self.engine.clone() };
        let (reader, handle, asked) = (self.reader.clone(), Handle::current(), Instant::now());
        let work = move |until: Until| -> Result<Result<Success, Failure>, Error> {
            let begun: Instant = Instant::now();
            let source = Counting { reader: reader.asked(&until), n: AtomicU64::new(0) };
            let engine = Engine { deadline: Some(until), ..engine };
            let Question { text, expr, start, end, step_ms, options } = question;
            let query: Query<'_> = Query { expr: &expr, text: &text, start, end, step_ms };
            let answer: Answer = handle.block_on(engine.answer(&source, &query))?;
            let clocks = Clocks { asked, begun, done: Instant::now() };
            let stats = options.wants_stats.then(|| clocks.stats(source.n.load(Ordering::Relaxed)));
            Ok(json::answer(&answer, &With { at_ms: start.0, limit: options.limit, stats }))
        };
        self.queries.compute(work).await
    }
}

/// Counts what it hands out: samples, and steps of roll-ups.
struct Counting {
    reader: Reader,
    n: AtomicU64,
}

impl Counting {
    fn count(&self, n: usize) {
        self.n.fetch_add(n as u64, Ordering::Relaxed);
    }
}

#[async_trait]
impl Source for Counting {
    async fn select(&self, matchers: &[Matcher], from: Time, to: Time) -> Result<Vec<SeriesData>, Error> {
        let found: Vec<SeriesData> = self.reader.select(matchers, from, to).await?;
        self.count(found.iter().map(|series| series.points.len()).sum());
        Ok(found)
    }

    async fn read(&self, demand: &Demand<'_>, taker: &mut dyn Taker) -> Result<(), Error> {
        self.reader.read(demand, &mut Counted { counting: self, taker }).await
    }
}

/// Counts what goes by.
struct Counted<'a> {
    counting: &'a Counting,
    taker: &'a mut dyn Taker,
}

impl Taker for Counted<'_> {
    fn take(&mut self, part: Part) -> ControlFlow<()> {
        self.counting.count(match &part {
            Part::Samples(series) => series.iter().map(|series| series.points.len()).sum(),
            Part::Folds(series) => series.iter().map(|series| series.folds.len()).sum(),
        });
        self.taker.take(part)
    }
}

/// When a query was asked, begun and done.
struct Clocks {
    asked: Instant,
    begun: Instant,
    done: Instant,
}

impl Clocks {
    /// As Prometheus shows them. Sorting and preparing are part of the evaluation here; `samples` are those that were read.
    fn stats(&self, samples: u64) -> serde_json::Value {
        let (queued, evaluated) = ((self.begun - self.asked).as_secs_f64(), (self.done - self.begun).as_secs_f64());
        json!({
            "timings": {
                "evalTotalTime": evaluated,
                "resultSortTime": 0,
                "queryPreparationTime": 0,
                "innerEvalTime": evaluated,
                "execQueueTime": queued,
                "execTotalTime": queued + evaluated,
            },
            "samples": { "totalQueryableSamples": samples, "peakSamples": samples },
        })
    }
}
