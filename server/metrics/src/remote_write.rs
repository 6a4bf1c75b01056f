//! Prometheus remote write 1.0: a snappy block that holds a protobuf `WriteRequest`. Read by hand and without copies, because
//! this is the hottest path of the product; written for the agent.
//!
//! ```text
//! WriteRequest { repeated TimeSeries timeseries = 1; repeated MetricMetadata metadata = 3; }
//! TimeSeries   { repeated Label labels = 1; repeated Sample samples = 2; repeated Exemplar exemplars = 3; }
//!                                                                            (4: native histograms, refused)
//! Label        { string name = 1; string value = 2; }
//! Sample       { double value = 1; int64 timestamp = 2; }        (milliseconds)
//! Exemplar     { repeated Label labels = 1; double value = 2; int64 timestamp = 3; }
//! MetricMetadata { MetricType type = 1; string metric_family_name = 2; string help = 4; string unit = 5; }
//! ```
//! Source: "Prometheus Remote-Write 1.0 specification", `prompb/types.proto`. Version 2.0, which is asked for by another content
//! type, is [`crate::remote_write2`].

use crate::exemplars::Exemplar;
use crate::metadata::Kind;
use crate::sample::{Reason, Sample};
use crate::wire::{Reader, put_uvarint};

/// Why a body can't be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Malformed {
    /// Not a snappy block.
    #[error("the body is not a snappy block")]
    Snappy,
    /// Would be larger than allowed.
    #[error("the body is larger than {limit} bytes when decompressed")]
    TooLarge {
        /// [`crate::Config::max_decompressed_bytes`].
        limit: usize,
    },
    /// Not a `WriteRequest`, or a `Request` of version 2.0.
    #[error("the body is not the protobuf message that its content type names")]
    Protobuf,
    /// Version 2.0: the first symbol is not empty, or there are too many.
    #[error("the symbols must begin with an empty one and be at most 1048576")]
    Symbols,
}

/// What a sender says of a metric.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Note<'a> {
    pub(crate) name: &'a str,
    pub(crate) kind: Kind,
    pub(crate) help: &'a str,
    pub(crate) unit: &'a str,
}

/// Takes what [`decode`] finds, in order: a series, then its samples.
pub(crate) trait Sink {
    /// A series with its labels as they stand in the request.
    fn series(&mut self, labels: &[(&[u8], &[u8])]);
    /// A sample of that series: milliseconds since the Unix epoch, bits of the value.
    fn sample(&mut self, at: i64, bits: u64);
    /// Samples or histograms of that series that can't be taken.
    fn refuse(&mut self, reason: Reason, n: u64);
    /// A series that can't be taken, instead of its labels.
    fn bad_series(&mut self, reason: Reason);
    /// An exemplar of that series, behind its samples.
    fn exemplar(&mut self, _exemplar: &Exemplar<'_>) {}
    /// What a metric means.
    fn note(&mut self, note: Note<'_>);
}

/// How large a body claims to become.
pub(crate) fn expanded_len(body: &[u8], limit: usize) -> Result<usize, Malformed> {
    let size: usize = snap::raw::decompress_len(body).map_err(|_| Malformed::Snappy)?;
    if size > limit { Err(Malformed::TooLarge { limit }) } else { Ok(size) }
}

/// Expands a body; what it claims to become is checked before any memory is taken.
pub(crate) fn decompress(body: &[u8], limit: usize) -> Result<Vec<u8>, Malformed> {
    expanded_len(body, limit)?;
    snap::raw::Decoder::new().decompress_vec(body).map_err(|_| Malformed::Snappy)
}

/// Walks over a decompressed body.
pub(crate) fn decode(body: &[u8], sink: &mut impl Sink) -> Result<(), Malformed> {
    let mut reader: Reader<'_> = Reader::new(body);
    let mut labels: Vec<(&[u8], &[u8])> = Vec::new();
    while !reader.is_empty() {
        match field(&mut reader)? {
            (1, Field::Bytes(series)) => decode_series(series, &mut labels, sink)?,
            (1, _) => return Err(Malformed::Protobuf),
            // Not worth the samples: what can't be read is left out.
            (3, Field::Bytes(metadata)) => {
                if let Some(note) = decode_metadata(metadata) {
                    sink.note(note);
                }
            }
            _ => {}
        }
    }
    Ok(())
}

fn decode_metadata(metadata: &[u8]) -> Option<Note<'_>> {
    let mut reader: Reader<'_> = Reader::new(metadata);
    let mut note: Note<'_> = Note { name: "", kind: Kind::Unknown, help: "", unit: "" };
    while !reader.is_empty() {
        match try_field(&mut reader)? {
            (1, Field::Varint(number)) => note.kind = Kind::from_wire(number),
            (2, Field::Bytes(name)) => note.name = std::str::from_utf8(name).ok()?,
            (4, Field::Bytes(help)) => note.help = std::str::from_utf8(help).ok()?,
            (5, Field::Bytes(unit)) => note.unit = std::str::from_utf8(unit).ok()?,
            _ => {}
        }
    }
    Some(note)
}

/// Labels first, then samples: the order inside a message is free.
fn decode_series<'a>(series: &'a [u8], labels: &mut Vec<(&'a [u8], &'a [u8])>, sink: &mut impl Sink) -> Result<(), Malformed> {
    labels.clear();
    let mut histograms: u64 = 0;
    let mut has_exemplars: bool = false;
    let mut reader: Reader<'a> = Reader::new(series);
    while !reader.is_empty() {
        match field(&mut reader)? {
            (1, Field::Bytes(label)) => labels.push(decode_label(label)?),
            (2, Field::Bytes(_)) => {}
            (3, Field::Bytes(_)) => has_exemplars = true,
            (4, Field::Bytes(_)) => histograms += 1,
            (1 | 2 | 4, _) => return Err(Malformed::Protobuf),
            _ => {}
        }
    }
    sink.series(labels);
    let mut reader: Reader<'a> = Reader::new(series);
    while !reader.is_empty() {
        if let (2, Field::Bytes(sample)) = field(&mut reader)? {
            let (at, bits) = decode_sample(sample)?;
            sink.sample(at, bits);
        }
    }
    if histograms > 0 {
        sink.refuse(Reason::NativeHistogram, histograms);
    }
    if has_exemplars { exemplars(series, sink) } else { Ok(()) }
}

