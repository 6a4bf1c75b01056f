//! `mimamori agent`: pushes this host's metrics to a server, through the same door as every other client.
//!
//! Every reading is encoded once and put on disk before it is sent; it is deleted when the server has answered with success. The buffer
//! is bounded: when it is full the oldest readings go first, and that is counted and said.

mod buffer;

use crate::collector::{INTERVAL, Machine, samples};
use crate::house_error::chain;
use buffer::Buffer;
use clap::Args;
use kernel::{Clock, SystemClock};
use reqwest::redirect::Policy;
use reqwest::{Client, StatusCode};
use std::path::PathBuf;
use std::time::Duration;
use tokio::time::Instant;

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Longer than the server's commit and a slow line, shorter than three readings.
const TIMEOUT: Duration = Duration::from_secs(10);
/// The longest wait between tries.
const LONGEST_WAIT: Duration = Duration::from_secs(60);
/// Readings sent in one go after an outage, before looking at the machine again.
const AT_ONCE: usize = 100;

/// What the agent is told.
#[derive(Debug, Args)]
pub struct AgentArgs {
    /// The server: https://watch.example.jp
    #[arg(long, env = "MIMAMORI_URL")]
    url: String,
    /// An API token with the scope metrics:write. Better given by the environment than on the command line.
    #[arg(long, env = "MIMAMORI_TOKEN", hide_env_values = true)]
    token: String,
    /// The `host` label (default: the host name).
    #[arg(long, env = "MIMAMORI_HOST_NAME")]
    host: Option<String>,
    /// Where readings wait while the server can't be reached.
    #[arg(long, env = "MIMAMORI_AGENT_BUFFER", default_value = "mimamori-agent")]
    buffer: PathBuf,
    /// The most the buffer may hold, in MiB.
    #[arg(long, default_value_t = 64)]
    buffer_mib: u64,
}

/// What became of one sending.
#[derive(Debug, PartialEq, Eq)]
enum Sent {
    Stored,
    /// Will never be taken: dropped, and said.
    Refused(String),
    /// Try again later.
    Later(String),
}

/// Runs until it is stopped.
///
/// # Errors
/// When the buffer's directory can't be made or the URL is wrong.
pub async fn run(args: AgentArgs) -> Result<(), Failure> {
    let server = Server::new(&args)?;
    let mut buffer = Buffer::open(&args.buffer, args.buffer_mib * 1024 * 1024)?;
    let host = args.host.or_else(sysinfo::System::host_name).unwrap_or_else(|| "localhost".to_owned());
    let mut machine = Machine::new();
    let mut ticker = tokio::time::interval(INTERVAL);
    ticker.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Skip);
    let mut wait = Wait::default();
    let mut disk_fails = false;
    println!("sending {host}'s metrics to {}", args.url);
    loop {
        let due = tokio::select! {
            _ = tokio::signal::ctrl_c() => return Ok(()),
            due = ticker.tick() => due,
        };
        let readings = samples(machine.read(), &host, SystemClock.now());
        let body = metrics::remote_write::encode(&readings)?;
        let unkept = keep(&mut buffer, body, &mut disk_fails);
        if wait.is_over() {
            drain(&server, &mut buffer, &mut wait, due + INTERVAL).await;
            if let Some(body) = unkept {
                send_unkept(&server, body).await;
            }
        }
    }
}

/// Puts a reading on disk. When that fails (a full disk), it comes back to be sent from memory; the failure is said once.
fn keep(buffer: &mut Buffer, body: Vec<u8>, disk_fails: &mut bool) -> Option<Vec<u8>> {
    match buffer.push(&body) {
        Ok(dropped) => {
            *disk_fails = false;
            if dropped > 0 {
                eprintln!("mimamori agent: the buffer is full, {dropped} of the oldest readings were dropped");
            }
            None
        }
        Err(error) => {
            if !*disk_fails {
                eprintln!(
                    "mimamori agent: can't write to the buffer, readings are sent from memory and lost in an outage: {error}"
                );
            }
            *disk_fails = true;
            Some(body)
        }
    }
}

/// Sends what waits, oldest first, until the server says later or the machine has to be looked at again.
async fn drain(server: &Server, buffer: &mut Buffer, wait: &mut Wait, until: Instant) {
    for _ in 0..AT_ONCE {
        let Some(number) = buffer.oldest() else { return };
        if Instant::now() >= until {
            return;
        }
        let body = match buffer.read(number) {
            Ok(body) => body,
            Err(error) => {
                eprintln!("mimamori agent: a reading can't be read and is set aside: {error}");
                report("set aside", buffer.set_aside(number));
                continue;
            }
        };
        match server.send(body).await {
            Sent::Stored => wait.reset(),
            Sent::Refused(why) => eprintln!("mimamori agent: a reading was refused and dropped: {why}"),
            Sent::Later(why) => {
                eprintln!("mimamori agent: {why}; {} readings wait", buffer.len());
                wait.grow();
                return;
            }
        }
        report("deleted", buffer.remove(number));
    }
}

