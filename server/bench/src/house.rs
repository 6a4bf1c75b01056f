//! A server of our own: the release binary over a fresh embedded Postgres, in a temporary directory, on a free port.

use crate::door::Door;
use crate::error::Error;
use crate::process::{self, end};
use nix::sys::signal::{Signal, kill};
use nix::sys::statfs::{TMPFS_MAGIC, statfs};
use nix::unistd::Pid;
use std::fs::{self, File, Permissions};
use std::net::{IpAddr, Ipv4Addr, TcpListener};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;
use tokio::time::timeout;

/// The first start makes a database, which takes a few seconds on a busy machine; a later one reads the last hours back.
const START: Duration = Duration::from_secs(120);
/// Postgres writes its last checkpoint after its server is gone.
const STOP: Duration = Duration::from_secs(20);
/// The link is printed after the first ready answer.
const LINK_PATIENCE: Duration = Duration::from_secs(10);
/// A command beside the server: applying ten thousand rules is the longest.
const COMMAND: Duration = Duration::from_secs(300);
/// How often something is looked at that comes by itself.
const LOOK: Duration = Duration::from_millis(5);
/// The `host` label of the server's own metrics.
const HOST: &str = "bench-house";

/// A variable of the environment and its value.
pub type Setting = (&'static str, String);

/// How a house stands otherwise than as usual.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// What its server is told by its environment; with a `DATABASE_URL` it has no Postgres.
    pub settings: Vec<Setting>,
    /// The program that starts the server and becomes it, with its arguments: `taskset --cpu-list 0`.
    pub through: Vec<String>,
    /// Where it listens, when not on 127.0.0.1.
    pub address: Option<IpAddr>,
}

/// A server and everything it has. Stopped and removed when dropped.
pub struct House {
    /// A client of it.
    pub door: Door,
    listen: String,
    /// How it is started otherwise than by its defaults.
    settings: Vec<Setting>,
    /// The program that becomes the server.
    through: Vec<String>,
    server: Option<Child>,
    place: TempDir,
}

impl House {
    /// A new house whose server is ready; nobody has set it up.
    pub async fn open() -> Result<Self, Error> {
        Self::open_with(Vec::new()).await
    }

    /// The same with settings of its own; with a `DATABASE_URL` it has no Postgres.
    pub async fn open_with(settings: Vec<Setting>) -> Result<Self, Error> {
        Self::open_as(Plan { settings, ..Plan::default() }).await
    }

