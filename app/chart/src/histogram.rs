//! The histogram: how often values occurred, one bar a bucket.
//!
//! Buckets of about one size stand where their values are; those that grow by a factor, or have no end, are drawn equally wide, which
//! makes a scale like a logarithm's.

use figures::{Locale, Unit};

use crate::axes;
use crate::display::{Anchor, DisplayList, Size};
use crate::draw::record;
use crate::figure::{Bin, Histogram};
use crate::heat::total_sentence;
use crate::layout::{Frame, LABEL_PX};
use crate::marks;
use crate::paint::Paint;
use crate::pen::{Drawn, Pen};
use crate::ranges::{Range, edge, edges, known, many};
use crate::scale::Bounds;
use crate::summary::joined;
use crate::text;
use crate::value_ticks::value_ticks;

/// The widest bucket may be so many times as wide as the narrowest before all are drawn equally wide.
const ALIKE: f64 = 3.0;
/// Bars narrower than this are counted together.
const LEAST_BAR_PX: f64 = 3.0;
/// From this width on a bar keeps a pixel free towards the next.
const AIRY_PX: f64 = 4.0;
/// Between two labels.
const LABEL_AIR_PX: f64 = 12.0;

pub(crate) fn draw(histogram: &Histogram, size: Size) -> DisplayList {
    let most = highest(&histogram.bins);
    let frame = Frame::around(size, (0, 1), |n_steps| {
        let bounds = Bounds::up_to(most, n_steps, Unit::Count);
        let labels = value_ticks(bounds, Unit::Count).into_iter().map(|tick| tick.label).collect();
        (bounds, labels)
    });
    record(frame.size, |sheet| paint(&Pen::new(sheet), histogram, &frame))
}

fn highest(bins: &[Bin]) -> f64 {
    bins.iter().filter_map(|bin| known(bin.count)).fold(0.0, f64::max)
}

fn paint(pen: &Pen<'_>, histogram: &Histogram, frame: &Frame) -> Drawn {
    axes::value_axis(pen, Unit::Count, frame)?;
    let bins = gathered(&histogram.bins, frame);
    let places = Places::of(&bins, frame);
    let edges_px: Vec<f64> = (0..=bins.len()).map(|n| places.x(n)).collect();
    let total: f64 = total(&histogram.bins);
    if total <= 0.0 {
        axes::base_line(pen, frame, std::iter::empty())?;
        let middle = ((frame.left + frame.right) / 2.0, (frame.top + frame.bottom) / 2.0 + 4.0);
        return pen.text(middle, Anchor::Middle, marks::no_data(histogram.locale), Paint::Word);
    }
    for (bin, ends) in bins.iter().zip(edges_px.windows(2)) {
        bar(pen, histogram, frame, bin, (ends[0], ends[1]), total)?;
    }
    axes::base_line(pen, frame, edges_px.iter().copied())?;
    edge_labels(pen, histogram, frame, &bins, &edges_px)
}

fn total(bins: &[Bin]) -> f64 {
    bins.iter().filter_map(|bin| known(bin.count)).sum::<f64>().min(f64::MAX)
}

/// The bins, as many counted together as make a bar wide enough to be one.
fn gathered(bins: &[Bin], frame: &Frame) -> Vec<Bin> {
    let n_joined = ((bins.len() as f64 * LEAST_BAR_PX / (frame.right - frame.left)).ceil() as usize).max(1);
    bins.chunks(n_joined)
        .map(|part| {
            let counts: Vec<f64> = part.iter().filter_map(|bin| known(bin.count)).collect();
            let count = if counts.is_empty() { f64::NAN } else { counts.iter().sum() };
            Bin { low: part[0].low, high: part[part.len() - 1].high, count }
        })
        .collect()
}

/// Where bins begin and end.
struct Places {
    edges: Vec<f64>,
    left: f64,
    width: f64,
    /// Whether the values themselves are the scale.
    is_linear: bool,
}

impl Places {
    fn of(bins: &[Bin], frame: &Frame) -> Places {
        let widths = || bins.iter().map(|bin| bin.high - bin.low);
        let (least, most) =
            widths().fold((f64::INFINITY, 0.0), |(least, most): (f64, f64), width| (least.min(width), most.max(width)));
        let is_sound = widths().all(|width| width.is_finite() && width > 0.0);
        let ranges: Vec<Range> = bins.iter().map(|bin| Range { low: bin.low, high: bin.high }).collect();
        let is_linear = is_sound && most <= least * ALIKE && bins.windows(2).all(|pair| pair[1].low >= pair[0].high);
        Places { edges: edges(&ranges), left: frame.left, width: frame.right - frame.left, is_linear }
    }

