#![doc = include_str!("../README.md")]

pub mod css;
pub mod find;
pub mod functions;
pub mod manifest;
pub mod report;
pub mod rust;
pub mod tree;
