//! Network interfaces: what they carried, and how much they could.

use super::Reading;
use sysinfo::Networks;

/// A megabit per second in bytes per second, as /sys/class/net/*/speed counts.
const MEGABIT_BYTES: f64 = 125_000.0;

/// Adds `node_network_*{device}`. An interface that does not say its speed (virtual ones) has no `node_network_speed_bytes`, so that
/// bandwidth use is absent there rather than invented.
pub fn read(networks: &Networks, out: &mut Vec<Reading>) {
    for (device, data) in networks {
        let mut push = |name: &'static str, value: f64| out.push((name, vec![("device", device.clone())], value));
        push("node_network_receive_bytes_total", data.total_received() as f64);
        push("node_network_transmit_bytes_total", data.total_transmitted() as f64);
        push("node_network_receive_packets_total", data.total_packets_received() as f64);
        push("node_network_transmit_packets_total", data.total_packets_transmitted() as f64);
        push("node_network_receive_errs_total", data.total_errors_on_received() as f64);
        push("node_network_transmit_errs_total", data.total_errors_on_transmitted() as f64);
        if let Some(speed) = speed_bytes(device) {
            push("node_network_speed_bytes", speed);
        }
    }
}

/// −1 and absence both mean unknown.
fn speed_bytes(device: &str) -> Option<f64> {
    let text = std::fs::read_to_string(format!("/sys/class/net/{device}/speed")).ok()?;
    let megabits: f64 = text.trim().parse().ok()?;
    (megabits > 0.0).then_some(megabits * MEGABIT_BYTES)
}
