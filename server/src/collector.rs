//! This machine's metrics, every 5 s, under the names node_exporter gives them where it has one.
//!
//! `read` looks at the machine and knows nothing of the server; `run` adds what only the server knows (database, pool, and every 15 s
//! our own figures) and writes them as any client would. The agent uses `read` and pushes.

mod cpu;
mod disks;
mod figures;
mod host;
mod memory;
mod network;
mod own;

use crate::house_error::chain;
use crate::wiring::House;
use metrics::Sample;
use model::labels::{Labels, METRIC_NAME};
use model::{Actor, Time};
use std::time::Duration;
use sysinfo::{Disks, Networks, System};
use tokio_util::sync::CancellationToken;

pub use own::resident_bytes as own_resident_bytes;

/// How often the machine is looked at.
pub const INTERVAL: Duration = Duration::from_secs(5);

/// Our own figures are kept with every third reading: every 15 s, as often as rules look.
const OWN_EVERY: u32 = 3;

/// A reading: name, labels besides `host`, value.
pub type Reading = (&'static str, Vec<(&'static str, String)>, f64);

/// The machine, remembered between readings so that lists need not be built anew.
pub struct Machine {
    system: System,
    disks: Disks,
    networks: Networks,
}

impl Machine {
    /// This machine.
    #[must_use]
    pub fn new() -> Self {
        Self { system: System::new(), disks: Disks::new_with_refreshed_list(), networks: Networks::new_with_refreshed_list() }
    }

    /// Looks once. Blocking, a few milliseconds.
    pub fn read(&mut self) -> Vec<Reading> {
        self.system.refresh_memory();
        self.disks.refresh(true);
        self.networks.refresh(true);
        let mut readings = Vec::with_capacity(256);
        cpu::read(&mut readings);
        memory::read(&self.system, &mut readings);
        disks::read(&self.disks, &mut readings);
        network::read(&self.networks, &mut readings);
        host::read(&mut readings);
        readings
    }
}

/// Puts time and host on readings.
#[must_use]
pub fn samples(readings: Vec<Reading>, host: &str, at: Time) -> Vec<Sample> {
    let one = |(name, labels, value): Reading| {
        let fixed = [(METRIC_NAME, name.to_owned()), ("host", host.to_owned())];
        Sample { labels: Labels::new(fixed.into_iter().chain(labels)), at, value }
    };
    readings.into_iter().map(one).collect()
}

/// Watches this machine until `stop`.
pub async fn run(house: House, stop: CancellationToken) {
    let worker = Actor::worker("collector");
    let Ok(grant) = kernel::authorize::<model::access::WriteMetrics>(&worker, None) else { return };
    let mut machine = Machine::new();
    let mut n_read: u32 = 0;
    let mut ticker = tokio::time::interval(INTERVAL);
    ticker.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Skip);
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            _ = ticker.tick() => {}
        }
        let look = tokio::task::spawn_blocking(move || {
            let readings = machine.read();
            (machine, readings)
        });
        let Ok((back, mut readings)) = look.await else { return };
        machine = back;
        own::read(&house, &mut readings).await;
        let at = house.clock.now();
        let mut samples = samples(readings, &house.config.host_name, at);
        if n_read.is_multiple_of(OWN_EVERY) {
            samples.extend(figures::samples(&house, at).await);
        }
        n_read = n_read.wrapping_add(1);
        if let Err(error) = house.metrics.write(&grant, samples).await {
            tracing::warn!(error = chain(&error), "this machine's metrics were not stored");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_machine_has_cpus_memory_disks_and_a_load() {
        let readings = Machine::new().read();
        for name in ["node_cpu_seconds_total", "node_memory_MemAvailable_bytes", "node_filesystem_avail_bytes", "node_load1"] {
            assert!(readings.iter().any(|reading| reading.0 == name), "{name} is missing");
        }
        assert!(readings.iter().all(|reading| reading.2.is_finite()));
    }

    #[test]
    fn every_sample_carries_its_host() {
        let samples = samples(Machine::new().read(), "app-02", Time(1));
        assert!(samples.iter().all(|sample| sample.labels.get("host") == "app-02" && sample.at == Time(1)));
    }
}
