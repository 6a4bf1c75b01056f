//! What is said of single series and of a table's columns.

use super::DashboardFile;
use super::reader::{Reader, scalar};
use dashboard::{Column, Matching, SeriesOverride, Sort, TableLayout};
use regex::Regex;
use yaml::{At, Node};

const SERIES_KEYS: &[&str] = &["match", "name", "unit", "decimals", "hidden"];
const COLUMN_KEYS: &[&str] = &["name", "title", "hidden"];
const SORT_KEYS: &[&str] = &["column", "falling"];

impl Reader<'_> {
    pub(super) fn series(&mut self, at: &At<'_>) -> Vec<SeriesOverride> {
        let all: Vec<At<'_>> = self.children(at, "series", "a list of settings of series");
        all.iter().filter_map(|one| self.one_override(one)).collect()
    }

    fn one_override(&mut self, at: &At<'_>) -> Option<SeriesOverride> {
        if !self.mapping(at, SERIES_KEYS) {
            return None;
        }
        let found: At<'_> = self.required(at, "match")?;
        let Some(matching) = scalar(found.node).map(|text| Matching::from_text(&text)) else {
            self.wrong(&found, "the name of a series, /a regular expression/ or query 1");
            return None;
        };
        if let Matching::Regex(regex) = &matching
            && Regex::new(regex).is_err()
        {
            self.wrong(&found, "a regular expression");
        }
        let unit = at.child("unit").is_some().then(|| self.unit(at));
        Some(SeriesOverride {
            matching,
            name: self.text(at, "name").unwrap_or_default(),
            unit,
            decimals: self.small(at, "decimals"),
            is_hidden: self.flag(at, "hidden"),
        })
    }

    pub(super) fn table(&mut self, at: &At<'_>) -> TableLayout {
        let columns: Vec<At<'_>> = self.children(at, "columns", "a list of columns");
        TableLayout {
            columns: columns.iter().filter_map(|column| self.column(column)).collect(),
            sort: at.child("sort").and_then(|sort| self.sort(&sort)),
            limit: self.limit(at),
        }
    }

    /// A name alone, or a mapping.
    fn column(&mut self, at: &At<'_>) -> Option<Column> {
        if let Some(name) = scalar(at.node) {
            return Some(Column { name, ..Column::default() });
        }
        if !self.mapping(at, COLUMN_KEYS) {
            return None;
        }
        let found: At<'_> = self.required(at, "name")?;
        let name: String = self.plain(&found, "the name of a column")?;
        Some(Column { name, title: self.text(at, "title").unwrap_or_default(), is_hidden: self.flag(at, "hidden") })
    }

    fn sort(&mut self, at: &At<'_>) -> Option<Sort> {
        if let Some(column) = scalar(at.node) {
            return Some(Sort { column, is_falling: false });
        }
        if !self.mapping(at, SORT_KEYS) {
            return None;
        }
        let found: At<'_> = self.required(at, "column")?;
        let column: String = self.plain(&found, "the name of a column")?;
        Some(Sort { column, is_falling: self.flag(at, "falling") })
    }

    fn limit(&mut self, at: &At<'_>) -> Option<u16> {
        let found: At<'_> = at.child("limit")?;
        let limit: Option<u16> = scalar(found.node).and_then(|text| text.trim().parse::<u16>().ok());
        if limit.is_none() {
            self.wrong(&found, "a number of lines");
        }
        limit
    }
}

/// Settings of series as a line of a form: what a file says of them in braces.
#[must_use]
pub fn override_of_line(line: &str) -> Option<SeriesOverride> {
    of_line(line, |reader, at| reader.one_override(at))
}

/// What [`override_of_line`] reads back.
#[must_use]
pub fn line_of_override(one: &SeriesOverride) -> String {
    let mut parts: Vec<String> = vec![format!("match: {}", quoted(&one.matching.text()))];
    parts.extend((!one.name.is_empty()).then(|| format!("name: {}", quoted(&one.name))));
    parts.extend(one.unit.map(|unit| format!("unit: {}", unit.as_str())));
    parts.extend(one.decimals.map(|decimals| format!("decimals: {decimals}")));
    parts.extend(one.is_hidden.then(|| "hidden: true".to_owned()));
    format!("{{{}}}", parts.join(", "))
}

/// A column as a line of a form: its name, or what a file says of it in braces.
#[must_use]
pub fn column_of_line(line: &str) -> Option<Column> {
    let name: &str = line.trim();
    if name.starts_with(['{', '"']) {
        return of_line(line, |reader, at| reader.column(at));
    }
    (!name.is_empty()).then(|| Column { name: name.to_owned(), ..Column::default() })
}

/// What [`column_of_line`] reads back.
#[must_use]
pub fn line_of_column(column: &Column) -> String {
    let name: &str = &column.name;
    if column.title.is_empty() && !column.is_hidden && name.trim() == name && !name.starts_with(['{', '"']) {
        return name.to_owned();
    }
    let mut parts: Vec<String> = vec![format!("name: {}", quoted(name))];
    parts.extend((!column.title.is_empty()).then(|| format!("title: {}", quoted(&column.title))));
    parts.extend(column.is_hidden.then(|| "hidden: true".to_owned()));
    format!("{{{}}}", parts.join(", "))
}

/// A text in JSON is one in YAML too.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn of_line<T>(line: &str, read: impl FnOnce(&mut Reader<'_>, &At<'_>) -> Option<T>) -> Option<T> {
    let file = DashboardFile { name: String::new(), text: line.trim().to_owned() };
    let root: Node = super::refusal(&file.text).is_none().then(|| yaml::read(&file.text).ok()).flatten()?;
    let mut reader = Reader { file: &file, problems: Vec::new() };
    let found: Option<T> = read(&mut reader, &At::root(&root));
    found.filter(|_| reader.problems.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use figures::Unit;

    #[test]
    fn settings_of_series_are_a_line_that_is_read_back() {
        for matching in ["/^sd(.*)$/", "query 2", "a \"b\": {c}, d", "見"].map(Matching::from_text) {
            let full = SeriesOverride {
                matching: matching.clone(),
                name: "disk ${1} {{host}}".to_owned(),
                unit: Some(Unit::BytesPerSecond),
                decimals: Some(2),
                is_hidden: true,
            };
            for one in [full, SeriesOverride { matching, ..SeriesOverride::default() }] {
                let line: String = line_of_override(&one);
                assert_eq!(override_of_line(&line), Some(one), "{line}");
            }
        }
        for odd in ["", "x", "{name: a}", "{match: a, colour: red}", "{match: \"/(/\"}", "{match: a"] {
            assert_eq!(override_of_line(odd), None, "{odd}");
        }
    }

    #[test]
    fn a_column_is_a_line_that_is_read_back() {
        for (name, title, is_hidden) in
            [("host", "", false), ("query 1", "Used: {of}", false), ("*", "", true), ("\"a\"", "", false)]
        {
            let column = Column { name: name.to_owned(), title: title.to_owned(), is_hidden };
            let line: String = line_of_column(&column);
            assert_eq!(column_of_line(&line), Some(column), "{line}");
        }
        assert_eq!((column_of_line(" "), column_of_line("{title: a}")), (None, None));
    }
}
