//! CPU seconds per core and mode, from /proc/stat.

use super::Reading;
use procfs::{CpuTime, CurrentSI, KernelStats};

/// Adds `node_cpu_seconds_total{cpu,mode}`, `node_boot_time_seconds`, and what runs and waits.
pub fn read(out: &mut Vec<Reading>) {
    let Ok(stats) = KernelStats::current() else { return };
    for (cpu, time) in stats.cpu_time.iter().enumerate() {
        for (mode, seconds) in modes(time) {
            out.push(("node_cpu_seconds_total", vec![("cpu", cpu.to_string()), ("mode", mode.to_owned())], seconds));
        }
    }
    out.push(("node_boot_time_seconds", vec![], stats.btime as f64));
    out.push(("node_context_switches_total", vec![], stats.ctxt as f64));
    out.push(("node_forks_total", vec![], stats.processes as f64));
    if let Some(running) = stats.procs_running {
        out.push(("node_procs_running", vec![], f64::from(running)));
    }
    if let Some(blocked) = stats.procs_blocked {
        out.push(("node_procs_blocked", vec![], f64::from(blocked)));
    }
}

fn modes(time: &CpuTime) -> [(&'static str, f64); 8] {
    let seconds = |ms: u64| ms as f64 / 1000.0;
    [
        ("user", seconds(time.user_ms())),
        ("nice", seconds(time.nice_ms())),
        ("system", seconds(time.system_ms())),
        ("idle", seconds(time.idle_ms())),
        ("iowait", seconds(time.iowait_ms().unwrap_or(0))),
        ("irq", seconds(time.irq_ms().unwrap_or(0))),
        ("softirq", seconds(time.softirq_ms().unwrap_or(0))),
        ("steal", seconds(time.steal_ms().unwrap_or(0))),
    ]
}
