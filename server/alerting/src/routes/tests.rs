//! Who takes an alert, and why.

use super::explain::{Outcome, Step};
use super::file::{self, Definition, Duration};
use super::*;
use crate::rules::RuleFile;
use proptest::prelude::*;

const FILE: &str = "\
calendars:
  - name: nights
    zone: Asia/Tokyo
    windows: [{times: [\"22:00-06:00\"]}]
routes:
  name: all
  channels: [ops]
  group_by: [alertname]
  group_wait: 10s
  routes:
    - name: urgent
      match: ['severity=~\"P0|P1\"']
      channels: [pager]
      group_wait: 0
      continue: true
    - name: database
      match: [\"team=db\"]
      channels: [db]
      routes:
        - name: disks
          match: [\"alertname=disk\"]
          group_by: [host]
          repeat_interval: 1h
        - name: night
          match: [\"severity=P3\"]
          mute_during: [nights]
    - name: web
      match: [\"team=~web.*\"]
      channels: [web]
";

fn read(text: &str) -> Definition {
    file::read(&[RuleFile { name: "routes.yaml".to_owned(), text: text.to_owned() }]).unwrap()
}

fn problems(text: &str) -> Vec<String> {
    let files = [RuleFile { name: "routes.yaml".to_owned(), text: text.to_owned() }];
    file::read(&files).unwrap_err().0.iter().map(ToString::to_string).collect()
}

fn labels(pairs: &[(&str, &str)]) -> Labels {
    Labels::new(pairs.iter().copied())
}

fn paths(tree: &Tree, labels: &Labels) -> Vec<String> {
    tree.takers(labels).into_iter().map(|node| node.path.clone()).collect()
}

#[test]
fn the_first_match_takes_and_continue_asks_on() {
    let tree = read(FILE).tree();
    type Pairs<'a> = &'a [(&'a str, &'a str)];
    let table: [(Pairs<'_>, &[&str]); 7] = [
        (&[("severity", "P2")], &["all"]),
        (&[("severity", "P1")], &["all/urgent"]),
        (&[("severity", "P1"), ("team", "db")], &["all/urgent", "all/database"]),
        (&[("severity", "P2"), ("team", "db"), ("alertname", "disk")], &["all/database/disks"]),
        (&[("severity", "P3"), ("team", "db"), ("alertname", "disk")], &["all/database/disks"]),
        (&[("severity", "P3"), ("team", "db")], &["all/database/night"]),
        (&[("severity", "P0"), ("team", "website")], &["all/urgent", "all/web"]),
    ];
    for (pairs, taken) in table {
        assert_eq!(paths(&tree, &labels(pairs)), taken, "{pairs:?}");
    }
}

#[test]
fn what_a_route_does_not_say_its_parent_says() {
    let tree = read(FILE).tree();
    let disks = tree.node("all/database/disks").unwrap();
    let expected = Settings {
        channels: vec!["db".to_owned()],
        escalation: None,
        group_by: vec!["host".to_owned()],
        group_wait_ms: 10_000,
        group_interval_ms: DEFAULT_GROUP_INTERVAL_MS,
        repeat_interval_ms: 3_600_000,
        send_resolved: true,
    };
    assert_eq!(disks.settings, expected);
    assert_eq!(tree.node("all/urgent").unwrap().settings.group_wait_ms, 0);
    assert_eq!(channels_of(&tree), ["ops", "pager", "db", "web"]);
}

#[test]
fn a_policy_escalates_below_too_until_a_route_says_none() {
    let text = "\
routes:
  name: all
  escalation: payments
  routes:
    - name: db
      match: [team=db]
    - name: quiet
      match: [severity=P3]
      escalation: none
      routes:
        - name: web
          match: [team=web]
          escalation: web
";
    let tree = read(text).tree();
    let policies: Vec<Option<&str>> = tree.nodes().iter().map(|node| node.settings.escalation.as_deref()).collect();
    assert_eq!(policies, [Some("payments"), Some("payments"), None, Some("web")]);
    assert_eq!(read(&super::printer::print(&read(text))), read(text));
}

#[test]
fn groups_are_made_of_the_labels_that_are_named_and_there() {
    let mut settings = Settings { group_by: vec!["host".to_owned(), "absent".to_owned()], ..Settings::default() };
    let all = labels(&[("host", "a"), ("device", "sda")]);
    assert_eq!(settings.group_of(&all), labels(&[("host", "a")]));
    settings.group_by = vec![BY_ALL.to_owned()];
    assert_eq!(settings.group_of(&all), all);
    settings.group_by.clear();
    assert_eq!(settings.group_of(&all), Labels::default());
}

#[test]
fn a_route_is_quiet_as_its_calendars_say() {
    let tree = read(FILE).tree();
    let night = tree.node("all/database/night").unwrap();
    // 1970-01-01 12:00 and 23:00 in Tokyo.
    assert_eq!(tree.quiet(night, Time(3 * 3_600_000)), None);
    let quiet = Quiet { calendar: "nights".to_owned(), until: Some(Time(21 * 3_600_000)) };
    assert_eq!(tree.quiet(night, Time(14 * 3_600_000)), Some(quiet));
    let only_then = read(&FILE.replace("mute_during", "active_during")).tree();
    let night = only_then.node("all/database/night").unwrap();
    assert_eq!(only_then.quiet(night, Time(14 * 3_600_000)), None);
    let quiet = Quiet { calendar: "nights".to_owned(), until: Some(Time(13 * 3_600_000)) };
    assert_eq!(only_then.quiet(night, Time(3 * 3_600_000)), Some(quiet));
}

#[test]
fn the_way_of_an_alert_is_told_turn_by_turn() {
    let tree = read(FILE).tree();
    let steps = tree.explain(&labels(&[("severity", "P3"), ("team", "db"), ("host", "db-01")]), Time(14 * 3_600_000));
    let turns: Vec<(String, &str)> = steps
        .iter()
        .map(|step| match step {
            Step::Route { path, outcome, .. } => (
                path.clone(),
                match outcome {
                    Outcome::Declined => "declined",
                    Outcome::HandedDown => "handed down",
                    Outcome::Taken { quiet: Some(_), .. } => "taken, quiet",
                    Outcome::Taken { .. } => "taken",
                    Outcome::NotAsked { .. } => "not asked",
                },
            ),
            Step::Silenced { .. } | Step::Inhibited { .. } => (String::new(), "muted"),
        })
        .collect();
    let expected = [
        ("all", "handed down"),
        ("all/urgent", "declined"),
        ("all/database", "handed down"),
        ("all/database/disks", "declined"),
        ("all/database/night", "taken, quiet"),
        ("all/web", "not asked"),
    ];
    assert_eq!(turns, expected.map(|(path, turn)| (path.to_owned(), turn)));
    let Step::Route { tests, .. } = &steps[1] else { panic!("a route") };
    assert_eq!((tests[0].found.as_str(), tests[0].holds), ("P3", false));
}

#[test]
fn what_is_ours_can_not_be_measured_into_an_alert() {
    let measured = labels(&[("severity", "P0"), ("alertname", "other"), ("host", "a")]);
    let routed = labels_of(&measured, &RuleId("cpu".to_owned()), Severity::P3);
    assert_eq!((routed.get("severity"), routed.get("alertname"), routed.get("host")), ("P3", "cpu", "a"));
}

#[test]
fn mistakes_are_told_with_their_place() {
    assert_eq!(
        problems(&FILE.replace("[nights]", "[weekends]").replace("channels: [web]", "channels: [\"w b\"]")),
        [
            "routes.yaml:26:25: route all/database/night: expected the name of a calendar, found \"weekends\"",
            "routes.yaml:29:19: route all/web: expected the name of a channel, found \"w b\"",
        ]
    );
    let cases: [(&str, &str); 6] = [
        ("  name: all\n", "  name: all\n  match: [\"a=b\"]\n"),
        ("  group_wait: 10s", "  group_wait: soon"),
        ("team=db", "team"),
        ("name: web", "name: urgent"),
        ("zone: Asia/Tokyo", "zone: Tokyo"),
        ("  group_wait: 10s", "  group_waits: 10s"),
    ];
    for (from, to) in cases {
        assert_eq!(problems(&FILE.replace(from, to)).len(), 1, "{to}");
    }
    let second = RuleFile { name: "more.yaml".to_owned(), text: "routes: {name: x}\n".to_owned() };
    let first = RuleFile { name: "routes.yaml".to_owned(), text: FILE.to_owned() };
    assert_eq!(file::read(&[first, second]).unwrap_err().0.len(), 1);
}

#[test]
fn a_definition_is_stored_as_it_is_written() {
    let definition = read(FILE);
    let json = serde_json::to_value(&definition).unwrap();
    assert_eq!(serde_json::from_value::<Definition>(json).unwrap(), definition);
    assert_eq!(read("{}").tree().nodes().len(), 1, "without routes there is a root");
    assert_eq!(Duration::try_from(crate::calendar::window::Word("1h30m".to_owned())), Ok(Duration(5_400_000)));
    assert!(file::is_routing(FILE) && !file::is_routing("groups: []\n"));
}

/// A tree of up to three levels over the labels a, b and c.
fn any_route() -> impl Strategy<Value = Route> {
    let leaf = ("[abc]=[xy]", any::<bool>()).prop_map(|(matcher, goes_on)| Route {
        matchers: vec![matcher.parse().unwrap()],
        goes_on,
        ..Route::unwritten()
    });
    leaf.prop_recursive(3, 24, 4, |inner| {
        ("[abc]=[xy]", any::<bool>(), prop::collection::vec(inner, 0..4)).prop_map(|(matcher, goes_on, routes)| Route {
            matchers: vec![matcher.parse().unwrap()],
            goes_on,
            routes,
            ..Route::unwritten()
        })
    })
}

/// Alertmanager's `Route.Match`, word for word.
fn reference<'r>(route: &'r Route, labels: &Labels) -> Vec<&'r Route> {
    if !all_hold(&route.matchers, labels) {
        return Vec::new();
    }
    let mut all: Vec<&Route> = Vec::new();
    for child in &route.routes {
        let matches = reference(child, labels);
        let is_some = !matches.is_empty();
        all.extend(matches);
        if is_some && !child.goes_on {
            break;
        }
    }
    if all.is_empty() {
        all.push(route);
    }
    all
}

proptest! {
    #[test]
    fn somebody_always_takes_it_and_the_same_as_in_alertmanager(
        routes in prop::collection::vec(any_route(), 0..4),
        a in "[xy]?",
        b in "[xy]?",
        c in "[xy]?",
    ) {
        let root = Route { routes, ..Route::unwritten() };
        let tree = Tree::new(&root, Calendars::new());
        let labels = Labels::new([("a", a), ("b", b), ("c", c)]);
        let expected: Vec<usize> = reference(&root, &labels).into_iter().map(|route| route.routes.len()).collect();
        let taken = tree.takers(&labels);
        prop_assert!(!taken.is_empty());
        prop_assert_eq!(taken.iter().map(|node| node.children.len()).collect::<Vec<usize>>(), expected);
        let explained = tree.explain(&labels, Time(0)).into_iter();
        let n_taken = explained.filter(|step| matches!(step, Step::Route { outcome: Outcome::Taken { .. }, .. })).count();
        prop_assert_eq!(n_taken, taken.len());
    }
}
