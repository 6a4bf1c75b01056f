//! A policy as the form of its screen has it: texts. Pure.
//!
//! Steps stand in the order of their places: whoever wants another order writes other numbers there.

use ::api::escalations::{PolicyForm, PolicyTrouble, PolicyWrong};
use chrono_tz::Tz;
use oncall::policies::{
    AckMode, MAX_PASSES, MAX_STEPS, MAX_TARGETS, OnEmpty, Passes, Policy, Step, Target, Wait, When, Zone, file,
};
use std::collections::BTreeSet;

/// What a form says that was filled in: what is not there is empty then.
pub const WRITTEN: &str = "written";
/// Names that are addresses of the form itself.
const TAKEN: [&str; 2] = ["new", "edit"];
/// Until somebody answers.
const FOREVER: &str = "forever";
/// Lines to fill in behind those that are filled in.
const MORE_TARGETS: usize = 1;
const FIRST_TARGETS: usize = 2;

/// The form of a policy that stands.
pub fn printed(policy: &Policy) -> PolicyForm {
    let mut form = PolicyForm::new();
    form.insert("name".to_owned(), policy.name.clone());
    if let Some(owner) = &policy.owner {
        form.insert("owner".to_owned(), owner.clone());
    }
    let passes: String = match policy.passes {
        Passes::Times(n) => n.to_string(),
        Passes::Forever => FOREVER.to_owned(),
    };
    form.insert("passes".to_owned(), passes);
    for (index, step) in policy.steps.iter().enumerate() {
        form.extend(fields(index, step));
    }
    form
}

/// The form of a new one: primary, then secondary, as the requirement documents want it.
pub fn begun() -> PolicyForm {
    let said = [("passes", "1"), ("step.0.wait", "5m"), ("step.0.place", "1")];
    said.into_iter().map(|(field, text)| (field.to_owned(), text.to_owned())).collect()
}

fn fields(index: usize, step: &Step) -> PolicyForm {
    let at = |field: &str| format!("step.{index}.{field}");
    let mut form = PolicyForm::new();
    form.insert(at("place"), (index + 1).to_string());
    form.insert(at("wait"), String::from(step.wait));
    form.insert(at("when"), step.when.as_str().to_owned());
    form.insert(at("ack"), if step.ack == AckMode::All { "all" } else { "any" }.to_owned());
    form.insert(at("on_empty"), if step.on_empty == OnEmpty::Fallback { "fallback" } else { "next" }.to_owned());
    if let Some(zone) = step.zone {
        form.insert(at("zone"), zone.0.name().to_owned());
    }
    for (number, target) in step.notify.iter().enumerate() {
        form.insert(at(&format!("target.{number}")), word(target));
    }
    form
}

fn word(target: &Target) -> String {
    match target {
        Target::Person(email) => format!("person:{email}"),
        Target::Schedule { schedule, role } => format!("schedule:{schedule}:{role}"),
        Target::Team(team) => format!("team:{team}"),
        Target::Everyone => "everyone".to_owned(),
        Target::Channel(channel) => format!("channel:{channel}"),
    }
}

/// The steps that the form shows, an empty one to fill in behind them, and how many targets each.
pub fn n_targets(form: &PolicyForm) -> Vec<usize> {
    let n_steps: usize = numbers(form, "step.", MAX_STEPS).last().map_or(1, |last| last + 2).min(MAX_STEPS);
    let of = |index: usize| {
        let n: usize = numbers(form, &format!("step.{index}.target."), MAX_TARGETS).last().map_or(0, |last| last + 1);
        if n == 0 { FIRST_TARGETS } else { (n + MORE_TARGETS).min(MAX_TARGETS) }
    };
    (0..n_steps).map(of).collect()
}

