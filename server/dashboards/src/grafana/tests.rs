//! Two boards in the shapes people share, and files that are none.

mod shapes;

use super::*;
use dashboard::{Kind, Lines, Offer, Panel, Query, Reduce, Row, Variable, check};
use figures::Unit;
use model::Severity;
use proptest::prelude::*;
use serde_json::json;

const HOSTS: &str = include_str!("fixtures/hosts.json");
const HTTP: &str = include_str!("fixtures/http.json");

fn imported(text: &str) -> Import {
    let import: Import = read(text).unwrap();
    assert_eq!(check(&import.dashboard), Vec::new());
    import
}

fn panel<'i>(import: &'i Import, id: &str) -> &'i Panel {
    import.dashboard.panel(id).unwrap_or_else(|| panic!("no panel {id}: {:?}", import.not_mapped))
}

fn variable<'i>(import: &'i Import, name: &str) -> &'i Variable {
    import.dashboard.variables.iter().find(|variable| variable.name == name).unwrap()
}

/// Whether something is listed whose path ends, and whose words begin, with these.
fn is_listed(import: &Import, path: &str, what: &str) -> bool {
    import.not_mapped.iter().any(|note| note.path.ends_with(path) && note.what.contains(what))
}

/// A board of panels that ask `up` unless they say something else.
fn board(panels: Vec<Value>) -> Import {
    imported(&json!({"title": "T", "panels": panels}).to_string())
}

fn asking(mut panel: Value) -> Value {
    if panel.get("targets").is_none() {
        panel["targets"] = json!([{"expr": "up"}]);
    }
    panel
}

#[test]
fn the_head_of_a_board_is_mapped() {
    let hosts = imported(HOSTS).dashboard;
    assert_eq!((hosts.slug.as_str(), hosts.title.en.as_str()), ("linux-hosts-full", "Linux hosts / Full"));
    assert_eq!((hosts.span, hosts.refresh), (Span(86_400_000), Refresh::Every(60_000)));
    assert_eq!(hosts.tags, ["linux", "node  exporter"]);
    assert_eq!(hosts.links.len(), 1);
    assert!(hosts.links[0].keeps_span);
    let http = imported(HTTP);
    assert_eq!((http.dashboard.slug.as_str(), http.dashboard.refresh), ("http", Refresh::Every(10_000)));
    assert_eq!(http.dashboard.span, Span::default());
    assert!(is_listed(&http, "time", "2026-10-01"));
}

#[test]
fn rows_and_places_are_kept() {
    let hosts = imported(HOSTS).dashboard;
    let rows: Vec<(&str, bool, Vec<&str>)> = hosts
        .rows
        .iter()
        .map(|row: &Row| (row.title.en.as_str(), row.is_folded, row.panels.iter().map(|panel| panel.id.as_str()).collect()))
        .collect();
    assert_eq!(rows[0], ("Quick look", false, vec!["cpu-busy", "ram-used", "uptime"]));
    // In the file memory stands first; on the grid it stands to the right.
    assert_eq!(rows[1], ("CPU, memory, disk", false, vec!["cpu", "memory"]));
    assert_eq!(rows[2], ("Details", true, vec!["network-traffic", "disk-latency", "file-systems", "exporter"]));
    let memory: &Panel = &hosts.rows[1].panels[1];
    assert_eq!((memory.width, memory.height), (12, 9));
    let http = imported(HTTP).dashboard;
    assert_eq!(http.rows.iter().map(|row| row.title.en.as_str()).collect::<Vec<&str>>(), ["", "Traffic of $handler", "Details"]);
    assert_eq!(http.rows[1].repeat.as_deref(), Some("handler"));
    assert_eq!((http.rows[0].panels[0].width, http.rows[0].panels[0].height), (8, 4));
    assert_eq!(http.rows[1].panels[0].height, 8);
}

