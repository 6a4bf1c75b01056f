//! Grafana OnCall: `/api/v1/schedules/`, `/on_call_shifts/`, `/users/`, `/teams/`, `/escalation_chains/` and `/escalation_policies/` of its
//! HTTP API, in one object by these names.
//!
//! <https://grafana.com/docs/oncall/latest/oncall-api-reference/> The shift of the greater level goes before the others; those of one level
//! are on call together. Steps of a chain that no wait parts fire at once, so they are one step here.

use super::{Sheet, daily, is_over, layer, list, local, non_empty, number, schedule, step, strings, text, weekly};
use crate::policies::{Step, Target, Zone};
use crate::schedules::written::{At, Day, WrittenLayer, WrittenMember, WrittenTime, WrittenUnit};
use model::rota::local::{Local, weekday};
use serde_json::Value;

const DAY_S: u32 = 86_400;
/// How often a chain is repeated there at most, after the first time.
const REPEATS: u32 = 5;

pub(super) fn read(value: &Value, sheet: &mut Sheet) {
    for user in list(value, "users") {
        sheet.people.insert(text(user, "id").to_owned(), text(user, "email").to_owned());
    }
    for team in list(value, "teams") {
        sheet.team_names.insert(text(team, "id").to_owned(), text(team, "name").to_owned());
    }
    for one in list(value, "schedules") {
        read_schedule(one, list(value, "on_call_shifts"), sheet);
    }
    for chain in list(value, "escalation_chains") {
        read_chain(chain, list(value, "escalation_policies"), sheet);
    }
}

fn read_schedule(value: &Value, shifts: &[Value], sheet: &mut Sheet) {
    let (id, theirs): (&str, &str) = (text(value, "id"), text(value, "name"));
    let zone_name: &str = text(value, "time_zone");
    let zone: Zone = sheet.zone(theirs, if zone_name.is_empty() { "UTC" } else { zone_name });
    let name: String = sheet.name("schedule", theirs);
    sheet.schedule_names.insert(id.to_owned(), name.clone());
    if text(value, "type") == "ical" {
        sheet.cannot(theirs, "it is a calendar kept elsewhere: attach its address to the schedule");
    }
    let mut made = schedule(name, theirs, team(value, sheet), zone);
    let named: Vec<String> = strings(value, "shifts");
    let is_in = |shift: &&Value| named.iter().any(|id| id == text(shift, "id")) || text(shift, "schedule") == id;
    for shift in shifts.iter().filter(is_in) {
        made.layers.extend(read_shift(shift, theirs, zone, sheet));
    }
    sheet.schedules.push(made);
}

fn read_shift(value: &Value, theirs: &str, usual: Zone, sheet: &mut Sheet) -> Option<WrittenLayer> {
    let place: String = format!("{theirs}, shift {}", text(value, "name"));
    let zone: Zone = match text(value, "time_zone") {
        "" => usual,
        name => sheet.zone(&place, name),
    };
    let until: Option<Local> = local(text(value, "until"), zone);
    if until.is_some_and(|until| is_over(until, sheet.now)) {
        return None;
    }
    let Some(start) = local(text(value, "start"), zone) else {
        sheet.cannot(&place, "its beginning can't be read, it is left out");
        return None;
    };
    let unit: WrittenUnit = match text(value, "frequency") {
        "hourly" => WrittenUnit::Hour,
        "daily" => WrittenUnit::Day,
        "monthly" => WrittenUnit::Month,
        _ => WrittenUnit::Week,
    };
    let anchor: Local = local(text(value, "rotation_start"), zone).unwrap_or(start);
    let mut made: WrittenLayer =
        layer(text(value, "name"), unit, number(value, "interval"), anchor, members(value, &place, sheet));
    made.rank = value.get("level").and_then(Value::as_i64).and_then(|level| i32::try_from(level).ok()).map_or(0, |level| -level);
    made.rotation.zone = (zone != usual).then_some(zone);
    made.rotation.offset = i32::try_from(number(value, "start_rotation_from_user_index")).unwrap_or_default();
    made.until = until.map(At);
    if text(value, "type") == "single_event" {
        let end = Local(start.0 + i64::from(number(value, "duration")));
        if is_over(end, sheet.now) {
            return None;
        }
        (made.from, made.until) = (Some(At(start)), Some(At(end)));
    } else {
        made.times = times(value, unit, start, &place, sheet);
    }
    Some(made)
}

fn members(value: &Value, place: &str, sheet: &mut Sheet) -> Vec<WrittenMember> {
    let rolling: &[Value] = list(value, "rolling_users");
    if rolling.is_empty() {
        return vec![sheet.group(place, &strings(value, "users"))];
    }
    let ids = |turn: &Value| -> Vec<String> {
        turn.as_array().map(Vec::as_slice).unwrap_or_default().iter().filter_map(Value::as_str).map(str::to_owned).collect()
    };
    rolling.iter().map(|turn| sheet.group(place, &ids(turn))).collect()
}

