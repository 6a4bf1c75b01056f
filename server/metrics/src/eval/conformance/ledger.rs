//! Which cases must pass.

use std::fs;
use std::path::PathBuf;

use super::runner::{self, Tally};

/// Upstream's files, and how many cases of each must pass at least. Raise a number when it grows; it must never fall.
const LEDGER: &[(&str, usize)] = &[
    ("collision", 2),
    ("functions", 326),
    ("literals", 25),
    ("operators", 142),
    ("range_queries", 17),
    ("selectors", 31),
    ("staleness", 17),
    ("trig_functions", 19),
];

/// Our own cases, for what the files above are silent about.
const OWN: &[&str] = &["aggregations", "buckets", "durations", "names", "pinned", "subqueries"];

#[tokio::test]
async fn prometheus_conformance_cases_give_the_answers_prometheus_gives() {
    let mut fallen: Vec<String> = Vec::new();
    println!("{:<16} {:>6} {:>6} {:>11}", "file", "passed", "failed", "unsupported");
    for (name, must_pass) in LEDGER {
        let path: String = format!("{}/promqltest/{name}.test", env!("CARGO_MANIFEST_DIR"));
        let text: String = fs::read_to_string(&path).expect("the conformance files are part of the crate");
        let tally: Tally = runner::run(&text).await;
        println!("{name:<16} {:>6} {:>6} {:>11}", tally.passed, tally.failures.len(), tally.unsupported.len());
        for failure in &tally.failures {
            println!("  {name}.test:{failure}");
        }
        if tally.passed < *must_pass {
            fallen.push(format!("{name}: {} of {must_pass} cases pass", tally.passed));
        }
    }
    assert!(fallen.is_empty(), "{}", fallen.join("; "));
}

#[tokio::test]
async fn our_own_cases_all_pass() {
    let folder: PathBuf = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/src/eval/conformance/cases"));
    let mut wrong: Vec<String> = Vec::new();
    for name in OWN {
        let text: String = fs::read_to_string(folder.join(format!("{name}.test"))).expect("our cases are part of the crate");
        let tally: Tally = runner::run(&text).await;
        assert!(tally.passed > 0, "{name} has no cases");
        wrong.extend(tally.failures.iter().chain(&tally.unsupported).map(|case| format!("{name}.test:{case}")));
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[tokio::test]
async fn a_wrong_expectation_fails() {
    let text: &str = "load 1m\n  m 1 2\n\neval instant at 1m m\n  m 3\n\neval instant at 1m -m\n  expect fail\n\neval instant at 1m m\n  m 2\n";
    let tally: Tally = runner::run(text).await;
    assert_eq!((tally.passed, tally.failures.len(), tally.unsupported.len()), (1, 2, 0), "{:?}", tally.failures);
}

#[tokio::test]
async fn only_a_case_that_needs_what_is_missing_is_unsupported() {
    let text: &str = "load 1m\n  m{a=\"1\"} 1\n  m{a=\"2\"} {{schema:0 sum:1 count:1}}\n  m@st -30s\n\n\
        eval instant at 0 m{a=\"1\"}\n  m{a=\"1\"} 1\n\n\
        eval instant at 0 clamp_min(m, 0)\n  {a=\"1\"} 1\n\n\
        eval instant at 0 count(m)\n  {} 2\n\n\
        eval instant at 0 limitk(1, m)\n  m{a=\"1\"} 1\n\n\
        eval instant at 0 m{a=\"1\"}\n  m{a=\"1\"} 2\n";
    let tally: Tally = runner::run(text).await;
    assert_eq!((tally.passed, tally.failures.len(), tally.unsupported.len()), (2, 1, 2), "{tally:?}");
}
