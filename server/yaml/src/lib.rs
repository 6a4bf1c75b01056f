#![doc = include_str!("../README.md")]

mod part;
mod tree;

pub use part::{At, beginning, described};
pub use tree::{Broken, Node, Place, Step, inside, locate, read};
