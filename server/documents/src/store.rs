//! All SQL of this room, by part.

pub(crate) mod collab;
pub(crate) mod pages;
pub(crate) mod postmortems;
pub(crate) mod writing;
