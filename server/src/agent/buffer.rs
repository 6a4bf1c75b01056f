//! A bounded queue of files: one reading a file, named by a growing number, so that order survives restarts.

use std::collections::VecDeque;
use std::fs::{self, File, TryLockError};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

/// The queue. Nothing in it is lost by `kill -9`: a file is complete before it gets its name.
pub struct Buffer {
    dir: PathBuf,
    most_bytes: u64,
    bytes: u64,
    files: VecDeque<(u64, u64)>,
    /// Held until the buffer goes: two agents would send and delete each other's readings.
    _lock: File,
}

impl Buffer {
    /// Opens or makes the directory and counts what waits there.
    ///
    /// # Errors
    /// When the directory can't be made or read, or another agent has it.
    pub fn open(dir: &Path, most_bytes: u64) -> io::Result<Self> {
        fs::create_dir_all(dir)?;
        let lock = lock(dir)?;
        let mut files = Vec::new();
        for entry in fs::read_dir(dir)? {
            let entry = entry?;
            if let Some(number) = number_of(&entry.path()) {
                files.push((number, entry.metadata()?.len()));
            }
        }
        files.sort_unstable();
        let bytes = files.iter().map(|(_, size)| size).sum();
        Ok(Self { dir: dir.to_owned(), most_bytes, bytes, files: files.into(), _lock: lock })
    }

    /// How many readings wait.
    #[must_use]
    pub fn len(&self) -> usize {
        self.files.len()
    }

    /// Adds a reading; says how many of the oldest had to go for it.
    ///
    /// # Errors
    /// When it can't be written.
    pub fn push(&mut self, body: &[u8]) -> io::Result<usize> {
        let size = body.len() as u64;
        let mut dropped = 0;
        while self.bytes + size > self.most_bytes && !self.files.is_empty() {
            let oldest = self.files[0].0;
            self.forget(oldest)?;
            dropped += 1;
        }
        let number = self.files.back().map_or(0, |(number, _)| number + 1);
        let unfinished = self.dir.join("unfinished");
        let mut file = fs::File::create(&unfinished)?;
        file.write_all(body)?;
        file.sync_data()?;
        fs::rename(&unfinished, self.path(number))?;
        self.files.push_back((number, size));
        self.bytes += size;
        Ok(dropped)
    }

    /// The number of the oldest reading.
    #[must_use]
    pub fn oldest(&self) -> Option<u64> {
        self.files.front().map(|(number, _)| *number)
    }

    /// A reading.
    ///
    /// # Errors
    /// When it can't be read.
    pub fn read(&self, number: u64) -> io::Result<Vec<u8>> {
        fs::read(self.path(number))
    }

    /// Deletes a reading that was sent. It is out of the queue in any case.
    ///
    /// # Errors
    /// When its file can't be deleted; it comes back at the next start.
    pub fn remove(&mut self, number: u64) -> io::Result<()> {
        self.forget(number)
    }

    /// Takes a reading out of the queue and keeps its file beside it as `.bad`.
    ///
    /// # Errors
    /// When its file can't be renamed; it comes back at the next start.
    pub fn set_aside(&mut self, number: u64) -> io::Result<()> {
        self.leave_out(number);
        let path = self.path(number);
        fs::rename(&path, path.with_extension("bad"))
    }

    fn forget(&mut self, number: u64) -> io::Result<()> {
        self.leave_out(number);
        match fs::remove_file(self.path(number)) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    fn leave_out(&mut self, number: u64) {
        if let Some(at) = self.files.iter().position(|(other, _)| *other == number)
            && let Some((_, size)) = self.files.remove(at)
        {
            self.bytes -= size;
        }
    }

    fn path(&self, number: u64) -> PathBuf {
        self.dir.join(format!("{number:020}.rw"))
    }
}

/// Takes the directory with flock(2): it is free again when its holder has ended, however.
fn lock(dir: &Path) -> io::Result<File> {
    let file = File::options().create(true).truncate(false).write(true).open(dir.join("lock"))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => {
            let said = format!("the buffer {} is in use by another agent: give this one its own with --buffer", dir.display());
            Err(io::Error::new(ErrorKind::WouldBlock, said))
        }
        Err(TryLockError::Error(error)) => Err(error),
    }
}

fn number_of(path: &Path) -> Option<u64> {
    (path.extension()? == "rw").then(|| path.file_stem()?.to_str()?.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    fn oldest(buffer: &Buffer) -> Vec<u8> {
        buffer.read(buffer.oldest().unwrap()).unwrap()
    }

    #[test]
    fn readings_come_back_in_order_after_a_restart() {
        let dir = tempfile::tempdir().unwrap();
        let mut buffer = Buffer::open(dir.path(), 1000).unwrap();
        buffer.push(b"one").unwrap();
        buffer.push(b"two").unwrap();
        drop(buffer);
        let mut buffer = Buffer::open(dir.path(), 1000).unwrap();
        assert_eq!(oldest(&buffer), b"one");
        buffer.remove(buffer.oldest().unwrap()).unwrap();
        assert_eq!(oldest(&buffer), b"two");
    }

    #[test]
    fn a_full_buffer_drops_the_oldest_and_says_how_many() {
        let dir = tempfile::tempdir().unwrap();
        let mut buffer = Buffer::open(dir.path(), 10).unwrap();
        assert_eq!(buffer.push(b"12345").unwrap(), 0);
        assert_eq!(buffer.push(b"67890").unwrap(), 0);
        assert_eq!(buffer.push(b"abcdef").unwrap(), 2);
        assert_eq!(oldest(&buffer), b"abcdef");
        assert_eq!(buffer.len(), 1);
    }

    #[test]
    fn an_unfinished_file_is_not_a_reading() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("unfinished"), b"half").unwrap();
        assert_eq!(Buffer::open(dir.path(), 10).unwrap().len(), 0);
    }

    #[test]
    fn what_is_set_aside_is_kept_but_never_sent() {
        let dir = tempfile::tempdir().unwrap();
        let mut buffer = Buffer::open(dir.path(), 10).unwrap();
        buffer.push(b"one").unwrap();
        buffer.set_aside(buffer.oldest().unwrap()).unwrap();
        assert_eq!((buffer.len(), buffer.oldest()), (0, None));
        drop(buffer);
        assert_eq!(Buffer::open(dir.path(), 10).unwrap().len(), 0);
        assert!(dir.path().join("00000000000000000000.bad").exists());
    }

    #[test]
    fn two_agents_do_not_share_a_buffer() {
        let dir = tempfile::tempdir().unwrap();
        let first = Buffer::open(dir.path(), 10).unwrap();
        let refused = Buffer::open(dir.path(), 10).err().map(|error| error.to_string()).unwrap_or_default();
        assert!(refused.contains("in use by another agent"), "{refused}");
        drop(first);
        assert!(Buffer::open(dir.path(), 10).is_ok());
    }
}
