//! `doc_space`, `doc_space_right`, `doc_page`, `doc_page_right`, `doc_slug`, `doc_link`, `doc_watch`, `doc_search`, `doc_attachment`,
//! `doc_attachment_chunk`, `doc_notice`, `doc_run`, `doc_run_step`, `doc_run_line` and `doc_cursor`.
//!
//! A space's row is the lock of the tree below it: who moves, makes or throws away takes it first, and two in the order of their numbers. A page
//! is read whole in one place, `rows`; everything else finds numbers.

pub(crate) mod around;
pub(crate) mod attachments;
pub(crate) mod cursor;
pub(crate) mod lines;
pub(crate) mod links;
pub(crate) mod reading;
pub(crate) mod recent;
pub(crate) mod review;
pub(crate) mod rights;
pub(crate) mod rows;
pub(crate) mod runs;
pub(crate) mod search;
pub(crate) mod spaces;
pub(crate) mod trash;
pub(crate) mod tree;

use crate::error::Error;
use chrono::{DateTime, Utc};
use model::Time;

fn time(at: Option<DateTime<Utc>>) -> Option<Time> {
    at.map(Time::from_utc)
}

fn utc(at: Option<Time>) -> Option<DateTime<Utc>> {
    at.map(Time::to_utc)
}

fn corrupt(table: &'static str, column: &'static str, row: String, expected: &'static str) -> Error {
    Error::Corrupt { table, column, row, expected }
}
