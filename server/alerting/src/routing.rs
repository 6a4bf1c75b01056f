//! What people see and do about routing: the tree, silences, what a silence would cover, and where an alert would go.
//!
//! Who is told of what is decided by the notifier, which reads the same tables; nothing here tells anybody anything.

pub mod changing;
pub mod looking;
pub mod muted;

use crate::error::Error;
use crate::grouping::{GroupId, Member, Mute};
use crate::inhibition::Inhibitions;
use crate::needs::PagedAlert;
use crate::routes::explain::Step;
use crate::routes::file::Definition;
use crate::routes::matchers::{Matcher, all_hold};
use crate::routes::{self, Tree, file};
use crate::rules::{RuleErrors, RuleFile};
use crate::silences::{Holding, NewSilence, Phase, Refused, Silence, SilenceId};
use crate::store;
use crate::store::groups::{Firing, Group};
use kernel::{Clock, Db, Fact, Grant, Tx, facts};
use model::access::{AnswerAlert, ApplyRules};
use model::ids::AlertId;
use model::labels::Labels;
use model::{Actor, Time};
use serde_json::{Value, json};
use std::collections::{HashMap, HashSet};
use std::fmt;
use std::sync::Arc;

/// Alerts that a preview looks through, the newest first.
const MOST_LOOKED_AT: i64 = 50_000;
/// Alerts that a preview shows.
const MOST_SHOWN: usize = 100;
/// Silences of one list of what is over.
const MOST_LISTED: i64 = 200;

/// Another set of routes is in force.
pub const APPLIED: &str = "RoutesApplied";
/// Somebody made a silence.
pub const SILENCED: &str = "SilenceMade";
/// A silence was ended before its time.
pub const EXPIRED: &str = "SilenceExpired";

/// The routes of a new installation: everything goes to the last resort, else to every channel there is. What is urgent waits for no
/// company, and what is low is not said again before a week has passed.
pub const FIRST: &str = "\
routes:
  name: default
  group_by: [alertname]
  routes:
    - name: urgent
      match: ['severity=~\"P0|P1\"']
      group_wait: 0
    - name: low
      match: [severity=P3]
      repeat_interval: 7d
";

/// Routing as people see it. Cheap to clone.
#[derive(Clone)]
pub struct Routing {
    db: Db,
    clock: Arc<dyn Clock>,
}

/// What applying files has changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Applied {
    /// The number of what is in force now.
    pub revision: i64,
    /// Nothing was written: this was in force already.
    pub is_same: bool,
    pub silences_made: usize,
    pub silences_ended: usize,
}

/// What applying files would change.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Planned {
    /// Nothing: this is in force already.
    pub is_same: bool,
    pub routes: usize,
    pub calendars: usize,
    pub inhibitions: usize,
    pub silences: usize,
}

impl Planned {
    /// Of a database that has no routes.
    #[must_use]
    pub fn of_new(definition: &Definition) -> Self {
        Self {
            is_same: false,
            routes: definition.tree().nodes().len(),
            calendars: definition.calendars.len(),
            inhibitions: definition.inhibitions.len(),
            silences: definition.silences.len(),
        }
    }
}

impl fmt::Display for Planned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (routes, calendars, inhibitions, silences) = (self.routes, self.calendars, self.inhibitions, self.silences);
        let what: &str = if self.is_same { "routes unchanged" } else { "routes replaced" };
        write!(f, "{what}: {routes} routes, {calendars} calendars, {inhibitions} inhibitions, {silences} silences")
    }
}

/// A silence, and where it is in its life.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SilenceRow {
    pub silence: Silence,
    pub phase: Phase,
    /// When it holds next, if it does not now.
    pub next: Option<Time>,
}

/// What matchers cover of what fires now.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Preview {
    pub n: usize,
    /// The worst of them.
    pub shown: Vec<PagedAlert>,
}

/// Alerts that are told together, now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupRow {
    pub id: GroupId,
    pub route: String,
    pub labels: Labels,
    pub opened_at: Time,
    /// When somebody was told last.
    pub paged_at: Option<Time>,
    pub n_firing: usize,
    /// Told to nobody yet.
    pub n_untold: usize,
    pub n_held: usize,
    /// Alerts that tell nobody, with the reason.
    pub muted: Vec<(AlertId, Mute)>,
}

