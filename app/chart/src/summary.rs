//! The chart in figures, for the legend, and in sentences, for those who hear it.

use figures::{Locale, Zone};

use crate::happened;
use crate::plot::{Axis, Plot, Point, Series};
use crate::runs::shared_gaps;

/// More series than this are counted rather than read out.
const MOST_SPOKEN: usize = 4;
/// The last quarter must differ from the first by this factor to be called rising or falling.
const TREND_FACTOR: f64 = 1.25;

/// What a legend says about a series. Always of finite values within the span.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Statistics {
    pub last: f64,
    pub min: f64,
    pub max: f64,
    pub avg: f64,
    /// The 95th percentile by nearest rank: a value that occurred.
    pub p95: f64,
}

/// The statistics of the finite samples within `from_ms..=to_ms`; `None` when there are none.
#[must_use]
pub fn statistics(points: &[Point], from_ms: i64, to_ms: i64) -> Option<Statistics> {
    let mut values: Vec<f64> = finite(points, from_ms, to_ms).map(|point| point.1).collect();
    let last = values.last().copied()?;
    let avg = values.iter().sum::<f64>() / values.len() as f64;
    let rank = (0.95 * values.len() as f64).ceil() as usize;
    let rank = rank.clamp(1, values.len()) - 1;
    // Sorted only as far as the questions go: a legend asks this of every series with every tick.
    let (below, p95, above) = values.select_nth_unstable_by(rank, f64::total_cmp);
    let p95 = *p95;
    let min = below.iter().copied().fold(p95, f64::min);
    let max = above.iter().copied().fold(p95, f64::max);
    Some(Statistics { last, min, max, avg, p95 })
}

fn finite(points: &[Point], from_ms: i64, to_ms: i64) -> impl Iterator<Item = &Point> {
    points.iter().filter(move |point| point.0 >= from_ms && point.0 <= to_ms && point.1.is_finite())
}

/// The chart in sentences: its title, its span, each series with its latest, lowest and highest value and where
/// it is heading, the limit it is beyond and since when, and how much is missing.
#[must_use]
pub fn spoken(plot: &Plot, title: &str) -> String {
    let mut sentences: Vec<String> = vec![opening(plot, title)];
    let present: Vec<&Series> = plot.series.iter().filter(|series| !series.is_past()).collect();
    for series in present.iter().take(MOST_SPOKEN) {
        sentences.push(series_sentence(plot, series));
    }
    if present.len() > MOST_SPOKEN {
        sentences.push(rest_sentence(present.len() - MOST_SPOKEN, plot.locale));
    }
    if let Some(judged) = present.first() {
        sentences.extend(limit_sentences(plot, judged));
    }
    sentences.extend(gap_sentence(plot));
    sentences.extend(left_out_sentence(plot));
    sentences.extend(happened::sentence(plot));
    joined(&sentences, plot.locale)
}

/// Sentences, one after another.
pub(crate) fn joined(sentences: &[String], locale: Locale) -> String {
    match locale {
        Locale::Ja => sentences.iter().map(|sentence| format!("{sentence}。")).collect(),
        Locale::En => sentences.iter().map(|sentence| format!("{sentence}.")).collect::<Vec<String>>().join(" "),
    }
}

fn opening(plot: &Plot, title: &str) -> String {
    over_time(title, (plot.from_ms, plot.to_ms), &plot.zone, plot.locale)
}

/// A title and the span it is about.
pub(crate) fn over_time(title: &str, (from_ms, to_ms): (i64, i64), zone: &Zone, locale: Locale) -> String {
    let from = figures::day_time(from_ms, zone, locale);
    let to = figures::day_time(to_ms, zone, locale);
    match locale {
        Locale::Ja => format!("{title}、{from}から{to}まで"),
        Locale::En => format!("{title}, from {from} to {to}"),
    }
}

fn series_sentence(plot: &Plot, series: &Series) -> String {
    let name = series.name.as_str();
    let Some(statistics) = statistics(&series.points, plot.from_ms, plot.to_ms) else {
        return match plot.locale {
            Locale::Ja => format!("{name}はデータなし"),
            Locale::En => format!("{name}: no data"),
        };
    };
    let [last, min, max] =
        [statistics.last, statistics.min, statistics.max].map(|value| figures::value(value, plot.y.unit, plot.locale).joined());
    let trend = trend(plot, series);
    match plot.locale {
        Locale::Ja => format!("{name}は最新{last}、最小{min}、最大{max}、{trend}"),
        Locale::En => format!("{name}: latest {last}, lowest {min}, highest {max}, {trend}"),
    }
}

/// Compares the mean of the first quarter of the span with that of the last.
fn trend(plot: &Plot, series: &Series) -> &'static str {
    let quarter_ms = plot.span_ms() / 4;
    let first = statistics(&series.points, plot.from_ms, plot.from_ms + quarter_ms);
    let last = statistics(&series.points, plot.to_ms - quarter_ms, plot.to_ms);
    let (ja, en) = match (first, last) {
        (Some(first), Some(last)) if last.avg > first.avg.max(0.0) * TREND_FACTOR && last.avg > first.avg => ("上昇", "rising"),
        (Some(first), Some(last)) if first.avg > last.avg.max(0.0) * TREND_FACTOR && first.avg > last.avg => ("下降", "falling"),
        _ => ("横ばい", "steady"),
    };
    match plot.locale {
        Locale::Ja => ja,
        Locale::En => en,
    }
}

fn rest_sentence(n_rest: usize, locale: Locale) -> String {
    match locale {
        Locale::Ja => format!("ほか{n_rest}系列"),
        Locale::En => format!("{n_rest} more series"),
    }
}

