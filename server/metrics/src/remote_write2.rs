//! Prometheus remote write 2.0 (rc.4): a snappy block that holds a protobuf `io.prometheus.write.v2.Request`. Read by hand and without
//! copies, as [`crate::remote_write`] is.
//!
//! ```text
//! Request    { repeated string symbols = 4; repeated TimeSeries timeseries = 5; }
//! TimeSeries { repeated uint32 labels_refs = 1; repeated Sample samples = 2; repeated Histogram histograms = 3;
//!              repeated Exemplar exemplars = 4; Metadata metadata = 5; }
//! Sample     { double value = 1; int64 timestamp = 2; int64 start_timestamp = 3; }     (milliseconds)
//! Exemplar   { repeated uint32 labels_refs = 1; double value = 2; int64 timestamp = 3; }
//! Metadata   { MetricType type = 1; uint32 help_ref = 3; uint32 unit_ref = 4; }
//! ```
//! Names and values of labels are numbers of symbols; symbol 0 is empty. A series holds samples or histograms, at least one, never both.
//! What is wrong with one series is refused with that series; the others are taken. Native histograms are refused and counted.
//! A series of exemplars alone is taken too, because Prometheus sends such. Start timestamps are skipped: nothing here reads them yet.
//!
//! Source: "Prometheus Remote-Write 2.0 specification", `io/prometheus/write/v2/types.proto`.

use crate::exemplars::Exemplar;
use crate::metadata::Kind;
use crate::remote_write::{Field, Malformed, Note, Sink, decode_sample, field};
use crate::sample::Reason;
use crate::wire::Reader;

/// Symbols of one request. A symbol takes two bytes in the body and sixteen in memory, so their number has a limit of its own.
const MOST_SYMBOLS: usize = 1 << 20;
/// Labels of one series that are looked at; far beyond what is admitted, so that the series is refused for their number.
const MOST_LABELS: usize = 4_096;

/// The names and values of a request by their number.
type Symbols<'a> = [&'a [u8]];

/// Walks over a decompressed body.
pub(crate) fn decode(body: &[u8], sink: &mut impl Sink) -> Result<(), Malformed> {
    let symbols: Vec<&[u8]> = symbols(body)?;
    let mut parts: Parts<'_> = Parts::default();
    let mut reader: Reader<'_> = Reader::new(body);
    while !reader.is_empty() {
        match field(&mut reader)? {
            (5, Field::Bytes(series)) => {
                parts.read(series)?;
                hand_over(&parts, &symbols, series, sink)?;
            }
            (4, Field::Bytes(_)) => {}
            (4 | 5, _) => return Err(Malformed::Protobuf),
            _ => {}
        }
    }
    Ok(())
}

/// The order of fields is free, so symbols are gathered before any series is read.
fn symbols(body: &[u8]) -> Result<Vec<&[u8]>, Malformed> {
    let mut symbols: Vec<&[u8]> = Vec::new();
    let mut reader: Reader<'_> = Reader::new(body);
    while !reader.is_empty() {
        if let (4, Field::Bytes(symbol)) = field(&mut reader)? {
            if symbols.len() >= MOST_SYMBOLS || (symbols.is_empty() && !symbol.is_empty()) {
                return Err(Malformed::Symbols);
            }
            symbols.push(symbol);
        }
    }
    Ok(symbols)
}

/// A series before its references are looked up.
#[derive(Default)]
struct Parts<'a> {
    references: Vec<u64>,
    samples: u64,
    histograms: u64,
    exemplars: u64,
    metadata: Option<&'a [u8]>,
}

impl<'a> Parts<'a> {
    fn read(&mut self, series: &'a [u8]) -> Result<(), Malformed> {
        self.references.clear();
        (self.samples, self.histograms, self.exemplars, self.metadata) = (0, 0, 0, None);
        let mut reader: Reader<'a> = Reader::new(series);
        while !reader.is_empty() {
            match field(&mut reader)? {
                (1, value) => take_references(value, &mut self.references)?,
                (2, Field::Bytes(_)) => self.samples += 1,
                (3, Field::Bytes(_)) => self.histograms += 1,
                (4, Field::Bytes(_)) => self.exemplars += 1,
                (5, Field::Bytes(metadata)) => self.metadata = Some(metadata),
                (1..=5, value) if !matches!(value, Field::Bytes(_)) => return Err(Malformed::Protobuf),
                _ => {}
            }
        }
        Ok(())
    }
}

