//! What is asked, and how often.

use super::*;
use crate::asked::Ask;
use crate::evaluating::fake::{Fake, asked, board, choosing, panel, query};
use dashboard::{Lines, Offer, Reduce, Row, TroubleKind, Variable};
use futures::executor::block_on;

fn planned(fake: &Fake, dashboard: &Dashboard, asked: &Asked, purpose: Purpose<'_>) -> Plan {
    let sheet = block_on(Sheet::of(&fake.needs(), dashboard, asked)).unwrap();
    plan(dashboard, &sheet, purpose)
}

fn lines(id: &str, expr: &str) -> Panel {
    panel(id, Kind::Lines(Lines::Line), vec![query(expr, "")])
}

fn last(length: &str) -> Asked {
    Asked { span: Ask::Last(length.to_owned()), ..asked() }
}

fn panels(plan: &Plan) -> Vec<&PlannedPanel> {
    plan.rows.iter().flat_map(|row| &row.panels).collect()
}

#[test]
fn a_question_is_asked_once_however_many_panels_ask_it() {
    let narrow = Panel { width: 6, ..lines("c", "up") };
    let plan = planned(&Fake::default(), &board(vec![lines("a", "up"), lines("b", "up"), narrow]), &asked(), Purpose::Board);
    let steps: Vec<When> = plan.questions.iter().map(|question| question.when).collect();
    assert_eq!(steps.len(), 2, "{steps:?}");
    let places: Vec<usize> = panels(&plan).iter().map(|panel| panel.queries[0].main).collect();
    assert_eq!(places, [0, 0, 1]);
}

#[test]
fn each_kind_is_asked_at_its_times() {
    let of = |kind: Kind, length: &str| {
        let board = board(vec![Panel { past_ms: Some(86_400_000), ..panel("a", kind, vec![query("up", "")]) }]);
        planned(&Fake::default(), &board, &last(length), Purpose::Board).questions.len()
    };
    assert_eq!(of(Kind::default(), "1h"), 2, "now and the past");
    assert_eq!((of(Kind::Stat(Reduce::Last), "1h"), of(Kind::Stat(Reduce::Last), "7d")), (1, 2));
    assert_eq!((of(Kind::Table, "7d"), of(Kind::HeatMap, "7d"), of(Kind::Histogram, "1h")), (1, 1, 1));
    let instant = Query { is_instant: true, ..query("up", "") };
    let plan = planned(&Fake::default(), &board(vec![panel("a", Kind::default(), vec![instant])]), &asked(), Purpose::Board);
    assert!(matches!(plan.questions[0].when, When::At(_)));
}

#[test]
fn hidden_queries_are_asked_for_tables_only() {
    let hidden = || vec![Query { is_hidden: true, ..query("up", "") }, query("down", "")];
    let plan = planned(&Fake::default(), &board(vec![panel("a", Kind::default(), hidden())]), &asked(), Purpose::Board);
    assert_eq!((plan.questions.len(), panels(&plan)[0].exprs.as_slice()), (1, ["up".to_owned(), "down".to_owned()].as_slice()));
    let plan = planned(&Fake::default(), &board(vec![panel("a", Kind::Table, hidden())]), &asked(), Purpose::Board);
    assert_eq!(plan.questions.len(), 2);
}

#[test]
fn a_folded_row_is_asked_when_it_is_opened_or_one_panel_of_it_is_wanted() {
    let mut folded = board(vec![lines("a", "up"), lines("b", "down")]);
    folded.rows[0].is_folded = true;
    let fake = Fake::default();
    let plan = planned(&fake, &folded, &asked(), Purpose::Board);
    assert!(plan.questions.is_empty() && plan.rows[0].is_folded && plan.rows[0].panels.len() == 2);
    assert_eq!(plan.rows[0].panels[0].exprs, ["up"]);
    let opened = Asked { open_rows: BTreeSet::from(["0".to_owned()]), ..asked() };
    assert_eq!(planned(&fake, &folded, &opened, Purpose::Board).questions.len(), 2);
    let one = planned(&fake, &folded, &asked(), Purpose::Panel("b"));
    assert_eq!((one.questions.len(), panels(&one).len()), (1, 1));
    assert!(planned(&fake, &folded, &asked(), Purpose::Tick).questions.is_empty());
}