/// When a shift is within its turn.
fn times(value: &Value, unit: WrittenUnit, start: Local, place: &str, sheet: &mut Sheet) -> Vec<WrittenTime> {
    let (length_s, every): (u32, u32) = (number(value, "duration"), number(value, "interval").max(1));
    let start_s: u32 = u32::try_from(start.second_of_day()).unwrap_or_default();
    let days: Vec<Day> = strings(value, "by_day").iter().filter_map(|day| by_day(day)).collect();
    let unit_s: u32 = match unit {
        WrittenUnit::Hour => 3_600,
        WrittenUnit::Day => DAY_S,
        WrittenUnit::Week => 7 * DAY_S,
        WrittenUnit::Month => 28 * DAY_S,
    };
    if !list(value, "by_monthday").is_empty() || !list(value, "by_month").is_empty() {
        sheet.cannot(place, "days of a month can't be named here, it counts on all");
    }
    if !days.is_empty() && length_s <= DAY_S {
        return vec![WrittenTime { days, ..daily(start_s, length_s) }];
    }
    if length_s == 0 || length_s >= unit_s.saturating_mul(every) {
        return Vec::new();
    }
    match unit {
        WrittenUnit::Day if every == 1 => vec![daily(start_s, length_s)],
        WrittenUnit::Week if every == 1 && days.len() <= 1 => weekly(first_day(start), start_s, length_s),
        _ => {
            sheet.cannot(place, &format!("{length_s} s of each turn can't be said here, it counts for all of the turn"));
            Vec::new()
        }
    }
}

fn first_day(start: Local) -> Day {
    let number: u8 = weekday(start.day());
    Day::ALL.into_iter().find(|day| day.number() == number).unwrap_or(Day::Mon)
}

/// `MO`
fn by_day(word: &str) -> Option<Day> {
    let word: String = word.to_lowercase();
    Day::ALL.into_iter().find(|day| word.len() == 2 && day.as_str().starts_with(&word))
}

fn read_chain(chain: &Value, policies: &[Value], sheet: &mut Sheet) {
    let (id, theirs): (&str, &str) = (text(chain, "id"), text(chain, "name"));
    let mut parts: Vec<&Value> = policies.iter().filter(|part| text(part, "escalation_chain_id") == id).collect();
    parts.sort_by_key(|part| number(part, "position"));
    let (mut steps, mut passes): (Vec<Step>, u32) = (Vec::new(), 1);
    let mut targets: Vec<Target> = Vec::new();
    for part in parts {
        match text(part, "type") {
            "wait" if targets.is_empty() => sheet.cannot(theirs, "it waits first; here the first step fires at once"),
            "wait" => steps.push(step(i64::from(number(part, "duration")) * 1_000, std::mem::take(&mut targets))),
            "repeat_escalation" => passes = REPEATS + 1,
            _ => targets.extend(notified(part, theirs, sheet)),
        }
    }
    if !targets.is_empty() {
        steps.push(step(super::USUAL_WAIT_MS, targets));
    }
    let owner: Option<String> = team(chain, sheet);
    sheet.policy(theirs, owner, passes, steps);
}

fn notified(part: &Value, theirs: &str, sheet: &mut Sheet) -> Vec<Target> {
    match text(part, "type") {
        "notify_persons" | "notify_person_next_each_time" => {
            let people: Vec<String> =
                [strings(part, "persons_to_notify"), strings(part, "persons_to_notify_next_each_time")].concat();
            if text(part, "type") == "notify_person_next_each_time" {
                sheet.cannot(theirs, "people are told in turns there, here all of them");
            }
            people.iter().filter_map(|id| sheet.address(theirs, id)).map(Target::Person).collect()
        }
        "notify_on_call_from_schedule" => {
            let id: &str = text(part, "notify_on_call_from_schedule");
            let known: Option<String> = sheet.schedule_names.get(id).cloned();
            let schedule: String = known.unwrap_or_else(|| {
                sheet.cannot(theirs, &format!("the schedule {id} is not in the file, its id is kept"));
                id.to_owned()
            });
            vec![Target::Schedule { schedule, role: "primary".to_owned() }]
        }
        "notify_team_members" => {
            let id: &str = text(part, "notify_to_team_members");
            let known: Option<String> = sheet.team_names.get(id).cloned();
            if known.is_none() {
                sheet.cannot(theirs, &format!("the file has no name of the team {id}: put the teams into it"));
            }
            known.into_iter().map(Target::Team).collect()
        }
        other => {
            sheet.cannot(theirs, &format!("the step {other:?} is left out"));
            Vec::new()
        }
    }
}

fn team(value: &Value, sheet: &Sheet) -> Option<String> {
    non_empty(text(value, "team_id")).and_then(|id| sheet.team_names.get(&id).cloned())
}
