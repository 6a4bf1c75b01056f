//! Scraping on real Postgres, from a small server on this machine.

mod node_exporter;
mod redirects;
mod targets;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use flate2::Compression;
use flate2::read::GzEncoder;
use kernel::outbound::reach::Reach;
use sqlx::PgPool;
use std::io::Read;
use std::net::SocketAddr;

use super::needs::Alone;
use super::*;
use crate::STALE_NAN;
use crate::tests::{MINUTE_MS, NOON, clock, open, read};

/// What the exporter says next.
#[derive(Clone, Debug)]
struct Said {
    status: StatusCode,
    content_type: &'static str,
    text: String,
    is_packed: bool,
    location: String,
}

/// A server with metrics.
#[derive(Clone)]
struct Exporter {
    address: SocketAddr,
    said: Arc<Mutex<Said>>,
    asked: Arc<Mutex<Vec<(String, HeaderMap)>>>,
}

impl Exporter {
    async fn start(text: &str) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let said = Said {
            status: StatusCode::OK,
            content_type: "text/plain",
            text: text.to_owned(),
            is_packed: false,
            location: String::new(),
        };
        let exporter = Self { address: listener.local_addr().unwrap(), said: Arc::new(Mutex::new(said)), asked: Arc::default() };
        let router: Router = Router::new().fallback(answer).with_state(exporter.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        exporter
    }

    fn say(&self, change: impl FnOnce(&mut Said)) {
        change(&mut lock::mutex(&self.said));
    }

    fn asked(&self) -> Vec<(String, HeaderMap)> {
        lock::mutex(&self.asked).clone()
    }

    /// One job with this target and `more` lines.
    fn config(&self, more: &str) -> ScrapeConfig {
        let yaml: String =
            format!("scrape_configs:\n- job_name: test\n  static_configs:\n  - targets: ['{}']\n{more}", self.address);
        ScrapeConfig::parse(&yaml).unwrap()
    }
}

async fn answer(State(exporter): State<Exporter>, request: Request) -> Response {
    lock::mutex(&exporter.asked).push((request.uri().to_string(), request.headers().clone()));
    let said: Said = lock::mutex(&exporter.said).clone();
    let mut response = Response::builder().status(said.status).header("content-type", said.content_type);
    if !said.location.is_empty() {
        response = response.header("location", said.location.as_str());
    }
    let mut body: Vec<u8> = said.text.into_bytes();
    if said.is_packed {
        let mut packed: Vec<u8> = Vec::new();
        GzEncoder::new(body.as_slice(), Compression::fast()).read_to_end(&mut packed).unwrap();
        body = packed;
        response = response.header("content-encoding", "gzip");
    }
    response.body(Body::from(body)).unwrap()
}

fn here() -> Reach {
    Reach { loopback: true, ..Reach::default() }
}

/// Redirects to other hosts lead to the public internet only.
fn ways(reach: Reach) -> Ways {
    Ways { targets: Outbound::new(reach), redirects: Outbound::new(Reach::default()) }
}

fn core(metrics: &Arc<Metrics>, reach: Reach, turn: Arc<dyn Turn>) -> Arc<Core> {
    Arc::new(Core::new(Arc::clone(metrics), clock(), ways(reach), turn).unwrap())
}

/// A loop without its clock: `number` intervals after noon everything is due.
async fn round(core: &Arc<Core>, number: i64) {
    for scrape in core.begin(NOON.plus_ms(number * MINUTE_MS)) {
        scrape.await.unwrap();
    }
}

async fn started(pool: &PgPool, config: ScrapeConfig) -> (Arc<Metrics>, Arc<Core>) {
    let metrics: Arc<Metrics> = open(pool, &clock()).await;
    let core: Arc<Core> = core(&metrics, here(), Arc::new(Alone));
    core.apply(config, NOON).await.unwrap();
    (metrics, core)
}

