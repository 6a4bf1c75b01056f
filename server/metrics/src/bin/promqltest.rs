//! Runs files of Prometheus' test language for PromQL against our evaluator and counts what passes.

use std::process::ExitCode;

use metrics::eval::conformance::{self, Tally};

const HELP: &str = "\
usage: promqltest FILE…

Runs each file of Prometheus' test language (promql/promqltest/testdata/*.test) and prints
  FILE: P passed, F failed[, U unsupported]
and at last the total. What failed, and why, is written to standard error.

A case is unsupported when it does not pass and needs what the engine does not have: native histograms, start timestamps,
or an experimental feature that it refuses by name (anchored, smoothed, fill, info, limitk, limit_ratio,
histogram_quantiles). Unsupported cases are counted apart and do not change the exit code.

  --unsupported   also writes the unsupported cases to standard error
  --help          this text

exit code: 0 when no case failed, 1 when one did, 2 when a file can't be read or none is given";

/// A file was not given or can't be read.
const MISUSED: u8 = 2;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let (flags, files): (Vec<String>, Vec<String>) = std::env::args().skip(1).partition(|word| word.starts_with("--"));
    if flags.iter().any(|flag| flag == "--help") {
        println!("{HELP}");
        return ExitCode::SUCCESS;
    }
    let lists_unsupported: bool = flags.iter().any(|flag| flag == "--unsupported");
    if files.is_empty() || flags.iter().any(|flag| flag != "--unsupported") {
        eprintln!("{HELP}");
        return ExitCode::from(MISUSED);
    }
    let mut total: Tally = Tally::default();
    for file in &files {
        let text: String = match std::fs::read_to_string(file) {
            Ok(text) => text,
            Err(error) => {
                eprintln!("read {file}: {error}");
                return ExitCode::from(MISUSED);
            }
        };
        let tally: Tally = conformance::run(&text).await;
        explain(file, &tally, lists_unsupported);
        println!("{file}: {}", counted(&tally));
        total.passed += tally.passed;
        total.failures.extend(tally.failures);
        total.unsupported.extend(tally.unsupported);
    }
    println!("total: {}", counted(&total));
    if total.failures.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn explain(file: &str, tally: &Tally, lists_unsupported: bool) {
    for failure in &tally.failures {
        eprintln!("{file}:{failure}");
    }
    for case in tally.unsupported.iter().filter(|_| lists_unsupported) {
        eprintln!("{file}:{case} (unsupported)");
    }
}

fn counted(tally: &Tally) -> String {
    let counts: String = format!("{} passed, {} failed", tally.passed, tally.failures.len());
    match tally.unsupported.len() {
        0 => counts,
        unsupported => format!("{counts}, {unsupported} unsupported"),
    }
}
