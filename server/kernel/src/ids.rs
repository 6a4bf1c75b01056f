//! New ids, made in Rust so that the schema needs no extension.

use uuid::Uuid;

/// A UUID v7: ordered by the time it was made.
#[must_use]
pub fn new_uuid() -> Uuid {
    Uuid::now_v7()
}
