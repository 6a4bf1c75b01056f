#![doc = include_str!("../README.md")]
#![recursion_limit = "256"]

pub mod complete;
pub mod field;
pub mod look;
pub mod mistake;
pub mod offer;
pub mod paint;
mod saying;
mod signature;
mod words;
