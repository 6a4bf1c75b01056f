//! Making the database cluster, whole or not at all.

use crate::DATABASE;
use crate::account::Account;
use crate::binaries::Binaries;
use crate::error::Error;
use crate::layout::Layout;
use crate::log::{complaint, open_append};
use crate::settings::INCLUDE;
use nix::sys::statvfs::statvfs;
use std::fs::{self, DirBuilder, File};
use std::io::{self, Write};
use std::os::unix::fs::DirBuilderExt;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

/// A fresh cluster takes 40 MB and its first WAL segments as much again; below this, the first hour would fill the disk.
const NEEDED_MB: u64 = 200;

/// Makes the cluster when there is none, with the database in it. `settings` must have been written: the include is tried here.
pub(crate) fn ensure(layout: &Layout, account: &Account, binaries: &Binaries) -> Result<(), Error> {
    if layout.major().is_some() {
        return Ok(());
    }
    tracing::info!(
        version = binaries.version.text,
        user = account.name,
        "making a database cluster in {}",
        layout.cluster().display()
    );
    must_have_room(layout.root())?;
    layout.remove_unfinished()?;
    let unfinished = layout.unfinished_cluster();
    make_empty(&unfinished, account)?;
    initdb(&unfinished, layout, account, binaries)?;
    let conf = unfinished.join("postgresql.conf");
    append(&conf, INCLUDE).map_err(Error::io("write", &conf))?;
    create_database(&unfinished, account, binaries)?;
    finish(layout)
}

/// # Errors
/// [`Error::DiskFull`] when fewer than [`NEEDED_MB`] megabytes are free.
fn must_have_room(dir: &Path) -> Result<(), Error> {
    let found = statvfs(dir).map_err(io::Error::from).map_err(Error::io("ask for the free space of", dir))?;
    let free_mb: u64 = found.blocks_available().saturating_mul(found.fragment_size()) / (1024 * 1024);
    if free_mb < NEEDED_MB {
        return Err(Error::DiskFull { dir: dir.to_path_buf(), free_mb, needed_mb: NEEDED_MB });
    }
    Ok(())
}

fn make_empty(dir: &Path, account: &Account) -> Result<(), Error> {
    DirBuilder::new().mode(0o700).create(dir).map_err(Error::io("create the directory", dir))?;
    account.own(dir)
}

fn initdb(cluster: &Path, layout: &Layout, account: &Account, binaries: &Binaries) -> Result<(), Error> {
    let mut command = account.command(&binaries.dir.join("initdb"));
    command
        .args(["--username", DATABASE, "--encoding=UTF8", "--locale=C.UTF-8", "--data-checksums"])
        .args(["--auth=scram-sha-256", "--no-instructions", "--pwfile"])
        .arg(layout.password_file())
        .arg("--pgdata")
        .arg(cluster);
    run(&mut command, "")
}

fn append(path: &Path, text: &str) -> io::Result<()> {
    let mut file: File = open_append(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

/// In a stand-alone backend, so that a cluster without its database is never seen by a server.
fn create_database(cluster: &Path, account: &Account, binaries: &Binaries) -> Result<(), Error> {
    let mut command = account.command(&binaries.dir.join("postgres"));
    command.args(["--single", "-c", "exit_on_error=on", "-D"]).arg(cluster).arg("postgres");
    run(&mut command, &format!("create database {DATABASE}\n"))
}

/// Runs a program to its end with `input`, and turns its failure into one line.
fn run(command: &mut Command, input: &str) -> Result<(), Error> {
    let output = fed(command, input).map_err(|error| Error::Initdb { reason: error.to_string() })?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let reason = complaint(&said).unwrap_or_else(|| output.status.to_string());
    Err(Error::Initdb { reason })
}

fn fed(command: &mut Command, input: &str) -> io::Result<Output> {
    let mut child: Child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
    if let Some(mut stdin) = child.stdin.take() {
        // A program that has ended already did not want the input; its status says why.
        match stdin.write_all(input.as_bytes()) {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => return Err(error),
            _ => {}
        }
    }
    child.wait_with_output()
}

/// Gives the cluster its name, and waits until the name is on disk.
fn finish(layout: &Layout) -> Result<(), Error> {
    let (unfinished, cluster) = (layout.unfinished_cluster(), layout.cluster());
    fs::rename(&unfinished, &cluster).map_err(Error::io("create the directory", &cluster))?;
    let root = File::open(layout.root()).map_err(Error::io("open", layout.root()))?;
    root.sync_all().map_err(Error::io("write", layout.root()))
}
