//! `bench table < results.jsonl`: the lines as a Markdown table.

use crate::line::{Better, Line};
use std::io::{BufRead, stdin};
use std::process::ExitCode;

const HEAD: &str = "| bench | case | measured | goal | peer | ratio | |\n|---|---|---:|---:|---|---:|---|";

/// Prints the table of what comes in.
pub fn run() -> ExitCode {
    let (table, good) = read(stdin().lock());
    print!("{table}");
    if good { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// The table of the lines until the end of the input, and whether all were results. One that is none is said and left out.
pub fn read(input: impl BufRead) -> (String, bool) {
    let mut table: String = format!("{HEAD}\n");
    let mut good: bool = true;
    for (at, text) in input.lines().map_while(Result::ok).enumerate().filter(|(_, text)| !text.trim().is_empty()) {
        match serde_json::from_str::<Line>(&text) {
            Ok(line) => {
                table.push_str(&row(&line));
                table.push('\n');
            }
            Err(error) => {
                eprintln!("bench: line {} is no result: {error}", at + 1);
                good = false;
            }
        }
    }
    (table, good)
}

fn row(line: &Line) -> String {
    let sign = if line.better == Better::Lower { "≤" } else { "≥" };
    let goal = line.goal.map_or_else(String::new, |goal| format!("{sign} {} {}", figure(goal), line.unit));
    let peer = match (&line.peer, line.peer_value) {
        (Some(peer), Some(value)) => format!("{peer}: {} {}", figure(value), line.unit),
        _ => String::new(),
    };
    let ratio = line.ratio.map_or_else(String::new, |ratio| format!("{ratio:.2}"));
    let mark = match (line.goal, line.ok) {
        (None, true) => "",
        (_, true) => "met",
        (_, false) => "**missed**",
    };
    let measured = if line.value.is_nan() { "–".to_owned() } else { format!("{} {}", figure(line.value), line.unit) };
    format!("| {} | {} | {measured} | {goal} | {peer} | {ratio} | {mark} |", line.bench, line.case)
}

/// `1,234,567`, `12.3`, `0.02`: as many digits as mean something.
fn figure(value: f64) -> String {
    if value.abs() >= 100.0 {
        return grouped(value.round() as i64);
    }
    let text = if value.abs() >= 10.0 { format!("{value:.1}") } else { format!("{value:.2}") };
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn grouped(value: i64) -> String {
    let digits = value.abs().to_string();
    let mut out = if value < 0 { "-".to_owned() } else { String::new() };
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_have_as_many_digits_as_mean_something() {
        for (value, text) in
            [(1_234_567.8, "1,234,568"), (999.0, "999"), (12.34, "12.3"), (0.016, "0.02"), (2.0, "2"), (0.0, "0")]
        {
            assert_eq!(figure(value), text);
        }
    }

    #[test]
    fn what_is_no_result_is_left_out_and_said() {
        let line = Line::lower("now", "p95", 12.0, "ms").to_json();
        let (table, good) = read(format!("{line}\n\nnonsense\n").as_bytes());
        assert_eq!(table, format!("{HEAD}\n| now | p95 | 12 ms |  |  |  |  |\n"));
        assert!(!good);
    }

    #[test]
    fn a_row_says_its_goal_and_whether_it_is_met() {
        let line = Line::lower("now", "p95", 61.0, "ms").with_goal(50.0);
        assert_eq!(row(&line), "| now | p95 | 61 ms | ≤ 50 ms |  |  | **missed** |");
        let unmeasured = Line::lower("metrics", "1 h", f64::NAN, "ms");
        assert_eq!(row(&unmeasured), "| metrics | 1 h | – |  |  |  | **missed** |");
        assert_eq!(
            row(&Line::higher("ingest", "rate", 412_345.0, "samples/s")),
            "| ingest | rate | 412,345 samples/s |  |  |  |  |"
        );
    }
}
