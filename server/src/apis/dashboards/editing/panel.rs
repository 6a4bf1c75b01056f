//! A panel as a form, and back.

use super::fields::{Filling, Reading, duration_text, in_row};
use super::law::both;
use super::lines;
use ::api::dashboards::editing::EditForm;
use dashboard::{Axis, Dashboard, Kind, Legend, Lines, Panel, Problem, Query, Reduce, Row, Said, Sort, TableLayout};
use dashboards::file::{
    column_of_line, line_of_column, line_of_override, line_of_threshold, override_of_line, threshold_of_line,
};
use figures::Unit;

/// Columns and grid rows of a new panel.
const USUAL_SIZE: (u8, u8) = (12, 7);
/// Characters of an id that is made of a title.
const MOST_ID: usize = 48;

/// A panel that was read of a form.
pub struct ReadPanel {
    pub panel: Panel,
    pub wrong: Vec<Problem>,
    /// The rows of the form in which its queries and its links stand.
    queries: Vec<usize>,
    links: Vec<usize>,
}

/// What a new panel of a kind begins with.
pub fn blank(kind: &str) -> EditForm {
    let word: &str = Kind::WORDS.into_iter().find(|word| *word == kind).unwrap_or(Kind::WORDS[0]);
    let mut filling = Filling::default();
    filling.put("kind", word);
    filling.put("width", &USUAL_SIZE.0.to_string());
    filling.put("height", &USUAL_SIZE.1.to_string());
    filling.form
}

/// A panel as a form.
pub fn filled(panel: &Panel) -> EditForm {
    let mut filling = Filling::default();
    filling.put("id", &panel.id);
    filling.put_said("title", &panel.title);
    filling.put_said("description", &panel.description);
    put_kind(&mut filling, &panel.kind);
    put_queries(&mut filling, &panel.queries);
    filling.put("unit", panel.unit.as_str());
    put_number(&mut filling, "decimals", panel.decimals.map(f64::from));
    put_number(&mut filling, "min", panel.min);
    put_number(&mut filling, "max", panel.max);
    filling.put("axis", panel.axis.as_str());
    filling.put("judges", &panel.judges.iter().map(line_of_threshold).collect::<Vec<String>>().join("\n"));
    for legend in &panel.legend {
        filling.put_flag(&format!("legend.{}", legend.as_str()), true);
    }
    filling.put("width", &panel.width.to_string());
    filling.put("height", &panel.height.to_string());
    filling.put("repeat", panel.repeat.as_deref().unwrap_or_default());
    filling.put_links(&panel.links);
    filling.put("past", &panel.past_ms.map(duration_text).unwrap_or_default());
    filling.put("series", &panel.series.iter().map(line_of_override).collect::<Vec<String>>().join("\n"));
    put_table(&mut filling, &panel.table);
    filling.form
}

fn put_table(filling: &mut Filling, table: &TableLayout) {
    filling.put("columns", &table.columns.iter().map(line_of_column).collect::<Vec<String>>().join("\n"));
    if let Some(sort) = &table.sort {
        filling.put("sort.column", &sort.column);
        filling.put_flag("sort.falling", sort.is_falling);
    }
    put_number(filling, "limit", table.limit.map(f64::from));
}

fn put_number(filling: &mut Filling, field: &str, number: Option<f64>) {
    filling.put(field, &number.map(|number| number.to_string()).unwrap_or_default());
}

fn put_kind(filling: &mut Filling, kind: &Kind) {
    filling.put("kind", kind.as_str());
    match kind {
        Kind::Stat(how) | Kind::Gauge(how) | Kind::Pie(how) => filling.put("reduce", how.as_str()),
        Kind::States(states) => filling.put("states", &lines::states_text(states)),
        Kind::Text(text) => filling.put_said("text", text),
        Kind::Lines(_) | Kind::HeatMap | Kind::Table | Kind::Histogram => {}
    }
}

fn put_queries(filling: &mut Filling, queries: &[Query]) {
    for (row, query) in queries.iter().enumerate() {
        let under = format!("query.{row}");
        filling.put(&format!("{under}.expr"), &query.expr);
        filling.put(&format!("{under}.name"), &query.name);
        filling.put_flag(&format!("{under}.hidden"), query.is_hidden);
        filling.put_flag(&format!("{under}.instant"), query.is_instant);
    }
}

