//! The heat map: how often values fell into buckets, over time, in seven steps of one hue.
//!
//! Rows are equally high whatever their bucket: those that grow by a factor make a scale like a logarithm's. The steps follow the square
//! root of the counts, or all but the fullest cells would look alike.

use figures::Locale;

use crate::axes;
use crate::display::{Anchor, DisplayList, Size};
use crate::draw::record;
use crate::figure::HeatMap;
use crate::layout::{Frame, LABEL_PX};
use crate::marks;
use crate::paint::Paint;
use crate::pen::{Drawn, Pen};
use crate::ranges::{Range, edge, edges, known, many};
use crate::runs::between;
use crate::scale::Bounds;
use crate::summary::{joined, over_time};
use crate::text;

const STEPS: u8 = 7;
/// Rows and columns smaller than this are counted together.
const LEAST_ROW_PX: f64 = 3.0;
const LEAST_COLUMN_PX: f64 = 1.0;
/// From this size on a cell keeps a pixel free towards the next.
const AIRY_PX: f64 = 5.0;
/// Two row labels are at least this far apart.
const LABEL_EVERY_PX: f64 = 14.0;
/// A step in the key above the map.
const KEY_PX: (f64, f64) = (8.0, 7.0);

pub(crate) fn draw(heat: &HeatMap, size: Size) -> DisplayList {
    let frame = Frame::around(size, (heat.from_ms, heat.to_ms), |_| {
        let labels = edges(&ranges(heat)).into_iter().filter_map(|value| edge(value, heat.unit, heat.locale));
        (Bounds::linear(0.0, 1.0, 1.0), labels.collect())
    });
    let cells = Cells::of(heat, &frame);
    record(frame.size, |sheet| paint(&Pen::new(sheet), heat, &frame, &cells))
}

fn ranges(heat: &HeatMap) -> Vec<Range> {
    heat.rows.iter().map(|row| Range { low: row.low, high: row.high }).collect()
}

fn paint(pen: &Pen<'_>, heat: &HeatMap, frame: &Frame, cells: &Cells) -> Drawn {
    axes::time_axis(pen, frame, &heat.zone, heat.locale)?;
    row_labels(pen, heat, frame, cells)?;
    marks::gaps(pen, &cells.gaps, frame)?;
    for step in 1..=STEPS {
        for (row, steps) in cells.steps.iter().enumerate() {
            row_of(pen, cells, row, steps, step)?;
        }
    }
    marks::gap_word(pen, &cells.gaps, heat.locale, frame)?;
    key(pen, frame, cells.most, heat.locale)
}

/// The cells as they are drawn: some buckets and columns may be counted together.
struct Cells {
    /// Left and right edge of each column, on whole pixels, so that cells meet without a seam.
    columns: Vec<(f64, f64)>,
    /// Lower and upper edge of each row.
    rows: Vec<(f64, f64)>,
    /// Buckets to a row.
    n_joined: usize,
    /// 0 to 7, by row and column.
    steps: Vec<Vec<u8>>,
    /// The highest count of a cell.
    most: f64,
    /// Where no bucket knows anything.
    gaps: Vec<(i64, i64)>,
}

/// Some columns of a heat map, counted together: where they begin and end, in positions and in time.
struct Column {
    first: usize,
    behind: usize,
    from_ms: i64,
    to_ms: i64,
}

impl Cells {
    fn of(heat: &HeatMap, frame: &Frame) -> Cells {
        let columns: Vec<Column> = columns(heat, frame);
        let height = frame.bottom - frame.top;
        let n_joined = ((heat.rows.len() as f64 * LEAST_ROW_PX / height).ceil() as usize).max(1);
        let n_rows = heat.rows.len().div_ceil(n_joined);
        let count = |row: usize, column: &Column| {
            let buckets = heat.rows.iter().skip(row * n_joined).take(n_joined);
            let counts = buckets.filter_map(|bucket| bucket.counts.get(column.first..column.behind.min(bucket.counts.len())));
            let known: Vec<f64> = counts.flatten().filter_map(|count| known(*count)).collect();
            (!known.is_empty()).then(|| known.iter().sum::<f64>().min(f64::MAX))
        };
        let counts: Vec<Vec<Option<f64>>> =
            (0..n_rows).map(|row| columns.iter().map(|column| count(row, column)).collect()).collect();
        let most = counts.iter().flatten().flatten().fold(0.0, |most: f64, count| most.max(*count));
        let is_known = |index: usize| counts.iter().any(|row| row[index].is_some());
        let row_y = |n: usize| (frame.bottom - n as f64 * height / n_rows.max(1) as f64).round();
        Cells {
            gaps: gaps(heat, frame, &columns, is_known),
            columns: columns.iter().map(|column| (whole_x(frame, column.from_ms), whole_x(frame, column.to_ms))).collect(),
            rows: (0..n_rows).map(|row| (row_y(row), row_y(row + 1))).collect(),
            n_joined,
            steps: counts.iter().map(|row| row.iter().map(|count| step(count.unwrap_or(0.0), most)).collect()).collect(),
            most,
        }
    }
}

