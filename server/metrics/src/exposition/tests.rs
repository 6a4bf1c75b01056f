//! Both formats by tables: what is read, what is refused and where.

use proptest::prelude::*;

use super::{Family, Format, Parsed, UnknownFormat, escaped, number, parse};
use crate::metadata::Kind;

/// Every sample as `labels value [@ms]`.
fn samples(text: &str, format: Format) -> Vec<String> {
    let parsed: Parsed = parse(text, format).unwrap_or_else(|error| panic!("{text:?}: {error}"));
    parsed
        .samples
        .iter()
        .map(|sample| {
            let at: String = sample.at.map_or(String::new(), |at| format!(" @{}", at.0));
            format!("{} {:?}{at}", sample.labels, sample.value)
        })
        .collect()
}

fn refusal(text: &str, format: Format) -> String {
    match parse(text, format) {
        Ok(parsed) => panic!("{text:?} was read as {parsed:?}"),
        Err(error) => error.to_string(),
    }
}

#[test]
fn samples_of_the_text_format() {
    let table = [
        ("a 1", "a 1.0"),
        ("a 1\n", "a 1.0"),
        ("  a\t1  ", "a 1.0"),
        ("a{} 1", "a 1.0"),
        ("a:b_c9{d=\"e\"}1", "a:b_c9{d=\"e\"} 1.0"),
        ("a { b = \"c\" , d = \"e\" , } -1.5e3 1520879607789", "a{b=\"c\",d=\"e\"} -1500.0 @1520879607789"),
        ("a{d=\"2\",b=\"1\"} 1 -7", "a{b=\"1\",d=\"2\"} 1.0 @-7"),
        ("a{b=\"\"} 1", "a 1.0"),
        ("a{b=\"x\\\\y\\\"z\\nw\\q\"} 1", "a{b=\"x\\\\y\\\"z\\nw\\\\q\"} 1.0"),
        ("a{b=\"}#,= \u{0}\"} 1", "a{b=\"}#,= \\0\"} 1.0"),
        ("a +Inf", "a inf"),
        ("a -inf", "a -inf"),
        ("a .5", "a 0.5"),
        ("a 5.", "a 5.0"),
        ("{\"my.metric\",\"la bel\"=\"日本\"} 1", "my.metric{la bel=\"日本\"} 1.0"),
        ("{x=\"1\",\"my.metric\"} 1", "my.metric{x=\"1\"} 1.0"),
        ("a{\"b.c\"=\"d\"} 1", "a{b.c=\"d\"} 1.0"),
        ("{__name__=\"a\"} 1", "a 1.0"),
    ];
    for (text, expected) in table {
        assert_eq!(samples(text, Format::Text), [expected], "{text:?}");
    }
    assert!(samples("\n\n# a comment {\n#another\n   \n#\n", Format::Text).is_empty());
}

#[test]
fn no_text_can_write_a_stale_marker() {
    for text in ["a NaN", "a nan", "a -NaN"] {
        let parsed: Parsed = parse(text, Format::Text).unwrap();
        assert_eq!(parsed.samples[0].value.to_bits(), 0x7ff8_0000_0000_0001, "{text}");
    }
}

