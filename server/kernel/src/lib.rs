#![doc = include_str!("../README.md")]

pub mod access;
pub mod clock;
pub mod db;
pub mod facts;
pub mod ids;
pub mod outbound;
pub mod secrets;
pub mod ticks;

pub use access::{Denied, Grant, authorize};
pub use clock::{Clock, SharedClock, SystemClock, TestClock};
pub use db::{Db, MIGRATOR, Tx};
pub use facts::Fact;
pub use ticks::Ticks;
