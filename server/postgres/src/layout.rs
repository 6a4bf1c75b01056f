//! What stands where in the data directory. The crate's README has the table.

use crate::account::Account;
use crate::error::Error;
use sha2::{Digest, Sha256};
use std::fs::{self, DirBuilder, File, OpenOptions, Permissions};
use std::io::{self, ErrorKind, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

/// The longest path a Unix socket can have: `sun_path` is 108 bytes and ends with a zero (unix(7)).
const SOCKET_PATH_MAX: usize = 107;

/// What the names of unfinished clusters begin with.
const UNFINISHED: &str = "cluster.new-";

/// The data directory, by its real path.
#[derive(Clone, Debug)]
pub(crate) struct Layout {
    root: PathBuf,
    /// Whether this start made the directory, so that its mode is ours to set.
    made: bool,
}

impl Layout {
    /// The data directory, made when absent.
    pub(crate) fn make(data_dir: &Path) -> Result<Self, Error> {
        let made = !data_dir.exists();
        fs::create_dir_all(data_dir).map_err(Error::io("create the directory", data_dir))?;
        Self::at(data_dir, made)
    }

    /// A data directory that must exist.
    pub(crate) fn existing(data_dir: &Path) -> Result<Self, Error> {
        Self::at(data_dir, false)
    }

    fn at(data_dir: &Path, made: bool) -> Result<Self, Error> {
        let root = fs::canonicalize(data_dir).map_err(Error::io("find", data_dir))?;
        if root.to_str().is_none() {
            let odd = io::Error::new(ErrorKind::InvalidInput, "its name is not UTF-8");
            return Err(Error::io("use", &root)(odd));
        }
        Ok(Self { root, made })
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    pub(crate) fn lock(&self) -> PathBuf {
        self.root.join("lock")
    }

    pub(crate) fn cluster(&self) -> PathBuf {
        self.root.join("cluster")
    }

    /// The cluster while it is made, named after the process so that an orphan of a dead one never writes into ours. Never started from.
    pub(crate) fn unfinished_cluster(&self) -> PathBuf {
        self.root.join(format!("{UNFINISHED}{}", std::process::id()))
    }

    /// Removes what earlier starts left unfinished.
    pub(crate) fn remove_unfinished(&self) -> Result<(), Error> {
        for entry in fs::read_dir(&self.root).map_err(Error::io("read", &self.root))? {
            let entry = entry.map_err(Error::io("read", &self.root))?;
            if entry.file_name().to_string_lossy().starts_with(UNFINISHED) {
                let path = entry.path();
                fs::remove_dir_all(&path).map_err(Error::io("remove", &path))?;
            }
        }
        Ok(())
    }

    pub(crate) fn settings(&self) -> PathBuf {
        self.root.join("mimamori.conf")
    }

    pub(crate) fn log(&self) -> PathBuf {
        self.root.join("postgres.log")
    }

    pub(crate) fn old_log(&self) -> PathBuf {
        self.root.join("postgres.log.1")
    }

    pub(crate) fn password_file(&self) -> PathBuf {
        self.root.join("password")
    }

    pub(crate) fn pid_file(&self) -> PathBuf {
        self.cluster().join("postmaster.pid")
    }

    /// The major version that wrote the cluster; `None` before there is one.
    pub(crate) fn major(&self) -> Option<u32> {
        let text = fs::read_to_string(self.cluster().join("PG_VERSION")).ok()?;
        text.trim().parse().ok()
    }

    /// Opens the directory to `account` when this start made it (others see names, never contents), and checks that the account gets in.
    pub(crate) fn open_to(&self, account: &Account) -> Result<(), Error> {
        if self.made {
            let mode: u32 = if account.lent { 0o711 } else { 0o700 };
            fs::set_permissions(&self.root, Permissions::from_mode(mode)).map_err(Error::io("set the mode of", &self.root))?;
        }
        account.must_enter(&self.root)
    }

    /// The password of the database user, made up before the first cluster.
    ///
    /// # Errors
    /// [`Error::PasswordMissing`] when there is a cluster but no password.
    pub(crate) fn password(&self, account: &Account) -> Result<String, Error> {
        let path = self.password_file();
        match fs::read_to_string(&path) {
            Ok(text) if !text.trim().is_empty() => return Ok(text.trim().to_owned()),
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(Error::io("read", &path)(error)),
            _ => {}
        }
        if self.major().is_some() {
            return Err(Error::PasswordMissing { path });
        }
        let password = hex(&rand::random::<[u8; 24]>());
        write_private(&path, &password).map_err(Error::io("write", &path))?;
        account.own(&path)?;
        Ok(password)
    }

    /// The directory of the socket: `socket/` in the data directory, or a short one elsewhere when its path would be too long.
    pub(crate) fn socket_dir(&self, account: &Account) -> Result<PathBuf, Error> {
        let inside = self.root.join("socket");
        let dir = if fits(&inside) { inside } else { self.short_socket_dir(account) };
        if !fits(&dir) {
            return Err(Error::SocketPathTooLong { dir });
        }
        make_private(&dir, account)?;
        Ok(dir)
    }

    /// Under `$XDG_RUNTIME_DIR`, or under /tmp when there is none or another user must get in. Named after the data directory.
    fn short_socket_dir(&self, account: &Account) -> PathBuf {
        let runtime: Option<PathBuf> =
            std::env::var_os("XDG_RUNTIME_DIR").map(PathBuf::from).filter(|dir| dir.is_absolute() && !account.lent);
        let base = runtime.unwrap_or_else(|| PathBuf::from("/tmp"));
        let digest = hex(&Sha256::digest(self.root.as_os_str().as_encoded_bytes()));
        base.join(format!("mimamori-{}", &digest[..12]))
    }
}

/// Whether the socket in `dir` has a path the kernel takes.
fn fits(dir: &Path) -> bool {
    let socket = dir.join(format!(".s.PGSQL.{}", crate::address::PORT));
    socket.as_os_str().len() <= SOCKET_PATH_MAX
}

/// Makes `dir` a 0700 directory of `account`, or checks that it is one: in /tmp somebody else could have been there first.
fn make_private(dir: &Path, account: &Account) -> Result<(), Error> {
    match DirBuilder::new().mode(0o700).create(dir) {
        Ok(()) => return account.own(dir),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
        Err(error) => return Err(Error::io("create the directory", dir)(error)),
    }
    let found = fs::symlink_metadata(dir).map_err(Error::io("look at", dir))?;
    let ours = found.uid() == account.uid || found.uid() == nix::unistd::geteuid().as_raw();
    if !found.is_dir() || !ours {
        return Err(Error::SocketDirNotOurs { dir: dir.to_path_buf(), account: account.name.clone() });
    }
    fs::set_permissions(dir, Permissions::from_mode(0o700)).map_err(Error::io("set the mode of", dir))?;
    account.own(dir)
}

/// Writes a file that only its owner may read, and waits until it is on disk.
fn write_private(path: &Path, text: &str) -> io::Result<()> {
    let mut file: File = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)?;
    writeln!(file, "{text}")?;
    file.sync_all()
}

/// Lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_socket_path_of_107_bytes_fits_and_one_more_does_not() {
        let socket_name = "/.s.PGSQL.5432".len();
        let dir = format!("/{}", "d".repeat(SOCKET_PATH_MAX - socket_name - 1));
        assert!(fits(Path::new(&dir)));
        assert!(!fits(Path::new(&format!("{dir}d"))));
    }

    #[test]
    fn a_public_directory_in_the_place_of_the_socket_is_made_private_when_it_is_ours() {
        let temp = tempfile::tempdir().unwrap();
        let dir = temp.path().join("socket");
        fs::create_dir(&dir).unwrap();
        fs::set_permissions(&dir, Permissions::from_mode(0o777)).unwrap();
        let account = Account::choose(&dir).unwrap();
        make_private(&dir, &account).unwrap();
        let found = fs::metadata(&dir).unwrap();
        assert_eq!(found.mode() & 0o777, 0o700);
        assert_eq!(found.uid(), account.uid);
    }

    #[test]
    fn a_link_in_the_place_of_the_socket_directory_is_refused() {
        let temp = tempfile::tempdir().unwrap();
        let link = temp.path().join("socket");
        std::os::unix::fs::symlink("/etc", &link).unwrap();
        let account = Account::choose(&temp.path().join("absent")).unwrap();
        assert!(matches!(make_private(&link, &account), Err(Error::SocketDirNotOurs { .. })));
    }
}
