//! Whole starts, on the Postgres of this machine. Started as root, these tests also exercise the change of user.

use crate::{EmbeddedConfig, Error, Health, Source, Supervisor};
use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::Output;
use std::time::Duration;
use tempfile::TempDir;

/// Far above what anything here takes; a hang fails instead of hanging.
const PATIENCE: Duration = Duration::from_secs(60);

/// A directory that the lent user can enter, and a configuration for a data directory in it.
fn place() -> (TempDir, EmbeddedConfig) {
    let temp = tempfile::Builder::new().prefix("mimamori-pg").tempdir_in("/tmp").unwrap();
    fs::set_permissions(temp.path(), Permissions::from_mode(0o755)).unwrap();
    let data_dir = temp.path().join("data");
    (temp, EmbeddedConfig { data_dir, bin_dir: None })
}

async fn start(config: &EmbeddedConfig) -> Supervisor {
    crate::start(config.clone()).await.expect("postgres must start")
}

/// What psql prints for `sql`.
fn ask(supervisor: &Supervisor, sql: &str) -> String {
    let output: Output = supervisor.tools().psql().args(["-X", "-q", "-A", "-t", "-c", sql]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

fn pid_file(config: &EmbeddedConfig) -> PathBuf {
    config.data_dir.join("cluster/postmaster.pid")
}

fn pid_of(supervisor: &Supervisor) -> i32 {
    match &*supervisor.health().borrow() {
        Health::Ready { pid } => *pid,
        other => panic!("not ready: {other:?}"),
    }
}

fn kill_9(pid: i32) {
    nix::sys::signal::kill(nix::unistd::Pid::from_raw(pid), nix::sys::signal::Signal::SIGKILL).unwrap();
}

/// Waits until another postmaster than `old` is ready.
async fn ready_again(supervisor: &Supervisor, old: i32) {
    let mut health = supervisor.health();
    let came_back = health.wait_for(|health| matches!(health, Health::Ready { pid } if *pid != old));
    let found = tokio::time::timeout(PATIENCE, came_back).await.expect("it must come back in time");
    assert!(found.is_ok());
}

#[tokio::test]
async fn the_first_start_makes_a_database_that_answers_and_keeps_its_word_on_durability() {
    let (_temp, config) = place();
    let supervisor = start(&config).await;
    assert_eq!(ask(&supervisor, "select current_database()"), "mimamori");
    let settings = "select string_agg(setting, ',' order by name) from pg_settings
                    where name in ('fsync', 'synchronous_commit', 'listen_addresses', 'max_connections', 'data_checksums')";
    assert_eq!(ask(&supervisor, settings), "on,on,,60,on");
    assert!(supervisor.url().starts_with("postgres://mimamori:"));
    assert!(supervisor.bin_dir().join("initdb").exists());
    supervisor.stop().await.unwrap();
}

#[tokio::test]
async fn it_never_runs_as_root_and_its_socket_is_private() {
    let (_temp, config) = place();
    let supervisor = start(&config).await;
    let process = fs::metadata(format!("/proc/{}", pid_of(&supervisor))).unwrap();
    assert_ne!(process.uid(), 0);
    let socket_dir = fs::metadata(config.data_dir.join("socket")).unwrap();
    assert_eq!((socket_dir.uid(), socket_dir.mode() & 0o777), (process.uid(), 0o700));
    let password = fs::metadata(config.data_dir.join("password")).unwrap();
    assert_eq!(password.mode() & 0o777, 0o600);
    supervisor.stop().await.unwrap();
}

#[tokio::test]
async fn after_kill_9_it_comes_back_and_what_was_committed_is_there() {
    let (_temp, config) = place();
    let supervisor = start(&config).await;
    ask(&supervisor, "create table kept as select generate_series(1, 1000) as n");
    let killed = pid_of(&supervisor);
    kill_9(killed);
    ready_again(&supervisor, killed).await;
    assert_eq!(ask(&supervisor, "select count(*) from kept"), "1000");
    supervisor.stop().await.unwrap();
}

#[tokio::test]
async fn a_second_start_on_the_same_directory_is_refused_with_the_pid_of_the_first() {
    let (_temp, config) = place();
    let supervisor = start(&config).await;
    let refused = crate::start(config.clone()).await.expect_err("must be refused");
    let line = refused.to_string();
    assert!(matches!(refused, Error::Locked { .. }), "{line}");
    assert!(line.ends_with(&format!("the server with pid {}", std::process::id())), "{line}");
    supervisor.stop().await.unwrap();
}

#[tokio::test]
async fn stop_is_clean_and_a_start_can_follow_at_once() {
    let (_temp, config) = place();
    let supervisor = start(&config).await;
    ask(&supervisor, "create table kept as select 1 as n");
    let health = supervisor.health();
    supervisor.stop().await.unwrap();
    assert_eq!(*health.borrow(), Health::Stopped);
    assert!(!pid_file(&config).exists());
    let log = fs::read_to_string(config.data_dir.join("postgres.log")).unwrap();
    assert!(log.contains("database system is shut down"), "{log}");
    let again = start(&config).await;
    assert_eq!(ask(&again, "select n from kept"), "1");
    again.stop().await.unwrap();
}

#[tokio::test]
async fn a_directory_the_lent_user_cannot_enter_is_named() {
    let (temp, config) = place();
    fs::set_permissions(temp.path(), Permissions::from_mode(0o700)).unwrap();
    let started = crate::start(config).await;
    // Without root no user is lent, and the owner gets in.
    match started {
        Ok(supervisor) => {
            assert!(!nix::unistd::geteuid().is_root());
            supervisor.stop().await.unwrap();
        }
        Err(error) => {
            let shut = fs::canonicalize(temp.path()).unwrap();
            assert!(matches!(&error, Error::NotTraversable { dir, .. } if *dir == shut), "{error}");
        }
    }
}

#[tokio::test]
async fn a_data_directory_with_a_long_name_gets_a_short_socket() {
    let (temp, mut config) = place();
    config.data_dir = temp.path().join("long".repeat(30));
    let supervisor = start(&config).await;
    assert_eq!(ask(&supervisor, "select 1"), "1");
    let short: PathBuf = ask(&supervisor, "select trim('\"' from current_setting('unix_socket_directories'))").into();
    supervisor.stop().await.unwrap();
    assert!(!short.starts_with(temp.path()), "{}", short.display());
    fs::remove_dir_all(short).unwrap();
}

#[tokio::test]
async fn a_directory_without_programs_is_an_error_and_leaves_no_cluster() {
    let (temp, mut config) = place();
    config.bin_dir = Some(temp.path().to_path_buf());
    let error = crate::start(config.clone()).await.expect_err("must be refused");
    assert!(matches!(error, Error::NoBinariesIn { .. }), "{error}");
    assert!(!config.data_dir.join("cluster").exists());
}

#[tokio::test]
async fn a_postgres_that_cannot_start_says_why_in_one_line() {
    let (_temp, config) = place();
    start(&config).await.stop().await.unwrap();
    spoil(&config.data_dir.join("cluster/postgresql.conf"));
    let error = crate::start(config).await.expect_err("must be refused").to_string();
    assert!(error.contains("no_such_setting") || error.contains("configuration file"), "{error}");
    assert_eq!(error.lines().count(), 1);
}

fn spoil(conf: &Path) {
    let text = fs::read_to_string(conf).unwrap();
    fs::write(conf, format!("{text}\nno_such_setting = 1\n")).unwrap();
}

#[tokio::test]
async fn a_dump_restores_what_was_there() {
    let (temp, config) = place();
    let supervisor = start(&config).await;
    ask(&supervisor, "create table kept as select 42 as n");
    let dump = temp.path().join("dump");
    assert!(supervisor.tools().dump(&dump).unwrap().status().unwrap().success());
    assert!(supervisor.tools().dump(&dump).is_err(), "a dump is never overwritten");
    ask(&supervisor, "update kept set n = 0");
    assert!(supervisor.tools().restore(&dump).unwrap().status().unwrap().success());
    assert_eq!(ask(&supervisor, "select n from kept"), "42");
    supervisor.stop().await.unwrap();
}

#[tokio::test]
async fn tools_find_a_postgres_that_another_process_runs() {
    let (_temp, config) = place();
    let supervisor = start(&config).await;
    let (url, tools) = crate::running(&config).await.unwrap().expect("it runs");
    assert_eq!((url, tools.url()), (supervisor.url(), supervisor.url()));
    supervisor.stop().await.unwrap();
    assert!(crate::running(&config).await.unwrap().is_none());
}

fn embedded() -> EmbeddedConfig {
    EmbeddedConfig { data_dir: PathBuf::from("/var/lib/mimamori"), bin_dir: None }
}

#[test]
fn a_database_url_always_wins() {
    let url = Some("postgres://db.example/mimamori".to_owned());
    let source = Source::choose(url, embedded(), true);
    assert!(matches!(source, Ok(Source::Url(url)) if url.contains("db.example")));
}

#[test]
fn an_empty_url_is_no_url() {
    let source = Source::choose(Some(" ".to_owned()), embedded(), false);
    assert!(matches!(source, Ok(Source::Embedded(_))));
}

#[test]
fn production_without_a_url_is_refused_with_the_line_to_set() {
    let refused = Source::choose(None, embedded(), true).expect_err("must be refused");
    assert!(refused.to_string().contains("DATABASE_URL=postgres://"));
}
