use super::*;
use crate::figure::HeatRow;
use figures::{Unit, Zone};

fn heat(rows: &[(f64, f64, &[f64])]) -> HeatMap {
    let rows = rows.iter().map(|(low, high, counts)| HeatRow { low: *low, high: *high, counts: counts.to_vec() }).collect();
    HeatMap {
        from_ms: 0,
        to_ms: 60_000,
        column_ms: 20_000,
        first_ms: 0,
        rows,
        unit: Unit::None,
        zone: Zone::utc(),
        locale: Locale::Ja,
    }
}

fn lines(heat: &HeatMap, of: &str) -> Vec<String> {
    let list = draw(heat, Size::PANEL).to_string();
    list.lines().filter(|line| line.starts_with(of)).map(str::to_owned).collect()
}

#[test]
fn cells_are_steps_of_their_counts_and_rows_equally_high() {
    let heat = heat(&[(0.0, 10.0, &[0.0, 1.0, 4.0]), (10.0, 100.0, &[f64::NAN, 2.0, 16.0])]);
    let cells = lines(&heat, "rect Heat");
    let expected = [
        "rect Heat(2) 152,66 116,50",
        "rect Heat(3) 152,15 116,50",
        "rect Heat(4) 269,66 117,50",
        "rect Heat(7) 269,15 117,50",
        // The key.
        "rect Heat(1) 314,3 8,7",
        "rect Heat(2) 322,3 8,7",
    ];
    assert_eq!(cells[..6], expected);
    assert_eq!(cells.len(), 4 + 7);
    let labels = lines(&heat, "text Tick 28,");
    assert_eq!(labels, ["text Tick 28,120 End 0", "text Tick 28,69 End 10", "text Tick 28,18 End 100"]);
    assert!(lines(&heat, "text Tick 387,10").contains(&"text Tick 387,10 End 16".to_owned()));
    assert!(lines(&heat, "hatch").is_empty());
}

#[test]
fn a_column_without_data_is_hatched() {
    let heat = heat(&[(0.0, 10.0, &[3.0, f64::NAN, 4.0]), (10.0, f64::INFINITY, &[1.0, f64::NAN, 0.0])]);
    assert_eq!(lines(&heat, "hatch"), ["hatch 151.7,14 117.6,102"]);
    assert_eq!(lines(&heat, "text Tick 28,18"), ["text Tick 28,18 End ∞"]);
}

#[test]
fn a_map_of_nothing_says_so() {
    let no_rows: Vec<(f64, f64, &[f64])> = Vec::new();
    let (no_columns, no_counts): (&[f64], &[f64]) = (&[], &[f64::NAN, -3.0]);
    for rows in [no_rows, vec![(0.0, 1.0, no_columns)], vec![(0.0, 1.0, no_counts)]] {
        let heat = heat(&rows);
        assert_eq!(lines(&heat, "hatch"), ["hatch 34,14 353,102"], "{rows:?}");
        assert!(lines(&heat, "rect").is_empty());
        assert_eq!(spoken(&heat, "応答"), "応答、1/1 00:00から1/1 00:01まで。データなし。");
    }
}

#[test]
fn more_rows_and_columns_than_pixels_are_counted_together() {
    let ones = vec![1.0; 3_000];
    let rows: Vec<(f64, f64, &[f64])> = (0..160).map(|row| (f64::from(row), f64::from(row + 1), ones.as_slice())).collect();
    let mut heat = heat(&rows);
    heat.column_ms = 20;
    let cells = Cells::of(&heat, &Frame::around(Size::PANEL, (0, 60_000), |_| (Bounds::linear(0.0, 1.0, 1.0), Vec::new())));
    assert_eq!((cells.n_joined, cells.rows.len(), cells.columns.len()), (5, 32, 334));
    assert!((cells.most - 45.0).abs() < f64::EPSILON);
    // All alike: one bar a row, besides the key.
    assert!(lines(&heat, "rect Heat(7)").len() <= 2 * 32 + 1);
}

#[test]
fn steps_follow_the_square_root() {
    let steps: Vec<u8> = [0.0, 0.1, 2.0, 25.0, 51.0, 100.0].into_iter().map(|count| step(count, 100.0)).collect();
    assert_eq!(steps, [0, 1, 1, 4, 5, 7]);
}

#[test]
fn the_sentences_say_how_many_and_where() {
    let mut heat = heat(&[(0.0, 10.0, &[0.0, 1.0, 4.0]), (10.0, 100.0, &[f64::NAN, 2.0, 13.0])]);
    assert_eq!(
        spoken(&heat, "応答時間の分布"),
        "応答時間の分布、1/1 00:00から1/1 00:01まで。合計20件。最も多いのは10〜100で75%。山は00:00の10〜100、13件。"
    );
    heat.locale = Locale::En;
    assert_eq!(
        spoken(&heat, "Latencies"),
        "Latencies, from 1 Jan, 00:00 to 1 Jan, 00:01. 20 values in all. Most frequent: 10 to 100, 75%. \
         The peak: 13 at 00:00, 10 to 100."
    );
}
