//! The rest of Prometheus' HTTP API: what Grafana and `promtool` ask besides expressions.

use std::sync::{Arc, Barrier};

use async_trait::async_trait;
use axum::body::{Body, Bytes, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode};
use futures::future::join_all;
use kernel::Grant;
use kernel::outbound::Outbound;
use kernel::outbound::reach::Reach;
use model::Time;
use model::access::ReadMetrics;
use model::actor::Actor;
use model::labels::Labels;
use serde_json::{Value, json};
use sqlx::PgPool;
use tower::ServiceExt;

use super::{HOUR_MS, NOON, clock, open, sample, write};
use crate::eval::Until;
use crate::http::{self, Api};
use crate::metadata::Kind;
use crate::needs::{ActiveAlert, AlertingRule, GroupRule, NoRules, RecordingRule, RuleGroup, Rules};
use crate::remote_write::{self, put_bytes};
use crate::scrape::config::ScrapeConfig;
use crate::scrape::needs::Alone;
use crate::scrape::{Scraper, Ways};
use crate::{Error, Metrics, QUERIES, Sample};

const DAY_MS: i64 = 24 * HOUR_MS;

struct Fixed(Vec<RuleGroup>);

#[async_trait]
impl Rules for Fixed {
    async fn groups(&self) -> Result<Vec<RuleGroup>, NoRules> {
        if self.0.is_empty() { Err(NoRules) } else { Ok(self.0.clone()) }
    }
}

async fn answered(metrics: &Arc<Metrics>, groups: Vec<RuleGroup>, request: Request<Body>) -> (StatusCode, HeaderMap, Bytes) {
    answered_with(metrics, groups, None, request).await
}

async fn answered_with(
    metrics: &Arc<Metrics>,
    groups: Vec<RuleGroup>,
    scraper: Option<Arc<Scraper>>,
    request: Request<Body>,
) -> (StatusCode, HeaderMap, Bytes) {
    let grant: Grant<ReadMetrics> = kernel::authorize(&Actor::worker("test"), None).unwrap();
    let api = Api { metrics: Arc::clone(metrics), rules: Arc::new(Fixed(groups)), scraper, started: NOON };
    let response = http::prometheus_routes(api).layer(axum::Extension(grant)).oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    (parts.status, parts.headers, to_bytes(body, 1 << 20).await.unwrap())
}

async fn get_of(metrics: &Arc<Metrics>, groups: Vec<RuleGroup>, path: &str) -> (StatusCode, Value) {
    let (status, _, body) = answered(metrics, groups, Request::get(path).body(Body::empty()).unwrap()).await;
    (status, serde_json::from_slice(&body).unwrap())
}

async fn get(metrics: &Arc<Metrics>, path: &str) -> (StatusCode, Value) {
    get_of(metrics, Vec::new(), path).await
}

async fn data(metrics: &Arc<Metrics>, path: &str) -> Value {
    let (status, mut answer) = get(metrics, path).await;
    assert_eq!((status, &answer["status"]), (StatusCode::OK, &json!("success")), "{path}: {answer}");
    answer["data"].take()
}

