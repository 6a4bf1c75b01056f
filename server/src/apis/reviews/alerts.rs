//! Alerts of a period: how fast they were answered, and which of them were noise.

use crate::apis::Door;
use crate::apis::alerting::{shape, shown};
use crate::apis::incidents::refusals;
use crate::apis::incidents::shape::count;
use crate::house_error::unavailable;
use ::api::reviews::NoiseLine;
use ::api::{ApiError, Text};
use alerting::state::ResolveReason;
use alerting::{AlertRow, Filter, RuleRow, Show};
use incidents::Period;
use kernel::facts;
use model::Actor;
use model::ids::AlertId;
use model::review::Handled;
use model::review::noise::{self, Noise, Outcome};
use std::collections::{BTreeMap, BTreeSet};

/// Alerts that are counted at most: the newest.
const MOST: usize = 10_000;
/// Subjects of Facts that are read at once.
const MOST_SUBJECTS: i64 = 50_000;
/// Alerts without an answer that are looked for in incidents, each by itself.
const MOST_LOOKED_FOR: usize = 200;
/// Labels that name what an alert is about.
const SYSTEM_LABELS: [&str; 3] = ["system", "service", "job"];
/// Facts that say that somebody was called, and that somebody did something.
const PAGED: [&str; 2] = ["PageSent", "EscalationStepFired"];
const ACTED: [&str; 2] = ["AlertAcknowledged", "AlertCommented"];

/// Alerts that fired in a period. The lists go together.
pub struct Fired {
    pub rows: Vec<AlertRow>,
    pub handled: Vec<Handled>,
    pub outcomes: Vec<Outcome>,
    /// What sources are called.
    pub sources: BTreeMap<String, (Text, bool)>,
    /// What they were about.
    pub systems: Vec<String>,
    /// There were more.
    pub is_cut: bool,
}

/// Alerts of a period, a team and a system.
///
/// # Errors
/// The rooms'.
pub async fn fired(door: &Door, actor: &Actor, period: &Period, team: Option<&str>) -> Result<Fired, ApiError> {
    let rules: Vec<RuleRow> = door.house.alerting.rules().await.map_err(shown)?;
    let (mut rows, is_cut) = read(door, period).await?;
    let is_within = |row: &AlertRow| {
        let fired_within: bool = row.fired_at.is_some_and(|at| period.from <= at && at < period.until);
        fired_within && is_of(row, &rules, team, period)
    };
    rows.retain(is_within);
    let paged: BTreeSet<AlertId> = subjects(door, &PAGED, period).await?;
    let mut acted: BTreeSet<AlertId> = subjects(door, &ACTED, period).await?;
    let idle = rows.iter().filter(|row| paged.contains(&row.id) && !was_answered(row) && !acted.contains(&row.id));
    let candidates: Vec<AlertId> = idle.map(|row| row.id).take(MOST_LOOKED_FOR).collect();
    for id in candidates {
        // What became an incident was no noise.
        if door.house.incidents.of_alert(actor, id).await.map_err(refusals::shown)?.is_some() {
            acted.insert(id);
        }
    }
    let outcome = |row: &AlertRow| Outcome {
        source: source(row),
        did_page: paged.contains(&row.id),
        was_acted_on: was_answered(row) || acted.contains(&row.id),
    };
    let mut systems: Vec<String> = rows.iter().flat_map(systems_of).collect();
    systems.sort_unstable();
    systems.dedup();
    Ok(Fired {
        handled: rows.iter().map(handled).collect(),
        outcomes: rows.iter().map(outcome).collect(),
        sources: rows.iter().map(|row| (source(row), name(row))).collect(),
        systems,
        rows,
        is_cut,
    })
}

/// Everything that touches the period, the newest first.
async fn read(door: &Door, period: &Period) -> Result<(Vec<AlertRow>, bool), ApiError> {
    let mut rows: Vec<AlertRow> = Vec::new();
    let mut before: Option<AlertId> = None;
    loop {
        let touching = Some((period.from, period.until));
        let filter = Filter { show: Show::All, touching, before, limit: alerting::alerts::MOST, ..Filter::default() };
        let found: Vec<AlertRow> = door.house.alerting.alerts(&filter).await.map_err(shown)?;
        let is_last: bool = i64::try_from(found.len()).is_ok_and(|n| n < alerting::alerts::MOST);
        before = found.last().map(|row| row.id);
        rows.extend(found);
        if is_last || before.is_none() {
            return Ok((rows, false));
        }
        if rows.len() >= MOST {
            return Ok((rows, true));
        }
    }
}

async fn subjects(door: &Door, kinds: &[&str], period: &Period) -> Result<BTreeSet<AlertId>, ApiError> {
    let found =
        facts::subjects_of(&door.house.db, kinds, period.from, MOST_SUBJECTS).await.map_err(|error| unavailable(&error))?;
    let number = |subject: &String| subject.strip_prefix("alert/").and_then(|number| number.parse::<i64>().ok());
    Ok(found.iter().filter_map(number).map(AlertId).collect())
}

/// Whether it is of the team, by its rule's owner, and of the system, by its labels.
fn is_of(row: &AlertRow, rules: &[RuleRow], team: Option<&str>, period: &Period) -> bool {
    let owner = || rules.iter().find(|rule| rule.rule.id == row.rule_id).and_then(|rule| rule.rule.owner.clone());
    let is_theirs: bool = team.is_none_or(|team| owner().as_deref() == Some(team));
    is_theirs && period.system.as_ref().is_none_or(|system| systems_of(row).contains(system))
}

fn systems_of(row: &AlertRow) -> Vec<String> {
    let named = SYSTEM_LABELS.into_iter().map(|label| row.labels.get(label));
    named.filter(|name| !name.is_empty()).map(str::to_owned).collect()
}

/// Somebody has it, had it when it ended, or ended it.
fn was_answered(row: &AlertRow) -> bool {
    row.held.is_some() || row.resolved_reason == Some(ResolveReason::ByHand)
}

fn handled(row: &AlertRow) -> Handled {
    Handled {
        began_at: row.fired_at.unwrap_or(row.pending_since),
        acknowledged_at: row.held.as_ref().map(|held| held.at),
        resolved_at: row.resolved_at,
    }
}

/// A rule's id, or the name of an integration.
fn source(row: &AlertRow) -> String {
    row.source.as_ref().map_or_else(|| row.rule_id.0.clone(), |source| source.name.clone())
}

/// What a source is called, and whether it is a rule of ours.
fn name(row: &AlertRow) -> (Text, bool) {
    match &row.source {
        Some(source) => (Text { ja: source.name.clone(), en: source.name.clone() }, false),
        None => (shape::row(row.clone()).name, true),
    }
}

/// The sources with the most pages that led to nothing.
pub fn noise(fired: &Fired) -> Vec<NoiseLine> {
    let line = |noise: Noise| {
        let (name, is_rule) = fired.sources.get(&noise.source).cloned().unwrap_or_default();
        NoiseLine {
            n_paged: count(noise.paged.len()),
            n_idle: count(noise.idle.len()),
            share_bp: noise.share_bp(),
            name,
            is_rule,
            source: noise.source,
        }
    };
    noise::by_source(&fired.outcomes).into_iter().map(line).collect()
}
