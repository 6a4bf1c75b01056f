//! What this room requires of the world; the binary's wiring supplies it. Each part says for itself what it needs.

use crate::{pages, postmortems};
use std::sync::Arc;

/// Something that could not be found out or done. The transaction is rolled back, and tried again soon.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct WorldError {
    pub reason: String,
}

/// Everything, in one place.
#[derive(Clone)]
pub struct Needs {
    pub pages: Arc<dyn pages::needs::World>,
    pub postmortems: Arc<dyn postmortems::needs::World>,
}
