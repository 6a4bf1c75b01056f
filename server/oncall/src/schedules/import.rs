//! Schedules and escalation policies of other products, as files of ours.
//!
//! What is read is JSON as their APIs answer it: one answer, or one object with several of them by name (`schedules`, `users`,
//! `escalation_policies` …), as `curl` and `jq` put them together. What comes out is what people apply, so that they read it first; whatever
//! can't be said here is listed, with the name of the thing it stood in. People are named by e-mail address, so users belong in the file.

mod grafana;
mod opsgenie;
mod pagerduty;

use super::definition::{JAPAN, MAX_NAME, USUAL_MOST_HOURS};
use super::printer;
use super::written::{
    At, Clock, Day, Title, WrittenAdvance, WrittenHolidays, WrittenLayer, WrittenMember, WrittenMode, WrittenRotation,
    WrittenSchedule, WrittenTime, WrittenUnit,
};
use crate::policies::file::{FileErrors, PolicyFile, Problem};
use crate::policies::{self, AckMode, OnEmpty, Passes, Policy, Step, Target, Wait, When, Zone};
use chrono::{DateTime, FixedOffset, NaiveDateTime};
use chrono_tz::Tz;
use model::Time;
use model::rota::local::Local;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// A larger file is none of these.
pub const MAX_BYTES: usize = 20_000_000;
/// Things that could not be mapped and are told.
const MOST_UNMAPPED: usize = 500;
const DAY_S: u32 = 86_400;
const WEEK_S: u32 = 7 * DAY_S;
const MINUTE_MS: i64 = 60_000;
/// What a step waits where nobody says how long.
const USUAL_WAIT_MS: i64 = 5 * MINUTE_MS;

/// Where a file comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Product {
    GrafanaOnCall,
    Opsgenie,
    PagerDuty,
}

/// A file of another product, in our words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Imported {
    pub from: Product,
    pub schedules: Vec<WrittenSchedule>,
    pub policies: Vec<Policy>,
    /// What could not be said here, a line each.
    pub unmapped: Vec<String>,
}

impl Imported {
    /// Files that can be applied: `schedules.yaml` and `policies.yaml`, those that have something in them.
    #[must_use]
    pub fn files(&self) -> Vec<PolicyFile> {
        let mut files: Vec<PolicyFile> = Vec::new();
        if !self.schedules.is_empty() {
            files.push(PolicyFile { name: "schedules.yaml".to_owned(), text: printer::print(&self.schedules) });
        }
        if !self.policies.is_empty() {
            files.push(PolicyFile { name: "policies.yaml".to_owned(), text: policies::printer::print(&self.policies) });
        }
        files
    }
}

/// Reads a file. What was over at `now` is left out.
///
/// # Errors
/// When it is no JSON, or nothing that these products export.
pub fn read(file: &PolicyFile, now: Time) -> Result<Imported, FileErrors> {
    let problem = |line: usize, column: usize, message: String| {
        FileErrors(vec![Problem { file: file.name.clone(), line, column, message }])
    };
    if file.text.len() > MAX_BYTES {
        return Err(problem(1, 1, format!("expected at most {MAX_BYTES} bytes, found {}", file.text.len())));
    }
    let value: Value =
        serde_json::from_str(&file.text).map_err(|error| problem(error.line(), error.column(), error.to_string()))?;
    let product: Product = product(&value).ok_or_else(|| {
        let expected =
            "expected schedules or escalation policies of Grafana OnCall, Opsgenie or PagerDuty as their APIs answer them";
        problem(1, 1, expected.to_owned())
    })?;
    let mut sheet = Sheet { now, ..Sheet::default() };
    match product {
        Product::GrafanaOnCall => grafana::read(&value, &mut sheet),
        Product::Opsgenie => opsgenie::read(&value, &mut sheet),
        Product::PagerDuty => pagerduty::read(&value, &mut sheet),
    }
    sheet.unmapped.truncate(MOST_UNMAPPED);
    Ok(Imported { from: product, schedules: sheet.schedules, policies: sheet.policies, unmapped: sheet.unmapped })
}

/// Told by keys that only one of them has.
fn product(value: &Value) -> Option<Product> {
    let has = |path: &[&str]| is_anywhere(value, path, 0);
    if has(&["on_call_shifts", "escalation_chains", "rolling_users", "escalation_chain_id"]) {
        Some(Product::GrafanaOnCall)
    } else if has(&["schedule_layers", "escalation_rules", "rotation_virtual_start"]) {
        Some(Product::PagerDuty)
    } else if has(&["rotations", "recipient", "ownerTeam"]) {
        Some(Product::Opsgenie)
    } else {
        None
    }
}

