//! What people see of routing besides the tree: which revision is in force, what silences hold now, the way of an alert with the first
//! moment at which somebody would hear of it, and whom an alert was told to.

use super::{MOST_LOOKED_AT, Routing, routed};
use crate::error::Error;
use crate::grouping::{GroupId, Mute};
use crate::needs::PagedAlert;
use crate::routes::explain::Step;
use crate::routes::file::Definition;
use crate::routes::first_told::{FirstTold, first_told};
use crate::routes::{Node, Settings, Tree};
use crate::silences::{Holding, Phase, Silence, SilenceId};
use crate::store;
use crate::store::groups::{Firing, Group};
use crate::store::told::Place;
use kernel::Tx;
use model::Time;
use model::ids::AlertId;
use model::labels::Labels;
use std::collections::HashMap;

/// Revisions that are listed.
const MOST_REVISIONS: i64 = 10;
/// Silences times alerts that are compared to say what each silence holds: a second of work at most. Beyond it fewer alerts are looked
/// at, and the numbers are the least that is held.
const MOST_COMPARED: usize = 5_000_000;

/// Something that was applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revision {
    pub number: i64,
    pub at: Time,
    pub by: String,
}

/// What is in force, and how it came to be.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InForce {
    /// 0 while nothing was applied.
    pub revision: i64,
    pub definition: Definition,
    /// The newest first, among them the one in force.
    pub history: Vec<Revision>,
}

/// How many alerts that fire each silence covers now.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    /// A silence that covers none is not in it.
    pub held: HashMap<SilenceId, usize>,
    /// Not every alert was looked at.
    pub is_cut: bool,
}

/// Where an alert would go, and when somebody would hear of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Way {
    pub steps: Vec<Step>,
    pub told: Vec<FirstTold>,
}

/// Why an alert tells nobody, with the end of that where there is one to be seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Muted {
    pub mute: Mute,
    pub until: Option<Time>,
}

/// An alert in one of its groups: whether it was told, and what comes next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Telling {
    /// The path of the route.
    pub route: String,
    /// Empty means the administrators, unless a policy escalates.
    pub channels: Vec<String>,
    /// The escalation policy by which people are paged from now on.
    pub escalation: Option<String>,
    pub is_told: bool,
    /// When its group was told last.
    pub paged_at: Option<Time>,
    pub muted: Option<Muted>,
    /// When it is told next: for the first time, or again because nobody answered. `None` when somebody has it or it is over, and while
    /// it is muted.
    pub next_at: Option<Time>,
}

impl Routing {
    /// What is in force, with the last revisions.
    ///
    /// # Errors
    /// The database's.
    pub async fn in_force(&self) -> Result<InForce, Error> {
        let mut tx: Tx = self.db.begin().await?;
        let (revision, definition): (i64, Definition) = store::routes::newest(&mut tx).await?;
        let history: Vec<Revision> = store::routes::history(&mut tx, MOST_REVISIONS).await?;
        Ok(InForce { revision, definition, history })
    }

    /// What every silence that holds now covers of what fires.
    ///
    /// # Errors
    /// The database's.
    pub async fn coverage(&self) -> Result<Coverage, Error> {
        let now: Time = self.clock.now();
        let mut tx: Tx = self.db.begin().await?;
        let holding: Holding = Holding::at(store::silences::alive(&mut tx, now).await?, now);
        if holding.is_empty() {
            return Ok(Coverage::default());
        }
        let most: usize = (MOST_COMPARED / holding.len()).min(usize::try_from(MOST_LOOKED_AT).unwrap_or(usize::MAX));
        let firing: Vec<Firing> = store::groups::firing(&mut tx, MOST_LOOKED_AT).await?;
        let mut coverage = Coverage { is_cut: firing.len() > most, ..Coverage::default() };
        for alert in firing.iter().take(most) {
            for silence in holding.all_of(&routed(alert)) {
                *coverage.held.entry(silence.id).or_default() += 1;
            }
        }
        Ok(coverage)
    }

