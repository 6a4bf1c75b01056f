//! Memory that requests take while they are read, when their size in memory is not known from their body.
//!
//! A small body may expand into a large one (gzip), and a large one into a larger one (two bytes may become a value with two strings).
//! So whoever expands says what it is about to take, and all requests together have one limit. Beyond it a request is told to come
//! again; a request that alone would take more than its share is too large.

use std::io::Read;
use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::error::Error;
use crate::remote_write::Malformed;

/// The unit in which memory is given: fine enough for small requests, coarse enough to be asked for rarely.
const UNIT: usize = 64 << 10;
/// For all requests at once.
const ALL_UNITS: usize = (512 << 20) / UNIT;
/// For one request: a body of [`crate::config::MOST_EXPANDED_BYTES`] and three times that for what it unfolds into.
const MOST_BYTES: usize = 256 << 20;
/// Read at once when a body is expanded.
const STEP: usize = 64 << 10;

/// Why a body was not read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Unreadable {
    /// Not what its content type names.
    #[error("the body is not {expected}")]
    Malformed {
        /// What was expected, with its article.
        expected: &'static str,
    },
    /// Takes more than one request may.
    #[error("the body, or what it expands to, is larger than {limit} bytes")]
    TooLarge {
        /// In bytes.
        limit: usize,
    },
    /// Others take the memory at this moment.
    #[error("too much is being read already, try again in a moment")]
    Overloaded,
}

impl From<Unreadable> for Error {
    fn from(unreadable: Unreadable) -> Self {
        match unreadable {
            Unreadable::Malformed { .. } => Self::Malformed(Malformed::Protobuf),
            Unreadable::TooLarge { limit } => Self::Malformed(Malformed::TooLarge { limit }),
            Unreadable::Overloaded => Self::Busy,
        }
    }
}

/// The memory of all requests, or of all scrapes; cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Memory {
    units: Arc<Semaphore>,
}

/// What one request holds of it, until it is dropped.
#[derive(Debug)]
pub(crate) struct Allowance {
    units: Arc<Semaphore>,
    held: Vec<OwnedSemaphorePermit>,
    free: usize,
    spent: usize,
}

impl Memory {
    pub(crate) fn new() -> Self {
        Self { units: Arc::new(Semaphore::new(ALL_UNITS)) }
    }

    /// Nothing yet.
    pub(crate) fn allowance(&self) -> Allowance {
        Allowance { units: Arc::clone(&self.units), held: Vec::new(), free: 0, spent: 0 }
    }
}

impl Allowance {
    /// Takes `bytes` more, or says why not.
    pub(crate) fn spend(&mut self, bytes: usize) -> Result<(), Unreadable> {
        if bytes > MOST_BYTES - self.spent {
            return Err(Unreadable::TooLarge { limit: MOST_BYTES });
        }
        if bytes > self.free {
            let n: usize = (bytes - self.free).div_ceil(UNIT);
            let units: u32 = u32::try_from(n).map_err(|_| Unreadable::TooLarge { limit: MOST_BYTES })?;
            let permit = Arc::clone(&self.units).try_acquire_many_owned(units).map_err(|_| Unreadable::Overloaded)?;
            self.held.push(permit);
            self.free += n * UNIT;
        }
        self.free -= bytes;
        self.spent += bytes;
        Ok(())
    }
}

/// Expands a body, at most `limit` bytes of it.
pub(crate) fn expand(
    mut compressed: impl Read,
    expected: &'static str,
    limit: usize,
    allowance: &mut Allowance,
) -> Result<Vec<u8>, Unreadable> {
    let mut bytes: Vec<u8> = Vec::new();
    let mut step: Vec<u8> = vec![0; STEP];
    loop {
        let n: usize = compressed.read(&mut step).map_err(|_| Unreadable::Malformed { expected })?;
        if n == 0 {
            return Ok(bytes);
        }
        if n > limit - bytes.len() {
            return Err(Unreadable::TooLarge { limit });
        }
        allowance.spend(n)?;
        bytes.extend_from_slice(&step[..n]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_one_holds_another_can_not_take() {
        let memory = Memory::new();
        let (mut one, mut two, mut three) = (memory.allowance(), memory.allowance(), memory.allowance());
        assert_eq!(one.spend(MOST_BYTES), Ok(()));
        assert_eq!(two.spend(MOST_BYTES), Ok(()));
        assert_eq!(three.spend(1), Err(Unreadable::Overloaded));
        drop(one);
        assert_eq!(three.spend(1), Ok(()));
        assert_eq!(two.spend(1), Err(Unreadable::TooLarge { limit: MOST_BYTES }));
    }

    #[test]
    fn a_body_is_expanded_up_to_its_limit() {
        let memory = Memory::new();
        let body: Vec<u8> = vec![7; 200_000];
        assert_eq!(expand(body.as_slice(), "x", 200_000, &mut memory.allowance()), Ok(body.clone()));
        assert_eq!(expand(body.as_slice(), "x", 199_999, &mut memory.allowance()), Err(Unreadable::TooLarge { limit: 199_999 }));
    }
}