/// The policy that a form writes, or everything that is wrong with it. `name` is that of the one that is changed.
pub fn read(form: &PolicyForm, name: Option<&str>) -> Result<Policy, Vec<PolicyWrong>> {
    let mut wrong: Vec<PolicyWrong> = Vec::new();
    let written: &str = name.unwrap_or_else(|| text(form, "name"));
    if name.is_none() && TAKEN.contains(&written) {
        wrong.push(at("name", PolicyTrouble::Name));
    }
    let passes: Passes = passes(text(form, "passes")).unwrap_or_else(|| {
        wrong.push(at("passes", PolicyTrouble::Passes));
        Passes::default()
    });
    let mut steps: Vec<(u32, Step)> = Vec::new();
    for index in numbers(form, "step.", MAX_STEPS) {
        steps.extend(step(form, index, &mut wrong));
    }
    steps.sort_by_key(|(place, _)| *place);
    let owner: Option<String> = Some(text(form, "owner").to_owned()).filter(|owner| !owner.is_empty());
    let steps: Vec<Step> = steps.into_iter().map(|(_, step)| step).collect();
    let policy = Policy { name: written.to_owned(), owner, passes, steps };
    if policy.steps.is_empty() {
        wrong.push(at("step.0.targets", PolicyTrouble::Steps));
    }
    // What the room says of files it says of this too; what is wrong with a step was told already.
    let is_refused: bool = wrong.is_empty() && file::check(&policy).is_err();
    if is_refused {
        wrong.push(if name.is_none() { at("name", PolicyTrouble::Name) } else { at("", PolicyTrouble::Other) });
    }
    if wrong.is_empty() { Ok(policy) } else { Err(wrong) }
}

fn at(field: &str, trouble: PolicyTrouble) -> PolicyWrong {
    PolicyWrong { field: field.to_owned(), trouble }
}

fn text<'f>(form: &'f PolicyForm, field: &str) -> &'f str {
    form.get(field).map_or("", |text| text.trim())
}

fn passes(text: &str) -> Option<Passes> {
    match text {
        "" => Some(Passes::default()),
        FOREVER => Some(Passes::Forever),
        number => number.parse::<u32>().ok().filter(|n| (1..=MAX_PASSES).contains(n)).map(Passes::Times),
    }
}

/// One step with its place; nothing of one that names nobody.
fn step(form: &PolicyForm, index: usize, wrong: &mut Vec<PolicyWrong>) -> Option<(u32, Step)> {
    let of = |field: &str| format!("step.{index}.{field}");
    let mut notify: Vec<Target> = Vec::new();
    for number in numbers(form, &of("target."), MAX_TARGETS) {
        let field: String = of(&format!("target.{number}"));
        match target(text(form, &field)) {
            Some(target) => notify.push(target),
            None => wrong.push(at(&field, PolicyTrouble::Targets)),
        }
    }
    if notify.is_empty() {
        return None;
    }
    let wait: Wait = Wait::try_from(text(form, &of("wait")).to_owned()).unwrap_or_else(|_| {
        wrong.push(at(&of("wait"), PolicyTrouble::Wait));
        Wait { ms: oncall::policies::SHORTEST_WAIT_MS }
    });
    let (when, zone): (When, Option<Zone>) = (when(text(form, &of("when"))), zone(form, &of("zone"), wrong));
    if when != When::Always && zone.is_none() {
        wrong.push(at(&of("zone"), PolicyTrouble::Zone));
    }
    let place: u32 = text(form, &of("place")).parse().unwrap_or_else(|_| u32::try_from(index + 1).unwrap_or(u32::MAX));
    let ack: AckMode = if text(form, &of("ack")) == "all" { AckMode::All } else { AckMode::Any };
    let on_empty: OnEmpty = if text(form, &of("on_empty")) == "fallback" { OnEmpty::Fallback } else { OnEmpty::Next };
    Some((place, Step { wait, notify, ack, when, zone, on_empty }))
}

fn zone(form: &PolicyForm, field: &str, wrong: &mut Vec<PolicyWrong>) -> Option<Zone> {
    match text(form, field) {
        "" => None,
        name => name.parse::<Tz>().map(Zone).map_err(|_| wrong.push(at(field, PolicyTrouble::Zone))).ok(),
    }
}

fn when(word: &str) -> When {
    [When::Business, When::Night, When::Holiday].into_iter().find(|when| when.as_str() == word).unwrap_or_default()
}

