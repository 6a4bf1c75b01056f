//! Two servers over one Postgres, with a channel to a provider that counts.

use crate::benches::alerting::console::Console;
use crate::benches::alerting::setup::{self, File};
use crate::benches::alerting::sink::{Format, Sink};
use crate::benches::alerting::storm::Inlet;
use crate::door::Door;
use crate::error::Error;
use crate::house::{House, Plan, Setting, place};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use postgres::{EmbeddedConfig, Health, Supervisor};
use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;
use std::time::Duration;
use tempfile::TempDir;
use tokio::time::timeout;

/// Recovery of Postgres, and of a server after it.
const PATIENCE: Duration = Duration::from_secs(120);
const LOOPBACK: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

/// A Postgres and the servers on it.
pub struct Replicas {
    /// First, so that they end before their Postgres does when this is dropped.
    houses: Vec<House>,
    /// `None` while it is stopped.
    postgres: Option<Supervisor>,
    ground: EmbeddedConfig,
    pub console: Console,
    pub sink: Sink,
    /// Takes what the other one did not.
    pub spare: Option<Sink>,
    inlet: String,
    /// By how much the clock of each machine is wrong; nothing where they can't be made wrong.
    clocks: Vec<PathBuf>,
    /// Where Postgres keeps its data, unless somebody else gave it a place. Last: it is removed when nobody uses it.
    _place: TempDir,
}

/// How they stand.
#[derive(Clone, Debug, Default)]
pub struct Ground {
    /// Where Postgres keeps its data; a temporary directory when none.
    pub data: Option<PathBuf>,
    /// Whether there is a channel of last resort.
    pub has_spare: bool,
    /// Whether the clocks of their machines can be made wrong.
    pub has_wrong_clocks: bool,
    /// Replicas beyond two.
    pub more: usize,
}

impl Replicas {
    /// Two of them or more, with these rules and routes.
    ///
    /// # Errors
    /// When one does not start.
    pub async fn open(ground: Ground, files: &[File]) -> Result<Self, Error> {
        let place: TempDir = place()?;
        let data_dir: PathBuf = ground.data.unwrap_or_else(|| place.path().join("data"));
        let config = EmbeddedConfig { data_dir, bin_dir: None };
        let postgres: Supervisor = postgres::start(config.clone()).await?;
        let sink: Sink = Sink::open(LOOPBACK, Format::Ours).await?;
        let spare: Option<Sink> = if ground.has_spare { Some(Sink::open(LOOPBACK, Format::Ours).await?) } else { None };
        let clocks: Vec<PathBuf> = match ground.has_wrong_clocks {
            true => (1..=2).map(|number| place.path().join(format!("clock-{number}"))).collect(),
            false => Vec::new(),
        };
        let plans: Vec<Plan> = (0..2 + ground.more).map(|index| plan(index + 1, postgres.url(), clocks.get(index))).collect();
        let (houses, console): (Vec<House>, Console) = houses(plans).await?;
        let url: String = houses[0].door.url.clone();
        setup::add_channel(&console, &url, setup::CHANNEL, &sink).await?;
        if let Some(spare) = &spare {
            setup::add_channel(&console, &url, setup::SPARE, spare).await?;
        }
        let inlet: String = setup::add_integration(&console, &url).await?;
        setup::apply(&houses[0], files).await?;
        Ok(Self { houses, postgres: Some(postgres), ground: config, console, sink, spare, inlet, clocks, _place: place })
    }

    /// A client of each.
    pub fn doors(&self) -> Vec<Door> {
        self.houses.iter().map(|house| house.door.clone()).collect()
    }

    /// Where alerts are sent to: each in turn.
    ///
    /// # Errors
    /// When there can be no client.
    pub fn inlet(&self) -> Result<Inlet, Error> {
        let urls: Vec<String> = self.houses.iter().map(|house| house.door.url.clone()).collect();
        Inlet::new(&urls, &self.inlet)
    }

    /// One of them; there are at least two.
    pub fn house(&self, number: usize) -> &House {
        &self.houses[number % self.houses.len()]
    }

    /// `kill -9`.
    ///
    /// # Errors
    /// When there is nothing to be killed.
    pub fn kill(&mut self, number: usize) -> Result<(), Error> {
        let count: usize = self.houses.len();
        self.houses[number % count].kill_server()
    }

