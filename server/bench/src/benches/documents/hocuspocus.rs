//! `@hocuspocus/server`, what others write documents with, as shipped: it keeps a whole document two to ten seconds after it changed, here in
//! a file, which is quicker than any database. A process of our own on a free port; it ends and is removed when this is dropped.

use super::node::script;
use super::places::{Places, Served, Speech, new_ids};
use crate::door::Door;
use crate::error::Error;
use crate::house::{free_port, place};
use crate::process;
use std::fs::{self, File};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// As it is called in a line.
pub(super) const NAME: &str = "hocuspocus";
const SCRIPT: &str = "hocuspocus.mjs";
const START: Duration = Duration::from_secs(30);
const LOOK: Duration = Duration::from_millis(20);
const LOG: &str = "log";

/// See the module.
pub(super) struct Hocuspocus {
    door: Door,
    port: u16,
    child: Option<Child>,
    place: TempDir,
}

impl Hocuspocus {
    /// A new one that answers; `None` when it is not installed.
    pub(super) async fn open() -> Result<Option<Self>, Error> {
        if script(SCRIPT).is_none() {
            return Ok(None);
        }
        let (place, port): (TempDir, u16) = (place()?, free_port()?);
        let door = Door::new(format!("http://127.0.0.1:{port}"))?;
        eprintln!("   starting {NAME} at {}", door.url);
        let mut made = Self { door, port, child: None, place };
        made.start().await?;
        Ok(Some(made))
    }

    /// So many documents that nobody has opened yet.
    pub(super) fn places(&self, n_documents: usize) -> Places {
        let listen: String = format!("127.0.0.1:{}", self.port);
        Places { servers: vec![Served { listen, cookie: String::new(), speech: Speech::Named }], documents: new_ids(n_documents) }
    }

    /// Starts it with what it kept, and waits until it answers.
    pub(super) async fn start(&mut self) -> Result<(), Error> {
        self.child = Some(self.spawn()?);
        let began: Instant = Instant::now();
        while began.elapsed() < START {
            if self.door.answers("/").await {
                return Ok(());
            }
            if let Some(status) = self.child.as_mut().and_then(|child| child.try_wait().ok().flatten()) {
                self.child = None;
                let log: String = fs::read_to_string(self.place.path().join(LOG)).unwrap_or_default();
                return Err(Error::Ended { status: status.to_string(), log });
            }
            tokio::time::sleep(LOOK).await;
        }
        Err(Error::TooLate { what: "the ready peer" })
    }

    fn spawn(&self) -> Result<Child, Error> {
        let mut command: Command = script(SCRIPT).ok_or(Error::TooLate { what: "the peer's program" })?;
        let log: File = File::options()
            .create(true)
            .append(true)
            .open(self.place.path().join(LOG))
            .map_err(Error::io("open a peer's log"))?;
        command.arg(self.port.to_string()).arg(self.place.path()).stdout(Stdio::null()).stderr(log);
        command.spawn().map_err(Error::io("start a peer"))
    }

    /// `kill -9`.
    pub(super) fn kill(&mut self) -> Result<(), Error> {
        let Some(mut child) = self.child.take() else { return Ok(()) };
        child.kill().map_err(Error::io("kill a peer"))?;
        child.wait().map_err(Error::io("wait for a peer's end"))?;
        Ok(())
    }
}

impl Drop for Hocuspocus {
    fn drop(&mut self) {
        if let Some(mut child) = self.child.take() {
            process::end(&mut child);
        }
    }
}
