//! What a panel says of single series and of a table's columns.

use super::*;
use dashboard::{Column, Matching, Measure, Reduce, SeriesOverride, Sort, Table, TableLayout};
use figures::Unit;

fn tuned(matching: &str, name: &str) -> SeriesOverride {
    SeriesOverride { matching: Matching::from_text(matching), name: name.to_owned(), ..SeriesOverride::default() }
}

fn disks() -> Fake {
    let disk = |name: &str, value: f64| line(&[("device", name), ("host", "a")], 10_000, &[value]);
    Fake::default().range("x", vec![disk("sda", 1.0), disk("sdb", 2.0), disk("loop0", 3.0)])
}

#[test]
fn series_are_renamed_and_hidden_by_name_by_expression_and_by_query() {
    let hidden = SeriesOverride { is_hidden: true, ..tuned("/^loop/", "") };
    let series =
        vec![tuned("query 1", "of {{host}}"), hidden, tuned("/^sd(.)$/", "disk ${1} on {{host}}"), tuned("sdb", "second")];
    let written = Panel { series, ..panel("a", Kind::default(), vec![query("x", "{{device}}")]) };
    assert_eq!(names(plot(&one(&disks(), written))), [("disk a on a", 1), ("second", 2)]);
}

#[test]
fn an_expression_that_is_none_finds_nothing() {
    let written = Panel { series: vec![tuned("/(/", "x")], ..panel("a", Kind::default(), vec![query("x", "{{device}}")]) };
    assert_eq!(names(plot(&one(&disks(), written))).len(), 3);
}

#[test]
fn numbers_may_have_units_of_their_own() {
    let bytes = SeriesOverride { unit: Some(Unit::Bytes), decimals: Some(1), ..tuned("sda", "") };
    let written = Panel { series: vec![bytes], ..panel("a", Kind::Stat(Reduce::Last), vec![query("x", "{{device}}")]) };
    let shown = one(&disks(), written.clone());
    let Body::Stats(stats) = &shown.body else { panic!("{:?}", shown.body) };
    let measures: Vec<(&str, Measure)> = stats.iter().map(|stat| (stat.name.as_str(), stat.measure)).collect();
    let own = Measure { unit: Some(Unit::Bytes), decimals: Some(1) };
    assert_eq!(measures, [("loop0", Measure::default()), ("sda", own), ("sdb", Measure::default())]);
    let shown = one(&disks(), Panel { kind: Kind::Gauge(Reduce::Last), unit: Unit::Percent, ..written });
    let Body::Gauges(gauges) = &shown.body else { panic!("{:?}", shown.body) };
    assert_eq!((gauges[0].gauge.unit, gauges[1].gauge.unit), (Unit::Percent, Unit::Bytes));
}

#[test]
fn a_table_stands_as_it_is_said() {
    let fake = Fake::default()
        .instant("x", &[(&[("host", "a"), ("job", "j")], 1.0), (&[("host", "b"), ("job", "j")], 3.0)])
        .instant("y", &[(&[("host", "b"), ("job", "j")], 5.0), (&[("host", "c"), ("job", "j")], 6.0)]);
    let column = |name: &str, title: &str, is_hidden: bool| Column { name: name.to_owned(), title: title.to_owned(), is_hidden };
    let layout = TableLayout {
        columns: vec![column("query 2", "", false), column("host", "Machine", false), column("job", "", true)],
        sort: Some(Sort { column: "x".to_owned(), is_falling: true }),
        limit: Some(2),
    };
    let series = vec![SeriesOverride { unit: Some(Unit::Bytes), ..tuned("query 2", "Used") }];
    let written = Panel { series, table: layout, ..panel("a", Kind::Table, vec![query("x", ""), query("y", "")]) };
    let shown = one(&fake, written);
    let Body::Table(Table { labels, values, measures, rows }) = &shown.body else { panic!("{:?}", shown.body) };
    assert_eq!((labels.as_slice(), values.as_slice()), (&["Machine".to_owned()][..], &["Used".to_owned(), "x".to_owned()][..]));
    assert_eq!(measures.iter().map(|one| one.unit).collect::<Vec<Option<Unit>>>(), [Some(Unit::Bytes), None]);
    let lines: Vec<(&str, &[Option<f64>])> = rows.iter().map(|row| (row.labels[0].as_str(), row.values.as_slice())).collect();
    assert_eq!(lines, [("b", &[Some(5.0), Some(3.0)][..]), ("a", &[None, Some(1.0)][..])]);
}
