//! `mimamori watch`: watches a server from another machine, and pages by channels of its own when it fails.
//!
//! It asks two things: `/readyz`, whether the server is there and its database takes writes; and, with a token, `/api/pager/health`, whether
//! rules are evaluated and pages are sent. It needs no database and nothing of the server it watches. What it told stands in a file, so that
//! it may be restarted without paging twice. When it can reach nobody it goes on trying; what it can't see is its own network, which is why
//! it belongs somewhere else than the server.
//!
//! In files: `asking.rs` (one look), `memory.rs` (what that means, pure, and its file), `speakers.rs` (whom to page), `words.rs`.

mod asking;
mod memory;
mod speakers;
mod words;

#[cfg(test)]
mod tests;

use crate::house_error::chain;
use crate::watch::voice::{self, References, Saying, Voice};
use asking::Asker;
use clap::Args;
use kernel::{Clock, SystemClock};
use memory::{Act, Limits, Memory, Store};
use model::{Severity, Time};
use notify::Kind;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::MissedTickBehavior;

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// What the watcher is told.
#[derive(Debug, Args)]
pub struct WatchArgs {
    /// The server: https://watch.example.jp
    #[arg(long, env = "MIMAMORI_URL")]
    url: String,
    /// An API token with the scope metrics:read, to ask whether rules and pages go on too. Better given by the environment.
    #[arg(long, env = "MIMAMORI_TOKEN", hide_env_values = true)]
    token: Option<String>,
    /// How often it is asked: 15s
    #[arg(long, default_value = "15s", value_parser = duration)]
    every: Duration,
    /// After how long a failure somebody is paged: 90s
    #[arg(long, default_value = "90s", value_parser = duration)]
    after: Duration,
    /// How often somebody is paged again while it fails: 15m
    #[arg(long, default_value = "15m", value_parser = duration)]
    again: Duration,
    /// Whom to page: a TOML file with one [[channel]] for each.
    #[arg(long, env = "MIMAMORI_WATCH_CHANNELS")]
    channel_file: PathBuf,
    /// Where it is kept what was told.
    #[arg(long, env = "MIMAMORI_WATCH_STATE", default_value = "mimamori-watch.json")]
    state: PathBuf,
    /// Send a test to every channel of the file and stop.
    #[arg(long)]
    test: bool,
}

/// `15s`, `5m`, `1h30m`.
fn duration(text: &str) -> Result<Duration, String> {
    let ms: u64 = promql::numbers::parse_duration_ms(text).map_err(str::to_owned)?;
    if ms < 1_000 { Err("expected at least 1s".to_owned()) } else { Ok(Duration::from_millis(ms)) }
}

/// Watches one server.
struct Watcher {
    asker: Asker,
    voices: Vec<Voice>,
    store: Store,
    memory: Memory,
    limits: Limits,
    clock: Arc<dyn Clock>,
    url: String,
}

/// Watches until it is stopped.
///
/// # Errors
/// When the file of channels can't be used, the address is none, or a test was not taken by every channel.
pub async fn run(args: WatchArgs) -> Result<(), Failure> {
    let every: Duration = args.every;
    let is_test: bool = args.test;
    let mut watcher = Watcher::new(args, Arc::new(SystemClock))?;
    if is_test {
        return watcher.test().await;
    }
    println!("watching {}", watcher.url);
    let mut ticker = tokio::time::interval(every);
    ticker.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let stopped = stopped();
    tokio::pin!(stopped);
    loop {
        tokio::select! {
            () = &mut stopped => return Ok(()),
            _ = ticker.tick() => {}
        }
        watcher.look().await;
    }
}

/// A watcher that is stopped pages nobody: that is said by whoever starts it.
async fn stopped() {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut terminate) = signal(SignalKind::terminate()) else { return std::future::pending().await };
    tokio::select! {
        _ = terminate.recv() => {}
        _ = tokio::signal::ctrl_c() => {}
    }
}