/// Whether any of these keys stands near the top.
fn is_anywhere(value: &Value, keys: &[&str], depth: usize) -> bool {
    const DEEP: usize = 5;
    match value {
        _ if depth > DEEP => false,
        Value::Object(object) => {
            object.keys().any(|key| keys.contains(&key.as_str()))
                || object.values().any(|value| is_anywhere(value, keys, depth + 1))
        }
        Value::Array(list) => list.iter().take(50).any(|value| is_anywhere(value, keys, depth + 1)),
        _ => false,
    }
}

/// What has been read so far.
#[derive(Default)]
struct Sheet {
    now: Time,
    schedules: Vec<WrittenSchedule>,
    policies: Vec<Policy>,
    unmapped: Vec<String>,
    names: BTreeSet<String>,
    /// E-mail addresses by the id or name they are called by there.
    people: BTreeMap<String, String>,
    /// Our names of schedules by their ids.
    schedule_names: BTreeMap<String, String>,
    team_names: BTreeMap<String, String>,
}

impl Sheet {
    fn cannot(&mut self, place: &str, what: &str) {
        if self.unmapped.len() < MOST_UNMAPPED {
            self.unmapped.push(format!("{place}: {what}"));
        }
    }

    /// A name that can stand in policies, and that nothing else of its kind has.
    fn name(&mut self, kind: &str, theirs: &str) -> String {
        let mut name: String = String::new();
        for letter in theirs.trim().chars() {
            if letter.is_alphanumeric() || letter == '_' {
                name.push(letter);
            } else if !name.is_empty() && !name.ends_with('-') {
                name.push('-');
            }
        }
        let short: String = name.trim_end_matches('-').chars().take(MAX_NAME - 4).collect();
        let base: &str = if short.is_empty() || short == policies::file::NONE { kind } else { &short };
        let mut names = std::iter::once(base.to_owned()).chain((2_u32..).map(|n| format!("{base}-{n}")));
        let free: Option<String> = names.find(|name| !self.names.contains(&format!("{kind}/{name}")));
        let free: String = free.unwrap_or_else(|| base.to_owned());
        self.names.insert(format!("{kind}/{free}"));
        free
    }

    /// A member, or nobody where the file doesn't say who that is.
    fn member(&mut self, place: &str, id: &str) -> WrittenMember {
        match self.address(place, id) {
            Some(address) => WrittenMember::Person(address),
            None => WrittenMember::Nobody,
        }
    }

    fn group(&mut self, place: &str, ids: &[String]) -> WrittenMember {
        let mut people: Vec<String> = ids.iter().filter_map(|id| self.address(place, id)).collect();
        people.dedup();
        match people.len() {
            0 => WrittenMember::Nobody,
            1 => WrittenMember::Person(people.remove(0)),
            _ => WrittenMember::Group(people),
        }
    }

    fn address(&mut self, place: &str, id: &str) -> Option<String> {
        let known: Option<String> = self.people.get(id).cloned();
        let address: Option<String> = known.or_else(|| id.contains('@').then(|| id.to_owned()));
        if address.is_none() {
            self.cannot(place, &format!("the file has no e-mail address of {id}: put the users into it"));
        }
        address
    }

    /// A zone of theirs; Tokyo's where they name one that there is not.
    fn zone(&mut self, place: &str, name: &str) -> Zone {
        match name.parse::<Tz>() {
            Ok(zone) => Zone(zone),
            Err(_) => {
                self.cannot(place, &format!("the time zone {name:?} is unknown, Asia/Tokyo is taken"));
                Zone(Tz::Asia__Tokyo)
            }
        }
    }

    /// A policy, unless it would page nobody.
    fn policy(&mut self, theirs: &str, owner: Option<String>, passes: u32, steps: Vec<Step>) {
        let steps: Vec<Step> = steps.into_iter().filter(|step| !step.notify.is_empty()).collect();
        if steps.is_empty() {
            self.cannot(theirs, "no step of it pages anybody, it is left out");
            return;
        }
        let name: String = self.name("policy", theirs);
        let passes = Passes::Times(passes.clamp(1, policies::MAX_PASSES));
        self.policies.push(Policy { name, owner, passes, steps });
    }
}

/// A schedule without layers.
fn schedule(name: String, theirs: &str, owner: Option<String>, zone: Zone) -> WrittenSchedule {
    let title: String = theirs.trim().chars().filter(|letter| !letter.is_control()).take(MAX_NAME).collect();
    WrittenSchedule {
        name,
        title: Title { ja: title.clone(), en: title },
        owner,
        zone,
        calendar: JAPAN.to_owned(),
        most_hours: USUAL_MOST_HOURS,
        required: Vec::new(),
        layers: Vec::new(),
    }
}

