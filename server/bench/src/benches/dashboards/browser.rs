//! The browser: a script for Node beside the bench (`peers/dashboards.mjs`) that drives headless Chromium by the Playwright of `end2end`. It
//! is told by one line of JSON where to look, and says by others what it measured.

use super::world::World;
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

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/peers/dashboards.mjs");
const PLAYWRIGHT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../end2end/node_modules/@playwright/test");
/// No case looks longer at its screens.
const LONGEST: Duration = Duration::from_secs(900);
/// The script gives up a little earlier, and says so.
const EARLIER: Duration = Duration::from_secs(20);
const ANSWER: &str = "what the browser measured";

/// Where the browser looks, and how.
#[derive(Serialize)]
struct Asked<'a> {
    url: &'a str,
    /// `name=value`, of somebody who is signed in.
    cookie: String,
    /// Which screens, in the order that the case knows.
    paths: &'a [String],
    /// How many times slower the processor is made.
    rate: u32,
    patience_ms: u64,
}

/// A script at work; killed when dropped, and the browser ends with it.
pub(super) struct Browser {
    _child: Child,
    told: ChildStdin,
    heard: Lines<BufReader<ChildStdout>>,
}

impl Browser {
    /// Lets it look at screens of a house.
    pub(super) async fn open(case: &str, world: &World, paths: &[String], rate: u32) -> Result<Self, Error> {
        let node: PathBuf = program("node").filter(|_| Path::new(PLAYWRIGHT).is_dir()).ok_or(Error::NoBrowser)?;
        let mut command = Command::new(node);
        command.arg(SCRIPT).arg(case).stdin(Stdio::piped()).stdout(Stdio::piped()).kill_on_drop(true);
        let mut child: Child = command.spawn().map_err(Error::io("start the browser's script"))?;
        let (Some(told), Some(said)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(Error::TooLate { what: "the browser's script" });
        };
        let mut browser = Self { _child: child, told, heard: BufReader::new(said).lines() };
        let patience_ms: u64 = (LONGEST - EARLIER).as_secs() * 1_000;
        let (url, cookie): (&str, String) = (world.door().url.as_str(), world.door().cookie());
        let asked: String = serde_json::to_string(&Asked { url, cookie, paths, rate, patience_ms })
            .expect("an address, a cookie and paths are text");
        browser.tell(&asked).await?;
        Ok(browser)
    }

    /// A line for the script.
    pub(super) async fn tell(&mut self, line: &str) -> Result<(), Error> {
        self.told.write_all(format!("{line}\n").as_bytes()).await.map_err(Error::io("tell the browser's script"))
    }

    /// The next line of the script's.
    pub(super) async fn hear<T: DeserializeOwned>(&mut self) -> Result<T, Error> {
        let Ok(line) = timeout(LONGEST, self.heard.next_line()).await else {
            return Err(Error::TooLate { what: ANSWER });
        };
        let line: Option<String> = line.map_err(Error::io("hear the browser's script"))?;
        let line: String = line.ok_or_else(|| Error::unreadable(ANSWER, "nothing; it says why on standard error"))?;
        read(&line)
    }
}

/// All that a case measures, of a script that says one thing.
pub(super) async fn measure<T: DeserializeOwned>(case: &str, world: &World, paths: &[String], rate: u32) -> Result<T, Error> {
    Browser::open(case, world, paths, rate).await?.hear().await
}

/// What a line says.
pub(super) fn read<T: DeserializeOwned>(line: &str) -> Result<T, Error> {
    serde_json::from_str(line).map_err(|_| Error::unreadable(ANSWER, line))
}
