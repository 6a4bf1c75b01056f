//! Graphs that outlive the samples they were drawn from: the question, the answer, and the drawing.

use crate::postmortems::needs::Kept;
use chart::{Plot, Series, Size};
use figures::{Locale, Unit, Zone};
use model::Time;
use model::labels::Labels;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// Lines of one drawing: more can't be told apart.
const MOST_LINES: usize = 8;
/// Columns and rows of the table below it.
const MOST_COLUMNS: usize = 4;
const MOST_ROWS: usize = 12;
/// Fits a sheet of A4 between its margins, and a column on screen.
const SIZE: Size = Size { width: 720.0, height: 240.0 };
/// Longer without a sample is a gap.
const GAP_STEPS: i64 = 3;

/// A graph as it was taken.
#[derive(Clone, Debug, PartialEq)]
pub struct Snapshot {
    /// The hash of query, range and data.
    pub id: String,
    pub title: String,
    pub query: String,
    pub from: Time,
    pub until: Time,
    pub step_ms: i64,
    pub data: Value,
    pub svg: String,
    pub taken_at: Time,
    pub taken_by: String,
}

/// Which graph it is, for whoever chooses one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    pub id: String,
    pub title: String,
    pub taken_at: Time,
}

/// Takes a graph.
#[must_use]
pub fn snapshot(kept: &Kept, by: &str, zone: &Zone, locale: Locale) -> Snapshot {
    let plot: Plot = plot(kept, zone, locale);
    Snapshot {
        id: id(kept),
        title: kept.title.clone(),
        query: kept.query.clone(),
        from: kept.from,
        until: kept.until,
        step_ms: kept.step_ms,
        svg: chart::svg(&plot, SIZE, &chart::spoken(&plot, &kept.title)),
        data: kept.data.clone(),
        taken_at: kept.at,
        taken_by: by.to_owned(),
    }
}

/// The same for the same question and the same answer, whoever asks. `serde_json` keeps members in the order of their names.
fn id(kept: &Kept) -> String {
    let said: Value = json!([kept.query, kept.from, kept.until, kept.step_ms, kept.data]);
    let mut written = String::new();
    for byte in Sha256::digest(said.to_string().as_bytes()) {
        // Writing into a String can't fail.
        let _ = write!(written, "{byte:02x}");
    }
    written
}

/// To be drawn again, and zoomed, whenever.
#[must_use]
pub fn plot_of(snapshot: &Snapshot, zone: &Zone, locale: Locale) -> Plot {
    let kept = Kept {
        title: snapshot.title.clone(),
        query: snapshot.query.clone(),
        from: snapshot.from,
        until: snapshot.until,
        step_ms: snapshot.step_ms,
        data: snapshot.data.clone(),
        at: snapshot.taken_at,
    };
    plot(&kept, zone, locale)
}

fn plot(kept: &Kept, zone: &Zone, locale: Locale) -> Plot {
    let series: Vec<Series> = series(&kept.data, &kept.title);
    let empty: Plot = Plot::new(kept.from.0, kept.until.0, zone.clone(), locale);
    Plot { series, gap_ms: kept.step_ms.saturating_mul(GAP_STEPS), ..empty }
}

/// What can't be read is no line.
fn series(data: &Value, title: &str) -> Vec<Series> {
    let found: Vec<&Value> = data["series"].as_array().map(|all| all.iter().take(MOST_LINES).collect()).unwrap_or_default();
    let is_one: bool = found.len() == 1;
    let one = |(place, drawn): (usize, &Value)| Series {
        name: if is_one { title.to_owned() } else { name(&drawn["labels"]) },
        style: u8::try_from(place + 1).unwrap_or(1),
        points: points(&drawn["points"]),
        fill: false,
    };
    found.into_iter().enumerate().map(one).collect()
}

fn name(labels: &Value) -> String {
    let labels: Labels = serde_json::from_value(labels.clone()).unwrap_or_default();
    let values: Vec<&str> = labels.iter().map(|(_, value)| value).collect();
    values.join(" ")
}

fn points(points: &Value) -> Vec<(i64, f64)> {
    let one = |point: &Value| Some((point[0].as_i64()?, point[1].as_f64().unwrap_or(f64::NAN)));
    points.as_array().map(|all| all.iter().filter_map(one).collect()).unwrap_or_default()
}

/// What stands in the text: query, range and a table, for whoever has no eyes for the drawing, or no viewer.
#[must_use]
pub fn body(snapshot: &Snapshot, zone: &Zone, locale: Locale) -> String {
    let (from, until) = (day_time(snapshot.from, zone), day_time(snapshot.until, zone));
    let code: String = snapshot.query.replace('`', "'").split_whitespace().collect::<Vec<&str>>().join(" ");
    let (query, range): (&str, &str) = match locale {
        Locale::Ja => ("式", "期間"),
        Locale::En => ("Query", "Range"),
    };
    let head: String =
        format!("**{}**\n\n- {query}: `{code}`\n- {range}: {from} – {until} {}\n", plain(&snapshot.title), zone.abbreviation);
    match table(&series(&snapshot.data, &snapshot.title), snapshot, zone, locale) {
        Some(table) => format!("{head}\n{table}"),
        None => head,
    }
}

