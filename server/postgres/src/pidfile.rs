//! `postmaster.pid`: how Postgres says that it is ready, and what a crash leaves behind.

use crate::layout::Layout;
use std::fs;
use std::path::{Path, PathBuf};

/// What the file says. Its lines are described in Postgres' `src/include/utils/pidfile.h`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PidFile {
    /// Line 1. Negative for a stand-alone backend.
    pub(crate) pid: i32,
    /// Line 5; absent early in the start.
    pub(crate) socket_dir: Option<PathBuf>,
    /// Line 8 says `ready`. pg_ctl waits for the same word.
    pub(crate) ready: bool,
}

/// The file of `layout`'s cluster, when there is one that can be read.
pub(crate) fn read(layout: &Layout) -> Option<PidFile> {
    parse(&fs::read_to_string(layout.pid_file()).ok()?)
}

/// The file of a Postgres that is ready and alive at this moment. A crash leaves a file that says `ready`, hence the look at the process.
pub(crate) fn running(layout: &Layout) -> Option<PidFile> {
    read(layout).filter(|found| found.ready && works_in_cluster(layout, found.pid) == Some(true))
}

/// Whether process `pid` works in the cluster, as every process of a Postgres does; `None` when it is gone or closed to us.
fn works_in_cluster(layout: &Layout, pid: i32) -> Option<bool> {
    let works_in = fs::read_link(format!("/proc/{}/cwd", pid.unsigned_abs())).ok()?;
    Some(same_directory(&works_in, &layout.cluster()))
}

fn parse(text: &str) -> Option<PidFile> {
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let pid: i32 = lines.first()?.parse().ok()?;
    let socket_dir = lines.get(4).filter(|line| !line.is_empty()).map(PathBuf::from);
    let ready = lines.get(7).is_some_and(|line| *line == "ready");
    Some(PidFile { pid, socket_dir, ready })
}

/// Removes a pid file whose pid now belongs to a process that does not work in the cluster.
///
/// Postgres itself removes a file whose process is gone, but in a container started again the pid is soon somebody else's, and then it
/// would refuse for ever. Every process of a Postgres has the cluster as its working directory, so another one is proof. Only to be
/// called under the lock. Returns whether it was removed.
pub(crate) fn remove_if_foreign(layout: &Layout) -> bool {
    let Some(found) = read(layout) else { return false };
    if works_in_cluster(layout, found.pid) != Some(false) {
        return false;
    }
    tracing::warn!(pid = found.pid, "postmaster.pid names a process that is not this postgres: removed");
    fs::remove_file(layout.pid_file()).is_ok()
}

fn same_directory(left: &Path, right: &Path) -> bool {
    match (fs::canonicalize(left), fs::canonicalize(right)) {
        (Ok(left), Ok(right)) => left == right,
        // What cannot be compared might be the same.
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const READY: &str = "21357\n/d/cluster\n1795325201\n5432\n/d/socket\n\n 10100824        10\nready   \n";

    #[test]
    fn a_ready_server_says_so_in_line_8() {
        let expected = PidFile { pid: 21357, socket_dir: Some(PathBuf::from("/d/socket")), ready: true };
        assert_eq!(parse(READY), Some(expected));
        let starting = READY.replace("ready", "starting");
        assert!(parse(&starting).is_some_and(|found| !found.ready));
    }

    #[test]
    fn half_a_file_is_not_ready_and_an_empty_one_is_none() {
        let expected = PidFile { pid: 12, socket_dir: None, ready: false };
        assert_eq!(parse("12\n/d/cluster\n"), Some(expected));
        assert_eq!(parse(""), None);
    }

    #[test]
    fn a_pid_that_became_ours_is_foreign_and_a_dead_one_is_left_to_postgres() {
        let temp = tempfile::tempdir().unwrap();
        let layout = Layout::make(temp.path()).unwrap();
        fs::create_dir(layout.cluster()).unwrap();
        fs::write(layout.pid_file(), format!("{}\n", i32::MAX)).unwrap();
        assert!(!remove_if_foreign(&layout));
        fs::write(layout.pid_file(), format!("{}\n", std::process::id())).unwrap();
        assert!(remove_if_foreign(&layout));
        assert!(!layout.pid_file().exists());
    }
}