#[test]
fn kinds_units_and_ends_are_mapped() {
    let (hosts, http) = (imported(HOSTS), imported(HTTP));
    let cpu = panel(&hosts, "cpu");
    assert_eq!((&cpu.kind, cpu.unit, cpu.min, cpu.max), (&Kind::Lines(Lines::Stacked), Unit::Percent, Some(0.0), Some(100.0)));
    assert!(cpu.queries[0].expr.starts_with("100 * (sum by (mode)"), "{}", cpu.queries[0].expr);
    assert!(cpu.queries[0].expr.contains("$__rate_interval"));
    assert_eq!(cpu.queries[0].name, "{{mode}}");
    assert_eq!(panel(&hosts, "ram-used").kind, Kind::Gauge(Reduce::Last));
    assert_eq!((&panel(&hosts, "uptime").kind, panel(&hosts, "uptime").unit), (&Kind::Stat(Reduce::Last), Unit::Seconds));
    assert!(panel(&hosts, "uptime").queries[0].is_instant);
    assert_eq!(panel(&hosts, "disk-latency").axis, dashboard::Axis::Log);
    assert_eq!(panel(&hosts, "file-systems").kind, Kind::Table);
    let states = vec![(0.0, Said::same("down")), (1.0, Said::same("up"))];
    assert_eq!(panel(&hosts, "exporter").kind, Kind::States(states));
    assert_eq!(panel(&http, "error-ratio").kind, Kind::Stat(Reduce::Last));
    assert_eq!((&panel(&http, "requests").kind, panel(&http, "requests").max), (&Kind::Gauge(Reduce::Mean), Some(500.0)));
    assert_eq!(panel(&http, "panel-3").kind, Kind::Text(Said::same("<h1>Careful</h1>")));
    assert_eq!(panel(&http, "requests-by-code").kind, Kind::Lines(Lines::Stacked));
    assert_eq!(panel(&http, "duration").kind, Kind::Lines(Lines::Line));
    assert_eq!(panel(&http, "errors").kind, Kind::Lines(Lines::Bars));
    assert_eq!((&panel(&http, "durations").kind, panel(&http, "durations").unit), (&Kind::HeatMap, Unit::Seconds));
}

#[test]
fn thresholds_become_severities() {
    let (hosts, http) = (imported(HOSTS), imported(HTTP));
    let told = |panel: &Panel| -> Vec<(f64, Severity, bool)> {
        panel.judges.iter().map(|judge| (judge.value, judge.severity, judge.is_below)).collect()
    };
    assert_eq!(told(panel(&hosts, "cpu-busy")), [(85.0, Severity::P2, false), (95.0, Severity::P1, false)]);
    assert_eq!(told(panel(&hosts, "uptime")), [(3_600.0, Severity::P1, true), (86_400.0, Severity::P2, true)]);
    assert_eq!(told(panel(&hosts, "cpu")), [(70.0, Severity::P3, false), (90.0, Severity::P1, false)]);
    assert!(panel(&hosts, "network-traffic").judges.is_empty());
    assert_eq!(told(panel(&http, "error-ratio")), [(1.0, Severity::P2, false), (5.0, Severity::P1, false)]);
    assert_eq!(told(panel(&http, "duration")), [(0.5, Severity::P1, false)]);
}

#[test]
fn variables_are_mapped_and_stand_in_their_order() {
    let (hosts, http) = (imported(HOSTS), imported(HTTP));
    let names = |import: &Import| -> Vec<String> { import.dashboard.variables.iter().map(|one| one.name.clone()).collect() };
    assert_eq!(names(&hosts), ["job", "node", "port", "diskdevices"]);
    let selector = "node_uname_info{job=\"$job\"}".to_owned();
    let node = Offer::LabelValues { label: "instance".to_owned(), selector, regex: "([^:]+):.*".to_owned() };
    assert_eq!(variable(&hosts, "node").offer, node);
    assert!(variable(&hosts, "port").is_hidden);
    assert!(is_listed(&hosts, "templating.list[0]", "datasource ds_prometheus"));
    assert!(is_listed(&hosts, "templating.list[5]", "adhoc Filters"));
    assert_eq!(names(&http), ["job", "handler", "interval", "quantile", "env", "search", "labels"]);
    let handler = variable(&http, "handler");
    assert!(handler.is_multi && handler.has_all && handler.default.is_empty());
    let job = Offer::Query { expr: "count by (job) (http_requests_total)".to_owned(), label: "job".to_owned() };
    assert_eq!(variable(&http, "job").offer, job);
    assert_eq!(variable(&http, "interval").offer, Offer::Interval(vec!["1m".to_owned(), "5m".to_owned(), "1h".to_owned()]));
    assert_eq!(variable(&http, "interval").default, ["5m"]);
    let choices = [("p50", "0.5"), ("p95", "0.95")].map(|(text, value)| (text.to_owned(), value.to_owned())).to_vec();
    assert_eq!(variable(&http, "quantile").offer, Offer::List(choices));
    assert!(variable(&http, "env").is_hidden);
    assert_eq!(
        (&variable(&http, "search").offer, variable(&http, "search").default.as_slice()),
        (&Offer::Text, &[".*".to_owned()][..])
    );
    assert_eq!(variable(&http, "labels").offer, Offer::Text);
    assert!(is_listed(&http, "templating.list[7].query", "label_names()"));
}

