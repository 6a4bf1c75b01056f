//! The expression language from outside: what is accepted, what is refused and where, what is
//! written back.

mod accepted;
mod bare;
mod conformance;
mod depth;
mod durations;
mod functions;
mod matches_empty;
mod oracle;
mod positions;
mod precedence;
mod printed;
mod recovery;
mod rejected;
mod round_trip;
mod trees;
