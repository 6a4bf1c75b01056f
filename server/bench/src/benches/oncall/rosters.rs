//! Twenty schedules with six layers each as a file says them, and the people who take turns in them: what [`super::schedules`] works out
//! without a server, with the holidays of Japan.

use super::schedules::ZONES;
use crate::benches::alerting::console::Console;
use crate::benches::alerting::setup::{self, File};
use crate::error::Error;
use crate::house::House;

pub(super) const SCHEDULES: usize = 20;
const NAMES: [&str; 5] = ["佐藤 健", "鈴木 一葉", "高橋 翔", "田中 みのり", "伊藤 蓮"];
/// A Monday before every run of this bench.
const START: &str = "2026-05-04T09:00";
const OFFICE: &str = "{on: not_holiday, days: [mon, tue, wed, thu, fri], from: \"09:00\", to: \"18:00\"}";
const NIGHT: &str = "{on: daily, from: \"18:00\", to: \"09:00\"}";
const FEAST: &str = "{on: holiday, from: \"00:00\", to: \"24:00\"}";

/// One of six.
struct Layer {
    role: &'static str,
    unit: &'static str,
    /// When it counts; without any, always.
    times: &'static [&'static str],
}

/// Three of each role. Those that come later lie on top; the third adds.
const LAYERS: [Layer; 6] = [
    Layer { role: "primary", unit: "week", times: &[] },
    Layer { role: "primary", unit: "day", times: &[OFFICE, NIGHT] },
    Layer { role: "primary", unit: "hour", times: &[NIGHT, FEAST] },
    Layer { role: "secondary", unit: "month", times: &[] },
    Layer { role: "secondary", unit: "day", times: &[OFFICE] },
    Layer { role: "secondary", unit: "week", times: &[FEAST] },
];
/// Which of them adds, and which moves on with shifts that were worked.
const ADDS: usize = 2;
const MOVES_BY_WORK: usize = 4;
const HOURS: usize = 8;

/// Invites the people and puts the schedules in force; no rule fires meanwhile.
pub(super) async fn keep(house: &House, console: &Console) -> Result<(), Error> {
    for (at, name) in NAMES.into_iter().enumerate() {
        let email: String = email(at);
        let form: [(&str, &str); 3] = [("name", name), ("email", email.as_str()), ("role", "responder")];
        console.call(&house.door.url, "person_invite", &form).await?;
    }
    setup::apply(house, &[setup::no_rules(), file()]).await
}

/// What a schedule is called.
pub(super) fn name(number: usize) -> String {
    format!("bench-{number:02}")
}

fn email(at: usize) -> String {
    format!("person-{at}@example.jp")
}

fn file() -> File {
    let all: String = (0..SCHEDULES).map(schedule).collect();
    ("schedules.yaml", format!("schedules:\n{all}"))
}

/// `number` moves members, lengths and zones.
fn schedule(number: usize) -> String {
    let (name, zone): (String, &str) = (name(number), ZONES[number % ZONES.len()]);
    let layers: String = LAYERS.iter().enumerate().map(|(at, one)| layer(one, at, number)).collect();
    format!(
        "  - name: {name}\n    title: {{ja: 当番 {number:02}, en: Duty {number:02}}}\n    zone: {zone}\n    layers:\n{layers}"
    )
}

fn layer(one: &Layer, at: usize, number: usize) -> String {
    let Layer { role, unit, times } = one;
    let every: usize = if *unit == "hour" { HOURS } else { 1 + number % 2 };
    let members: Vec<String> = (0..NAMES.len()).map(|turn| email((turn + number) % NAMES.len())).collect();
    let offset: u8 = u8::from(*role == "secondary");
    let mode: &str = if at == ADDS { "add" } else { "cut" };
    let advance: &str = if at == MOVES_BY_WORK { "worked_shift" } else { "period" };
    let holidays: &str = ["keep", "keep", "holiday_layer"][(number + at) % 3];
    let (rank, members, times): (usize, String, String) = (at + 1, members.join(", "), times.join(", "));
    format!(
        "      - name: layer {at}\n        role: {role}\n        rank: -{rank}\n        mode: {mode}\n        rotation: {{unit: {unit}, \
         every: {every}, start: {START}, members: [{members}], offset: {offset}, advance: {advance}, holidays: {holidays}}}\n        \
         times: [{times}]\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use oncall::policies::file::PolicyFile;
    use oncall::schedules::file::{WrittenSchedules, read};

    #[test]
    fn what_is_written_keeps_the_laws_of_schedules() {
        let (name, text): File = file();
        let read: WrittenSchedules = read(&[PolicyFile { name: name.to_owned(), text }]).unwrap();
        assert_eq!(read.schedules.len(), SCHEDULES);
        assert!(read.schedules.iter().all(|one| one.layers.len() == LAYERS.len()));
        let last = &read.schedules[SCHEDULES - 1];
        assert_eq!((last.name.as_str(), last.layers[1].times.len(), last.layers[5].rank), ("bench-19", 2, -6));
    }
}
