use super::*;
use crate::plot::{Limit, Marker, MarkerKind, Point, Series};
use figures::{Locale, Zone};

fn plot() -> Plot {
    let points: Vec<Point> = vec![(0, 10.0), (10_000, f64::NAN), (20_000, 30.0), (60_000, 20.0)];
    let series = Series { name: "<p95>".to_owned(), style: 2, points, fill: true };
    Plot {
        series: vec![series],
        limits: vec![Limit { value: 25.0, severity: 1, label: "a < b & \"c\"".to_owned() }],
        markers: vec![Marker { ms: 30_000, kind: MarkerKind::Flag, severity: 3, label: "<script>".to_owned() }],
        ..Plot::new(0, 60_000, Zone::utc(), Locale::En)
    }
}

/// Reads XML as strictly as its writer here needs: every tag closed in order, every attribute quoted.
fn assert_well_formed(xml: &str) {
    let mut open: Vec<String> = Vec::new();
    let mut rest = xml;
    while let Some(start) = rest.find('<') {
        assert_text(&rest[..start]);
        let end = rest[start..].find('>').expect("a tag ends") + start;
        let tag = &rest[start + 1..end];
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop().as_deref(), Some(name));
        } else {
            assert_eq!(tag.matches('"').count() % 2, 0, "{tag}");
            if !tag.ends_with('/') {
                open.push(tag.split(' ').next().unwrap_or("").to_owned());
            }
        }
        rest = &rest[end + 1..];
    }
    assert_text(rest);
    assert!(open.is_empty(), "{open:?}");
}

fn assert_text(text: &str) {
    assert!(!text.contains('>') && !text.contains('"'), "{text}");
    for part in text.split('&').skip(1) {
        let entity = part.split(';').next().unwrap_or("");
        assert!(["amp", "lt", "gt", "quot", "#39"].contains(&entity), "&{part}");
    }
}

#[test]
fn a_chart_is_well_formed_at_every_size() {
    for size in [Size::PANEL, Size::WIDE, Size::NARROW, Size { width: 10.0, height: 10.0 }] {
        let svg = svg(&plot(), size, "Latency \"p95\" <now>");
        assert_well_formed(&svg);
        assert!(!svg.contains("style=") && !svg.contains("NaN") && !svg.contains("inf"), "{svg}");
    }
}

#[test]
fn what_people_typed_is_text() {
    let svg = svg(&plot(), Size::WIDE, "Latency \"p95\" <now>");
    assert!(svg.contains(r#"aria-label="Latency &quot;p95&quot; &lt;now&gt;""#));
    assert!(svg.contains("a &lt; b &amp; &quot;c&quot;</text>"), "{svg}");
    assert!(svg.contains("00:00 &lt;script&gt;</text>"), "{svg}");
}

#[test]
fn roles_become_classes() {
    let svg = svg(&plot(), Size::PANEL, "");
    assert!(svg.starts_with(r#"<svg class="chart" viewBox="0 0 389 136" role="img""#));
    for class in [
        "chart__grid",
        "chart__axis",
        "chart__end",
        "chart__line s-2",
        "chart__area f-2",
        "chart__hatch",
        "chart__limit chart__limit--1",
        "chart__limitword chart__word--1",
        "chart__pole",
        "chart__inkline",
    ] {
        assert!(svg.contains(class), "{class} in {svg}");
    }
}

#[test]
fn coordinates_have_at_most_one_decimal() {
    let svg = svg(&plot(), Size::PANEL, "");
    for fraction in svg.split('.').skip(1) {
        let n_digits = fraction.chars().take_while(char::is_ascii_digit).count();
        assert_eq!(n_digits, 1, "{fraction}");
    }
}

#[test]
fn lines_of_one_role_share_an_element_in_short_commands() {
    let list = DisplayList {
        width: 10.0,
        height: 10.0,
        ops: vec![
            Op::Path { points: vec![1.0, 2.5, 9.0, 2.5], paint: Paint::Grid },
            Op::Path { points: vec![1.0, 4.5, 9.0, 4.5, 9.0, 8.0, 3.0, 1.0, 3.0, 1.0], paint: Paint::Grid },
            Op::Path { points: vec![0.0, 0.0, 1.0, 1.0], paint: Paint::Axis },
        ],
    };
    assert_eq!(
        svg_of(&list, "x"),
        "<svg class=\"chart\" viewBox=\"0 0 10 10\" role=\"img\" aria-label=\"x\">\
         <path class=\"chart__grid\" d=\"M1 2.5h8M1 4.5h8v3.5l-6-7\"/>\
         <path class=\"chart__axis\" d=\"M0 0l1 1\"/></svg>"
    );
}

#[test]
fn what_comes_by_the_hundred_shares_an_element_and_what_says_something_has_its_own() {
    let rect = |x: f32, paint: Paint| Op::Rect { x, y: 2.0, width: 3.0, height: 4.0, paint };
    let list = DisplayList {
        width: 20.0,
        height: 10.0,
        ops: vec![
            rect(0.0, Paint::Heat(3)),
            rect(4.0, Paint::Heat(3)),
            rect(8.0, Paint::StateFine),
            Op::Note { text: "<up> & well".to_owned() },
            rect(12.0, Paint::Track),
        ],
    };
    let svg = svg_of(&list, "x");
    assert_well_formed(&svg);
    assert!(
        svg.ends_with(
            "<path class=\"chart__heat--3\" d=\"M0 2H3V6H0ZM4 2H7V6H4Z\"/>\
             <rect class=\"chart__state--fine\" x=\"8\" y=\"2\" width=\"3\" height=\"4\">\
             <title>&lt;up&gt; &amp; well</title></rect>\
             <rect class=\"chart__track\" x=\"12\" y=\"2\" width=\"3\" height=\"4\"/></svg>"
        ),
        "{svg}"
    );
}
