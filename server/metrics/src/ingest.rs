//! From a request to its answer: admit, queue, wait for the commit.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use kernel::{Clock, Grant};
use model::Time;
use model::access::WriteMetrics;
use model::labels::Labels;
use tokio::sync::mpsc::Sender as Queue;
use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::oneshot;

use crate::admit::{Admission, Admitted};
use crate::allowance::{Allowance, Memory};
use crate::config::Config;
use crate::error::Error;
use crate::exemplars::Exemplar;
use crate::exposition::LineExemplar;
use crate::ha::{Hearing, Pairs, Verdict};
use crate::metadata::Metadata;
use crate::otlp::totals::Totals;
use crate::own::add;
use crate::quota::{Quotas, Sender};
use crate::remote_write::{Note, Sink, decode, decompress, expanded_len};
use crate::sample::{Reason, Sample, Written};
use crate::state::{OnTheWay, State};
use crate::writer::Job;
use crate::{Metrics, lock, remote_write2};

/// A body larger than this is read on a thread where it keeps nobody waiting.
pub(crate) const LARGE_BODY: usize = 256 << 10;
/// So many samples with labels of their own take a few milliseconds.
const MANY_SAMPLES: usize = 5_000;

/// What every request needs; cheap to clone.
#[derive(Clone)]
pub(crate) struct Ingest {
    pub(crate) state: Arc<State>,
    pub(crate) config: Arc<Config>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) quotas: Arc<Quotas>,
    pub(crate) metadata: Arc<Metadata>,
    pub(crate) totals: Arc<Totals>,
    pub(crate) memory: Memory,
    pub(crate) pairs: Arc<Pairs>,
}

/// The two messages that `/api/v1/write` takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Version {
    /// `prometheus.WriteRequest`.
    One,
    /// `io.prometheus.write.v2.Request`.
    Two,
}

/// A remote write body as it came, and the memory it was given.
#[derive(Debug)]
pub(crate) struct Incoming {
    pub(crate) version: Version,
    pub(crate) bytes: Vec<u8>,
    pub(crate) allowance: Allowance,
}

/// A sample that was made for no measurement of the sender's, such as `target_info`.
pub(crate) const NOBODYS: u32 = u32::MAX;

/// Samples and the number of the measurement each was made from, so that measurements and not samples are counted in the answer.
#[derive(Debug, Default)]
pub(crate) struct Owned {
    pub(crate) samples: Vec<Sample>,
    pub(crate) owners: Vec<u32>,
    pub(crate) exemplars: Vec<OwnedExemplar>,
}

/// An exemplar with labels of its own.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct OwnedExemplar {
    /// The place of its sample.
    pub(crate) sample: usize,
    pub(crate) at: Time,
    pub(crate) value: f64,
    pub(crate) labels: Labels,
}

impl OwnedExemplar {
    /// Of a text, for the sample at the place `sample`, which is of the time `at`.
    pub(crate) fn of(exemplar: &LineExemplar<'_>, sample: usize, at: Time) -> Self {
        let labels = Labels::new(exemplar.labels.iter().map(|(name, value)| (&**name, &**value)));
        Self { sample, at: exemplar.at_ms.map_or(at, Time), value: exemplar.value, labels }
    }

    /// Hands it to an admission that is at its series.
    fn admit(&self, admission: &mut Admission<'_>) {
        let labels: Vec<(&[u8], &[u8])> = self.labels.iter().map(|(name, value)| (name.as_bytes(), value.as_bytes())).collect();
        admission.exemplar(&Exemplar { at: self.at.0, bits: self.value.to_bits(), labels: &labels });
    }
}

impl Metrics {
    /// Writes a remote write body as it came from the network.
    pub(crate) async fn take_body(
        &self,
        _grant: &Grant<WriteMetrics>,
        incoming: Incoming,
        sender: Option<Sender>,
    ) -> Result<Written, Error> {
        let written: Written = self.ingest.remote_write(self.queue()?, incoming, sender).await?;
        self.note_sender(sender, &written);
        Ok(written)
    }

    /// Writes samples made from measurements; also tells the measurements of which a sample was refused.
    pub(crate) async fn take_owned(
        &self,
        _grant: &Grant<WriteMetrics>,
        owned: Owned,
        sender: Option<Sender>,
    ) -> Result<(Written, BTreeSet<u32>), Error> {
        let (written, refused) = self.ingest.owned(self.queue()?, owned, sender).await?;
        self.note_sender(sender, &written);
        Ok((written, refused))
    }
}

