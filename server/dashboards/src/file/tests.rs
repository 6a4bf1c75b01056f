//! Whatever is written is read back, and whatever is wrong is told where it stands.

mod any;

use super::*;
use any::any_dashboards;
use dashboard::{Judge, Kind, Lines, Offer, Panel, Query, Reduce, Said, Variable};
use figures::Unit;
use model::Severity;
use proptest::prelude::*;

fn file(text: &str) -> DashboardFile {
    DashboardFile { name: "a.yaml".to_owned(), text: text.to_owned() }
}

fn one(text: &str) -> Dashboard {
    match read(&[file(text)]) {
        Ok(mut found) if found.len() == 1 => found.remove(0).dashboard,
        Ok(found) => panic!("{} dashboards in\n{text}", found.len()),
        Err(problems) => panic!("{problems}\n{text}"),
    }
}

/// Every problem as it is printed, without the file's name.
fn told(text: &str) -> Vec<String> {
    match read(&[file(text)]) {
        Ok(_) => Vec::new(),
        Err(problems) => problems.0.iter().map(|one| one.to_string().trim_start_matches("a.yaml:").to_owned()).collect(),
    }
}

const WHOLE: &str = r#"dashboards:
  - slug: web
    title: {ja: ウェブ, en: Web}
    tags: [http]
    span: 6h
    refresh: 30s
    links:
      - {title: Hosts, href: /hosts, keeps_span: true}
    variables:
      - name: job
        title: ジョブ
        from: label_values
        label: job
        selector: up
        multi: true
        all: true
      - {name: window, from: interval, values: [1m, 5m], default: 5m}
      - {name: limit, from: list, values: [1, {text: Many, value: 10}]}
    rows:
      - title: {en: Traffic}
        repeat: job
        panels:
          - id: rate
            kind: stacked
            unit: per_second
            queries:
              - sum(rate(x{job=~"$job"}[$window]))
              - {expr: "vector(1)", name: "{{job}}", instant: true}
            thresholds: [">= 80.5 P2", {value: 1, severity: p3, below: true, label: few}]
            legend: [last, p95]
            past: 1w
          - {id: note, kind: text, text: "**a**", width: 24, height: 2}
          - {id: up, kind: stat, reduce: mean, queries: [up], min: 0, max: 1, decimals: 2}
"#;

#[test]
fn a_whole_file_is_read() {
    let web = one(WHOLE);
    assert_eq!(web.title, Said { ja: "ウェブ".to_owned(), en: "Web".to_owned() });
    assert_eq!((web.span.0, web.refresh), (21_600_000, Refresh::Every(30_000)));
    assert!(web.links[0].keeps_span);
    let job = Offer::LabelValues { label: "job".to_owned(), selector: "up".to_owned(), regex: String::new() };
    let expected = Variable {
        name: "job".to_owned(),
        label: Said::same("ジョブ"),
        offer: job,
        is_multi: true,
        has_all: true,
        ..Variable::default()
    };
    assert_eq!(web.variables[0], expected);
    assert_eq!(web.variables[1].default, ["5m"]);
    let choices = vec![("1".to_owned(), "1".to_owned()), ("Many".to_owned(), "10".to_owned())];
    assert_eq!(web.variables[2].offer, Offer::List(choices));
    let row: &Row = &web.rows[0];
    assert_eq!((row.title.en.as_str(), row.repeat.as_deref()), ("Traffic", Some("job")));
    let rate: &Panel = &row.panels[0];
    assert_eq!((&rate.kind, rate.unit, rate.width, rate.height), (&Kind::Lines(Lines::Stacked), Unit::PerSecond, 12, 7));
    let second = Query { expr: "vector(1)".to_owned(), name: "{{job}}".to_owned(), is_instant: true, is_hidden: false };
    assert_eq!(rate.queries[1], second);
    let first = Judge { value: 80.5, severity: Severity::P2, is_below: false, label: Said::default() };
    assert_eq!(rate.judges[0], first);
    assert!(rate.judges[1].is_below);
    assert_eq!(rate.past_ms, Some(604_800_000));
    assert_eq!(row.panels[1].kind, Kind::Text(Said::same("**a**")));
    assert_eq!((&row.panels[2].kind, row.panels[2].max), (&Kind::Stat(Reduce::Mean), Some(1.0)));
}

