//! The thread that starts Postgres, waits for it, and starts it again.
//!
//! It is a thread and not a task, because the kernel sends the death signal when the *thread* that forked ends (prctl(2),
//! PR_SET_PDEATHSIG), and a runtime's threads come and go. For the same reason it lives exactly as long as its Postgres.

use crate::EmbeddedConfig;
use crate::account::Account;
use crate::address::Address;
use crate::binaries::{self, Binaries, Wanted};
use crate::cluster;
use crate::error::Error;
use crate::layout::Layout;
use crate::lock::Lock;
use crate::log::{self, Log};
use crate::pidfile;
use crate::retry::{End, Retry};
use crate::settings;
use crate::spawn;
use crate::supervisor::Health;
use nix::errno::Errno;
use nix::sys::signal::{Signal, kill};
use nix::sys::wait::{Id, WaitPidFlag, WaitStatus, waitid};
use nix::unistd::Pid;
use std::io;
use std::os::unix::process::CommandExt;
use std::process::{Child, Stdio};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};
use tokio::sync::{oneshot, watch};

/// How often a starting Postgres is asked whether it is ready.
const READY_POLL: Duration = Duration::from_millis(20);

/// What the thread found out and others need to know.
#[derive(Clone, Debug)]
pub(crate) struct Started {
    pub(crate) address: Address,
    pub(crate) binaries: Binaries,
    pub(crate) account: Account,
}

/// The answer to whoever called `start`, given once.
pub(crate) type Answer = oneshot::Sender<Result<Started, Error>>;

/// How others tell the thread to end.
#[derive(Debug, Default)]
pub(crate) struct Control {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    stopping: bool,
    /// The running child. Cleared before it is reaped, so that no signal ever goes to a pid that is somebody else's by then.
    pid: Option<Pid>,
}

impl Control {
    /// Asks Postgres for a fast shutdown (SIGINT): it breaks off transactions, writes a checkpoint and ends. Returns at once.
    pub(crate) fn stop(&self) {
        let mut state = self.lock();
        state.stopping = true;
        if let Some(pid) = state.pid
            && let Err(error) = kill(pid, Signal::SIGINT)
        {
            tracing::warn!(%error, %pid, "could not interrupt postgres");
        }
        self.changed.notify_all();
    }

    fn stopping(&self) -> bool {
        self.lock().stopping
    }