#[test]
fn what_repeats_has_keys_and_values_of_its_own() {
    let host = Variable {
        name: "host".to_owned(),
        is_multi: true,
        offer: Offer::List(vec![("a".to_owned(), "a".to_owned()), ("b".to_owned(), "b".to_owned())]),
        ..Variable::default()
    };
    let mut board = board(vec![Panel { repeat: Some("host".to_owned()), ..lines("cpu", "up{host=\"$host\"}") }]);
    board.variables = vec![host];
    board.rows.push(Row {
        repeat: Some("host".to_owned()),
        panels: vec![lines("disk", "up{host=~\"$host\"}")],
        ..Row::default()
    });
    let plan = planned(&Fake::default(), &board, &choosing(&[("host", &["a", "b"])]), Purpose::Board);
    let keys: Vec<&str> = panels(&plan).iter().map(|panel| panel.key.as_str()).collect();
    assert_eq!(keys, ["cpu~a", "cpu~b", "disk~a", "disk~b"]);
    assert_eq!(plan.rows.iter().map(|row| row.key.as_str()).collect::<Vec<&str>>(), ["0", "1~a", "1~b"]);
    assert_eq!(panels(&plan)[1].exprs, ["up{host=\"b\"}"]);
}

#[test]
fn what_is_wrong_is_told_where_it_was_written_and_the_others_are_asked() {
    let board = board(vec![panel(
        "a",
        Kind::default(),
        vec![query("up{", ""), query("x{a=\"$b\"}", ""), query("up[5m]", ""), query("up", "")],
    )]);
    let plan = planned(&Fake::default(), &board, &asked(), Purpose::Board);
    let troubles = &panels(&plan)[0].troubles;
    let kinds: Vec<(usize, TroubleKind)> = troubles.iter().map(|trouble| (trouble.query, trouble.kind)).collect();
    assert_eq!(kinds, [(0, TroubleKind::Syntax), (1, TroubleKind::Syntax), (2, TroubleKind::Refused)]);
    assert_eq!((troubles[1].span, troubles[1].message.as_str()), (Some((5, 7)), "$b names no variable"));
    assert_eq!(plan.questions.len(), 1);
}

#[test]
fn an_expression_that_grows_beyond_all_measure_is_refused() {
    let text = Variable { name: "text".to_owned(), is_multi: true, ..Variable::default() };
    let mut board = board(vec![lines("a", "up{a=~\"$text\"}")]);
    board.variables = vec![text];
    let long: Vec<String> = (0..100).map(|nth| format!("{nth}{}", "x".repeat(4_000))).collect();
    let long: Vec<&str> = long.iter().map(String::as_str).collect();
    let plan = planned(&Fake::default(), &board, &choosing(&[("text", &long)]), Purpose::Board);
    assert_eq!(panels(&plan)[0].troubles[0].kind, TroubleKind::Refused);
    assert!(plan.questions.is_empty());
}

#[test]
fn nothing_is_asked_where_there_is_nothing_to_choose() {
    let offer = Offer::LabelValues { label: "host".to_owned(), selector: String::new(), regex: String::new() };
    let mut board = board(vec![lines("a", "up{host=\"$host\"}"), lines("b", "up")]);
    board.variables = vec![Variable { name: "host".to_owned(), offer, ..Variable::default() }];
    let plan = planned(&Fake::default(), &board, &asked(), Purpose::Board);
    assert_eq!(plan.questions.len(), 1);
    assert!(panels(&plan).iter().all(|panel| panel.troubles.is_empty()));
}

#[test]
fn ten_years_are_a_few_hundred_points() {
    let plan = planned(&Fake::default(), &board(vec![lines("a", "up[$__interval:] or up")]), &last("10y"), Purpose::Board);
    assert_eq!(panels(&plan)[0].troubles.len(), 1, "a subquery gives no instant vector");
    let plan = planned(&Fake::default(), &board(vec![lines("a", "rate(x[$__rate_interval])")]), &last("10y"), Purpose::Board);
    let When::Over { from, to, step_ms } = plan.questions[0].when else { panic!("not over a span") };
    assert!(to.since(from) / step_ms <= 600 && step_ms % 3_600_000 == 0, "{step_ms}");
}
