//! "Where would this alert go?": the way of an alert through the tree, with the reason of every turn.

use super::matchers::Matcher;
use super::{Node, Quiet, Settings, Tree};
use crate::silences::SilenceId;
use model::Time;
use model::ids::AlertId;
use model::labels::Labels;

/// A matcher, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tested {
    pub matcher: Matcher,
    /// What the alert has there; `""` when nothing.
    pub found: String,
    pub holds: bool,
}

/// What a route did with the alert.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Some matcher does not hold, so nothing below it is asked either.
    Declined,
    /// It matches, and routes below it take the alert.
    HandedDown,
    /// It takes the alert.
    Taken {
        settings: Settings,
        /// The labels that make its group.
        group: Labels,
        /// It tells nobody at the moment.
        quiet: Option<Quiet>,
    },
    /// Not asked: a sibling before it took the alert and does not say `continue`.
    NotAsked {
        /// The path of that sibling.
        taken_by: String,
    },
}

/// One turn of the way, in the order of the tree; what mutes the alert stands behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    Route {
        path: String,
        depth: usize,
        tests: Vec<Tested>,
        outcome: Outcome,
    },
    /// A silence covers it now: nobody is told.
    Silenced {
        silence: SilenceId,
        comment: String,
        by: String,
        until: Time,
    },
    /// Another alert explains it: nobody is told while that fires.
    Inhibited {
        rule: String,
        by: AlertId,
    },
}

impl Tree {
    /// The way of an alert with these labels at `at`. What is below a route that declined, or was not asked, is left out.
    #[must_use]
    pub fn explain(&self, labels: &Labels, at: Time) -> Vec<Step> {
        let mut steps: Vec<Step> = Vec::new();
        self.walk(0, labels, at, &mut steps);
        steps
    }

    /// Whether the route took the alert, itself or below.
    fn walk(&self, index: usize, labels: &Labels, at: Time, steps: &mut Vec<Step>) -> bool {
        let Some(node) = self.nodes.get(index) else {
            return false;
        };
        let tests: Vec<Tested> = tests(node, labels);
        if tests.iter().any(|tested| !tested.holds) {
            steps.push(step(node, tests, Outcome::Declined));
            return false;
        }
        let place: usize = steps.len();
        steps.push(step(node, tests, Outcome::HandedDown));
        if !self.walk_below(node, labels, at, steps)
            && let Some(Step::Route { outcome, .. }) = steps.get_mut(place)
        {
            let (settings, group) = (node.settings.clone(), node.settings.group_of(labels));
            *outcome = Outcome::Taken { settings, group, quiet: self.quiet(node, at) };
        }
        true
    }

    fn walk_below(&self, node: &Node, labels: &Labels, at: Time, steps: &mut Vec<Step>) -> bool {
        let mut is_taken: bool = false;
        let mut last: Option<String> = None;
        for child in &node.children {
            let Some(below) = self.nodes.get(*child) else {
                continue;
            };
            if let Some(taken_by) = last.clone() {
                steps.push(step(below, Vec::new(), Outcome::NotAsked { taken_by }));
                continue;
            }
            if self.walk(*child, labels, at, steps) {
                is_taken = true;
                if !below.goes_on {
                    last = Some(below.path.clone());
                }
            }
        }
        is_taken
    }
}

fn tests(node: &Node, labels: &Labels) -> Vec<Tested> {
    let tested = |matcher: &Matcher| Tested {
        matcher: matcher.clone(),
        found: labels.get(&matcher.name).to_owned(),
        holds: matcher.holds(labels),
    };
    node.matchers.iter().map(tested).collect()
}

fn step(node: &Node, tests: Vec<Tested>, outcome: Outcome) -> Step {
    Step::Route { path: node.path.clone(), depth: node.depth, tests, outcome }
}
