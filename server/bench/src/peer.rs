//! The servers that others make and we are measured against, as Debian ships them: a process of our own on a free port, its data in a
//! temporary directory, stopped and removed at the end.

use crate::door::Door;
use crate::error::Error;
use crate::house::{free_port, place};
use crate::process;
use std::fs::{self, File};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// Both start within a second when they are empty; a day of samples is read back first.
const START: Duration = Duration::from_secs(120);
const LOOK: Duration = Duration::from_millis(5);
/// Where Debian puts programs, when `PATH` does not name it.
const PROGRAMS: &str = "/usr/bin";
/// A history is written from its beginning, so samples must be allowed to be old.
const LATE_CONFIG: &str = "storage:\n  tsdb:\n    out_of_order_time_window: 31d\n";

/// Which one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Prometheus,
    VictoriaMetrics,
}

impl Kind {
    /// Of the package and the program.
    pub fn name(self) -> &'static str {
        match self {
            Self::Prometheus => "prometheus",
            Self::VictoriaMetrics => "victoria-metrics",
        }
    }

    fn program(self) -> Option<PathBuf> {
        program(self.name())
    }

    /// What answers when it is ready.
    fn ready_path(self) -> &'static str {
        match self {
            Self::Prometheus => "/-/ready",
            Self::VictoriaMetrics => "/health",
        }
    }
}

/// Where a program of that name is; `None` when it is not installed.
pub fn program(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let directories = std::env::split_paths(&path).chain([PathBuf::from(PROGRAMS)]);
    directories.map(|directory| directory.join(name)).find(|program| program.is_file())
}

/// A peer and everything it has.
pub struct Peer {
    pub kind: Kind,
    pub door: Door,
    pub listen: String,
    program: PathBuf,
    child: Option<Child>,
    place: TempDir,
}

impl Peer {
    /// A new one that is ready and empty; `None` when it is not installed.
    pub async fn open(kind: Kind, takes_late: bool) -> Result<Option<Self>, Error> {
        let Some(program) = kind.program() else { return Ok(None) };
        let place: TempDir = place()?;
        let listen: String = format!("127.0.0.1:{}", free_port()?);
        let config: &str = if takes_late { LATE_CONFIG } else { "global: {}\n" };
        fs::write(place.path().join("config.yml"), config).map_err(Error::io("write a peer's configuration"))?;
        let door: Door = Door::new(format!("http://{listen}"))?;
        let mut peer = Self { kind, door, listen, program, child: None, place };
        eprintln!("   starting {} at {}", kind.name(), peer.listen);
        peer.start().await?;
        Ok(Some(peer))
    }

    /// Starts it and waits until it is ready; how long that took.
    pub async fn start(&mut self) -> Result<Duration, Error> {
        let began: Instant = Instant::now();
        self.child = Some(self.spawn()?);
        while began.elapsed() < START {
            if self.door.answers(self.kind.ready_path()).await {
                return Ok(began.elapsed());
            }
            if let Some(status) = self.child.as_mut().and_then(|child| child.try_wait().ok().flatten()) {
                self.child = None;
                return Err(Error::Ended { status: status.to_string(), log: self.log_end() });
            }
            tokio::time::sleep(LOOK).await;
        }
        Err(Error::TooLate { what: "the ready peer" })
    }

    fn spawn(&self) -> Result<Child, Error> {
        let log: File = File::options()
            .create(true)
            .append(true)
            .open(self.place.path().join("log"))
            .map_err(Error::io("open a peer's log"))?;
        let mut command = Command::new(&self.program);
        command.args(self.arguments()).current_dir(self.place.path());
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
        command.spawn().map_err(Error::io("start a peer"))
    }

    /// As shipped, but for addresses, places, a retention that keeps what is measured, and VictoriaMetrics' habit of hiding the last
    /// 30 s from queries.
    fn arguments(&self) -> Vec<String> {
        let (listen, data) = (&self.listen, self.data().display().to_string());
        let config: String = self.place.path().join("config.yml").display().to_string();
        match self.kind {
            Kind::Prometheus => vec![
                format!("--config.file={config}"),
                format!("--storage.tsdb.path={data}"),
                "--storage.tsdb.retention.time=60d".to_owned(),
                format!("--web.listen-address={listen}"),
                "--web.enable-remote-write-receiver".to_owned(),
                "--log.level=warn".to_owned(),
            ],
            Kind::VictoriaMetrics => vec![
                format!("-storageDataPath={data}"),
                format!("-httpListenAddr={listen}"),
                "-retentionPeriod=60d".to_owned(),
                "-search.latencyOffset=0s".to_owned(),
                "-loggerLevel=WARN".to_owned(),
            ],
        }
    }

    /// Where its samples are.
    pub fn data(&self) -> PathBuf {
        self.place.path().join("data")
    }

    /// Its process.
    pub fn pid(&self) -> Option<u32> {
        self.child.as_ref().map(Child::id)
    }

    /// Tells it to stop and waits for its end.
    pub async fn stop(&mut self) -> Result<(), Error> {
        let Some(mut child) = self.child.take() else { return Ok(()) };
        tokio::task::spawn_blocking(move || process::end(&mut child)).await?;
        Ok(())
    }

    fn log_end(&self) -> String {
        let log: String = fs::read_to_string(self.place.path().join("log")).unwrap_or_default();
        let lines: Vec<&str> = log.lines().collect();
        lines[lines.len().saturating_sub(10)..].join("\n")
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        if let Some(mut child) = self.child.take() {
            process::end(&mut child);
        }
    }
}
