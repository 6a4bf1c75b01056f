//! Memory and swap.

use super::Reading;
use procfs::{Current, Meminfo};
use sysinfo::System;

/// Adds `node_memory_*_bytes`; the caches come from /proc/meminfo where there is one.
pub fn read(system: &System, out: &mut Vec<Reading>) {
    let mut push = |name: &'static str, bytes: u64| out.push((name, vec![], bytes as f64));
    push("node_memory_MemTotal_bytes", system.total_memory());
    push("node_memory_MemAvailable_bytes", system.available_memory());
    push("node_memory_MemFree_bytes", system.free_memory());
    push("node_memory_SwapTotal_bytes", system.total_swap());
    push("node_memory_SwapFree_bytes", system.free_swap());
    if let Ok(memory) = Meminfo::current() {
        push("node_memory_Buffers_bytes", memory.buffers);
        push("node_memory_Cached_bytes", memory.cached);
        push("node_memory_Dirty_bytes", memory.dirty);
    }
}