fn day_time(at: Time, zone: &Zone) -> String {
    let civil = zone.civil(at.0);
    format!("{:04}-{:02}-{:02} {:02}:{:02}", civil.year, civil.month, civil.day, civil.hour, civil.minute)
}

/// Without what would end a cell or a line.
fn plain(text: &str) -> String {
    text.split_whitespace().collect::<Vec<&str>>().join(" ").replace('|', "\\|")
}

fn table(series: &[Series], snapshot: &Snapshot, zone: &Zone, locale: Locale) -> Option<String> {
    let shown: &[Series] = &series[..series.len().min(MOST_COLUMNS)];
    let moments: BTreeSet<i64> = shown.iter().flat_map(|one| one.points.iter().map(|point| point.0)).collect();
    if moments.is_empty() {
        return None;
    }
    let (time, least, mean, most): (&str, &str, &str, &str) = match locale {
        Locale::Ja => ("時刻", "最小", "平均", "最大"),
        Locale::En => ("Time", "Least", "Mean", "Most"),
    };
    let names: Vec<String> = shown.iter().map(|one| plain(&one.name)).collect();
    let mut rows: Vec<String> = vec![row(time, &names), format!("| --- |{}", " ---: |".repeat(shown.len()))];
    let by_time: Vec<BTreeMap<i64, f64>> = shown.iter().map(|one| one.points.iter().copied().collect()).collect();
    for moment in thinned(&moments) {
        let values: Vec<String> =
            by_time.iter().map(|values| number(values.get(&moment).copied().unwrap_or(f64::NAN), locale)).collect();
        rows.push(row(&day_time(Time(moment), zone), &values));
    }
    let statistics: Vec<Option<chart::Statistics>> =
        shown.iter().map(|one| chart::statistics(&one.points, snapshot.from.0, snapshot.until.0)).collect();
    let over = |pick: fn(&chart::Statistics) -> f64| -> Vec<String> {
        statistics.iter().map(|found| number(found.as_ref().map_or(f64::NAN, pick), locale)).collect()
    };
    rows.push(row(least, &over(|found| found.min)));
    rows.push(row(mean, &over(|found| found.avg)));
    rows.push(row(most, &over(|found| found.max)));
    Some(format!("{}\n", rows.join("\n")))
}

fn row(head: &str, cells: &[String]) -> String {
    format!("| {head} | {} |", cells.join(" | "))
}

fn number(value: f64, locale: Locale) -> String {
    figures::value(value, Unit::None, locale).joined()
}

/// Evenly, with the first and the last.
fn thinned(moments: &BTreeSet<i64>) -> Vec<i64> {
    let all: Vec<i64> = moments.iter().copied().collect();
    let last: usize = all.len().saturating_sub(1);
    let n_rows: usize = all.len().min(MOST_ROWS);
    if n_rows < 2 {
        return all;
    }
    (0..n_rows).map(|place| all[place * last / (n_rows - 1)]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept() -> Kept {
        let points: Vec<(i64, f64)> = (0..60).map(|minute| (minute * 60_000, if minute == 32 { 50.0 } else { 1.0 })).collect();
        Kept {
            title: "エラー率 | 5分".to_owned(),
            query: "rate(errors[5m])".to_owned(),
            from: Time(0),
            until: Time(59 * 60_000),
            step_ms: 60_000,
            data: json!({ "series": [{ "labels": [], "points": points }] }),
            at: Time(0),
        }
    }

    #[test]
    fn a_graph_is_called_by_what_it_asks_and_what_it_was_answered() {
        let (zone, locale) = (Zone::fixed("Asia/Tokyo", "JST", 540), Locale::Ja);
        let one: Snapshot = snapshot(&kept(), "佐藤", &zone, locale);
        let again: Snapshot = snapshot(&Kept { title: "x".to_owned(), at: Time(9), ..kept() }, "鈴木", &zone, locale);
        assert_eq!((one.id.len(), one.id == again.id), (64, true));
        let other: Snapshot = snapshot(&Kept { data: json!({ "series": [] }), ..kept() }, "佐藤", &zone, locale);
        assert_ne!(one.id, other.id);
        assert!(one.svg.starts_with("<svg") && one.svg.contains("</svg>"));
    }

    #[test]
    fn its_body_says_query_range_and_values_whatever_its_title() {
        let zone = Zone::fixed("Asia/Tokyo", "JST", 540);
        let said: String = body(&snapshot(&kept(), "佐藤", &zone, Locale::Ja), &zone, Locale::Ja);
        assert!(said.contains("式: `rate(errors[5m])`") && said.contains("1970-01-01 09:00 – 1970-01-01 09:59 JST"), "{said}");
        let rows: Vec<&str> = said.lines().filter(|line| line.starts_with('|')).collect();
        assert_eq!(rows.len(), 2 + MOST_ROWS + 3, "{said}");
        assert!(said.contains("| 最大 | 50 |") && said.contains("エラー率 \\| 5分"), "{said}");
        let nothing = Kept { data: json!(null), ..kept() };
        let said: String = body(&snapshot(&nothing, "佐藤", &zone, Locale::Ja), &zone, Locale::Ja);
        assert!(!said.contains("| ---"), "{said}");
    }
}
