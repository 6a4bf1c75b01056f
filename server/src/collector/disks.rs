//! File systems by mount point, and what the devices did.

use super::Reading;
use std::collections::HashSet;
use sysinfo::Disks;

/// A sector of /proc/diskstats is 512 bytes whatever the device's own is (kernel, Documentation/admin-guide/iostats.rst).
const SECTOR_BYTES: f64 = 512.0;

/// Adds `node_filesystem_*{mountpoint,device,fstype}` and `node_disk_*{device}`.
pub fn read(disks: &Disks, out: &mut Vec<Reading>) {
    let mut seen = HashSet::new();
    for disk in disks {
        let labels = vec![
            ("device", disk.name().to_string_lossy().into_owned()),
            ("fstype", disk.file_system().to_string_lossy().into_owned()),
            ("mountpoint", disk.mount_point().to_string_lossy().into_owned()),
        ];
        if disk.total_space() == 0 || !seen.insert(labels.clone()) {
            continue;
        }
        out.push(("node_filesystem_size_bytes", labels.clone(), disk.total_space() as f64));
        out.push(("node_filesystem_avail_bytes", labels.clone(), disk.available_space() as f64));
        out.push(("node_filesystem_readonly", labels, if disk.is_read_only() { 1.0 } else { 0.0 }));
    }
    devices(out);
}

fn devices(out: &mut Vec<Reading>) {
    let Ok(stats) = procfs::diskstats() else { return };
    for disk in stats.iter().filter(|disk| is_whole_device(&disk.name)) {
        let mut push = |name: &'static str, value: f64| out.push((name, vec![("device", disk.name.clone())], value));
        push("node_disk_read_bytes_total", disk.sectors_read as f64 * SECTOR_BYTES);
        push("node_disk_written_bytes_total", disk.sectors_written as f64 * SECTOR_BYTES);
        push("node_disk_reads_completed_total", disk.reads as f64);
        push("node_disk_writes_completed_total", disk.writes as f64);
        push("node_disk_io_time_seconds_total", f64::from(u32::try_from(disk.time_in_progress).unwrap_or(u32::MAX)) / 1000.0);
    }
}

/// Partitions repeat their device; loop and RAM devices say nothing.
fn is_whole_device(name: &str) -> bool {
    !["loop", "ram", "zram"].iter().any(|kind| name.starts_with(kind)) && std::path::Path::new("/sys/block").join(name).exists()
}