/// References, packed or one by one.
fn take_references(value: Field<'_>, references: &mut Vec<u64>) -> Result<(), Malformed> {
    let packed: &[u8] = match value {
        Field::Varint(reference) => {
            push_reference(references, reference);
            return Ok(());
        }
        Field::Bytes(packed) => packed,
        _ => return Err(Malformed::Protobuf),
    };
    let mut reader: Reader<'_> = Reader::new(packed);
    while !reader.is_empty() {
        push_reference(references, reader.uvarint().ok_or(Malformed::Protobuf)?);
    }
    Ok(())
}

fn push_reference(references: &mut Vec<u64>, reference: u64) {
    if references.len() < 2 * MOST_LABELS {
        references.push(reference);
    }
}

/// Names and values, when every reference leads to a symbol and they pair up.
fn labels_of<'a>(references: &[u64], symbols: &Symbols<'a>) -> Option<Vec<(&'a [u8], &'a [u8])>> {
    let pairs = references.chunks(2);
    pairs.map(|pair| Some((symbol(symbols, *pair.first()?)?, symbol(symbols, *pair.get(1)?)?))).collect()
}

fn symbol<'a>(symbols: &Symbols<'a>, reference: u64) -> Option<&'a [u8]> {
    symbols.get(usize::try_from(reference).ok()?).copied()
}

/// Gives one series to the sink, or says why it can't be taken.
fn hand_over<'a>(parts: &Parts<'a>, symbols: &Symbols<'a>, series: &'a [u8], sink: &mut impl Sink) -> Result<(), Malformed> {
    let labels: Option<Vec<(&[u8], &[u8])>> = labels_of(&parts.references, symbols);
    match &labels {
        Some(labels) => sink.series(labels),
        None => sink.bad_series(Reason::BadReference),
    }
    let n: u64 = parts.samples + parts.histograms;
    if n == 0 {
        if parts.exemplars == 0 {
            sink.refuse(Reason::EmptySeries, 1);
        }
    } else if labels.is_none() {
        sink.refuse(Reason::BadReference, n);
    } else if parts.samples > 0 && parts.histograms > 0 {
        sink.refuse(Reason::MixedSeries, n);
    } else if parts.histograms > 0 {
        sink.refuse(Reason::NativeHistogram, n);
    } else {
        samples(series, sink)?;
    }
    if labels.is_some() && parts.exemplars > 0 {
        exemplars(series, symbols, sink)?;
    }
    if let (Some(labels), Some(metadata)) = (&labels, parts.metadata)
        && let Some(note) = meaning(labels, metadata, symbols)
    {
        sink.note(note);
    }
    Ok(())
}

fn samples(series: &[u8], sink: &mut impl Sink) -> Result<(), Malformed> {
    let mut reader: Reader<'_> = Reader::new(series);
    while !reader.is_empty() {
        if let (2, Field::Bytes(sample)) = field(&mut reader)? {
            let (at, bits) = decode_sample(sample)?;
            sink.sample(at, bits);
        }
    }
    Ok(())
}

/// One that can't be read is left out: it is not worth the samples.
fn exemplars<'a>(series: &'a [u8], symbols: &Symbols<'a>, sink: &mut impl Sink) -> Result<(), Malformed> {
    let mut references: Vec<u64> = Vec::new();
    let mut reader: Reader<'a> = Reader::new(series);
    while !reader.is_empty() {
        if let (4, Field::Bytes(exemplar)) = field(&mut reader)?
            && let Ok((at, bits)) = decode_exemplar(exemplar, &mut references)
            && let Some(labels) = labels_of(&references, symbols)
        {
            sink.exemplar(&Exemplar { at, bits, labels: &labels });
        }
    }
    Ok(())
}

/// Time and value; the labels' references come into `references`.
fn decode_exemplar(exemplar: &[u8], references: &mut Vec<u64>) -> Result<(i64, u64), Malformed> {
    references.clear();
    let (mut at, mut bits): (i64, u64) = (0, 0);
    let mut reader: Reader<'_> = Reader::new(exemplar);
    while !reader.is_empty() {
        match field(&mut reader)? {
            (1, value) => take_references(value, references)?,
            (2, Field::Fixed64(value)) => bits = value,
            (3, Field::Varint(value)) => at = value as i64,
            (2 | 3, _) => return Err(Malformed::Protobuf),
            _ => {}
        }
    }
    Ok((at, bits))
}

