//! A bounded queue of files: one reading a file, named by a growing number, so that order survives restarts.

use std::collections::VecDeque;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// The queue. Nothing in it is lost by `kill -9`: a file is complete before it gets its name.
pub struct Buffer {
    dir: PathBuf,
    most_bytes: u64,
    bytes: u64,
    files: VecDeque<(u64, u64)>,
}

impl Buffer {
    /// Opens or makes the directory and counts what waits there.
    ///
    /// # Errors
    /// When the directory can't be made or read.
    pub fn open(dir: &Path, most_bytes: u64) -> io::Result<Self> {
        fs::create_dir_all(dir)?;
        let mut files = Vec::new();
        for entry in fs::read_dir(dir)? {
            let entry = entry?;
            if let Some(number) = number_of(&entry.path()) {
                files.push((number, entry.metadata()?.len()));
            }
        }
        files.sort_unstable();
        let bytes = files.iter().map(|(_, size)| size).sum();
        Ok(Self { dir: dir.to_owned(), most_bytes, bytes, files: files.into() })
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

    /// The oldest reading.
    ///
    /// # Errors
    /// When it can't be read.
    pub fn oldest(&self) -> io::Result<Option<(u64, Vec<u8>)>> {
        let Some((number, _)) = self.files.front() else { return Ok(None) };
        fs::read(self.path(*number)).map(|body| Some((*number, body)))
    }

    /// Deletes a reading that was sent.
    ///
    /// # Errors
    /// When it can't be deleted.
    pub fn remove(&mut self, number: &u64) -> io::Result<()> {
        self.forget(*number)
    }

    fn forget(&mut self, number: u64) -> io::Result<()> {
        fs::remove_file(self.path(number))?;
        if let Some(at) = self.files.iter().position(|(other, _)| *other == number)
            && let Some((_, size)) = self.files.remove(at)
        {
            self.bytes -= size;
        }
        Ok(())
    }

    fn path(&self, number: u64) -> PathBuf {
        self.dir.join(format!("{number:020}.rw"))
    }
}

fn number_of(path: &Path) -> Option<u64> {
    (path.extension()? == "rw").then(|| path.file_stem()?.to_str()?.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn readings_come_back_in_order_after_a_restart() {
        let dir = tempfile::tempdir().unwrap();
        let mut buffer = Buffer::open(dir.path(), 1000).unwrap();
        buffer.push(b"one").unwrap();
        buffer.push(b"two").unwrap();
        drop(buffer);
        let mut buffer = Buffer::open(dir.path(), 1000).unwrap();
        let (number, body) = buffer.oldest().unwrap().unwrap();
        assert_eq!(body, b"one");
        buffer.remove(&number).unwrap();
        assert_eq!(buffer.oldest().unwrap().unwrap().1, b"two");
    }

    #[test]
    fn a_full_buffer_drops_the_oldest_and_says_how_many() {
        let dir = tempfile::tempdir().unwrap();
        let mut buffer = Buffer::open(dir.path(), 10).unwrap();
        assert_eq!(buffer.push(b"12345").unwrap(), 0);
        assert_eq!(buffer.push(b"67890").unwrap(), 0);
        assert_eq!(buffer.push(b"abcdef").unwrap(), 2);
        assert_eq!(buffer.oldest().unwrap().unwrap().1, b"abcdef");
        assert_eq!(buffer.len(), 1);
    }

    #[test]
    fn an_unfinished_file_is_not_a_reading() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("unfinished"), b"half").unwrap();
        assert_eq!(Buffer::open(dir.path(), 10).unwrap().len(), 0);
    }
}
