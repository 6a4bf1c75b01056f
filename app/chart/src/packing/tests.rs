use super::*;
use crate::figure::{Bin, Gauge, HeatMap, HeatRow, Histogram, Lane, Pie, Slice, StateSpan, States};
use crate::plot::{Axis, Band, Limit, Marker, MarkerKind, Marks, Plot, Point, Scale, Series, Stretch};
use figures::{Locale, Unit, Zone};
use proptest::prelude::*;

const FROM_MS: i64 = 1_795_323_900_000;

fn new_york() -> Zone {
    Zone {
        name: "America/New_York".to_owned(),
        abbreviation: "EST".to_owned(),
        offset_minutes: -300,
        transitions: vec![(1_772_953_200_000, -240), (1_793_512_800_000, -300)],
    }
}

fn plot(series: Vec<Series>) -> Plot {
    Plot {
        series,
        gap_ms: 45_000,
        y: Scale { min: Some(0.0), max: None, unit: Unit::BytesPerSecond, axis: Axis::Symlog },
        marks: Marks::Bars,
        bands: vec![Band::above(2, 0.1), Band { severity: 0, low: None, high: None }],
        limits: vec![Limit { value: 80.0, severity: 1, label: "<b>上限</b>".to_owned() }],
        markers: vec![Marker { ms: FROM_MS + 1, kind: MarkerKind::Flag, severity: 3, label: "配備".to_owned() }],
        stretches: vec![Stretch {
            from_ms: FROM_MS - 5, to_ms: FROM_MS + 90_000_000, label: "メンテナンス: 移行".to_owned()
        }],
        stacked: true,
        ..Plot::new(FROM_MS, FROM_MS + 3_600_000, new_york(), Locale::En)
    }
}

fn series(name: &str, points: Vec<Point>) -> Series {
    Series { name: name.to_owned(), style: 3, points, fill: true }
}

fn figures() -> Vec<Figure> {
    let span = StateSpan { from_ms: 5, to_ms: 9, label: "停止".to_owned(), style: 101 };
    let locale = Locale::Ja;
    vec![
        Figure::Plot(plot(vec![series("a", vec![(FROM_MS, 1.5), (FROM_MS + 7, -2.5)]), series("b", Vec::new())])),
        Figure::Heat(HeatMap {
            from_ms: 0,
            to_ms: 60_000,
            column_ms: 20_000,
            first_ms: -20_000,
            rows: vec![HeatRow { low: 0.0, high: f64::INFINITY, counts: vec![1.0, 250.0, 0.0] }],
            unit: Unit::Seconds,
            zone: new_york(),
            locale,
        }),
        Figure::States(States {
            from_ms: 0,
            to_ms: 10,
            lanes: vec![Lane { name: "agent".to_owned(), spans: vec![span] }, Lane { name: String::new(), spans: Vec::new() }],
            zone: Zone::utc(),
            locale,
        }),
        Figure::Histogram(Histogram {
            bins: vec![Bin { low: f64::NEG_INFINITY, high: 0.25, count: 7.0 }],
            unit: Unit::None,
            locale,
        }),
        Figure::Pie(Pie { slices: vec![Slice { name: "a".to_owned(), value: -0.125, style: 0 }], unit: Unit::Count, locale }),
        Figure::Gauge(Gauge {
            value: 83.25,
            low: 0.0,
            high: 100.0,
            bands: vec![Band::below(1, 10.0)],
            unit: Unit::Percent,
            decimals: Some(2),
            locale,
        }),
    ]
}

#[test]
fn every_kind_survives() {
    for figure in figures() {
        let text = pack(&figure);
        assert!(text.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '-' || letter == '_'), "{text}");
        assert_eq!(unpack(&text).as_ref(), Some(&figure));
        assert_eq!(unpack_plot(&text).map(Figure::Plot), Some(figure).filter(|figure| matches!(figure, Figure::Plot(_))));
    }
}

#[test]
fn a_regular_point_takes_about_two_bytes() {
    let wave = |at: i64| ((50.0 + (at as f64 / 20.0).sin() * 30.0) * 10.0).round() / 10.0;
    let points: Vec<Point> = (0..400).map(|at| (FROM_MS + at * 15_000, wave(at))).collect();
    let all: Vec<Series> = ["user", "system", "iowait"].iter().map(|name| series(name, points.clone())).collect();
    let text = pack(&Figure::Plot(plot(all)));
    assert!(text.len() < 1_200 * 2 * 4 / 3, "{} characters", text.len());
}

#[test]
fn what_is_cut_off_lengthened_or_made_up_is_nothing() {
    for figure in figures() {
        let text = pack(&figure);
        for end in 0..text.len() {
            assert_eq!(unpack(&text[..end]), None, "{end} of {text}");
        }
        assert_eq!(unpack(&format!("{text}AAAA")), None);
        assert_eq!(unpack(&format!("{text} ")), None);
    }
    for nonsense in ["", "Ag", "AgA", "AgY", "AQA", "AgD___________", "こんにちは", "{\"plot\":1}"] {
        assert_eq!(unpack(nonsense), None, "{nonsense}");
    }
}

#[test]
fn an_instant_beyond_every_calendar_is_refused() {
    let far = Plot::new(i64::MIN, i64::MAX, Zone::utc(), Locale::Ja);
    assert_eq!(unpack(&pack(&Figure::Plot(far))), None);
    let mut late = plot(vec![series("a", vec![(FROM_MS, 1.0), (i64::MAX, 2.0)])]);
    late.markers.clear();
    assert_eq!(unpack(&pack(&Figure::Plot(late))), None);
}

/// Points as they come: mostly regular, of any size, some missing.
fn points() -> impl Strategy<Value = Vec<Point>> {
    let sample = (0u8..10, 1i64..100_000, -1.0f64..1.0);
    (prop::collection::vec(sample, 0..200), -300i32..300).prop_map(|(samples, power)| {
        let mut ms = FROM_MS;
        let mut points: Vec<Point> = Vec::with_capacity(samples.len());
        for (die, step_ms, share) in samples {
            ms += if die < 7 { 15_000 } else { step_ms };
            points.push((ms, if die == 9 { f64::NAN } else { share * 10f64.powi(power) }));
        }
        points
    })
}

proptest! {
    #[test]
    fn points_survive_within_what_is_promised(one in points(), other in points()) {
        let written = plot(vec![series("one", one.clone()), series("same times", one), series("other", other)]);
        let read = unpack_plot(&pack(&Figure::Plot(written.clone()))).unwrap();
        for (before, after) in written.series.iter().zip(&read.series) {
            prop_assert_eq!((&before.name, before.style, before.points.len()), (&after.name, after.style, after.points.len()));
            let finite = before.points.iter().map(|point| point.1.abs()).filter(|value| value.is_finite());
            let largest = finite.fold(0.0, f64::max);
            for (point, back) in before.points.iter().zip(&after.points) {
                prop_assert_eq!(point.0, back.0);
                prop_assert_eq!(point.1.is_nan(), back.1.is_nan());
                prop_assert!(point.1.is_nan() || (point.1 - back.1).abs() <= largest * 5e-7, "{point:?} {back:?}");
            }
        }
    }

    #[test]
    fn nonsense_is_nothing_or_something_but_never_a_panic(text in "[A-Za-z0-9_-]{0,200}", kind in 0u8..7) {
        let _ = unpack(&text);
        let mut bytes = vec![VERSION, kind];
        bytes.extend(text.bytes());
        let _ = unpack(&base64::encode(&bytes));
    }
}
