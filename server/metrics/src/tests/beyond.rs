//! Other stores and engines, the real ones: Debian's `victoria-metrics` and `prometheus`, started here on ports of this machine.

mod asking;
mod forwarding;

use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use kernel::TestClock;
use kernel::outbound::{Answer, Client, OutboundError, Request};
use model::Time;
use model::labels::Labels;
use sqlx::PgPool;
use tempfile::TempDir;

use super::{HOUR_MS, NOON, open_with};
use crate::engine::Choice;
use crate::engine::endpoint::Endpoint;
use crate::forward::Destination;
use crate::{Config, Metrics, Sample, remote_write};

/// A store starts in a second or two; whatever takes longer than this does not start.
const PATIENCE: Duration = Duration::from_secs(60);
const PROMETHEUS: &str = "storage:\n  tsdb:\n    out_of_order_time_window: 1d\n";
/// Every how many milliseconds a series of [`hour`] has a sample, and how many there are.
const STEP_MS: i64 = 15_000;
const STEPS: i64 = HOUR_MS / STEP_MS;

/// A process that ends with the test.
struct Store {
    process: Child,
    base: String,
    _dir: TempDir,
}

impl Drop for Store {
    fn drop(&mut self) {
        // Either fails only when the process is gone already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// A port that nobody listens on.
fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

impl Store {
    async fn victoria_metrics() -> Self {
        let (dir, port): (TempDir, u16) = (tempfile::tempdir().unwrap(), free_port());
        let arguments = [
            format!("-storageDataPath={}", dir.path().display()),
            format!("-httpListenAddr=127.0.0.1:{port}"),
            "-retentionPeriod=100y".to_owned(),
            "-search.latencyOffset=0s".to_owned(),
            "-loggerLevel=ERROR".to_owned(),
        ];
        Self::start("victoria-metrics", &arguments, port, dir).await
    }

    async fn prometheus() -> Self {
        let (dir, port): (TempDir, u16) = (tempfile::tempdir().unwrap(), free_port());
        let config = dir.path().join("prometheus.yml");
        std::fs::write(&config, PROMETHEUS).unwrap();
        let arguments = [
            format!("--config.file={}", config.display()),
            format!("--storage.tsdb.path={}", dir.path().join("data").display()),
            format!("--web.listen-address=127.0.0.1:{port}"),
            "--web.enable-remote-write-receiver".to_owned(),
            "--storage.tsdb.retention.time=100y".to_owned(),
            "--log.level=error".to_owned(),
        ];
        Self::start("prometheus", &arguments, port, dir).await
    }

    async fn start(package: &str, arguments: &[String], port: u16, dir: TempDir) -> Self {
        let mut command = Command::new(format!("/usr/bin/{package}"));
        command.args(arguments).stdin(Stdio::null()).stdout(Stdio::null());
        let process: Child = command.spawn().unwrap_or_else(|error| panic!("install Debian's {package} for this test: {error}"));
        let store = Self { process, base: format!("http://127.0.0.1:{port}"), _dir: dir };
        tokio::time::timeout(PATIENCE, store.ready()).await.unwrap_or_else(|_| panic!("{package} did not start"));
        store
    }

    /// `/-/ready` is Prometheus', and VictoriaMetrics knows it too.
    async fn ready(&self) {
        let mut ticks = tokio::time::interval(Duration::from_millis(50));
        loop {
            ticks.tick().await;
            if self.get("/-/ready").await.is_ok_and(|answer| answer.status == StatusCode::OK) {
                return;
            }
        }
    }

    async fn get(&self, path: &str) -> Result<Answer, OutboundError> {
        self.send(Method::GET, path, HeaderMap::new(), Vec::new()).await
    }

    async fn send(&self, method: Method, path: &str, headers: HeaderMap, body: Vec<u8>) -> Result<Answer, OutboundError> {
        let client: Client = Endpoint::at(&self.base).client().unwrap();
        let url: String = format!("{}{path}", self.base);
        client.send(Request { method, url, headers, body, timeout: PATIENCE, max_bytes: 1 << 20 }).await
    }

    /// Writes samples past us.
    async fn push(&self, samples: &[Sample]) {
        let mut headers = HeaderMap::new();
        headers.insert("content-encoding", HeaderValue::from_static("snappy"));
        headers.insert("content-type", HeaderValue::from_static("application/x-protobuf"));
        let answer = self.send(Method::POST, "/api/v1/write", headers, remote_write::encode(samples).unwrap()).await.unwrap();
        assert!(answer.status.is_success(), "{} {}", answer.status, String::from_utf8_lossy(&answer.body));
    }

    /// VictoriaMetrics shows samples only once they are flushed.
    async fn flush(&self) {
        self.get("/internal/force_flush").await.unwrap();
    }

    fn destination(&self, name: &str) -> Destination {
        Destination { name: name.to_owned(), endpoint: Endpoint::at(&format!("{}/api/v1/write", self.base)) }
    }
}

/// A replica that hands questions on to `store`.
async fn asking(pool: &PgPool, clock: &Arc<TestClock>, store: &Store) -> Arc<Metrics> {
    let config = Config { engine: Choice::Prometheus, remote: Some(Endpoint::at(&store.base)), ..Config::default() };
    open_with(pool, clock, config).await
}

fn of_host(metric: &str, host: &str, at: Time, value: f64) -> Sample {
    Sample { labels: Labels::new([("__name__", metric), ("host", host)]), at, value }
}

/// The hour before noon: a counter and a gauge of two hosts.
fn hour() -> Vec<Sample> {
    let mut samples: Vec<Sample> = Vec::new();
    for host in ["a", "b"] {
        for step in 1..=STEPS {
            let at: Time = NOON.plus_ms(step * STEP_MS - HOUR_MS);
            samples.push(of_host("requests_total", host, at, (step * 7 % 1_000 + step * 10) as f64));
            samples.push(of_host("temperature", host, at, 20.0 + (step % 13) as f64 / 10.0));
        }
    }
    samples
}
