use super::*;
use crate::display::Size;
use crate::draw::{display, display_in};
use crate::plot::{Limit, Marks, Plot, Scale, Series};
use crate::pyramid::Pyramids;
use crate::value_ticks::value_ticks;
use figures::{Locale, Zone};
use proptest::prelude::*;

fn plot(axis: Axis, unit: Unit, max: f64, values: &[f64]) -> Plot {
    let points = values.iter().enumerate().map(|(index, value)| (index as i64 * 30_000, *value)).collect();
    let series = Series { name: "one".to_owned(), style: 1, points, fill: false };
    let y = Scale { max: Some(max), unit, axis, ..Scale::default() };
    Plot { series: vec![series], y, ..Plot::new(0, 60_000, Zone::utc(), Locale::En) }
}

/// The frame is 353 wide and 102 high, and goes from 0 to 100 %.
fn percents() -> Plot {
    plot(Axis::Linear, Unit::Percent, 100.0, &[10.0, 90.0, 10.0])
}

fn is_near(found: Option<Cut>, low: f64, high: f64) -> bool {
    let near = |one: f64, other: f64| (one - other).abs() <= 1e-6 * other.abs().max(1.0);
    found.is_some_and(|cut| near(cut.low, low) && near(cut.high, high))
}

fn drawn(plot: &Plot, cut: Cut) -> String {
    let frame = Frame::of(plot, Size::PANEL).cut(cut, plot.y.unit);
    display_in(plot, &frame, &Pyramids::default()).to_string()
}

#[test]
fn a_drag_chooses_what_lies_between_its_ends_in_either_direction() {
    let frame = Frame::of(&percents(), Size::PANEL);
    for (one_px, other_px) in [(14.0, 65.0), (65.0, 14.0), (-40.0, 65.0)] {
        assert!(is_near(Cut::between(&frame, one_px, other_px), 50.0, 100.0), "{one_px} {other_px}");
    }
    assert_eq!(Cut::between(&frame, 30.0, 30.0), None);
}

#[test]
fn what_is_pointed_at_stays_where_it_stands_and_the_whole_is_no_part() {
    let plot = percents();
    let frame = Frame::of(&plot, Size::PANEL);
    let whole = frame.bounds;
    let nearer = Cut::scaled(&frame, &whole, 0.5, 65.0);
    assert!(is_near(nearer, 25.0, 75.0), "{nearer:?}");
    let frame = frame.cut(nearer.unwrap(), plot.y.unit);
    assert!(frame.is_cut && (frame.value_at(65.0) - 50.0).abs() < 1e-9);
    let at_the_edge = Cut::scaled(&frame, &whole, 0.5, 116.0);
    assert!(is_near(at_the_edge, 25.0, 50.0), "{at_the_edge:?}");
    assert_eq!(Cut::scaled(&frame, &whole, 4.0, 65.0), None, "more than the whole is the whole");
    assert!(is_near(Cut::scaled(&frame, &whole, 1.5, 116.0), 25.0, 100.0));
}

#[test]
fn nearer_and_back_is_the_whole_wherever_it_is_pointed_at() {
    let plot = percents();
    let whole = Frame::of(&plot, Size::PANEL);
    for y_px in [14.0, 31.7, 65.3, 99.9, 116.0] {
        let nearer = whole.cut(Cut::scaled(&whole, &whole.bounds, 0.5, y_px).unwrap(), plot.y.unit);
        assert_eq!(Cut::scaled(&nearer, &whole.bounds, 2.0, y_px), None, "{y_px}");
    }
}

#[test]
fn a_part_moves_as_far_as_the_axis_goes_and_the_whole_does_not() {
    let plot = percents();
    let frame = Frame::of(&plot, Size::PANEL);
    let whole = frame.bounds;
    assert_eq!(Cut::moved(&frame, &whole, 0.25), None);
    let frame = frame.cut(Cut { low: 20.0, high: 60.0 }, plot.y.unit);
    assert!(is_near(Cut::moved(&frame, &whole, 0.25), 30.0, 70.0));
    assert!(is_near(Cut::moved(&frame, &whole, 9.0), 60.0, 100.0));
    assert!(is_near(Cut::moved(&frame, &whole, -9.0), 0.0, 40.0));
}

#[test]
fn parts_of_logarithmic_axes_are_logarithmic() {
    let plot = plot(Axis::Log, Unit::None, 1e9, &[1.0, 900.0, 5_000.0]);
    let frame = Frame::of(&plot, Size::PANEL);
    assert_eq!((frame.bounds.low, frame.bounds.high), (1.0, 10_000.0));
    let nearer = Cut::scaled(&frame, &frame.bounds, 0.5, 65.0);
    assert!(is_near(nearer, 10.0, 1_000.0), "{nearer:?}");
    let cut = frame.cut(nearer.unwrap(), plot.y.unit);
    let labels: Vec<String> = value_ticks(cut.bounds, Unit::None).into_iter().map(|tick| tick.label).collect();
    assert_eq!(labels, ["10", "100", "1k"]);
    assert_eq!(frame.cut(Cut { low: 0.0, high: 5.0 }, plot.y.unit), frame, "zero has no place there");
}

