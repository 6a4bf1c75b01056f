//! Each product's answers as its documentation shows them, shortened.

use super::{Imported, Product, daily, read, weekly};
use crate::policies::file::{self as policy_file, PolicyFile};
use crate::policies::{Passes, Target};
use crate::schedules::file as schedule_file;
use crate::schedules::written::{Clock, Day, WrittenMember, WrittenTime, WrittenUnit};
use model::Time;

/// 2026-11-22.
const NOW: Time = Time(1_795_305_600_000);

fn import(json: &str) -> Imported {
    read(&PolicyFile { name: "export.json".to_owned(), text: json.to_owned() }, NOW).unwrap()
}

/// What is printed can be applied.
fn applies(imported: &Imported) {
    for file in imported.files() {
        if schedule_file::is_schedules(&file.text) {
            schedule_file::read(&[file]).unwrap();
        } else {
            policy_file::read(&[file]).unwrap();
        }
    }
}

fn person(address: &str) -> WrittenMember {
    WrittenMember::Person(address.to_owned())
}

fn on_call(schedule: &str) -> Target {
    Target::Schedule { schedule: schedule.to_owned(), role: "primary".to_owned() }
}

#[test]
fn pager_duty() {
    let imported: Imported = import(
        r#"{
  "users": [{"id": "PXPGF42", "name": "Hana", "email": "hana@example.jp"}],
  "schedules": [{"schedule": {
    "id": "PI7DH85", "type": "schedule", "summary": "Daily Engineering Rotation", "name": "Daily Engineering Rotation",
    "time_zone": "America/New_York",
    "teams": [{"id": "PQ9K7I8", "type": "team_reference", "summary": "Engineering"}],
    "schedule_layers": [
      {"id": "PG68P1M", "name": "Night Shift", "start": "2015-11-06T20:00:00-05:00", "end": null,
       "rotation_virtual_start": "2015-11-06T20:00:00-05:00", "rotation_turn_length_seconds": 86400,
       "users": [{"user": {"id": "PXPGF42", "type": "user_reference", "summary": "Hana"}},
                 {"user": {"id": "PAM4FGS", "type": "user_reference", "summary": "Ken"}}],
       "restrictions": [{"type": "daily_restriction", "start_time_of_day": "08:00:00", "duration_seconds": 32400}]},
      {"id": "PG68P1N", "name": "Weekend", "start": "2015-11-06T20:00:00-05:00",
       "rotation_virtual_start": "2015-11-06T20:00:00-05:00", "rotation_turn_length_seconds": 604800,
       "users": [{"user": {"id": "PXPGF42"}}],
       "restrictions": [{"type": "weekly_restriction", "start_day_of_week": 5, "start_time_of_day": "18:00:00", "duration_seconds": 223200}]},
      {"id": "PG68P1O", "name": "Old", "end": "2020-01-01T00:00:00Z", "rotation_virtual_start": "2015-11-06T20:00:00-05:00",
       "rotation_turn_length_seconds": 604800, "users": [], "restrictions": []}
    ]}}],
  "escalation_policies": [{
    "id": "PANZZEQ", "name": "Engineering Escalation Policy", "num_loops": 2,
    "escalation_rules": [
      {"id": "PANZZE0", "escalation_delay_in_minutes": 30, "targets": [{"id": "PI7DH85", "type": "schedule_reference"}]},
      {"id": "PANZZE1", "escalation_delay_in_minutes": 10, "targets": [{"id": "PXPGF42", "type": "user_reference"}]}],
    "teams": []}]
}"#,
    );
    assert_eq!(imported.from, Product::PagerDuty);
    let schedule = &imported.schedules[0];
    assert_eq!(
        (schedule.name.as_str(), schedule.title.en.as_str()),
        ("Daily-Engineering-Rotation", "Daily Engineering Rotation")
    );
    assert_eq!(schedule.owner.as_deref(), Some("Engineering"));
    let [night, weekend] = &schedule.layers[..] else { panic!("{schedule:?}") };
    assert_eq!((night.rotation.unit, night.rotation.every, night.rank), (WrittenUnit::Day, 1, 0));
    assert_eq!(night.rotation.start.0.to_string(), "2015-11-06T20:00", "on the clock of New York");
    assert_eq!(night.rotation.members, [person("hana@example.jp"), WrittenMember::Nobody]);
    assert_eq!(night.times, [daily(8 * 3_600, 9 * 3_600)]);
    assert_eq!((weekend.rank, weekend.times.clone()), (1, weekly(Day::Fri, 18 * 3_600, 223_200)));
    let policy = &imported.policies[0];
    assert_eq!((policy.name.as_str(), policy.passes), ("Engineering-Escalation-Policy", Passes::Times(3)));
    assert_eq!(policy.steps[0].notify, [on_call("Daily-Engineering-Rotation")]);
    assert_eq!((policy.steps[0].wait.ms, policy.steps[1].wait.ms), (30 * 60_000, 10 * 60_000));
    assert_eq!(
        imported.unmapped,
        ["Daily Engineering Rotation, layer Night Shift: the file has no e-mail address of PAM4FGS: put the users into it"]
    );
    applies(&imported);
}

