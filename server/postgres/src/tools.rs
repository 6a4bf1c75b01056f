//! psql, dump and restore: commands that are ready to be spawned.
//!
//! For the embedded Postgres they run as the user who runs it, not as root. Files are opened by us and handed over as standard input or
//! output, so a dump belongs to whoever asked for it and can lie where only he gets in. The password travels in the environment, as
//! arguments are public.

use crate::EmbeddedConfig;
use crate::account::Account;
use crate::address::{Address, apart};
use crate::binaries::{self, Search, Wanted};
use crate::error::Error;
use crate::keeper::Started;
use crate::layout::Layout;
use crate::pidfile;
use std::fmt;
use std::fs::{File, OpenOptions};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Settings of libpq that would lead elsewhere when they are inherited; the URL says everything.
const MISLEADING: [&str; 10] = [
    "PGHOST",
    "PGHOSTADDR",
    "PGPORT",
    "PGUSER",
    "PGDATABASE",
    "PGSERVICE",
    "PGSERVICEFILE",
    "PGOPTIONS",
    "PGREQUIREAUTH",
    "PGTARGETSESSIONATTRS",
];

/// Makes commands for one database.
#[derive(Clone)]
pub struct Tools {
    bin_dir: PathBuf,
    url: String,
    /// Another user than ours that runs them.
    lent: Option<Account>,
}

/// The URL of a Postgres that another process of ours runs in the directory; its programs are not looked for.
pub(crate) fn url_of_running(config: &EmbeddedConfig) -> Result<Option<String>, Error> {
    Ok(found_running(config)?.map(|(_, _, address)| address.url()))
}

fn found_running(config: &EmbeddedConfig) -> Result<Option<(Layout, Account, Address)>, Error> {
    if !config.data_dir.exists() {
        return Ok(None);
    }
    let layout = Layout::existing(&config.data_dir)?;
    let Some(socket_dir) = pidfile::running(&layout).and_then(|found| found.socket_dir) else { return Ok(None) };
    let account = Account::choose(&layout.cluster())?;
    let password = layout.password(&account)?;
    Ok(Some((layout, account, Address { socket_dir, password })))
}

impl Tools {
    /// For the database of a `DATABASE_URL`, with the newest client programs of this machine.
    ///
    /// # Errors
    /// [`Error::NoClients`].
    pub fn for_url(url: &str) -> Result<Self, Error> {
        let bin_dir = binaries::clients().ok_or(Error::NoClients)?;
        Ok(Self { bin_dir, url: url.to_owned(), lent: None })
    }

    pub(crate) fn of(started: &Started) -> Self {
        Self::embedded(started.binaries.dir.clone(), &started.address, &started.account)
    }

    fn embedded(bin_dir: PathBuf, address: &Address, account: &Account) -> Self {
        let lent = account.lent.then(|| account.clone());
        Self { bin_dir, url: address.url(), lent }
    }

    /// Those of a Postgres that another process of ours runs in the directory; `None` when none does.
    pub(crate) fn of_running(config: &EmbeddedConfig) -> Result<Option<Self>, Error> {
        let Some((layout, account, address)) = found_running(config)? else { return Ok(None) };
        let wanted = Wanted { account: &account, data_dir: layout.root(), major: layout.major() };
        match binaries::find(config.bin_dir.as_deref(), &wanted)? {
            Search::Found(found) => Ok(Some(Self::embedded(found.dir, &address, &account))),
            Search::Nothing { .. } => Err(Error::NoClients),
        }
    }

    /// The URL of the database, with the password in it.
    #[must_use]
    pub fn url(&self) -> String {
        self.url.clone()
    }

    /// `psql` on the database; add `-c` and such as you like.
    #[must_use]
    pub fn psql(&self) -> Command {
        self.command("psql")
    }

    /// `pg_dump` of the whole database into a new file at `path`, in the custom format, readable by its owner alone. Spawn it and look
    /// at its status; what a failed one leaves behind is not a dump.
    ///
    /// # Errors
    /// When the file exists already, as a dump is never overwritten, or can't be made.
    pub fn dump(&self, path: &Path) -> Result<Command, Error> {
        let file: File =
            OpenOptions::new().write(true).create_new(true).mode(0o600).open(path).map_err(Error::io("create", path))?;
        let mut command = self.command("pg_dump");
        command.args(["--format=custom", "--no-owner", "--no-privileges"]).stdout(file);
        Ok(command)
    }

    /// `pg_restore` of a dump made by [`Tools::dump`], in one transaction: everything in it is replaced, or nothing.
    ///
    /// # Errors
    /// When the file can't be opened.
    pub fn restore(&self, path: &Path) -> Result<Command, Error> {
        let file: File = File::open(path).map_err(Error::io("open", path))?;
        let mut command = self.command("pg_restore");
        command
            .args(["--clean", "--if-exists", "--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error"])
            .stdin(file);
        Ok(command)
    }

    fn command(&self, program: &str) -> Command {
        let (bare_url, password) = apart(&self.url);
        let mut command = Command::new(self.bin_dir.join(program));
        for name in MISLEADING {
            command.env_remove(name);
        }
        command.arg("--dbname").arg(bare_url);
        if let Some(password) = password {
            command.env("PGPASSWORD", password);
        }
        if let Some(account) = &self.lent {
            // That user may be shut out of our working directory and home, about which the programs would complain, and has no
            // place for the history of whoever types.
            command.current_dir("/").env("HOME", &account.home).env("PSQL_HISTORY", "/dev/null");
            account.enter(&mut command);
        }
        command
    }
}

impl fmt::Debug for Tools {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tools").field("bin_dir", &self.bin_dir).field("url", &apart(&self.url).0).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::ffi::OsStr;

    #[test]
    fn the_password_is_in_the_environment_and_not_among_the_arguments() {
        let url = "postgres://mimamori:hunter2@db.example/mimamori".to_owned();
        let tools = Tools { bin_dir: PathBuf::from("/bin"), url, lent: None };
        let command = tools.psql();
        let arguments: Vec<&OsStr> = command.get_args().collect();
        assert_eq!(arguments, ["--dbname", "postgres://mimamori@db.example/mimamori"]);
        let password = command.get_envs().find(|(name, _)| *name == "PGPASSWORD");
        assert_eq!(password, Some((OsStr::new("PGPASSWORD"), Some(OsStr::new("hunter2")))));
        assert!(!format!("{tools:?}").contains("hunter2"));
    }
}
