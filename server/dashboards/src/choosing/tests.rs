//! What stands chosen, and what is offered.

use super::*;
use crate::evaluating::fake::{Fake, asked, board, choosing};
use crate::needs::Unanswered;
use dashboard::{Said, TroubleKind};
use futures::executor::block_on;

fn variable(name: &str, offer: Offer) -> Variable {
    Variable { name: name.to_owned(), offer, ..Variable::default() }
}

fn label_values(label: &str, selector: &str, regex: &str) -> Offer {
    Offer::LabelValues { label: label.to_owned(), selector: selector.to_owned(), regex: regex.to_owned() }
}

fn owned(values: &[&str]) -> Vec<String> {
    values.iter().map(|value| (*value).to_owned()).collect()
}

fn several(values: &[&str]) -> Chosen {
    Chosen::Several(owned(values))
}

fn hosts() -> Fake {
    Fake::default().values("host", "up", Ok(owned(&["app-01", "app-02", "db-01"])))
}

fn chosen(fake: &Fake, variables: Vec<Variable>, asked: &Asked) -> Choices {
    let dashboard = Dashboard { variables, ..board(Vec::new()) };
    let window: Window = Window::of(asked, dashboard.span).unwrap();
    block_on(choose(fake.needs().numbers.as_ref(), &dashboard, asked, &window, 15_000))
}

fn value(choices: &Choices, name: &str) -> Option<Chosen> {
    choices.values.chosen.get(name).cloned()
}

fn offers(choices: &Choices, place: usize) -> Vec<&str> {
    choices.choices[place].offers.iter().map(|(value, _)| value.as_str()).collect()
}

#[test]
fn the_first_is_chosen_unless_something_else_is_usual_or_asked_for() {
    let host = variable("host", label_values("host", "up", ""));
    let usual = Variable { default: owned(&["db-01"]), ..host.clone() };
    let gone = Variable { default: owned(&["app-99"]), ..host.clone() };
    for (variable, wanted, expected) in [
        (&host, &[][..], "app-01"),
        (&host, &["app-02"][..], "app-02"),
        (&host, &["app-02", "db-01"][..], "app-02"),
        (&host, &["", "db-01"][..], "db-01"),
        (&host, &[ALL][..], "app-01"),
        (&usual, &[][..], "db-01"),
        (&gone, &[][..], "app-01"),
        // An old address still means the host it names.
        (&host, &["app-98"][..], "app-98"),
    ] {
        let choices = chosen(&hosts(), vec![variable.clone()], &choosing(&[("host", wanted)]));
        assert_eq!(value(&choices, "host"), Some(several(&[expected])), "{wanted:?}");
        assert_eq!(choices.choices[0].chosen, [expected], "{wanted:?}");
        assert!(offers(&choices, 0).contains(&expected), "{wanted:?}");
    }
}

#[test]
fn several_and_all_are_literal_values() {
    let host = Variable { is_multi: true, has_all: true, ..variable("host", label_values("host", "up", "")) };
    let of = |wanted: &[&str]| chosen(&hosts(), vec![host.clone()], &choosing(&[("host", wanted)]));
    assert_eq!(value(&of(&["db-01", "app-01", "db-01"]), "host"), Some(several(&["db-01", "app-01"])));
    for wanted in [&[][..], &[ALL][..], &["app-01", ALL][..]] {
        let choices = of(wanted);
        assert_eq!(value(&choices, "host"), Some(several(&["app-01", "app-02", "db-01"])), "{wanted:?}");
        assert!(choices.choices[0].is_all && choices.choices[0].chosen.is_empty(), "{wanted:?}");
    }
}

#[test]
fn more_than_can_be_offered_are_anything() {
    let many: Vec<String> = (0..10_000).map(|nth| format!("h{nth:05}")).collect();
    let fake = Fake::default().values("host", "up", Ok(many));
    let host = Variable { has_all: true, ..variable("host", label_values("host", "up", "")) };
    let choices = chosen(&fake, vec![host.clone()], &asked());
    assert_eq!(value(&choices, "host"), Some(Chosen::Any));
    assert_eq!((choices.choices[0].offers.len(), choices.choices[0].is_cut), (MOST_CHOICES, true));
    let beyond = chosen(&fake, vec![host], &choosing(&[("host", &["h09999"])]));
    assert_eq!(beyond.choices[0].offers.len(), MOST_CHOICES);
    assert_eq!(offers(&beyond, 0)[0], "h09999");
}

#[test]
fn a_regular_expression_keeps_what_it_matches_and_of_it_its_group() {
    let of = |regex: &str| {
        let choices = chosen(&hosts(), vec![variable("host", label_values("host", "up", regex))], &asked());
        offers(&choices, 0).into_iter().map(str::to_owned).collect::<Vec<String>>()
    };
    assert_eq!(of("app"), Vec::<String>::new(), "it is anchored");
    assert_eq!(of("app-.*"), ["app-01", "app-02"]);
    assert_eq!(of("(app|db)-.*"), ["app", "db"], "each once");
    assert_eq!(of("(?:app|db)-0?([12])"), ["1", "2"]);
    assert_eq!(of("app|db-01"), ["db-01"], "anchored as a whole");
}

