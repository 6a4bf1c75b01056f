//! What each kind of panel makes of its answers.

use super::*;
use dashboard::{Judge, Legend, Note, Reduce, Table, TableRow};
use figures::Unit;

fn judge(value: f64, severity: Severity) -> Judge {
    Judge { value, severity, is_below: false, label: Said::same("much") }
}

fn of(kind: Kind) -> Panel {
    panel("a", kind, vec![query("x", "{{host}}")])
}

fn hosts(values: &[(&str, &[f64])], step_ms: i64) -> Fake {
    Fake::default().range("x", values.iter().map(|(host, values)| line(&[("host", host)], step_ms, values)).collect())
}

#[test]
fn a_line_has_its_thresholds_its_axis_and_its_legend() {
    let written = Panel {
        judges: vec![judge(80.0, Severity::P2)],
        unit: Unit::Percent,
        min: Some(0.0),
        max: Some(100.0),
        legend: vec![Legend::Last, Legend::P95],
        ..of(Kind::Lines(Lines::Bars))
    };
    let shown = one(&hosts(&[("a", &[1.0])], 10_000), written);
    let Body::Figure { figure: Figure::Plot(plot), legend } = &shown.body else { panic!("{:?}", shown.body) };
    assert_eq!((plot.limits[0].value, plot.limits[0].severity, plot.limits[0].label.as_str()), (80.0, 2, "much"));
    assert_eq!((plot.bands[0].low, plot.y.max, plot.marks), (Some(80.0), Some(100.0), chart::Marks::Bars));
    assert_eq!(legend, &[Legend::Last, Legend::P95]);
}

#[test]
fn a_stat_is_a_number_with_its_judgement_and_its_way() {
    let written = Panel { judges: vec![judge(5.0, Severity::P1)], ..of(Kind::Stat(Reduce::Max)) };
    let shown = one(&hosts(&[("b", &[2.0]), ("a", &[1.0, 9.0, 3.0])], 10_000), written);
    let Body::Stats(stats) = &shown.body else { panic!("{:?}", shown.body) };
    assert_eq!((stats[0].name.as_str(), stats[0].value, stats[0].severity), ("a", 9.0, Some(Severity::P1)));
    assert_eq!((stats[0].spark.len(), stats[1].spark.len(), stats[1].severity), (3, 0, None));
}

#[test]
fn the_newest_number_is_asked_for_at_the_end_where_steps_are_long() {
    let fake = hosts(&[("a", &[1.0])], 10_000).instant("x", &[(&[("host", "a")], 7.0), (&[("host", "new")], 8.0)]);
    let week = Asked { span: Ask::Last("7d".to_owned()), now: NOW.plus_ms(60_000), ..asked() };
    let shown = seen(&fake, &board(vec![of(Kind::Stat(Reduce::Last))]), &week);
    let Body::Stats(stats) = &shown.rows[0].panels[0].body else { panic!("{shown:?}") };
    let values: Vec<(&str, f64)> = stats.iter().map(|stat| (stat.name.as_str(), stat.value)).collect();
    assert_eq!(values, [("a", 7.0), ("new", 8.0)]);
}

#[test]
fn gauges_of_a_panel_share_their_scale() {
    let written = Panel { judges: vec![judge(90.0, Severity::P2)], unit: Unit::Percent, ..of(Kind::Gauge(Reduce::Last)) };
    let shown = one(&hosts(&[("a", &[95.0]), ("b", &[f64::NAN])], 10_000), written);
    let Body::Gauges(gauges) = &shown.body else { panic!("{:?}", shown.body) };
    assert_eq!((gauges[0].gauge.low, gauges[0].gauge.high, gauges[0].severity), (0.0, 100.0, Some(Severity::P2)));
    assert!(gauges[1].gauge.value.is_nan() && gauges[1].severity.is_none());
    assert_eq!(gauges[0].gauge.bands.len(), 1);
}