/// What a form says. What belongs to another kind than its own is left out.
pub fn read(form: &EditForm) -> ReadPanel {
    let mut reading = Reading::new(form);
    let kind: Kind = kind(&mut reading);
    let (is_text, is_table): (bool, bool) = (matches!(kind, Kind::Text(_)), kind == Kind::Table);
    let queries: Vec<usize> = if is_text { Vec::new() } else { reading.rows("query", &["expr", "name"]) };
    let links: Vec<usize> = reading.link_rows();
    let units: Vec<&'static str> = Unit::ALL.iter().map(|unit| unit.as_str()).collect();
    let panel = Panel {
        id: reading.text("id"),
        title: reading.said("title"),
        description: reading.said("description"),
        kind,
        queries: queries.iter().map(|row| query(&reading, *row)).collect(),
        unit: Unit::from_word(reading.word("unit", &units)).unwrap_or_default(),
        decimals: reading.small("decimals"),
        min: reading.number("min"),
        max: reading.number("max"),
        axis: Axis::from_word(reading.word("axis", &Axis::ALL.map(Axis::as_str))).unwrap_or_default(),
        judges: judges(&mut reading),
        legend: Legend::ALL.into_iter().filter(|legend| reading.flag(&format!("legend.{}", legend.as_str()))).collect(),
        width: reading.small("width").unwrap_or(USUAL_SIZE.0),
        height: reading.small("height").unwrap_or(USUAL_SIZE.1),
        repeat: reading.option("repeat"),
        links: links.iter().map(|row| reading.link(*row)).collect(),
        past_ms: reading.duration("past"),
        series: if is_text { Vec::new() } else { read_lines(&mut reading, "series", override_of_line, &override_line()) },
        table: if is_table { table(&mut reading) } else { TableLayout::default() },
    };
    ReadPanel { panel, wrong: reading.wrong, queries, links }
}

fn kind(reading: &mut Reading<'_>) -> Kind {
    let word: &'static str = reading.word("kind", &Kind::WORDS);
    let reduce = |reading: &mut Reading<'_>| -> Reduce {
        Reduce::from_word(reading.word("reduce", &Reduce::ALL.map(Reduce::as_str))).unwrap_or_default()
    };
    match word {
        "stat" => Kind::Stat(reduce(reading)),
        "gauge" => Kind::Gauge(reduce(reading)),
        "pie" => Kind::Pie(reduce(reading)),
        "heatmap" => Kind::HeatMap,
        "states" => Kind::States(states(reading)),
        "table" => Kind::Table,
        "histogram" => Kind::Histogram,
        "text" => Kind::Text(reading.said("text")),
        _ => Kind::Lines(Lines::from_word(word).unwrap_or_default()),
    }
}

fn states(reading: &mut Reading<'_>) -> Vec<(f64, dashboard::Said)> {
    let mut states: Vec<(f64, dashboard::Said)> = Vec::new();
    for line in reading.lines("states") {
        match lines::state_of(&line) {
            Some(state) => states.push(state),
            None => reading.refuse("states", both("1 = 稼働 | up のような行", "a line such as 1 = 稼働 | up"), &line),
        }
    }
    states
}

fn judges(reading: &mut Reading<'_>) -> Vec<dashboard::Judge> {
    let mut judges: Vec<dashboard::Judge> = Vec::new();
    for line in reading.lines("judges") {
        match threshold_of_line(&line) {
            Some(judge) => judges.push(judge),
            None => {
                let expected = both(">= 80 P2 や <= 95 P3 のような行", "a line such as >= 80 P2 or <= 95 P3");
                reading.refuse("judges", expected, &line);
            }
        }
    }
    judges
}

/// One a line. What is none is told with what would be one.
fn read_lines<T>(reading: &mut Reading<'_>, field: &str, read: fn(&str) -> Option<T>, expected: &Said) -> Vec<T> {
    let mut found: Vec<T> = Vec::new();
    for line in reading.lines(field) {
        match read(&line) {
            Some(one) => found.push(one),
            None => reading.refuse(field, expected.clone(), &line),
        }
    }
    found
}

fn override_line() -> Said {
    let line: &str = "{match: \"/^sd/\", name: \"{{device}}\", unit: bytes, decimals: 1, hidden: true}";
    both(format!("{line} のような行"), format!("a line such as {line}"))
}

fn table(reading: &mut Reading<'_>) -> TableLayout {
    const COLUMN: &str = "{name: query 1, title: Used, hidden: true}";
    let expected: Said = both(format!("host や {COLUMN} のような行"), format!("a line such as host or {COLUMN}"));
    let columns = read_lines(reading, "columns", column_of_line, &expected);
    let is_falling: bool = reading.flag("sort.falling");
    let sort: Option<Sort> = reading.option("sort.column").map(|column| Sort { column, is_falling });
    let limit: Option<u16> = reading.number("limit").and_then(whole);
    TableLayout { columns, sort, limit }
}

