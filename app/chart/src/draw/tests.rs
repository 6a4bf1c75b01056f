use super::*;
use crate::layout::hair;
use crate::plot::{Band, Limit, Marker, MarkerKind, Scale};
use figures::{Locale, Unit, Zone};

fn series(style: u8, points: &[Point]) -> Series {
    Series { name: format!("series {style}"), style, points: points.to_vec(), fill: false }
}

/// A minute of percentages from 1970-01-01T00:00Z on.
fn plot(series: Vec<Series>) -> Plot {
    Plot {
        series,
        y: Scale { max: Some(100.0), unit: Unit::Percent, ..Scale::default() },
        ..Plot::new(0, 60_000, Zone::utc(), Locale::Ja)
    }
}

fn drawn(plot: &Plot) -> String {
    display(plot, Size::PANEL).to_string()
}

#[test]
fn a_line_with_its_axes() {
    let plot = plot(vec![series(1, &[(0, 0.0), (30_000, 50.0), (60_000, 100.0)])]);
    let expected = "\
size 389x136
path Grid 34,90.5 387,90.5
path Grid 34,65.5 387,65.5
path Grid 34,39.5 387,39.5
path Grid 34,14.5 387,14.5
text Tick 28,120 End 0
text Tick 28,94.5 End 25
text Tick 28,69 End 50
text Tick 28,43.5 End 75
text Tick 28,18 End 100
path Axis 34,116.5 387,116.5
path Axis 34.5,116 34.5,120
path Axis 122.5,116 122.5,120
path Axis 210.5,116 210.5,120
path Axis 298.5,116 298.5,120
path Axis 387.5,116 387.5,120
text Word 34.5,131 Middle 1/1
text Tick 122.5,131 Middle 00:00:15
text Tick 210.5,131 Middle 00:00:30
text Tick 298.5,131 Middle 00:00:45
path Series(1) 34,116 210.5,65 387,14
";
    assert_eq!(drawn(&plot), expected);
}

#[test]
fn a_gap_parts_the_line_and_is_hatched_and_named() {
    let mut plot = plot(vec![series(1, &[(0, 10.0), (10_000, 10.0), (40_000, 10.0), (60_000, 10.0)])]);
    plot.gap_ms = 25_000;
    let drawn = drawn(&plot);
    assert_eq!(drawn.matches("path Series(1)").count(), 2, "{drawn}");
    assert!(drawn.contains("hatch 92.8,14 176.5,102\n"), "{drawn}");
    assert!(drawn.contains("text Word 181.1,69 Middle データなし\n"), "{drawn}");
}

#[test]
fn an_empty_plot_says_so() {
    let drawn = drawn(&Plot::new(0, 60_000, Zone::utc(), Locale::Ja));
    assert!(drawn.contains("hatch 34,14 353,102\n"), "{drawn}");
    assert!(drawn.contains("text Word 210.5,69 Middle データなし\n"), "{drawn}");
}

#[test]
fn a_sample_alone_is_a_dot() {
    let drawn = drawn(&plot(vec![series(3, &[(30_000, 50.0)])]));
    assert!(drawn.contains("circle SeriesDot(3) 210.5,65 1.5\n"), "{drawn}");
}

#[test]
fn stacked_areas_stand_on_each_other() {
    let mut bottom = series(1, &[(0, 20.0), (60_000, 20.0)]);
    let mut top = series(2, &[(0, 30.0), (60_000, 30.0)]);
    bottom.fill = true;
    top.fill = true;
    let mut plot = plot(vec![bottom, top]);
    plot.stacked = true;
    let drawn = drawn(&plot);
    assert!(drawn.contains("fill SeriesFill(1) 34,95.6 387,95.6 387,116 34,116\n"), "{drawn}");
    assert!(drawn.contains("fill SeriesFill(2) 34,65 387,65 387,95.6 34,95.6\n"), "{drawn}");
}

