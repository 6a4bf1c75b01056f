//! Prometheus' own conformance files, run against the engine.
//!
//! Every case runs as written; instant cases then run again with `@` on every selector at other moments, and each of those
//! as the middle step of a range query, as upstream does. Cases that need native histograms (tier C) are recognised and
//! counted apart, and so is what the engine refuses by name. No query, metric or label is treated specially.

mod check;
mod memory;
mod notation;
mod pin;
mod runner;
mod script;

use runner::Tally;

/// The files, and how many cases of each must pass at least. Raise a number when it grows; it must never fall.
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

#[tokio::test]
async fn prometheus_conformance_cases_give_the_answers_prometheus_gives() {
    let mut fallen: Vec<String> = Vec::new();
    println!("{:<16} {:>6} {:>6} {:>7} {:>7}", "file", "passed", "failed", "native", "refused");
    for (name, must_pass) in LEDGER {
        let path: String = format!("{}/promqltest/{name}.test", env!("CARGO_MANIFEST_DIR"));
        let text: String = std::fs::read_to_string(&path).expect("the conformance files are part of the crate");
        let tally: Tally = runner::run(&text).await;
        let failed: usize = tally.failures.len();
        println!("{name:<16} {:>6} {failed:>6} {:>7} {:>7}", tally.passed, tally.native, tally.refused);
        for failure in &tally.failures {
            println!("  {name}.test:{failure}");
        }
        if tally.passed < *must_pass {
            fallen.push(format!("{name}: {} of {must_pass} cases pass", tally.passed));
        }
    }
    assert!(fallen.is_empty(), "{}", fallen.join("; "));
}
