//! How small chunks are, on series like those of a node_exporter: one target, two hours at 15 s.

use super::*;

const SAMPLES: usize = 480;

/// A generator of numbers that is the same everywhere (Knuth's MMIX constants).
struct Noise(u64);

impl Noise {
    /// A number below `end`.
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }

    /// About normal around 0: the sum of four dice.
    fn around(&mut self, spread: i64) -> i64 {
        let dice: u64 = (0..4).map(|_| self.below(spread as u64 + 1)).sum();
        dice as i64 - 2 * spread
    }
}

/// Values made of integers one after the other, divided by `unit`.
fn values(unit: f64, mut next: impl FnMut() -> i64) -> Vec<u64> {
    (0..SAMPLES).map(|_| (next() as f64 / unit).to_bits()).collect()
}

fn constant(noise: &mut Noise) -> Vec<u64> {
    let value: i64 = noise.below(1_000_000) as i64;
    values(1.0, || value)
}

/// Packets, bytes, operations: rates from one in ten scrapes to a million a scrape, bursts now and then.
fn counter(noise: &mut Noise) -> Vec<u64> {
    let rate: i64 = 10_i64.pow(noise.below(7) as u32);
    let mut total: i64 = noise.below(1 << 30) as i64;
    values(1.0, || {
        let burst: i64 = if noise.below(10) == 0 { 10 } else { 1 };
        total += if rate == 1 { i64::from(noise.below(10) == 0) } else { (rate + noise.around(rate / 4)) * burst };
        total
    })
}

/// Seconds of a processor in a mode, in hundredths.
fn seconds(noise: &mut Noise) -> Vec<u64> {
    let rate: i64 = [1_390, 60, 30, 4, 0][noise.below(5) as usize];
    let mut total: i64 = noise.below(1 << 26) as i64;
    values(100.0, || {
        total += (rate + noise.around(rate / 40 + 1)).max(0);
        total
    })
}

/// Bytes of memory, in blocks of 4,096.
fn memory(noise: &mut Noise) -> Vec<u64> {
    let mut blocks: i64 = 1_000_000 + noise.below(1_000_000) as i64;
    values(1.0, || {
        blocks += if noise.below(10) < 6 { noise.around(300) } else { 0 };
        blocks * 4_096
    })
}

fn load(noise: &mut Noise) -> Vec<u64> {
    values(100.0, || 100 + noise.around(20))
}

/// Seconds an answer took, to the nanosecond.
fn durations(noise: &mut Noise) -> Vec<u64> {
    values(1e9, || 20_000_000 + noise.around(2_000_000))
}

/// 670 series, 470 of which never change, as procfs has them.
fn node() -> Vec<Vec<u64>> {
    let noise: &mut Noise = &mut Noise(1);
    let mut series: Vec<Vec<u64>> = Vec::new();
    for _ in 0..20 {
        series.extend((0..23).map(|_| constant(noise)));
        series.extend((0..3).map(|_| counter(noise)));
        series.extend((0..2).map(|_| seconds(noise)));
        series.extend((0..3).map(|_| memory(noise)));
        series.push(load(noise));
        series.push(durations(noise));
    }
    series.extend((0..10).map(|_| constant(noise)));
    series
}

fn on_grid(jitter_ms: u64) -> Vec<i64> {
    let noise: &mut Noise = &mut Noise(2);
    (0..SAMPLES as i64).map(|n| 1_700_000_000_123 + 15_000 * n + noise.below(jitter_ms + 1) as i64).collect()
}

#[test]
fn a_node_takes_less_than_a_byte_a_sample() {
    let times: Vec<i64> = on_grid(4);
    let with_times = |(id, bits): (i64, Vec<u64>)| Column { series_id: id, times: times.clone(), bits };
    let columns: Vec<Column> = (1..).zip(node()).map(with_times).collect();
    assert_eq!(columns.len(), 670);
    let whole: Whole = write(&columns);
    let bytes: usize = whole.chunk.dir.len() + whole.chunk.body.len() + whole.parts.iter().map(Vec::len).sum::<usize>();
    let per_sample: f64 = bytes as f64 / whole.chunk.n as f64;
    assert!(per_sample < 0.9, "{per_sample} bytes a sample");
    assert!(whole.chunk.dir.len() < 4 * columns.len(), "a directory of {} bytes", whole.chunk.dir.len());
    assert_eq!(read(&whole, &ids(&columns)), Ok(columns));
}

#[test]
fn the_estimate_is_near_what_comes_out() {
    let mut writer = ChunkWriter::new();
    let times = TimeRef { part: 0, column: 0, start: 0, len: SAMPLES as u32 };
    for (id, bits) in (1..).zip(node()) {
        writer.push(id, times, &bits);
    }
    let estimate: usize = writer.bytes();
    let chunk: EncodedChunk = writer.finish(0, 0);
    let size: usize = chunk.dir.len() + chunk.body.len();
    assert!(estimate < 2 * size && size < 2 * estimate, "estimated {estimate}, came to {size}");
}

#[test]
fn constants_take_next_to_nothing_but_count() {
    let mut writer = ChunkWriter::new();
    let times = TimeRef { part: 0, column: 0, start: 0, len: SAMPLES as u32 };
    for id in 0..1_000 {
        writer.push(id, times, &[1.0_f64.to_bits(); SAMPLES]);
    }
    assert!(writer.bytes() >= 1_000 * SAMPLES / 32);
    let chunk: EncodedChunk = writer.finish(0, 0);
    assert!(chunk.dir.len() + chunk.body.len() < 1_000);
}

#[test]
fn scrapes_take_a_fraction_of_a_byte_a_time() {
    let bytes_of = |times: &[i64]| {
        let mut writer = TimesWriter::new();
        writer.intern(times);
        writer.finish()[0].len()
    };
    assert!(bytes_of(&on_grid(0)) < SAMPLES / 8, "an exact grid took {}", bytes_of(&on_grid(0)));
    assert!(bytes_of(&on_grid(5)) < SAMPLES / 2, "jitter took {}", bytes_of(&on_grid(5)));
    let noise: &mut Noise = &mut Noise(3);
    let drifting = |at: &mut i64, _: i64| {
        *at += 15_001 + noise.below(4) as i64;
        Some(*at)
    };
    let drift: Vec<i64> = (0..SAMPLES as i64).scan(1_700_000_000_000, drifting).collect();
    assert!(bytes_of(&drift) < SAMPLES / 2, "drift took {}", bytes_of(&drift));
    let mut gap: Vec<i64> = on_grid(4);
    gap.drain(200..290);
    assert!(bytes_of(&gap) < SAMPLES, "a gap took {}", bytes_of(&gap));
}
