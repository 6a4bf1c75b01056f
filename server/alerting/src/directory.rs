//! What a directory of files puts in force: rules and routes, in one transaction. An alert of a new rule never goes the old way, and a
//! directory half of which can't be written changes nothing.

use crate::error::Error;
use crate::plan::Plan;
use crate::routes::file::Definition;
use crate::routing::{self, Planned};
use crate::rules::Checked;
use crate::{Alerting, rulebook};
use kernel::{Grant, Tx};
use model::access::ApplyRules;
use model::{Actor, Time};

/// What files say, read and checked. Of what none of them tells nothing is changed.
#[derive(Clone, Copy, Debug)]
pub struct Directory<'a> {
    pub rules: Option<&'a Checked>,
    pub routing: Option<&'a Definition>,
}

/// What it has changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    pub rules: Option<Plan>,
    pub routing: Option<Planned>,
}

impl Alerting {
    /// Puts all of it in force, or nothing. Rules as [`Alerting::apply_checked`] does, routes as [`routing::Routing::apply`] does.
    ///
    /// # Errors
    /// [`crate::silences::Refused`] when a silence can't be made any more. The database's. Then nothing was changed.
    pub async fn apply_directory(&self, grant: &Grant<ApplyRules>, directory: &Directory<'_>) -> Result<Changes, Error> {
        let mut tx: Tx = self.db.begin().await?;
        let changes: Changes = self.apply_directory_in(&mut tx, grant, directory).await?;
        tx.commit().await?;
        Ok(changes)
    }

    /// The same in the caller's transaction, with whatever else is applied together.
    ///
    /// # Errors
    /// As [`Alerting::apply_directory`]: roll back then.
    pub async fn apply_directory_in(
        &self,
        tx: &mut Tx,
        grant: &Grant<ApplyRules>,
        directory: &Directory<'_>,
    ) -> Result<Changes, Error> {
        let (now, actor): (Time, &Actor) = (self.clock.now(), grant.actor());
        let mut changes = Changes::default();
        if let Some(definition) = directory.routing {
            let applied: routing::Applied = routing::put(tx, definition, actor, now).await?;
            changes.routing = Some(Planned { is_same: applied.is_same, ..Planned::of_new(definition) });
        }
        if let Some(checked) = directory.rules {
            changes.rules = Some(rulebook::apply_in(tx, now, actor, checked).await?);
        }
        Ok(changes)
    }
}