#[test]
fn values_beyond_the_axis_stay_inside_the_frame() {
    let drawn = drawn(&plot(vec![series(1, &[(-60_000, 0.0), (0, 50.0), (60_000, 900.0), (120_000, 0.0)])]));
    assert!(drawn.contains("path Series(1) 34,65 387,14\n"), "{drawn}");
}

#[test]
fn bands_limits_and_flags_of_a_panel() {
    let mut plot = plot(vec![series(1, &[(0, 10.0), (60_000, 60.0)])]);
    plot.bands = vec![Band::above(3, 80.0)];
    plot.limits = vec![Limit { value: 80.0, severity: 3, label: "警告".to_owned() }];
    plot.markers = vec![Marker { ms: 30_000, kind: MarkerKind::Flag, severity: 3, label: "デプロイ".to_owned() }];
    let drawn = drawn(&plot);
    for expected in [
        "rect Band(3) 34,14 353,20.4\n",
        "path Limit(3) 34,34.5 387,34.5\n",
        "text LimitWord(3) 38,30.5 Start 80%\n",
        "path Pole 210.5,116 210.5,10\n",
        "path Ink 210.5,11 210.5,3\n",
    ] {
        assert!(drawn.contains(expected), "{expected} in {drawn}");
    }
}

#[test]
fn an_alert_tells_its_story() {
    let points: Vec<Point> = (0..=60).map(|minute| (minute * 60_000, 200.0 + minute as f64 * 8.0)).collect();
    let marker =
        |minute: i64, kind: MarkerKind, label: &str| Marker { ms: minute * 60_000, kind, severity: 2, label: label.to_owned() };
    let plot = Plot {
        series: vec![series(1, &points), series(0, &points)],
        gap_ms: 90_000,
        y: Scale { unit: Unit::Milliseconds, ..Scale::default() },
        limits: vec![Limit { value: 500.0, severity: 2, label: "重大 500 ms 以上".to_owned() }],
        markers: vec![
            marker(38, MarkerKind::Crossed, "しきい値を超過"),
            marker(43, MarkerKind::Fired, "発報"),
            marker(20, MarkerKind::Flag, "デプロイ edge"),
        ],
        ..Plot::new(0, 3_900_000, Zone::utc(), Locale::Ja)
    };
    let drawn = display(&plot, Size::WIDE).to_string();
    for expected in [
        "text Tick 36,40 End ms\n",
        "path SeriesHeavy(1) ",
        "path Past ",
        "Start 重大 500 ms 以上\n",
        "circle Ring ",
        "Start 00:38:00\n",
        "Start しきい値を超過\n",
        "Start 00:43:00\n",
        "Middle 5分継続\n",
        "End 00:20 デプロイ edge\n",
        "circle SeriesDot(1) ",
        "Start 680\n",
    ] {
        assert!(drawn.contains(expected), "{expected} in {drawn}");
    }
    assert_eq!(drawn.matches("fill Shape(2)").count(), 2, "the limit's and the firing's: {drawn}");
}

#[test]
fn a_limit_far_outside_the_axis_is_pointed_at_from_the_edge() {
    let mut plot = plot(vec![series(1, &[(0, 4.0), (60_000, 9.0)])]);
    plot.bands = vec![Band::above(3, 80.0)];
    plot.limits = vec![Limit { value: 80.0, severity: 3, label: String::new() }];
    let small = drawn(&plot);
    assert!(small.contains("text LimitWord(3) 38,25 Start ↑ 80%\n"), "{small}");
    assert!(!small.contains("path Limit(3)") && !small.contains("rect Band(3)"), "{small}");
    let large = display(&plot, Size::WIDE).to_string();
    assert!(large.contains("Start ↑ 80%\n") && large.contains("circle Shape(3)"), "{large}");
}