    /// The edge before a bin; behind the last one for their number.
    fn x(&self, n: usize) -> f64 {
        let n_bins = self.edges.len().saturating_sub(1).max(1);
        let share = match (self.edges.first(), self.edges.get(n), self.edges.last()) {
            (Some(first), Some(edge), Some(last)) if self.is_linear => (edge - first) / (last - first),
            _ => n as f64 / n_bins as f64,
        };
        (self.left + share.clamp(0.0, 1.0) * self.width).round()
    }
}

fn bar(pen: &Pen<'_>, histogram: &Histogram, frame: &Frame, bin: &Bin, (left, right): (f64, f64), total: f64) -> Drawn {
    let Some(count) = known(bin.count).filter(|count| *count > 0.0) else { return Ok(()) };
    let right = if right - left >= AIRY_PX { right - 1.0 } else { right };
    // What is there is seen, however little it is.
    let top = frame.y(count).min(frame.bottom - 1.0);
    if right <= left {
        return Ok(());
    }
    pen.rect((left, top), (right, frame.bottom), Paint::Bar(1))?;
    let range = Range { low: bin.low, high: bin.high }.said(histogram.unit, histogram.locale);
    let (many, share) = (many(count, histogram.locale), figures::percent(count / total));
    pen.note(&match histogram.locale {
        Locale::Ja => format!("{range} {many}件（{share}）"),
        Locale::En => format!("{range}: {many} ({share})"),
    })
}

/// The values between the bars, as many as have room.
fn edge_labels(pen: &Pen<'_>, histogram: &Histogram, frame: &Frame, bins: &[Bin], edges_px: &[f64]) -> Drawn {
    let ranges: Vec<Range> = bins.iter().map(|bin| Range { low: bin.low, high: bin.high }).collect();
    let mut free_from = 0.0;
    for (value, x) in edges(&ranges).into_iter().zip(edges_px) {
        let Some(label) = edge(value, histogram.unit, histogram.locale) else { continue };
        let half = text::width(&label, LABEL_PX, false) / 2.0;
        let middle = x.min(frame.size.width + 2.0 - half);
        if middle - half >= free_from {
            pen.text((middle, frame.time_y()), Anchor::Middle, &label, Paint::Tick)?;
            free_from = middle + half + LABEL_AIR_PX;
        }
    }
    Ok(())
}

/// The value that a share (0 to 1) of what was counted does not exceed, read off evenly within its bucket; of a bucket without an end
/// the end it has. `None` where nothing was counted.
#[must_use]
pub fn quantile(histogram: &Histogram, share: f64) -> Option<f64> {
    let wanted = total(&histogram.bins) * share.clamp(0.0, 1.0);
    let mut seen = 0.0;
    let counted = histogram.bins.iter().filter_map(|bin| known(bin.count).filter(|count| *count > 0.0).map(|count| (bin, count)));
    let mut last: Option<f64> = None;
    for (bin, count) in counted {
        if seen + count >= wanted {
            return Some(within(bin, (wanted - seen) / count)).filter(|value| value.is_finite());
        }
        seen += count;
        last = Some(within(bin, 1.0)).filter(|value| value.is_finite());
    }
    last
}

fn within(bin: &Bin, share: f64) -> f64 {
    match (bin.low.is_finite(), bin.high.is_finite()) {
        (true, true) => bin.low + (bin.high - bin.low) * share.clamp(0.0, 1.0),
        (true, false) => bin.low,
        _ => bin.high,
    }
}