/// The example of the README is a file that can be applied, and names every key there is.
#[test]
fn the_example_of_the_readme_is_one() {
    let readme: &str = include_str!("../../README.md");
    let example: &str = readme.split_once("```yaml\n").and_then(|(_, rest)| rest.split_once("```")).unwrap().0;
    let web = one(example);
    assert_eq!(to_yaml(&[one(&to_yaml(std::slice::from_ref(&web)))]), to_yaml(&[web]));
    for key in [DASHBOARD_KEYS, ROW_KEYS, panels::PANEL_KEYS, variables::VARIABLE_KEYS].concat() {
        assert!(example.contains(&format!("{key}:")), "{key}");
    }
}

#[test]
fn panels_alone_are_one_row() {
    let short = one("dashboards: [{slug: a, title: A, panels: [{id: up, queries: [up]}]}]");
    assert_eq!((short.rows.len(), short.rows[0].panels.len()), (1, 1));
    assert!(one("dashboards: [{slug: a, title: A}]").rows.is_empty());
}

#[test]
fn an_unknown_field_is_told_with_its_place_and_what_may_be_meant() {
    let text =
        "dashboards:\n  - slug: a\n    titel: A\n    title: A\n    panels:\n      - {id: up, queries: [up], colour: red}\n";
    let told = told(text);
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(told[0].starts_with("3:5: expected one of the keys slug, title, "), "{}", told[0]);
    assert!(told[0].ends_with("(did you mean title?), found \"titel\""), "{}", told[0]);
    assert!(told[1].starts_with("6:33: expected one of the keys id, title, "), "{}", told[1]);
    assert!(told[1].ends_with("limit, found \"colour\""), "{}", told[1]);
}

#[test]
fn what_is_wrong_is_told_where_it_stands() {
    let head = "dashboards:\n  - slug: a\n    title: A\n";
    for (rest, expected) in [
        ("    span: long\n", "4:11: expected a duration such as 30s, 6h or 7d, found \"long\""),
        ("    refresh: often\n", "4:14: expected live, off, or a duration such as 30s, found \"often\""),
        ("    refresh: 1s\n", "4:14: expected live, off, or 5s or more, found \"1000ms\""),
        ("    tags: {a: b}\n", "4:11: expected a list of words, found a mapping"),
        (
            "    panels: [{id: A b, queries: [up]}]\n",
            "4:19: expected 1 to 64 lower-case letters, digits and hyphens, found \"A b\"",
        ),
        ("    panels: [{id: a}]\n", "4:14: expected at least one query, found none"),
        ("    panels: [{id: a, queries: [up], width: 25}]\n", "4:44: expected 1 to 24 columns, found \"25\""),
        ("    panels: [{id: a, queries: [up], width: wide}]\n", "4:44: expected a small whole number, found \"wide\""),
        ("    panels: [{id: a, queries: [up], reduce: max}]\n", "4:37: expected no reduce with kind: line"),
        ("    panels: [{id: a, queries: [up], max: .nan}]\n", "4:42: expected a number, found the number NaN"),
        ("    panels: [{queries: [up]}]\n", "4:14: expected the key \"id\", found none"),
        ("    variables: [{name: a, from: list}]\n", "4:17: expected at least one value, found none"),
        ("    variables: [{name: a, from: label_values}]\n", "4:17: expected the key \"label\", found none"),
        ("    rows: [{repeat: host}]\n", "4:21: expected the name of a variable, found \"host\""),
    ] {
        assert_eq!(told(&format!("{head}{rest}")).first().map(String::as_str), Some(expected), "{rest}");
    }
}

#[test]
fn a_key_twice_is_told_at_the_second() {
    let told = told("dashboards:\n  - slug: a\n    title: A\n    title: B\n");
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].starts_with("4:5: ") && told[0].ends_with("expected each key once, found \"title\" again"), "{}", told[0]);
}

#[test]
fn words_are_told_with_what_may_be_meant() {
    let told = told("dashboards: [{slug: a, title: A, panels: [{id: a, queries: [up], kind: heat_map}]}]");
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].starts_with("1:72: expected one of line, area, "), "{}", told[0]);
    assert!(told[0].ends_with("text (did you mean heatmap?), found \"heat_map\""), "{}", told[0]);
}

