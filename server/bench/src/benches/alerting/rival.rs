//! Debian's prometheus and prometheus-alertmanager where they do the job that is measured: a process of our own on a free port, its
//! files in a temporary directory, ended and removed when it is dropped.

use crate::door::Door;
use crate::error::Error;
use crate::house::{free_port, place};
use crate::peer::program;
use crate::process;
use std::fs::{self, File};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;
use tokio::time::sleep;

/// Both start within a second or two, also with ten thousand rules.
const START: Duration = Duration::from_secs(60);
const LOOK: Duration = Duration::from_millis(20);
/// Both say with this path whether they are ready.
const READY: &str = "/-/ready";

/// Which one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    Prometheus,
    Alertmanager,
}

impl Which {
    /// Of the package and the program.
    pub fn name(self) -> &'static str {
        match self {
            Self::Prometheus => "prometheus",
            Self::Alertmanager => "prometheus-alertmanager",
        }
    }

    /// As shipped, but for addresses and places.
    fn arguments(self, listen: &str, place: &TempDir) -> Vec<String> {
        let config: String = place.path().join("config.yml").display().to_string();
        let data: String = place.path().join("data").display().to_string();
        let mut arguments: Vec<String> = vec![format!("--config.file={config}"), format!("--web.listen-address={listen}")];
        match self {
            Self::Prometheus => {
                arguments.push(format!("--storage.tsdb.path={data}"));
                arguments.push("--web.enable-remote-write-receiver".to_owned());
            }
            Self::Alertmanager => {
                arguments.push(format!("--storage.path={data}"));
                // Alone: it talks to no other.
                arguments.push("--cluster.listen-address=".to_owned());
            }
        }
        arguments.push("--log.level=warn".to_owned());
        arguments
    }
}

/// One that runs.
pub struct Rival {
    pub door: Door,
    child: Child,
    place: TempDir,
}

/// How it is started.
#[derive(Clone, Debug, Default)]
pub struct Start {
    /// `config.yml`.
    pub config: String,
    /// Another file beside it: its name and its text.
    pub beside: Option<(&'static str, String)>,
    /// The program that starts it and becomes it.
    pub through: Vec<String>,
}

impl Rival {
    /// A new one that is ready; `None` when it is not installed.
    ///
    /// # Errors
    /// When it does not start.
    pub async fn open(which: Which, start: &Start) -> Result<Option<Self>, Error> {
        let Some(program) = program(which.name()) else { return Ok(None) };
        let place: TempDir = place()?;
        let listen: String = format!("127.0.0.1:{}", free_port()?);
        fs::write(place.path().join("config.yml"), &start.config).map_err(Error::io("write a peer's configuration"))?;
        if let Some((name, text)) = &start.beside {
            fs::write(place.path().join(name), text).map_err(Error::io("write a peer's rules"))?;
        }
        eprintln!("   starting {} at {listen}", which.name());
        let door: Door = Door::new(format!("http://{listen}"))?;
        let child: Child = spawn(program, &start.through, &which.arguments(&listen, &place), &place)?;
        let mut rival = Self { door, child, place };
        rival.ready().await?;
        Ok(Some(rival))
    }

    /// Its process.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    async fn ready(&mut self) -> Result<(), Error> {
        let began: Instant = Instant::now();
        while began.elapsed() < START {
            if self.door.answers(READY).await {
                return Ok(());
            }
            if let Ok(Some(status)) = self.child.try_wait() {
                let log: String = fs::read_to_string(self.place.path().join("log")).unwrap_or_default();
                let from: usize = log.char_indices().rev().nth(1_000).map_or(0, |(at, _)| at);
                return Err(Error::Ended { status: status.to_string(), log: log[from..].to_owned() });
            }
            sleep(LOOK).await;
        }
        Err(Error::TooLate { what: "the ready peer" })
    }
}

impl Drop for Rival {
    fn drop(&mut self) {
        process::end(&mut self.child);
    }
}

fn spawn(program: PathBuf, through: &[String], arguments: &[String], place: &TempDir) -> Result<Child, Error> {
    let log: File = File::create(place.path().join("log")).map_err(Error::io("open a peer's log"))?;
    let mut command = match through.split_first() {
        Some((first, rest)) => {
            let mut command = Command::new(first);
            command.args(rest).arg(program);
            command
        }
        None => Command::new(program),
    };
    command.args(arguments).current_dir(place.path()).stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
    command.spawn().map_err(Error::io("start a peer"))
}