impl Routing {
    /// Over `db`.
    #[must_use]
    pub fn new(db: Db, clock: Arc<dyn Clock>) -> Self {
        Self { db, clock }
    }

    /// Reads and checks files without applying them. Which files of a directory are about routing says [`file::is_routing`].
    ///
    /// # Errors
    /// Every problem in all files.
    pub fn check(files: &[RuleFile]) -> Result<Definition, RuleErrors> {
        file::read(files)
    }

    /// Puts what was checked in force, and ends silences of files that are not in it. What people made by hand stays.
    ///
    /// # Errors
    /// The database's. [`Refused`] when a silence can't be made any more.
    pub async fn apply(&self, grant: &Grant<ApplyRules>, definition: &Definition) -> Result<Applied, Error> {
        let now: Time = self.clock.now();
        let mut tx: Tx = self.db.begin().await?;
        let applied: Applied = put(&mut tx, definition, grant.actor(), now).await?;
        tx.commit().await?;
        Ok(applied)
    }

    /// What [`Routing::apply`] would change now. Changes nothing.
    ///
    /// # Errors
    /// The database's.
    pub async fn plan(&self, definition: &Definition) -> Result<Planned, Error> {
        let mut tx: Tx = self.db.begin().await?;
        let (revision, before): (i64, Definition) = match store::routes::newest(&mut tx).await {
            // Nobody has made the schema yet.
            Err(Error::Database(error)) if is_new(&error) => (0, Definition::default()),
            found => found?,
        };
        tx.rollback().await?;
        Ok(Planned { is_same: revision > 0 && before == *definition, ..Planned::of_new(definition) })
    }

    /// Whether routes were ever applied here.
    ///
    /// # Errors
    /// The database's.
    pub async fn was_ever_applied(&self) -> Result<bool, Error> {
        let mut tx: Tx = self.db.begin().await?;
        Ok(store::routes::revision(&mut tx).await? > 0)
    }

    /// What is in force, as it is written; nothing before anything was applied.
    ///
    /// # Errors
    /// The database's.
    pub async fn definition(&self) -> Result<Definition, Error> {
        let mut tx: Tx = self.db.begin().await?;
        Ok(store::routes::newest(&mut tx).await?.1)
    }

    /// The routes in force, ready to be shown: [`Tree::nodes`] in the order of the file, each with what it inherits.
    ///
    /// # Errors
    /// The database's.
    pub async fn tree(&self) -> Result<Tree, Error> {
        Ok(self.definition().await?.tree())
    }

    /// Silences that are not over, the newest first.
    ///
    /// # Errors
    /// The database's.
    pub async fn silences(&self) -> Result<Vec<SilenceRow>, Error> {
        let now: Time = self.clock.now();
        let mut tx: Tx = self.db.begin().await?;
        Ok(rows(store::silences::alive(&mut tx, now).await?, now))
    }

    /// Silences that are over, the newest first, below a number if one is given.
    ///
    /// # Errors
    /// The database's.
    pub async fn past_silences(&self, before: Option<SilenceId>) -> Result<Vec<SilenceRow>, Error> {
        let now: Time = self.clock.now();
        let mut tx: Tx = self.db.begin().await?;
        Ok(rows(store::silences::over(&mut tx, now, before, MOST_LISTED).await?, now))
    }