    /// Starts one that was killed.
    ///
    /// # Errors
    /// When it does not come back.
    pub async fn start(&mut self, number: usize) -> Result<(), Error> {
        let count: usize = self.houses.len();
        self.houses[number % count].start().await.map(drop)
    }

    /// Makes the clock of one machine wrong by so much, at once and for a server that is started later.
    ///
    /// # Errors
    /// When it can't be made wrong.
    pub fn set_clock(&self, number: usize, wrong_by_ms: i64) -> Result<(), Error> {
        let path: &PathBuf = self.clocks.get(number).ok_or(Error::TooLate { what: "a clock that can be made wrong" })?;
        std::fs::write(path, wrong_by_ms.to_string()).map_err(Error::io("make a clock wrong"))
    }

    /// `kill -9` of Postgres, and waits until another one is ready.
    ///
    /// # Errors
    /// When none comes.
    pub async fn kill_postgres(&self) -> Result<(), Error> {
        let mut health = self.postgres.as_ref().ok_or(Error::TooLate { what: "Postgres' process" })?.health();
        let before: Health = health.borrow_and_update().clone();
        let Health::Ready { pid } = before else { return Err(Error::TooLate { what: "Postgres' process" }) };
        kill(Pid::from_raw(pid), Signal::SIGKILL).map_err(|error| Error::Io { what: "kill Postgres", source: error.into() })?;
        let is_another = |now: &Health| matches!(now, Health::Ready { pid: another } if *another != pid);
        let came: bool = timeout(PATIENCE, health.wait_for(is_another)).await.is_ok_and(|seen| seen.is_ok());
        if came { Ok(()) } else { Err(Error::TooLate { what: "another Postgres" }) }
    }

    /// Stops Postgres; nobody starts it again.
    ///
    /// # Errors
    /// When it does not stop.
    pub async fn stop_postgres(&mut self) -> Result<(), Error> {
        match self.postgres.take() {
            Some(postgres) => Ok(postgres.stop().await?),
            None => Ok(()),
        }
    }

    /// Starts it again, where it was.
    ///
    /// # Errors
    /// When it does not start.
    pub async fn start_postgres(&mut self) -> Result<(), Error> {
        if self.postgres.is_none() {
            self.postgres = Some(postgres::start(self.ground.clone()).await?);
        }
        Ok(())
    }

    /// Waits until all of them are ready.
    ///
    /// # Errors
    /// When one is not in time.
    pub async fn ready(&mut self) -> Result<(), Error> {
        for house in &mut self.houses {
            house.ready(PATIENCE).await?;
        }
        Ok(())
    }

    /// Ends them, then their Postgres.
    ///
    /// # Errors
    /// When one does not end.
    pub async fn close(mut self) -> Result<(), Error> {
        for house in &mut self.houses {
            house.stop().await?;
        }
        self.stop_postgres().await
    }
}

/// A replica with a name of its own: one that comes back must not be taken for the other.
fn plan(number: usize, url: String, clock: Option<&PathBuf>) -> Plan {
    let mut settings: Vec<Setting> = setup::settings("127.0.0.0/8");
    settings.push(("DATABASE_URL", url));
    settings.push(("MIMAMORI_HOST_NAME", format!("bench-{number}")));
    settings.extend(clock.map(|path| ("MIMAMORI_FAULTS_CLOCK_FILE", path.display().to_string())));
    Plan { settings, ..Plan::default() }
}

/// The first is set up, the others join it; and the person who did.
///
/// # Errors
/// When one does not start.
pub async fn houses(plans: Vec<Plan>) -> Result<(Vec<House>, Console), Error> {
    let mut houses: Vec<House> = Vec::new();
    for plan in plans {
        let house: House = match houses.first() {
            None => House::set_up_as(plan).await?,
            Some(first) => {
                let door: Door = first.door.clone();
                let mut house: House = House::open_as(plan).await?;
                house.door = door.at(house.door.url.clone())?;
                house
            }
        };
        houses.push(house);
    }
    let url: String = houses.first().map(|house| house.door.url.clone()).unwrap_or_default();
    let console: Console = Console::sign_in(&url).await?;
    Ok((houses, console))
}
