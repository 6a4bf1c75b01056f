//! Schedules as a file: what [`super::file::read`] reads back as the same.

use super::definition::USUAL_MOST_HOURS;
use super::written::{
    Day, NOBODY, WrittenAdvance, WrittenHolidays, WrittenLayer, WrittenMember, WrittenMode, WrittenOn, WrittenRotation,
    WrittenSchedule, WrittenTime,
};
use crate::policies::printer::{indented, item, pair, scalar};

/// The file of these schedules, in their order.
#[must_use]
pub fn print(schedules: &[WrittenSchedule]) -> String {
    if schedules.is_empty() {
        return "schedules: []\n".to_owned();
    }
    let mut lines: Vec<String> = vec!["schedules:".to_owned()];
    for schedule in schedules {
        lines.extend(indented(item(self::schedule(schedule))));
    }
    lines.join("\n") + "\n"
}

fn schedule(schedule: &WrittenSchedule) -> Vec<String> {
    let mut lines: Vec<String> = vec![pair("name", &schedule.name)];
    if !schedule.title.ja.is_empty() || !schedule.title.en.is_empty() {
        lines.push("title:".to_owned());
        let titles = [("ja", &schedule.title.ja), ("en", &schedule.title.en)];
        lines.extend(indented(
            titles.into_iter().filter(|(_, title)| !title.is_empty()).map(|(key, title)| pair(key, title)).collect(),
        ));
    }
    lines.extend(schedule.owner.as_deref().map(|owner| pair("owner", owner)));
    lines.push(pair("zone", &String::from(schedule.zone)));
    lines.push(pair("calendar", &schedule.calendar));
    if schedule.most_hours != USUAL_MOST_HOURS {
        lines.push(format!("most_hours: {}", schedule.most_hours));
    }
    lines.extend(times("required", &schedule.required));
    if schedule.layers.is_empty() {
        lines.push("layers: []".to_owned());
        return lines;
    }
    lines.push("layers:".to_owned());
    for layer in &schedule.layers {
        lines.extend(indented(item(self::layer(layer))));
    }
    lines
}

fn layer(layer: &WrittenLayer) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    if !layer.name.is_empty() {
        lines.push(pair("name", &layer.name));
    }
    lines.push(pair("role", &layer.role));
    if layer.rank != 0 {
        lines.push(format!("rank: {}", layer.rank));
    }
    if layer.mode != WrittenMode::default() {
        lines.push(pair("mode", layer.mode.as_str()));
    }
    lines.extend(layer.from.map(|at| format!("from: {}", at.0)));
    lines.extend(layer.until.map(|at| format!("until: {}", at.0)));
    lines.push("rotation:".to_owned());
    lines.extend(indented(rotation(&layer.rotation)));
    lines.extend(times("times", &layer.times));
    lines
}

fn rotation(rotation: &WrittenRotation) -> Vec<String> {
    let mut lines: Vec<String> = vec![pair("unit", rotation.unit.as_str())];
    if rotation.every != 1 {
        lines.push(format!("every: {}", rotation.every));
    }
    lines.push(format!("start: {}", rotation.start.0));
    lines.extend(rotation.zone.map(|zone| pair("zone", &String::from(zone))));
    if rotation.offset != 0 {
        lines.push(format!("offset: {}", rotation.offset));
    }
    if rotation.advance != WrittenAdvance::default() {
        lines.push(pair("advance", rotation.advance.as_str()));
    }
    if rotation.holidays != WrittenHolidays::default() {
        lines.push(pair("holidays", rotation.holidays.as_str()));
    }
    if rotation.members.is_empty() {
        lines.push("members: []".to_owned());
        return lines;
    }
    lines.push("members:".to_owned());
    lines.extend(rotation.members.iter().map(|member| format!("  - {}", self::member(member))));
    lines
}

fn member(member: &WrittenMember) -> String {
    match member {
        WrittenMember::Person(address) => scalar(address),
        WrittenMember::Group(addresses) => format!("[{}]", list(addresses.iter().map(|address| scalar(address)))),
        WrittenMember::Nobody => NOBODY.to_owned(),
    }
}

fn times(key: &str, times: &[WrittenTime]) -> Vec<String> {
    if times.is_empty() {
        return Vec::new();
    }
    let line = |time: &WrittenTime| format!("  - {{{}}}", self::time(time));
    let mut lines: Vec<String> = vec![format!("{key}:")];
    lines.extend(times.iter().map(line));
    lines
}

fn time(time: &WrittenTime) -> String {
    let mut parts: Vec<String> = Vec::new();
    // Without a word the days say it.
    let said: WrittenOn = if time.days.is_empty() { WrittenOn::Daily } else { WrittenOn::Weekly };
    if let Some(on) = time.on.filter(|on| *on != said) {
        parts.push(format!("\"on\": {}", on.as_str()));
    }
    if !time.days.is_empty() {
        parts.push(format!("days: [{}]", list(time.days.iter().map(|day: &Day| day.as_str().to_owned()))));
    }
    parts.push(format!("from: \"{}\"", time.from));
    parts.push(format!("to: \"{}\"", time.to));
    parts.join(", ")
}

