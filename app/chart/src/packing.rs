//! A figure as a short text, for an attribute of the element that shows it.
//!
//! Bytes as base64url without padding (RFC 4648 section 5): a version, the kind, then the fields in their order. Whole numbers are
//! varints, signed ones in zigzag; a text is its length and its bytes; a list its length and its members. Points are columns
//! (`columns`): times by how much their distance changes, values as decimals of at most seven digits. What is read back differs from what
//! was written by at most 5e-7 of the largest magnitude of its series, which no eye sees; a value that is not finite is missing.
//!
//! What is read comes from a document, so nothing is believed: a length beyond what is there, an unknown word, an instant no calendar has
//! or bytes left over make the whole text nothing.

mod base64;
mod bytes;
mod columns;
mod kinds;
mod plots;

use bytes::{Reader, Writer};

use crate::figure::Figure;
use crate::plot::Plot;

const VERSION: u8 = 2;
/// A longer text is not read.
const MOST_CHARACTERS: usize = 32 << 20;

/// Instants beyond these are no dates (ECMA-262 section 21.4.1.1).
const MOST_MS: i64 = 8_640_000_000_000_000;

const PLOT: u8 = 0;
const HEAT: u8 = 1;
const STATES: u8 = 2;
const HISTOGRAM: u8 = 3;
const PIE: u8 = 4;
const GAUGE: u8 = 5;

/// Packs a figure.
#[must_use]
pub fn pack(figure: &Figure) -> String {
    let mut writer = Writer::default();
    writer.byte(VERSION);
    match figure {
        Figure::Plot(plot) => {
            writer.byte(PLOT);
            plots::write(plot, &mut writer);
        }
        Figure::Heat(heat) => {
            writer.byte(HEAT);
            kinds::write_heat(heat, &mut writer);
        }
        Figure::States(states) => {
            writer.byte(STATES);
            kinds::write_states(states, &mut writer);
        }
        Figure::Histogram(histogram) => {
            writer.byte(HISTOGRAM);
            kinds::write_histogram(histogram, &mut writer);
        }
        Figure::Pie(pie) => {
            writer.byte(PIE);
            kinds::write_pie(pie, &mut writer);
        }
        Figure::Gauge(gauge) => {
            writer.byte(GAUGE);
            kinds::write_gauge(gauge, &mut writer);
        }
    }
    base64::encode(writer.bytes())
}

/// Reads what [`pack`] wrote. `None` for anything else.
#[must_use]
pub fn unpack(text: &str) -> Option<Figure> {
    let bytes = decoded(text)?;
    let (kind, mut reader) = opened(&bytes)?;
    let figure = match kind {
        PLOT => Figure::Plot(plots::read(&mut reader)?),
        HEAT => Figure::Heat(kinds::read_heat(&mut reader)?),
        STATES => Figure::States(kinds::read_states(&mut reader)?),
        HISTOGRAM => Figure::Histogram(kinds::read_histogram(&mut reader)?),
        PIE => Figure::Pie(kinds::read_pie(&mut reader)?),
        GAUGE => Figure::Gauge(kinds::read_gauge(&mut reader)?),
        _ => return None,
    };
    reader.is_at_end().then_some(figure)
}

/// The same for a plot, without the code for anything else: what a browser needs that redraws plots.
#[must_use]
pub fn unpack_plot(text: &str) -> Option<Plot> {
    let bytes = decoded(text)?;
    let (kind, mut reader) = opened(&bytes)?;
    if kind != PLOT {
        return None;
    }
    let plot = plots::read(&mut reader)?;
    reader.is_at_end().then_some(plot)
}

fn decoded(text: &str) -> Option<Vec<u8>> {
    if text.len() > MOST_CHARACTERS { None } else { base64::decode(text) }
}

/// The kind, and what follows it.
fn opened(bytes: &[u8]) -> Option<(u8, Reader<'_>)> {
    let mut reader = Reader::new(bytes);
    if reader.byte()? != VERSION {
        return None;
    }
    Some((reader.byte()?, reader))
}

#[cfg(test)]
mod tests;