#[test]
fn what_the_text_format_refuses() {
    let table = [
        ("a", "line 1, column 2: expected a space and a value, found the end of the line"),
        ("a ", "line 1, column 3: expected a value, found the end of the line"),
        ("ok 1\n\na{b='c'} 1", "line 3, column 5: expected the value of a label in double quotes, found \"'c'} 1\""),
        ("a{b=\n", "line 1, column 5: expected the value of a label in double quotes, found the end of the line"),
        ("a{日本=\"c\"} 1", "line 1, column 3: expected the name of a label, found \"日本=\\\"c\\\"} 1\""),
        ("日本 1", "line 1, column 1: expected the name of a metric, found \"日本 1\""),
        ("a{b=\"日本\" c=\"d\"} 1", "line 1, column 10: expected a comma or a closing brace, found \"c=\\\"d\\\"} 1\""),
        ("a{b=\"c", "line 1, column 7: expected a closing quotation mark, found the end of the line"),
        ("a{b=\"c\\\"} 1", "line 1, column 12: expected a closing quotation mark, found the end of the line"),
        ("a{,} 1", "line 1, column 3: expected the name of a label, found \",} 1\""),
        ("a{b=\"c\",,} 1", "line 1, column 9: expected the name of a label, found \",} 1\""),
        ("a{=\"\"} 0", "line 1, column 3: expected the name of a label, found \"=\\\"\\\"} 0\""),
        ("a{\"\"=\"b\"} 0", "line 1, column 3: expected the name of a label, found \"\\\"\\\"=\\\"b\\\"} 0\""),
        ("a{b} 0", "line 1, column 4: expected an equals sign, found \"} 0\""),
        ("a{b=\"1\",b=\"2\"} 0", "line 1, column 1: the label \"b\" comes twice"),
        ("a{\"b\"} 0", "line 1, column 1: the label \"__name__\" comes twice"),
        ("{a=\"ok\"} 1", "line 1, column 1: the name of the metric is missing"),
        ("{} 1", "line 1, column 1: the name of the metric is missing"),
        ("a true", "line 1, column 3: \"true\" is not a number"),
        ("a 1_2", "line 1, column 3: \"1_2\" is not a number"),
        ("a 0x1p-3", "line 1, column 3: \"0x1p-3\" is not a number"),
        ("a 1e999", "line 1, column 3: \"1e999\" is not a number"),
        ("a 1 1_2", "line 1, column 5: \"1_2\" is not a timestamp"),
        ("a 1 1.5", "line 1, column 5: \"1.5\" is not a timestamp"),
        ("a 1 2 3", "line 1, column 7: expected the end of the line, found \"3\""),
        ("a 1\r\n", "line 1, column 3: \"1\\r\" is not a number"),
        ("# TYPE", "line 1, column 7: expected the name of a metric, found the end of the line"),
        ("# TYPE #\n", "line 1, column 8: expected the name of a metric, found \"#\""),
        ("# TYPE a thing\n", "line 1, column 10: \"thing\" is not a type of metric"),
        ("# TYPE a\n", "line 1, column 9: \"\" is not a type of metric"),
        ("# TYPE a gauge b\n", "line 1, column 16: expected the end of the line, found \"b\""),
        ("# HELP\n", "line 1, column 7: expected the name of a metric, found the end of the line"),
    ];
    for (text, expected) in table {
        assert_eq!(refusal(text, Format::Text), expected, "{text:?}");
    }
}

#[test]
fn comments_become_families() {
    let text = "# HELP a Two\\nlines \\\\ \\x\n# TYPE a counter\na 1\n# TYPE \"b.c\" untyped\n# HELP d\n";
    let families: Vec<Family> = parse(text, Format::Text).unwrap().families;
    let family =
        |name: &str, kind: Kind, help: &str| Family { name: name.to_owned(), kind, help: help.to_owned(), unit: String::new() };
    let expected =
        [family("a", Kind::Counter, "Two\nlines \\ \\x"), family("b.c", Kind::Unknown, ""), family("d", Kind::Unknown, "")];
    assert_eq!(families, expected);
}

#[test]
fn samples_of_openmetrics() {
    let table = [
        ("a 1", "a 1.0"),
        ("a{b=\"c\"} 1 1520879607.789", "a{b=\"c\"} 1.0 @1520879607789"),
        ("a{b=\"c\",} 1 -0.0015", "a{b=\"c\"} 1.0 @-2"),
        ("a_total 17 1520879607.789 # {trace_id=\"KOO5S4vxi0o\"} 0.67", "a_total 17.0 @1520879607789"),
        ("a_total 17 # {} 0.67 1.5", "a_total 17.0"),
        ("{\"my.metric\",\"a b\"=\"c\"} 1e3", "my.metric{a b=\"c\"} 1000.0"),
        ("a_created 1520872607.123", "a_created 1520872607.123"),
    ];
    for (text, expected) in table {
        for end in ["\n# EOF", "\n# EOF\n"] {
            assert_eq!(samples(&format!("{text}{end}"), Format::OpenMetrics), [expected], "{text:?}");
        }
    }
    let parsed: Parsed =
        parse("# TYPE a_seconds counter\n# UNIT a_seconds seconds\n# HELP a_seconds \n# EOF\n", Format::OpenMetrics).unwrap();
    let family = Family { name: "a_seconds".to_owned(), kind: Kind::Counter, help: String::new(), unit: "seconds".to_owned() };
    assert_eq!(parsed.families, [family]);
}

