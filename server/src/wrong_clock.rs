//! A machine's clock that is wrong on purpose, for `bench faults`: a file holds by how many milliseconds, and may be written while the server
//! runs. Refused in production (`faults.clock_file`).

use kernel::{SystemClock, Ticks};
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

const LOOK_EVERY: Duration = Duration::from_millis(200);
/// Ten years, in either direction: no clock is set further.
const MOST_MS: i64 = 10 * 366 * 86_400_000;
/// A number has no more digits.
const MOST_BYTES: u64 = 32;

/// Sets the clock as the file says until `stop`; right again where there is no file, or no number in it.
pub async fn run(path: PathBuf, stop: CancellationToken) {
    tracing::warn!(path = %path.display(), "the machine's clock is set by a file: for tests of faults only");
    let mut ticks = Ticks::every(LOOK_EVERY, stop);
    while ticks.next().await {
        SystemClock::set_wrong_by(read(&path).unwrap_or(0));
    }
    SystemClock::set_wrong_by(0);
}

/// What the file says.
pub fn read(path: &Path) -> Option<i64> {
    let file = std::fs::File::open(path).ok()?;
    let mut written = String::new();
    std::io::Read::read_to_string(&mut std::io::Read::take(file, MOST_BYTES), &mut written).ok()?;
    written.trim().parse::<i64>().ok().filter(|ms| (-MOST_MS..=MOST_MS).contains(ms))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_says_by_how_much_and_nonsense_says_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let path: PathBuf = dir.path().join("clock");
        assert_eq!(read(&path), None);
        for (text, expected) in [("3600000\n", Some(3_600_000)), ("-1", Some(-1)), ("soon", None), ("99999999999999999", None)] {
            std::fs::write(&path, text).unwrap();
            assert_eq!(read(&path), expected, "{text}");
        }
    }
}
