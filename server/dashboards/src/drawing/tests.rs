//! Dashboards as they are seen, in a world that answers what it was told to.

mod kinds;
mod odd;
mod tuned;

use super::*;
use crate::asked::Ask;
use crate::evaluating::fake::{Fake, HOUR_MS, NOW, asked, board, choosing, line, panel, query};
use crate::needs::Unanswered;
use chart::{Marker, MarkerKind, Plot, Stretch};
use dashboard::{Lines, Link, Offer, Query, Refresh, Row, Said, TroubleKind, Variable};
use futures::executor::block_on;
use model::Time;

fn seen(fake: &Fake, dashboard: &Dashboard, asked: &Asked) -> Shown {
    block_on(show(&fake.needs(), dashboard, asked)).unwrap()
}

/// A panel alone on its dashboard.
fn one(fake: &Fake, panel: Panel) -> ShownPanel {
    seen(fake, &board(vec![panel]), &asked()).rows.remove(0).panels.remove(0)
}

fn plot(panel: &ShownPanel) -> &Plot {
    match &panel.body {
        Body::Figure { figure: Figure::Plot(plot), .. } => plot,
        other => panic!("no plot: {other:?}"),
    }
}

fn names(plot: &Plot) -> Vec<(&str, u8)> {
    plot.series.iter().map(|series| (series.name.as_str(), series.style)).collect()
}

fn lines(expr: &str) -> Panel {
    panel("a", Kind::default(), vec![query(expr, "{{host}}")])
}

#[test]
fn a_dashboard_is_seen_in_the_readers_language_with_what_was_chosen() {
    let host = Variable {
        name: "host".to_owned(),
        offer: Offer::List(vec![("App".to_owned(), "app-01".to_owned())]),
        ..Variable::default()
    };
    let link = Link { title: Said::same("Logs of $host"), href: "/logs?host=$host".to_owned(), keeps_span: true };
    let text = Kind::Text(Said { ja: "**$host** の説明".to_owned(), en: "About **$host**".to_owned() });
    let written = Dashboard {
        title: Said { ja: "ホスト $host".to_owned(), en: "Host $host".to_owned() },
        refresh: Refresh::Every(30_000),
        links: vec![link],
        variables: vec![host],
        ..board(vec![panel("note", text, Vec::new())])
    };
    let shown = seen(&Fake::default(), &written, &Asked { locale: Locale::Ja, ..asked() });
    assert_eq!((shown.title.as_str(), shown.range.as_str(), shown.is_now), ("ホスト app-01", "1h", true));
    assert_eq!((shown.to_ms, shown.from_ms, shown.step_ms), (NOW.0, NOW.0 - HOUR_MS, 10_000));
    assert_eq!(shown.refresh, Refresh::Every(30_000));
    let href = format!("/logs?host=app-01&from={}&to={}", shown.from_ms, shown.to_ms);
    assert_eq!((shown.links[0].title.as_str(), shown.links[0].href.as_str()), ("Logs of app-01", href.as_str()));
    assert_eq!(shown.rows[0].panels[0].body, Body::Text("**app-01** の説明".to_owned()));
    assert_eq!(shown.choices[0].chosen, ["app-01"]);
}

#[test]
fn lines_stand_in_the_order_of_their_queries_and_names() {
    let fake = Fake::default()
        .range("x", vec![line(&[("host", "b")], 10_000, &[1.0]), line(&[("host", "a")], 10_000, &[2.0])])
        .range("y", vec![line(&[("host", "0")], 10_000, &[3.0])]);
    let kind = Kind::Lines(Lines::Stacked);
    let shown = one(&fake, panel("a", kind, vec![query("x", "{{host}}"), query("y", "y {{host}}")]));
    let plot = plot(&shown);
    assert_eq!(names(plot), [("a", 1), ("b", 2), ("y 0", 3)]);
    assert_eq!((plot.gap_ms, plot.stacked, plot.series[0].fill), (30_000, true, true));
    assert_eq!(shown.exprs, ["x", "y"]);
}

#[test]
fn a_query_without_an_answer_is_a_trouble_and_the_others_live_on() {
    let fake = Fake::default()
        .range("x", vec![line(&[("host", "a")], 10_000, &[1.0])])
        .fails("y", &Unanswered::TooMuch("too many samples".to_owned()));
    let shown = one(&fake, panel("a", Kind::default(), vec![query("y", ""), query("x", "{{host}}"), query("z{", "")]));
    assert_eq!(names(plot(&shown)), [("a", 1)]);
    let troubles: Vec<(usize, TroubleKind)> = shown.troubles.iter().map(|trouble| (trouble.query, trouble.kind)).collect();
    assert_eq!(troubles, [(0, TroubleKind::TooMuch), (2, TroubleKind::Syntax)]);
}

#[test]
fn the_past_is_moved_to_now_and_drawn_faintly() {
    let (day_ms, step_ms) = (86_400_000, 10_000);
    let mut found = Vec::new();
    for host in ["a", "b"] {
        let mut with_past = line(&[("host", host)], step_ms, &[1.0, 2.0]);
        with_past.points.insert(0, (NOW.0 - day_ms - step_ms, 5.0));
        with_past.points.insert(1, (NOW.0 - day_ms, 6.0));
        found.push(with_past);
    }
    let shown = one(&Fake::default().range("x", found), Panel { past_ms: Some(day_ms), ..lines("x") });
    let plot = plot(&shown);
    assert_eq!(names(plot), [("a", 1), ("b", 2), ("a (1d ago)", 0), ("b (1d ago)", 0)]);
    assert_eq!(plot.series[2].points, [(NOW.0 - step_ms, 5.0), (NOW.0, 6.0)]);
    assert!(plot.series[2].is_past());
}

