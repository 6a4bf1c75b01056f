//! Whatever is chosen, a string keeps it as a value, and errors point at what was written.

use super::*;
use crate::values::Chosen;
use promql::ast::{Expr, ExprKind, Matcher};
use proptest::prelude::*;

fn several(values: &[&str]) -> Chosen {
    Chosen::Several(values.iter().map(|value| (*value).to_owned()).collect())
}

fn values() -> Values {
    let mut values = Values::new(1_700_000_000_000, 1_700_003_600_000, 30_000);
    for (name, chosen) in [
        ("host", several(&["a.b", "c|d"])),
        ("one", several(&["a.b"])),
        ("typed", Chosen::One("web.*".to_owned())),
        ("quote", Chosen::One("x\"} or up{a='\\`".to_owned())),
        ("all", Chosen::Any),
        ("none", several(&[])),
    ] {
        values.chosen.insert(name.to_owned(), chosen);
    }
    values
}

#[test]
fn values_are_written_for_where_they_stand() {
    for (text, expected) in [
        ("up{host=~\"$host\"}", "up{host=~\"(a\\\\.b|c\\\\|d)\"}"),
        ("up{host=~\"x-${host}-y\"}", "up{host=~\"x-(a\\\\.b|c\\\\|d)-y\"}"),
        ("up{host=~\"[[one]]\"}", "up{host=~\"a\\\\.b\"}"),
        ("up{host=\"$one\"}", "up{host=\"a.b\"}"),
        ("up{host=~`$one`}", "up{host=~`a\\.b`}"),
        ("up{host=~\"$typed\"}", "up{host=~\"web.*\"}"),
        ("up{host=~\"$all\"}", "up{host=~\".*\"}"),
        ("up{host=~\"$none\"}", "up{host=~\"\"}"),
        ("up{host=~\"${typed:regex}\"}", "up{host=~\"web\\\\.\\\\*\"}"),
        ("up{host=~\"${host:pipe}\"}", "up{host=~\"a.b|c|d\"}"),
        ("up{host=~\"${host:raw}\"}", "up{host=~\"a.b,c|d\"}"),
        ("sum by (${host:csv}) (x)", "sum by (a.b,c|d) (x)"),
        ("f(${one:doublequote})", "f(\"a.b\")"),
        ("rate(x[$__rate_interval])", "rate(x[1m])"),
        ("rate(x[[[__interval]]])", "rate(x[30s])"),
        ("x[$__range] / $__range_s * ${__interval_ms}", "x[1h] / 3600 * 30000"),
        ("label_replace(x, \"a\", \"$1\", \"b\", \"(.*)\")", "label_replace(x, \"a\", \"$1\", \"b\", \"(.*)\")"),
        ("x # $one\n+ $one", "x # $one\n+ a.b"),
        ("up{host=\"\\$one\"}", "up{host=\"\\$one\"}"),
    ] {
        assert_eq!(interpolate(text, &values()).text, expected, "{text}");
    }
}

#[test]
fn titles_list_values_and_addresses_encode_them() {
    assert_eq!(fill_text("Hosts $host, $nobody, 5$", &values()), "Hosts a.b, c|d, $nobody, 5$");
    assert_eq!(fill_address("/d/x?var-host=$one&q=$quote", &values()), "/d/x?var-host=a.b&q=x%22%7D%20or%20up%7Ba%3D%27%5C%60");
    assert_eq!(fill_address("/d/x?${host:queryparam}", &values()), "/d/x?var-host=a.b&var-host=c%7Cd");
}

#[test]
fn what_is_unknown_stays_and_is_told() {
    let filled = interpolate("a{b=\"$nobody\"} + ${typed:date} + f(\"$meant\")", &values());
    assert_eq!(filled.text, "a{b=\"$nobody\"} + ${typed:date} + f(\"$meant\")");
    let told: Vec<(&str, usize, usize, bool)> =
        filled.unknown.iter().map(|one| (one.name.as_str(), one.start, one.end, one.may_be_meant)).collect();
    assert_eq!(told, [("nobody", 5, 12, false), ("typed", 17, 30, false), ("meant", 36, 42, true)]);
}

