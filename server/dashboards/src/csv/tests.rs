//! Tables that other programs read, and that do nothing by themselves.

use super::*;
use crate::drawing::show_panel;
use crate::evaluating::fake::{Fake, NOW, asked, board, line, panel, query};
use dashboard::{Kind, Lines, Panel, Reduce, Said};
use futures::executor::block_on;

fn table(fake: &Fake, kind: Kind, locale: Locale) -> Vec<String> {
    let queries = if matches!(kind, Kind::Text(_)) { Vec::new() } else { vec![query("x", "{{host}}")] };
    let asked = Asked { locale, ..asked() };
    let written_panel: Panel = panel("a", kind, queries);
    let found = block_on(show_panel(&fake.needs(), &board(vec![written_panel]), &asked, "a")).unwrap().unwrap();
    let text: String = written(&found.body, &asked);
    assert!(text.ends_with("\r\n"), "{text:?}");
    text.trim_end().split("\r\n").map(str::to_owned).collect()
}

fn fake() -> Fake {
    Fake::default()
        .range("x", vec![line(&[("host", "b,\"1\"")], 10_000, &[1.0, f64::NAN]), line(&[("host", "=a")], 10_000, &[1e300])])
        .instant("x", &[(&[("host", "@c"), ("job", "j")], -1.5), (&[("host", "d\ne")], f64::NEG_INFINITY)])
}

#[test]
fn lines_are_a_column_for_the_time_and_one_for_each_series() {
    assert_eq!(NOW.0, 1_794_999_600_000);
    assert_eq!(
        table(&fake(), Kind::Lines(Lines::Line), Locale::En),
        ["time,'=a,\"b,\"\"1\"\"\"", "2026-11-18T10:59:50+00:00,,1", "2026-11-18T11:00:00+00:00,1e300,"]
    );
    assert_eq!(table(&Fake::default(), Kind::default(), Locale::Ja), ["時刻"]);
}

#[test]
fn a_table_is_as_it_is_shown() {
    assert_eq!(table(&fake(), Kind::Table, Locale::En), ["host,job,x", "'@c,j,-1.5", "d e,,-Inf"]);
}

#[test]
fn everything_else_is_what_it_shows() {
    assert_eq!(table(&fake(), Kind::Stat(Reduce::Last), Locale::Ja), ["系列,値", "'=a,1e300", "\"b,\"\"1\"\"\",1"]);
    assert_eq!(table(&fake(), Kind::Gauge(Reduce::Last), Locale::En)[0], "series,value");
    assert_eq!(table(&fake(), Kind::Pie(Reduce::Last), Locale::En).len(), 3);
    assert_eq!(table(&fake(), Kind::States(Vec::new()), Locale::En)[0], "series,from,to,state");
    assert_eq!(table(&fake(), Kind::Histogram, Locale::En)[0], "above,up to,count");
    assert_eq!(table(&fake(), Kind::HeatMap, Locale::En).len(), 1 + 61);
    assert_eq!(table(&fake(), Kind::Text(Said::same("=1+1")), Locale::En), ["'=1+1"]);
}

#[test]
fn texts_that_begin_like_formulas_are_texts() {
    for (text, expected) in [
        ("=cmd()", "'=cmd()"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@a", "'@a"),
        ("\t=a", "'\t=a"),
        ("＝１", "'＝１"),
        ("a=b", "a=b"),
        ("a,\"b\"", "\"a,\"\"b\"\"\""),
        ("=a,b", "\"'=a,b\""),
        ("", ""),
    ] {
        assert_eq!(cell(text), expected, "{text}");
    }
}

#[test]
fn numbers_are_written_as_programs_read_them() {
    for (value, expected) in [
        (0.0, "0"),
        (1.5, "1.5"),
        (-3.0, "-3"),
        (1e15, "1e15"),
        (1e-9, "1e-9"),
        (f64::NAN, ""),
        (f64::INFINITY, "Inf"),
        (f64::NEG_INFINITY, "-Inf"),
    ] {
        assert_eq!(number(value), expected);
    }
}