    /// Waits for `pause`, or until we are to stop.
    fn pause(&self, pause: Duration) {
        let state = self.lock();
        drop(self.changed.wait_timeout_while(state, pause, |state| !state.stopping));
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Starts the thread. The answer comes when Postgres is ready or cannot be.
///
/// # Errors
/// When the system has no thread to give.
pub(crate) fn launch(
    config: EmbeddedConfig,
    control: Arc<Control>,
    health: watch::Sender<Health>,
    answer: Answer,
) -> io::Result<()> {
    let life = move || match Keeper::prepare(&config, control, health) {
        Ok(keeper) => keeper.live(answer),
        // Nobody hears it when the caller has gone away.
        Err(error) => drop(answer.send(Err(error))),
    };
    thread::Builder::new().name("postgres-keeper".to_owned()).spawn(life).map(drop)
}

struct Keeper {
    layout: Layout,
    started: Started,
    control: Arc<Control>,
    health: watch::Sender<Health>,
    lock: Lock,
}

impl Keeper {
    /// Everything before the first start of the server itself.
    fn prepare(config: &EmbeddedConfig, control: Arc<Control>, health: watch::Sender<Health>) -> Result<Self, Error> {
        let layout = Layout::make(&config.data_dir)?;
        let lock = Lock::take(&layout)?;
        let account = Account::choose(&layout.cluster())?;
        layout.open_to(&account)?;
        let wanted = Wanted { account: &account, data_dir: layout.root(), major: layout.major() };
        let binaries = binaries::find_or_fetch(config.bin_dir.as_deref(), &wanted)?;
        let socket_dir = layout.socket_dir(&account)?;
        let password = layout.password(&account)?;
        settings::write(&layout, binaries.version.major, &socket_dir)?;
        cluster::ensure(&layout, &account, &binaries)?;
        let started = Started { address: Address { socket_dir, password }, binaries, account };
        Ok(Self { layout, started, control, health, lock })
    }

    fn live(self, answer: Answer) {
        let mut answer = Some(answer);
        let mut retry = Retry::default();
        let mut given_up: Option<End> = None;
        while !self.control.stopping() {
            let end = self.run_once(&mut answer);
            if self.control.stopping() {
                break;
            }
            let Some(pause) = retry.after(&end) else {
                given_up = Some(end);
                break;
            };
            self.report(&end, pause);
            self.control.pause(pause);
        }
        // Given back before anybody hears of the end, so that a new start can follow at once.
        drop(self.lock);
        if let (Some(end), Some(answer)) = (given_up, answer) {
            drop(answer.send(Err(Error::NotStarted { reason: end.reason, log: self.layout.log() })));
        }
        self.health.send_replace(Health::Stopped);
    }

    /// One life of Postgres, from its start to its end.
    fn run_once(&self, answer: &mut Option<Answer>) -> End {
        let begun = Instant::now();
        let outcome = self.spawn().map(|(child, log_from)| {
            let was_ready = self.await_ready(&child, answer);
            let status = self.await_end(child);
            (was_ready, log::last_words(&self.layout.log(), log_from, was_ready).unwrap_or(status))
        });
        let (was_ready, reason) = outcome.unwrap_or_else(|error| (false, error.to_string()));
        End { was_ready, ran: begun.elapsed(), reason }
    }

    /// Starts `postgres`, unless we are to stop. Returns it with the place in the log where its lines begin.
    fn spawn(&self) -> Result<(Child, u64), Error> {
        let Log { file, from } = log::open(&self.layout)?;
        let program = self.started.binaries.dir.join("postgres");
        let mut command = self.started.account.command(&program);
        let stdout = file.try_clone().map_err(Error::io("open", &self.layout.log()))?;
        command.arg("-D").arg(self.layout.cluster()).stdin(Stdio::null()).stdout(stdout).stderr(file);
        // A group of its own: Ctrl-C in a terminal reaches us alone, and the server needs its database to end in order.
        command.process_group(0);
        spawn::interrupt_with_parent(&mut command);
        let mut state = self.control.lock();
        if state.stopping {
            return Err(Error::Interrupted);
        }
        let child = command.spawn().map_err(Error::io("run", &program))?;
        state.pid = Some(pid_of(&child));
        Ok((child, from))
    }

    /// Waits until Postgres is ready (and says so) or has ended. Without a time limit: recovery after a crash takes as long as it takes.
    fn await_ready(&self, child: &Child, answer: &mut Option<Answer>) -> bool {
        let pid = pid_of(child);
        loop {
            if pidfile::read(&self.layout).is_some_and(|found| found.ready && found.pid == pid.as_raw()) {
                self.announce(pid, answer);
                return true;
            }
            if has_ended(pid) {
                return false;
            }
            thread::sleep(READY_POLL);
        }
    }

    fn announce(&self, pid: Pid, answer: &mut Option<Answer>) {
        tracing::info!(%pid, version = self.started.binaries.version.text, "postgres is ready");
        self.health.send_replace(Health::Ready { pid: pid.as_raw() });
        if let Some(answer) = answer.take()
            && answer.send(Ok(self.started.clone())).is_err()
        {
            // Whoever called `start` has gone away, so nobody could ever stop it.
            self.control.stop();
        }
    }

    /// Waits for the end without reaping, forgets the pid, and reaps then. Returns the exit status in words.
    fn await_end(&self, mut child: Child) -> String {
        let pid = pid_of(&child);
        while waitid(Id::Pid(pid), WaitPidFlag::WEXITED | WaitPidFlag::WNOWAIT) == Err(Errno::EINTR) {}
        self.control.lock().pid = None;
        match child.wait() {
            Ok(status) => format!("it ended with {status}"),
            Err(error) => format!("it ended and could not be reaped: {error}"),
        }
    }

    fn report(&self, end: &End, pause: Duration) {
        let reason = end.reason.as_str();
        if end.met_remains() {
            tracing::debug!(reason, "the remains of an earlier postgres are in the way");
            pidfile::remove_if_foreign(&self.layout);
        } else {
            let pause_ms = u64::try_from(pause.as_millis()).unwrap_or(u64::MAX);
            tracing::error!(reason, pause_ms, "postgres ended and is started again");
        }
        self.health.send_replace(Health::Restarting { reason: end.reason.clone() });
    }
}

fn pid_of(child: &Child) -> Pid {
    Pid::from_raw(i32::try_from(child.id()).expect("the kernel's pids are below 2^22"))
}

/// Whether the child has ended; it stays to be reaped.
fn has_ended(pid: Pid) -> bool {
    let flags = WaitPidFlag::WEXITED | WaitPidFlag::WNOHANG | WaitPidFlag::WNOWAIT;
    !matches!(waitid(Id::Pid(pid), flags), Ok(WaitStatus::StillAlive) | Err(Errno::EINTR))
}
