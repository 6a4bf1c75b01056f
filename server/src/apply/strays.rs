//! Names that lead nowhere: a policy that names a schedule, or a route that names a policy, of which there is none after the files are
//! applied. Neither keeps the files from being applied, since escalations know what to do then; but nobody means it.

use super::Outcome;
use super::wanted::Wanted;
use crate::wiring::Errand;
use alerting::routes::{NO_ESCALATION, Route};
use oncall::Policy;
use oncall::policies::Target;
use std::collections::{BTreeMap, BTreeSet};

/// What there is, by name.
#[derive(Debug, Default)]
struct Standing {
    schedules: BTreeSet<String>,
    policies: BTreeMap<String, Policy>,
    routes: Option<Route>,
}

/// In files alone, where there is no database yet.
pub fn in_files(wanted: &Wanted, outcome: &Outcome) -> Vec<String> {
    let mut standing = Standing::default();
    standing.take(wanted, outcome);
    standing.strays()
}

/// In files and in the database, before or after the files are applied. Nothing where they say nothing that could lead anywhere.
pub async fn everywhere(errand: &Errand, wanted: &Wanted, outcome: &Outcome) -> Vec<String> {
    if wanted.schedules.is_none() && wanted.policies.is_none() && wanted.routing.is_none() {
        return Vec::new();
    }
    // An older schema has none of them; whatever else keeps the database from answering was told before.
    let schedules = errand.schedules.list().await.unwrap_or_default();
    let policies = errand.policies.list().await.unwrap_or_default();
    let definition = errand.routing.definition().await.unwrap_or_default();
    let mut standing = Standing {
        schedules: schedules.into_iter().map(|row| row.definition.name).collect(),
        policies: policies.into_iter().map(|row| (row.policy.name.clone(), row.policy)).collect(),
        routes: definition.routes,
    };
    standing.take(wanted, outcome);
    standing.strays()
}

impl Standing {
    /// The same after files are applied.
    fn take(&mut self, wanted: &Wanted, outcome: &Outcome) {
        for name in outcome.schedules.iter().flat_map(|rehearsed| &rehearsed.planned.removed) {
            self.schedules.remove(name);
        }
        for name in outcome.policies.iter().flat_map(|planned| &planned.removed) {
            self.policies.remove(name);
        }
        let schedules = wanted.schedules.iter().flat_map(|written| &written.schedules);
        self.schedules.extend(schedules.map(|schedule| schedule.name.trim().to_owned()));
        for policy in wanted.policies.iter().flatten() {
            self.policies.insert(policy.name.clone(), policy.clone());
        }
        if let Some(routing) = &wanted.routing {
            self.routes = routing.routes.clone();
        }
    }

    fn strays(&self) -> Vec<String> {
        let mut found: Vec<String> = self.policies.values().flat_map(|policy| self.of_policy(policy)).collect();
        if let Some(root) = &self.routes {
            self.of_route(root, &root.name, &mut found);
        }
        found
    }

    fn of_policy(&self, policy: &Policy) -> Vec<String> {
        let mut found: Vec<String> = Vec::new();
        for (number, step) in (1_u32..).zip(&policy.steps) {
            for target in &step.notify {
                if let Target::Schedule { schedule, .. } = target
                    && !self.schedules.contains(schedule)
                {
                    found.push(format!("policy {}, step {number}: there is no schedule named {schedule}", policy.name));
                }
            }
        }
        found.dedup();
        found
    }

    fn of_route(&self, route: &Route, path: &str, found: &mut Vec<String>) {
        if let Some(policy) = route.escalation.as_deref().filter(|name| *name != NO_ESCALATION)
            && !self.policies.contains_key(policy)
        {
            found.push(format!("route {path}: there is no escalation policy named {policy}"));
        }
        for below in &route.routes {
            self.of_route(below, &format!("{path}/{}", below.name), found);
        }
    }
}
