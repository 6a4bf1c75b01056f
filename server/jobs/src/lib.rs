#![doc = include_str!("../README.md")]

pub mod error;
pub mod job;
pub mod leases;
pub mod queue;
pub mod retry;
pub mod schedules;
pub mod worker;

mod store;

#[cfg(test)]
mod tests;

pub use error::Error;
pub use job::{Claimed, Job, JobId};
pub use leases::{Lease, Leases, guard};
pub use queue::{claim, enqueue, extend, fail, finish, oldest_due, purge, retry_later};
pub use schedules::Schedule;
pub use worker::{Handler, Registry, Verdict, run};