#[test]
fn a_moment_without_a_sample_still_stands_where_it_belongs() {
    // Fired in a hole of the data, two minutes after the last sample: on its limit, not in mid-air.
    let points: Vec<Point> = (0..=10).map(|minute| (minute * 60_000, 40.0 + minute as f64 * 5.0)).collect();
    let fired = Marker { ms: 900_000, kind: MarkerKind::Fired, severity: 3, label: "fired".to_owned() };
    let crossed = Marker { ms: 500_000, kind: MarkerKind::Crossed, severity: 3, label: "crossed".to_owned() };
    let plot = Plot {
        series: vec![series(1, &points)],
        gap_ms: 90_000,
        y: Scale { min: Some(0.0), max: Some(100.0), unit: Unit::Percent, ..Scale::default() },
        limits: vec![Limit { value: 80.0, severity: 3, label: String::new() }],
        markers: vec![crossed, fired],
        ..Plot::new(0, 1_200_000, Zone::utc(), Locale::En)
    };
    let frame = Frame::of(&plot, Size::PANEL);
    let drawn = drawn(&plot);
    let ring = format!("circle Ring {},{} 4.5", short(hair(frame.x(480_000))), short(frame.y(80.0)));
    let mark = format!("circle Shape(3) {},{} ", short(hair(frame.x(900_000))), short(frame.y(80.0)));
    assert!(drawn.contains(&ring) && drawn.contains(&mark), "{ring} {mark} in {drawn}");
}

/// A coordinate as the drawing writes it.
fn short(value: f64) -> String {
    crate::display::number(value as f32)
}

#[test]
fn on_a_logarithmic_axis_decades_are_equally_high_and_zero_is_left_out() {
    let mut plot = plot(vec![series(1, &[(0, 1.0), (15_000, 0.0), (30_000, 10.0), (60_000, 100.0)])]);
    plot.y = Scale { axis: Axis::Log, ..Scale::default() };
    let drawn = drawn(&plot);
    assert!(drawn.contains("text Tick 28,120 End 1\ntext Tick 28,69 End 10\ntext Tick 28,18 End 100\n"), "{drawn}");
    assert_eq!(drawn.matches("path Minor").count(), 2 * 8, "{drawn}");
    assert!(drawn.contains("circle SeriesDot(1) 34,116 1.5\n"), "alone before the hole: {drawn}");
    assert!(drawn.contains("path Series(1) 210.5,65 387,14\n"), "{drawn}");
    assert!(!drawn.contains("hatch"), "nothing is missing: {drawn}");
}

#[test]
fn areas_that_begin_before_the_frame_stand_on_each_other_at_its_edges() {
    let mut bottom = series(1, &[(-30_000, 20.0), (30_000, 20.0), (90_000, 20.0)]);
    let mut top = series(2, &[(-30_000, 30.0), (30_000, 30.0), (90_000, 30.0)]);
    (bottom.fill, top.fill) = (true, true);
    let mut plot = plot(vec![bottom, top]);
    plot.stacked = true;
    let drawn = drawn(&plot);
    assert!(drawn.contains("fill SeriesFill(2) 34,65 210.5,65 387,65 387,95.6 210.5,95.6 34,95.6\n"), "{drawn}");
}

#[test]
fn the_last_value_never_runs_into_the_words_above_the_frame() {
    let number = |value: f64| {
        let plot = plot(vec![series(1, &[(0, 0.0), (60_000, value)])]);
        let frame = Frame::of(&plot, Size::WIDE);
        let drawn = display(&plot, Size::WIDE).to_string();
        let line = drawn.lines().find(|line| line.starts_with("text Strong")).unwrap().to_owned();
        let baseline: f64 = line.split([' ', ',']).nth(3).unwrap().parse().unwrap();
        (baseline, frame)
    };
    let (baseline, frame) = number(100.0);
    assert!(baseline > frame.top + 10.0, "below its dot: {baseline}");
    let (baseline, frame) = number(50.0);
    assert!(baseline < frame.y(50.0), "above its dot: {baseline}");
}
