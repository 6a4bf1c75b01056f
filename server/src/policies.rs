//! `mimamori apply`, as far as escalation policies go: which files of a directory are about them, what they change, and putting them in force.

use crate::config::Config;
use crate::wiring::{Errand, Failure};
use alerting::RuleFile;
use oncall::policies::file::{FileErrors, is_policies};
use oncall::{Planned, Policies, Policy, PolicyFile};

/// The files about policies, and the others.
pub fn apart(files: Vec<RuleFile>) -> (Vec<PolicyFile>, Vec<RuleFile>) {
    let (policies, others): (Vec<RuleFile>, Vec<RuleFile>) = files.into_iter().partition(|file| is_policies(&file.text));
    (policies.into_iter().map(|file| PolicyFile { name: file.name, text: file.text }).collect(), others)
}

/// What the files say; nothing where there are none, and then nothing is changed.
///
/// # Errors
/// Every mistake, with file, line and column.
pub fn check(files: &[PolicyFile]) -> Result<Option<Vec<Policy>>, FileErrors> {
    if files.is_empty() { Ok(None) } else { Policies::check(files).map(Some) }
}

/// What applying them would change.
///
/// # Errors
/// When the database can't be found or asked.
pub async fn planned(config: &Config, policies: &[Policy]) -> Result<Planned, Failure> {
    let Some(errand) = Errand::look(config).await? else {
        return Ok(Planned::of_new(policies));
    };
    let planned = errand.policies.plan(policies).await;
    errand.end().await?;
    Ok(planned?)
}

/// Puts them in force.
///
/// # Errors
/// The database's.
pub async fn applied(config: &Config, policies: &[Policy]) -> Result<Planned, Failure> {
    let worker = model::Actor::worker("apply");
    let grant = kernel::authorize::<model::access::ApplyRules>(&worker, None)?;
    let errand = Errand::begin(config).await?;
    let applied = errand.policies.apply(&grant, policies).await;
    errand.end().await?;
    Ok(applied?)
}
