//! The tables of pay and of business time. Standby is read from what the schedules wrote down.
//!
//! Whoever closes a month, or writes a version of a rule or of a week, holds one advisory lock: what is closed is closed with the rules that
//! are in force, and versions follow each other.

pub(crate) mod files;
pub(crate) mod months;
pub(crate) mod rules;
pub(crate) mod standby;
pub(crate) mod weeks;
pub(crate) mod work;
