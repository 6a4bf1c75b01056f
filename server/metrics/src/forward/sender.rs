//! One destination: who sends, what is sent, and what becomes of it.

use std::sync::Arc;
use std::time::Duration;

use axum::http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderValue, Method};
use jobs::leases::{LEASE_MS, RENEW_EVERY_MS};
use jobs::{Lease, Leases};
use kernel::outbound::{Answer, Client, OutboundError, Request};
use kernel::{Clock, Tx};
use model::Time;
use tokio::sync::Mutex;
use uuid::Uuid;

use crate::engine::reply::shortened;
use crate::error::Error;
use crate::forward::Destination;
use crate::forward::body::MOST_SAMPLES;
use crate::forward::figures::Figures;
use crate::forward::round::{self, Round};
use crate::forward::verdict::{Verdict, judge, wait_ms};
use crate::own::add;
use crate::select::Reader;
use crate::store;

/// Shorter than a lease that is renewed in time, so that another replica does not begin while an answer is waited for.
const TIMEOUT: Duration = Duration::from_secs(8);
/// Of an answer only its words matter.
const MAX_ANSWER_BYTES: usize = 64 << 10;
/// A refused body is halved at most so often. To find one bad sample among 5,000 takes thirteen times.
const MOST_SPLITS: u32 = 16;
const VERSION: &str = "x-prometheus-remote-write-version";

/// Sends to one destination.
pub(crate) struct Sender {
    name: String,
    url: String,
    client: Client,
    headers: HeaderMap,
    reader: Reader,
    clock: Arc<dyn Clock>,
    leases: Leases,
    figures: Figures,
    standing: Mutex<Standing>,
}

/// Where it stands between two passes.
#[derive(Debug, Default)]
struct Standing {
    lease: Option<Lease>,
    /// Whether the destination has its cursors.
    has_begun: bool,
    /// A round that could not be sent to its end.
    round: Option<Round>,
    /// In a row.
    failures: u32,
    /// Nothing is sent before.
    not_before: Time,
}

/// What became of a body or a round.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sent {
    /// Answered for.
    Done,
    /// To be tried again.
    Later(Option<i64>),
}