impl Watcher {
    fn new(args: WatchArgs, clock: Arc<dyn Clock>) -> Result<Self, Failure> {
        let url: String = args.url.trim_end_matches('/').to_owned();
        let ms = |duration: Duration| i64::try_from(duration.as_millis()).unwrap_or(i64::MAX);
        let limits = Limits { every_ms: ms(args.every), after_ms: ms(args.after), again_ms: ms(args.again) };
        let store = Store::new(args.state);
        Ok(Self {
            asker: Asker::new(&url, args.token)?,
            voices: speakers::read(&args.channel_file)?,
            memory: store.read(),
            store,
            limits,
            clock,
            url,
        })
    }

    /// One look, and what follows from it.
    async fn look(&mut self) {
        let seen: Result<(), String> = self.asker.ask().await;
        let now: Time = self.clock.now();
        if let Err(reason) = &seen {
            eprintln!("mimamori watch: {reason}");
        }
        let act: Act = self.memory.step(seen, &self.limits, now);
        match act {
            Act::Nothing => {}
            Act::Page => self.page(now).await,
            Act::Over => self.over(now).await,
        }
        if let Err(error) = self.store.keep(&self.memory) {
            eprintln!("mimamori watch: what was told can't be kept, so a restart may tell it again: {}", chain(&error));
        }
    }

    async fn page(&mut self, now: Time) {
        let since: Time = self.memory.failing_since.unwrap_or(now);
        let kind: Kind = if self.memory.n_told == 0 { Kind::Fired } else { Kind::Again };
        let summary = words::fails(&self.url, &self.memory.reason, now.since(since));
        let key: String = format!("watch-{}-{}", since.0, self.memory.n_told);
        let saying: Saying = self.saying(key, kind, words::failing(&self.url), summary, since, now);
        let taken: References = voice::say_to_somebody(&self.voices, &saying, &self.memory.references, voice::HESITATION).await;
        if taken.is_empty() {
            eprintln!("mimamori watch: nobody could be paged; tried again soon");
            return;
        }
        self.memory.told(taken, now);
        println!("paged: {} fails since {} s", self.url, now.since(since) / 1_000);
    }

    async fn over(&mut self, now: Time) {
        let since: Time = self.memory.failing_since.unwrap_or(now);
        let summary = words::answers(&self.url, now.since(since));
        let key: String = format!("watch-{}-over", since.0);
        let mut saying: Saying = self.saying(key, Kind::Resolved, words::failing(&self.url), summary, since, now);
        saying.over_at = Some(now);
        let told: Vec<&Voice> = self.voices.iter().filter(|voice| self.memory.references.contains_key(&voice.name)).collect();
        let names: Vec<String> = told.iter().map(|voice| voice.name.clone()).collect();
        let taken: References = voice::say(&told, &saying, &self.memory.references).await;
        self.memory.ended(&names, &taken, &self.limits, now);
        println!("{} answers again", self.url);
    }

    /// Sends a test to everybody.
    async fn test(&self) -> Result<(), Failure> {
        let now: Time = self.clock.now();
        let key: String = format!("watch-test-{}", now.0);
        let saying: Saying = self.saying(key, Kind::Test, words::test(), words::test_of(&self.url), now, now);
        let all: Vec<&Voice> = self.voices.iter().collect();
        let taken: References = voice::say(&all, &saying, &References::new()).await;
        let missing: Vec<&str> =
            self.voices.iter().map(|voice| voice.name.as_str()).filter(|name| !taken.contains_key(*name)).collect();
        if missing.is_empty() {
            println!("a test was taken by every channel");
            return Ok(());
        }
        Err(format!("a test was not taken by {}", missing.join(", ")).into())
    }

    fn saying(&self, key: String, kind: Kind, name: notify::Words, summary: notify::Words, since: Time, at: Time) -> Saying {
        Saying { key, kind, severity: Severity::P0, name, summary, since, over_at: None, url: self.url.clone(), at }
    }
}
