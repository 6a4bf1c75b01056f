//! What Grafana calls the fields of a panel, and what they are here.

use super::expressions::is_known_regex;
use super::json;
use super::units::{Measured, unit};
use dashboard::{Column, Kind, MOST_MATCHING, MOST_TITLE, Matching, Reduce, SeriesOverride, TableLayout, query_name};
use regex::Regex;
use serde_json::Value;
use std::collections::HashMap;

/// What a panel's transformations and overrides come to.
#[derive(Default)]
pub(super) struct Shape {
    pub(super) series: Vec<SeriesOverride>,
    pub(super) table: TableLayout,
    pub(super) reduce: Option<Reduce>,
    /// The function that makes one number of a query's values over the span.
    pub(super) over_time: Option<&'static str>,
}

impl Shape {
    /// What is said of a column.
    pub(super) fn column(&mut self, name: &str) -> &mut Column {
        let known: Option<usize> = self.table.columns.iter().position(|column| column.name == name);
        let place: usize = known.unwrap_or_else(|| {
            self.table.columns.push(Column { name: name.to_owned(), ..Column::default() });
            self.table.columns.len() - 1
        });
        &mut self.table.columns[place]
    }
}

/// What is known of a panel's fields.
pub(super) struct Fields {
    pub(super) is_table: bool,
    /// Whether each of its values may have a unit of its own: it is a number or stands in a column.
    pub(super) has_units: bool,
    pub(super) usual: Measured,
    /// The letters of its queries: of all that the file has, and at their places of those that were mapped.
    all: Vec<String>,
    pub(super) mapped: Vec<String>,
    /// Names that transformations gave, and whose they are.
    pub(super) renamed: HashMap<String, String>,
    /// Queries that are measured otherwise than their panel.
    of: HashMap<String, Measured>,
}

/// What a query is called: by its letter, or by the one its place has.
pub(super) fn reference(target: &Value, index: usize) -> String {
    let said: &str = json::text(target, "/refId");
    if !said.is_empty() {
        return said.to_owned();
    }
    u8::try_from(index).map_or_else(|_| index.to_string(), |index| char::from(b'A'.saturating_add(index)).to_string())
}

impl Fields {
    pub(super) fn of(panel: &Value, kind: &Kind, usual: Measured) -> Self {
        let all: Vec<String> =
            json::list(panel, "/targets").iter().enumerate().map(|(index, target)| reference(target, index)).collect();
        let mut fields = Self {
            is_table: *kind == Kind::Table,
            has_units: matches!(kind, Kind::Table | Kind::Stat(_) | Kind::Gauge(_)),
            usual,
            all,
            mapped: Vec::new(),
            renamed: renamed(panel),
            of: HashMap::new(),
        };
        if fields.has_units {
            fields.measure(panel);
        }
        fields
    }

    /// A unit that is said of a query may ask for a factor, which has to stand in its expression.
    fn measure(&mut self, panel: &Value) {
        for one in json::list(panel, "/fieldConfig/overrides") {
            let Some(letter) = self.letter(one) else { continue };
            let units = json::list(one, "/properties").iter().filter(|property| json::text(property, "/id") == "unit");
            if let Some(measured) = units.filter_map(|property| unit(json::text(property, "/value"))).next_back() {
                self.of.insert(letter, measured);
            }
        }
    }

    /// The query that an override is about, if it is about one.
    fn letter(&self, one: &Value) -> Option<String> {
        let of: &str = json::text(one, "/matcher/options");
        match json::text(one, "/matcher/id") {
            "byFrameRefID" => Some(of.to_owned()),
            "byName" if self.is_table => self.value_of(of),
            _ => None,
        }
    }

    /// The query whose values a column holds: `Value #A`, or `Value` where there is one query.
    fn value_of(&self, name: &str) -> Option<String> {
        let name: &str = self.renamed.get(name).map_or(name, String::as_str);
        match (name, self.all.as_slice()) {
            ("Value", [only]) => Some(only.clone()),
            _ => name.strip_prefix("Value #").map(str::to_owned),
        }
    }

    /// The place that a query has here; `None` where it was not mapped.
    fn place(&self, letter: &str) -> Option<usize> {
        self.mapped.iter().position(|known| known == letter)
    }

    /// How a query is measured.
    pub(super) fn measured(&self, letter: &str) -> Measured {
        self.of.get(letter).copied().unwrap_or(self.usual)
    }

    /// Whether a name is of a field that no table has here: the time, and the metric's name.
    pub(super) fn is_nowhere(&self, name: &str) -> bool {
        let name: &str = self.renamed.get(name).map_or(name, String::as_str);
        matches!(name, "" | "Time" | "__name__")
    }