/// The columns within the span, as many counted together as make a pixel.
fn columns(heat: &HeatMap, frame: &Frame) -> Vec<Column> {
    let n_columns = heat.rows.iter().map(|row| row.counts.len()).max().unwrap_or(0);
    let column_ms = heat.column_ms.max(1);
    let span_ms = frame.to_ms.saturating_sub(frame.from_ms).max(1) as f64;
    let column_px = column_ms as f64 / span_ms * (frame.right - frame.left);
    let n_joined = ((LEAST_COLUMN_PX / column_px).ceil() as usize).clamp(1, n_columns.max(1));
    let at = |n: usize| heat.first_ms.saturating_add(column_ms.saturating_mul(n as i64));
    (0..n_columns)
        .step_by(n_joined)
        .map(|first| {
            let behind = (first + n_joined).min(n_columns);
            Column { first, behind, from_ms: at(first), to_ms: at(behind) }
        })
        .filter(|column| column.to_ms > frame.from_ms && column.from_ms < frame.to_ms)
        .collect()
}

fn whole_x(frame: &Frame, ms: i64) -> f64 {
    frame.x(ms.clamp(frame.from_ms, frame.to_ms)).round()
}

/// As in a plot: before the first column nobody was watching yet.
fn gaps<F: Fn(usize) -> bool>(heat: &HeatMap, frame: &Frame, columns: &[Column], is_known: F) -> Vec<(i64, i64)> {
    let known = columns.iter().enumerate().filter(|(index, _)| is_known(*index));
    let known: Vec<(i64, i64)> = known.map(|(_, column)| (column.from_ms, column.to_ms)).collect();
    let began_ms = known.first().map_or(frame.from_ms, |first| first.0);
    let gaps = between(&known, frame.from_ms, frame.to_ms, heat.column_ms.max(1));
    gaps.into_iter().filter(|gap| gap.0 >= began_ms).collect()
}

/// The step of a count: 0 for none.
fn step(count: f64, most: f64) -> u8 {
    if count <= 0.0 || most <= 0.0 {
        return 0;
    }
    ((count / most).sqrt() * f64::from(STEPS)).ceil().clamp(1.0, f64::from(STEPS)) as u8
}

/// The cells of one step in one row. Where cells touch, neighbours become one.
fn row_of(pen: &Pen<'_>, cells: &Cells, row: usize, steps: &[u8], step: u8) -> Drawn {
    let (low, high) = cells.rows[row];
    let top = high + if low - high >= AIRY_PX { 1.0 } else { 0.0 };
    let mut index = 0;
    while index < steps.len() {
        let (left, mut right) = cells.columns[index];
        let is_airy = right - left > AIRY_PX;
        let is_of_step = steps[index] == step;
        index += 1;
        if !is_of_step {
            continue;
        }
        while !is_airy && index < steps.len() && steps[index] == step && cells.columns[index].0 <= right {
            right = cells.columns[index].1;
            index += 1;
        }
        let right = if is_airy { right - 1.0 } else { right };
        if right > left && low > top {
            pen.rect((left, top), (right, low), Paint::Heat(step))?;
        }
    }
    Ok(())
}