/// The nearest whole number that a limit can be; whether a table may have so many lines is a law's.
fn whole(number: f64) -> Option<u16> {
    number.round().clamp(0.0, f64::from(u16::MAX)).to_string().parse::<u16>().ok()
}

fn query(reading: &Reading<'_>, row: usize) -> Query {
    let under = format!("query.{row}");
    Query {
        expr: reading.text(&format!("{under}.expr")),
        name: reading.text(&format!("{under}.name")),
        is_hidden: reading.flag(&format!("{under}.hidden")),
        is_instant: reading.flag(&format!("{under}.instant")),
    }
}

impl ReadPanel {
    /// Puts it in the place of the panel `was`; without one at the end of a row, with an id of its own. Says where it is then.
    pub fn put(&self, dashboard: &mut Dashboard, was: &str, row: usize) -> (usize, usize) {
        let mut panel: Panel = self.panel.clone();
        if let Some((row, index)) = dashboard.place(was).filter(|_| !was.is_empty()) {
            if panel.id.is_empty() {
                was.clone_into(&mut panel.id);
            }
            dashboard.rows[row].panels[index] = panel;
            return (row, index);
        }
        if panel.id.is_empty() {
            panel.id = dashboard.free_id(&wish(&panel));
        }
        if dashboard.rows.is_empty() {
            dashboard.rows.push(Row::default());
        }
        let row: usize = row.min(dashboard.rows.len() - 1);
        dashboard.rows[row].panels.push(panel);
        (row, dashboard.rows[row].panels.len() - 1)
    }

    /// The field in which a part of the panel that stands there is written.
    pub fn field(&self, (row, index): (usize, usize), path: &str) -> Option<String> {
        let rest: &str = path.strip_prefix(&format!("rows[{row}].panels[{index}]."))?;
        if rest == "queries" {
            return Some("query.0.expr".to_owned());
        }
        let in_list = in_row(rest, "queries", "query", &self.queries).or_else(|| in_row(rest, "links", "link", &self.links));
        Some(in_list.unwrap_or_else(|| {
            match rest {
                "past_ms" => "past".to_owned(),
                "title" => "title.ja".to_owned(),
                rest => ["judges", "states", "series", "columns"]
                    .into_iter()
                    .find(|list| rest.starts_with(list))
                    .unwrap_or(rest)
                    .to_owned(),
            }
        }))
    }
}