    /// Where an alert with these labels would go now, and when somebody would hear of it. The labels as for
    /// [`Routing::where_would_it_go`].
    ///
    /// # Errors
    /// The database's.
    pub async fn way(&self, labels: &Labels) -> Result<Way, Error> {
        let steps: Vec<Step> = self.where_would_it_go(labels).await?;
        let mut tx: Tx = self.db.begin().await?;
        let groups: Vec<Group> = store::groups::groups(&mut tx).await?;
        let paged_at = |route: &str, labels: &Labels| {
            groups.iter().find(|group| group.route == route && group.labels == *labels).and_then(|group| group.paged_at)
        };
        let told: Vec<FirstTold> = first_told(&steps, &paged_at, self.clock.now());
        Ok(Way { steps, told })
    }

    /// The labels of the alerts that fire, by which they are routed, the newest first and at most so many.
    ///
    /// # Errors
    /// The database's.
    pub async fn firing(&self, limit: i64) -> Result<Vec<(AlertId, Labels)>, Error> {
        let mut tx: Tx = self.db.begin().await?;
        let firing: Vec<Firing> = store::groups::firing(&mut tx, limit).await?;
        Ok(firing.iter().map(|alert| (alert.id, routed(alert))).collect())
    }

    /// Alerts by number, as a page tells of them, the worst first.
    ///
    /// # Errors
    /// The database's.
    pub async fn alerts(&self, ids: &[AlertId]) -> Result<Vec<PagedAlert>, Error> {
        let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
        let mut tx: Tx = self.db.begin().await?;
        store::paged::paged(&mut tx, &ids).await
    }

    /// The alerts that are told together under this number, the oldest first; none when the group is over.
    ///
    /// # Errors
    /// The database's.
    pub async fn members(&self, group: GroupId) -> Result<Vec<AlertId>, Error> {
        let mut tx: Tx = self.db.begin().await?;
        Ok(store::groups::members_of(&mut tx, group).await?)
    }

    /// Whom an alert was told to and what comes next, a line for each route that takes it. None before the notifier saw it.
    ///
    /// # Errors
    /// The database's.
    pub async fn tellings(&self, alert: AlertId) -> Result<Vec<Telling>, Error> {
        let now: Time = self.clock.now();
        let mut tx: Tx = self.db.begin().await?;
        let places: Vec<Place> = store::told::places(&mut tx, alert).await?;
        if places.is_empty() {
            return Ok(Vec::new());
        }
        let tree: Tree = store::routes::newest(&mut tx).await?.1.tree();
        let silences: Vec<Silence> = store::silences::alive(&mut tx, now).await?;
        Ok(places.into_iter().map(|place| telling(place, &tree, &silences, now)).collect())
    }
}

fn telling(place: Place, tree: &Tree, silences: &[Silence], now: Time) -> Telling {
    let node: Option<&Node> = tree.node(&place.route);
    let settings: Settings = node.map(|node| node.settings.clone()).unwrap_or_default();
    let waits: bool = place.is_firing && !place.is_held && place.mute.is_none();
    let next_at: Option<Time> = waits.then(|| next(&place, &settings)).map(|at| at.max(now));
    let until: Option<Time> = place.mute.as_ref().and_then(|mute| end(mute, node, tree, silences, now));
    let escalation: Option<String> = settings.escalation.clone();
    let channels: Vec<String> = if place.is_told { place.channels } else { settings.channels };
    Telling {
        route: place.route,
        channels,
        escalation,
        is_told: place.is_told,
        paged_at: place.paged_at,
        muted: place.mute.map(|mute| Muted { mute, until }),
        next_at,
    }
}

fn next(place: &Place, settings: &Settings) -> Time {
    let spaced: Option<Time> = place.paged_at.map(|at| at.plus_ms(settings.group_interval_ms));
    match (place.is_told, place.paged_at) {
        (true, Some(at)) => at.plus_ms(settings.repeat_interval_ms),
        _ => {
            let company: Time = place.waits_since.plus_ms(settings.group_wait_ms);
            spaced.map_or(company, |spaced| spaced.max(company))
        }
    }
}

/// The end of what keeps an alert quiet, if it can be told: nobody knows when another alert is over.
pub(super) fn end(mute: &Mute, node: Option<&Node>, tree: &Tree, silences: &[Silence], now: Time) -> Option<Time> {
    match mute {
        Mute::Silence(id) => match silences.iter().find(|silence| silence.id == *id)?.phase(now) {
            Phase::Holds { until } => Some(until),
            Phase::Ahead | Phase::Between | Phase::Over => None,
        },
        Mute::Calendar(_) => tree.quiet(node?, now)?.until,
        Mute::Inhibition { .. } => None,
    }
}
