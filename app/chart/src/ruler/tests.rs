use super::*;

/// 2026-11-22T05:52:00Z, 14:52 in Tokyo.
const NOW_MS: i64 = 1_795_326_720_000;

fn day() -> Ruler {
    Ruler {
        from_ms: NOW_MS - 18 * HOUR_MS,
        to_ms: NOW_MS + 6 * HOUR_MS,
        now_ms: NOW_MS,
        width: 1_232.0,
        zone: Zone::fixed("Asia/Tokyo", "JST", 540),
        locale: Locale::Ja,
        spans: vec![RulerSpan { from_ms: NOW_MS - 22 * MINUTE_MS, to_ms: NOW_MS, severity: 1, word: "P1 INC-041".to_owned() }],
        marks: vec![RulerMark {
            ms: NOW_MS + 188 * MINUTE_MS,
            kind: RulerMarkKind::Planned,
            word: "18:00 db-01 <保守>".to_owned(),
        }],
        label: "今日".to_owned(),
    }
}

#[test]
fn a_day_has_its_hours_and_the_date_at_midnight() {
    let svg = ruler(&day());
    for label in [">22</text>", ">23</text>", ">1</text>", ">20</text>"] {
        assert!(svg.contains(label), "{label} in {svg}");
    }
    assert!(svg.contains(r#"<text class="ruler__word" x="160.5" y="52" text-anchor="middle">11/22</text>"#), "{svg}");
}

#[test]
fn the_needle_shows_now_and_the_hour_beside_it_gives_way() {
    let svg = ruler(&day());
    assert!(svg.contains(r#"<text class="ruler__now" x="924.5" y="60" text-anchor="middle">14:52</text>"#));
    assert!(!svg.contains(">15</text>"));
    let past = ruler(&Ruler { now_ms: NOW_MS + DAY_MS, ..day() });
    assert!(!past.contains("ruler__needle") && past.contains(">15</text>"));
}

#[test]
fn spans_and_marks_carry_their_words_escaped() {
    let svg = ruler(&day());
    assert!(svg.contains(r#"<rect class="ruler__band--1""#));
    assert!(svg.contains(r#"class="ruler__sev1""#) && svg.contains("P1 INC-041"));
    assert!(svg.contains("18:00 db-01 &lt;保守&gt;"));
    assert!(!svg.contains("style="));
}

#[test]
fn words_that_would_collide_are_left_out_but_their_marks_stay() {
    let mut day = day();
    let mark = |minutes: i64, word: &str| RulerMark {
        ms: NOW_MS + minutes * MINUTE_MS,
        kind: RulerMarkKind::Event,
        word: word.to_owned(),
    };
    day.spans.clear();
    day.marks = vec![mark(31, "二番目の出来事"), mark(30, "最初の出来事"), mark(32, "三番目の出来事")];
    let svg = ruler(&day);
    assert_eq!(svg.matches("ruler__mark").count(), 3);
    assert_eq!(svg.matches("の出来事").count(), 1);
}

#[test]
fn a_senseless_span_is_an_empty_ruler() {
    let svg = ruler(&Ruler { to_ms: 0, ..day() });
    assert!(svg.starts_with("<svg") && svg.ends_with("</svg>") && !svg.contains("<path"));
}
