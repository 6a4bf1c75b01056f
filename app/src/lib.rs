#![doc = include_str!("../README.md")]
#![recursion_limit = "256"]

mod figures;
mod frame;
mod live;
mod look;
mod painted;
mod palette;
mod routes;
mod screens;
mod served;
mod shell;
mod told;
mod words;

pub use painted::paint;
pub use routes::App;
pub use screens::SCREENS;
pub use served::Painter;
pub use shell::shell;