#[test]
fn what_openmetrics_refuses() {
    let table = [
        ("", "line 1, column 1: expected the name of a metric, found the end of the line"),
        ("\n", "line 1, column 1: expected the name of a metric, found the end of the line"),
        ("a 1", "line 1, column 1: the text ends without # EOF, it may be incomplete"),
        ("a 1\nb 2\n", "line 2, column 1: the text ends without # EOF, it may be incomplete"),
        ("# EOF\n\n", "line 2, column 1: nothing may follow # EOF"),
        ("# EOF\na 1", "line 2, column 1: nothing may follow # EOF"),
        ("a 1\n\n# EOF", "line 2, column 1: expected the name of a metric, found the end of the line"),
        ("#EOF", "line 1, column 2: expected a space, found \"EOF\""),
        ("# EOF ", "line 1, column 2: expected # TYPE, # HELP, # UNIT or # EOF, found \" EOF \""),
        ("# a comment", "line 1, column 2: expected # TYPE, # HELP, # UNIT or # EOF, found \" a comment\""),
        (" a 1", "line 1, column 1: expected the name of a metric, found \" a 1\""),
        ("a  1", "line 1, column 3: expected a value, found \" 1\""),
        ("a\t1", "line 1, column 2: expected a space and a value, found \"\\t1\""),
        ("a{b=\"c\"}1", "line 1, column 9: expected a space and a value, found \"1\""),
        ("a{b=\"c\", d=\"e\"} 1", "line 1, column 9: expected the name of a label, found \" d=\\\"e\\\"} 1\""),
        ("a{b=\"c\"d=\"e\"} 1", "line 1, column 8: expected a comma or a closing brace, found \"d=\\\"e\\\"} 1\""),
        ("a 1 ", "line 1, column 5: \"\" is not a timestamp"),
        ("a 1 NaN", "line 1, column 5: \"NaN\" is not a timestamp"),
        ("a 1 1e99", "line 1, column 5: \"1e99\" is not a timestamp"),
        ("a 1 1 1", "line 1, column 7: expected an exemplar such as # {trace_id=\"1\"} 0.5, found \"1\""),
        ("a 1 #", "line 1, column 5: expected an exemplar such as # {trace_id=\"1\"} 0.5, found \"#\""),
        ("a 1 # {b=c} 1", "line 1, column 10: expected the value of a label in double quotes, found \"c} 1\""),
        ("a 1 # {b=\"c\"}", "line 1, column 14: expected a space and the value of the exemplar, found the end of the line"),
        ("a 1 # {\"b\"} 1", "line 1, column 11: expected an equals sign, found \"} 1\""),
        ("a 1 # {} x", "line 1, column 10: \"x\" is not a number"),
        ("a 1 # {} 1 1 1", "line 1, column 13: expected the end of the line, found \" 1\""),
        ("# UNIT a_seconds bytes", "line 1, column 18: the unit \"bytes\" is not the end of the name \"a_seconds\""),
        ("# UNIT seconds seconds", "line 1, column 16: the unit \"seconds\" is not the end of the name \"seconds\""),
        ("# TYPE a counter ", "line 1, column 10: \"counter \" is not a type of metric"),
        ("# HELP a", "line 1, column 9: expected a space, found the end of the line"),
    ];
    for (text, expected) in table {
        assert_eq!(refusal(text, Format::OpenMetrics), expected, "{text:?}");
    }
}

