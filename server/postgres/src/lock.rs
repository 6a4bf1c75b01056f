//! One server per data directory.

use crate::error::Error;
use crate::layout::Layout;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;

/// The right to use a data directory, until it is dropped or the process dies.
#[derive(Debug)]
pub(crate) struct Lock {
    file: File,
}

impl Lock {
    /// Takes the lock with flock(2), and writes our pid into the file for whoever comes second.
    ///
    /// # Errors
    /// [`Error::Locked`], naming the pid of the server that has it.
    pub(crate) fn take(layout: &Layout) -> Result<Self, Error> {
        let path = layout.lock();
        let mut file: File = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(&path)
            .map_err(Error::io("open", &path))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(locked(layout)),
            Err(TryLockError::Error(error)) => return Err(Error::io("lock", &path)(error)),
        }
        sign(&mut file).map_err(Error::io("write", &path))?;
        Ok(Self { file })
    }
}

impl Drop for Lock {
    /// Says that the lock is free instead of leaving it to the closing of the file: a program that another thread is
    /// starting holds the same open file between its fork and its exec, and would keep the lock until then (flock(2)).
    fn drop(&mut self) {
        // A lock that can't be given back goes with the file.
        let _ = self.file.unlock();
    }
}

fn locked(layout: &Layout) -> Error {
    let holder = fs::read_to_string(layout.lock()).unwrap_or_default();
    let pid = holder.trim();
    let pid = if pid.is_empty() { "unknown" } else { pid };
    Error::Locked { data_dir: layout.root().to_path_buf(), pid: pid.to_owned() }
}

fn sign(file: &mut File) -> io::Result<()> {
    file.set_len(0)?;
    writeln!(file, "{}", std::process::id())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_second_is_refused_with_the_pid_of_the_first_and_may_come_after_it() {
        let temp = tempfile::tempdir().unwrap();
        let layout = Layout::make(temp.path()).unwrap();
        let first = Lock::take(&layout).unwrap();
        let refused = Lock::take(&layout).expect_err("must be refused").to_string();
        assert!(refused.ends_with(&format!("with pid {}", std::process::id())), "{refused}");
        drop(first);
        Lock::take(&layout).unwrap();
    }

    #[test]
    fn a_copy_of_its_file_that_outlives_it_does_not_keep_it() {
        let temp = tempfile::tempdir().unwrap();
        let layout = Layout::make(temp.path()).unwrap();
        let lock = Lock::take(&layout).unwrap();
        let _copy = lock.file.try_clone().unwrap();
        drop(lock);
        Lock::take(&layout).unwrap();
    }
}
