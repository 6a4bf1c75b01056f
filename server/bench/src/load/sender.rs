//! Senders: each has a connection and series of its own, and sends a sample of each, round after round, as an agent would.

use super::body::{Beat, Body};
use super::fleet::Series;
use super::wire::Wire;
use crate::contender::Target;
use crate::error::Error;
use crate::line::ms_since;
use std::time::Instant;
use tokio::task::JoinHandle;

/// Connections at once.
pub const CONNECTIONS: usize = 4;

/// Sends. No `Debug`: it holds a token.
pub struct Sender {
    wire: Wire,
    bodies: Vec<Body>,
    beat: Beat,
    round: u64,
}

/// What was sent and acknowledged.
#[derive(Clone, Debug, Default)]
pub struct Sent {
    pub samples: u64,
    /// How long each body waited for its acknowledgement.
    pub took_ms: Vec<f64>,
}

/// A sender at work; it comes back with what it sent.
type Sending = JoinHandle<Result<(Sender, Sent), Error>>;

/// How long senders go on: until they have done so many rounds, or until the time is over.
#[derive(Clone, Copy, Debug)]
pub struct Limit {
    pub rounds: u64,
    pub until: Option<Instant>,
}

/// What one body holds.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    pub series: usize,
    /// Samples of each series, one after the other.
    pub samples_each: usize,
}

/// Senders for the series that `series` makes from 0 to `n`: bodies are dealt out to the connections in turn.
pub async fn open(
    target: &Target,
    n: usize,
    series: &dyn Fn(usize) -> Series,
    shape: Shape,
    beat: Beat,
) -> Result<Vec<Sender>, Error> {
    let mut dealt: Vec<Vec<Body>> = (0..CONNECTIONS).map(|_| Vec::new()).collect();
    for (number, first) in (0..n).step_by(shape.series).enumerate() {
        let some: Vec<Series> = (first..n.min(first + shape.series)).map(series).collect();
        dealt[number % CONNECTIONS].push(Body::new(&some, shape.samples_each));
    }
    let mut senders: Vec<Sender> = Vec::new();
    for bodies in dealt.into_iter().filter(|bodies| !bodies.is_empty()) {
        senders.push(Sender { wire: Wire::open(target).await?, bodies, beat, round: 0 });
    }
    Ok(senders)
}

/// Lets all senders send at once; they come back with what was acknowledged.
pub async fn send(senders: Vec<Sender>, limit: Limit) -> Result<(Vec<Sender>, Sent), Error> {
    let sending: Vec<Sending> = senders.into_iter().map(|sender| tokio::spawn(sender.run(limit))).collect();
    let mut back: Vec<Sender> = Vec::new();
    let mut all = Sent::default();
    for task in sending {
        let (sender, sent) = task.await??;
        back.push(sender);
        all.samples += sent.samples;
        all.took_ms.extend(sent.took_ms);
    }
    Ok((back, all))
}

impl Sender {
    async fn run(mut self, limit: Limit) -> Result<(Self, Sent), Error> {
        let mut sent = Sent::default();
        for _ in 0..limit.rounds {
            if !self.send_round(limit.until, &mut sent).await? {
                break;
            }
        }
        Ok((self, sent))
    }

    /// Whether there was time for all of it.
    async fn send_round(&mut self, until: Option<Instant>, sent: &mut Sent) -> Result<bool, Error> {
        for body in &mut self.bodies {
            if until.is_some_and(|until| Instant::now() >= until) {
                return Ok(false);
            }
            body.turn(self.round, self.beat);
            let began: Instant = Instant::now();
            self.wire.deliver(body.bytes()).await?;
            sent.took_ms.push(ms_since(began));
            sent.samples += body.n_samples();
        }
        self.round += 1;
        Ok(true)
    }
}