#[test]
fn opsgenie() {
    let imported: Imported = import(
        r#"{"schedules": {"data": [{
  "id": "d875e654-9b4e-4219-a803-0c26936d18de", "name": "決済 当番", "timezone": "Asia/Tokyo", "enabled": true,
  "ownerTeam": {"id": "1", "name": "決済チーム"},
  "rotations": [{
    "id": "7855", "name": "平日", "startDate": "2026-11-30T01:00:00Z", "type": "weekly", "length": 1,
    "participants": [{"type": "user", "username": "hana@example.jp"}, {"type": "none"}, {"type": "team", "name": "web"}],
    "timeRestriction": {"type": "weekday-and-time-of-day", "restrictions": [
      {"startDay": "monday", "startHour": 9, "startMin": 0, "endDay": "friday", "endHour": 18, "endMin": 30}]}}]}]},
"escalations": {"data": [{
  "id": "e", "name": "none", "ownerTeam": {"id": "1", "name": "決済チーム"},
  "rules": [
    {"condition": "if-not-acked", "notifyType": "default", "delay": {"timeAmount": 10, "timeUnit": "minutes"},
     "recipient": {"type": "user", "id": "u", "username": "ken@example.jp"}},
    {"condition": "if-not-acked", "notifyType": "default", "delay": {"timeAmount": 0, "timeUnit": "minutes"},
     "recipient": {"type": "schedule", "id": "d875e654-9b4e-4219-a803-0c26936d18de", "name": "決済 当番"}},
    {"condition": "if-not-closed", "notifyType": "all", "delay": {"timeAmount": 10, "timeUnit": "minutes"},
     "recipient": {"type": "team", "id": "1", "name": "決済チーム"}}],
  "repeat": {"waitInterval": 20, "count": 1}}]}}"#,
    );
    assert_eq!(imported.from, Product::Opsgenie);
    let schedule = &imported.schedules[0];
    assert_eq!(
        (schedule.name.as_str(), schedule.layers[0].rotation.start.0.to_string().as_str()),
        ("決済-当番", "2026-11-30T10:00")
    );
    assert_eq!(schedule.layers[0].rotation.members, [person("hana@example.jp"), WrittenMember::Nobody, WrittenMember::Nobody]);
    let days = |days: &[Day], from: u32, to: u32| WrittenTime { on: None, days: days.to_vec(), from: Clock(from), to: Clock(to) };
    let whole = days(&[Day::Mon, Day::Tue, Day::Wed, Day::Thu], 32_400, 32_400);
    assert_eq!(schedule.layers[0].times, [whole, days(&[Day::Fri], 32_400, 66_600)]);
    let policy = &imported.policies[0];
    assert_eq!((policy.name.as_str(), policy.passes), ("policy", Passes::Times(2)), "none is a word of routes");
    assert_eq!(policy.steps[0].notify, [on_call("決済-当番")]);
    let later = [Target::Person("ken@example.jp".to_owned()), Target::Team("決済チーム".to_owned())];
    assert_eq!(policy.steps[1].notify, later);
    assert_eq!((policy.steps[0].wait.ms, policy.steps[1].wait.ms), (10 * 60_000, 20 * 60_000));
    assert_eq!(imported.unmapped.len(), 3, "{:?}", imported.unmapped);
    applies(&imported);
}

