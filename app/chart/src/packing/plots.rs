//! A plot, field by field.

use super::bytes::{Reader, Writer};
use super::columns::{Near, read_times, read_values, write_times, write_values};
use crate::plot::{Axis, Band, Limit, Marker, MarkerKind, Marks, Plot, Point, Scale, Series, Stretch};

const MARKS: [Marks; 3] = [Marks::Line, Marks::Bars, Marks::Points];
const AXES: [Axis; 3] = [Axis::Linear, Axis::Log, Axis::Symlog];
const KINDS: [MarkerKind; 4] = [MarkerKind::Crossed, MarkerKind::Fired, MarkerKind::Resolved, MarkerKind::Flag];

fn write_one_of<T: PartialEq>(all: &[T], one: &T, writer: &mut Writer) {
    writer.byte(all.iter().position(|known| known == one).unwrap_or(0) as u8);
}

fn read_one_of<T: Copy>(all: &[T], reader: &mut Reader<'_>) -> Option<T> {
    all.get(usize::from(reader.byte()?)).copied()
}

pub(super) fn write(plot: &Plot, writer: &mut Writer) {
    writer.signed(plot.from_ms);
    writer.signed(plot.to_ms);
    writer.signed(plot.gap_ms);
    writer.maybe_number(plot.y.min);
    writer.maybe_number(plot.y.max);
    writer.unit(plot.y.unit);
    write_one_of(&AXES, &plot.y.axis, writer);
    write_one_of(&MARKS, &plot.marks, writer);
    writer.flag(plot.stacked);
    writer.zone(&plot.zone);
    writer.locale(plot.locale);
    write_bands(&plot.bands, writer);
    writer.length(plot.limits.len());
    for limit in &plot.limits {
        writer.number(limit.value);
        writer.byte(limit.severity);
        writer.text(&limit.label);
    }
    writer.length(plot.markers.len());
    for marker in &plot.markers {
        writer.signed(marker.ms);
        write_one_of(&KINDS, &marker.kind, writer);
        writer.byte(marker.severity);
        writer.text(&marker.label);
    }
    write_series(plot, writer);
    writer.length(plot.stretches.len());
    for stretch in &plot.stretches {
        writer.signed(stretch.from_ms);
        writer.signed(stretch.to_ms);
        writer.text(&stretch.label);
    }
}

pub(super) fn read(reader: &mut Reader<'_>) -> Option<Plot> {
    let (from_ms, to_ms, gap_ms) = (reader.instant()?, reader.instant()?, reader.signed()?);
    let (min, max) = (reader.maybe_number()?, reader.maybe_number()?);
    let (unit, axis) = (reader.unit()?, read_one_of(&AXES, reader)?);
    let (marks, stacked) = (read_one_of(&MARKS, reader)?, reader.flag()?);
    let (zone, locale) = (reader.zone()?, reader.locale()?);
    let bands = read_bands(reader)?;
    let limits = reader.list(|reader| {
        let (value, severity) = (reader.number()?, reader.byte()?);
        Some(Limit { value, severity, label: reader.text()? })
    })?;
    let markers = reader.list(|reader| {
        let (ms, kind, severity) = (reader.instant()?, read_one_of(&KINDS, reader)?, reader.byte()?);
        Some(Marker { ms, kind, severity, label: reader.text()? })
    })?;
    let series = read_series(from_ms, reader)?;
    let stretches = reader.list(|reader| {
        let (from_ms, to_ms) = (reader.instant()?, reader.instant()?);
        Some(Stretch { from_ms, to_ms, label: reader.text()? })
    })?;
    Some(Plot {
        series,
        from_ms,
        to_ms,
        gap_ms,
        y: Scale { min, max, unit, axis },
        marks,
        bands,
        limits,
        markers,
        stretches,
        stacked,
        zone,
        locale,
    })
}

pub(super) fn write_bands(bands: &[Band], writer: &mut Writer) {
    writer.length(bands.len());
    for band in bands {
        writer.byte(band.severity);
        writer.maybe_number(band.low);
        writer.maybe_number(band.high);
    }
}

pub(super) fn read_bands(reader: &mut Reader<'_>) -> Option<Vec<Band>> {
    reader.list(|reader| Some(Band { severity: reader.byte()?, low: reader.maybe_number()?, high: reader.maybe_number()? }))
}

/// Series that were asked for together have the same instants: those are written once.
fn write_series(plot: &Plot, writer: &mut Writer) {
    writer.length(plot.series.len());
    let near = if plot.y.axis == Axis::Linear { Near::Column } else { Near::Itself };
    let mut before: Option<&Series> = None;
    for series in &plot.series {
        writer.text(&series.name);
        writer.byte(series.style);
        writer.flag(series.fill);
        writer.length(series.points.len());
        let is_alike = before.is_some_and(|before| has_times_of(&before.points, &series.points));
        writer.flag(is_alike);
        if !is_alike {
            write_times(&series.points, plot.from_ms, writer);
        }
        write_values(series.points.iter().map(|point| point.1), near, writer);
        before = Some(series);
    }
}

fn has_times_of(one: &[Point], other: &[Point]) -> bool {
    one.len() == other.len() && one.iter().zip(other).all(|(one, other)| one.0 == other.0)
}

fn read_series(from_ms: i64, reader: &mut Reader<'_>) -> Option<Vec<Series>> {
    let n_series = reader.length()?;
    let mut all: Vec<Series> = Vec::new();
    for _ in 0..n_series {
        let (name, style, fill) = (reader.text()?, reader.byte()?, reader.flag()?);
        let n_points = reader.length()?;
        let times: Vec<i64> = if reader.flag()? {
            let before = all.last().filter(|before| before.points.len() == n_points)?;
            before.points.iter().map(|point| point.0).collect()
        } else {
            read_times(n_points, from_ms, reader)?
        };
        let values = read_values(n_points, reader)?;
        all.push(Series { name, style, points: times.into_iter().zip(values).collect(), fill });
    }
    Some(all)
}
