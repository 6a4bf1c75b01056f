//! The site's directory and the names of its files.

use crate::error::Error;
use crate::packed;
use sha2::{Digest, Sha256};
use std::fs;
use std::path::{Path, PathBuf};

/// How much of a file's SHA-256 stands in its name: 64 bits, enough to tell two builds apart.
const HASH_DIGITS: usize = 16;

/// A site that is being made, beside the one that is served.
pub struct Site {
    served: PathBuf,
    fresh: PathBuf,
}

impl Site {
    /// An empty one for the directory `served`.
    pub fn begin(served: &Path) -> Result<Self, Error> {
        let fresh = served.with_extension("new");
        remove(&fresh)?;
        let package = fresh.join("pkg");
        fs::create_dir_all(&package).map_err(Error::io("make", &package))?;
        Ok(Self { served: served.to_path_buf(), fresh })
    }

    /// Takes in every file of a directory under the name it has there.
    pub fn copy(&mut self, from: &Path) -> Result<(), Error> {
        for path in under(from)? {
            let bytes = fs::read(&path).map_err(Error::io("read", &path))?;
            write(&self.fresh.join(path.strip_prefix(from).unwrap_or(&path)), &bytes)?;
        }
        Ok(())
    }

    /// Puts a file into `pkg` under a name with its hash, which is the answer.
    pub fn put(&mut self, name: &str, ending: &str, bytes: &[u8]) -> Result<String, Error> {
        let hash: String = format!("{:x}", Sha256::digest(bytes)).chars().take(HASH_DIGITS).collect();
        write(&self.fresh.join("pkg").join(hashed(name, &hash, ending)), bytes)?;
        Ok(hash)
    }

    /// Puts every file's packed forms beside it.
    pub fn pack(&self) -> Result<(), Error> {
        under(&self.fresh)?.iter().try_for_each(|path| packed::beside(path))
    }

    /// Takes the place of the old one.
    pub fn end(self) -> Result<(), Error> {
        remove(&self.served)?;
        fs::rename(&self.fresh, &self.served).map_err(Error::io("rename", &self.fresh))
    }
}

/// How a file with a hash is called, here and in Leptos.
pub fn hashed(name: &str, hash: &str, ending: &str) -> String {
    format!("{name}.{hash}.{ending}")
}

/// Writes a file and the directories above it.
pub fn write(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    if let Some(directory) = path.parent() {
        fs::create_dir_all(directory).map_err(Error::io("make", directory))?;
    }
    fs::write(path, bytes).map_err(Error::io("write", path))
}

fn remove(directory: &Path) -> Result<(), Error> {
    match fs::remove_dir_all(directory) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(Error::io("remove", directory)(error)),
        _ => Ok(()),
    }
}

/// Every file below a directory.
fn under(directory: &Path) -> Result<Vec<PathBuf>, Error> {
    let mut found = Vec::new();
    for entry in fs::read_dir(directory).map_err(Error::io("read", directory))? {
        let path = entry.map_err(Error::io("read", directory))?.path();
        if path.is_dir() { found.extend(under(&path)?) } else { found.push(path) }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_site_takes_the_place_of_the_old_one_when_it_is_whole() {
        let place = tempfile::tempdir().unwrap();
        let (served, public) = (place.path().join("site"), place.path().join("public"));
        write(&served.join("gone.js"), b"old").unwrap();
        write(&public.join("deep/frame.js"), b"new").unwrap();
        let mut site = Site::begin(&served).unwrap();
        site.copy(&public).unwrap();
        let hash = site.put("mimamori", "css", b"p{}").unwrap();
        assert!(served.join("gone.js").exists());
        site.end().unwrap();
        assert!(!served.join("gone.js").exists());
        assert_eq!(fs::read(served.join("deep/frame.js")).unwrap(), b"new");
        assert_eq!(fs::read(served.join("pkg").join(hashed("mimamori", &hash, "css"))).unwrap(), b"p{}");
    }

    #[test]
    fn a_file_is_called_after_what_is_in_it() {
        let place = tempfile::tempdir().unwrap();
        let mut site = Site::begin(&place.path().join("site")).unwrap();
        let [first, same, other] = ["a", "a", "b"].map(|text| site.put("mimamori", "js", text.as_bytes()).unwrap());
        assert_eq!(first, same);
        assert_ne!(first, other);
        assert_eq!(first, "ca978112ca1bbdca");
    }

    #[test]
    fn in_a_release_what_gets_smaller_is_packed() {
        let place = tempfile::tempdir().unwrap();
        let public = place.path().join("public");
        write(&public.join("long.js"), "let a = 1;\n".repeat(500).as_bytes()).unwrap();
        write(&public.join("tiny.js"), b"a").unwrap();
        let served = place.path().join("site");
        let mut site = Site::begin(&served).unwrap();
        site.copy(&public).unwrap();
        site.pack().unwrap();
        site.end().unwrap();
        let is_there = |name: &str| served.join(name).exists();
        assert!(is_there("long.js.br") && is_there("long.js.gz"));
        assert!(is_there("tiny.js") && !is_there("tiny.js.br") && !is_there("tiny.js.gz"));
    }
}
