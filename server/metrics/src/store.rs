//! All SQL of this room.

pub(crate) mod batches;
pub(crate) mod cardinality;
pub(crate) mod chunks;
pub(crate) mod classes;
pub(crate) mod exemplars;
pub(crate) mod forward;
pub(crate) mod partitions;
pub(crate) mod rolls;
pub(crate) mod series;
pub(crate) mod uncovered;
pub(crate) mod windows;
pub(crate) mod writers;
