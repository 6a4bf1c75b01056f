//! What `/proc` says of a process and of those it started, and how one of ours is ended.

use crate::error::Error;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use std::collections::BTreeMap;
use std::fs;
use std::process::Child;
use std::time::{Duration, Instant};
use tokio::time::sleep;

/// Ticks of a second in `/proc/<pid>/stat`: `USER_HZ`, which is 100 on every machine that Linux supports.
const TICKS: f64 = 100.0;
/// A server that was told to stop gives its requests 10 s; a peer writes what it holds.
const STOP: Duration = Duration::from_secs(60);
/// How often an ending process is looked at.
const LOOK: Duration = Duration::from_millis(5);
/// Something rests when it takes less than this share of a processor …
const REST: f64 = 0.1;
/// … for so many seconds, one after the other.
const RESTING: usize = 5;
/// Compaction of a day takes minutes; more is a bench that would never end.
const LONGEST_WORK: Duration = Duration::from_secs(900);

/// A process in `/proc`.
#[derive(Clone, Copy, Debug)]
struct Seen {
    parent: u32,
    /// Its own and that of children that ended, in seconds.
    cpu_s: f64,
}

/// Seconds of processor that a process and all it started took so far. Children that ended count through those who waited for them.
pub fn cpu_s(root: u32) -> f64 {
    let all: BTreeMap<u32, Seen> = everything();
    let mut wanted: Vec<u32> = vec![root];
    let mut sum: f64 = 0.0;
    while let Some(pid) = wanted.pop() {
        sum += all.get(&pid).map_or(0.0, |seen| seen.cpu_s);
        wanted.extend(all.iter().filter(|(child, seen)| seen.parent == pid && **child != pid).map(|(child, _)| *child));
    }
    sum
}

/// Seconds of processor that this program took so far; what it started is left out.
pub fn own_cpu_s() -> f64 {
    let text: String = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    fields(&text).map_or(0.0, |fields| ticks(&fields, &[11, 12]))
}

fn everything() -> BTreeMap<u32, Seen> {
    let entries = fs::read_dir("/proc").into_iter().flatten().filter_map(Result::ok);
    let pids = entries.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    pids.filter_map(|pid| Some((pid, seen(&fs::read_to_string(format!("/proc/{pid}/stat")).ok()?)?))).collect()
}

/// What stands after the name, which may hold anything: state, parent, …, and from the 12th on utime, stime, cutime and cstime (proc(5)).
fn seen(stat: &str) -> Option<Seen> {
    let fields: Vec<&str> = fields(stat)?;
    Some(Seen { parent: fields.get(1)?.parse().ok()?, cpu_s: ticks(&fields, &[11, 12, 13, 14]) })
}

fn fields(stat: &str) -> Option<Vec<&str>> {
    Some(stat.rsplit_once(')')?.1.split_whitespace().collect())
}

fn ticks(fields: &[&str], which: &[usize]) -> f64 {
    let of = |at: &usize| -> f64 { fields.get(*at).and_then(|text| text.parse().ok()).unwrap_or(0.0) };
    which.iter().map(of).sum::<f64>() / TICKS
}

/// Resident memory of one process in bytes.
///
/// # Errors
/// When there is no such process.
pub fn resident_bytes(pid: u32) -> Result<f64, Error> {
    let status: String = fs::read_to_string(format!("/proc/{pid}/status")).map_err(Error::io("read a process's memory"))?;
    let line: &str = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or_default();
    let kibibytes: Option<f64> = line.trim().trim_end_matches("kB").trim().parse().ok();
    kibibytes.map(|kibibytes| kibibytes * 1_024.0).ok_or_else(|| Error::unreadable("VmRSS", line))
}

/// Waits until a process and all it started have nothing more to do, and for `least` in any case.
///
/// # Errors
/// When it works without end.
pub async fn settled(root: u32, least: Duration) -> Result<(), Error> {
    let began: Instant = Instant::now();
    sleep(least).await;
    let mut resting: usize = 0;
    let mut before: f64 = cpu_s(root);
    while resting < RESTING {
        if began.elapsed() > LONGEST_WORK {
            return Err(Error::TooLate { what: "the end of compaction" });
        }
        sleep(Duration::from_secs(1)).await;
        let now: f64 = cpu_s(root);
        resting = if now - before < REST { resting + 1 } else { 0 };
        before = now;
    }
    Ok(())
}

/// SIGTERM, and SIGKILL for a process that does not listen.
pub fn end(child: &mut Child) {
    let told: bool = i32::try_from(child.id()).is_ok_and(|pid| kill(Pid::from_raw(pid), Signal::SIGTERM).is_ok());
    let began: Instant = Instant::now();
    while told && began.elapsed() < STOP {
        if matches!(child.try_wait(), Ok(Some(_))) {
            return;
        }
        std::thread::sleep(LOOK);
    }
    eprintln!("   process {} did not stop and is killed", child.id());
    let _ = child.kill();
    let _ = child.wait();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_with_spaces_and_brackets_hides_nothing() {
        let stat = "42 (a) b) (c) S 7 1 1 0 -1 4194304 100 0 0 0 250 50 25 75 20 0 1 0 5 0 0";
        let seen = seen(stat).unwrap();
        assert_eq!(seen.parent, 7);
        assert_eq!(seen.cpu_s, 4.0);
    }

    #[test]
    fn this_process_has_memory_and_its_own_time() {
        let pid = std::process::id();
        assert!(resident_bytes(pid).unwrap() > 100_000.0);
        assert!(cpu_s(pid) >= 0.0 && own_cpu_s() >= 0.0);
        assert!(resident_bytes(u32::MAX).is_err());
    }
}