#[test]
fn bounds_are_written_in_one_way() {
    let text = "# TYPE h histogram\nh_bucket{le=\"1\"} 1\nh_bucket{le=\"1000000\"} 2\nh_bucket{le=\"+Inf\"} 3\nh_bucket{le=\"x\"} 3\n\
                h_count{le=\"1\"} 3\nother_bucket{le=\"1\"} 1\n# TYPE s summary\ns{quantile=\"0\"} 1\ns{quantile=\".5\"} 1\ns{le=\"1\"} 1\n\
                # TYPE g gauge\ng{le=\"1\",quantile=\"1\"} 1\n";
    let expected = [
        "h_bucket{le=\"1.0\"} 1.0",
        "h_bucket{le=\"1e+06\"} 2.0",
        "h_bucket{le=\"+Inf\"} 3.0",
        "h_bucket{le=\"x\"} 3.0",
        "h_count{le=\"1\"} 3.0",
        "other_bucket{le=\"1\"} 1.0",
        "s{quantile=\"0.0\"} 1.0",
        "s{quantile=\"0.5\"} 1.0",
        "s{le=\"1\"} 1.0",
        "g{le=\"1\",quantile=\"1\"} 1.0",
    ];
    assert_eq!(samples(text, Format::Text), expected);
}

#[test]
fn floats_are_written_as_openmetrics_writes_them() {
    let values = [0.0, 1.0, -1.0, 0.5, 100_000.0, 123_456_789.0, 1e-4, 1.5e-5, 1e100, f64::NAN, f64::INFINITY, f64::NEG_INFINITY];
    let texts = values.map(number::openmetrics);
    let expected =
        ["0.0", "1.0", "-1.0", "0.5", "100000.0", "1.23456789e+08", "0.0001", "1.5e-05", "1e+100", "NaN", "+Inf", "-Inf"];
    assert_eq!(texts, expected);
}

#[test]
fn the_format_is_known_by_its_content_type() {
    assert_eq!(Format::of("text/plain; version=0.0.4; charset=utf-8", None), Ok(Format::Text));
    assert_eq!(Format::of("Text/Plain", Some(Format::OpenMetrics)), Ok(Format::Text));
    assert_eq!(Format::of("application/openmetrics-text; version=1.0.0", None), Ok(Format::OpenMetrics));
    assert_eq!(Format::of("", None), Err(UnknownFormat::Missing));
    assert_eq!(Format::of("", Some(Format::Text)), Ok(Format::Text));
    assert_eq!(Format::of("text/html", None), Err(UnknownFormat::Unsupported("text/html".to_owned())));
    assert_eq!(Format::of("text/html", Some(Format::OpenMetrics)), Ok(Format::OpenMetrics));
}

proptest! {
    #[test]
    fn random_text_never_panics(text in "\\PC*|[a-z{}=\", \\\\#\\n0-9.]{0,60}") {
        for format in [Format::Text, Format::OpenMetrics] {
            let _outcome = parse(&text, format);
        }
    }

    #[test]
    fn what_is_written_is_read_again(
        name in "[a-zA-Z_:][a-zA-Z0-9_:]{0,10}",
        label in "[a-z][a-z0-9]{0,5}",
        value in "\\PC{1,10}",
        number: f64,
        at in -1_000_000_000_000_i64..1_000_000_000_000,
    ) {
        let escaped: String = value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
        let text: String = format!("{name}{{{label}=\"{escaped}\"}} {number} {at}\n");
        let parsed: Parsed = parse(&text, Format::Text).unwrap();
        prop_assert_eq!(parsed.samples.len(), 1);
        let sample = &parsed.samples[0];
        prop_assert_eq!(sample.labels.metric(), name.as_str());
        prop_assert_eq!(sample.labels.get(&label), value.as_str());
        prop_assert!(sample.value == number || (sample.value.is_nan() && number.is_nan()));
        prop_assert_eq!(sample.at.map(|at| at.0), Some(at));
    }

    #[test]
    fn normalised_bounds_stay_the_same_number(value in proptest::num::f64::NORMAL) {
        let text: String = number::openmetrics(value);
        prop_assert_eq!(number::float(&text), Some(value));
        prop_assert_eq!(number::openmetrics(number::float(&text).unwrap()), text);
    }
}

#[test]
fn what_is_escaped_is_read_as_it_was() {
    for value in ["", "plain", "a\"b", "a\\b", "a\nb", "\\\"\n\\n"] {
        let text: String = format!("m{{a=\"{}\"}} 1\n", escaped(value));
        let parsed: Parsed = parse(&text, Format::Text).unwrap();
        assert_eq!(parsed.samples[0].labels.get("a"), value, "{text}");
    }
}
