//! What is printed is read back as the same, whatever it holds.

use super::print;
use crate::calendar::window::{Holidays, Window};
use crate::calendar::{Zone, window};
use crate::inhibition::Inhibition;
use crate::routes::Route;
use crate::routes::file::{self, Definition, Duration, NamedCalendar};
use crate::routes::matchers::{Matcher, Op};
use crate::rules::RuleFile;
use crate::silences::{FileSilence, Kind};
use proptest::prelude::*;

const FILE: &str = "\
calendars:
  - name: nights
    zone: Asia/Tokyo
    windows:
      - times: ['22:00-06:00']
        weekdays: [mon-fri]
        days_of_month: ['-3..-1']
        months: ['12..1']
        holidays: except
      - {}
routes:
  name: all
  channels: [ops]
  group_by: [alertname]
  group_wait: 10s
  routes:
    - name: urgent
      match: ['severity=~\"P0|P1\"']
      continue: true
      channels: [pager, 運用]
      group_wait: 0s
      repeat_interval: 1h30m
    - name: database
      match: ['team=\"db\"']
      channels: []
      send_resolved: false
      mute_during: [nights]
      routes:
        - name: disks
          match: ['alertname=\"disk\"', 'host!~\"db-0.*\"']
          group_by: ['...']
inhibitions:
  - name: silent-host
    source: ['alertname=\"host-silent\"']
    target: ['severity=~\"P2|P3\"']
    equal: [host]
silences:
  - name: move
    kind: maintenance
    match: ['host=\"app-01\"']
    from: '2026-11-22T00:00:00+09:00'
    until: '2026-11-23T00:00:00+09:00'
    during: nights
    comment: 'it''s moved: see #12'
";

fn read(text: &str) -> Definition {
    file::read(&[RuleFile { name: "routes.yaml".to_owned(), text: text.to_owned() }]).unwrap()
}

#[test]
fn a_file_that_is_printed_is_the_file() {
    assert_eq!(print(&read(FILE)), FILE);
}

#[test]
fn nothing_is_printed_as_nothing() {
    assert_eq!(print(&Definition::default()), "{}\n");
    assert_eq!(read(&print(&Definition::default())), Definition::default());
}

#[test]
fn what_yaml_would_misread_is_quoted() {
    for (name, printed) in [
        ("ops", "ops"),
        ("運用", "運用"),
        ("on", "'on'"),
        ("No", "'No'"),
        ("1", "'1'"),
        ("a b", "'a b'"),
        ("it's", "'it''s'"),
        ("", "''"),
        ("- x", "'- x'"),
        ("a\tb\"", "\"a\\U00000009b\\\"\""),
        ("a\nb\u{2028}", "\"a\\nb\\U00002028\""),
    ] {
        assert_eq!(super::scalar(name), printed, "{name:?}");
    }
}

fn any_text() -> impl Strategy<Value = String> {
    let odd = prop::sample::select(vec![
        "true", "null", "~", "1e3", "0x1", "- a", "a: b", "#", "{x}", "[", "'", "\"", "\\n", " ", "\u{85}",
    ]);
    prop_oneof![
        3 => "[a-z0-9_-]{1,8}",
        1 => odd.prop_map(str::to_owned),
        1 => prop::collection::vec(any::<char>(), 0..6).prop_map(|characters| characters.into_iter().collect::<String>()),
    ]
}

fn any_matcher() -> impl Strategy<Value = Matcher> {
    (prop::sample::select(vec![Op::Equal, Op::NotEqual]), any_text())
        .prop_map(|(op, value)| Matcher::new("host", op, &value).unwrap())
}

fn some<T: std::fmt::Debug + Clone + 'static>(one: impl Strategy<Value = T> + 'static) -> BoxedStrategy<Vec<T>> {
    prop::collection::vec(one, 0..3).boxed()
}

fn any_duration() -> impl Strategy<Value = Option<Duration>> {
    prop::option::of((0_i64..=7 * 24 * 3_600_000).prop_map(Duration))
}