/// The edges of the buckets, as many as have room.
fn row_labels(pen: &Pen<'_>, heat: &HeatMap, frame: &Frame, cells: &Cells) -> Drawn {
    let n_rows = cells.rows.len();
    let row_px = (frame.bottom - frame.top) / n_rows.max(1) as f64;
    let every = ((LABEL_EVERY_PX / row_px).ceil() as usize).max(1);
    let edges: Vec<f64> = edges(&ranges(heat));
    for row in (0..=n_rows).step_by(every) {
        let value = edges.get((row * cells.n_joined).min(heat.rows.len())).copied();
        let Some(label) = value.and_then(|value| edge(value, heat.unit, heat.locale)) else { continue };
        let label = text::fit(&label, LABEL_PX, frame.label_x());
        pen.text((frame.label_x(), frame.bottom - row as f64 * row_px + 4.0), Anchor::End, &label, Paint::Tick)?;
    }
    Ok(())
}

/// What the steps mean: from none to the highest count.
fn key(pen: &Pen<'_>, frame: &Frame, most: f64, locale: Locale) -> Drawn {
    if most <= 0.0 {
        return Ok(());
    }
    let (width, height) = KEY_PX;
    let baseline = frame.top - if frame.is_large { 8.0 } else { 4.0 };
    let label = many(most, locale);
    let end = frame.right - text::width(&label, LABEL_PX, false) - 4.0;
    let start = (end - width * f64::from(STEPS)).floor();
    pen.text((start - 4.0, baseline), Anchor::End, "0", Paint::Tick)?;
    for step in 1..=STEPS {
        let left = start + f64::from(step - 1) * width;
        pen.rect((left, baseline - height), (left + width, baseline), Paint::Heat(step))?;
    }
    pen.text((frame.right, baseline), Anchor::End, &label, Paint::Tick)
}

/// The map in sentences: how much there is, where most of it lies, and when there was most at a time.
pub(crate) fn spoken(heat: &HeatMap, title: &str) -> String {
    let mut sentences = vec![over_time(title, (heat.from_ms, heat.to_ms), &heat.zone, heat.locale)];
    let total: f64 = heat.rows.iter().flat_map(|row| &row.counts).filter_map(|count| known(*count)).sum();
    if total > 0.0 {
        sentences.push(total_sentence(total.min(f64::MAX), heat.locale));
        sentences.extend(fullest_row(heat, total));
        sentences.extend(fullest_cell(heat));
    } else {
        sentences.push(marks::no_data(heat.locale).to_owned());
    }
    joined(&sentences, heat.locale)
}

/// How many values there are in all.
pub(crate) fn total_sentence(total: f64, locale: Locale) -> String {
    match locale {
        Locale::Ja => format!("合計{}件", many(total, locale)),
        Locale::En => format!("{} values in all", many(total, locale)),
    }
}

fn fullest_row(heat: &HeatMap, total: f64) -> Option<String> {
    let sum = |counts: &[f64]| counts.iter().filter_map(|count| known(*count)).sum::<f64>();
    let row = heat.rows.iter().max_by(|one, other| sum(&one.counts).total_cmp(&sum(&other.counts)))?;
    let range = Range { low: row.low, high: row.high }.said(heat.unit, heat.locale);
    let share = figures::percent(sum(&row.counts) / total);
    Some(match heat.locale {
        Locale::Ja => format!("最も多いのは{range}で{share}"),
        Locale::En => format!("Most frequent: {range}, {share}"),
    })
}

fn fullest_cell(heat: &HeatMap) -> Option<String> {
    let cells = heat.rows.iter().flat_map(|row| row.counts.iter().enumerate().map(move |(column, count)| (row, column, count)));
    let counted = cells.filter_map(|(row, column, count)| known(*count).map(|count| (row, column, count)));
    let (row, column, count) = counted.max_by(|one, other| one.2.total_cmp(&other.2))?;
    let at_ms = heat.first_ms.saturating_add(heat.column_ms.max(1).saturating_mul(column as i64));
    let at = figures::short_time(at_ms, &heat.zone);
    let (range, count) = (Range { low: row.low, high: row.high }.said(heat.unit, heat.locale), many(count, heat.locale));
    Some(match heat.locale {
        Locale::Ja => format!("山は{at}の{range}、{count}件"),
        Locale::En => format!("The peak: {count} at {at}, {range}"),
    })
}

#[cfg(test)]
mod tests;
