//! Prometheus remote read: a snappy block that holds a protobuf `ReadRequest`, answered with one that holds a `ReadResponse`.
//!
//! ```text
//! ReadRequest  { repeated Query queries = 1; repeated ResponseType accepted_response_types = 2; }   (0: SAMPLES, 1: STREAMED_XOR_CHUNKS)
//! Query        { int64 start_timestamp_ms = 1; int64 end_timestamp_ms = 2; repeated LabelMatcher matchers = 3; ReadHints hints = 4; }
//! LabelMatcher { Type type = 1; string name = 2; string value = 3; }                              (0: =, 1: !=, 2: =~, 3: !~)
//! ReadResponse { repeated QueryResult results = 1; }
//! QueryResult  { repeated TimeSeries timeseries = 1; }
//! TimeSeries   { repeated Label labels = 1; repeated Sample samples = 2; }
//! ```
//! Source: `prompb/remote.proto`, `prompb/types.proto`. Hints are skipped: they allow to answer less and never ask for it. Answers are always
//! samples: streamed chunks are offered by clients, never demanded. Staleness markers are samples like others, bit for bit.

use model::Time;
use model::labels::Labels;
use promql::ast::{MatchOp, Matcher, Span};
use tokio::runtime::Handle;

use crate::Metrics;
use crate::error::Error;
use crate::eval::Until;
use crate::remote_write::{self, Field, Malformed, field, put_bytes};
use crate::source::{Point, SeriesData, Source};
use crate::wire::{Reader, put_uvarint};

/// Bytes of a request when expanded: a few hundred matchers.
const LONGEST_REQUEST: usize = 1 << 20;
/// Queries of one request. Prometheus sends one.
const MOST_QUERIES: usize = 16;
/// Matchers of one query.
const MOST_MATCHERS: usize = 256;
/// Samples of one answer. Each takes 16 bytes when read and up to 20 when written; who wants more asks for shorter spans.
const MOST_SAMPLES: usize = 5_000_000;

/// The response types of `accepted_response_types` that are answered: samples.
const SAMPLES: u64 = 0;