#[test]
fn nothing_is_dropped_silently() {
    let hosts = imported(HOSTS);
    for (path, what) in [
        ("annotations.list[1]", "Reboots"),
        ("links[0].includeVars", "Runbook"),
        ("links[1]", "Others"),
        ("panels[3].maxDataPoints", "100"),
        ("panels[3].fieldConfig.defaults.mappings", "value mappings"),
        ("panels[5].fieldConfig.overrides[0]", "Cached: color, custom.fillOpacity"),
        ("panels[5].legend", "range"),
        ("panels[6].fieldConfig.defaults.custom.stacking", "percent"),
        ("panels[7].panels[0].fieldConfig.defaults.custom", "lineInterpolation=smooth"),
        ("panels[7].panels[1].scaleDistribution", "log 2"),
        ("panels[7].panels[2].targets[0]", "loki"),
        ("panels[7].panels[2]", "Errors in the log"),
        ("panels[7].panels[3]", "logs Log"),
        ("panels[7].panels[5].fieldConfig.defaults.mappings[1]", "range"),
    ] {
        assert!(is_listed(&hosts, path, what), "{path} {what}: {:#?}", hosts.not_mapped);
    }
    let http = imported(HTTP);
    for (path, what) in [
        ("annotations.list[0]", "Deploys"),
        ("timezone", "utc"),
        ("rows[0].panels[2].options.mode", "html"),
        ("rows[1].panels[0].seriesOverrides", "5.."),
        ("rows[1].panels[0].legend", "total"),
        ("rows[1].panels[0].targets[0].intervalFactor", "2"),
        ("rows[1].panels[1].alert", "Errors"),
        ("rows[1].panels[1].thresholds[1]", "custom"),
        ("rows[1].panels[2].timeShift", "1d"),
        ("rows[1].panels[2].targets", "stats.web.errors.$$"),
        ("rows[2].panels[1].targets[0]", "aliasByNode"),
        ("rows[2].panels[2]", "dashlist Others"),
        ("templating.list[3].auto", "auto"),
    ] {
        assert!(is_listed(&http, path, what), "{path} {what}: {:#?}", http.not_mapped);
    }
    assert!(http.not_mapped.iter().all(|note| !note.why.ja.is_empty() && !note.why.en.is_empty()));
}

#[test]
fn every_kind_of_panel_is_known_or_listed() {
    for kind in [
        "timeseries",
        "graph",
        "stat",
        "singlestat",
        "gauge",
        "bargauge",
        "table",
        "heatmap",
        "state-timeline",
        "status-history",
        "histogram",
        "piechart",
        "text",
    ] {
        let import = board(vec![asking(json!({"type": kind, "title": "A"}))]);
        assert_eq!(import.dashboard.rows.len(), 1, "{kind}: {:?}", import.not_mapped);
    }
    for kind in ["logs", "barchart", "geomap", "alertlist", "news", "", "nodeGraph"] {
        let import = board(vec![asking(json!({"type": kind, "title": "A"}))]);
        assert!(import.dashboard.rows.is_empty() && is_listed(&import, "panels[0]", kind), "{kind}");
    }
}