#[test]
fn parts_of_symlog_axes_keep_their_knee_and_have_labels() {
    let plot = plot(Axis::Symlog, Unit::None, 1e9, &[-30.0, 900.0, 5_000.0]);
    let frame = Frame::of(&plot, Size::PANEL);
    let cut = frame.cut(Cut { low: 200.0, high: 800.0 }, plot.y.unit);
    assert_eq!((cut.bounds.axis, cut.bounds.knee), (Axis::Symlog, frame.bounds.knee));
    let labels: Vec<String> = value_ticks(cut.bounds, Unit::None).into_iter().map(|tick| tick.label).collect();
    assert_eq!(labels, ["200", "400", "600", "800"]);
}

#[test]
fn a_line_ends_where_it_leaves_the_axis() {
    let drawn = drawn(&percents(), Cut { low: 0.0, high: 50.0 });
    let lines: Vec<&str> = drawn.lines().filter(|line| line.starts_with("path Series(1)")).collect();
    assert_eq!(lines, ["path Series(1) 34,95.6 122.3,14", "path Series(1) 298.8,14 387,95.6"]);
    assert!(drawn.contains("End 20\n") && drawn.contains("End 40\n") && !drawn.contains("End 100\n"), "{drawn}");
}

#[test]
fn a_line_that_jumps_over_the_axis_crosses_it_from_edge_to_edge() {
    let bounds = Bounds::linear(40.0, 60.0, 10.0);
    let stretches = inside(&[(0, 0.0), (100, 100.0), (200, 50.0)], &bounds);
    assert_eq!(stretches, [vec![(40, 40.0), (60, 60.0)], vec![(180, 60.0), (200, 50.0)]]);
    assert!(inside(&[(0, 0.0), (100, 39.0)], &bounds).is_empty());
    let kept = [(0, 40.0), (10, 60.0)];
    assert_eq!(inside(&kept, &bounds), [kept.to_vec()]);
}

#[test]
fn crossings_stand_where_the_picture_has_them_on_a_logarithmic_axis() {
    let bounds = Bounds { low: 1.0, high: 100.0, step: 1.0, axis: Axis::Log, knee: 0.0 };
    assert_eq!(inside(&[(0, 1.0), (400, 10_000.0)], &bounds), [vec![(0, 1.0), (200, 100.0)]]);
}

#[test]
fn what_is_filled_is_cut_along_the_edge() {
    let bounds = Bounds::linear(0.0, 50.0, 10.0);
    let outline = [(0, 0.0), (100, 100.0), (100, 0.0), (0, 0.0)];
    assert_eq!(flattened(&outline, &bounds), [(0, 0.0), (50, 50.0), (100, 50.0), (100, 50.0), (100, 0.0), (0, 0.0)]);
}

#[test]
fn a_limit_outside_of_the_part_is_pointed_at() {
    let mut plot = percents();
    plot.limits = vec![Limit { value: 80.0, severity: 1, label: String::new() }];
    assert!(drawn(&plot, Cut { low: 0.0, high: 50.0 }).contains("Start ↑ 80%\n"));
    assert!(drawn(&plot, Cut { low: 85.0, high: 95.0 }).contains("Start ↓ 80%\n"));
}

#[test]
fn bars_and_points_stay_within_their_part() {
    for marks in [Marks::Bars, Marks::Points] {
        let mut plot = percents();
        plot.marks = marks;
        let drawn = drawn(&plot, Cut { low: 0.0, high: 50.0 });
        let heights = drawn.lines().filter_map(|line| line.strip_prefix("circle SeriesDot(1) "));
        assert!(heights.clone().all(|at| at.contains(",95.6 ")), "{drawn}");
        assert_eq!(heights.count(), if marks == Marks::Points { 2 } else { 0 });
    }
}

#[test]
fn counted_things_have_ticks_between_two_of_them() {
    let bounds = bounds(&Bounds::linear(0.0, 10.0, 2.0), Cut { low: 2.0, high: 3.0 }, Unit::Count, 4).unwrap();
    assert!(value_ticks(bounds, Unit::Count).len() >= 2, "{bounds:?}");
}

#[test]
fn the_whole_axis_is_drawn_as_it_always_is() {
    let plot = percents();
    let frame = Frame::of(&plot, Size::PANEL);
    assert_eq!(display_in(&plot, &frame, &Pyramids::default()), display(&plot, Size::PANEL));
}

proptest! {
    #[test]
    fn values_and_heights_are_inverse_on_every_axis(share in 0.0f64..=1.0) {
        for axis in Axis::ALL {
            let bounds = Bounds { low: 0.5, high: 4_000.0, step: 1.0, axis, knee: 1.0 };
            prop_assert!((bounds.share(bounds.value_at(share)) - share).abs() < 1e-9);
        }
    }

    #[test]
    fn however_near_a_reader_goes_the_axis_has_ticks(turns in 1usize..60, y_px in 14.0f64..116.0) {
        for axis in Axis::ALL {
            let plot = plot(axis, Unit::None, 1e9, &[1.0, 300.0, 5_000.0]);
            let whole = Frame::of(&plot, Size::PANEL);
            let mut frame = whole;
            for _ in 0..turns {
                if let Some(cut) = Cut::scaled(&frame, &whole.bounds, 0.5, y_px) {
                    frame = whole.cut(cut, plot.y.unit);
                }
            }
            prop_assert!(!value_ticks(frame.bounds, Unit::None).is_empty(), "{:?}", frame.bounds);
            prop_assert!(frame.bounds.low >= whole.bounds.low && frame.bounds.high <= whole.bounds.high);
        }
    }
}
