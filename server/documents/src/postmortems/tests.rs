//! What postmortems promise: the requirement document's example from end to end, publications that change nothing, and the room on a real
//! Postgres.

mod approving;
mod example;
mod rooms;
mod stable;
mod world;
