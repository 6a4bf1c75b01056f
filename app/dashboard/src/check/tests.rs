//! Each law with a dashboard that keeps it and one that breaks it.

use super::*;
use crate::panel::{Judge, Kind, Lines, Panel, Query};
use crate::sample::any_dashboard;
use crate::series::{Column, Matching, SeriesOverride};
use crate::variable::{Offer, Variable};
use chart::Axis;
use model::Severity;
use proptest::prelude::*;

fn panel(id: &str, expr: &str) -> Panel {
    let query = Query { expr: expr.to_owned(), ..Query::default() };
    Panel { id: id.to_owned(), queries: vec![query], width: 12, height: 6, ..Panel::default() }
}

fn dashboard(panels: Vec<Panel>) -> Dashboard {
    let rows = vec![Row { panels, ..Row::default() }];
    Dashboard { slug: "host".to_owned(), title: Said::same("Host"), rows, ..Dashboard::default() }
}

fn variable(name: &str, offer: Offer) -> Variable {
    Variable { name: name.to_owned(), offer, ..Variable::default() }
}

fn label_values(selector: &str) -> Offer {
    Offer::LabelValues { label: "host".to_owned(), selector: selector.to_owned(), regex: String::new() }
}

/// `path: sentence` for everything that is wrong.
fn told(dashboard: &Dashboard) -> Vec<String> {
    check(dashboard).iter().map(|problem| format!("{}: {}", problem.path, problem.sentence())).collect()
}

/// What is wrong with a panel that has been changed.
fn with_panel(change: impl FnOnce(&mut Panel)) -> Vec<String> {
    let mut panel = panel("cpu", "up");
    change(&mut panel);
    told(&dashboard(vec![panel]))
}

/// What is wrong with a dashboard that has been changed.
fn with(change: impl FnOnce(&mut Dashboard)) -> Vec<String> {
    let mut dashboard = dashboard(vec![panel("cpu", "up")]);
    change(&mut dashboard);
    told(&dashboard)
}

#[test]
fn a_plain_dashboard_is_fine() {
    assert_eq!(with(|_| ()), Vec::<String>::new());
}

#[test]
fn names_and_addresses_are_looked_at() {
    assert_eq!(with(|board| board.slug = "Host 1".to_owned()).len(), 1);
    assert_eq!(with(|board| board.title = Said::default()), ["title: expected a title, found none"]);
    assert_eq!(with(|board| board.tags = vec!["a".to_owned(), "a".to_owned()]).len(), 1);
    assert_eq!(with(|board| board.span.0 = 0).len(), 1);
    assert_eq!(with(|board| board.refresh = Refresh::Every(1_000)).len(), 1);
    for (href, is_fine) in [
        ("/hosts?x=$host", true),
        ("https://example.jp/a", true),
        ("HTTP://example.jp", true),
        ("//example.jp", false),
        ("/\\example.jp", false),
        ("/\t/example.jp", false),
        ("javascript:alert(1)", false),
        ("https://", false),
        ("", false),
    ] {
        let link = Link { href: href.to_owned(), ..Link::default() };
        assert_eq!(with(|board| board.links = vec![link]).is_empty(), is_fine, "{href}");
    }
}

#[test]
fn ids_stand_once_and_sizes_lie_on_the_grid() {
    let twice = dashboard(vec![panel("cpu", "up"), panel("cpu", "up")]);
    assert_eq!(told(&twice), ["rows[0].panels[1].id: expected an id that is not taken, found \"cpu\""]);
    for (width, height, n_wrong) in [(1, 2, 0), (24, 30, 0), (0, 6, 1), (25, 1, 2), (6, 31, 1)] {
        let problems = with_panel(|panel| (panel.width, panel.height) = (width, height));
        assert_eq!(problems.len(), n_wrong, "{width} {height}");
    }
}

