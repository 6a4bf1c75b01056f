//! Samples as remote write 1.0 wants them: put together by series, in the order of time.
//!
//! Source: "Prometheus Remote-Write 1.0 specification", Protocol.

use std::collections::HashMap;
use std::sync::Arc;

use crate::batch::BatchSample;
use crate::duplicates::{Raw, sort_unique};
use crate::error::Error;
use crate::labels;
use crate::remote_write::put_bytes;
use crate::wire::put_uvarint;

/// Samples of one body: some hundred kilobytes, of which any receiver takes several at once.
pub(crate) const MOST_SAMPLES: usize = 5_000;

/// One sample of a series, which stands at `series` in [`Samples::labels`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Flat {
    pub(crate) series: usize,
    pub(crate) at: i64,
    pub(crate) bits: u64,
}

/// Samples, series by series, each in the order of time.
#[derive(Clone, Debug, Default)]
pub(crate) struct Samples {
    /// Canonical.
    labels: Vec<Arc<[u8]>>,
    pub(crate) all: Vec<Flat>,
}

/// The samples of batches by the id of their series; of two values for one time the one that stays here too.
pub(crate) fn by_series(samples: impl IntoIterator<Item = BatchSample>) -> HashMap<i64, Vec<Raw>> {
    let mut all: HashMap<i64, Vec<Raw>> = HashMap::new();
    for sample in samples {
        all.entry(sample.series_id).or_default().push((sample.at, sample.bits));
    }
    all.values_mut().for_each(|raw| {
        sort_unique(raw);
    });
    all
}

impl Samples {
    /// Appends a series.
    pub(crate) fn push(&mut self, labels: Arc<[u8]>, samples: &[Raw]) {
        let series: usize = self.labels.len();
        self.labels.push(labels);
        self.all.extend(samples.iter().map(|&(at, bits)| Flat { series, at, bits }));
    }

    /// A body of those between `from` and `to`, the end exclusive, ready to be sent.
    pub(crate) fn encode(&self, from: usize, to: usize) -> Result<Vec<u8>, Error> {
        let mut request: Vec<u8> = Vec::new();
        let some: &[Flat] = self.all.get(from..to).unwrap_or_default();
        for series in some.chunk_by(|left, right| left.series == right.series) {
            put_bytes(&mut request, 1, &self.encode_series(series));
        }
        Ok(snap::raw::Encoder::new().compress_vec(&request)?)
    }

    fn encode_series(&self, samples: &[Flat]) -> Vec<u8> {
        let canonical: &[u8] =
            samples.first().and_then(|sample| self.labels.get(sample.series)).map_or(&[][..], |labels| &labels[..]);
        let mut series: Vec<u8> = Vec::with_capacity(canonical.len() * 2 + samples.len() * 20);
        for (name, value) in labels::pairs(canonical) {
            let mut label: Vec<u8> = Vec::with_capacity(name.len() + value.len() + 8);
            put_bytes(&mut label, 1, name.as_bytes());
            put_bytes(&mut label, 2, value.as_bytes());
            put_bytes(&mut series, 1, &label);
        }
        for sample in samples {
            put_bytes(&mut series, 2, &encode_sample(sample));
        }
        series
    }

    /// The first of those from `from` on, for a message to people.
    pub(crate) fn describe(&self, from: usize) -> String {
        let Some(sample) = self.all.get(from) else { return String::new() };
        let labels: String = self.labels.get(sample.series).map_or_else(String::new, |labels| labels::describe(labels));
        format!("{labels} at {} ms", sample.at)
    }
}

fn encode_sample(sample: &Flat) -> Vec<u8> {
    let mut bytes: Vec<u8> = Vec::with_capacity(20);
    put_uvarint(&mut bytes, (1 << 3) | 1);
    bytes.extend_from_slice(&sample.bits.to_le_bytes());
    put_uvarint(&mut bytes, 2 << 3);
    put_uvarint(&mut bytes, sample.at as u64);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::duplicates::STALE_NAN;
    use crate::remote_write::{self, Note, Sink};
    use crate::sample::Reason;

    #[derive(Debug, Default, PartialEq)]
    struct Found(Vec<(String, Vec<Raw>)>);

    impl Sink for Found {
        fn series(&mut self, labels: &[(&[u8], &[u8])]) {
            let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
            let pairs: Vec<String> = labels.iter().map(|(name, value)| format!("{}={}", text(name), text(value))).collect();
            self.0.push((pairs.join(","), Vec::new()));
        }

        fn sample(&mut self, at: i64, bits: u64) {
            self.0.last_mut().unwrap().1.push((at, bits));
        }

        fn refuse(&mut self, reason: Reason, n: u64) {
            panic!("{n} refused: {reason}");
        }

        fn bad_series(&mut self, reason: Reason) {
            panic!("refused: {reason}");
        }

        fn note(&mut self, note: Note<'_>) {
            panic!("nobody wrote {note:?}");
        }
    }

    fn canonical(job: &str) -> Arc<[u8]> {
        let mut out: Vec<u8> = Vec::new();
        labels::push(&mut out, b"__name__", b"up");
        labels::push(&mut out, b"job", job.as_bytes());
        Arc::from(out)
    }

    fn read(body: &[u8]) -> Vec<(String, Vec<Raw>)> {
        let mut found = Found::default();
        remote_write::decode(&remote_write::decompress(body, 1 << 20).unwrap(), &mut found).unwrap();
        found.0
    }

    #[test]
    fn arrivals_become_series_in_the_order_of_time() {
        let sample = |series_id: i64, at: i64, bits: u64| BatchSample { series_id, at, bits };
        let mut all = by_series([sample(2, 9, 1), sample(1, 5, 7), sample(2, 3, 4), sample(1, 5, STALE_NAN)]);
        assert_eq!(all.remove(&1), Some(vec![(5, 7)]));
        assert_eq!(all.remove(&2), Some(vec![(3, 4), (9, 1)]));
        assert!(all.is_empty());
    }

    #[test]
    fn a_body_holds_exactly_its_part_with_every_bit() {
        let mut samples = Samples::default();
        samples.push(canonical("a"), &[(1, 5), (2, STALE_NAN)]);
        samples.push(canonical("b"), &[(-1, u64::MAX)]);
        assert_eq!(read(&samples.encode(0, 2).unwrap()), [("__name__=up,job=a".to_owned(), vec![(1, 5), (2, STALE_NAN)])]);
        assert_eq!(
            read(&samples.encode(1, 3).unwrap()),
            [("__name__=up,job=a".to_owned(), vec![(2, STALE_NAN)]), ("__name__=up,job=b".to_owned(), vec![(-1, u64::MAX)])]
        );
        assert!(read(&samples.encode(3, 9).unwrap()).is_empty());
        assert_eq!(samples.describe(2), "up{job=\"b\"} at -1 ms");
    }
}