/// For each limit whose side the series changed within the span: on which side it is now and since when.
fn limit_sentences(plot: &Plot, series: &Series) -> Vec<String> {
    let mut sentences: Vec<String> = Vec::new();
    for limit in &plot.limits {
        let Some((since_ms, is_above)) = last_crossing(plot, series, limit.value) else { continue };
        let since = figures::short_time(since_ms, &plot.zone);
        let value = figures::value(limit.value, plot.y.unit, plot.locale).joined();
        sentences.push(match (plot.locale, is_above) {
            (Locale::Ja, true) => format!("{since}から{value}以上"),
            (Locale::Ja, false) => format!("{since}から{value}未満"),
            (Locale::En, true) => format!("At or above {value} since {since}"),
            (Locale::En, false) => format!("Below {value} since {since}"),
        });
    }
    sentences
}

/// The first sample since which a series has been on its present side of a value, and whether that is at or
/// above it; `None` if it was there all along.
fn last_crossing(plot: &Plot, series: &Series, value: f64) -> Option<(i64, bool)> {
    let samples: Vec<&Point> = finite(&series.points, plot.from_ms, plot.to_ms).collect();
    let is_above = samples.last()?.1 >= value;
    let other = samples.iter().rposition(|sample| (sample.1 >= value) != is_above)?;
    samples.get(other + 1).map(|sample| (sample.0, is_above))
}

fn gap_sentence(plot: &Plot) -> Option<String> {
    let missing_ms: i64 = shared_gaps(plot).iter().map(|(start, end)| end - start).sum();
    if missing_ms == 0 || missing_ms >= plot.span_ms() {
        return None;
    }
    let length = figures::duration(missing_ms, plot.locale);
    Some(match plot.locale {
        Locale::Ja => format!("データなし{length}"),
        Locale::En => format!("No data for {length}"),
    })
}

/// Samples within the span that a logarithmic axis has no place for: zero, and what is less.
#[must_use]
pub fn not_on_axis(plot: &Plot) -> usize {
    if plot.y.axis != Axis::Log {
        return 0;
    }
    let samples = plot.series.iter().flat_map(|series| finite(&series.points, plot.from_ms, plot.to_ms));
    samples.filter(|sample| !plot.has_place(sample.1)).count()
}

fn left_out_sentence(plot: &Plot) -> Option<String> {
    let n_left_out = Some(not_on_axis(plot)).filter(|n_left_out| *n_left_out > 0)?;
    Some(match plot.locale {
        Locale::Ja => format!("対数軸に描けない0以下の値{n_left_out}件"),
        Locale::En => format!("{n_left_out} values of zero or less are not drawn"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plot::{Limit, Scale};
    use figures::Unit;

    fn plot(locale: Locale) -> Plot {
        let minute = |n: i64| n * 60_000;
        let series = Series {
            name: "p95".to_owned(),
            style: 1,
            points: vec![(minute(0), 200.0), (minute(1), 210.0), (minute(2), f64::NAN), (minute(3), 400.0), (minute(4), 642.0)],
            fill: false,
        };
        Plot {
            series: vec![series],
            gap_ms: 90_000,
            y: Scale { unit: Unit::Milliseconds, ..Scale::default() },
            limits: vec![Limit { value: 500.0, severity: 2, label: String::new() }],
            ..Plot::new(0, minute(4), Zone::utc(), locale)
        }
    }

    #[test]
    fn statistics_are_of_finite_values_in_the_span() {
        let points: Vec<Point> = (1..=100).map(|n| (n, n as f64)).chain([(101, f64::NAN)]).collect();
        let all = statistics(&points, 0, 200).unwrap();
        assert_eq!(all, Statistics { last: 100.0, min: 1.0, max: 100.0, avg: 50.5, p95: 95.0 });
        assert_eq!(statistics(&points, 10, 10).unwrap().p95, 10.0);
        assert_eq!(statistics(&points, 101, 200), None);
        assert_eq!(statistics(&[], 0, 200), None);
    }

    #[test]
    fn the_sentences_say_what_the_eye_would_see() {
        assert_eq!(
            spoken(&plot(Locale::Ja), "応答時間"),
            "応答時間、1/1 00:00から1/1 00:04まで。p95は最新642 ms、最小200 ms、最大642 ms、上昇。\
             00:04から500 ms以上。データなし2分。"
        );
        assert_eq!(
            spoken(&plot(Locale::En), "Latency"),
            "Latency, from 1 Jan, 00:00 to 1 Jan, 00:04. p95: latest 642 ms, lowest 200 ms, highest 642 ms, \
             rising. At or above 500 ms since 00:04. No data for 2m."
        );
    }

    #[test]
    fn what_a_logarithmic_axis_leaves_out_is_counted_and_said() {
        let mut plot = plot(Locale::En);
        plot.series[0].points = vec![(0, -1.0), (60_000, 0.0), (120_000, f64::NAN), (180_000, 3.0), (9_000_000, -4.0)];
        assert_eq!(not_on_axis(&plot), 0);
        plot.y.axis = Axis::Log;
        assert_eq!(not_on_axis(&plot), 2);
        assert!(spoken(&plot, "Latency").ends_with("2 values of zero or less are not drawn."));
        plot.locale = Locale::Ja;
        assert!(spoken(&plot, "応答").ends_with("対数軸に描けない0以下の値2件。"));
    }

    #[test]
    fn an_empty_series_is_said_to_be_empty() {
        let mut plot = plot(Locale::En);
        plot.series[0].points.clear();
        assert_eq!(spoken(&plot, "Latency"), "Latency, from 1 Jan, 00:00 to 1 Jan, 00:04. p95: no data.");
    }
}