/// Why a request is not answered.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Refused {
    /// It can't be read.
    #[error(transparent)]
    Malformed(#[from] Malformed),
    /// It asks for more than is allowed at once.
    #[error("a request holds at most {MOST_QUERIES} queries of {MOST_MATCHERS} matchers each")]
    TooMuch,
    /// A type of matcher that does not exist.
    #[error("unknown matcher type {0}")]
    MatcherType(u64),
    /// It wants something else than samples.
    #[error("none of the requested response types is supported, only SAMPLES is")]
    ResponseType,
    /// Its answer would be too large.
    #[error("exceeded sample limit ({MOST_SAMPLES}): ask for a shorter span or fewer series")]
    TooManySamples,
    /// It can't be answered now.
    #[error(transparent)]
    Failed(#[from] Error),
}

/// One selection; both ends inclusive.
#[derive(Debug, Clone, PartialEq, Eq)]
struct ReadQuery {
    start: Time,
    end: Time,
    matchers: Vec<Matcher>,
}

impl Metrics {
    /// Answers a remote read body as it came from the network; the answer is ready to be sent with `Content-Encoding: snappy`.
    pub(crate) async fn remote_read(&self, body: Vec<u8>) -> Result<Vec<u8>, Refused> {
        let (reader, handle) = (self.reader.clone(), Handle::current());
        let read = move |until: Until| -> Result<Result<Vec<u8>, Refused>, Error> {
            Ok(handle.block_on(answer(&reader.asked(&until), &body, &until)))
        };
        self.queries.compute(read).await?
    }
}

async fn answer(source: &dyn Source, body: &[u8], until: &Until) -> Result<Vec<u8>, Refused> {
    let queries: Vec<ReadQuery> = decode(&remote_write::decompress(body, LONGEST_REQUEST)?)?;
    let mut response: Vec<u8> = Vec::new();
    let mut left: usize = MOST_SAMPLES;
    for query in queries {
        until.check().map_err(Error::from)?;
        let mut found: Vec<SeriesData> = source.select(&query.matchers, query.start, query.end).await?;
        found.sort_unstable_by(|one, other| one.labels.cmp(&other.labels));
        let n: usize = found.iter().map(|series| series.points.len()).sum();
        left = left.checked_sub(n).ok_or(Refused::TooManySamples)?;
        put_bytes(&mut response, 1, &result(found, until)?);
    }
    until.check().map_err(Error::from)?;
    let packed: Result<Vec<u8>, snap::Error> = snap::raw::Encoder::new().compress_vec(&response);
    Ok(packed.map_err(Error::from)?)
}

/// A `QueryResult`. Lets go of each series as soon as it is written.
fn result(found: Vec<SeriesData>, until: &Until) -> Result<Vec<u8>, Refused> {
    let mut out: Vec<u8> = Vec::new();
    for series in found {
        until.check().map_err(Error::from)?;
        put_bytes(&mut out, 1, &time_series(&series.labels, &series.points));
    }
    Ok(out)
}

fn time_series(labels: &Labels, points: &[Point]) -> Vec<u8> {
    let mut out: Vec<u8> = Vec::with_capacity(points.len() * 20);
    for (name, value) in labels.iter() {
        let mut label: Vec<u8> = Vec::with_capacity(name.len() + value.len() + 8);
        put_bytes(&mut label, 1, name.as_bytes());
        put_bytes(&mut label, 2, value.as_bytes());
        put_bytes(&mut out, 1, &label);
    }
    let mut sample: Vec<u8> = Vec::with_capacity(20);
    for point in points {
        sample.clear();
        put_uvarint(&mut sample, (1 << 3) | 1);
        sample.extend_from_slice(&point.value.to_bits().to_le_bytes());
        put_uvarint(&mut sample, 2 << 3);
        put_uvarint(&mut sample, point.at as u64);
        put_bytes(&mut out, 2, &sample);
    }
    out
}

fn decode(request: &[u8]) -> Result<Vec<ReadQuery>, Refused> {
    let mut queries: Vec<ReadQuery> = Vec::new();
    let mut types: Vec<u64> = Vec::new();
    let mut reader: Reader<'_> = Reader::new(request);
    while !reader.is_empty() {
        match field(&mut reader)? {
            (1, Field::Bytes(_)) if queries.len() >= MOST_QUERIES => return Err(Refused::TooMuch),
            (1, Field::Bytes(query)) => queries.push(decode_query(query)?),
            (2, Field::Varint(response_type)) => types.push(response_type),
            // Repeated numbers may also come packed.
            (2, Field::Bytes(packed)) => unpack(packed, &mut types)?,
            (1 | 2, _) => return Err(Malformed::Protobuf.into()),
            _ => {}
        }
    }
    if types.is_empty() || types.contains(&SAMPLES) { Ok(queries) } else { Err(Refused::ResponseType) }
}

fn unpack(packed: &[u8], numbers: &mut Vec<u64>) -> Result<(), Malformed> {
    let mut reader: Reader<'_> = Reader::new(packed);
    while !reader.is_empty() {
        numbers.push(reader.uvarint().ok_or(Malformed::Protobuf)?);
    }
    Ok(())
}

fn decode_query(query: &[u8]) -> Result<ReadQuery, Refused> {
    let mut read = ReadQuery { start: Time(0), end: Time(0), matchers: Vec::new() };
    let mut reader: Reader<'_> = Reader::new(query);
    while !reader.is_empty() {
        match field(&mut reader)? {
            (1, Field::Varint(at)) => read.start = Time(at as i64),
            (2, Field::Varint(at)) => read.end = Time(at as i64),
            (3, Field::Bytes(_)) if read.matchers.len() >= MOST_MATCHERS => return Err(Refused::TooMuch),
            (3, Field::Bytes(matcher)) => read.matchers.push(decode_matcher(matcher)?),
            (1..=3, _) => return Err(Malformed::Protobuf.into()),
            _ => {}
        }
    }
    Ok(read)
}

fn decode_matcher(matcher: &[u8]) -> Result<Matcher, Refused> {
    let mut read = Matcher { op: MatchOp::Eq, name: String::new(), value: String::new(), span: Span::default() };
    let mut reader: Reader<'_> = Reader::new(matcher);
    while !reader.is_empty() {
        match field(&mut reader)? {
            (1, Field::Varint(number)) => read.op = operator(number)?,
            (2, Field::Bytes(name)) => read.name = text(name)?,
            (3, Field::Bytes(value)) => read.value = text(value)?,
            (1..=3, _) => return Err(Malformed::Protobuf.into()),
            _ => {}
        }
    }
    Ok(read)
}

fn operator(number: u64) -> Result<MatchOp, Refused> {
    match number {
        0 => Ok(MatchOp::Eq),
        1 => Ok(MatchOp::Ne),
        2 => Ok(MatchOp::Re),
        3 => Ok(MatchOp::Nre),
        other => Err(Refused::MatcherType(other)),
    }
}

fn text(bytes: &[u8]) -> Result<String, Malformed> {
    std::str::from_utf8(bytes).map(str::to_owned).map_err(|_| Malformed::Protobuf)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn number(out: &mut Vec<u8>, field: u64, value: u64) {
        put_uvarint(out, field << 3);
        put_uvarint(out, value);
    }

    fn matcher(op: u64, name: &str, value: &str) -> Vec<u8> {
        let mut out: Vec<u8> = Vec::new();
        number(&mut out, 1, op);
        put_bytes(&mut out, 2, name.as_bytes());
        put_bytes(&mut out, 3, value.as_bytes());
        out
    }

    fn query(matchers: &[Vec<u8>]) -> Vec<u8> {
        let mut out: Vec<u8> = Vec::new();
        number(&mut out, 1, 5);
        number(&mut out, 2, (-1_i64) as u64);
        matchers.iter().for_each(|matcher| put_bytes(&mut out, 3, matcher));
        put_bytes(&mut out, 4, b"\x08\x01");
        out
    }

    fn request(queries: usize, types: &[u8]) -> Vec<u8> {
        let mut out: Vec<u8> = Vec::new();
        (0..queries).for_each(|_| put_bytes(&mut out, 1, &query(&[matcher(2, "job", "a.*")])));
        if !types.is_empty() {
            put_bytes(&mut out, 2, types);
        }
        out
    }

    #[test]
    fn a_request_is_read() {
        let read: Vec<ReadQuery> = decode(&request(1, &[1, 0])).unwrap();
        let wanted = Matcher { op: MatchOp::Re, name: "job".to_owned(), value: "a.*".to_owned(), span: Span::default() };
        assert_eq!(read, [ReadQuery { start: Time(5), end: Time(-1), matchers: vec![wanted] }]);
        assert!(decode(&[]).unwrap().is_empty());
    }

    #[test]
    fn what_is_not_offered_is_refused() {
        assert!(matches!(decode(&request(1, &[1])), Err(Refused::ResponseType)));
        assert!(decode(&request(MOST_QUERIES, &[])).is_ok());
        assert!(matches!(decode(&request(MOST_QUERIES + 1, &[])), Err(Refused::TooMuch)));
        assert!(matches!(decode_query(&query(&vec![matcher(0, "a", "b"); MOST_MATCHERS + 1])), Err(Refused::TooMuch)));
        assert!(matches!(decode_matcher(&matcher(4, "a", "b")), Err(Refused::MatcherType(4))));
        assert!(matches!(decode(&[0x08, 1]), Err(Refused::Malformed(Malformed::Protobuf))));
        assert!(matches!(decode_matcher(b"\x12\x01\xff"), Err(Refused::Malformed(Malformed::Protobuf))));
    }

    #[test]
    fn a_series_is_written_as_the_protocol_says() {
        let points = [Point { at: 300, value: 1.0 }];
        let bytes: Vec<u8> = time_series(&Labels::new([("a", "b")]), &points);
        assert_eq!(bytes, b"\x0a\x06\x0a\x01a\x12\x01b\x12\x0c\x09\0\0\0\0\0\0\xf0\x3f\x10\xac\x02");
    }

    proptest! {
        #[test]
        fn anything_may_be_sent(body: Vec<u8>) {
            let _: Result<Vec<ReadQuery>, Refused> = decode(&body);
        }
    }
}
