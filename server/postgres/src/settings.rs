//! Our settings, in a file of their own that `postgresql.conf` includes.

use crate::address::PORT;
use crate::error::Error;
use crate::layout::Layout;
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

/// The line that `cluster/postgresql.conf` ends with. Relative, so that the data directory can be moved.
pub(crate) const INCLUDE: &str = "\n# Mimamori's settings; they win over the ones above.\ninclude '../mimamori.conf'\n";

/// The first major version with WAL summaries (incremental backups). An older one does not start when it is told of them.
const FIRST_WITH_WAL_SUMMARIES: u32 = 17;

/// What the file says. The comments in it are for whoever opens it.
fn render(major: u32, socket_dir: &Path) -> String {
    let socket_dir = in_quotes(&socket_dir.to_string_lossy());
    let mut text = format!(
        "# Written by Mimamori at every start: changes here are lost. Put yours behind the include in postgresql.conf.

# Nobody but this server connects, through a socket in a directory that is closed to others.
listen_addresses = ''
port = {PORT}
unix_socket_directories = {socket_dir}
unix_socket_permissions = 0700
max_connections = 60
ssl = off

# What was confirmed is on disk.
fsync = on
synchronous_commit = on
full_page_writes = on

# Many small commits: room in the WAL so that checkpoints are few and spread out, and full pages compressed.
shared_buffers = 128MB
wal_buffers = 16MB
wal_compression = on
min_wal_size = 128MB
max_wal_size = 2GB
checkpoint_timeout = 15min
checkpoint_completion_target = 0.9

# One language and one zone, as the server reads its own log.
lc_messages = 'C'
timezone = 'UTC'
log_timezone = 'UTC'
log_destination = 'stderr'
logging_collector = off
log_checkpoints = off
"
    );
    if major >= FIRST_WITH_WAL_SUMMARIES {
        text.push_str("\n# Incremental backups need them.\nsummarize_wal = on\n");
    }
    text
}

/// As a setting's string that is itself a list of quoted directories.
fn in_quotes(dir: &str) -> String {
    let item = dir.replace('"', "\"\"").replace('\'', "''");
    format!("'\"{item}\"'")
}

/// Writes the file, whole or not at all; readable by the user who runs Postgres.
pub(crate) fn write(layout: &Layout, major: u32, socket_dir: &Path) -> Result<(), Error> {
    let path = layout.settings();
    let fresh = path.with_extension("conf.new");
    fs::write(&fresh, render(major, socket_dir)).map_err(Error::io("write", &fresh))?;
    fs::set_permissions(&fresh, Permissions::from_mode(0o644)).map_err(Error::io("set the mode of", &fresh))?;
    fs::rename(&fresh, &path).map_err(Error::io("write", &path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_trades_durability_and_nothing_listens_on_tcp() {
        let text = render(15, Path::new("/d/socket"));
        for line in ["fsync = on", "synchronous_commit = on", "full_page_writes = on", "listen_addresses = ''"] {
            assert!(text.lines().any(|found| found == line), "{line}");
        }
    }

    #[test]
    fn wal_summaries_are_asked_of_17_and_later_only() {
        assert!(!render(16, Path::new("/d")).contains("summarize_wal"));
        assert!(render(17, Path::new("/d")).contains("summarize_wal = on"));
    }

    #[test]
    fn a_socket_directory_with_odd_letters_stays_one_directory() {
        let text = render(15, Path::new("/d, it's \"here\""));
        assert!(text.contains(r#"unix_socket_directories = '"/d, it''s ""here"""'"#), "{text}");
    }
}