fn target(word: &str) -> Option<Target> {
    if word == "everyone" {
        return Some(Target::Everyone);
    }
    let (kind, name) = word.split_once(':').filter(|(_, name)| !name.is_empty())?;
    match kind {
        "person" => Some(Target::Person(name.to_owned())),
        "team" => Some(Target::Team(name.to_owned())),
        "channel" => Some(Target::Channel(name.to_owned())),
        "schedule" => {
            let (schedule, role) = name.split_once(':')?;
            Some(Target::Schedule { schedule: schedule.to_owned(), role: role.to_owned() })
        }
        _ => None,
    }
}

/// The numbers that stand behind a key and are filled in, ascending.
fn numbers(form: &PolicyForm, begins: &str, most: usize) -> Vec<usize> {
    let number = |field: &str| field.strip_prefix(begins)?.split('.').next()?.parse::<usize>().ok();
    let filled = form.iter().filter(|(_, text)| !text.trim().is_empty());
    let found: BTreeSet<usize> = filled.filter_map(|(field, _)| number(field)).filter(|index| *index < most).collect();
    found.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policy() -> Policy {
        let primary = Target::Schedule { schedule: "payments".to_owned(), role: "primary".to_owned() };
        let first = Step {
            wait: Wait { ms: 300_000 },
            notify: vec![primary, Target::Person("hana@example.jp".to_owned())],
            ack: AckMode::All,
            when: When::Night,
            zone: Some(Zone(Tz::Asia__Tokyo)),
            on_empty: OnEmpty::Fallback,
        };
        let second = Step {
            wait: Wait { ms: 90_000 },
            notify: vec![Target::Everyone, Target::Team("決済".to_owned()), Target::Channel("ops".to_owned())],
            ack: AckMode::Any,
            when: When::Always,
            zone: None,
            on_empty: OnEmpty::Next,
        };
        Policy {
            name: "payments".to_owned(),
            owner: Some("決済".to_owned()),
            passes: Passes::Forever,
            steps: vec![first, second],
        }
    }

    fn fields_of(wrong: &[PolicyWrong]) -> Vec<&str> {
        wrong.iter().map(|one| one.field.as_str()).collect()
    }

    #[test]
    fn what_is_printed_is_read_back_as_the_same_policy() {
        let form: PolicyForm = printed(&policy());
        assert_eq!(read(&form, Some("payments")).unwrap(), policy());
        assert_eq!(read(&form, None).unwrap(), policy());
        assert_eq!(n_targets(&form), [3, 4, FIRST_TARGETS]);
    }

    #[test]
    fn places_order_the_steps_and_empty_steps_are_none() {
        let mut form: PolicyForm = printed(&policy());
        form.insert("step.0.place".to_owned(), "5".to_owned());
        form.insert("step.3.wait".to_owned(), "5m".to_owned());
        let turned: Policy = read(&form, Some("payments")).unwrap();
        assert_eq!(turned.steps, [policy().steps[1].clone(), policy().steps[0].clone()]);
    }

    #[test]
    fn everything_that_is_wrong_is_told_at_once() {
        let mut form: PolicyForm = printed(&policy());
        form.insert("passes".to_owned(), "0".to_owned());
        form.insert("step.0.wait".to_owned(), "soon".to_owned());
        form.remove("step.0.zone");
        form.insert("step.1.target.0".to_owned(), "crew:a".to_owned());
        let wrong: Vec<PolicyWrong> = read(&form, Some("payments")).unwrap_err();
        assert_eq!(fields_of(&wrong), ["passes", "step.0.wait", "step.0.zone", "step.1.target.0"]);
        let empty: Vec<PolicyWrong> = read(&begun(), None).unwrap_err();
        assert_eq!(fields_of(&empty), ["step.0.targets"]);
    }

    #[test]
    fn names_that_are_addresses_of_the_form_are_refused() {
        for name in ["new", "none", "a b"] {
            let form = PolicyForm::from_iter(printed(&policy()).into_iter().chain([("name".to_owned(), name.to_owned())]));
            assert_eq!(fields_of(&read(&form, None).unwrap_err()), ["name"], "{name}");
        }
    }
}
