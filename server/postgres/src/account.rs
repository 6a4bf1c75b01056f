//! Who runs Postgres. It refuses root, so a root server lends it another user.

use crate::error::Error;
use nix::unistd::{Gid, Uid, User, getegid, geteuid};
use std::fs::{self, Metadata};
use std::os::unix::fs::{MetadataExt, lchown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The users a root server may lend, best first. `nobody` is the last, because others may share it.
const LENT: [&str; 3] = ["mimamori-pg", "postgres", "nobody"];

/// Enough for initdb and postgres, which call a shell now and then.
const PATH: &str = "/usr/local/bin:/usr/bin:/bin";

/// The operating-system user that runs Postgres.
#[derive(Clone, Debug)]
pub(crate) struct Account {
    /// For messages; the number when it has no name.
    pub(crate) name: String,
    pub(crate) uid: u32,
    pub(crate) gid: u32,
    pub(crate) home: PathBuf,
    /// Whether it is another user than ours, so that children must change to it.
    pub(crate) lent: bool,
}

impl Account {
    /// The owner of an existing cluster, else one of the users lent by root, else ourselves.
    ///
    /// # Errors
    /// [`Error::NoAccount`] for root on a machine without those users; [`Error::ForeignCluster`] when the cluster is somebody else's
    /// and we are not root.
    pub(crate) fn choose(cluster: &Path) -> Result<Self, Error> {
        let owner = fs::symlink_metadata(cluster).ok().map(|found| (found.uid(), found.gid()));
        if geteuid().is_root() {
            return match owner {
                Some((uid, gid)) if uid != 0 => Ok(Self::lent(uid, gid)),
                _ => Self::lend(),
            };
        }
        let ours = Self::ours();
        match owner {
            Some((uid, _)) if uid != ours.uid => {
                Err(Error::ForeignCluster { dir: cluster.to_path_buf(), owner: uid, account: ours.name })
            }
            _ => Ok(ours),
        }
    }

    fn ours() -> Self {
        let uid: Uid = geteuid();
        let gid: Gid = getegid();
        Self { lent: false, ..Self::lent(uid.as_raw(), gid.as_raw()) }
    }

    fn lent(uid: u32, gid: u32) -> Self {
        let known: Option<User> = User::from_uid(Uid::from_raw(uid)).ok().flatten();
        let (name, home) = match known {
            Some(user) => (user.name, user.dir),
            None => (uid.to_string(), PathBuf::from("/")),
        };
        Self { name, uid, gid, home, lent: true }
    }

    fn lend() -> Result<Self, Error> {
        let user: Option<User> =
            LENT.iter().find_map(|name| User::from_name(name).ok().flatten().filter(|user| !user.uid.is_root()));
        let user = user.ok_or(Error::NoAccount)?;
        Ok(Self { name: user.name, uid: user.uid.as_raw(), gid: user.gid.as_raw(), home: user.dir, lent: true })
    }

    /// A command that runs as this user with an almost empty environment: a stray `PGDATA` or `LC_MESSAGES` must not reach it.
    pub(crate) fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command.env_clear().env("PATH", PATH).env("LC_ALL", "C").env("HOME", &self.home).current_dir("/");
        self.enter(&mut command);
        command
    }

    /// Makes `command` run as this user. The standard library clears the supplementary groups when it changes the user.
    pub(crate) fn enter(&self, command: &mut Command) {
        if self.lent {
            command.uid(self.uid).gid(self.gid);
        }
    }

    /// Gives `path` to this user; a symbolic link is not followed.
    pub(crate) fn own(&self, path: &Path) -> Result<(), Error> {
        if !self.lent {
            return Ok(());
        }
        lchown(path, Some(self.uid), Some(self.gid)).map_err(Error::io("change the owner of", path))
    }

    /// Whether this user can enter every directory on the way to `dir` and `dir` itself.
    ///
    /// # Errors
    /// [`Error::NotTraversable`], naming the first directory that shuts it out.
    pub(crate) fn must_enter(&self, dir: &Path) -> Result<(), Error> {
        if !self.lent {
            return Ok(());
        }
        let mut way: Vec<&Path> = dir.ancestors().collect();
        way.reverse();
        for step in way {
            let found = fs::metadata(step).map_err(Error::io("look at", step))?;
            if !self.may_enter(&found) {
                return Err(Error::NotTraversable { dir: step.to_path_buf(), account: self.name.clone() });
            }
        }
        Ok(())
    }

    /// By the mode bits alone. Access lists are not looked at: who uses them can see the same line and knows better.
    fn may_enter(&self, found: &Metadata) -> bool {
        let bit: u32 = if found.uid() == self.uid {
            0o100
        } else if found.gid() == self.gid {
            0o010
        } else {
            0o001
        };
        found.mode() & bit != 0
    }
}