/// The id of a new panel: its English title as far as that can be one, or its kind.
fn wish(panel: &Panel) -> String {
    let mut id = String::new();
    for letter in panel.title.en.chars() {
        if letter.is_ascii_alphanumeric() {
            id.push(letter.to_ascii_lowercase());
        } else if !id.is_empty() && !id.ends_with('-') {
            id.push('-');
        }
    }
    id.truncate(MOST_ID);
    let id: &str = id.trim_end_matches('-');
    if id.is_empty() { panel.kind.as_str().replace('_', "-") } else { id.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use dashboard::{Column, Judge, Link, Matching, SeriesOverride};
    use model::Severity;

    fn full(kind: Kind) -> Panel {
        let label = Said { ja: "少ない".to_owned(), en: "few".to_owned() };
        let query = |expr: &str| Query { expr: expr.to_owned(), name: "{{job}}".to_owned(), is_hidden: true, is_instant: true };
        Panel {
            id: "rate".to_owned(),
            title: Said { ja: "要求数".to_owned(), en: "Requests".to_owned() },
            description: Said::same("**why**"),
            queries: if matches!(kind, Kind::Text(_)) { Vec::new() } else { vec![query("up"), query("sum(\n  up\n)")] },
            kind,
            unit: Unit::PerSecond,
            decimals: Some(2),
            min: Some(-1.5),
            max: Some(80.0),
            axis: Axis::Symlog,
            judges: vec![
                Judge { value: 80.0, severity: Severity::P2, is_below: false, label: Said::default() },
                Judge { value: 1.0, severity: Severity::P3, is_below: true, label },
            ],
            legend: vec![Legend::Last, Legend::P95],
            width: 8,
            height: 9,
            repeat: Some("job".to_owned()),
            links: vec![Link { title: Said::same("Book"), href: "/r/x".to_owned(), keeps_span: true }],
            past_ms: Some(604_800_000),
            series: Vec::new(),
            table: TableLayout::default(),
        }
    }

    #[test]
    fn what_is_said_of_series_and_columns_comes_back_from_its_form() {
        let matching = Matching::Regex("^sd(.)$".to_owned());
        let one = SeriesOverride { matching, name: "disk ${1}".to_owned(), unit: Some(Unit::Bytes), ..SeriesOverride::default() };
        let hidden = Column { name: "job".to_owned(), is_hidden: true, ..Column::default() };
        let named = Column { name: "query 1".to_owned(), title: "Used".to_owned(), ..Column::default() };
        let table = TableLayout {
            columns: vec![Column { name: "host".to_owned(), ..Column::default() }, named, hidden],
            sort: Some(Sort { column: "Used".to_owned(), is_falling: true }),
            limit: Some(20),
        };
        let panel = Panel { series: vec![one], table, ..full(Kind::Table) };
        assert_eq!(read(&filled(&panel)).panel, panel);
        let line = Panel { kind: Kind::Lines(Lines::Line), ..panel.clone() };
        let found: Panel = read(&filled(&line)).panel;
        assert_eq!((found.table, found.series), (TableLayout::default(), panel.series), "a line has no columns");
        let form = EditForm::from([("kind", "table"), ("series", "x"), ("columns", "{a: b}")].map(pair));
        let wrong: Vec<String> = read(&form).wrong.into_iter().map(|problem| problem.path).collect();
        assert_eq!(wrong, ["series", "columns"]);
    }

    fn pair((field, text): (&str, &str)) -> (String, String) {
        (field.to_owned(), text.to_owned())
    }

    #[test]
    fn every_kind_of_panel_comes_back_from_its_form() {
        let states = vec![(1.0, Said { ja: "稼働".to_owned(), en: "up".to_owned() }), (-0.5, Said::same("a = b | c \\ d"))];
        for kind in [
            Kind::Lines(Lines::StackedBars),
            Kind::Stat(Reduce::P95),
            Kind::Gauge(Reduce::Change),
            Kind::Pie(Reduce::Sum),
            Kind::HeatMap,
            Kind::States(states),
            Kind::Table,
            Kind::Histogram,
            Kind::Text(Said::same("a\nb")),
        ] {
            let panel: Panel = full(kind);
            let read: ReadPanel = read(&filled(&panel));
            assert!(read.wrong.is_empty(), "{:?}", read.wrong);
            assert_eq!(read.panel, panel);
        }
    }

    #[test]
    fn what_is_wrong_stands_in_the_row_in_which_it_was_written() {
        let pairs = [("query.0.expr", " "), ("query.2.expr", "up +"), ("link.1.href", "x"), ("judges", ">= 1 P2\nhigh")];
        let mut form: EditForm = blank("line");
        form.extend(pairs.map(|(field, text)| (field.to_owned(), text.to_owned())));
        let read: ReadPanel = read(&form);
        assert_eq!((read.panel.queries.len(), read.wrong.len()), (1, 1));
        let mut board = Dashboard::default();
        let place: (usize, usize) = read.put(&mut board, "", 9);
        assert_eq!((place, board.rows[0].panels[0].id.as_str()), ((0, 0), "line"));
        for (path, field) in [
            ("rows[0].panels[0].queries[0].expr", Some("query.2.expr")),
            ("rows[0].panels[0].queries", Some("query.0.expr")),
            ("rows[0].panels[0].links[0].href", Some("link.1.href")),
            ("rows[0].panels[0].judges[3].value", Some("judges")),
            ("rows[0].panels[0].past_ms", Some("past")),
            ("rows[0].panels[0].max", Some("max")),
            ("rows[0].panels[1].max", None),
            ("rows", None),
        ] {
            assert_eq!(read.field(place, path).as_deref(), field, "{path}");
        }
    }

    #[test]
    fn a_panel_keeps_its_place_and_a_new_one_gets_an_id_that_is_free() {
        let read = |en: &str| ReadPanel {
            panel: Panel { title: Said { ja: "率".to_owned(), en: en.to_owned() }, ..Panel::default() },
            wrong: Vec::new(),
            queries: Vec::new(),
            links: Vec::new(),
        };
        let mut board = Dashboard { rows: vec![Row::default(), Row::default()], ..Dashboard::default() };
        assert_eq!(read("Error rate (5xx)").put(&mut board, "", 1), (1, 0));
        assert_eq!(read("Error rate (5xx)").put(&mut board, "", 1), (1, 1));
        assert_eq!(read("").put(&mut board, "error-rate-5xx", 0), (1, 0));
        assert_eq!(read("").put(&mut board, "", 0), (0, 0));
        let ids: Vec<&str> = board.rows.iter().flat_map(|row| &row.panels).map(|panel| panel.id.as_str()).collect();
        assert_eq!(ids, ["line", "error-rate-5xx", "error-rate-5xx-2"]);
    }
}
