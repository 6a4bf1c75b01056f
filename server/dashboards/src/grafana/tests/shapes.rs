//! Overrides and transformations: what a panel here can say is said, and the rest is listed.

use super::{Import, board, imported, is_listed, panel};
use dashboard::{Column, Kind, Matching, Panel, Reduce, SeriesOverride, Sort};
use figures::Unit;
use serde_json::json;

const POSTGRES: &str = include_str!("../fixtures/postgres.json");

fn of(panel: &Panel) -> Vec<(String, String, Option<Unit>, bool)> {
    panel.series.iter().map(|one| (one.matching.text(), one.name.clone(), one.unit, one.is_hidden)).collect()
}

fn said(matching: &str, name: &str, unit: Option<Unit>, is_hidden: bool) -> (String, String, Option<Unit>, bool) {
    (matching.to_owned(), name.to_owned(), unit, is_hidden)
}

#[test]
fn series_are_renamed_and_hidden_by_name_expression_and_query() {
    let postgres: Import = imported(POSTGRES);
    let traffic: &Panel = panel(&postgres, "network-traffic");
    assert_eq!(
        of(traffic),
        [
            said("/^(.*?)(.*) - Receive(.*)$/", "${1}${2} in${3}", None, false),
            said("/^lo .*/", "", None, true),
            said("query 2", "{{device}} out", None, false),
        ]
    );
    for (path, what) in [
        ("panels[0].fieldConfig.overrides[0]", "/.*Trans.*/: custom.transform"),
        ("panels[0].fieldConfig.overrides[3]", "eth0 - Receive: color, custom.lineWidth"),
        ("panels[0].fieldConfig.overrides[4]", "number: decimals"),
    ] {
        assert!(is_listed(&postgres, path, what), "{path} {what}: {:#?}", postgres.not_mapped);
    }
    assert!(!is_listed(&postgres, "panels[0].transformations[0]", ""));
}

#[test]
fn a_graph_has_one_axis_and_what_asks_for_another_is_listed() {
    let postgres: Import = imported(POSTGRES);
    assert_eq!(of(panel(&postgres, "connections-and-latency")), [said("latency", "Latency", None, false)]);
    let listed = postgres.not_mapped.iter().find(|note| note.path.starts_with("panels[1].fieldConfig.overrides[0]")).unwrap();
    assert_eq!(listed.what, "latency: unit, custom.axisPlacement");
    assert!(listed.why.en.contains("one value axis"), "{listed:?}");
}

#[test]
fn a_table_keeps_its_columns_their_names_units_and_order() {
    let postgres: Import = imported(POSTGRES);
    let databases: &Panel = panel(&postgres, "databases");
    assert_eq!(databases.queries[0].expr, "1048576 * (pg_database_size_bytes)");
    assert!(databases.queries[1].expr.starts_with("100 * (sum by"), "{}", databases.queries[1].expr);
    assert_eq!(of(databases), [said("query 1", "", Some(Unit::Bytes), false), said("query 2", "", Some(Unit::Percent), false)]);
    assert_eq!(databases.series[0].decimals, Some(1));
    let column = |name: &str, title: &str, is_hidden: bool| Column { name: name.to_owned(), title: title.to_owned(), is_hidden };
    assert_eq!(
        databases.table.columns,
        [
            column("datname", "Database", false),
            column("query 3", "Connections", false),
            column("query 1", "Size", false),
            column("query 2", "", false),
            column("job", "", true),
            column("server", "Server", false),
        ]
    );
    assert_eq!(databases.table.sort, Some(Sort { column: "query 1".to_owned(), is_falling: true }));
    assert_eq!(databases.table.limit, Some(25));
    assert!(is_listed(&postgres, "panels[2].fieldConfig.overrides[0]", "Size: custom.width"));
    assert!(is_listed(&postgres, "panels[2].fieldConfig.overrides[3]", "server: links"));
    assert!(is_listed(&postgres, "panels[2].transformations[4]", "calculateField"));
    for path in ["panels[2].transformations[0]", "panels[2].transformations[1]", "panels[2].fieldConfig.overrides[2]"] {
        assert!(!is_listed(&postgres, path, ""), "{path}: {:#?}", postgres.not_mapped);
    }
}