#[test]
fn the_variables_of_a_text_are_told_without_the_houses_own() {
    let names: Vec<String> = named("a{b=~\"$host\"}[$__range] + ${host:csv} + [[other]] $1 é$last").into_iter().collect();
    assert_eq!(names, ["host", "last", "other"]);
}

#[test]
fn an_error_points_at_what_was_written() {
    let text = "sum(rate(x{host=~\"$host\"}[$__range]) +";
    let filled = interpolate(text, &values());
    let errors = promql::parse(&filled.text).unwrap_err();
    let end: usize = filled.text.len();
    assert!(errors.iter().any(|error| error.span.start == end), "{errors:?}");
    assert_eq!(filled.back(end, end), (text.len(), text.len()));
    let value: usize = filled.text.find("(a").unwrap();
    assert_eq!(filled.back(value + 2, value + 4), (18, 23));
    assert_eq!(filled.back(0, 3), (0, 3));
    let range: usize = filled.text.find("[1h]").unwrap();
    assert_eq!(&text[filled.back(range, range + 4).0..filled.back(range, range + 4).1], "[$__range]");
}

fn only_matcher(text: &str) -> Matcher {
    let expr: Expr = promql::parse(text).unwrap_or_else(|errors| panic!("{text}: {errors:?}"));
    let ExprKind::VectorSelector(selector) = expr.kind else { panic!("{text} is no selector") };
    assert_eq!(selector.matchers.len(), 1, "{text}");
    selector.matchers[0].clone()
}

proptest! {
    #[test]
    fn no_value_leads_out_of_its_string(value in "\\PC{0,20}|[\"'`\\\\{}|$\n\t#a]{0,12}", quote in "[\"'`]") {
        let text = format!("up{{host={quote}$it{quote}}}");
        let filled = interpolate(&text, &Values::default().with("it", Chosen::One(value.clone())));
        let matcher = only_matcher(&filled.text);
        if quote == "`" {
            prop_assert_eq!(matcher.value, value.replace('`', "\u{fffd}"));
        } else {
            prop_assert_eq!(matcher.value, value);
        }
    }

    #[test]
    fn one_of_several_matches_itself_and_nothing_else(value in "[ -~\u{3041}-\u{3093}]{1,12}", quote in "[\"'`]") {
        let text = format!("up{{host=~{quote}$it{quote}}}");
        let filled = interpolate(&text, &Values::default().with("it", Chosen::Several(vec![value.clone()])));
        let found = only_matcher(&filled.text);
        let plain: String = unescaped(&found.value);
        prop_assert_eq!(plain, value);
    }

    #[test]
    fn what_has_no_holes_stays_as_it_is_and_maps_to_itself(text in "[^$\\[]{0,40}", at in 0_usize..40) {
        let filled = interpolate(&text, &values());
        prop_assert_eq!(&filled.text, &text);
        if text.is_char_boundary(at) && at < text.len() {
            prop_assert_eq!(filled.back(at, at + 1), (at, at + 1));
        }
    }

    #[test]
    fn positions_lie_in_the_text_as_written(text in "[a${}\\[\\]_:\"ho é\n#=~st]{0,30}", start in 0_usize..80, length in 0_usize..20) {
        let filled = interpolate(&text, &values());
        let (first, last) = filled.back(start, start + length);
        prop_assert!(first <= last && last <= text.len(), "{first}..{last} of {}", text.len());
    }
}

/// A regular expression of escaped characters alone, as text.
fn unescaped(regex: &str) -> String {
    let mut plain = String::new();
    let mut characters = regex.replace("\\x60", "`").chars().collect::<Vec<char>>().into_iter();
    while let Some(character) = characters.next() {
        plain.extend(if character == '\\' { characters.next() } else { Some(character) });
    }
    plain
}
