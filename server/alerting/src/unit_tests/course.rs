//! The course of one test: evaluate, and look when it is time to.

use super::compare::{self, Got};
use super::file::{Test, TestFile};
use super::{Tested, TestedGroup, World};
use crate::needs::{Measured, Sample};
use crate::recording::{self, Recorded, SeriesSet};
use crate::replay::Replay;
use crate::rules::template::Moment;
use crate::rules::{Instance, Rule, Text};
use crate::series;
use crate::state::Tracked;
use crate::verdict::{Known, Verdict};
use model::Time;
use model::labels::Labels;
use promql::ast::Expr;
use std::collections::BTreeMap;

/// Something that is not as it was expected to be, in one line.
pub type Failure = String;

/// A rule while it is tested.
enum Player {
    Record { rule: Box<Rule>, expr: Expr, before: SeriesSet },
    Alert { name: String, replay: Box<Replay>, expr: Expr, house: bool },
}

/// Runs one test over a world that holds its series, and gives what failed. What can't be evaluated is a failure, and ends the test.
pub async fn run(file: &TestFile, test: &Test, groups: &[TestedGroup], world: &mut dyn World) -> Vec<Failure> {
    let mut players: Vec<Player> = match players(file, test, groups) {
        Ok(players) => players,
        Err(failure) => return vec![failure],
    };
    let mut failures: Vec<Failure> = Vec::new();
    let end: Time = test.start.plus_ms(test.lasts_ms());
    let mut at: Time = test.start;
    while at <= end {
        let broken: Vec<Failure> = evaluate(&mut players, world, at, test.start).await;
        if !broken.is_empty() {
            failures.extend(broken);
            return failures;
        }
        failures.extend(alerts(file, test, &players, at));
        at = at.plus_ms(file.evaluation_interval_ms);
    }
    failures.extend(expressions(file, test, world).await);
    failures
}

/// Every rule, in the order in which groups are to be evaluated.
fn players(file: &TestFile, test: &Test, groups: &[TestedGroup]) -> Result<Vec<Player>, Failure> {
    let place = |group: &&TestedGroup| file.order.iter().position(|name| *name == group.name).unwrap_or(usize::MAX);
    let mut ordered: Vec<&TestedGroup> = groups.iter().collect();
    ordered.sort_by_key(place);
    let members = ordered.into_iter().flat_map(|group| &group.members);
    members.map(|member| player(member, test)).collect()
}

fn player(member: &Tested, test: &Test) -> Result<Player, Failure> {
    Ok(match member {
        Tested::Record(rule) => Player::Record { rule: rule.clone(), expr: tree(&rule.expr)?, before: SeriesSet::new() },
        Tested::Alert { name, rule, house } => Player::Alert {
            name: name.clone(),
            expr: tree(&rule.expr)?,
            replay: Box::new(Replay::new(with_externals(rule, test))),
            house: *house,
        },
    })
}

fn tree(expr: &str) -> Result<Expr, Failure> {
    promql::parse(expr).map_err(|errors| {
        let reasons: Vec<String> = errors.iter().map(|error| error.describe(expr)).collect();
        format!("expr: {expr}, err: {}", reasons.join("; "))
    })
}

/// A rule in whose texts the external labels and address of the test stand already.
fn with_externals(rule: &Rule, test: &Test) -> Rule {
    let mut names: Vec<(&str, &str)> = test.external_labels.iter().collect();
    // The longest first: one name may be the beginning of another.
    names.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
    let filled = |text: &str| {
        let mut text: String = text.to_owned();
        for (name, value) in &names {
            let quoted: String = promql::strings::quote(value);
            for prefix in ["$externalLabels.", ".ExternalLabels."] {
                text = text.replace(&format!("{prefix}{name}"), &quoted);
            }
        }
        let url: String = promql::strings::quote(&test.external_url);
        for word in ["$externalURL", ".ExternalURL", "externalURL"] {
            text = text.replace(word, &url);
        }
        text
    };
    let both = |text: &Text| Text { ja: filled(&text.ja), en: filled(&text.en) };
    Rule {
        labels: Labels::new(rule.labels.iter().map(|(name, value)| (name.to_owned(), filled(value)))),
        annotations: rule.annotations.iter().map(|(name, text)| (name.clone(), both(text))).collect(),
        ..rule.clone()
    }
}

/// One evaluation of every rule; what failed.
async fn evaluate(players: &mut [Player], world: &mut dyn World, at: Time, start: Time) -> Vec<Failure> {
    let mut failures: Vec<Failure> = Vec::new();
    for player in players {
        let written: Result<Vec<Sample>, String> = match player {
            Player::Record { rule, expr, before } => recorded(rule, expr, before, world, at).await,
            Player::Alert { name, replay, expr, .. } => judged(name, replay, expr, world, at).await,
        };
        match written {
            Ok(samples) => world.put(samples),
            Err(reason) => failures.push(format!("rule: {}, time: {}, err: {reason}", player.name(), told(at.since(start)))),
        }
    }
    failures
}

