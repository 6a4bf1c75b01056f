//! An earlier version of a rule: beside the one in force, and put in its place.
//!
//! A version is the Fact that told of it, so one can be put back as long as its Fact is kept. It comes back as a new version, by whoever
//! put it back. How often its group is looked at is the group's: that stays.

use super::{CHANGED, CONSOLE, Refused, Saved, may_save, rejudge, tell_more};
use crate::error::Error;
use crate::plan::{self, Change, Placed};
use crate::rulebook::Edited;
use crate::rules::form::{self, Draft};
use crate::store;
use crate::store::rulebook::Standing;
use crate::versions::{self, Earlier};
use kernel::{Db, Tx};
use model::ids::RuleId;
use model::{Actor, Time};
use serde_json::json;

/// An earlier version beside the rule in force.
#[derive(Clone, Debug, PartialEq)]
pub struct Back {
    /// As in [`versions::Version`].
    pub number: i64,
    pub at: Time,
    pub by: String,
    /// Of the rule in force: what putting it back must have read.
    pub version: i64,
    /// From the rule in force to the earlier one.
    pub what: Vec<Change>,
    /// Whether open alerts would end by it.
    pub ends_alerts: bool,
    /// Why it can't be put back.
    pub refused: Option<Refused>,
}

/// What putting it back would change; `None` where there is no such version, or no such rule any more.
pub(crate) async fn look(db: &Db, id: &RuleId, number: i64) -> Result<Option<Back>, Error> {
    let Some(earlier) = versions::one(db, id, number).await? else {
        return Ok(None);
    };
    let mut tx: Tx = db.begin().await?;
    let Some(standing) = store::rulebook::standing(&mut tx, id).await? else {
        return Ok(None);
    };
    let interval_ms: Option<i64> = store::rulebook::interval_of(&mut tx, &earlier.placed.group).await?;
    tx.rollback().await?;
    let after = Placed { interval_ms: interval_ms.unwrap_or(earlier.placed.interval_ms), ..earlier.placed };
    Ok(Some(Back {
        number,
        at: earlier.at,
        by: earlier.by,
        version: standing.version,
        what: plan::changes(&standing.placed, &after),
        ends_alerts: !after.rule.judges_like(&standing.placed.rule),
        refused: may_put(&standing.placed, &after).err(),
    }))
}

/// Puts it in force again. `version` is that of the rule they read.
pub(crate) async fn put(db: &Db, now: Time, actor: &Actor, id: &RuleId, number: i64, version: i64) -> Result<Saved, Error> {
    let none = || Refused::NoVersion { rule: id.clone(), number };
    let earlier: Earlier = versions::one(db, id, number).await?.ok_or_else(none)?;
    let mut tx: Tx = db.begin().await?;
    store::rules::lock(&mut tx).await?;
    let standing: Standing = store::rulebook::standing(&mut tx, id).await?.ok_or_else(|| Refused::Gone(id.clone()))?;
    may_save(id, Some(standing.version), Some(version))?;
    let (before, earlier_at): (Placed, Time) = (standing.placed, earlier.at);
    let group: String = earlier.placed.group.clone();
    let interval_ms: i64 = store::rulebook::hold_group(&mut tx, &group, CONSOLE, earlier.placed.interval_ms).await?;
    let edited = Some(Edited { by: actor.name().to_owned(), at: now });
    let after = Placed { interval_ms, edited, ..earlier.placed };
    may_put(&before, &after)?;
    let version: i64 = store::rulebook::put_edited(&mut tx, &after, actor.name(), now).await?;
    if before.group != after.group {
        store::rulebook::touch_group(&mut tx, &before.group).await?;
    }
    rejudge(&mut tx, &before, &after, actor, now).await?;
    let more = json!({ "put_back": number, "put_back_of": earlier_at });
    tell_more(&mut tx, CHANGED, &after, more, actor, now).await?;
    store::rulebook::drop_empty_groups(&mut tx).await?;
    tx.commit().await?;
    Ok(Saved { version, what: plan::changes(&before, &after), ended_alerts: !after.rule.judges_like(&before.rule) })
}

/// A rule that records is kept in files, and what files or a form would not take today is not taken by this way either.
fn may_put(standing: &Placed, after: &Placed) -> Result<(), Refused> {
    let id = || standing.rule.id.clone();
    if standing.rule.records().is_some() || after.rule.records().is_some() {
        return Err(Refused::OfFiles(id()));
    }
    if standing.says(after) {
        return Err(Refused::Present(id()));
    }
    let draft = Draft { rule: after.rule.clone(), group: after.group.clone(), interval_ms: after.interval_ms };
    match form::read(&form::filled(&draft)) {
        Ok(_) => Ok(()),
        Err(wrong) => {
            let said: String = wrong.first().map(ToString::to_string).unwrap_or_default();
            Err(Refused::Outdated { rule: id(), said })
        }
    }
}
