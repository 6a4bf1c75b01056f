//! The whole picture: what is in it, and what it weighs.

use super::*;
use alerting::Text;
use model::Severity;
use model::alert::AlertState;
use model::ids::RuleId;
use model::labels::Labels;

/// 2025-10-20T10:30:45Z.
const FIRED: Time = Time(1_760_956_245_000);

fn row(severity: Severity) -> AlertRow {
    AlertRow {
        id: AlertId(12),
        rule_id: RuleId("api-response".to_owned()),
        name: Text::default(),
        summary: Text::default(),
        severity,
        state: AlertState::Firing,
        labels: Labels::new([("host", "app-01"), ("service", "api")]),
        value: Some(612.0),
        value_at: Some(FIRED),
        matches: false,
        threshold: 500.0,
        direction: Direction::Above,
        unit: Unit::None,
        for_ms: 300_000,
        pending_since: FIRED.plus_ms(-300_000),
        fired_at: Some(FIRED),
        resolved_at: None,
        resolved_reason: None,
        held: None,
        is_muted: false,
        source: None,
    }
}

fn plot(severity: Severity, locale: Locale) -> Plot {
    let row: AlertRow = row(severity);
    let span: Span = span(&row, FIRED);
    let step: usize = usize::try_from(span.step_ms).unwrap();
    let points = (span.from.0..=span.to.0).step_by(step).map(|ms| (ms, 300.0 + ((ms / 60_000) % 60) as f64 * 6.0)).collect();
    drawn(&row, span, points, locale, Zone::fixed("Asia/Tokyo", "JST", 540))
}

#[test]
fn a_picture_shows_the_last_hours_and_is_light_enough_for_a_mail() {
    for locale in [Locale::Ja, Locale::En] {
        let png: Png = picture_of(&plot(Severity::P0, locale)).unwrap();
        let bytes: &[u8] = png.bytes();
        assert_eq!(bytes[16..24], [0, 0, 0x05, 0xf0, 0, 0, 0x02, 0x58], "1520 by 600");
        assert!(bytes.len() > 2_000 && bytes.len() < 200_000, "{}", bytes.len());
    }
}

#[test]
fn every_kind_of_figure_has_a_picture() {
    let (unit, locale) = (Unit::Percent, Locale::En);
    let gauge =
        chart::Gauge { value: 83.0, low: 0.0, high: 100.0, bands: vec![Band::above(2, 80.0)], unit, decimals: None, locale };
    let slice = |name: &str, value: f64, style: u8| chart::Slice { name: name.to_owned(), value, style };
    let pie = chart::Pie { slices: vec![slice("a", 1.0, 1), slice("b", 2.0, 2)], unit, locale };
    for figure in [Figure::Gauge(gauge), Figure::Pie(pie)] {
        let first: Png = png(&figure, Size::PANEL).unwrap();
        assert_eq!(first.bytes()[16..24], [0, 0, 0x03, 0x0a, 0, 0, 0x01, 0x10], "778 by 272");
        assert!(png(&figure, Size { width: 1e9, height: 100.0 }).is_some());
    }
}

#[test]
fn severity_and_reader_change_the_picture_and_nothing_else_does() {
    let of = |severity: Severity, locale: Locale| picture_of(&plot(severity, locale)).unwrap();
    let first: Png = of(Severity::P0, Locale::Ja);
    assert_eq!(first, of(Severity::P0, Locale::Ja));
    assert_ne!(first, of(Severity::P2, Locale::Ja));
    assert_ne!(first, of(Severity::P0, Locale::En));
}

#[test]
fn a_picture_goes_back_to_before_the_crossing_but_not_for_ever() {
    let old = AlertRow { pending_since: FIRED.plus_ms(-90 * 86_400_000), ..row(Severity::P1) };
    assert!(span(&old, FIRED).to.since(span(&old, FIRED).from) <= MOST_MS + 3_600_000);
    let young: Span = span(&row(Severity::P1), FIRED);
    assert!(young.to.since(young.from) >= LEAST_MS - young.step_ms);
}

#[test]
fn only_the_series_of_the_alert_is_drawn() {
    let series = |labels: Labels, value: f64| SeriesData { labels, points: vec![metrics::source::Point { at: 1, value }] };
    let found =
        [series(Labels::new([("host", "app-02")]), 1.0), series(Labels::new([("__name__", "load"), ("host", "app-01")]), 2.0)];
    assert_eq!(points(&found, &row(Severity::P1)), Some(vec![(1, 2.0)]));
    assert_eq!(points(&found[..1], &row(Severity::P1)), None);
}
