//! What happened to schedules, as Facts.

use super::definition::ScheduleId;
use crate::error::Error;
use kernel::{Fact, Tx, facts};
use model::{Actor, Time};
use serde_json::Value;

/// Of `schedule/<id>`: there is a new one.
pub const MADE: &str = "ScheduleMade";
/// Of `schedule/<id>`: its definition is another from some moment on.
pub const CHANGED: &str = "ScheduleChanged";
/// Of `schedule/<id>`: gone.
pub const REMOVED: &str = "ScheduleRemoved";
/// Of `schedule/<id>`: other people have a role than just before.
pub const HANDED_OVER: &str = "DutyHandedOver";
/// Of `schedule/<id>`: somebody is on call in another's place.
pub const OVERRIDDEN: &str = "OverrideMade";
/// Of `schedule/<id>`: they are not any more.
pub const OVERRIDE_CANCELLED: &str = "OverrideCancelled";
/// Of `schedule/<id>`: somebody asks to be relieved.
pub const ASKED: &str = "CoverAsked";
/// Of `schedule/<id>`: somebody would, in return for something.
pub const OFFERED: &str = "SwapOffered";
/// Of `schedule/<id>`: somebody does.
pub const TAKEN: &str = "ShiftTaken";
/// Of `schedule/<id>`: it was taken back.
pub const SWAP_CANCELLED: &str = "SwapCancelled";
/// Of `schedule/<id>`: nobody did in time.
pub const SWAP_EXPIRED: &str = "SwapExpired";
/// Of `schedule/<id>`: something is wrong in the next 90 days.
pub const FOUND: &str = "ScheduleProblemFound";
/// Of `schedule/<id>`: it was mended, or is over.
pub const MENDED: &str = "ScheduleProblemGone";
/// Of `schedule/<id>`: a calendar kept elsewhere puts people on call from now on.
pub const ATTACHED: &str = "CalendarAttached";
/// Of `schedule/<id>`: it does not any more.
pub const DETACHED: &str = "CalendarDetached";
/// Of `schedule/<id>`: a calendar was read, and something was different.
pub const READ: &str = "CalendarRead";
/// Of `person/<id>`: they are away for a while.
pub const LEAVE_ADDED: &str = "LeaveAdded";
/// Of `person/<id>`: they are not.
pub const LEAVE_REMOVED: &str = "LeaveRemoved";
/// Of `person/<id>`: a calendar may fetch who is on call.
pub const FEED_MADE: &str = "FeedMade";
/// Of `person/<id>`: by another address from now on.
pub const FEED_REKEYED: &str = "FeedRekeyed";
/// Of `person/<id>`: it may not any more.
pub const FEED_REMOVED: &str = "FeedRemoved";
/// Of `holidays/<name>`: a calendar of holidays was made or changed.
pub const CALENDAR_SAVED: &str = "HolidayCalendarSaved";
/// Of `holidays/<name>`: it is gone.
pub const CALENDAR_REMOVED: &str = "HolidayCalendarRemoved";
/// Of `holidays/<name>`: years were read from the Cabinet Office's file.
pub const HOLIDAYS_IMPORTED: &str = "HolidaysImported";

/// The name under which this half of the room acts.
const WORKER: &str = "schedules";

/// The worker of this half of the room, as an actor.
pub(super) fn worker() -> Actor {
    Actor::worker(WORKER)
}

/// Writes what happened to a schedule.
pub(super) async fn tell(
    tx: &mut Tx,
    kind: &'static str,
    schedule: ScheduleId,
    actor: &Actor,
    body: Value,
    at: Time,
) -> Result<(), Error> {
    about(tx, kind, format!("schedule/{schedule}"), actor, body, at).await
}

/// Writes what happened to anything.
pub(super) async fn about(
    tx: &mut Tx,
    kind: &'static str,
    subject: String,
    actor: &Actor,
    body: Value,
    at: Time,
) -> Result<(), Error> {
    facts::append(tx, &Fact { kind, actor, subject, body, at }).await?;
    Ok(())
}