    /// What a column of a table is called here; `None` where there is none.
    pub(super) fn column(&self, name: &str) -> Option<String> {
        if self.is_nowhere(name) {
            return None;
        }
        if let Some(letter) = self.value_of(name) {
            return self.place(&letter).map(query_name);
        }
        let label: &str = self.renamed.get(name).map_or(name, String::as_str);
        (!label.trim().is_empty() && label.chars().count() <= MOST_TITLE).then(|| label.to_owned())
    }

    /// A series by the name Grafana gives it; what has none of its own is called `Value`.
    pub(super) fn series(&self, name: &str) -> Option<Matching> {
        match self.value_of(name) {
            Some(letter) => self.place(&letter).map(Matching::Query),
            None => named(name),
        }
    }

    /// Which series or columns an override is about; `None` where that can't be said here.
    pub(super) fn matching(&self, one: &Value) -> Option<Matching> {
        let of: &str = json::text(one, "/matcher/options");
        match json::text(one, "/matcher/id") {
            "byFrameRefID" => self.place(of).map(Matching::Query),
            "byName" if self.is_table => match self.value_of(of) {
                Some(letter) => self.place(&letter).map(Matching::Query),
                None => self.column(of).map(Matching::Name),
            },
            "byName" => self.series(of),
            "byRegexp" | "byRegex" => expression(of).map(Matching::Regex),
            _ => None,
        }
    }
}

/// The names that a panel's transformations give, and whose they are.
fn renamed(panel: &Value) -> HashMap<String, String> {
    let organized = json::list(panel, "/transformations").iter().filter(|one| json::text(one, "/id") == "organize");
    let pairs = organized.filter_map(|one| one.pointer("/options/renameByName").and_then(Value::as_object)).flatten();
    let given = pairs.filter_map(|(old, new)| Some((new.as_str().filter(|new| !new.trim().is_empty())?.to_owned(), old.clone())));
    given.collect()
}

/// A series by its name. A name that would be read as something else is an expression that finds nothing but it.
fn named(name: &str) -> Option<Matching> {
    let plain = Matching::from_text(name);
    let matching: Matching =
        if matches!(plain, Matching::Name(_)) { plain } else { Matching::Regex(format!("^{}$", regex::escape(name))) };
    (!name.trim().is_empty() && matching.text().chars().count() <= MOST_MATCHING).then_some(matching)
}

/// A regular expression as JavaScript writes it (`/^sd/i`), or bare; `None` where it is none here.
pub(super) fn expression(written: &str) -> Option<String> {
    let (inner, flags): (&str, &str) = written.strip_prefix('/').and_then(|rest| rest.rsplit_once('/')).unwrap_or((written, ""));
    let regex: String = if flags.contains('i') { format!("(?i){inner}") } else { inner.to_owned() };
    let is_known: bool = !inner.trim().is_empty() && is_known_regex(&regex) && Regex::new(&regex).is_ok();
    (is_known && regex.chars().count() + 2 <= MOST_MATCHING).then_some(regex)
}

/// A name with `${__field.labels.device}` in it as one with `{{device}}`; `None` where it names something else of Grafana's.
pub(super) fn template(written: &str) -> Option<String> {
    let mut name = String::new();
    let mut rest: &str = written;
    while let Some((before, behind)) = rest.split_once("${__field.labels") {
        let (label, after): (&str, &str) = behind.split_once('}')?;
        let label: &str = label.trim_start_matches(['.', '[', '"']).trim_end_matches([']', '"']);
        name.push_str(before);
        name.push_str(&format!("{{{{{label}}}}}"));
        rest = after;
    }
    name.push_str(rest);
    (!name.contains("${__") && !name.contains("$__") && name.chars().count() <= MOST_TITLE).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_expressions_are_those_of_this_house() {
        assert_eq!(named("sda"), Some(Matching::Name("sda".to_owned())));
        assert_eq!(named("query 1"), Some(Matching::Regex("^query 1$".to_owned())));
        assert_eq!(named(" "), None);
        for (written, expected) in [
            ("/^sd[a-z]$/", Some("^sd[a-z]$")),
            ("/trans/i", Some("(?i)trans")),
            ("sd.*", Some("sd.*")),
            ("/(?!sd)/", None),
            ("/(/", None),
            ("//", None),
        ] {
            assert_eq!(expression(written).as_deref(), expected, "{written}");
        }
        for (written, expected) in [
            ("Disk ${__field.labels.device}", Some("Disk {{device}}")),
            ("${__field.labels[\"device\"]}!", Some("{{device}}!")),
            ("${__series.name}", None),
            ("plain", Some("plain")),
        ] {
            assert_eq!(template(written).as_deref(), expected, "{written}");
        }
    }
}