impl Ingest {
    pub(crate) fn new(state: Arc<State>, config: Arc<Config>, clock: Arc<dyn Clock>) -> Self {
        Self {
            pairs: Arc::new(Pairs::new(config.ha_labels.clone())),
            state,
            config,
            clock,
            quotas: Arc::new(Quotas::default()),
            metadata: Arc::new(Metadata::default()),
            totals: Arc::new(Totals::default()),
            memory: Memory::new(),
        }
    }

    /// Samples with labels of their own.
    pub(crate) async fn samples(&self, queue: Queue<Job>, samples: Vec<Sample>) -> Result<Written, Error> {
        let on_the_way: OnTheWay = OnTheWay::new(&self.state);
        let owned = Owned { owners: vec![NOBODYS; samples.len()], samples, exemplars: Vec::new() };
        let (admitted, _) = self.admit_owned(&owned, None)?;
        self.submit(queue, admitted, on_the_way).await
    }

    /// Samples made from measurements, and the measurements of which a sample was refused.
    async fn owned(&self, queue: Queue<Job>, owned: Owned, sender: Option<Sender>) -> Result<(Written, BTreeSet<u32>), Error> {
        let on_the_way: OnTheWay = OnTheWay::new(&self.state);
        let (admitted, refused) = if owned.samples.len() > MANY_SAMPLES {
            let this: Self = self.clone();
            let admitting = tokio::task::spawn_blocking(move || this.admit_owned(&owned, sender.as_ref()));
            admitting.await.map_err(|_| Error::Closed)??
        } else {
            self.admit_owned(&owned, sender.as_ref())?
        };
        let written: Written = self.submit(queue, admitted, on_the_way).await?;
        Ok((written, refused))
    }

    /// A remote write body as it came.
    async fn remote_write(&self, queue: Queue<Job>, incoming: Incoming, sender: Option<Sender>) -> Result<Written, Error> {
        let on_the_way: OnTheWay = OnTheWay::new(&self.state);
        let admitted: Admitted = if incoming.bytes.len() > LARGE_BODY {
            let this: Self = self.clone();
            let reading = tokio::task::spawn_blocking(move || this.admit_body(incoming, sender.as_ref()));
            reading.await.map_err(|_| Error::Closed)??
        } else {
            self.admit_body(incoming, sender.as_ref())?
        };
        self.submit(queue, admitted, on_the_way).await
    }

    fn admit_owned(&self, owned: &Owned, sender: Option<&Sender>) -> Result<(Admitted, BTreeSet<u32>), Error> {
        let now: Time = self.clock.now();
        let counted = self.quotas.counted(sender, now);
        let mut active = counted.as_ref().map(|counted| counted.series());
        let index = lock::read(&self.state.index);
        let admission = Admission::new(&self.state, &index, &self.config, now);
        let mut admission = admission.counted(active.as_deref_mut());
        let mut refused: BTreeSet<u32> = BTreeSet::new();
        // Of one series in order of time, as a scrape has them.
        let mut exemplars: Vec<&OwnedExemplar> = owned.exemplars.iter().collect();
        exemplars.sort_by_key(|exemplar| (exemplar.sample, exemplar.at));
        let mut exemplars = exemplars.into_iter().peekable();
        for (number, (sample, owner)) in owned.samples.iter().zip(&owned.owners).enumerate() {
            let before: u64 = admission.n_rejected();
            admission.series(sample.labels.iter().map(|(name, value)| (name.as_bytes(), value.as_bytes())));
            admission.sample(sample.at.0, sample.value.to_bits());
            if *owner != NOBODYS && admission.n_rejected() > before {
                refused.insert(*owner);
            }
            while let Some(exemplar) = exemplars.next_if(|exemplar| exemplar.sample == number) {
                exemplar.admit(&mut admission);
            }
        }
        let admitted: Admitted = admission.finish();
        self.charge(sender, &admitted.written, now)?;
        Ok((admitted, refused))
    }

