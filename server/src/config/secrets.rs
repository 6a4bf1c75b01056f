//! Settings of the master key: `secrets.…`. What is sealed in the database opens only with it, and links in pages are signed with it.
//!
//! The key itself is never printed: not by `config check`, not in a mistake about it.

use super::{Error, Found, Setting, text};
use crate::hex;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use notify::sealed::KEY_LEN;
use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

type Settings = BTreeMap<&'static str, Found>;

/// Everything that can be set about secrets.
pub(super) const SETTINGS: &[Setting] = &[
    Setting {
        key: "secrets.key",
        env: "MIMAMORI_SECRET_KEY",
        default: "",
        about: "the master key: 32 bytes as 64 hex digits or Base64 (openssl rand -hex 32), the same for every replica; seals the secrets of \
                channels and signs links in pages. Empty: made once, in data_dir/secret.key, which then belongs into every backup",
    },
    Setting {
        key: "secrets.key_file",
        env: "MIMAMORI_SECRET_KEY_FILE",
        default: "",
        about: "a file with the master key, instead of secrets.key",
    },
    Setting {
        key: "secrets.older_keys",
        env: "MIMAMORI_OLDER_SECRET_KEYS",
        default: "",
        about: "earlier master keys, parted by commas: they open what was sealed with them and seal nothing more. To change the key, put the \
                old one here, set the new one, and save every channel with its secrets once",
    },
];

const EXPECTED: &str = "32 bytes as 64 hex digits or Base64, such as `openssl rand -hex 32` prints";
/// The name of the key that is made, in the data directory.
const MADE: &str = "secret.key";
/// No file with a key is larger; a device that never ends is not read to its end.
const MOST_BYTES: u64 = 4_096;

/// A master key.
pub type MasterKey = [u8; KEY_LEN];

/// Where the master key comes from.
#[derive(Clone)]
pub struct Secrets {
    /// The key that was configured.
    pub given: Option<MasterKey>,
    /// Earlier ones.
    pub older: Vec<MasterKey>,
    /// Where one is made when none was configured.
    pub made_in: PathBuf,
    /// Of production over a database of its own, where other replicas may run that could not know a key that is made here.
    pub must_be_given: bool,
}

impl fmt::Debug for Secrets {
    /// Without the keys: a configuration may end up in a log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let is_given: bool = self.given.is_some();
        f.debug_struct("Secrets").field("is_given", &is_given).field("made_in", &self.made_in).finish_non_exhaustive()
    }
}

pub(super) fn check(found: &Settings, data_dir: &Path, is_production: bool) -> Result<Secrets, Error> {
    let given: Option<MasterKey> = match (text(found, "secrets.key"), text(found, "secrets.key_file")) {
        (Some(_), Some(_)) => return Err(wrong(found, "secrets.key_file", "secrets.key or secrets.key_file, not both")),
        (Some(written), None) => Some(read(&written).ok_or_else(|| wrong(found, "secrets.key", EXPECTED))?),
        (None, Some(path)) => Some(of_file(Path::new(&path)).ok_or_else(|| wrong(found, "secrets.key_file", FILE))?),
        (None, None) => None,
    };
    let older: Option<Vec<MasterKey>> = list(&text(found, "secrets.older_keys").unwrap_or_default());
    let older: Vec<MasterKey> = older.ok_or_else(|| wrong(found, "secrets.older_keys", EXPECTED))?;
    let has_database: bool = text(found, "database_url").is_some();
    Ok(Secrets { given, older, made_in: data_dir.join(MADE), must_be_given: is_production && has_database })
}

const FILE: &str = "a file that can be read, with 32 bytes as 64 hex digits or Base64";

fn list(written: &str) -> Option<Vec<MasterKey>> {
    written.split(',').map(str::trim).filter(|key| !key.is_empty()).map(read).collect()
}

/// The key that a file holds; `None` when it can't be read or holds none.
#[must_use]
pub fn of_file(path: &Path) -> Option<MasterKey> {
    let file = std::fs::File::open(path).ok()?;
    let mut written = String::new();
    std::io::Read::read_to_string(&mut std::io::Read::take(file, MOST_BYTES), &mut written).ok()?;
    read(written.trim())
}

/// A key as it is written.
fn read(written: &str) -> Option<MasterKey> {
    let written: &str = written.trim();
    let bytes: Vec<u8> = if written.len() == 2 * KEY_LEN { hex::read(written)? } else { STANDARD.decode(written).ok()? };
    MasterKey::try_from(bytes).ok()
}

/// Of a secret only whether it is there.
pub(super) fn hidden(written: &str) -> String {
    if written.trim().is_empty() { String::new() } else { "…".to_owned() }
}

/// Never says the value.
pub(super) fn wrong(found: &Settings, key: &'static str, expected: &'static str) -> Error {
    let origin: String = found.get(key).map(|found| found.origin.clone()).unwrap_or_default();
    Error::Secret { origin, key, expected }
}

#[cfg(test)]
mod tests {
    use super::super::{check as check_all, explain, gather};
    use super::*;

    const HEX: &str = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
    const BASE64: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

    fn with(pairs: &[(&str, &str)]) -> Result<Secrets, Error> {
        let env = |name: &str| pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned());
        check_all(&gather(None, &env)?, false).map(|config| config.secrets)
    }

    #[test]
    fn a_key_is_read_from_hex_base64_or_a_file() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), format!("{HEX}\n")).unwrap();
        let path: &str = file.path().to_str().unwrap();
        for pair in [("MIMAMORI_SECRET_KEY", HEX), ("MIMAMORI_SECRET_KEY", BASE64), ("MIMAMORI_SECRET_KEY_FILE", path)] {
            let given: MasterKey = with(&[pair]).unwrap().given.unwrap();
            assert_eq!((given[0], given[31], hex::written(&given).as_str()), (0, 31, HEX), "{pair:?}");
        }
        let older: String = format!("{BASE64}, {HEX}");
        assert_eq!(with(&[("MIMAMORI_OLDER_SECRET_KEYS", &older)]).unwrap().older.len(), 2);
        assert!(with(&[]).unwrap().given.is_none());
    }

    #[test]
    fn what_is_no_key_is_refused_and_not_said() {
        for (name, value) in [
            ("MIMAMORI_SECRET_KEY", "hush"),
            ("MIMAMORI_SECRET_KEY", &HEX[1..]),
            ("MIMAMORI_SECRET_KEY", "é00102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1"),
            ("MIMAMORI_SECRET_KEY_FILE", "/nowhere/at/all"),
            ("MIMAMORI_OLDER_SECRET_KEYS", "hush,"),
        ] {
            let error: String = with(&[(name, value)]).unwrap_err().to_string();
            assert!(error.contains(name) && !error.contains("hush") && !error.contains("0d0e"), "{error}");
        }
        assert!(with(&[("MIMAMORI_SECRET_KEY", HEX), ("MIMAMORI_SECRET_KEY_FILE", "/x")]).is_err());
    }

    #[test]
    fn a_key_is_not_printed() {
        let env = |name: &str| (name == "MIMAMORI_SECRET_KEY").then(|| HEX.to_owned());
        let found = gather(None, &env).unwrap();
        let said: String = format!("{} {:?}", explain(&found), check_all(&found, false).unwrap());
        assert!(said.contains("secrets.key = \"…\"") && !said.contains("0d0e"), "{said}");
    }
}
