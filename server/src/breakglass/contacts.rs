//! Whom to reach when the database is gone: kept in memory, and sealed with the master key on disk, so that a process that starts without a
//! database has them too.

use super::ledger::replace;
use crate::house_error::chain;
use notify::Keys;
use notify::emergency::Contact;
use std::path::{Path, PathBuf};

/// The file in the data directory.
const FILE: &str = "breakglass.sealed";
/// What the sealed contacts are bound to.
const PLACE: &str = "breakglass";
/// Two hundred channels of 16 KiB, and what sealing adds.
const MOST_BYTES: u64 = 8 * 1024 * 1024;

/// Contacts that outlive the database and this process.
pub struct Contacts {
    path: PathBuf,
    keys: Keys,
    held: Vec<Contact>,
}

impl Contacts {
    /// Those that an earlier process left in this directory, if any.
    #[must_use]
    pub fn read(dir: &Path, keys: Keys) -> Self {
        let path: PathBuf = dir.join(FILE);
        let held: Vec<Contact> = unsealed(&path, &keys).unwrap_or_default();
        Self { path, keys, held }
    }

    /// Those that are known.
    #[must_use]
    pub fn held(&self) -> &[Contact] {
        &self.held
    }

    /// Keeps those that stand in the database now. On disk nothing is touched while they stay the same.
    pub fn keep(&mut self, fresh: Vec<Contact>) {
        if fresh == self.held {
            return;
        }
        self.held = fresh;
        if let Err(error) = self.write() {
            tracing::warn!(error = chain(&*error), "whom to reach without the database could not be kept on disk");
        }
    }

    fn write(&self) -> Result<(), crate::wiring::Failure> {
        let plain: Vec<u8> = serde_json::to_vec(&self.held)?;
        let sealed: Vec<u8> = self.keys.seal(PLACE, &plain)?;
        replace(&self.path, &sealed)?;
        Ok(())
    }
}

/// What the file holds; `None` when it is not there, too large, or was sealed with another key.
fn unsealed(path: &Path, keys: &Keys) -> Option<Vec<Contact>> {
    let size: u64 = std::fs::metadata(path).ok()?.len();
    if size > MOST_BYTES {
        tracing::warn!(size, "the sealed contacts are too large to be ours");
        return None;
    }
    let sealed: Vec<u8> = std::fs::read(path).ok()?;
    match keys.open(PLACE, &sealed) {
        Ok(plain) => serde_json::from_slice(&plain).ok(),
        Err(error) => {
            tracing::warn!(error = chain(&error), "the sealed contacts can't be opened");
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use figures::Locale;
    use serde_json::json;
    use std::os::unix::fs::PermissionsExt as _;

    fn contact(url: &str) -> Contact {
        Contact {
            name: "duty".to_owned(),
            kind: "webhook".to_owned(),
            settings: json!({ "url": url, "secret": "whsec_hush" }),
            last_resort: true,
            locale: Locale::Ja,
            zone: "Asia/Tokyo".to_owned(),
        }
    }

    #[test]
    fn contacts_outlive_the_process_and_nobody_else_can_read_them() {
        let dir = tempfile::tempdir().unwrap();
        let mut contacts = Contacts::read(dir.path(), Keys::new([7; 32]));
        assert!(contacts.held().is_empty());
        contacts.keep(vec![contact("https://a.example")]);
        let file: PathBuf = dir.path().join(FILE);
        assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        let bytes: Vec<u8> = std::fs::read(&file).unwrap();
        assert!(!bytes.windows(4).any(|part| part == b"hush"));
        assert_eq!(Contacts::read(dir.path(), Keys::new([7; 32])).held(), [contact("https://a.example")]);
        assert!(Contacts::read(dir.path(), Keys::new([8; 32])).held().is_empty());
    }

    #[test]
    fn what_did_not_change_is_not_written_again() {
        let dir = tempfile::tempdir().unwrap();
        let mut contacts = Contacts::read(dir.path(), Keys::new([7; 32]));
        contacts.keep(vec![contact("https://a.example")]);
        let before: Vec<u8> = std::fs::read(dir.path().join(FILE)).unwrap();
        contacts.keep(vec![contact("https://a.example")]);
        assert_eq!(std::fs::read(dir.path().join(FILE)).unwrap(), before, "sealing is never the same twice");
        contacts.keep(vec![contact("https://b.example")]);
        assert_ne!(std::fs::read(dir.path().join(FILE)).unwrap(), before);
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1, "nothing unfinished is left");
    }
}
