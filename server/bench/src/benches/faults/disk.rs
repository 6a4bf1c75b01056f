//! The disk of Postgres is full for a while. Its data lie on a small file system in memory, which a file of ours fills to the last byte.

use super::firing::{Answers, Firing};
use super::rounds::{self, EVERY};
use super::{Outcome, lanes, lower};
use crate::benches::alerting::counts::n;
use crate::error::Error;
use crate::house::place;
use crate::line::percentile;
use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;
use tokio::time::sleep;

const FAULTS: u64 = 3;
/// Room for Postgres with the 128 MB of log that it keeps, and some.
const SIZE: &str = "size=400m,mode=755";
/// How long it stays full: longer than it takes until the database counts as gone.
const FULL: Duration = Duration::from_secs(45);
/// Between making room and the next time.
const BETWEEN: Duration = Duration::from_secs(20);
const BLOCK: usize = 1 << 20;
const BREAKGLASS: &str = "breakglass-";

/// A file system of its own, unmounted when dropped.
struct Disk {
    at: PathBuf,
    _place: TempDir,
}

/// What was lost, and how long after there is room again pages flow.
pub async fn run() -> Result<Outcome, Error> {
    if !nix::unistd::geteuid().is_root() {
        return Ok(Outcome::skipped("a file system can be mounted by root only"));
    }
    let disk: Disk = match Disk::open() {
        Ok(disk) => disk,
        Err(error) => return Ok(Outcome::skipped(&format!("no file system can be mounted here ({error})"))),
    };
    let faults: usize = n("MIMAMORI_BENCH_FAULTS", FAULTS);
    let mut replicas = rounds::open(Some(disk.at.join("data"))).await?;
    let firing = Firing::begin(replicas.inlet()?, replicas.sink.reader(), EVERY);
    let (mut took_s, mut notes): (Vec<f64>, Vec<String>) = (Vec::new(), Vec::new());
    let mut expected: BTreeSet<u64> = BTreeSet::new();
    for fault in 0..faults {
        sleep(BETWEEN).await;
        let filler: PathBuf = disk.at.join("filler");
        let bytes: u64 = fill(&filler).await?;
        sleep(FULL).await;
        let began: Instant = Instant::now();
        fs::remove_file(&filler).map_err(Error::io("make room again"))?;
        let (doors, numbers): (_, BTreeSet<u64>) = (replicas.doors(), lanes::numbers(fault));
        lanes::write(&doors, &numbers, 1.0).await?;
        let took: Duration = rounds::paged(&replicas.sink, &numbers, began).await;
        lanes::write(&doors, &numbers, 0.0).await?;
        expected.extend(&numbers);
        took_s.push(took.as_secs_f64());
        let note: String =
            format!("{}: filled with {} MB; pages again after {:.1} s", fault + 1, bytes >> 20, took.as_secs_f64());
        eprintln!("   {note}");
        notes.push(note);
    }
    replicas.ready().await?;
    let answers: Answers = firing.end().await?;
    expected.extend(answers.keys());
    let found = rounds::count(&replicas.sink, &expected).await;
    let is_breakglass = |key: &str| key.starts_with(BREAKGLASS);
    let told: usize = replicas.sink.read(|ledger| ledger.calls().filter(|call| is_breakglass(&call.message.key)).count());
    replicas.close().await?;
    let case: String = format!("the disk is full, {faults} × {} s", FULL.as_secs());
    let mut lines = rounds::counted(&case, found);
    lines.push(lower(&case, "pages again after there is room, slowest", percentile(&took_s, 1.0), "s"));
    notes.push(format!("{told} pages said that the database can't be written to"));
    drop(disk);
    Ok(Outcome { lines, notes })
}

impl Disk {
    fn open() -> Result<Self, Error> {
        let place: TempDir = place()?;
        let at: PathBuf = place.path().join("disk");
        fs::create_dir(&at).map_err(Error::io("make a directory"))?;
        quietly(Command::new("mount").args(["-t", "tmpfs", "-o", SIZE, "mimamori-bench"]).arg(&at))?;
        Ok(Self { at, _place: place })
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        // Whoever still has a file open there keeps it until it ends; the directory is free at once.
        if let Err(error) = quietly(Command::new("umount").arg("--lazy").arg(&self.at)) {
            eprintln!("   {} stays mounted: {error}", self.at.display());
        }
    }
}

fn quietly(command: &mut Command) -> Result<(), Error> {
    let output = command.stdin(Stdio::null()).output().map_err(Error::io("run mount"))?;
    if output.status.success() {
        return Ok(());
    }
    Err(Error::unreadable("the end of mount", &String::from_utf8_lossy(&output.stderr)))
}

/// Writes until nothing more fits; how many bytes that were.
async fn fill(path: &Path) -> Result<u64, Error> {
    let path: PathBuf = path.to_owned();
    tokio::task::spawn_blocking(move || fill_now(&path)).await?
}

fn fill_now(path: &Path) -> Result<u64, Error> {
    let mut file: File = File::create(path).map_err(Error::io("fill the disk"))?;
    let (block, mut size, mut bytes): (Vec<u8>, usize, u64) = (vec![1; BLOCK], BLOCK, 0);
    while size > 0 {
        match file.write(&block[..size]) {
            Ok(0) => size /= 2,
            Ok(n) => bytes += n as u64,
            // What is left is smaller: down to the last byte.
            Err(error) if error.kind() == ErrorKind::StorageFull => size /= 2,
            Err(error) => return Err(Error::io("fill the disk")(error)),
        }
    }
    Ok(bytes)
}