    /// The same as planned.
    pub async fn open_as(plan: Plan) -> Result<Self, Error> {
        let place = place()?;
        let address = plan.address.unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST));
        let listen = format!("{address}:{}", free_port()?);
        let door = Door::new(format!("http://{listen}"))?;
        let mut house = Self { door, listen, settings: plan.settings, through: plan.through, server: None, place };
        eprintln!("   starting a server at {}", house.door.url);
        house.start().await?;
        Ok(house)
    }

    /// A new house that is set up, with a session and a token.
    pub async fn set_up() -> Result<Self, Error> {
        Self::set_up_with(Vec::new()).await
    }

    /// The same with settings of its own.
    pub async fn set_up_with(settings: Vec<Setting>) -> Result<Self, Error> {
        Self::set_up_as(Plan { settings, ..Plan::default() }).await
    }

    /// The same as planned.
    pub async fn set_up_as(plan: Plan) -> Result<Self, Error> {
        let mut house = Self::open_as(plan).await?;
        let code = house.set_up_code().await?;
        house.door.set_up(&code).await?;
        Ok(house)
    }

    /// What the next start is given instead.
    pub fn set(&mut self, settings: Vec<Setting>) {
        self.settings = settings;
    }

    /// Where it listens.
    pub fn listen(&self) -> &str {
        &self.listen
    }

    /// The server's process.
    pub fn pid(&self) -> Option<u32> {
        self.server.as_ref().map(Child::id)
    }

    /// What Postgres answers a statement with: a line a row, `|` between columns.
    pub fn ask(&self, statement: &str) -> Result<String, Error> {
        let mut command = self.command(&[])?;
        command.args(["db", "psql", "--", "-X", "-A", "-t", "-c", statement]);
        let output = command.output().map_err(Error::io("ask Postgres"))?;
        if output.status.success() {
            return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
        }
        Err(Error::unreadable("Postgres' answer", &String::from_utf8_lossy(&output.stderr)))
    }

    /// The same, for use while other things go on beside it.
    pub async fn look(&self, statement: &str) -> Result<String, Error> {
        self.run(&["db", "psql", "--", "-X", "-A", "-t", "-c", statement]).await
    }

    /// Runs another command of the program beside the server, such as `apply DIR`; what it printed.
    pub async fn run(&self, arguments: &[&str]) -> Result<String, Error> {
        let mut command = tokio::process::Command::from(self.command(&[])?);
        command.args(arguments).stdin(Stdio::null()).kill_on_drop(true);
        let Ok(ended) = timeout(COMMAND, command.output()).await else {
            return Err(Error::TooLate { what: "the end of a command" });
        };
        let output = ended.map_err(Error::io("run a command of the server's program"))?;
        if output.status.success() {
            return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
        }
        Err(Error::unreadable("a command's answer", &String::from_utf8_lossy(&output.stderr)))
    }

    /// Starts the server and waits until it is ready; how long that took.
    pub async fn start(&mut self) -> Result<Duration, Error> {
        let began = Instant::now();
        self.server = Some(self.spawn()?);
        self.ready(START).await?;
        Ok(began.elapsed())
    }

    fn spawn(&self) -> Result<Child, Error> {
        let mut command = self.command(&self.through)?;
        command.arg("serve").stdin(Stdio::null()).stdout(self.log("server.out")?).stderr(self.log("server.log")?);
        command.spawn().map_err(Error::io("start the server"))
    }

    /// Starts another command of the program that goes on beside the server, such as `watch`. Whoever starts it ends it.
    pub fn beside(&self, arguments: &[&str], settings: &[Setting]) -> Result<Child, Error> {
        let mut command = self.command(&[])?;
        command.args(arguments).envs(settings.iter().map(|(name, value)| (*name, value)));
        command.stdin(Stdio::null()).stdout(self.log("beside.out")?).stderr(self.log("beside.log")?);
        command.spawn().map_err(Error::io("start a command beside the server"))
    }

    fn log(&self, name: &str) -> Result<File, Error> {
        File::options().create(true).append(true).open(self.place.path().join(name)).map_err(Error::io("open a log"))
    }

    /// The server's program with everything it is told by its environment, started by `through` if that is anything.
    fn command(&self, through: &[String]) -> Result<Command, Error> {
        let mut command = match through.split_first() {
            Some((program, arguments)) => {
                let mut command = Command::new(program);
                command.args(arguments).arg(binary()?);
                command
            }
            None => Command::new(binary()?),
        };
        for name in ["DATABASE_URL", "MIMAMORI_CONFIG", "MIMAMORI_ENV", "MIMAMORI_PUBLIC_URL", "MIMAMORI_TRUSTED_PROXIES"] {
            command.env_remove(name);
        }
        if let Some(site) = site() {
            command.env("LEPTOS_SITE_ROOT", site);
        }
        command
            .current_dir(self.place.path())
            .env("MIMAMORI_LISTEN", &self.listen)
            .env("MIMAMORI_DATA_DIR", self.data())
            .env("MIMAMORI_HOST_NAME", HOST)
            .env("MIMAMORI_LOG", "warn")
            .envs(self.settings.iter().map(|(name, value)| (*name, value)));
        Ok(command)
    }

    /// Waits until the server is ready, at most `patience`.
    pub async fn ready(&mut self, patience: Duration) -> Result<(), Error> {
        let began = Instant::now();
        while began.elapsed() < patience {
            if self.door.is_ready().await {
                return Ok(());
            }
            if let Some(status) = self.server.as_mut().and_then(|server| server.try_wait().ok().flatten()) {
                self.server = None;
                return Err(Error::Ended { status: status.to_string(), log: self.log_end() });
            }
            tokio::time::sleep(LOOK).await;
        }
        Err(Error::TooLate { what: "the ready server" })
    }

    /// Tells the server to stop and waits for its end.
    pub async fn stop(&mut self) -> Result<(), Error> {
        let Some(mut server) = self.server.take() else { return Ok(()) };
        tokio::task::spawn_blocking(move || end(&mut server)).await?;
        Ok(())
    }

    /// `kill -9` of the server.
    pub fn kill_server(&mut self) -> Result<(), Error> {
        let Some(mut server) = self.server.take() else { return Ok(()) };
        server.kill().map_err(Error::io("kill the server"))?;
        server.wait().map_err(Error::io("wait for the server's end"))?;
        Ok(())
    }

    /// `kill -9` of Postgres, which the server must notice by itself; the process that was killed.
    pub fn kill_postgres(&self) -> Result<Pid, Error> {
        let pid = self.postgres().ok_or(Error::TooLate { what: "Postgres' process" })?;
        kill(pid, Signal::SIGKILL).map_err(|error| Error::Io { what: "kill Postgres", source: error.into() })?;
        Ok(pid)
    }

    /// Waits until another Postgres runs than the one that was killed, and the server is ready with it.
    pub async fn postgres_again(&mut self, killed: Pid, patience: Duration) -> Result<(), Error> {
        let began = Instant::now();
        while began.elapsed() < patience {
            // The dead one's backends may answer for a moment longer; only a new one counts.
            if self.postgres().is_some_and(|pid| pid != killed) {
                return self.ready(patience).await;
            }
            tokio::time::sleep(LOOK).await;
        }
        Err(Error::TooLate { what: "another Postgres" })
    }

    /// The process of this house's Postgres, while its pid file is there.
    fn postgres(&self) -> Option<Pid> {
        let text = fs::read_to_string(self.data().join("cluster/postmaster.pid")).ok()?;
        text.lines().next()?.trim().parse().ok().map(Pid::from_raw)
    }

    /// Resident memory of the server's process in bytes.
    pub fn resident_bytes(&self) -> Result<f64, Error> {
        let pid = self.server.as_ref().map(Child::id).ok_or(Error::TooLate { what: "the server's process" })?;
        process::resident_bytes(pid)
    }

    /// The code of the set-up link, as the server printed it: after it became ready, and not in the same moment.
    pub async fn set_up_code(&self) -> Result<String, Error> {
        let deadline = Instant::now() + LINK_PATIENCE;
        loop {
            let out =
                fs::read_to_string(self.place.path().join("server.out")).map_err(Error::io("read what the server printed"))?;
            let code = out.rsplit_once("code=").and_then(|(_, rest)| rest.split_whitespace().next());
            match code {
                Some(code) => return Ok(code.to_owned()),
                None if Instant::now() < deadline => tokio::time::sleep(Duration::from_millis(20)).await,
                None => return Err(Error::unreadable("the set-up link", &out)),
            }
        }
    }

    fn data(&self) -> PathBuf {
        self.place.path().join("data")
    }

    fn log_end(&self) -> String {
        let log = fs::read_to_string(self.place.path().join("server.log")).unwrap_or_default();
        let lines: Vec<&str> = log.lines().collect();
        lines[lines.len().saturating_sub(10)..].join("\n")
    }
}