impl Player {
    fn name(&self) -> &str {
        match self {
            Self::Record { rule, .. } => &rule.name.en,
            Self::Alert { name, .. } => name,
        }
    }
}

async fn recorded(rule: &Rule, expr: &Expr, before: &mut SeriesSet, world: &dyn World, at: Time) -> Result<Vec<Sample>, String> {
    let asked_at: Time = at.plus_ms(-rule.evaluation_delay_ms);
    let measured: Vec<Measured> = world.ask(expr, asked_at).await.map_err(|error| error.to_string())?;
    let recorded: Recorded = recording::record(rule, before, &measured, asked_at).map_err(|error| error.to_string())?;
    *before = recorded.series;
    Ok(recorded.samples)
}

async fn judged(name: &str, replay: &mut Replay, expr: &Expr, world: &dyn World, at: Time) -> Result<Vec<Sample>, String> {
    let asked_at: Time = replay.asked_at(at);
    let measured: Vec<Measured> = world.ask(expr, asked_at).await.map_err(|error| error.to_string())?;
    let known = replay.active().iter().map(|one| Known { id: one.id, labels: one.labels.clone(), tracked: one.tracked });
    let before: Vec<Known> = known.collect();
    let verdicts: Vec<Verdict> = replay.tick(&measured, at).map_err(|frozen| frozen.to_string())?;
    Ok(series::of_rule(replay.rule(), name, &before, &verdicts, asked_at))
}

/// Looks at the alerts that are to be seen between this evaluation and the next.
fn alerts(file: &TestFile, test: &Test, players: &[Player], at: Time) -> Vec<Failure> {
    let since: i64 = at.since(test.start);
    let due = test.alerts.iter().filter(|one| since <= one.eval_ms && one.eval_ms < since + file.evaluation_interval_ms);
    let mut failures: Vec<Failure> = Vec::new();
    for one in due {
        let got: Vec<Got> = players.iter().flat_map(|player| firing(player, &one.name)).collect();
        if let Some(difference) = compare::alerts(one, &got) {
            failures.push(format!("alertname: {}, time: {}, {difference}", one.name, told(one.eval_ms)));
        }
    }
    failures
}

/// The firing alerts of a rule of that name.
fn firing(player: &Player, wanted: &str) -> Vec<Got> {
    let Player::Alert { name, replay, house, .. } = player else {
        return Vec::new();
    };
    if name != wanted {
        return Vec::new();
    }
    let mut found: Vec<Got> = Vec::new();
    for active in replay.active() {
        if let Tracked::Firing(firing) = active.tracked {
            let moment: Moment = Moment::Firing;
            let instance = Instance { labels: &active.labels, value: active.value, level: firing.level, moment };
            found.push(got(replay.rule(), name, &instance, *house));
        }
    }
    found
}

fn got(rule: &Rule, name: &str, instance: &Instance<'_>, house: bool) -> Got {
    let mut labels: Labels = instance.labels.clone();
    labels.set("alertname".to_owned(), name.to_owned());
    let mut annotations: BTreeMap<String, String> = BTreeMap::new();
    for (name, text) in rule.annotated(instance) {
        annotations.insert(name, text.en);
    }
    if house {
        labels.set("severity".to_owned(), rule.severity_at(instance.level).code().to_owned());
        let summary: Text = rule.sentence(instance);
        annotations.insert("summary".to_owned(), summary.en);
        annotations.insert("summary_ja".to_owned(), summary.ja);
    }
    Got { labels, annotations, house }
}

async fn expressions(file: &TestFile, test: &Test, world: &dyn World) -> Vec<Failure> {
    let mut failures: Vec<Failure> = Vec::new();
    for one in &test.exprs {
        let answer: Result<Vec<Measured>, String> = match tree(&one.expr) {
            Ok(expr) => world.ask(&expr, test.start.plus_ms(one.eval_ms)).await.map_err(|error| error.to_string()),
            Err(reason) => Err(reason),
        };
        let difference: Option<String> = match answer {
            Ok(got) => compare::samples(&one.expected, &got, file.fuzzy),
            Err(reason) => Some(format!("err: {reason}")),
        };
        failures.extend(difference.map(|difference| format!("expr: {:?}, time: {}, {difference}", one.expr, told(one.eval_ms))));
    }
    failures
}

fn told(ms: i64) -> String {
    promql::numbers::format_duration(u64::try_from(ms).unwrap_or(0))
}
