//! A tick says what the drawn lines say, under the same names.

use super::*;
use crate::evaluating::fake::{Fake, NOW, asked, board, choosing, line, panel, query};
use dashboard::{Body, Kind, Lines, Offer, Panel, Reduce, Row, Variable};
use futures::executor::block_on;

fn ticked(fake: &Fake, dashboard: &Dashboard, asked: &Asked) -> Vec<(String, Values)> {
    block_on(tick(&fake.needs(), dashboard, asked, NOW))
}

fn lines(id: &str, name: &str) -> Panel {
    panel(id, Kind::Lines(Lines::Area), vec![query("x", name)])
}

#[test]
fn only_lines_in_open_rows_tick() {
    let fake = Fake::default().instant("x", &[(&[("host", "b")], 2.0), (&[("host", "a")], 1.0)]);
    let mut written = board(vec![lines("a", "{{host}}"), panel("stat", Kind::Stat(Reduce::Last), vec![query("x", "")])]);
    written.rows.push(Row { is_folded: true, panels: vec![lines("folded", "")], ..Row::default() });
    let values = vec![("a".to_owned(), 1.0), ("b".to_owned(), 2.0)];
    assert_eq!(ticked(&fake, &written, &asked()), [("a".to_owned(), values)]);
    assert_eq!(fake.heard(), ["x at 0"]);
    let opened = Asked { open_rows: std::collections::BTreeSet::from(["1".to_owned()]), ..asked() };
    let keys: Vec<String> = ticked(&fake, &written, &opened).into_iter().map(|(key, _)| key).collect();
    assert_eq!(keys, ["a", "folded"]);
}

#[test]
fn what_is_no_number_and_what_has_no_answer_does_not_tick() {
    let fake = Fake::default().instant("x", &[(&[("host", "a")], f64::NAN), (&[("host", "b")], f64::INFINITY)]);
    assert!(ticked(&fake, &board(vec![lines("a", "")]), &asked()).is_empty());
    let busy = Fake::default().fails("x", &crate::needs::Unanswered::Busy);
    assert!(ticked(&busy, &board(vec![lines("a", "")]), &asked()).is_empty());
    let nonsense = Asked { span: crate::asked::Ask::Last("soon".to_owned()), ..asked() };
    assert!(ticked(&fake, &board(vec![lines("a", "")]), &nonsense).is_empty());
}

#[test]
fn names_are_those_that_are_drawn() {
    let hosts = ["b", "a\u{202e}"];
    let host = Variable { name: "v".to_owned(), offer: Offer::Text, ..Variable::default() };
    let fake = Fake::default()
        .range("x", hosts.iter().map(|host| line(&[("host", host), ("job", "j")], 10_000, &[1.0])).collect())
        .instant("x", &[(&[("host", "a\u{202e}"), ("job", "j")], 4.0), (&[("host", "b"), ("job", "j")], 3.0)]);
    for name in ["", "{{host}} of $v"] {
        let written = Dashboard { variables: vec![host.clone()], ..board(vec![lines("a", name)]) };
        let asked = choosing(&[("v", &["<b>"])]);
        let shown = block_on(crate::drawing::show(&fake.needs(), &written, &asked)).unwrap();
        let Body::Figure { figure: chart::Figure::Plot(plot), .. } = &shown.rows[0].panels[0].body else { panic!("{shown:?}") };
        let mut plot = plot.clone();
        let (_, values) = ticked(&fake, &written, &asked).remove(0);
        assert!(plot.append(NOW.0 + 10_000, &values), "{values:?}");
        assert_eq!(plot.series[0].points.last(), Some(&(NOW.0 + 10_000, 4.0)));
    }
}

#[test]
fn no_more_tick_than_are_drawn() {
    let hosts: Vec<String> = (0..200).map(|nth| format!("{nth:03}")).collect();
    let labels: Vec<[(&str, &str); 1]> = hosts.iter().map(|host| [("host", host.as_str())]).collect();
    let numbers: Vec<(&[(&str, &str)], f64)> =
        labels.iter().zip(0..).map(|(labels, nth)| (labels.as_slice(), f64::from(nth))).collect();
    let found = ticked(&Fake::default().instant("x", &numbers), &board(vec![lines("a", "{{host}}")]), &asked());
    assert_eq!((found[0].1.len(), found[0].1[0].0.as_str()), (50, "150"));
}
