//! From a request to its answer: admit, queue, wait for the commit.

use std::sync::Arc;
use std::time::Duration;

use kernel::Clock;
use tokio::sync::mpsc::Sender;
use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::oneshot;

use crate::admit::{Admission, Admitted};
use crate::config::Config;
use crate::error::Error;
use crate::lock;
use crate::remote_write::{Sink, decode, decompress};
use crate::sample::{Reason, Sample, Written};
use crate::state::{OnTheWay, State};
use crate::writer::Job;

/// A body larger than this is read on a thread where it keeps nobody waiting.
const LARGE_BODY: usize = 256 << 10;

/// What every request needs; cheap to clone.
#[derive(Clone)]
pub(crate) struct Ingest {
    pub(crate) state: Arc<State>,
    pub(crate) config: Arc<Config>,
    pub(crate) clock: Arc<dyn Clock>,
}

impl Ingest {
    /// Samples with labels of their own.
    pub(crate) async fn samples(&self, queue: Sender<Job>, samples: Vec<Sample>) -> Result<Written, Error> {
        let on_the_way: OnTheWay = OnTheWay::new(&self.state);
        let admitted: Admitted = self.admit_samples(&samples);
        self.submit(queue, admitted, on_the_way).await
    }

    /// A remote write body as it came.
    pub(crate) async fn remote_write(&self, queue: Sender<Job>, body: Vec<u8>) -> Result<Written, Error> {
        let on_the_way: OnTheWay = OnTheWay::new(&self.state);
        let admitted: Admitted = if body.len() > LARGE_BODY {
            let this: Self = self.clone();
            let reading = tokio::task::spawn_blocking(move || this.admit_body(&body));
            reading.await.map_err(|_| Error::Closed)??
        } else {
            self.admit_body(&body)?
        };
        self.submit(queue, admitted, on_the_way).await
    }

    fn admit_samples(&self, samples: &[Sample]) -> Admitted {
        let index = lock::read(&self.state.index);
        let mut admission = Admission::new(&self.state, &index, &self.config, self.clock.now());
        for sample in samples {
            admission.series(sample.labels.iter().map(|(name, value)| (name.as_bytes(), value.as_bytes())));
            admission.sample(sample.at.0, sample.value.to_bits());
        }
        admission.finish()
    }

    /// Nothing of a body that can't be read to its end is taken.
    fn admit_body(&self, body: &[u8]) -> Result<Admitted, Error> {
        let request: Vec<u8> = decompress(body, self.config.max_decompressed_bytes)?;
        let index = lock::read(&self.state.index);
        let mut sink = AdmissionSink { admission: Admission::new(&self.state, &index, &self.config, self.clock.now()) };
        decode(&request, &mut sink)?;
        Ok(sink.admission.finish())
    }

    async fn submit(&self, queue: Sender<Job>, admitted: Admitted, on_the_way: OnTheWay) -> Result<Written, Error> {
        let Admitted { rows, new, written, mut reservation } = admitted;
        self.state.own.refused(&written);
        if rows.is_empty() {
            return Ok(written);
        }
        if !reservation.take_samples(rows.len(), self.config.max_waiting_samples) {
            return Err(Error::Overloaded);
        }
        let (reply, answer) = oneshot::channel();
        queue.try_send(Job { rows, new, reply, reservation }).map_err(|error| match error {
            TrySendError::Full(_) => Error::Overloaded,
            TrySendError::Closed(_) => Error::Closed,
        })?;
        drop(on_the_way);
        // Held no longer than needed: the writer ends when the last sender is gone.
        drop(queue);
        let patience: Duration = Duration::from_millis(self.config.commit_timeout_ms);
        match tokio::time::timeout(patience, answer).await {
            Ok(Ok(outcome)) => outcome.map(|()| written),
            Ok(Err(_)) | Err(_) => Err(Error::Unconfirmed),
        }
    }
}

/// Lets the decoder feed the admission.
struct AdmissionSink<'a> {
    admission: Admission<'a>,
}

impl Sink for AdmissionSink<'_> {
    fn series(&mut self, labels: &[(&[u8], &[u8])]) {
        self.admission.series(labels.iter().copied());
    }

    fn sample(&mut self, at: i64, bits: u64) {
        self.admission.sample(at, bits);
    }

    fn histograms(&mut self, n: u64) {
        self.admission.reject(Reason::NativeHistogram, n);
    }
}