#[test]
fn mistakes_are_taken_out_and_listed() {
    let import = board(vec![
        json!({"type": "timeseries", "title": "Half", "targets": [{"expr": "sum("}, {"expr": "up"}]}),
        json!({"type": "timeseries", "title": "None", "targets": [{"expr": "up{a=\"$absent\"}"}]}),
        asking(
            json!({"type": "stat", "title": "Half", "repeat": "absent", "links": [{"url": "https://a.jp/x"}, {"url": "javascript:x"}]}),
        ),
        asking(
            json!({"type": "timeseries", "title": "Ends", "fieldConfig": {"defaults": {"min": 5, "max": "1", "unit": "celsius"}}}),
        ),
    ]);
    assert_eq!(panel(&import, "half").queries, [Query { expr: "up".to_owned(), ..Query::default() }]);
    assert_eq!((&panel(&import, "half-2").repeat, panel(&import, "half-2").links.len()), (&None, 1));
    assert_eq!((panel(&import, "ends").min, panel(&import, "ends").max), (None, None));
    assert!(import.dashboard.panel("none").is_none());
    for (path, what) in [
        ("panels[0].targets", "sum("),
        ("panels[1].targets", "$absent"),
        ("panels[2]", "absent"),
        ("panels[2].links[1]", "javascript:x"),
        ("panels[3].fieldConfig.defaults.unit", "celsius"),
    ] {
        assert!(is_listed(&import, path, what), "{path} {what}: {:#?}", import.not_mapped);
    }
}

#[test]
fn what_is_no_dashboard_is_refused() {
    assert!(matches!(read("# Grafana"), Err(Unreadable::NotJson { line: 1, .. })));
    assert!(matches!(read(""), Err(Unreadable::NotJson { .. })));
    for text in ["{}", "[]", "3", "null", "{\"title\": \"A\"}", "{\"panels\": 5}", "{\"dashboard\": {\"title\": \"A\"}}"] {
        assert!(matches!(read(text), Err(Unreadable::NoDashboard(_))), "{text}");
    }
    assert_eq!(read(&" ".repeat(10_000_000)), Err(Unreadable::TooLarge(10_000_000)));
    let deep = format!("{{\"panels\": {}1{}}}", "[".repeat(100_000), "]".repeat(100_000));
    assert!(matches!(read(&deep), Err(Unreadable::NotJson { .. })));
    assert_eq!(imported("{\"panels\": []}").dashboard.slug, "grafana");
}

#[test]
fn five_thousand_panels_are_two_hundred_and_a_note() {
    let panels: Vec<Value> = (0..5_000).map(|id| asking(json!({"type": "stat", "title": "A", "id": id}))).collect();
    let import = board(panels);
    assert_eq!(import.dashboard.rows.iter().map(|row| row.panels.len()).sum::<usize>(), 200);
    assert!(is_listed(&import, "panels", "5000 panels"));
    assert_eq!(import.not_mapped.len(), 1);
}

#[test]
fn many_notes_are_cut() {
    let overrides: Vec<Value> = (0..5_000).map(|_| json!({"matcher": {"options": "x"}, "properties": []})).collect();
    let import = board(vec![asking(json!({"type": "stat", "title": "A", "fieldConfig": {"overrides": overrides}}))]);
    assert_eq!(import.not_mapped.len(), MOST_NOTES + 1);
}

/// JSON of the shape of a board in places, and of none in others.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        "[a-z$\\[\\]{}%:\u{3042}]{0,6}".prop_map(Value::from),
        Just(json!("timeseries")),
        Just(json!("row")),
        Just(json!("label_values(up, job)")),
        Just(json!("sum(rate(x[$__interval]))")),
        Just(json!("byName")),
        Just(json!("byRegexp")),
        Just(json!("organize")),
        Just(json!("table")),
    ];
    leaf.prop_recursive(5, 60, 6, |inner| {
        let keys = "panels|rows|type|title|targets|expr|gridPos|fieldConfig|defaults|custom|thresholds|steps|options|query|name|links|url|repeat|overrides|matcher|properties|id|value|transformations|renameByName|excludeByName";
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            proptest::collection::btree_map(keys, inner, 0..8).prop_map(|entries| Value::Object(entries.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn whatever_is_imported_keeps_every_law(panels in proptest::collection::vec(any_json(), 0..5), variables in proptest::collection::vec(any_json(), 0..4)) {
        let text: String = json!({"panels": panels, "templating": {"list": variables}}).to_string();
        if let Ok(import) = read(&text) {
            prop_assert_eq!(check(&import.dashboard), Vec::new());
        }
    }
}