/// A layer of plain turns.
fn layer(name: &str, unit: WrittenUnit, every: u32, start: Local, members: Vec<WrittenMember>) -> WrittenLayer {
    WrittenLayer {
        name: name.trim().chars().filter(|letter| !letter.is_control()).take(MAX_NAME).collect(),
        role: "primary".to_owned(),
        rank: 0,
        mode: WrittenMode::default(),
        from: None,
        until: None,
        rotation: WrittenRotation {
            unit,
            every: every.max(1),
            start: At(start),
            zone: None,
            members,
            offset: 0,
            advance: WrittenAdvance::default(),
            holidays: WrittenHolidays::default(),
        },
        times: Vec::new(),
    }
}

fn step(wait_ms: i64, notify: Vec<Target>) -> Step {
    let ms: i64 = wait_ms.clamp(policies::SHORTEST_WAIT_MS, policies::LONGEST_WAIT_MS);
    let wait = Wait { ms };
    Step { wait, notify, ack: AckMode::Any, when: When::Always, zone: None, on_empty: OnEmpty::Next }
}

/// The units of a turn of so many seconds; `None` where it is no whole hour.
fn turn(seconds: u32) -> Option<(WrittenUnit, u32)> {
    match seconds {
        0 => None,
        seconds if seconds % WEEK_S == 0 => Some((WrittenUnit::Week, seconds / WEEK_S)),
        seconds if seconds % DAY_S == 0 => Some((WrittenUnit::Day, seconds / DAY_S)),
        seconds if seconds % 3_600 == 0 => Some((WrittenUnit::Hour, seconds / 3_600)),
        _ => None,
    }
}

/// A part of every day.
fn daily(start_s: u32, length_s: u32) -> WrittenTime {
    let end_s: u32 = (start_s + length_s.min(DAY_S)) % DAY_S;
    WrittenTime { on: None, days: Vec::new(), from: Clock(start_s % DAY_S), to: Clock(end_s) }
}

/// A part of the week, from a day on and for as long as a week: cut into parts of days, the alike ones together.
fn weekly(first: Day, start_s: u32, length_s: u32) -> Vec<WrittenTime> {
    let mut times: Vec<WrittenTime> = Vec::new();
    let mut left_s: u32 = length_s.min(WEEK_S);
    let days = Day::ALL.into_iter().cycle().skip(usize::from(first.number()));
    for day in days.take(7) {
        if left_s == 0 {
            break;
        }
        let WrittenTime { from, to, .. } = daily(start_s, left_s);
        match times.iter_mut().find(|time| time.from == from && time.to == to) {
            Some(time) => time.days.push(day),
            None => times.push(WrittenTime { on: None, days: vec![day], from, to }),
        }
        left_s = left_s.saturating_sub(DAY_S);
    }
    times
}

/// What a wall clock of `zone` shows: of a time with an offset, or of one without, which is meant there.
fn local(text: &str, zone: Zone) -> Option<Local> {
    let there: Option<NaiveDateTime> = match DateTime::<FixedOffset>::parse_from_rfc3339(text) {
        Ok(at) => Some(at.with_timezone(&zone.0).naive_local()),
        Err(_) => NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S").ok(),
    };
    there.map(|at| Local(at.and_utc().timestamp())).filter(|local| *local == local.held())
}

/// Whether a wall clock has passed it; to a day, whatever the zone.
fn is_over(local: Local, now: Time) -> bool {
    Time(local.0.saturating_mul(1_000)).plus_ms(86_400_000) < now
}

fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}

fn number(value: &Value, key: &str) -> u32 {
    value.get(key).and_then(Value::as_u64).and_then(|n| u32::try_from(n).ok()).unwrap_or_default()
}

fn list<'v>(value: &'v Value, key: &str) -> &'v [Value] {
    value.get(key).map(elements).unwrap_or_default()
}

/// A list, or the list in an answer (`results`, `data`).
fn elements(value: &Value) -> &[Value] {
    let inner: &Value = value.get("results").or_else(|| value.get("data")).unwrap_or(value);
    inner.as_array().map(Vec::as_slice).unwrap_or_default()
}

fn strings(value: &Value, key: &str) -> Vec<String> {
    list(value, key).iter().filter_map(Value::as_str).map(str::to_owned).collect()
}

fn non_empty(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

#[cfg(test)]
mod tests;