    /// Makes a silence.
    ///
    /// # Errors
    /// [`Refused`]. The database's.
    pub async fn create_silence(&self, grant: &Grant<AnswerAlert>, wanted: NewSilence) -> Result<SilenceId, Error> {
        let now: Time = self.clock.now();
        let wanted: NewSilence = wanted.checked(now)?;
        let mut tx: Tx = self.db.begin().await?;
        if !store::silences::has_room(&mut tx, now).await? {
            return Err(Refused::TooMany.into());
        }
        let id: SilenceId = make(&mut tx, &wanted, None, grant.actor(), now).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// Ends a silence now. `false` when it was over already.
    ///
    /// # Errors
    /// [`Refused::NotFound`]. The database's.
    pub async fn expire_silence(&self, grant: &Grant<AnswerAlert>, id: SilenceId) -> Result<bool, Error> {
        let now: Time = self.clock.now();
        let mut tx: Tx = self.db.begin().await?;
        let silence: Silence = store::silences::lock(&mut tx, id).await?.ok_or(Refused::NotFound(id))?;
        if silence.phase(now) == Phase::Over {
            return Ok(false);
        }
        end(&mut tx, &silence, grant.actor(), now).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Replaces a silence that is not over by another: it is ended, and the other made, at once.
    ///
    /// # Errors
    /// [`Refused`]. The database's.
    pub async fn change_silence(
        &self,
        grant: &Grant<AnswerAlert>,
        id: SilenceId,
        wanted: NewSilence,
    ) -> Result<SilenceId, Error> {
        let now: Time = self.clock.now();
        let wanted: NewSilence = wanted.checked(now)?;
        let mut tx: Tx = self.db.begin().await?;
        let silence: Silence = store::silences::lock(&mut tx, id).await?.ok_or(Refused::NotFound(id))?;
        if silence.phase(now) == Phase::Over {
            return Err(Refused::Over.into());
        }
        end(&mut tx, &silence, grant.actor(), now).await?;
        let id: SilenceId = make(&mut tx, &wanted, None, grant.actor(), now).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// What matchers would cover of what fires now: "would silence these 7 now".
    ///
    /// # Errors
    /// The database's.
    pub async fn preview(&self, matchers: &[Matcher]) -> Result<Preview, Error> {
        let mut tx: Tx = self.db.begin().await?;
        let mut covered: Vec<Firing> = store::groups::firing(&mut tx, MOST_LOOKED_AT).await?;
        covered.retain(|alert| all_hold(matchers, &routed(alert)));
        covered.sort_by_key(|alert| (alert.severity, alert.id));
        let ids: Vec<i64> = covered.iter().take(MOST_SHOWN).map(|alert| alert.id.0).collect();
        Ok(Preview { n: covered.len(), shown: store::paged::paged(&mut tx, &ids).await? })
    }

    /// Where an alert with these labels would go now, and why. They should hold `alertname` and `severity`
    /// (see [`routes::labels_of`]).
    ///
    /// # Errors
    /// The database's.
    pub async fn where_would_it_go(&self, labels: &Labels) -> Result<Vec<Step>, Error> {
        let now: Time = self.clock.now();
        let mut tx: Tx = self.db.begin().await?;
        let (_, definition): (i64, Definition) = store::routes::newest(&mut tx).await?;
        let mut steps: Vec<Step> = definition.tree().explain(labels, now);
        for silence in Holding::at(store::silences::alive(&mut tx, now).await?, now).all_of(labels) {
            let until: Time = silence.covers(labels, now).unwrap_or(silence.wanted.until);
            let comment: String = silence.wanted.comment.clone();
            steps.push(Step::Silenced { silence: silence.id, comment, by: silence.by.clone(), until });
        }
        if !definition.inhibitions.is_empty() {
            let firing: Vec<(AlertId, Labels)> = firing_labels(&mut tx).await?;
            let all = firing.iter().map(|(id, labels)| (*id, labels));
            if let Some(inhibited) = Inhibitions::new(&definition.inhibitions, all).of(labels) {
                steps.push(Step::Inhibited { rule: inhibited.rule, by: inhibited.by });
            }
        }
        Ok(steps)
    }

    /// The groups that live now, the oldest first.
    ///
    /// # Errors
    /// The database's.
    pub async fn groups(&self) -> Result<Vec<GroupRow>, Error> {
        let mut tx: Tx = self.db.begin().await?;
        let groups: Vec<Group> = store::groups::groups(&mut tx).await?;
        let mut members: HashMap<GroupId, Vec<Member>> = HashMap::new();
        for (group, member) in store::groups::members(&mut tx).await? {
            members.entry(group).or_default().push(member);
        }
        Ok(groups.into_iter().map(|group| group_row(&group, members.get(&group.id).map_or(&[][..], Vec::as_slice))).collect())
    }
}

/// Puts a definition in force in the caller's transaction, which no other one that does the same can overtake.
pub(crate) async fn put(tx: &mut Tx, definition: &Definition, actor: &Actor, now: Time) -> Result<Applied, Error> {
    store::routes::lock(tx).await?;
    let (revision, before): (i64, Definition) = store::routes::newest(tx).await?;
    if revision > 0 && before == *definition {
        return Ok(Applied { revision, is_same: true, ..Applied::default() });
    }
    let revision: i64 = store::routes::add(tx, definition, actor.name(), now).await?;
    let (silences_made, silences_ended) = apply_silences(tx, definition, actor, now).await?;
    let body = json!({ "silences_made": silences_made, "silences_ended": silences_ended });
    tell(tx, APPLIED, format!("routes/{revision}"), body, actor, now).await?;
    Ok(Applied { revision, is_same: false, silences_made, silences_ended })
}

/// `undefined_table`.
fn is_new(error: &sqlx::Error) -> bool {
    error.as_database_error().and_then(|said| said.code()).is_some_and(|code| code == "42P01")
}

fn rows(silences: Vec<Silence>, now: Time) -> Vec<SilenceRow> {
    let row = |silence: Silence| SilenceRow { phase: silence.phase(now), next: silence.next(now), silence };
    silences.into_iter().map(row).collect()
}

fn group_row(group: &Group, members: &[Member]) -> GroupRow {
    let count = |is_so: &dyn Fn(&Member) -> bool| members.iter().filter(|member| is_so(member)).count();
    let muted = members.iter().filter_map(|member| Some((member.alert, member.was_mute.clone()?)));
    GroupRow {
        id: group.id,
        route: group.route.clone(),
        labels: group.labels.clone(),
        opened_at: group.opened_at,
        paged_at: group.paged_at,
        n_firing: count(&|member: &Member| member.is_firing),
        n_untold: count(&|member: &Member| member.is_firing && member.told.is_none()),
        n_held: count(&|member: &Member| member.is_firing && member.is_held),
        muted: muted.collect(),
    }
}

fn routed(alert: &Firing) -> Labels {
    routes::labels_of(&alert.labels, &alert.rule, alert.severity)
}

async fn firing_labels(tx: &mut Tx) -> Result<Vec<(AlertId, Labels)>, Error> {
    let firing: Vec<Firing> = store::groups::firing(tx, MOST_LOOKED_AT).await?;
    Ok(firing.iter().map(|alert| (alert.id, routed(alert))).collect())
}

/// Silences of files: what is new or another is made, what is gone or was another is ended. Says how many of each.
async fn apply_silences(tx: &mut Tx, definition: &Definition, actor: &Actor, now: Time) -> Result<(usize, usize), Error> {
    let calendars = definition.calendars();
    let mut wanted: HashMap<String, NewSilence> = HashMap::new();
    for one in &definition.silences {
        wanted.insert(one.name.clone(), one.wanted(&calendars)?);
    }
    let mut n_ended: usize = 0;
    let mut kept: HashSet<String> = HashSet::new();
    for silence in store::silences::alive(tx, now).await? {
        let Some(name) = silence.name.clone() else {
            continue;
        };
        if wanted.get(&name) == Some(&silence.wanted) {
            kept.insert(name);
        } else {
            end(tx, &silence, actor, now).await?;
            n_ended += 1;
        }
    }
    let mut new: Vec<(String, NewSilence)> =
        wanted.into_iter().filter(|(name, one)| !kept.contains(name) && one.until > now).collect();
    new.sort_by(|(a, _), (b, _)| a.cmp(b));
    for (name, one) in &new {
        if !store::silences::has_room(tx, now).await? {
            return Err(Refused::TooMany.into());
        }
        make(tx, one, Some(name.as_str()), actor, now).await?;
    }
    Ok((new.len(), n_ended))
}

async fn make(tx: &mut Tx, wanted: &NewSilence, file_name: Option<&str>, actor: &Actor, now: Time) -> Result<SilenceId, Error> {
    let id: SilenceId = store::silences::add(tx, wanted, file_name, actor, now).await?;
    let body = json!({ "silence": wanted, "file_name": file_name });
    tell(tx, SILENCED, format!("silence/{}", id.0), body, actor, now).await?;
    Ok(id)
}

async fn end(tx: &mut Tx, silence: &Silence, actor: &Actor, now: Time) -> Result<(), Error> {
    store::silences::expire(tx, silence.id, actor.name(), now).await?;
    let body = json!({ "comment": silence.wanted.comment });
    tell(tx, EXPIRED, format!("silence/{}", silence.id.0), body, actor, now).await
}

async fn tell(tx: &mut Tx, kind: &'static str, subject: String, body: Value, actor: &Actor, now: Time) -> Result<(), Error> {
    facts::append(tx, &Fact { kind, actor, subject, body, at: now }).await?;
    Ok(())
}

#[cfg(test)]
mod tests;
