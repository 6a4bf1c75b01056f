//! What Prometheus' documentation and its own tests say of templates.

use super::*;

fn data(value: f64) -> Data {
    Data {
        value,
        labels: Labels::new([("instance", "db-01:9100"), ("job", "node")]),
        external_labels: Labels::new([("cluster", "tokyo")]),
        external_url: "https://mimamori.example".to_owned(),
    }
}

#[test]
fn values_labels_and_pipelines_are_filled_in() {
    let table = [
        ("Instance {{ $labels.instance }} down", "Instance db-01:9100 down"),
        ("{{.Labels.job}}/{{ $externalLabels.cluster }}/{{ $labels.absent }}.", "node/tokyo/."),
        ("{{ $value }}", "0.0371"),
        ("{{ $value | humanizePercentage }} of {{ externalURL }}", "3.71% of https://mimamori.example"),
        ("{{ printf \"%.1f %s %d%%\" $value $labels.job 7.9 }}", "0.0 node 7%"),
        ("{{ $value | printf \"%.2e\" }}", "3.71e-02"),
        ("{{ humanize (printf \"%f\" 1234567) }}", "1.235M"),
        ("a {{- /* said */ -}} b {{- \" c\" }}", "ab c"),
        ("{{ $labels.job | toUpper | title }}{{ stripPort $labels.instance }}", "NODEdb-01"),
        ("{{ if gt $value 0.5 }}high{{ else if eq $labels.job \"x\" \"node\" }}node{{ else }}low{{ end }}!", "node!"),
        ("{{ if and $labels.job (not $labels.absent) }}yes{{ end }}", "yes"),
        ("{{ \"}}\" }}", "}}"),
    ];
    for (text, expected) in table {
        assert_eq!(fill(text, &data(0.0371)), expected, "{text}");
    }
}

#[test]
fn numbers_are_written_as_go_writes_them() {
    for (value, expected) in [
        (1.0, "1"),
        (0.1, "0.1"),
        (1e21, "1e+21"),
        (123_456_789.0, "123456789"),
        (0.000_01, "1e-05"),
        (0.000_12, "0.00012"),
        (f64::NAN, "NaN"),
        (f64::INFINITY, "+Inf"),
    ] {
        assert_eq!(fill("{{ $value }}", &data(value)), expected);
    }
}

#[test]
fn humanized_numbers_are_prometheus_own() {
    let table: [(&str, f64, &str); 14] = [
        ("humanize", 0.0, "0"),
        ("humanize", 1_234_567.0, "1.235M"),
        ("humanize", 0.000_012_346, "12.35u"),
        ("humanize", -999.0, "-999"),
        ("humanize1024", 1_048_576.0, "1Mi"),
        ("humanize1024", 0.5, "0.5"),
        ("humanizePercentage", 0.123_456, "12.35%"),
        ("humanizeDuration", 0.0, "0s"),
        ("humanizeDuration", 61.0, "1m 1s"),
        ("humanizeDuration", 90_061.5, "1d 1h 1m 1s"),
        ("humanizeDuration", 12.345_67, "12.35s"),
        ("humanizeDuration", 0.001_2, "1.2ms"),
        ("humanizeDuration", -3_661.0, "-1h 1m 1s"),
        ("humanizeTimestamp", 1_435_065_584.5, "2015-06-23 13:19:44.5 +0000 UTC"),
    ];
    for (function, value, expected) in table {
        assert_eq!(fill(&format!("{{{{ $value | {function} }}}}"), &data(value)), expected, "{function} {value}");
    }
}

#[test]
fn what_is_not_known_is_refused_by_name() {
    for (text, expected) in [
        ("{{ range query \"up\" }}{{ end }}", GoError::Unknown("range".to_owned())),
        ("{{ query \"up\" | first | value }}", GoError::Unknown("query".to_owned())),
        ("{{ $labels }}", GoError::Unknown("$labels".to_owned())),
        ("{{ $value ", GoError::Unclosed),
        ("{{ if $value }}x", GoError::Open),
        ("{{ end }}", GoError::End("end".to_owned())),
        ("{{ else }}", GoError::End("else".to_owned())),
        ("{{ }}", GoError::Action(String::new())),
        ("{{ ($value }}", GoError::Action("(".to_owned())),
    ] {
        assert_eq!(Template::read(text), Err(expected), "{text}");
    }
}

#[test]
fn a_template_that_fails_says_so_and_is_sent() {
    let failed = fill("{{ $labels.job | humanize }}", &data(1.0));
    assert_eq!(failed, "<error expanding template: \"node\" is no number>");
    assert!(fill("{{ printf \"%.2f\" }}", &data(1.0)).contains("too few values"));
}

#[test]
fn labels_must_not_carry_the_value() {
    let uses = |text: &str| Template::read(text).is_ok_and(|template| template.uses_value());
    assert!(uses("{{ $value }}") && uses("{{ if gt (printf \"%f\" $value) \"1\" }}a{{ end }}"));
    assert!(!uses("{{ $labels.job }}"));
}

proptest::proptest! {
    #[test]
    fn no_text_makes_it_panic(text in "[{}$a-z .|()\"`0-9%-]{0,60}") {
        let _ = fill(&text, &data(1.5));
    }
}
