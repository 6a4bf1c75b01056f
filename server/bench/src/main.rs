#![doc = include_str!("../README.md")]

mod benches;
mod contender;
mod door;
mod error;
mod house;
mod ledger;
mod line;
mod load;
mod peer;
mod process;
mod readme;
mod samples;
mod table;

use benches::metrics::CASES;
use error::Error;
use line::Line;
use std::process::ExitCode;
use tokio::signal::unix::{SignalKind, signal};

#[tokio::main]
async fn main() -> ExitCode {
    let asked: Vec<String> = std::env::args().skip(1).collect();
    match asked.first().map(String::as_str) {
        Some("table") => return table::run(),
        Some("readme") => return readme::run(),
        _ => {}
    }
    let Some(runs) = runs(&asked) else {
        let (names, cases) = (benches::NAMES.join(", "), CASES.join(", "));
        eprintln!("bench: which one? all, table, readme, or some of: {names}; after metrics, which of its cases: {cases}");
        return ExitCode::FAILURE;
    };
    tokio::select! {
        good = run_all(runs) => if good { ExitCode::SUCCESS } else { ExitCode::FAILURE },
        // What runs is dropped, and with it every process that was started.
        () = told_to_stop() => ExitCode::FAILURE,
    }
}

/// A bench and its case; the case is empty for all but `metrics`.
type Run = (String, String);

/// What was asked for; `None` when there is nothing of that name. What follows `metrics` are its cases.
fn runs(asked: &[String]) -> Option<Vec<Run>> {
    let (first, rest) = asked.split_first()?;
    let all: Vec<String> = benches::NAMES.iter().map(|name| (*name).to_owned()).collect();
    let names: &[String] = match first.as_str() {
        "all" => &all,
        "metrics" if !rest.is_empty() => return cases(rest),
        _ => asked,
    };
    let mut runs: Vec<Run> = Vec::new();
    for name in names {
        match name.as_str() {
            "metrics" => runs.extend(CASES.iter().map(|case| (name.clone(), (*case).to_owned()))),
            known if benches::NAMES.contains(&known) => runs.push((name.clone(), String::new())),
            _ => return None,
        }
    }
    Some(runs)
}

fn cases(asked: &[String]) -> Option<Vec<Run>> {
    let are_known: bool = asked.iter().all(|case| CASES.contains(&case.as_str()));
    are_known.then(|| asked.iter().map(|case| ("metrics".to_owned(), case.clone())).collect())
}

async fn run_all(runs: Vec<Run>) -> bool {
    let mut good: bool = true;
    for (name, case) in runs {
        eprintln!("── {name}");
        good &= report(&name, benches::run(&name, &case).await);
    }
    good
}

/// Ends when a person or a keeper of processes says so.
async fn told_to_stop() {
    let (Ok(mut interrupt), Ok(mut terminate)) = (signal(SignalKind::interrupt()), signal(SignalKind::terminate())) else {
        return std::future::pending().await;
    };
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(words: &str) -> Option<Vec<Run>> {
        let words: Vec<String> = words.split_whitespace().map(str::to_owned).collect();
        runs(&words)
    }

    #[test]
    fn benches_are_named_and_cases_follow_metrics() {
        let run = |name: &str, case: &str| (name.to_owned(), case.to_owned());
        assert_eq!(asked("start now"), Some(vec![run("start", ""), run("now", "")]));
        assert_eq!(asked("metrics ingest"), Some(vec![run("metrics", "ingest")]));
        assert_eq!(asked("metrics").map(|runs| runs.len()), Some(CASES.len()));
        assert_eq!(asked("all").map(|runs| runs.len()), Some(benches::NAMES.len() - 1 + CASES.len()));
        assert_eq!((asked(""), asked("nonsense"), asked("metrics nonsense")), (None, None, None));
    }
}
