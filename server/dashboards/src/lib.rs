#![doc = include_str!("../README.md")]

pub mod boards;
pub mod file;
pub mod grafana;
