//! Opsgenie: `GET /v2/schedules?expand=rotation` and `GET /v2/escalations` of its REST API.
//!
//! <https://docs.opsgenie.com/docs/schedule-api> All rotations of a schedule are on call together. A rule of an escalation counts its delay
//! from the beginning; a step of ours counts from the one before it.

use super::{Sheet, daily, elements, is_over, layer, list, local, non_empty, number, schedule, step, text, weekly};
use crate::policies::{Step, Target, Zone};
use crate::schedules::written::{At, Day, WrittenLayer, WrittenMember, WrittenTime, WrittenUnit};
use model::rota::local::Local;
use serde_json::Value;

const MINUTE_MS: i64 = 60_000;

pub(super) fn read(value: &Value, sheet: &mut Sheet) {
    for user in list(value, "users") {
        sheet.people.insert(text(user, "id").to_owned(), text(user, "username").to_owned());
    }
    let named = || ["schedules", "escalations"].into_iter().flat_map(move |key| list(value, key));
    let alone = || value.get("data").filter(|data| data.is_object()).into_iter();
    let all = || elements(value).iter().chain(named()).chain(alone());
    // Schedules first: escalations name them.
    for one in all().filter(|one| one.get("rotations").is_some()) {
        read_schedule(one, sheet);
    }
    for one in all().filter(|one| one.get("rules").is_some()) {
        read_escalation(one, sheet);
    }
}

fn read_schedule(value: &Value, sheet: &mut Sheet) {
    let theirs: &str = text(value, "name");
    let zone: Zone = sheet.zone(theirs, text(value, "timezone"));
    let name: String = sheet.name("schedule", theirs);
    for key in ["id", "name"] {
        sheet.schedule_names.insert(text(value, key).to_owned(), name.clone());
    }
    if value.get("enabled").and_then(Value::as_bool) == Some(false) {
        sheet.cannot(theirs, "it is switched off there, and is not here");
    }
    let mut made = schedule(name, theirs, owner(value), zone);
    for rotation in list(value, "rotations") {
        made.layers.extend(read_rotation(rotation, theirs, zone, sheet));
    }
    sheet.schedules.push(made);
}

fn read_rotation(value: &Value, theirs: &str, zone: Zone, sheet: &mut Sheet) -> Option<WrittenLayer> {
    let place: String = format!("{theirs}, rotation {}", text(value, "name"));
    let end: Option<Local> = local(text(value, "endDate"), zone);
    if end.is_some_and(|end| is_over(end, sheet.now)) {
        return None;
    }
    let Some(start) = local(text(value, "startDate"), zone) else {
        sheet.cannot(&place, "its beginning can't be read, it is left out");
        return None;
    };
    let unit: WrittenUnit = match text(value, "type") {
        "hourly" => WrittenUnit::Hour,
        "daily" => WrittenUnit::Day,
        "weekly" => WrittenUnit::Week,
        other => {
            sheet.cannot(&place, &format!("turns of the kind {other:?} are taken as turns of a week"));
            WrittenUnit::Week
        }
    };
    let members: Vec<WrittenMember> = list(value, "participants").iter().map(|one| member(one, &place, sheet)).collect();
    let mut made: WrittenLayer = layer(text(value, "name"), unit, number(value, "length"), start, members);
    made.until = end.map(At);
    if let Some(restriction) = value.get("timeRestriction").filter(|restriction| restriction.is_object()) {
        made.times = times(restriction);
    }
    Some(made)
}

fn member(value: &Value, place: &str, sheet: &mut Sheet) -> WrittenMember {
    match text(value, "type") {
        "user" => {
            let username: &str = text(value, "username");
            sheet.member(place, if username.is_empty() { text(value, "id") } else { username })
        }
        "none" => WrittenMember::Nobody,
        other => {
            let named: String =
                format!("the participant {} ({other}) can't take turns, nobody does in its place", text(value, "name"));
            sheet.cannot(place, &named);
            WrittenMember::Nobody
        }
    }
}

fn times(value: &Value) -> Vec<WrittenTime> {
    let one = value.get("restriction").into_iter();
    let all = one.chain(list(value, "restrictions"));
    all.flat_map(time).collect()
}

