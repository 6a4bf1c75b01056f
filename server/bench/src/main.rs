#![doc = include_str!("../README.md")]

mod benches;
mod door;
mod error;
mod house;
mod line;
mod samples;
mod table;

use error::Error;
use line::Line;
use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    let asked: Vec<String> = std::env::args().skip(1).collect();
    let names: Vec<&str> = match asked.first().map(String::as_str) {
        Some("table") => return table::run(),
        Some("all") => benches::NAMES.to_vec(),
        Some(_) => asked.iter().map(String::as_str).collect(),
        None => Vec::new(),
    };
    if names.is_empty() || names.iter().any(|name| !benches::NAMES.contains(name)) {
        eprintln!("bench: which one? all, table, or some of: {}", benches::NAMES.join(", "));
        return ExitCode::FAILURE;
    }
    let mut good = true;
    for name in names {
        eprintln!("── {name}");
        good &= report(name, benches::run(name).await);
    }
    if good { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Prints the lines of one bench; whether all goals were met.
fn report(name: &str, outcome: Result<Vec<Line>, Error>) -> bool {
    match outcome {
        Ok(lines) => {
            lines.iter().for_each(|line| println!("{}", line.to_json()));
            lines.iter().all(|line| line.ok)
        }
        Err(error) => {
            eprintln!("bench: {name}: {error}");
            false
        }
    }
}