async fn filled(pool: &PgPool) -> Arc<Metrics> {
    let metrics: Arc<Metrics> = open(pool, &clock()).await;
    write(&metrics, vec![sample("up", NOON, 1.0), sample("down", NOON, 0.5)]).await;
    metrics
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn who_asks_what_this_is_learns_a_version_and_the_settings(pool: PgPool) {
    let metrics: Arc<Metrics> = filled(&pool).await;
    let build: Value = data(&metrics, "/api/v1/status/buildinfo").await;
    assert_eq!(build["version"], "3.14.0");
    assert!(build["revision"].as_str().unwrap().starts_with("mimamori-"));
    let runtime: Value = data(&metrics, "/api/v1/status/runtimeinfo").await;
    assert_eq!((&runtime["startTime"], &runtime["storageRetention"]), (&json!("2026-11-22T12:00:00Z"), &json!("15d")));
    let flags: Value = data(&metrics, "/api/v1/status/flags").await;
    assert_eq!((&flags["query.lookback-delta"], &flags["query.timeout"]), (&json!("5m"), &json!("20s")));
    assert!(data(&metrics, "/api/v1/status/config").await["yaml"].is_string());
    metrics.close().await;
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn cardinality_is_told_as_prometheus_tells_it(pool: PgPool) {
    let metrics: Arc<Metrics> = filled(&pool).await;
    let tsdb: Value = data(&metrics, "/api/v1/status/tsdb?limit=1").await;
    assert_eq!((&tsdb["headStats"]["numSeries"], &tsdb["headStats"]["numLabelPairs"]), (&json!(2), &json!(3)));
    assert_eq!(tsdb["seriesCountByMetricName"], json!([{ "name": "down", "value": 1 }]));
    assert_eq!(tsdb["labelValueCountByLabelName"], json!([{ "name": "__name__", "value": 2 }]));
    assert_eq!(tsdb["memoryInBytesByLabelName"], json!([{ "name": "job", "value": 8 }]));
    assert_eq!(tsdb["seriesCountByLabelValuePair"], json!([{ "name": "job=test", "value": 2 }]));
    for limit in ["0", "-1", "10001", "x"] {
        let (status, refused) = get(&metrics, &format!("/api/v1/status/tsdb?limit={limit}")).await;
        assert_eq!((status, &refused["errorType"]), (StatusCode::BAD_REQUEST, &json!("bad_data")), "{limit}");
    }
    metrics.close().await;
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn where_nothing_is_scraped_there_are_no_targets(pool: PgPool) {
    let metrics: Arc<Metrics> = filled(&pool).await;
    let none = json!({ "activeTargets": [], "droppedTargets": [], "droppedTargetCounts": {} });
    assert_eq!(data(&metrics, "/api/v1/targets?state=active").await, none);
    assert_eq!(data(&metrics, "/api/v1/scrape_pools").await, json!({ "scrapePools": [] }));
    for path in ["/api/v1/targets/metadata", "/api/v1/admin/tsdb/snapshot"] {
        let (status, refused) = get(&metrics, path).await;
        assert_eq!((status, &refused["errorType"]), (StatusCode::NOT_FOUND, &json!("not_found")), "{path}");
    }
    metrics.close().await;
}

fn rule(name: &str, alerts: Vec<ActiveAlert>) -> AlertingRule {
    AlertingRule {
        name: name.to_owned(),
        query: "(up) < 1".to_owned(),
        for_ms: 90_000,
        keep_firing_for_ms: 0,
        labels: Labels::new([("severity", "P1")]),
        annotations: Labels::new([("summary", "it is down")]),
        evaluated_at: Some(NOON),
        took_ms: Some(250),
        last_error: None,
        alerts,
    }
}

fn groups() -> Vec<RuleGroup> {
    let firing = ActiveAlert {
        labels: Labels::new([("alertname", "down"), ("job", "test")]),
        annotations: Labels::new([("summary", "test is down")]),
        is_firing: true,
        active_at: NOON.plus_ms(500),
        value: Some(0.0),
    };
    let quiet = AlertingRule { evaluated_at: None, took_ms: None, ..rule("slow", Vec::new()) };
    let broken = AlertingRule { last_error: Some("no such series".to_owned()), ..rule("broken", Vec::new()) };
    let group = |name: &str, rules: Vec<AlertingRule>| RuleGroup {
        name: name.to_owned(),
        file: format!("{name}.yaml"),
        interval_ms: 15_000,
        rules: rules.into_iter().map(GroupRule::Alerting).collect(),
    };
    vec![group("web", vec![rule("down", vec![firing]), quiet]), group("db", vec![broken])]
}

/// A group that begins with two recording rules.
fn recording_groups() -> Vec<RuleGroup> {
    let recording = RecordingRule {
        name: "job:up:sum".to_owned(),
        query: "sum by (job) (up)".to_owned(),
        labels: Labels::new([("team", "web")]),
        evaluated_at: Some(NOON),
        took_ms: Some(10),
        last_error: None,
    };
    let failing = RecordingRule {
        name: "job:down:sum".to_owned(),
        labels: Labels::default(),
        last_error: Some("too slow".to_owned()),
        took_ms: Some(20),
        ..recording.clone()
    };
    let mut groups: Vec<RuleGroup> = groups();
    groups[1].rules.insert(0, GroupRule::Recording(recording));
    groups[1].rules.insert(1, GroupRule::Recording(failing));
    groups
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn recording_rules_are_told_with_their_health(pool: PgPool) {
    let metrics: Arc<Metrics> = filled(&pool).await;
    let (_, found) = get_of(&metrics, recording_groups(), "/api/v1/rules?type=record").await;
    let sum = json!({
        "type": "recording", "name": "job:up:sum", "query": "sum by (job) (up)", "labels": { "team": "web" }, "health": "ok",
        "evaluationTime": 0.01, "lastEvaluation": "2026-11-22T12:00:00Z",
    });
    let failing = json!({
        "type": "recording", "name": "job:down:sum", "query": "sum by (job) (up)", "health": "err", "lastError": "too slow",
        "evaluationTime": 0.02, "lastEvaluation": "2026-11-22T12:00:00Z",
    });
    let groups: &Value = &found["data"]["groups"];
    assert_eq!(groups.as_array().map(Vec::len), Some(1), "{groups}");
    assert_eq!((&groups[0]["name"], &groups[0]["rules"]), (&json!("db"), &json!([sum, failing])));
    assert_eq!(groups[0]["evaluationTime"], json!(0.28), "of all its rules");
    let (_, both) = get_of(&metrics, recording_groups(), "/api/v1/rules?rule_group[]=db").await;
    let types: Vec<&Value> = (0..3).map(|at| &both["data"]["groups"][0]["rules"][at]["type"]).collect();
    assert_eq!(types, [&json!("recording"), &json!("recording"), &json!("alerting")]);
    let (_, named) = get_of(&metrics, recording_groups(), "/api/v1/rules?type=alert&rule_name[]=job:up:sum").await;
    assert_eq!(named["data"], json!({ "groups": [] }));
    metrics.close().await;
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn rules_are_told_with_their_alerts(pool: PgPool) {
    let metrics: Arc<Metrics> = filled(&pool).await;
    let alert = json!({
        "labels": { "alertname": "down", "job": "test" }, "annotations": { "summary": "test is down" },
        "state": "firing", "activeAt": "2026-11-22T12:00:00.500Z", "value": "0e+00",
    });
    let down = json!({
        "type": "alerting", "state": "firing", "name": "down", "query": "(up) < 1", "duration": 90.0, "keepFiringFor": 0.0,
        "labels": { "severity": "P1" }, "annotations": { "summary": "it is down" }, "alerts": [alert], "health": "ok",
        "evaluationTime": 0.25, "lastEvaluation": "2026-11-22T12:00:00Z",
    });
    let (_, found) = get_of(&metrics, groups(), "/api/v1/rules?type=alert&rule_name[]=down&file[]=web.yaml").await;
    let group = json!({
        "name": "web", "file": "web.yaml", "interval": 15.0, "limit": 0, "rules": [down],
        "evaluationTime": 0.25, "lastEvaluation": "2026-11-22T12:00:00Z",
    });
    assert_eq!(found, json!({ "status": "success", "data": { "groups": [group] } }));
    let (_, found) = get_of(&metrics, groups(), "/api/v1/alerts").await;
    assert_eq!(found["data"], json!({ "alerts": [alert] }));
    metrics.close().await;
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn rules_are_chosen_by_kind_name_group_and_file(pool: PgPool) {
    let metrics: Arc<Metrics> = filled(&pool).await;
    let (_, all) = get_of(&metrics, groups(), "/api/v1/rules?exclude_alerts=true").await;
    let rules: &Value = &all["data"]["groups"][0]["rules"];
    assert_eq!((&rules[0]["state"], &rules[0]["alerts"]), (&json!("firing"), &json!([])));
    assert_eq!((&rules[1]["health"], &rules[1]["lastEvaluation"]), (&json!("unknown"), &json!("0001-01-01T00:00:00Z")));
    let broken: &Value = &all["data"]["groups"][1]["rules"][0];
    assert_eq!((&broken["health"], &broken["lastError"]), (&json!("err"), &json!("no such series")));
    for (asked, n) in [("type=record", 0), ("rule_group[]=db", 1), ("file[]=db.yaml&file[]=web.yaml", 2), ("rule_name[]=x", 0)] {
        let (_, found) = get_of(&metrics, groups(), &format!("/api/v1/rules?{asked}")).await;
        assert_eq!(found["data"]["groups"].as_array().map(Vec::len), Some(n), "{asked}");
    }
    for asked in ["type=other", "exclude_alerts=perhaps"] {
        let (status, refused) = get_of(&metrics, groups(), &format!("/api/v1/rules?{asked}")).await;
        assert_eq!((status, &refused["errorType"]), (StatusCode::BAD_REQUEST, &json!("bad_data")), "{asked}");
    }
    let (status, refused) = get(&metrics, "/api/v1/rules").await;
    assert_eq!((status, &refused["errorType"]), (StatusCode::SERVICE_UNAVAILABLE, &json!("unavailable")));
    metrics.close().await;
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn what_metrics_mean_is_told(pool: PgPool) {
    let metrics: Arc<Metrics> = filled(&pool).await;
    metrics.metadata().note("up", Kind::Counter, "older", "");
    metrics.metadata().note("up", Kind::Gauge, "newer", "s");
    metrics.metadata().note("a", Kind::Unknown, "", "");
    let (newer, older) =
        (json!({ "type": "gauge", "help": "newer", "unit": "s" }), json!({ "type": "counter", "help": "older", "unit": "" }));
    assert_eq!(data(&metrics, "/api/v1/metadata?metric=up").await, json!({ "up": [newer, older] }));
    assert_eq!(data(&metrics, "/api/v1/metadata?metric=up&limit_per_metric=1").await, json!({ "up": [newer] }));
    assert_eq!(data(&metrics, "/api/v1/metadata?limit=1").await.as_object().unwrap().keys().collect::<Vec<&String>>(), ["a"]);
    assert_eq!(data(&metrics, "/api/v1/metadata?limit=-1").await.as_object().map(serde_json::Map::len), Some(2));
    metrics.close().await;
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_query_can_be_limited_looked_back_and_explained(pool: PgPool) {
    let metrics: Arc<Metrics> = filled(&pool).await;
    let (_, cut) = get(&metrics, "/api/v1/query?query=%7Bjob=%22test%22%7D&limit=1").await;
    assert_eq!(cut["data"]["result"].as_array().map(Vec::len), Some(1));
    assert_eq!(cut["warnings"], json!(["results truncated due to limit"]));
    let later: String = format!("/api/v1/query?query=up&time={}", NOON.0 / 1_000 + 120);
    assert_eq!(data(&metrics, &later).await["result"].as_array().map(Vec::len), Some(1));
    assert_eq!(data(&metrics, &format!("{later}&lookback_delta=1m")).await["result"], json!([]));
    let explained: Value = data(&metrics, "/api/v1/query?query=up&stats=all").await;
    assert_eq!(explained["stats"]["samples"], json!({ "totalQueryableSamples": 1, "peakSamples": 1 }));
    assert!(explained["stats"]["timings"]["execTotalTime"].is_number());
    assert!(data(&metrics, "/api/v1/query?query=up").await.get("stats").is_none());
    metrics.close().await;
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn refusals_have_the_words_of_prometheus(pool: PgPool) {
    let metrics: Arc<Metrics> = filled(&pool).await;
    for (path, error) in [
        ("query?query=up&time=soon", "invalid parameter \"time\": cannot parse \"soon\" to a valid timestamp"),
        ("query?query=up&timeout=x", "invalid parameter \"timeout\": cannot parse \"x\" to a valid duration"),
        ("query_range?query=up&end=1&step=1", "invalid parameter \"start\": cannot parse \"\" to a valid timestamp"),
        ("query_range?query=up&start=2&end=1&step=1", "invalid parameter \"end\": end timestamp must not be before start time"),
        (
            "query_range?query=up&start=0&end=11001&step=1",
            "exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)",
        ),
        ("series", "no match[] parameter provided"),
    ] {
        let (status, refused) = get(&metrics, &format!("/api/v1/{path}")).await;
        let wanted = json!({ "status": "error", "errorType": "bad_data", "error": error });
        assert_eq!((status, refused), (StatusCode::BAD_REQUEST, wanted), "{path}");
    }
    let (status, refused) = get(&metrics, "/api/v1/query?query=up%20%2B%20on()%20%7Bjob=%22test%22%7D").await;
    assert_eq!((status, &refused["errorType"]), (StatusCode::UNPROCESSABLE_ENTITY, &json!("execution")));
    metrics.close().await;
}

/// Takes every turn there is; they end when the barrier is met once more.
async fn take_all_turns(metrics: &Arc<Metrics>) -> Arc<Barrier> {
    let done: Arc<Barrier> = Arc::new(Barrier::new(QUERIES + 1));
    let (begin, mut begun) = tokio::sync::mpsc::channel::<()>(QUERIES);
    for _ in 0..QUERIES {
        let (metrics, done, begin) = (Arc::clone(metrics), Arc::clone(&done), begin.clone());
        tokio::spawn(async move {
            let busy = move |_: Until| -> Result<(), Error> {
                begin.blocking_send(()).unwrap();
                done.wait();
                Ok(())
            };
            metrics.queries.compute(busy).await
        });
    }
    for _ in 0..QUERIES {
        begun.recv().await.unwrap();
    }
    done
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_query_that_takes_longer_than_its_caller_gives_it_times_out(pool: PgPool) {
    let metrics: Arc<Metrics> = filled(&pool).await;
    let done: Arc<Barrier> = take_all_turns(&metrics).await;
    let (status, refused) = get(&metrics, "/api/v1/query?query=up&timeout=1ms").await;
    done.wait();
    let error = "query timed out in expression evaluation";
    assert_eq!(refused, json!({ "status": "error", "errorType": "timeout", "error": error }));
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    metrics.close().await;
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn what_walks_over_everything_takes_a_turn_as_a_query_does(pool: PgPool) {
    let metrics: Arc<Metrics> = filled(&pool).await;
    let scraper: Arc<Scraper> = nothing_scraped(&metrics).await;
    let done: Arc<Barrier> = take_all_turns(&metrics).await;
    let asked = ["metadata", "status/tsdb", "targets"].map(|path| {
        let request = Request::get(format!("/api/v1/{path}")).body(Body::empty()).unwrap();
        answered_with(&metrics, Vec::new(), Some(Arc::clone(&scraper)), request)
    });
    let answers: Vec<(StatusCode, HeaderMap, Bytes)> = join_all(asked).await;
    done.wait();
    for (status, headers, body) in &answers {
        assert_eq!(*status, StatusCode::TOO_MANY_REQUESTS, "{body:?}");
        assert!(headers.contains_key("retry-after"));
    }
    let request = Request::get("/api/v1/targets").body(Body::empty()).unwrap();
    let (status, _, body) = answered_with(&metrics, Vec::new(), Some(Arc::clone(&scraper)), request).await;
    let told: Value = serde_json::from_slice(&body).unwrap();
    assert_eq!((status, &told["status"], &told["data"]["activeTargets"]), (StatusCode::OK, &json!("success"), &json!([])));
    scraper.close().await;
    metrics.close().await;
}

async fn nothing_scraped(metrics: &Arc<Metrics>) -> Arc<Scraper> {
    let nowhere = Outbound::new(Reach::default());
    let ways = Ways { targets: nowhere.clone(), redirects: nowhere };
    Scraper::open(Arc::clone(metrics), ScrapeConfig::default(), clock(), ways, Arc::new(Alone)).await.unwrap()
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn lists_are_narrowed_by_time_and_limit(pool: PgPool) {
    let metrics: Arc<Metrics> = filled(&pool).await;
    assert_eq!(data(&metrics, "/api/v1/label/__name__/values?limit=1").await, json!(["down"]));
    assert_eq!(data(&metrics, "/api/v1/label/U______name____/values").await, json!(["down", "up"]));
    metrics.state.head.write().unwrap().trim(NOON.plus_ms(2 * DAY_MS).0);
    let (today, tomorrow): (i64, i64) = (NOON.0 / 1_000, NOON.plus_ms(DAY_MS).0 / 1_000);
    for path in ["labels?", "label/job/values?", "series?match[]=up&"] {
        let found: Value = data(&metrics, &format!("/api/v1/{path}start={today}&end={tomorrow}")).await;
        assert_ne!(found, json!([]), "{path}");
        assert_eq!(data(&metrics, &format!("/api/v1/{path}start={tomorrow}")).await, json!([]), "{path}");
    }
    metrics.close().await;
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn expressions_are_laid_out_and_taken_apart(pool: PgPool) {
    let metrics: Arc<Metrics> = filled(&pool).await;
    assert_eq!(data(&metrics, "/api/v1/format_query?query=sum(up)by(job)").await, "sum by (job) (up)");
    let tree: Value = data(&metrics, "/api/v1/parse_query?query=-up").await;
    assert_eq!((&tree["type"], &tree["op"], &tree["expr"]["name"]), (&json!("unaryExpr"), &json!("-"), &json!("up")));
    assert_eq!(data(&metrics, "/api/v1/query_exemplars?query=up&start=1&end=2").await, json!([]));
    for path in ["format_query?query=sum(", "parse_query", "query_exemplars?query=up&start=2&end=1"] {
        let (status, refused) = get(&metrics, &format!("/api/v1/{path}")).await;
        assert_eq!((status, &refused["errorType"]), (StatusCode::BAD_REQUEST, &json!("bad_data")), "{path}");
    }
    metrics.close().await;
}

/// A `ReadRequest` for one name within a minute of noon.
fn read_request(name: &str) -> Vec<u8> {
    let mut matcher: Vec<u8> = Vec::new();
    put_bytes(&mut matcher, 2, b"__name__");
    put_bytes(&mut matcher, 3, name.as_bytes());
    let mut query: Vec<u8> = Vec::new();
    for (field, at) in [(1_u64, NOON), (2, NOON.plus_ms(60_000))] {
        crate::wire::put_uvarint(&mut query, field << 3);
        crate::wire::put_uvarint(&mut query, at.0 as u64);
    }
    put_bytes(&mut query, 3, &matcher);
    let mut request: Vec<u8> = Vec::new();
    put_bytes(&mut request, 1, &query);
    snap::raw::Encoder::new().compress_vec(&request).unwrap()
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn samples_are_read_remotely_as_they_were_written(pool: PgPool) {
    let metrics: Arc<Metrics> = filled(&pool).await;
    let stale = sample("up", NOON.plus_ms(15_000), f64::from_bits(crate::STALE_NAN));
    let late: Sample = sample("up", NOON.plus_ms(60_001), 3.0);
    write(&metrics, vec![stale.clone(), late]).await;
    let request = Request::post("/api/v1/read").body(Body::from(read_request("up"))).unwrap();
    let (status, headers, body) = answered(&metrics, Vec::new(), request).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(headers["content-encoding"], "snappy");
    assert_eq!(headers["content-type"], "application/x-protobuf");
    // A result has the form of a write request.
    let written: Vec<u8> = remote_write::encode(&[sample("up", NOON, 1.0), stale]).unwrap();
    let mut wanted: Vec<u8> = Vec::new();
    put_bytes(&mut wanted, 1, &remote_write::decompress(&written, 1 << 20).unwrap());
    assert_eq!(remote_write::decompress(&body, 1 << 20).unwrap(), wanted);
    let garbage = Request::post("/api/v1/read").body(Body::from("garbage")).unwrap();
    assert_eq!(answered(&metrics, Vec::new(), garbage).await.0, StatusCode::BAD_REQUEST);
    metrics.close().await;
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn the_newest_samples_are_federated(pool: PgPool) {
    let metrics: Arc<Metrics> = filled(&pool).await;
    write(&metrics, vec![sample("down", NOON.plus_ms(-1), f64::NAN)]).await;
    let request = Request::get("/federate?match[]=up&match[]=%7Bjob=%22test%22%7D").body(Body::empty()).unwrap();
    let (status, headers, body) = answered(&metrics, Vec::new(), request).await;
    assert_eq!(status, StatusCode::OK);
    assert!(headers["content-type"].to_str().unwrap().starts_with("text/plain; version=0.0.4"));
    let lines = "# TYPE down untyped\n\
                 down{job=\"test\",instance=\"\"} 0.5 1795348800000\n\
                 # TYPE up untyped\n\
                 up{job=\"test\",instance=\"\"} 1 1795348800000\n";
    assert_eq!(String::from_utf8(body.to_vec()).unwrap(), lines);
    metrics.close().await;
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn without_a_grant_nothing_is_told(pool: PgPool) {
    let metrics: Arc<Metrics> = filled(&pool).await;
    for path in ["rules", "alerts", "metadata", "targets", "status/buildinfo", "status/tsdb", "format_query?query=up", "nothing"]
    {
        let api = Api { metrics: Arc::clone(&metrics), rules: Arc::new(Fixed(groups())), scraper: None, started: Time(0) };
        let request = Request::get(format!("/api/v1/{path}")).body(Body::empty()).unwrap();
        let response = http::prometheus_routes(api).oneshot(request).await.unwrap();
        assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR, "{path}");
    }
    metrics.close().await;
}
