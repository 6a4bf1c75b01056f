#![doc = include_str!("../README.md")]
#![recursion_limit = "256"]

mod browser;
mod figures;
mod frame;
mod line;
mod live;
mod look;
mod opening;
mod painted;
mod palette;
mod routes;
mod screens;
mod script;
mod served;
mod shell;
mod told;
mod turns;
mod words;

pub use browser::start;
pub use screens::SCREENS;
pub use shell::shell;
