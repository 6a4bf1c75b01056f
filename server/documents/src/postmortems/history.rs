//! What happened to postmortems, as Facts of `incident/<number>`. What is private says nothing but that it happened.

use crate::error::Error;
use crate::postmortems::needs::Happened;
use kernel::{Fact, Tx, facts};
use model::ids::IncidentId;
use model::{Actor, Time};
use serde_json::{Value, json};

/// An incident that asks for a postmortem is resolved: now one is due.
pub const DUE: &str = "PostmortemDue";
/// Somebody has begun to write.
pub const BEGUN: &str = "PostmortemBegun";
/// It went on, or back; the body says from where to where.
pub const MOVED: &str = "PostmortemMoved";
/// It can be read as it is, from now on.
pub const PUBLISHED: &str = "PostmortemPublished";
/// What was published is written on.
pub const REOPENED: &str = "PostmortemReopened";
/// Somebody said that none is needed.
pub const WAIVED: &str = "PostmortemWaived";
/// Owner, deadline, causes or tags are others.
pub const DESCRIBED: &str = "PostmortemDescribed";
/// A graph was kept with it.
pub const GRAPH_KEPT: &str = "PostmortemGraphKept";
/// Somebody was reminded of it.
pub const REMINDED: &str = "PostmortemReminded";
/// Outsiders may read it by a link, or may no more.
pub const SHARED: &str = "PostmortemShared";
pub const SHARE_REVOKED: &str = "PostmortemShareRevoked";
/// Of `postmortems`: what the organisation asks is another.
pub const SET_UP: &str = "PostmortemsSetUp";

/// The name under which this room acts.
pub const WORKER: &str = "postmortems";

/// `incident/12`.
#[must_use]
pub fn subject(id: IncidentId) -> String {
    format!("incident/{}", id.0)
}

/// The worker of this room, as an actor.
pub(crate) fn worker() -> Actor {
    Actor::worker(WORKER)
}

/// Writes a Fact of a postmortem; `more` is an object whose members join its body, unless the incident is private.
pub(crate) async fn append(
    tx: &mut Tx,
    happened: &Happened,
    kind: &'static str,
    actor: &Actor,
    at: Time,
    more: Value,
) -> Result<(), Error> {
    let mut body: Value = if happened.is_private {
        json!({ "private": true })
    } else {
        json!({ "title": happened.title, "severity": happened.severity.code(), "code": happened.code })
    };
    if let (Some(body), Value::Object(more), false) = (body.as_object_mut(), more, happened.is_private) {
        body.extend(more);
    }
    facts::append(tx, &Fact { kind, actor, subject: subject(happened.id), body, at }).await?;
    Ok(())
}
