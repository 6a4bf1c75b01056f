//! PagerDuty: `GET /schedules/{id}` (or a list of such schedules), `GET /escalation_policies`, `GET /users` of its REST API.
//!
//! <https://developer.pagerduty.com/api-reference/> The first of `schedule_layers` is the one that goes before the others.

use super::{Sheet, daily, elements, is_over, layer, list, local, non_empty, number, schedule, step, text, turn, weekly};
use crate::policies::{Step, Target, Zone};
use crate::schedules::written::{Day, WrittenLayer, WrittenMember, WrittenTime, WrittenUnit};
use model::rota::local::Local;
use serde_json::Value;

pub(super) fn read(value: &Value, sheet: &mut Sheet) {
    for user in list(value, "users") {
        let (id, address): (&str, &str) = (text(user, "id"), text(user, "email"));
        if !address.is_empty() {
            sheet.people.insert(id.to_owned(), address.to_owned());
        }
    }
    let alone = value.get("schedule").into_iter();
    let bare = elements(value).iter().filter(|one| one.get("schedule_layers").is_some());
    for one in list(value, "schedules").iter().chain(alone).chain(bare) {
        // Each may still be wrapped as it was answered.
        read_schedule(one.get("schedule").unwrap_or(one), sheet);
    }
    let alone = value.get("escalation_policy").into_iter();
    for one in list(value, "escalation_policies").iter().chain(alone) {
        read_policy(one.get("escalation_policy").unwrap_or(one), sheet);
    }
}

fn read_schedule(value: &Value, sheet: &mut Sheet) {
    let theirs: &str = named(value);
    let zone: Zone = sheet.zone(theirs, text(value, "time_zone"));
    let name: String = sheet.name("schedule", theirs);
    sheet.schedule_names.insert(text(value, "id").to_owned(), name.clone());
    let mut made = schedule(name, theirs, team(value), zone);
    for (rank, layer) in (0_i32..).zip(list(value, "schedule_layers")) {
        if let Some(layer) = read_layer(layer, theirs, zone, sheet) {
            made.layers.push(WrittenLayer { rank, ..layer });
        }
    }
    let overrides: usize = value.get("overrides_subschedule").map_or(0, |sub| list(sub, "rendered_schedule_entries").len());
    if overrides > 0 {
        sheet.cannot(theirs, &format!("{overrides} overrides are left out: make those that are still to come anew"));
    }
    sheet.schedules.push(made);
}

fn read_layer(value: &Value, theirs: &str, zone: Zone, sheet: &mut Sheet) -> Option<WrittenLayer> {
    let place: String = format!("{theirs}, layer {}", text(value, "name"));
    let end: Option<Local> = local(text(value, "end"), zone);
    if end.is_some_and(|end| is_over(end, sheet.now)) {
        return None;
    }
    let start: Option<Local> = local(text(value, "rotation_virtual_start"), zone).or_else(|| local(text(value, "start"), zone));
    let Some(start) = start else {
        sheet.cannot(&place, "its beginning can't be read, it is left out");
        return None;
    };
    let seconds: u32 = number(value, "rotation_turn_length_seconds");
    let (unit, every): (WrittenUnit, u32) = turn(seconds).unwrap_or_else(|| {
        sheet.cannot(&place, &format!("turns of {seconds} s are taken as turns of a week"));
        (WrittenUnit::Week, 1)
    });
    let mut members: Vec<WrittenMember> = Vec::new();
    for entry in list(value, "users") {
        let user: &Value = entry.get("user").unwrap_or(entry);
        if let Some(address) = non_empty(text(user, "email")) {
            sheet.people.insert(text(user, "id").to_owned(), address);
        }
        members.push(sheet.member(&place, text(user, "id")));
    }
    let mut made: WrittenLayer = layer(text(value, "name"), unit, every, start, members);
    made.until = end.map(crate::schedules::written::At);
    made.times = list(value, "restrictions").iter().flat_map(|one| restriction(one, &place, sheet)).collect();
    Some(made)
}

fn restriction(value: &Value, place: &str, sheet: &mut Sheet) -> Vec<WrittenTime> {
    let start_s: u32 = clock(text(value, "start_time_of_day"));
    let length_s: u32 = number(value, "duration_seconds");
    match text(value, "type") {
        "daily_restriction" => vec![daily(start_s, length_s)],
        "weekly_restriction" => {
            // Monday is 1.
            let index: usize = usize::try_from(number(value, "start_day_of_week")).unwrap_or_default();
            match index.checked_sub(1).and_then(|index| Day::ALL.get(index)) {
                Some(day) => weekly(*day, start_s, length_s),
                None => Vec::new(),
            }
        }
        other => {
            sheet.cannot(place, &format!("the restriction {other:?} is left out"));
            Vec::new()
        }
    }
}

/// `08:00:00`
fn clock(text: &str) -> u32 {
    let mut parts = text.split(':').map(|part| part.parse::<u32>().unwrap_or_default());
    let (hour, minute, second) = (parts.next().unwrap_or(0), parts.next().unwrap_or(0), parts.next().unwrap_or(0));
    (hour.min(23)) * 3_600 + minute.min(59) * 60 + second.min(59)
}

fn read_policy(value: &Value, sheet: &mut Sheet) {
    let theirs: &str = named(value);
    let mut steps: Vec<Step> = Vec::new();
    for rule in list(value, "escalation_rules") {
        let targets: Vec<Target> = list(rule, "targets").iter().filter_map(|one| target(one, theirs, sheet)).collect();
        steps.push(step(i64::from(number(rule, "escalation_delay_in_minutes")) * 60_000, targets));
    }
    // How often it begins again, after the first time.
    sheet.policy(theirs, team(value), number(value, "num_loops").saturating_add(1), steps);
}

fn target(value: &Value, theirs: &str, sheet: &mut Sheet) -> Option<Target> {
    let id: &str = text(value, "id");
    match text(value, "type") {
        "user_reference" | "user" => sheet.address(theirs, id).map(Target::Person),
        "schedule_reference" | "schedule" => {
            let known: Option<String> = sheet.schedule_names.get(id).cloned();
            let schedule: String = known.unwrap_or_else(|| {
                sheet.cannot(theirs, &format!("the schedule {} is not in the file, its name is kept", named(value)));
                named(value).to_owned()
            });
            Some(Target::Schedule { schedule, role: "primary".to_owned() })
        }
        other => {
            sheet.cannot(theirs, &format!("the target {other:?} is left out"));
            None
        }
    }
}

fn named(value: &Value) -> &str {
    let name: &str = text(value, "name");
    if name.is_empty() { text(value, "summary") } else { name }
}

fn team(value: &Value) -> Option<String> {
    list(value, "teams").first().and_then(|team| non_empty(named(team)))
}