/// One that can't be read is left out: it is not worth the samples.
fn exemplars(series: &[u8], sink: &mut impl Sink) -> Result<(), Malformed> {
    let mut labels: Vec<(&[u8], &[u8])> = Vec::new();
    let mut reader: Reader<'_> = Reader::new(series);
    while !reader.is_empty() {
        if let (3, Field::Bytes(exemplar)) = field(&mut reader)?
            && let Ok((at, bits)) = decode_exemplar(exemplar, &mut labels)
        {
            sink.exemplar(&Exemplar { at, bits, labels: &labels });
        }
    }
    Ok(())
}

/// Time and value; the labels come into `labels`.
fn decode_exemplar<'a>(exemplar: &'a [u8], labels: &mut Vec<(&'a [u8], &'a [u8])>) -> Result<(i64, u64), Malformed> {
    labels.clear();
    let (mut at, mut bits): (i64, u64) = (0, 0);
    let mut reader: Reader<'a> = Reader::new(exemplar);
    while !reader.is_empty() {
        match field(&mut reader)? {
            (1, Field::Bytes(label)) => labels.push(decode_label(label)?),
            (2, Field::Fixed64(value)) => bits = value,
            (3, Field::Varint(value)) => at = value as i64,
            (1..=3, _) => return Err(Malformed::Protobuf),
            _ => {}
        }
    }
    Ok((at, bits))
}

fn decode_label(label: &[u8]) -> Result<(&[u8], &[u8]), Malformed> {
    let mut reader: Reader<'_> = Reader::new(label);
    let mut name: &[u8] = b"";
    let mut value: &[u8] = b"";
    while !reader.is_empty() {
        match field(&mut reader)? {
            (1, Field::Bytes(bytes)) => name = bytes,
            (2, Field::Bytes(bytes)) => value = bytes,
            (1 | 2, _) => return Err(Malformed::Protobuf),
            _ => {}
        }
    }
    Ok((name, value))
}

pub(crate) fn decode_sample(sample: &[u8]) -> Result<(i64, u64), Malformed> {
    let mut reader: Reader<'_> = Reader::new(sample);
    // Absent fields mean zero.
    let mut at: i64 = 0;
    let mut bits: u64 = 0;
    while !reader.is_empty() {
        match field(&mut reader)? {
            (1, Field::Fixed64(value)) => bits = value,
            (2, Field::Varint(value)) => at = value as i64,
            (1 | 2, _) => return Err(Malformed::Protobuf),
            _ => {}
        }
    }
    Ok((at, bits))
}

/// The value of one field, by wire type.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Field<'a> {
    Varint(u64),
    Fixed64(u64),
    Bytes(&'a [u8]),
    Fixed32,
}

/// Number and value of the next field. Groups (wire types 3 and 4) have been out of use since proto2 and are refused.
pub(crate) fn field<'a>(reader: &mut Reader<'a>) -> Result<(u64, Field<'a>), Malformed> {
    try_field(reader).ok_or(Malformed::Protobuf)
}

