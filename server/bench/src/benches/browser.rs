//! The browser: scripts for Node beside the bench (`peers`) that drive headless Chromium by the Playwright of `end2end`. A script is told by
//! one line of JSON where to look, and says by others what it measured.

use crate::error::Error;
use crate::peer::program;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::time::timeout;

const PEERS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/peers");
const PLAYWRIGHT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../end2end/node_modules/@playwright/test");
/// Debian's, which the scripts take too unless the environment names another.
const CHROMIUM: &str = "/usr/bin/chromium";
/// No case looks longer at its screens.
const LONGEST: Duration = Duration::from_secs(900);
/// After this long a script gives up by itself, and says so: a little earlier than it is given up.
pub const PATIENCE_MS: u64 = 880_000;
const ANSWER: &str = "what the browser measured";

/// A script at work; killed when dropped, and the browser ends with it.
pub struct Browser {
    _child: Child,
    told: ChildStdin,
    heard: Lines<BufReader<ChildStdout>>,
}

impl Browser {
    /// Starts a script with the case it measures, and tells it where to look.
    ///
    /// # Errors
    /// `NoBrowser` where one of the programs it takes is not installed.
    pub async fn open(script: &str, case: &str, asked: &impl Serialize) -> Result<Self, Error> {
        let mut command = Command::new(node()?);
        command.arg(Path::new(PEERS).join(script)).arg(case).stdin(Stdio::piped()).stdout(Stdio::piped()).kill_on_drop(true);
        let mut child: Child = command.spawn().map_err(Error::io("start the browser's script"))?;
        let (Some(told), Some(said)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(Error::TooLate { what: "the browser's script" });
        };
        let mut browser = Self { _child: child, told, heard: BufReader::new(said).lines() };
        let asked: String = serde_json::to_string(asked).expect("what a script is told is text and numbers");
        browser.tell(&asked).await?;
        Ok(browser)
    }

    /// A line for the script.
    pub async fn tell(&mut self, line: &str) -> Result<(), Error> {
        self.told.write_all(format!("{line}\n").as_bytes()).await.map_err(Error::io("tell the browser's script"))
    }

    /// The next line of the script's.
    pub async fn hear<T: DeserializeOwned>(&mut self) -> Result<T, Error> {
        let Ok(line) = timeout(LONGEST, self.heard.next_line()).await else {
            return Err(Error::TooLate { what: ANSWER });
        };
        let line: Option<String> = line.map_err(Error::io("hear the browser's script"))?;
        let line: String = line.ok_or_else(|| Error::unreadable(ANSWER, "nothing; it says why on standard error"))?;
        read(&line)
    }
}

/// What runs the scripts, where everything that they need is there too.
fn node() -> Result<PathBuf, Error> {
    let chromium: PathBuf = std::env::var_os("CHROMIUM").map_or_else(|| PathBuf::from(CHROMIUM), PathBuf::from);
    let has_all: bool = Path::new(PLAYWRIGHT).is_dir() && chromium.is_file();
    program("node").filter(|_| has_all).ok_or(Error::NoBrowser)
}

/// What a line says.
pub fn read<T: DeserializeOwned>(line: &str) -> Result<T, Error> {
    serde_json::from_str(line).map_err(|_| Error::unreadable(ANSWER, line))
}