#[test]
fn there_is_a_most_of_everything() {
    let many = |n: usize| (0..n).map(|number| panel(&format!("p{number}"), "up")).collect::<Vec<Panel>>();
    assert!(told(&dashboard(many(MOST_PANELS))).is_empty());
    assert_eq!(told(&dashboard(many(MOST_PANELS + 1))), ["rows: expected at most 200 panels, found 201"]);
    assert_eq!(told(&dashboard(many(20_000))).len(), 1);
    let queries = |n: usize| with_panel(|panel| panel.queries = vec![panel.queries[0].clone(); n]);
    assert!(queries(MOST_QUERIES).is_empty());
    assert_eq!(queries(MOST_QUERIES + 1), ["rows[0].panels[0].queries: expected at most 12 queries, found 13"]);
    let variables =
        |n: usize| with(|board| board.variables = (0..n).map(|one| variable(&format!("v{one}"), Offer::Text)).collect());
    assert!(variables(MOST_VARIABLES).is_empty());
    assert_eq!(variables(MOST_VARIABLES + 1), ["variables: expected at most 40 variables, found 41"]);
    assert_eq!(with_panel(|panel| panel.queries[0].expr = format!("{} + 1", "1 + ".repeat(5_000))).len(), 1);
    assert_eq!(with(|board| board.description = Said::same(&"あ".repeat(MOST_TEXT))).len(), 2);
}

#[test]
fn what_is_said_of_series_and_columns_can_be_read_back() {
    let of = |matching: Matching| SeriesOverride { matching, ..SeriesOverride::default() };
    let named = |name: &str| Matching::Name(name.to_owned());
    for (matching, n_wrong) in [
        (named("a"), 0),
        (named(" "), 1),
        (named("/a/"), 1),
        (Matching::Regex("^a$".to_owned()), 0),
        (Matching::Regex(String::new()), 1),
        (Matching::Query(0), 0),
        (Matching::Query(1), 1),
        (named(&"a".repeat(MOST_MATCHING + 1)), 1),
    ] {
        let problems = with_panel(|panel| panel.series = vec![of(matching.clone())]);
        assert_eq!(problems.len(), n_wrong, "{matching:?}: {problems:?}");
    }
    assert_eq!(with_panel(|panel| panel.series = vec![of(named("a")); MOST_OVERRIDES + 1]).len(), 1);
    let column = |name: &str| Column { name: name.to_owned(), ..Column::default() };
    assert!(with_panel(|panel| panel.table.columns = vec![column("host"), column("*")]).is_empty());
    assert_eq!(with_panel(|panel| panel.table.columns = vec![column("")]).len(), 1);
    for (limit, n_wrong) in [(0, 1), (1, 0), (500, 0), (501, 1)] {
        assert_eq!(with_panel(|panel| panel.table.limit = Some(limit)).len(), n_wrong, "{limit}");
    }
}

#[test]
fn an_axis_has_ends_that_can_be_drawn() {
    for (min, max, axis, n_wrong) in [
        (Some(0.0), Some(100.0), Axis::Linear, 0),
        (Some(1.0), Some(1.0), Axis::Linear, 1),
        (None, Some(0.0), Axis::Log, 1),
        (None, Some(0.5), Axis::Log, 0),
        (None, Some(-1.0), Axis::Symlog, 0),
        (Some(f64::NAN), None, Axis::Linear, 1),
        (None, Some(f64::INFINITY), Axis::Log, 1),
    ] {
        let problems = with_panel(|panel| (panel.min, panel.max, panel.axis) = (min, max, axis));
        assert_eq!(problems.len(), n_wrong, "{min:?} {max:?} {axis:?}");
    }
    let judge = Judge { value: f64::NAN, severity: Severity::P1, is_below: false, label: Said::default() };
    assert_eq!(with_panel(|panel| panel.judges = vec![judge]).len(), 1);
    assert_eq!(with_panel(|panel| panel.past_ms = Some(0)).len(), 1);
    assert_eq!(with_panel(|panel| panel.decimals = Some(11)).len(), 1);
}

#[test]
fn a_text_asks_nothing_and_everything_else_asks_something() {
    assert_eq!(with_panel(|panel| panel.kind = Kind::Text(Said::same("# a"))).len(), 1);
    let nothing = with_panel(|panel| panel.queries.clear());
    assert_eq!(nothing, ["rows[0].panels[0].queries: expected at least one query, found none"]);
    assert!(
        with_panel(|panel| {
            panel.kind = Kind::Text(Said::default());
            panel.queries.clear();
        })
        .is_empty()
    );
    assert!(with_panel(|panel| panel.kind = Kind::Lines(Lines::Bars)).is_empty());
}

