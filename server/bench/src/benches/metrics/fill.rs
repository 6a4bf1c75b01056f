//! A history, sent from its beginning to now as fast as it is taken.

use crate::contender::{Contender, Target};
use crate::error::Error;
use crate::load::body::{Beat, Body};
use crate::load::fleet::Series;
use crate::load::sender::{self, Limit, Sender, Sent, Shape};
use crate::load::wire::Wire;
use crate::samples::now;
use std::time::Instant;

/// Few series a body and many samples of each, as senders do that have fallen behind.
const SHAPE: Shape = Shape { series: 250, samples_each: 20 };
const HOUR_MS: i64 = 3_600_000;

/// What a history is made of.
pub struct History<'a> {
    pub n_series: usize,
    pub series: &'a dyn Fn(usize) -> Series,
    pub hours: i64,
    pub step_ms: i64,
}

/// What was sent.
#[derive(Clone, Copy, Debug)]
pub struct Filled {
    /// Time of the newest sample, in milliseconds since 1970.
    pub end: i64,
    pub n_samples: u64,
    /// How far back it reaches; less than was asked for when the server takes nothing that is so late.
    pub hours: i64,
}

/// Sends it. A server that refuses old samples gets the last hour and a half instead.
pub async fn fill(contender: &Contender, history: &History<'_>) -> Result<Filled, Error> {
    let target: Target = contender.target();
    let hours: i64 = if takes_late(&target, history.hours).await? {
        history.hours
    } else {
        eprintln!("   the server refuses samples of {} h ago: MIMAMORI_METRICS_OUT_OF_ORDER is not understood", history.hours);
        1
    };
    // Half an hour more, so that a window that begins with the first hour has samples before it.
    let span_ms: i64 = hours * HOUR_MS + HOUR_MS / 2;
    let each: i64 = i64::try_from(SHAPE.samples_each).unwrap_or(1);
    let rounds: i64 = span_ms / history.step_ms / each;
    let beat = Beat { first: now().0 - rounds * each * history.step_ms, step_ms: history.step_ms };
    eprintln!("   sending {hours} h of {} series", history.n_series);
    let began: Instant = Instant::now();
    let senders: Vec<Sender> = sender::open(&target, history.n_series, history.series, SHAPE, beat).await?;
    let limit = Limit { rounds: u64::try_from(rounds).unwrap_or(0), until: None };
    let (_, sent): (Vec<Sender>, Sent) = sender::send(senders, limit).await?;
    eprintln!("   {} samples in {:.0} s", sent.samples, began.elapsed().as_secs_f64());
    Ok(Filled { end: beat.first + (rounds * each - 1) * history.step_ms, n_samples: sent.samples, hours })
}

/// Whether a sample from the beginning is taken.
async fn takes_late(target: &Target, hours: i64) -> Result<bool, Error> {
    let labels: Vec<(String, String)> = vec![("__name__".to_owned(), "bench_late".to_owned())];
    let series = Series { labels, motion: crate::load::motion::Motion::Still(1.0) };
    let mut body = Body::new(&[series], 1);
    body.turn(0, Beat { first: now().0 - hours * HOUR_MS - HOUR_MS / 2, step_ms: 1 });
    let status: u16 = Wire::open(target).await?.post(body.bytes()).await?;
    Ok((200..300).contains(&status))
}
