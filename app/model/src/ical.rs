//! Calendars as files (RFC 5545): who is on call, for calendars to subscribe to, and shifts read from one.
//!
//! What goes out is expanded: one entry a shift, in UTC, so that no reader has to know a zone or a rule. What comes in must be as plain:
//! an entry that repeats is refused by the name of what makes it repeat, with its line, and the others are read.
//!
//! Deliberately absent: rules of repetition, zones that a file defines itself, alarms, to-dos, and durations instead of ends.

pub mod feed;
pub mod reading;
#[cfg(test)]
mod tests;
mod text;