#[test]
fn a_pie_says_when_it_has_no_shares() {
    let shown = one(&hosts(&[("a", &[3.0]), ("b", &[1.0]), ("c", &[f64::NAN])], 10_000), of(Kind::Pie(Reduce::Last)));
    let Body::Figure { figure: Figure::Pie(pie), .. } = &shown.body else { panic!("{:?}", shown.body) };
    assert_eq!((pie.slices.len(), pie.slices[1].style, shown.notes.len()), (2, 2, 0));
    let negative = one(&hosts(&[("a", &[-3.0])], 10_000), of(Kind::Pie(Reduce::Last)));
    assert_eq!(negative.notes, [Note::NotShares]);
}

fn buckets(step_ms: i64) -> Fake {
    let of = |le: &str, values: &[f64]| line(&[("le", le)], step_ms, values);
    Fake::default().range("x", vec![of("+Inf", &[4.0, 9.0]), of("0.1", &[1.0, 2.0]), of("0.5", &[3.0, 2.0])])
}

#[test]
fn a_heat_map_shows_what_lies_between_its_edges() {
    let shown = one(&buckets(60_000), of(Kind::HeatMap));
    let Body::Figure { figure: Figure::Heat(heat), .. } = &shown.body else { panic!("{:?}", shown.body) };
    assert_eq!((heat.column_ms, heat.first_ms), (60_000, NOW.0 - HOUR_MS - 60_000));
    let last: Vec<(f64, f64, &[f64])> = heat.rows.iter().map(|row| (row.low, row.high, &row.counts[59..])).collect();
    assert_eq!(last, [(0.0, 0.1, &[1.0, 2.0][..]), (0.1, 0.5, &[2.0, 0.0][..]), (0.5, f64::INFINITY, &[1.0, 7.0][..])]);
    assert!(heat.rows[0].counts[58].is_nan());
}

#[test]
fn a_heat_map_of_values_counts_them_in_buckets_of_its_own() {
    let shown = one(&hosts(&[("a", &[1.0]), ("b", &[1.0]), ("c", &[21.0])], 60_000), of(Kind::HeatMap));
    let Body::Figure { figure: Figure::Heat(heat), .. } = &shown.body else { panic!("{:?}", shown.body) };
    let at_end: Vec<f64> = heat.rows.iter().map(|row| row.counts[60]).collect();
    assert_eq!((heat.rows[0].low, at_end[0], at_end[at_end.len() - 1]), (1.0, 2.0, 1.0));
}

#[test]
fn a_histogram_is_of_the_buckets_at_the_end_or_of_all_values() {
    let shown = one(&buckets(10_000), of(Kind::Histogram));
    let Body::Figure { figure: Figure::Histogram(histogram), .. } = &shown.body else { panic!("{:?}", shown.body) };
    let bins: Vec<(f64, f64)> = histogram.bins.iter().map(|bin| (bin.high, bin.count)).collect();
    assert_eq!(bins, [(0.1, 2.0), (0.5, 0.0), (f64::INFINITY, 7.0)]);
    let shown = one(&hosts(&[("a", &[0.5, 1.5, 1.6])], 10_000), of(Kind::Histogram));
    let Body::Figure { figure: Figure::Histogram(histogram), .. } = &shown.body else { panic!("{:?}", shown.body) };
    assert!((histogram.bins.iter().map(|bin| bin.count).sum::<f64>() - 3.0).abs() < 1e-9);
}

