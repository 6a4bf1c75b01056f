//! Prometheus' own test language (`promqltest`), run against the engine: what the room's tests and the binary of that name
//! share. Nothing of the product itself depends on it.
//!
//! Every case runs as written; instant cases then run again with `@` on every selector at other moments, and each of those
//! as the middle step of a range query, as upstream does. A case that fails although it needs what the engine does not
//! have is counted apart: native histograms, start timestamps, and what the engine refuses by name. No query, metric or
//! label is treated specially.

mod check;
#[cfg(test)]
mod ledger;
mod memory;
mod notation;
mod pin;
mod runner;
mod script;
mod sheet;

pub use runner::{Tally, run};
pub use sheet::Sheet;