#[test]
fn of_many_series_only_the_first_is_compared() {
    let week_ms = 7 * 86_400_000;
    let of = |nth: i32| {
        let mut found = line(&[("host", &format!("h{nth}"))], 10_000, &[1.0]);
        found.points.insert(0, (NOW.0 - week_ms, 5.0));
        found
    };
    let shown = one(&Fake::default().range("x", (0..5).map(of).collect()), Panel { past_ms: Some(week_ms), ..lines("x") });
    let past: Vec<(&str, u8)> = names(plot(&shown)).into_iter().filter(|(_, style)| *style == 0).collect();
    assert_eq!(past, [("h0 (7d ago)", 0)]);
}

#[test]
fn what_went_on_stands_on_every_chart_and_the_worst_alert_on_its_panel() {
    let flag = |ms: i64| Marker { ms, kind: MarkerKind::Flag, severity: 1, label: "I-1".to_owned() };
    let mut fake = Fake::default().range("rate(x_total[1m])", vec![line(&[], 10_000, &[1.0])]);
    let maintenance = Stretch { from_ms: NOW.0 - 60_000, to_ms: NOW.0 + HOUR_MS, label: "move".to_owned() };
    fake.flags = vec![flag(NOW.0 - 60_000), flag(NOW.0 - 2 * HOUR_MS)];
    fake.stretches = vec![maintenance.clone()];
    fake.open = vec![(vec!["x_total".to_owned()], Severity::P2), (vec!["y".to_owned(), "x_total".to_owned()], Severity::P1)];
    let shown = one(&fake, lines("rate(x_total[1m])"));
    assert_eq!(plot(&shown).markers, [flag(NOW.0 - 60_000)]);
    assert_eq!(plot(&shown).stretches, [maintenance]);
    assert_eq!(shown.severity, Some(Severity::P1));
    assert_eq!(one(&fake, lines("z")).severity, None);
}

#[test]
fn one_panel_can_be_had_alone_also_of_a_folded_row() {
    let fake = Fake::default().range("x", vec![line(&[("host", "a")], 10_000, &[1.0])]);
    let mut written = board(vec![lines("x"), panel("b", Kind::default(), vec![query("y", "")])]);
    written.rows[0].is_folded = true;
    let folded = seen(&fake, &written, &asked());
    assert!(folded.rows[0].is_folded && folded.rows[0].panels.iter().all(|panel| panel.body == Body::Empty));
    assert!(fake.heard().is_empty());
    let found = block_on(show_panel(&fake.needs(), &written, &asked(), "a")).unwrap().unwrap();
    assert_eq!(names(plot(&found)), [("a", 1)]);
    assert_eq!(fake.heard(), ["x from -3600000 to 0 by 10000"]);
    assert_eq!(block_on(show_panel(&fake.needs(), &written, &asked(), "absent")).unwrap(), None);
}

#[test]
fn a_panel_that_repeats_asks_for_each_value_with_the_value_in_its_texts() {
    let host = Variable {
        name: "host".to_owned(),
        is_multi: true,
        offer: Offer::LabelValues { label: "host".to_owned(), selector: "up".to_owned(), regex: String::new() },
        ..Variable::default()
    };
    let values = vec!["a".to_owned(), "b\"c".to_owned()];
    let fake = Fake::default()
        .values("host", "up", Ok(values))
        .range("x{host=\"b\\\"c\"}", vec![line(&[("host", "b\"c")], 10_000, &[1.0])]);
    let repeating = Panel { title: Said::same("Of $host"), repeat: Some("host".to_owned()), ..lines("x{host=\"$host\"}") };
    let written = Dashboard { variables: vec![host], ..board(vec![repeating]) };
    let shown = seen(&fake, &written, &choosing(&[("host", &["a", "b\"c"])]));
    let panels: Vec<(&str, &str, bool)> =
        shown.rows[0].panels.iter().map(|panel| (panel.key.as_str(), panel.title.as_str(), panel.body == Body::Empty)).collect();
    assert_eq!(panels, [("a~a", "Of a", true), ("a~b\"c", "Of b\"c", false)]);
}

#[test]
fn nonsense_for_a_span_is_an_error() {
    let asked = Asked { span: Ask::Last("soon".to_owned()), ..asked() };
    let found = block_on(show(&Fake::default().needs(), &board(Vec::new()), &asked));
    assert!(matches!(found, Err(Error::Span(word)) if word == "soon"));
    let between = Asked { span: Ask::Between(Time(5), Time(4)), ..asked };
    assert!(block_on(show_panel(&Fake::default().needs(), &board(Vec::new()), &between, "a")).is_err());
}

#[test]
fn too_many_repeats_are_cut_and_said() {
    let offer = Offer::List((0..500).map(|nth| (nth.to_string(), nth.to_string())).collect());
    let many = Variable { name: "n".to_owned(), is_multi: true, has_all: true, offer, ..Variable::default() };
    let repeating = Panel { repeat: Some("n".to_owned()), ..panel("a", Kind::Text(Said::same("$n")), Vec::new()) };
    let rows = vec![Row { panels: vec![repeating], ..Row::default() }];
    let shown = seen(&Fake::default(), &Dashboard { variables: vec![many], rows, ..board(Vec::new()) }, &asked());
    assert!(shown.is_cut);
    assert_eq!(shown.rows[0].panels.len(), dashboard::MOST_STANDING);
}

#[test]
fn an_instant_query_is_one_point_at_the_end() {
    let fake = Fake::default().instant("x", &[(&[("host", "a")], 4.0)]);
    let instant = Query { is_instant: true, ..query("x", "{{host}}") };
    let shown = one(&fake, panel("a", Kind::Lines(Lines::Points), vec![instant]));
    assert_eq!(plot(&shown).series[0].points, [(NOW.0, 4.0)]);
}