fn report(what: &str, done: std::io::Result<()>) {
    if let Err(error) = done {
        eprintln!("mimamori agent: a reading could not be {what}: {error}");
    }
}

async fn send_unkept(server: &Server, body: Vec<u8>) {
    match server.send(body).await {
        Sent::Stored => {}
        Sent::Refused(why) | Sent::Later(why) => eprintln!("mimamori agent: a reading that was not on disk is lost: {why}"),
    }
}

/// Where readings go.
struct Server {
    client: Client,
    url: String,
    token: String,
}

impl Server {
    fn new(args: &AgentArgs) -> Result<Self, Failure> {
        // A redirect is somebody else's answer (a proxy's sign-in page): following it would count a reading as stored that is not.
        let client = Client::builder()
            .timeout(TIMEOUT)
            .redirect(Policy::none())
            .user_agent(concat!("mimamori-agent/", env!("CARGO_PKG_VERSION")))
            .build()?;
        let url = format!("{}/api/v1/write", args.url.trim_end_matches('/'));
        Ok(Self { client, url, token: args.token.clone() })
    }

    async fn send(&self, body: Vec<u8>) -> Sent {
        let request = self
            .client
            .post(&self.url)
            .bearer_auth(&self.token)
            .header("content-type", "application/x-protobuf")
            .header("content-encoding", "snappy")
            .header("x-prometheus-remote-write-version", "0.1.0")
            .body(body);
        match request.send().await {
            Ok(response) => {
                let status = response.status();
                judge(status, &response.text().await.unwrap_or_default())
            }
            Err(error) => Sent::Later(chain(&error.without_url())),
        }
    }
}

/// Dropped is only what our ingest says it can never take: 400 and 413. Everything else may be a proxy, a wrong address or a wrong
/// token, which can be mended without losing readings.
fn judge(status: StatusCode, text: &str) -> Sent {
    let said = format!("the server answered {status}: {}", text.chars().take(200).collect::<String>());
    match status {
        StatusCode::OK | StatusCode::NO_CONTENT => Sent::Stored,
        StatusCode::BAD_REQUEST | StatusCode::PAYLOAD_TOO_LARGE => Sent::Refused(said),
        _ => Sent::Later(said),
    }
}

/// Doubling waits, counted in readings.
#[derive(Debug, Default)]
struct Wait {
    ticks_left: u32,
    next: u32,
}

impl Wait {
    fn is_over(&mut self) -> bool {
        self.ticks_left = self.ticks_left.saturating_sub(1);
        self.ticks_left == 0
    }

    fn grow(&mut self) {
        let most = u32::try_from(LONGEST_WAIT.as_secs() / INTERVAL.as_secs()).unwrap_or(12);
        self.next = (self.next * 2).clamp(1, most);
        self.ticks_left = self.next;
    }

    fn reset(&mut self) {
        *self = Self::default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_can_never_succeed_is_dropped() {
        for status in [400, 413] {
            assert!(matches!(judge(StatusCode::from_u16(status).unwrap(), "bad"), Sent::Refused(_)), "{status}");
        }
        for status in [201, 202, 302, 307, 401, 403, 404, 405, 408, 415, 429, 500, 502, 503] {
            assert!(matches!(judge(StatusCode::from_u16(status).unwrap(), ""), Sent::Later(_)), "{status}");
        }
        for status in [200, 204] {
            assert_eq!(judge(StatusCode::from_u16(status).unwrap(), ""), Sent::Stored, "{status}");
        }
    }

    #[tokio::test]
    async fn why_the_server_was_not_reached_is_told_to_the_end() {
        // Nobody listens on port 1.
        let (url, token) = ("http://127.0.0.1:1".to_owned(), "t".to_owned());
        let args = AgentArgs { url, token, host: None, buffer: PathBuf::new(), buffer_mib: 1 };
        let Sent::Later(why) = Server::new(&args).unwrap().send(Vec::new()).await else {
            panic!("somebody listens on port 1");
        };
        assert!(why.to_lowercase().contains("refused"), "{why}");
    }

    #[test]
    fn waits_double_up_to_a_minute() {
        let mut wait = Wait::default();
        let waits: Vec<u32> = (0..6)
            .map(|_| {
                wait.grow();
                wait.ticks_left
            })
            .collect();
        assert_eq!(waits, [1, 2, 4, 8, 12, 12]);
        wait.reset();
        assert!(wait.is_over());
    }
}
