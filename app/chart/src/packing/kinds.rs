//! The kinds that only a server draws, field by field.

use super::bytes::{Reader, Writer};
use super::columns::{Near, read_values, write_values};
use super::plots::{read_bands, write_bands};
use crate::figure::{Bin, Gauge, HeatMap, HeatRow, Histogram, Lane, Pie, Slice, StateSpan, States};

const MOST_DECIMALS: u8 = 40;

pub(super) fn write_heat(heat: &HeatMap, writer: &mut Writer) {
    writer.signed(heat.from_ms);
    writer.signed(heat.to_ms);
    writer.signed(heat.column_ms);
    writer.signed(heat.first_ms);
    writer.unit(heat.unit);
    writer.zone(&heat.zone);
    writer.locale(heat.locale);
    writer.length(heat.rows.len());
    for row in &heat.rows {
        writer.number(row.low);
        writer.number(row.high);
        writer.length(row.counts.len());
        write_values(row.counts.iter().copied(), Near::Column, writer);
    }
}

pub(super) fn read_heat(reader: &mut Reader<'_>) -> Option<HeatMap> {
    let (from_ms, to_ms, column_ms, first_ms) = (reader.instant()?, reader.instant()?, reader.instant()?, reader.instant()?);
    let (unit, zone, locale) = (reader.unit()?, reader.zone()?, reader.locale()?);
    let rows = reader.list(|reader| {
        let (low, high, n_counts) = (reader.number()?, reader.number()?, reader.length()?);
        Some(HeatRow { low, high, counts: read_values(n_counts, reader)? })
    })?;
    Some(HeatMap { from_ms, to_ms, column_ms, first_ms, rows, unit, zone, locale })
}

pub(super) fn write_states(states: &States, writer: &mut Writer) {
    writer.signed(states.from_ms);
    writer.signed(states.to_ms);
    writer.zone(&states.zone);
    writer.locale(states.locale);
    writer.length(states.lanes.len());
    for lane in &states.lanes {
        writer.text(&lane.name);
        writer.length(lane.spans.len());
        for span in &lane.spans {
            writer.signed(span.from_ms);
            writer.signed(span.to_ms);
            writer.text(&span.label);
            writer.byte(span.style);
        }
    }
}

pub(super) fn read_states(reader: &mut Reader<'_>) -> Option<States> {
    let (from_ms, to_ms) = (reader.instant()?, reader.instant()?);
    let (zone, locale) = (reader.zone()?, reader.locale()?);
    let lanes = reader.list(|reader| {
        let name = reader.text()?;
        Some(Lane { name, spans: reader.list(read_span)? })
    })?;
    Some(States { from_ms, to_ms, lanes, zone, locale })
}

fn read_span(reader: &mut Reader<'_>) -> Option<StateSpan> {
    let (from_ms, to_ms) = (reader.instant()?, reader.instant()?);
    Some(StateSpan { from_ms, to_ms, label: reader.text()?, style: reader.byte()? })
}

pub(super) fn write_histogram(histogram: &Histogram, writer: &mut Writer) {
    writer.unit(histogram.unit);
    writer.locale(histogram.locale);
    writer.length(histogram.bins.len());
    for bin in &histogram.bins {
        writer.number(bin.low);
        writer.number(bin.high);
        writer.number(bin.count);
    }
}

pub(super) fn read_histogram(reader: &mut Reader<'_>) -> Option<Histogram> {
    let (unit, locale) = (reader.unit()?, reader.locale()?);
    let bins = reader.list(|reader| Some(Bin { low: reader.number()?, high: reader.number()?, count: reader.number()? }))?;
    Some(Histogram { bins, unit, locale })
}

pub(super) fn write_pie(pie: &Pie, writer: &mut Writer) {
    writer.unit(pie.unit);
    writer.locale(pie.locale);
    writer.length(pie.slices.len());
    for slice in &pie.slices {
        writer.text(&slice.name);
        writer.number(slice.value);
        writer.byte(slice.style);
    }
}

pub(super) fn read_pie(reader: &mut Reader<'_>) -> Option<Pie> {
    let (unit, locale) = (reader.unit()?, reader.locale()?);
    let slices = reader.list(|reader| Some(Slice { name: reader.text()?, value: reader.number()?, style: reader.byte()? }))?;
    Some(Pie { slices, unit, locale })
}

pub(super) fn write_gauge(gauge: &Gauge, writer: &mut Writer) {
    writer.number(gauge.value);
    writer.number(gauge.low);
    writer.number(gauge.high);
    write_bands(&gauge.bands, writer);
    writer.unit(gauge.unit);
    writer.flag(gauge.decimals.is_some());
    writer.byte(gauge.decimals.unwrap_or(0).min(MOST_DECIMALS));
    writer.locale(gauge.locale);
}

pub(super) fn read_gauge(reader: &mut Reader<'_>) -> Option<Gauge> {
    let (value, low, high) = (reader.number()?, reader.number()?, reader.number()?);
    let (bands, unit) = (read_bands(reader)?, reader.unit()?);
    let has_decimals = reader.flag()?;
    let decimals = reader.small(MOST_DECIMALS)?;
    Some(Gauge { value, low, high, bands, unit, decimals: has_decimals.then_some(decimals), locale: reader.locale()? })
}
