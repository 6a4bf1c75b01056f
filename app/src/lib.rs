#![doc = include_str!("../README.md")]
#![recursion_limit = "256"]

mod frame;
mod live;
mod look;
mod palette;
mod routes;
mod shell;
mod words;

pub use routes::App;
pub use shell::shell;