fn any_leaf() -> impl Strategy<Value = Route> {
    let who = (
        any_text(),
        some(any_matcher()),
        any::<bool>(),
        prop::option::of(some(any_text())),
        prop::option::of(any_text()),
        prop::option::of(some(any_text())),
    );
    let when =
        (any_duration(), any_duration(), any_duration(), prop::option::of(any::<bool>()), some(any_text()), some(any_text()));
    (who, when).prop_map(|((name, matchers, goes_on, channels, escalation, group_by), when)| {
        let (group_wait, group_interval, repeat_interval, send_resolved, mute_during, active_during) = when;
        Route {
            name,
            matchers,
            goes_on,
            channels,
            escalation,
            group_by,
            group_wait,
            group_interval,
            repeat_interval,
            send_resolved,
            mute_during,
            active_during,
            routes: Vec::new(),
        }
    })
}

fn any_route() -> impl Strategy<Value = Route> {
    any_leaf().prop_recursive(3, 12, 3, |inner| {
        (any_leaf(), prop::collection::vec(inner, 0..3)).prop_map(|(route, routes)| Route { routes, ..route })
    })
}

fn any_window() -> impl Strategy<Value = Window> {
    let times = some(prop::sample::select(vec!["00:00-24:00", "22:00-06:00", "09:30-09:31"]));
    let weekdays = some(prop::sample::select(vec!["mon", "mon-fri", "sat-mon"]));
    let days = some(prop::sample::select(vec!["1", "-1", "-3..-1", "8..14"]));
    let months = some(prop::sample::select(vec!["4", "12..1"]));
    let holidays = prop::option::of(prop::sample::select(vec![Holidays::Only, Holidays::Except]));
    (times, weekdays, days, months, holidays).prop_map(|(times, weekdays, days_of_month, months, holidays)| Window {
        times: times.iter().map(|text| text.parse::<window::Times>().unwrap()).collect(),
        weekdays: weekdays.iter().map(|text| text.parse::<window::Weekdays>().unwrap()).collect(),
        days_of_month: days_of_month.iter().map(|text| text.parse::<window::DaysOfMonth>().unwrap()).collect(),
        months: months.iter().map(|text| text.parse::<window::Months>().unwrap()).collect(),
        holidays,
    })
}

fn any_calendar() -> impl Strategy<Value = NamedCalendar> {
    (any_text(), prop::sample::select(vec!["Asia/Tokyo", "UTC", "Etc/GMT+1"]), some(any_window()))
        .prop_map(|(name, zone, windows)| NamedCalendar { name, zone: Zone::try_from(zone.to_owned()).unwrap(), windows })
}

fn any_inhibition() -> impl Strategy<Value = Inhibition> {
    (any_text(), some(any_matcher()), some(any_matcher()), some(any_text()))
        .prop_map(|(name, source, target, equal)| Inhibition { name, source, target, equal })
}

fn any_silence() -> impl Strategy<Value = FileSilence> {
    let kind = prop::sample::select(vec![Kind::Silence, Kind::Maintenance]);
    (any_text(), kind, some(any_matcher()), any_text(), any_text(), prop::option::of(any_text()), any_text()).prop_map(
        |(name, kind, matchers, from, until, during, comment)| FileSilence { name, kind, matchers, from, until, during, comment },
    )
}

proptest! {
    #[test]
    fn what_is_printed_is_read_as_the_same(
        calendars in some(any_calendar()),
        routes in prop::option::of(any_route()),
        inhibitions in some(any_inhibition()),
        silences in some(any_silence()),
    ) {
        let definition = Definition { calendars, routes, inhibitions, silences };
        let printed = print(&definition);
        let read: Definition = serde_yaml_ng::from_str(&printed).map_err(|error| TestCaseError::fail(format!("{error}\n{printed}")))?;
        prop_assert_eq!(read, definition);
    }
}
