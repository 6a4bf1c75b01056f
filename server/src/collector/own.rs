//! What only the server knows: its database, its pool, itself.

use super::Reading;
use crate::wiring::House;

/// Adds `db_pool_connections{state}` with `db_pool_connections_max`, `pg_connections*`, and Mimamori's own figures.
pub async fn read(house: &House, out: &mut Vec<Reading>) {
    let (open, idle, most) = house.db.usage();
    let idle = idle as f64;
    let pool = |state: &str| vec![("pool", "mimamori".to_owned()), ("state", state.to_owned())];
    out.push(("db_pool_connections", pool("used"), (f64::from(open) - idle).max(0.0)));
    out.push(("db_pool_connections", pool("idle"), idle));
    out.push(("db_pool_connections_max", vec![("pool", "mimamori".to_owned())], f64::from(most)));
    if let Ok((connections, limit)) = house.db.server_connections().await {
        out.push(("pg_stat_activity_count", vec![], connections as f64));
        out.push(("pg_settings_max_connections", vec![], limit as f64));
    }
    out.push(("mimamori_live_streams", vec![], house.live.open_streams() as f64));
    out.push(("process_resident_memory_bytes", vec![("job", "mimamori".to_owned())], resident_bytes()));
}

/// Resident memory of this process in bytes; 0 where /proc is not there.
#[must_use]
pub fn resident_bytes() -> f64 {
    let pages = procfs::process::Process::myself().and_then(|process| process.statm()).map_or(0, |statm| statm.resident);
    pages as f64 * procfs::page_size() as f64
}
