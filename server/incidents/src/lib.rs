#![doc = include_str!("../README.md")]

pub mod alerts;
pub mod clocks;
pub mod declaring;
pub mod editing;
pub mod error;
pub mod follow_ups;
pub mod history;
pub mod incident;
pub mod list;
pub mod merging;
pub mod moves;
pub mod needs;
pub mod parts;
mod reader;
pub mod review;
pub mod rooms;
pub mod runbooks;
pub mod scheme;
pub mod snapshot;
mod store;
pub mod story;
pub mod tasks;
pub mod timeline;
pub mod updates;
pub mod visibility;
mod work;

#[cfg(test)]
mod tests;

// Where the methods of [`Incidents`] stand. One that changes something takes a Grant first, and `Seen` where somebody could be slower.
//
// - list: `list` `list_counted` `incident` `detail` `of_alert`; timeline: `timeline` `graph`; story: `story` `graphs`; snapshot: `snapshot_at`; review: `handled`
//   `breaches`; follow_ups: `open_follow_ups`; scheme: `setup`
// - declaring: `declare` `declare_from_alerts` `declare_from_group`; moves: `act`; editing: `edit` `mark` `mark_now` `set_level`
//   `no_follow_ups`; parts: `assign` `give_up`; visibility: `set_visibility` `follow` `unfollow`
// - timeline: `note` `correct` `pin` `unpin` `freeze_graph`; alerts: `link` `unlink`; updates: `post_update`
// - tasks: `add_task` `change_task` `finish_task`; follow_ups: `add_follow_up` `change_follow_up` `finish_follow_up`
//   `finish_follow_up_by`
// - merging: `merge` `unmerge` `split`; rooms: `open_room` `take_marked`; runbooks: `take_runbook_line`; clocks: `calendars_changed` `oldest_due`; scheme: `set_up`

pub use alerts::LinkedAlert;
pub use clocks::{ClockRow, ClockView};
pub use declaring::Declaration;
pub use editing::Edit;
pub use error::Error;
pub use follow_ups::{FollowUp, FollowUpId, NewFollowUp};
pub use incident::{By, Detail, Incident, Mark, Moments, Source};
pub use list::{Filter, Show};
pub use merging::SplitOrder;
pub use review::{Breach, HandledIncident, Period};
pub use rooms::Room;
pub use scheme::{Definition, SetUp};
pub use snapshot::Snapshot;
pub use story::StoryLine;
pub use tasks::{NewTask, Task, TaskId};
pub use timeline::{Entry, EntryId, EntryKind, Frozen, GraphId, TimelineFilter};
pub use updates::{NewUpdate, Update};

use jobs::{Lease, Leases};
use kernel::{Clock, Db};
use model::Time;
use model::ids::IncidentId;
use needs::Needs;
use std::sync::{Arc, Mutex};
use tokio_util::sync::CancellationToken;

/// What somebody looked at before they changed it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seen {
    pub id: IncidentId,
    /// `None`: whatever it is now, as from a button in a message.
    pub version: Option<i64>,
}

impl Seen {
    /// The incident as it was looked at.
    #[must_use]
    pub fn of(incident: &Incident) -> Self {
        Self { id: incident.id, version: Some(incident.version) }
    }

    /// Whatever it is now.
    #[must_use]
    pub fn any(id: IncidentId) -> Self {
        Self { id, version: None }
    }
}

/// What this process knows of its own work.
#[derive(Default)]
pub(crate) struct Memory {
    lease: Option<Lease>,
    /// When calendars were looked at last.
    calendars_at: Option<Time>,
}

/// The room of incidents. Cheap to clone.
#[derive(Clone)]
pub struct Incidents {
    db: Db,
    clock: Arc<dyn Clock>,
    needs: Needs,
    leases: Leases,
    memory: Arc<Mutex<Memory>>,
}

impl Incidents {
    /// Over `db`; no clock is looked at and no Fact is read before [`Incidents::run`].
    #[must_use]
    pub fn new(db: Db, clock: Arc<dyn Clock>, needs: Needs) -> Self {
        let leases = Leases::new(db.clone(), format!("incidents/{}", kernel::ids::new_uuid()));
        Self { db, clock, needs, leases, memory: Arc::default() }
    }

    /// Reads Facts, looks at clocks and talks in channels until `shutdown`. Any number of processes may do this over one database.
    pub async fn run(self, shutdown: CancellationToken) {
        work::run(self, shutdown).await;
    }

    /// Does everything that is due now. What [`Incidents::run`] does again and again.
    ///
    /// # Errors
    /// The database's.
    pub async fn tick(&self) -> Result<(), Error> {
        work::tick(self).await?;
        rooms::tick(self).await
    }
}
