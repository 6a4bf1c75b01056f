//! All SQL of this room.

pub(crate) mod batches;
pub(crate) mod partitions;
pub(crate) mod series;
pub(crate) mod writers;
