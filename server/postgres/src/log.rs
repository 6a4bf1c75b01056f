//! Postgres' log: where its standard error goes, and what its last words were.

use crate::error::Error;
use crate::layout::Layout;
use nix::fcntl::OFlag;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

/// A log larger than this is turned over at the next start; one old one is kept.
const TURN_OVER_BYTES: u64 = 10 * 1024 * 1024;

/// How much of the end of the log is read for last words.
const LAST_WORDS_BYTES: u64 = 64 * 1024;

/// The log, open at its end.
#[derive(Debug)]
pub(crate) struct Log {
    pub(crate) file: File,
    /// Where this start's lines begin.
    pub(crate) from: u64,
}

/// Opens the log for one start. A symbolic link in its place is refused, as root may be writing.
pub(crate) fn open(layout: &Layout) -> Result<Log, Error> {
    let path = layout.log();
    let old = fs::symlink_metadata(&path).map_or(0, |found| found.len());
    if old > TURN_OVER_BYTES {
        fs::rename(&path, layout.old_log()).map_err(Error::io("turn over", &path))?;
    }
    let file: File = open_append(&path).map_err(Error::io("open", &path))?;
    let from = file.metadata().map_err(Error::io("look at", &path))?.len();
    Ok(Log { file, from })
}

/// Opens a file for appending, never through a symbolic link.
pub(crate) fn open_append(path: &Path) -> io::Result<File> {
    OpenOptions::new().append(true).create(true).mode(0o600).custom_flags(OFlag::O_NOFOLLOW.bits()).open(path)
}

/// Why one run of Postgres ended, as far as its lines from `from` on say it; without time and pid.
///
/// A run that never was ready says it in its last FATAL line. After that such lines are about single clients, so only a PANIC counts.
pub(crate) fn last_words(path: &Path, from: u64, was_ready: bool) -> Option<String> {
    let text = read_end(path, from).ok()?;
    if was_ready { marked(&text, &["PANIC:"]) } else { complaint(&text) }
}

fn read_end(path: &Path, from: u64) -> io::Result<String> {
    let mut file = File::open(path)?;
    let len = file.metadata()?.len();
    file.seek(SeekFrom::Start(from.max(len.saturating_sub(LAST_WORDS_BYTES))))?;
    let mut bytes: Vec<u8> = Vec::new();
    file.read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// The line of `text` that says most about a failure of one of Postgres' programs: the last marked one, else the last one.
pub(crate) fn complaint(text: &str) -> Option<String> {
    let last = || text.lines().rev().map(str::trim).find(|line| !line.is_empty()).map(str::to_owned);
    marked(text, &["PANIC:", "FATAL:", "error:"]).or_else(last)
}

/// The last line with one of the marks, from the mark on.
fn marked(text: &str, marks: &[&str]) -> Option<String> {
    let from_mark = |line: &str| marks.iter().find_map(|mark| line.find(mark).map(|at| line[at..].trim().to_owned()));
    text.lines().rev().find_map(from_mark)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_complaint_is_the_last_fatal_line_without_its_time() {
        let text = "2026-11-22 05:26:41.409 UTC [7] LOG:  starting\n\
                    2026-11-22 05:26:41.412 UTC [7] FATAL:  lock file \"postmaster.pid\" already exists\n\
                    2026-11-22 05:26:41.412 UTC [7] HINT:  Is another postmaster running?\n";
        assert_eq!(complaint(text).as_deref(), Some("FATAL:  lock file \"postmaster.pid\" already exists"));
    }

    #[test]
    fn without_a_fatal_line_the_last_one_counts() {
        assert_eq!(complaint("one\ntwo\n\n").as_deref(), Some("two"));
        assert_eq!(complaint(""), None);
    }

    #[test]
    fn what_happened_to_a_client_is_not_why_a_ready_postgres_ended() {
        let temp = tempfile::tempdir().unwrap();
        let path = temp.path().join("log");
        fs::write(&path, "old PANIC:  long ago\n[9] FATAL:  password authentication failed\n").unwrap();
        assert_eq!(last_words(&path, 21, true), None);
        assert_eq!(last_words(&path, 21, false).as_deref(), Some("FATAL:  password authentication failed"));
        assert_eq!(last_words(&path, 0, true).as_deref(), Some("PANIC:  long ago"));
    }

    #[test]
    fn a_large_log_is_turned_over() {
        let temp = tempfile::tempdir().unwrap();
        let layout = Layout::make(temp.path()).unwrap();
        let large = File::create(layout.log()).unwrap();
        large.set_len(TURN_OVER_BYTES + 1).unwrap();
        let log = open(&layout).unwrap();
        assert_eq!(log.from, 0);
        assert_eq!(fs::metadata(layout.old_log()).unwrap().len(), TURN_OVER_BYTES + 1);
    }
}
