//! What is said of single series of a panel, and how the columns of a table stand.

use figures::Unit;
use serde::{Deserialize, Serialize};

use crate::panel::Panel;

/// What a query is called where a text has to say which: `query 2`.
const QUERY: &str = "query ";
/// The name of all columns that are not named.
pub const OTHER_COLUMNS: &str = "*";

/// Settings of those series of a panel that match. Of several that match the later one wins.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SeriesOverride {
    pub matching: Matching,
    /// What it is called: text with `{{label}}`, and with `${1}` where its name matched a regular expression; empty: as before.
    pub name: String,
    /// Of numbers and of columns of a table. Lines share one axis, which has one unit.
    pub unit: Option<Unit>,
    pub decimals: Option<u8>,
    /// Neither drawn nor told.
    pub is_hidden: bool,
}

/// Which series of a panel, or which value columns of a table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Matching {
    /// Those of that name.
    Name(String),
    /// Those in whose name it is found anywhere.
    Regex(String),
    /// Those of the query at a place, from 0.
    Query(usize),
}

impl Default for Matching {
    fn default() -> Self {
        Self::Name(String::new())
    }
}

impl Matching {
    /// As a file or a form says it: `/^sd[a-z]$/`, `query 2`, anything else is a name.
    #[must_use]
    pub fn from_text(text: &str) -> Self {
        if let Some(place) = query_place(text) {
            return Self::Query(place);
        }
        match text.strip_prefix('/').and_then(|rest| rest.strip_suffix('/')) {
            Some(regex) => Self::Regex(regex.to_owned()),
            None => Self::Name(text.to_owned()),
        }
    }

    /// What [`Matching::from_text`] reads back.
    #[must_use]
    pub fn text(&self) -> String {
        match self {
            Self::Name(name) => name.clone(),
            Self::Regex(regex) => format!("/{regex}/"),
            Self::Query(place) => query_name(*place),
        }
    }
}

/// What the query at a place, from 0, is called: `query 1`.
#[must_use]
pub fn query_name(place: usize) -> String {
    format!("{QUERY}{}", place.saturating_add(1))
}

fn query_place(text: &str) -> Option<usize> {
    text.strip_prefix(QUERY)?.parse::<usize>().ok()?.checked_sub(1)
}

/// How a table stands. What is not said is as usual.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct TableLayout {
    /// Labels and values each stand in this order; those that are not named stand behind, or where [`OTHER_COLUMNS`] stands.
    pub columns: Vec<Column>,
    pub sort: Option<Sort>,
    /// The first so many lines.
    pub limit: Option<u16>,
}

/// A column of a table.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Column {
    /// A label, what stands above a query's values, `query 2`, or [`OTHER_COLUMNS`].
    pub name: String,
    /// What stands above it instead; empty: as before.
    pub title: String,
    pub is_hidden: bool,
}

/// What the lines of a table stand by.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Sort {
    /// As [`Column::name`].
    pub column: String,
    pub is_falling: bool,
}

impl Panel {
    /// Takes a query out, and with it what is said of it; what is said of those behind it follows them.
    pub fn take_query_out(&mut self, place: usize) {
        if place >= self.queries.len() {
            return;
        }
        self.queries.remove(place);
        self.series.retain(|one| one.matching != Matching::Query(place));
        for one in &mut self.series {
            if let Matching::Query(other) = &mut one.matching
                && *other > place
            {
                *other -= 1;
            }
        }
        self.table.columns.retain(|column| query_place(&column.name) != Some(place));
        self.table.sort = self.table.sort.take().filter(|sort| query_place(&sort.column) != Some(place));
        let sorted = self.table.sort.iter_mut().map(|sort| &mut sort.column);
        for name in self.table.columns.iter_mut().map(|column| &mut column.name).chain(sorted) {
            if let Some(other) = query_place(name).filter(|other| *other > place) {
                *name = query_name(other - 1);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::panel::Query;

    #[test]
    fn what_is_matched_comes_back_from_its_text() {
        for (text, expected) in [
            ("/^sd[a-z]$/", Matching::Regex("^sd[a-z]$".to_owned())),
            ("query 2", Matching::Query(1)),
            ("query 0", Matching::Name("query 0".to_owned())),
            ("query two", Matching::Name("query two".to_owned())),
            ("/", Matching::Name("/".to_owned())),
            ("a/b", Matching::Name("a/b".to_owned())),
        ] {
            assert_eq!((Matching::from_text(text), expected.text().as_str()), (expected.clone(), text));
        }
    }

    #[test]
    fn what_is_said_of_a_query_goes_and_moves_with_it() {
        let column = |name: &str| Column { name: name.to_owned(), ..Column::default() };
        let of = |place: usize| SeriesOverride { matching: Matching::Query(place), ..SeriesOverride::default() };
        let sort = Some(Sort { column: "query 3".to_owned(), is_falling: true });
        let mut panel = Panel {
            queries: vec![Query::default(); 3],
            series: vec![of(0), of(1), of(2)],
            table: TableLayout { columns: vec![column("host"), column("query 2"), column("query 3")], sort, limit: None },
            ..Panel::default()
        };
        panel.take_query_out(1);
        panel.take_query_out(9);
        assert_eq!((panel.queries.len(), panel.series), (2, vec![of(0), of(1)]));
        assert_eq!(panel.table.columns, [column("host"), column("query 2")]);
        assert_eq!(panel.table.sort.map(|sort| sort.column).as_deref(), Some("query 2"));
    }
}
