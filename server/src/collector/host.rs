//! Load, processes, and what the machine is.

use super::Reading;
use sysinfo::System;

/// Adds `node_load*`, `node_processes_pids` and `node_uname_info`.
pub fn read(out: &mut Vec<Reading>) {
    let load = System::load_average();
    out.push(("node_load1", vec![], load.one));
    out.push(("node_load5", vec![], load.five));
    out.push(("node_load15", vec![], load.fifteen));
    if let Some(processes) = processes() {
        out.push(("node_processes_pids", vec![], processes));
    }
    let info = vec![
        ("sysname", System::name().unwrap_or_default()),
        ("release", System::kernel_version().unwrap_or_default()),
        ("version", System::long_os_version().unwrap_or_default()),
        ("machine", System::cpu_arch()),
    ];
    out.push(("node_uname_info", info, 1.0));
}

/// Directories of /proc with a number for a name. Listing them costs less than reading every process.
fn processes() -> Option<f64> {
    let entries = std::fs::read_dir("/proc").ok()?;
    let is_process = |name: &std::ffi::OsStr| name.to_string_lossy().bytes().all(|byte| byte.is_ascii_digit());
    Some(entries.filter_map(Result::ok).filter(|entry| is_process(&entry.file_name())).count() as f64)
}
