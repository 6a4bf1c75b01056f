//! Whatever a figure holds: it is drawn inside numbers, written as XML, said, and packed.

use super::*;
use crate::display::Op;
use crate::figure::{Bin, Gauge, HeatMap, HeatRow, Histogram, Lane, Pie, Slice, StateSpan, States};
use crate::packing::{pack, unpack};
use crate::plot::{Axis, Band, Limit, Marker, MarkerKind, Marks, Plot, Point, Scale, Series};
use figures::{Locale, Unit, Zone};
use proptest::prelude::*;

const YEAR_MS: i64 = 366 * 86_400_000;
const FROM_MS: i64 = 1_795_323_900_000;

fn coordinates(op: &Op) -> Vec<f32> {
    match op {
        Op::Path { points, .. } | Op::Fill { points, .. } => points.clone(),
        Op::Rect { x, y, width, height, .. } | Op::Hatch { x, y, width, height } => vec![*x, *y, *width, *height],
        Op::Circle { x, y, radius, .. } => vec![*x, *y, *radius],
        Op::Text { x, y, .. } => vec![*x, *y],
        Op::Note { .. } => Vec::new(),
    }
}

fn assert_drawn(figure: &Figure, size: Size) {
    let list = picture(figure, size);
    for op in &list.ops {
        assert!(coordinates(op).iter().all(|coordinate| coordinate.is_finite()), "{op}");
    }
    let svg = svg_figure(figure, size, "<name>");
    assert!(!svg.contains("NaN") && !svg.contains("<name>") && !svg.contains("<b>"), "{svg}");
    assert_eq!(svg.matches("<svg").count(), 1);
    assert!(!spoken_figure(figure, "n").is_empty());
    let text = pack(figure);
    assert!(unpack(&text).is_some(), "{text}");
}

fn numbers() -> impl Strategy<Value = f64> {
    prop_oneof![
        4 => -1e3f64..1e3,
        1 => prop::sample::select(vec![
            f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 0.0, -0.0, 1e300, -1e300, f64::MAX, f64::MIN, 5e-324, -1e-300, 1e-9,
        ]),
    ]
}

fn names() -> impl Strategy<Value = String> {
    prop::sample::select(vec![
        String::new(),
        "<b>&\"'".to_owned(),
        "اسم الخدمة \u{202e}abc".to_owned(),
        "長い名前".repeat(1_024),
        "\u{0}\u{7}\n".to_owned(),
    ])
}

/// Ends of a span: usual ones, none at all, turned around, ten years.
fn spans() -> impl Strategy<Value = (i64, i64)> {
    let length = prop::sample::select(vec![0, 1, -5, 1_000, 3_600_000, YEAR_MS, 10 * YEAR_MS, 100 * YEAR_MS]);
    (0i64..1_000_000, length).prop_map(|(offset, length)| (FROM_MS + offset, FROM_MS + offset + length))
}

fn points() -> impl Strategy<Value = Vec<Point>> {
    prop::collection::vec((0i64..10_000_000, numbers()), 0..40).prop_map(|mut points| {
        points.iter_mut().for_each(|point| point.0 += FROM_MS);
        points.sort_by_key(|point| point.0);
        points
    })
}

fn looks() -> impl Strategy<Value = (Marks, Axis, Unit, bool, Locale)> {
    (
        prop::sample::select(vec![Marks::Line, Marks::Bars, Marks::Points]),
        prop::sample::select(vec![Axis::Linear, Axis::Log, Axis::Symlog]),
        prop::sample::select(Unit::ALL.to_vec()),
        any::<bool>(),
        prop::sample::select(vec![Locale::Ja, Locale::En]),
    )
}

fn plots() -> impl Strategy<Value = Figure> {
    let ends = (prop::option::of(numbers()), prop::option::of(numbers()));
    let series = prop::collection::vec((points(), names(), 0u8..12), 0..4);
    (spans(), looks(), ends, series, numbers(), names()).prop_map(|((from_ms, to_ms), look, (min, max), series, level, name)| {
        let (marks, axis, unit, stacked, locale) = look;
        let series =
            series.into_iter().map(|(points, name, style)| Series { name, style, points, fill: style % 2 == 0 }).collect();
        let marker = |kind: MarkerKind| Marker { ms: from_ms + 100, kind, severity: 9, label: name.clone() };
        Figure::Plot(Plot {
            series,
            gap_ms: 100_000,
            y: Scale { min, max, unit, axis },
            marks,
            bands: vec![Band::above(7, level), Band::below(0, level)],
            limits: vec![Limit { value: level, severity: 5, label: name.clone() }],
            markers: vec![marker(MarkerKind::Crossed), marker(MarkerKind::Fired), marker(MarkerKind::Flag)],
            stacked,
            ..Plot::new(from_ms, to_ms, Zone::fixed("Asia/Tokyo", "JST", 540), locale)
        })
    })
}