impl Drop for House {
    fn drop(&mut self) {
        if let Some(mut server) = self.server.take() {
            end(&mut server);
        }
        // Postgres stops by itself when its server is gone; its directory must not be removed under it.
        let began = Instant::now();
        while self.postgres().is_some() && began.elapsed() < STOP {
            std::thread::sleep(LOOK);
        }
    }
}

/// A temporary directory, removed when dropped, that the account of an embedded Postgres can enter too.
pub fn place() -> Result<TempDir, Error> {
    let parent = std::env::var_os("MIMAMORI_BENCH_DIR").map_or_else(std::env::temp_dir, PathBuf::from);
    if statfs(parent.as_path()).is_ok_and(|found| found.filesystem_type() == TMPFS_MAGIC) {
        eprintln!("   {} lies in memory: figures with a disk in them mean nothing; set MIMAMORI_BENCH_DIR", parent.display());
    }
    let place = tempfile::Builder::new().prefix("mimamori-bench-").tempdir_in(parent).map_err(Error::io("make a directory"))?;
    fs::set_permissions(place.path(), Permissions::from_mode(0o755)).map_err(Error::io("open the directory to Postgres"))?;
    Ok(place)
}

/// A port of 127.0.0.1 on which nobody listens at the moment.
pub fn free_port() -> Result<u16, Error> {
    let taken = TcpListener::bind("127.0.0.1:0").map_err(Error::io("find a free port"))?;
    Ok(taken.local_addr().map_err(Error::io("find a free port"))?.port())
}

/// The server beside this program, unless another is named.
fn binary() -> Result<PathBuf, Error> {
    let named = std::env::var_os("MIMAMORI_BENCH_BINARY").map(PathBuf::from);
    let path = match named {
        Some(path) => path,
        None => std::env::current_exe().map_err(Error::io("find the server's binary"))?.with_file_name("mimamori"),
    };
    if path.is_file() { Ok(path) } else { Err(Error::NotBuilt { path }) }
}

/// Where `./dev` put the site: `target/site`, beside `target/release`.
pub fn site() -> Option<PathBuf> {
    let target = binary().ok()?.parent().and_then(Path::parent).map(Path::to_path_buf)?;
    Some(target.join("site")).filter(|site| site.is_dir())
}