#[test]
fn what_repeats_names_a_variable_of_which_several_may_be_chosen() {
    let repeating = |variables: Vec<Variable>| {
        with(|board| {
            board.variables = variables;
            board.rows[0].repeat = Some("host".to_owned());
            board.rows[0].panels[0].repeat = Some("host".to_owned());
        })
    };
    let one = variable("host", Offer::Text);
    assert_eq!(repeating(Vec::new()).len(), 2);
    assert_eq!(repeating(vec![one.clone()]).len(), 2);
    assert!(repeating(vec![Variable { is_multi: true, ..one }]).is_empty());
}

#[test]
fn variables_have_names_and_know_only_those_before_them() {
    let of = |variables: Vec<Variable>| with(|board| board.variables = variables);
    for (name, is_fine) in [("host_1", true), ("1host", false), ("__host", false), ("", false), ("ホスト", false), ("a-b", false)]
    {
        assert_eq!(of(vec![variable(name, Offer::Text)]).is_empty(), is_fine, "{name}");
    }
    let (job, host) = (variable("job", Offer::Text), variable("host", label_values("up{job=\"$job\"}")));
    assert!(of(vec![job.clone(), host.clone()]).is_empty());
    let turned = of(vec![host.clone(), job]);
    assert_eq!(turned, ["variables[0].selector: expected a variable that stands before this one, found \"$job\""]);
    assert_eq!(of(vec![host.clone(), host]).len(), 3);
    assert!(of(vec![variable("host", label_values(""))]).is_empty());
    assert_eq!(of(vec![variable("w", Offer::Interval(vec!["5x".to_owned(), "1m".to_owned()]))]).len(), 1);
    assert_eq!(of(vec![variable("w", Offer::Interval(Vec::new()))]).len(), 1);
    let query = Offer::Query { expr: "sum(".to_owned(), label: "host".to_owned() };
    assert!(!of(vec![variable("host", query)]).is_empty());
}

#[test]
fn a_mistake_in_an_expression_is_told_where_it_was_written() {
    let mut board = dashboard(vec![panel("cpu", "sum(rate(x{host=~\"$host\"}[$w])) + )")]);
    board.variables = vec![
        Variable { is_multi: true, ..variable("host", label_values("up")) },
        variable("w", Offer::Interval(vec!["5m".to_owned()])),
    ];
    let problems = check(&board);
    assert_eq!(problems[0].path, "rows[0].panels[0].queries[0].expr");
    assert_eq!(problems[0].at, Some((34, 35)));
    board.rows[0].panels[0].queries[0].expr = "up{host=\"$hots\"}".to_owned();
    let problems = check(&board);
    assert_eq!(problems[0].at, Some((9, 14)));
    assert_eq!(problems[0].sentence(), "expected one of the variables host, w, found $hots");
    board.rows[0].panels[0].queries[0].expr = "up[$w]".to_owned();
    let problems = check(&board);
    assert_eq!(problems[0].sentence(), "expected an expression that gives an instant vector or a scalar, found a range vector");
    assert_eq!(problems[0].at, Some((0, 6)));
}

#[test]
fn a_variable_may_stand_for_a_word_a_number_or_a_window() {
    for expr in [
        "topk($n, sum by ($label) (rate($metric[$window])))",
        "up > $n",
        "up offset $window",
        "{__name__=~\"$metric\"}",
        "label_replace(up, \"a\", \"$1\", \"b\", \"$unknown\")",
        "rate(x[$__rate_interval]) / $__range_s",
    ] {
        let problems = with(|board| {
            let names = ["n", "label", "window"];
            board.variables = names.iter().map(|name| variable(name, Offer::Text)).collect();
            let list = Offer::List(vec![("Up".to_owned(), "up_total".to_owned())]);
            board.variables.push(variable("metric", list));
            board.rows[0].panels[0].queries[0].expr = expr.to_owned();
        });
        assert!(problems.is_empty(), "{expr}: {problems:?}");
    }
}

proptest! {
    #[test]
    fn every_problem_is_said_in_both_languages_and_lies_in_the_text(board in any_dashboard()) {
        for problem in check(&board) {
            prop_assert!(!problem.path.is_empty());
            prop_assert!(!problem.sentence().is_empty());
            prop_assert_eq!(problem.expected.ja.is_empty(), problem.expected.en.is_empty());
            prop_assert!(!problem.expected.is_empty() || !problem.said.ja.is_empty());
            if let Some((start, end)) = problem.at {
                prop_assert!(start <= end && end <= MOST_EXPR);
            }
        }
    }
}