fn heats() -> impl Strategy<Value = Figure> {
    let rows = prop::collection::vec((numbers(), numbers(), prop::collection::vec(numbers(), 0..30)), 0..60);
    (spans(), rows, prop::sample::select(vec![-3i64, 0, 1, 60_000, YEAR_MS]), -500_000i64..500_000).prop_map(
        |((from_ms, to_ms), rows, column_ms, offset)| {
            let rows = rows.into_iter().map(|(low, high, counts)| HeatRow { low, high, counts }).collect();
            let (unit, zone, locale) = (Unit::Seconds, Zone::utc(), Locale::Ja);
            Figure::Heat(HeatMap { from_ms, to_ms, column_ms, first_ms: from_ms + offset, rows, unit, zone, locale })
        },
    )
}

fn states() -> impl Strategy<Value = Figure> {
    let span = (-100_000i64..4_000_000, -10i64..1_000_000, names(), any::<u8>());
    let lanes = prop::collection::vec((names(), prop::collection::vec(span, 0..12)), 0..12);
    (spans(), lanes).prop_map(|((from_ms, to_ms), lanes)| {
        let span = |(offset, length, label, style): (i64, i64, String, u8)| StateSpan {
            from_ms: from_ms + offset,
            to_ms: from_ms + offset + length,
            label,
            style,
        };
        let lanes = lanes.into_iter().map(|(name, spans)| Lane { name, spans: spans.into_iter().map(span).collect() }).collect();
        Figure::States(States { from_ms, to_ms, lanes, zone: Zone::utc(), locale: Locale::En })
    })
}

fn others() -> impl Strategy<Value = Figure> {
    let three = || prop::collection::vec((numbers(), numbers(), numbers()), 0..30);
    let histogram = three().prop_map(|bins| {
        let bins = bins.into_iter().map(|(low, high, count)| Bin { low, high, count }).collect();
        Figure::Histogram(Histogram { bins, unit: Unit::Milliseconds, locale: Locale::Ja })
    });
    let pie = prop::collection::vec((names(), numbers(), any::<u8>()), 0..30).prop_map(|slices| {
        let slices = slices.into_iter().map(|(name, value, style)| Slice { name, value: value.abs(), style }).collect();
        Figure::Pie(Pie { slices, unit: Unit::Bytes, locale: Locale::En })
    });
    let gauge = (numbers(), numbers(), numbers(), numbers(), prop::option::of(any::<u8>())).prop_map(
        |(value, low, high, level, decimals)| {
            let bands = vec![Band::above(9, level), Band::below(0, level)];
            Figure::Gauge(Gauge { value, low, high, bands, unit: Unit::None, decimals, locale: Locale::Ja })
        },
    );
    prop_oneof![histogram, pie, gauge]
}

proptest! {
    #[test]
    fn whatever_a_figure_holds_it_is_drawn_said_and_packed(
        figure in prop_oneof![3 => plots(), 1 => heats(), 1 => states(), 2 => others()],
        width in 0.0f64..1_500.0,
        height in 0.0f64..500.0,
    ) {
        assert_drawn(&figure, Size { width, height });
    }
}

#[test]
fn sizes_that_make_no_sense_still_hold_a_picture() {
    let plot = Plot::new(FROM_MS, FROM_MS, Zone::utc(), Locale::En);
    for side in [f64::NAN, f64::INFINITY, -1.0, 1e300] {
        assert_drawn(&Figure::Plot(plot.clone()), Size { width: side, height: side });
        let pie = Pie { slices: Vec::new(), unit: Unit::None, locale: Locale::En };
        assert_drawn(&Figure::Pie(pie), Size { width: side, height: 100.0 });
    }
}
