//! What pages promise, on a real Postgres, with a world that writes down what it is told.

mod files;
mod finding;
mod folders;
mod placing;
mod reviewing;
mod running;
mod trusting;
pub(crate) mod world;