/// The values of a metric in the order of their times; a stale marker is `"stale"`.
async fn values(metrics: &Metrics, metric: &str) -> Vec<String> {
    let mut found: Vec<(i64, u64)> = read(metrics, metric).await;
    found.sort_unstable();
    let shown = |bits: u64| if bits == STALE_NAN { "stale".to_owned() } else { f64::from_bits(bits).to_string() };
    found.into_iter().map(|(_, bits)| shown(bits)).collect()
}

fn only(core: &Core) -> TargetState {
    core.all()[0].state()
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_scrape_is_stored_with_what_is_said_about_it(pool: PgPool) {
    let exporter: Exporter = Exporter::start("# HELP a Apples.\n# TYPE a gauge\na{x=\"1\"} 5\nb 2\n").await;
    let (metrics, core) = started(&pool, exporter.config("  params: {q: ['1 2']}\n")).await;
    round(&core, 1).await;
    assert_eq!(values(&metrics, "a").await, ["5"]);
    for (name, value) in [
        ("up", "1"),
        ("scrape_samples_scraped", "2"),
        ("scrape_samples_post_metric_relabeling", "2"),
        ("scrape_series_added", "2"),
    ] {
        assert_eq!(values(&metrics, name).await, [value], "{name}");
    }
    assert_eq!(values(&metrics, "scrape_duration_seconds").await.len(), 1);
    let (uri, headers) = exporter.asked().remove(0);
    assert_eq!(uri, "/metrics?q=1%202");
    assert!(headers["accept"].to_str().unwrap().starts_with("application/openmetrics-text;version=1.0.0;"));
    assert_eq!(headers["x-prometheus-scrape-timeout-seconds"], "10");
    assert_eq!(headers["accept-encoding"], "gzip");
    let state: TargetState = only(&core);
    assert_eq!((state.health, state.is_mine, state.last_error, state.last_samples), (Health::Up, true, None, 2));
    assert_eq!(state.labels.get("instance"), exporter.address.to_string());
    assert_eq!(metrics.metadata().all(None, Some("a"))[0].1[0].help, "Apples.");
    metrics.close().await;
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn what_vanishes_is_ended_and_a_failure_ends_everything(pool: PgPool) {
    let exporter: Exporter = Exporter::start("a 1\nb 2\n").await;
    let (metrics, core) = started(&pool, exporter.config("")).await;
    round(&core, 1).await;
    exporter.say(|said| said.text = "a 3\nc 4\n".to_owned());
    round(&core, 2).await;
    assert_eq!(values(&metrics, "b").await, ["2", "stale"]);
    exporter.say(|said| said.status = StatusCode::INTERNAL_SERVER_ERROR);
    round(&core, 3).await;
    assert_eq!(values(&metrics, "a").await, ["1", "3", "stale"]);
    assert_eq!(values(&metrics, "b").await, ["2", "stale"]);
    assert_eq!(values(&metrics, "c").await, ["4", "stale"]);
    assert_eq!(values(&metrics, "up").await, ["1", "1", "0"]);
    assert_eq!(values(&metrics, "scrape_series_added").await, ["2", "1", "0"]);
    let state: TargetState = only(&core);
    assert_eq!(state.health, Health::Down);
    assert_eq!(state.last_error.as_deref(), Some("the target answered with 500 Internal Server Error"));
    exporter.say(|said| said.status = StatusCode::OK);
    round(&core, 4).await;
    assert_eq!(values(&metrics, "a").await, ["1", "3", "stale", "3"]);
    metrics.close().await;
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn an_answer_that_can_not_be_taken_whole_is_not_taken(pool: PgPool) {
    let exporter: Exporter = Exporter::start("a 1\nb\n").await;
    let (metrics, core) = started(&pool, exporter.config("  sample_limit: 1\n  body_size_limit: 100B\n")).await;
    type Spoil = fn(&mut Said);
    let failing: [(Spoil, &str); 4] = [
        (|_| {}, "line 2, column 2: expected a space and a value, found the end of the line"),
        (|said| said.text = "a 1\nb 2\n".to_owned(), "samples: more than the limit of 1"),
        (|said| said.text = format!("a 1\n#{}", " ".repeat(100)), "the answer is larger than 100 bytes"),
        (|said| said.is_packed = true, "the answer is larger than 100 bytes"),
    ];
    for (number, (change, expected)) in (1..).zip(failing) {
        exporter.say(change);
        round(&core, number).await;
        assert_eq!(only(&core).last_error.as_deref(), Some(expected));
    }
    exporter.say(|said| (said.text, said.content_type) = ("a 1\n".to_owned(), "text/html"));
    round(&core, 5).await;
    assert!(only(&core).last_error.is_some_and(|error| error.contains("\"text/html\" can't be read")));
    assert!(values(&metrics, "a").await.is_empty());
    exporter.say(|said| said.content_type = "text/plain");
    round(&core, 6).await;
    assert_eq!(values(&metrics, "a").await, ["1"]);
    metrics.close().await;
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn an_answer_that_grew_is_asked_for_again_with_more_room(pool: PgPool) {
    let exporter: Exporter = Exporter::start(&format!("a 1\n#{}", " ".repeat(2 << 20))).await;
    let (metrics, core) = started(&pool, exporter.config("")).await;
    round(&core, 1).await;
    assert_eq!((only(&core).last_error, exporter.asked().len()), (None, 2));
    round(&core, 2).await;
    assert_eq!((only(&core).last_error, exporter.asked().len()), (None, 3));
    assert_eq!(values(&metrics, "a").await, ["1", "1"]);
    metrics.close().await;
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn we_say_who_we_are_and_how_we_want_it(pool: PgPool) {
    let exporter: Exporter = Exporter::start("a 1\n").await;
    exporter.say(|said| said.is_packed = true);
    let directory = tempfile::tempdir().unwrap();
    let secret = directory.path().join("password");
    std::fs::write(&secret, "pass\n").unwrap();
    let basic: String = format!("  basic_auth: {{username: user, password_file: '{}'}}\n", secret.display());
    let (metrics, core) = started(&pool, exporter.config(&basic)).await;
    round(&core, 1).await;
    assert_eq!(values(&metrics, "a").await, ["1"]);
    assert_eq!(exporter.asked()[0].1["authorization"], "Basic dXNlcjpwYXNz");
    core.apply(exporter.config("  bearer_token: key\n  enable_compression: false\n"), NOON.plus_ms(MINUTE_MS)).await.unwrap();
    round(&core, 2).await;
    let (_, headers) = exporter.asked().remove(1);
    assert_eq!(headers["authorization"], "Bearer key");
    assert_eq!(headers["accept-encoding"], "identity");
    metrics.close().await;
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn what_nobody_allowed_is_not_asked(pool: PgPool) {
    let exporter: Exporter = Exporter::start("a 1\n").await;
    let metrics: Arc<Metrics> = open(&pool, &clock()).await;
    let core: Arc<Core> = core(&metrics, Reach { private: true, ..Reach::default() }, Arc::new(Alone));
    core.apply(exporter.config(""), NOON).await.unwrap();
    round(&core, 1).await;
    assert!(exporter.asked().is_empty());
    assert_eq!(values(&metrics, "up").await, ["0"]);
    assert!(only(&core).last_error.is_some_and(|error| error.contains("must not be reached")));
    metrics.close().await;
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_closed_scraper_asks_no_more(pool: PgPool) {
    let exporter: Exporter = Exporter::start("a 1\n").await;
    let metrics: Arc<Metrics> = open(&pool, &clock()).await;
    let scraper: Arc<Scraper> =
        Scraper::open(Arc::clone(&metrics), exporter.config(""), clock(), ways(here()), Arc::new(Alone)).await.unwrap();
    scraper.apply(exporter.config("")).await.unwrap();
    assert_eq!((scraper.targets().len(), scraper.jobs().len()), (1, 1));
    scraper.close().await;
    round(&scraper.core, 1).await;
    assert!(exporter.asked().is_empty());
    metrics.close().await;
}
