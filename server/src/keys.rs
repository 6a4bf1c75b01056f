//! The master key of this installation: the one that was configured, or one that is made once and kept in the data directory.
//!
//! A key that is made here is known to this machine alone. That is right for one server with its own Postgres, and wrong for several over
//! one database: there production refuses to start, instead of sealing with a key that the next replica does not have.

use crate::config::Secrets;
use crate::config::secrets::{self, MasterKey};
use crate::hex;
use notify::Keys;
use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{ErrorKind, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

/// Why there is no master key.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    #[error(
        "production with DATABASE_URL needs a master key that every replica has: set MIMAMORI_SECRET_KEY or secrets.key_file to what \
         `openssl rand -hex 32` prints"
    )]
    Needed,
    #[error(
        "{path} does not hold a master key: expected 64 hex digits. Bring it back from a backup, or give every channel its secrets anew"
    )]
    Damaged { path: PathBuf },
    #[error("can't {what} {path}: {source}")]
    File { what: &'static str, path: PathBuf, source: std::io::Error },
}

/// Whether this installation may go without a key that was given.
///
/// # Errors
/// [`KeyError::Needed`].
pub fn ready(secrets: &Secrets) -> Result<(), KeyError> {
    if secrets.given.is_none() && secrets.must_be_given { Err(KeyError::Needed) } else { Ok(()) }
}

/// The keys, with one made if there is none.
///
/// # Errors
/// [`KeyError`].
pub fn keys(secrets: &Secrets) -> Result<Keys, KeyError> {
    ready(secrets)?;
    let current: MasterKey = match secrets.given {
        Some(given) => given,
        None => kept(&secrets.made_in)?,
    };
    Ok(secrets.older.iter().fold(Keys::new(current), |keys, older| keys.with_older(*older)))
}

/// The key in this file, made when the file is not there. Of two who make it at once both get the same.
fn kept(path: &Path) -> Result<MasterKey, KeyError> {
    if !path.exists() {
        make(path)?;
    }
    secrets::of_file(path).ok_or_else(|| KeyError::Damaged { path: path.to_owned() })
}

/// Written whole beside its place and linked into it, which fails where somebody was faster: no reader ever sees half a key.
fn make(path: &Path) -> Result<(), KeyError> {
    let failed = |what: &'static str| move |source: std::io::Error| KeyError::File { what, path: path.to_owned(), source };
    let dir: &Path = path.parent().unwrap_or(Path::new("."));
    if !dir.as_os_str().is_empty() && !dir.exists() {
        DirBuilder::new().recursive(true).mode(0o700).create(dir).map_err(failed("make the directory of"))?;
    }
    let unfinished: PathBuf = path.with_extension(format!("key.{}", kernel::ids::new_uuid()));
    let written: Result<(), std::io::Error> = write(&unfinished);
    let linked = written.and_then(|()| match std::fs::hard_link(&unfinished, path) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
        other => other,
    });
    // What is left over is a key that nothing was sealed with.
    let _ = std::fs::remove_file(&unfinished);
    linked.map_err(failed("write"))?;
    if let Ok(dir) = File::open(if dir.as_os_str().is_empty() { Path::new(".") } else { dir }) {
        dir.sync_all().map_err(failed("write"))?;
    }
    Ok(())
}

fn write(path: &Path) -> Result<(), std::io::Error> {
    let mut file: File = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    writeln!(file, "{}", hex::written(&kernel::secrets::random_256()))?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt as _;

    fn none_given(made_in: PathBuf) -> Secrets {
        Secrets { given: None, older: Vec::new(), made_in, must_be_given: false }
    }

    #[test]
    fn a_key_is_made_once_for_its_owner_alone_and_found_again() {
        let dir = tempfile::tempdir().unwrap();
        let secrets: Secrets = none_given(dir.path().join("data/secret.key"));
        let sealed: Vec<u8> = keys(&secrets).unwrap().seal("here", b"plain").unwrap();
        assert_eq!(keys(&secrets).unwrap().open("here", &sealed).unwrap(), b"plain");
        let mode: u32 = std::fs::metadata(&secrets.made_in).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        assert_eq!(std::fs::read_dir(dir.path().join("data")).unwrap().count(), 1, "nothing else is left");
    }

    #[test]
    fn a_damaged_key_is_never_replaced() {
        let dir = tempfile::tempdir().unwrap();
        let secrets: Secrets = none_given(dir.path().join("secret.key"));
        std::fs::write(&secrets.made_in, "half a k").unwrap();
        assert!(matches!(keys(&secrets), Err(KeyError::Damaged { .. })));
        assert_eq!(std::fs::read_to_string(&secrets.made_in).unwrap(), "half a k");
    }

    #[test]
    fn where_others_must_know_the_key_none_is_made() {
        let dir = tempfile::tempdir().unwrap();
        let secrets = Secrets { must_be_given: true, ..none_given(dir.path().join("secret.key")) };
        let error: String = keys(&secrets).unwrap_err().to_string();
        assert!(error.contains("MIMAMORI_SECRET_KEY") && !secrets.made_in.exists(), "{error}");
        assert!(keys(&Secrets { given: Some([7; 32]), ..secrets }).is_ok());
    }

    #[test]
    fn an_older_key_opens_what_it_sealed() {
        let sealed: Vec<u8> = Keys::new([1; 32]).seal("here", b"plain").unwrap();
        let secrets = Secrets { given: Some([2; 32]), older: vec![[1; 32]], ..none_given(PathBuf::new()) };
        assert_eq!(keys(&secrets).unwrap().open("here", &sealed).unwrap(), b"plain");
    }
}
