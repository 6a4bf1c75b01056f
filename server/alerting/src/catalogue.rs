//! The rules that are shipped. A new installation has the first file in force; the others are there to be chosen from, written into
//! the directory that is applied, and changed there. Nothing here is ever applied behind anybody's back.

#[cfg(test)]
mod tests;

use crate::rules::{self, Group, Rule, RuleErrors, RuleFile};
use std::fmt::Write;

/// A file of the catalogue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shipped {
    /// As it stands in `server/alerting/rules`, and as it is written into a directory.
    pub name: &'static str,
    /// What it watches, in a line.
    pub watches: &'static str,
    /// YAML.
    pub text: &'static str,
    /// Whether a new installation has it in force.
    pub is_first: bool,
}

/// Every shipped file, in the order it is offered.
pub static FILES: [Shipped; 7] = [
    Shipped {
        name: "infrastructure.yaml",
        watches: "hosts: CPU, memory, disks, network, connections, silence",
        text: include_str!("../rules/infrastructure.yaml"),
        is_first: true,
    },
    Shipped {
        name: "application.yaml",
        watches: "applications: response time, errors, throughput, SDK, slow queries, threats",
        text: include_str!("../rules/application.yaml"),
        is_first: false,
    },
    Shipped {
        name: "business.yaml",
        watches: "the business: tracking, personalisation, experiments, model provider, processing, uploads",
        text: include_str!("../rules/business.yaml"),
        is_first: false,
    },
    Shipped {
        name: "availability.yaml",
        watches: "availability of 99.9 %: probes, certificates, API mean and errors, error budget",
        text: include_str!("../rules/availability.yaml"),
        is_first: false,
    },
    Shipped {
        name: "storage.yaml",
        watches: "data: buckets, cost, queries, connections, disk I/O, log volume, loss, backups",
        text: include_str!("../rules/storage.yaml"),
        is_first: false,
    },
    Shipped {
        name: "capacity.yaml",
        watches: "when to grow: CPU, memory, connections, replicas",
        text: include_str!("../rules/capacity.yaml"),
        is_first: false,
    },
    Shipped {
        name: "own.yaml",
        watches: "Mimamori itself: deliveries, escalations, jobs, rules, commits, forwarding",
        text: include_str!("../rules/own.yaml"),
        is_first: false,
    },
];

impl Shipped {
    /// The same as a file that can be checked and applied.
    #[must_use]
    pub fn file(&self) -> RuleFile {
        RuleFile { name: self.name.to_owned(), text: self.text.to_owned() }
    }
}

/// The shipped file of that name, with or without its ending.
#[must_use]
pub fn find(name: &str) -> Option<&'static Shipped> {
    let wanted: &str = name.strip_suffix(".yaml").unwrap_or(name);
    FILES.iter().find(|shipped| shipped.name.strip_suffix(".yaml") == Some(wanted))
}

/// The catalogue for the command line: every file, and under it its rules with condition, `for` and severity.
///
/// # Errors
/// When a shipped file is not valid, which a test rules out.
pub fn listing() -> Result<String, RuleErrors> {
    let mut out: String = String::new();
    for shipped in &FILES {
        let groups: Vec<Group> = rules::check(&[shipped.file()])?;
        let first: &str = if shipped.is_first { " (in force in a new installation)" } else { "" };
        // Writing into a String can't fail.
        let _ = writeln!(out, "{}  {}{first}", shipped.name, shipped.watches);
        for rule in groups.iter().flat_map(|group| &group.rules) {
            let _ = writeln!(out, "  {}", line(rule));
        }
    }
    Ok(out)
}

fn line(rule: &Rule) -> String {
    let condition: String = rule.condition.to_string();
    let wait: String = wait(rule);
    format!("{:<30} {condition:<12} {wait:<5} {}  {}", rule.id.0, rule.severity.code(), rule.name.en)
}

/// A rule's `for` as it is written in files.
fn wait(rule: &Rule) -> String {
    promql::numbers::format_duration(u64::try_from(rule.for_ms).unwrap_or(0))
}
