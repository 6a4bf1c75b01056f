//! A remote write 1.0 body that is made once: each round its values and times are written into the compressed bytes.
//! Source: "Prometheus Remote-Write 1.0 specification", `prompb/types.proto`.

use super::fleet::Series;
use super::motion::Motion;
use super::snappy::Packer;

/// Bytes of a sample: its tag and length, then a tag and eight bytes of value, a tag and six of time.
const SAMPLE: usize = 18;
/// Where the value stands in it.
const VALUE_AT: usize = 3;
/// Where the time stands in it.
const TIME_AT: usize = 12;
/// Milliseconds since 1970 take six bytes of varint from 2004 to 2109.
const TIME_BYTES: usize = 6;

/// When ticks are.
#[derive(Clone, Copy, Debug)]
pub struct Beat {
    /// Of tick 0, in milliseconds since 1970.
    pub first: i64,
    pub step_ms: i64,
}

impl Beat {
    /// The time of a tick.
    pub fn time(self, tick: u64) -> i64 {
        self.first + self.step_ms * i64::try_from(tick).unwrap_or(i64::MAX / 1_000_000)
    }
}

/// A compressed body, and where it changes.
#[derive(Debug)]
pub struct Body {
    block: Vec<u8>,
    /// Of each series the motion and the place of its first sample.
    series: Vec<(Motion, usize)>,
    per_series: usize,
}

impl Body {
    /// A body with `per_series` samples of each series.
    pub fn new(series: &[Series], per_series: usize) -> Self {
        let mut packer = Packer::new();
        let mut places: Vec<(Motion, usize)> = Vec::with_capacity(series.len());
        let samples: Vec<u8> = empty_sample().repeat(per_series);
        for one in series {
            let labels: Vec<u8> = labels(&one.labels);
            let mut begin: Vec<u8> = vec![0x0a];
            put_varint(&mut begin, (labels.len() + samples.len()) as u64);
            begin.extend_from_slice(&labels);
            packer.fixed(&begin);
            places.push((one.motion, packer.open(&samples)));
        }
        let (block, moved) = packer.finish();
        places.iter_mut().for_each(|(_, place)| *place += moved);
        Self { block, series: places, per_series }
    }

    /// Turns it to the samples of a round: as many ticks as it has samples of a series.
    pub fn turn(&mut self, round: u64, beat: Beat) {
        let first: u64 = round * self.per_series as u64;
        let times: Vec<[u8; TIME_BYTES]> =
            (0..self.per_series).map(|sample| time_bytes(beat.time(first + sample as u64))).collect();
        for (motion, place) in &self.series {
            for (sample, time) in times.iter().enumerate() {
                let at: usize = place + sample * SAMPLE;
                let value: [u8; 8] = motion.value(first + sample as u64).to_le_bytes();
                self.block[at + VALUE_AT..at + VALUE_AT + 8].copy_from_slice(&value);
                self.block[at + TIME_AT..at + TIME_AT + TIME_BYTES].copy_from_slice(time);
            }
        }
    }

    /// As it is sent.
    pub fn bytes(&self) -> &[u8] {
        &self.block
    }

    /// How many samples it brings.
    pub fn n_samples(&self) -> u64 {
        (self.series.len() * self.per_series) as u64
    }
}

/// `Sample { double value = 1; int64 timestamp = 2; }` as field 2 of its series, with nothing in it yet.
fn empty_sample() -> Vec<u8> {
    let mut sample: Vec<u8> = vec![0x12, 16, 0x09];
    sample.extend_from_slice(&[0; 8]);
    sample.push(0x10);
    sample.extend_from_slice(&time_bytes(1 << 40));
    sample
}

/// A varint of six bytes.
fn time_bytes(at: i64) -> [u8; TIME_BYTES] {
    let mut bytes: [u8; TIME_BYTES] = [0; TIME_BYTES];
    for (place, byte) in bytes.iter_mut().enumerate() {
        let part: u8 = (at >> (7 * place)).to_le_bytes()[0] & 0x7f;
        *byte = if place + 1 < TIME_BYTES { part | 0x80 } else { part };
    }
    bytes
}

/// `Label { string name = 1; string value = 2; }`, each as field 1 of its series.
fn labels(labels: &[(String, String)]) -> Vec<u8> {
    let mut out: Vec<u8> = Vec::new();
    for (name, value) in labels {
        let mut label: Vec<u8> = Vec::new();
        put_text(&mut label, 0x0a, name);
        put_text(&mut label, 0x12, value);
        out.push(0x0a);
        put_varint(&mut out, label.len() as u64);
        out.extend_from_slice(&label);
    }
    out
}

fn put_text(out: &mut Vec<u8>, tag: u8, text: &str) {
    out.push(tag);
    put_varint(out, text.len() as u64);
    out.extend_from_slice(text.as_bytes());
}

/// Appends `value` as LEB128.
pub fn put_varint(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push((value & 0x7f) as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load::fleet::counters;

    #[test]
    fn a_body_is_what_the_servers_own_encoder_would_send() {
        let series: Vec<Series> = counters(50);
        let beat = Beat { first: 1_795_323_900_000, step_ms: 15_000 };
        let mut body = Body::new(&series, 3);
        body.turn(0, beat);
        body.turn(2, beat);
        let mut samples: Vec<metrics::Sample> = Vec::new();
        for one in &series {
            let labels = model::labels::Labels::new(one.labels.iter().map(|(name, value)| (name.as_str(), value.clone())));
            for tick in 6..9 {
                let at = model::Time(beat.time(tick));
                samples.push(metrics::Sample { labels: labels.clone(), at, value: one.motion.value(tick) });
            }
        }
        let plain = |block: &[u8]| snap::raw::Decoder::new().decompress_vec(block).unwrap();
        assert_eq!(plain(body.bytes()), plain(&metrics::remote_write::encode(&samples).unwrap()));
        assert_eq!(body.n_samples(), 150);
    }

    #[test]
    fn times_take_six_bytes_and_come_back() {
        for at in [1_100_000_000_000, 1_795_323_900_000, 4_000_000_000_000_i64] {
            let read = time_bytes(at).iter().rev().fold(0_i64, |sum, byte| (sum << 7) | i64::from(byte & 0x7f));
            assert_eq!(read, at);
        }
    }
}
