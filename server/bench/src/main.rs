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

use benches::faults::report::{OUT, Report};
use error::Error;
use line::Line;
use std::path::PathBuf;
use std::process::ExitCode;
use tokio::signal::unix::{SignalKind, signal};

#[tokio::main]
async fn main() -> ExitCode {
    let (asked, out): (Vec<String>, PathBuf) = apart(std::env::args().skip(1).collect());
    match asked.first().map(String::as_str) {
        Some("table") => return table::run(),
        Some("readme") => return readme::run(),
        _ => {}
    }
    let Some(runs) = runs(&asked) else {
        eprintln!("bench: which one? all, table, readme, or some of: {}", benches::NAMES.join(", "));
        for name in benches::NAMES.iter().filter(|name| !benches::cases(name).is_empty()) {
            eprintln!("  after {name}, which of its cases: {}", benches::cases(name).join(", "));
        }
        eprintln!("  --out FILE: where the report of faults goes ({OUT})");
        return ExitCode::FAILURE;
    };
    tokio::select! {
        good = run_all(runs, Report::new(out)) => if good { ExitCode::SUCCESS } else { ExitCode::FAILURE },
        // What runs is dropped, and with it every process that was started.
        () = told_to_stop() => ExitCode::FAILURE,
    }
}

/// A bench and its case; the case is empty for those that have none.
type Run = (String, String);

/// What was asked for without `--out FILE`, and that file.
fn apart(mut asked: Vec<String>) -> (Vec<String>, PathBuf) {
    let at: Option<usize> = asked.iter().position(|word| word == "--out").filter(|at| at + 1 < asked.len());
    let named: Option<String> = at.and_then(|at| asked.drain(at..at + 2).nth(1));
    (asked, named.map_or_else(|| PathBuf::from(OUT), PathBuf::from))
}

/// What was asked for; `None` when there is nothing of that name. What follows a bench that has cases are its cases.
fn runs(asked: &[String]) -> Option<Vec<Run>> {
    let (first, rest) = asked.split_first()?;
    let all: Vec<String> = benches::NAMES.iter().filter(|name| **name != benches::APART).map(|name| (*name).to_owned()).collect();
    let names: &[String] = match first.as_str() {
        "all" => &all,
        name if !rest.is_empty() && !benches::cases(name).is_empty() => return cases(name, rest),
        _ => asked,
    };
    let mut runs: Vec<Run> = Vec::new();
    for name in names {
        if !benches::NAMES.contains(&name.as_str()) {
            return None;
        }
        match benches::cases(name) {
            [] => runs.push((name.clone(), String::new())),
            cases => runs.extend(cases.iter().map(|case| (name.clone(), (*case).to_owned()))),
        }
    }
    Some(runs)
}

fn cases(name: &str, asked: &[String]) -> Option<Vec<Run>> {
    let are_known: bool = asked.iter().all(|case| benches::cases(name).contains(&case.as_str()));
    are_known.then(|| asked.iter().map(|case| (name.to_owned(), case.clone())).collect())
}

async fn run_all(runs: Vec<Run>, mut faults: Report) -> bool {
    let mut good: bool = true;
    for (name, case) in runs {
        eprintln!("── {name}");
        good &= report(&name, benches::run(&name, &case, &mut faults).await);
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
    fn the_file_of_the_report_may_be_named_anywhere() {
        let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<String>>();
        assert_eq!(apart(words("faults --out a.md kills")), (words("faults kills"), PathBuf::from("a.md")));
        assert_eq!(apart(words("faults kills")), (words("faults kills"), PathBuf::from(OUT)));
        assert_eq!(apart(words("faults --out")).0, words("faults --out"));
    }

    #[test]
    fn benches_are_named_and_cases_follow_theirs() {
        let run = |name: &str, case: &str| (name.to_owned(), case.to_owned());
        assert_eq!(asked("start now"), Some(vec![run("start", ""), run("now", "")]));
        assert_eq!(asked("metrics ingest"), Some(vec![run("metrics", "ingest")]));
        assert_eq!(asked("faults kills race"), Some(vec![run("faults", "kills"), run("faults", "race")]));
        assert_eq!(asked("metrics").map(|runs| runs.len()), Some(benches::cases("metrics").len()));
        let all: Vec<Run> = asked("all").unwrap();
        assert!(all.iter().any(|(name, case)| name == "alerting" && case == "rules"));
        assert!(!all.iter().any(|(name, _)| name == benches::APART));
        assert_eq!((asked(""), asked("nonsense"), asked("metrics nonsense"), asked("faults ingest")), (None, None, None, None));
    }
}