#[test]
fn states_are_runs_of_equal_values_with_their_names() {
    let names = vec![(1.0, Said { ja: "稼働".to_owned(), en: "up".to_owned() }), (0.0, Said::same("down"))];
    let values = [("a", &[1.0, 1.0, 0.0, f64::NAN, 7.0, 7.0][..])];
    let shown = one(&hosts(&values, 10_000), of(Kind::States(names.clone())));
    let Body::Figure { figure: Figure::States(states), .. } = &shown.body else { panic!("{:?}", shown.body) };
    let spans: Vec<(i64, i64, &str, u8)> = states.lanes[0]
        .spans
        .iter()
        .map(|span| (span.from_ms - NOW.0, span.to_ms - NOW.0, span.label.as_str(), span.style))
        .collect();
    assert_eq!(spans, [(-50_000, -30_000, "up", 1), (-30_000, -20_000, "down", 2), (-10_000, 0, "7", 3)]);
    let below = Judge { is_below: true, ..judge(0.0, Severity::P1) };
    let judged = one(&hosts(&values, 10_000), Panel { judges: vec![below], ..of(Kind::States(names)) });
    let Body::Figure { figure: Figure::States(states), .. } = &judged.body else { panic!("{:?}", judged.body) };
    assert_eq!(states.lanes[0].spans.iter().map(|span| span.style).collect::<Vec<u8>>(), [0, 102, 0]);
}

fn table(fake: &Fake, queries: Vec<Query>, judges: Vec<Judge>) -> (Table, Vec<Note>) {
    let shown = one(fake, Panel { judges, ..panel("a", Kind::Table, queries) });
    match shown.body {
        Body::Table(table) => (table, shown.notes),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_table_has_a_line_for_each_set_of_labels_and_a_column_for_each_query() {
    let fake = Fake::default()
        .instant("x", &[(&[("__name__", "x"), ("host", "b")], 1.0), (&[("__name__", "x"), ("host", "a")], 2.0)])
        .instant("rate(y[1m])", &[(&[("host", "a")], 9.0), (&[("host", "c"), ("job", "j")], f64::INFINITY)]);
    let (found, _) = table(&fake, vec![query("x", ""), query("rate(y[1m])", "a second")], vec![judge(5.0, Severity::P2)]);
    assert_eq!(
        (found.labels.as_slice(), found.values.as_slice()),
        (["host", "job"].map(str::to_owned).as_slice(), ["x", "a second"].map(str::to_owned).as_slice())
    );
    let row = |name: &str, job: &str, values: [Option<f64>; 2], severity: Option<Severity>| TableRow {
        labels: vec![name.to_owned(), job.to_owned()],
        values: values.to_vec(),
        severity,
    };
    assert_eq!(
        found.rows,
        [
            row("a", "", [Some(2.0), Some(9.0)], Some(Severity::P2)),
            row("b", "", [Some(1.0), None], None),
            row("c", "j", [None, Some(f64::INFINITY)], Some(Severity::P2)),
        ]
    );
}

#[test]
fn a_table_keeps_an_order_that_means_something_and_names_that_tell_apart() {
    let fake = Fake::default()
        .instant("topk(2, x)", &[(&[("host", "b")], 9.0), (&[("host", "a")], 1.0)])
        .instant("{job=\"j\"}", &[(&[("__name__", "up"), ("job", "j")], 1.0), (&[("__name__", "down"), ("job", "j")], 2.0)]);
    let (found, _) = table(&fake, vec![query("topk(2, x)", "{{host}}")], Vec::new());
    assert_eq!(found.rows.iter().map(|row| row.labels[0].as_str()).collect::<Vec<&str>>(), ["b", "a"]);
    assert_eq!(found.values, ["x"]);
    let (found, _) = table(&fake, vec![query("{job=\"j\"}", "")], Vec::new());
    assert_eq!((found.labels[0].as_str(), found.rows.len()), ("__name__", 2));
    assert_eq!(found.values, ["{job=\"j\"}"]);
}

#[test]
fn the_end_of_a_long_table_is_left_out_and_counted() {
    let hosts: Vec<String> = (0..600).map(|nth| format!("{nth:03}")).collect();
    let labels: Vec<[(&str, &str); 1]> = hosts.iter().map(|host| [("host", host.as_str())]).collect();
    let numbers: Vec<(&[(&str, &str)], f64)> = labels.iter().map(|labels| (labels.as_slice(), 1.0)).collect();
    let (found, notes) = table(&Fake::default().instant("x", &numbers), vec![query("x", "")], Vec::new());
    assert_eq!((found.rows.len(), notes), (500, vec![Note::RowsLeftOut { shown: 500, of: 600 }]));
}
