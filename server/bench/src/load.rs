//! The load of the metrics benches: a fleet's samples by remote write, at a cost so small that it may share its processors with what
//! it measures. A body is compressed once, with its values and times open; each round only changes those bytes and sends it.

pub mod body;
pub mod fleet;
pub mod motion;
pub mod sender;
pub mod snappy;
pub mod wire;
