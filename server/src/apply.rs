//! `mimamori apply DIR`: operations as code. Rules, routes, escalation policies, on-call schedules and dashboards of a directory are told
//! apart by what stands in them, checked together, and put in force in one transaction: all of it, or nothing.
//!
//! Of what no file tells nothing is changed. A policy may name a schedule of the same directory, and a route a policy of it. A name that is
//! neither there nor in the database is a warning (`apply/strays.rs`) and no mistake: it may come later, also from the console.

mod strays;
mod wanted;

#[cfg(test)]
mod tests;

use crate::config::Config;
use crate::house_error::chain;
use crate::wiring::{Errand, Failure};
use alerting::directory::{Changes, Directory};
use alerting::routing;
use alerting::{Empty, Plan, RuleFile};
use kernel::{Grant, Tx};
use model::Actor;
use model::access::ApplyRules;
use oncall::schedules::applying::{self, Rehearsed, Resolved};
use std::fmt;
use std::path::Path;
use wanted::Wanted;

/// Says what changes, and does it unless it is only to `check`.
///
/// # Errors
/// One line, or one a mistake with file, line and column, that says what went wrong. Then nothing was changed.
pub async fn run(config: &Config, dir: &Path, check: bool, empty: Empty) -> Result<(), Failure> {
    let files: Vec<RuleFile> = wanted::files(dir)?;
    let n_files: usize = files.len();
    let wanted = Wanted::of(files, empty)?;
    for warning in wanted.rules.iter().flat_map(|rules| &rules.warnings) {
        eprintln!("warning: {warning}");
    }
    let outcome: Outcome = if check { rehearsed(config, &wanted).await? } else { applied(config, &wanted).await? };
    for stray in &outcome.strays {
        eprintln!("warning: {stray}");
    }
    println!("{outcome}");
    if check {
        println!("{n_files} files are valid; nothing was changed");
    }
    Ok(())
}

/// What applying a directory changes, to be printed.
#[derive(Debug, Default)]
struct Outcome {
    schedules: Option<Rehearsed>,
    policies: Option<oncall::Planned>,
    others: Changes,
    dashboards: Option<dashboards::Planned>,
    /// Names that lead nowhere.
    strays: Vec<String>,
}

impl Outcome {
    /// Where there is no database yet, everything would be new.
    fn of_new(wanted: &Wanted) -> Self {
        let rehearsed = |planned: applying::Planned| Rehearsed { planned, effects: Vec::new() };
        let mut outcome = Self {
            schedules: wanted.schedules.as_ref().map(applying::Planned::of_new).map(rehearsed),
            policies: wanted.policies.as_deref().map(oncall::Planned::of_new),
            others: Changes {
                rules: wanted.rules.as_ref().map(Plan::of_new),
                routing: wanted.routing.as_ref().map(routing::Planned::of_new),
            },
            dashboards: wanted.dashboards.as_deref().map(dashboards::Planned::of_new),
            strays: Vec::new(),
        };
        outcome.strays = strays::in_files(wanted, &outcome);
        outcome
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts: [Option<String>; 5] = [
            self.schedules.as_ref().map(Rehearsed::to_string),
            self.policies.as_ref().map(policies),
            self.others.rules.as_ref().map(Plan::to_string),
            self.others.routing.as_ref().map(routing::Planned::to_string),
            self.dashboards.as_ref().map(dashboards::Planned::to_string),
        ];
        f.write_str(&parts.into_iter().flatten().collect::<Vec<String>>().join("\n"))
    }
}

/// A line for each policy, and how many there are.
fn policies(planned: &oncall::Planned) -> String {
    let kinds: [(&str, &[String]); 3] =
        [("added      ", &planned.added), ("changed    ", &planned.changed), ("removed    ", &planned.removed)];
    let mut lines: Vec<String> = Vec::new();
    for (word, names) in kinds {
        lines.extend(names.iter().map(|name| format!("{word}policy {name}")));
    }
    lines.push(planned.to_string());
    lines.join("\n")
}

/// What applying would change.
async fn rehearsed(config: &Config, wanted: &Wanted) -> Result<Outcome, Failure> {
    let Some(errand) = Errand::look(config).await? else {
        return Ok(Outcome::of_new(wanted));
    };
    let outcome: Result<Outcome, Failure> = rehearse(&errand, wanted).await;
    errand.end().await?;
    outcome.map_err(untold)
}

/// Mistakes of files that only the database could tell are told as they are.
fn untold(error: Failure) -> Failure {
    let is_mistake: bool = matches!(error.downcast_ref::<oncall::Error>(), Some(oncall::Error::Files(_)));
    if is_mistake {
        return error;
    }
    format!("the files are valid, but what they change can't be told: {}", chain(&*error)).into()
}

async fn rehearse(errand: &Errand, wanted: &Wanted) -> Result<Outcome, Failure> {
    let mut outcome = Outcome::default();
    if let Some(schedules) = &wanted.schedules {
        outcome.schedules = Some(errand.schedules.rehearse(schedules).await?);
    }
    if let Some(policies) = &wanted.policies {
        outcome.policies = Some(errand.policies.plan(policies).await?);
    }
    if let Some(rules) = &wanted.rules {
        outcome.others.rules = Some(errand.alerting.plan(rules).await?);
    }
    if let Some(routing) = &wanted.routing {
        outcome.others.routing = Some(errand.routing.plan(routing).await?);
    }
    if let Some(dashboards) = &wanted.dashboards {
        outcome.dashboards = Some(errand.dashboards.plan(dashboards).await?);
    }
    outcome.strays = strays::everywhere(errand, wanted, &outcome).await;
    Ok(outcome)
}

async fn applied(config: &Config, wanted: &Wanted) -> Result<Outcome, Failure> {
    let errand = Errand::begin(config).await?;
    let outcome: Result<Outcome, Failure> = put_in_force(&errand, wanted).await;
    errand.end().await?;
    outcome
}

/// Everything was checked before, and all of it is written or nothing.
async fn put_in_force(errand: &Errand, wanted: &Wanted) -> Result<Outcome, Failure> {
    let grant: Grant<ApplyRules> = kernel::authorize(&Actor::worker("apply"), None)?;
    // Before the transaction: whoever knows people needs a connection of their own.
    let resolved: Option<Resolved<'_>> = match &wanted.schedules {
        Some(schedules) => Some(errand.schedules.resolve(schedules).await?),
        None => None,
    };
    let mut outcome = Outcome::default();
    let mut tx: Tx = errand.db.begin().await?;
    if let Some(resolved) = &resolved {
        let planned: applying::Planned = errand.schedules.apply_in(&mut tx, &grant, resolved).await?;
        outcome.schedules = Some(Rehearsed { planned, effects: Vec::new() });
    }
    if let Some(policies) = &wanted.policies {
        outcome.policies = Some(errand.policies.apply_in(&mut tx, &grant, policies).await?);
    }
    let directory = Directory { rules: wanted.rules.as_ref(), routing: wanted.routing.as_ref() };
    outcome.others = errand.alerting.apply_directory_in(&mut tx, &grant, &directory).await?;
    if let Some(dashboards) = &wanted.dashboards {
        outcome.dashboards = Some(errand.dashboards.apply_in(&mut tx, &grant, dashboards).await?);
    }
    tx.commit().await?;
    outcome.strays = strays::everywhere(errand, wanted, &outcome).await;
    Ok(outcome)
}