fn time(value: &Value) -> Vec<WrittenTime> {
    let clock = |hour: &str, minute: &str| number(value, hour).min(24) * 3_600 + number(value, minute).min(59) * 60;
    let (start_s, end_s): (u32, u32) = (clock("startHour", "startMin"), clock("endHour", "endMin"));
    let day = |key: &str| Day::ALL.into_iter().find(|day| text(value, key).to_lowercase().starts_with(day.as_str()));
    match (day("startDay"), day("endDay")) {
        (Some(first), Some(last)) => {
            let days: u32 = u32::from((last.number() + 7 - first.number()) % 7);
            let (week_s, until_s): (u32, u32) = (7 * 86_400, days * 86_400 + end_s);
            let length_s: u32 = if until_s > start_s { until_s - start_s } else { week_s + until_s - start_s };
            weekly(first, start_s, length_s)
        }
        _ => vec![daily(start_s, if end_s > start_s { end_s - start_s } else { 86_400 + end_s - start_s })],
    }
}

fn read_escalation(value: &Value, sheet: &mut Sheet) {
    let theirs: &str = text(value, "name");
    let mut rules: Vec<(i64, Vec<Target>)> = Vec::new();
    for rule in list(value, "rules") {
        if text(rule, "condition") == "if-not-closed" {
            sheet.cannot(theirs, "a rule goes on until the alert is closed; here an acknowledgement stops it");
        }
        let targets: Vec<Target> = target(rule, theirs, sheet).into_iter().collect();
        rules.push((delay_ms(rule), targets));
    }
    rules.sort_by_key(|(delay_ms, _)| *delay_ms);
    if let Some((first_ms, _)) = rules.first().filter(|(delay_ms, _)| *delay_ms > 0) {
        sheet
            .cannot(theirs, &format!("the first rule waits {} minutes; here the first step fires at once", first_ms / MINUTE_MS));
    }
    let repeat: Option<&Value> = value.get("repeat").filter(|repeat| repeat.is_object());
    let last_ms: i64 = repeat.map_or(0, |repeat| i64::from(number(repeat, "waitInterval")) * MINUTE_MS);
    let passes: u32 = repeat.map_or(0, |repeat| number(repeat, "count")).saturating_add(1);
    sheet.policy(theirs, owner(value), passes, steps(rules, last_ms));
}

/// Rules of one moment are one step.
fn steps(rules: Vec<(i64, Vec<Target>)>, last_ms: i64) -> Vec<Step> {
    let mut moments: Vec<(i64, Vec<Target>)> = Vec::new();
    for (delay_ms, targets) in rules {
        match moments.last_mut() {
            Some((at_ms, all)) if *at_ms == delay_ms => all.extend(targets),
            _ => moments.push((delay_ms, targets)),
        }
    }
    let next: Vec<Option<i64>> = moments.iter().skip(1).map(|(at_ms, _)| Some(*at_ms)).chain([None]).collect();
    let usual_ms: i64 = if last_ms > 0 { last_ms } else { super::USUAL_WAIT_MS };
    let pairs = moments.into_iter().zip(next);
    pairs.map(|((at_ms, targets), next_ms)| step(next_ms.map_or(usual_ms, |next_ms| next_ms - at_ms), targets)).collect()
}

fn delay_ms(rule: &Value) -> i64 {
    let Some(delay) = rule.get("delay") else { return 0 };
    let amount: i64 = i64::from(number(delay, "timeAmount"));
    match text(delay, "timeUnit") {
        "hours" => amount * 60 * MINUTE_MS,
        "days" => amount * 24 * 60 * MINUTE_MS,
        _ => amount * MINUTE_MS,
    }
}

fn target(rule: &Value, theirs: &str, sheet: &mut Sheet) -> Option<Target> {
    let recipient: &Value = rule.get("recipient")?;
    let (kind, name): (&str, &str) = (text(recipient, "type"), text(recipient, "name"));
    if !matches!(text(rule, "notifyType"), "" | "default") {
        let said: String = format!("of {name} {:?} is told there, here whoever is on call or in it", text(rule, "notifyType"));
        sheet.cannot(theirs, &said);
    }
    match kind {
        "user" => {
            let username: &str = text(recipient, "username");
            sheet.address(theirs, if username.is_empty() { text(recipient, "id") } else { username }).map(Target::Person)
        }
        "schedule" => {
            let known: Option<String> =
                sheet.schedule_names.get(text(recipient, "id")).or_else(|| sheet.schedule_names.get(name)).cloned();
            let schedule: String = known.unwrap_or_else(|| name.to_owned());
            Some(Target::Schedule { schedule, role: "primary".to_owned() })
        }
        "team" => non_empty(name).map(Target::Team),
        other => {
            sheet.cannot(theirs, &format!("the recipient {other:?} is left out"));
            None
        }
    }
}

fn owner(value: &Value) -> Option<String> {
    value.get("ownerTeam").and_then(|team| non_empty(text(team, "name")))
}
