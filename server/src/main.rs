//! Mimamori's one binary. `serve` is the default; the other commands work beside a running server.

mod acknowledge;
mod address;
mod agent;
mod apis;
mod apply;
mod breakglass;
mod browsers;
mod calls;
mod collab;
mod collector;
mod command;
mod comparison;
mod config;
mod context;
mod cookies;
mod dashboards;
mod database;
mod deadman;
mod documents;
mod drill;
mod happenings;
mod health;
mod hex;
mod hooks;
mod house_error;
mod kept;
mod keys;
mod live;
mod paging;
mod pictures;
mod postmortems;
mod routes;
mod rules;
mod rules_test;
mod schedules;
mod scraping;
mod security;
mod serve;
mod signin;
mod starting;
mod told;
mod trouble;
mod watch;
mod wiring;
mod wrong_clock;
mod zones;

#[cfg(test)]
mod forms;
#[cfg(test)]
mod silence;
#[cfg(test)]
mod strangers;

use clap::Parser;
use mimalloc::MiMalloc;
use std::process::ExitCode;

/// A question over a day of a thousand series fills some hundred megabytes and gives them back. The C library's allocator returned them to the
/// system and fetched them again each time: the slowest of thirty took 440 ms with it and 250 with this one.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    let command = command::Command::parse();
    // Leptos renders synchronously inside a poll: with fewer workers than this a few renders starve everything else.
    let workers = std::thread::available_parallelism().map_or(4, |cores| cores.get().max(4));
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(workers).enable_all().build();
    let runtime = match runtime {
        Ok(runtime) => runtime,
        Err(error) => return fail(&format!("can't start: {error}")),
    };
    match runtime.block_on(command.run()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => fail(&house_error::chain(&*error)),
    }
}

/// One clear line, whatever went wrong.
fn fail(line: &str) -> ExitCode {
    eprintln!("mimamori: {line}");
    ExitCode::FAILURE
}
