//! A real exporter: Debian's package prometheus-node-exporter, which `./dev test` installs.

use tokio::net::{TcpListener, TcpStream};
use tokio::process::{Child, Command};

use super::*;

const PROGRAM: &str = "/usr/bin/prometheus-node-exporter";
/// It answers within a second; a machine at its limits may need longer.
const PATIENCE: Duration = Duration::from_secs(60);

/// The running program and where it listens. It ends with the test.
async fn start() -> (Child, SocketAddr) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address: SocketAddr = listener.local_addr().unwrap();
    drop(listener);
    let listen: String = format!("--web.listen-address={address}");
    let program = Command::new(PROGRAM).arg(listen).arg("--log.level=error").kill_on_drop(true).spawn();
    let program: Child = program.expect("the package prometheus-node-exporter is installed");
    let listening = async {
        while TcpStream::connect(address).await.is_err() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(PATIENCE, listening).await.expect("the exporter listens in time");
    (program, address)
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_real_exporter_is_scraped(pool: PgPool) {
    let (mut program, address) = start().await;
    let yaml: String = format!("scrape_configs:\n- job_name: node\n  static_configs:\n  - targets: ['{address}']\n");
    let (metrics, core) = started(&pool, ScrapeConfig::parse(&yaml).unwrap()).await;
    round(&core, 1).await;
    let state: TargetState = only(&core);
    assert_eq!((state.health, state.last_error, state.last_refused), (Health::Up, None, None));
    assert!(state.last_samples > 100, "{} samples", state.last_samples);
    assert!(!values(&metrics, "node_cpu_seconds_total").await.is_empty());
    assert_eq!(values(&metrics, "up").await, ["1"]);
    program.kill().await.unwrap();
    round(&core, 2).await;
    assert_eq!(values(&metrics, "up").await, ["1", "0"]);
    assert!(values(&metrics, "node_load1").await.last().is_some_and(|last| last == "stale"));
    metrics.close().await;
}