    /// Nothing of a body that can't be read to its end is taken. What it took of the memory is given back when it is read.
    fn admit_body(&self, incoming: Incoming, sender: Option<&Sender>) -> Result<Admitted, Error> {
        let Incoming { version, bytes, mut allowance } = incoming;
        let limit: usize = self.config.max_decompressed_bytes;
        allowance.spend(expanded_len(&bytes, limit)?)?;
        let request: Vec<u8> = decompress(&bytes, limit)?;
        let now: Time = self.clock.now();
        let counted = self.quotas.counted(sender, now);
        let mut active = counted.as_ref().map(|counted| counted.series());
        let index = lock::read(&self.state.index);
        let admission = Admission::new(&self.state, &index, &self.config, now);
        let admission = admission.counted(active.as_deref_mut());
        let mut sink = AdmissionSink {
            admission,
            metadata: self.metadata.as_ref(),
            hearing: self.pairs.hearing(sender.map(|sender| sender.id), now),
        };
        match version {
            Version::One => decode(&request, &mut sink)?,
            Version::Two => remote_write2::decode(&request, &mut sink)?,
        }
        let dropped: u64 = sink.hearing.as_ref().map_or(0, Hearing::n_dropped);
        let mut admitted: Admitted = sink.admission.finish();
        // The elected replica's samples stand for these, and a sender that is told of fewer than it sent takes it for a loss.
        admitted.written.accepted += dropped;
        add(&self.state.own.twin_samples, dropped);
        self.charge(sender, &admitted.written, now)?;
        Ok(admitted)
    }

    /// Takes what was admitted out of the sender's bucket, or refuses all of it. What was refused cost us work too.
    fn charge(&self, sender: Option<&Sender>, written: &Written, now: Time) -> Result<(), Error> {
        let Some(sender) = sender else { return Ok(()) };
        let n: u64 = written.accepted + written.n_rejected();
        self.quotas.take(sender, n, now).map_err(|wait_s| Error::TooFast { wait_s })
    }

    async fn submit(&self, queue: Queue<Job>, admitted: Admitted, on_the_way: OnTheWay) -> Result<Written, Error> {
        let Admitted { rows, exemplars, new, written, mut reservation } = admitted;
        self.state.own.refused(&written);
        if rows.is_empty() && exemplars.is_empty() {
            return Ok(written);
        }
        if !reservation.take_samples(rows.len(), self.config.max_waiting_samples) {
            return Err(Error::Overloaded);
        }
        let (reply, answer) = oneshot::channel();
        queue.try_send(Job { rows, exemplars, new, reply, reservation }).map_err(|error| match error {
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

/// Lets the decoders feed the admission.
struct AdmissionSink<'a> {
    admission: Admission<'a>,
    metadata: &'a Metadata,
    /// When replicas of senders are told apart.
    hearing: Option<Hearing<'a>>,
}

impl AdmissionSink<'_> {
    /// Whether `n` samples of the current series are dropped, because another replica sends the same.
    fn drops(&mut self, n: u64) -> bool {
        self.hearing.as_mut().is_some_and(|hearing| hearing.drops(n))
    }
}

impl Sink for AdmissionSink<'_> {
    fn series(&mut self, labels: &[(&[u8], &[u8])]) {
        let Some(hearing) = &mut self.hearing else { return self.admission.series(labels.iter().copied()) };
        let replica: &[u8] = hearing.replica_label();
        match hearing.series(labels) {
            Verdict::Unpaired => self.admission.series(labels.iter().copied()),
            Verdict::Elected => self.admission.series(labels.iter().copied().filter(|(name, _)| *name != replica)),
            Verdict::Twin => {}
        }
    }

    fn sample(&mut self, at: i64, bits: u64) {
        if !self.drops(1) {
            self.admission.sample(at, bits);
        }
    }

    fn refuse(&mut self, reason: Reason, n: u64) {
        if !self.drops(n) {
            self.admission.reject(reason, n);
        }
    }

    fn bad_series(&mut self, reason: Reason) {
        if let Some(hearing) = &mut self.hearing {
            hearing.bad_series();
        }
        self.admission.bad_series(reason);
    }

    fn exemplar(&mut self, exemplar: &Exemplar<'_>) {
        // Of a twin's, the elected replica sends its own.
        if !self.drops(0) {
            self.admission.exemplar(exemplar);
        }
    }

    fn note(&mut self, note: Note<'_>) {
        self.metadata.note(note.name, note.kind, note.help, note.unit);
    }
}