#[test]
fn an_expression_that_is_none_is_a_trouble_of_the_choice() {
    for (selector, regex, kind) in [
        ("up", "(", TroubleKind::Refused),
        ("up", "(?:a{999}){999}", TroubleKind::Refused),
        ("sum(up)", "", TroubleKind::Refused),
        ("up{", "", TroubleKind::Syntax),
        ("up{x=\"$unheard\"}", "", TroubleKind::Syntax),
    ] {
        let choices = chosen(&hosts(), vec![variable("host", label_values("host", selector, regex))], &asked());
        let trouble = choices.choices[0].trouble.clone().unwrap();
        assert_eq!(trouble.kind, kind, "{selector} {regex}: {}", trouble.message);
        assert!(choices.lacks("up{host=\"$host\"}"));
    }
}

#[test]
fn later_choices_know_the_earlier_ones() {
    let fake = Fake::default()
        .values("job", "", Ok(owned(&["api", "web.1"])))
        .values("host", "up{job=\"web.1\"}", Ok(owned(&["h1"])))
        .values("disk", "up", Ok(owned(&["web.1-a", "webx1-b"])));
    let variables = vec![
        variable("job", label_values("job", "", "")),
        variable("host", label_values("host", "up{job=\"$job\"}", "")),
        variable("disk", label_values("disk", "up", "$job-.*")),
    ];
    let choices = chosen(&fake, variables, &choosing(&[("job", &["web.1"])]));
    assert_eq!((offers(&choices, 1), offers(&choices, 2)), (vec!["h1"], vec!["web.1-a"]));
}

#[test]
fn values_may_come_from_a_query() {
    let expr = "count by (code) (http_requests_total)";
    let fake = Fake::default()
        .instant(expr, &[(&[("code", "500")], 1.0), (&[("code", "200")], 2.0), (&[], 1.0), (&[("code", "500")], 3.0)]);
    let code = variable("code", Offer::Query { expr: expr.to_owned(), label: "code".to_owned() });
    let choices = chosen(&fake, vec![code], &asked());
    assert_eq!((offers(&choices, 0), value(&choices, "code")), (vec!["200", "500"], Some(several(&["200"]))));
}

#[test]
fn fixed_lists_take_only_what_they_offer() {
    let list = Offer::List(vec![("ten".to_owned(), "10".to_owned()), ("many".to_owned(), "100".to_owned())]);
    let windows = Offer::Interval(owned(&["1m", "5m"]));
    let of = |offer: &Offer, wanted: &[&str]| {
        chosen(&Fake::default(), vec![variable("v", offer.clone())], &choosing(&[("v", wanted)]))
    };
    assert_eq!(value(&of(&list, &["100"]), "v"), Some(Chosen::One("100".to_owned())));
    assert_eq!(of(&list, &[]).choices[0].offers[0], ("10".to_owned(), "ten".to_owned()));
    assert_eq!(value(&of(&list, &["1) or vector(1"]), "v"), Some(Chosen::One("10".to_owned())));
    assert_eq!(value(&of(&windows, &["9y"]), "v"), Some(Chosen::One("1m".to_owned())));
    let several_of_them = Variable { is_multi: true, ..variable("v", list) };
    let choices = chosen(&Fake::default(), vec![several_of_them], &choosing(&[("v", &["100", "10"])]));
    assert_eq!(value(&choices, "v"), Some(several(&["100", "10"])));
}

#[test]
fn what_is_typed_is_taken_as_it_is() {
    let text = Variable { default: owned(&["a.*"]), label: Said::same("Filter"), ..variable("filter", Offer::Text) };
    let of = |wanted: &[&str]| value(&chosen(&Fake::default(), vec![text.clone()], &choosing(&[("filter", wanted)])), "filter");
    let plain = choosing(&[]);
    assert_eq!(value(&chosen(&Fake::default(), vec![text.clone()], &plain), "filter"), Some(Chosen::One("a.*".to_owned())));
    assert_eq!(of(&[""]), Some(Chosen::One(String::new())), "nothing is an answer too");
    assert_eq!(of(&["<b>|שלום"]), Some(Chosen::One("<b>|שלום".to_owned())));
    let long = "x".repeat(4_097);
    assert_eq!(of(&[&long]), Some(Chosen::One(String::new())));
}

#[test]
fn where_nothing_is_offered_nothing_is_asked_and_a_failure_lets_all_stand() {
    let host = variable("host", label_values("host", "up", ""));
    let with_all = Variable { has_all: true, ..host.clone() };
    for variable in [&host, &with_all] {
        let choices = chosen(&Fake::default(), vec![variable.clone()], &asked());
        assert!(choices.lacks("up{host=~\"${host}\"}") && !choices.lacks("up"));
        assert_eq!(choices.choices[0].trouble, None);
    }
    let busy = Fake::default().values("host", "up", Err(Unanswered::Busy));
    let choices = chosen(&busy, vec![with_all], &asked());
    assert_eq!((value(&choices, "host"), choices.lacks("$host")), (Some(Chosen::Any), false));
    assert_eq!(choices.choices[0].trouble.as_ref().map(|trouble| trouble.kind), Some(TroubleKind::Busy));
    let choices = chosen(&busy, vec![host], &choosing(&[("host", &["app-01"])]));
    assert_eq!(value(&choices, "host"), Some(several(&["app-01"])));
}

#[test]
fn odd_values_are_shown_so_that_they_do_no_harm() {
    let long = "見".repeat(1_365);
    let odd = ["a\u{202e}b", "<script>", long.as_str()];
    let fake = Fake::default().values("host", "up", Ok(owned(&odd)));
    let choices = chosen(&fake, vec![variable("host", label_values("host", "up", ""))], &asked());
    assert_eq!(choices.choices[0].offers[0], ("a\u{202e}b".to_owned(), "ab".to_owned()));
    assert_eq!(choices.choices[0].offers.len(), 3);
    assert_eq!(choices.choices[0].label, "host");
}