fn try_field<'a>(reader: &mut Reader<'a>) -> Option<(u64, Field<'a>)> {
    let tag: u64 = reader.uvarint()?;
    let number: u64 = tag >> 3;
    let value: Field<'a> = match tag & 7 {
        0 => Field::Varint(reader.uvarint()?),
        1 => Field::Fixed64(reader.u64_le()?),
        2 => Field::Bytes(reader.delimited()?),
        5 => {
            reader.take(4)?;
            Field::Fixed32
        }
        _ => return None,
    };
    (number > 0).then_some((number, value))
}

/// A body of `samples`, ready to be sent with `Content-Encoding: snappy`. Neighbours of one series share their labels.
///
/// # Errors
/// When the samples are more than a snappy block can hold (4 GiB).
pub fn encode(samples: &[Sample]) -> Result<Vec<u8>, crate::Error> {
    let mut request: Vec<u8> = Vec::new();
    for series in samples.chunk_by(|left, right| left.labels == right.labels) {
        put_bytes(&mut request, 1, &encode_series(series));
    }
    Ok(snap::raw::Encoder::new().compress_vec(&request)?)
}

fn encode_series(samples: &[Sample]) -> Vec<u8> {
    let mut series: Vec<u8> = Vec::new();
    for (name, value) in samples.iter().take(1).flat_map(|sample| sample.labels.iter()) {
        let mut label: Vec<u8> = Vec::with_capacity(name.len() + value.len() + 8);
        put_bytes(&mut label, 1, name.as_bytes());
        put_bytes(&mut label, 2, value.as_bytes());
        put_bytes(&mut series, 1, &label);
    }
    for sample in samples {
        let mut bytes: Vec<u8> = Vec::with_capacity(20);
        put_uvarint(&mut bytes, (1 << 3) | 1);
        bytes.extend_from_slice(&sample.value.to_bits().to_le_bytes());
        put_uvarint(&mut bytes, 2 << 3);
        put_uvarint(&mut bytes, sample.at.0 as u64);
        put_bytes(&mut series, 2, &bytes);
    }
    series
}

