//! `mimamori agent`: pushes this host's metrics to a server, through the same door as every other client.
//!
//! Every reading is encoded once and put on disk before it is sent; it is deleted when the server has answered with success. The buffer
//! is bounded: when it is full the oldest readings go first, and that is counted and said.

mod buffer;

use crate::collector::{INTERVAL, Machine, samples};
use buffer::Buffer;
use clap::Args;
use kernel::{Clock, SystemClock};
use reqwest::{Client, StatusCode};
use std::path::PathBuf;
use std::time::Duration;

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
    let url = format!("{}/api/v1/write", args.url.trim_end_matches('/'));
    let client = Client::builder().timeout(TIMEOUT).user_agent(concat!("mimamori-agent/", env!("CARGO_PKG_VERSION"))).build()?;
    let mut buffer = Buffer::open(&args.buffer, args.buffer_mib * 1024 * 1024)?;
    let host = args.host.or_else(sysinfo::System::host_name).unwrap_or_else(|| "localhost".to_owned());
    let mut machine = Machine::new();
    let mut ticker = tokio::time::interval(INTERVAL);
    ticker.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Skip);
    let mut wait = Wait::default();
    println!("sending {host}'s metrics to {}", args.url);
    loop {
        tokio::select! {
            _ = tokio::signal::ctrl_c() => return Ok(()),
            _ = ticker.tick() => {}
        }
        let readings = samples(machine.read(), &host, SystemClock.now());
        let body = metrics::remote_write::encode(&readings)?;
        let dropped = buffer.push(&body)?;
        if dropped > 0 {
            eprintln!("mimamori agent: the buffer is full, {dropped} of the oldest readings were dropped");
        }
        if wait.is_over() {
            drain(&client, &url, &args.token, &mut buffer, &mut wait).await?;
        }
    }
}

/// Sends what waits, oldest first, until the server says later.
async fn drain(client: &Client, url: &str, token: &str, buffer: &mut Buffer, wait: &mut Wait) -> Result<(), Failure> {
    for _ in 0..AT_ONCE {
        let Some((name, body)) = buffer.oldest()? else { break };
        match send(client, url, token, body).await {
            Sent::Stored => wait.reset(),
            Sent::Refused(why) => eprintln!("mimamori agent: a reading was refused and dropped: {why}"),
            Sent::Later(why) => {
                eprintln!("mimamori agent: {why}; {} readings wait", buffer.len());
                wait.grow();
                return Ok(());
            }
        }
        buffer.remove(&name)?;
    }
    Ok(())
}

async fn send(client: &Client, url: &str, token: &str, body: Vec<u8>) -> Sent {
    let request = client
        .post(url)
        .bearer_auth(token)
        .header("content-type", "application/x-protobuf")
        .header("content-encoding", "snappy")
        .header("x-prometheus-remote-write-version", "0.1.0")
        .body(body);
    match request.send().await {
        Ok(response) if response.status().is_success() => Sent::Stored,
        Ok(response) => {
            let status = response.status();
            judge(status, &response.text().await.unwrap_or_default())
        }
        Err(error) => Sent::Later(error.without_url().to_string()),
    }
}

/// A wrong token (401, 403) is worth waiting for: it can be mended without losing readings. Other 4xx never succeed.
fn judge(status: StatusCode, text: &str) -> Sent {
    let said = format!("the server answered {status}: {}", text.chars().take(200).collect::<String>());
    let is_final = status.is_client_error()
        && !matches!(
            status,
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN | StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_MANY_REQUESTS
        );
    if is_final { Sent::Refused(said) } else { Sent::Later(said) }
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
        assert!(matches!(judge(StatusCode::BAD_REQUEST, "bad"), Sent::Refused(_)));
        for status in [StatusCode::UNAUTHORIZED, StatusCode::TOO_MANY_REQUESTS, StatusCode::BAD_GATEWAY] {
            assert!(matches!(judge(status, ""), Sent::Later(_)), "{status}");
        }
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