fn list(words: impl Iterator<Item = String>) -> String {
    words.collect::<Vec<String>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policies::Zone;
    use crate::policies::file::PolicyFile;
    use crate::schedules::file;
    use crate::schedules::written::{At, Clock, Title, WrittenUnit};
    use proptest::prelude::*;

    fn reread(schedules: &[WrittenSchedule]) -> Vec<WrittenSchedule> {
        let text: String = print(schedules);
        let files = [PolicyFile { name: "s.yaml".to_owned(), text: text.clone() }];
        file::read(&files).unwrap_or_else(|error| panic!("{error}\n{text}")).schedules
    }

    fn plain() -> WrittenSchedule {
        WrittenSchedule {
            name: "on".to_owned(),
            title: Title { ja: "決済: 夜".to_owned(), en: String::new() },
            owner: Some("決済チーム".to_owned()),
            zone: Zone(chrono_tz::Tz::Asia__Tokyo),
            calendar: "japan".to_owned(),
            most_hours: 120,
            required: vec![WrittenTime {
                on: Some(WrittenOn::NotHoliday),
                days: vec![Day::Mon, Day::Fri],
                from: Clock(32_400),
                to: Clock(86_400),
            }],
            layers: vec![WrittenLayer {
                name: "weekly".to_owned(),
                role: "primary".to_owned(),
                rank: -1,
                mode: WrittenMode::Add,
                from: None,
                until: None,
                rotation: WrittenRotation {
                    unit: WrittenUnit::Week,
                    every: 2,
                    start: At("2026-11-30T10:00".parse().unwrap()),
                    zone: Some(Zone(chrono_tz::Tz::Europe__Berlin)),
                    members: vec![
                        WrittenMember::Person("hana@example.jp".to_owned()),
                        WrittenMember::Group(vec!["ken+x@example.jp".to_owned(), "mei@example.jp".to_owned()]),
                        WrittenMember::Nobody,
                    ],
                    offset: 1,
                    advance: WrittenAdvance::WorkedShift,
                    holidays: WrittenHolidays::Skip,
                },
                times: vec![WrittenTime { on: Some(WrittenOn::Daily), days: Vec::new(), from: Clock(0), to: Clock(0) }],
            }],
        }
    }

    #[test]
    fn a_schedule_is_printed_as_a_person_would_write_it() {
        let expected = "\
schedules:
  - name: \"on\"
    title:
      ja: \"決済: 夜\"
    owner: 決済チーム
    zone: Asia/Tokyo
    calendar: japan
    most_hours: 120
    required:
      - {\"on\": not_holiday, days: [mon, fri], from: \"09:00\", to: \"24:00\"}
    layers:
      - name: weekly
        role: primary
        rank: -1
        mode: add
        rotation:
          unit: week
          every: 2
          start: 2026-11-30T10:00
          zone: Europe/Berlin
          offset: 1
          advance: worked_shift
          holidays: skip
          members:
            - hana@example.jp
            - [\"ken+x@example.jp\", mei@example.jp]
            - nobody
        times:
          - {from: \"00:00\", to: \"00:00\"}
";
        assert_eq!(print(&[plain()]), expected);
        let back: Vec<WrittenSchedule> = reread(&[plain()]);
        assert_eq!(back[0].layers[0].rotation, plain().layers[0].rotation);
        assert_eq!(back[0].required, plain().required);
        assert_eq!(print(&back), expected);
        assert_eq!(print(&[]), "schedules: []\n");
    }

    proptest! {
        #[test]
        fn what_is_printed_is_read_back(
            name in "[a-z][a-z0-9-]{0,20}x",
            title in "[ -~ぁ-ん]{0,20}",
            numbers in (1_u32..=12, -9_i32..=9, 0_u32..86_400, 0_u32..=86_400),
            flags in any::<[bool; 4]>(),
        ) {
            let mut schedule = WrittenSchedule { name, title: Title { ja: String::new(), en: title }, ..plain() };
            let layer = &mut schedule.layers[0];
            (layer.rotation.every, layer.rank) = (numbers.0, numbers.1);
            layer.rotation.holidays = if flags[0] { WrittenHolidays::HolidayLayer } else { WrittenHolidays::Keep };
            layer.rotation.unit = if flags[1] { WrittenUnit::Month } else { WrittenUnit::Day };
            layer.mode = if flags[2] { WrittenMode::Cut } else { WrittenMode::Add };
            let days: Vec<Day> = if flags[3] { vec![Day::Sun] } else { Vec::new() };
            let on = if flags[3] { WrittenOn::Holiday } else { WrittenOn::NotHoliday };
            layer.times = vec![WrittenTime { on: Some(on), days, from: Clock(numbers.2), to: Clock(numbers.3) }];
            prop_assert_eq!(reread(std::slice::from_ref(&schedule)), vec![schedule]);
        }
    }
}