#[test]
fn a_mistake_in_an_expression_is_told_at_its_character() {
    for (text, place) in [
        (
            "dashboards:\n  - slug: a\n    title: A\n    panels:\n      - id: a\n        queries:\n          - up{host=\"$hots\"}\n",
            "7:22: ",
        ),
        (
            "dashboards:\n  - slug: a\n    title: A\n    panels:\n      - id: a\n        queries:\n          - expr: |\n              up\n              + $hots\n",
            "9:17: ",
        ),
        (
            "dashboards:\n  - slug: a\n    title: A\n    rows:\n      - panels:\n        - {id: a, queries: [{expr: \"up + $hots\"}]}\n",
            "6:42: ",
        ),
    ] {
        let told = told(text);
        assert_eq!(told.len(), 1, "{told:?}");
        assert!(told[0].starts_with(place), "{} of\n{text}", told[0]);
        assert!(told[0].contains("$hots"), "{}", told[0]);
    }
}

#[test]
fn slugs_stand_once_in_all_files() {
    let text = "dashboards: [{slug: a, title: A}]";
    let other = DashboardFile { name: "b.yaml".to_owned(), text: text.to_owned() };
    let problems = read(&[file(text), other]).unwrap_err();
    assert_eq!(problems.to_string(), "b.yaml:1:21: expected a slug that is not taken, found \"a\", which stands at a.yaml:1");
}

#[test]
fn broken_files_are_refused_and_nothing_panics() {
    for text in [
        "",
        "dashboards",
        "dashboards: 1",
        "dashboards: [1, [], {}]",
        "dashboards: [{slug: [], title: 1, rows: {}, variables: 3, links: [x]}]",
        "dashboards: [{slug: a, title: A, panels: [[], {id: 1, queries: {}, thresholds: [5, [], {value: x}], legend: [5]}]}]",
        "dashboards: [{slug: a, title: A, panels: [], rows: []}]",
        "\u{0}",
        "a: [",
        "groups: []",
        "dashboards: &a [*a]",
    ] {
        assert!(read(&[file(text)]).is_err(), "{text}");
    }
    let deep = format!("dashboards: {}{}", "[".repeat(500), "]".repeat(500));
    assert!(read(&[file(&deep)]).is_err());
    let deeper = format!("dashboards: {}", "[{".repeat(500_000));
    assert!(told(&deeper)[0].contains("brackets"), "{:?}", told(&deeper));
    let large = " ".repeat(MAX_BYTES + 1);
    assert!(told(&large)[0].contains("bytes"));
    let many: String = (0..5_000).map(|number| format!("k{number}: 1\n")).collect();
    assert!(told(&many).len() <= 201);
}

#[test]
fn files_of_others_are_told_apart() {
    for (text, expected) in
        [("dashboards: []", true), ("groups: []", false), ("", false), ("a: [", false), ("- dashboards", false)]
    {
        assert_eq!(is_ours(text), expected, "{text}");
    }
}

#[test]
fn what_is_usual_is_not_written() {
    let text = "dashboards:\n- slug: a\n  title: A\n  panels:\n  - id: up\n    queries:\n    - up\n";
    assert_eq!(to_yaml(&[one(text)]), text);
}

proptest! {
    #[test]
    fn whatever_is_written_is_read_back(dashboards in any_dashboards()) {
        let text: String = to_yaml(&dashboards);
        match read(&[file(&text)]) {
            Ok(found) => {
                let read: Vec<Dashboard> = found.into_iter().map(|one| one.dashboard).collect();
                prop_assert_eq!(&read, &dashboards, "{}", text);
                prop_assert_eq!(to_yaml(&read), text);
            }
            Err(problems) => prop_assert!(false, "{}\n{}", problems, text),
        }
    }

    #[test]
    fn no_text_makes_it_panic(text in "\\PC{0,60}|(dashboards: )?[\\[\\]{}:, a-z\n\\-&*|>\"'0-9.]{0,60}") {
        let _ = read(&[file(&text)]);
        let _ = is_ours(&text);
    }
}
