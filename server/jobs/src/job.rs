//! The nouns of the queue.

use model::Time;
use serde_json::Value;
use std::fmt;
use uuid::Uuid;

/// A job's id: a UUID v7, so that the order of ids is the order of enqueueing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct JobId(pub Uuid);

impl fmt::Display for JobId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Something to be done later.
#[derive(Clone, Debug, PartialEq)]
pub struct Job {
    /// Names the handler, `<room>.<verb>`: `notify.send`.
    pub kind: String,
    /// Names the job among those of its kind. What must happen once gets the same key whenever it is asked for; a debounced job carries
    /// the version it is for.
    pub key: String,
    /// From when on it is to be done.
    pub run_at: Time,
    /// What the handler needs to know. Never a secret.
    pub payload: Value,
}

/// A job in the hands of one worker.
#[derive(Clone, Debug, PartialEq)]
pub struct Claimed {
    pub id: JobId,
    pub kind: String,
    pub key: String,
    pub payload: Value,
    /// When it was asked for: how late we are is `now.since(run_at)`.
    pub run_at: Time,
    /// 1 for the first attempt.
    pub attempt: i32,
    /// Fences every later write.
    pub(crate) token: Uuid,
}
