//! A Postgres that listens on TCP: the embedded one speaks through a socket in the file system, which no cut network can come between.

use super::namespace::{NETWORK, OURS};
use crate::error::Error;
use crate::house::{free_port, place};
use nix::sys::signal::{Signal, kill};
use nix::unistd::{Pid, User};
use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;
use tokio::net::TcpStream;
use tokio::time::sleep;

/// Where Debian puts every major version.
const VERSIONS: &str = "/usr/lib/postgresql";
const OLDEST: u32 = 15;
/// Who may run it: Postgres refuses root.
const ACCOUNTS: [&str; 2] = ["postgres", "nobody"];
const NAME: &str = "mimamori";
const START: Duration = Duration::from_secs(30);
const STOP: Duration = Duration::from_secs(20);
const LOOK: Duration = Duration::from_millis(50);

/// One that runs, until it is dropped.
pub struct Cluster {
    pub url: String,
    child: Child,
    _place: TempDir,
}

/// The programs of the newest one that is installed.
pub fn programs() -> Option<PathBuf> {
    let entries = fs::read_dir(VERSIONS).ok()?.filter_map(Result::ok);
    let majors = entries.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    let newest: u32 = majors.filter(|major| *major >= OLDEST).max()?;
    Some(Path::new(VERSIONS).join(newest.to_string()).join("bin")).filter(|bin| bin.join("initdb").is_file())
}

impl Cluster {
    /// A new one at our end of the cable.
    ///
    /// # Errors
    /// When it does not start.
    pub async fn open(programs: &Path) -> Result<Self, Error> {
        let place: TempDir = place()?;
        let user: User = account()?;
        let data: PathBuf = place.path().join("cluster");
        fs::create_dir(&data).map_err(Error::io("make a directory"))?;
        chown(&data, Some(user.uid.as_raw()), Some(user.gid.as_raw())).map_err(Error::io("give a directory to Postgres"))?;
        let made = initdb(programs, &data, &user)?;
        if !made.success() {
            return Err(Error::unreadable("the end of initdb", &made.to_string()));
        }
        let port: u16 = free_port()?;
        configure(&data, port)?;
        let log: File = File::create(place.path().join("log")).map_err(Error::io("open Postgres' log"))?;
        let mut command = as_user(&programs.join("postgres"), &user);
        command.arg("-D").arg(&data).stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
        let child: Child = command.spawn().map_err(Error::io("start Postgres"))?;
        let url: String = format!("postgres://{NAME}@{OURS}:{port}/postgres");
        let mut cluster = Self { url, child, _place: place };
        cluster.ready(port).await?;
        Ok(cluster)
    }

    async fn ready(&mut self, port: u16) -> Result<(), Error> {
        let began: Instant = Instant::now();
        while began.elapsed() < START {
            if TcpStream::connect((OURS, port)).await.is_ok() {
                return Ok(());
            }
            if let Ok(Some(status)) = self.child.try_wait() {
                return Err(Error::Ended { status: status.to_string(), log: "Postgres did not start".to_owned() });
            }
            sleep(LOOK).await;
        }
        Err(Error::TooLate { what: "Postgres" })
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        // SIGINT is its fast shutdown: it does not wait for its clients.
        if let Ok(pid) = i32::try_from(self.child.id()) {
            let _ = kill(Pid::from_raw(pid), Signal::SIGINT);
        }
        let began: Instant = Instant::now();
        while began.elapsed() < STOP {
            if matches!(self.child.try_wait(), Ok(Some(_))) {
                return;
            }
            std::thread::sleep(LOOK);
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn account() -> Result<User, Error> {
    let mut users = ACCOUNTS.iter().filter_map(|name| User::from_name(name).ok().flatten());
    users.next().ok_or_else(|| Error::unreadable("the accounts of this machine", "neither postgres nor nobody"))
}

fn as_user(program: &Path, user: &User) -> Command {
    let mut command = Command::new(program);
    command.uid(user.uid.as_raw()).gid(user.gid.as_raw()).current_dir("/").env_remove("PGDATA");
    command
}

fn initdb(programs: &Path, data: &Path, user: &User) -> Result<std::process::ExitStatus, Error> {
    let mut command = as_user(&programs.join("initdb"), user);
    command.args(["--username", NAME, "--auth", "trust", "--encoding", "UTF8", "--locale", "C", "--pgdata"]).arg(data);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().map_err(Error::io("make a cluster"))
}

/// Durable as always, at our end of the cable and nowhere else, open to both ends.
fn configure(data: &Path, port: u16) -> Result<(), Error> {
    let settings: String =
        format!("\nlisten_addresses = '{OURS}'\nport = {port}\nunix_socket_directories = ''\nmax_connections = 60\n");
    append(&data.join("postgresql.conf"), &settings)?;
    append(&data.join("pg_hba.conf"), &format!("\nhost all all {NETWORK} trust\n"))
}

fn append(path: &Path, text: &str) -> Result<(), Error> {
    let mut file: File = OpenOptions::new().append(true).open(path).map_err(Error::io("configure Postgres"))?;
    file.write_all(text.as_bytes()).map_err(Error::io("configure Postgres"))
}
