#![doc = include_str!("../README.md")]
#![recursion_limit = "256"]

mod account;
mod not_found;
mod people;
pub mod plain;
mod report;
mod role_select;
mod screen;
mod shown_once;
mod words;

pub use account::AccountScreen;
pub use not_found::NotFound;
pub use people::PeopleScreen;