#[test]
fn one_number_of_many_is_asked_for() {
    let postgres: Import = imported(POSTGRES);
    let busiest: &Panel = panel(&postgres, "busiest-tables");
    assert_eq!(busiest.queries[0].expr, "max_over_time((rate(pg_stat_user_tables_n_tup_upd[5m]))[$__range:$__interval])");
    assert!(busiest.queries[0].is_instant);
    let names: Vec<(&str, bool)> = busiest.table.columns.iter().map(|column| (column.name.as_str(), column.is_hidden)).collect();
    assert_eq!(names, [("relname", false), ("query 1", false), ("*", true)]);
    assert!(is_listed(&postgres, "panels[3].transformations[0]", "reduce"), "its second reduction");
    let locks: &Panel = panel(&postgres, "locks");
    assert_eq!(locks.kind, Kind::Stat(Reduce::Max));
    assert_eq!(
        of(locks),
        [
            said("accesssharelock", "Shared", None, false),
            said("wait", "Longest wait", Some(Unit::Seconds), false),
            said("query 1", "", Some(Unit::Percent), false),
        ]
    );
    assert_eq!((locks.queries[0].expr.as_str(), locks.series[1].decimals), ("100 * (pg_locks_count)", Some(2)));
}

#[test]
fn what_is_said_of_a_query_follows_it_when_another_is_taken_out() {
    let targets = json!([{"refId": "A", "expr": "sum("}, {"refId": "B", "expr": "up"}, {"refId": "C", "expr": "1"}]);
    let overrides = json!([
        {"matcher": {"id": "byFrameRefID", "options": "A"}, "properties": [{"id": "displayName", "value": "a"}]},
        {"matcher": {"id": "byFrameRefID", "options": "C"}, "properties": [{"id": "displayName", "value": "c"}]},
    ]);
    let panels = vec![json!({"type": "stat", "title": "A", "targets": targets, "fieldConfig": {"overrides": overrides}})];
    let import: Import = board(panels);
    let one = SeriesOverride { matching: Matching::Query(1), name: "c".to_owned(), ..SeriesOverride::default() };
    assert_eq!(panel(&import, "a").series, [one]);
}

#[test]
fn a_series_without_a_name_of_its_own_is_found_by_its_query() {
    let transformations = json!([{"id": "organize", "options": {"renameByName": {"Value": "Up", "Time": "When"}}}]);
    let panels = vec![json!({"type": "stat", "title": "A", "targets": [{"expr": "up"}], "transformations": transformations})];
    let import: Import = board(panels);
    assert_eq!(of(panel(&import, "a")), [said("query 1", "Up", None, false)]);
    assert!(import.not_mapped.is_empty(), "{:#?}", import.not_mapped);
}

#[test]
fn what_is_switched_off_does_nothing_and_what_is_unknown_is_listed_by_name() {
    let transformations = json!([
        {"id": "organize", "disabled": true, "options": {"renameByName": {"a": "b"}}},
        {"id": "groupBy", "options": {}},
        {"id": "renameByRegex", "options": {"regex": "(?!a)", "renamePattern": "b"}},
        {"id": "sortBy", "options": {"sort": [{"field": "Time"}]}},
    ]);
    let panels =
        vec![json!({"type": "timeseries", "title": "A", "targets": [{"expr": "up"}], "transformations": transformations})];
    let import: Import = board(panels);
    assert!(panel(&import, "a").series.is_empty());
    let listed: Vec<&str> = import.not_mapped.iter().map(|note| note.what.as_str()).collect();
    assert_eq!(listed, ["groupBy", "renameByRegex", "sortBy"]);
}
