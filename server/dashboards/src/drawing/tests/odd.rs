//! Whatever comes in, a dashboard is drawn.

use super::*;
use chart::Axis;
use dashboard::{Note, Reduce};
use proptest::prelude::*;

/// One panel of every kind.
fn every_kind() -> Vec<Panel> {
    let lines = Lines::ALL.into_iter().map(Kind::Lines);
    let others = [
        Kind::Stat(Reduce::P95),
        Kind::Gauge(Reduce::Mean),
        Kind::HeatMap,
        Kind::States(vec![(1.0, Said::same("up"))]),
        Kind::Table,
        Kind::Histogram,
        Kind::Pie(Reduce::Sum),
    ];
    let of = |(nth, kind): (usize, Kind)| Panel {
        past_ms: Some(60_000),
        ..panel(&format!("p{nth}"), kind, vec![query("x", "{{host}}")])
    };
    lines.chain(others).enumerate().map(of).collect()
}

/// The bodies of all of them, each packed for its way to a browser where it is a picture.
fn bodies(fake: &Fake, change: impl Fn(&mut Panel), asked: &Asked) -> Vec<Body> {
    let mut panels: Vec<Panel> = every_kind();
    panels.iter_mut().for_each(change);
    let bodies: Vec<Body> = seen(fake, &board(panels), asked).rows.remove(0).panels.into_iter().map(|panel| panel.body).collect();
    for body in &bodies {
        if let Body::Figure { figure, .. } = body {
            let drawn: String = chart::svg_figure(figure, chart::Size::PANEL, "");
            assert!(!drawn.contains("<script>") && !drawn.contains("NaN"), "{drawn}");
            assert!(chart::unpack(&chart::pack(figure)).is_some());
        }
    }
    bodies
}

#[test]
fn nothing_is_nothing_everywhere() {
    assert!(bodies(&Fake::default(), |_| (), &asked()).iter().all(|body| *body == Body::Empty));
}

#[test]
fn one_point_is_drawn_everywhere() {
    let fake = Fake::default()
        .range("x", vec![line(&[("host", "a")], 10_000, &[5.0, 5.0, 5.0])])
        .instant("x", &[(&[("host", "a")], 5.0)]);
    assert!(bodies(&fake, |_| (), &asked()).iter().all(|body| *body != Body::Empty));
}

#[test]
fn what_is_no_number_breaks_nothing() {
    let odd = [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, f64::MAX, f64::MIN, 5e-324, -0.0];
    for value in odd {
        let of = |host: &str| line(&[("host", host)], 10_000, &[value, value]);
        let fake = Fake::default().range("x", vec![of("a"), of("b")]).instant("x", &[(&[("host", "a")], value)]);
        for axis in Axis::ALL {
            bodies(&fake, |panel| panel.axis = axis, &asked());
        }
    }
    let mixed = Fake::default().range("x", vec![line(&[("host", "a")], 10_000, &odd), line(&[("le", "1")], 10_000, &odd)]);
    bodies(&mixed, |_| (), &asked());
}

#[test]
fn what_has_no_place_on_a_logarithmic_axis_is_counted() {
    let fake = Fake::default().range("x", vec![line(&[("host", "a")], 10_000, &[-1.0, 0.0, 3.0])]);
    for kind in [Kind::default(), Kind::Histogram] {
        let shown = one(&fake, Panel { axis: Axis::Log, ..panel("a", kind, vec![query("x", "")]) });
        assert_eq!(shown.notes, [Note::NotOnAxis { count: 2 }], "{}", shown.kind);
    }
}

#[test]
fn ten_years_are_drawn_as_an_hour_is() {
    let hours_ms = 547_200_000;
    let fake =
        Fake::default().range("x", vec![line(&[("host", "a")], hours_ms, &[1.0; 700])]).instant("x", &[(&[("host", "a")], 2.0)]);
    let decade = Asked { span: Ask::Last("10y".to_owned()), ..asked() };
    assert!(bodies(&fake, |_| (), &decade).iter().all(|body| *body != Body::Empty));
}

#[test]
fn names_of_any_length_direction_and_markup_stay_names() {
    let long = "長".repeat(4_096);
    let odd = [long.as_str(), "<script>alert(1)</script>", "\u{202e}txt.exe", "שלום", "a\n\u{0}b", "{{host}}", "\"'&"];
    let lines_of = odd.iter().map(|host| line(&[("host", host)], 10_000, &[1.0, 2.0])).collect();
    let numbers: Vec<[(&str, &str); 1]> = odd.iter().map(|host| [("host", *host)]).collect();
    let numbers: Vec<(&[(&str, &str)], f64)> = numbers.iter().map(|labels| (labels.as_slice(), 1.0)).collect();
    let fake = Fake::default().range("x", lines_of).instant("x", &numbers);
    bodies(&fake, |_| (), &asked());
    let shown = one(&fake, lines("x"));
    let found: Vec<&str> = names(plot(&shown)).into_iter().map(|(name, _)| name).collect();
    assert!(found.iter().all(|name| name.chars().count() <= dashboard::MOST_NAME + 1), "{found:?}");
    for name in ["<script>alert(1)</script>", "txt.exe", "שלום", "a b", "{{host}}", "\"'&"] {
        assert!(found.contains(&name), "{name}: {found:?}");
    }
}

#[test]
fn a_thousand_series_are_fifty() {
    let all = (0..1_000).map(|nth| line(&[("host", &format!("{nth:04}"))], 10_000, &[f64::from(nth)])).collect();
    let shown = one(&Fake::default().range("x", all), lines("x"));
    let found = names(plot(&shown));
    assert_eq!((found.len(), found[0], found[49]), (50, ("0950", 1), ("0999", 2)));
    assert_eq!(shown.notes, [Note::SeriesLeftOut { shown: 50, of: 1_000 }]);
}

#[test]
fn a_zoomed_span_may_be_a_second_long() {
    let fake = Fake::default().range("x", vec![line(&[("host", "a")], 1_000, &[1.0, 2.0, 3.0])]);
    let second = Asked { span: Ask::Between(NOW.plus_ms(-1_500), NOW.plus_ms(-500)), ..asked() };
    let shown = seen(&fake, &board(vec![lines("x")]), &second);
    assert_eq!((shown.step_ms, shown.is_now, shown.range.as_str()), (1_000, false, ""));
    assert_eq!(plot(&shown.rows[0].panels[0]).series[0].points.len(), 2);
}

proptest! {
    #[test]
    fn whatever_the_values_are_every_kind_is_drawn(
        values in prop::collection::vec(prop_oneof![any::<f64>(), Just(0.0), Just(f64::NAN), -5.0..5.0_f64], 0..30),
        edges in prop::collection::vec("[+-]?(Inf|NaN|[0-9]{1,3})|", 1..5),
        step_ms in prop_oneof![Just(10_000_i64), Just(60_000), 1_i64..200_000],
    ) {
        let found = edges.iter().map(|edge| line(&[("host", "a"), ("le", edge)], step_ms, &values)).collect();
        bodies(&Fake::default().range("x", found), |_| (), &asked());
    }
}