/// What the series' metric means; `None` when nothing is said, or nothing that can be read.
fn meaning<'a>(labels: &[(&'a [u8], &'a [u8])], metadata: &[u8], symbols: &Symbols<'a>) -> Option<Note<'a>> {
    let name: &'a [u8] = labels.iter().find(|(name, _)| *name == b"__name__").map(|(_, value)| *value)?;
    let (mut kind, mut help, mut unit) = (Kind::Unknown, 0_u64, 0_u64);
    let mut reader: Reader<'_> = Reader::new(metadata);
    while !reader.is_empty() {
        match field(&mut reader).ok()? {
            (1, Field::Varint(number)) => kind = Kind::from_wire(number),
            (3, Field::Varint(reference)) => help = reference,
            (4, Field::Varint(reference)) => unit = reference,
            _ => {}
        }
    }
    if kind == Kind::Unknown && help == 0 && unit == 0 {
        return None;
    }
    let text = |reference: u64| std::str::from_utf8(symbol(symbols, reference)?).ok();
    let name: &'a str = family(std::str::from_utf8(name).ok()?, kind);
    Some(Note { name, kind, help: text(help)?, unit: text(unit)? })
}

/// A classic histogram or summary is told series by series; its name is without their suffixes.
fn family(name: &str, kind: Kind) -> &str {
    if !matches!(kind, Kind::Histogram | Kind::Summary | Kind::GaugeHistogram) {
        return name;
    }
    ["_bucket", "_sum", "_count"].iter().find_map(|suffix| name.strip_suffix(*suffix)).unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::remote_write::put_bytes;
    use crate::wire::put_uvarint;
    use proptest::prelude::*;

    #[derive(Debug, Default, PartialEq)]
    struct Found {
        series: Vec<String>,
        samples: Vec<(i64, f64)>,
        refused: Vec<(Reason, u64)>,
        notes: Vec<String>,
        exemplars: Vec<String>,
    }

    impl Sink for Found {
        fn series(&mut self, labels: &[(&[u8], &[u8])]) {
            let pairs = labels.iter().map(|(name, value)| {
                let (name, value) = (String::from_utf8_lossy(name), String::from_utf8_lossy(value));
                format!("{name}={value}")
            });
            self.series.push(pairs.collect::<Vec<String>>().join(","));
        }

        fn sample(&mut self, at: i64, bits: u64) {
            self.samples.push((at, f64::from_bits(bits)));
        }

        fn refuse(&mut self, reason: Reason, n: u64) {
            self.refused.push((reason, n));
        }

        fn bad_series(&mut self, reason: Reason) {
            self.series.push(format!("{reason:?}"));
        }

        fn note(&mut self, note: Note<'_>) {
            self.notes.push(format!("{} {} {} {}", note.kind.word(), note.name, note.help, note.unit));
        }

        fn exemplar(&mut self, exemplar: &Exemplar<'_>) {
            let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
            let labels: Vec<String> =
                exemplar.labels.iter().map(|(name, value)| format!("{}={}", text(name), text(value))).collect();
            let value: f64 = f64::from_bits(exemplar.bits);
            self.exemplars.push(format!("{value} @{} {}", exemplar.at, labels.join(",")));
        }
    }

    /// Every byte by hand: a series with a sample and two exemplars (one of them with references that lead nowhere), and one of an exemplar
    /// alone, which is no empty series.
    #[test]
    fn exemplars_written_by_hand_are_read() {
        let mut body: Vec<u8> = b"\x22\x00\x22\x08__name__\x22\x02up\x22\x08trace_id\x22\x02ab".to_vec();
        let labels: &[u8] = b"\x0a\x02\x01\x02";
        let sample: &[u8] = b"\x12\x0b\x09\x00\x00\x00\x00\x00\x00\xf0\x3f\x10\x07";
        let good: &[u8] = b"\x22\x0f\x0a\x02\x03\x04\x11\x00\x00\x00\x00\x00\x00\x00\x40\x18\x07";
        let lost: &[u8] = b"\x22\x06\x0a\x02\x03\x63\x18\x07";
        put_bytes(&mut body, 5, &[labels, good, sample, lost].concat());
        put_bytes(&mut body, 5, &[labels, good].concat());
        let found: Found = read(&body).unwrap();
        assert_eq!(found.samples, [(7, 1.0)]);
        assert_eq!(found.exemplars, ["2 @7 trace_id=ab", "2 @7 trace_id=ab"]);
        assert!(found.refused.is_empty(), "{:?}", found.refused);
    }

    fn read(body: &[u8]) -> Result<Found, Malformed> {
        let mut found = Found::default();
        decode(body, &mut found)?;
        Ok(found)
    }

    fn sample(at: u64, value: f64) -> Vec<u8> {
        let mut bytes: Vec<u8> = vec![0x09];
        bytes.extend_from_slice(&value.to_bits().to_le_bytes());
        bytes.push(0x10);
        put_uvarint(&mut bytes, at);
        // A start timestamp, which is skipped.
        bytes.extend_from_slice(&[0x18, 0x05]);
        bytes
    }

    fn request(symbols: &[&str], series: &[Vec<u8>]) -> Vec<u8> {
        let mut body: Vec<u8> = Vec::new();
        for one in series {
            put_bytes(&mut body, 5, one);
        }
        for symbol in symbols {
            put_bytes(&mut body, 4, symbol.as_bytes());
        }
        body
    }

    fn series(references: &[u8], fields: &[(u64, &[u8])]) -> Vec<u8> {
        let mut bytes: Vec<u8> = Vec::new();
        put_bytes(&mut bytes, 1, references);
        for (number, value) in fields {
            put_bytes(&mut bytes, *number, value);
        }
        bytes
    }

    const SYMBOLS: [&str; 7] = ["", "__name__", "up", "job", "a", "It is up.", "s"];

    /// Every byte by hand, as another implementation would write it.
    #[test]
    fn a_request_written_by_hand_is_read() {
        let mut body: Vec<u8> = b"\x22\x00\x22\x08__name__\x22\x02up\x2a\x11\x0a\x02\x01\x02".to_vec();
        body.extend_from_slice(b"\x12\x0b\x09\x00\x00\x00\x00\x00\x00\xf0\x3f\x10\x07");
        assert_eq!(read(&body).unwrap().samples, [(7, 1.0)]);
        assert_eq!(read(&body).unwrap().series, ["__name__=up"]);
    }

    #[test]
    fn symbols_samples_and_metadata_are_read_in_any_order() {
        let one: Vec<u8> =
            series(&[1, 2, 3, 4], &[(2, &sample(5, 1.5)), (2, &sample(6, 2.5)), (4, b"\xff"), (5, &[8, 2, 24, 5, 32, 6])]);
        let found: Found = read(&request(&SYMBOLS, &[one])).unwrap();
        assert_eq!(found.series, ["__name__=up,job=a"]);
        assert_eq!(found.samples, [(5, 1.5), (6, 2.5)]);
        assert_eq!(found.notes, ["gauge up It is up. s"]);
        assert!(found.refused.is_empty());
    }

    #[test]
    fn references_need_not_be_packed() {
        let mut one: Vec<u8> = vec![0x08, 1, 0x08, 2];
        put_bytes(&mut one, 2, &sample(5, 1.5));
        assert_eq!(read(&request(&SYMBOLS, &[one])).unwrap().series, ["__name__=up"]);
    }

    #[test]
    fn what_is_wrong_with_a_series_spares_the_others() {
        let good: Vec<u8> = series(&[1, 2], &[(2, &sample(5, 1.5))]);
        let bad: [Vec<u8>; 5] = [
            series(&[1, 99], &[(2, &sample(5, 1.5))]),
            series(&[1, 2, 3], &[(2, &sample(5, 1.5))]),
            series(&[1, 2], &[]),
            series(&[1, 2], &[(2, &sample(5, 1.5)), (3, b"")]),
            series(&[1, 2], &[(3, b""), (3, b"")]),
        ];
        let mut all: Vec<Vec<u8>> = bad.to_vec();
        all.push(good);
        let found: Found = read(&request(&SYMBOLS, &all)).unwrap();
        assert_eq!(found.samples, [(5, 1.5)]);
        let expected = [
            (Reason::BadReference, 1),
            (Reason::BadReference, 1),
            (Reason::EmptySeries, 1),
            (Reason::MixedSeries, 2),
            (Reason::NativeHistogram, 2),
        ];
        assert_eq!(found.refused, expected);
    }

    #[test]
    fn the_first_symbol_must_be_empty() {
        assert_eq!(read(&request(&["up"], &[])), Err(Malformed::Symbols));
        assert_eq!(read(&[]).unwrap(), Found::default());
        assert_eq!(read(&[0x28, 0x01]), Err(Malformed::Protobuf));
    }

    #[test]
    fn a_histogram_is_named_without_suffix() {
        assert_eq!(family("a_bucket", Kind::Histogram), "a");
        assert_eq!(family("a_bucket", Kind::Counter), "a_bucket");
    }

    proptest! {
        #[test]
        fn anything_may_be_sent(body: Vec<u8>) {
            let _: Result<Found, Malformed> = read(&body);
        }

        #[test]
        fn any_series_may_be_sent(one: Vec<u8>) {
            let _: Result<Found, Malformed> = read(&request(&SYMBOLS, &[one]));
        }
    }
}