#[test]
fn grafana_on_call() {
    let imported: Imported = import(
        r#"{
  "users": {"results": [{"id": "U1", "email": "hana@example.jp"}, {"id": "U2", "email": "ken@example.jp"}, {"id": "U3", "email": "mei@example.jp"}]},
  "teams": [{"id": "T1", "name": "web"}],
  "schedules": {"results": [{"id": "S1", "name": "Web", "type": "web", "team_id": "T1", "time_zone": "Europe/Berlin", "shifts": ["O1", "O2", "O3"]}]},
  "on_call_shifts": {"results": [
    {"id": "O1", "name": "week", "type": "rolling_users", "start": "2026-11-30T09:00:00", "rotation_start": "2026-11-30T09:00:00",
     "duration": 604800, "frequency": "weekly", "interval": 1, "level": 1, "rolling_users": [["U1"], ["U2", "U3"]], "by_day": null},
    {"id": "O2", "name": "days", "type": "recurrent_event", "start": "2026-11-30T09:00:00", "duration": 28800, "frequency": "weekly",
     "interval": 1, "level": 2, "users": ["U2"], "by_day": ["MO", "FR"], "time_zone": "UTC"},
    {"id": "O3", "name": "once", "type": "single_event", "start": "2026-12-24T00:00:00", "duration": 86400, "level": 9, "users": ["U3"]},
    {"id": "O4", "name": "other", "type": "single_event", "start": "2026-12-24T00:00:00", "duration": 86400, "users": ["U3"]}]},
  "escalation_chains": {"results": [{"id": "F1", "name": "default", "team_id": "T1"}]},
  "escalation_policies": {"results": [
    {"id": "E3", "escalation_chain_id": "F1", "position": 2, "type": "notify_persons", "persons_to_notify": ["U1", "U3"]},
    {"id": "E1", "escalation_chain_id": "F1", "position": 0, "type": "notify_on_call_from_schedule", "notify_on_call_from_schedule": "S1"},
    {"id": "E2", "escalation_chain_id": "F1", "position": 1, "type": "wait", "duration": 900},
    {"id": "E4", "escalation_chain_id": "F1", "position": 3, "type": "trigger_webhook"},
    {"id": "E5", "escalation_chain_id": "F1", "position": 4, "type": "repeat_escalation"}]}
}"#,
    );
    assert_eq!(imported.from, Product::GrafanaOnCall);
    let layers = &imported.schedules[0].layers;
    assert_eq!(
        layers.iter().map(|layer| (layer.name.as_str(), layer.rank)).collect::<Vec<_>>(),
        [("week", -1), ("days", -2), ("once", -9)]
    );
    let pair = WrittenMember::Group(vec!["ken@example.jp".to_owned(), "mei@example.jp".to_owned()]);
    assert_eq!(layers[0].rotation.members, [person("hana@example.jp"), pair]);
    assert!(layers[0].times.is_empty());
    assert_eq!(layers[1].times, [WrittenTime { days: vec![Day::Mon, Day::Fri], ..daily(9 * 3_600, 8 * 3_600) }]);
    assert!(layers[1].rotation.zone.is_some());
    assert_eq!(layers[2].until.map(|at| at.0.to_string()).as_deref(), Some("2026-12-25T00:00"));
    let policy = &imported.policies[0];
    assert_eq!((policy.owner.as_deref(), policy.passes), (Some("web"), Passes::Times(6)));
    assert_eq!((policy.steps[0].notify.clone(), policy.steps[0].wait.ms), (vec![on_call("Web")], 900_000));
    assert_eq!(policy.steps[1].notify.len(), 2);
    assert_eq!(imported.unmapped, ["default: the step \"trigger_webhook\" is left out"]);
    applies(&imported);
}

#[test]
fn what_is_no_export_is_refused() {
    let refused =
        |text: &str| read(&PolicyFile { name: "x.json".to_owned(), text: text.to_owned() }, NOW).unwrap_err().to_string();
    assert!(refused("{\"a\":").starts_with("x.json:1:"), "{}", refused("{\"a\":"));
    assert!(refused("[]").contains("expected schedules or escalation policies"));
}

#[test]
fn a_part_of_a_week_is_cut_into_parts_of_days() {
    let two = weekly(Day::Sat, 22 * 3_600, 36 * 3_600);
    assert_eq!(two.len(), 2);
    assert_eq!((two[0].days.clone(), two[0].from, two[0].to), (vec![Day::Sat], Clock(79_200), Clock(79_200)));
    assert_eq!((two[1].days.clone(), two[1].from, two[1].to), (vec![Day::Sun], Clock(79_200), Clock(36_000)));
    let week = weekly(Day::Wed, 0, 7 * 86_400);
    assert_eq!((week.len(), week[0].days.len()), (1, 7));
}