impl Sender {
    pub(crate) fn open(destination: &Destination, reader: Reader, clock: Arc<dyn Clock>, me: Uuid) -> Result<Self, Error> {
        let mut headers: HeaderMap = destination.endpoint.headers()?;
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/x-protobuf"));
        headers.insert(CONTENT_ENCODING, HeaderValue::from_static("snappy"));
        headers.insert(VERSION, HeaderValue::from_static("0.1.0"));
        Ok(Self {
            name: destination.name.clone(),
            url: destination.endpoint.url.clone(),
            client: destination.endpoint.client()?,
            headers,
            leases: Leases::new(reader.db.clone(), format!("metrics {me}")),
            reader,
            clock,
            figures: Figures::default(),
            standing: Mutex::new(Standing::default()),
        })
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    pub(crate) fn figures(&self) -> &Figures {
        &self.figures
    }

    /// Sends whatever waits, unless another replica does, or the destination is being waited for.
    pub(crate) async fn pass(&self) -> Result<(), Error> {
        let mut guard = self.standing.lock().await;
        let standing: &mut Standing = &mut guard;
        let outcome: Result<(), Error> = self.lead(standing).await;
        if let Err(Error::Lease(jobs::Error::LostLease { .. })) = &outcome {
            // The new leader begins at the cursors, and so shall we, should we lead again.
            standing.lease = None;
            standing.round = None;
            self.figures.lag(0, i64::MAX);
            return Ok(());
        }
        outcome
    }

    async fn lead(&self, standing: &mut Standing) -> Result<(), Error> {
        if self.clock.now() < standing.not_before && standing.lease.is_none() {
            return Ok(());
        }
        let Some(lease) = self.lease(standing).await? else { return Ok(()) };
        if self.clock.now() < standing.not_before {
            self.note_lag(standing.round.as_ref());
            return Ok(());
        }
        if !standing.has_begun {
            self.begin(&lease).await?;
            standing.has_begun = true;
        }
        while let Some(mut round) = self.next(standing).await? {
            self.note_lag(Some(&round));
            match self.send(standing, &mut round).await? {
                Sent::Done => self.settle(standing, &round).await?,
                Sent::Later(asked_ms) => {
                    self.postpone(standing, round, asked_ms);
                    return Ok(());
                }
            }
        }
        self.note_lag(None);
        Ok(())
    }

    /// Our lease, taken or renewed when it is time to; `None` when another replica leads.
    async fn lease(&self, standing: &mut Standing) -> Result<Option<Lease>, Error> {
        let now: Time = self.clock.now();
        let lease: Option<Lease> = match &standing.lease {
            None => self.leases.acquire(&format!("metrics.forward.{}", self.name), now).await?,
            Some(lease) if lease.until.since(now) > LEASE_MS - RENEW_EVERY_MS => return Ok(Some(lease.clone())),
            Some(lease) => Some(self.leases.renew(lease, now).await?),
        };
        standing.lease.clone_from(&lease);
        Ok(lease)
    }

    /// Enters the cursors of a destination that was never seen.
    async fn begin(&self, lease: &Lease) -> Result<(), Error> {
        let mut tx: Tx = self.reader.db.begin().await?;
        jobs::guard(&mut tx, lease).await?;
        store::forward::begin(&mut tx, &self.name).await?;
        tx.commit().await?;
        Ok(())
    }

    /// The round that was begun, or the next one.
    async fn next(&self, standing: &mut Standing) -> Result<Option<Round>, Error> {
        if let Some(round) = standing.round.take() {
            return Ok(Some(round));
        }
        let round: Option<Round> = round::next(&self.reader, &self.name).await?;
        if let Some(missed) = round.as_ref().map(|round| round.missed).filter(|missed| *missed > 0) {
            tracing::error!(destination = self.name, missed, "metric batches were dropped before they could be forwarded");
            add(&self.figures.missed_batches, missed);
        }
        Ok(round)
    }

    /// Sends what a round still holds, body by body.
    async fn send(&self, standing: &mut Standing, round: &mut Round) -> Result<Sent, Error> {
        while round.done < round.samples.all.len() {
            let Some(_lease) = self.lease(standing).await? else { return Ok(Sent::Later(None)) };
            let to: usize = round.samples.all.len().min(round.done + MOST_SAMPLES);
            match self.send_body(round, round.done, to).await? {
                Sent::Done => round.done = to,
                later @ Sent::Later(_) => return Ok(later),
            }
            standing.failures = 0;
        }
        Ok(Sent::Done)
    }

    /// Sends the samples from `from` to `to`. What is refused is sent again in halves, in their order, until the bad ones stand alone.
    async fn send_body(&self, round: &Round, from: usize, to: usize) -> Result<Sent, Error> {
        let mut pieces: Vec<(usize, usize)> = vec![(from, to)];
        let mut splits: u32 = 0;
        while let Some((from, to)) = pieces.pop() {
            let answer: Option<Answer> = self.post(round.samples.encode(from, to)?).await;
            let Some(answer) = answer else { return Ok(Sent::Later(None)) };
            match judge(answer.status, &answer.headers, self.clock.now()) {
                Verdict::Taken => add(&self.figures.samples, (to - from) as u64),
                Verdict::Later(asked_ms) => {
                    self.failed(&format!("answered {}: {}", answer.status, words(&answer)));
                    return Ok(Sent::Later(asked_ms));
                }
                Verdict::Refused if to - from > 1 && splits < MOST_SPLITS => {
                    splits += 1;
                    let middle: usize = from.midpoint(to);
                    pieces.push((middle, to));
                    pieces.push((from, middle));
                }
                Verdict::Refused => self.leave_out(round, (from, to), &answer),
            }
        }
        Ok(Sent::Done)
    }

    /// The answer to a body; `None` when there is none.
    async fn post(&self, body: Vec<u8>) -> Option<Answer> {
        let request = Request {
            method: Method::POST,
            url: self.url.clone(),
            headers: self.headers.clone(),
            body,
            timeout: TIMEOUT,
            max_bytes: MAX_ANSWER_BYTES,
        };
        match self.client.send(request).await {
            Ok(answer) => Some(answer),
            Err(error) => {
                self.failed(&OutboundError::describe(&error));
                None
            }
        }
    }

    fn failed(&self, why: &str) {
        add(&self.figures.failures, 1);
        tracing::warn!(destination = self.name, why, "samples could not be forwarded and are sent again");
    }

    fn leave_out(&self, round: &Round, (from, to): (usize, usize), answer: &Answer) {
        add(&self.figures.refused_samples, (to - from) as u64);
        let (status, words): (u16, String) = (answer.status.as_u16(), words(answer));
        let (n, first): (usize, String) = (to - from, round.samples.describe(from));
        tracing::error!(destination = self.name, status, words, n, first, "samples were refused and are not forwarded");
    }

    /// Moves the cursors behind a round that is answered for.
    async fn settle(&self, standing: &mut Standing, round: &Round) -> Result<(), Error> {
        let Some(lease) = self.lease(standing).await? else { return Ok(()) };
        let mut tx: Tx = self.reader.db.begin().await?;
        jobs::guard(&mut tx, &lease).await?;
        store::forward::save(&mut tx, &self.name, &round.cursors).await?;
        tx.commit().await?;
        standing.failures = 0;
        Ok(())
    }

    fn postpone(&self, standing: &mut Standing, round: Round, asked_ms: Option<i64>) {
        standing.failures = standing.failures.saturating_add(1);
        standing.not_before = self.clock.now().plus_ms(wait_ms(standing.failures, asked_ms));
        standing.round = Some(round);
    }

    fn note_lag(&self, round: Option<&Round>) {
        let since: Option<Time> = round.and_then(|round| round.since);
        let lag_ms: i64 = since.map_or(0, |since| self.clock.now().since(since));
        self.figures.lag(lag_ms, self.reader.config.forward_hold_ms);
    }

    /// Gives the lease back.
    pub(crate) async fn release(&self) {
        let mut standing = self.standing.lock().await;
        let Some(lease) = standing.lease.take() else { return };
        standing.round = None;
        if let Err(error) = self.leases.release(&lease, self.clock.now()).await {
            tracing::warn!(destination = self.name, error = &error as &dyn std::error::Error, "a lease could not be given back");
        }
    }
}

fn words(answer: &Answer) -> String {
    shortened(&String::from_utf8_lossy(&answer.body))
}