pub(crate) fn put_bytes(out: &mut Vec<u8>, number: u64, bytes: &[u8]) {
    put_uvarint(out, (number << 3) | 2);
    put_uvarint(out, bytes.len() as u64);
    out.extend_from_slice(bytes);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::duplicates::STALE_NAN;
    use model::Time;
    use model::labels::Labels;
    use proptest::prelude::*;

    #[derive(Debug, Default, PartialEq)]
    struct Found {
        series: Vec<String>,
        samples: Vec<(i64, u64)>,
        histograms: u64,
        notes: Vec<String>,
        exemplars: Vec<String>,
    }

    impl Sink for Found {
        fn series(&mut self, labels: &[(&[u8], &[u8])]) {
            let pairs = labels.iter().map(|(name, value)| (String::from_utf8_lossy(name), String::from_utf8_lossy(value)));
            self.series.push(Labels::new(pairs.map(|(name, value)| (name.into_owned(), value.into_owned()))).to_string());
        }

        fn sample(&mut self, at: i64, bits: u64) {
            self.samples.push((at, bits));
        }

        fn refuse(&mut self, reason: Reason, n: u64) {
            assert_eq!(reason, Reason::NativeHistogram);
            self.histograms += n;
        }

        fn bad_series(&mut self, reason: Reason) {
            panic!("version 1.0 has no {reason:?}");
        }

        fn note(&mut self, note: Note<'_>) {
            self.notes.push(format!("{} {} {} {}", note.kind.word(), note.name, note.help, note.unit));
        }

        fn exemplar(&mut self, exemplar: &Exemplar<'_>) {
            let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
            let labels: Vec<String> =
                exemplar.labels.iter().map(|(name, value)| format!("{}={}", text(name), text(value))).collect();
            let (series, value) = (self.series.last().cloned().unwrap_or_default(), f64::from_bits(exemplar.bits));
            self.exemplars.push(format!("{series} {value} @{} {}", exemplar.at, labels.join(",")));
        }
    }

    /// Every byte by hand, as another implementation would write it: a series of one sample and two exemplars, the first one before the
    /// sample, and one of exemplars alone.
    #[test]
    fn exemplars_written_by_hand_are_read() {
        let name: &[u8] = b"\x0a\x0e\x0a\x08__name__\x12\x02up";
        let first: &[u8] = b"\x1a\x1b\x0a\x0e\x0a\x08trace_id\x12\x02ab\x11\x00\x00\x00\x00\x00\x00\xf0\x3f\x18\x07";
        let sample: &[u8] = b"\x12\x0b\x09\x00\x00\x00\x00\x00\x00\xf0\x3f\x10\x07";
        let second: &[u8] = b"\x1a\x0b\x11\x00\x00\x00\x00\x00\x00\x00\x40\x18\x08";
        let mut request: Vec<u8> = Vec::new();
        put_bytes(&mut request, 1, &[name, first, sample, second].concat());
        put_bytes(&mut request, 1, &[name, second].concat());
        let mut found = Found::default();
        decode(&request, &mut found).unwrap();
        assert_eq!(found.samples, [(7, 1.0_f64.to_bits())]);
        assert_eq!(found.exemplars, ["up 1 @7 trace_id=ab", "up 2 @8 ", "up 2 @8 "]);
    }

    fn sample(job: &str, at: i64, bits: u64) -> Sample {
        Sample { labels: Labels::new([("__name__", "up"), ("job", job)]), at: Time(at), value: f64::from_bits(bits) }
    }

    fn read(body: &[u8]) -> Result<Found, Malformed> {
        let mut found = Found::default();
        decode(&decompress(body, 1 << 20)?, &mut found)?;
        Ok(found)
    }

    #[test]
    fn what_is_encoded_is_decoded() {
        let samples = [sample("a", 1, 5), sample("a", -2, STALE_NAN), sample("b", i64::MAX, 0)];
        let found: Found = read(&encode(&samples).unwrap()).unwrap();
        assert_eq!(found.series, ["up{job=\"a\"}", "up{job=\"b\"}"]);
        assert_eq!(found.samples, [(1, 5), (-2, STALE_NAN), (i64::MAX, 0)]);
    }

    #[test]
    fn unknown_fields_are_skipped_and_histograms_counted() {
        let mut series: Vec<u8> = encode_series(&[sample("a", 1, 5)]);
        put_bytes(&mut series, 3, b"exemplar");
        put_bytes(&mut series, 4, b"histogram");
        put_uvarint(&mut series, (99 << 3) | 5);
        series.extend_from_slice(&[0; 4]);
        let mut request: Vec<u8> = Vec::new();
        put_bytes(&mut request, 3, b"metadata");
        put_bytes(&mut request, 1, &series);
        let mut found = Found::default();
        decode(&request, &mut found).unwrap();
        assert_eq!((found.samples.len(), found.histograms), (1, 1));
        assert!(found.notes.is_empty() && found.exemplars.is_empty());
    }

    #[test]
    fn metadata_is_read() {
        let mut request: Vec<u8> = Vec::new();
        put_bytes(&mut request, 3, b"\x08\x01\x12\x02up\x22\x04Help\x2a\x01s");
        put_bytes(&mut request, 3, b"\x12\x01\xff");
        let mut found = Found::default();
        decode(&request, &mut found).unwrap();
        assert_eq!(found.notes, ["counter up Help s"]);
    }

    #[test]
    fn a_size_beyond_the_limit_is_refused_before_memory_is_taken() {
        let mut bomb: Vec<u8> = Vec::new();
        put_uvarint(&mut bomb, u64::from(u32::MAX));
        assert_eq!(decompress(&bomb, 1 << 20), Err(Malformed::TooLarge { limit: 1 << 20 }));
        assert_eq!(decompress(b"\xff\xff\xff", 1 << 20), Err(Malformed::Snappy));
    }

    #[test]
    fn wrong_wire_types_are_refused() {
        let mut request: Vec<u8> = Vec::new();
        put_uvarint(&mut request, 1 << 3);
        put_uvarint(&mut request, 5);
        assert_eq!(decode(&request, &mut Found::default()), Err(Malformed::Protobuf));
        assert_eq!(decode(&[0x0b], &mut Found::default()), Err(Malformed::Protobuf));
    }

    proptest! {
        #[test]
        fn anything_may_be_sent(body: Vec<u8>) {
            let _: Result<Found, Malformed> = read(&body);
            let _: Result<(), Malformed> = decode(&body, &mut Found::default());
        }

        #[test]
        fn a_cut_request_is_refused_or_shorter(cut in 0_usize..80) {
            let mut request: Vec<u8> = Vec::new();
            put_bytes(&mut request, 1, &encode_series(&[sample("a", 1, 5), sample("a", 2, 6)]));
            let cut: usize = cut.min(request.len() - 1);
            let outcome: Result<(), Malformed> = decode(&request[..cut], &mut Found::default());
            prop_assert_eq!(outcome.is_ok(), cut == 0);
        }
    }
}
