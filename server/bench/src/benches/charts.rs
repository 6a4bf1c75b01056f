//! Redrawing charts in a browser, beside uPlot in the same page: interleaved rounds, medians.

use crate::benches::documents::node;
use crate::error::Error;
use crate::line::Line;
use serde::Deserialize;
use std::path::PathBuf;
use std::process::Command;

const PEER: &str = "uPlot 1.6.32";
/// The crate that draws ours, and what it is built like: as the console's module is.
const DRAWN: &str = "drawn";
const PROFILE: &str = "wasm-release";
const TARGET: &str = "wasm32-unknown-unknown";
/// A pointer that moves must not be felt.
const POINTER_GOAL_MS: f64 = 1.0;

#[derive(Deserialize)]
struct Measured {
    results: Vec<Pair>,
    /// Milliseconds a move of the pointer.
    pointer: f64,
}

/// Medians of one case, in milliseconds.
#[derive(Deserialize)]
struct Pair {
    name: String,
    theirs: f64,
    ours: f64,
}

/// Every case: ours beside theirs, less is better.
pub fn run() -> Result<Vec<Line>, Error> {
    let Some(mut script) = node::script("charts.mjs") else { return Ok(Vec::new()) };
    let module: PathBuf = build()?;
    let output = script.arg(&module).output().map_err(Error::io("run the page of charts"))?;
    let printed: String = String::from_utf8_lossy(&output.stdout).into_owned();
    if !output.status.success() {
        return Err(Error::unreadable("what the page of charts measured", &String::from_utf8_lossy(&output.stderr)));
    }
    let measured: Measured =
        serde_json::from_str(&printed).map_err(|_| Error::unreadable("what the page of charts measured", &printed))?;
    let mut lines: Vec<Line> = measured.results.iter().map(line).collect();
    lines.push(Line::lower("charts", "a move of the pointer", measured.pointer, "ms").with_goal(POINTER_GOAL_MS));
    Ok(lines)
}

/// The goals of the issue: a third of theirs where there are many points, two thirds on a sheet of charts and with the raster, else ahead.
fn line(pair: &Pair) -> Line {
    let has_raster: bool = pair.name.ends_with("raster included");
    let factor: f64 = match (pair.name.split(' ').next(), has_raster) {
        (Some("166,650"), false) => 1.0 / 3.0,
        (Some("166,650" | "40"), _) => 1.0 / 1.5,
        _ => 1.0,
    };
    Line::lower("charts", &pair.name, pair.ours, "ms").beside(PEER, pair.theirs, Some(factor))
}

/// Builds the module and its script, and says where they lie.
fn build() -> Result<PathBuf, Error> {
    let target: PathBuf =
        std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| PathBuf::from("target"), PathBuf::from).join("front");
    let mut cargo = Command::new("cargo");
    cargo.args(["build", "--quiet", "--package", DRAWN, "--lib", "--target", TARGET, "--profile", PROFILE, "--target-dir"]);
    succeed(cargo.arg(&target), "build the module of charts")?;
    let made: PathBuf = target.join(DRAWN);
    let module: PathBuf = target.join(TARGET).join(PROFILE).join("drawn.wasm");
    let mut site = Command::new("cargo");
    site.args(["run", "--quiet", "--package", "site", "--", "module", "--release"]).arg(&module).arg(DRAWN).arg(&made);
    succeed(&mut site, "make the module's script")?;
    Ok(made)
}

fn succeed(command: &mut Command, what: &'static str) -> Result<(), Error> {
    let output = command.output().map_err(Error::io(what))?;
    if output.status.success() { Ok(()) } else { Err(Error::unreadable(what, &String::from_utf8_lossy(&output.stderr))) }
}
