//! What was told of an outage, on disk: so that a restart tells nothing twice, and processes that share a data directory tell it once between
//! them. It holds no secret.

use super::outage::Standing;
use crate::house_error::chain;
use crate::watch::voice::References;
use model::Time;
use serde::{Deserialize, Serialize};
use std::fs::{self, File};
use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};

/// How long after it was told it is told again.
pub const AGAIN_MS: i64 = 900_000;
/// An end that no channel takes for so long is not told any more.
const OVER_FOR_MS: i64 = 3_600_000;

/// An outage that was told of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// Since when.
    pub since: Time,
    /// When it was told last.
    pub at: Time,
    /// How often it was told.
    pub n: u32,
    /// By which channels, and what these call the message.
    pub references: References,
}

/// What is to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    Nothing,
    /// Tell it, for the first time or again.
    Tell,
    /// Tell that it is over.
    End,
    /// Nobody can be told that it is over: forget it.
    Forget,
}

/// Decides by what was told.
#[must_use]
pub fn decide(told: Option<&Told>, standing: Standing, now: Time) -> Act {
    match (standing, told) {
        (Standing::Gone { .. }, None) => Act::Tell,
        // Also when the clock was set back since.
        (Standing::Gone { .. }, Some(told)) if now.since(told.at).abs() >= AGAIN_MS => Act::Tell,
        (Standing::There, Some(told)) if now.since(told.at).abs() >= AGAIN_MS + OVER_FOR_MS => Act::Forget,
        (Standing::There, Some(_)) => Act::End,
        _ => Act::Nothing,
    }
}

/// The files.
#[derive(Clone, Debug)]
pub struct Ledger {
    dir: PathBuf,
    /// What was told, also when it could not be written.
    held: Option<Told>,
    is_writable: bool,
}

impl Ledger {
    /// In this directory.
    #[must_use]
    pub fn new(dir: &Path) -> Self {
        Self { dir: dir.to_owned(), held: None, is_writable: true }
    }

    /// Holds the ledger until the guard goes; `None` while another process does. Where nothing can be locked everybody is alone.
    #[must_use]
    pub fn lock(&self) -> Option<Guard> {
        let opened = fs::create_dir_all(&self.dir)
            .and_then(|()| File::options().create(true).truncate(false).write(true).open(self.dir.join("breakglass.lock")));
        let Ok(file) = opened else { return Some(Guard { _file: None }) };
        match file.try_lock() {
            Err(fs::TryLockError::WouldBlock) => None,
            Ok(()) => Some(Guard { _file: Some(file) }),
            Err(fs::TryLockError::Error(_)) => Some(Guard { _file: None }),
        }
    }

    /// What was told, by whichever process. A file that can't be read counts as none, unless this process told itself.
    #[must_use]
    pub fn told(&self) -> Option<Told> {
        match fs::read(self.path()) {
            Ok(bytes) => serde_json::from_slice(&bytes).ok().or_else(|| self.held.clone()),
            // Ended by another process.
            Err(error) if error.kind() == ErrorKind::NotFound && self.is_writable => None,
            Err(_) => self.held.clone(),
        }
    }

    /// Keeps what was told.
    pub fn keep(&mut self, told: Told) {
        let written: io::Result<()> = serde_json::to_vec(&told).map_err(io::Error::from).and_then(|bytes| self.write(&bytes));
        self.is_writable = written.is_ok();
        if let Err(error) = written {
            tracing::warn!(
                error = chain(&error),
                "what was told of an outage can't be kept on disk: a restart will tell it again"
            );
        }
        self.held = Some(told);
    }

    /// Forgets it: it is over, and that was told.
    pub fn clear(&mut self) {
        self.held = None;
        match fs::remove_file(self.path()) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                tracing::warn!(error = chain(&error), "what was told of an outage can't be removed");
            }
            _ => self.is_writable = true,
        }
    }

    fn path(&self) -> PathBuf {
        self.dir.join("breakglass.told")
    }

    fn write(&self, bytes: &[u8]) -> io::Result<()> {
        replace(&self.path(), bytes)
    }
}

/// Holds the ledger.
#[derive(Debug)]
pub struct Guard {
    /// The lock ends with it.
    _file: Option<File>,
}

/// Writes a file whole: for its owner alone, and in its place only when it is on disk.
///
/// # Errors
/// When it can't be written.
pub fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    use std::os::unix::fs::OpenOptionsExt as _;
    if let Some(dir) = path.parent() {
        fs::create_dir_all(dir)?;
    }
    let unfinished: PathBuf = path.with_extension(format!("{}.part", kernel::ids::new_uuid()));
    let mut file: File = File::options().write(true).create_new(true).mode(0o600).open(&unfinished)?;
    let written: io::Result<()> = file.write_all(bytes).and_then(|()| file.sync_all());
    let placed: io::Result<()> = written.and_then(|()| fs::rename(&unfinished, path));
    if placed.is_err() {
        // Nothing is in it that is not elsewhere.
        let _ = fs::remove_file(&unfinished);
    }
    placed
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Time = Time(1_795_348_800_000);

    fn told(ago_ms: i64) -> Told {
        Told { since: NOW.plus_ms(-ago_ms), at: NOW.plus_ms(-ago_ms), n: 1, references: References::new() }
    }

    #[test]
    fn it_is_told_once_and_again_every_quarter_of_an_hour_and_its_end_is_told() {
        let gone = Standing::Gone { since: NOW };
        for (ago_ms, standing, expected) in [
            (None, gone, Act::Tell),
            (None, Standing::There, Act::Nothing),
            (None, Standing::Doubtful, Act::Nothing),
            (Some(1_000), gone, Act::Nothing),
            (Some(AGAIN_MS), gone, Act::Tell),
            (Some(-AGAIN_MS), gone, Act::Tell),
            (Some(AGAIN_MS), Standing::Doubtful, Act::Nothing),
            (Some(1_000), Standing::There, Act::End),
            (Some(AGAIN_MS + OVER_FOR_MS), Standing::There, Act::Forget),
        ] {
            let told: Option<Told> = ago_ms.map(told);
            assert_eq!(decide(told.as_ref(), standing, NOW), expected, "{ago_ms:?} {standing:?}");
        }
    }

    #[test]
    fn two_processes_over_one_directory_know_of_each_other() {
        let dir = tempfile::tempdir().unwrap();
        let (mut first, mut second) = (Ledger::new(dir.path()), Ledger::new(dir.path()));
        let guard: Guard = first.lock().unwrap();
        assert!(second.lock().is_none());
        first.keep(told(5));
        drop(guard);
        assert!(second.lock().is_some());
        assert_eq!(second.told(), Some(told(5)));
        second.clear();
        assert_eq!(first.told(), None, "the other one has told that it is over");
    }

    #[test]
    fn a_directory_that_cannot_be_written_does_not_keep_anybody_from_telling() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let mut ledger = Ledger::new(&file.path().join("below a file"));
        assert!(ledger.lock().is_some());
        ledger.keep(told(5));
        assert_eq!(ledger.told(), Some(told(5)), "at least this process remembers");
        ledger.clear();
        assert_eq!(ledger.told(), None);
    }
}