/// The histogram in sentences: how much there is, its middle, its edge, and what occurs most.
pub(crate) fn spoken(histogram: &Histogram, title: &str) -> String {
    let (unit, locale) = (histogram.unit, histogram.locale);
    let mut sentences = vec![title.to_owned()];
    let fullest =
        histogram.bins.iter().filter(|bin| known(bin.count).is_some()).max_by(|one, other| one.count.total_cmp(&other.count));
    let Some(fullest) = fullest.filter(|fullest| fullest.count > 0.0) else {
        sentences.push(marks::no_data(locale).to_owned());
        return joined(&sentences, locale);
    };
    sentences.push(total_sentence(total(&histogram.bins), locale));
    let written = |share: f64| quantile(histogram, share).map(|value| figures::value(value, unit, locale).joined());
    if let (Some(half), Some(most)) = (written(0.5), written(0.95)) {
        sentences.push(match locale {
            Locale::Ja => format!("半分は{half}以下、95%は{most}以下"),
            Locale::En => format!("Half are up to {half}, 95% up to {most}"),
        });
    }
    let range = Range { low: fullest.low, high: fullest.high }.said(unit, locale);
    sentences.push(match locale {
        Locale::Ja => format!("最も多いのは{range}で{}件", many(fullest.count, locale)),
        Locale::En => format!("Most frequent: {range}, {}", many(fullest.count, locale)),
    });
    joined(&sentences, locale)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn histogram(bins: &[(f64, f64, f64)]) -> Histogram {
        let bins = bins.iter().map(|(low, high, count)| Bin { low: *low, high: *high, count: *count }).collect();
        Histogram { bins, unit: Unit::None, locale: Locale::Ja }
    }

    fn lines(histogram: &Histogram, of: &str) -> Vec<String> {
        let list = draw(histogram, Size::PANEL).to_string();
        list.lines().filter(|line| line.starts_with(of)).map(str::to_owned).collect()
    }

    #[test]
    fn buckets_of_one_size_stand_where_their_values_are() {
        let even = histogram(&[(0.0, 10.0, 20.0), (10.0, 20.0, 100.0), (20.0, 30.0, 0.0)]);
        // Two thirds of 353 px; 100 is the whole height of 102.
        assert_eq!(lines(&even, "rect"), ["rect Bar(1) 34,95.6 117,20.4", "rect Bar(1) 152,14 116,102"]);
        assert_eq!(lines(&even, "note"), ["note 0〜10 20件（16.7%）", "note 10〜20 100件（83.3%）"]);
        let labels = ["text Tick 34,131 Middle 0", "text Tick 152,131 Middle 10", "text Tick 269,131 Middle 20"];
        assert_eq!(lines(&even, "text Tick")[3..6], labels);
    }

    #[test]
    fn buckets_that_grow_or_have_no_end_are_equally_wide() {
        let growing = histogram(&[(0.0, 1.0, 4.0), (1.0, 10.0, 8.0), (10.0, f64::INFINITY, 2.0)]);
        let lefts: Vec<String> = lines(&growing, "rect").iter().map(|line| line[12..15].to_owned()).collect();
        assert_eq!(lefts, ["34,", "152", "269"]);
        assert!(lines(&growing, "text Tick").iter().any(|line| line.ends_with("Middle ∞")));
    }

    #[test]
    fn what_is_no_count_is_no_bar_and_nothing_says_so() {
        let odd = histogram(&[(0.0, 1.0, -4.0), (1.0, 2.0, f64::NAN), (2.0, 3.0, f64::INFINITY)]);
        for empty in [odd, histogram(&[])] {
            assert!(lines(&empty, "rect").is_empty());
            assert_eq!(lines(&empty, "text Word"), ["text Word 210.5,69 Middle データなし"]);
            assert_eq!(quantile(&empty, 0.5), None);
            assert_eq!(spoken(&empty, "応答"), "応答。データなし。");
        }
    }

    #[test]
    fn more_buckets_than_fit_are_counted_together() {
        let many: Vec<(f64, f64, f64)> = (0..5_000).map(|at| (f64::from(at), f64::from(at + 1), 1.0)).collect();
        let n_bars = lines(&histogram(&many), "rect").len();
        assert!(n_bars > 80 && n_bars < 120, "{n_bars}");
    }

    #[test]
    fn quantiles_are_read_off_within_their_bucket() {
        let even = histogram(&[(0.0, 10.0, 10.0), (10.0, 20.0, 10.0), (20.0, f64::INFINITY, 1.0)]);
        for (share, expected) in [(0.0, 0.0), (0.25, 5.25), (1.0, 20.0)] {
            let found = quantile(&even, share).unwrap();
            assert!((found - expected).abs() < 1e-9, "{share}: {found}");
        }
    }

    #[test]
    fn the_sentences_say_the_middle_and_the_edge() {
        let mut even = histogram(&[(0.0, 10.0, 10.0), (10.0, 20.0, 10.0)]);
        assert_eq!(spoken(&even, "応答"), "応答。合計20件。半分は10以下、95%は19以下。最も多いのは10〜20で10件。");
        even.locale = Locale::En;
        assert_eq!(
            spoken(&even, "Latency"),
            "Latency. 20 values in all. Half are up to 10, 95% up to 19. Most frequent: 10 to 20, 10."
        );
    }
}
